//! NetworkPolicies.

use api::addresses::cidr_warnings;
use api::{ErrorList, FieldError, Path, metadata};
use k8s_openapi::api::networking::v1::{IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::rules::{PROTOCOLS, fill, json, one_of, port, port_number};

const TYPES: &[&str] = &["Egress", "Ingress"];

pub(crate) struct NetworkPolicyBehaviour;

impl crate::Behaviour<NetworkPolicy> for NetworkPolicyBehaviour {
    fn default(&self, policy: &mut NetworkPolicy) {
        let spec = policy.spec.get_or_insert_default();
        spec.pod_selector.get_or_insert_default();
        if spec.policy_types.as_ref().is_none_or(Vec::is_empty) {
            let mut types = vec!["Ingress".to_owned()];
            if spec.egress.as_ref().is_some_and(|rules| !rules.is_empty()) {
                types.push("Egress".to_owned());
            }
            spec.policy_types = Some(types);
        }
        let ingress = spec.ingress.iter_mut().flatten().flat_map(|rule| rule.ports.iter_mut().flatten());
        let egress = spec.egress.iter_mut().flatten().flat_map(|rule| rule.ports.iter_mut().flatten());
        for port in ingress.chain(egress) {
            fill(&mut port.protocol, "TCP");
        }
    }

    fn validate(&self, policy: &NetworkPolicy) -> ErrorList {
        let path = Path::new("spec");
        let spec = policy.spec.clone().unwrap_or_default();
        let mut errors = metadata::label_selector(spec.pod_selector.as_ref(), &path.child("podSelector"));
        for (index, rule) in spec.ingress.iter().flatten().enumerate() {
            let path = path.child("ingress").index(index);
            errors.extend(ports(rule.ports.as_deref().unwrap_or_default(), &path.child("ports")));
            errors.extend(peers(rule.from.as_deref().unwrap_or_default(), &path.child("from")));
        }
        for (index, rule) in spec.egress.iter().flatten().enumerate() {
            let path = path.child("egress").index(index);
            errors.extend(ports(rule.ports.as_deref().unwrap_or_default(), &path.child("ports")));
            errors.extend(peers(rule.to.as_deref().unwrap_or_default(), &path.child("to")));
        }
        let types = spec.policy_types.as_deref().unwrap_or_default();
        if types.len() > TYPES.len() {
            let detail = "may not specify more than two policyTypes";
            errors.push(FieldError::invalid(&path.child("policyTypes"), json(&types), detail));
            return errors;
        }
        errors.extend(types.iter().enumerate().filter_map(|(index, one)| one_of(one, TYPES, &path.child("policyTypes").index(index))));
        errors
    }

    fn warnings(&self, policy: &NetworkPolicy, _old: Option<&NetworkPolicy>) -> Vec<String> {
        let Some(spec) = &policy.spec else { return Vec::new() };
        let ingress = spec
            .ingress
            .iter()
            .flatten()
            .map(|rule| rule.from.as_deref())
            .enumerate()
            .map(|(index, peers)| ("ingress", index, "from", peers));
        let egress =
            spec.egress.iter().flatten().map(|rule| rule.to.as_deref()).enumerate().map(|(index, peers)| ("egress", index, "to", peers));
        let mut warnings = Vec::new();
        for (direction, index, side, peers) in ingress.chain(egress) {
            let path = Path::new("spec").child(direction).index(index).child(side);
            for (index, block) in peers.into_iter().flatten().enumerate().filter_map(|(index, peer)| Some((index, peer.ip_block.as_ref()?)))
            {
                let path = path.index(index).child("ipBlock");
                warnings.extend(cidr_warnings(&block.cidr, &path.child("cidr")));
                let except = block.except.iter().flatten().enumerate();
                warnings.extend(except.flat_map(|(index, range)| cidr_warnings(range, &path.child("except").index(index))));
            }
        }
        warnings
    }

    crate::parts::validate_changes_alike!(NetworkPolicy);
    crate::parts::generation_of!(spec, NetworkPolicy);
}

fn ports(list: &[NetworkPolicyPort], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, one) in list.iter().enumerate() {
        let path = path.index(index);
        if let Some(protocol) = &one.protocol {
            errors.extend(one_of(protocol, PROTOCOLS, &path.child("protocol")));
        }
        let Some(first) = &one.port else {
            if one.end_port.is_some() {
                errors.push(FieldError::required(&path.child("port"), "must be specified when `endPort` is specified"));
            }
            continue;
        };
        errors.extend(port(first, &path.child("port")));
        let Some(end) = one.end_port else { continue };
        match first {
            IntOrString::Int(first) => {
                if end < *first {
                    errors.push(FieldError::invalid(&path.child("endPort"), *first, "must be greater than or equal to `port`"));
                }
                errors.extend(port_number(end, &path.child("endPort")));
            }
            IntOrString::String(_) => {
                errors.push(FieldError::invalid(&path.child("endPort"), end, "may not be specified when `port` is non-numeric"));
            }
        }
    }
    errors
}

fn peers(list: &[NetworkPolicyPeer], path: &Path) -> ErrorList {
    list.iter().enumerate().flat_map(|(index, one)| peer(one, &path.index(index))).collect()
}

fn peer(peer: &NetworkPolicyPeer, path: &Path) -> ErrorList {
    let mut errors = metadata::label_selector(peer.pod_selector.as_ref(), &path.child("podSelector"));
    errors.extend(metadata::label_selector(peer.namespace_selector.as_ref(), &path.child("namespaceSelector")));
    let selects = peer.pod_selector.is_some() || peer.namespace_selector.is_some();
    match &peer.ip_block {
        None if !selects => errors.push(FieldError::required(path, "must specify a peer")),
        None => {}
        Some(block) => {
            errors.extend(ip_block(block, &path.child("ipBlock")));
            if selects {
                errors.push(FieldError::forbidden(path, "may not specify both ipBlock and another peer"));
            }
        }
    }
    errors
}

fn ip_block(block: &IPBlock, path: &Path) -> ErrorList {
    if block.cidr.is_empty() {
        return vec![FieldError::required(&path.child("cidr"), "")];
    }
    let mut errors = api::addresses::legacy_cidr(&block.cidr, false, &path.child("cidr"));
    let Some(range) = api::addresses::Cidr::parse(&block.cidr) else { return errors };
    for (index, except) in block.except.iter().flatten().enumerate() {
        let path = path.child("except").index(index);
        errors.extend(api::addresses::legacy_cidr(except, false, &path));
        let Some(inner) = api::addresses::Cidr::parse(except) else { continue };
        if !range.contains(inner.address) || inner.prefix_bits <= range.prefix_bits {
            errors.push(FieldError::invalid(&path, except.as_str(), "must be a strict subset of `cidr`"));
        }
    }
    errors
}
