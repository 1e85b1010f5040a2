//! Answers in protobuf, YAML and gzip, and what is told under load.

use std::io::Read;

use apiserver::UserInfo;
use apiserver::authn::Peer;
use axum::body::Body;
use http::{Request, Response};
use http_body_util::BodyExt;
use serde_json::json;

use crate::harness::{Harness, config_map};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";
const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

async fn get(harness: &Harness, user: UserInfo, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let request = headers.iter().fold(Request::builder().uri(path), |request, (name, value)| request.header(*name, *value));
    harness.raw(Peer::Certificate(user.into()), request.body(Body::empty()).unwrap()).await
}

async fn bytes(response: Response<Body>) -> Vec<u8> {
    response.into_body().collect().await.unwrap().to_bytes().to_vec()
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn protobuf() {
    let harness = Harness::new().await;
    harness.post(MAPS, &config_map("a", &json!({}))).await;
    let admin = UserInfo::administrator;
    let one = get(&harness, admin(), &format!("{MAPS}/a"), &[("accept", PROTOBUF)]).await;
    assert_eq!((one.status().as_u16(), header(&one, "content-type")), (200, PROTOBUF));
    let body = bytes(one).await;
    assert!(body.starts_with(b"k8s\0\x0a\x0f\x0a\x02v1\x12\x09ConfigMap\x12"), "{body:?}");
    // data, an entry of it, at the end of the object
    assert!(contains(&body, b"\x12\x06\x0a\x01a\x12\x011"), "{body:?}");
    let list = get(&harness, admin(), MAPS, &[("accept", &format!("{PROTOBUF},application/json"))]).await;
    assert!(bytes(list).await.starts_with(b"k8s\0\x0a\x13\x0a\x02v1\x12\x0dConfigMapList"));
    let missing = get(&harness, admin(), &format!("{MAPS}/none"), &[("accept", PROTOBUF)]).await;
    assert_eq!((missing.status().as_u16(), header(&missing, "content-type")), (404, PROTOBUF));
    assert!(bytes(missing).await.starts_with(b"k8s\0\x0a\x0c\x0a\x02v1\x12\x06Status"));
    // what has no form in it comes as the next that the client reads
    let older = "/apis/batch/v1beta1/cronjobs";
    let listed = get(&harness, admin(), older, &[("accept", &format!("{PROTOBUF},application/json"))]).await;
    assert_eq!(header(&listed, "content-type"), "application/json");
    assert_eq!(get(&harness, admin(), older, &[("accept", PROTOBUF)]).await.status(), 406);

    let watch = get(&harness, admin(), &format!("{MAPS}?watch=1"), &[("accept", PROTOBUF)]).await;
    assert_eq!(header(&watch, "content-type"), "application/vnd.kubernetes.protobuf;stream=watch");
    let frame = watch.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
    let length = u32::from_be_bytes(frame[..4].try_into().unwrap()) as usize;
    assert!(frame[4..4 + length].starts_with(b"\x0a\x05ADDED\x12"), "{frame:?}");
    assert!(contains(&frame, b"k8s\0"));
}

#[tokio::test]
async fn large_answers_are_compressed() {
    let harness = Harness::new().await;
    let mut large = config_map("large", &json!({}));
    large["data"]["a"] = "x".repeat(200 << 10).into();
    harness.post(MAPS, &large).await;
    let small = get(&harness, UserInfo::administrator(), "/api/v1/namespaces/default", &[("accept-encoding", "gzip")]).await;
    assert_eq!(header(&small, "content-encoding"), "");
    let list = get(&harness, UserInfo::administrator(), MAPS, &[("accept-encoding", "deflate, gzip;q=1.0")]).await;
    assert_eq!(header(&list, "content-encoding"), "gzip");
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes(list).await.as_slice()).read_to_string(&mut text).unwrap();
    let list: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(list["items"][0]["data"]["a"].as_str().unwrap().len(), 200 << 10);
}

