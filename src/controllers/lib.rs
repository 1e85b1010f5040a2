//! The controllers: each watches some kinds and drives others towards what is declared. One folder a controller, each with what it observes, a pure plan, and the
//! table of which changes concern which keys. They share informers and one executor, and know nothing of each other.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::needless_pass_by_value))]

mod certificates;
mod controller;
mod deployment;
mod discovered;
mod disruption;
mod endpoint_mirroring;
mod endpoints;
mod garbage;
mod namespace;
mod node_lifecycle;
mod ownership;
mod pod_gc;
mod pods;
mod replicas;
mod resource_quota;
mod resources;
mod role_aggregation;
mod service_account;
mod service_addresses;
mod service_cidrs;
mod sources;
mod volume_binding;
mod volume_protection;

use std::sync::Arc;

use crate::sources::Sources;
use runtime::{Clock, Informers, Recorder, SystemClock};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use certificates::CertificateSigner;

/// What controllers need to know of the cluster beyond its objects.
#[derive(Clone)]
pub struct Config {
    /// The certificate of the cluster's authority, for the `kube-root-ca.crt` config map of each namespace.
    pub root_ca_pem: String,
    /// Signs certificate requests that have been approved.
    pub signer: Arc<dyn CertificateSigner>,
}

impl Default for Config {
    fn default() -> Self {
        Self { root_ca_pem: String::new(), signer: Arc::new(certificates::NoSigner) }
    }
}

/// What every controller works with.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) informers: Informers,
    pub(crate) recorder: Recorder,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: Arc<Config>,
    /// The objects of all resources.
    pub(crate) sources: Arc<Sources>,
    pub(crate) stop: CancellationToken,
}

/// Runs all controllers until `stop`; plans under way are finished.
pub async fn run(informers: Informers, config: Config, stop: CancellationToken) {
    let house = House {
        recorder: Recorder::new(informers.client(), "controller-manager"),
        sources: Sources::new(&informers),
        informers,
        clock: Arc::new(SystemClock),
        config: Arc::new(config),
        stop,
    };
    let mut tasks = JoinSet::new();
    tasks.spawn(replicas::run_replica_sets(house.clone()));
    tasks.spawn(replicas::run_replication_controllers(house.clone()));
    tasks.spawn(deployment::run(house.clone()));
    tasks.spawn(disruption::run(house.clone()));
    tasks.spawn(disruption::run_marks(house.clone()));
    tasks.spawn(endpoints::run(house.clone()));
    tasks.spawn(endpoint_mirroring::run(house.clone()));
    tasks.spawn(discovered::run(house.clone()));
    tasks.spawn(garbage::run(house.clone()));
    tasks.spawn(namespace::run(house.clone()));
    tasks.spawn(service_account::run(house.clone()));
    tasks.spawn(service_addresses::run(house.clone()));
    tasks.spawn(service_cidrs::run(house.clone()));
    tasks.spawn(certificates::run(house.clone()));
    tasks.spawn(resource_quota::run(house.clone()));
    tasks.spawn(role_aggregation::run(house.clone()));
    tasks.spawn(node_lifecycle::run_health(house.clone()));
    tasks.spawn(node_lifecycle::run_evictions(house.clone()));
    tasks.spawn(volume_binding::run(house.clone()));
    tasks.spawn(volume_protection::run_claims(house.clone()));
    tasks.spawn(volume_protection::run_volumes(house.clone()));
    tasks.spawn(volume_protection::run_classes(house.clone()));
    tasks.spawn(pod_gc::run(house));
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!("a controller ended: {error}");
        }
    }
}
