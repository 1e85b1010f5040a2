//! Pods that nobody else ends: those of nodes that no longer exist, those deleted before they had a node, and the oldest finished ones where there are too many.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Node, Pod, PodCondition};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use runtime::{Action, Clock, Informer, Key, Patch, Plan, Reconciler, Verb};
use serde_json::json;

use crate::House;
use crate::controller::Controller;
use crate::{node_lifecycle, pods};

/// How long a node must be missing before its pods are given up.
const QUARANTINE: SignedDuration = SignedDuration::from_secs(40);
/// Finished pods kept in all, as upstream's `--terminated-pod-gc-threshold`.
const FINISHED_LIMIT: usize = 12_500;

struct PodGarbage {
    pods: Informer<Pod>,
    nodes: Informer<Node>,
    clock: Arc<dyn Clock>,
    /// Nodes that pods name and that are missing, since when; dropped when they come back.
    missing: Mutex<HashMap<String, Timestamp>>,
}

#[derive(Clone, Debug)]
struct Snapshot {
    pod: Arc<Pod>,
    /// Since when its node is known to be missing.
    node_missing: Option<Timestamp>,
    /// It is among the oldest finished pods above the limit.
    surplus: bool,
}

/// | change | keys |
/// |---|---|
/// | Pod | itself |
/// | Node that went | its Pods |
pub(crate) async fn run(house: House) {
    let (pods, nodes) = (house.informers.of::<Pod>(), house.informers.of::<Node>());
    let of_node = node_lifecycle::by_node(&pods);
    let reconciler = PodGarbage { pods: pods.clone(), nodes: nodes.clone(), clock: house.clock.clone(), missing: Mutex::default() };
    Controller::new(house, "pod-garbage-collector", 2, reconciler)
        .on(&pods, |change| change.new.iter().map(|pod| Key::of(&pod.metadata)).collect())
        .on(&nodes, move |change| {
            let gone = change.new.is_none();
            let pods = if gone { of_node.get(change.latest().metadata.name.as_deref().unwrap_or_default()) } else { Vec::new() };
            pods.iter().map(|pod| Key::of(&pod.metadata)).collect()
        })
        .run()
        .await;
}

impl PodGarbage {
    fn missing_since(&self, node: &str) -> Option<Timestamp> {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.nodes.get("", node).is_some() {
            missing.remove(node);
            return None;
        }
        Some(*missing.entry(node.to_owned()).or_insert_with(|| self.clock.now()))
    }
    fn is_surplus(&self, pod: &Pod) -> bool {
        if !pods::is_finished(pod) || self.pods.len() <= FINISHED_LIMIT {
            return false;
        }
        let age = |pod: &Pod| (pod.metadata.creation_timestamp.as_ref().map(|time| time.0), pod.metadata.name.clone());
        let mut finished: Vec<Arc<Pod>> = self.pods.list();
        finished.retain(|pod| pods::is_finished(pod));
        let younger = finished.iter().filter(|other| age(other) > age(pod)).count();
        younger >= FINISHED_LIMIT
    }
}

impl Reconciler for PodGarbage {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "pod-garbage-collector"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let pod = self.pods.get(&key.namespace, &key.name)?;
        let node_missing = pods::node(&pod).and_then(|node| self.missing_since(node));
        Some(Snapshot { node_missing, surplus: self.is_surplus(&pod), pod })
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        plan(snapshot, now)
    }
}

fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let pod = &*snapshot.pod;
    let never_ran = pod.metadata.deletion_timestamp.is_some() && pods::node(pod).is_none();
    let given_up_at = snapshot.node_missing.and_then(|since| since.checked_add(QUARANTINE).ok());
    let orphaned = given_up_at.is_some_and(|at| at <= now);
    let mut actions = Vec::new();
    if orphaned && !pods::is_finished(pod) {
        actions.push(fail(pod, now));
    }
    if orphaned || never_ran || snapshot.surplus {
        actions.push(remove(pod));
    }
    Plan { actions, requeue_at: given_up_at.filter(|at| *at > now) }
}

fn fail(pod: &Pod, now: Timestamp) -> Action {
    let condition = PodCondition {
        type_: "DisruptionTarget".to_owned(),
        status: "True".to_owned(),
        reason: Some("DeletionByPodGC".to_owned()),
        message: Some("PodGC: node no longer exists".to_owned()),
        last_transition_time: Some(Time(api::time::truncated(now))),
        ..Default::default()
    };
    let patch = json!({"metadata": {"uid": pod.metadata.uid}, "status": {"phase": "Failed", "conditions": [condition]}});
    Action::patch_status::<Pod>(
        pod.metadata.namespace.as_deref().unwrap_or_default(),
        pod.metadata.name.as_deref().unwrap_or_default(),
        Patch::Strategic(patch),
    )
}

/// At once: there is no kubelet to wait for.
fn remove(pod: &Pod) -> Action {
    let mut action = Action::delete(pod);
    if let Verb::Delete { grace_seconds, .. } = &mut action.verb {
        *grace_seconds = Some(0);
    }
    action
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn check(pod: Value, node_missing: Option<i64>, surplus: bool, expected: (usize, Option<i64>)) {
        let node_missing = node_missing.map(|second| Timestamp::from_second(second).unwrap());
        let snapshot = Snapshot { pod: Arc::new(serde_json::from_value(pod).unwrap()), node_missing, surplus };
        let planned = plan(&snapshot, Timestamp::from_second(100).unwrap());
        assert_eq!((planned.actions.len(), planned.requeue_at.map(Timestamp::as_second)), expected);
    }

    #[test]
    fn who_is_removed() {
        let bound =
            |phase: &str| json!({"metadata": {"name": "a"}, "spec": {"nodeName": "n", "containers": []}, "status": {"phase": phase}});
        check(bound("Running"), None, false, (0, None));
        check(bound("Running"), Some(90), false, (0, Some(130)));
        check(bound("Running"), Some(60), false, (2, None));
        check(bound("Failed"), Some(60), false, (1, None));
        check(bound("Succeeded"), None, true, (1, None));
        check(
            json!({"metadata": {"name": "a", "deletionTimestamp": "1970-01-01T00:00:00Z"}, "spec": {"containers": []}}),
            None,
            false,
            (1, None),
        );
        check(json!({"metadata": {"name": "a"}, "spec": {"containers": []}}), None, false, (0, None));
    }
}
