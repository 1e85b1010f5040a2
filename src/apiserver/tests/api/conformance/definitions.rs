//! Definitions of custom resources as upstream's tests walk through them: their own status, rules, fields to select by, and versions that a webhook converts.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{holds, until};
use crate::custom::define;
use crate::harness::{Harness, Lines, MERGE};
use crate::webhooks::Webhook;

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const JSON_PATCH: &str = "application/json-patch+json";

fn definition(plural: &str, kind: &str, versions: Value) -> Value {
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.stable.example.com"), "labels": {"e2e-list-test-uuid": "walk"}},
        "spec": {"group": "stable.example.com", "scope": "Namespaced", "names": {"plural": plural, "singular": kind.to_lowercase(), "kind": kind, "listKind": format!("{kind}List")},
            "versions": versions}})
}

fn version(schema: Value) -> Value {
    json!([{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}])
}

#[tokio::test]
async fn the_status_of_a_definition_is_read_written_and_patched() {
    let harness = Harness::new().await;
    define(&harness, &definition("walks", "Walk", version(json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})))).await;
    let path = format!("{DEFINITIONS}/walks.stable.example.com");
    let status = format!("{path}/status");
    let expected = |message: &str| json!([{"message": message}]);
    let mut updated = None;
    for _ in 0..5 {
        let (code, mut read) = harness.get(&status).await;
        assert_eq!((code, &read["spec"]["group"]), (200, &json!("stable.example.com")));
        // as clients of Go write a condition of which only the message is set
        read["status"]["conditions"]
            .as_array_mut()
            .unwrap()
            .push(json!({"type": "", "status": "", "lastTransitionTime": null, "message": "updated"}));
        let (code, answer) = harness.put(&status, &read).await;
        if code == 409 {
            continue;
        }
        assert_eq!(code, 200, "{answer}");
        updated = Some(answer);
        break;
    }
    assert!(holds(&updated.unwrap()["status"]["conditions"], &expected("updated")));
    let patch = json!([{"op": "add", "path": "/status/conditions", "value": [{"message": "patched"}]}]);
    let (code, patched) = harness.patch(&status, JSON_PATCH, &patch).await;
    assert_eq!(code, 200, "{patched}");
    assert!(holds(&patched["status"]["conditions"], &expected("patched")), "{patched}");
    // and it works on
    let established =
        async || holds(&harness.get(&path).await.1["status"]["conditions"], &json!([{"type": "Established", "status": "True"}]));
    until("it is established", established).await;
    let walk = json!({"apiVersion": "stable.example.com/v1", "kind": "Walk", "metadata": {"name": "a"}});
    assert_eq!(harness.post("/apis/stable.example.com/v1/namespaces/default/walks", &walk).await.0, 201);
}

#[tokio::test]
async fn definitions_are_listed_and_deleted_by_label() {
    let harness = Harness::new().await;
    for index in 0..10 {
        define(&harness, &definition(&format!("walk{index}s"), &format!("Walk{index}"), version(json!({"type": "object"})))).await;
    }
    let selected = format!("{DEFINITIONS}?labelSelector=e2e-list-test-uuid%3Dwalk");
    assert_eq!(harness.get(&selected).await.1["items"].as_array().map(Vec::len), Some(10));
    let (code, answer) = harness.delete(&selected, "").await;
    assert_eq!(code, 200, "{answer}");
    until("all are gone", async || harness.get(&selected).await.1["items"].as_array().is_some_and(Vec::is_empty)).await;
}

