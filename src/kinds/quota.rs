//! What objects use of a resource quota: amounts by the quota's names, and which quotas count an object at all. Pure: admission charges with it, and the controller
//! counts with it.

use std::collections::{BTreeMap, BTreeSet};

use api::quantity::Format;
use api::{Object, Quantity};
use k8s_openapi::api::core::v1::{
    Container, PersistentVolumeClaim, Pod, PodAffinityTerm, PodSpec, ResourceQuota, ResourceQuotaSpec, ScopedResourceSelectorRequirement,
    Service,
};
use k8s_openapi::api::resource::v1::ResourceClaim;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Text;

use crate::pod::{qos, requests};
use crate::rules::{is_extended, is_huge_page, is_native};

/// Amounts by the names of quotas.
pub type Usage = BTreeMap<String, Quantity>;

/// Amounts of compute that a quota of makes every container say.
const SAID: &[&str] = &["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];
/// Resources whose plain plural names a quota may have, beside `count/...`.
const COUNTED: &[&str] = &["configmaps", "resourcequotas", "replicationcontrollers", "secrets"];
const CLASS: &str = ".storageclass.storage.k8s.io/";
/// Devices of a class that claims ask for.
const DEVICES: &str = ".deviceclass.resource.k8s.io/devices";
/// What a claim for all devices may be given at most.
const ALL_DEVICES: i64 = 32;

/// `count/deployments.apps`, `count/pods`.
pub fn count_name(group: &str, plural: &str) -> String {
    if group.is_empty() { format!("count/{plural}") } else { format!("count/{plural}.{group}") }
}

fn one() -> Quantity {
    whole(1)
}

fn whole(count: i64) -> Quantity {
    Quantity::new(count, Format::DecimalSi)
}

/// What any object of a resource uses, by being there.
pub fn presence(group: &str, plural: &str) -> Usage {
    let mut usage = Usage::from([(count_name(group, plural), one())]);
    if group.is_empty() && COUNTED.contains(&plural) {
        usage.insert(plural.to_owned(), one());
    }
    usage
}

/// What an object uses.
pub fn usage(group: &str, plural: &str, object: &dyn Object) -> Usage {
    let mut usage = presence(group, plural);
    if let Some(pod) = object.downcast_ref::<Pod>() {
        of_pod(pod, &mut usage);
    } else if let Some(service) = object.downcast_ref::<Service>() {
        of_service(service, &mut usage);
    } else if let Some(claim) = object.downcast_ref::<PersistentVolumeClaim>() {
        of_claim(claim, &mut usage);
    } else if let Some(claim) = object.downcast_ref::<ResourceClaim>() {
        of_device_claim(claim, &mut usage);
    }
    usage
}

/// A pod that has ended uses nothing but its place.
fn of_pod(pod: &Pod, usage: &mut Usage) {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or_default();
    if matches!(phase, "Succeeded" | "Failed") {
        return;
    }
    compute(&requests::of_pod(pod), &requests::limits_of_pod(pod), usage);
}

fn compute(requests: &requests::Amounts, limits: &requests::Amounts, usage: &mut Usage) {
    usage.insert("pods".to_owned(), one());
    for (name, amount) in requests {
        if matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage") || is_huge_page(name) {
            usage.insert(name.clone(), amount.clone());
            usage.insert(format!("requests.{name}"), amount.clone());
        } else if is_extended(name) {
            usage.insert(format!("requests.{name}"), amount.clone());
        }
    }
    for name in ["cpu", "memory", "ephemeral-storage"] {
        if let Some(amount) = limits.get(name) {
            usage.insert(format!("limits.{name}"), amount.clone());
        }
    }
}

