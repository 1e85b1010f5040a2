//! EndpointSlices of Endpoints that somebody writes by hand, for services without a selector: whoever reads slices sees these services, too.

mod plan;

use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Endpoints, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use runtime::{Index, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use plan::{MANAGED_BY, MANAGER, SERVICE_NAME};

/// As upstream's `--mirroring-concurrent-service-endpoint-syncs`.
const WORKERS: usize = 5;

struct Mirroring {
    services: Informer<Service>,
    endpoints: Informer<Endpoints>,
    slices: Index<EndpointSlice>,
}

/// What there is under the name of a service.
#[derive(Clone, Debug)]
struct Snapshot {
    service: Option<Arc<Service>>,
    endpoints: Option<Arc<Endpoints>>,
    /// The slices of that name that are ours.
    slices: Vec<Arc<EndpointSlice>>,
}

/// | change | keys |
/// |---|---|
/// | Endpoints, Service | itself |
/// | EndpointSlice of ours | the Endpoints that it mirrors |
pub(crate) async fn run(house: House) {
    let informers = &house.informers;
    let (services, endpoints, slices) = (informers.of::<Service>(), informers.of::<Endpoints>(), informers.of::<EndpointSlice>());
    let mirrored = slices.index("mirrored", |slice| mirrored(slice).map(|key| key.to_string()).into_iter().collect());
    let reconciler = Mirroring { services: services.clone(), endpoints: endpoints.clone(), slices: mirrored };
    Controller::new(house, "endpoint-slice-mirroring-controller", WORKERS, reconciler)
        .on(&services, |change| vec![Key::of(&change.latest().metadata)])
        .on(&endpoints, |change| vec![Key::of(&change.latest().metadata)])
        .on(&slices, |change| change.both().filter_map(|slice| self::mirrored(slice)).collect())
        .run()
        .await;
}

/// What a slice of ours mirrors.
fn mirrored(slice: &EndpointSlice) -> Option<Key> {
    let labels = slice.metadata.labels.as_ref()?;
    let ours = labels.get(MANAGED_BY).is_some_and(|manager| manager == MANAGER);
    let name = labels.get(SERVICE_NAME).filter(|_| ours)?;
    Some(Key::new(slice.metadata.namespace.clone()?, name))
}

impl Reconciler for Mirroring {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "endpoint-slice-mirroring-controller"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let service = self.services.get(&key.namespace, &key.name);
        let endpoints = self.endpoints.get(&key.namespace, &key.name);
        let slices = self.slices.get(&key.to_string());
        Some(Snapshot { service, endpoints, slices })
    }
    fn plan(&self, snapshot: &Snapshot, _now: Timestamp) -> Plan {
        Plan { actions: plan::plan(snapshot), requeue_at: None }
    }
}
