//! Watches.

use std::collections::BTreeMap;

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

#[tokio::test]
async fn a_watch_from_a_later_revision_waits_for_it() {
    let harness = Harness::new().await;
    let (_, first) = harness.post(MAPS, &config_map("one", &json!({}))).await;
    let now: u64 = first["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap();
    let mut watch = harness.watch(&format!("{MAPS}?watch=1&resourceVersion={}", now + 1)).await;
    harness.post(MAPS, &config_map("two", &json!({}))).await;
    harness.post(MAPS, &config_map("three", &json!({}))).await;
    assert_eq!(watch.brief().await, ("ADDED".into(), "three".into()));
}

#[tokio::test]
async fn options_that_do_not_go_together() {
    let harness = Harness::new().await;
    let check = async |query: &str, expected: &[&str]| {
        let (code, status) = harness.get(&format!("{MAPS}?{query}")).await;
        let causes: Vec<&str> =
            status["details"]["causes"].as_array().into_iter().flatten().map(|cause| cause["message"].as_str().unwrap()).collect();
        assert_eq!((code, causes.as_slice()), (422, expected), "{query}: {status}");
    };
    check(
        "watch=1&sendInitialEvents=true&resourceVersionMatch=Exact",
        &[
            "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
            "Unsupported value: \"Exact\": supported values: \"NotOlderThan\"",
        ],
    )
    .await;
    check(
        "watch=1&resourceVersionMatch=NotOlderThan",
        &["Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"],
    )
    .await;
    check("resourceVersionMatch=Exact", &["Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"]).await;
    check("sendInitialEvents=true", &["Forbidden: sendInitialEvents is forbidden for list"]).await;
}

/// A client that loses its connection again and again, and begins each time where it stood, ends with what a list shows; no event comes twice.
#[tokio::test]
async fn a_client_that_reconnects_sees_every_event_once() {
    let mut harness = Harness::new().await;
    let (_, list) = harness.get(&format!("{MAPS}?labelSelector=in%3Dyes")).await;
    let mut revision: u64 = list["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut chance = 7_u64;
    let mut next = |below: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    for round in 0..12 {
        for _ in 0..10 {
            let name = format!("m{}", next(4));
            let inside = if next(2) == 0 { "yes" } else { "no" };
            let patch = json!({"metadata": {"labels": {"in": inside}}, "data": {"n": next(1000).to_string()}});
            if harness.patch(&format!("{MAPS}/{name}"), MERGE, &patch).await.0 == 404 {
                harness.post(MAPS, &config_map(&name, &json!({"in": inside}))).await;
            } else if next(4) == 0 {
                harness.delete(&format!("{MAPS}/{name}"), "").await;
            }
        }
        if round == 6 {
            harness = harness.restart().await;
        }
        // the last of all events tells where to stop; some rounds leave before it
        let (_, end) = harness.post(MAPS, &config_map(&format!("end-{round}"), &json!({"in": "yes"}))).await;
        let end: u64 = end["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap();
        let mut leaves_after = if round == 11 { u64::MAX } else { next(12) };
        let mut watch = harness.watch(&format!("{MAPS}?watch=1&labelSelector=in%3Dyes&resourceVersion={revision}")).await;
        while revision < end && leaves_after > 0 {
            let event = watch.next().await.unwrap();
            let meta = &event["object"]["metadata"];
            let at: u64 = meta["resourceVersion"].as_str().unwrap().parse().unwrap();
            assert!(at > revision, "{at} after {revision}");
            revision = at;
            leaves_after -= 1;
            let name = meta["name"].as_str().unwrap().to_owned();
            let known = seen.contains_key(&name);
            match event["type"].as_str().unwrap() {
                "ADDED" => assert!(!known, "{name} was there"),
                "MODIFIED" => assert!(known, "{name} was not there"),
                _ => {
                    assert!(seen.remove(&name).is_some(), "{name} was not there");
                    continue;
                }
            }
            seen.insert(name, at.to_string());
        }
    }
    let (_, list) = harness.get(&format!("{MAPS}?labelSelector=in%3Dyes")).await;
    let there: BTreeMap<String, String> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let text = |name: &str| item["metadata"][name].as_str().unwrap().to_owned();
            (text("name"), text("resourceVersion"))
        })
        .collect();
    assert_eq!(seen, there);
}
