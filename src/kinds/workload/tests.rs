//! Expected values: upstream's defaults_test.go and validation_test.go, and what its server answers.

use serde_json::{Value, json};

use crate::test_support::{check_create, check_default, check_update};
use crate::{DEPLOYMENT, Kind, Part, REPLICA_SET, REPLICATION_CONTROLLER};

fn object(kind: &Kind, spec: Value) -> Value {
    json!({"apiVersion": kind.api_version(), "kind": kind.kind, "metadata": {"name": "w", "namespace": "n"}, "spec": spec})
}

pub(super) fn template() -> Value {
    json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "x:1"}]}})
}

pub(super) fn defaulted_template() -> Value {
    json!({
        "metadata": {"labels": {"a": "b"}},
        "spec": {
            "containers": [{
                "name": "c", "image": "x:1", "imagePullPolicy": "IfNotPresent", "resources": {}, "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File"
            }],
            "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler", "securityContext": {},
            "terminationGracePeriodSeconds": 30
        }
    })
}

#[test]
fn defaults_of_deployments() {
    check_default(
        &DEPLOYMENT,
        object(&DEPLOYMENT, json!({"selector": {"matchLabels": {"a": "b"}}, "template": template()})),
        json!({
            "selector": {"matchLabels": {"a": "b"}}, "template": defaulted_template(), "replicas": 1, "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600, "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}}
        }),
    );
}

