//! What a ReplicaSet or ReplicationController needs: orphans taken over, strays let go, missing pods made, those too many deleted, and the status.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::ApiError;
use jiff::Timestamp;
use k8s_openapi::api::apps::v1::{ReplicaSetCondition, ReplicaSetStatus};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use runtime::{Action, Announcement, Failure, Plan};

use super::set::Set;
use crate::ownership::{Claim, adopt, claim, release};
use crate::pods;

/// Pods made or deleted by one plan at most, as upstream.
const BURST: usize = 500;
const REPLICA_FAILURE: &str = "ReplicaFailure";

/// All that the plan for one set depends on.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) set: Set,
    /// Pods that it controls, and orphans of its namespace.
    pub(super) pods: Vec<Arc<Pod>>,
    /// Active pods of all sets with the same owner, by node: of two nodes the fuller one loses a pod.
    pub(super) neighbours: BTreeMap<String, usize>,
}

/// The pods of a set after claiming.
struct Claimed<'a> {
    active: Vec<&'a Arc<Pod>>,
    terminating: usize,
    actions: Vec<Action>,
}

pub(super) fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let set = &snapshot.set;
    let Claimed { active, terminating, mut actions } = claimed(snapshot);
    if set.meta().deletion_timestamp.is_none() {
        actions.extend(scale(snapshot, &active, now));
    }
    actions.extend(write_status(set, status(set, &active, terminating, None, now)));
    let next_available = active.iter().filter_map(|pod| pods::available_at(pod, set.min_ready_seconds)).filter(|at| *at > now).min();
    Plan { actions, requeue_at: next_available }
}

/// After pods could not be made or deleted: the status tells why.
pub(super) fn settle(snapshot: &Snapshot, failures: &[Failure], now: Timestamp) -> Vec<Action> {
    let Claimed { active, terminating, .. } = claimed(snapshot);
    let failure = failures.first().map(|failure| &failure.error);
    write_status(&snapshot.set, status(&snapshot.set, &active, terminating, failure, now)).into_iter().collect()
}

fn claimed(snapshot: &Snapshot) -> Claimed<'_> {
    let set = &snapshot.set;
    let mut claimed = Claimed { active: Vec::new(), terminating: 0, actions: Vec::new() };
    let mut reference = None;
    for pod in &snapshot.pods {
        let selected = set.selector.matches(pod.metadata.labels.as_ref());
        let claim = claim(set.meta(), &pod.metadata, selected);
        if !pods::is_active(pod) {
            claimed.terminating += usize::from(claim == Claim::Keep && pods::is_terminating(pod));
            continue;
        }
        match claim {
            Claim::Keep => claimed.active.push(pod),
            Claim::Adopt => {
                claimed.active.push(pod);
                claimed.actions.push(adopt(reference.get_or_insert_with(|| set.controller_reference()), &**pod));
            }
            Claim::Release => claimed.actions.push(release(set.meta(), &**pod)),
            Claim::Leave => {}
        }
    }
    claimed
}

/// Creations or deletions towards the number of replicas.
fn scale(snapshot: &Snapshot, active: &[&Arc<Pod>], now: Timestamp) -> Vec<Action> {
    let set = &snapshot.set;
    let wanted = usize::try_from(set.replicas).unwrap_or_default();
    let regarding = set.reference();
    if active.len() < wanted {
        let pod = pods::from_template(&set.template, set.meta(), set.controller_reference());
        return (0..(wanted - active.len()).min(BURST))
            .map(|_| {
                Action::create(pod.clone())
                    .announcing(Announcement::normal(&regarding, "SuccessfulCreate", "Created pod: {name}"))
                    .complaining(Announcement::warning(&regarding, "FailedCreate", "Error creating: {error}"))
            })
            .collect();
    }
    let mut victims: Vec<&Arc<Pod>> = active.to_vec();
    let count = (active.len() - wanted).min(BURST);
    if count < victims.len() {
        victims.sort_by_cached_key(|pod| pods::deletion_key(pod, &snapshot.neighbours, now));
    }
    victims.truncate(count);
    victims
        .into_iter()
        .map(|pod| {
            Action::delete(&**pod)
                .announcing(Announcement::normal(&regarding, "SuccessfulDelete", "Deleted pod: {name}"))
                .complaining(Announcement::warning(&regarding, "FailedDelete", "Error deleting: {error}"))
        })
        .collect()
}

fn status(set: &Set, active: &[&Arc<Pod>], terminating: usize, failure: Option<&ApiError>, now: Timestamp) -> ReplicaSetStatus {
    let count = |matches: &dyn Fn(&Pod) -> bool| {
        let count = active.iter().filter(|pod| matches(pod)).count();
        i32::try_from(count).unwrap_or(i32::MAX)
    };
    let nonzero = |count: i32| Some(count).filter(|count| *count != 0);
    let template_labels = set.template.metadata.as_ref().and_then(|meta| meta.labels.clone()).unwrap_or_default();
    let fully_labeled = |pod: &Pod| {
        template_labels.iter().all(|(name, value)| pod.metadata.labels.as_ref().is_some_and(|labels| labels.get(name) == Some(value)))
    };
    ReplicaSetStatus {
        replicas: count(&|_| true),
        fully_labeled_replicas: nonzero(count(&fully_labeled)),
        ready_replicas: nonzero(count(&pods::is_ready)),
        available_replicas: nonzero(count(&|pod| pods::is_available(pod, set.min_ready_seconds, now))),
        terminating_replicas: set.is_replica_set().then(|| i32::try_from(terminating).unwrap_or(i32::MAX)),
        observed_generation: set.meta().generation,
        conditions: conditions(set, active.len(), failure, now),
    }
}

fn conditions(set: &Set, active: usize, failure: Option<&ApiError>, now: Timestamp) -> Option<Vec<ReplicaSetCondition>> {
    let mut conditions = set.status.conditions.clone().unwrap_or_default();
    let known = conditions.iter().any(|condition| condition.type_.as_deref() == Some(REPLICA_FAILURE));
    match failure {
        Some(error) if !known => {
            let missing = i64::try_from(active).unwrap_or(i64::MAX) < set.replicas.into();
            conditions.push(ReplicaSetCondition {
                type_: Some(REPLICA_FAILURE.to_owned()),
                status: Some("True".to_owned()),
                last_transition_time: Some(Time(api::time::truncated(now))),
                reason: Some(if missing { "FailedCreate" } else { "FailedDelete" }.to_owned()),
                message: Some(error.message().to_owned()),
            });
        }
        Some(_) => {}
        None => conditions.retain(|condition| condition.type_.as_deref() != Some(REPLICA_FAILURE)),
    }
    Some(conditions).filter(|conditions| !conditions.is_empty())
}

fn write_status(set: &Set, status: ReplicaSetStatus) -> Option<Action> {
    // A missing count and a count of zero are the same on the wire.
    let plain = |status: &ReplicaSetStatus| {
        let nonzero = |count: Option<i32>| count.filter(|count| *count != 0);
        ReplicaSetStatus {
            available_replicas: nonzero(status.available_replicas),
            fully_labeled_replicas: nonzero(status.fully_labeled_replicas),
            ready_replicas: nonzero(status.ready_replicas),
            conditions: status.conditions.clone().filter(|conditions| !conditions.is_empty()),
            ..status.clone()
        }
    };
    (plain(&set.status) != status).then(|| set.update_status(status))
}
