//! Deployment: rolls its pods from one template to the next by way of ReplicaSets, one a revision.

mod bounds;
mod plan;
mod revision;
#[cfg(test)]
mod simulation;
mod status;
mod template;
mod work;

use api::labels::Selector;
use jiff::Timestamp;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::Pod;
use runtime::{Action, Change, Failure, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use crate::ownership::{Claimable, controller_of};
use crate::pods;
use plan::Snapshot;

/// Deployments worked on at the same time, as upstream's `--concurrent-deployment-syncs`.
const WORKERS: usize = 5;

struct Deployments {
    deployments: Informer<Deployment>,
    sets: Informer<ReplicaSet>,
    claimable: Claimable<ReplicaSet>,
    pods: Claimable<Pod>,
}

/// | change | keys |
/// |---|---|
/// | Deployment | itself |
/// | ReplicaSet with a controller, now or before | that Deployment |
/// | ReplicaSet without one | the Deployments of its namespace that select it |
/// | Pod that ended | the Deployment of its ReplicaSet, where that waits for old pods to go |
pub(crate) async fn run(house: House) {
    let (deployments, sets, pods) = (house.informers.of::<Deployment>(), house.informers.of::<ReplicaSet>(), house.informers.of::<Pod>());
    let reconciler =
        Deployments { deployments: deployments.clone(), sets: sets.clone(), claimable: Claimable::new(&sets), pods: Claimable::new(&pods) };
    let (selecting, waiting, sets_of_pods) = (deployments.clone(), deployments.clone(), sets.clone());
    Controller::new(house, "deployment-controller", WORKERS, reconciler)
        .on(&deployments, |change| vec![Key::of(&change.latest().metadata)])
        .on(&sets, move |change| deployments_of_set(change, &selecting))
        .on(&pods, move |change| deployment_that_waits(change, &sets_of_pods, &waiting).into_iter().collect())
        .run()
        .await;
}

fn deployments_of_set(change: &Change<ReplicaSet>, deployments: &Informer<Deployment>) -> Vec<Key> {
    let mut keys: Vec<Key> = change.both().filter_map(|set| owning_deployment(set)).collect();
    keys.dedup();
    let orphan = change.new.as_ref().filter(|set| controller_of(&set.metadata).is_none() && set.metadata.deletion_timestamp.is_none());
    if let Some(orphan) = orphan {
        let candidates = deployments.in_namespace(orphan.metadata.namespace.as_deref().unwrap_or_default());
        let selects = |deployment: &Deployment| {
            Selector::from_label_selector(Some(&deployment.spec.selector))
                .is_ok_and(|selector| !selector.is_empty() && selector.matches(orphan.metadata.labels.as_ref()))
        };
        keys.extend(candidates.iter().filter(|deployment| selects(deployment)).map(|deployment| Key::of(&deployment.metadata)));
    }
    keys
}

fn owning_deployment(set: &ReplicaSet) -> Option<Key> {
    let owner = controller_of(&set.metadata).filter(|owner| owner.kind == "Deployment" && owner.api_version.starts_with("apps/"))?;
    Some(Key::new(set.metadata.namespace.clone().unwrap_or_default(), &owner.name))
}

fn deployment_that_waits(change: &Change<Pod>, sets: &Informer<ReplicaSet>, deployments: &Informer<Deployment>) -> Option<Key> {
    if change.new.as_ref().is_some_and(|pod| !pods::is_finished(pod)) {
        return None;
    }
    let meta = &change.latest().metadata;
    let owner = controller_of(meta).filter(|owner| owner.kind == "ReplicaSet")?;
    let key = owning_deployment(&*sets.get(meta.namespace.as_deref()?, &owner.name)?)?;
    let deployment = deployments.get(&key.namespace, &key.name)?;
    (!bounds::is_rolling(&deployment)).then_some(key)
}

impl Reconciler for Deployments {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "deployment-controller"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let deployment = self.deployments.get(&key.namespace, &key.name)?;
        let sets = self.claimable.by(&deployment.metadata);
        let occupant = self.sets.get(&key.namespace, &template::set_name(&deployment));
        let mut running = std::collections::BTreeMap::new();
        if !bounds::is_rolling(&deployment) {
            for uid in sets.iter().filter_map(|set| set.metadata.uid.clone()) {
                let count = self.pods.controlled(&uid).iter().filter(|pod| !pods::is_finished(pod)).count();
                running.insert(uid, count);
            }
        }
        Some(Snapshot { deployment, sets, occupant, running })
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        plan::plan(snapshot, now)
    }
    fn settle(&self, snapshot: &Snapshot, failures: &[Failure], now: Timestamp) -> Vec<Action> {
        plan::settle(snapshot, failures, now)
    }
}
