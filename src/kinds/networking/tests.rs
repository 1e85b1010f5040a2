use serde_json::{Value, json};

use crate::test_support::{check_create, check_default};
use crate::{INGRESS, IP_ADDRESS, NETWORK_POLICY, SERVICE_CIDR};

#[test]
fn ingresses() {
    let ingress = |spec: Value| json!({"metadata": {"name": "i"}, "spec": spec});
    let path = |fields: Value| json!({"rules": [{"http": {"paths": [fields]}}]});
    let backend = json!({"service": {"name": "s", "port": {"number": 80}}});
    check_create(&INGRESS, ingress(path(json!({"path": "/", "pathType": "Prefix", "backend": backend}))), &[]);
    check_create(&INGRESS, ingress(json!({})), &["spec: Invalid value: {}: either `defaultBackend` or `rules` must be specified"]);
    check_create(
        &INGRESS,
        ingress(path(json!({"path": "a//b", "pathType": "Exact", "backend": {"service": {"name": "", "port": {}}}}))),
        &[
            r#"spec.rules[0].http.paths[0].path: Invalid value: "a//b": must be an absolute path"#,
            r#"spec.rules[0].http.paths[0].path: Invalid value: "a//b": must not contain '//'"#,
            "spec.rules[0].http.paths[0].backend.service.name: Required value",
            "spec.rules[0].http.paths[0].backend: Required value: port name or number is required",
        ],
    );
    check_create(
        &INGRESS,
        ingress(json!({"rules": [{"host": "1.2.3.4", "http": {"paths": [{"backend": backend}]}}]})),
        &[
            r#"spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address"#,
            "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified",
        ],
    );
}

#[test]
fn network_policies() {
    let policy = |spec: Value| json!({"metadata": {"name": "p"}, "spec": spec});
    check_default(
        &NETWORK_POLICY,
        policy(json!({"ingress": [{"ports": [{"port": 80}]}], "egress": [{}]})),
        json!({"podSelector": {}, "ingress": [{"ports": [{"port": 80, "protocol": "TCP"}]}], "egress": [{}], "policyTypes": ["Ingress", "Egress"]}),
    );
    check_create(
        &NETWORK_POLICY,
        policy(
            json!({"ingress": [{"from": [{}, {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}}], "ports": [{"port": "http", "endPort": 90}]}]}),
        ),
        &[
            "spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port` is non-numeric",
            "spec.ingress[0].from[0]: Required value: must specify a peer",
            r#"spec.ingress[0].from[1].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`"#,
        ],
    );
}

#[test]
fn addresses() {
    check_create(
        &SERVICE_CIDR,
        json!({"metadata": {"name": "c"}, "spec": {"cidrs": ["10.0.0.0/16", "10.1.0.0/16"]}}),
        &[
            r#"spec.cidrs: Invalid value: ["10.0.0.0/16","10.1.0.0/16"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"#,
        ],
    );
    assert!(IP_ADDRESS.behaviour.name_errors("10.0.0.1", false).is_empty());
    assert_eq!(IP_ADDRESS.behaviour.name_errors("x", false).len(), 1);
}
