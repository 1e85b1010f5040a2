//! Disruption budgets with the controllers of the cluster: what upstream's tests of their controller and of evictions ask for.

use serde_json::{Value, json};

use super::until;
use crate::harness::{Harness, MERGE};

const CORE: &str = "/api/v1/namespaces/default";
const BUDGETS: &str = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
const FOO: &str = "/apis/policy/v1/namespaces/default/poddisruptionbudgets/foo";

async fn pods(harness: &Harness) -> Vec<Value> {
    harness.get(&format!("{CORE}/pods?labelSelector=foo%3Dbar")).await.1["items"].as_array().cloned().unwrap_or_default()
}

/// Waits until so many pods are there, and lets all of them run.
async fn running(harness: &Harness, count: usize) -> Vec<Value> {
    until("the pods are there", async || pods(harness).await.len() == count).await;
    for pod in pods(harness).await {
        let name = pod["metadata"]["name"].as_str().unwrap();
        let status = json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]});
        assert_eq!(harness.patch(&format!("{CORE}/pods/{name}/status"), MERGE, &json!({"status": status})).await.0, 200);
    }
    pods(harness).await
}

async fn budget(harness: &Harness, spec: Value) -> Value {
    let mut spec = spec;
    spec["selector"] = json!({"matchLabels": {"foo": "bar"}});
    let (code, made) = harness.post(BUDGETS, &json!({"metadata": {"name": "foo"}, "spec": spec})).await;
    assert_eq!(code, 201, "{made}");
    processed(harness).await
}

/// Waits until the controller has seen the budget as it is.
async fn processed(harness: &Harness) -> Value {
    let seen = |budget: &Value| budget["status"]["observedGeneration"] == budget["metadata"]["generation"];
    until("the budget is processed", async || seen(&harness.get(FOO).await.1)).await;
    harness.get(FOO).await.1
}

async fn status(harness: &Harness, field: &str, value: i64) {
    until(field, async || harness.get(FOO).await.1["status"][field] == value).await;
}

/// The code of an eviction, and the reason of its first cause.
async fn evict(harness: &Harness, pod: &Value) -> (u16, Value) {
    let name = pod["metadata"]["name"].as_str().unwrap();
    let (code, answer) = harness.post(&format!("{CORE}/pods/{name}/eviction"), &json!({"metadata": {"name": name}})).await;
    (code, answer["details"]["causes"][0]["reason"].clone())
}

async fn replicas(harness: &Harness, count: u32) {
    harness.post(&format!("{CORE}/serviceaccounts"), &json!({"metadata": {"name": "default"}})).await;
    let template = json!({"metadata": {"labels": {"foo": "bar"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let spec = json!({"replicas": count, "selector": {"matchLabels": {"foo": "bar"}}, "template": template});
    let (code, made) =
        harness.post("/apis/apps/v1/namespaces/default/replicasets", &json!({"metadata": {"name": "rs"}, "spec": spec})).await;
    assert_eq!(code, 201, "{made}");
}

#[tokio::test]
async fn an_eviction_is_blocked_until_the_budget_is_changed() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    let refused = || (429, json!("DisruptionBudget"));
    budget(&harness, json!({"minAvailable": 3})).await;
    replicas(&harness, 3).await;
    let pod = running(&harness, 3).await.remove(0);
    status(&harness, "currentHealthy", 3).await;
    assert_eq!(evict(&harness, &pod).await, refused());

    let mut updated = harness.get(FOO).await.1;
    updated["spec"]["minAvailable"] = json!(2);
    assert_eq!(harness.put(FOO, &updated).await.0, 200);
    processed(&harness).await;
    status(&harness, "disruptionsAllowed", 1).await;
    assert_eq!(evict(&harness, &pod).await.0, 201);

    let patch = json!({"spec": {"minAvailable": null, "maxUnavailable": 0}});
    let (code, patched) = harness.patch(FOO, MERGE, &patch).await;
    assert_eq!((code, &patched["spec"]["maxUnavailable"], &patched["spec"]["minAvailable"]), (200, &json!(0), &Value::Null));
    processed(&harness).await;
    let pod = running(&harness, 3).await.remove(0);
    status(&harness, "currentHealthy", 3).await;
    assert_eq!(evict(&harness, &pod).await, refused());

    assert_eq!(harness.delete(FOO, "").await.0, 200);
    assert_eq!(evict(&harness, &pod).await.0, 201);
}

#[tokio::test]
async fn what_a_budget_allows_follows_the_scale_of_its_pods() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    let nothing = budget(&harness, json!({"minAvailable": "1%"})).await;
    assert_eq!((&nothing["status"]["expectedPods"], &nothing["status"]["disruptionsAllowed"]), (&json!(0), &json!(0)));
    harness.delete(FOO, "").await;
    replicas(&harness, 10).await;
    running(&harness, 10).await;
    for (spec, desired) in [
        (json!({"minAvailable": "90%"}), 9),
        (json!({"maxUnavailable": "10%"}), 9),
        (json!({"maxUnavailable": 1}), 9),
        (json!({"minAvailable": 4}), 4),
    ] {
        budget(&harness, spec).await;
        status(&harness, "desiredHealthy", desired).await;
        status(&harness, "disruptionsAllowed", 10 - desired).await;
        harness.delete(FOO, "").await;
    }
}

#[tokio::test]
async fn the_status_of_a_budget_is_written_and_patched() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    budget(&harness, json!({"minAvailable": 1})).await;
    replicas(&harness, 1).await;
    let pod = running(&harness, 1).await.remove(0);
    let name = pod["metadata"]["name"].as_str().unwrap().to_owned();
    until("the disrupted pods are there", async || {
        let mut written = harness.get(FOO).await.1;
        written["status"]["disruptedPods"] = json!({name.as_str(): jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()});
        harness.put(&format!("{FOO}/status"), &written).await.0 == 200
    })
    .await;
    assert!(harness.get(&format!("{FOO}/status")).await.1["status"]["disruptedPods"][&name].is_string());
    status(&harness, "currentHealthy", 0).await;
    let (code, patched) = harness.patch(&format!("{FOO}/status"), MERGE, &json!({"status": {"disruptedPods": null}})).await;
    assert_eq!((code, patched["status"].get("disruptedPods")), (200, None));
    status(&harness, "currentHealthy", 1).await;
}
