//! The status of a deployment and the words of its conditions.

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet, ReplicaSetCondition};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::bounds::{available, max_unavailable, replicas_of, size};

pub(super) const PROGRESSING: &str = "Progressing";
const AVAILABLE: &str = "Available";
const REPLICA_FAILURE: &str = "ReplicaFailure";

pub(super) const NEW_SET_CREATED: &str = "NewReplicaSetCreated";
pub(super) const FOUND_NEW_SET: &str = "FoundNewReplicaSet";
pub(super) const SET_UPDATED: &str = "ReplicaSetUpdated";
pub(super) const NEW_SET_AVAILABLE: &str = "NewReplicaSetAvailable";
pub(super) const SET_CREATE_ERROR: &str = "ReplicaSetCreateError";
pub(super) const DEADLINE_EXCEEDED: &str = "ProgressDeadlineExceeded";
pub(super) const PAUSED: &str = "DeploymentPaused";
pub(super) const RESUMED: &str = "DeploymentResumed";

pub(super) fn condition<'a>(status: &'a DeploymentStatus, kind: &str) -> Option<&'a DeploymentCondition> {
    status.conditions.iter().flatten().find(|condition| condition.type_.as_deref() == Some(kind))
}

/// A condition as of `now`.
pub(super) fn made(kind: &str, status: &str, reason: &str, message: impl Into<String>, now: Timestamp) -> DeploymentCondition {
    let now = Some(Time(api::time::truncated(now)));
    DeploymentCondition {
        type_: Some(kind.to_owned()),
        status: Some(status.to_owned()),
        last_update_time: now.clone(),
        last_transition_time: now,
        reason: Some(reason.to_owned()),
        message: Some(message.into()),
    }
}

/// Sets a condition; one of the same status and reason stays as it is, times included.
pub(super) fn set_condition(status: &mut DeploymentStatus, mut condition: DeploymentCondition) {
    if let Some(current) = self::condition(status, condition.type_.as_deref().unwrap_or_default()) {
        if current.status == condition.status && current.reason == condition.reason {
            return;
        }
        if current.status == condition.status {
            condition.last_transition_time.clone_from(&current.last_transition_time);
        }
    }
    remove_condition(status, condition.type_.clone().as_deref().unwrap_or_default());
    status.conditions.get_or_insert_default().push(condition);
}

pub(super) fn remove_condition(status: &mut DeploymentStatus, kind: &str) {
    if let Some(conditions) = &mut status.conditions {
        conditions.retain(|condition| condition.type_.as_deref() != Some(kind));
    }
    status.conditions.take_if(|conditions| conditions.is_empty());
}

