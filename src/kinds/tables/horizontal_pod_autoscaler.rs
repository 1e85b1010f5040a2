//! Autoscalers: what they scale, by which measures and how far.

use jiff::Timestamp;
use k8s_openapi::api::autoscaling::v2::{HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget, MetricValueStatus};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use output::table::Cell;

use super::cell::{age, canonical, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Reference",
        "scaleTargetRef points to the target resource to scale, and is used to the pods for which metrics should be collected, as well as to actually change the replica count.",
    ),
    text(
        "Targets",
        "metrics contains the specifications for which to use to calculate the desired replica count (the maximum replica count across all metrics will be used).  The desired replica count is calculated multiplying the ratio between the target value and the current value by the current number of pods.  Ergo, metrics used must decrease as the pod count is increased, and vice-versa.  See the individual metric source types for more information about how each type of metric must respond. If not set, the default metric will be set to 80% average CPU utilization.",
    ),
    text(
        "MinPods",
        "minReplicas is the lower limit for the number of replicas to which the autoscaler can scale down.  It defaults to 1 pod.  minReplicas is allowed to be 0 if the alpha feature gate HPAScaleToZero is enabled and at least one Object or External metric is configured.  Scaling is active as long as at least one metric value is available.",
    ),
    text(
        "MaxPods",
        "maxReplicas is the upper limit for the number of replicas to which the autoscaler can scale up. It cannot be less that minReplicas.",
    ),
    text("Replicas", "currentReplicas is current number of replicas of pods managed by this autoscaler, as last seen by the autoscaler."),
    AGE,
];

/// How many measures are shown.
const MOST: usize = 2;
const UNKNOWN: &str = "<unknown>";

pub fn cells(autoscaler: &HorizontalPodAutoscaler, now: Timestamp) -> Vec<Cell> {
    let (spec, status) = (&autoscaler.spec, autoscaler.status.as_ref());
    let current = status.and_then(|status| status.current_metrics.as_deref()).unwrap_or_default();
    row![
        name(autoscaler),
        format!("{}/{}", spec.scale_target_ref.kind, spec.scale_target_ref.name),
        targets(spec.metrics.as_deref().unwrap_or_default(), current),
        spec.min_replicas.map_or_else(|| "<unset>".to_owned(), |least| least.to_string()),
        spec.max_replicas,
        status.and_then(|status| status.current_replicas).unwrap_or(0),
        age(autoscaler, now),
    ]
}

fn targets(metrics: &[MetricSpec], current: &[MetricStatus]) -> String {
    if metrics.is_empty() {
        return "<none>".to_owned();
    }
    let shown: Vec<String> = metrics.iter().take(MOST).enumerate().map(|(index, metric)| target(metric, current.get(index))).collect();
    let more = metrics.len().saturating_sub(MOST);
    if more > 0 { format!("{} + {more} more...", shown.join(", ")) } else { shown.join(", ") }
}

/// One measure: `cpu: 20%/80%`, `100m/1 (avg)`.
fn target(metric: &MetricSpec, status: Option<&MetricStatus>) -> String {
    let shown = match metric.type_.as_str() {
        "External" => metric.external.as_ref().map(|source| {
            whole_or_average(&source.target, status.and_then(|status| status.external.as_ref()).map(|status| &status.current))
        }),
        "Object" => metric
            .object
            .as_ref()
            .map(|source| whole_or_average(&source.target, status.and_then(|status| status.object.as_ref()).map(|status| &status.current))),
        "Pods" => metric.pods.as_ref().map(|source| {
            let current = status.and_then(|status| status.pods.as_ref()).map(|status| &status.current);
            format!("{}/{}", average(current), value(source.target.average_value.as_ref()))
        }),
        "Resource" => metric.resource.as_ref().map(|source| {
            let current = status.and_then(|status| status.resource.as_ref()).map(|status| &status.current);
            format!("{}: {}", source.name, of_resource(&source.target, current))
        }),
        "ContainerResource" => metric.container_resource.as_ref().map(|source| {
            let current = status.and_then(|status| status.container_resource.as_ref()).map(|status| &status.current);
            format!("{}: {}", source.name, of_resource(&source.target, current))
        }),
        _ => None,
    };
    shown.unwrap_or_else(|| "<unknown type>".to_owned())
}

