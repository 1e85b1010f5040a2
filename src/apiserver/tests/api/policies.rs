//! Admission policies in the Common Expression Language, and conditions of webhooks.

use apiserver::UserInfo;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Harness, JSON, MERGE, config_map};
use crate::webhooks::Webhook;

const MAPS: &str = "/api/v1/namespaces/default/configmaps";
const GROUP: &str = "/apis/admissionregistration.k8s.io/v1";

fn rules() -> Value {
    json!({"resourceRules": [{"operations": ["CREATE", "UPDATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"]}]})
}

async fn bind(harness: &Harness, kind: &str, spec: Value, binding: Value) {
    for (path, name, mut spec) in [(format!("{kind}policies"), "p", spec), (format!("{kind}policybindings"), "b", binding)] {
        if name == "b" {
            spec["policyName"] = "p".into();
        } else {
            spec["matchConstraints"] = rules();
        }
        let (code, answer) = harness.post(&format!("{GROUP}/{path}"), &json!({"metadata": {"name": name}, "spec": spec})).await;
        assert_eq!(code, 201, "{answer}");
    }
}

async fn unbind(harness: &Harness, kind: &str) {
    harness.delete(&format!("{GROUP}/{kind}policybindings/b"), "").await;
    harness.delete(&format!("{GROUP}/{kind}policies/p"), "").await;
}

#[tokio::test]
async fn a_policy_refuses_in_the_words_of_its_author() {
    let harness = Harness::new().await;
    let validations = json!([
        {"expression": "object.data.a != '1'", "message": "no ones", "reason": "Forbidden"},
        {"expression": "variables.size < 2", "messageExpression": "'too many: ' + string(variables.size)"},
        {"expression": "!has(object.data.never)"},
    ]);
    let spec = json!({"variables": [{"name": "size", "expression": "size(object.data)"}], "validations": validations});
    bind(&harness, "validatingadmission", spec, json!({"validationActions": ["Deny"]})).await;
    let refused = async |data: Value, code: u16, message: &str| {
        let (got, answer) = harness.post(MAPS, &json!({"metadata": {"name": "m"}, "data": data})).await;
        let expected = format!("configmaps \"m\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: {message}");
        assert_eq!((got, answer["message"].as_str().unwrap()), (code, expected.as_str()));
    };
    refused(json!({"a": "1"}), 403, "no ones").await;
    refused(json!({"a": "2", "b": "3"}), 422, "too many: 2").await;
    refused(json!({"a": "2", "never": ""}), 422, "too many: 2").await;
    refused(json!({"b": "2"}), 422, "expression 'object.data.a != '1'' resulted in error: no such key: a").await;
    assert_eq!(harness.post(MAPS, &json!({"metadata": {"name": "m"}, "data": {"a": "2"}})).await.0, 201);
    unbind(&harness, "validatingadmission").await;
    assert_eq!(harness.post(MAPS, &config_map("n", &json!({}))).await.0, 201, "a policy without a binding says nothing");
}

#[tokio::test]
async fn bindings_bring_parameters_warnings_and_conditions() {
    let harness = Harness::new().await;
    harness.post(MAPS, &json!({"metadata": {"name": "limits"}, "data": {"most": "1"}})).await;
    let spec = json!({
        "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
        "matchConditions": [{"name": "not-kate", "expression": "request.userInfo.username != 'kate'"}],
        "validations": [{"expression": "size(object.data) <= int(params.data.most)", "message": "too much"}],
    });
    let binding = json!({"paramRef": {"name": "limits", "namespace": "default", "parameterNotFoundAction": "Deny"}, "validationActions": ["Warn", "Audit"]});
    bind(&harness, "validatingadmission", spec, binding).await;
    let two = |name: &str| json!({"metadata": {"name": name}, "data": {"a": "", "b": ""}});
    let (code, warnings) = harness.warned(Method::POST, MAPS, &two("m")).await;
    assert_eq!(code, 201);
    assert_eq!(warnings, ["299 - \"Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': too much\""]);
    let deny = json!({"spec": {"validationActions": ["Deny"]}});
    assert_eq!(harness.patch(&format!("{GROUP}/validatingadmissionpolicybindings/b"), MERGE, &deny).await.0, 200);
    assert_eq!(harness.post(MAPS, &two("n")).await.0, 422);
    let kate = UserInfo::new("kate", &["system:masters"]);
    assert_eq!(harness.call_as(kate, Method::POST, MAPS, JSON, &two("n").to_string()).await.0, 201);
    harness.delete(&format!("{MAPS}/limits"), "").await;
    let (_, answer) = harness.post(MAPS, &two("o")).await;
    assert_eq!(
        answer["message"],
        "configmaps \"o\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction"
    );
}

