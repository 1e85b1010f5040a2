//! The faults of services.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path, metadata, names};
use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};

use super::{HEADLESS, is_externally_accessible, is_headless, needs_health_check};
use crate::rules::{
    IMMUTABLE, PROTOCOLS, is_ipv6, json, label, not_special_ip, one_of, port, port_number, qualified_name, required_one_of, subdomain, text,
};

const TYPES: &[&str] = &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const AFFINITY_MAX_SECONDS: i32 = 86_400;
const SOURCE_RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";
const BALANCED_ONLY: &str = "may only be used when `type` is 'LoadBalancer'";

fn spec_of(service: &Service) -> ServiceSpec {
    service.spec.clone().unwrap_or_default()
}

fn at(field: &str) -> Path {
    Path::new("spec").child(field)
}

/// The service as it is.
pub(super) fn service(service: &Service) -> ErrorList {
    let spec = &spec_of(service);
    let kind = text(&spec.type_);
    let headless = is_headless(spec);
    let ports = spec.ports.as_deref().unwrap_or_default();
    let mut errors = ErrorList::new();
    if ports.is_empty() && !headless && kind != "ExternalName" {
        errors.push(FieldError::required(&at("ports"), ""));
    }
    match kind {
        "LoadBalancer" | "NodePort" if headless => {
            let detail = format!("may not be set to 'None' for {kind} services");
            errors.push(FieldError::invalid(&at("clusterIPs").index(0), HEADLESS, detail));
        }
        "ExternalName" => errors.extend(external_name(spec)),
        _ => {}
    }
    errors.extend(each_port(ports));
    errors.extend(metadata::labels(&spec.selector.clone().unwrap_or_default(), &at("selector")));
    errors.extend(session_affinity(spec));
    errors.extend(cluster_addresses(spec));
    for (index, address) in spec.external_ips.iter().flatten().enumerate() {
        let path = at("externalIPs").index(index);
        let faults = api::addresses::legacy_ip(address, false, &path);
        errors.extend(if faults.is_empty() { not_special_ip(address, &path) } else { faults });
    }
    errors.extend(required_one_of(kind, TYPES, &at("type")));
    errors.extend(node_ports(ports, kind));
    errors.extend(source_ranges(service, spec));
    match (&spec.allocate_load_balancer_node_ports, kind) {
        (Some(_), kind) if kind != "LoadBalancer" => {
            errors.push(FieldError::forbidden(&at("allocateLoadBalancerNodePorts"), BALANCED_ONLY));
        }
        (None, "LoadBalancer") => errors.push(FieldError::required(&Path::new("allocateLoadBalancerNodePorts"), "")),
        _ => {}
    }
    errors.extend(load_balancer_class(None, spec));
    errors.extend(traffic(spec));
    errors
}

fn external_name(spec: &ServiceSpec) -> ErrorList {
    let mut errors = ErrorList::new();
    let set = [
        ("clusterIPs", spec.cluster_ips.as_ref().is_some_and(|list| !list.is_empty())),
        ("ipFamilies", spec.ip_families.as_ref().is_some_and(|list| !list.is_empty())),
        ("ipFamilyPolicy", spec.ip_family_policy.is_some()),
    ];
    let set = set.into_iter().filter(|(_, set)| *set);
    errors.extend(set.map(|(field, _)| FieldError::forbidden(&at(field), "may not be set for ExternalName services")));
    let name = text(&spec.external_name);
    match name.strip_suffix('.').unwrap_or(name) {
        "" => errors.push(FieldError::required(&at("externalName"), "")),
        name => errors.extend(subdomain(name, &at("externalName"))),
    }
    errors
}

fn each_port(ports: &[ServicePort]) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    for (index, one) in ports.iter().enumerate() {
        let path = at("ports").index(index);
        let name = text(&one.name);
        if !name.is_empty() {
            errors.extend(label(name, &path.child("name")));
            if !seen.insert(name) {
                errors.push(FieldError::duplicate(&path.child("name"), name));
            }
        } else if ports.len() > 1 {
            errors.push(FieldError::required(&path.child("name"), ""));
        }
        errors.extend(port_number(one.port, &path.child("port")));
        errors.extend(required_one_of(text(&one.protocol), PROTOCOLS, &path.child("protocol")));
        if let Some(target) = &one.target_port {
            errors.extend(port(target, &path.child("targetPort")));
        }
        if let Some(protocol) = &one.app_protocol {
            errors.extend(qualified_name(protocol, &path.child("appProtocol")));
        }
    }
    errors
}

