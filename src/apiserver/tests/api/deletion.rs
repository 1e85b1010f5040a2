//! Finalizers, propagation, preconditions, namespaces.

use serde_json::{Value, json};

use crate::harness::{Harness, MERGE, config_map};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

#[tokio::test]
async fn a_finalizer_holds_an_object_until_it_is_taken_off() {
    let harness = Harness::new().await;
    let mut object = config_map("held", &json!({}));
    object["metadata"]["finalizers"] = json!(["example.org/hold"]);
    harness.post(MAPS, &object).await;
    let path = format!("{MAPS}/held");
    let (code, marked) = harness.delete(&path, "").await;
    assert_eq!(code, 200);
    assert!(marked["metadata"]["deletionTimestamp"].is_string());
    let (code, refused) = harness.patch(&path, MERGE, &json!({"metadata": {"finalizers": ["example.org/hold", "example.org/more"]}})).await;
    assert_eq!((code, refused["reason"].as_str()), (422, Some("Invalid")));
    let (code, _) = harness.patch(&path, MERGE, &json!({"metadata": {"finalizers": null}})).await;
    assert_eq!(code, 200);
    assert_eq!(harness.get(&path).await.0, 404);
}

#[tokio::test]
async fn propagation_becomes_a_finalizer() {
    let harness = Harness::new().await;
    for (policy, finalizer) in [("Foreground", "foregroundDeletion"), ("Orphan", "orphan")] {
        harness.post(MAPS, &config_map("x", &json!({}))).await;
        let path = format!("{MAPS}/x");
        harness.delete(&path, &json!({"propagationPolicy": policy}).to_string()).await;
        let (_, marked) = harness.get(&path).await;
        assert_eq!(marked["metadata"]["finalizers"], json!([finalizer]), "{policy}");
        harness.patch(&path, MERGE, &json!({"metadata": {"finalizers": null}})).await;
        assert_eq!(harness.get(&path).await.0, 404, "{policy}");
    }
}

#[tokio::test]
async fn preconditions_guard_a_deletion() {
    let harness = Harness::new().await;
    harness.post(MAPS, &config_map("x", &json!({}))).await;
    let (code, refused) = harness.delete(&format!("{MAPS}/x"), &json!({"preconditions": {"uid": "other"}}).to_string()).await;
    assert_eq!(code, 409);
    assert!(refused["message"].as_str().unwrap().contains("the UID in the precondition (other) does not match the UID in record ("));
    assert_eq!(harness.get(&format!("{MAPS}/x")).await.0, 200);
}

#[tokio::test]
async fn a_collection_goes_by_selector() {
    let harness = Harness::new().await;
    for (name, app) in [("a", "x"), ("b", "y"), ("c", "x")] {
        harness.post(MAPS, &config_map(name, &json!({"app": app}))).await;
    }
    let (code, _) = harness.delete(&format!("{MAPS}?labelSelector=app%3Dx"), "").await;
    assert_eq!(code, 200);
    let (_, rest) = harness.get(MAPS).await;
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_namespace_ends_in_two_steps() {
    let harness = Harness::new().await;
    let (code, created) = harness.post("/api/v1/namespaces", &json!({"metadata": {"name": "team"}})).await;
    assert_eq!(
        (code, created["status"]["phase"].as_str(), &created["spec"]["finalizers"]),
        (201, Some("Active"), &json!(["kubernetes"])),
        "{created}"
    );
    assert_eq!(created["metadata"]["labels"]["kubernetes.io/metadata.name"], "team");
    let (code, ending) = harness.delete("/api/v1/namespaces/team", "").await;
    assert_eq!((code, ending["status"]["phase"].as_str()), (200, Some("Terminating")));
    let (code, refused) = harness.post("/api/v1/namespaces/team/configmaps", &config_map("x", &json!({}))).await;
    assert_eq!(code, 403);
    assert_eq!(
        refused["message"],
        "configmaps \"x\" is forbidden: unable to create new content in namespace team because it is being terminated"
    );
    let mut last = ending.clone();
    last["spec"]["finalizers"] = Value::Null;
    let (code, _) = harness.put("/api/v1/namespaces/team/finalize", &last).await;
    assert_eq!(code, 200);
    assert_eq!(harness.get("/api/v1/namespaces/team").await.0, 404);
    let (code, refused) = harness.delete("/api/v1/namespaces/default", "").await;
    assert_eq!(
        (code, refused["message"].as_str().unwrap()),
        (403, "namespaces \"default\" is forbidden: this namespace may not be deleted")
    );
}
