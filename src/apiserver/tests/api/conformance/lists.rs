//! Lists in pages, and in other forms.

use apiserver::UserInfo;
use apiserver::authn::Peer;
use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::harness::{Harness, read};

const TEMPLATES: &str = "/api/v1/namespaces/default/podtemplates";

async fn templates(harness: &Harness, count: usize) {
    for index in 0..count {
        let template = json!({"metadata": {"name": format!("template-{index:04}")}, "template": {"spec": {"containers": [{"name": "c", "image": "i"}]}}});
        assert_eq!(harness.post(TEMPLATES, &template).await.0, 201);
    }
}

async fn accepting(harness: &Harness, method: Method, path: &str, accept: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = Request::builder().method(method).uri(path).header("accept", accept).header("content-type", "application/json");
    read(harness.raw(Peer::Internal(Arc::new(UserInfo::administrator())), request.body(body).unwrap()).await).await
}

#[tokio::test]
async fn pages_belong_to_one_revision_and_count_what_is_left() {
    const ALL: usize = 40;
    let harness = Harness::new().await;
    templates(&harness, ALL).await;
    let (mut found, mut next, mut revision) = (0, String::new(), Value::Null);
    loop {
        let (code, page) = harness.get(&format!("{TEMPLATES}?limit=17&continue={next}")).await;
        assert_eq!(code, 200, "{page}");
        let metadata = &page["metadata"];
        if found == 0 {
            revision = metadata["resourceVersion"].clone();
            // what happens meanwhile is not in the pages
            harness.delete(&format!("{TEMPLATES}/template-0030"), "").await;
        }
        assert_eq!(metadata["resourceVersion"], revision);
        for item in page["items"].as_array().unwrap() {
            assert_eq!(item["metadata"]["name"], format!("template-{found:04}"));
            found += 1;
        }
        let Some(token) = metadata["continue"].as_str() else {
            assert_eq!(metadata["remainingItemCount"], Value::Null);
            break;
        };
        assert_eq!(metadata["remainingItemCount"], ALL - found);
        next = token.to_owned();
    }
    assert_eq!(found, ALL);
    let (_, list) = harness.get(&format!("{TEMPLATES}?limit={}", ALL + 1)).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(ALL - 1));
}

#[tokio::test]
async fn tables_come_in_both_versions_and_in_pages() {
    let harness = Harness::new().await;
    templates(&harness, 4).await;
    for version in ["v1", "v1beta1"] {
        let accept = format!("application/json;as=Table;v={version};g=meta.k8s.io");
        let (code, page) = accepting(&harness, Method::GET, &format!("{TEMPLATES}?limit=2"), &accept, &Value::Null).await;
        assert_eq!((code, page["apiVersion"].as_str()), (200, Some(format!("meta.k8s.io/{version}").as_str())));
        assert_eq!(page["columnDefinitions"][0]["name"], "Name");
        let names = |page: &Value| page["rows"].as_array().unwrap().iter().map(|row| row["cells"][0].clone()).collect::<Vec<_>>();
        assert_eq!(names(&page), ["template-0000", "template-0001"]);
        assert_eq!(page["rows"][0]["object"]["apiVersion"], page["apiVersion"]);
        assert!(page["metadata"]["resourceVersion"].is_string(), "{page}");
        let next = page["metadata"]["continue"].as_str().unwrap();
        let (_, page) = accepting(&harness, Method::GET, &format!("{TEMPLATES}?continue={next}"), &accept, &Value::Null).await;
        assert_eq!(names(&page), ["template-0002", "template-0003"]);
        let (code, metadata) =
            accepting(&harness, Method::GET, TEMPLATES, &accept.replace("Table", "PartialObjectMetadataList"), &Value::Null).await;
        assert_eq!((code, &metadata["apiVersion"], metadata["items"].as_array().map(Vec::len)), (200, &page["apiVersion"], Some(4)));
    }
}

#[tokio::test]
async fn what_has_no_table_is_not_acceptable_as_one() {
    let harness = Harness::new().await;
    let review = json!({"spec": {"nonResourceAttributes": {"path": "/", "verb": "get"}}});
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    let (code, refused) = accepting(&harness, Method::POST, path, table, &review).await;
    assert_eq!((code, refused["reason"].as_str()), (406, Some("NotAcceptable")));
    assert_eq!(accepting(&harness, Method::POST, path, &format!("{table},application/json"), &review).await.0, 201);
}
