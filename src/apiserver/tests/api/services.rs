//! Addresses and ports of services.

use serde_json::{Value, json};

use crate::harness::Harness;

const SERVICES: &str = "/api/v1/namespaces/default/services";

fn service(name: &str, extra: &Value) -> Value {
    let mut spec = json!({"selector": {"a": "b"}, "ports": [{"port": 80}]});
    spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    json!({"metadata": {"name": name}, "spec": spec})
}

#[tokio::test]
async fn the_first_address_is_the_servers() {
    let harness = Harness::new().await;
    let (_, own) = harness.get(&format!("{SERVICES}/kubernetes")).await;
    assert_eq!((own["spec"]["clusterIP"].as_str(), own["spec"]["ports"][0]["targetPort"].as_i64()), (Some("10.96.0.1"), Some(6443)));
    let (_, slice) = harness.get("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes").await;
    assert_eq!(slice["endpoints"][0]["addresses"], json!(["192.0.2.1"]));
}

#[tokio::test]
async fn no_two_services_share_an_address_and_deletion_frees_it() {
    let harness = Harness::new().await;
    let (code, one) = harness.post(SERVICES, &service("one", &json!({"clusterIP": "10.96.0.10"}))).await;
    assert_eq!(code, 201, "{one}");
    let (code, refused) = harness.post(SERVICES, &service("two", &json!({"clusterIP": "10.96.0.10"}))).await;
    assert_eq!(code, 422);
    assert!(
        refused["message"].as_str().unwrap().ends_with("failed to allocate IP 10.96.0.10: provided IP is already allocated"),
        "{refused}"
    );
    let harness = harness.restart().await;
    assert_eq!(harness.post(SERVICES, &service("two", &json!({"clusterIP": "10.96.0.10"}))).await.0, 422, "known after a restart");
    harness.delete(&format!("{SERVICES}/one"), "").await;
    assert_eq!(harness.post(SERVICES, &service("two", &json!({"clusterIP": "10.96.0.10"}))).await.0, 201);
}

#[tokio::test]
async fn a_node_port_comes_and_goes_with_the_type() {
    let harness = Harness::new().await;
    let (_, created) = harness.post(SERVICES, &service("web", &json!({"type": "NodePort"}))).await;
    let port = created["spec"]["ports"][0]["nodePort"].as_i64().unwrap();
    assert!((30000..=32767).contains(&port));
    let (_, refused) =
        harness.post(SERVICES, &service("other", &json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": port}]}))).await;
    assert!(refused["message"].as_str().unwrap().contains("provided port is already allocated"), "{refused}");
    let path = format!("{SERVICES}/web");
    let (_, plain) = harness.patch(&path, crate::harness::MERGE, &json!({"spec": {"type": "ClusterIP"}})).await;
    assert_eq!(plain["spec"]["ports"][0]["nodePort"], Value::Null, "{plain}");
    let (code, _) =
        harness.post(SERVICES, &service("other", &json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": port}]}))).await;
    assert_eq!(code, 201);
}