fn node_ports(ports: &[ServicePort], kind: &str) -> ErrorList {
    let mut errors = ErrorList::new();
    let number = |port: &ServicePort| port.node_port.unwrap_or_default();
    if kind == "ClusterIP" {
        for (index, _) in ports.iter().enumerate().filter(|(_, port)| number(port) != 0) {
            let path = at("ports").index(index).child("nodePort");
            errors.push(FieldError::forbidden(&path, "may not be used when `type` is 'ClusterIP'"));
        }
    }
    let mut seen = BTreeSet::new();
    for (index, port) in ports.iter().enumerate().filter(|(_, port)| number(port) != 0) {
        if !seen.insert((text(&port.protocol), number(port))) {
            errors.push(FieldError::duplicate(&at("ports").index(index).child("nodePort"), number(port)));
        }
    }
    let mut seen = BTreeSet::new();
    for (index, port) in ports.iter().enumerate() {
        if !seen.insert((text(&port.protocol), port.port)) {
            let value = serde_json::json!({"port": port.port, "protocol": port.protocol, "targetPort": 0});
            errors.push(FieldError::duplicate(&at("ports").index(index), value));
        }
    }
    errors
}

fn session_affinity(spec: &ServiceSpec) -> ErrorList {
    let affinity = text(&spec.session_affinity);
    let mut errors: ErrorList = required_one_of(affinity, &["ClientIP", "None"], &at("sessionAffinity")).into_iter().collect();
    let path = at("sessionAffinityConfig");
    let config = spec.session_affinity_config.as_ref();
    if affinity == "None" && config.is_some() {
        errors.push(FieldError::forbidden(&path, "must not be set when session affinity is None"));
    }
    if affinity != "ClientIP" {
        return errors;
    }
    let why = "when session affinity type is ClientIP";
    match config.map(|config| config.client_ip.as_ref().map(|client| client.timeout_seconds)) {
        None => errors.push(FieldError::required(&path, why)),
        Some(None) => errors.push(FieldError::required(&path.child("clientIP"), why)),
        Some(Some(None)) => errors.push(FieldError::required(&path.child("clientIP").child("timeoutSeconds"), why)),
        Some(Some(Some(seconds))) if !(1..=AFFINITY_MAX_SECONDS).contains(&seconds) => {
            let detail = format!("must be greater than 0 and less than {AFFINITY_MAX_SECONDS}");
            errors.push(FieldError::invalid(&path.child("clientIP").child("timeoutSeconds"), seconds, detail));
        }
        Some(Some(Some(_))) => {}
    }
    errors
}

fn cluster_addresses(spec: &ServiceSpec) -> ErrorList {
    if text(&spec.type_) == "ExternalName" {
        return ErrorList::new();
    }
    let (path, families_path) = (at("clusterIPs"), at("ipFamilies"));
    let list = spec.cluster_ips.as_deref().unwrap_or_default();
    let families = spec.ip_families.as_deref().unwrap_or_default();
    let primary = text(&spec.cluster_ip);
    let mut errors = ErrorList::new();
    match (primary, list.first()) {
        ("", Some(_)) => errors.push(FieldError::invalid(&path, json(&list), "must be empty when `clusterIP` is not specified")),
        ("", None) => {}
        (_, None) => errors.push(FieldError::required(&path, "")),
        (primary, Some(first)) if primary != first => {
            errors.push(FieldError::invalid(&path, json(&list), "first value must match `clusterIP`"));
        }
        _ => {}
    }
    for (index, family) in families.iter().enumerate() {
        errors.extend(one_of(family, &["IPv4", "IPv6"], &families_path.index(index)));
        if families[..index].contains(family) {
            errors.push(FieldError::duplicate(&families_path.index(index), family.as_str()));
        }
    }
    if let Some(policy) = &spec.ip_family_policy {
        errors.extend(one_of(policy, &["PreferDualStack", "RequireDualStack", "SingleStack"], &at("ipFamilyPolicy")));
    }
    let mut broken = false;
    for (index, address) in list.iter().enumerate() {
        if index == 0 && address == HEADLESS {
            if list.len() > 1 {
                broken = true;
                errors.push(FieldError::invalid(&path, json(&list), "'None' must be the first and only value"));
            }
            continue;
        }
        let faults = api::addresses::legacy_ip(address, false, &path.index(index));
        broken |= !faults.is_empty();
        errors.extend(faults);
    }
    if list.len() > 2 {
        errors.push(FieldError::invalid(&path, json(&list), "may only hold up to 2 values"));
    }
    if broken {
        return errors;
    }
    let sixes = list.iter().filter(|address| is_ipv6(address)).count();
    if list.len() > 1 && (sixes == 0 || sixes == list.len()) {
        errors.push(FieldError::invalid(&path, json(&list), "may specify no more than one IP for each IP family"));
    }
    if !is_headless(spec) {
        for (index, (address, family)) in list.iter().zip(families).enumerate() {
            if (family == "IPv6") != is_ipv6(address) {
                let detail = format!("expected an {family} value as indicated by `ipFamilies[{index}]`");
                errors.push(FieldError::invalid(&path.index(index), address.as_str(), detail));
            }
        }
    }
    errors
}

