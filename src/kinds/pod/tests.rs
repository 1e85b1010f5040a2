//! Expected values: upstream's defaults_test.go and validation_test.go, and what its server answers.

use serde_json::{Value, json};

use crate::test_support::{check_create, check_default, check_update};
use crate::{POD, Part};

fn pod(spec: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "n"}, "spec": spec})
}

fn one_container(fields: Value) -> Value {
    let mut container = json!({"name": "c", "image": "nginx"});
    container.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    pod(json!({"containers": [container]}))
}

#[test]
fn defaults_of_a_plain_pod() {
    check_default(
        &POD,
        pod(json!({"containers": [{"name": "c", "image": "nginx", "ports": [{"containerPort": 80}]}]})),
        json!({
            "containers": [{
                "name": "c", "image": "nginx", "imagePullPolicy": "Always", "resources": {}, "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File", "ports": [{"containerPort": 80, "protocol": "TCP"}]
            }],
            "dnsPolicy": "ClusterFirst", "enableServiceLinks": true, "restartPolicy": "Always", "schedulerName": "default-scheduler",
            "securityContext": {}, "terminationGracePeriodSeconds": 30
        }),
    );
}

#[test]
fn defaults_of_everything_else() {
    check_default(
        &POD,
        pod(json!({
            "serviceAccountName": "sa", "hostNetwork": true,
            "containers": [{
                "name": "c", "image": "reg:5000/a/nginx:1.2", "ports": [{"containerPort": 80}],
                "resources": {"limits": {"cpu": "0.5", "memory": "1024Mi"}},
                "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}, {"name": "B", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}],
                "livenessProbe": {"httpGet": {"port": 80}}, "readinessProbe": {"grpc": {"port": 1}}
            }],
            "volumes": [
                {"name": "a"}, {"name": "b", "secret": {"secretName": "s"}}, {"name": "c", "hostPath": {"path": "/"}},
                {"name": "d", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}}
            ]
        })),
        json!({
            "serviceAccountName": "sa", "serviceAccount": "sa", "hostNetwork": true,
            "containers": [{
                "name": "c", "image": "reg:5000/a/nginx:1.2", "imagePullPolicy": "IfNotPresent", "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File", "ports": [{"containerPort": 80, "hostPort": 80, "protocol": "TCP"}],
                "resources": {"limits": {"cpu": "500m", "memory": "1Gi"}, "requests": {"cpu": "500m", "memory": "1Gi"}},
                "env": [
                    {"name": "A", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
                    {"name": "B", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "0"}}}
                ],
                "livenessProbe": {"httpGet": {"port": 80, "path": "/", "scheme": "HTTP"}, "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
                "readinessProbe": {"grpc": {"port": 1, "service": ""}, "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
            }],
            "volumes": [
                {"name": "a", "emptyDir": {}}, {"name": "b", "secret": {"secretName": "s", "defaultMode": 420}}, {"name": "c", "hostPath": {"path": "/", "type": ""}},
                {"name": "d", "projected": {"defaultMode": 420, "sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}]}}
            ],
            "dnsPolicy": "ClusterFirst", "enableServiceLinks": true, "restartPolicy": "Always", "schedulerName": "default-scheduler",
            "securityContext": {}, "terminationGracePeriodSeconds": 30
        }),
    );
}

#[test]
fn faults_of_containers() {
    check_create(&POD, pod(json!({})), &["spec.containers: Required value"]);
    check_create(&POD, one_container(json!({})), &[]);
    check_create(
        &POD,
        pod(
            json!({"containers": [{"name": "A_", "image": " x"}, {"name": "", "image": ""}, {"name": "c", "image": "y"}, {"name": "c", "image": "y"}]}),
        ),
        &[
            r#"spec.containers[0].name: Invalid value: "A_": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            "spec.containers[1].name: Required value",
            "spec.containers[1].image: Required value",
            r#"spec.containers[3].name: Duplicate value: "c""#,
            r#"spec.containers[0].image: Invalid value: " x": must not have leading or trailing whitespace"#,
        ],
    );
    check_create(
        &POD,
        one_container(json!({
            "ports": [{"containerPort": 0}, {"containerPort": 70000, "protocol": "tcp"}],
            "env": [{"name": "A", "value": "x", "valueFrom": {"configMapKeyRef": {"name": "m", "key": ""}}}, {"name": "=", "valueFrom": {}}],
            "volumeMounts": [{"name": "v", "mountPath": "/a"}, {"name": "v", "mountPath": "/a"}],
            "livenessProbe": {"httpGet": {"port": 80}, "exec": {"command": ["a"]}, "successThreshold": 2, "periodSeconds": -1},
            "imagePullPolicy": "never"
        })),
        &[
            "spec.containers[0].ports[0].containerPort: Required value",
            "spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
            r#"spec.containers[0].ports[1].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP""#,
            "spec.containers[0].env[0].valueFrom.configMapKeyRef.key: Required value",
            r#"spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty"#,
            r#"spec.containers[0].env[1].name: Invalid value: "=": a valid environment variable name must consist only of printable ASCII characters other than '='"#,
            r#"spec.containers[0].env[1].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"#,
            r#"spec.containers[0].volumeMounts[0].name: Not found: "v""#,
            r#"spec.containers[0].volumeMounts[1].name: Not found: "v""#,
            r#"spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique"#,
            r#"spec.containers[0].imagePullPolicy: Unsupported value: "never": supported values: "Always", "IfNotPresent", "Never""#,
            "spec.containers[0].livenessProbe.httpGet: Forbidden: may not specify more than 1 handler type",
            "spec.containers[0].livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
            "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
        ],
    );
    check_create(
        &POD,
        one_container(
            json!({"resources": {"requests": {"cpu": "2", "foo": "1", "example.com/gpu": "1"}, "limits": {"cpu": "1", "memory": "-1"}}}),
        ),
        &[
            r#"spec.containers[0].resources.limits[memory]: Invalid value: "-1": must be greater than or equal to 0"#,
            r#"spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1"#,
            "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources",
            r#"spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource type or fully qualified"#,
            r#"spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource for containers"#,
            r#"spec.containers[0].resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0"#,
        ],
    );
}

#[test]
fn faults_of_the_pod() {
    check_create(
        &POD,
        pod(json!({
            "containers": [{"name": "c", "image": "x"}], "initContainers": [{"name": "c", "image": "y", "readinessProbe": {"exec": {"command": ["a"]}}}],
            "restartPolicy": "Sometimes", "dnsPolicy": "None", "nodeSelector": {"a b": "c"},
            "volumes": [{"name": "v", "emptyDir": {}, "hostPath": {"path": "/"}}, {"name": "v", "configMap": {}}],
            "tolerations": [{"value": "x"}], "hostname": "a.b",
            "topologySpreadConstraints": [{"maxSkew": 0, "topologyKey": "", "whenUnsatisfiable": "x"}]
        })),
        &[
            "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
            "spec.volumes[1].configMap.name: Required value",
            r#"spec.initContainers[0].name: Duplicate value: "c""#,
            "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
            r#"spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never""#,
            r#"spec.nodeSelector: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
            "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
            "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than 0",
            "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
            r#"spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "x": supported values: "DoNotSchedule", "ScheduleAnyway""#,
            r#"spec.hostname: Invalid value: "a.b": must not contain dots"#,
            r#"spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys""#,
        ],
    );
}

#[test]
fn changes() {
    let old = one_container(json!({}));
    let mut image = old.clone();
    image["spec"]["containers"][0]["image"] = json!("other");
    image["spec"]["tolerations"] = json!([{"operator": "Exists"}]);
    image["spec"]["activeDeadlineSeconds"] = json!(5);
    check_update(&POD, Part::Main, image, old.clone(), &[]);
    let mut hostname = old.clone();
    hostname["spec"]["hostname"] = json!("h");
    check_update(
        &POD,
        Part::Main,
        hostname,
        old.clone(),
        &[
            "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n+ \thostname: \"h\"",
        ],
    );
    let mut more = old.clone();
    more["spec"]["containers"].as_array_mut().unwrap().push(json!({"name": "d", "image": "x"}));
    check_update(&POD, Part::Main, more, old, &["spec.containers: Forbidden: pod updates may not add or remove containers"]);
}

#[test]
fn classes_and_totals() {
    let check = |spec: Value, class: &str, cpu: &str| {
        let pod: k8s_openapi::api::core::v1::Pod = serde_json::from_value(pod(spec)).unwrap();
        assert_eq!(super::qos::class_of_spec(&pod), class);
        assert_eq!(super::requests::of_pod(&pod).get("cpu").map(ToString::to_string).unwrap_or_default(), cpu);
    };
    check(json!({"containers": [{"name": "c"}]}), "BestEffort", "");
    let full = json!({"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}});
    check(json!({"containers": [{"name": "c", "resources": full}]}), "Guaranteed", "1");
    check(json!({"containers": [{"name": "c", "resources": full}, {"name": "d"}]}), "Burstable", "1");
    let cpu = |amount: &str| json!({"requests": {"cpu": amount}});
    check(
        json!({
            "containers": [{"name": "c", "resources": cpu("100m")}, {"name": "d", "resources": cpu("200m")}],
            "initContainers": [
                {"name": "i", "resources": cpu("1")}, {"name": "s", "restartPolicy": "Always", "resources": cpu("500m")}, {"name": "j", "resources": cpu("600m")}
            ],
            "overhead": {"cpu": "50m"}
        }),
        "Burstable",
        "1150m",
    );
}

#[test]
fn status_changes() {
    let mut old = one_container(json!({}));
    old["spec"]["restartPolicy"] = json!("Never");
    let with_status = |status: Value| {
        let mut pod = old.clone();
        pod["status"] = status;
        pod
    };
    check_update(
        &POD,
        Part::Status,
        with_status(
            json!({"phase": "Running", "podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}], "hostIP": "10.0.0.9", "hostIPs": [{"ip": "10.0.0.9"}]}),
        ),
        old.clone(),
        &[],
    );
    check_update(
        &POD,
        Part::Status,
        with_status(json!({"qosClass": "Guaranteed", "podIPs": [{"ip": "10.0.0.1"}, {"ip": "10.0.0.2"}]})),
        old.clone(),
        &[
            r#"status.qosClass: Invalid value: "Guaranteed": field is immutable"#,
            r#"status.podIPs: Invalid value: [{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}]: may specify no more than one IP for each IP family"#,
        ],
    );
}

#[test]
fn resizes() {
    use k8s_openapi::api::core::v1::Pod;
    let with = |cpu: &str, image: &str| -> Pod {
        let value = pod(json!({"containers": [{"name": "c", "image": image, "resources": {"requests": {"cpu": cpu}}}]}));
        let object = crate::test_support::decoded(&POD, value);
        object.downcast_ref::<Pod>().unwrap().clone()
    };
    let check = |mut new: Pod, old: &Pod, prepare: bool, expected: &[&str]| {
        if prepare {
            super::prepare_resize(&mut new, old);
        }
        let texts: Vec<String> = super::validate_resize(&new, old).iter().map(ToString::to_string).collect();
        assert_eq!(texts, expected);
    };
    check(with("2", "x"), &with("1", "x"), true, &[]);
    // the image of a resize is not looked at
    check(with("2", "y"), &with("1", "x"), true, &[]);
    check(with("2", "y"), &with("1", "x"), false, &["spec: Forbidden: only cpu and memory resources are mutable"]);
}

#[test]
fn ephemeral_containers() {
    use k8s_openapi::api::core::v1::Pod;
    let with = |list: Value| -> Pod {
        let value = pod(json!({"containers": [{"name": "c", "image": "x"}], "ephemeralContainers": list}));
        crate::test_support::decoded(&POD, value).downcast_ref::<Pod>().unwrap().clone()
    };
    let check = |new: &Pod, old: &Pod, expected: &[&str]| {
        let texts: Vec<String> = super::validate_ephemeral_containers(new, old).iter().map(ToString::to_string).collect();
        assert_eq!(texts, expected);
    };
    let one = with(json!([{"name": "e", "image": "y", "targetContainerName": "c"}]));
    check(&one, &with(json!([])), &[]);
    check(&with(json!([])), &one, &["spec.ephemeralContainers: Forbidden: existing ephemeral containers \"e\" may not be removed\n"]);
    check(
        &with(json!([{"name": "c", "image": "y", "targetContainerName": "z", "ports": [{"containerPort": 1}]}])),
        &with(json!([])),
        &[
            r#"spec.ephemeralContainers[0].name: Duplicate value: "c""#,
            r#"spec.ephemeralContainers[0].targetContainerName: Not found: "z""#,
            "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
        ],
    );
}

#[test]
fn nulls_of_the_wire() {
    let mut value = one_container(json!({}));
    value["status"] = json!({"conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}]});
    let object = crate::test_support::decoded(&POD, value);
    let written: Value = serde_json::from_slice(&POD.behaviour.encode(object.as_ref())).unwrap();
    assert_eq!(
        written["status"]["conditions"],
        json!([{"type": "Ready", "status": "True", "lastProbeTime": null, "lastTransitionTime": "2026-01-01T00:00:00Z"}])
    );
    let again = POD.behaviour.decode_stored(&POD.behaviour.encode(object.as_ref()), crate::Owners::Kept).unwrap();
    assert_eq!(again.to_value(), object.to_value());
}
