//! The state of one plan for a deployment while it is made: its sets with the changes decided so far, which become one write each at the end.

use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::{Deployment, DeploymentStatus, ReplicaSet};
use runtime::{Action, Announcement};

use super::bounds::{max_surge, replicas_of, size};
use super::revision::{self, REVISION};
use super::status::{self, made, set_condition};
use super::template::{HASH_LABEL, set_name};
use super::template::{has_template, hash};
use crate::ownership::controller_reference;

/// A set and what it was.
#[derive(Clone)]
pub(super) struct Tracked {
    pub(super) set: ReplicaSet,
    /// `None` for one that is to be created.
    original: Option<Arc<ReplicaSet>>,
}

pub(super) struct Work<'a> {
    pub(super) deployment: &'a Deployment,
    pub(super) now: Timestamp,
    /// The written status, with conditions added on the way.
    pub(super) status: DeploymentStatus,
    /// The oldest first.
    pub(super) sets: Vec<Tracked>,
    /// Which of the sets has the deployment's template.
    pub(super) new: Option<usize>,
    deletions: Vec<Action>,
    revision: Option<i64>,
}

impl<'a> Work<'a> {
    pub(super) fn new(deployment: &'a Deployment, sets: &[Arc<ReplicaSet>], now: Timestamp) -> Self {
        let mut sets: Vec<Tracked> = sets.iter().map(|set| Tracked { set: (**set).clone(), original: Some(set.clone()) }).collect();
        sets.sort_by(|left, right| by_age(&left.set, &right.set));
        let new = sets.iter().position(|tracked| has_template(&tracked.set, &deployment.spec.template));
        let status = deployment.status.clone().unwrap_or_default();
        Self { deployment, now, status, sets, new, deletions: Vec::new(), revision: None }
    }
    pub(super) fn all(&self) -> Vec<&ReplicaSet> {
        self.sets.iter().map(|tracked| &tracked.set).collect()
    }
    pub(super) fn new_set(&self) -> Option<&ReplicaSet> {
        self.new.map(|new| &self.sets[new].set)
    }
    /// Places of all sets but the new one, the oldest first.
    pub(super) fn old(&self) -> Vec<usize> {
        (0..self.sets.len()).filter(|place| Some(*place) != self.new).collect()
    }
    /// Pods asked for by all sets.
    pub(super) fn total_size(&self) -> i32 {
        self.sets.iter().map(|tracked| size(&tracked.set)).sum()
    }
    /// Gives a set another size and notes what it is sized for. True where the size changes.
    pub(super) fn resize(&mut self, place: usize, to: i32) -> bool {
        let set = &mut self.sets[place].set;
        let changes = size(set) != to;
        set.spec.replicas = Some(to);
        revision::note_size(set, replicas_of(self.deployment), replicas_of(self.deployment) + max_surge(self.deployment));
        changes
    }

    fn next_revision(&self) -> i64 {
        let old = self.old().into_iter().map(|place| revision::revision(&self.sets[place].set.metadata)).max();
        old.unwrap_or_default() + 1
    }

    /// Brings the set that has the deployment's template up to date with the deployment: its revision, annotations and readiness time.
    pub(super) fn refresh_new_set(&mut self) {
        let Some(new) = self.new else { return };
        let next = self.next_revision();
        let set = &mut self.sets[new].set;
        revision::note_revision(self.deployment, set, next);
        let wanted = self.deployment.spec.min_ready_seconds;
        if set.spec.min_ready_seconds.unwrap_or_default() != wanted.unwrap_or_default() {
            set.spec.min_ready_seconds = wanted;
        }
        self.revision = Some(revision::revision(&set.metadata));
        if status::has_deadline(self.deployment) && status::condition(&self.status, status::PROGRESSING).is_none() {
            let message = format!("Found new replica set \"{}\"", set.metadata.name.as_deref().unwrap_or_default());
            set_condition(&mut self.status, made(status::PROGRESSING, "True", status::FOUND_NEW_SET, message, self.now));
        }
    }

    /// Makes the set for the deployment's template where there is none.
    pub(super) fn ensure_new_set(&mut self) {
        if self.new.is_some() {
            return self.refresh_new_set();
        }
        let next = self.next_revision();
        let mut set = described(self.deployment, &self.status);
        let wanted = super::bounds::new_set_size(self.deployment, self.total_size(), 0);
        set.spec.replicas = Some(wanted);
        revision::note_revision(self.deployment, &mut set, next);
        revision::note_size(&mut set, replicas_of(self.deployment), replicas_of(self.deployment) + max_surge(self.deployment));
        if status::has_deadline(self.deployment) {
            let message = format!("Created new replica set \"{}\"", set.metadata.name.as_deref().unwrap_or_default());
            set_condition(&mut self.status, made(status::PROGRESSING, "True", status::NEW_SET_CREATED, message, self.now));
        }
        self.revision = Some(next);
        self.sets.push(Tracked { set, original: None });
        self.new = Some(self.sets.len() - 1);
    }

