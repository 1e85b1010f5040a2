//! LimitRanger: what the limit ranges of a namespace give to containers that ask for nothing, and what containers, pods and claims may ask for at all.

use std::collections::BTreeMap;

use api::{ApiError, Object, Quantity};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::{LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Text;

use super::{Attributes, Operation, Plugin, list};

const ANNOTATION: &str = "kubernetes.io/limit-ranger";
/// The greatest amount that is compared in thousandths.
const MOST_IN_MILLI: i64 = i64::MAX / 1000;

pub struct LimitRanger;

#[async_trait]
impl Plugin for LimitRanger {
    fn name(&self) -> &'static str {
        "LimitRanger"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.creates(&kinds::POD)
            || attributes.writes(&kinds::PERSISTENT_VOLUME_CLAIM)
            || attributes.operation == Operation::Update && attributes.is_below(&kinds::POD, "resize")
    }
    async fn mutate(&self, attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        let Some(object) = object.filter(|_| attributes.creates(&kinds::POD)) else { return Ok(()) };
        let Some(pod) = object.downcast_mut::<Pod>() else { return Ok(()) };
        for range in ranges(attributes)? {
            fill_in(&range, pod);
        }
        Ok(())
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        let Some(object) = object.filter(|object| object.meta().deletion_timestamp.is_none()) else { return Ok(()) };
        for range in ranges(attributes)? {
            let faults = faults(&range, object);
            if !faults.is_empty() {
                return Err(attributes.forbidden(aggregate(&faults)));
            }
        }
        Ok(())
    }
}

fn ranges(attributes: &Attributes<'_>) -> Result<Vec<LimitRange>, ApiError> {
    list(attributes.registry, &kinds::LIMIT_RANGE, attributes.namespace)
}

/// One text plain, several in brackets, as upstream joins errors.
fn aggregate(faults: &[String]) -> String {
    let mut unique: Vec<&str> = Vec::new();
    for fault in faults {
        if !unique.contains(&fault.as_str()) {
            unique.push(fault);
        }
    }
    match unique.as_slice() {
        [one] => (*one).to_owned(),
        all => format!("[{}]", all.join(", ")),
    }
}

fn items<'a>(range: &'a LimitRange, kind: &'a str) -> impl Iterator<Item = &'a LimitRangeItem> {
    range.spec.iter().flat_map(|spec| &spec.limits).filter(move |item| item.type_ == kind)
}

type Texts = BTreeMap<String, Text>;

/// Gives containers the defaults of a limit range, and says so in an annotation.
fn fill_in(range: &LimitRange, pod: &mut Pod) {
    let (mut requests, mut limits) = (Texts::new(), Texts::new());
    for item in items(range, "Container") {
        requests.extend(item.default_request.clone().unwrap_or_default());
        limits.extend(item.default.clone().unwrap_or_default());
    }
    let Some(spec) = &mut pod.spec else { return };
    let mut set = Vec::new();
    let kinds = [("container", Some(&mut spec.containers)), ("init container", spec.init_containers.as_mut())];
    for (what, containers) in kinds {
        for container in containers.into_iter().flatten() {
            let resources = container.resources.get_or_insert_default();
            for (part, own, defaults) in [("request", &mut resources.requests, &requests), ("limit", &mut resources.limits, &limits)] {
                let missing: Vec<String> =
                    defaults.keys().filter(|name| !own.as_ref().is_some_and(|own| own.contains_key(*name))).cloned().collect();
                if missing.is_empty() {
                    continue;
                }
                own.get_or_insert_default().extend(missing.iter().map(|name| (name.clone(), defaults[name].clone())));
                set.push(format!("{} {part} for {what} {}", missing.join(", "), container.name));
            }
        }
    }
    if !set.is_empty() {
        let text = format!("LimitRanger plugin set: {}", set.join("; "));
        pod.metadata.annotations.get_or_insert_default().insert(ANNOTATION.to_owned(), text);
    }
}

