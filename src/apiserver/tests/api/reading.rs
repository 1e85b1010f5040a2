//! Get, list, tables, discovery.

use apiserver::UserInfo;
use apiserver::authn::Peer;
use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::harness::{Harness, MERGE, config_map, read};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

#[tokio::test]
async fn what_is_not_served_is_not_found_as_upstream_says_it() {
    let harness = Harness::new().await;
    crate::custom::define(&harness, &crate::custom::definition()).await;
    let status = json!("the server could not find the requested resource");
    let check = async |method: Method, path: &str, code: u16, typed: bool| {
        let (got, answer) = harness.call_as(UserInfo::administrator(), method, path, "application/json", "{}").await;
        assert_eq!(got, code, "{path}: {answer}");
        if typed && code == 404 {
            assert_eq!(answer["message"], status, "{path}");
        } else if code == 404 {
            assert_eq!(answer, json!("404 page not found\n"), "{path}");
        }
    };
    for path in
        ["/api/v1/things", "/api/v9/pods", "/apis/apps/v9", "/apis/apps/v1/things", "/api/v1/namespaces/default/nodes", "/version/x"]
    {
        check(Method::GET, path, 404, true).await;
        check(Method::POST, path, 404, true).await;
    }
    for path in ["/apis/nothing/v1/things", "/apis/nothing", "/apis/nothing/v1", "/nothing", "/healthz/nothing"] {
        check(Method::GET, path, 404, false).await;
        check(Method::POST, path, 404, false).await;
    }
    for path in ["/apis/example.com/v1/things", "/apis/example.com/v9", "/apis/example.com/v9/widgets", "/apis/example.com/v1/widgets/w"] {
        check(Method::GET, path, 404, false).await;
    }
    for path in ["/api", "/apis/apps/v1", "/version"] {
        check(Method::POST, path, 405, true).await;
    }
    let (_, below) = harness.get("/apis/example.com/v1/namespaces/default/widgets/w/nothing").await;
    assert_eq!(below["message"], "widgets.example.com \"w\" not found");
    assert_eq!(harness.get("/openapi/v3/apis/nothing/v1").await, (404, json!("")));
}