fn source_ranges(service: &Service, spec: &ServiceSpec) -> ErrorList {
    let mut errors = ErrorList::new();
    let balanced = text(&spec.type_) == "LoadBalancer";
    let ranges = spec.load_balancer_source_ranges.as_deref().unwrap_or_default();
    let annotation = service.metadata.annotations.as_ref().and_then(|annotations| annotations.get(SOURCE_RANGES));
    if !ranges.is_empty() {
        let path = at("LoadBalancerSourceRanges");
        if !balanced {
            errors.push(FieldError::forbidden(&path, BALANCED_ONLY));
        }
        for (index, range) in ranges.iter().enumerate() {
            errors.extend(api::addresses::legacy_cidr(range.trim(), false, &path.index(index)));
        }
    } else if let Some(annotation) = annotation {
        let path = Path::new("metadata").child("annotations").key(SOURCE_RANGES);
        if !balanced {
            errors.push(FieldError::forbidden(&path, BALANCED_ONLY));
        }
        let ranges = annotation.trim().split(',').filter(|_| !annotation.trim().is_empty());
        errors.extend(ranges.flat_map(|range| api::addresses::legacy_cidr(range.trim(), false, &path)));
    }
    errors
}

fn load_balancer_class(before: Option<&ServiceSpec>, spec: &ServiceSpec) -> ErrorList {
    let mut errors = ErrorList::new();
    let path = at("loadBalancerClass");
    let balanced = |spec: &ServiceSpec| text(&spec.type_) == "LoadBalancer";
    if let Some(before) = before {
        if balanced(before) && balanced(spec) && before.load_balancer_class != spec.load_balancer_class {
            errors.push(FieldError::invalid(&path, json(&spec.load_balancer_class), "may not change once set"));
        }
        return errors;
    }
    if let Some(class) = &spec.load_balancer_class {
        if balanced(spec) {
            errors.extend(qualified_name(class, &path));
        } else {
            errors.push(FieldError::forbidden(&path, BALANCED_ONLY));
        }
    }
    errors
}

fn traffic(spec: &ServiceSpec) -> ErrorList {
    let mut errors = ErrorList::new();
    let external = text(&spec.external_traffic_policy);
    let path = at("externalTrafficPolicy");
    if is_externally_accessible(spec) {
        errors.extend(required_one_of(external, &["Cluster", "Local"], &path));
    } else if !external.is_empty() {
        errors.push(FieldError::invalid(&path, external, "may only be set for externally-accessible services"));
    }
    let health = spec.health_check_node_port.unwrap_or_default();
    let path = at("healthCheckNodePort");
    match (needs_health_check(spec), health) {
        (false, 0) => {}
        (false, port) => {
            let detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
            errors.push(FieldError::invalid(&path, port, detail));
        }
        (true, 0) => errors.push(FieldError::required(&path, "")),
        (true, port) => errors.extend(port_number(port, &path)),
    }
    match spec.internal_traffic_policy.as_deref() {
        None if matches!(text(&spec.type_), "NodePort" | "LoadBalancer" | "ClusterIP") => {
            errors.push(FieldError::required(&at("internalTrafficPolicy"), ""));
        }
        None => {}
        Some(policy) => errors.extend(one_of(policy, &["Cluster", "Local"], &at("internalTrafficPolicy"))),
    }
    if let Some(distribution) = &spec.traffic_distribution {
        errors.extend(one_of(distribution, &["PreferClose", "PreferSameNode", "PreferSameZone"], &at("trafficDistribution")));
    }
    errors
}

/// What may not change, and the service as it is to be.
pub(super) fn change(service: &Service, old: &Service) -> ErrorList {
    let (spec, before) = (spec_of(service), spec_of(old));
    let mut errors = ErrorList::new();
    if text(&spec.type_) != "ExternalName" && text(&before.type_) != "ExternalName" {
        errors.extend(kept_addresses(&spec, &before));
        errors.extend(kept_families(&spec, &before));
    }
    errors.extend(load_balancer_class(Some(&before), &spec));
    if needs_health_check(&before) && needs_health_check(&spec) && spec.health_check_node_port != before.health_check_node_port {
        errors.push(FieldError::forbidden(&at("healthCheckNodePort"), IMMUTABLE));
    }
    errors.extend(self::service(service));
    errors
}

