//! Evictions: what budgets refuse, what they let go, and what is left behind.

use serde_json::{Value, json};

use crate::harness::{Harness, MERGE};

const PODS: &str = "/api/v1/namespaces/default/pods";
const BUDGETS: &str = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

/// A pod that is held by a finalizer, so that what is left of it can be looked at, with a status.
async fn with_pod(status: &Value) -> Harness {
    let harness = Harness::new().await;
    harness.post("/api/v1/namespaces/default/serviceaccounts", &json!({"metadata": {"name": "default"}})).await;
    let metadata = json!({"name": "p", "labels": {"app": "x"}, "finalizers": ["example.com/kept"]});
    let (code, pod) = harness.post(PODS, &json!({"metadata": metadata, "spec": {"containers": [{"name": "c", "image": "busybox"}]}})).await;
    assert_eq!(code, 201, "{pod}");
    harness.patch(&format!("{PODS}/p/status"), MERGE, &json!({"status": status})).await;
    harness
}

fn running(ready: bool) -> Value {
    json!({"phase": "Running", "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}]})
}

async fn add_budget(harness: &Harness, name: &str, spec: Value, status: Value) {
    let mut spec = spec;
    if spec.get("selector").is_none() {
        spec["selector"] = json!({"matchLabels": {"app": "x"}});
    }
    let (code, budget) = harness.post(BUDGETS, &json!({"metadata": {"name": name}, "spec": spec})).await;
    assert_eq!(code, 201, "{budget}");
    let mut whole = json!({"observedGeneration": 1, "expectedPods": 1});
    whole.as_object_mut().unwrap().extend(status.as_object().unwrap().clone());
    let (code, budget) = harness.patch(&format!("{BUDGETS}/{name}/status"), MERGE, &json!({"status": whole})).await;
    assert_eq!(code, 200, "{budget}");
}

async fn evict(harness: &Harness, query: &str, options: Value) -> (u16, Value) {
    harness.post(&format!("{PODS}/p/eviction{query}"), &json!({"metadata": {"name": "p"}, "deleteOptions": options})).await
}

/// A pod with a status under a budget with a status: the code of its eviction, and what is said.
async fn check(pod: Value, spec: Value, status: Value, code: u16, said: &str) -> (Harness, Value) {
    let harness = with_pod(&pod).await;
    add_budget(&harness, "b", spec, status).await;
    let (got, answer) = evict(&harness, "", json!(null)).await;
    let cause = &answer["details"]["causes"][0]["message"];
    let text = cause.as_str().or(answer["message"].as_str()).unwrap_or_default();
    assert_eq!((got, text), (code, said), "{answer}");
    let (_, pod) = harness.get(&format!("{PODS}/p")).await;
    assert_eq!(pod["metadata"].get("deletionTimestamp").is_some(), code == 201, "{pod}");
    (harness, answer)
}

#[tokio::test]
async fn a_budget_refuses_in_upstreams_words() {
    let one = || json!({"minAvailable": 1});
    let (_, answer) = check(
        running(true),
        one(),
        json!({"disruptionsAllowed": 0, "currentHealthy": 3, "desiredHealthy": 3}),
        429,
        "The disruption budget b needs 3 healthy pods and has 3 currently",
    )
    .await;
    let expected = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "TooManyRequests", "code": 429,
        "message": "Cannot evict pod as it would violate the pod's disruption budget.",
        "details": {"causes": [{"reason": "DisruptionBudget", "message": "The disruption budget b needs 3 healthy pods and has 3 currently"}]},
    });
    assert_eq!(answer, expected);
    let failed = |reason: &str, message: &str| json!([{"type": "DisruptionAllowed", "status": "False", "reason": reason, "message": message, "lastTransitionTime": "2026-01-01T00:00:00Z"}]);
    let sync = json!({"disruptionsAllowed": 0, "conditions": failed("SyncFailed", "oh")});
    check(running(true), one(), sync, 429, "The disruption budget b does not allow evicting pods currently because it failed sync: oh")
        .await;
    let enough = json!({"disruptionsAllowed": 0, "currentHealthy": 4, "desiredHealthy": 3, "conditions": failed("Other", "oh")});
    check(running(true), one(), enough, 429, "The disruption budget b does not allow evicting pods currently (Other): oh").await;
    let silent = json!({"disruptionsAllowed": 0, "currentHealthy": 4, "desiredHealthy": 3});
    check(running(true), one(), silent, 429, "The disruption budget b does not allow evicting pods currently").await;
    let (_, answer) = check(
        running(true),
        one(),
        json!({"disruptionsAllowed": 5, "observedGeneration": 0}),
        429,
        "The disruption budget b is still being processed by the server.",
    )
    .await;
    assert_eq!(answer["details"]["retryAfterSeconds"], 10);
    // an empty selector is about every pod
    let all = json!({"minAvailable": 1, "selector": {}});
    check(running(true), all, json!({"disruptionsAllowed": 0}), 429, "The disruption budget b needs 0 healthy pods and has 0 currently")
        .await;
}

