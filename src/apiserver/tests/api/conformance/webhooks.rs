//! Admission webhooks, policies and API services as upstream's tests of them go: what they refuse and change, whom they may not touch, and their own lives.

use serde_json::{Value, json};

use super::{holds, until};
use crate::custom::define;
use crate::harness::{Harness, MERGE};
use crate::webhooks::Webhook;

const VALIDATING: &str = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
const MUTATING: &str = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const CORE: &str = "/api/v1/namespaces/default";
const JSON_PATCH: &str = "application/json-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";

fn rule(operations: &[&str], group: &str, version: &str, resource: &str) -> Value {
    json!([{"operations": operations, "apiGroups": [group], "apiVersions": [version], "resources": [resource]}])
}

async fn configure(harness: &Harness, path: &str, name: &str, hooks: Vec<Value>) -> Value {
    let (code, answer) =
        harness.post(path, &json!({"metadata": {"name": name, "labels": {"e2e-list-test-uuid": "walk"}}, "webhooks": hooks})).await;
    assert_eq!(code, 201, "{answer}");
    answer
}

fn refuse(message: &str) -> Value {
    json!({"allowed": false, "status": {"message": message}})
}

fn add(path: &str) -> Value {
    use base64::Engine;
    let patch = json!([{"op": "add", "path": path, "value": "yes"}]).to_string();
    json!({"allowed": true, "patchType": "JSONPatch", "patch": base64::engine::general_purpose::STANDARD.encode(patch)})
}

/// Answers as upstream's own webhook does.
fn answer(path: &str, request: &Value) -> Option<Value> {
    let object = if request["operation"] == "DELETE" { &request["oldObject"] } else { &request["object"] };
    let allowed = || json!({"allowed": true});
    let data = &object["data"];
    Some(match path {
        "/always-deny" => refuse("this webhook denies all requests"),
        "/add-label" => add("/metadata/labels/added-label"),
        "/pods/attach" => refuse("attaching to pod 'to-be-attached-pod' is not allowed"),
        "/crd" if object["metadata"]["labels"]["webhook-e2e-test"] == "webhook-disallow" => refuse("the crd contains unwanted label"),
        "/custom-resource" if data["webhook-e2e-test"] == "webhook-disallow" => refuse("the custom resource contains unwanted data"),
        "/custom-resource" if request["operation"] == "DELETE" && data["webhook-e2e-test"] == "webhook-nondeletable" => {
            refuse("the custom resource cannot be deleted because it contains unwanted key and value")
        }
        "/configmaps" if data["webhook-e2e-test"] == "webhook-disallow" => refuse("the configmap contains unwanted key and value"),
        "/mutating" if data["mutation-stage-1"] == "yes" && data["mutation-stage-2"].is_null() => add("/data/mutation-stage-2"),
        "/mutating" if data["mutation-start"] == "yes" && data["mutation-stage-1"].is_null() => add("/data/mutation-stage-1"),
        _ => allowed(),
    })
}

fn refused((code, answer): (u16, Value), message: &str) {
    assert!(code >= 400 && answer["message"].as_str().unwrap().contains(message), "{code} {answer}");
}

#[tokio::test]
async fn custom_resources_are_refused_their_creation_change_and_end() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(answer).await;
    define(&harness, &walks(false)).await;
    let hook =
        webhook.hook("/custom-resource", &json!({"rules": rule(&["CREATE", "UPDATE", "DELETE"], "walk.example.com", "v1", "walks")}));
    configure(&harness, VALIDATING, "w", vec![hook]).await;
    let path = "/apis/walk.example.com/v1/namespaces/default/walks";
    let walk = |word: &str| json!({"apiVersion": "walk.example.com/v1", "kind": "Walk", "metadata": {"name": "a"}, "data": {"webhook-e2e-test": word}});
    refused(harness.post(path, &walk("webhook-disallow")).await, "the custom resource contains unwanted data");
    let (code, made) = harness.post(path, &walk("webhook-nondeletable")).await;
    assert_eq!(code, 201, "{made}");
    let mut changed = made.clone();
    changed["data"]["webhook-e2e-test"] = json!("webhook-disallow");
    refused(harness.put(&format!("{path}/a"), &changed).await, "the custom resource contains unwanted data");
    refused(
        harness.delete(&format!("{path}/a"), "").await,
        "the custom resource cannot be deleted because it contains unwanted key and value",
    );
    changed["data"]["webhook-e2e-test"] = json!("webhook-allow");
    assert_eq!(harness.put(&format!("{path}/a"), &changed).await.0, 200);
    assert_eq!(harness.delete(&format!("{path}/a"), "").await.0, 200);
}

