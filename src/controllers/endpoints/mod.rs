//! Endpoints and EndpointSlices: which pods serve a service, and whether they are ready.

mod legacy;
mod service;
mod slices;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Endpoints, Node, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use runtime::{Action, Change, Index, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use crate::pods;
use service::managed;
use slices::{MANAGED_BY, MANAGER, SERVICE_NAME};

const WORKERS: usize = 5;
const ZONE: &str = "topology.kubernetes.io/zone";

struct ServiceEndpoints {
    services: Informer<Service>,
    pods: Informer<Pod>,
    nodes: Informer<Node>,
    endpoints: Informer<Endpoints>,
    slices: Index<EndpointSlice>,
}

/// What is found under the name of a service.
#[derive(Clone, Debug)]
enum Found {
    Service(Box<Snapshot>),
    /// Endpoints of ours that outlived their service: unlike slices they have no owner.
    Leftover(Arc<Endpoints>),
}

/// All that the endpoints of one service depend on.
#[derive(Clone, Debug)]
struct Snapshot {
    service: Arc<Service>,
    /// The pods that it selects, by name.
    pods: Vec<Arc<Pod>>,
    /// The nodes that exist, with their zones.
    zones: BTreeMap<String, Option<String>>,
    endpoints: Option<Arc<Endpoints>>,
    /// The slices in its name that are ours.
    slices: Vec<Arc<EndpointSlice>>,
}

/// | change | keys |
/// |---|---|
/// | Service | itself |
/// | Pod | the Services of its namespace that select it, or selected it before |
/// | EndpointSlice, Endpoints | the Service of its name |
/// | Node that came, went or changed its zone | the Services of its pods |
pub(crate) async fn run(house: House) {
    let informers = &house.informers;
    let (services, pods, nodes) = (informers.of::<Service>(), informers.of::<Pod>(), informers.of::<Node>());
    let (endpoints, slices) = (informers.of::<Endpoints>(), informers.of::<EndpointSlice>());
    let by_service = slices.index("service", |slice| service_of(slice).map(|key| key.to_string()).into_iter().collect());
    let by_node = crate::node_lifecycle::by_node(&pods);
    let reconciler = ServiceEndpoints {
        services: services.clone(),
        pods: pods.clone(),
        nodes: nodes.clone(),
        endpoints: endpoints.clone(),
        slices: by_service,
    };
    let (of_pod, of_node) = (services.clone(), services.clone());
    Controller::new(house, "endpoint-slice-controller", WORKERS, reconciler)
        .on(&services, |change| vec![Key::of(&change.latest().metadata)])
        .on(&pods, move |change| change.both().flat_map(|pod| services_of(pod, &of_pod)).collect())
        .on(&slices, |change| change.both().filter_map(|slice| service_of(slice)).collect())
        .on(&endpoints, |change| vec![Key::of(&change.latest().metadata)])
        .on(&nodes, move |change| {
            if !moved(change) {
                return Vec::new();
            }
            let node = change.latest().metadata.name.clone().unwrap_or_default();
            by_node.get(&node).iter().flat_map(|pod| services_of(pod, &of_node)).collect()
        })
        .run()
        .await;
}

fn services_of(pod: &Pod, services: &Informer<Service>) -> Vec<Key> {
    let services = services.in_namespace(pod.metadata.namespace.as_deref().unwrap_or_default());
    let selects = |service: &Service| managed(service).is_some_and(|(_, selector)| selector.matches(pod.metadata.labels.as_ref()));
    services.iter().filter(|service| selects(service)).map(|service| Key::of(&service.metadata)).collect()
}

/// The service that a slice of ours is for.
fn service_of(slice: &EndpointSlice) -> Option<Key> {
    let labels = slice.metadata.labels.as_ref()?;
    let ours = labels.get(MANAGED_BY).is_some_and(|manager| manager == MANAGER);
    let name = labels.get(SERVICE_NAME).filter(|_| ours)?;
    Some(Key::new(slice.metadata.namespace.clone()?, name))
}

fn zone(node: &Node) -> Option<String> {
    node.metadata.labels.as_ref()?.get(ZONE).cloned().filter(|zone| !zone.is_empty())
}

fn moved(change: &Change<Node>) -> bool {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => zone(old) != zone(new),
        _ => true,
    }
}

impl Reconciler for ServiceEndpoints {
    type Key = Key;
    type Snapshot = Found;

    fn name(&self) -> &'static str {
        "endpoint-slice-controller"
    }
    fn observe(&self, key: &Key) -> Option<Found> {
        let endpoints = self.endpoints.get(&key.namespace, &key.name);
        let Some(service) = self.services.get(&key.namespace, &key.name) else {
            return endpoints.filter(|endpoints| legacy::is_ours(endpoints)).map(Found::Leftover);
        };
        let (_, selector) = managed(&service)?;
        let mut pods = self.pods.in_namespace(&key.namespace);
        pods.retain(|pod| selector.matches(pod.metadata.labels.as_ref()));
        let nodes = pods.iter().filter_map(|pod| self.nodes.get("", pods::node(pod)?));
        let zones = nodes.map(|node| (node.metadata.name.clone().unwrap_or_default(), zone(&node))).collect();
        let slices = self.slices.get(&key.to_string());
        Some(Found::Service(Box::new(Snapshot { service, pods, zones, endpoints, slices })))
    }
    fn plan(&self, found: &Found, _now: Timestamp) -> Plan {
        match found {
            Found::Service(snapshot) => plan(snapshot),
            Found::Leftover(endpoints) => Plan { actions: vec![Action::delete(&**endpoints)], requeue_at: None },
        }
    }
}

fn plan(snapshot: &Snapshot) -> Plan {
    let Some((spec, _)) = managed(&snapshot.service) else { return Plan::default() };
    if snapshot.service.metadata.deletion_timestamp.is_some() {
        return Plan::default();
    }
    let mut actions = slices::plan(snapshot, spec);
    actions.extend(legacy::plan(snapshot, spec));
    Plan { actions, requeue_at: None }
}