/// Counts over the sets, and whether enough pods are available. `base` carries conditions and collisions on.
pub(super) fn counted(
    deployment: &Deployment,
    base: &DeploymentStatus,
    new: Option<&ReplicaSet>,
    sets: &[&ReplicaSet],
    now: Timestamp,
) -> DeploymentStatus {
    let sum = |count: &dyn Fn(&ReplicaSet) -> i32| sets.iter().map(|set| count(set)).sum::<i32>();
    let nonzero = |count: i32| Some(count).filter(|count| *count != 0);
    let actual = |set: &ReplicaSet| set.status.as_ref().map(|status| status.replicas).unwrap_or_default();
    let available_count = sum(&available);
    let terminating: Option<i32> = sets.iter().map(|set| set.status.as_ref().and_then(|status| status.terminating_replicas)).sum();
    let mut status = DeploymentStatus {
        observed_generation: deployment.metadata.generation,
        replicas: nonzero(sum(&actual)),
        updated_replicas: nonzero(new.map(actual).unwrap_or_default()),
        ready_replicas: nonzero(sum(&|set| set.status.as_ref().and_then(|status| status.ready_replicas).unwrap_or_default())),
        available_replicas: nonzero(available_count),
        unavailable_replicas: nonzero((sum(&size) - available_count).max(0)),
        terminating_replicas: terminating,
        collision_count: base.collision_count,
        conditions: base.conditions.clone(),
    };
    let enough = available_count >= replicas_of(deployment) - max_unavailable(deployment);
    let condition = if enough {
        made(AVAILABLE, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
    } else {
        made(AVAILABLE, "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now)
    };
    set_condition(&mut status, condition);
    status
}

fn count(count: Option<i32>) -> i32 {
    count.unwrap_or_default()
}

/// All pods are the new ones, all that are wanted are available, and nothing else runs.
pub(super) fn is_complete(deployment: &Deployment, status: &DeploymentStatus) -> bool {
    let desired = replicas_of(deployment);
    count(status.updated_replicas) == desired
        && count(status.replicas) == desired
        && count(status.available_replicas) == desired
        && status.observed_generation >= deployment.metadata.generation
}

/// More new pods, fewer old ones, or more that are ready or available than the written status says.
fn is_progressing(old: &DeploymentStatus, new: &DeploymentStatus) -> bool {
    let outdated = |status: &DeploymentStatus| count(status.replicas) - count(status.updated_replicas);
    count(new.updated_replicas) > count(old.updated_replicas)
        || outdated(new) < outdated(old)
        || count(new.ready_replicas) > count(old.ready_replicas)
        || count(new.available_replicas) > count(old.available_replicas)
}

/// The deadline for progress, where there is one.
fn deadline(deployment: &Deployment) -> Option<SignedDuration> {
    let seconds = deployment.spec.progress_deadline_seconds.filter(|seconds| *seconds != i32::MAX)?;
    Some(SignedDuration::from_secs(seconds.into()))
}

pub(super) fn has_deadline(deployment: &Deployment) -> bool {
    deadline(deployment).is_some()
}

/// When the deadline passes, counted from the last progress.
fn expires(deployment: &Deployment, status: &DeploymentStatus) -> Option<Timestamp> {
    let progressing = condition(status, PROGRESSING)?;
    progressing.last_update_time.as_ref()?.0.checked_add(deadline(deployment)?).ok()
}

fn has_timed_out(deployment: &Deployment, status: &DeploymentStatus, now: Timestamp) -> bool {
    match condition(status, PROGRESSING).and_then(|condition| condition.reason.as_deref()) {
        Some(NEW_SET_AVAILABLE) | None => false,
        Some(DEADLINE_EXCEEDED) => true,
        Some(_) => expires(deployment, status).is_some_and(|at| at < now),
    }
}

/// The status during a rollout: [`counted`], and what is to be said of its progress.
pub(super) fn of_rollout(
    deployment: &Deployment,
    base: &DeploymentStatus,
    new: Option<&ReplicaSet>,
    sets: &[&ReplicaSet],
    now: Timestamp,
) -> DeploymentStatus {
    let mut status = counted(deployment, base, new, sets, now);
    if !has_deadline(deployment) {
        remove_condition(&mut status, PROGRESSING);
    }
    let current = condition(base, PROGRESSING).cloned();
    let already_complete = status.replicas == status.updated_replicas
        && current.as_ref().is_some_and(|condition| condition.reason.as_deref() == Some(NEW_SET_AVAILABLE));
    if has_deadline(deployment) && !already_complete {
        let what = match new {
            Some(set) => format!("ReplicaSet \"{}\"", set.metadata.name.as_deref().unwrap_or_default()),
            None => format!("Deployment \"{}\"", deployment.metadata.name.as_deref().unwrap_or_default()),
        };
        if is_complete(deployment, &status) {
            set_condition(&mut status, made(PROGRESSING, "True", NEW_SET_AVAILABLE, format!("{what} has successfully progressed."), now));
        } else if is_progressing(base, &status) {
            let mut progress = made(PROGRESSING, "True", SET_UPDATED, format!("{what} is progressing."), now);
            if let Some(current) = current {
                if current.status.as_deref() == Some("True") {
                    progress.last_transition_time = current.last_transition_time;
                }
                // Its time of update tells when there was progress last.
                remove_condition(&mut status, PROGRESSING);
            }
            set_condition(&mut status, progress);
        } else if has_timed_out(deployment, &status, now) {
            set_condition(&mut status, made(PROGRESSING, "False", DEADLINE_EXCEEDED, format!("{what} has timed out progressing."), now));
        }
    }
    match replica_failure(new, sets) {
        Some(failure) => set_condition(&mut status, failure),
        None => remove_condition(&mut status, REPLICA_FAILURE),
    }
    status
}

/// The new set's failure, or else any old one's.
fn replica_failure(new: Option<&ReplicaSet>, sets: &[&ReplicaSet]) -> Option<DeploymentCondition> {
    let of = |set: &ReplicaSet| {
        let conditions = set.status.as_ref()?.conditions.as_ref()?;
        conditions.iter().find(|condition| condition.type_.as_deref() == Some(REPLICA_FAILURE)).cloned()
    };
    let ReplicaSetCondition { last_transition_time, message, reason, status, type_ } =
        new.and_then(of).or_else(|| sets.iter().find_map(|set| of(set)))?;
    Some(DeploymentCondition { last_update_time: last_transition_time.clone(), last_transition_time, message, reason, status, type_ })
}

/// When to look whether the rollout is stuck: a second after its deadline.
pub(super) fn check_progress_at(deployment: &Deployment, status: &DeploymentStatus) -> Option<Timestamp> {
    let reason = condition(status, PROGRESSING)?.reason.as_deref();
    if is_complete(deployment, status) || matches!(reason, Some(DEADLINE_EXCEEDED | NEW_SET_AVAILABLE)) {
        return None;
    }
    expires(deployment, status)?.checked_add(SignedDuration::from_secs(1)).ok()
}

/// True where two statuses say the same on the wire.
pub(super) fn same(left: &DeploymentStatus, right: &DeploymentStatus) -> bool {
    let plain = |status: &DeploymentStatus| {
        let nonzero = |count: Option<i32>| count.filter(|count| *count != 0);
        DeploymentStatus {
            replicas: nonzero(status.replicas),
            updated_replicas: nonzero(status.updated_replicas),
            ready_replicas: nonzero(status.ready_replicas),
            available_replicas: nonzero(status.available_replicas),
            unavailable_replicas: nonzero(status.unavailable_replicas),
            conditions: status.conditions.clone().filter(|conditions| !conditions.is_empty()),
            ..status.clone()
        }
    };
    plain(left) == plain(right)
}