/// What an object asks for that a limit range does not allow.
fn faults(range: &LimitRange, object: &dyn Object) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(claim) = object.downcast_ref::<PersistentVolumeClaim>() {
        let requests =
            amounts(claim.spec.as_ref().and_then(|spec| spec.resources.as_ref()).and_then(|resources| resources.requests.as_ref()));
        for item in items(range, "PersistentVolumeClaim") {
            for (name, least) in amounts(item.min.as_ref()) {
                faults.extend(below(item, &name, &least, &requests, &Amounts::new()));
            }
            for (name, most) in amounts(item.max.as_ref()) {
                faults.extend(request_above(item, &name, &most, &requests));
            }
        }
        return faults;
    }
    let Some(pod) = object.downcast_ref::<Pod>() else { return faults };
    for item in range.spec.iter().flat_map(|spec| &spec.limits) {
        match item.type_.as_str() {
            "Container" => {
                let spec = pod.spec.iter();
                for container in spec.flat_map(|spec| spec.containers.iter().chain(spec.init_containers.iter().flatten())) {
                    let none = ResourceRequirements::default();
                    let resources = container.resources.as_ref().unwrap_or(&none);
                    constrain(item, &amounts(resources.requests.as_ref()), &amounts(resources.limits.as_ref()), &mut faults);
                }
            }
            "Pod" => constrain(item, &kinds::pod::requests::of_pod(pod), &kinds::pod::requests::limits_of_pod(pod), &mut faults),
            _ => {}
        }
    }
    faults
}

type Amounts = BTreeMap<String, Quantity>;

fn amounts(texts: Option<&Texts>) -> Amounts {
    texts.into_iter().flatten().filter_map(|(name, text)| Some((name.clone(), text.0.parse().ok()?))).collect()
}

fn constrain(item: &LimitRangeItem, requests: &Amounts, limits: &Amounts, faults: &mut Vec<String>) {
    for (name, least) in amounts(item.min.as_ref()) {
        faults.extend(below(item, &name, &least, requests, limits));
    }
    for (name, most) in amounts(item.max.as_ref()) {
        faults.extend(above(item, &name, &most, requests, limits));
    }
    for (name, most) in amounts(item.max_limit_request_ratio.as_ref()) {
        faults.extend(ratio(item, &name, &most, requests, limits));
    }
}

/// Both at a precision that fits.
fn compared(quantity: &Quantity, bound: &Quantity) -> (i64, i64) {
    if quantity.value() <= MOST_IN_MILLI && bound.value() <= MOST_IN_MILLI {
        (quantity.milli_value(), bound.milli_value())
    } else {
        (quantity.value(), bound.value())
    }
}
fn less(one: &Quantity, other: &Quantity) -> bool {
    let (one, other) = compared(one, other);
    one < other
}

fn below(item: &LimitRangeItem, name: &str, least: &Quantity, requests: &Amounts, limits: &Amounts) -> Option<String> {
    let head = format!("minimum {name} usage per {} is {least}", item.type_);
    match (requests.get(name), limits.get(name)) {
        (None, _) => Some(format!("{head}.  No request is specified")),
        (Some(request), _) if less(request, least) => Some(format!("{head}, but request is {request}")),
        (_, Some(limit)) if less(limit, least) => Some(format!("{head}, but limit is {limit}")),
        _ => None,
    }
}

fn above(item: &LimitRangeItem, name: &str, most: &Quantity, requests: &Amounts, limits: &Amounts) -> Option<String> {
    let head = format!("maximum {name} usage per {} is {most}", item.type_);
    match (requests.get(name), limits.get(name)) {
        (_, None) => Some(format!("{head}.  No limit is specified")),
        (_, Some(limit)) if less(most, limit) => Some(format!("{head}, but limit is {limit}")),
        (Some(request), _) if less(most, request) => Some(format!("{head}, but request is {request}")),
        _ => None,
    }
}

fn request_above(item: &LimitRangeItem, name: &str, most: &Quantity, requests: &Amounts) -> Option<String> {
    let head = format!("maximum {name} usage per {} is {most}", item.type_);
    match requests.get(name) {
        None => Some(format!("{head}.  No request is specified")),
        Some(request) if less(most, request) => Some(format!("{head}, but request is {request}")),
        Some(_) => None,
    }
}