fn walks(pruned: bool) -> Value {
    let data = json!({"type": "object", "properties": {"mutation-start": {"type": "string"}, "mutation-stage-1": {"type": "string"}}});
    let schema = if pruned {
        json!({"type": "object", "properties": {"data": data}})
    } else {
        json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})
    };
    let version = |name: &str| json!({"name": name, "served": true, "storage": name == "v1", "schema": {"openAPIV3Schema": schema}});
    json!({"metadata": {"name": "walks.walk.example.com"}, "spec": {
        "group": "walk.example.com", "scope": "Namespaced", "names": {"plural": "walks", "kind": "Walk"},
        "versions": [version("v1"), version("v2")]}})
}

#[tokio::test]
async fn custom_resources_are_changed_pruned_and_stored_at_another_version() {
    for pruned in [false, true] {
        let harness = Harness::new().await;
        let webhook = Webhook::start(answer).await;
        define(&harness, &walks(pruned)).await;
        let mut rules = rule(&["CREATE", "UPDATE"], "walk.example.com", "v1", "walks");
        rules[0]["apiVersions"] = json!(["v1", "v2"]);
        let mut second = webhook.hook("/mutating", &json!({"rules": rules}));
        second["name"] = json!("second.example.com");
        configure(&harness, MUTATING, "w", vec![webhook.hook("/mutating", &json!({"rules": rules})), second]).await;
        let path = |version: &str| format!("/apis/walk.example.com/{version}/namespaces/default/walks");
        let walk =
            json!({"apiVersion": "walk.example.com/v1", "kind": "Walk", "metadata": {"name": "a"}, "data": {"mutation-start": "yes"}});
        let (code, made) = harness.post(&path("v1"), &walk).await;
        let mut expected = json!({"mutation-start": "yes", "mutation-stage-1": "yes", "mutation-stage-2": "yes"});
        if pruned {
            expected.as_object_mut().unwrap().remove("mutation-stage-2");
            assert_eq!((code, &made["data"]), (201, &expected));
            continue;
        }
        assert_eq!((code, &made["data"]), (201, &expected));
        let schema = json!({"openAPIV3Schema": {"x-kubernetes-preserve-unknown-fields": true, "type": "object"}});
        let versions = json!([{"name": "v1", "storage": false, "served": true, "schema": schema}, {"name": "v2", "storage": true, "served": true, "schema": schema}]);
        let (code, changed) =
            harness.patch(&format!("{DEFINITIONS}/walks.walk.example.com"), STRATEGIC, &json!({"spec": {"versions": versions}})).await;
        assert_eq!(code, 200, "{changed}");
        let (code, patched) =
            harness.patch(&format!("{}/a", path("v2")), JSON_PATCH, &json!([{"op": "add", "path": "/dummy", "value": "test"}])).await;
        assert_eq!((code, &patched["data"], &patched["dummy"]), (200, &expected, &json!("test")), "{patched}");
    }
}

#[tokio::test]
async fn a_definition_is_refused_by_its_labels() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(answer).await;
    let hook = webhook.hook(
        "/crd",
        &json!({"rules": rule(&["CREATE"], "apiextensions.k8s.io", "*", "customresourcedefinitions"),
        "objectSelector": {"matchLabels": {"walk": "true"}}}),
    );
    configure(&harness, VALIDATING, "w", vec![hook]).await;
    let mut unwanted = walks(false);
    unwanted["metadata"]["labels"] = json!({"walk": "true", "webhook-e2e-test": "webhook-disallow"});
    refused(harness.post(DEFINITIONS, &unwanted).await, "the crd contains unwanted label");
    unwanted["metadata"]["labels"] = json!({"webhook-e2e-test": "webhook-disallow"});
    assert_eq!(harness.post(DEFINITIONS, &unwanted).await.0, 201);
}