fn of_service(service: &Service, usage: &mut Usage) {
    let spec = service.spec.clone().unwrap_or_default();
    let ports = spec.ports.unwrap_or_default();
    let balanced = spec.type_.as_deref() == Some("LoadBalancer");
    let node_ports = match spec.type_.as_deref() {
        Some("NodePort") => ports.len(),
        // a balancer without node ports of its own may still ask for some
        Some("LoadBalancer") if spec.allocate_load_balancer_node_ports == Some(false) => {
            ports.iter().filter(|port| port.node_port.is_some_and(|port| port != 0)).count()
        }
        Some("LoadBalancer") => ports.len(),
        _ => 0,
    };
    let whole = |count: usize| whole(i64::try_from(count).unwrap_or(i64::MAX));
    usage.insert("services".to_owned(), one());
    usage.insert("services.nodeports".to_owned(), whole(node_ports));
    usage.insert("services.loadbalancers".to_owned(), whole(usize::from(balanced)));
}

/// The class, by the annotation that was there before the field, too.
fn class_of(claim: &PersistentVolumeClaim) -> Option<&str> {
    let before = claim.metadata.annotations.as_ref().and_then(|annotations| annotations.get("volume.beta.kubernetes.io/storage-class"));
    let named = claim.spec.as_ref().and_then(|spec| spec.storage_class_name.as_deref());
    before.map(String::as_str).or(named).filter(|class| !class.is_empty())
}

fn of_claim(claim: &PersistentVolumeClaim, usage: &mut Usage) {
    let asked = claim.spec.as_ref().and_then(|spec| spec.resources.as_ref()).and_then(|resources| resources.requests.as_ref());
    let amount =
        |list: Option<&BTreeMap<String, Text>>| list.and_then(|list| list.get("storage")).and_then(|text| text.0.parse::<Quantity>().ok());
    // what a volume has been grown to counts, whatever is asked for now
    let allocated = amount(claim.status.as_ref().and_then(|status| status.allocated_resources.as_ref()));
    let storage = amount(asked).map(|asked| allocated.filter(|allocated| *allocated > asked).unwrap_or(asked));
    let mut both = |name: &str, amount: Quantity| {
        if let Some(class) = class_of(claim) {
            usage.insert(format!("{class}{CLASS}{name}"), amount.clone());
        }
        usage.insert(name.to_owned(), amount);
    };
    both("persistentvolumeclaims", one());
    if let Some(storage) = storage {
        both("requests.storage", storage);
    }
}

/// Devices by their class; of alternatives, the most of each class that one of them asks for.
fn of_device_claim(claim: &ResourceClaim, usage: &mut Usage) {
    let count = |mode: Option<&str>, count: Option<i64>| match mode {
        Some("All") => ALL_DEVICES,
        _ => count.unwrap_or(1),
    };
    for request in claim.spec.iter().filter_map(|spec| spec.devices.as_ref()).flat_map(|devices| devices.requests.iter().flatten()) {
        let mut devices: BTreeMap<&str, i64> = BTreeMap::new();
        for request in request.first_available.iter().flatten() {
            let most = devices.entry(&request.device_class_name).or_default();
            *most = count(request.allocation_mode.as_deref(), request.count).max(*most);
        }
        if let Some(request) = &request.exactly {
            devices.insert(&request.device_class_name, count(request.allocation_mode.as_deref(), request.count));
        }
        for (class, count) in devices {
            add(usage, &Usage::from([(format!("{class}{DEVICES}"), whole(count))]));
        }
    }
}

/// Does a name of a quota count objects of a resource? Those of one resource are counted, and changed, together.
pub fn counts(name: &str, group: &str, plural: &str) -> bool {
    if name == count_name(group, plural) {
        return true;
    }
    if !group.is_empty() {
        return (group, plural) == ("resource.k8s.io", "resourceclaims") && name.ends_with(DEVICES);
    }
    match plural {
        "pods" => {
            let native = ["pods", "cpu", "memory", "ephemeral-storage"].contains(&name);
            let prefixed = name.strip_prefix("requests.").or_else(|| name.strip_prefix("limits."));
            native
                || prefixed.is_some_and(|rest| matches!(rest, "cpu" | "memory" | "ephemeral-storage"))
                || name.starts_with("hugepages-")
                || name.starts_with("requests.hugepages-")
                || name.starts_with("requests.") && !is_native(name) && !name.contains(CLASS)
        }
        "services" => matches!(name, "services" | "services.nodeports" | "services.loadbalancers"),
        "persistentvolumeclaims" => {
            let plain = |name: &str| matches!(name, "persistentvolumeclaims" | "requests.storage");
            plain(name) || name.split_once(CLASS).is_some_and(|(_, rest)| plain(rest))
        }
        _ => COUNTED.contains(&plural) && name == plural,
    }
}

