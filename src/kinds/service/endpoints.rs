//! Endpoints.

use api::addresses::ip_warning;
use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::{EndpointAddress, EndpointPort, Endpoints};

use crate::Part;
use crate::rules::{PROTOCOLS, drop_empty, fill, label, not_special_ip, port_number, qualified_name, required_one_of, subdomain, text};

const MANAGED_BY: &str = "endpoints.kubernetes.io/managed-by";
const CONTROLLER: &str = "endpoint-controller";

pub(crate) struct EndpointsBehaviour;

impl crate::Behaviour<Endpoints> for EndpointsBehaviour {
    fn default(&self, endpoints: &mut Endpoints) {
        for port in endpoints.subsets.iter_mut().flatten().flat_map(|subset| subset.ports.iter_mut().flatten()) {
            fill(&mut port.protocol, "TCP");
            drop_empty(&mut port.name);
        }
    }

    fn validate(&self, endpoints: &Endpoints) -> ErrorList {
        let mut errors = ErrorList::new();
        for (index, subset) in endpoints.subsets.iter().flatten().enumerate() {
            let path = Path::new("subsets").index(index);
            let addresses = subset.addresses.as_deref().unwrap_or_default();
            let not_ready = subset.not_ready_addresses.as_deref().unwrap_or_default();
            if addresses.is_empty() && not_ready.is_empty() {
                errors.push(FieldError::required(&path, "must specify `addresses` or `notReadyAddresses`"));
            }
            for (field, list) in [("addresses", addresses), ("notReadyAddresses", not_ready)] {
                for (index, one) in list.iter().enumerate() {
                    errors.extend(address(one, &path.child(field).index(index)));
                }
            }
            let ports = subset.ports.as_deref().unwrap_or_default();
            for (index, one) in ports.iter().enumerate() {
                errors.extend(port(one, ports.len() > 1, &path.child("ports").index(index)));
            }
        }
        errors
    }

    fn validate_update(&self, _part: Part, endpoints: &Endpoints, _old: &Endpoints) -> ErrorList {
        self.validate(endpoints)
    }

    fn warnings(&self, endpoints: &Endpoints, _old: Option<&Endpoints>) -> Vec<String> {
        // the controller brings what it was given into shape
        let manager = endpoints.metadata.labels.as_ref().and_then(|labels| labels.get(MANAGED_BY));
        if manager.is_some_and(|manager| manager == CONTROLLER) {
            return Vec::new();
        }
        let mut warnings = Vec::new();
        for (index, subset) in endpoints.subsets.iter().flatten().enumerate() {
            let path = Path::new("subsets").index(index);
            for (field, list) in [("addresses", &subset.addresses), ("notReadyAddresses", &subset.not_ready_addresses)] {
                let all = list.iter().flatten().enumerate();
                warnings.extend(all.filter_map(|(index, one)| ip_warning(&one.ip, &path.child(field).index(index).child("ip"))));
            }
        }
        warnings
    }
}

fn address(address: &EndpointAddress, path: &Path) -> ErrorList {
    let mut errors = api::addresses::legacy_ip(&address.ip, false, &path.child("ip"));
    if !text(&address.hostname).is_empty() {
        errors.extend(label(text(&address.hostname), &path.child("hostname")));
    }
    if let Some(node) = &address.node_name {
        errors.extend(subdomain(node, &path.child("nodeName")));
    }
    errors.extend(not_special_ip(&address.ip, &path.child("ip")));
    errors
}

fn port(port: &EndpointPort, require_name: bool, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let name = text(&port.name);
    if require_name && name.is_empty() {
        errors.push(FieldError::required(&path.child("name"), ""));
    } else if !name.is_empty() {
        errors.extend(label(name, &path.child("name")));
    }
    errors.extend(port_number(port.port, &path.child("port")));
    errors.extend(required_one_of(text(&port.protocol), PROTOCOLS, &path.child("protocol")));
    if let Some(protocol) = &port.app_protocol {
        errors.extend(qualified_name(protocol, &path.child("appProtocol")));
    }
    errors
}
