//! Rollouts played through: plans applied to their own snapshot while simulated sets and pods follow, with surge, availability and order checked at every step.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use proptest::prelude::*;
use runtime::{Action, Failure, Patch, Verb};
use serde_json::{Value, json};

use super::bounds::{available, max_surge, max_unavailable, replicas_of, size};
use super::plan::{Snapshot, plan, settle};
use super::revision::{REVISION, revision};
use super::status::condition;

/// A cluster of one deployment.
struct World {
    snapshot: Snapshot,
    now: Timestamp,
    version: u32,
    events: Vec<String>,
}

impl World {
    fn new(replicas: i32, strategy: Value) -> Self {
        let deployment: Deployment = serde_json::from_value(json!({
            "metadata": {"namespace": "n", "name": "web", "uid": "d", "generation": 1},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}}, "strategy": strategy,
                "revisionHistoryLimit": 2, "progressDeadlineSeconds": 600,
                "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "v1"}]}}},
        }))
        .unwrap();
        let snapshot = Snapshot { deployment: Arc::new(deployment), sets: Vec::new(), occupant: None, running: Default::default() };
        Self { snapshot, now: "2024-01-01T00:00:00Z".parse().unwrap(), version: 1, events: Vec::new() }
    }
    fn rolling(replicas: i32, surge: Value, unavailable: Value) -> Self {
        Self::new(replicas, json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}))
    }
    fn change(&mut self, change: impl FnOnce(&mut Deployment)) {
        let deployment = Arc::make_mut(&mut self.snapshot.deployment);
        change(deployment);
        *deployment.metadata.generation.get_or_insert_default() += 1;
    }
    fn set_image(&mut self, image: &str) {
        self.change(|deployment| deployment.spec.template.spec.as_mut().unwrap().containers[0].image = Some(image.to_owned()));
    }
    fn scale(&mut self, replicas: i32) {
        self.change(|deployment| deployment.spec.replicas = Some(replicas));
    }
    fn pause(&mut self, paused: bool) {
        self.change(|deployment| deployment.spec.paused = Some(paused));
    }
    /// Plans and applies once; false where there was nothing to do.
    fn step(&mut self) -> bool {
        let actions = plan(&self.snapshot, self.now).actions;
        for action in &actions {
            self.apply(action);
        }
        !actions.is_empty()
    }
    fn apply(&mut self, action: &Action) {
        if let Some(announcement) = &action.success {
            self.events.push(format!("{} {}", announcement.reason, announcement.message));
        }
        match &action.verb {
            Verb::Create(_) => {
                let mut set = action.object::<ReplicaSet>().unwrap().clone();
                self.version += 1;
                set.metadata.uid = Some(format!("set-{}", self.version));
                set.metadata.generation = Some(1);
                set.metadata.creation_timestamp = Some(Time(self.now + SignedDuration::from_secs(self.version.into())));
                assert!(self.snapshot.sets.iter().all(|other| other.metadata.name != set.metadata.name), "names are unique");
                self.snapshot.sets.push(Arc::new(set));
            }
            Verb::Update { subresource: "status", .. } => {
                let written = action.object::<Deployment>().unwrap();
                let deployment = Arc::make_mut(&mut self.snapshot.deployment);
                deployment.status.clone_from(&written.status);
                deployment.metadata.annotations.clone_from(&written.metadata.annotations);
            }
            Verb::Update { .. } => {
                let written = action.object::<ReplicaSet>().unwrap();
                let set = self.set(&action.name);
                *set = written.clone();
                *set.metadata.generation.get_or_insert_default() += 1;
            }
            Verb::Delete { .. } => self.snapshot.sets.retain(|set| set.metadata.name.as_deref() != Some(&action.name)),
            other => panic!("{other:?}"),
        }
    }
    fn set(&mut self, name: &str) -> &mut ReplicaSet {
        Arc::make_mut(self.snapshot.sets.iter_mut().find(|set| set.metadata.name.as_deref() == Some(name)).unwrap())
    }
    /// The ReplicaSet controller and the kubelet: the pods follow the size at once, up to `ready` more become available. False where nothing moved.
    fn follow(&mut self, place: usize, ready: i32) -> bool {
        let set = Arc::make_mut(&mut self.snapshot.sets[place]);
        let size = size(set);
        let before = set.status.clone();
        let now_available = (available(set).min(size) + ready).min(size);
        let status = set.status.get_or_insert_default();
        status.replicas = size;
        status.ready_replicas = Some(now_available);
        status.available_replicas = Some(now_available);
        status.terminating_replicas = Some(0);
        status.observed_generation = set.metadata.generation;
        before != set.status
    }
    fn settle_down(&mut self) {
        for _ in 0..1000 {
            let stepped = self.step();
            let mut moved = false;
            for place in 0..self.snapshot.sets.len() {
                moved |= self.follow(place, 1);
            }
            if !stepped && !moved {
                return;
            }
            self.now += SignedDuration::from_secs(1);
        }
        panic!("does not settle");
    }
    fn total(&self) -> i32 {
        self.snapshot.sets.iter().map(|set| size(set)).sum()
    }
    fn guaranteed(&self) -> i32 {
        self.snapshot.sets.iter().map(|set| available(set).min(size(set))).sum()
    }
    fn progress(&self) -> (String, String, String) {
        let status = self.snapshot.deployment.status.clone().unwrap();
        let found = condition(&status, "Progressing").unwrap().clone();
        (found.status.unwrap(), found.reason.unwrap(), found.message.unwrap())
    }
    fn set_name(&self, place: usize) -> String {
        self.snapshot.sets[place].metadata.name.clone().unwrap()
    }
    fn sizes(&self) -> Vec<i32> {
        self.snapshot.sets.iter().map(|set| size(set)).collect()
    }
}

