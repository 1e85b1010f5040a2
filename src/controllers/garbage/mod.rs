//! The garbage collector: what lost its last owner goes; an owner that is deleted in the foreground waits for what it owns, and one that is deleted as an orphanage
//! sets it free.

mod plan;

use std::fmt;
use std::sync::Arc;

use client::Resource;
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use runtime::{Existing, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use crate::resources::{MetaChange, Source};
use crate::sources::Sources;
use plan::{Dependent, Owner, Snapshot, State, is_waiting_for_dependents};

const WORKERS: usize = 20;

/// An object of any resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Item {
    resource: Resource,
    namespace: String,
    name: String,
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.resource.plural, self.namespace, self.name)
    }
}

struct Garbage {
    graph: Arc<Graph>,
}

/// All objects with their owners.
struct Graph {
    sources: Arc<Sources>,
}

/// | change of an object of any kind | keys |
/// |---|---|
/// | came, or changed its owners, finalizers or deletion | itself |
/// | went | what it owned; the owners that waited for it |
/// | began to wait for what it owns | what it owns |
/// | changed its owners | the owners that it left |
pub(crate) async fn run(house: House) {
    let sources = house.sources.clone();
    let graph = Arc::new(Graph { sources: sources.clone() });
    let controller = Controller::new(house, "garbage-collector-controller", WORKERS, Garbage { graph: graph.clone() });
    let concerned = move |source: &Arc<Source>, change: MetaChange<'_>| graph.concerned(&source.resource, &change);
    sources.attach(controller, concerned).run().await;
}

impl Graph {
    fn item(resource: &Resource, meta: &ObjectMeta) -> Item {
        Item {
            resource: resource.clone(),
            namespace: meta.namespace.clone().unwrap_or_default(),
            name: meta.name.clone().unwrap_or_default(),
        }
    }
    fn concerned(&self, resource: &Resource, change: &MetaChange<'_>) -> Vec<Item> {
        let MetaChange { old, new } = change;
        let mut items = Vec::new();
        let uid = change.latest().uid.as_deref().unwrap_or_default();
        match new {
            Some(new) => {
                let calls = new.owner_references.as_ref().is_some_and(|owners| !owners.is_empty()) || new.deletion_timestamp.is_some();
                let differs = old.is_none_or(|old| {
                    old.owner_references != new.owner_references
                        || old.finalizers != new.finalizers
                        || old.deletion_timestamp != new.deletion_timestamp
                        || old.uid != new.uid
                });
                if calls && differs {
                    items.push(Self::item(resource, new));
                }
                if is_waiting_for_dependents(new) && !old.is_some_and(is_waiting_for_dependents) {
                    items.extend(self.dependents(uid).into_iter().map(|(source, meta)| Self::item(&source.resource, &meta)));
                }
            }
            None => items.extend(self.dependents(uid).into_iter().map(|(source, meta)| Self::item(&source.resource, &meta))),
        }
        // Owners that it does not keep waiting any more.
        for owner in old.iter().flat_map(|old| old.owner_references.iter().flatten()) {
            let kept = new.is_some_and(|new| new.owner_references.iter().flatten().any(|kept| kept == owner));
            if !kept && let Some((owner_source, namespace)) = self.place(owner, change.latest()) {
                let meta = ObjectMeta { namespace: Some(namespace), name: Some(owner.name.clone()), ..Default::default() };
                items.push(Self::item(&owner_source.resource, &meta));
            }
        }
        // Another object under the same name: what the former one owned is left over.
        if let (Some(old), Some(new)) = (old, new)
            && old.uid != new.uid
        {
            let former = old.uid.as_deref().unwrap_or_default();
            items.extend(self.dependents(former).into_iter().map(|(source, meta)| Self::item(&source.resource, &meta)));
        }
        items
    }
    fn dependents(&self, uid: &str) -> Vec<(Arc<Source>, ObjectMeta)> {
        let sources = self.sources.all().into_iter();
        sources.flat_map(|source| source.owned_by(uid).into_iter().map(move |meta| (source.clone(), meta))).collect()
    }
    /// Where an owner lies: its source and namespace. `None` for a kind that is not known here, and for an owner in a namespace of an object in none.
    fn place(&self, owner: &OwnerReference, dependent: &ObjectMeta) -> Option<(Arc<Source>, String)> {
        let group = owner.api_version.split_once('/').map_or("", |(group, _)| group);
        let of_kind = |source: &Arc<Source>| source.resource.kind == owner.kind && source.resource.group == group;
        let source = self.sources.all().into_iter().find(of_kind)?;
        if !source.resource.namespaced {
            return Some((source, String::new()));
        }
        let namespace = dependent.namespace.clone().filter(|namespace| !namespace.is_empty())?;
        Some((source, namespace))
    }
    fn owner(&self, reference: &OwnerReference, dependent: &ObjectMeta) -> Owner {
        let state = match self.place(reference, dependent) {
            None => State::Unknown,
            Some((source, namespace)) => {
                match source.get(&namespace, &reference.name).filter(|meta| meta.uid.as_deref() == Some(&reference.uid)) {
                    Some(meta) if is_waiting_for_dependents(&meta) => State::Waiting,
                    Some(_) => State::Solid,
                    None => State::Missing(Existing {
                        resource: source.resource.clone(),
                        namespace,
                        name: reference.name.clone(),
                        uid: reference.uid.clone(),
                    }),
                }
            }
        };
        Owner { reference: reference.clone(), state }
    }
}

impl Reconciler for Garbage {
    type Key = Item;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "garbage-collector-controller"
    }
    fn observe(&self, key: &Item) -> Option<Snapshot> {
        let source = self.graph.sources.get(&key.resource)?;
        let meta = source.get(&key.namespace, &key.name)?;
        let owners = meta.owner_references.iter().flatten().map(|reference| self.graph.owner(reference, &meta)).collect();
        let uid = meta.uid.clone().unwrap_or_default();
        let dependents = self.graph.dependents(&uid).into_iter();
        let dependents = dependents.map(|(source, meta)| Dependent { resource: source.resource.clone(), meta }).collect();
        Some(Snapshot { resource: source.resource.clone(), meta, owners, dependents })
    }
    fn plan(&self, snapshot: &Snapshot, _now: Timestamp) -> Plan {
        plan::plan(snapshot)
    }
}
