//! The quality-of-service class of a pod.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Pod, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::rules::{amount, text};

pub const GUARANTEED: &str = "Guaranteed";
pub const BURSTABLE: &str = "Burstable";
pub const BEST_EFFORT: &str = "BestEffort";
const COUNTED: [&str; 2] = ["cpu", "memory"];

/// The class: what the status says, else what follows from the specification.
pub fn class(pod: &Pod) -> &str {
    match pod.status.as_ref().map(|status| text(&status.qos_class)) {
        Some(class) if !class.is_empty() => class,
        _ => class_of_spec(pod),
    }
}

/// `Guaranteed` where every container has limits of cpu and memory equal to its requests, `BestEffort` where nobody asks for either, else `Burstable`.
/// Requests and limits of the whole pod, where there are any, decide alone.
pub fn class_of_spec(pod: &Pod) -> &'static str {
    let Some(spec) = &pod.spec else { return BEST_EFFORT };
    let empty = ResourceRequirements::default();
    let of_pod = spec.resources.as_ref().filter(|resources| {
        resources.requests.as_ref().is_some_and(|list| !list.is_empty()) || resources.limits.as_ref().is_some_and(|list| !list.is_empty())
    });
    let all: Vec<&ResourceRequirements> = match of_pod {
        Some(resources) => vec![resources],
        None => spec
            .containers
            .iter()
            .chain(spec.init_containers.iter().flatten())
            .map(|container| container.resources.as_ref().unwrap_or(&empty))
            .collect(),
    };
    let counted = |list: &Option<BTreeMap<String, Quantity>>| -> BTreeMap<&'static str, api::Quantity> {
        let found = COUNTED.into_iter().filter_map(|name| list.as_ref()?.get(name).map(|quantity| (name, amount(quantity))));
        found.filter(|(_, quantity)| quantity.sign() > 0).collect()
    };
    let mut any = false;
    let mut guaranteed = true;
    for resources in all {
        let (requests, limits) = (counted(&resources.requests), counted(&resources.limits));
        any |= !requests.is_empty() || !limits.is_empty();
        guaranteed &= limits.len() == COUNTED.len() && requests.iter().all(|(name, request)| limits.get(name) == Some(request));
    }
    match (any, guaranteed) {
        (false, _) => BEST_EFFORT,
        (true, true) => GUARANTEED,
        (true, false) => BURSTABLE,
    }
}