#[test]
fn faults_of_deployments() {
    let selector = json!({"matchLabels": {"a": "b"}});
    let check = |spec: Value, expected: &[&str]| check_create(&DEPLOYMENT, object(&DEPLOYMENT, spec), expected);
    check(json!({"selector": selector, "template": template()}), &[]);
    check(
        json!({"template": template()}),
        &[
            "spec.selector: Required value",
            r#"spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`"#,
        ],
    );
    check(
        json!({"selector": {"matchLabels": {"x": "y"}}, "template": template(), "replicas": -1, "progressDeadlineSeconds": 5, "minReadySeconds": 5}),
        &[
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            r#"spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`"#,
            "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds",
        ],
    );
    check(
        json!({"selector": selector, "template": template(), "strategy": {"rollingUpdate": {"maxUnavailable": "0%", "maxSurge": 0}}}),
        &[r#"spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0"#],
    );
    check(
        json!({"selector": selector, "template": template(), "strategy": {"type": "Recreate", "rollingUpdate": {}}}),
        &["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    );
    let mut never = template();
    never["spec"]["restartPolicy"] = json!("Never");
    check(
        json!({"selector": selector, "template": never}),
        &[r#"spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always""#],
    );
    let mut other = template();
    other["metadata"]["labels"]["x"] = json!("y");
    check_update(
        &DEPLOYMENT,
        Part::Main,
        object(&DEPLOYMENT, json!({"selector": {"matchLabels": {"x": "y"}}, "template": other})),
        object(&DEPLOYMENT, json!({"selector": selector, "template": template()})),
        &[r#"spec.selector: Invalid value: {"matchLabels":{"x":"y"}}: field is immutable"#],
    );
}

#[test]
fn replica_sets_and_controllers() {
    check_default(
        &REPLICA_SET,
        object(&REPLICA_SET, json!({"selector": {"matchLabels": {"a": "b"}}, "template": template()})),
        json!({"selector": {"matchLabels": {"a": "b"}}, "template": defaulted_template(), "replicas": 1}),
    );
    check_default(
        &REPLICATION_CONTROLLER,
        object(&REPLICATION_CONTROLLER, json!({"template": template()})),
        json!({"selector": {"a": "b"}, "template": defaulted_template(), "replicas": 1}),
    );
    check_create(
        &REPLICATION_CONTROLLER,
        object(&REPLICATION_CONTROLLER, json!({})),
        &["spec.selector: Required value", "spec.template: Required value"],
    );
    let status = |ready: i32| {
        let mut set = object(&REPLICA_SET, json!({"selector": {"matchLabels": {"a": "b"}}, "template": template()}));
        set["status"] = json!({"replicas": 1, "readyReplicas": ready});
        set
    };
    check_update(&REPLICA_SET, Part::Status, status(1), status(0), &[]);
    check_update(
        &REPLICA_SET,
        Part::Status,
        status(2),
        status(0),
        &["status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas"],
    );
}

#[test]
fn jobs() {
    use crate::{CRON_JOB, JOB};
    let mut never = template();
    never["spec"]["restartPolicy"] = json!("Never");
    let mut defaulted = defaulted_template();
    defaulted["spec"]["restartPolicy"] = json!("Never");
    check_default(
        &JOB,
        object(&JOB, json!({"template": never})),
        json!({
            "template": defaulted, "backoffLimit": 6, "completionMode": "NonIndexed", "completions": 1, "manualSelector": false, "parallelism": 1,
            "podReplacementPolicy": "TerminatingOrFailed", "suspend": false
        }),
    );
    check_create(
        &JOB,
        object(&JOB, json!({"template": never, "completionMode": "Indexed", "parallelism": -1})),
        &[
            "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
            "spec.completions: Required value: when completion mode is Indexed",
        ],
    );
    check_create(
        &JOB,
        object(&JOB, json!({"template": template()})),
        &[r#"spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never""#],
    );
    check_default(
        &CRON_JOB,
        object(&CRON_JOB, json!({"schedule": "* * * * *", "jobTemplate": {"spec": {"template": never}}})),
        json!({
            "schedule": "* * * * *", "concurrencyPolicy": "Allow", "failedJobsHistoryLimit": 1, "successfulJobsHistoryLimit": 3, "suspend": false,
            "jobTemplate": {"metadata": {}, "spec": {"template": defaulted}}
        }),
    );
    check_create(
        &CRON_JOB,
        object(&CRON_JOB, json!({"schedule": "x", "timeZone": "Mars/One", "jobTemplate": {"spec": {"template": never}}})),
        &[
            r#"spec.schedule: Invalid value: "x": expected exactly 5 fields, found 1: [x]"#,
            r#"spec.timeZone: Invalid value: "Mars/One": unknown time zone Mars/One"#,
        ],
    );
}

#[test]
fn daemon_sets_and_stateful_sets() {
    use crate::{DAEMON_SET, STATEFUL_SET};
    let selector = json!({"matchLabels": {"a": "b"}});
    check_default(
        &DAEMON_SET,
        object(&DAEMON_SET, json!({"selector": selector, "template": template()})),
        json!({
            "selector": selector, "template": defaulted_template(), "revisionHistoryLimit": 10,
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}}
        }),
    );
    check_create(
        &DAEMON_SET,
        object(&DAEMON_SET, json!({"template": template()})),
        &[r#"spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`"#],
    );
    let claim =
        json!({"metadata": {"name": "d"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1024Mi"}}}});
    let spec = json!({"selector": selector, "template": template(), "serviceName": "s", "volumeClaimTemplates": [claim]});
    check_default(
        &STATEFUL_SET,
        object(&STATEFUL_SET, spec.clone()),
        json!({
            "selector": selector, "template": defaulted_template(), "serviceName": "s", "replicas": 1, "revisionHistoryLimit": 10, "podManagementPolicy": "OrderedReady",
            "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0, "maxUnavailable": 1}},
            "volumeClaimTemplates": [{
                "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "d"},
                "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "volumeMode": "Filesystem"}, "status": {"phase": "Pending"}
            }]
        }),
    );
    let mut other = spec.clone();
    other["serviceName"] = json!("t");
    check_update(
        &STATEFUL_SET,
        Part::Main,
        object(&STATEFUL_SET, other),
        object(&STATEFUL_SET, spec),
        &[
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        ],
    );
}

#[test]
fn warnings() {
    let mut old_label = template();
    old_label["spec"]["nodeSelector"] = json!({"beta.kubernetes.io/os": "linux"});
    old_label["spec"]["containers"][0]["env"] = json!([{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]);
    let deployment = crate::test_support::decoded(
        &DEPLOYMENT,
        object(&DEPLOYMENT, json!({"selector": {"matchLabels": {"a": "b"}}, "template": old_label})),
    );
    assert_eq!(
        DEPLOYMENT.behaviour.warnings(deployment.as_ref(), None),
        [
            r#"spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead"#,
            r#"spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply"#,
        ]
    );
    assert!(DEPLOYMENT.behaviour.warnings(deployment.as_ref(), Some(deployment.as_ref())).is_empty());
}
