use serde_json::{Value, json};

use crate::test_support::{check_create, check_default, check_update};
use crate::{HORIZONTAL_POD_AUTOSCALER, LIMIT_RANGE, POD_DISRUPTION_BUDGET, PRIORITY_CLASS, Part, RESOURCE_QUOTA};

fn named(spec: Value) -> Value {
    json!({"metadata": {"name": "a"}, "spec": spec})
}

#[test]
fn autoscalers() {
    let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "d"});
    check_default(
        &HORIZONTAL_POD_AUTOSCALER,
        named(json!({"maxReplicas": 3, "scaleTargetRef": target})),
        json!({
            "maxReplicas": 3, "minReplicas": 1, "scaleTargetRef": target,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]
        }),
    );
    check_create(
        &HORIZONTAL_POD_AUTOSCALER,
        named(json!({"maxReplicas": 1, "minReplicas": 2, "scaleTargetRef": {"kind": "", "name": "d"}})),
        &["spec.maxReplicas: Invalid value: 1: must be greater than or equal to `minReplicas`", "spec.scaleTargetRef.kind: Required value"],
    );
}

#[test]
fn budgets() {
    check_create(
        &POD_DISRUPTION_BUDGET,
        named(json!({"minAvailable": "101%", "maxUnavailable": -1})),
        &[
            r#"spec: Invalid value: {"maxUnavailable":-1,"minAvailable":"101%"}: minAvailable and maxUnavailable cannot be both set"#,
            r#"spec.minAvailable: Invalid value: "101%": must not be greater than 100%"#,
            "spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0",
        ],
    );
}

#[test]
fn quotas_and_ranges() {
    check_create(
        &RESOURCE_QUOTA,
        named(json!({"hard": {"pods": "1500m", "foo": "1", "count/x.y": "2", "cpu": "-1"}, "scopes": ["BestEffort", "NotBestEffort"]})),
        &[
            r#"spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0"#,
            r#"spec.hard[foo]: Invalid value: "foo": must be a standard resource for quota"#,
            r#"spec.hard[pods]: Invalid value: "1500m": must be an integer"#,
            r#"spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: unsupported scope applied to resource"#,
            r#"spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes"#,
        ],
    );
    check_default(
        &LIMIT_RANGE,
        named(json!({"limits": [{"type": "Container", "max": {"cpu": "1"}, "min": {"memory": "1Mi"}}]})),
        json!({"limits": [{
            "type": "Container", "max": {"cpu": "1"}, "min": {"memory": "1Mi"}, "default": {"cpu": "1"}, "defaultRequest": {"cpu": "1", "memory": "1Mi"}
        }]}),
    );
    check_create(
        &LIMIT_RANGE,
        named(json!({"limits": [{"type": "Pod", "min": {"cpu": "2"}, "max": {"cpu": "1"}}]})),
        &[r#"spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1"#],
    );
}

#[test]
fn priorities() {
    let class = |name: &str, value: i32| json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": value});
    check_create(&PRIORITY_CLASS, class("system-node-critical", 2_000_001_000), &[]);
    check_create(
        &PRIORITY_CLASS,
        class("system-mine", 1),
        &[
            "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
        ],
    );
    check_create(
        &PRIORITY_CLASS,
        class("a", 1_000_000_001),
        &["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
    );
    check_update(&PRIORITY_CLASS, Part::Main, class("a", 2), class("a", 1), &["value: Forbidden: may not be changed in an update."]);
}
