//! Expected values: upstream's validation_test.go and what its server answers.

use serde_json::{Value, json};

use crate::test_support::{check_create, check_default, check_update, decoded};
use crate::{ENDPOINT_SLICE, ENDPOINTS, Part, SERVICE};

fn service(spec: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "n"}, "spec": spec})
}

#[test]
fn defaults() {
    check_default(
        &SERVICE,
        service(json!({"ports": [{"port": 80}], "selector": {"a": "b"}})),
        json!({
            "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}], "selector": {"a": "b"}, "sessionAffinity": "None", "type": "ClusterIP",
            "internalTrafficPolicy": "Cluster"
        }),
    );
    check_default(
        &SERVICE,
        service(json!({"type": "LoadBalancer", "sessionAffinity": "ClientIP", "ports": [{"port": 80, "targetPort": "http"}]})),
        json!({
            "ports": [{"port": 80, "protocol": "TCP", "targetPort": "http"}], "sessionAffinity": "ClientIP", "type": "LoadBalancer",
            "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10800}}, "internalTrafficPolicy": "Cluster", "externalTrafficPolicy": "Cluster",
            "allocateLoadBalancerNodePorts": true
        }),
    );
}

fn created(spec: Value) -> Value {
    let mut object = decoded(&SERVICE, service(spec));
    SERVICE.behaviour.prepare_create(object.as_mut());
    object.to_value()
}

#[test]
fn creation() {
    let object = created(json!({"clusterIP": "None", "ports": [{"port": 80}], "selector": {"a": "b"}}));
    assert_eq!(object["spec"]["clusterIPs"], json!(["None"]));
    assert_eq!(object["spec"]["ipFamilies"], json!(["IPv4"]));
    assert_eq!(object["spec"]["ipFamilyPolicy"], json!("SingleStack"));
    assert_eq!(object["status"], json!({"loadBalancer": {}}));
    let object = created(json!({"type": "ExternalName", "externalName": "a.b"}));
    assert_eq!(object["spec"], json!({"type": "ExternalName", "externalName": "a.b", "sessionAffinity": "None"}));
}

#[test]
fn faults() {
    let check = |spec: Value, expected: &[&str]| check_create(&SERVICE, service(spec), expected);
    check(json!({"ports": [{"port": 80}]}), &[]);
    check(json!({}), &["spec.ports: Required value"]);
    check(
        json!({"ports": [{"port": 0, "nodePort": 30000}, {"port": 80, "name": "a_", "protocol": "X", "targetPort": "UP"}]}),
        &[
            "spec.ports[0].name: Required value",
            "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            r#"spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive"#,
            r#"spec.ports[1].name: Invalid value: "a_": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            r#"spec.ports[1].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP""#,
            r#"spec.ports[1].targetPort: Invalid value: "UP": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"#,
            r#"spec.ports[1].targetPort: Invalid value: "UP": must contain at least one letter (a-z)"#,
            "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
        ],
    );
    check(
        json!({"type": "NodePort", "clusterIP": "None", "ports": [{"port": 80}], "externalIPs": ["127.0.0.1"], "loadBalancerSourceRanges": ["10.0.0.0/8"]}),
        &[
            r#"spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services"#,
            r#"spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)"#,
            "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
        ],
    );
    check(json!({"type": "ExternalName"}), &["spec.externalName: Required value"]);
    check(
        json!({"type": "Foo", "ports": [{"port": 80}]}),
        &[r#"spec.type: Unsupported value: "Foo": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort""#],
    );
    assert_eq!(SERVICE.behaviour.name_errors("1a", false).len(), 1);
}

#[test]
fn changes() {
    let old = json!({"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "ports": [{"port": 80}]});
    let check = |spec: Value, expected: &[&str]| check_update(&SERVICE, Part::Main, service(spec), service(old.clone()), expected);
    // an update without the address keeps it
    check(json!({"ports": [{"port": 81}]}), &[]);
    check(
        json!({"clusterIP": "10.0.0.2", "ports": [{"port": 80}]}),
        &[r#"spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set"#],
    );
    check(json!({"type": "ExternalName", "externalName": "a.b"}), &[]);
}

#[test]
fn endpoints() {
    let object = |subset: Value| json!({"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "s"}, "subsets": [subset]});
    check_create(&ENDPOINTS, object(json!({"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]})), &[]);
    check_create(
        &ENDPOINTS,
        object(json!({"ports": [{"port": 80}, {"port": 0, "name": "a"}]})),
        &[
            "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
            "subsets[0].ports[0].name: Required value",
            "subsets[0].ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive",
        ],
    );
    let slice = json!({
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "s"}, "addressType": "IPv4",
        "endpoints": [{"addresses": []}, {"addresses": ["fd00::1"]}], "ports": [{"port": 80}]
    });
    check_create(
        &ENDPOINT_SLICE,
        slice,
        &[
            "endpoints[0].addresses: Required value: must contain at least 1 address",
            r#"endpoints[1].addresses[0]: Invalid value: "fd00::1": must be an IPv4 address"#,
        ],
    );
}
