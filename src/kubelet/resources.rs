//! CPU and memory of containers and pods in the kernel's terms: shares, quota, weights, limits, the order in which the kernel kills.

use std::collections::BTreeMap;

use api::quantity::Quantity;
use k8s_openapi::api::core::v1::{Container, Pod, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Wire;

use crate::pod;

/// Resource amounts as they stand in a spec.
pub type Amounts = BTreeMap<String, Wire>;

/// One period of CPU bandwidth control, in microseconds.
pub const QUOTA_PERIOD: i64 = 100_000;
const MIN_SHARES: i64 = 2;
const MAX_SHARES: i64 = 262_144;
const MIN_QUOTA: i64 = 1_000;

fn amount(amounts: Option<&Amounts>, name: &str) -> Option<Quantity> {
    amounts?.get(name)?.0.parse().ok()
}
/// Millicores.
pub fn cpu_milli(amounts: Option<&Amounts>) -> Option<i64> {
    amount(amounts, "cpu").map(|quantity| quantity.milli_value())
}
/// Bytes.
pub fn memory(amounts: Option<&Amounts>) -> Option<i64> {
    amount(amounts, "memory").map(|quantity| quantity.value())
}
pub fn value(amounts: Option<&Amounts>, name: &str) -> Option<i64> {
    amount(amounts, name).map(|quantity| quantity.value())
}
fn requests(resources: Option<&ResourceRequirements>) -> Option<&Amounts> {
    resources?.requests.as_ref()
}
fn limits(resources: Option<&ResourceRequirements>) -> Option<&Amounts> {
    resources?.limits.as_ref()
}

pub fn shares(milli: i64) -> i64 {
    if milli == 0 { MIN_SHARES } else { (milli * 1024 / 1000).clamp(MIN_SHARES, MAX_SHARES) }
}
/// Microseconds of CPU a period; 0 is without limit.
pub fn quota(milli: i64) -> i64 {
    if milli == 0 { 0 } else { (milli * QUOTA_PERIOD / 1000).max(MIN_QUOTA) }
}
/// cgroup v2's weight for v1's shares.
pub fn weight(shares: i64) -> i64 {
    1 + ((shares.clamp(MIN_SHARES, MAX_SHARES) - 2) * 9999) / 262_142
}

/// The kernel's terms for one container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContainerLimits {
    pub shares: i64,
    pub quota: i64,
    pub memory: i64,
    pub oom_score_adj: i64,
}

/// Shares follow the request, or the limit where only that is given.
pub fn of_container(pod: &Pod, container: &Container, machine_memory: i64) -> ContainerLimits {
    let resources = container.resources.as_ref();
    let limit = cpu_milli(limits(resources));
    let request = cpu_milli(requests(resources)).or(limit).unwrap_or(0);
    ContainerLimits {
        shares: shares(request),
        quota: quota(limit.unwrap_or(0)),
        memory: memory(limits(resources)).unwrap_or(0),
        oom_score_adj: oom_score_adj(pod, container, machine_memory),
    }
}

/// Guaranteed pods are killed last, those without requests first, others by how much they asked for.
fn oom_score_adj(pod: &Pod, container: &Container, machine_memory: i64) -> i64 {
    if pod::spec(pod).priority_class_name.as_deref() == Some("system-node-critical") {
        return -997;
    }
    match qos_class(pod) {
        "Guaranteed" => -997,
        "BestEffort" => 1000,
        _ => {
            let request = memory(requests(container.resources.as_ref())).unwrap_or(0);
            let share = if machine_memory > 0 { 1000 * request / machine_memory } else { 0 };
            // Above every guaranteed container and below every one without requests.
            (1000 - share).clamp(3, 999)
        }
    }
}

/// What the whole pod asks for: the sum of its containers, or its largest init container beside the sidecars started before it.
pub fn pod_total(pod: &Pod, of: impl Fn(&Container) -> i64) -> i64 {
    let spec = pod::spec(pod);
    let (mut sidecars, mut peak) = (0, 0);
    for container in spec.init_containers.iter().flatten() {
        if pod::role_of_init(container) == pod::Role::Sidecar {
            sidecars += of(container);
            peak = peak.max(sidecars);
        } else {
            peak = peak.max(sidecars + of(container));
        }
    }
    peak.max(sidecars + spec.containers.iter().map(of).sum::<i64>())
}

/// The kernel's terms for the pod's cgroup; `None` sets no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodLimits {
    pub shares: i64,
    pub quota: Option<i64>,
    pub memory: Option<i64>,
}

