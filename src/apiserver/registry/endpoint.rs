//! A resource at a version, ready to serve, and what stands between the objects in the store and those that its clients see.

use std::sync::Arc;

use api::{ApiError, Object};
use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use kinds::{Kind, Shared, Subresource};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::kept::Kept;
use crate::cache::{Item, Resource, encode};
use crate::request::RequestInfo;

/// A resource at a version.
#[derive(Clone)]
pub struct Endpoint {
    /// As it is asked for.
    pub kind: Shared<Kind>,
    /// What writes work on: a built-in kind that is stored as another is turned into that before anything else; all else is worked on as it is asked for.
    pub stored: Shared<Kind>,
    pub resource: Arc<Resource>,
    /// Where stored objects are not always what is shown.
    pub convert: Option<Shared<dyn Convert>>,
    /// Cancelled when it is served no more, or otherwise: watches of it end, and their clients begin anew.
    pub retired: CancellationToken,
}

/// From stored objects to shown ones, and back.
#[async_trait]
pub trait Convert: Send + Sync {
    /// Whether a stored object is not yet as it is shown.
    fn applies(&self, item: &Item) -> bool;
    /// Stored objects as they are shown, in the same order.
    async fn show(&self, objects: Vec<Value>) -> Result<Vec<Value>, ApiError>;
    /// What a write has worked on, for the store.
    async fn store(&self, object: &mut dyn Object) -> Result<Bytes, ApiError>;
    /// Where conversions are kept because they are expensive.
    fn kept(&self) -> Option<&Kept> {
        None
    }
}

impl Endpoint {
    pub fn built_in(kind: &'static Kind, resource: Arc<Resource>) -> Self {
        let Some(conversion) = &kind.conversion else {
            return Self { kind: kind.into(), stored: kind.into(), resource, convert: None, retired: CancellationToken::new() };
        };
        let stored: &'static Kind = conversion.stored_as;
        let convert: Arc<dyn Convert> = Arc::new(BuiltIn { kind, head: format!("{{\"apiVersion\":\"{}\",", kind.api_version()) });
        Self {
            kind: kind.into(),
            stored: stored.into(),
            resource,
            convert: Some(Shared::Counted(convert)),
            retired: CancellationToken::new(),
        }
    }
    pub fn not_found(&self, name: &str) -> ApiError {
        self.kind.not_found(name)
    }
    /// Whether the resource is where a request looks for it: in a namespace, or in none.
    pub fn is_at(&self, info: &RequestInfo) -> bool {
        if !self.kind.namespaced {
            // a namespace is in itself
            return info.namespace.is_empty() || info.resource == "namespaces";
        }
        self.kind.behaviour.custom().is_none() || !info.namespace.is_empty() || matches!(info.verb, "list" | "watch")
    }
    /// What a request wants below the resource.
    pub fn subresource(&self, info: &RequestInfo) -> Result<&Subresource, ApiError> {
        let custom = self.kind.behaviour.custom().is_some();
        let missing = || if custom { self.not_found(&info.name) } else { ApiError::no_such_resource() };
        self.kind.subresource(&info.subresource).ok_or_else(missing)
    }
    /// Whether selectors of fields look at objects as they are shown, rather than as they are stored.
    pub fn selects_shown(&self) -> bool {
        self.convert.is_some() && self.kind.conversion.is_none()
    }
    /// A stored object as this version shows it: mostly itself.
    pub async fn show(&self, item: &Arc<Item>) -> Result<Arc<Item>, ApiError> {
        let Some(convert) = self.convert.as_ref().filter(|convert| convert.applies(item)) else { return Ok(item.clone()) };
        let Some(kept) = convert.kept() else { return self.clone().show_one(item.clone()).await };
        kept.get_or_make(item, || self.clone().show_one(item.clone()).boxed()).await
    }
    async fn show_one(self, item: Arc<Item>) -> Result<Arc<Item>, ApiError> {
        let object = serde_json::from_slice(&item.json()).map_err(ApiError::internal)?;
        let shown = match &self.convert {
            Some(convert) => convert.show(vec![object]).await?.pop(),
            None => Some(object),
        };
        self.item_of(&item, shown.ok_or_else(|| ApiError::internal("a conversion has lost an object"))?)
    }
    /// Stored objects as this version shows them, in the same order.
    pub async fn show_all(&self, mut items: Vec<Arc<Item>>) -> Result<Vec<Arc<Item>>, ApiError> {
        let Some(convert) = &self.convert else { return Ok(items) };
        let kept = convert.kept();
        let mut due = Vec::new();
        for (index, item) in items.iter_mut().enumerate().filter(|(_, item)| convert.applies(item)) {
            match kept.and_then(|kept| kept.get(item)) {
                Some(made) => *item = made,
                None => due.push(index),
            }
        }
        if due.is_empty() {
            return Ok(items);
        }
        let objects = due.iter().map(|index| serde_json::from_slice(&items[*index].json()).map_err(ApiError::internal));
        let shown = convert.show(objects.collect::<Result<_, _>>()?).await?;
        for (index, value) in due.into_iter().zip(shown) {
            let made = self.item_of(&items[index], value)?;
            if let Some(kept) = kept {
                kept.put(&items[index], &made);
            }
            items[index] = made;
        }
        Ok(items)
    }
    /// What has been made of an object, in its place.
    fn item_of(&self, item: &Item, value: Value) -> Result<Arc<Item>, ApiError> {
        let mut object = self.kind.behaviour.decode(value, &mut Vec::new()).map_err(ApiError::internal)?;
        let bytes = encode(&self.kind, object.as_mut());
        Item::new(item.key().clone(), self.resource.prefix().len(), item.revision(), bytes).map(Arc::new).map_err(ApiError::internal)
    }
    /// An object that is not stored, as this version shows it, encoded.
    pub fn shown(&self, object: &dyn Object) -> Result<Bytes, ApiError> {
        let Some(conversion) = &self.kind.conversion else { return Ok(object.to_json().into()) };
        let mut value = object.to_value();
        (conversion.from_stored)(&mut value);
        serde_json::to_vec(&value).map(Into::into).map_err(ApiError::internal)
    }
    /// What a write works on, of an object in the store.
    pub async fn worked_on(&self, item: &Arc<Item>) -> Result<Box<dyn Object>, ApiError> {
        let object = if self.selects_shown() { self.show(item).await?.decode(&self.stored) } else { item.decode(&self.stored) };
        object.map_err(ApiError::internal)
    }
    /// What a write has worked on, for the store.
    pub async fn encode(&self, object: &mut dyn Object) -> Result<Bytes, ApiError> {
        match &self.convert {
            Some(convert) => convert.store(object).await,
            None => Ok(encode(&self.stored, object)),
        }
    }
}

/// Between two built-in versions.
struct BuiltIn {
    kind: &'static Kind,
    /// What objects of the version begin with.
    head: String,
}

#[async_trait]
impl Convert for BuiltIn {
    fn applies(&self, item: &Item) -> bool {
        !item.stored_json().starts_with(self.head.as_bytes())
    }
    async fn show(&self, mut objects: Vec<Value>) -> Result<Vec<Value>, ApiError> {
        if let Some(conversion) = &self.kind.conversion {
            objects.iter_mut().for_each(conversion.from_stored);
        }
        Ok(objects)
    }
    async fn store(&self, object: &mut dyn Object) -> Result<Bytes, ApiError> {
        Ok(encode(self.kind.stored_as(), object))
    }
}
