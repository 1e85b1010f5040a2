//! Aggregated APIs: group versions that an extension API server serves, as an APIService says. Requests for them go on to its service with who asks in headers
//! ([`proxy`]); whether it can be reached is told in the APIService ([`availability`]); what it tells of itself is told with the rest ([`documents`]). The groups
//! that this server serves by itself have an APIService, too ([`register`]).

mod availability;
mod documents;
mod oversee;
mod priorities;
mod proxy;
mod register;
mod remote;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use api::ApiError;
use kinds::API_SERVICE;
use tokio::task::AbortHandle;

use crate::catalog::Catalog;
use crate::openapi::Extended;
use crate::registry::Registry;
use crate::request::RequestInfo;
use crate::server::Inner;

pub use documents::Told;
pub use priorities::{of_group as priority_of_group, of_version as priority_of_version};
pub use proxy::{answer, upgrades};
pub use remote::{Extension, Remote};

/// What is known of the extension API servers.
#[derive(Default)]
pub struct Aggregation {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What each of the APIServices told of itself last, by name.
    told: BTreeMap<String, Arc<Told>>,
    /// Tasks that look after them, by name.
    overseers: BTreeMap<String, AbortHandle>,
}

impl Drop for Aggregation {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        state.overseers.values().for_each(AbortHandle::abort);
    }
}

impl Aggregation {
    /// Takes what an extension API server told of itself, and tells it with the rest.
    fn tell(&self, registry: &Registry, name: &str, change: impl FnOnce(&mut Told)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let before = state.told.get(name).cloned();
        let mut told = before.as_deref().cloned().unwrap_or_default();
        change(&mut told);
        if before.as_deref() != Some(&told) {
            state.told.insert(name.to_owned(), Arc::new(told));
            serve(registry, &state.told);
        }
    }
    /// Follows the APIServices there are now: each that names a service is looked after.
    fn follow(&self, inner: &Arc<Inner>) {
        let extensions: BTreeMap<String, Extension> =
            Extension::all(&inner.registry).into_iter().map(|extension| (extension.name.clone(), extension)).collect();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.told.retain(|name, _| extensions.contains_key(name));
        state.overseers.retain(|name, task| {
            let stays = extensions.contains_key(name);
            if !stays {
                task.abort();
            }
            stays
        });
        for name in extensions.keys().filter(|name| !state.overseers.contains_key(*name)).cloned().collect::<Vec<_>>() {
            let task = tokio::spawn(oversee::run(Arc::downgrade(inner), name.clone()));
            state.overseers.insert(name, task.abort_handle());
        }
        serve(&inner.registry, &state.told);
    }
}

/// Serves what extension API servers tell of themselves from now on.
fn serve(registry: &Registry, told: &BTreeMap<String, Arc<Told>>) {
    let remotes = Extension::all(registry).into_iter().map(|extension| {
        let told = told.get(&extension.name).cloned().unwrap_or_default();
        Remote { group: extension.group, version: extension.version, priorities: extension.priorities, told }
    });
    registry.serve_remote(remotes.map(Arc::new).collect());
}

/// The extension API server that a request is for.
pub fn route(registry: &Registry, info: &RequestInfo) -> Option<Extension> {
    let mut parts = info.path.trim_start_matches('/').split('/');
    let (group, version) = match (parts.next()?, parts.next()?, parts.next()?) {
        ("apis", group, version) => (group, version),
        ("openapi", "v3", "apis") => {
            let (group, version) = (parts.next()?, parts.next()?);
            if parts.next().is_some_and(|rest| !rest.is_empty()) || !tells_openapi(&registry.catalog(), group, version) {
                return None;
            }
            (group, version)
        }
        _ => return None,
    };
    Extension::find(registry, &format!("{version}.{group}"))
}

fn tells_openapi(catalog: &Catalog, group: &str, version: &str) -> bool {
    let remote = catalog.version(group, version).and_then(|version| version.remote.as_ref());
    remote.is_some_and(|remote| matches!(remote.told.openapi, Some(Extended::Entry(_))))
}

/// Registers the groups of this server, and looks after those of others from now on for as long as the server lives.
pub async fn start(inner: &Arc<Inner>) -> Result<(), ApiError> {
    register::built_in(&inner.registry).await?;
    inner.aggregation.follow(inner);
    let services = inner.registry.of(&API_SERVICE).resource.clone();
    let mut changed = services.subscribe();
    let mut served = inner.registry.served();
    let inner: Weak<Inner> = Arc::downgrade(inner);
    tokio::spawn(async move {
        loop {
            let Some(strong) = inner.upgrade() else { return };
            let again = register::custom(&strong.registry).await;
            strong.aggregation.follow(&strong);
            drop(strong);
            tokio::select! {
                changed = changed.changed() => if changed.is_err() { return },
                served = served.changed() => if served.is_err() { return },
                () = tokio::time::sleep(again.unwrap_or(std::time::Duration::MAX)) => {}
            }
        }
    });
    Ok(())
}
