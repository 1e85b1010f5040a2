//! Between the versions of a custom resource: what is in the store is of whatever version it was written as, and of whatever schema that version had then.

use std::sync::Arc;

use api::{ApiError, Object};
use async_trait::async_trait;
use bytes::Bytes;
use kinds::custom::{CustomBehaviour, SCHEMA_MARK};
use kinds::{Kind, Shared};
use serde_json::{Map, Value};

use super::webhook::Webhook;
use crate::cache::{Item, encode};
use crate::registry::{Convert, Kept};

/// All versions of a custom resource, served or not.
pub struct Versions {
    pub kinds: Vec<Shared<Kind>>,
    /// The one that objects are stored as.
    pub storage: Shared<Kind>,
    /// What converts them; without one they differ in their name alone.
    pub webhook: Option<Webhook>,
}

/// One version as it is served.
pub struct Version {
    pub kind: Shared<Kind>,
    pub all: Arc<Versions>,
    pub kept: Kept,
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
        if let Some(webhook) = &self.webhook {
            return Ok(webhook.convert(objects, to).await?);
        }
        let wanted = to.api_version();
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
    fn kept(&self) -> Option<&Kept> {
        self.all.webhook.as_ref().map(|_| &self.kept)
    }
}
