//! What OpenAPI tells of custom resources.

use serde_json::{Value, json};

use super::{define_versions, until};
use crate::harness::Harness;

const JSON_PATCH: &str = "application/json-patch+json";

fn foo() -> Value {
    json!({"type": "object", "description": "Foo for testing", "properties": {
        "spec": {"type": "object", "description": "What it shall be", "properties": {
            "bars": {"type": "array", "description": "List of bars.", "items": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string", "description": "Its name."},
                "feeling": {"type": "string", "enum": ["Great", "Down"]},
            }}},
        }},
        "status": {"type": "object", "properties": {"quxType": {"type": "string", "pattern": "in-tree|out-of-tree"}}},
    }})
}

async fn definitions(harness: &Harness) -> Value {
    harness.get("/openapi/v2").await.1["definitions"].take()
}

/// A definition without what the server adds.
fn own(definition: &Value) -> Value {
    let mut definition = definition.clone();
    let map = definition.as_object_mut().unwrap();
    map.remove("x-kubernetes-group-version-kind");
    if let Some(properties) = map.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|name, _| !matches!(name.as_str(), "metadata" | "apiVersion" | "kind"));
    }
    definition
}

#[tokio::test]
async fn version_2_tells_each_schema_as_it_was_given() {
    let harness = Harness::new().await;
    define_versions(&harness, ("a.example.com", "foos", "Foo"), "Namespaced", &foo(), &["v2", "v3"]).await;
    let open = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    define_versions(&harness, ("b.example.com", "opens", "Open"), "Namespaced", &open, &["v1"]).await;
    let all = definitions(&harness).await;
    assert_eq!(own(&all["com.example.a.v2.Foo"]), foo());
    assert_eq!(own(&all["com.example.a.v3.Foo"]), foo());
    // older clients would refuse what is not named
    assert_eq!(own(&all["com.example.b.v1.Open"]), json!({"type": "object"}));

    let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/foos.a.example.com";
    let rename = json!([
        {"op": "test", "path": "/spec/versions/1/name", "value": "v3"},
        {"op": "replace", "path": "/spec/versions/1/name", "value": "v4"},
    ]);
    assert_eq!(harness.patch(path, JSON_PATCH, &rename).await.0, 200);
    let tells = async |there: &str, gone: &str| {
        let all = definitions(&harness).await;
        all[gone].is_null() && !all[there].is_null() && own(&all[there]) == foo()
    };
    until("the new name is told", async || tells("com.example.a.v4.Foo", "com.example.a.v3.Foo").await).await;
    let hide = json!([{"op": "replace", "path": "/spec/versions/1/served", "value": false}]);
    assert_eq!(harness.patch(path, JSON_PATCH, &hide).await.0, 200);
    until("what is not served is not told", async || tells("com.example.a.v2.Foo", "com.example.a.v4.Foo").await).await;
    assert_eq!(harness.get("/openapi/v3/apis/a.example.com/v4").await.0, 404);
    harness.delete(path, "").await;
    until("what is gone is not told", async || definitions(&harness).await["com.example.a.v2.Foo"].is_null()).await;
}

/// What a client would leave out when it writes a document again is not there: lists and maps that are empty, texts and switches that say nothing.
fn needless(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        // what somebody gave as it is stays as it is
        _ if at.contains("/x-") || at.ends_with("/default") || at.ends_with("/example") => {}
        Value::Object(map) => {
            let named = ["/properties", "/definitions", "/paths", "/schemas", "/parameters", "/securitySchemes"];
            if map.is_empty() && named.iter().any(|name| at.ends_with(name)) {
                found.push(at.to_owned());
            }
            map.iter().for_each(|(name, value)| needless(&format!("{at}/{name}"), value, found));
        }
        Value::Array(list) => {
            if list.is_empty() {
                found.push(at.to_owned());
            }
            list.iter().enumerate().for_each(|(index, value)| needless(&format!("{at}/{index}"), value, found));
        }
        Value::Null | Value::Bool(false) => found.push(at.to_owned()),
        Value::String(text) if text.is_empty() && !at.ends_with("/description") => found.push(at.to_owned()),
        _ => {}
    }
}

#[tokio::test]
async fn version_3_can_be_read_and_written_again() {
    let harness = Harness::new().await;
    let schema = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    define_versions(&harness, ("group1.example.com", "testcrds", "testcrd"), "Namespaced", &schema, &["v1beta1"]).await;
    let (_, root) = harness.get("/openapi/v3").await;
    let paths = root["paths"].as_object().unwrap();
    assert!(paths.contains_key("apis/group1.example.com/v1beta1") && paths.contains_key("api/v1"), "{root}");
    let mut found = Vec::new();
    for place in paths.values() {
        let path = place["serverRelativeURL"].as_str().unwrap();
        let (code, document) = harness.get(path).await;
        assert_eq!((code, document["openapi"].as_str()), (200, Some("3.0.0")), "{path}");
        needless("", &document, &mut found);
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{} of them, as {:?}", found.len(), &found[..found.len().min(20)]);
    assert_eq!(harness.delete("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/testcrds.group1.example.com", "").await.0, 200);
    let gone = async || harness.get("/openapi/v3").await.1["paths"].get("apis/group1.example.com/v1beta1").is_none();
    super::until("the document is gone", gone).await;
}