#[tokio::test]
async fn configurations_of_webhooks_are_nobodys_to_change_or_keep() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(answer).await;
    let resources = json!(["validatingwebhookconfigurations", "mutatingwebhookconfigurations"]);
    for (path, operation, endpoint) in [(VALIDATING, "DELETE", "/always-deny"), (MUTATING, "CREATE", "/add-label")] {
        let mut rules = rule(&[operation], "admissionregistration.k8s.io", "*", "");
        rules[0]["resources"] = resources.clone();
        configure(&harness, path, "blocking", vec![webhook.hook(endpoint, &json!({"rules": rules, "failurePolicy": "Fail"}))]).await;
    }
    for path in [VALIDATING, MUTATING] {
        // the path is none that anybody listens at
        let service = json!({"service": {"namespace": "default", "name": "e2e-test-webhook", "path": "", "port": 8443}});
        let hook = webhook.hook(
            "/dummy",
            &json!({"rules": rule(&["CREATE"], "", "v1", "invalid"), "clientConfig": service, "failurePolicy": "Ignore",
            "admissionReviewVersions": ["v1", "v1beta1"]}),
        );
        let made = configure(&harness, path, "dummy", vec![hook]).await;
        assert_eq!(made["metadata"]["labels"], json!({"e2e-list-test-uuid": "walk"}));
        let (code, answer) = harness.delete(&format!("{path}/dummy"), "").await;
        assert_eq!(code, 200, "{answer}");
    }
    assert!(webhook.asked().is_empty());
}

#[tokio::test]
async fn configurations_are_changed_listed_and_deleted_together() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(answer).await;
    let maps = format!("{CORE}/configmaps?dryRun=All");
    let unwanted = json!({"metadata": {"name": "m"}, "data": {"webhook-e2e-test": "webhook-disallow"}});
    let hook = || vec![webhook.hook("/configmaps", &json!({"rules": rule(&["CREATE"], "", "v1", "configmaps")}))];
    let mut made = configure(&harness, VALIDATING, "w", hook()).await;
    refused(harness.post(&maps, &unwanted).await, "denied the request: the configmap contains unwanted key and value");
    made["webhooks"][0]["rules"][0]["operations"] = json!(["UPDATE"]);
    assert_eq!(harness.put(&format!("{VALIDATING}/w"), &made).await.0, 200);
    assert_eq!(harness.post(&maps, &unwanted).await.0, 201);
    let patch = json!([{"op": "replace", "path": "/webhooks/0/rules/0/operations", "value": ["CREATE"]}]);
    assert_eq!(harness.patch(&format!("{VALIDATING}/w"), JSON_PATCH, &patch).await.0, 200);
    refused(harness.post(&maps, &unwanted).await, "denied");
    for index in 0..10 {
        configure(&harness, VALIDATING, &format!("w-{index}"), hook()).await;
    }
    let selected = format!("{VALIDATING}?labelSelector=e2e-list-test-uuid%3Dwalk");
    assert_eq!(harness.get(&selected).await.1["items"].as_array().map(Vec::len), Some(11));
    let (code, answer) = harness.delete(&selected, "").await;
    assert_eq!(code, 200, "{answer}");
    assert_eq!(harness.post(&maps, &unwanted).await.0, 201);
    // conditions that do not compile
    for path in [VALIDATING, MUTATING] {
        let bad =
            webhook.hook("/x", &json!({"matchConditions": [{"name": "invalid-expression-1", "expression": "... [] bad expression"}]}));
        let answer = harness.post(path, &json!({"metadata": {"name": "bad"}, "webhooks": [bad]})).await;
        refused(answer, "compilation failed");
    }
}

#[tokio::test]
async fn attaching_is_refused() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(answer).await;
    harness.post(&format!("{CORE}/serviceaccounts"), &json!({"metadata": {"name": "default"}})).await;
    let pod = json!({"metadata": {"name": "to-be-attached-pod"}, "spec": {"containers": [{"name": "container1", "image": "i"}]}});
    assert_eq!(harness.post(&format!("{CORE}/pods"), &pod).await.0, 201);
    let hook = webhook.hook(
        "/pods/attach",
        &json!({"name": "deny-attaching-pod.k8s.io", "rules": rule(&["CONNECT"], "", "v1", "pods/attach"),
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "default"}}}),
    );
    configure(&harness, VALIDATING, "w", vec![hook]).await;
    let attach = format!("{CORE}/pods/to-be-attached-pod/attach?container=container1&stdin=true&stdout=true&stderr=true");
    refused(harness.get(&attach).await, "attaching to pod 'to-be-attached-pod' is not allowed");
    let Some(cluster) = crate::kubectl::Cluster::of(harness).await else { return };
    let (code, _, told) = cluster.run("attach to-be-attached-pod -i -c=container1", "").await;
    assert_eq!(code, 1);
    assert!(told.contains("attaching to pod 'to-be-attached-pod' is not allowed"), "{told}");
}

