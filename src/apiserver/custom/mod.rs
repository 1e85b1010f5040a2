//! Custom resources: keeps what is served in step with the definitions. It decides on their names, establishes them, and ends them with their instances, all through
//! ordinary writes. What is served is replaced before a definition says that it is established, so whoever reads that can use it.

mod convert;
mod finalize;
mod served;
mod status;
mod webhook;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};
use std::time::Duration;

use api::ApiError;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceDefinition, CustomResourceDefinitionNames, CustomResourceDefinitionStatus,
};
use kinds::CUSTOM_RESOURCE_DEFINITION;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::cache::{Item, Position, Pull};
use crate::context::UserInfo;
use crate::registry::{Endpoint, Registry};
use crate::server::Inner;
use status::Taken;

pub use finalize::mark;

/// Events looked at in one go.
const BATCH: usize = 512;
/// A write that failed for another reason than a conflict is tried again after this long.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

impl Shape {
    /// Whether watches may go on: nothing of the specification or the names is another.
    fn serves_as(&self, other: &Self) -> bool {
        (&self.uid, &self.digest, &self.names) == (&other.uid, &other.digest, &other.names)
    }
}

/// All definitions, and what is served of them.
pub struct Definitions {
    known: BTreeMap<String, Known>,
    position: Option<Position>,
    /// Of what has been replaced.
    retired: Vec<CancellationToken>,
}

/// What is kept of one definition.
struct Known {
    group: String,
    names: CustomResourceDefinitionNames,
    /// Some name that it wants is not its own.
    conflicted: bool,
    shape: Shape,
    served: Vec<(Endpoint, Arc<str>)>,
    /// Ends the watches of what is served.
    retired: CancellationToken,
}

impl Known {
    /// The endpoint whose objects have to be converted least.
    fn storage(&self) -> Option<Endpoint> {
        let stored =
            |endpoint: &Endpoint| endpoint.kind.behaviour.custom().is_some_and(|custom| custom.storage_version == endpoint.kind.version);
        let endpoints = || self.served.iter().map(|(endpoint, _)| endpoint);
        endpoints().find(|endpoint| stored(endpoint)).or_else(|| endpoints().next()).cloned()
    }
}

/// Whatever makes another set of endpoints.
#[derive(PartialEq)]
struct Shape {
    uid: Option<String>,
    /// Of the specification.
    digest: Vec<u8>,
    names: CustomResourceDefinitionNames,
    established: bool,
    terminating: bool,
}

/// Serves what is established, from now on for as long as the server lives.
pub async fn start(inner: &Arc<Inner>) {
    let mut definitions = Definitions { known: BTreeMap::new(), position: None, retired: Vec::new() };
    let resource = inner.registry.of(&CUSTOM_RESOURCE_DEFINITION).resource.clone();
    let mut changed = resource.subscribe();
    let mut due = definitions.follow(&inner.registry).await;
    let inner = Arc::downgrade(inner);
    tokio::spawn(async move {
        loop {
            let Some(again) = act(&inner, &definitions, due).await else { return };
            let wait = if again.is_empty() { Duration::MAX } else { AGAIN_AFTER };
            tokio::select! {
                changed = changed.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(wait) => {}
            }
            let Some(inner) = inner.upgrade() else { return };
            due = definitions.follow(&inner.registry).await;
            due.extend(again);
        }
    });
}

/// Writes the statuses that are due and ends what is to end; the names of those that failed come back. None: the server is gone.
async fn act(inner: &Weak<Inner>, definitions: &Definitions, due: BTreeSet<String>) -> Option<BTreeSet<String>> {
    let mut failed = BTreeSet::new();
    for name in due {
        let inner = inner.upgrade()?;
        let Some(known) = definitions.known.get(&name) else { continue };
        if known.shape.terminating {
            let uid = known.shape.uid.clone().unwrap_or_default();
            finalize::begin(&inner, &name, uid, known.storage());
        }
        if let Err(error) = write_status(&inner.registry, &name, &definitions.taken(&name, &known.group)).await
            && error.code() != 404
        {
            tracing::warn!(%name, %error, "the status of a definition can not be written");
            failed.insert(name);
        }
    }
    Some(failed)
}

async fn write_status(registry: &Registry, name: &str, taken: &Taken) -> Result<(), ApiError> {
    change(registry, name, |definition| {
        definition.status = Some(status::next(definition, taken, &crate::registry::now()));
    })
    .await
}

/// Changes the status or the finalizers of a definition.
async fn change(registry: &Registry, name: &str, change: impl Fn(&mut CustomResourceDefinition)) -> Result<(), ApiError> {
    registry.change_status(&CUSTOM_RESOURCE_DEFINITION, name, &UserInfo::server(), change).await
}

