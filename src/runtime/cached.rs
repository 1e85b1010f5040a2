//! What an informer can hold.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A decoded object with metadata: every typed kind, and [`PartialObject`] for any kind at all.
pub trait Cached: DeserializeOwned + Send + Sync + 'static {
    fn meta(&self) -> &ObjectMeta;
    fn meta_mut(&mut self) -> &mut ObjectMeta;
    /// The media types to ask the server for in a list, and in a watch.
    const ACCEPT: (&'static str, &'static str) = ("application/json", "application/json");
}

impl<K: api::Typed> Cached for K {
    fn meta(&self) -> &ObjectMeta {
        self.metadata()
    }
    fn meta_mut(&mut self) -> &mut ObjectMeta {
        self.metadata_mut()
    }
}

/// The metadata of an object of any kind, which is all that ownership and namespaces need. A server that can send metadata alone is asked to; the rest
/// of a full object is dropped while decoding.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PartialObject {
    #[serde(default)]
    pub metadata: ObjectMeta,
}

impl Cached for PartialObject {
    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }
    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
    const ACCEPT: (&'static str, &'static str) = (
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json",
        "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json",
    );
}