/// Is an object one of those that a quota is about? A quota without scopes is about all.
pub fn in_scope(spec: &ResourceQuotaSpec, object: &dyn Object) -> bool {
    let plain = spec.scopes.iter().flatten().map(|scope| (scope.as_str(), None));
    let selected = spec.scope_selector.iter().flat_map(|selector| selector.match_expressions.iter().flatten());
    plain.chain(selected.map(|requirement| (requirement.scope_name.as_str(), Some(requirement)))).all(|(scope, requirement)| {
        if let Some(pod) = object.downcast_ref::<Pod>() {
            return pod_in_scope(pod, scope, requirement);
        }
        let claim = object.downcast_ref::<PersistentVolumeClaim>().filter(|_| scope == "VolumeAttributesClass");
        claim.is_some_and(|claim| {
            let classes = attributes_classes(claim);
            classes.is_empty() && selects(requirement, "") || classes.iter().any(|class| selects(requirement, class))
        })
    })
}

/// The classes that a claim wants, has, and is on its way to.
fn attributes_classes(claim: &PersistentVolumeClaim) -> BTreeSet<&str> {
    let status = claim.status.as_ref();
    let wanted = claim.spec.as_ref().and_then(|spec| spec.volume_attributes_class_name.as_deref());
    let current = status.and_then(|status| status.current_volume_attributes_class_name.as_deref());
    let target = status.and_then(|status| status.modify_volume_status.as_ref()?.target_volume_attributes_class_name.as_deref());
    [wanted, current, target].into_iter().flatten().filter(|class| !class.is_empty()).collect()
}

fn pod_in_scope(pod: &Pod, scope: &str, requirement: Option<&ScopedResourceSelectorRequirement>) -> bool {
    let none = PodSpec::default();
    let spec = pod.spec.as_ref().unwrap_or(&none);
    let terminating = spec.active_deadline_seconds.is_some_and(|seconds| seconds >= 0);
    match scope {
        "Terminating" => terminating,
        "NotTerminating" => !terminating,
        "BestEffort" => qos::class(pod) == qos::BEST_EFFORT,
        "NotBestEffort" => qos::class(pod) != qos::BEST_EFFORT,
        "PriorityClass" => selects(requirement, spec.priority_class_name.as_deref().unwrap_or_default()),
        "CrossNamespacePodAffinity" => crosses_namespaces(spec),
        _ => false,
    }
}

/// Does a requirement select a value? Without one, any value will do.
fn selects(requirement: Option<&ScopedResourceSelectorRequirement>, value: &str) -> bool {
    let Some(requirement) = requirement else { return !value.is_empty() };
    let listed = requirement.values.iter().flatten().any(|listed| listed == value);
    match requirement.operator.as_str() {
        "Exists" => !value.is_empty(),
        "DoesNotExist" => value.is_empty(),
        "In" => listed && !value.is_empty(),
        "NotIn" => !listed,
        _ => false,
    }
}

