//! What services and pods say about endpoints, for both forms of them.

use std::net::IpAddr;

use api::labels::Selector;
use k8s_openapi::api::core::v1::{ObjectReference, Pod, Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::pods;

/// The label of both forms where the service has no address of its own.
pub(super) const HEADLESS: &str = "service.kubernetes.io/headless";
/// The annotation that tells what change led to the last write.
pub(super) const TRIGGER_TIME: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// The service's spec and selector, where its endpoints are ours to keep: not for one without a selector, nor for a name of something outside.
pub(super) fn managed(service: &Service) -> Option<(&ServiceSpec, Selector)> {
    let spec = service.spec.as_ref()?;
    let selector = spec.selector.as_ref().filter(|selector| !selector.is_empty())?;
    (spec.type_.as_deref() != Some("ExternalName")).then(|| (spec, Selector::from_set(selector)))
}

pub(super) fn is_headless(spec: &ServiceSpec) -> bool {
    matches!(spec.cluster_ip.as_deref(), None | Some("" | "None"))
}

pub(super) fn publishes_not_ready(spec: &ServiceSpec) -> bool {
    spec.publish_not_ready_addresses.unwrap_or_default()
}

/// True where the pod has an address and has not finished.
pub(super) fn has_endpoint(pod: &Pod, terminating_too: bool) -> bool {
    !pods::is_finished(pod) && addresses(pod).next().is_some() && (terminating_too || pod.metadata.deletion_timestamp.is_none())
}

/// The pod's addresses, the primary one first.
pub(super) fn addresses(pod: &Pod) -> impl Iterator<Item = IpAddr> {
    let ips = pod.status.iter().flat_map(|status| status.pod_ips.iter().flatten());
    ips.filter_map(|ip| api::addresses::parse_sloppy(&ip.ip))
}

/// The port of the pod that a port of the service leads to; `None` where no container has it by that name and protocol.
pub(super) fn target_port(pod: &Pod, port: &ServicePort) -> Option<i32> {
    let name = match &port.target_port {
        None => return Some(port.port),
        Some(IntOrString::Int(0)) => return Some(port.port),
        Some(IntOrString::Int(number)) => return Some(*number),
        Some(IntOrString::String(name)) => name,
    };
    let spec = pod.spec.as_ref()?;
    let sidecars = spec.init_containers.iter().flatten().filter(|container| container.restart_policy.as_deref() == Some("Always"));
    let ports = spec.containers.iter().chain(sidecars).flat_map(|container| container.ports.iter().flatten());
    let protocol = |protocol: &Option<String>| protocol.clone().unwrap_or_else(|| "TCP".to_owned());
    ports
        .filter(|found| found.name.as_ref() == Some(name) && protocol(&found.protocol) == protocol(&port.protocol))
        .map(|found| found.container_port)
        .next()
}

/// The name by which DNS knows the pod below the service.
pub(super) fn hostname(pod: &Pod, service: &Service) -> Option<String> {
    let spec = pod.spec.as_ref()?;
    let ours = spec.subdomain.is_some() && spec.subdomain == service.metadata.name && pod.metadata.namespace == service.metadata.namespace;
    spec.hostname.clone().filter(|hostname| ours && !hostname.is_empty())
}

/// The reference to the pod behind an address.
pub(super) fn target(pod: &Pod) -> ObjectReference {
    ObjectReference {
        kind: Some("Pod".to_owned()),
        namespace: pod.metadata.namespace.clone(),
        name: pod.metadata.name.clone(),
        uid: pod.metadata.uid.clone(),
        ..Default::default()
    }
}

/// The newest change that endpoints follow: of the service's creation and its pods' readiness.
pub(super) fn trigger_time<'a>(service: &Service, pods: impl Iterator<Item = &'a Pod>) -> Option<jiff::Timestamp> {
    let created = service.metadata.creation_timestamp.as_ref().map(|time| time.0);
    let changed = pods.filter_map(|pod| pods::condition(pod, "Ready")?.last_transition_time.as_ref().map(|time| time.0)).max();
    created.max(changed)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check_port(port: Value, expected: Option<i32>) {
        let pod: Pod = serde_json::from_value(json!({"spec": {
            "containers": [{"name": "a", "ports": [{"name": "web", "containerPort": 8080}, {"name": "dns", "protocol": "UDP", "containerPort": 5353}]}],
            "initContainers": [{"name": "once", "ports": [{"name": "setup", "containerPort": 1}]},
                {"name": "side", "restartPolicy": "Always", "ports": [{"name": "proxy", "containerPort": 15000}]}],
        }}))
        .unwrap();
        let port: ServicePort = serde_json::from_value(port).unwrap();
        assert_eq!(target_port(&pod, &port), expected, "{port:?}");
    }

    #[test]
    fn ports_are_found_by_name_and_protocol() {
        check_port(json!({"port": 80}), Some(80));
        check_port(json!({"port": 80, "targetPort": 81}), Some(81));
        check_port(json!({"port": 80, "targetPort": "web"}), Some(8080));
        check_port(json!({"port": 80, "targetPort": "dns"}), None);
        check_port(json!({"port": 80, "targetPort": "dns", "protocol": "UDP"}), Some(5353));
        check_port(json!({"port": 80, "targetPort": "setup"}), None);
        check_port(json!({"port": 80, "targetPort": "proxy"}), Some(15000));
    }
}
