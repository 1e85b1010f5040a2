//! Patch: JSON patch, merge patch, strategic merge patch, and what is to be of a configuration that is applied. Done to the newest state, again when somebody else was faster.

use std::sync::Arc;

use api::patch::PatchError;
use api::{ApiError, Object, patch};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use kinds::{Kind, Part};
use serde_json::Value;

use super::ownership::{Configuration, Entries, Ownership};
use super::{Change, Endpoint, Registry, Strategy, Tracking};
use crate::cache::Item;
use crate::context::{Context, FieldValidation, WriteOptions};
use crate::negotiate::content_type;
use crate::strict;

/// A patch, read.
#[derive(Debug)]
pub struct Patch {
    how: How,
    /// What is wrong with it without its being no patch: fields that stand there twice, fields that no operation has.
    faults: Vec<String>,
}

#[derive(Debug)]
enum How {
    Json(Value),
    Merge(Value),
    Strategic(Value),
    Apply(Configuration),
}

/// What a patch makes of an object.
pub(crate) struct Patched {
    pub value: Value,
    /// The owners of its fields, where the patch knows them.
    pub owners: Option<Entries>,
}

const TYPES: &[&str] = &[
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
];

impl Patch {
    /// Reads the patch of a request and its parameters.
    pub fn parse(context: &mut Context) -> Result<(Self, WriteOptions), ApiError> {
        if content_type(&context.headers) == "application/apply-patch+yaml" {
            let options = WriteOptions::parse_patch(&context.query, true)?;
            let config = super::apply::configuration(context, options.validation)?;
            return Ok((Self::of(config), options));
        }
        let make: fn(Value) -> How = match content_type(&context.headers) {
            "application/json-patch+json" => How::Json,
            "application/merge-patch+json" => How::Merge,
            "application/strategic-merge-patch+json" => How::Strategic,
            _ => return Err(ApiError::unsupported_media_type(TYPES)),
        };
        let options = WriteOptions::parse_patch(&context.query, false)?;
        let document = strict::json(&context.body).map_err(|_| ApiError::bad_request("invalid JSON patch"))?;
        let how = make(document.value);
        let faults = match &how {
            How::Json(operations) => {
                let faults = document.duplicates.each().into_iter().chain(unknown_fields(operations));
                faults.map(|fault| format!("json patch {fault}")).collect()
            }
            _ => document.duplicates.each(),
        };
        Ok((Self { how, faults }, options))
    }
    pub(super) fn of(config: Configuration) -> Self {
        Self { how: How::Apply(config), faults: Vec::new() }
    }
    /// What is applied, where it is an apply.
    pub(super) fn configuration(&self) -> Option<&Configuration> {
        match &self.how {
            How::Apply(config) => Some(config),
            _ => None,
        }
    }
    /// The object that the patch makes of another, which is of a kind, written at a subresource, and owned as `before` says.
    pub(crate) fn apply(
        &self,
        kind: &Kind,
        subresource: &str,
        original: Value,
        before: Option<&[ManagedFieldsEntry]>,
    ) -> Result<Patched, ApiError> {
        let changed = |result: Result<Value, PatchError>| match result {
            Ok(value) => Ok(Patched { value, owners: None }),
            Err(error) => Err(error.to_status()),
        };
        match &self.how {
            How::Json(operations) => changed(patch::json::apply(original, operations)),
            How::Merge(patch) => changed(patch::merge::apply(original, patch)),
            How::Strategic(patch) => changed(patch::strategic::apply(&kind.merges_as(), original, patch)),
            How::Apply(config) => {
                let (value, entries) = Ownership { kind, subresource }.apply(Some(original), before, config)?;
                Ok(Patched { value, owners: Some(entries) })
            }
        }
    }
    /// What the patch has made, typed.
    pub(crate) fn decode(
        &self,
        kind: &Kind,
        value: Value,
        validation: FieldValidation,
        warnings: &mut Vec<String>,
    ) -> Result<Box<dyn Object>, ApiError> {
        let shown = match &self.how {
            How::Strategic(patch) => api::json::go_text(patch),
            _ => value.to_string(),
        };
        super::decode::decode_patched(kind, value, &self.faults, &shown, validation, warnings)
    }
    /// How a change by this patch is told, by whoever the request names.
    pub(crate) fn tracking<'a>(&self, manager: &'a str) -> Tracking<'a> {
        if matches!(self.how, How::Apply(_)) { Tracking::Told } else { Tracking::Update(manager) }
    }
}

/// Fields of operations that no operation has.
fn unknown_fields(operations: &Value) -> Vec<String> {
    let fields = |(index, operation): (usize, &Value)| {
        let names = operation.as_object().into_iter().flat_map(serde_json::Map::keys);
        let unknown = names.filter(|name| !matches!(name.as_str(), "op" | "path" | "from" | "value"));
        unknown.map(|name| format!("unknown field \"[{index}].{name}\"")).collect::<Vec<_>>()
    };
    operations.as_array().into_iter().flatten().enumerate().flat_map(fields).collect()
}

impl Registry {
    /// Patches an object, or its status. The second says whether there was none: an apply creates it.
    pub async fn patch(&self, context: &mut Context, endpoint: &Endpoint, part: Part) -> Result<(Arc<Item>, bool), ApiError> {
        let (patch, options) = Patch::parse(context)?;
        if let (Some(config), Part::Main) = (patch.configuration(), part) {
            return self.apply(context, endpoint, config, options).await;
        }
        Ok((self.change_by_patch(context, endpoint, part, &patch, options).await?, false))
    }

    pub(super) async fn change_by_patch(
        &self,
        context: &mut Context,
        endpoint: &Endpoint,
        part: Part,
        patch: &Patch,
        options: WriteOptions,
    ) -> Result<Arc<Item>, ApiError> {
        let info = context.info.clone();
        let user = context.user.clone();
        let manager = context.field_manager();
        let kind = &*endpoint.kind;
        if kind.behaviour.custom().is_some() && matches!(patch.how, How::Strategic(_)) {
            let types: Vec<&str> = TYPES.iter().copied().filter(|name| !name.contains("strategic")).collect();
            return Err(ApiError::unsupported_media_type(&types));
        }
        let change = Change {
            namespace: if kind.namespaced { &info.namespace } else { "" },
            name: &info.name,
            subresource: &info.subresource,
            strategy: Strategy::Part(part),
            user: &user,
            options,
            tracking: patch.tracking(&manager),
        };
        let namespace = change.namespace;
        self.change(endpoint, &change, &mut context.warnings, |item, old, warnings| {
            let original: Value = serde_json::from_slice(&item.json()).map_err(ApiError::internal)?;
            let Patched { value, owners } = patch.apply(kind, &info.subresource, original, old.meta().managed_fields.as_deref())?;
            let mut new = self.settled(endpoint, patch.decode(kind, value, options.validation, warnings)?)?;
            if let Some(entries) = owners {
                new.meta_mut().managed_fields = entries;
            }
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
