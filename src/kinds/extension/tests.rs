use serde_json::{Value, json};

use crate::test_support::{check_create, check_default};
use crate::{CUSTOM_RESOURCE_DEFINITION, MUTATING_WEBHOOK_CONFIGURATION, PRIORITY_LEVEL_CONFIGURATION, RUNTIME_CLASS};

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
