//! Fields that nobody knows, and fields that stand there twice.

use apiserver::UserInfo;
use http::Method;
use serde_json::{Value, json};

use super::{APPLY, define_versions};
use crate::harness::{Harness, JSON};

const ROCKETS: &str = "/apis/example.com/v1/rockets";
const STRICT: &str = "fieldManager=walker&fieldValidation=Strict";

async fn send(harness: &Harness, method: Method, path: &str, content_type: &str, body: &str) -> (u16, String) {
    let (code, answer) = harness.call_as(UserInfo::administrator(), method, &format!("{path}?{STRICT}"), content_type, body).await;
    (code, answer["message"].as_str().unwrap_or_default().to_owned())
}

fn deployment(metadata: &str, spec: &str) -> String {
    let template = r#""template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web"}]}}"#;
    format!(
        r#"{{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {{"name": "web"{metadata}}},
            "spec": {{{spec}"selector": {{"matchLabels": {{"app": "web"}}}}, {template}}}}}"#
    )
}

#[tokio::test]
async fn faults_of_a_typed_object_are_told_in_their_order() {
    let harness = Harness::new().await;
    let path = "/apis/apps/v1/namespaces/default/deployments";
    let check = async |body: String, expected: &str| {
        let (code, message) = send(&harness, Method::POST, path, JSON, &body).await;
        assert_eq!(code, 400, "{message}");
        assert_eq!(message, format!("Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: {expected}"));
    };
    let unknown_first = r#""extra": 1, "replicas": 2, "replicas": 3, "#;
    check(deployment("", unknown_first), r#"unknown field "spec.extra", duplicate field "spec.replicas""#).await;
    let unknown_last = r#""replicas": 2, "replicas": 3, "extra": 1, "#;
    check(deployment("", unknown_last), r#"duplicate field "spec.replicas", unknown field "spec.extra""#).await;
    check(deployment(r#", "extra": 1"#, ""), r#"unknown field "metadata.extra""#).await;
    // YAML is sorted on its way, and its duplicates are found before
    let yaml = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  b: 1\n  replicas: 1\n  replicas: 2\n  a: 1\n";
    let (_, message) = send(&harness, Method::POST, path, "application/yaml", yaml).await;
    let expected =
        "yaml: unmarshal errors:\n  line 6: key \"replicas\" already set in map, unknown field \"spec.a\", unknown field \"spec.b\"";
    assert!(message.ends_with(expected), "{message}");
}

fn rocket_schema(spec: &Value) -> Value {
    json!({"type": "object", "properties": {"spec": spec}})
}

fn rocket(metadata: &str, spec: &str) -> String {
    format!(
        "\napiVersion: example.com/v1\nkind: Rocket\nmetadata:\n  name: one\n{metadata}  finalizers:\n  - example.com/hold\nspec:\n{spec}  name: a\n"
    )
}

#[tokio::test]
async fn faults_of_a_custom_resource_are_told() {
    let harness = Harness::new().await;
    let spec = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {
        "name": {"type": "string"},
        "part": {"type": "object", "x-kubernetes-embedded-resource": true, "properties": {"spec": {"type": "object"}}},
    }});
    define_versions(&harness, ("example.com", "rockets", "Rocket"), "Cluster", &rocket_schema(&spec), &["v1"]).await;
    let closed = rocket_schema(&json!({"type": "object", "properties": {"name": {"type": "string"}}}));
    define_versions(&harness, ("example.org", "rockets", "Rocket"), "Cluster", &closed, &["v1"]).await;
    let path = format!("{ROCKETS}/one");
    let apply = async |path: &str, body: &str| send(&harness, Method::PATCH, path, APPLY, body).await;

    let (code, message) = apply(&path, &rocket("", "  free: 1\n  name: b\n")).await;
    let expected =
        "error strict decoding patch: error converting YAML to JSON: yaml: unmarshal errors:\n  line 11: key \"name\" already set in map";
    assert_eq!((code, message.as_str()), (400, expected));
    // JSON is YAML, too, even with tabs and with a comma too many
    let json = "{\n\t\"apiVersion\": \"example.com/v1\",\n\t\"kind\": \"Rocket\",\n\t\"metadata\": {\"name\": \"one\"},\n\t\"spec\": {\"name\": \"a\",\n\t\"name\": \"b\",}}";
    let (code, message) = apply(&path, json).await;
    assert_eq!((code, message.contains("line 6: key \"name\" already set in map")), (400, true), "{message}");

    let (_, message) =
        apply(&path, &rocket("  extra: 1\n", "  part:\n    apiVersion: v1\n    kind: Part\n    metadata:\n      extra: 1\n")).await;
    for field in [".metadata.extra", ".spec.part.metadata.extra"] {
        assert!(message.contains(&format!("{field}: field not declared in schema")), "{message}");
    }
    let (_, message) =
        apply("/apis/example.org/v1/rockets/one", &rocket("", "  free: 1\n").replace("example.com/v1", "example.org/v1")).await;
    assert!(message.contains(".spec.free: field not declared in schema"), "{message}");

    let (code, message) = apply(&path, &rocket("", "  free: 1\n")).await;
    assert_eq!(code, 201, "{message}");
}

#[tokio::test]
async fn updates_of_custom_resources_name_the_version_that_they_replace() {
    let harness = Harness::new().await;
    let open = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    define_versions(&harness, ("example.com", "rockets", "Rocket"), "Cluster", &open, &["v1"]).await;
    let mut rocket = json!({"apiVersion": "example.com/v1", "kind": "Rocket", "metadata": {"name": "one"}});
    // whether it is there comes first
    assert_eq!(harness.put(&format!("{ROCKETS}/one"), &rocket).await.0, 404);
    let (_, made) = harness.post(ROCKETS, &rocket).await;
    let (code, refused) = harness.put(&format!("{ROCKETS}/one"), &rocket).await;
    let expected = "rockets.example.com \"one\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update";
    assert_eq!((code, refused["message"].as_str()), (422, Some(expected)));
    rocket["metadata"]["resourceVersion"] = made["metadata"]["resourceVersion"].clone();
    assert_eq!(harness.put(&format!("{ROCKETS}/one"), &rocket).await.0, 200);
}
