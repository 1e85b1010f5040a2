use serde_json::{Value, json};

use crate::test_support::{check_create, check_default, check_update};
use crate::{CONFIG_MAP, Part, SECRET};

fn secret(fields: Value) -> Value {
    let mut object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "n"}});
    object.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    object
}
fn config_map(fields: Value) -> Value {
    let mut object = secret(fields);
    object["kind"] = json!("ConfigMap");
    object
}

#[test]
fn secrets() {
    check_default(
        &SECRET,
        secret(json!({"stringData": {"a": "b"}, "data": {"a": "eA==", "c": "ZA=="}})),
        secret(json!({"type": "Opaque", "data": {"a": "Yg==", "c": "ZA=="}})),
    );
    let check = |fields: Value, expected: &[&str]| check_create(&SECRET, secret(fields), expected);
    check(json!({}), &[]);
    check(json!({"type": "kubernetes.io/tls", "data": {"tls.crt": ""}}), &["data[tls.key]: Required value"]);
    check(json!({"type": "kubernetes.io/basic-auth"}), &["data[username]: Required value", "data[password]: Required value"]);
    check(
        json!({"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": ""}}),
        &[r#"data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input"#],
    );
    check(
        json!({"type": "kubernetes.io/service-account-token"}),
        &["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
    );
    check_update(
        &SECRET,
        Part::Main,
        secret(json!({"type": "other", "data": {"a": "YQ=="}})),
        secret(json!({"immutable": true})),
        &[
            r#"type: Invalid value: "other": field is immutable"#,
            "immutable: Forbidden: field is immutable when `immutable` is set",
            "data: Forbidden: field is immutable when `immutable` is set",
        ],
    );
}

#[test]
fn config_maps() {
    let check = |fields: Value, expected: &[&str]| check_create(&CONFIG_MAP, config_map(fields), expected);
    check(json!({"data": {"a": "x"}, "binaryData": {"b": "eA=="}}), &[]);
    check(
        json!({"data": {"a b": "x", "c": "y"}, "binaryData": {"c": "eA=="}}),
        &[
            r#"data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"#,
            r#"data[c]: Invalid value: "c": duplicate of key present in binaryData"#,
        ],
    );
    check(json!({"data": {"a": "x".repeat(1024 * 1024 + 1)}}), &["<nil>: Too long: may not be more than 1048576 bytes"]);
    check_update(
        &CONFIG_MAP,
        Part::Main,
        config_map(json!({"immutable": true, "data": {"a": "2"}})),
        config_map(json!({"immutable": true, "data": {"a": "1"}})),
        &["data: Forbidden: field is immutable when `immutable` is set"],
    );
}