#[tokio::test]
async fn a_large_list_in_pieces_is_the_list() {
    let harness = Harness::new().await;
    for number in 0..40 {
        let mut map = config_map(&format!("map-{number:02}"), &json!({}));
        map["data"]["a"] = "x".repeat(5 << 10).into();
        harness.post(MAPS, &map).await;
    }
    let admin = UserInfo::administrator;
    let response = get(&harness, admin(), MAPS, &[]).await;
    assert!(header(&response, "content-length").is_empty());
    let list: serde_json::Value = serde_json::from_slice(&bytes(response).await).unwrap();
    let items = list["items"].as_array().unwrap();
    assert_eq!((&list["kind"], items.len()), (&json!("ConfigMapList"), 40));
    for item in items {
        let name = item["metadata"]["name"].as_str().unwrap();
        let one: serde_json::Value =
            serde_json::from_slice(&bytes(get(&harness, admin(), &format!("{MAPS}/{name}"), &[]).await).await).unwrap();
        let mut item = item.clone();
        item["kind"] = "ConfigMap".into();
        item["apiVersion"] = "v1".into();
        assert_eq!(item, one);
    }
    let mut text = String::new();
    let packed = bytes(get(&harness, admin(), MAPS, &[("accept-encoding", "gzip")]).await).await;
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), list);
}

#[tokio::test]
async fn openapi_in_all_forms() {
    let harness = Harness::new().await;
    let user = || UserInfo::new("jane", &[]);
    let index: serde_json::Value = serde_json::from_slice(&bytes(get(&harness, user(), "/openapi/v3", &[]).await).await).unwrap();
    let url = index["paths"]["apis/apps/v1"]["serverRelativeURL"].as_str().unwrap();
    let document = get(&harness, user(), url, &[]).await;
    assert_eq!(header(&document, "cache-control"), "public, immutable");
    let tag = header(&document, "etag").to_owned();
    assert_eq!(get(&harness, user(), url, &[("if-none-match", &tag)]).await.status(), 304);
    assert!(index["paths"].get("apis/extensions/v1beta1").is_some());
    let old = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    let version_2 = get(&harness, user(), "/openapi/v2", &[("accept", old)]).await;
    assert_eq!(header(&version_2, "content-type"), old.replace('@', "."));
    assert!(bytes(version_2).await.starts_with(b"\x0a\x032.0\x12"));
    let version_2: serde_json::Value = serde_json::from_slice(&bytes(get(&harness, user(), "/openapi/v2", &[]).await).await).unwrap();
    let container = &version_2["definitions"]["io.k8s.api.core.v1.PodSpec"]["properties"]["containers"];
    assert_eq!(container["items"]["$ref"], "#/definitions/io.k8s.api.core.v1.Container");
    assert_eq!(
        version_2["definitions"]["io.k8s.api.core.v1.Pod"]["properties"]["spec"]["$ref"],
        "#/definitions/io.k8s.api.core.v1.PodSpec"
    );
    let post = &version_2["paths"]["/api/v1/namespaces/{namespace}/pods"]["post"];
    assert_eq!(post["parameters"][0]["schema"]["$ref"], "#/definitions/io.k8s.api.core.v1.Pod");
}

#[tokio::test]
async fn requests_are_classified_and_counted() {
    let harness = Harness::new().await;
    let answer = get(&harness, UserInfo::administrator(), "/api/v1/nodes", &[]).await;
    let uid = header(&answer, "x-kubernetes-pf-flowschema-uid").to_owned();
    let (_, schema) = harness.get("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/exempt").await;
    assert_eq!(schema["metadata"]["uid"], uid.as_str());
    let text = String::from_utf8(bytes(get(&harness, UserInfo::administrator(), "/metrics", &[]).await).await).unwrap();
    for expected in [
        "apiserver_request_total{code=\"200\",component=\"apiserver\",dry_run=\"\",group=\"\",resource=\"nodes\",scope=\"cluster\",subresource=\"\",verb=\"LIST\",version=\"v1\"}",
        "apiserver_storage_objects{resource=\"flowschemas.flowcontrol.apiserver.k8s.io\"} 11",
        "apiserver_flowcontrol_nominal_limit_seats{priority_level=\"workload-low\"} 245",
        "process_resident_memory_bytes ",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    // nobody reads them who may not
    assert_eq!(get(&harness, UserInfo::new("jane", &[]), "/metrics", &[]).await.status(), 403);
}