#[tokio::test]
async fn an_eviction_spends_what_its_budget_allows() {
    let conditions = json!([{"type": "DisruptionAllowed", "status": "True", "reason": "SufficientPods", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]);
    let allowed = json!({"disruptionsAllowed": 1, "currentHealthy": 2, "desiredHealthy": 1, "conditions": conditions});
    let (harness, answer) = check(running(true), json!({"minAvailable": 1}), allowed, 201, "").await;
    assert_eq!(answer, json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}));
    let (_, budget) = harness.get(&format!("{BUDGETS}/b")).await;
    assert_eq!(budget["status"]["disruptionsAllowed"], 0);
    assert!(budget["status"]["disruptedPods"]["p"].is_string(), "{budget}");
    let condition = &budget["status"]["conditions"][0];
    assert_eq!(
        (&condition["status"], &condition["reason"], &condition["observedGeneration"]),
        (&json!("False"), &json!("InsufficientPods"), &json!(1))
    );
    let managers: Vec<&Value> = budget["metadata"]["managedFields"].as_array().unwrap().iter().map(|entry| &entry["manager"]).collect();
    assert!(managers.contains(&&json!("kube-apiserver")), "{budget}");
    let (_, pod) = harness.get(&format!("{PODS}/p")).await;
    let mark = pod["status"]["conditions"].as_array().unwrap().iter().find(|condition| condition["type"] == "DisruptionTarget").unwrap();
    assert_eq!(
        (&mark["status"], &mark["reason"], &mark["message"]),
        (&json!("True"), &json!("EvictionByEvictionAPI"), &json!("Eviction API: evicting"))
    );
}

#[tokio::test]
async fn pods_that_are_not_ready_go_while_enough_others_are() {
    let none = |healthy: i32| json!({"disruptionsAllowed": 0, "currentHealthy": healthy, "desiredHealthy": 1});
    let (harness, _) = check(running(false), json!({"minAvailable": 1}), none(1), 201, "").await;
    let (_, budget) = harness.get(&format!("{BUDGETS}/b")).await;
    assert!(budget["status"].get("disruptedPods").is_none(), "nothing is spent on it: {budget}");
    let needs = "The disruption budget b needs 1 healthy pods and has 0 currently";
    check(running(false), json!({"minAvailable": 1}), none(0), 429, needs).await;
    check(running(false), json!({"minAvailable": 1, "unhealthyPodEvictionPolicy": "IfHealthyBudget"}), none(0), 429, needs).await;
    check(running(false), json!({"minAvailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"}), none(0), 201, "").await;
    // what does not run disrupts nothing
    for phase in ["Pending", "Succeeded", "Failed"] {
        check(json!({"phase": phase}), json!({"minAvailable": 1}), none(0), 201, "").await;
    }
}