fn kept_addresses(spec: &ServiceSpec, before: &ServiceSpec) -> ErrorList {
    let mut errors = ErrorList::new();
    if is_headless(spec) && is_headless(before) {
        return errors;
    }
    let path = at("clusterIPs");
    let (new, old) = (spec.cluster_ips.as_deref().unwrap_or_default(), before.cluster_ips.as_deref().unwrap_or_default());
    let once = |index: usize| FieldError::invalid(&path.index(index), json(&new), "may not change once set");
    if new.len() == old.len() {
        errors.extend((0..new.len()).filter(|index| new[*index] != old[*index]).map(once));
    } else if old.len() > new.len() {
        match new.first() {
            None => errors.push(FieldError::invalid(&path.index(0), json(&new), "primary clusterIP can not be unset")),
            Some(first) if *first != old[0] => errors.push(once(0)),
            Some(_) => {}
        }
        if new.len() == 1 && text(&spec.ip_family_policy) != "SingleStack" {
            let detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
            errors.push(FieldError::invalid(&at("ipFamilyPolicy"), json(&spec.ip_family_policy), detail));
        }
    } else if let Some(first) = old.first()
        && new[0] != *first
    {
        errors.push(once(0));
    }
    errors
}

fn kept_families(spec: &ServiceSpec, before: &ServiceSpec) -> ErrorList {
    let mut errors = ErrorList::new();
    let path = at("ipFamilies");
    let (new, old) = (spec.ip_families.as_deref().unwrap_or_default(), before.ip_families.as_deref().unwrap_or_default());
    if is_headless(spec) && is_headless(before) {
        return errors;
    }
    let once = |index: usize| FieldError::invalid(&path.index(index), json(&new), "may not change once set");
    match (new.first(), old.first()) {
        (Some(new), Some(old)) if new != old => errors.push(once(0)),
        (None, Some(_)) => errors.push(FieldError::invalid(&path.index(0), json(&new), "primary ipFamily can not be unset")),
        _ => {}
    }
    if new.len() == 2 && old.len() == 2 && new[1] != old[1] {
        errors.push(once(1));
    }
    if new.len() == 1 && old.len() == 2 && text(&spec.ip_family_policy) != "SingleStack" {
        let detail = "must be set to 'SingleStack' when releasing the secondary ipFamily";
        errors.push(FieldError::invalid(&at("ipFamilyPolicy"), json(&spec.ip_family_policy), detail));
    }
    errors
}

/// Where a load balancer can be reached.
pub(super) fn status(service: &Service) -> ErrorList {
    let mut errors = ErrorList::new();
    let path = Path::new("status").child("loadBalancer").child("ingress");
    let ingress =
        service.status.iter().flat_map(|status| status.load_balancer.iter().flat_map(|balancer| balancer.ingress.iter().flatten()));
    let ingress: Vec<_> = ingress.collect();
    let kind = service.spec.as_ref().map(|spec| text(&spec.type_)).unwrap_or_default();
    if kind != "LoadBalancer" && !ingress.is_empty() {
        return vec![FieldError::forbidden(&path, "may only be used when `spec.type` is 'LoadBalancer'")];
    }
    for (index, one) in ingress.into_iter().enumerate() {
        let path = path.index(index);
        let address = text(&one.ip);
        if !address.is_empty() {
            errors.extend(api::addresses::legacy_ip(address, false, &path.child("ip")));
        }
        match &one.ip_mode {
            None if !address.is_empty() => errors.push(FieldError::required(&path.child("ipMode"), "must be specified when `ip` is set")),
            None => {}
            Some(_) if address.is_empty() => {
                errors.push(FieldError::forbidden(&path.child("ipMode"), "may not be specified when `ip` is not set"));
            }
            Some(mode) => errors.extend(one_of(mode, &["Proxy", "VIP"], &path.child("ipMode"))),
        }
        let hostname = text(&one.hostname);
        if !hostname.is_empty() {
            let faults = names::dns1123_subdomain(hostname, false);
            errors.extend(crate::rules::invalid(&path.child("hostname"), hostname, faults));
            if api::addresses::parse_sloppy(hostname).is_some() {
                errors.push(FieldError::invalid(&path.child("hostname"), hostname, "must be a DNS name, not an IP address"));
            }
        }
    }
    errors
}
