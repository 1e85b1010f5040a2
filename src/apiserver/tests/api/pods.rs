//! Pods: admission, binding, graceful deletion.

use serde_json::{Value, json};

use crate::harness::Harness;

const PODS: &str = "/api/v1/namespaces/default/pods";

async fn with_pod() -> (Harness, Value) {
    let harness = Harness::new().await;
    harness.post("/api/v1/namespaces/default/serviceaccounts", &json!({"metadata": {"name": "default"}})).await;
    let body = json!({"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "busybox"}]}});
    let (code, pod) = harness.post(PODS, &body).await;
    assert_eq!(code, 201, "{pod}");
    (harness, pod)
}

#[tokio::test]
async fn a_pod_gets_its_account_and_tolerations() {
    let (_harness, pod) = with_pod().await;
    let spec = &pod["spec"];
    assert_eq!(spec["serviceAccountName"], "default");
    let volume = &spec["volumes"][0];
    let name = volume["name"].as_str().unwrap();
    assert!(name.starts_with("kube-api-access-") && name.len() == 21, "{name}");
    assert_eq!(volume["projected"]["defaultMode"], 420);
    assert_eq!(volume["projected"]["sources"][0]["serviceAccountToken"], json!({"expirationSeconds": 3607, "path": "token"}));
    let mount = json!({"name": name, "readOnly": true, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"});
    assert_eq!(spec["containers"][0]["volumeMounts"], json!([mount]));
    assert_eq!(spec["tolerations"].as_array().unwrap().len(), 2);
    assert_eq!((spec["priority"].as_i64(), spec["preemptionPolicy"].as_str()), (Some(0), Some("PreemptLowerPriority")));
    assert_eq!(pod["status"]["phase"], "Pending");
}

#[tokio::test]
async fn a_pod_without_an_account_or_class_is_refused() {
    let harness = Harness::new().await;
    let pod = |extra: Value| {
        let mut spec = json!({"containers": [{"name": "c", "image": "busybox"}]});
        spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"metadata": {"name": "p"}, "spec": spec})
    };
    let (code, refused) = harness.post(PODS, &pod(json!({"serviceAccountName": "robot"}))).await;
    assert_eq!(code, 403);
    assert_eq!(
        refused["message"],
        "pods \"p\" is forbidden: error looking up service account default/robot: serviceaccount \"robot\" not found"
    );
    harness.post("/api/v1/namespaces/default/serviceaccounts", &json!({"metadata": {"name": "default"}})).await;
    let (_, refused) = harness.post(PODS, &pod(json!({"priorityClassName": "high"}))).await;
    assert_eq!(refused["message"], "pods \"p\" is forbidden: no PriorityClass with name high was found");
    let (_, critical) = harness.post(PODS, &pod(json!({"priorityClassName": "system-node-critical"}))).await;
    assert_eq!(critical["spec"]["priority"], 2_000_001_000);
}

#[tokio::test]
async fn binding_happens_once() {
    let (harness, _) = with_pod().await;
    let body = json!({"metadata": {"name": "p"}, "target": {"kind": "Node", "name": "worker"}});
    let (code, answer) = harness.post(&format!("{PODS}/p/binding"), &body).await;
    assert_eq!((code, answer["status"].as_str()), (201, Some("Success")), "{answer}");
    let (_, pod) = harness.get(&format!("{PODS}/p")).await;
    assert_eq!(pod["spec"]["nodeName"], "worker");
    let scheduled = pod["status"]["conditions"].as_array().unwrap().iter().find(|condition| condition["type"] == "PodScheduled").unwrap();
    assert_eq!(scheduled["status"], "True");
    let (code, refused) = harness.post(&format!("{PODS}/p/binding"), &body).await;
    assert_eq!(code, 409);
    assert!(refused["message"].as_str().unwrap().ends_with("pod p is already assigned to node \"worker\""));
    let (_, list) = harness.get("/api/v1/pods?fieldSelector=spec.nodeName%3Dworker").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_bound_pod_ends_with_grace_and_an_unbound_one_at_once() {
    let (harness, _) = with_pod().await;
    harness.delete(&format!("{PODS}/p"), "").await;
    assert_eq!(harness.get(&format!("{PODS}/p")).await.0, 404, "nobody runs it");

    let (harness, _) = with_pod().await;
    harness.post(&format!("{PODS}/p/binding"), &json!({"target": {"name": "worker"}})).await;
    let (code, ending) = harness.delete(&format!("{PODS}/p"), "").await;
    assert_eq!((code, ending["metadata"]["deletionGracePeriodSeconds"].as_i64()), (200, Some(30)));
    // a longer period changes nothing, a shorter one does, and zero ends it
    let (_, longer) = harness.delete(&format!("{PODS}/p"), r#"{"gracePeriodSeconds":60}"#).await;
    assert_eq!(longer["metadata"], ending["metadata"]);
    let (_, shorter) = harness.delete(&format!("{PODS}/p"), r#"{"gracePeriodSeconds":5}"#).await;
    assert_eq!(shorter["metadata"]["deletionGracePeriodSeconds"], 5);
    harness.delete(&format!("{PODS}/p"), r#"{"gracePeriodSeconds":0}"#).await;
    assert_eq!(harness.get(&format!("{PODS}/p")).await.0, 404);
}
