//! What a pod needs in total, as the scheduler and quotas count it: containers run together, init containers one by one beside the sidecars started before them.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Container, Pod, PodSpec, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::rules::{amount, is_huge_page, overcommits, text};

/// Amounts by name.
pub type Amounts = BTreeMap<String, api::Quantity>;
type List = Option<BTreeMap<String, Quantity>>;

/// Requests of the whole pod, its overhead included.
pub fn of_pod(pod: &Pod) -> Amounts {
    pod.spec.as_ref().map(of_spec).unwrap_or_default()
}

/// As [`of_pod`], of a specification.
pub fn of_spec(spec: &PodSpec) -> Amounts {
    let mut total = of_containers(spec);
    for (name, quantity) in spec.resources.iter().flat_map(|resources| resources.requests.iter().flatten()) {
        if is_pod_level(name) {
            total.insert(name.clone(), amount(quantity));
        }
    }
    add(&mut total, &amounts(&spec.overhead));
    total
}

/// Limits of the whole pod: the sum where every container has one; the overhead goes on top of what is limited.
pub fn limits_of_pod(pod: &Pod) -> Amounts {
    let Some(spec) = &pod.spec else { return Amounts::new() };
    let mut total = aggregate(spec, |resources| &resources.limits);
    for (name, quantity) in spec.resources.iter().flat_map(|resources| resources.limits.iter().flatten()) {
        if is_pod_level(name) {
            total.insert(name.clone(), amount(quantity));
        }
    }
    for (name, overhead) in amounts(&spec.overhead) {
        if let Some(limit) = total.get_mut(&name).filter(|limit| !limit.is_zero()) {
            *limit = limit.add(&overhead);
        }
    }
    total
}

/// Requests of the containers alone.
pub(super) fn of_containers(spec: &PodSpec) -> Amounts {
    aggregate(spec, |resources| &resources.requests)
}

fn aggregate(spec: &PodSpec, list: fn(&ResourceRequirements) -> &List) -> Amounts {
    let of = |container: &Container| container.resources.as_ref().map(|resources| amounts(list(resources))).unwrap_or_default();
    let mut total = Amounts::new();
    for container in &spec.containers {
        add(&mut total, &of(container));
    }
    let mut sidecars = Amounts::new();
    let mut peak = Amounts::new();
    for container in spec.init_containers.iter().flatten() {
        let own = of(container);
        if text(&container.restart_policy) == "Always" {
            add(&mut total, &own);
            add(&mut sidecars, &own);
            maximum(&mut peak, &sidecars);
        } else {
            let mut beside = sidecars.clone();
            add(&mut beside, &own);
            maximum(&mut peak, &beside);
        }
    }
    maximum(&mut total, &peak);
    total
}

fn amounts(list: &List) -> Amounts {
    list.iter().flatten().map(|(name, quantity)| (name.clone(), amount(quantity))).collect()
}

fn add(total: &mut Amounts, more: &Amounts) {
    for (name, quantity) in more {
        let sum = total.get(name).map_or_else(|| quantity.clone(), |present| present.add(quantity));
        total.insert(name.clone(), sum);
    }
}

fn maximum(total: &mut Amounts, other: &Amounts) {
    for (name, quantity) in other {
        if total.get(name).is_none_or(|present| present < quantity) {
            total.insert(name.clone(), quantity.clone());
        }
    }
}

fn is_pod_level(name: &str) -> bool {
    matches!(name, "cpu" | "memory") || is_huge_page(name)
}

/// Requests of the whole pod where only its limits are given: those of the containers, else the limits.
pub(super) fn default_pod_level(spec: &mut PodSpec) {
    let of_containers = of_containers(spec);
    let Some(resources) = &mut spec.resources else { return };
    let Some(limits) = resources.limits.as_ref().filter(|limits| !limits.is_empty()) else { return };
    let mut requests = resources.requests.clone().unwrap_or_default();
    for (name, quantity) in &of_containers {
        if is_pod_level(name) && overcommits(name) {
            requests.entry(name.clone()).or_insert_with(|| Quantity(quantity.to_string()));
        }
    }
    for (name, limit) in limits {
        if is_pod_level(name) {
            requests.entry(name.clone()).or_insert_with(|| limit.clone());
        }
    }
    if !requests.is_empty() {
        resources.requests = Some(requests);
    }
}
