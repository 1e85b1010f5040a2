//! HorizontalPodAutoscalers. What is stored is `v2`; of `v1` only the defaults are its own.

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::autoscaling::v1::HorizontalPodAutoscaler as AutoscalerV1;
use k8s_openapi::api::autoscaling::v2::{
    HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec, HorizontalPodAutoscalerStatus, MetricSpec,
    MetricTarget, ResourceMetricSource,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::rules::{NOT_NEGATIVE, POSITIVE, amount, invalid, one_of};

const CPU_PERCENT: i32 = 80;
const MAX_WINDOW_SECONDS: i32 = 3600;
const MAX_PERIOD_SECONDS: i32 = 1800;

pub(crate) struct AutoscalerV1Behaviour;

impl crate::Behaviour<AutoscalerV1> for AutoscalerV1Behaviour {
    fn default(&self, autoscaler: &mut AutoscalerV1) {
        autoscaler.spec.min_replicas.get_or_insert(1);
    }
}

pub(crate) struct AutoscalerBehaviour;

impl crate::Behaviour<HorizontalPodAutoscaler> for AutoscalerBehaviour {
    fn quantities(&self, autoscaler: &mut HorizontalPodAutoscaler, visit: &mut dyn FnMut(&mut Quantity)) {
        for metric in autoscaler.spec.metrics.iter_mut().flatten() {
            let Some(target) = target_mut(metric) else { continue };
            [&mut target.value, &mut target.average_value].into_iter().flatten().for_each(&mut *visit);
        }
        if let Some(behavior) = &mut autoscaler.spec.behavior {
            let rules = [&mut behavior.scale_up, &mut behavior.scale_down].into_iter().flatten();
            rules.filter_map(|rules| rules.tolerance.as_mut()).for_each(visit);
        }
    }

    fn nulls(&self, autoscaler: &HorizontalPodAutoscaler) -> &'static [&'static str] {
        let lacks = autoscaler.status.as_ref().is_some_and(|status| status.current_metrics.is_none());
        if lacks { &["status.currentMetrics"] } else { &[] }
    }

    fn default(&self, autoscaler: &mut HorizontalPodAutoscaler) {
        let spec = &mut autoscaler.spec;
        spec.min_replicas.get_or_insert(1);
        if spec.metrics.as_ref().is_none_or(Vec::is_empty) {
            let target =
                MetricTarget { average_utilization: Some(CPU_PERCENT), type_: "Utilization".to_owned(), ..MetricTarget::default() };
            let resource = Some(ResourceMetricSource { name: "cpu".to_owned(), target });
            spec.metrics = Some(vec![MetricSpec { resource, type_: "Resource".to_owned(), ..MetricSpec::default() }]);
        }
        if let Some(behavior) = &mut spec.behavior {
            let policy = |kind: &str, value| HPAScalingPolicy { period_seconds: 15, type_: kind.to_owned(), value };
            let up = behavior.scale_up.get_or_insert_default();
            up.stabilization_window_seconds.get_or_insert(0);
            default_rules(up, vec![policy("Pods", 4), policy("Percent", 100)]);
            default_rules(behavior.scale_down.get_or_insert_default(), vec![policy("Percent", 100)]);
        }
        autoscaler.status.get_or_insert_default();
    }

    fn prepare_create(&self, autoscaler: &mut HorizontalPodAutoscaler) {
        autoscaler.status = Some(HorizontalPodAutoscalerStatus::default());
    }

    fn prepare_update(&self, part: crate::Part, autoscaler: &mut HorizontalPodAutoscaler, old: &HorizontalPodAutoscaler) {
        match part {
            crate::Part::Main => autoscaler.status.clone_from(&old.status),
            crate::Part::Status => autoscaler.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, autoscaler: &HorizontalPodAutoscaler) -> ErrorList {
        spec(&autoscaler.spec, &Path::new("spec"))
    }

    crate::parts::validate_changes_alike!(HorizontalPodAutoscaler);
}

fn default_rules(rules: &mut HPAScalingRules, policies: Vec<HPAScalingPolicy>) {
    crate::rules::fill(&mut rules.select_policy, "Max");
    if rules.policies.as_ref().is_none_or(Vec::is_empty) {
        rules.policies = Some(policies);
    }
}

fn target_mut(metric: &mut MetricSpec) -> Option<&mut MetricTarget> {
    let MetricSpec { container_resource, external, object, pods, resource, .. } = metric;
    None.or(container_resource.as_mut().map(|source| &mut source.target))
        .or(external.as_mut().map(|source| &mut source.target))
        .or(object.as_mut().map(|source| &mut source.target))
        .or(pods.as_mut().map(|source| &mut source.target))
        .or(resource.as_mut().map(|source| &mut source.target))
}

fn spec(spec: &HorizontalPodAutoscalerSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let min = spec.min_replicas.unwrap_or(1);
    // without a metric of something outside the pods nothing could wake a workload of none
    let outside = spec.metrics.iter().flatten().any(|metric| matches!(metric.type_.as_str(), "Object" | "External"));
    if min < 1 && !(min == 0 && outside) {
        errors.push(FieldError::invalid(&path.child("minReplicas"), min, "must be greater than or equal to 1"));
    }
    if spec.max_replicas < 1 {
        errors.push(FieldError::invalid(&path.child("maxReplicas"), spec.max_replicas, POSITIVE));
    }
    if spec.max_replicas < min {
        errors.push(FieldError::invalid(&path.child("maxReplicas"), spec.max_replicas, "must be greater than or equal to `minReplicas`"));
    }
    let at = path.child("scaleTargetRef");
    for (field, value) in [("kind", &spec.scale_target_ref.kind), ("name", &spec.scale_target_ref.name)] {
        if value.is_empty() {
            errors.push(FieldError::required(&at.child(field), ""));
        } else {
            errors.extend(invalid(&at.child(field), value, names::path_segment(value, false)));
        }
    }
    for (index, metric) in spec.metrics.iter().flatten().enumerate() {
        errors.extend(self::metric(metric, &path.child("metrics").index(index)));
    }
    if let Some(behavior) = &spec.behavior {
        let path = path.child("behavior");
        for (field, rules) in [("scaleUp", &behavior.scale_up), ("scaleDown", &behavior.scale_down)] {
            errors.extend(rules.iter().flat_map(|rules| self::rules(rules, &path.child(field))));
        }
    }
    errors
}

fn metric(metric: &MetricSpec, path: &Path) -> ErrorList {
    const KINDS: &[&str] = &["ContainerResource", "External", "Object", "Pods", "Resource"];
    let mut errors = ErrorList::new();
    if metric.type_.is_empty() {
        return vec![FieldError::required(&path.child("type"), "must specify a metric source type")];
    }
    errors.extend(one_of(&metric.type_, KINDS, &path.child("type")));
    let sources = [
        (
            "ContainerResource",
            "containerResource",
            metric.container_resource.as_ref().map(|source| (&source.target, source.name.as_str(), "name")),
        ),
        ("External", "external", metric.external.as_ref().map(|source| (&source.target, source.metric.name.as_str(), "metric"))),
        ("Object", "object", metric.object.as_ref().map(|source| (&source.target, source.metric.name.as_str(), "metric"))),
        ("Pods", "pods", metric.pods.as_ref().map(|source| (&source.target, source.metric.name.as_str(), "metric"))),
        ("Resource", "resource", metric.resource.as_ref().map(|source| (&source.target, source.name.as_str(), "name"))),
    ];
    for (kind, field, source) in sources {
        let at = path.child(field);
        let Some((target, name, name_field)) = source else {
            if kind == metric.type_ {
                errors.push(FieldError::required(&at, "must populate information for the given metric source"));
            }
            continue;
        };
        if kind != metric.type_ {
            errors.push(FieldError::forbidden(&at, "must populate the given metric source only"));
            continue;
        }
        if name.is_empty() {
            let path = if name_field == "metric" { at.child("metric").child("name") } else { at.child("name") };
            let detail = if kind == "Resource" || kind == "ContainerResource" {
                "must specify a resource name"
            } else {
                "must specify a metric name"
            };
            errors.push(FieldError::required(&path, detail));
        }
        errors.extend(self::target(target, &at.child("target")));
    }
    errors
}

fn target(target: &MetricTarget, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if target.type_.is_empty() {
        errors.push(FieldError::required(&path.child("type"), "must specify a metric target type"));
    } else {
        errors.extend(one_of(&target.type_, &["AverageValue", "Utilization", "Value"], &path.child("type")));
    }
    for (field, value) in [("value", &target.value), ("averageValue", &target.average_value)] {
        if let Some(value) = value.as_ref().filter(|value| amount(value).sign() <= 0) {
            errors.push(FieldError::invalid(&path.child(field), value.0.as_str(), "must be positive"));
        }
    }
    if let Some(percent) = target.average_utilization.filter(|percent| *percent < 1) {
        errors.push(FieldError::invalid(&path.child("averageUtilization"), percent, POSITIVE));
    }
    errors
}

fn rules(rules: &HPAScalingRules, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if let Some(seconds) = rules.stabilization_window_seconds {
        let at = path.child("stabilizationWindowSeconds");
        if seconds < 0 {
            errors.push(FieldError::invalid(&at, seconds, NOT_NEGATIVE));
        }
        if seconds > MAX_WINDOW_SECONDS {
            errors.push(FieldError::invalid(&at, seconds, format!("must be less than or equal to {MAX_WINDOW_SECONDS}")));
        }
    }
    if let Some(policy) = &rules.select_policy {
        errors.extend(one_of(policy, &["Disabled", "Max", "Min"], &path.child("selectPolicy")));
    }
    let policies = rules.policies.as_deref().unwrap_or_default();
    let at = path.child("policies");
    if policies.is_empty() {
        errors.push(FieldError::required(&at, "must specify at least one Policy"));
    }
    for (index, policy) in policies.iter().enumerate() {
        let path = at.index(index);
        errors.extend(one_of(&policy.type_, &["Percent", "Pods"], &path.child("type")));
        for (field, value) in [("value", policy.value), ("periodSeconds", policy.period_seconds)] {
            if value <= 0 {
                errors.push(FieldError::invalid(&path.child(field), value, "must be greater than zero"));
            }
        }
        if policy.period_seconds > MAX_PERIOD_SECONDS {
            let detail = format!("must be less than or equal to {MAX_PERIOD_SECONDS}");
            errors.push(FieldError::invalid(&path.child("periodSeconds"), policy.period_seconds, detail));
        }
    }
    errors
}
