//! Namespace: one that is deleted takes everything in it along, and goes when nothing is left.

mod plan;

use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Namespace;
use runtime::{Action, Failure, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use crate::resources::{MetaChange, Source};
use crate::sources::Sources;
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
/// | what discovery tells | the Namespaces that are going |
pub(crate) async fn run(house: House) {
    let namespaces = house.informers.of::<Namespace>();
    let sources = house.sources.clone();
    let reconciler = Namespaces { namespaces: namespaces.clone(), sources: sources.clone() };
    let controller = Controller::new(house, "namespace-controller", WORKERS, reconciler)
        .on(&namespaces, |change| vec![Key::of(&change.latest().metadata)]);
    let is_going = |namespace: &Namespace| namespace.metadata.deletion_timestamp.is_some();
    let all = namespaces.clone();
    let controller = controller.woken_by(sources.changed(), move || {
        all.list().iter().filter(|namespace| is_going(namespace)).map(|namespace| Key::of(&namespace.metadata)).collect()
    });
    let concerned = move |_: &Arc<Source>, change: MetaChange<'_>| {
        let namespace = change.latest().namespace.clone().unwrap_or_default();
        let going = namespaces.get("", &namespace).is_some_and(|namespace| is_going(&namespace));
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
        let outside = self.sources.outside();
        let held = self.sources.all();
        let known = held.iter().map(|source| Content {
            resource: source.resource.clone(),
            objects: source.in_namespace(&key.name),
            listed: true,
            by_collection: outside.resources.get(&source.resource).copied().unwrap_or(true),
        });
        // their server has not answered yet
        let unlisted = outside.resources.iter().filter(|(resource, _)| !held.iter().any(|source| source.resource == **resource));
        let unlisted = unlisted.map(|(resource, by_collection)| Content {
            resource: resource.clone(),
            objects: Vec::new(),
            listed: false,
            by_collection: *by_collection,
        });
        let content = known
            .chain(unlisted)
            .filter(|content| content.resource.namespaced && !outside.failing.contains(&content.resource.api_version()));
        Some(Snapshot { namespace, content: content.collect(), failing: outside.failing.iter().cloned().collect() })
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        plan::plan(snapshot, now)
    }
    fn settle(&self, snapshot: &Snapshot, failures: &[Failure], now: Timestamp) -> Vec<Action> {
        plan::settle(snapshot, failures, now)
    }
}
