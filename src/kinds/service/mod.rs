//! Services and what they lead to: Endpoints, EndpointSlices.

mod addresses;
pub(crate) mod endpoint_slice;
pub(crate) mod endpoints;
mod validate;

use api::addresses::{cidr_warnings, ip_warning};
use api::{ErrorList, Path, names};
use k8s_openapi::api::core::v1::{Service, ServiceSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::Part;
use crate::rules::{drop_empty, drop_false, fill, text};

pub use addresses::normalize as normalize_addresses;

const TOPOLOGY_HINTS: &str = "service.kubernetes.io/topology-aware-hints";
const AFFINITY_SECONDS: i32 = 10_800;
/// `clusterIP` of a service without an address.
pub const HEADLESS: &str = "None";

pub(crate) struct ServiceBehaviour;

impl crate::Behaviour<Service> for ServiceBehaviour {
    fn default(&self, service: &mut Service) {
        default(service);
    }

    fn prepare_create(&self, service: &mut Service) {
        service.status = None;
        default(service);
        let spec = service.spec.get_or_insert_default();
        addresses::normalize(spec, None);
        drop_type_dependent(spec, None);
        addresses::default_families(spec);
    }

    fn prepare_update(&self, part: Part, service: &mut Service, old: &Service) {
        match part {
            Part::Main => {
                service.status.clone_from(&old.status);
                let before = old.spec.clone().unwrap_or_default();
                let spec = service.spec.get_or_insert_default();
                patch_allocated(spec, &before);
                addresses::normalize(spec, Some(&before));
                drop_type_dependent(spec, Some(&before));
                addresses::default_families(spec);
            }
            Part::Status => service.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, service: &Service) -> ErrorList {
        validate::service(service)
    }

    fn validate_update(&self, part: Part, service: &Service, old: &Service) -> ErrorList {
        match part {
            Part::Main => validate::change(service, old),
            Part::Status => validate::status(service),
        }
    }

    fn name_errors(&self, name: &str, prefix: bool) -> Vec<String> {
        names::dns1035_label(name, prefix)
    }

    fn fields(&self, service: &Service) -> Vec<(&'static str, String)> {
        let spec = service.spec.as_ref();
        let of = |get: fn(&ServiceSpec) -> &Option<String>| spec.map(|spec| text(get(spec)).to_owned()).unwrap_or_default();
        vec![("spec.clusterIP", of(|spec| &spec.cluster_ip)), ("spec.type", of(|spec| &spec.type_))]
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["spec.clusterIP", "spec.type"]
    }

    fn warnings(&self, service: &Service, _old: Option<&Service>) -> Vec<String> {
        service.spec.as_ref().map(|spec| warnings(spec, &service.metadata)).unwrap_or_default()
    }
}

fn warnings(spec: &ServiceSpec, meta: &ObjectMeta) -> Vec<String> {
    let path = Path::new("spec");
    let mut warnings = Vec::new();
    if meta.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(TOPOLOGY_HINTS)) {
        warnings.push(format!("annotation {TOPOLOGY_HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead"));
    }
    let ips = |list: Option<&Vec<String>>, field: &str| -> Vec<String> {
        let told = |(index, ip): (usize, &String)| ip_warning(ip, &path.child(field).index(index));
        list.into_iter().flatten().enumerate().filter_map(told).collect()
    };
    warnings.extend(ips(spec.cluster_ips.as_ref(), "clusterIPs"));
    let external = spec.external_ips.as_deref().unwrap_or_default();
    let (headless, by_name) = (text(&spec.type_) == "ClusterIP" && text(&spec.cluster_ip) == HEADLESS, text(&spec.type_) == "ExternalName");
    if headless {
        let ignored = [
            (!text(&spec.load_balancer_ip).is_empty(), "loadBalancerIP"),
            (!external.is_empty(), "externalIPs"),
            (text(&spec.session_affinity) != "None", "SessionAffinity"),
        ];
        let ignored = ignored.into_iter().filter(|(there, _)| *there);
        warnings.extend(ignored.map(|(_, field)| format!("spec.{field} is ignored for headless services")));
    }
    warnings.extend(ips(spec.external_ips.as_ref(), "externalIPs"));
    if !external.is_empty() && !headless && !by_name {
        warnings.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters".to_owned());
    }
    warnings.extend(spec.load_balancer_ip.as_ref().and_then(|ip| ip_warning(ip, &path.child("loadBalancerIP"))));
    let ranges = spec.load_balancer_source_ranges.iter().flatten().enumerate();
    warnings.extend(ranges.flat_map(|(index, range)| cidr_warnings(range, &path.child("loadBalancerSourceRanges").index(index))));
    if by_name && !external.is_empty() {
        warnings.push("spec.externalIPs is ignored when spec.type is \"ExternalName\"".to_owned());
    }
    if !by_name && !text(&spec.external_name).is_empty() {
        warnings.push("spec.externalName is ignored when spec.type is not \"ExternalName\"".to_owned());
    }
    if text(&spec.traffic_distribution) == "PreferClose" {
        warnings.push("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"".to_owned());
    }
    warnings
}

/// `clusterIP: None`.
pub fn is_headless(spec: &ServiceSpec) -> bool {
    spec.cluster_ips.as_ref().is_some_and(|list| list.len() == 1 && list[0] == HEADLESS) || text(&spec.cluster_ip) == HEADLESS
}

/// Reachable from outside: by a node's port, a load balancer or external addresses.
pub fn is_externally_accessible(spec: &ServiceSpec) -> bool {
    match text(&spec.type_) {
        "LoadBalancer" | "NodePort" => true,
        "ClusterIP" => spec.external_ips.as_ref().is_some_and(|list| !list.is_empty()),
        _ => false,
    }
}

/// A load balancer that must know which nodes have endpoints.
pub fn needs_health_check(spec: &ServiceSpec) -> bool {
    text(&spec.type_) == "LoadBalancer" && text(&spec.external_traffic_policy) == "Local"
}

fn default(service: &mut Service) {
    let spec = service.spec.get_or_insert_default();
    fill(&mut spec.session_affinity, "None");
    match text(&spec.session_affinity) {
        "None" => spec.session_affinity_config = None,
        "ClientIP" => {
            let config = spec.session_affinity_config.get_or_insert_default();
            config.client_ip.get_or_insert_default().timeout_seconds.get_or_insert(AFFINITY_SECONDS);
        }
        _ => {}
    }
    fill(&mut spec.type_, "ClusterIP");
    for port in spec.ports.iter_mut().flatten() {
        fill(&mut port.protocol, "TCP");
        let unset = match &port.target_port {
            None | Some(IntOrString::Int(0)) => true,
            Some(IntOrString::String(name)) => name.is_empty(),
            Some(IntOrString::Int(_)) => false,
        };
        if unset {
            port.target_port = Some(IntOrString::Int(port.port));
        }
        drop_empty(&mut port.name);
        port.node_port.take_if(|port| *port == 0);
    }
    if is_externally_accessible(spec) {
        fill(&mut spec.external_traffic_policy, "Cluster");
    }
    if matches!(text(&spec.type_), "ClusterIP" | "NodePort" | "LoadBalancer") {
        spec.internal_traffic_policy.get_or_insert_with(|| "Cluster".to_owned());
    }
    let balanced = text(&spec.type_) == "LoadBalancer";
    if balanced {
        spec.allocate_load_balancer_node_ports.get_or_insert(true);
    }
    drop_false(&mut spec.publish_not_ready_addresses);
    for field in [&mut spec.external_name, &mut spec.load_balancer_ip, &mut spec.external_traffic_policy, &mut spec.cluster_ip] {
        drop_empty(field);
    }
    spec.health_check_node_port.take_if(|port| *port == 0);
    let status = service.status.get_or_insert_default().load_balancer.get_or_insert_default();
    for ingress in status.ingress.iter_mut().flatten().filter(|ingress| balanced && !text(&ingress.ip).is_empty()) {
        fill(&mut ingress.ip_mode, "VIP");
    }
}

/// What an update leaves out and the server gave is kept: addresses, the nodes' ports and the health check's.
fn patch_allocated(spec: &mut ServiceSpec, before: &ServiceSpec) {
    let (kind, was) = (text(&spec.type_).to_owned(), text(&before.type_));
    if kind != "ExternalName" && was != "ExternalName" && !is_headless(before) {
        if text(&spec.cluster_ip).is_empty() {
            spec.cluster_ip.clone_from(&before.cluster_ip);
        }
        if spec.cluster_ips.as_ref().is_none_or(Vec::is_empty) && spec.cluster_ip == before.cluster_ip {
            spec.cluster_ips.clone_from(&before.cluster_ips);
        }
    }
    let has_node_ports = |kind: &str| matches!(kind, "NodePort" | "LoadBalancer");
    if has_node_ports(was) && has_node_ports(&kind) {
        let used: Vec<(i32, Option<String>)> = spec
            .ports
            .iter()
            .flatten()
            .filter_map(|port| Some((port.node_port.filter(|number| *number != 0)?, port.protocol.clone())))
            .collect();
        for port in spec.ports.iter_mut().flatten().filter(|port| port.node_port.unwrap_or_default() == 0) {
            let old = before.ports.iter().flatten().find(|old| old.port == port.port && old.protocol == port.protocol);
            let free = |number: &i32| !used.contains(&(*number, port.protocol.clone()));
            port.node_port = old.and_then(|old| old.node_port).filter(free);
        }
    }
    if needs_health_check(before) && needs_health_check(spec) && spec.health_check_node_port.unwrap_or_default() == 0 {
        spec.health_check_node_port = before.health_check_node_port;
    }
}

/// What belonged to the type that the service had and the author has left as it was.
fn drop_type_dependent(spec: &mut ServiceSpec, before: Option<&ServiceSpec>) {
    let Some(before) = before.filter(|before| before.type_ != spec.type_) else { return };
    let kind = text(&spec.type_).to_owned();
    if kind == "ExternalName" {
        if spec.cluster_ip == before.cluster_ip && spec.cluster_ips == before.cluster_ips {
            spec.cluster_ip = None;
            spec.cluster_ips = None;
        }
        if spec.ip_families == before.ip_families {
            spec.ip_families = None;
        }
        if spec.ip_family_policy == before.ip_family_policy {
            spec.ip_family_policy = None;
        }
    }
    let node_ports = |spec: &ServiceSpec| -> Vec<Option<i32>> { spec.ports.iter().flatten().map(|port| port.node_port).collect() };
    if !matches!(kind.as_str(), "NodePort" | "LoadBalancer") {
        let kept = node_ports(before);
        for port in spec.ports.iter_mut().flatten().filter(|port| kept.contains(&port.node_port)) {
            port.node_port = None;
        }
    }
    if !needs_health_check(spec) && spec.health_check_node_port == before.health_check_node_port {
        spec.health_check_node_port = None;
    }
    if kind != "LoadBalancer" {
        if spec.allocate_load_balancer_node_ports == before.allocate_load_balancer_node_ports {
            spec.allocate_load_balancer_node_ports = None;
        }
        if spec.load_balancer_class == before.load_balancer_class {
            spec.load_balancer_class = None;
        }
    }
    if !is_externally_accessible(spec) && spec.external_traffic_policy == before.external_traffic_policy {
        spec.external_traffic_policy = None;
    }
}

#[cfg(test)]
mod tests;
