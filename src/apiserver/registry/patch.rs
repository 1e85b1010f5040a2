//! Patch: JSON patch, merge patch, strategic merge patch. Applied to the newest state, again when somebody else was faster.

use std::sync::Arc;

use api::patch::PatchError;
use api::{ApiError, Gvk, Object, patch};
use kinds::Part;
use serde_json::Value;

use super::{Change, Endpoint, Registry, Strategy};
use crate::cache::Item;
use crate::context::{Context, WriteOptions};
use crate::negotiate::content_type;
use crate::strict::{self, Document};

/// A patch, read.
#[derive(Debug)]
pub enum Patch {
    Json(Value),
    Merge(Value),
    Strategic(Value),
}

const TYPES: &[&str] = &["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];

impl Patch {
    pub fn parse(context: &Context) -> Result<Self, ApiError> {
        let make = match content_type(&context.headers) {
            "application/json-patch+json" => Self::Json,
            "application/merge-patch+json" => Self::Merge,
            "application/strategic-merge-patch+json" => Self::Strategic,
            _ => return Err(ApiError::unsupported_media_type(TYPES)),
        };
        let document = strict::json(&context.body).map_err(|error| ApiError::bad_request(format!("error decoding patch: {error}")))?;
        Ok(make(document.value))
    }
    /// The object that the patch makes of another.
    pub fn apply(&self, gvk: &Gvk, original: Value) -> Result<Value, PatchError> {
        match self {
            Self::Json(operations) => patch::json::apply(original, operations),
            Self::Merge(patch) => patch::merge::apply(original, patch),
            Self::Strategic(patch) => patch::strategic::apply(gvk, original, patch),
        }
    }
}

impl Registry {
    /// Patches an object, or its status.
    pub async fn patch(&self, context: &mut Context, endpoint: &Endpoint, part: Part) -> Result<Arc<Item>, ApiError> {
        let options = WriteOptions::parse(&context.query, "PatchOptions")?;
        let patch = Patch::parse(context)?;
        let info = context.info.clone();
        let user = context.user.clone();
        let kind = &*endpoint.kind;
        let gvk = Gvk::new(&kind.group, &kind.version, &kind.kind);
        let change = Change {
            namespace: if kind.namespaced { &info.namespace } else { "" },
            name: &info.name,
            subresource: &info.subresource,
            strategy: Strategy::Part(part),
            user: &user,
            options,
        };
        let namespace = change.namespace;
        self.change(endpoint, &change, &mut context.warnings, |item, _, warnings| {
            let original: Value = serde_json::from_slice(item.json_bytes()).map_err(ApiError::internal)?;
            let patched = patch.apply(&gvk, original).map_err(|error| error.to_status())?;
            let mut new = self.incoming(endpoint, Document { value: patched, duplicates: Vec::new() }, options, warnings)?;
            identity(endpoint, item, namespace, new.as_mut())?;
            Ok(new)
        })
        .await
    }
}

/// A patch changes neither the name nor the namespace.
fn identity(endpoint: &Endpoint, item: &Item, namespace: &str, new: &mut dyn Object) -> Result<(), ApiError> {
    super::create::match_namespace(new, namespace)?;
    let name = new.meta().name.as_deref().unwrap_or_default();
    if name != item.name() {
        let fault = api::FieldError::invalid(&api::Path::new("metadata").child("name"), name, "field is immutable");
        return Err(ApiError::invalid(&endpoint.kind.group, &endpoint.kind.kind, item.name(), &vec![fault]));
    }
    Ok(())
}
