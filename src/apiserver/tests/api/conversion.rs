//! Versions of a custom resource that a webhook converts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::custom::define;
use crate::harness::{Harness, MERGE};
use crate::webhooks::Webhook;

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const OLD: &str = "/apis/example.com/v1/namespaces/default/gauges";
const NEW: &str = "/apis/example.com/v2/namespaces/default/gauges";

fn definition(webhook: &Webhook, path: &str, storage: &str) -> Value {
    let version = |name: &str, spec: Value| {
        let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": spec}}});
        json!({"name": name, "served": true, "storage": name == storage, "schema": {"openAPIV3Schema": schema},
            "selectableFields": [{"jsonPath": if name == "v1" { ".spec.range" } else { ".spec.low" }}]})
    };
    json!({"metadata": {"name": "gauges.example.com"}, "spec": {
        "group": "example.com", "scope": "Namespaced", "names": {"plural": "gauges", "kind": "Gauge"},
        "versions": [
            version("v1", json!({"range": {"type": "string"}})),
            version("v2", json!({"low": {"type": "string"}, "high": {"type": "string"}, "unit": {"type": "string", "default": "bar"}})),
        ],
        "conversion": {"strategy": "Webhook", "webhook": {
            "clientConfig": {"url": format!("https://127.0.0.1:{}{path}", webhook.port), "caBundle": webhook.bundle},
            "conversionReviewVersions": ["v3", "v1"],
        }},
    }})
}

/// Between a range in one text and its two ends.
fn converted(object: &Value, wanted: &str) -> Value {
    let mut object = object.clone();
    object["apiVersion"] = wanted.into();
    let spec = object["spec"].clone();
    object["spec"] = if wanted.ends_with("v1") {
        json!({"range": format!("{}-{}", spec["low"].as_str().unwrap_or_default(), spec["high"].as_str().unwrap_or_default())})
    } else {
        let (low, high) = spec["range"].as_str().unwrap_or_default().split_once('-').unwrap_or_default();
        json!({"low": low, "high": high, "unknown": true})
    };
    object["metadata"]["labels"] = json!({"converted": "yes"});
    object["metadata"]["finalizers"] = json!(["example.com/not-mine"]);
    object
}

fn success(objects: &[Value]) -> Value {
    json!({"result": {"status": "Success"}, "convertedObjects": objects})
}

fn well(_: &str, request: &Value) -> Option<Value> {
    let wanted = request["desiredAPIVersion"].as_str().unwrap();
    let objects: Vec<Value> = request["objects"].as_array().unwrap().iter().map(|object| converted(object, wanted)).collect();
    Some(success(&objects))
}

fn gauge(name: &str, range: &str) -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Gauge", "metadata": {"name": name}, "spec": {"range": range}})
}

#[tokio::test]
async fn objects_are_read_and_written_at_any_version() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(well).await;
    define(&harness, &definition(&webhook, "/convert", "v2")).await;
    let (code, made) = harness.post(OLD, &gauge("a", "1-2")).await;
    assert_eq!((code, &made["spec"]), (201, &json!({"range": "1-2"})), "{made}");
    assert_eq!(made["metadata"]["labels"], json!({"converted": "yes"}));
    assert_eq!(made["metadata"]["finalizers"], Value::Null);
    let asked = webhook.asked();
    let (_, first) = &asked[0];
    assert_eq!((&first["desiredAPIVersion"], first["objects"].as_array().unwrap().len()), (&json!("example.com/v2"), 1));
    assert_eq!(asked.len(), 2, "once into the store, once out of it");

    // what is stored is shown as it is
    let (code, shown) = harness.get(&format!("{NEW}/a")).await;
    assert_eq!((code, &shown["spec"]), (200, &json!({"low": "1", "high": "2"})), "{shown}");
    assert_eq!((&shown["metadata"]["uid"], &shown["metadata"]["generation"]), (&made["metadata"]["uid"], &json!(1)));
    let (code, changed) = harness.patch(&format!("{OLD}/a"), MERGE, &json!({"spec": {"range": "3-4"}})).await;
    assert_eq!((code, &changed["spec"], &changed["metadata"]["generation"]), (200, &json!({"range": "3-4"}), &json!(2)), "{changed}");
    assert_eq!(harness.get(&format!("{NEW}/a")).await.1["spec"]["low"], "3");
    assert_eq!(harness.delete(&format!("{OLD}/a"), "").await.0, 200);
}

