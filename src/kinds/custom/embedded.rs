//! Objects inside objects: what stands where a schema says `x-kubernetes-embedded-resource` has a type, a name and metadata as any object has.

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Map, Value};

use super::schema::Schema;

/// The faults of all embedded objects; the outermost object is checked elsewhere.
pub fn validate(object: &Value, schema: &Schema) -> ErrorList {
    let mut errors = ErrorList::new();
    inside(object, schema, &Path::default(), &mut errors);
    errors
}

fn inside(value: &Value, schema: &Schema, path: &Path, errors: &mut ErrorList) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let Some(inner) = schema.field(name) else { continue };
                let at = if schema.properties.contains_key(name.as_str()) { path.child(name) } else { path.key(name) };
                part(value, inner, &at, errors);
            }
        }
        Value::Array(items) => {
            if let Some(inner) = &schema.items {
                items.iter().enumerate().for_each(|(index, item)| part(item, inner, &path.index(index), errors));
            }
        }
        _ => {}
    }
}

fn part(value: &Value, schema: &Schema, path: &Path, errors: &mut ErrorList) {
    if let (true, Value::Object(map)) = (schema.embedded, value) {
        resource(map, path, errors);
    }
    inside(value, schema, path, errors);
}

fn resource(map: &Map<String, Value>, path: &Path, errors: &mut ErrorList) {
    let mut word = |field: &str, faults: fn(&str) -> Option<String>| {
        let at = path.child(field);
        let fault = match map.get(field) {
            None => Some(FieldError::required(&at, "must not be empty")),
            Some(Value::String(word)) if word.is_empty() => Some(FieldError::invalid(&at, "", "must not be empty")),
            Some(Value::String(word)) => faults(word).map(|fault| FieldError::invalid(&at, word.as_str(), fault)),
            Some(other) => Some(FieldError::invalid(&at, other.clone(), "must be a string")),
        };
        errors.extend(fault);
    };
    word("apiVersion", |version| (version.matches('/').count() > 1).then(|| format!("unexpected GroupVersion string: {version}")));
    word("kind", |kind| {
        let faults = names::dns1035_label(&kind.to_lowercase(), false);
        (!faults.is_empty()).then(|| format!("may have mixed case, but should otherwise match: {}", faults.join(",")))
    });
    let Some(metadata) = map.get("metadata") else { return };
    let at = path.child("metadata");
    match serde_json::from_value::<ObjectMeta>(metadata.clone()) {
        Ok(mut meta) => {
            if meta.name.as_deref().unwrap_or_default().is_empty() {
                meta.name = Some("fakename".to_owned());
            }
            let namespaced = meta.namespace.as_deref().is_some_and(|namespace| !namespace.is_empty());
            errors.extend(api::metadata::validate(&meta, namespaced, names::dns1123_subdomain, &at));
        }
        Err(error) => errors.push(FieldError::invalid(&at, metadata.clone(), error.to_string())),
    }
}
