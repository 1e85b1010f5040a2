//! HorizontalPodAutoscaler: `autoscaling/v1` knows one CPU percentage; all else of `v2` travels in annotations, as upstream has it.

use serde_json::{Map, Value, json};

use super::{fields, set_type};

const METRICS: &str = "autoscaling.alpha.kubernetes.io/metrics";
const CURRENT_METRICS: &str = "autoscaling.alpha.kubernetes.io/current-metrics";
const CONDITIONS: &str = "autoscaling.alpha.kubernetes.io/conditions";
const BEHAVIOR: &str = "autoscaling.alpha.kubernetes.io/behavior";

/// `autoscaling/v1` to `v2`.
pub fn to_v2(autoscaler: &mut Value) {
    let Some(object) = fields(autoscaler) else { return };
    set_type(object, "autoscaling/v2");
    let mut metrics = take_annotation(object, METRICS).and_then(array).unwrap_or_default();
    let mut current = take_annotation(object, CURRENT_METRICS).and_then(array).unwrap_or_default();
    let conditions = take_annotation(object, CONDITIONS);
    let behavior = take_annotation(object, BEHAVIOR);
    metrics.iter_mut().for_each(|metric| metric_to_v2(metric, Side::Target));
    current.iter_mut().for_each(|metric| metric_to_v2(metric, Side::Current));
    if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
        if let Some(percent) = spec.remove("targetCPUUtilizationPercentage") {
            metrics.insert(0, cpu("target", &percent, None));
        }
        if !metrics.is_empty() {
            spec.insert("metrics".to_owned(), metrics.into());
        }
        if let Some(behavior) = behavior {
            spec.insert("behavior".to_owned(), behavior);
        }
    }
    if let Some(status) = object.get_mut("status").and_then(Value::as_object_mut) {
        if let Some(percent) = status.remove("currentCPUUtilizationPercentage") {
            let value = current
                .iter()
                .position(is_cpu)
                .map(|at| current.remove(at))
                .and_then(|metric| metric.pointer("/resource/current/averageValue").cloned());
            current.insert(0, cpu("current", &percent, value));
        }
        if !current.is_empty() {
            status.insert("currentMetrics".to_owned(), current.into());
        }
        if let Some(conditions) = conditions {
            status.insert("conditions".to_owned(), conditions);
        }
    }
}

/// `autoscaling/v2` to `v1`.
pub fn to_v1(autoscaler: &mut Value) {
    let Some(object) = fields(autoscaler) else { return };
    set_type(object, "autoscaling/v1");
    let mut annotations: Vec<(&str, Value)> = Vec::new();
    if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
        let mut metrics = spec.remove("metrics").and_then(array).unwrap_or_default();
        let percent = |metric: &Value| metric.pointer("/resource/target/averageUtilization").cloned();
        if let Some(at) = metrics.iter().position(|metric| is_cpu(metric) && percent(metric).is_some()) {
            let metric = metrics.remove(at);
            if let Some(percent) = percent(&metric) {
                spec.insert("targetCPUUtilizationPercentage".to_owned(), percent);
            }
        }
        metrics.iter_mut().for_each(|metric| metric_to_v1(metric, Side::Target));
        if !metrics.is_empty() {
            annotations.push((METRICS, metrics.into()));
        }
        if let Some(behavior) = spec.remove("behavior") {
            annotations.push((BEHAVIOR, behavior));
        }
    }
    if let Some(status) = object.get_mut("status").and_then(Value::as_object_mut) {
        let mut current = status.remove("currentMetrics").and_then(array).unwrap_or_default();
        let percent = |metric: &Value| metric.pointer("/resource/current/averageUtilization").cloned();
        if let Some(percent) = current.iter().find(|metric| is_cpu(metric)).and_then(percent) {
            status.insert("currentCPUUtilizationPercentage".to_owned(), percent);
        }
        current.iter_mut().for_each(|metric| metric_to_v1(metric, Side::Current));
        if !current.is_empty() {
            annotations.push((CURRENT_METRICS, current.into()));
        }
        if let Some(conditions) = status.remove("conditions") {
            annotations.push((CONDITIONS, conditions));
        }
    }
    if annotations.is_empty() {
        return;
    }
    let metadata = object.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
    if let Some(metadata) = metadata.as_object_mut() {
        let kept = metadata.entry("annotations").or_insert_with(|| Value::Object(Map::new()));
        if let Some(kept) = kept.as_object_mut() {
            kept.extend(annotations.into_iter().map(|(key, value)| (key.to_owned(), Value::String(value.to_string()))));
        }
    }
}