fn crosses_namespaces(spec: &PodSpec) -> bool {
    let crosses =
        |term: &PodAffinityTerm| term.namespaces.as_ref().is_some_and(|names| !names.is_empty()) || term.namespace_selector.is_some();
    let Some(affinity) = &spec.affinity else { return false };
    let with = affinity.pod_affinity.iter().flat_map(|affinity| {
        let preferred = affinity.preferred_during_scheduling_ignored_during_execution.iter().flatten().map(|term| &term.pod_affinity_term);
        affinity.required_during_scheduling_ignored_during_execution.iter().flatten().chain(preferred)
    });
    let without = affinity.pod_anti_affinity.iter().flat_map(|affinity| {
        let preferred = affinity.preferred_during_scheduling_ignored_during_execution.iter().flatten().map(|term| &term.pod_affinity_term);
        affinity.required_during_scheduling_ignored_during_execution.iter().flatten().chain(preferred)
    });
    with.chain(without).any(crosses)
}

/// What a pod must say for quotas of these names and does not: `limits.cpu for: a,b; requests.cpu for: a`.
pub fn unsaid(names: &BTreeSet<String>, object: &dyn Object) -> Option<String> {
    let spec = object.downcast_ref::<Pod>()?.spec.as_ref()?;
    // a pod whose own requirements say it needs none of its containers'
    let mut of_pod = Usage::new();
    if let Some(resources) = &spec.resources {
        compute(&amounts(resources.requests.as_ref()), &amounts(resources.limits.as_ref()), &mut of_pod);
    }
    let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let required = SAID.iter().filter(|name| names.contains(**name) && !of_pod.contains_key(**name));
    for name in required {
        for container in spec.containers.iter().chain(spec.init_containers.iter().flatten()) {
            if !said(container).contains_key(*name) {
                missing.entry(name).or_default().insert(&container.name);
            }
        }
    }
    let texts: Vec<String> = missing
        .into_iter()
        .map(|(name, containers)| format!("{name} for: {}", containers.into_iter().collect::<Vec<_>>().join(",")))
        .collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn amounts(list: Option<&BTreeMap<String, Text>>) -> requests::Amounts {
    list.into_iter().flatten().filter_map(|(name, text)| Some((name.clone(), text.0.parse().ok()?))).collect()
}

fn said(container: &Container) -> Usage {
    let mut usage = Usage::new();
    if let Some(resources) = &container.resources {
        compute(&amounts(resources.requests.as_ref()), &amounts(resources.limits.as_ref()), &mut usage);
    }
    usage
}

/// The hard limits of a quota, as its controller has last taken note of them.
pub fn hard(quota: &ResourceQuota) -> Usage {
    amounts(quota.status.as_ref().and_then(|status| status.hard.as_ref()))
}
/// What is used of it.
pub fn used(quota: &ResourceQuota) -> Usage {
    amounts(quota.status.as_ref().and_then(|status| status.used.as_ref()))
}

/// The change in what a quota counts when an object goes from one state to another; none of it is zero.
pub fn change(quota: &ResourceQuota, group: &str, plural: &str, old: Option<&dyn Object>, new: Option<&dyn Object>) -> Usage {
    let none = ResourceQuotaSpec::default();
    let spec = quota.spec.as_ref().unwrap_or(&none);
    let hard = hard(quota);
    let of = |object: Option<&dyn Object>| {
        let counted = object.filter(|object| in_scope(spec, *object));
        counted.map(|object| usage(group, plural, object)).unwrap_or_default()
    };
    let (before, after) = (of(old), of(new));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).filter(|name| hard.contains_key(*name)).collect();
    let zero = Quantity::new(0, Format::DecimalSi);
    names
        .into_iter()
        .map(|name| (name.clone(), after.get(name).unwrap_or(&zero).sub(before.get(name).unwrap_or(&zero))))
        .filter(|(_, amount)| !amount.is_zero())
        .collect()
}

/// Adds what one more object uses.
pub fn add(total: &mut Usage, more: &Usage) {
    for (name, amount) in more {
        let sum = total.get(name).map_or_else(|| amount.clone(), |present| present.add(amount));
        total.insert(name.clone(), sum);
    }
}

