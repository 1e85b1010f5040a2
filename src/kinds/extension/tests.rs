use serde_json::{Value, json};

use crate::test_support::{check_create, check_default};
use crate::{
    CUSTOM_RESOURCE_DEFINITION, MUTATING_ADMISSION_POLICY, MUTATING_WEBHOOK_CONFIGURATION, PRIORITY_LEVEL_CONFIGURATION, RUNTIME_CLASS,
    VALIDATING_ADMISSION_POLICY, VALIDATING_WEBHOOK_CONFIGURATION,
};

#[test]
fn custom_resources() {
    let definition = |name: &str, versions: Value| json!({"metadata": {"name": name}, "spec": {"group": "e.com", "scope": "Namespaced", "names": {"plural": "foos", "kind": "Foo"}, "versions": versions}});
    let version = json!({"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object"}}});
    check_default(
        &CUSTOM_RESOURCE_DEFINITION,
        definition("foos.e.com", json!([version])),
        json!({
            "group": "e.com", "scope": "Namespaced", "names": {"plural": "foos", "kind": "Foo", "singular": "foo", "listKind": "FooList"},
            "versions": [version], "conversion": {"strategy": "None"}
        }),
    );
    check_create(&CUSTOM_RESOURCE_DEFINITION, definition("foos.e.com", json!([version])), &[]);
    check_create(
        &CUSTOM_RESOURCE_DEFINITION,
        definition("foo", json!([{"name": "v1", "served": true, "storage": false}])),
        &[
            r#"metadata.name: Invalid value: "foo": must be spec.names.plural+"."+spec.group"#,
            "spec.versions[0].schema.openAPIV3Schema: Required value",
            r#"spec.versions: Invalid value: [{"name":"v1","served":true,"storage":false}]: must have exactly one version marked as storage version"#,
            "status.storedVersions: Invalid value: []: must have at least one stored version",
        ],
    );
}

#[test]
fn webhooks() {
    let configuration = |webhook: Value| json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration", "metadata": {"name": "w"}, "webhooks": [webhook]});
    let rules = json!([{"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}]);
    let mut object = configuration(json!({
        "name": "a.b.c", "clientConfig": {"service": {"name": "s", "namespace": "n"}}, "rules": rules, "sideEffects": "None", "admissionReviewVersions": ["v1"]
    }));
    check_create(&MUTATING_WEBHOOK_CONFIGURATION, object.clone(), &[]);
    let mut expected = object.clone();
    let fields = json!({
        "failurePolicy": "Fail", "matchPolicy": "Equivalent", "namespaceSelector": {}, "objectSelector": {}, "reinvocationPolicy": "Never", "timeoutSeconds": 10
    });
    expected["webhooks"][0].as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    expected["webhooks"][0]["clientConfig"]["service"]["port"] = json!(443);
    expected["webhooks"][0]["rules"][0]["scope"] = json!("*");
    check_default(&MUTATING_WEBHOOK_CONFIGURATION, object.take(), expected);
    check_create(
        &MUTATING_WEBHOOK_CONFIGURATION,
        configuration(json!({"name": "a.b", "clientConfig": {"url": "http://x"}, "rules": [{"operations": ["*", "CREATE"]}]})),
        &[
            r#"webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots"#,
            "webhooks[0].rules[0].apiGroups: Required value",
            "webhooks[0].rules[0].apiVersions: Required value",
            "webhooks[0].rules[0].resources: Required value",
            r#"webhooks[0].rules[0].operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations"#,
            "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun",
            r#"webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]"#,
            "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1",
        ],
    );
}

#[test]
fn others() {
    check_create(&RUNTIME_CLASS, json!({"metadata": {"name": "r"}}), &["handler: Required value"]);
    check_default(
        &PRIORITY_LEVEL_CONFIGURATION,
        json!({"metadata": {"name": "l"}, "spec": {"type": "Limited", "limited": {"limitResponse": {"type": "Queue", "queuing": {}}}}}),
        json!({"type": "Limited", "limited": {
            "nominalConcurrencyShares": 30, "lendablePercent": 0, "limitResponse": {"type": "Queue", "queuing": {"queues": 64, "handSize": 8, "queueLengthLimit": 50}}
        }}),
    );
}

#[test]
fn expressions_of_webhooks_and_policies() {
    let webhook = |expression: &str| {
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "w"}, "webhooks": [{
            "name": "a.b.c", "clientConfig": {"url": "https://x"}, "sideEffects": "None", "admissionReviewVersions": ["v1"],
            "matchConditions": [{"name": "m", "expression": expression}],
        }]})
    };
    check_create(&VALIDATING_WEBHOOK_CONFIGURATION, webhook("request.name != ''"), &[]);
    check_create(
        &VALIDATING_WEBHOOK_CONFIGURATION,
        webhook("nothing"),
        &[
            "webhooks[0].matchConditions[0].expression: Invalid value: \"nothing\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'nothing' (in container '')\n | nothing\n | ^",
        ],
    );
    let operations = |operation: &str| {
        let rules = json!([{"operations": [operation], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}]);
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingAdmissionPolicy", "metadata": {"name": "m"}, "spec": {
            "matchConstraints": {"resourceRules": rules}, "reinvocationPolicy": "Never",
            "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": "[JSONPatch{op: 'remove', path: '/spec'}]"}}],
        }})
    };
    check_create(&MUTATING_ADMISSION_POLICY, operations("CONNECT"), &[]);
    let refused = r#"spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE""#;
    check_create(&MUTATING_ADMISSION_POLICY, operations("DELETE"), &[refused]);
    let policy = |more: Value| {
        let mut spec = json!({"matchConstraints": {"resourceRules": [{"operations": ["*"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}]}});
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "p"}, "spec": spec})
    };
    check_create(
        &VALIDATING_ADMISSION_POLICY,
        policy(json!({"validations": [{"expression": "variables.a > 1"}], "variables": [{"name": "a", "expression": "1"}]})),
        &[],
    );
    check_create(
        &VALIDATING_ADMISSION_POLICY,
        policy(json!({
            "paramKind": {"apiVersion": "a/b/c", "kind": "X_"},
            "matchConditions": [{"name": "m", "expression": "1"}],
            "variables": [{"name": "in", "expression": " "}],
            "validations": [{"expression": "1", "message": "a\nb", "messageExpression": "1", "reason": "Because"}],
            "auditAnnotations": [{"key": "k", "valueExpression": "1"}, {"key": "k", "valueExpression": "'a'"}],
        })),
        &[
            r#"spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c"#,
            r#"spec.paramKind.kind: Invalid value: "X_": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec.matchConditions[0].expression: Invalid value: "1": must evaluate to bool but got int"#,
            r#"spec.variables[0].name: Invalid value: "in": name is not a valid CEL identifier"#,
            "spec.variables[0].expression: Required value: expression is not specified",
            r#"spec.validations[0].expression: Invalid value: "1": must evaluate to bool but got int"#,
            r#"spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string but got int"#,
            r#"spec.validations[0].message: Invalid value: "a\nb": message must not contain line breaks"#,
            r#"spec.validations[0].reason: Unsupported value: "Because": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge""#,
            r#"spec.auditAnnotations[0].valueExpression: Invalid value: "1": must evaluate to one of [string null_type] but got int"#,
            r#"spec.auditAnnotations[1].key: Duplicate value: "k""#,
        ],
    );
}
