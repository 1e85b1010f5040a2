//! Between the versions of a custom resource: what is in the store is of whatever version it was written as, and of whatever schema that version had then.

use std::sync::Arc;

use api::{ApiError, Object};
use async_trait::async_trait;
use bytes::Bytes;
use kinds::custom::{CustomBehaviour, SCHEMA_MARK};
use kinds::{Kind, Shared};
use serde_json::{Map, Value};

use crate::cache::{Item, encode};
use crate::registry::Convert;

/// All versions of a custom resource, served or not.
pub struct Versions {
    pub kinds: Vec<Shared<Kind>>,
    /// The one that objects are stored as.
    pub storage: Shared<Kind>,
    /// Only a webhook can convert them, and none is called here.
    pub by_webhook: bool,
}

/// One version as it is served.
pub struct Version {
    pub kind: Shared<Kind>,
    pub all: Arc<Versions>,
}

fn behaviour(kind: &Kind) -> &CustomBehaviour {
    kind.behaviour.custom().expect("these are versions of a custom resource")
}

impl Versions {
    fn of(&self, object: &Map<String, Value>) -> Option<&Kind> {
        let api_version = object.get("apiVersion")?.as_str()?;
        self.kinds.iter().map(|kind| &**kind).find(|kind| kind.api_version() == api_version)
    }
    /// Objects of any versions as one of them.
    async fn convert(&self, objects: Vec<Value>, to: &Kind) -> Result<Vec<Value>, ApiError> {
        let wanted = to.api_version();
        let is_other = |object: &&Value| object.get("apiVersion").and_then(Value::as_str) != Some(wanted.as_str());
        if let Some(other) = objects.iter().find(is_other).filter(|_| self.by_webhook) {
            let version = other.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
            let why = "webhooks are not called for conversion";
            return Err(ApiError::internal(format!("conversion webhook for {version}, Kind={} failed: {why}", to.kind)));
        }
        Ok(objects
            .into_iter()
            .map(|mut object| {
                object["apiVersion"] = wanted.as_str().into();
                object
            })
            .collect())
    }
}

#[async_trait]
impl Convert for Version {
    fn applies(&self, item: &Item) -> bool {
        item.field(SCHEMA_MARK) != behaviour(&self.kind).mark
    }
    async fn show(&self, mut objects: Vec<Value>) -> Result<Vec<Value>, ApiError> {
        for object in &mut objects {
            if let Value::Object(map) = object
                && let Some(kind) = self.all.of(map)
            {
                behaviour(kind).refresh(map);
            }
        }
        self.all.convert(objects, &self.kind).await
    }
    async fn store(&self, object: &mut dyn Object) -> Result<Bytes, ApiError> {
        let storage = &self.all.storage;
        if self.kind.version == storage.version {
            return Ok(encode(storage, object));
        }
        let converted = self.all.convert(vec![object.to_value()], storage).await?.pop().unwrap_or_default();
        let mut object = storage.behaviour.decode(converted, &mut Vec::new()).map_err(ApiError::internal)?;
        Ok(encode(storage, object.as_mut()))
    }
}