/// As objects carry it.
pub fn texts(usage: &Usage) -> BTreeMap<String, Text> {
    usage.iter().map(|(name, amount)| (name.clone(), Text(amount.to_string()))).collect()
}

/// `cpu=1,pods=2`.
pub fn told(usage: &Usage) -> String {
    usage.iter().map(|(name, amount)| format!("{name}={amount}")).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn pod(spec: Value) -> Pod {
        serde_json::from_value(json!({"metadata": {"name": "p"}, "spec": spec})).unwrap()
    }
    fn check_usage(plural: &str, object: &dyn Object, expected: &str) {
        assert_eq!(told(&usage("", plural, object)), expected);
    }

    #[test]
    fn what_objects_use() {
        let asking = json!({"containers": [{"name": "c", "resources": {"requests": {"cpu": "500m", "memory": "1Gi", "example.com/gpu": "1"}, "limits": {"cpu": "1"}}}]});
        check_usage(
            "pods",
            &pod(asking.clone()),
            "count/pods=1,cpu=500m,limits.cpu=1,memory=1Gi,pods=1,requests.cpu=500m,requests.example.com/gpu=1,requests.memory=1Gi",
        );
        let mut ended = pod(asking);
        ended.status.get_or_insert_default().phase = Some("Succeeded".to_owned());
        check_usage("pods", &ended, "count/pods=1");
        let service: Service =
            serde_json::from_value(json!({"spec": {"type": "LoadBalancer", "ports": [{"port": 1}, {"port": 2}]}})).unwrap();
        check_usage("services", &service, "count/services=1,services=1,services.loadbalancers=1,services.nodeports=2");
        let claim: PersistentVolumeClaim =
            serde_json::from_value(json!({"spec": {"storageClassName": "fast", "resources": {"requests": {"storage": "2Gi"}}}})).unwrap();
        check_usage(
            "persistentvolumeclaims",
            &claim,
            "count/persistentvolumeclaims=1,fast.storageclass.storage.k8s.io/persistentvolumeclaims=1,fast.storageclass.storage.k8s.io/requests.storage=2Gi,persistentvolumeclaims=1,requests.storage=2Gi",
        );
    }

    #[test]
    fn every_amount_is_counted_by_the_resource_that_uses_it() {
        let all = pod(
            json!({"containers": [{"name": "c", "resources": {"requests": {"cpu": "1", "hugepages-2Mi": "2Mi", "example.com/gpu": "1"}, "limits": {"memory": "1"}}}]}),
        );
        for name in usage("", "pods", &all).keys() {
            assert!(counts(name, "", "pods"), "{name}");
        }
        assert!(!counts("requests.storage", "", "pods") && counts("requests.storage", "", "persistentvolumeclaims"));
        assert!(!counts("gold.storageclass.storage.k8s.io/requests.storage", "", "pods"));
        assert!(counts("count/deployments.apps", "apps", "deployments") && !counts("count/deployments.apps", "", "pods"));
        assert!(counts("secrets", "", "secrets") && !counts("secrets", "", "configmaps"));
        assert!(counts("gold.deviceclass.resource.k8s.io/devices", "resource.k8s.io", "resourceclaims"));
    }

    #[test]
    fn devices_are_counted_by_class() {
        let claim: ResourceClaim = serde_json::from_value(json!({"spec": {"devices": {"requests": [
            {"name": "a", "exactly": {"deviceClassName": "gold", "allocationMode": "ExactCount", "count": 2}},
            {"name": "b", "exactly": {"deviceClassName": "gold", "allocationMode": "All"}},
            {"name": "c", "firstAvailable": [
                {"name": "d", "deviceClassName": "gold", "allocationMode": "ExactCount", "count": 1},
                {"name": "e", "deviceClassName": "gold", "allocationMode": "ExactCount", "count": 3},
                {"name": "f", "deviceClassName": "silver", "allocationMode": "ExactCount", "count": 5},
            ]},
        ]}}}))
        .unwrap();
        assert_eq!(
            told(&usage("resource.k8s.io", "resourceclaims", &claim)),
            "count/resourceclaims.resource.k8s.io=1,gold.deviceclass.resource.k8s.io/devices=37,silver.deviceclass.resource.k8s.io/devices=5"
        );
    }

    #[test]
    fn a_claim_counts_for_every_class_that_it_wants_or_has() {
        let check = |operator: &str, values: Value, expected: bool| {
            let claim: PersistentVolumeClaim = serde_json::from_value(json!({
                "spec": {"volumeAttributesClassName": "silver"},
                "status": {"currentVolumeAttributesClassName": "gold", "modifyVolumeStatus": {"status": "Pending", "targetVolumeAttributesClassName": "iron"}},
            }))
            .unwrap();
            let requirement = json!({"scopeName": "VolumeAttributesClass", "operator": operator, "values": values});
            let spec: ResourceQuotaSpec = serde_json::from_value(json!({"scopeSelector": {"matchExpressions": [requirement]}})).unwrap();
            assert_eq!(in_scope(&spec, &claim), expected, "{operator} {values}");
        };
        for class in ["silver", "gold", "iron"] {
            check("In", json!([class]), true);
        }
        check("In", json!(["tin"]), false);
        check("Exists", json!([]), true);
        check("DoesNotExist", json!([]), false);
    }

    #[test]
    fn scopes_choose_pods() {
        let check = |scope: Value, spec: Value, expected: bool| {
            let quota: ResourceQuotaSpec = serde_json::from_value(scope).unwrap();
            assert_eq!(in_scope(&quota, &pod(spec.clone())), expected, "{quota:?} {spec}");
        };
        let plain = json!({"containers": [{"name": "c"}]});
        check(json!({}), plain.clone(), true);
        check(json!({"scopes": ["BestEffort"]}), plain.clone(), true);
        check(json!({"scopes": ["NotBestEffort"]}), plain.clone(), false);
        check(json!({"scopes": ["Terminating"]}), json!({"containers": [], "activeDeadlineSeconds": 5}), true);
        let high = |operator: &str, values: Value| json!({"scopeSelector": {"matchExpressions": [{"scopeName": "PriorityClass", "operator": operator, "values": values}]}});
        let important = json!({"containers": [], "priorityClassName": "high"});
        check(high("In", json!(["high"])), important.clone(), true);
        check(high("In", json!(["low"])), important.clone(), false);
        check(high("NotIn", json!(["low"])), plain.clone(), true);
        check(high("Exists", json!([])), plain, false);
    }

    #[test]
    fn what_a_pod_must_say() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let two = pod(json!({"containers": [{"name": "b", "resources": {"requests": {"cpu": "1"}}}, {"name": "a"}]}));
        assert_eq!(unsaid(&names(&["requests.cpu", "limits.cpu", "pods"]), &two).unwrap(), "limits.cpu for: a,b; requests.cpu for: a");
        assert_eq!(unsaid(&names(&["pods", "ephemeral-storage"]), &two), None);
    }

    #[test]
    fn a_change_is_what_a_quota_counts_of_it() {
        let quota: ResourceQuota = serde_json::from_value(
            json!({"spec": {"hard": {"pods": "2", "limits.cpu": "4"}}, "status": {"hard": {"pods": "2", "limits.cpu": "4"}}}),
        )
        .unwrap();
        let asks =
            |cpu: &str| pod(json!({"containers": [{"name": "c", "resources": {"limits": {"cpu": cpu}, "requests": {"memory": "1"}}}]}));
        let (old, new) = (asks("1"), asks("3"));
        assert_eq!(told(&change(&quota, "", "pods", None, Some(&new))), "limits.cpu=3,pods=1");
        assert_eq!(told(&change(&quota, "", "pods", Some(&old), Some(&new))), "limits.cpu=2");
        assert_eq!(told(&change(&quota, "", "pods", Some(&new), None)), "limits.cpu=-3,pods=-1");
    }
}
