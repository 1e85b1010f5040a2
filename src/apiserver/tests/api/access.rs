//! Who may do what.

use apiserver::UserInfo;
use apiserver::authn::Peer;
use axum::body::Body;
use http::{Method, Request};
use serde_json::json;

use crate::harness::{Harness, JSON, config_map, read};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

async fn with_token(harness: &Harness, token: &str, path: &str) -> (u16, serde_json::Value) {
    let request = Request::builder().uri(path).header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap();
    read(harness.raw(Peer::Unknown, request).await).await
}

#[tokio::test]
async fn strangers_see_health_and_nothing_else() {
    let harness = Harness::new().await;
    let get = async |path: &str| {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        read(harness.raw(Peer::Unknown, request).await).await
    };
    for path in ["/healthz", "/livez", "/readyz", "/version"] {
        assert_eq!(get(path).await.0, 200, "{path}");
    }
    for path in ["/api", "/apis", "/openapi/v3", "/", "/metrics"] {
        assert_eq!(get(path).await.0, 403, "{path}");
    }
    let (code, refused) = get(MAPS).await;
    assert_eq!(code, 403);
    assert_eq!(
        refused["message"],
        "configmaps is forbidden: User \"system:anonymous\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"default\""
    );
    let (code, _) = with_token(&harness, "not.a.token", MAPS).await;
    assert_eq!(code, 401);
}

#[tokio::test]
async fn a_role_grants_what_it_says() {
    let harness = Harness::new().await;
    let jane = || UserInfo::new("jane", &[]);
    let get = async || harness.call_as(jane(), Method::GET, MAPS, JSON, "").await.0;
    assert_eq!(get().await, 403);
    let rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
    let role =
        json!({"metadata": {"name": "reader"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}]});
    let (code, answer) = harness.post(&format!("{rbac}/roles"), &role).await;
    assert_eq!(code, 201, "{answer}");
    let reference = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"});
    let binding = json!({"metadata": {"name": "jane"}, "roleRef": reference, "subjects": [{"kind": "User", "name": "jane", "apiGroup": "rbac.authorization.k8s.io"}]});
    let (code, answer) = harness.post(&format!("{rbac}/rolebindings"), &binding).await;
    assert_eq!(code, 201, "{answer}");
    assert_eq!(get().await, 200);
    let body = config_map("x", &json!({})).to_string();
    assert_eq!(harness.call_as(jane(), Method::POST, MAPS, JSON, &body).await.0, 403);
    assert_eq!(harness.call_as(jane(), Method::GET, "/api/v1/namespaces/kube-system/configmaps", JSON, "").await.0, 403);
    let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"resourceAttributes": {"namespace": "default", "verb": "list", "resource": "configmaps"}}});
    let (code, review) =
        harness.call_as(jane(), Method::POST, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", JSON, &review.to_string()).await;
    assert_eq!((code, review["status"]["allowed"].as_bool()), (201, Some(true)), "{review}");
}

#[tokio::test]
async fn aggregated_roles_take_in_their_parts_and_nobody_grants_more_than_they_have() {
    let harness = Harness::new().await;
    let rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
    let reference = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"});
    let binding = json!({"metadata": {"name": "lead"}, "roleRef": reference, "subjects": [{"kind": "User", "name": "lead", "apiGroup": "rbac.authorization.k8s.io"}]});
    harness.post(&format!("{rbac}/rolebindings"), &binding).await;
    let lead = || UserInfo::new("lead", &[]);
    let body = config_map("x", &json!({})).to_string();
    assert_eq!(harness.call_as(lead(), Method::POST, MAPS, JSON, &body).await.0, 201);
    let role = |verb: &str, resource: &str| {
        json!({"metadata": {"name": format!("{verb}-{resource}")}, "rules": [{"apiGroups": [""], "resources": [resource], "verbs": [verb]}]}).to_string()
    };
    assert_eq!(harness.call_as(lead(), Method::POST, &format!("{rbac}/roles"), JSON, &role("get", "pods")).await.0, 201);
    let (code, refused) = harness.call_as(lead(), Method::POST, &format!("{rbac}/roles"), JSON, &role("create", "nodes")).await;
    assert_eq!(code, 403);
    assert!(refused["message"].as_str().unwrap().ends_with("{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"create\"]}"), "{refused}");
}

