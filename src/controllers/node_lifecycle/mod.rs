//! Node lifecycle: nodes that fall silent are marked and tainted, and taints drive pods out.

mod eviction;
mod health;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{Node, Pod};
use runtime::{Clock, Filter, Index, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use crate::pods;

const WORKERS: usize = 8;
const LEASES: &str = "kube-node-lease";

/// The last sign of life of a node, as it was written, and when it was seen. Only our own clock counts.
#[derive(Clone, Debug, PartialEq)]
struct Heard {
    sign: (Option<Timestamp>, Option<Timestamp>),
    at: Timestamp,
}

struct Health {
    nodes: Informer<Node>,
    leases: Informer<Lease>,
    pods: Index<Pod>,
    clock: Arc<dyn Clock>,
    /// One entry a node; those of nodes that are gone are dropped when they are looked for.
    heard: Mutex<HashMap<String, Heard>>,
}

struct Evictions {
    pods: Informer<Pod>,
    nodes: Informer<Node>,
}

/// | change | keys |
/// |---|---|
/// | Node, or its Lease | itself |
pub(crate) async fn run_health(house: House) {
    let (nodes, pods) = (house.informers.of::<Node>(), house.informers.of::<Pod>());
    let leases = house.informers.filtered::<Lease>(Filter { namespace: Some(LEASES.to_owned()), ..Filter::default() });
    let recorder = house.recorder.named("node-controller");
    let reconciler =
        Health { nodes: nodes.clone(), leases: leases.clone(), pods: by_node(&pods), clock: house.clock.clone(), heard: Mutex::default() };
    Controller::new(house, "node-controller", WORKERS, reconciler)
        .on(&nodes, move |change| {
            if let (Some(gone), None) = (&change.old, &change.new) {
                let name = gone.metadata.name.as_deref().unwrap_or_default();
                recorder.event(
                    &health::reference(gone),
                    "Normal",
                    "RemovingNode",
                    &format!("Node {name} event: Removing Node {name} from Controller"),
                );
            }
            vec![Key::of(&change.latest().metadata)]
        })
        .on(&leases, |change| vec![Key::new("", change.latest().metadata.name.clone().unwrap_or_default())])
        .reads(&pods)
        .run()
        .await;
}

/// | change | keys |
/// |---|---|
/// | Pod on a node | itself |
/// | Node whose taints changed | its Pods |
pub(crate) async fn run_evictions(house: House) {
    let (nodes, pods) = (house.informers.of::<Node>(), house.informers.of::<Pod>());
    let of_node = by_node(&pods);
    let reconciler = Evictions { pods: pods.clone(), nodes: nodes.clone() };
    let taints = |node: &Arc<Node>| node.spec.as_ref().and_then(|spec| spec.taints.clone()).unwrap_or_default();
    Controller::new(house, "taint-eviction-controller", WORKERS, reconciler)
        .on(&pods, |change| change.new.iter().filter(|pod| pods::node(pod).is_some()).map(|pod| Key::of(&pod.metadata)).collect())
        .on(&nodes, move |change| {
            let Some(new) = &change.new else { return Vec::new() };
            if change.old.as_ref().map(taints).unwrap_or_default() == taints(new) {
                return Vec::new();
            }
            of_node.get(new.metadata.name.as_deref().unwrap_or_default()).iter().map(|pod| Key::of(&pod.metadata)).collect()
        })
        .run()
        .await;
}

/// Pods by the node that they are bound to.
pub(crate) fn by_node(pods: &Informer<Pod>) -> Index<Pod> {
    pods.index("node", |pod| pods::node(pod).map(str::to_owned).into_iter().collect())
}

impl Health {
    /// When the node was last heard of, and whether for the first time.
    fn listen(&self, node: &Node, name: &str) -> (Timestamp, bool) {
        let lease = self.leases.get(LEASES, name);
        let renewed = lease.and_then(|lease| lease.spec.as_ref()?.renew_time.as_ref().map(|time| time.0));
        let conditions = node.status.iter().flat_map(|status| status.conditions.iter().flatten());
        let beat = conditions.filter_map(|condition| condition.last_heartbeat_time.as_ref().map(|time| time.0)).max();
        let sign = (renewed, beat);
        let now = self.clock.now();
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        match heard.get_mut(name) {
            Some(known) if known.sign == sign => (known.at, false),
            Some(known) => {
                *known = Heard { sign, at: now };
                (now, false)
            }
            None => {
                heard.insert(name.to_owned(), Heard { sign, at: now });
                (now, true)
            }
        }
    }
}

impl Reconciler for Health {
    type Key = Key;
    type Snapshot = health::Snapshot;

    fn name(&self) -> &'static str {
        "node-lifecycle-controller"
    }
    fn observe(&self, key: &Key) -> Option<health::Snapshot> {
        let Some(node) = self.nodes.get("", &key.name) else {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).remove(&key.name);
            return None;
        };
        let (heard, is_new) = self.listen(&node, &key.name);
        Some(health::Snapshot { node, heard, is_new, pods: self.pods.get(&key.name) })
    }
    fn plan(&self, snapshot: &health::Snapshot, now: Timestamp) -> Plan {
        health::plan(snapshot, now)
    }
}

impl Reconciler for Evictions {
    type Key = Key;
    type Snapshot = eviction::Snapshot;

    fn name(&self) -> &'static str {
        "taint-eviction-controller"
    }
    fn observe(&self, key: &Key) -> Option<eviction::Snapshot> {
        let pod = self.pods.get(&key.namespace, &key.name)?;
        let node = self.nodes.get("", pods::node(&pod)?)?;
        Some(eviction::Snapshot { pod, node })
    }
    fn plan(&self, snapshot: &eviction::Snapshot, now: Timestamp) -> Plan {
        eviction::plan(snapshot, now)
    }
}
