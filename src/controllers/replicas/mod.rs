//! ReplicaSet and ReplicationController: keep so many pods of a template running.

mod plan;
mod set;
#[cfg(test)]
mod simulation;

use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use runtime::{Action, Cached, Change, Failure, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use crate::ownership::{Claimable, controller_of, controllers_of_pod};
use crate::pods;
use plan::Snapshot;
use set::Set;

/// Sets worked on at the same time, as upstream's `--concurrent-replicaset-syncs`.
const WORKERS: usize = 5;

/// The reconciler for one of the two kinds.
struct Replicas<K> {
    name: &'static str,
    sets: Informer<K>,
    siblings: Claimable<K>,
    pods: Claimable<Pod>,
    read: fn(Arc<K>) -> Option<Set>,
}

/// | change | keys |
/// |---|---|
/// | ReplicaSet | itself |
/// | Pod with a controller, now or before | that ReplicaSet |
/// | Pod without one | the ReplicaSets of its namespace that select it |
pub(crate) async fn run_replica_sets(house: House) {
    run(house, "replicaset-controller", "apps", Set::of_replica_set).await;
}

/// As [`run_replica_sets`], for ReplicationControllers.
pub(crate) async fn run_replication_controllers(house: House) {
    run(house, "replication-controller", "", Set::of_replication_controller).await;
}

async fn run<K: api::Typed + client::Scoped>(house: House, name: &'static str, group: &'static str, read: fn(Arc<K>) -> Option<Set>) {
    let (sets, pods) = (house.informers.of::<K>(), house.informers.of::<Pod>());
    let reconciler = Replicas { name, sets: sets.clone(), siblings: Claimable::new(&sets), pods: Claimable::new(&pods), read };
    let candidates = sets.clone();
    Controller::new(house, name, WORKERS, reconciler)
        .on(&sets, |change| vec![Key::of(change.latest().meta())])
        .on(&pods, move |change| {
            let mut keys = controllers_of_pod(change, group, K::KIND);
            keys.extend(selecting(change, &candidates, read));
            keys
        })
        .run()
        .await;
}

/// The sets that may adopt the pod of this change.
fn selecting<K: Cached>(change: &Change<Pod>, sets: &Informer<K>, read: fn(Arc<K>) -> Option<Set>) -> Vec<Key> {
    let Some(orphan) = change.new.as_ref().filter(|pod| controller_of(&pod.metadata).is_none() && pods::is_active(pod)) else {
        return Vec::new();
    };
    let sets = sets.in_namespace(orphan.metadata.namespace.as_deref().unwrap_or_default());
    let selecting = sets.into_iter().filter_map(read).filter(|set| set.selector.matches(orphan.metadata.labels.as_ref()));
    selecting.map(|set| Key::of(set.meta())).collect()
}

impl<K: api::Typed> Reconciler for Replicas<K> {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        self.name
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let set = (self.read)(self.sets.get(&key.namespace, &key.name)?)?;
        let pods = self.pods.by(set.meta());
        let related = self.related(set.meta(), &pods);
        Some(Snapshot { neighbours: pods::count_by_node(&related), set, pods })
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        plan::plan(snapshot, now)
    }
    fn settle(&self, snapshot: &Snapshot, failures: &[Failure], now: Timestamp) -> Vec<Action> {
        plan::settle(snapshot, failures, now)
    }
}

impl<K: Cached> Replicas<K> {
    /// The pods of all sets that have the same owner: those of a deployment's revisions; without one, the set's own.
    fn related(&self, meta: &ObjectMeta, own: &[Arc<Pod>]) -> Vec<Arc<Pod>> {
        match controller_of(meta) {
            Some(owner) => {
                let siblings = self.siblings.controlled(&owner.uid);
                siblings.iter().flat_map(|set| self.pods.controlled(set.meta().uid.as_deref().unwrap_or_default())).collect()
            }
            None => own.iter().filter(|pod| controller_of(&pod.metadata).is_some()).cloned().collect(),
        }
    }
}