#[tokio::test]
async fn a_policy_without_warnings_says_that_it_was_checked() {
    let harness = Harness::new().await;
    let base = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
    let constraints =
        json!({"resourceRules": [{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["deployments"]}]});
    for (name, validations, warnings) in [
        ("correct", json!([{"expression": "object.spec.replicas > 1"}]), json!([])),
        (
            "confused",
            json!([{"expression": "object.spec.replicas > '1'", "messageExpression": "'wants replicas > 1, got ' + object.spec.replicas"}]),
            json!(["spec.validations[0].expression", "spec.validations[0].messageExpression"]),
        ),
    ] {
        let policy = json!({"metadata": {"name": format!("{name}.policy.example.com")}, "spec": {"matchConstraints": constraints, "validations": validations}});
        let (code, made) = harness.post(base, &policy).await;
        assert_eq!(code, 201, "{made}");
        let path = format!("{base}/{name}.policy.example.com");
        until("it is checked", async || harness.get(&path).await.1["status"]["typeChecking"].is_object()).await;
        let checked = &harness.get(&path).await.1["status"]["typeChecking"];
        let fields: Vec<&Value> =
            checked["expressionWarnings"].as_array().into_iter().flatten().map(|warning| &warning["fieldRef"]).collect();
        assert_eq!(json!(fields), warnings);
    }
}

#[tokio::test]
async fn an_api_service_is_read_patched_updated_and_deleted_by_label() {
    let harness = Harness::new().await;
    let base = "/apis/apiregistration.k8s.io/v1/apiservices";
    let path = format!("{base}/v1alpha1.wardle.example.com");
    let service = json!({"metadata": {"name": "v1alpha1.wardle.example.com"}, "spec": {
        "group": "wardle.example.com", "version": "v1alpha1", "groupPriorityMinimum": 2000, "versionPriority": 200, "insecureSkipTLSVerify": true,
        "service": {"namespace": "default", "name": "sample-api", "port": 7443}}});
    assert_eq!(harness.post(base, &service).await.0, 201);
    let told = async || {
        holds(
            &harness.get(&format!("{path}/status")).await.1["status"]["conditions"],
            &json!([{"type": "Available", "status": "False", "reason": "ServiceNotFound"}]),
        )
    };
    until("it is looked after", told).await;
    let (code, patched) = harness.patch(&path, MERGE, &json!({"spec": {"versionPriority": 400}})).await;
    assert_eq!((code, &patched["spec"]["versionPriority"]), (200, &json!(400)));
    let (_, list) = harness.get(base).await;
    assert!(holds(&list["items"], &json!([{"metadata": {"name": "v1alpha1.wardle.example.com"}, "spec": {"versionPriority": 400}}])));
    let (code, labelled) = harness.patch(&path, MERGE, &json!({"metadata": {"labels": {"e2e": "updated"}}})).await;
    assert_eq!(code, 200, "{labelled}");
    let mut read = harness.get(&path).await.1;
    read["status"]["conditions"].as_array_mut().unwrap().push(
        json!({"type": "StatusUpdated", "status": "True", "reason": "E2E", "message": "Set from e2e test", "lastTransitionTime": null}),
    );
    let (code, updated) = harness.put(&format!("{path}/status"), &read).await;
    assert_eq!(code, 200, "{updated}");
    let both = json!([{"type": "StatusUpdated", "reason": "E2E"}, {"type": "Available"}]);
    assert!(holds(&updated["status"]["conditions"], &both), "{updated}");
    assert!(holds(&harness.get(&path).await.1["status"]["conditions"], &both));
    let (code, _) = harness.delete(&format!("{base}?labelSelector=e2e%3Dupdated"), "").await;
    assert_eq!(code, 200);
    assert_eq!(harness.get(&path).await.0, 404);
}
