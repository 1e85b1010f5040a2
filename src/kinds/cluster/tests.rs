use serde_json::{Value, json};

use crate::test_support::{check_create, check_update, decoded};
use crate::{LEASE, NAMESPACE, NODE, Part};

#[test]
fn namespaces() {
    let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}});
    let mut created = decoded(&NAMESPACE, object.clone());
    NAMESPACE.behaviour.prepare_create(created.as_mut());
    assert_eq!(
        created.to_value(),
        json!({
            "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a", "labels": {"kubernetes.io/metadata.name": "a"}},
            "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}
        })
    );
    check_create(
        &NAMESPACE,
        json!({"metadata": {"name": "a"}, "spec": {"finalizers": ["x"]}}),
        &[r#"spec.finalizers: Invalid value: "x": name is neither a standard finalizer name nor is it fully qualified"#],
    );
    let mut ended = object.clone();
    ended["status"] = json!({"phase": "Terminating"});
    check_update(
        &NAMESPACE,
        Part::Status,
        ended,
        object,
        &[r#"status.Phase: Invalid value: "Terminating": may only be 'Active' if `deletionTimestamp` is empty"#],
    );
    assert_eq!(NAMESPACE.behaviour.name_errors("a.b", false), ["must not contain dots"]);
}

#[test]
fn nodes() {
    let node = |spec: Value| json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}, "spec": spec});
    let object = decoded(&NODE, node(json!({"podCIDR": "10.0.0.0/24", "unschedulable": false}))).to_value();
    assert_eq!(object["spec"], json!({"podCIDR": "10.0.0.0/24", "podCIDRs": ["10.0.0.0/24"]}));
    check_create(
        &NODE,
        node(
            json!({"taints": [{"key": "a", "effect": "No"}, {"key": "b", "effect": "NoExecute"}, {"key": "b", "effect": "NoExecute", "value": "v"}], "podCIDRs": ["10.0.0.0/24", "10.0.1.0/24"]}),
        ),
        &[
            r#"metadata.taints[0].effect: Unsupported value: "No": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute""#,
            r#"metadata.taints[2]: Duplicate value: {"effect":"NoExecute","key":"b","value":"v"}: taints must be unique by key and effect pair"#,
            r#"spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.1.0/24"]: may specify no more than one CIDR for each IP family"#,
        ],
    );
    check_update(
        &NODE,
        Part::Main,
        node(json!({"podCIDR": "10.0.1.0/24", "providerID": "b"})),
        node(json!({"podCIDR": "10.0.0.0/24", "providerID": "a"})),
        &[
            "spec.podCIDRs: Forbidden: node updates may not change podCIDR except from \"\" to valid",
            "spec.providerID: Forbidden: node updates may not change providerID except from \"\" to valid",
        ],
    );
}

#[test]
fn leases() {
    check_create(
        &LEASE,
        json!({"metadata": {"name": "a"}, "spec": {"leaseDurationSeconds": 0, "leaseTransitions": -1}}),
        &[
            "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
            "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
        ],
    );
}
