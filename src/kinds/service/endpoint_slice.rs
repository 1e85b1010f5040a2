//! EndpointSlices.

use std::collections::BTreeSet;

use api::addresses::ip_warning;
use api::{ErrorList, FieldError, Path, metadata, names};
use k8s_openapi::api::discovery::v1::{Endpoint, EndpointPort, EndpointSlice};

use crate::Part;
use crate::rules::{IMMUTABLE, PROTOCOLS, fill, invalid, label, not_special_ip, qualified_name, required_one_of, subdomain, text};

const ADDRESS_TYPES: &[&str] = &["FQDN", "IPv4", "IPv6"];
const MAX_ENDPOINTS: usize = 1000;
const MAX_ADDRESSES: usize = 100;
const MAX_PORTS: usize = 20_000;
const MAX_TOPOLOGY_LABELS: usize = 16;
const MAX_ZONE_HINTS: usize = 8;

const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
const CONTROLLERS: [&str; 2] = ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];

pub(crate) struct EndpointSliceBehaviour;

impl crate::Behaviour<EndpointSlice> for EndpointSliceBehaviour {
    fn nulls(&self, slice: &EndpointSlice) -> &'static [&'static str] {
        let whole = slice.endpoints.is_some() && slice.ports.is_some();
        if whole { &[] } else { &["endpoints", "ports"] }
    }

    fn default(&self, slice: &mut EndpointSlice) {
        for port in slice.ports.iter_mut().flatten() {
            port.name.get_or_insert_default();
            fill(&mut port.protocol, "TCP");
        }
    }

    fn validate(&self, slice: &EndpointSlice) -> ErrorList {
        let mut errors: ErrorList = required_one_of(&slice.address_type, ADDRESS_TYPES, &Path::new("addressType")).into_iter().collect();
        errors.extend(endpoints(slice.endpoints.as_deref().unwrap_or_default(), &slice.address_type, &Path::new("endpoints")));
        errors.extend(ports(slice.ports.as_deref().unwrap_or_default(), &Path::new("ports")));
        errors
    }

    fn validate_update(&self, _part: Part, slice: &EndpointSlice, old: &EndpointSlice) -> ErrorList {
        let mut errors = self.validate(slice);
        if slice.address_type != old.address_type {
            errors.push(FieldError::invalid(&Path::new("addressType"), slice.address_type.as_str(), IMMUTABLE));
        }
        errors
    }

    fn has_generation(&self) -> bool {
        true
    }

    fn warnings(&self, slice: &EndpointSlice, old: Option<&EndpointSlice>) -> Vec<String> {
        let mut warnings = Vec::new();
        if old.is_none() && slice.address_type == "FQDN" {
            warnings.push("spec.addressType: FQDN endpoints are deprecated".to_owned());
        }
        // the controllers bring what they were given into shape
        let manager = slice.metadata.labels.as_ref().and_then(|labels| labels.get(MANAGED_BY));
        if manager.is_some_and(|manager| CONTROLLERS.contains(&manager.as_str())) {
            return warnings;
        }
        for (index, endpoint) in slice.endpoints.iter().flatten().enumerate() {
            let path = Path::new("endpoints").index(index).child("addresses");
            warnings.extend(endpoint.addresses.iter().enumerate().filter_map(|(index, one)| ip_warning(one, &path.index(index))));
        }
        warnings
    }

    fn generation_changes(&self, slice: &EndpointSlice, old: &EndpointSlice) -> bool {
        let content = |slice: &EndpointSlice| {
            (
                slice.endpoints.clone(),
                slice.ports.clone(),
                slice.address_type.clone(),
                slice.metadata.labels.clone(),
                slice.metadata.annotations.clone(),
            )
        };
        content(slice) != content(old)
    }
}

fn endpoints(list: &[Endpoint], address_type: &str, path: &Path) -> ErrorList {
    if list.len() > MAX_ENDPOINTS {
        return vec![FieldError::too_many(path, list.len(), MAX_ENDPOINTS)];
    }
    let mut errors = ErrorList::new();
    for (index, endpoint) in list.iter().enumerate() {
        let path = path.index(index);
        let at = path.child("addresses");
        if endpoint.addresses.is_empty() {
            errors.push(FieldError::required(&at, "must contain at least 1 address"));
        } else if endpoint.addresses.len() > MAX_ADDRESSES {
            errors.push(FieldError::too_many(&at, endpoint.addresses.len(), MAX_ADDRESSES));
        }
        for (index, address) in endpoint.addresses.iter().enumerate() {
            errors.extend(self::address(address, address_type, &at.index(index)));
        }
        if let Some(node) = &endpoint.node_name {
            errors.extend(subdomain(node, &path.child("nodeName")));
        }
        let topology = endpoint.deprecated_topology.clone().unwrap_or_default();
        if topology.len() > MAX_TOPOLOGY_LABELS {
            errors.push(FieldError::too_many(&path.child("deprecatedTopology"), topology.len(), MAX_TOPOLOGY_LABELS));
        }
        errors.extend(metadata::labels(&topology, &path.child("deprecatedTopology")));
        if topology.contains_key("kubernetes.io/hostname") {
            let detail = "may not be set, use the nodeName field instead";
            errors.push(FieldError::invalid(
                &path.child("deprecatedTopology").key("kubernetes.io/hostname"),
                topology["kubernetes.io/hostname"].as_str(),
                detail,
            ));
        }
        if let Some(hostname) = &endpoint.hostname {
            errors.extend(label(hostname, &path.child("hostname")));
        }
        let zones = endpoint.hints.as_ref().and_then(|hints| hints.for_zones.as_deref()).unwrap_or_default();
        let at = path.child("hints").child("forZones");
        if zones.len() > MAX_ZONE_HINTS {
            errors.push(FieldError::too_many(&at, zones.len(), MAX_ZONE_HINTS));
        }
        let mut seen = BTreeSet::new();
        for (index, zone) in zones.iter().enumerate() {
            let path = at.index(index).child("name");
            errors.extend(invalid(&path, &zone.name, names::label_value(&zone.name)));
            if !seen.insert(&zone.name) {
                errors.push(FieldError::duplicate(&path, zone.name.as_str()));
            }
        }
    }
    errors
}

fn address(address: &str, address_type: &str, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    match address_type {
        "IPv4" | "IPv6" => {
            errors.extend(api::addresses::legacy_ip(address, false, path));
            let parsed = api::addresses::parse_sloppy(address);
            let six = parsed.is_some_and(|parsed| parsed.is_ipv6());
            if parsed.is_some() && six != (address_type == "IPv6") {
                let detail = if six { "must be an IPv4 address" } else { "must be an IPv6 address" };
                errors.push(FieldError::invalid(path, address, detail));
            }
            if parsed.is_some() {
                errors.extend(not_special_ip(address, path));
            }
        }
        "FQDN" => errors.extend(subdomain(address, path)),
        _ => {}
    }
    errors
}

fn ports(list: &[EndpointPort], path: &Path) -> ErrorList {
    if list.len() > MAX_PORTS {
        return vec![FieldError::too_many(path, list.len(), MAX_PORTS)];
    }
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    for (index, port) in list.iter().enumerate() {
        let path = path.index(index);
        let name = text(&port.name);
        if !name.is_empty() {
            errors.extend(label(name, &path.child("name")));
        }
        if !seen.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        errors.extend(required_one_of(text(&port.protocol), PROTOCOLS, &path.child("protocol")));
        if let Some(protocol) = &port.app_protocol {
            errors.extend(qualified_name(protocol, &path.child("appProtocol")));
        }
    }
    errors
}