    /// Deletes the oldest sets beyond the history limit, those that are wholly at rest.
    pub(super) fn clean_up(&mut self) {
        let limit = self.deployment.spec.revision_history_limit.filter(|limit| *limit != i32::MAX);
        let Some(limit) = limit else { return };
        let mut old: Vec<&ReplicaSet> = self.old().into_iter().map(|place| &self.sets[place].set).collect();
        old.retain(|set| set.metadata.deletion_timestamp.is_none());
        let beyond = old.len().saturating_sub(usize::try_from(limit).unwrap_or_default());
        old.sort_by(|left, right| {
            revision::revision(&left.metadata).cmp(&revision::revision(&right.metadata)).then_with(|| by_age(left, right))
        });
        let at_rest = |set: &&&ReplicaSet| {
            let status = set.status.as_ref();
            size(set) == 0
                && status.is_none_or(|status| status.replicas == 0)
                && set.metadata.generation.unwrap_or_default() <= status.and_then(|status| status.observed_generation).unwrap_or_default()
        };
        self.deletions = old.iter().take(beyond).filter(at_rest).map(|set| Action::delete(*set)).collect();
    }

    /// All changes as actions: one write a set, then deletions, the status, and the revision.
    pub(super) fn finish(self, status: DeploymentStatus) -> Vec<Action> {
        let regarding = runtime::reference(self.deployment);
        let mut actions = Vec::new();
        for Tracked { set, original } in self.sets {
            let name = set.metadata.name.clone().unwrap_or_default();
            let to = size(&set);
            let from = original.as_deref().map_or(0, size);
            let changed = original.as_deref() != Some(&set);
            let action = match original {
                None => {
                    let failed = format!("Failed to create new replica set \"{name}\": {{error}}");
                    Action::create(set).complaining(Announcement::warning(&regarding, status::SET_CREATE_ERROR, failed))
                }
                Some(_) if changed => Action::update(set),
                Some(_) => continue,
            };
            let direction = if to > from { "up" } else { "down" };
            let scaled = format!("Scaled {direction} replica set {name} from {from} to {to}");
            actions.push(if to == from {
                action
            } else {
                action.announcing(Announcement::normal(&regarding, "ScalingReplicaSet", scaled))
            });
        }
        actions.extend(self.deletions);
        actions.extend(write(self.deployment, status, self.revision));
        actions
    }
}

/// Writes a status that says something new.
pub(super) fn write_status(deployment: &Deployment, status: DeploymentStatus) -> Option<Action> {
    write(deployment, status, None)
}

/// Writes status and revision together. The annotation goes by way of the status, as upstream's does: there it does not count as a new generation.
fn write(deployment: &Deployment, status: DeploymentStatus, revision: Option<i64>) -> Option<Action> {
    let known = deployment.status.clone().unwrap_or_default();
    let revision = revision.filter(|revision| revision::revision(&deployment.metadata) != *revision);
    if status::same(&known, &status) && revision.is_none() {
        return None;
    }
    let mut written = Deployment { status: Some(status), ..deployment.clone() };
    if let Some(revision) = revision {
        written.metadata.annotations.get_or_insert_default().insert(REVISION.to_owned(), revision.to_string());
    }
    Some(Action::update_status(written))
}

/// The oldest first, equals by name.
pub(super) fn by_age(left: &ReplicaSet, right: &ReplicaSet) -> std::cmp::Ordering {
    let age = |set: &ReplicaSet| set.metadata.creation_timestamp.as_ref().map(|time| time.0);
    // One that is yet to be created is the youngest.
    (age(left).is_none(), age(left), &left.metadata.name).cmp(&(age(right).is_none(), age(right), &right.metadata.name))
}

/// The set that the deployment's template describes, without a size.
fn described(deployment: &Deployment, status: &DeploymentStatus) -> ReplicaSet {
    let spec = deployment.spec.clone();
    let hash = hash(&spec.template, status.collision_count);
    let mut template = spec.template;
    template.metadata.get_or_insert_default().labels.get_or_insert_default().insert(HASH_LABEL.to_owned(), hash.clone());
    let mut selector = spec.selector;
    selector.match_labels.get_or_insert_default().insert(HASH_LABEL.to_owned(), hash);
    let mut set = ReplicaSet::default();
    set.metadata.name = Some(set_name(deployment));
    set.metadata.namespace.clone_from(&deployment.metadata.namespace);
    set.metadata.labels = template.metadata.as_ref().and_then(|meta| meta.labels.clone());
    set.metadata.owner_references = Some(vec![controller_reference::<Deployment>(&deployment.metadata)]);
    let described = &mut set.spec;
    described.min_ready_seconds = spec.min_ready_seconds;
    described.selector = selector;
    described.template = Some(template);
    set
}