async fn accept(harness: &Harness, path: &str, accept: &str) -> Value {
    let request = Request::builder().uri(path).header("accept", accept).body(Body::empty()).unwrap();
    read(harness.raw(Peer::Internal(UserInfo::administrator().into()), request).await).await.1
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_belong_to_one_state() {
    let harness = Harness::new().await;
    for name in ["a", "b", "c", "d"] {
        harness.post(MAPS, &config_map(name, &json!({}))).await;
    }
    let (_, first) = harness.get(&format!("{MAPS}?limit=2")).await;
    assert_eq!((names(&first), first["metadata"]["remainingItemCount"].as_i64()), (vec!["a", "b"], Some(2)));
    let next = first["metadata"]["continue"].as_str().unwrap().to_owned();
    // what happens in between is not seen
    harness.delete(&format!("{MAPS}/c"), "").await;
    harness.post(MAPS, &config_map("cc", &json!({}))).await;
    harness.patch(&format!("{MAPS}/d"), MERGE, &json!({"data": {"a": "changed"}})).await;
    let (_, second) = harness.get(&format!("{MAPS}?limit=2&continue={next}")).await;
    assert_eq!(names(&second), ["c", "d"]);
    assert_eq!(second["items"][1]["data"]["a"], "1");
    assert_eq!(second["metadata"]["resourceVersion"], first["metadata"]["resourceVersion"]);
    assert_eq!(second["metadata"]["continue"], Value::Null);
    let (_, now) = harness.get(MAPS).await;
    assert_eq!(names(&now), ["a", "b", "cc", "d"]);
    let version = first["metadata"]["resourceVersion"].as_str().unwrap();
    let (_, then) = harness.get(&format!("{MAPS}?resourceVersion={version}&resourceVersionMatch=Exact")).await;
    assert_eq!(names(&then), ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn selections() {
    let harness = Harness::new().await;
    harness.post(MAPS, &config_map("a", &json!({"app": "x", "tier": "1"}))).await;
    harness.post(MAPS, &config_map("b", &json!({"app": "y"}))).await;
    let check = async |query: &str, expected: &[&str]| {
        let (_, list) = harness.get(&format!("{MAPS}?{query}")).await;
        assert_eq!(names(&list), expected, "{query}");
    };
    check("labelSelector=app%3Dx", &["a"]).await;
    check("labelSelector=app%20in%20(x,y),!tier", &["b"]).await;
    check("labelSelector=app!%3Dx", &["b"]).await;
    check("fieldSelector=metadata.name%3Db", &["b"]).await;
    check("fieldSelector=metadata.name!%3Db", &["a"]).await;
    let (code, refused) = harness.get(&format!("{MAPS}?fieldSelector=spec.foo%3Db")).await;
    assert_eq!(
        (code, refused["message"].as_str().unwrap()),
        (400, "\"spec.foo\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
    );
}

#[tokio::test]
async fn a_revision_that_is_not_there_yet_is_waited_for() {
    let harness = Harness::new().await;
    let (code, refused) = harness.get(&format!("{MAPS}?resourceVersion=999999")).await;
    assert_eq!((code, refused["reason"].as_str()), (504, Some("Timeout")));
    assert!(refused["message"].as_str().unwrap().starts_with("Too large resource version: 999999, current: "), "{refused}");
    assert_eq!(refused["details"]["causes"][0]["reason"], "ResourceVersionTooLarge");
}

#[tokio::test]
async fn tables_and_metadata() {
    let harness = Harness::new().await;
    harness.post(MAPS, &config_map("a", &json!({"app": "x"}))).await;
    let table = accept(&harness, MAPS, "application/json;as=Table;v=v1;g=meta.k8s.io,application/json").await;
    assert_eq!((table["kind"].as_str(), table["columnDefinitions"][0]["name"].as_str()), (Some("Table"), Some("Name")));
    assert_eq!(table["rows"][0]["cells"][0], "a");
    assert_eq!(table["rows"][0]["object"]["kind"], "PartialObjectMetadata");
    let one = accept(&harness, &format!("{MAPS}/a"), "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io").await;
    assert_eq!(
        (one["kind"].as_str(), one["metadata"]["labels"]["app"].as_str(), &one["data"]),
        (Some("PartialObjectMetadata"), Some("x"), &Value::Null)
    );
    let many = accept(&harness, MAPS, "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io").await;
    assert_eq!(many["items"][0]["metadata"]["name"], "a");
}

#[tokio::test]
async fn discovery_in_both_forms() {
    let harness = Harness::new().await;
    let new = accept(&harness, "/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json").await;
    assert_eq!(new["kind"], "APIGroupDiscoveryList");
    let apps = new["items"].as_array().unwrap().iter().find(|group| group["metadata"]["name"] == "apps").unwrap();
    assert!(apps["versions"][0]["resources"].as_array().unwrap().iter().any(|resource| resource["resource"] == "deployments"));
    let (_, old) = harness.get("/apis/apps/v1").await;
    assert!(
        old["resources"]
            .as_array()
            .unwrap()
            .iter()
            .any(|resource| resource["name"] == "deployments/scale" && resource["group"] == "autoscaling")
    );
    let (_, version) = harness.get("/version").await;
    assert_eq!(version["gitVersion"], "v1.37.1");
    let (_, document) = harness.get("/openapi/v3/apis/apps/v1").await;
    let patch = &document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"];
    assert!(patch["parameters"].as_array().unwrap().iter().any(|parameter| parameter["name"] == "fieldValidation"));
}

#[tokio::test]
async fn events_are_selected_by_the_names_of_each_version() {
    let harness = Harness::new().await;
    let event = |name: &str, pod: &str| json!({"metadata": {"name": name}, "involvedObject": {"kind": "Pod", "name": pod, "namespace": "default"}, "reason": "r", "type": "Normal", "message": "m"});
    for (name, pod) in [("a", "one"), ("b", "two")] {
        let (code, made) = harness.post("/api/v1/namespaces/default/events", &event(name, pod)).await;
        assert_eq!(code, 201, "{made}");
    }
    let check = async |version: &str, selector: &str, expected: Result<&[&str], &str>| {
        let (_, list) = harness.get(&format!("/{version}/namespaces/default/events?fieldSelector={selector}")).await;
        let names =
            list["items"].as_array().map(|items| items.iter().filter_map(|item| item["metadata"]["name"].as_str()).collect::<Vec<_>>());
        let got = names.ok_or_else(|| list["message"].as_str().unwrap());
        assert_eq!(got, expected.map(<[&str]>::to_vec), "{selector}");
    };
    check("api/v1", "involvedObject.name=two", Ok(&["b"])).await;
    check("apis/events.k8s.io/v1", "regarding.name=two", Ok(&["b"])).await;
    check("apis/events.k8s.io/v1", "regarding.name!=two,regarding.kind=Pod", Ok(&["a"])).await;
    check("apis/events.k8s.io/v1", "involvedObject.name=two", Err("field label not supported: involvedObject.name")).await;
}
