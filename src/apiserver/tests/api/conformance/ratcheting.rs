//! What a stored object had before its schema became stricter may stay; what is new or can not be told apart may not.

use serde_json::{Value, json};

use super::APPLY;
use crate::custom::define;
use crate::harness::Harness;

const DEFINITION: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/walks.ratchet.example.com";
const WALKS: &str = "/apis/ratchet.example.com/v1/namespaces/default/walks";

async fn apply(harness: &Harness, name: &str, object: &Value) -> (u16, Value) {
    let mut object = object.clone();
    object["apiVersion"] = json!("ratchet.example.com/v1");
    object["kind"] = json!("Walk");
    object["metadata"]["name"] = json!(name);
    object["metadata"]["namespace"] = json!("default");
    harness.patch(&format!("{WALKS}/{name}?fieldManager=manager"), APPLY, &object).await
}

/// A server with an object that was stored before its schema was this one.
async fn stored(object: &Value, properties: Value) -> Harness {
    let harness = Harness::new().await;
    let open = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    define(
        &harness,
        &json!({"metadata": {"name": "walks.ratchet.example.com"}, "spec": {
        "group": "ratchet.example.com", "scope": "Namespaced", "names": {"plural": "walks", "kind": "Walk"},
        "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": open}}]}}),
    )
    .await;
    let (code, answer) = apply(&harness, "test-resource", object).await;
    assert_eq!(code, 201, "{answer}");
    let (_, mut definition) = harness.get(DEFINITION).await;
    let mut properties = properties;
    properties["__update_schema_sentinel_field__"] = json!({"type": "string", "enum": ["4a53b1c2"]});
    definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"] = json!({"type": "object", "properties": properties});
    let (code, answer) = harness.put(&format!("{DEFINITION}?fieldManager=manager"), &definition).await;
    assert_eq!(code, 200, "{answer}");
    // the schema shows in an error, among those of the metadata
    let sentinel = json!({"metadata": {"finalizers": ["unqualified-finalizer"], "labels": {"#inv/($%)/alid=": ">htt$://"}}, "__update_schema_sentinel_field__": "1"});
    loop {
        let (code, answer) = apply(&harness, "sentinel-resource", &sentinel).await;
        assert_eq!(code, 422, "{answer}");
        if answer["message"].as_str().unwrap().contains("4a53b1c2") {
            return harness;
        }
        tokio::task::yield_now().await;
    }
}

fn correlatable(field: Value) -> Value {
    let object = json!({"type": "object", "properties": {"field": field, "otherField": {"type": "string"}}});
    json!({
        "field": field,
        "otherField": {"type": "string"},
        "struct": object,
        "list": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["key"],
            "items": {"type": "object", "properties": {"key": {"type": "string"}, "field": field, "otherField": {"type": "string"}}, "required": ["key"]}},
        "map": {"type": "object", "additionalProperties": object},
    })
}

fn uncorrelatable(item: Value) -> Value {
    json!({
        "atomicArray": {"type": "array", "items": item},
        "setArray": {"type": "array", "x-kubernetes-list-type": "set", "items": item},
    })
}

fn all(field: &str) -> Value {
    json!({"field": field, "struct": {"field": field}, "list": [{"key": "foo", "field": field}, {"key": "bar", "field": field}],
        "map": {"foo": {"field": field}, "bar": {"field": field}}})
}

#[tokio::test]
async fn what_was_wrong_before_may_stay() {
    let rule = json!({"type": "string", "x-kubernetes-validations": [{"rule": "self == \"foo\""}]});
    for field in [json!({"type": "string", "enum": ["foo"]}), rule] {
        let harness = stored(&all("notfoo"), correlatable(field)).await;
        let mut changed = all("notfoo");
        changed["metadata"]["labels"] = json!({"foo": "bar"});
        let (code, answer) = apply(&harness, "test-resource", &changed).await;
        assert_eq!(code, 200, "{answer}");
        for place in ["", "/struct", "/list/0", "/list/1", "/map/foo", "/map/bar"] {
            changed.pointer_mut(place).unwrap()["otherField"] = json!("doesntmatter");
        }
        changed["list"].as_array_mut().unwrap().push(json!({"key": "baz", "field": "foo", "otherField": "doesntmatter"}));
        let (code, answer) = apply(&harness, "test-resource", &changed).await;
        assert_eq!(code, 200, "{answer}");
    }
}

/// Schemas name the places of maps in one way, rules in another.
const SCHEMA: [&str; 6] = ["field", "struct.field", "list[0].field", "list[1].field", "map.foo.field", "map.bar.field"];
const RULES: [&str; 6] = ["field", "struct.field", "list[0].field", "list[1].field", "map[foo].field", "map[bar].field"];

fn refused((code, answer): &(u16, Value), places: &[&str]) {
    assert_eq!(*code, 422, "{answer}");
    for place in places {
        assert!(answer["message"].as_str().unwrap().contains(place), "{place} in {answer}");
    }
}

#[tokio::test]
async fn what_changes_has_to_be_right() {
    let rule = json!({"type": "string", "x-kubernetes-validations": [{"rule": "self == \"foo\""}]});
    for (field, places) in [(json!({"type": "string", "enum": ["foo"]}), SCHEMA), (rule, RULES)] {
        let harness = stored(&all("foo"), correlatable(field)).await;
        refused(&apply(&harness, "test-resource", &all("notfoo")).await, &places);
    }
}

#[tokio::test]
async fn rules_of_transitions_hold_for_what_stays_as_well() {
    let rule = |rule: &str, optional: bool| json!({"type": "string", "maxLength": 5, "x-kubernetes-validations": [{"rule": rule, "optionalOldSelf": optional}]});
    let bounded = |field: Value| {
        let mut properties = correlatable(field);
        properties["list"]["maxItems"] = json!(5);
        properties["map"]["maxProperties"] = json!(5);
        properties
    };
    let mut labelled = all("foo");
    labelled["metadata"]["labels"] = json!({"foo": "bar"});
    let harness = stored(&all("foo"), bounded(rule("self != oldSelf", false))).await;
    refused(&apply(&harness, "test-resource", &labelled).await, &RULES);
    // with an old value that may be none, new ones are looked at, too
    let harness = stored(&json!({"metadata": {}}), bounded(rule("!oldSelf.hasValue() || self != oldSelf.value()", true))).await;
    assert_eq!(apply(&harness, "other", &all("foo")).await.0, 201);
    refused(&apply(&harness, "other", &labelled).await, &RULES);
    assert_eq!(apply(&harness, "other", &all("new")).await.0, 200);
}

#[tokio::test]
async fn what_can_not_be_told_apart_has_to_be_right() {
    let rule = json!({"type": "string", "x-kubernetes-validations": [{"rule": "self != \"foo\""}]});
    for item in [json!({"type": "string", "enum": ["notfoo", "notbar", "notbaz"]}), rule] {
        let before = json!({"setArray": ["foo", "bar", "baz"], "atomicArray": ["foo", "bar", "baz"]});
        let harness = stored(&before, uncorrelatable(item)).await;
        let after = json!({"metadata": {"labels": {"foo": "bar"}}, "setArray": ["foo", "bar", "baz", "notfoo"], "atomicArray": ["foo", "bar", "baz", "notfoo"]});
        refused(&apply(&harness, "test-resource", &after).await, &["atomicArray", "setArray"]);
    }
}
