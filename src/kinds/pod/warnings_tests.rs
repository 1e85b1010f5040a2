//! Expected values: upstream's warnings_test.go.

use serde_json::{Value, json};

use crate::POD;
use crate::test_support::check_warnings;

fn check(spec: Value, expected: &[&str]) {
    check_of(json!({"name": "p", "namespace": "n"}), spec, expected);
}

fn check_of(metadata: Value, mut spec: Value, expected: &[&str]) {
    if spec.get("containers").is_none() {
        spec["containers"] = json!([{"name": "c", "image": "i"}]);
    }
    check_warnings(&POD, json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}), expected);
}

fn check_volume(volume: Value, expected: &[&str]) {
    let mut volume = volume;
    volume["name"] = json!("v");
    check(json!({"volumes": [volume]}), expected);
}

fn check_ports(containers: &[Value], expected: &[&str]) {
    let containers: Vec<Value> =
        containers.iter().enumerate().map(|(index, ports)| json!({"name": format!("c{index}"), "image": "i", "ports": ports})).collect();
    check(json!({"containers": containers}), expected);
}

#[test]
fn names_and_annotations() {
    let why = "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]";
    check_of(json!({"name": "a.b"}), json!({}), &[why]);
    let annotations = json!({"scheduler.alpha.kubernetes.io/critical-pod": "", "seccomp.security.alpha.kubernetes.io/pod": "x",
        "container.seccomp.security.alpha.kubernetes.io/c": "y", "container.apparmor.security.beta.kubernetes.io/c": "unconfined"});
    check_of(
        json!({"name": "p", "annotations": annotations}),
        json!({}),
        &[
            r#"metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead"#,
            r#"metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead"#,
            r#"metadata.annotations[container.seccomp.security.alpha.kubernetes.io/c]: non-functional in v1.27+; use the "seccompProfile" field instead"#,
            r#"metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated since v1.30; use the "appArmorProfile" field instead"#,
        ],
    );
}

