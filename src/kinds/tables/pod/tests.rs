//! The cases of upstream's `TestPrintPod`, `TestPrintPodwide` and its tests of restarts and sidecars.

use serde_json::{Value, json};

use super::super::test_support::{FIVE_MINUTES_AGO, check};

fn pod(containers: usize, inits: &[Option<&str>], status: Value) -> Value {
    let named = |prefix: &str, index: usize| format!("{prefix}{index}");
    let containers: Vec<Value> = (1..=containers).map(|index| json!({"name": named("app", index)})).collect();
    let inits: Vec<Value> =
        inits.iter().enumerate().map(|(index, policy)| json!({"name": named("init", index + 1), "restartPolicy": policy})).collect();
    json!({
        "metadata": {"name": "test", "creationTimestamp": FIVE_MINUTES_AGO},
        "spec": {"containers": containers, "initContainers": inits},
        "status": status,
    })
}

/// Checks Ready, Status and Restarts.
fn check_pod(pod: Value, expected: &str) {
    check(&crate::POD, pod, &format!("test|{expected}|5m|<none>|<none>|<none>|<none>"));
}

fn running(ready: bool, restarts: i32) -> Value {
    json!({"name": "", "ready": ready, "restartCount": restarts, "state": {"running": {}}})
}

#[test]
fn containers() {
    let waiting = json!({"state": {"waiting": {"reason": "ContainerWaitingReason"}}, "restartCount": 3});
    check_pod(pod(2, &[], json!({"phase": "podPhase", "containerStatuses": [running(true, 3), {"restartCount": 3}]})), "1/2|podPhase|6");
    check_pod(pod(2, &[], json!({"phase": "podPhase", "containerStatuses": [running(true, 3), waiting]})), "1/2|ContainerWaitingReason|6");
    check_pod(
        pod(
            2,
            &[],
            json!({"phase": "podPhase", "containerStatuses": [
                running(true, 3),
                {"state": {"terminated": {"exitCode": 1, "reason": "Error"}}, "restartCount": 3},
            ]}),
        ),
        "1/2|Error|6",
    );
    check_pod(
        pod(2, &[], json!({"phase": "podPhase", "containerStatuses": [running(true, 3), {"ready": true, "restartCount": 3}]})),
        "1/2|podPhase|6",
    );
    // without a reason of its own
    check_pod(
        pod(
            2,
            &[],
            json!({"phase": "podPhase", "reason": "podReason", "containerStatuses": [running(true, 3), {"ready": true, "restartCount": 3}]}),
        ),
        "1/2|podReason|6",
    );
    check_pod(pod(1, &[], json!({"phase": "Pending"})), "0/1|Pending|0");
    check_pod(
        pod(1, &[], json!({"phase": "Pending", "containerStatuses": [{"state": {"waiting": {"reason": "ContainerCreating"}}}]})),
        "0/1|ContainerCreating|0",
    );
}

#[test]
fn ends() {
    let ended = |end: Value| json!({"state": {"terminated": end}});
    let of = |end: Value| pod(1, &[], json!({"phase": "Failed", "containerStatuses": [ended(end)]}));
    check_pod(of(json!({"exitCode": 2})), "0/1|ExitCode:2|0");
    check_pod(of(json!({"exitCode": 137, "signal": 9})), "0/1|Signal:9|0");
    check_pod(of(json!({"exitCode": 137, "reason": "OOMKilled"})), "0/1|OOMKilled|0");
    let completed = ended(json!({"exitCode": 0, "reason": "Completed"}));
    check_pod(pod(1, &[], json!({"phase": "Succeeded", "containerStatuses": [completed]})), "0/1|Completed|0");
    // one is done, the other runs
    let both = |ready: &str| {
        pod(
            2,
            &[],
            json!({"phase": "Running", "containerStatuses": [completed, running(true, 0)], "conditions": [{"type": "Ready", "status": ready}]}),
        )
    };
    check_pod(both("True"), "1/2|Running|0");
    check_pod(both("False"), "1/2|NotReady|0");
}