#[tokio::test]
async fn defaults_hold_for_requests_and_for_what_is_stored() {
    let harness = Harness::new().await;
    let schema = json!({"type": "object", "properties": {"a": {"type": "string", "default": "A"}, "b": {"type": "string"}}});
    define(&harness, &definition("walks", "Walk", version(schema))).await;
    let walks = "/apis/stable.example.com/v1/namespaces/default/walks";
    let walk = |name: &str| json!({"apiVersion": "stable.example.com/v1", "kind": "Walk", "metadata": {"name": name}});
    let (_, first) = harness.post(walks, &walk("first")).await;
    assert_eq!((&first["a"], &first["b"]), (&json!("A"), &Value::Null));
    let patch = json!([{"op": "add", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/b/default", "value": "B"}]);
    let (code, answer) = harness.patch(&format!("{DEFINITIONS}/walks.stable.example.com"), JSON_PATCH, &patch).await;
    assert_eq!(code, 200, "{answer}");
    until("what is stored has it", async || harness.get(&format!("{walks}/first")).await.1["b"] == "B").await;
    let patch = json!([
        {"op": "remove", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/a/default"},
        {"op": "add", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/b/default", "value": "C"},
    ]);
    assert_eq!(harness.patch(&format!("{DEFINITIONS}/walks.stable.example.com"), JSON_PATCH, &patch).await.0, 200);
    let other = async || harness.post(&format!("{walks}?dryRun=All"), &walk("other")).await.1["b"] == "C";
    until("new ones have the new default", other).await;
    let (_, first) = harness.get(&format!("{walks}/first")).await;
    assert_eq!((&first["a"], &first["b"]), (&json!("A"), &json!("C")), "what was written stays, what was not follows");
}

#[tokio::test]
async fn rules_refuse_in_upstreams_words() {
    let harness = Harness::new().await;
    let spec = json!({"type": "object",
    "x-kubernetes-validations": [
        {"rule": "self.x + self.y > 0"},
        {"rule": "self.firstArray.isSorted() && self.secondArray.isSorted() && ((self.firstArray.sum() + self.secondArray.sum()) % 2 == 0)"},
        {"rule": "self.largeArray.all(x, self.largeArray.all(y, y == x))"},
    ],
    "properties": {
        "x": {"type": "integer"}, "y": {"type": "integer"},
        "firstArray": {"type": "array", "maxItems": 1000, "items": {"type": "integer"}},
        "secondArray": {"type": "array", "maxItems": 1000, "items": {"type": "integer"}},
        "largeArray": {"type": "array", "maxItems": 725, "items": {"type": "integer"}},
    }});
    let num =
        json!({"type": "object", "properties": {"num": {"type": "integer", "x-kubernetes-validations": [{"rule": "self > oldSelf"}]}}});
    define(&harness, &definition("walks", "Walk", version(json!({"type": "object", "properties": {"spec": spec}})))).await;
    define(&harness, &definition("steps", "Step", version(json!({"type": "object", "properties": {"spec": num}})))).await;
    let create = async |plural: &str, kind: &str, name: &str, spec: Value| {
        let object = json!({"apiVersion": "stable.example.com/v1", "kind": kind, "metadata": {"name": name}, "spec": spec});
        harness.post(&format!("/apis/stable.example.com/v1/namespaces/default/{plural}"), &object).await
    };
    let good = json!({"x": 1, "y": 0, "firstArray": [3, 4], "secondArray": [5, 10], "largeArray": [2, 2]});
    assert_eq!(create("walks", "Walk", "good", good).await.0, 201);
    let refused = |(code, answer): (u16, Value), words: &str| {
        assert_eq!(code, 422, "{answer}");
        assert!(answer["message"].as_str().unwrap().contains(words), "{words} in {answer}");
    };
    refused(create("walks", "Walk", "bad", json!({"x": 0, "y": 0})).await, "failed rule");
    refused(create("walks", "Walk", "dear", json!({"largeArray": vec![20; 725]})).await, "call cost exceeds limit");
    assert_eq!(create("steps", "Step", "one", json!({"num": 10})).await.0, 201);
    let back = harness.patch("/apis/stable.example.com/v1/namespaces/default/steps/one", MERGE, &json!({"spec": {"num": 9}})).await;
    refused(back, "failed rule");
    for (spec, words) in [
        (
            json!({"type": "object", "x-kubernetes-validations": [{"rule": "self.z == 100"}], "properties": {"x": {"type": "integer"}}}),
            "undefined field 'z'",
        ),
        (json!({"type": "object", "x-kubernetes-validations": [{"rule": "self = 42"}]}), "Syntax error"),
        (
            json!({"type": "object", "properties": {"x": {"type": "array", "items": {"type": "array", "items": {"type": "string"},
                "x-kubernetes-validations": [{"rule": "self.all(s, s == 'string constant')"}]}}}}),
            "exceeds budget",
        ),
    ] {
        let bad = definition("bads", "Bad", version(json!({"type": "object", "properties": {"spec": spec}})));
        refused(harness.post(DEFINITIONS, &bad).await, words);
    }
}

/// Converts as upstream's own webhook does: `hostPort` on one side, `host` and `port` on the other.
fn convert(_: &str, request: &Value) -> Option<Value> {
    let wanted = request["desiredAPIVersion"].as_str().unwrap();
    let converted = |object: &Value| {
        let mut object = object.clone();
        object["apiVersion"] = wanted.into();
        let fields = object.as_object_mut().unwrap();
        if wanted.ends_with("v2") {
            if let Some(both) = fields.remove("hostPort") {
                let (host, port) = both.as_str().unwrap().split_once(':').unwrap();
                fields.insert("host".to_owned(), host.into());
                fields.insert("port".to_owned(), port.into());
            }
        } else {
            let (host, port) = (fields.remove("host"), fields.remove("port"));
            if host.is_some() || port.is_some() {
                let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
                fields.insert("hostPort".to_owned(), format!("{}:{}", text(host), text(port)).into());
            }
        }
        object
    };
    let objects: Vec<Value> = request["objects"].as_array().unwrap().iter().map(converted).collect();
    Some(json!({"result": {"status": "Success"}, "convertedObjects": objects}))
}

fn hosts(webhook: &Webhook, stored: &str) -> Value {
    let version = |name: &str, fields: &[&str]| {
        let properties: serde_json::Map<String, Value> =
            fields.iter().map(|field| ((*field).to_owned(), json!({"type": "string"}))).collect();
        let selectable: Vec<Value> = fields.iter().map(|field| json!({"jsonPath": format!(".{field}")})).collect();
        json!({"name": name, "served": true, "storage": name == stored, "schema": {"openAPIV3Schema": {"type": "object", "properties": properties}},
            "selectableFields": selectable})
    };
    let mut hosts = definition("hosts", "Host", json!([version("v1", &["hostPort"]), version("v2", &["host", "port"])]));
    hosts["spec"]["conversion"] = json!({"strategy": "Webhook", "webhook": {
        "clientConfig": {"url": format!("https://127.0.0.1:{}/crdconvert", webhook.port), "caBundle": webhook.bundle},
        "conversionReviewVersions": ["v1", "v1beta1"],
    }});
    hosts
}

fn host(name: &str, version: &str, fields: Value) -> Value {
    let mut host = json!({"apiVersion": format!("stable.example.com/{version}"), "kind": "Host", "metadata": {"name": name}});
    host.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    host
}

fn path(version: &str) -> String {
    format!("/apis/stable.example.com/{version}/namespaces/default/hosts")
}

#[tokio::test]
async fn a_list_of_objects_stored_at_several_versions_is_of_one() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(convert).await;
    define(&harness, &hosts(&webhook, "v1")).await;
    assert_eq!(harness.post(&path("v1"), &host("one", "v1", json!({"hostPort": "localhost:8080"}))).await.0, 201);
    let versions = hosts(&webhook, "v2")["spec"]["versions"].clone();
    let (code, answer) =
        harness.patch(&format!("{DEFINITIONS}/hosts.stable.example.com"), MERGE, &json!({"spec": {"versions": versions}})).await;
    assert_eq!((code, &answer["status"]["storedVersions"]), (200, &json!(["v1", "v2"])), "{answer}");
    assert_eq!(harness.post(&path("v1"), &host("two", "v1", json!({"hostPort": "localhost:8080"}))).await.0, 201);
    for (version, expected) in [("v1", json!({"hostPort": "localhost:8080"})), ("v2", json!({"host": "localhost", "port": "8080"}))] {
        let (code, list) = harness.get(&path(version)).await;
        assert_eq!((code, &list["apiVersion"]), (200, &json!(format!("stable.example.com/{version}"))), "{list}");
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        for item in items {
            assert_eq!(item["apiVersion"], format!("stable.example.com/{version}"));
            let fields: serde_json::Map<String, Value> = item
                .as_object()
                .unwrap()
                .iter()
                .filter(|(name, _)| !["apiVersion", "kind", "metadata"].contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            assert_eq!(Value::from(fields), expected);
        }
    }
}

/// Names of what came into a watch and what went, until both are as expected.
async fn seen(watch: &mut Lines, came: &[&str], went: &[&str]) {
    let (mut added, mut deleted) = (BTreeSet::new(), BTreeSet::new());
    let set = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    while (added.len(), deleted.len()) != (came.len(), went.len()) {
        let (kind, name) = watch.brief().await;
        match kind.as_str() {
            "ADDED" => added.insert(name),
            "DELETED" => deleted.insert(name),
            other => panic!("{other} {name}"),
        };
    }
    assert_eq!((added, deleted), (set(came), set(went)));
}

#[tokio::test]
async fn fields_select_at_every_version() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(convert).await;
    define(&harness, &hosts(&webhook, "v1")).await;
    let (one, both, old) = ("fieldSelector=host%3Dhost1", "fieldSelector=host%3Dhost1%2Cport%3D80", "fieldSelector=hostPort%3Dhost1%3A80");
    let watch = async |version: &str, selector: &str| harness.watch(&format!("{}?watch=true&{selector}", path(version))).await;
    let mut watches = [watch("v2", one).await, watch("v2", both).await, watch("v1", old).await];
    for (name, fields) in
        [("a", json!({"host": "host1", "port": "80"})), ("b", json!({"host": "host1", "port": "8080"})), ("c", json!({"host": "host2"}))]
    {
        let (code, answer) = harness.post(&path("v2"), &host(name, "v2", fields)).await;
        assert_eq!(code, 201, "{answer}");
    }
    let listed = async |version: &str, selector: &str| {
        let (code, list) = harness.get(&format!("{}?{selector}", path(version))).await;
        assert_eq!(code, 200, "{list}");
        list["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed("v2", one).await, ["a", "b"]);
    assert_eq!(listed("v2", both).await, ["a"]);
    assert_eq!(listed("v1", old).await, ["a"]);
    assert_eq!(listed("v1", "fieldSelector=hostPort%3Dhost1%3A8080").await, ["b"]);
    seen(&mut watches[0], &["a", "b"], &[]).await;
    seen(&mut watches[1], &["a"], &[]).await;
    seen(&mut watches[2], &["a"], &[]).await;
    let (code, answer) = harness.delete(&format!("{}?{both}", path("v2")), &json!({"gracePeriodSeconds": 0}).to_string()).await;
    assert_eq!(code, 200, "{answer}");
    assert_eq!(harness.patch(&format!("{}/b", path("v2")), MERGE, &json!({"host": "host2"})).await.0, 200);
    assert!(listed("v2", one).await.is_empty() && listed("v2", both).await.is_empty());
    seen(&mut watches[0], &[], &["a", "b"]).await;
    seen(&mut watches[1], &[], &["a"]).await;
    seen(&mut watches[2], &[], &["a"]).await;
}
