//! The schemas of custom resources as clients read them: what the definition says, with the metadata that every object has.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kinds::Kind;
use serde_json::{Map, Value, json};

use super::schemas::SCHEMAS;

const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const LIST_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";
const API_VERSION: &str = "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
const KIND: &str = "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
const METADATA: &str =
    "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
const LIST_METADATA: &str =
    "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

/// `com.example.v1.Widget`.
pub fn model_name(group: &str, version: &str, kind: &str) -> String {
    let reversed: Vec<&str> = group.split('.').rev().collect();
    format!("{}.{version}.{kind}", reversed.join("."))
}

fn reference(name: &str, description: &str) -> Value {
    json!({"allOf": [{"$ref": format!("{SCHEMAS}{name}")}], "description": description})
}

/// Adds the schemas of a kind and of its lists.
pub fn add(schemas: &mut Map<String, Value>, kind: &Kind, definition: &CustomResourceDefinition) {
    let version = definition.spec.versions.iter().find(|version| version.name == kind.version);
    let schema = version.and_then(|version| version.schema.as_ref()?.open_api_v3_schema.as_ref());
    let mut object = schema.and_then(|schema| serde_json::to_value(schema).ok()).unwrap_or_else(|| json!({"type": "object"}));
    let own = |kind_name: &str| json!([{"group": &*kind.group, "version": &*kind.version, "kind": kind_name}]);
    publish(&mut object);
    if schema.is_some() {
        object["properties"]["apiVersion"] = json!({"description": API_VERSION, "type": "string"});
        object["properties"]["kind"] = json!({"description": KIND, "type": "string"});
        object["properties"]["metadata"] = reference(OBJECT_META, METADATA);
    }
    object["x-kubernetes-group-version-kind"] = own(&kind.kind);
    let selectable: Vec<Value> = version
        .iter()
        .flat_map(|version| version.selectable_fields.iter().flatten())
        .map(|field| json!({"fieldPath": field.json_path.trim_start_matches('.')}))
        .collect();
    let list_kind = kind.behaviour.custom().map(|custom| custom.list_kind.clone()).unwrap_or_default();
    let name = model_name(&kind.group, &kind.version, &kind.kind);
    let items = json!({
        "description": format!("List of {}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md", kind.plural),
        "type": "array",
        "items": {"$ref": format!("{SCHEMAS}{name}")},
    });
    let mut list = json!({
        "description": format!("{list_kind} is a list of {}", kind.kind),
        "type": "object",
        "required": ["items"],
        "properties": {
            "apiVersion": {"description": API_VERSION, "type": "string"},
            "items": items,
            "kind": {"description": KIND, "type": "string"},
            "metadata": reference(LIST_META, LIST_METADATA),
        },
        "x-kubernetes-group-version-kind": own(&list_kind),
    });
    if !selectable.is_empty() {
        object["x-kubernetes-selectable-fields"] = selectable.clone().into();
        list["x-kubernetes-selectable-fields"] = selectable.into();
    }
    schemas.insert(name, object);
    schemas.insert(model_name(&kind.group, &kind.version, &list_kind), list);
}

/// Embedded resources have metadata, and what is an integer or a string says so.
fn publish(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    for below in ["properties"] {
        if let Some(Value::Object(properties)) = map.get_mut(below) {
            properties.values_mut().for_each(publish);
        }
    }
    for below in ["items", "additionalProperties"] {
        if let Some(inner) = map.get_mut(below) {
            publish(inner);
        }
    }
    if map.get("x-kubernetes-embedded-resource") == Some(&Value::Bool(true)) {
        let properties = map.entry("properties").or_insert_with(|| json!({}));
        properties["apiVersion"] = json!({
            "description": "apiVersion defines the versioned schema of this representation of an object. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
            "type": "string",
        });
        properties["kind"] = json!({
            "description": "kind is a string value representing the type of this object. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
            "type": "string",
        });
        properties["metadata"] = reference(OBJECT_META, METADATA);
        let required = map.entry("required").or_insert_with(|| json!([]));
        if let Value::Array(required) = required {
            for name in ["kind", "apiVersion"] {
                if !required.iter().any(|known| known == name) {
                    required.push(name.into());
                }
            }
        }
    }
}