#[tokio::test]
async fn the_authorizer_can_be_asked() {
    let harness = Harness::new().await;
    let expression = "authorizer.group('').resource('secrets').namespace('default').check('delete').allowed()";
    bind(&harness, "validatingadmission", json!({"validations": [{"expression": expression}]}), json!({"validationActions": ["Deny"]}))
        .await;
    assert_eq!(harness.post(MAPS, &config_map("m", &json!({}))).await.0, 201);
    let role = json!({"metadata": {"name": "maps"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create"]}]});
    harness.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", &role).await;
    let binding = json!({"metadata": {"name": "maps"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "maps"},
        "subjects": [{"kind": "User", "name": "jane", "apiGroup": "rbac.authorization.k8s.io"}]});
    harness.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", &binding).await;
    let body = config_map("n", &json!({})).to_string();
    let (code, answer) = harness.call_as(UserInfo::new("jane", &[]), Method::POST, MAPS, JSON, &body).await;
    assert_eq!(code, 422, "{answer}");
}

#[tokio::test]
async fn policies_change_objects() {
    let harness = Harness::new().await;
    let mutations = json!([
        {"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": "Object{metadata: Object.metadata{labels: {'made-by': request.userInfo.username}}}"}},
        {"patchType": "JSONPatch", "jsonPatch": {"expression": "[JSONPatch{op: 'add', path: '/data/late', value: object.metadata.labels['made-by']}]"}},
        {"patchType": "JSONPatch", "jsonPatch": {"expression": "[JSONPatch{op: 'test', path: '/data/a', value: 'other'}, JSONPatch{op: 'remove', path: '/data/a'}]"}},
    ]);
    bind(&harness, "mutatingadmission", json!({"mutations": mutations, "reinvocationPolicy": "Never"}), json!({})).await;
    let (code, made) = harness.post(MAPS, &config_map("m", &json!({"mine": "kept"}))).await;
    assert_eq!(code, 201, "{made}");
    assert_eq!(made["metadata"]["labels"], json!({"made-by": "kubernetes-admin", "mine": "kept"}));
    assert_eq!(made["data"], json!({"a": "1", "late": "kubernetes-admin"}));
    unbind(&harness, "mutatingadmission").await;
    let broken = json!([{"patchType": "JSONPatch", "jsonPatch": {"expression": "[JSONPatch{op: 'remove', path: object.nothing}]"}}]);
    bind(&harness, "mutatingadmission", json!({"mutations": broken, "reinvocationPolicy": "Never"}), json!({})).await;
    let (code, answer) = harness.post(MAPS, &config_map("n", &json!({}))).await;
    assert_eq!(code, 422, "{answer}");
    assert!(answer["message"].as_str().unwrap().contains("no such key: nothing"), "{answer}");
}

#[tokio::test]
async fn conditions_spare_a_webhook() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(|_, _| Some(json!({"allowed": false}))).await;
    let conditions =
        json!([{"name": "big", "expression": "size(object.data) > 1"}, {"name": "right", "expression": "object.data.b == 'x'"}]);
    let hook = webhook.hook("/x", &json!({"matchConditions": conditions}));
    let path = format!("{GROUP}/validatingwebhookconfigurations");
    let (code, answer) = harness.post(&path, &json!({"metadata": {"name": "w"}, "webhooks": [hook]})).await;
    assert_eq!(code, 201, "{answer}");
    let create = async |data: Value| harness.post(MAPS, &json!({"metadata": {"generateName": "m"}, "data": data})).await;
    assert_eq!(create(json!({"a": "1"})).await.0, 201);
    assert_eq!(create(json!({"a": "1", "b": "x"})).await.0, 400);
    let (code, answer) = create(json!({"a": "1", "c": "x"})).await;
    assert_eq!(code, 403);
    assert!(
        answer["message"].as_str().unwrap().ends_with("expression 'object.data.b == 'x'' resulted in error: no such key: b"),
        "{answer}"
    );
    assert_eq!(webhook.asked().len(), 1);
}

#[tokio::test]
async fn expressions_are_held_against_the_types_of_what_they_are_about() {
    let harness = Harness::new().await;
    let policies = format!("{GROUP}/validatingadmissionpolicies");
    let rules = json!({"resourceRules": [{"operations": ["*"], "apiGroups": ["apps"], "apiVersions": ["v1"], "resources": ["deployments", "replicasets/scale"]}]});
    let spec = json!({"matchConstraints": rules, "variables": [{"name": "size", "expression": "object.spec.replicas"}], "validations": [
        {"expression": "variables.size > 1 && object.metadata.name != '' && object.spec.template.spec.containers.all(c, c.image != '')"},
        {"expression": "object.spec.nothing > 1", "messageExpression": "'many' + object.spec.replicas"},
        {"expression": "object.spec.strategy.rollingUpdate.maxSurge == 1"},
    ]});
    let checked = async |generation: u64| {
        let mut lines = harness.watch(&format!("{policies}?watch=true&fieldSelector=metadata.name%3Dp")).await;
        loop {
            let line = lines.next().await.unwrap();
            if line["object"]["status"]["observedGeneration"] == generation {
                return line["object"]["status"]["typeChecking"].clone();
            }
        }
    };
    let (code, made) = harness.post(&policies, &json!({"metadata": {"name": "p"}, "spec": spec})).await;
    assert_eq!(code, 201, "{made}");
    let warning = |text: &str| format!("apps/v1, Kind=Deployment: ERROR: <input>:1:{text}\n");
    let expected = json!({"expressionWarnings": [
        {"fieldRef": "spec.validations[1].expression", "warning": warning("12: undefined field 'nothing'\n | object.spec.nothing > 1\n | ...........^")},
        {"fieldRef": "spec.validations[1].messageExpression", "warning": warning("8: found no matching overload for '_+_' applied to '(string, int)'\n | 'many' + object.spec.replicas\n | .......^")},
    ]});
    assert_eq!(checked(1).await, expected);
    let right = json!({"spec": {"validations": [{"expression": "true"}]}});
    assert_eq!(harness.patch(&format!("{policies}/p"), MERGE, &right).await.0, 200);
    assert_eq!(checked(2).await, json!({}));
}
