//! What a deployment needs next: its sets claimed, a set for the current template, a step of the rollout or of scaling, old sets cleaned up, and the status.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::labels::Selector;
use jiff::Timestamp;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use runtime::{Action, Announcement, Failure, Plan, Verb};

use super::bounds::{self, is_rolling, is_saturated, max_unavailable, new_set_size, replicas_of, serving, size};
use super::revision::desired_replicas;
use super::status::{self, condition, made, set_condition};
use super::template::has_template;
use super::work::{Work, by_age, write_status};
use crate::ownership::{Claim, adopt, claim, controller_reference, is_controlled_by, release};

/// All that the plan for one deployment depends on.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) deployment: Arc<Deployment>,
    /// The sets that it controls, and orphans of its namespace.
    pub(super) sets: Vec<Arc<ReplicaSet>>,
    /// Whatever set has the name that a new one would get.
    pub(super) occupant: Option<Arc<ReplicaSet>>,
    /// Pods that have not finished, by the uid of their set.
    pub(super) running: BTreeMap<String, usize>,
}

pub(super) fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let deployment = &*snapshot.deployment;
    let selector = Selector::from_label_selector(Some(&deployment.spec.selector));
    let Ok(selector) = selector else { return Plan::default() };
    if selector.is_empty() {
        return selects_everything(deployment);
    }
    let (sets, claims) = claimed(snapshot, &selector);
    if !claims.is_empty() {
        // Their outcome changes the sets: go on from there.
        return Plan { actions: claims, requeue_at: None };
    }
    let mut work = Work::new(deployment, &sets, now);
    let paused = deployment.spec.paused.unwrap_or_default();
    let status = if deployment.metadata.deletion_timestamp.is_some() {
        status::counted(deployment, &work.status, work.new_set(), &work.all(), now)
    } else {
        note_pause(&mut work, paused);
        if paused || is_scaled(&work) {
            work.refresh_new_set();
            scale(&mut work);
            if paused {
                work.clean_up();
            }
            status::counted(deployment, &work.status, work.new_set(), &work.all(), now)
        } else if let Some(collided) = collided(snapshot, &work) {
            return Plan { actions: collided, requeue_at: None };
        } else {
            if is_rolling(deployment) {
                roll(&mut work);
            } else {
                recreate(&mut work, &snapshot.running);
            }
            status::of_rollout(deployment, &work.status, work.new_set(), &work.all(), now)
        }
    };
    let requeue_at = if paused { None } else { status::check_progress_at(deployment, &status) };
    Plan { actions: work.finish(status), requeue_at }
}

/// After the new set could not be created: the conditions tell why.
pub(super) fn settle(snapshot: &Snapshot, failures: &[Failure], now: Timestamp) -> Vec<Action> {
    let deployment = &*snapshot.deployment;
    let actions = plan(snapshot, now).actions;
    let Some((set, failure)) = failures.iter().find_map(|failure| {
        let action = actions.get(failure.index)?;
        matches!(action.verb, Verb::Create(_)).then_some((&action.name, failure))
    }) else {
        return Vec::new();
    };
    if failure.error.reason() == "AlreadyExists" || !status::has_deadline(deployment) {
        return Vec::new();
    }
    let mut status = deployment.status.clone().unwrap_or_default();
    let message = format!("Failed to create new replica set \"{set}\": {}", failure.error.message());
    set_condition(&mut status, made(status::PROGRESSING, "False", status::SET_CREATE_ERROR, message, now));
    write_status(deployment, status).into_iter().collect()
}

fn selects_everything(deployment: &Deployment) -> Plan {
    let warning = "This deployment is selecting all pods. A non-empty selector is required.";
    let mut status = deployment.status.clone().unwrap_or_default();
    if status.observed_generation == deployment.metadata.generation {
        return Plan::default();
    }
    status.observed_generation = deployment.metadata.generation;
    let announced = Action::announce(Announcement::warning(&runtime::reference(deployment), "SelectingAll", warning));
    Plan { actions: [Some(announced), write_status(deployment, status)].into_iter().flatten().collect(), requeue_at: None }
}

fn claimed(snapshot: &Snapshot, selector: &Selector) -> (Vec<Arc<ReplicaSet>>, Vec<Action>) {
    let deployment = &*snapshot.deployment;
    let (mut sets, mut actions) = (Vec::new(), Vec::new());
    for set in &snapshot.sets {
        match claim(&deployment.metadata, &set.metadata, selector.matches(set.metadata.labels.as_ref())) {
            Claim::Keep => sets.push(set.clone()),
            Claim::Adopt => actions.push(adopt(&controller_reference::<Deployment>(&deployment.metadata), &**set)),
            Claim::Release => actions.push(release(&deployment.metadata, &**set)),
            Claim::Leave => {}
        }
    }
    (sets, actions)
}

/// Where a set of the name that ours would get belongs to something else, the count of collisions makes another name.
fn collided(snapshot: &Snapshot, work: &Work<'_>) -> Option<Vec<Action>> {
    let occupant = snapshot.occupant.as_ref().filter(|_| work.new.is_none())?;
    let deployment = work.deployment;
    let ours = is_controlled_by(&occupant.metadata, &deployment.metadata) && has_template(occupant, &deployment.spec.template);
    if ours {
        return None;
    }
    let mut status = work.status.clone();
    status.collision_count = Some(status.collision_count.unwrap_or_default() + 1);
    Some(write_status(deployment, status).into_iter().collect())
}