#[tokio::test]
async fn several_budgets_are_too_many() {
    let harness = with_pod(&running(true)).await;
    for name in ["a", "b"] {
        add_budget(&harness, name, json!({"minAvailable": 0}), json!({"disruptionsAllowed": 9})).await;
    }
    let (code, answer) = evict(&harness, "", json!(null)).await;
    assert_eq!(code, 500);
    assert_eq!(answer["message"], "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
}

#[tokio::test]
async fn a_dry_run_spends_nothing() {
    for (query, options, code) in [
        ("?dryRun=All", json!(null), 201),
        ("", json!({"dryRun": ["All"]}), 201),
        ("?dryRun=All", json!({"dryRun": ["All"]}), 201),
        ("?dryRun=All", json!({"dryRun": ["Some"]}), 500),
    ] {
        let harness = with_pod(&running(true)).await;
        add_budget(&harness, "b", json!({"minAvailable": 0}), json!({"disruptionsAllowed": 1})).await;
        let (got, answer) = evict(&harness, query, options).await;
        assert_eq!(got, code, "{answer}");
        if code == 500 {
            assert_eq!(answer["message"], "Non-matching dry-run options in request and content: [All] and [Some]");
        }
        let (_, pod) = harness.get(&format!("{PODS}/p")).await;
        assert!(pod["metadata"].get("deletionTimestamp").is_none() && pod["status"]["conditions"].as_array().unwrap().len() == 1, "{pod}");
        assert_eq!(harness.get(&format!("{BUDGETS}/b")).await.1["status"]["disruptionsAllowed"], 1);
        harness.patch(&format!("{BUDGETS}/b/status"), MERGE, &json!({"status": {"disruptionsAllowed": 0}})).await;
        if code == 201 {
            assert_eq!(evict(&harness, query, json!(null)).await.0, 429);
        }
    }
}

#[tokio::test]
async fn preconditions_are_kept() {
    let harness = with_pod(&running(true)).await;
    let (_, pod) = harness.get(&format!("{PODS}/p")).await;
    let (uid, version) = (pod["metadata"]["uid"].clone(), pod["metadata"]["resourceVersion"].clone());
    let (code, answer) = evict(&harness, "", json!({"preconditions": {"uid": "another"}})).await;
    let message = format!(
        "Operation cannot be fulfilled on Pod \"p\": the UID in the precondition (another) does not match the UID in record ({}). The object might have been deleted and then recreated",
        uid.as_str().unwrap()
    );
    assert_eq!((code, answer["message"].as_str().unwrap()), (409, message.as_str()));
    let (code, answer) = evict(&harness, "", json!({"preconditions": {"resourceVersion": "1"}})).await;
    assert_eq!((code, answer["reason"].as_str().unwrap()), (409, "Conflict"));
    assert_eq!(harness.get(&format!("{PODS}/p")).await.1["metadata"]["resourceVersion"], version, "nothing was written");
    let (code, answer) =
        evict(&harness, "", json!({"preconditions": {"resourceVersion": version, "uid": uid}, "gracePeriodSeconds": 0})).await;
    assert_eq!(code, 201, "{answer}");
}

#[tokio::test]
async fn an_eviction_names_its_pod() {
    let harness = with_pod(&running(true)).await;
    for body in [json!({"metadata": {"name": "q"}}), json!({"metadata": {}})] {
        let (code, answer) = harness.post(&format!("{PODS}/p/eviction"), &body).await;
        assert_eq!((code, &answer["message"]), (400, &json!("name in URL does not match name in Eviction object")));
    }
    let (code, answer) = harness.post(&format!("{PODS}/none/eviction"), &json!({"metadata": {"name": "none"}})).await;
    assert_eq!((code, &answer["message"]), (404, &json!("pods \"none\" not found")));
    let older = json!({"apiVersion": "policy/v1beta1", "kind": "Eviction", "metadata": {"name": "p"}});
    assert_eq!(harness.post(&format!("{PODS}/p/eviction"), &older).await.0, 201);
}
