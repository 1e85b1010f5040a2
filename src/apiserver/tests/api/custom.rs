//! Custom resources: from their definition to their end.

use apiserver::UserInfo;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Harness, JSON, MERGE};

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const WIDGETS: &str = "/apis/example.com/v1/namespaces/default/widgets";

fn schema() -> Value {
    json!({"type": "object", "required": ["spec"], "properties": {
        "spec": {"type": "object", "required": ["size"], "properties": {
            "size": {"type": "integer", "minimum": 0, "maximum": 10},
            "color": {"type": "string", "default": "red", "enum": ["red", "green"]},
            "replicas": {"type": "integer"},
            "parts": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items": {
                "type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "count": {"type": "integer", "default": 1}},
            }},
            "port": {"x-kubernetes-int-or-string": true},
            "open": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
        }},
        "status": {"type": "object", "properties": {"replicas": {"type": "integer"}, "phase": {"type": "string"}}},
    }})
}

pub fn definition() -> Value {
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.example.com"}, "spec": {
        "group": "example.com", "scope": "Namespaced",
        "names": {"plural": "widgets", "kind": "Widget", "shortNames": ["wd"], "categories": ["all"]},
        "versions": [{
            "name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema()},
            "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}},
            "selectableFields": [{"jsonPath": ".spec.color"}],
            "additionalPrinterColumns": [
                {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
                {"name": "Color", "type": "string", "jsonPath": ".spec.color", "priority": 1, "description": "its color"},
                {"name": "Phase", "type": "string", "jsonPath": ".status.phase"},
                {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
            ],
        }],
    }})
}

fn widget(name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": name}, "spec": spec})
}

/// Defines a resource and waits until it is established.
pub async fn define(harness: &Harness, definition: &Value) {
    let (code, made) = harness.post(DEFINITIONS, definition).await;
    assert_eq!(code, 201, "{made}");
    let name = made["metadata"]["name"].as_str().unwrap();
    let mut lines = harness.watch(&format!("{DEFINITIONS}?watch=true&fieldSelector=metadata.name%3D{name}")).await;
    while let Some(line) = lines.next().await {
        let conditions = line["object"]["status"]["conditions"].as_array().cloned().unwrap_or_default();
        if conditions.iter().any(|condition| condition["type"] == "Established" && condition["status"] == "True") {
            return;
        }
    }
    panic!("the watch has ended");
}

#[tokio::test]
async fn a_definition_is_usable_once_it_is_established() {
    let harness = Harness::new().await;
    assert_eq!(harness.get(WIDGETS).await.0, 404);
    define(&harness, &definition()).await;
    let (code, made) = harness.post(WIDGETS, &widget("a", &json!({"size": 1, "parts": [{"name": "x"}], "open": {"any": [1]}}))).await;
    assert_eq!(code, 201, "{made}");
    assert_eq!(made["spec"], json!({"size": 1, "color": "red", "parts": [{"name": "x", "count": 1}], "open": {"any": [1]}}));
    assert_eq!(made["metadata"]["generation"], 1);
    let (code, refused) =
        harness.call_as(UserInfo::administrator(), Method::POST, WIDGETS, "application/vnd.kubernetes.protobuf", "k8s").await;
    assert_eq!((code, &refused["reason"]), (415, &json!("UnsupportedMediaType")));
    let (_, defined) = harness.get(&format!("{DEFINITIONS}/widgets.example.com")).await;
    assert_eq!(defined["status"]["acceptedNames"]["singular"], "widget");
    assert_eq!(defined["status"]["storedVersions"], json!(["v1"]));

    let (_, list) = harness.get(WIDGETS).await;
    assert_eq!((list["kind"].as_str(), list["items"][0]["kind"].as_str()), (Some("WidgetList"), Some("Widget")));

    // all of it is there again after a restart, at once
    let harness = harness.restart().await;
    assert_eq!(harness.get(&format!("{WIDGETS}/a")).await, (200, made));
}

