//! The one path that every kind takes: decoding, defaults, admission, validation, encoding, the store. What is peculiar to a kind comes from its row in
//! [`kinds::ALL`]; the few things that need more than the object itself (addresses of services, deletion of pods and namespaces) are in [`crate::special`].

mod create;
mod decode;
pub mod delete;
pub mod list;
mod meta;
mod patch;
mod update;
pub mod watch;

use std::collections::HashMap;
use std::sync::Arc;

use api::{ApiError, Object};
use kinds::{Kind, Storage};
use store::{Store, WriteError};

use crate::admission::Admission;
use crate::cache::{Cache, Item, Resource};
use crate::special::Special;

pub use decode::{body_document, decode_object};
pub use delete::DeleteOptions;
pub use list::ListOptions;
pub(crate) use meta::{generate_name, now};
pub use patch::Patch;
pub use update::{Change, Strategy};

/// A resource at a version, ready to serve.
#[derive(Clone)]
pub struct Endpoint {
    /// As it is asked for.
    pub kind: &'static Kind,
    /// As it is stored: mostly the same.
    pub stored: &'static Kind,
    pub resource: Arc<Resource>,
}

impl Endpoint {
    pub fn not_found(&self, name: &str) -> ApiError {
        self.kind.not_found(name)
    }
    /// The object as its own version shows it, typed.
    pub fn served(&self, item: &Item) -> Result<Box<dyn Object>, ApiError> {
        let Some(conversion) = &self.kind.conversion else { return item.decode(self.kind).map_err(ApiError::internal) };
        let mut value = serde_json::from_slice(item.json_bytes()).map_err(ApiError::internal)?;
        (conversion.from_stored)(&mut value);
        self.kind.behaviour.decode(value, &mut Vec::new()).map_err(ApiError::internal)
    }
    /// The object as its own version shows it, encoded.
    pub fn served_json(&self, item: &Item) -> Result<bytes::Bytes, ApiError> {
        let Some(conversion) = &self.kind.conversion else { return Ok(item.json()) };
        let mut value = serde_json::from_slice(item.json_bytes()).map_err(ApiError::internal)?;
        (conversion.from_stored)(&mut value);
        serde_json::to_vec(&value).map(Into::into).map_err(ApiError::internal)
    }
}

/// All resources over one store and its cache.
pub struct Registry {
    pub store: Store,
    pub cache: Arc<Cache>,
    pub admission: Admission,
    pub special: Special,
    /// By plural.
    endpoints: HashMap<&'static str, Vec<Endpoint>>,
}

impl Registry {
    pub fn new(store: Store, cache: Arc<Cache>, admission: Admission, special: Special) -> Self {
        let mut endpoints: HashMap<_, Vec<_>> = HashMap::new();
        for kind in kinds::ALL {
            let stored = kind.stored_as();
            let endpoint = Endpoint { kind, stored, resource: cache.resource(stored.group, stored.plural) };
            endpoints.entry(kind.plural).or_default().push(endpoint);
        }
        Self { store, cache, admission, special, endpoints }
    }
    pub fn endpoint(&self, group: &str, version: &str, plural: &str) -> Option<&Endpoint> {
        self.endpoints.get(plural)?.iter().find(|endpoint| endpoint.kind.group == group && endpoint.kind.version == version)
    }
    /// Whether anything is served at this version.
    pub fn serves(&self, group: &str, version: &str) -> bool {
        self.endpoints.values().flatten().any(|endpoint| endpoint.kind.group == group && endpoint.kind.version == version)
    }
    /// The endpoint of a kind that is known to be served.
    pub fn of(&self, kind: &Kind) -> &Endpoint {
        self.endpoint(kind.group, kind.version, kind.plural).expect("every row of kinds::ALL has an endpoint")
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
