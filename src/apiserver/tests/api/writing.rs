//! Create, update, patch.

use api::ApiError;
use apiserver::UserInfo;
use http::Method;
use serde_json::json;

use crate::harness::{Harness, JSON, MERGE, config_map};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

#[tokio::test]
async fn an_object_lives_and_dies() {
    let harness = Harness::new().await;
    let (code, created) = harness.post(MAPS, &config_map("one", &json!({}))).await;
    assert_eq!(code, 201, "{created}");
    assert!(created["metadata"]["uid"].as_str().unwrap().len() == 36);
    let (code, again) = harness.post(MAPS, &config_map("one", &json!({}))).await;
    assert_eq!((code, again["message"].as_str().unwrap()), (409, "configmaps \"one\" already exists"));
    assert_eq!(harness.get(&format!("{MAPS}/one")).await, (200, created.clone()));

    let mut changed = created.clone();
    changed["data"]["a"] = "2".into();
    let (code, updated) = harness.put(&format!("{MAPS}/one"), &changed).await;
    assert_eq!((code, updated["data"]["a"].as_str()), (200, Some("2")));
    assert_ne!(updated["metadata"]["resourceVersion"], created["metadata"]["resourceVersion"]);
    // the same again changes nothing, not even the version; the old version is a conflict
    let (_, same) = harness.put(&format!("{MAPS}/one"), &updated).await;
    assert_eq!(same, updated);
    let (code, stale) = harness.put(&format!("{MAPS}/one"), &changed).await;
    assert_eq!(code, 409);
    assert_eq!(stale["message"], ApiError::modified("", "configmaps", "one").message());

    let (code, status) = harness.delete(&format!("{MAPS}/one"), "").await;
    assert_eq!((code, status["status"].as_str(), status["details"]["kind"].as_str()), (200, Some("Success"), Some("configmaps")));
    let (code, gone) = harness.get(&format!("{MAPS}/one")).await;
    assert_eq!((code, gone["message"].as_str().unwrap()), (404, "configmaps \"one\" not found"));
}

#[tokio::test]
async fn unknown_and_duplicate_fields() {
    let harness = Harness::new().await;
    let body = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"foo":1,"data":{},"data":{"a":"1","a":"2"}}"#;
    let call = |query: &'static str| harness.call_as(UserInfo::administrator(), Method::POST, query, JSON, body);
    let (code, refused) = call("/api/v1/namespaces/default/configmaps?fieldValidation=Strict").await;
    assert_eq!(code, 400);
    assert_eq!(
        refused["message"],
        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"foo\", duplicate field \"data\", duplicate field \"data.a\""
    );
    let (code, _) = call("/api/v1/namespaces/default/configmaps?fieldValidation=Ignore&dryRun=All").await;
    assert_eq!(code, 201);
    assert_eq!(harness.get("/api/v1/namespaces/default/configmaps/x").await.0, 404, "a dry run writes nothing");
}

