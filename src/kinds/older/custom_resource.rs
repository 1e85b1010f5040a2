//! `apiextensions.k8s.io/v1beta1`: one schema, one set of subresources and columns for all versions, and fields that no schema names were kept unless the
//! author said otherwise.

use serde_json::{Map, Value, json};

use super::{default, map};
use crate::versions::rename;

/// What moved from the definition into each of its versions, as (once there, now here).
const PER_VERSION: &[(&str, &str)] =
    &[("validation", "schema"), ("subresources", "subresources"), ("additionalPrinterColumns", "additionalPrinterColumns")];

pub fn to_v1(definition: &mut Value) {
    let Some(spec) = map(definition, "/spec") else { return };
    default(spec, "scope", "Namespaced");
    let version = spec.remove("version");
    if spec.get("versions").and_then(Value::as_array).is_none_or(Vec::is_empty)
        && let Some(version) = version
    {
        spec.insert("versions".to_owned(), json!([{"name": version, "served": true, "storage": true}]));
    }
    let keeps_unknown = spec.remove("preserveUnknownFields").is_none_or(|keeps| keeps != false);
    let shared: Vec<(&str, Option<Value>)> = PER_VERSION.iter().map(|(once, now)| (*now, spec.remove(*once))).collect();
    for version in spec.get_mut("versions").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
        for (name, value) in &shared {
            value.iter().for_each(|value| default(version, name, value.clone()));
        }
        columns(version, "JSONPath", "jsonPath");
        schema(version, keeps_unknown);
    }
    if let Some(conversion) = spec.get_mut("conversion").and_then(Value::as_object_mut) {
        let mut webhook = Map::new();
        webhook.extend(conversion.remove("webhookClientConfig").map(|config| ("clientConfig".to_owned(), config)));
        let versions = conversion.remove("conversionReviewVersions");
        if conversion.get("strategy").is_some_and(|strategy| strategy == "Webhook") {
            webhook.insert("conversionReviewVersions".to_owned(), versions.unwrap_or_else(|| json!(["v1beta1"])));
            conversion.insert("webhook".to_owned(), webhook.into());
        }
    }
}

/// A structural schema says a type, and whether it keeps what it does not name.
fn schema(version: &mut Map<String, Value>, keeps_unknown: bool) {
    default(version, "schema", json!({}));
    let Some(schema) = version.get_mut("schema").and_then(Value::as_object_mut) else { return };
    default(schema, "openAPIV3Schema", json!({}));
    if let Some(root) = schema.get_mut("openAPIV3Schema").and_then(Value::as_object_mut) {
        default(root, "type", "object");
        if keeps_unknown {
            root.insert("x-kubernetes-preserve-unknown-fields".to_owned(), true.into());
        }
    }
}

fn columns(version: &mut Map<String, Value>, from: &str, to: &str) {
    let columns = version.get_mut("additionalPrinterColumns").and_then(Value::as_array_mut).into_iter().flatten();
    columns.filter_map(Value::as_object_mut).for_each(|column| rename(column, from, to));
}

pub fn from_v1(definition: &mut Value) {
    let Some(spec) = map(definition, "/spec") else { return };
    let mut first = None;
    let mut keeps_unknown = false;
    let mut shared: Vec<Option<Value>> = Vec::new();
    let mut alike = true;
    for version in spec.get_mut("versions").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
        columns(version, "jsonPath", "JSONPath");
        keeps_unknown |= version
            .get("schema")
            .and_then(|schema| schema.pointer("/openAPIV3Schema/x-kubernetes-preserve-unknown-fields"))
            .is_some_and(|keeps| keeps == true);
        let own: Vec<Option<Value>> = PER_VERSION.iter().map(|(_, now)| version.get(*now).cloned()).collect();
        if first.is_none() {
            first = version.get("name").cloned();
            shared = own;
        } else {
            alike &= shared == own;
        }
    }
    if alike {
        for version in spec.get_mut("versions").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
            PER_VERSION.iter().for_each(|(_, now)| drop(version.remove(*now)));
        }
        for ((once, _), value) in PER_VERSION.iter().zip(shared) {
            spec.extend(value.map(|value| ((*once).to_owned(), value)));
        }
    }
    spec.extend(first.map(|name| ("version".to_owned(), name)));
    spec.insert("preserveUnknownFields".to_owned(), keeps_unknown.into());
    if let Some(conversion) = spec.get_mut("conversion").and_then(Value::as_object_mut)
        && let Some(Value::Object(mut webhook)) = conversion.remove("webhook")
    {
        conversion.extend(webhook.remove("clientConfig").map(|config| ("webhookClientConfig".to_owned(), config)));
        conversion.extend(webhook.remove("conversionReviewVersions").map(|versions| ("conversionReviewVersions".to_owned(), versions)));
    }
}