#[tokio::test]
async fn a_node_sees_what_its_pods_need() {
    let harness = Harness::new().await;
    harness.post("/api/v1/namespaces/default/serviceaccounts", &json!({"metadata": {"name": "default"}})).await;
    for name in ["used", "other"] {
        harness.post("/api/v1/namespaces/default/secrets", &json!({"metadata": {"name": name}})).await;
    }
    let volume = json!([{"name": "v", "secret": {"secretName": "used"}}]);
    let pod =
        json!({"metadata": {"name": "p"}, "spec": {"nodeName": "worker", "volumes": volume, "containers": [{"name": "c", "image": "i"}]}});
    let (code, answer) = harness.post("/api/v1/namespaces/default/pods", &pod).await;
    assert_eq!(code, 201, "{answer}");
    let worker = || UserInfo::new("system:node:worker", &["system:nodes"]);
    let check = async |method: Method, path: &str, body: &str, expected: u16| {
        let (code, answer) = harness.call_as(worker(), method.clone(), path, JSON, body).await;
        assert_eq!(code, expected, "{method} {path}: {answer}");
    };
    check(Method::GET, "/api/v1/namespaces/default/secrets/used", "", 200).await;
    check(Method::GET, "/api/v1/namespaces/default/secrets/other", "", 403).await;
    check(Method::GET, "/api/v1/namespaces/default/secrets", "", 403).await;
    check(Method::GET, "/api/v1/pods?fieldSelector=spec.nodeName%3Dworker", "", 200).await;
    check(Method::GET, "/api/v1/pods", "", 403).await;
    check(Method::GET, "/api/v1/services", "", 200).await;
    check(Method::POST, "/api/v1/nodes", r#"{"metadata":{"name":"worker"}}"#, 201).await;
    check(Method::POST, "/api/v1/nodes", r#"{"metadata":{"name":"another"}}"#, 403).await;
    check(Method::DELETE, "/api/v1/namespaces/default/secrets/used", "", 403).await;
}

#[tokio::test]
async fn a_token_dies_with_its_pod() {
    let harness = Harness::new().await;
    harness.post("/api/v1/namespaces/default/serviceaccounts", &json!({"metadata": {"name": "default"}})).await;
    let (pods, pod) =
        ("/api/v1/namespaces/default/pods", json!({"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}));
    harness.post(pods, &pod).await;
    let request =
        json!({"spec": {"audiences": [], "expirationSeconds": 3607, "boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": "p"}}});
    let (code, answer) = harness.post("/api/v1/namespaces/default/serviceaccounts/default/token", &request).await;
    assert_eq!(code, 201, "{answer}");
    let token = answer["status"]["token"].as_str().unwrap().to_owned();
    let (code, refused) = with_token(&harness, &token, MAPS).await;
    assert_eq!(code, 403);
    assert!(refused["message"].as_str().unwrap().contains("User \"system:serviceaccount:default:default\" cannot list"));
    assert_eq!(with_token(&harness, &token, "/apis/apps/v1").await.0, 200, "discovery is for all who have shown who they are");
    let mut forged = token.clone();
    forged.replace_range(token.len() - 4.., "AAAA");
    assert_eq!(with_token(&harness, &forged, "/apis/apps/v1").await.0, 401);
    let (code, changed) =
        harness.patch(&format!("{pods}/p"), "application/merge-patch+json", &json!({"metadata": {"labels": {"a": "b"}}})).await;
    assert_eq!(code, 200, "{changed}");
    assert_eq!(with_token(&harness, &token, "/apis/apps/v1").await.0, 200, "a pod that has changed is the same pod");
    harness.delete(&format!("{pods}/p"), "").await;
    assert_eq!(with_token(&harness, &token, "/apis/apps/v1").await.0, 401);
    harness.post(pods, &pod).await;
    assert_eq!(with_token(&harness, &token, "/apis/apps/v1").await.0, 401, "another pod of that name");
}
