//! Pods that were marked as the target of a disruption and are not deleted after all: the mark is taken back. And pods of which several budgets think that they are theirs.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Pod, PodCondition};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use runtime::{Action, Announcement, Informer, Key, Plan, Reconciler, reference};

use crate::pods;

/// After this long without a deletion the mark is stale.
const STALE_AFTER: SignedDuration = SignedDuration::from_secs(120);
const TARGET: &str = "DisruptionTarget";
/// A mark of the kubelet's own, which may stand for long before the pod ends.
const BY_KUBELET: &str = "TerminationByKubelet";

pub(super) struct Marks {
    pub(super) budgets: Informer<PodDisruptionBudget>,
    pub(super) pods: Informer<Pod>,
}

#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) pod: Arc<Pod>,
    /// The names of its budgets.
    pub(super) budgets: Vec<String>,
}

impl Reconciler for Marks {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "disruption-controller"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let pod = self.pods.get(&key.namespace, &key.name)?;
        let budgets = super::selecting(&self.budgets, &pod).iter().filter_map(|budget| budget.metadata.name.clone()).collect();
        Some(Snapshot { pod, budgets })
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        plan(snapshot, now)
    }
}

/// Whether a pod carries a mark that may become stale.
pub(super) fn is_marked(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_none()
        && !pods::is_finished(pod)
        && pods::condition(pod, TARGET).is_some_and(|mark| mark.status == "True" && mark.reason.as_deref() != Some(BY_KUBELET))
}

pub(super) fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let pod = &*snapshot.pod;
    let mut plan = Plan { actions: several(snapshot).into_iter().collect(), requeue_at: None };
    if !is_marked(pod) {
        return plan;
    }
    let since = pods::condition(pod, TARGET).and_then(|mark| mark.last_transition_time.as_ref());
    let stale_at = since.map_or(Timestamp::MIN, |since| since.0 + STALE_AFTER);
    if now < stale_at {
        plan.requeue_at = Some(stale_at);
        return plan;
    }
    let mut pod = pod.clone();
    for mark in pod.status.iter_mut().flat_map(|status| status.conditions.iter_mut().flatten()).filter(|mark| mark.type_ == TARGET) {
        *mark = PodCondition {
            type_: TARGET.to_owned(),
            status: "False".to_owned(),
            last_transition_time: Some(Time(api::time::truncated(now))),
            ..PodCondition::default()
        };
    }
    plan.actions.push(Action::update_status(pod));
    plan
}

/// What is said where several budgets select a pod: evictions of it are refused.
fn several(snapshot: &Snapshot) -> Option<Action> {
    let (pod, [first, _, ..]) = (&*snapshot.pod, snapshot.budgets.as_slice()) else { return None };
    let (namespace, name) = (pod.metadata.namespace.as_deref().unwrap_or_default(), pod.metadata.name.as_deref().unwrap_or_default());
    let message = format!("Pod {namespace:?}/{name:?} matches multiple PodDisruptionBudgets.  Chose {first:?} arbitrarily.");
    Some(Action::announce(Announcement::warning(&reference(pod), "MultiplePodDisruptionBudgets", message)))
}
