//! Namespace: one that is deleted takes everything in it along, and goes when nothing is left.

mod plan;

use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Namespace;
use runtime::{Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use crate::resources::{MetaChange, Source, Sources};
use plan::{Content, Snapshot};

/// As upstream's `--concurrent-namespace-syncs`.
const WORKERS: usize = 10;

struct Namespaces {
    namespaces: Informer<Namespace>,
    sources: Arc<Sources>,
}

/// | change | keys |
/// |---|---|
/// | Namespace | itself |
/// | an object of any kind that went or was marked, in a Namespace that is going | that Namespace |
pub(crate) async fn run(house: House) {
    let namespaces = house.informers.of::<Namespace>();
    let sources = house.sources.clone();
    let reconciler = Namespaces { namespaces: namespaces.clone(), sources: sources.clone() };
    let controller = Controller::new(house, "namespace-controller", WORKERS, reconciler)
        .on(&namespaces, |change| vec![Key::of(&change.latest().metadata)]);
    let concerned = move |_: &Arc<Source>, change: MetaChange<'_>| {
        let namespace = change.latest().namespace.clone().unwrap_or_default();
        let going = namespaces.get("", &namespace).is_some_and(|namespace| namespace.metadata.deletion_timestamp.is_some());
        if going { vec![Key::new("", namespace)] } else { Vec::new() }
    };
    sources.attach(controller, concerned).run().await;
}

impl Reconciler for Namespaces {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "namespace-controller"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let namespace = self.namespaces.get("", &key.name)?;
        namespace.metadata.deletion_timestamp.as_ref()?;
        let content = |source: &Arc<Source>| Content { resource: source.resource.clone(), objects: source.in_namespace(&key.name) };
        Some(Snapshot { namespace, content: self.sources.all().iter().filter(|source| source.resource.namespaced).map(content).collect() })
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        plan::plan(snapshot, now)
    }
}
