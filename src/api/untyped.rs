//! An object without a compiled-in type: a custom resource. Its metadata is typed, as the generic request path needs it, everything else is
//! kept as it came.

use std::any::Any;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use crate::object::Object;

/// A custom resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Untyped {
    pub api_version: String,
    pub kind: String,
    pub metadata: ObjectMeta,
    /// All other fields: `spec`, `status` and whatever the author's schema has.
    pub rest: Map<String, Value>,
}

/// Why a tree is no object.
#[derive(Debug, thiserror::Error)]
pub enum UntypedError {
    #[error("an object must be a map")]
    NotMap,
    #[error("{0} must be a string")]
    NotString(&'static str),
    #[error("metadata: {0}")]
    Metadata(#[source] serde_json::Error),
}

impl Untyped {
    /// Takes a tree apart. Paths of unknown fields of the metadata go to `unknown`; they are dropped, as the server drops them.
    pub fn from_value(value: Value, unknown: &mut Vec<String>) -> Result<Self, UntypedError> {
        let Value::Object(mut rest) = value else { return Err(UntypedError::NotMap) };
        let api_version = text(&mut rest, "apiVersion")?;
        let kind = text(&mut rest, "kind")?;
        let metadata = match rest.remove("metadata") {
            None | Some(Value::Null) => ObjectMeta::default(),
            Some(metadata) => {
                let mut found = Vec::new();
                crate::schema::unknown_fields("meta.v1.ObjectMeta", &metadata, &mut found);
                unknown.extend(found.into_iter().map(|path| format!("metadata.{path}")));
                serde_json::from_value(metadata).map_err(UntypedError::Metadata)?
            }
        };
        Ok(Self { api_version, kind, metadata, rest })
    }
}

fn text(map: &mut Map<String, Value>, key: &'static str) -> Result<String, UntypedError> {
    match map.remove(key) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(UntypedError::NotString(key)),
    }
}

impl Serialize for Untyped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.rest.len() + 3))?;
        map.serialize_entry("apiVersion", &self.api_version)?;
        map.serialize_entry("kind", &self.kind)?;
        map.serialize_entry("metadata", &self.metadata)?;
        for (key, value) in &self.rest {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Object for Untyped {
    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }
    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
    fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a tree always serializes")
    }
    fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("a tree always serializes")
    }
    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn round_trip() {
        let value = json!({
            "apiVersion": "example.com/v1",
            "kind": "Widget",
            "metadata": {
                "name": "a", "generation": 2, "uid": "1", "creationTimestamp": "2026-01-02T03:04:05Z", "labels": {"x": "y"},
                "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "2", "controller": true}],
                "managedFields": [{"manager": "m", "operation": "Apply", "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {}}}],
            },
            "spec": {"size": 1.0, "deep": [null, {"a": []}]},
            "data": "x",
        });
        let object = Untyped::from_value(value.clone(), &mut Vec::new()).unwrap();
        assert_eq!(object.to_value(), value);
        assert!(object.to_json().starts_with(br#"{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"#));
        assert_eq!(object.meta().generation, Some(2));
    }

    #[test]
    fn faults() {
        let mut unknown = Vec::new();
        let from = |value, unknown: &mut Vec<String>| Untyped::from_value(value, unknown).map_err(|error| error.to_string());
        from(json!({"metadata": {"name": "a", "foo": 1, "creationTimestamp": null}}), &mut unknown).unwrap();
        assert_eq!(unknown, ["metadata.foo"]);
        assert_eq!(from(json!([]), &mut unknown).unwrap_err(), "an object must be a map");
        assert_eq!(from(json!({"kind": 1}), &mut unknown).unwrap_err(), "kind must be a string");
        assert!(from(json!({"metadata": {"labels": {"a": 1}}}), &mut unknown).unwrap_err().starts_with("metadata: invalid type"));
    }
}