/// Limits only where every container has one.
pub fn of_pod(pod: &Pod) -> PodLimits {
    let all = |limit: fn(Option<&Amounts>) -> Option<i64>| {
        pod::containers(pod).all(|(_, container)| limit(limits(container.resources.as_ref())).is_some_and(|value| value > 0))
    };
    let cpu_request = |container: &Container| {
        let resources = container.resources.as_ref();
        cpu_milli(requests(resources)).or(cpu_milli(limits(resources))).unwrap_or(0)
    };
    let request = pod_total(pod, cpu_request);
    let cpu = pod_total(pod, |container| cpu_milli(limits(container.resources.as_ref())).unwrap_or(0));
    let bytes = pod_total(pod, |container| memory(limits(container.resources.as_ref())).unwrap_or(0));
    PodLimits { shares: shares(request), quota: all(cpu_milli).then(|| quota(cpu)), memory: all(memory).then_some(bytes) }
}

/// What a pod takes from its node: CPU in millicores, memory in bytes.
pub fn requested(pod: &Pod) -> (i64, i64) {
    let cpu = pod_total(pod, |container| cpu_milli(requests(container.resources.as_ref())).unwrap_or(0));
    let bytes = pod_total(pod, |container| memory(requests(container.resources.as_ref())).unwrap_or(0));
    (cpu, bytes)
}

/// The class of service by CPU and memory of all containers.
pub fn qos_class(pod: &Pod) -> &'static str {
    let mut any = false;
    let mut guaranteed = true;
    for (_, container) in pod::containers(pod) {
        for resource in ["cpu", "memory"] {
            let positive = |amounts| amount(amounts, resource).filter(|quantity| quantity.sign() > 0);
            let limit = positive(limits(container.resources.as_ref()));
            let request = positive(requests(container.resources.as_ref()));
            any |= limit.is_some() || request.is_some();
            guaranteed &= limit.is_some() && (request.is_none() || request == limit);
        }
    }
    match (any, guaranteed) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::pod;

    #[test]
    fn numbers_of_the_kernel() {
        for (milli, expected) in [(0, 2), (1, 2), (100, 102), (1000, 1024), (1_000_000, 262_144)] {
            assert_eq!(shares(milli), expected, "shares of {milli}");
        }
        for (milli, expected) in [(0, 0), (1, 1000), (250, 25_000), (2000, 200_000)] {
            assert_eq!(quota(milli), expected, "quota of {milli}");
        }
        for (shares, expected) in [(2, 1), (1024, 39), (262_144, 10_000)] {
            assert_eq!(weight(shares), expected, "weight of {shares}");
        }
    }

    #[test]
    fn classes() {
        let check = |resources: &str, class: &str| {
            let pod = pod(&format!("containers: [{{name: a, resources: {resources}}}]"));
            assert_eq!(qos_class(&pod), class, "{resources}");
        };
        check("{}", "BestEffort");
        check("{requests: {cpu: 100m}}", "Burstable");
        check("{limits: {cpu: 1, memory: 1Gi}}", "Guaranteed");
        check("{limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1000m, memory: 1024Mi}}", "Guaranteed");
        check("{limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 500m}}", "Burstable");
    }

    #[test]
    fn a_pod_is_its_containers_or_its_largest_init() {
        let pod = pod("{initContainers: [{name: i, resources: {limits: {cpu: '2', memory: 1Gi}}}, \
             {name: s, restartPolicy: Always, resources: {limits: {cpu: 100m, memory: 10Mi}}}], \
             containers: [{name: a, resources: {limits: {cpu: 300m, memory: 64Mi}}}]}");
        assert_eq!(of_pod(&pod), PodLimits { shares: 2048, quota: Some(200_000), memory: Some(1 << 30) });
        assert_eq!(of_container(&pod, &pod::spec(&pod).containers[0], 16 << 30).oom_score_adj, -997);
    }

    #[test]
    fn one_container_without_a_limit_leaves_the_pod_without() {
        let pod = pod("containers: [{name: a, resources: {limits: {cpu: 300m}}}, {name: b}]");
        assert_eq!(of_pod(&pod), PodLimits { shares: 307, quota: None, memory: None });
    }

    #[test]
    fn burstable_is_killed_by_what_it_asked_for() {
        let pod = pod("containers: [{name: a, resources: {requests: {memory: 4Gi}}}]");
        assert_eq!(of_container(&pod, &pod::spec(&pod).containers[0], 16 << 30).oom_score_adj, 750);
    }
}
