//! Watches.

use serde_json::json;

use crate::harness::{Harness, MERGE, config_map};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

#[tokio::test]
async fn events_come_in_order_from_a_revision_on() {
    let harness = Harness::new().await;
    harness.post(MAPS, &config_map("before", &json!({}))).await;
    let (_, list) = harness.get(MAPS).await;
    let from = list["metadata"]["resourceVersion"].as_str().unwrap();
    harness.post(MAPS, &config_map("one", &json!({}))).await;
    let mut watch = harness.watch(&format!("{MAPS}?watch=1&resourceVersion={from}")).await;
    assert_eq!(watch.brief().await, ("ADDED".into(), "one".into()));
    harness.patch(&format!("{MAPS}/one"), MERGE, &json!({"data": {"b": "2"}})).await;
    harness.delete(&format!("{MAPS}/one"), "").await;
    assert_eq!(watch.brief().await, ("MODIFIED".into(), "one".into()));
    let deleted = watch.next().await.unwrap();
    assert_eq!((deleted["type"].as_str(), deleted["object"]["data"]["b"].as_str()), (Some("DELETED"), Some("2")));
    // other namespaces are not seen
    harness.post("/api/v1/namespaces/kube-system/configmaps", &config_map("elsewhere", &json!({}))).await;
    harness.post(MAPS, &config_map("two", &json!({}))).await;
    assert_eq!(watch.brief().await, ("ADDED".into(), "two".into()));
}

#[tokio::test]
async fn objects_enter_and_leave_a_selection() {
    let harness = Harness::new().await;
    let mut watch = harness.watch(&format!("{MAPS}?watch=1&labelSelector=app%3Da")).await;
    harness.post(MAPS, &config_map("one", &json!({"app": "b"}))).await;
    harness.patch(&format!("{MAPS}/one"), MERGE, &json!({"metadata": {"labels": {"app": "a"}}})).await;
    let entered = watch.next().await.unwrap();
    assert_eq!(entered["type"], "ADDED");
    let (_, left) = harness.patch(&format!("{MAPS}/one"), MERGE, &json!({"metadata": {"labels": {"app": "b"}}})).await;
    let event = watch.next().await.unwrap();
    assert_eq!((event["type"].as_str(), event["object"]["metadata"]["labels"]["app"].as_str()), (Some("DELETED"), Some("a")));
    assert_eq!(event["object"]["metadata"]["resourceVersion"], left["metadata"]["resourceVersion"]);
}

#[tokio::test]
async fn initial_events_end_with_a_bookmark() {
    let harness = Harness::new().await;
    harness.post(MAPS, &config_map("one", &json!({}))).await;
    let query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    let mut watch = harness.watch(&format!("{MAPS}?{query}")).await;
    assert_eq!(watch.brief().await, ("ADDED".into(), "one".into()));
    let bookmark = watch.next().await.unwrap();
    assert_eq!((bookmark["type"].as_str(), bookmark["object"]["kind"].as_str()), (Some("BOOKMARK"), Some("ConfigMap")));
    assert_eq!(bookmark["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"], "true");
}

#[tokio::test]
async fn a_watch_goes_on_over_a_restart() {
    let harness = Harness::new().await;
    let (_, first) = harness.post(MAPS, &config_map("one", &json!({}))).await;
    let from = first["metadata"]["resourceVersion"].as_str().unwrap();
    harness.post(MAPS, &config_map("two", &json!({}))).await;
    let harness = harness.restart().await;
    let mut watch = harness.watch(&format!("{MAPS}?watch=1&resourceVersion={from}")).await;
    assert_eq!(watch.brief().await, ("ADDED".into(), "two".into()));
}

#[tokio::test]
async fn a_busy_resource_outruns_its_own_ring_only() {
    let harness = Harness::new().await;
    harness.post("/api/v1/namespaces/default/secrets", &json!({"metadata": {"name": "quiet"}})).await;
    let (_, first) = harness.post(MAPS, &config_map("busy", &json!({}))).await;
    let from = first["metadata"]["resourceVersion"].as_str().unwrap();
    for number in 0..4200 {
        harness.patch(&format!("{MAPS}/busy"), MERGE, &json!({"data": {"n": number.to_string()}})).await;
    }
    let mut watch = harness.watch(&format!("{MAPS}?watch=1&resourceVersion={from}")).await;
    let event = watch.next().await.unwrap();
    assert_eq!(
        (event["type"].as_str(), event["object"]["code"].as_i64(), event["object"]["reason"].as_str()),
        (Some("ERROR"), Some(410), Some("Expired"))
    );
    assert!(event["object"]["message"].as_str().unwrap().starts_with(&format!("too old resource version: {from} (")));
    assert!(watch.next().await.is_none());
    let mut quiet = harness.watch(&format!("/api/v1/namespaces/default/secrets?watch=1&resourceVersion={from}")).await;
    harness.post("/api/v1/namespaces/default/secrets", &json!({"metadata": {"name": "later"}})).await;
    assert_eq!(quiet.brief().await, ("ADDED".into(), "later".into()));
}

#[tokio::test]
async fn a_watch_ends_when_it_said_so() {
    let harness = Harness::new().await;
    let mut watch = harness.watch(&format!("{MAPS}?watch=1&timeoutSeconds=1")).await;
    assert!(watch.next().await.is_none());
}