#[tokio::test]
async fn discovery_and_schemas_follow() {
    let harness = Harness::new().await;
    define(&harness, &definition()).await;
    let (_, groups) = harness.get("/apis").await;
    assert!(groups["groups"].as_array().unwrap().iter().any(|group| group["name"] == "example.com"), "{groups}");
    let (_, resources) = harness.get("/apis/example.com/v1").await;
    let names: Vec<_> = resources["resources"].as_array().unwrap().iter().map(|resource| resource["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["widgets", "widgets/scale", "widgets/status"]);
    assert_eq!(resources["resources"][0]["shortNames"], json!(["wd"]));
    let (_, index) = harness.get("/openapi/v3").await;
    assert!(index["paths"]["apis/example.com/v1"].is_object());
    let (_, document) = harness.get("/openapi/v3/apis/example.com/v1").await;
    let model = &document["components"]["schemas"]["com.example.v1.Widget"];
    assert_eq!(model["x-kubernetes-group-version-kind"], json!([{"group": "example.com", "version": "v1", "kind": "Widget"}]));
    assert_eq!(model["properties"]["spec"]["properties"]["color"]["default"], "red");
    assert!(document["components"]["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"].is_object());
    assert!(document["paths"]["/apis/example.com/v1/namespaces/{namespace}/widgets/{name}/scale"].is_object());
    let patch = &document["paths"]["/apis/example.com/v1/namespaces/{namespace}/widgets/{name}"]["patch"]["requestBody"]["content"];
    let types: Vec<_> = patch.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(types, ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"]);
}

#[tokio::test]
async fn values_are_held_to_the_schema() {
    let harness = Harness::new().await;
    define(&harness, &definition()).await;
    let check = async |spec: Value, code: u16, message: &str| {
        let (got, answer) = harness.post(WIDGETS, &widget("bad", &spec)).await;
        assert_eq!((got, answer["message"].as_str().unwrap_or_default()), (code, message));
    };
    check(
        json!({"size": "big"}),
        422,
        "Widget.example.com \"bad\" is invalid: spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\"",
    )
    .await;
    check(
        json!({"size": 11}),
        422,
        "Widget.example.com \"bad\" is invalid: spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10",
    )
    .await;
    check(json!({}), 422, "Widget.example.com \"bad\" is invalid: spec.size: Required value").await;
    check(
        json!({"size": 1, "color": "blue"}),
        422,
        "Widget.example.com \"bad\" is invalid: spec.color: Unsupported value: \"blue\": supported values: \"red\", \"green\"",
    )
    .await;
    check(
        json!({"size": 1, "parts": [{"name": "a"}, {"name": "a"}]}),
        422,
        "Widget.example.com \"bad\" is invalid: spec.parts[1]: Duplicate value: {\"name\":\"a\"}",
    )
    .await;
    let body = widget("strict", &json!({"size": 1, "foo": 2})).to_string();
    let path = format!("{WIDGETS}?fieldValidation=Strict");
    let (code, refused) = harness.call_as(UserInfo::administrator(), Method::POST, &path, JSON, &body).await;
    assert_eq!(code, 400);
    assert_eq!(
        refused["message"],
        "Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: unknown field \"spec.foo\""
    );
    let (code, pruned) = harness.post(WIDGETS, &widget("pruned", &json!({"size": 1, "foo": 2}))).await;
    assert_eq!((code, pruned["spec"].get("foo")), (201, None));
}

#[tokio::test]
async fn status_and_scale_are_apart() {
    let harness = Harness::new().await;
    define(&harness, &definition()).await;
    let mut body = widget("a", &json!({"size": 1, "replicas": 2}));
    body["status"] = json!({"phase": "mine"});
    let (_, made) = harness.post(WIDGETS, &body).await;
    assert_eq!(made.get("status"), None);
    let (code, told) =
        harness.patch(&format!("{WIDGETS}/a/status"), MERGE, &json!({"spec": {"size": 5}, "status": {"phase": "Up", "replicas": 1}})).await;
    assert_eq!((code, &told["spec"]["size"], &told["status"]["phase"]), (200, &json!(1), &json!("Up")));
    assert_eq!(told["metadata"]["generation"], 1);
    let (_, scale) = harness.get(&format!("{WIDGETS}/a/scale")).await;
    assert_eq!((scale["kind"].as_str(), &scale["spec"]["replicas"], &scale["status"]["replicas"]), (Some("Scale"), &json!(2), &json!(1)));
    let (code, scaled) = harness.patch(&format!("{WIDGETS}/a/scale"), MERGE, &json!({"spec": {"replicas": 4}})).await;
    assert_eq!((code, &scaled["spec"]["replicas"]), (200, &json!(4)));
    let (_, now) = harness.get(&format!("{WIDGETS}/a")).await;
    assert_eq!((&now["spec"]["replicas"], &now["metadata"]["generation"], &now["status"]["phase"]), (&json!(4), &json!(2), &json!("Up")));
}

#[tokio::test]
async fn tables_and_selectors() {
    let harness = Harness::new().await;
    define(&harness, &definition()).await;
    harness.post(WIDGETS, &widget("a", &json!({"size": 1}))).await;
    harness.post(WIDGETS, &widget("b", &json!({"size": 2, "color": "green"}))).await;
    let (_, green) = harness.get(&format!("{WIDGETS}?fieldSelector=spec.color%3Dgreen")).await;
    assert_eq!(green["items"].as_array().unwrap().len(), 1);
    let (code, refused) = harness.get(&format!("{WIDGETS}?fieldSelector=spec.size%3D1")).await;
    assert_eq!((code, refused["message"].as_str().unwrap()), (400, "field label not supported: spec.size"));
    let table = harness.table(WIDGETS).await;
    let columns: Vec<_> = table["columnDefinitions"].as_array().unwrap().iter().map(|column| column["name"].as_str().unwrap()).collect();
    assert_eq!(columns, ["Name", "Size", "Color", "Phase", "Age"]);
    assert_eq!(table["columnDefinitions"][1]["description"], "Custom resource definition column (in JSONPath format): .spec.size");
    let cells = table["rows"][1]["cells"].as_array().unwrap();
    assert_eq!(cells[..4], [json!("b"), json!(2), json!("green"), Value::Null]);
}

#[tokio::test]
async fn versions_are_converted() {
    let harness = Harness::new().await;
    let mut two = definition();
    let mut second = two["spec"]["versions"][0].clone();
    second["name"] = "v2".into();
    second["storage"] = false.into();
    second["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["extra"] = json!({"type": "string", "default": "new"});
    two["spec"]["versions"].as_array_mut().unwrap().push(second);
    define(&harness, &two).await;
    harness.post(WIDGETS, &widget("a", &json!({"size": 1}))).await;
    let path = "/apis/example.com/v2/namespaces/default/widgets/a";
    let (code, shown) = harness.get(path).await;
    assert_eq!((code, shown["apiVersion"].as_str()), (200, Some("example.com/v2")));
    let (code, changed) = harness.patch(path, MERGE, &json!({"spec": {"size": 3}})).await;
    assert_eq!((code, changed["apiVersion"].as_str(), &changed["spec"]["size"]), (200, Some("example.com/v2"), &json!(3)));
    let (_, first) = harness.get(&format!("{WIDGETS}/a")).await;
    assert_eq!((first["apiVersion"].as_str(), &first["spec"]["size"]), (Some("example.com/v1"), &json!(3)));
    // another version is stored from now on, and what was stored before is still read
    let (_, mut moved) = harness.get(&format!("{DEFINITIONS}/widgets.example.com")).await;
    moved["spec"]["versions"][0]["storage"] = false.into();
    moved["spec"]["versions"][1]["storage"] = true.into();
    let (code, moved) = harness.put(&format!("{DEFINITIONS}/widgets.example.com"), &moved).await;
    assert_eq!((code, &moved["status"]["storedVersions"]), (200, &json!(["v1", "v2"])), "{moved}");
    harness.post(WIDGETS, &widget("b", &json!({"size": 2}))).await;
    let (_, list) = harness.get("/apis/example.com/v2/widgets").await;
    let sizes: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| (&item["apiVersion"], &item["spec"]["size"])).collect();
    assert_eq!(sizes, [(&json!("example.com/v2"), &json!(3)), (&json!("example.com/v2"), &json!(2))]);
}

#[tokio::test]
async fn a_definition_ends_with_its_instances() {
    let harness = Harness::new().await;
    define(&harness, &definition()).await;
    let mut held = widget("held", &json!({"size": 1}));
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    harness.post(WIDGETS, &held).await;
    harness.post(WIDGETS, &widget("free", &json!({"size": 1}))).await;
    let path = format!("{DEFINITIONS}/widgets.example.com");
    let mut lines = harness.watch(&format!("{DEFINITIONS}?watch=true&fieldSelector=metadata.name%3Dwidgets.example.com")).await;
    let (code, marked) = harness.delete(&path, "").await;
    assert_eq!((code, &marked["metadata"]["finalizers"]), (200, &json!(["customresourcecleanup.apiextensions.k8s.io"])));
    let mut gone = harness.watch(&format!("{WIDGETS}?watch=true&fieldSelector=metadata.name%3Dheld")).await;
    while gone.next().await.unwrap()["object"]["metadata"]["deletionTimestamp"].is_null() {}
    let (code, refused) = harness.post(WIDGETS, &widget("late", &json!({"size": 1}))).await;
    assert_eq!(code, 403, "{refused}");
    assert!(refused["message"].as_str().unwrap().ends_with("create not allowed while custom resource definition is terminating"));
    harness.patch(&format!("{WIDGETS}/held"), MERGE, &json!({"metadata": {"finalizers": null}})).await;
    while lines.next().await.unwrap()["type"] != "DELETED" {}
    // what is served follows the event
    for _ in 0..100 {
        if harness.get(WIDGETS).await.0 == 404 {
            return;
        }
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("a resource without a definition is still served");
}

#[tokio::test]
async fn names_belong_to_the_first() {
    let harness = Harness::new().await;
    define(&harness, &definition()).await;
    let mut other = definition();
    other["metadata"]["name"] = "gadgets.example.com".into();
    other["spec"]["names"] = json!({"plural": "gadgets", "kind": "Widget"});
    harness.post(DEFINITIONS, &other).await;
    let mut lines = harness.watch(&format!("{DEFINITIONS}?watch=true&fieldSelector=metadata.name%3Dgadgets.example.com")).await;
    let told = loop {
        let line = lines.next().await.unwrap();
        if let Some(condition) = line["object"]["status"]["conditions"].get(0) {
            break condition.clone();
        }
    };
    assert_eq!(
        (told["type"].as_str(), told["status"].as_str(), told["reason"].as_str()),
        (Some("NamesAccepted"), Some("False"), Some("ListKindConflict"))
    );
    // they are free when the first has gone
    harness.delete(&format!("{DEFINITIONS}/widgets.example.com"), "").await;
    loop {
        let line = lines.next().await.unwrap();
        let conditions = line["object"]["status"]["conditions"].as_array().cloned().unwrap_or_default();
        if conditions.iter().any(|condition| condition["type"] == "Established" && condition["status"] == "True") {
            break;
        }
    }
}

#[tokio::test]
async fn a_schema_has_to_be_structural() {
    let harness = Harness::new().await;
    let check = async |change: &dyn Fn(&mut Value), expected: &str| {
        let mut wrong = definition();
        change(&mut wrong["spec"]["versions"][0]);
        let (code, refused) = harness.post(DEFINITIONS, &wrong).await;
        let start = "CustomResourceDefinition.apiextensions.k8s.io \"widgets.example.com\" is invalid: ";
        assert_eq!((code, refused["message"].as_str().unwrap_or_default()), (422, format!("{start}{expected}").as_str()));
    };
    check(
        &|version| version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["size"] = json!({}),
        "spec.validation.openAPIV3Schema.properties[spec].properties[size].type: Required value: must not be empty for specified object fields",
    )
    .await;
    check(
        &|version| version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["color"]["default"] = json!(5),
        "[spec.validation.openAPIV3Schema.properties[spec].properties[color].default: Invalid value: \"integer\":  in body must be of type string: \"integer\", spec.validation.openAPIV3Schema.properties[spec].properties[color].default: Unsupported value: 5: supported values: \"red\", \"green\"]",
    )
    .await;
    check(&|version| version["schema"] = Value::Null, "spec.versions[0].schema.openAPIV3Schema: Required value").await;
}

#[tokio::test]
async fn rules_and_owners() {
    let harness = Harness::new().await;
    let mut ruled = definition();
    ruled["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["x-kubernetes-validations"] = json!([{"rule": "self.size <= 5 || self.color == 'green'", "message": "only green ones are large"}, {"rule": "self.size >= oldSelf.size"}]);
    define(&harness, &ruled).await;
    let (code, refused) = harness.post(WIDGETS, &widget("a", &json!({"size": 6}))).await;
    assert_eq!(
        (code, refused["message"].as_str().unwrap()),
        (422, "Widget.example.com \"a\" is invalid: spec: Invalid value: only green ones are large")
    );
    let (code, _) = harness.post(WIDGETS, &widget("a", &json!({"size": 4}))).await;
    assert_eq!(code, 201);
    let (code, refused) = harness.patch(&format!("{WIDGETS}/a"), MERGE, &json!({"spec": {"size": 3}})).await;
    assert_eq!(
        (code, refused["message"].as_str().unwrap()),
        (422, "Widget.example.com \"a\" is invalid: spec: Invalid value: failed rule: self.size >= oldSelf.size")
    );
    // each item of a keyed list has an owner of its own
    let apply = async |manager: &str, parts: Value| {
        let path = format!("{WIDGETS}/a?fieldManager={manager}");
        let body = widget("a", &json!({"size": 4, "parts": parts})).to_string();
        harness.call_as(UserInfo::administrator(), Method::PATCH, &path, "application/apply-patch+yaml", &body).await
    };
    apply("one", json!([{"name": "x"}])).await;
    let (code, both) = apply("two", json!([{"name": "y"}])).await;
    assert_eq!((code, both["spec"]["parts"].as_array().unwrap().len()), (200, 2), "{both}");
    let mut wrong = definition();
    wrong["metadata"]["name"] = "gadgets.example.com".into();
    wrong["spec"]["names"] = json!({"plural": "gadgets", "kind": "Gadget"});
    wrong["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["x-kubernetes-validations"] = json!([{"rule": "self.nothing"}]);
    let (code, refused) = harness.post(DEFINITIONS, &wrong).await;
    assert_eq!(code, 422);
    assert!(refused["message"].as_str().unwrap().contains("undefined field 'nothing'"), "{refused}");
}

#[tokio::test]
async fn watches_end_with_what_they_watch() {
    let harness = Harness::new().await;
    define(&harness, &definition()).await;
    assert_eq!(harness.post(WIDGETS, &widget("a", &json!({"size": 1}))).await.0, 201);
    let mut watch = harness.watch(&format!("{WIDGETS}?watch=true")).await;
    assert_eq!(watch.brief().await, ("ADDED".to_owned(), "a".to_owned()));
    // another schema: whoever watches is to come back
    let path = format!("{DEFINITIONS}/widgets.example.com");
    let changed = json!([{"op": "add", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/more", "value": {"type": "string"}}]);
    assert_eq!(harness.patch(&path, "application/json-patch+json", &changed).await.0, 200);
    assert_eq!(watch.next().await, None);
    let mut watch = harness.watch(&format!("{WIDGETS}?watch=true")).await;
    assert_eq!(watch.brief().await, ("ADDED".to_owned(), "a".to_owned()));
    assert_eq!(harness.delete(&path, "").await.0, 200);
    let mut told = Vec::new();
    while let Some(event) = watch.next().await {
        told.push(event["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(told.last().map(String::as_str), Some("DELETED"), "{told:?}");
}