fn words(status: &str, reason: &str, message: String) -> (String, String, String) {
    (status.to_owned(), reason.to_owned(), message)
}

#[test]
fn a_rollout_in_upstreams_words() {
    let mut world = World::rolling(3, json!("25%"), json!("25%"));
    assert!(world.step());
    let first = world.set_name(0);
    assert_eq!(world.progress(), words("True", "NewReplicaSetCreated", format!("Created new replica set \"{first}\"")));
    let status = serde_json::to_value(world.snapshot.deployment.status.clone().unwrap()).unwrap();
    assert_eq!(status["unavailableReplicas"], 3);
    assert_eq!(
        status["conditions"][1],
        json!({"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable", "message": "Deployment does not have minimum availability.",
            "lastUpdateTime": "2024-01-01T00:00:00Z", "lastTransitionTime": "2024-01-01T00:00:00Z"})
    );
    world.follow(0, 1);
    world.now += SignedDuration::from_secs(5);
    assert!(world.step());
    assert_eq!(world.progress(), words("True", "ReplicaSetUpdated", format!("ReplicaSet \"{first}\" is progressing.")));
    world.settle_down();
    assert_eq!(world.progress(), words("True", "NewReplicaSetAvailable", format!("ReplicaSet \"{first}\" has successfully progressed.")));
    let status = serde_json::to_value(world.snapshot.deployment.status.clone().unwrap()).unwrap();
    assert_eq!(
        (
            status["replicas"].clone(),
            status["updatedReplicas"].clone(),
            status["readyReplicas"].clone(),
            status["availableReplicas"].clone()
        ),
        (json!(3), json!(3), json!(3), json!(3))
    );
    assert_eq!(status["unavailableReplicas"], Value::Null);
    world.set_image("v2");
    world.settle_down();
    let second = world.set_name(1);
    assert_eq!(
        world.events,
        [
            format!("ScalingReplicaSet Scaled up replica set {first} from 0 to 3"),
            format!("ScalingReplicaSet Scaled up replica set {second} from 0 to 1"),
            format!("ScalingReplicaSet Scaled down replica set {first} from 3 to 2"),
            format!("ScalingReplicaSet Scaled up replica set {second} from 1 to 2"),
            format!("ScalingReplicaSet Scaled down replica set {first} from 2 to 1"),
            format!("ScalingReplicaSet Scaled up replica set {second} from 2 to 3"),
            format!("ScalingReplicaSet Scaled down replica set {first} from 1 to 0"),
        ]
    );
    assert_eq!(revision(&world.snapshot.deployment.metadata), 2);
}