/// The metrics of a list in v2's shape.
pub fn metrics_to_v2(of: &mut Map<String, Value>, name: &str) {
    of.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten().for_each(|metric| metric_to_v2(metric, Side::of(name)));
}

/// The metrics of a list in the shape that came before.
pub fn metrics_from_v2(of: &mut Map<String, Value>, name: &str) {
    of.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten().for_each(|metric| metric_to_v1(metric, Side::of(name)));
}

/// The goal of a metric, or its present value.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Target,
    Current,
}

impl Side {
    fn of(list: &str) -> Self {
        if list == "metrics" { Self::Target } else { Self::Current }
    }
}

/// Of each source: its name, the names of its values at v1 as (target value, target average, current value, current average).
const SOURCES: &[(&str, [&str; 4])] = &[
    ("object", ["targetValue", "averageValue", "currentValue", "averageValue"]),
    ("pods", ["", "targetAverageValue", "", "currentAverageValue"]),
    ("resource", ["", "targetAverageValue", "", "currentAverageValue"]),
    ("containerResource", ["", "targetAverageValue", "", "currentAverageValue"]),
    ("external", ["targetValue", "targetAverageValue", "currentValue", "currentAverageValue"]),
];

fn metric_to_v2(metric: &mut Value, side: Side) {
    for (name, names) in SOURCES {
        let Some(source) = metric.get_mut(*name).and_then(Value::as_object_mut) else { continue };
        let (part, value_name, average_name, utilization_name) = match side {
            Side::Target => ("target", names[0], names[1], "targetAverageUtilization"),
            Side::Current => ("current", names[2], names[3], "currentAverageUtilization"),
        };
        let described = source.remove("target");
        let mut values = Map::new();
        let utilization = source.remove(utilization_name);
        let average = source.remove(average_name);
        // upstream's v1 requires targetValue of an object metric and writes 0 beside an average
        let value = source.remove(value_name).filter(|value| average.is_none() || value != "0");
        if side == Side::Target {
            let kind = if utilization.is_some() {
                "Utilization"
            } else if average.is_some() {
                "AverageValue"
            } else {
                "Value"
            };
            values.insert("type".to_owned(), kind.into());
        }
        values.extend(
            [("value", value), ("averageValue", average), ("averageUtilization", utilization)]
                .into_iter()
                .filter_map(|(name, value)| value.map(|value| (name.to_owned(), value))),
        );
        let selector = source.remove(selector_name(name));
        if let Some(described) = described {
            source.insert("describedObject".to_owned(), described);
        }
        if let Some(metric_name) = source.remove("metricName") {
            let mut metric = Map::from_iter([("name".to_owned(), metric_name)]);
            metric.extend(selector.map(|selector| ("selector".to_owned(), selector)));
            source.insert("metric".to_owned(), metric.into());
        }
        source.insert(part.to_owned(), Value::Object(values));
    }
}

