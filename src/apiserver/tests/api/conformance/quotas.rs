//! Quotas that count themselves, and what the server tells of flow control.

use serde_json::{Value, json};

use super::{holds, until};
use crate::harness::{Harness, MERGE};

#[tokio::test]
async fn a_quota_that_counts_quotas_can_be_deleted() {
    let harness = Harness::new().await;
    let path = "/api/v1/namespaces/default/resourcequotas";
    let quota = |name: &str| json!({"metadata": {"name": name}, "spec": {"hard": {"resourcequotas": "1"}}});
    assert_eq!(harness.post(path, &quota("one")).await.0, 201);
    let counted = json!({"status": {"hard": {"resourcequotas": "1"}, "used": {"resourcequotas": "1"}}});
    assert_eq!(harness.patch(&format!("{path}/one/status"), MERGE, &counted).await.0, 200);
    assert_eq!(harness.post(path, &quota("two")).await.0, 403);
    let (code, answer) = harness.delete(&format!("{path}/one"), "").await;
    assert_eq!(code, 200, "{answer}");
    assert_eq!(harness.post(path, &quota("two")).await.0, 201);
    assert_eq!(harness.delete(path, "").await.0, 200);
}

#[tokio::test]
async fn a_flow_schema_tells_whether_its_level_is_there() {
    let harness = Harness::new().await;
    let base = "/apis/flowcontrol.apiserver.k8s.io/v1";
    let schema = format!("{base}/flowschemas/walk");
    let told = async |expected: &Value| {
        let says = async || holds(&harness.get(&schema).await.1["status"]["conditions"], &json!([expected]));
        until("the condition is told", says).await;
    };
    let object = json!({"metadata": {"name": "walk"}, "spec": {
        "matchingPrecedence": 1000, "priorityLevelConfiguration": {"name": "walk"}, "distinguisherMethod": {"type": "ByUser"},
        "rules": [{"subjects": [{"kind": "User", "user": {"name": "walker"}}], "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}]}],
    }});
    assert_eq!(harness.post(&format!("{base}/flowschemas"), &object).await.0, 201);
    let words = "This FlowSchema references the PriorityLevelConfiguration object named \"walk\"";
    told(&json!({"type": "Dangling", "status": "True", "reason": "NotFound", "message": format!("{words} but there is no such object")}))
        .await;
    let level = json!({"metadata": {"name": "walk"}, "spec": {"type": "Limited", "limited": {"nominalConcurrencyShares": 1, "limitResponse": {"type": "Reject"}}}});
    assert_eq!(harness.post(&format!("{base}/prioritylevelconfigurations"), &level).await.0, 201);
    told(&json!({"type": "Dangling", "status": "False", "reason": "Found", "message": format!("{words} and it exists")})).await;
    // those that every cluster has are told of as well
    let all = async || {
        let (_, list) = harness.get(&format!("{base}/flowschemas")).await;
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|schema| holds(&schema["status"], &json!({"conditions": [{"type": "Dangling", "status": "False"}]})))
    };
    until("all are told of", all).await;
}

#[tokio::test]
async fn health_tells_of_the_parts_of_a_start_under_their_names() {
    let harness = Harness::new().await;
    for (path, more) in [("/healthz", &[][..]), ("/livez", &[]), ("/readyz", &["informer-sync", "etcd-readiness", "shutdown"])] {
        let (code, text) = harness.get(&format!("{path}?verbose=1")).await;
        assert_eq!(code, 200);
        let lines: Vec<&str> = text.as_str().unwrap().lines().collect();
        let hooks =
            ["crd-informer-synced", "start-apiextensions-controllers", "apiservice-registration-controller", "rbac/bootstrap-roles"];
        let hooks = hooks.iter().map(|name| format!("poststarthook/{name}"));
        for name in ["ping", "log", "etcd", "autoregister-completion"].iter().chain(more).map(ToString::to_string).chain(hooks) {
            assert!(lines.contains(&format!("[+]{name} ok").as_str()), "{name} in {text}");
        }
    }
}