#[test]
fn init_containers() {
    let inits = |inits: &[Option<&str>], statuses: Value, app: Value| {
        pod(1, inits, json!({"phase": "Pending", "initContainerStatuses": statuses, "containerStatuses": [app]}))
    };
    let initializing = json!({"state": {"waiting": {"reason": "PodInitializing"}}});
    let done = json!({"name": "init1", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}});
    check_pod(inits(&[None, None], json!([initializing, initializing]), initializing.clone()), "0/1|Init:0/2|0");
    check_pod(inits(&[None, None], json!([done, {"state": {"running": {}}}]), initializing.clone()), "0/1|Init:1/2|0");
    check_pod(inits(&[None], json!([done]), initializing.clone()), "0/1|PodInitializing|0");
    check_pod(
        inits(&[None], json!([{"restartCount": 3, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]), initializing.clone()),
        "0/1|Init:CrashLoopBackOff|3",
    );
    let ended = |end: Value| inits(&[None], json!([{"state": {"terminated": end}}]), initializing.clone());
    check_pod(ended(json!({"exitCode": 1, "reason": "Error"})), "0/1|Init:Error|0");
    check_pod(ended(json!({"exitCode": 1})), "0/1|Init:ExitCode:1|0");
    check_pod(ended(json!({"exitCode": 137, "signal": 9})), "0/1|Init:Signal:9|0");
    // an init container runs again in a pod that had been initialized
    let again = json!({
        "phase": "Running", "conditions": [{"type": "Initialized", "status": "True"}],
        "initContainerStatuses": [{"restartCount": 1, "state": {"running": {}}}],
        "containerStatuses": [running(true, 2)],
    });
    check_pod(pod(1, &[None], again), "1/1|Init:0/1|2");
}

#[test]
fn sidecars() {
    let sidecar = |started: bool, ready: bool| {
        json!({"name": "init1", "started": started, "ready": ready, "restartCount": 2, "state": {"running": {}},
               "lastState": {"terminated": {"exitCode": 1, "finishedAt": "2025-01-01T00:59:10Z"}}})
    };
    let of = |sidecar: Value, app: Value| {
        pod(1, &[Some("Always")], json!({"phase": "Running", "initContainerStatuses": [sidecar], "containerStatuses": [app]}))
    };
    check_pod(of(sidecar(true, true), running(true, 1)), "2/2|Running|3 (50s ago)");
    check_pod(of(sidecar(true, false), running(true, 0)), "1/2|Running|2 (50s ago)");
    check_pod(of(sidecar(false, false), json!({"state": {"waiting": {"reason": "PodInitializing"}}})), "0/2|Init:0/1|2 (50s ago)");
}

#[test]
fn restarts() {
    let ended = |finished: &str| json!({"terminated": {"exitCode": 1, "finishedAt": finished}});
    let container =
        |count: i32, finished: &str| json!({"ready": true, "restartCount": count, "state": {"running": {}}, "lastState": ended(finished)});
    let of = |containers: Value| pod(2, &[], json!({"phase": "Running", "containerStatuses": containers}));
    check_pod(of(json!([container(3, "2025-01-01T00:50:00Z"), container(2, "2025-01-01T00:59:50Z")])), "2/2|Running|5 (10s ago)");
    check_pod(of(json!([container(0, "2025-01-01T00:59:50Z"), running(true, 0)])), "2/2|Running|0");
    let crashing =
        json!({"restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": ended("2025-01-01T00:58:00Z")});
    check_pod(pod(1, &[], json!({"phase": "Running", "containerStatuses": [crashing]})), "0/1|CrashLoopBackOff|4 (2m ago)");
}

#[test]
fn deletion_and_gates() {
    let deleted = |status: Value| {
        let mut pod = pod(1, &[], status);
        pod["metadata"]["deletionTimestamp"] = json!("2025-01-01T01:00:20Z");
        pod
    };
    check_pod(deleted(json!({"phase": "Running", "containerStatuses": [running(true, 0)]})), "1/1|Terminating|0");
    check_pod(deleted(json!({"phase": "Running", "reason": "NodeLost"})), "0/1|Unknown|0");
    let completed = json!({"state": {"terminated": {"exitCode": 0, "reason": "Completed"}}});
    check_pod(deleted(json!({"phase": "Succeeded", "containerStatuses": [completed]})), "0/1|Completed|0");
    let gated = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]});
    check_pod(pod(1, &[], gated), "0/1|SchedulingGated|0");
}

#[test]
fn wide() {
    let pod = json!({
        "metadata": {"name": "test", "creationTimestamp": FIVE_MINUTES_AGO},
        "spec": {"containers": [{"name": "app"}], "nodeName": "node1",
                 "readinessGates": [{"conditionType": "one"}, {"conditionType": "two"}, {"conditionType": "three"}]},
        "status": {"phase": "Running", "podIP": "1.1.1.1", "podIPs": [{"ip": "1.1.1.1"}, {"ip": "2001:db8::"}], "nominatedNodeName": "node2",
                   "conditions": [{"type": "one", "status": "True"}, {"type": "two", "status": "False"}]},
    });
    check(&crate::POD, pod, "test|0/1|Running|0|5m|1.1.1.1|node1|node2|1/3");
}