#[test]
fn a_rollback_takes_the_next_revision_and_keeps_the_old_one() {
    let mut world = World::rolling(2, json!(1), json!(0));
    world.settle_down();
    world.set_image("v2");
    world.settle_down();
    world.set_image("v1");
    world.settle_down();
    assert_eq!(world.snapshot.sets.len(), 2);
    let annotations = world.snapshot.sets[0].metadata.annotations.clone().unwrap();
    assert_eq!((annotations[REVISION].as_str(), annotations["deployment.kubernetes.io/revision-history"].as_str()), ("3", "1"));
    assert_eq!(
        (annotations["deployment.kubernetes.io/desired-replicas"].as_str(), annotations["deployment.kubernetes.io/max-replicas"].as_str()),
        ("2", "3")
    );
    assert_eq!(revision(&world.snapshot.deployment.metadata), 3);
}

#[test]
fn history_is_kept_to_its_limit() {
    let mut world = World::rolling(1, json!(1), json!(0));
    for image in ["v1", "v2", "v3", "v4", "v5"] {
        world.set_image(image);
        world.settle_down();
    }
    let mut revisions: Vec<i64> = world.snapshot.sets.iter().map(|set| revision(&set.metadata)).collect();
    revisions.sort_unstable();
    assert_eq!(revisions, [3, 4, 5]);
}

#[test]
fn a_stuck_rollout_is_told_and_recovers() {
    let mut world = World::rolling(1, json!(1), json!(0));
    world.settle_down();
    world.set_image("broken");
    world.step();
    world.follow(1, 0);
    world.step();
    let name = world.set_name(1);
    let due = plan(&world.snapshot, world.now).requeue_at.unwrap();
    assert_eq!(due, world.now + SignedDuration::from_secs(601));
    world.now = due;
    assert!(world.step());
    assert_eq!(world.progress(), words("False", "ProgressDeadlineExceeded", format!("ReplicaSet \"{name}\" has timed out progressing.")));
    assert_eq!(plan(&world.snapshot, world.now).requeue_at, None);
    assert!(!world.step());
    world.settle_down();
    assert_eq!(world.progress().1, "NewReplicaSetAvailable");
}

#[test]
fn a_paused_deployment_scales_but_does_not_roll() {
    let mut world = World::rolling(2, json!(1), json!(0));
    world.settle_down();
    world.pause(true);
    world.set_image("v2");
    world.scale(4);
    world.settle_down();
    assert_eq!((world.sizes(), world.progress()), (vec![4], words("Unknown", "DeploymentPaused", "Deployment is paused".into())));
    world.pause(false);
    world.step();
    assert_eq!(world.snapshot.sets.len(), 2);
    world.settle_down();
    assert_eq!((world.sizes(), world.progress().1), (vec![0, 4], "NewReplicaSetAvailable".to_owned()));
}

#[test]
fn recreate_waits_for_the_last_old_pod() {
    let mut world = World::new(2, json!({"type": "Recreate"}));
    world.settle_down();
    world.set_image("v2");
    world.step();
    assert_eq!(world.sizes(), [0]);
    world.follow(0, 0);
    world.snapshot.running.insert(world.snapshot.sets[0].metadata.uid.clone().unwrap(), 1);
    world.step();
    assert_eq!(world.snapshot.sets.len(), 1, "one old pod is still there");
    world.snapshot.running.clear();
    world.step();
    assert_eq!(world.sizes(), [0, 2]);
}

#[test]
fn a_name_that_is_taken_makes_another() {
    let mut world = World::rolling(1, json!(1), json!(0));
    let taken = super::template::set_name(&world.snapshot.deployment);
    let mut occupant = ReplicaSet::default();
    occupant.metadata.name = Some(taken.clone());
    world.snapshot.occupant = Some(Arc::new(occupant));
    assert!(world.step());
    assert_eq!(world.snapshot.deployment.status.as_ref().unwrap().collision_count, Some(1));
    world.snapshot.occupant = None;
    world.settle_down();
    assert_ne!(world.set_name(0), taken);
    assert_eq!(world.snapshot.deployment.status.as_ref().unwrap().collision_count, Some(1));
}