fn metric_to_v1(metric: &mut Value, side: Side) {
    for (name, names) in SOURCES {
        let Some(source) = metric.get_mut(*name).and_then(Value::as_object_mut) else { continue };
        let (part, value_name, average_name, utilization_name) = match side {
            Side::Target => ("target", names[0], names[1], "targetAverageUtilization"),
            Side::Current => ("current", names[2], names[3], "currentAverageUtilization"),
        };
        let Some(Value::Object(mut values)) = source.remove(part) else { continue };
        if let Some(described) = source.remove("describedObject") {
            source.insert("target".to_owned(), described);
            values.entry("value").or_insert_with(|| "0".into());
        }
        if let Some(Value::Object(mut identifier)) = source.remove("metric") {
            source.extend(identifier.remove("name").map(|name| ("metricName".to_owned(), name)));
            source.extend(identifier.remove("selector").map(|selector| (selector_name(name).to_owned(), selector)));
        }
        for (from, to) in [("value", value_name), ("averageValue", average_name), ("averageUtilization", utilization_name)] {
            if let Some(value) = values.remove(from).filter(|_| !to.is_empty()) {
                source.insert(to.to_owned(), value);
            }
        }
    }
}

fn selector_name(source: &str) -> &'static str {
    if source == "external" { "metricSelector" } else { "selector" }
}

fn is_cpu(metric: &Value) -> bool {
    metric.get("type").is_some_and(|kind| kind == "Resource") && metric.pointer("/resource/name").is_some_and(|name| name == "cpu")
}

fn cpu(part: &str, percent: &Value, average: Option<Value>) -> Value {
    let mut values = Map::new();
    if part == "target" {
        values.insert("type".to_owned(), "Utilization".into());
    }
    values.extend(average.map(|average| ("averageValue".to_owned(), average)));
    values.insert("averageUtilization".to_owned(), percent.clone());
    json!({"type": "Resource", "resource": {"name": "cpu", part: values}})
}

fn array(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(items) => Some(items),
        _ => None,
    }
}

/// Takes an annotation that holds JSON. What does not parse is left where it is.
fn take_annotation(object: &mut Map<String, Value>, key: &str) -> Option<Value> {
    let metadata = object.get_mut("metadata")?.as_object_mut()?;
    let annotations = metadata.get_mut("annotations")?.as_object_mut()?;
    let value = serde_json::from_str(annotations.get(key)?.as_str()?).ok()?;
    annotations.remove(key);
    if annotations.is_empty() {
        metadata.remove("annotations");
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(v1: &Value, v2: &Value) {
        let mut value = v1.clone();
        to_v2(&mut value);
        assert_eq!(&value, v2);
        to_v1(&mut value);
        assert_eq!(&value, v1);
    }

    #[test]
    fn cpu_percentage() {
        check(
            &json!({"apiVersion": "autoscaling/v1", "metadata": {}, "spec": {"maxReplicas": 3, "targetCPUUtilizationPercentage": 50}, "status": {"currentReplicas": 1}}),
            &json!({"apiVersion": "autoscaling/v2", "metadata": {}, "spec": {"maxReplicas": 3, "metrics": [
                {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}]}, "status": {"currentReplicas": 1}}),
        );
    }

    #[test]
    fn other_metrics_travel_in_annotations() {
        let metrics = json!([
            {"type": "Object", "object": {"target": {"kind": "Ingress", "name": "i"}, "metricName": "rps", "targetValue": "2k"}},
            {"type": "External", "external": {"metricName": "q", "metricSelector": {"matchLabels": {"a": "b"}}, "targetAverageValue": "30"}}
        ]);
        check(
            &json!({"apiVersion": "autoscaling/v1", "metadata": {"annotations": {METRICS: metrics.to_string()}}, "spec": {"maxReplicas": 3}}),
            &json!({"apiVersion": "autoscaling/v2", "metadata": {}, "spec": {"maxReplicas": 3, "metrics": [
                {"type": "Object", "object": {"describedObject": {"kind": "Ingress", "name": "i"}, "metric": {"name": "rps"}, "target": {"type": "Value", "value": "2k"}}},
                {"type": "External", "external": {"metric": {"name": "q", "selector": {"matchLabels": {"a": "b"}}}, "target": {"type": "AverageValue", "averageValue": "30"}}}
            ]}}),
        );
    }
}