impl Definitions {
    /// Looks at what has changed and serves it; the names of the definitions whose status may be another now.
    async fn follow(&mut self, registry: &Registry) -> BTreeSet<String> {
        let resource = &registry.of(&CUSTOM_RESOURCE_DEFINITION).resource;
        let mut due = BTreeSet::new();
        let mut replace = false;
        loop {
            let changes: Vec<(String, Option<Arc<Item>>)> = match self.position.map(|position| resource.pull(position, BATCH)) {
                Some(Pull::Events(events, next)) => {
                    self.position = Some(next);
                    if events.is_empty() {
                        break;
                    }
                    let names: BTreeSet<String> = events.iter().map(|event| event.item.name().to_owned()).collect();
                    names.into_iter().map(|name| (name.clone(), resource.get(&resource.key("", &name)))).collect()
                }
                // the first look, or one after more changes than are kept
                Some(Pull::Behind) | None => {
                    let (items, revision) = resource.list("", || registry.cache.revision());
                    self.position = resource.position(revision).ok();
                    let gone = self.known.keys().filter(|name| !items.iter().any(|item| item.name() == name.as_str()));
                    gone.map(|name| (name.clone(), None))
                        .chain(items.iter().map(|item| (item.name().to_owned(), Some(item.clone()))))
                        .collect()
                }
            };
            for (name, item) in changes {
                replace |= self.note(registry, &name, item.as_ref(), &mut due);
            }
            tokio::task::yield_now().await;
        }
        if replace {
            registry.serve(self.known.values().flat_map(|known| known.served.iter().cloned()));
        }
        // whoever comes back finds what is served now
        std::mem::take(&mut self.retired).iter().for_each(CancellationToken::cancel);
        due
    }

    /// Takes one definition as it is now; whether what is served has changed by it.
    fn note(&mut self, registry: &Registry, name: &str, item: Option<&Arc<Item>>, due: &mut BTreeSet<String>) -> bool {
        let decoded = item.map(|item| item.decode(&CUSTOM_RESOURCE_DEFINITION));
        let definition = match &decoded {
            Some(Ok(object)) => object.downcast_ref::<CustomResourceDefinition>(),
            Some(Err(error)) => {
                tracing::error!(%name, %error, "a stored definition can not be decoded");
                return false;
            }
            None => None,
        };
        let (Some(definition), Some(item)) = (definition, item) else {
            let Some(gone) = self.known.remove(name) else { return false };
            self.wake(&gone.group, due);
            let was_served = !gone.served.is_empty();
            self.retired.push(gone.retired);
            return was_served;
        };
        let group = definition.spec.group.clone();
        let next = status::next(definition, &self.taken(name, &group), &crate::registry::now());
        if definition.status.as_ref() != Some(&next) || definition.metadata.deletion_timestamp.is_some() {
            due.insert(name.to_owned());
        }
        let names = next.accepted_names.clone().unwrap_or_default();
        let shape = Shape {
            uid: definition.metadata.uid.clone(),
            digest: Sha256::digest(serde_json::to_vec(&definition.spec).unwrap_or_default()).to_vec(),
            names: names.clone(),
            established: has(&next, "Established"),
            terminating: definition.metadata.deletion_timestamp.is_some(),
        };
        let before = self.known.remove(name);
        let renamed = before.as_ref().is_some_and(|before| before.names != names);
        let (served, replace, retired) = match before {
            Some(before) if before.shape == shape => (before.served, false, before.retired),
            before => {
                let was_served = before.as_ref().is_some_and(|before| !before.served.is_empty());
                let retired = match before {
                    Some(before) if before.shape.serves_as(&shape) => before.retired,
                    before => {
                        self.retired.extend(before.map(|before| before.retired));
                        CancellationToken::new()
                    }
                };
                let served = if shape.established { served::endpoints(definition, &names, item, registry, &retired) } else { Vec::new() };
                let replace = !served.is_empty() || was_served;
                (served, replace, retired)
            }
        };
        let conflicted = !has(&next, "NamesAccepted");
        self.known.insert(name.to_owned(), Known { group: group.clone(), names, conflicted, shape, served, retired });
        if renamed {
            self.wake(&group, due);
        }
        replace
    }

    /// Names of a group have become free: those who want some may have them now.
    fn wake(&self, group: &str, due: &mut BTreeSet<String>) {
        due.extend(self.known.iter().filter(|(_, known)| known.conflicted && known.group == group).map(|(name, _)| name.clone()));
    }

    /// The names of the other definitions of a group.
    fn taken(&self, name: &str, group: &str) -> Taken {
        let mut taken = Taken::default();
        self.known.iter().filter(|(other, known)| *other != name && known.group == group).for_each(|(_, known)| taken.add(&known.names));
        taken
    }
}

fn has(status: &CustomResourceDefinitionStatus, condition: &str) -> bool {
    status.conditions.iter().flatten().any(|found| found.type_ == condition && found.status == "True")
}
