//! Disruption: what a PodDisruptionBudget allows at a time, counted from the pods that it selects and from what their owners want; and pods that were marked as the target of
//! a disruption that never came. Evictions themselves are the API server's: it spends what is allowed here, and notes in `disruptedPods` whom it has promised away.

mod owner;
mod plan;
mod stale;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use api::labels::Selector;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use runtime::{Change, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use owner::{Owners, Scales};
use plan::Snapshot;
use stale::Marks;

/// As upstream, which has one worker for each of the two.
const WORKERS: usize = 1;
/// The source of Events.
const COMPONENT: &str = "controllermanager";

struct Budgets {
    budgets: Informer<PodDisruptionBudget>,
    pods: Informer<Pod>,
    owners: Owners,
}

/// | change | keys |
/// |---|---|
/// | PodDisruptionBudget | itself |
/// | Pod | the PodDisruptionBudgets that select it, now or before |
///
/// A budget does not follow the owners of its pods: what they want is looked up when their pods come and go.
pub(crate) async fn run(house: House) {
    let (budgets, pods) = (house.informers.of::<PodDisruptionBudget>(), house.informers.of::<Pod>());
    let owners = Owners::new(&house.informers);
    let informers = owners.clone();
    let reconciler = Budgets { budgets: budgets.clone(), pods: pods.clone(), owners };
    let all = budgets.clone();
    Controller::new(house, COMPONENT, WORKERS, reconciler)
        .on(&budgets, |change| change.new.iter().map(|budget| Key::of(&budget.metadata)).collect())
        .on(&pods, move |change| concerned(&all, change))
        .reads(&informers.replica_sets)
        .reads(&informers.deployments)
        .reads(&informers.stateful_sets)
        .reads(&informers.replication_controllers)
        .run()
        .await;
}

/// | change | keys |
/// |---|---|
/// | Pod that is marked, or where several budgets are | itself |
pub(crate) async fn run_marks(house: House) {
    let (budgets, pods) = (house.informers.of::<PodDisruptionBudget>(), house.informers.of::<Pod>());
    let reconciler = Marks { budgets: budgets.clone(), pods: pods.clone() };
    Controller::new(house, COMPONENT, WORKERS, reconciler)
        .on(&pods, move |change| {
            let calls = |pod: &&Arc<Pod>| {
                stale::is_marked(pod) || budgets.in_namespace(pod.metadata.namespace.as_deref().unwrap_or_default()).len() > 1
            };
            change.new.iter().filter(calls).map(|pod| Key::of(&pod.metadata)).collect()
        })
        .run()
        .await;
}

/// The budgets of a pod's namespace that select it.
fn selecting(budgets: &Informer<PodDisruptionBudget>, pod: &Pod) -> Vec<Arc<PodDisruptionBudget>> {
    let mut found = budgets.in_namespace(pod.metadata.namespace.as_deref().unwrap_or_default());
    found.retain(|budget| selector(budget).is_ok_and(|selector| selector.matches(pod.metadata.labels.as_ref())));
    found
}

fn concerned(budgets: &Informer<PodDisruptionBudget>, change: &Change<Pod>) -> Vec<Key> {
    let mut keys: Vec<Key> = change.both().flat_map(|pod| selecting(budgets, pod)).map(|budget| Key::of(&budget.metadata)).collect();
    keys.dedup();
    keys
}

/// Whom a budget is about; why nobody can say, where the selector is none.
fn selector(budget: &PodDisruptionBudget) -> Result<Selector, String> {
    let selector = budget.spec.as_ref().and_then(|spec| spec.selector.as_ref());
    Selector::from_label_selector(selector).map_err(|error| error.to_string())
}

impl Reconciler for Budgets {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "disruption-controller"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let budget = self.budgets.get(&key.namespace, &key.name)?;
        let pods = selector(&budget).map(|selector| {
            let mut pods = self.pods.in_namespace(&key.namespace);
            pods.retain(|pod| selector.matches(pod.metadata.labels.as_ref()));
            pods
        });
        let owned = pods.as_deref().unwrap_or_default();
        let scales = if plan::counts_by_scale(&budget) { self.owners.scales(owned) } else { Scales::default() };
        Some(Snapshot { budget, pods, scales })
    }
    async fn ask(&self, snapshot: &mut Snapshot) {
        self.owners.ask(&mut snapshot.scales).await;
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        plan::plan(snapshot, now)
    }
}