fn ratio(item: &LimitRangeItem, name: &str, most: &Quantity, requests: &Amounts, limits: &Amounts) -> Option<String> {
    let head = format!("{name} max limit to request ratio per {} is {most}", item.type_);
    let filled = |amounts: &Amounts| amounts.get(name).filter(|amount| !amount.is_zero()).cloned();
    let Some(request) = filled(requests) else { return Some(format!("{head}, but no request is specified or request is 0")) };
    let Some(limit) = filled(limits) else { return Some(format!("{head}, but no limit is specified or limit is 0")) };
    let (limit, request) = compared(&limit, &request);
    let ratio = limit as f64 / request as f64;
    (ratio > most.approximate()).then(|| format!("{head}, but provided ratio is {ratio:.6}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn range(limits: Value) -> LimitRange {
        serde_json::from_value(json!({"metadata": {"name": "l"}, "spec": {"limits": limits}})).unwrap()
    }
    fn pod(containers: Value) -> Pod {
        serde_json::from_value(json!({"metadata": {"name": "p"}, "spec": {"containers": containers}})).unwrap()
    }
    fn check(limits: Value, containers: Value, expected: &[&str]) {
        assert_eq!(faults(&range(limits), &pod(containers)), expected);
    }

    #[test]
    fn containers_get_defaults_and_the_pod_says_so() {
        let mut given = pod(json!([{"name": "a"}, {"name": "b", "resources": {"limits": {"cpu": "2"}}}]));
        fill_in(
            &range(json!([{"type": "Container", "default": {"cpu": "1", "memory": "1Gi"}, "defaultRequest": {"cpu": "500m"}}])),
            &mut given,
        );
        let resources = |index: usize| serde_json::to_value(&given.spec.as_ref().unwrap().containers[index].resources).unwrap();
        assert_eq!(resources(0), json!({"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "500m"}}));
        assert_eq!(resources(1), json!({"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"cpu": "500m"}}));
        assert_eq!(
            given.metadata.annotations.unwrap()[ANNOTATION],
            "LimitRanger plugin set: cpu request for container a; cpu, memory limit for container a; cpu request for container b; memory limit for container b"
        );
    }

    #[test]
    fn bounds_of_containers_pods_and_claims() {
        let asks =
            |request: &str, limit: &str| json!([{"name": "c", "resources": {"requests": {"cpu": request}, "limits": {"cpu": limit}}}]);
        let min = json!([{"type": "Container", "min": {"cpu": "500m"}}]);
        check(min.clone(), asks("500m", "1"), &[]);
        check(min.clone(), asks("100m", "1"), &["minimum cpu usage per Container is 500m, but request is 100m"]);
        check(min, json!([{"name": "c"}]), &["minimum cpu usage per Container is 500m.  No request is specified"]);
        let max = json!([{"type": "Container", "max": {"cpu": "1"}}]);
        check(max.clone(), asks("1", "2"), &["maximum cpu usage per Container is 1, but limit is 2"]);
        check(max, json!([{"name": "c"}]), &["maximum cpu usage per Container is 1.  No limit is specified"]);
        let ratio = json!([{"type": "Container", "maxLimitRequestRatio": {"cpu": "2"}}]);
        check(ratio.clone(), asks("1", "2"), &[]);
        check(ratio, asks("1", "3"), &["cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000"]);
        let of_pod = json!([{"type": "Pod", "max": {"memory": "1Gi"}}]);
        let half = |name: &str| json!({"name": name, "resources": {"requests": {"memory": "600Mi"}, "limits": {"memory": "600Mi"}}});
        check(of_pod, json!([half("a"), half("b")]), &["maximum memory usage per Pod is 1Gi, but limit is 1200Mi"]);
        let claim: PersistentVolumeClaim =
            serde_json::from_value(json!({"spec": {"resources": {"requests": {"storage": "3Gi"}}}})).unwrap();
        let limits = range(json!([{"type": "PersistentVolumeClaim", "max": {"storage": "2Gi"}}]));
        assert_eq!(faults(&limits, &claim), ["maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi"]);
    }
}