#[test]
fn a_set_that_cannot_be_made_is_told() {
    let mut world = World::rolling(1, json!(1), json!(0));
    let planned = plan(&world.snapshot, world.now);
    let name = planned.actions[0].name.clone();
    let complaint = planned.actions[0].failure.clone().unwrap();
    assert_eq!(
        (complaint.reason, complaint.message),
        ("ReplicaSetCreateError", format!("Failed to create new replica set \"{name}\": {{error}}"))
    );
    let error = api::ApiError::forbidden("apps", "replicasets", &name, "exceeded quota");
    for action in settle(&world.snapshot, &[Failure { index: 0, error }], world.now) {
        world.apply(&action);
    }
    let message = format!("Failed to create new replica set \"{name}\": replicasets.apps \"{name}\" is forbidden: exceeded quota");
    assert_eq!(world.progress(), words("False", "ReplicaSetCreateError", message));
}

#[test]
fn orphans_are_claimed_before_anything_else() {
    let mut world = World::rolling(1, json!(1), json!(0));
    let orphan: ReplicaSet =
        serde_json::from_value(json!({"metadata": {"namespace": "n", "name": "old", "uid": "o", "labels": {"app": "web"}},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}}}))
        .unwrap();
    world.snapshot.sets.push(Arc::new(orphan));
    let actions = plan(&world.snapshot, world.now).actions;
    assert_eq!(actions.len(), 1);
    let Verb::Patch { patch: Patch::Strategic(patch), .. } = &actions[0].verb else { panic!("{actions:?}") };
    assert_eq!(patch["metadata"]["ownerReferences"][0]["uid"], "d");
}

#[derive(Clone, Debug)]
enum Happening {
    Image(u8),
    Scale(i32),
    Follow(usize, i32),
    Fail(usize, i32),
    Pause(bool),
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let one = prop_oneof![
        1 => (0u8..5).prop_map(Happening::Image),
        1 => (0i32..30).prop_map(Happening::Scale),
        10 => (0usize..6, 0i32..5).prop_map(|(place, ready)| Happening::Follow(place, ready)),
        1 => (0usize..6, 0i32..3).prop_map(|(place, count)| Happening::Fail(place, count)),
        1 => any::<bool>().prop_map(Happening::Pause),
    ];
    prop::collection::vec(one, 1..120)
}

fn amount() -> impl Strategy<Value = Value> {
    prop_oneof![(0i32..6).prop_map(Value::from), (0i32..101).prop_map(|percent| Value::from(format!("{percent}%")))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn bounds_hold_at_every_step_and_every_rollout_ends(replicas in 0i32..30, surge in amount(), unavailable in amount(), happenings in happenings()) {
        let mut world = World::rolling(replicas, surge, unavailable);
        let mut scaled = false;
        for happening in happenings {
            let deployment = world.snapshot.deployment.clone();
            let (total, guaranteed) = (world.total(), world.guaranteed());
            let most = replicas_of(&deployment) + max_surge(&deployment);
            let least = replicas_of(&deployment) - max_unavailable(&deployment);
            world.step();
            prop_assert!(world.total() <= most.max(total), "surge: {total} to {} of {most}", world.total());
            // Scaling a deployment down takes its pods whether they are available or not, as upstream does.
            if !scaled {
                prop_assert!(world.guaranteed() >= least.min(guaranteed), "unavailable: {guaranteed} to {} of {least}", world.guaranteed());
            }
            scaled = false;
            match happening {
                Happening::Image(version) => world.set_image(&format!("v{version}")),
                Happening::Scale(replicas) => { world.scale(replicas); scaled = true; }
                Happening::Pause(paused) => { world.pause(paused); scaled = true; }
                Happening::Follow(place, ready) if place < world.snapshot.sets.len() => { world.follow(place, ready); }
                Happening::Fail(place, count) if place < world.snapshot.sets.len() => {
                    if let Some(status) = &mut Arc::make_mut(&mut world.snapshot.sets[place]).status {
                        status.available_replicas = status.available_replicas.map(|available| (available - count).max(0));
                        status.ready_replicas = status.available_replicas;
                    }
                }
                _ => {}
            }
            world.now += SignedDuration::from_secs(7);
        }
        world.pause(false);
        world.settle_down();
        let desired = replicas_of(&world.snapshot.deployment);
        let status = world.snapshot.deployment.status.clone().unwrap();
        prop_assert_eq!((world.total(), status.available_replicas.unwrap_or_default(), status.updated_replicas.unwrap_or_default()), (desired, desired, desired));
        prop_assert_eq!(world.progress().1, "NewReplicaSetAvailable");
        prop_assert!(world.snapshot.sets.len() <= 3);
    }
}