/// A measure of one thing, as it is or spread over the pods.
fn whole_or_average(target: &MetricTarget, current: Option<&MetricValueStatus>) -> String {
    match &target.average_value {
        Some(target) => {
            let current = current.and_then(|current| current.average_value.as_ref()).map_or_else(|| UNKNOWN.to_owned(), canonical);
            format!("{current}/{} (avg)", canonical(target))
        }
        None => {
            let current = current.map_or_else(|| UNKNOWN.to_owned(), |current| value(current.value.as_ref()));
            format!("{current}/{}", value(target.value.as_ref()))
        }
    }
}

/// A resource, as a quantity or as a share of what is requested.
fn of_resource(target: &MetricTarget, current: Option<&MetricValueStatus>) -> String {
    if let Some(target) = &target.average_value {
        return format!("{}/{}", average(current), canonical(target));
    }
    let percent = |share: Option<i32>, instead: &str| share.map_or_else(|| instead.to_owned(), |share| format!("{share}%"));
    let current = current.and_then(|current| current.average_utilization);
    format!("{}/{}", percent(current, UNKNOWN), percent(target.average_utilization, "<auto>"))
}

fn average(current: Option<&MetricValueStatus>) -> String {
    current.map_or_else(|| UNKNOWN.to_owned(), |current| value(current.average_value.as_ref()))
}

/// As Go prints a quantity that may not be there.
fn value(quantity: Option<&Quantity>) -> String {
    quantity.map_or_else(|| "<nil>".to_owned(), canonical)
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_targets(metrics: Value, current: Value, expected: &str) {
        check(
            &crate::HORIZONTAL_POD_AUTOSCALER,
            json!({
                "metadata": {"name": "some-hpa", "creationTimestamp": FIVE_MINUTES_AGO},
                "spec": {"scaleTargetRef": {"name": "some-rc", "kind": "ReplicationController"}, "minReplicas": 2, "maxReplicas": 10, "metrics": metrics},
                "status": {"currentReplicas": 4, "desiredReplicas": 5, "currentMetrics": current},
            }),
            &format!("some-hpa|ReplicationController/some-rc|{expected}|2|10|4|5m"),
        );
    }

    #[test]
    fn targets() {
        check_targets(json!([]), json!([]), "<none>");
        let pods = json!({"type": "Pods", "pods": {"metric": {"name": "m"}, "target": {"type": "AverageValue", "averageValue": "100m"}}});
        let pods_now = json!({"type": "Pods", "pods": {"metric": {"name": "m"}, "current": {"averageValue": "50m"}}});
        check_targets(json!([pods]), json!([]), "<unknown>/100m");
        check_targets(json!([pods]), json!([pods_now]), "50m/100m");
        let share = json!({"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}});
        let share_now =
            json!({"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 50, "averageValue": "40m"}}});
        check_targets(json!([share]), json!([]), "cpu: <unknown>/80%");
        check_targets(json!([share]), json!([share_now]), "cpu: 50%/80%");
        let quantity =
            json!({"type": "Resource", "resource": {"name": "memory", "target": {"type": "AverageValue", "averageValue": "1Gi"}}});
        check_targets(json!([share, quantity]), json!([share_now]), "cpu: 50%/80%, memory: <unknown>/1Gi");
        check_targets(json!([share, quantity, pods]), json!([share_now]), "cpu: 50%/80%, memory: <unknown>/1Gi + 1 more...");
        let object = |target: Value| json!({"type": "Object", "object": {"describedObject": {"kind": "Service", "name": "s"}, "metric": {"name": "m"}, "target": target}});
        check_targets(json!([object(json!({"type": "Value", "value": "1"}))]), json!([]), "<unknown>/1");
        check_targets(json!([object(json!({"type": "AverageValue", "averageValue": "1"}))]), json!([]), "<unknown>/1 (avg)");
        let external = json!({"type": "External", "external": {"metric": {"name": "m"}, "target": {"type": "Value", "value": "100m"}}});
        let external_now = json!({"type": "External", "external": {"metric": {"name": "m"}, "current": {"value": "50m"}}});
        check_targets(json!([external]), json!([external_now]), "50m/100m");
    }

    #[test]
    fn of_the_older_version() {
        check(
            &crate::HORIZONTAL_POD_AUTOSCALER_V1,
            json!({
                "metadata": {"name": "h", "creationTimestamp": FIVE_MINUTES_AGO},
                "spec": {"scaleTargetRef": {"name": "d", "kind": "Deployment"}, "maxReplicas": 3, "targetCPUUtilizationPercentage": 70},
                "status": {"currentReplicas": 1, "desiredReplicas": 1, "currentCPUUtilizationPercentage": 20},
            }),
            "h|Deployment/d|cpu: 20%/70%|<unset>|3|1|5m",
        );
    }
}