#[test]
fn volumes() {
    check_volume(
        json!({"gitRepo": {"repository": "r"}}),
        &["spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+"],
    );
    check_volume(
        json!({"rbd": {"image": "i", "monitors": ["m"]}}),
        &["spec.volumes[0].rbd: deprecated in v1.28, non-functional in v1.31+"],
    );
    let items = |paths: &[&str]| -> Value { paths.iter().map(|path| json!({"key": "k", "path": path})).collect() };
    check_volume(
        json!({"configMap": {"name": "foo", "items": items(&["test", "test/app"])}}),
        &[r#"volume "v" (ConfigMap "foo"): overlapping paths: "test/app" with "test""#],
    );
    check_volume(
        json!({"secret": {"secretName": "foo", "items": items(&["test", "test"])}}),
        &[r#"volume "v" (Secret "foo"): overlapping paths: "test" with "test""#],
    );
    check_volume(json!({"configMap": {"name": "foo", "items": items(&["dir/path1", "dir/path345", "dir/path3"])}}), &[]);
    let field = json!({"fieldRef": {"fieldPath": "metadata.name"}, "path": "test"});
    check_volume(
        json!({"downwardAPI": {"items": [field, field]}}),
        &[r#"volume "v" (DownwardAPI): overlapping paths: "test" with "test""#],
    );
    check_volume(
        json!({"projected": {"sources": [
            {"clusterTrustBundle": {"signerName": "Test", "path": "test/test"}}, {"downwardAPI": {"items": [field]}},
            {"secret": {"name": "Test", "items": items(&["test"])}}, {"serviceAccountToken": {"path": "test"}}
        ]}}),
        &[
            r#"volume "v" (Projected): overlapping paths: "test" (DownwardAPI) with "test/test" (ClusterTrustBundle "Test")"#,
            r#"volume "v" (Projected): overlapping paths: "test" (Secret "Test") with "test/test" (ClusterTrustBundle "Test")"#,
            r#"volume "v" (Projected): overlapping paths: "test" (Secret "Test") with "test" (DownwardAPI)"#,
            r#"volume "v" (Projected): overlapping paths: "test" (ServiceAccountToken) with "test/test" (ClusterTrustBundle "Test")"#,
            r#"volume "v" (Projected): overlapping paths: "test" (ServiceAccountToken) with "test" (DownwardAPI)"#,
            r#"volume "v" (Projected): overlapping paths: "test" (ServiceAccountToken) with "test" (Secret "Test")"#,
        ],
    );
    check_volume(json!({"projected": {"sources": [{}]}}), &[r#"volume "v" (Projected) has no sources provided"#]);
    let claim = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "200200m"}}});
    check_volume(
        json!({"ephemeral": {"volumeClaimTemplate": {"spec": claim}}}),
        &[
            r#"spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte value "200200m" is invalid, must be an integer"#,
        ],
    );
}

#[test]
fn what_stands_twice() {
    check(
        json!({"hostAliases": [{"ip": "1.1.1.1"}, {"ip": "1.1.1.1"}], "imagePullSecrets": [{"name": "a"}, {"name": "a"}, {"name": ""}]}),
        &[
            r#"spec.hostAliases[1].ip: duplicate ip "1.1.1.1""#,
            r#"spec.imagePullSecrets[1].name: duplicate name "a""#,
            r#"spec.imagePullSecrets[2].name: invalid empty name """#,
        ],
    );
    let hides = |index: usize| {
        format!(r#"spec.containers[0].env[{index}]: hides previous definition of "b", which may be dropped when using apply"#)
    };
    let all = [1, 2, 3, 4, 5].map(hides);
    check(
        json!({"containers": [{"name": "c", "image": "i", "env": [
            {"name": "b", "value": "b"}, {"name": "b", "value": "b"}, {"name": "b", "value": "other"}, {"name": "b", "value": ""}, {"name": "b", "value": "$(b)"},
            {"name": "b", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}, {"name": "b", "value": "$(b) $(b)"}
        ]}]}),
        &all.each_ref().map(String::as_str),
    );
}

#[test]
fn ports() {
    check_ports(&[json!([{"containerPort": 80, "protocol": "UDP"}, {"containerPort": 80, "protocol": "TCP"}])], &[]);
    check_ports(
        &[json!([{"containerPort": 80}]), json!([{"containerPort": 80}])],
        &["spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]"],
    );
    check_ports(
        &[
            json!([{"containerPort": 80, "protocol": "UDP", "hostPort": 80, "hostIP": "10.0.0.1"}, {"containerPort": 80, "protocol": "UDP", "hostIP": "10.0.0.1"}]),
        ],
        &[
            "spec.containers[0].ports[1]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:UDP HostIP:10.0.0.1}",
            "spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]",
        ],
    );
    check_ports(
        &[json!([
            {"containerPort": 80, "hostPort": 80, "hostIP": "10.0.0.1"}, {"containerPort": 80, "hostPort": 80},
            {"containerPort": 80, "hostPort": 80, "hostIP": "10.0.0.2"}
        ])],
        &[
            "spec.containers[0].ports[1]: dangerously ambiguous port definition with spec.containers[0].ports[0]",
            "spec.containers[0].ports[2]: dangerously ambiguous port definition with spec.containers[0].ports[1]",
        ],
    );
    check_ports(
        &[json!([{"containerPort": 80, "name": "test"}]), json!([{"containerPort": 8090, "name": "test"}])],
        &[
            r#"spec.containers[1].ports[0]: duplicate port name "test" with spec.containers[0].ports[0], services and probes that select ports by name will use spec.containers[0].ports[0]"#,
        ],
    );
}

#[test]
fn scheduling() {
    check(
        json!({"nodeSelector": {"beta.kubernetes.io/os": "linux", "node-role.kubernetes.io/master": ""}, "affinity": {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "beta.kubernetes.io/arch", "operator": "Exists"}]}]},
                "preferredDuringSchedulingIgnoredDuringExecution": [
                    {"weight": 10, "preference": {"matchExpressions": [{"key": "foo", "operator": "In", "values": ["-1"]}]}}
                ]
            },
            "podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "podAffinityTerm": {"topologyKey": "k"}}]}
        }, "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "failure-domain.beta.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}]}),
        &[
            r#"spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead"#,
            r#"spec.nodeSelector[node-role.kubernetes.io/master]: use "node-role.kubernetes.io/control-plane" instead"#,
            r#"spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead"#,
            "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values[0]: -1 is invalid, a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
            r#"spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead"#,
            "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod",
            "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector: a null labelSelector results in matching no pod",
        ],
    );
}

#[test]
fn numbers_and_addresses() {
    check(
        json!({"terminationGracePeriodSeconds": -1, "dnsConfig": {"nameservers": ["1.2.3.4", "05.06.07.08"]}, "hostAliases": [{"ip": "::ffff:1.2.3.4"}],
            "containers": [{"name": "c", "image": "i", "resources": {"limits": {"memory": "1500m"}, "requests": {"memory": "1"}}}]}),
        &[
            r#"spec.containers[0].resources.limits[memory]: fractional byte value "1500m" is invalid, must be an integer"#,
            "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
            r#"spec.dnsConfig.nameservers[1]: non-standard IP address "05.06.07.08" is invalid: use "5.6.7.8""#,
            r#"spec.hostAliases[0].ip: non-standard IP address "::ffff:1.2.3.4" is invalid: use "1.2.3.4""#,
        ],
    );
}