/// A deployment that is paused makes no progress and must not be blamed for it.
fn note_pause(work: &mut Work<'_>, paused: bool) {
    let reason = condition(&work.status, status::PROGRESSING).and_then(|condition| condition.reason.as_deref());
    if !status::has_deadline(work.deployment) || reason == Some(status::DEADLINE_EXCEEDED) {
        return;
    }
    let noted = match (paused, reason == Some(status::PAUSED)) {
        (true, false) => made(status::PROGRESSING, "Unknown", status::PAUSED, "Deployment is paused", work.now),
        (false, true) => made(status::PROGRESSING, "Unknown", status::RESUMED, "Deployment is resumed", work.now),
        _ => return,
    };
    set_condition(&mut work.status, noted);
}

/// True where a set that has pods was sized for another number of replicas.
fn is_scaled(work: &Work<'_>) -> bool {
    let desired = replicas_of(work.deployment);
    work.all().into_iter().filter(|set| size(set) > 0).any(|set| desired_replicas(set).is_some_and(|noted| noted != desired))
}

/// Brings the sets to the deployment's size without going on with a rollout: the only one, or all in proportion.
fn scale(work: &mut Work<'_>) {
    let desired = replicas_of(work.deployment);
    let active: Vec<usize> = (0..work.sets.len()).filter(|place| size(&work.sets[*place].set) > 0).collect();
    let only = match active.as_slice() {
        // The new one, else the youngest.
        [] => Some(work.new.or_else(|| work.sets.len().checked_sub(1))),
        [only] => Some(Some(*only)),
        _ => None,
    };
    if let Some(only) = only {
        if let Some(place) = only.filter(|place| size(&work.sets[*place].set) != desired) {
            work.resize(place, desired);
        }
        return;
    }
    if is_saturated(work.deployment, work.new_set()) {
        let new = work.new;
        for place in active.into_iter().filter(|place| Some(*place) != new) {
            work.resize(place, 0);
        }
        return;
    }
    if is_rolling(work.deployment) {
        let grows = desired + bounds::max_surge(work.deployment) > work.total_size();
        let mut order = active;
        order.sort_by(|left, right| {
            let (left, right) = (&work.sets[*left].set, &work.sets[*right].set);
            let age = if grows { by_age(right, left) } else { by_age(left, right) };
            size(right).cmp(&size(left)).then(age)
        });
        let sizes = bounds::proportional_sizes(work.deployment, &order.iter().map(|place| &work.sets[*place].set).collect::<Vec<_>>());
        for (place, to) in order.into_iter().zip(sizes) {
            work.resize(place, to);
        }
    }
}

/// One step of a rolling update: the new set grows as far as the surge lets it, or else old ones shrink as far as availability lets them.
fn roll(work: &mut Work<'_>) {
    work.ensure_new_set();
    if grow_new_set(work) || shrink_old_sets(work) {
        return;
    }
    if status::is_complete(work.deployment, &work.status) {
        work.clean_up();
    }
}

/// True where the new set's size changes.
fn grow_new_set(work: &mut Work<'_>) -> bool {
    let Some(new) = work.new else { return false };
    let desired = replicas_of(work.deployment);
    let now = size(&work.sets[new].set);
    let to = match now.cmp(&desired) {
        std::cmp::Ordering::Equal => return false,
        std::cmp::Ordering::Greater => desired,
        std::cmp::Ordering::Less => new_set_size(work.deployment, work.total_size(), now),
    };
    to != now && work.resize(new, to)
}

/// True where an old set's size changes.
fn shrink_old_sets(work: &mut Work<'_>) -> bool {
    let old = work.old();
    if old.iter().all(|place| size(&work.sets[*place].set) == 0) {
        return false;
    }
    let at_least = replicas_of(work.deployment) - max_unavailable(work.deployment);
    let new_unavailable = work.new_set().map(|set| size(set) - serving(set)).unwrap_or_default();
    let most = work.total_size() - at_least - new_unavailable;
    if most <= 0 {
        return false;
    }
    // Pods that serve nobody go first: they do not count against availability.
    let unhealthy = shrink(work, &old, most, |set| size(set) - serving(set));
    let spare = work.all().into_iter().map(serving).sum::<i32>() - at_least;
    let healthy = if spare > 0 { shrink(work, &old, spare, size) } else { 0 };
    unhealthy + healthy > 0
}

/// Takes up to `most` pods from these sets, the oldest set first, no more from each than `from` says. Returns how many.
fn shrink(work: &mut Work<'_>, places: &[usize], most: i32, from: impl Fn(&ReplicaSet) -> i32) -> i32 {
    let mut taken = 0;
    for place in places {
        let set = &work.sets[*place].set;
        let now = size(set);
        let count = from(set).min(now).min(most - taken);
        if count > 0 {
            work.resize(*place, now - count);
            taken += count;
        }
    }
    taken
}

/// One step of a Recreate: all old pods go, and only when none is left the new ones come.
fn recreate(work: &mut Work<'_>, running: &BTreeMap<String, usize>) {
    work.refresh_new_set();
    let old = work.old();
    let mut shrunk = false;
    for place in &old {
        if size(&work.sets[*place].set) > 0 {
            shrunk |= work.resize(*place, 0);
        }
    }
    let lives = |place: &usize| {
        let set = &work.sets[*place].set;
        let uid = set.metadata.uid.as_deref().unwrap_or_default();
        set.status.as_ref().is_some_and(|status| status.replicas > 0) || running.get(uid).is_some_and(|count| *count > 0)
    };
    if shrunk || old.iter().any(lives) {
        return;
    }
    work.ensure_new_set();
    if let Some(new) = work.new {
        let desired = replicas_of(work.deployment);
        if size(&work.sets[new].set) != desired {
            work.resize(new, desired);
        }
    }
    if status::is_complete(work.deployment, &work.status) {
        work.clean_up();
    }
}