#[tokio::test]
async fn lists_and_watches_are_converted() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(well).await;
    define(&harness, &definition(&webhook, "/convert", "v2")).await;
    let new = |name: &str| json!({"apiVersion": "example.com/v2", "kind": "Gauge", "metadata": {"name": name}, "spec": {"low": "1", "high": name}});
    for name in ["5", "6", "7"] {
        assert_eq!(harness.post(NEW, &new(name)).await.0, 201);
    }
    assert_eq!(webhook.asked().len(), 0);
    let (_, list) = harness.get(OLD).await;
    let ranges: Vec<&str> = list["items"].as_array().unwrap().iter().filter_map(|item| item["spec"]["range"].as_str()).collect();
    assert_eq!(ranges, ["1-5", "1-6", "1-7"], "{list}");
    let asked = webhook.asked();
    assert_eq!((asked.len(), asked[0].1["objects"].as_array().unwrap().len()), (1, 3), "one call for all");
    // fields are selected as the version has them
    let (_, selected) = harness.get(&format!("{OLD}?fieldSelector=spec.range%3D1-6")).await;
    assert_eq!(selected["items"].as_array().unwrap().len(), 1, "{selected}");
    assert_eq!(webhook.asked().len(), 1, "and what has been converted is known");

    let version = list["metadata"]["resourceVersion"].as_str().unwrap();
    let path = format!("{OLD}?watch=true&resourceVersion={version}");
    let mut watches = [harness.watch(&path).await, harness.watch(&path).await];
    assert_eq!(harness.post(NEW, &new("8")).await.0, 201);
    for watch in &mut watches {
        let event = watch.next().await.unwrap();
        assert_eq!((&event["type"], &event["object"]["spec"]), (&json!("ADDED"), &json!({"range": "1-8"})));
    }
    assert_eq!(webhook.asked().len(), 2, "one call for all who watch");
}

#[tokio::test]
async fn what_a_webhook_may_not_do() {
    let harness = Harness::new().await;
    let lies = Arc::new(AtomicBool::new(false));
    let lying = lies.clone();
    let webhook = Webhook::start(move |path, request| {
        let good = well(path, request);
        if !lying.load(Ordering::Relaxed) {
            return good;
        }
        let objects = good.as_ref().unwrap()["convertedObjects"].as_array().unwrap().clone();
        let mut one = objects[0].clone();
        Some(match path {
            "/few" => success(&[]),
            "/version" => {
                one["apiVersion"] = "example.com/v3".into();
                success(&[one])
            }
            "/name" => {
                one["metadata"]["name"] = "b".into();
                success(&[one])
            }
            "/uid" => json!({"uid": "x"}),
            _ => json!({"result": {"status": "Failure", "message": "no such gauge"}}),
        })
    })
    .await;
    let check = async |path: &str, expected: &str| {
        lies.store(false, Ordering::Relaxed);
        define(&harness, &definition(&webhook, path, "v2")).await;
        assert_eq!(harness.post(NEW, &json!({"metadata": {"name": "a"}, "spec": {"low": "1", "high": "2"}})).await.0, 201);
        lies.store(true, Ordering::Relaxed);
        let (code, failed) = harness.get(&format!("{OLD}/a")).await;
        let message = failed["message"].as_str().unwrap();
        assert_eq!((code, message), (500, format!("conversion webhook for example.com/v2, Kind=Gauge {expected}").as_str()));
        assert_eq!(failed["reason"], Value::Null);
        // the definition can still be deleted with all that it has
        assert_eq!(harness.delete(&format!("{DEFINITIONS}/gauges.example.com"), "").await.0, 200);
        let mut gone = harness.watch(&format!("{DEFINITIONS}?watch=true")).await;
        while gone.next().await.unwrap()["type"] != "DELETED" {}
    };
    check("/few", "returned 0 objects, expected 1").await;
    let version = "invalid groupVersion (expected example.com/v1, received example.com/v3)";
    check("/version", &format!("returned invalid object at index 0: {version}")).await;
    check("/name", "returned invalid object: must have the same name: a != b").await;
    check("/refuse", "failed: no such gauge").await;
}

#[tokio::test]
async fn a_definition_says_whom_to_call() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(well).await;
    let refused = async |conversion: Value, expected: &str| {
        let mut wrong = definition(&webhook, "/", "v1");
        wrong["spec"]["conversion"] = conversion;
        let (code, answer) = harness.post(DEFINITIONS, &wrong).await;
        let message = format!("CustomResourceDefinition.apiextensions.k8s.io \"gauges.example.com\" is invalid: {expected}");
        assert_eq!((code, answer["message"].as_str().unwrap()), (422, message.as_str()));
    };
    let config = |config: Value| json!({"strategy": "Webhook", "webhook": {"clientConfig": config, "conversionReviewVersions": ["v1"]}});
    refused(
        config(json!({"url": "http://host/x"})),
        "spec.conversion.webhookClientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]",
    )
    .await;
    refused(config(json!({})), "spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required").await;
    refused(
        config(json!({"service": {"namespace": "n", "name": "s", "path": "/a//"}})),
        "spec.conversion.webhookClientConfig.service.path: Invalid value: \"/a//\": segment[1] may not be empty",
    )
    .await;
}
