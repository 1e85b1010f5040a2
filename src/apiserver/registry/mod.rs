//! The one path that every kind takes: decoding, defaults, admission, validation, encoding, the store. What is peculiar to a kind comes from its row in
//! [`kinds::ALL`]; the few things that need more than the object itself (addresses of services, deletion of pods and namespaces) are in [`crate::special`].

mod apply;
mod commit;
mod create;
mod decode;
pub mod delete;
mod endpoint;
mod kept;
pub mod list;
mod meta;
mod own;
pub(crate) mod ownership;
mod patch;
mod reset_fields;
mod update;
pub mod watch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use api::ApiError;
use kinds::{Kind, Storage};
use store::WriteError;
use tokio::sync::watch as signal;

use crate::admission::Admission;
use crate::aggregation::Remote;
use crate::cache::{Cache, Item};
use crate::callout::Caller;
use crate::catalog::Catalog;
use crate::special::Special;
use crate::storage::SealedStore;

pub use decode::{body_document, decode_object, object_document};
pub use delete::DeleteOptions;
pub(crate) use delete::preconditions;
pub use endpoint::{Convert, Endpoint};
pub use kept::Kept;
pub use list::ListOptions;
pub(crate) use meta::{generate_name, now};
pub use ownership::Tracking;
pub use patch::Patch;
pub(crate) use patch::Patched;
pub use update::{Change, Strategy};

/// All resources over one store and its cache.
pub struct Registry {
    pub store: SealedStore,
    pub cache: Arc<Cache>,
    pub admission: Admission,
    pub special: Special,
    /// Calls the webhooks that convert.
    pub caller: Arc<Caller>,
    /// Of the built-in kinds, by plural.
    built_in: HashMap<&'static str, Vec<Endpoint>>,
    /// What is served at this moment besides.
    catalog: RwLock<Arc<Catalog>>,
    offered: Mutex<Offered>,
    /// Wakes when other custom resources are served.
    served: signal::Sender<()>,
    older: bool,
}

/// What is served besides the built-in kinds.
#[derive(Default)]
struct Offered {
    custom: Vec<(Endpoint, Arc<str>)>,
    remotes: Vec<Arc<Remote>>,
}

impl Registry {
    /// With `older`, the versions of kinds that upstream has removed are served, too.
    pub fn new(store: SealedStore, cache: Arc<Cache>, admission: Admission, special: Special, caller: Arc<Caller>, older: bool) -> Self {
        let mut built_in: HashMap<_, Vec<_>> = HashMap::new();
        for kind in kinds::lookup::served().filter(|kind| older || !kind.is_older()) {
            let stored = kind.stored_as();
            let endpoint = Endpoint::built_in(kind, cache.resource(&stored.group, &stored.plural));
            built_in.entry(kind.plural.as_ref()).or_default().push(endpoint);
        }
        let catalog = RwLock::new(Arc::new(Catalog::new([], &[], older)));
        let (offered, served) = (Mutex::default(), signal::Sender::new(()));
        Self { store, cache, admission, special, caller, built_in, older, catalog, offered, served }
    }
    /// All that is served at this moment.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.catalog.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// Serves these custom resources from now on, each with a digest of what its clients are told.
    pub fn serve(&self, custom: impl IntoIterator<Item = (Endpoint, Arc<str>)>) {
        let mut offered = self.offered.lock().unwrap_or_else(PoisonError::into_inner);
        offered.custom = custom.into_iter().collect();
        self.replace_catalog(&offered);
        drop(offered);
        self.served.send_replace(());
    }
    /// Tells of what extension API servers serve from now on.
    pub fn serve_remote(&self, remotes: Vec<Arc<Remote>>) {
        let mut offered = self.offered.lock().unwrap_or_else(PoisonError::into_inner);
        if offered.remotes != remotes {
            offered.remotes = remotes;
            self.replace_catalog(&offered);
        }
    }
    fn replace_catalog(&self, offered: &Offered) {
        let catalog = Catalog::new(offered.custom.iter().cloned(), &offered.remotes, self.older);
        *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(catalog);
    }
    /// Wakes when other custom resources are served.
    pub fn served(&self) -> signal::Receiver<()> {
        self.served.subscribe()
    }
    pub fn endpoint(&self, group: &str, version: &str, plural: &str) -> Option<Endpoint> {
        self.built_in_endpoint(group, version, plural).cloned().or_else(|| self.catalog().endpoint(group, version, plural).cloned())
    }
    fn built_in_endpoint(&self, group: &str, version: &str, plural: &str) -> Option<&Endpoint> {
        self.built_in.get(plural)?.iter().find(|endpoint| endpoint.kind.group == group && endpoint.kind.version == version)
    }
    /// The endpoints of other kinds that show the same objects as one.
    pub fn equivalents(&self, kind: &Kind) -> Vec<Endpoint> {
        let Some(own) = self.endpoint(&kind.group, &kind.version, &kind.plural) else { return Vec::new() };
        let catalog = self.catalog();
        let versions = catalog.group(&kind.group).into_iter().flat_map(|group| &group.versions);
        let custom = versions.filter_map(|version| catalog.endpoint(&kind.group, &version.name, &kind.plural));
        let same = |endpoint: &&Endpoint| {
            let other = (&endpoint.kind.group, &endpoint.kind.version) != (&own.kind.group, &own.kind.version);
            other && Arc::ptr_eq(&endpoint.resource, &own.resource)
        };
        self.built_in.values().flatten().chain(custom).filter(same).cloned().collect()
    }
    /// The endpoint of a kind by its names in objects.
    pub fn endpoint_of_kind(&self, api_version: &str, kind: &str) -> Option<Endpoint> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let catalog = self.catalog();
        let served = catalog.version(group, version)?.kinds.iter().find(|served| served.kind.kind == kind)?;
        self.endpoint(group, version, &served.kind.plural)
    }
    /// Whether any of the built-in kinds is of this group.
    pub fn has_built_in_group(&self, group: &str) -> bool {
        self.built_in.values().flatten().any(|endpoint| endpoint.kind.group == group)
    }
    /// The endpoint of a built-in kind.
    pub fn of(&self, kind: &'static Kind) -> &Endpoint {
        self.built_in_endpoint(&kind.group, &kind.version, &kind.plural).expect("every row of kinds::ALL has an endpoint")
    }
    /// One object, or that it is not there.
    pub fn get(&self, endpoint: &Endpoint, namespace: &str, name: &str) -> Result<Arc<Item>, ApiError> {
        if endpoint.kind.storage == Storage::Virtual {
            return Err(ApiError::method_not_allowed());
        }
        let key = endpoint.resource.key(namespace, name);
        endpoint.resource.get(&key).ok_or_else(|| endpoint.not_found(name))
    }
}

/// A write that the store refused, where no conflict was expected.
pub(crate) fn store_failure(error: &WriteError) -> ApiError {
    match error {
        WriteError::Closed => ApiError::service_unavailable("the server is shutting down"),
        WriteError::TooLarge { .. } => ApiError::too_large(error.to_string()),
        other => ApiError::internal(other),
    }
}