#[tokio::test]
async fn mistakes_are_told_as_upstream_tells_them() {
    let harness = Harness::new().await;
    let check = async |path: &str, body: &str, code: u16, message: &str| {
        let (got, answer) = harness.call_as(UserInfo::administrator(), Method::POST, path, JSON, body).await;
        assert_eq!((got, answer["message"].as_str().unwrap_or_default()), (code, message), "{body}");
    };
    check("/api/v1/namespaces/nowhere/configmaps", r#"{"metadata":{"name":"x"}}"#, 404, "namespaces \"nowhere\" not found").await;
    check(
        MAPS,
        r#"{"metadata":{"name":"x","namespace":"other"}}"#,
        400,
        "the namespace of the provided object does not match the namespace sent on the request",
    )
    .await;
    check(MAPS, r#"{"metadata":{}}"#, 422, "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required")
        .await;
    check(
        MAPS,
        r#"{"apiVersion":"apps/v1","metadata":{"name":"x"}}"#,
        400,
        "the API version in the data (apps/v1) does not match the expected API version (v1)",
    )
    .await;
    assert_eq!(harness.get("/apis/nothing/v1/things").await.0, 404);
    assert_eq!(harness.delete("/api/v1/namespaces", "").await.0, 405);
}

#[tokio::test]
async fn patches_of_each_type() {
    let harness = Harness::new().await;
    harness.post(MAPS, &config_map("one", &json!({"x": "y"}))).await;
    let path = format!("{MAPS}/one");
    let (_, merged) = harness.patch(&path, MERGE, &json!({"data": {"b": "2", "a": null}})).await;
    assert_eq!(merged["data"], json!({"b": "2"}));
    let (_, patched) = harness.patch(&path, "application/json-patch+json", &json!([{"op": "add", "path": "/data/c", "value": "3"}])).await;
    assert_eq!(patched["data"], json!({"b": "2", "c": "3"}));
    let (_, strategic) =
        harness.patch(&path, "application/strategic-merge-patch+json", &json!({"metadata": {"labels": {"x": null}}})).await;
    assert_eq!(strategic["metadata"]["labels"], serde_json::Value::Null);
    let (code, _) = harness.patch(&path, "text/css", &json!({})).await;
    assert_eq!(code, 415);
}

#[tokio::test]
async fn no_patch_is_lost_to_another() {
    let harness = std::sync::Arc::new(Harness::new().await);
    harness.post(MAPS, &config_map("one", &json!({}))).await;
    let tasks: Vec<_> = (0..40)
        .map(|number| {
            let harness = harness.clone();
            tokio::spawn(async move {
                let (code, answer) = harness.patch(&format!("{MAPS}/one"), MERGE, &json!({"data": {format!("k{number}"): "v"}})).await;
                assert_eq!(code, 200, "{answer}");
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let (_, object) = harness.get(&format!("{MAPS}/one")).await;
    assert_eq!(object["data"].as_object().unwrap().len(), 41);
}

#[tokio::test]
async fn what_is_acknowledged_survives_a_restart() {
    let harness = Harness::new().await;
    let (_, before) = harness.post(MAPS, &config_map("one", &json!({}))).await;
    let harness = harness.restart().await;
    let (code, after) = harness.get(&format!("{MAPS}/one")).await;
    assert_eq!((code, &after), (200, &before));
    let (_, next) = harness.post(MAPS, &config_map("two", &json!({}))).await;
    let number = |object: &serde_json::Value| object["metadata"]["resourceVersion"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(number(&next) > number(&before));
}

#[tokio::test]
async fn scale_changes_replicas_and_generation() {
    let harness = Harness::new().await;
    let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let body = json!({"metadata": {"name": "web"}, "spec": {"replicas": 2, "selector": {"matchLabels": {"a": "b"}}, "template": template}});
    let path = "/apis/apps/v1/namespaces/default/deployments";
    let (code, created) = harness.post(path, &body).await;
    assert_eq!((code, created["metadata"]["generation"].as_i64()), (201, Some(1)), "{created}");
    let (code, scale) = harness.patch(&format!("{path}/web/scale"), MERGE, &json!({"spec": {"replicas": 5}})).await;
    assert_eq!((code, scale["kind"].as_str(), scale["spec"]["replicas"].as_i64()), (200, Some("Scale"), Some(5)), "{scale}");
    assert_eq!(scale["status"]["selector"], "a=b");
    let (_, after) = harness.get(&format!("{path}/web")).await;
    assert_eq!((after["spec"]["replicas"].as_i64(), after["metadata"]["generation"].as_i64()), (Some(5), Some(2)));
    // status writes neither the spec nor the generation
    let mut wanted = after.clone();
    wanted["spec"]["replicas"] = 9.into();
    wanted["status"] = json!({"replicas": 5, "observedGeneration": 2});
    let (code, status) = harness.put(&format!("{path}/web/status"), &wanted).await;
    assert_eq!((code, status["spec"]["replicas"].as_i64(), status["status"]["replicas"].as_i64()), (200, Some(5), Some(5)), "{status}");
    assert_eq!(status["metadata"]["generation"], 2);
}
