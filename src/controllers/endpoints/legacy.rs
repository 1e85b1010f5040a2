//! The older form: one Endpoints object a service, of its name.

use std::collections::BTreeMap;
use std::net::IpAddr;

use k8s_openapi::api::core::v1::{EndpointAddress, EndpointPort, EndpointSubset, Endpoints, Pod, ServiceSpec};
use runtime::Action;

use super::Snapshot;
use super::service::{
    HEADLESS, TRIGGER_TIME, addresses, has_endpoint, hostname, is_headless, publishes_not_ready, target, target_port, trigger_time,
};
use crate::pods;

/// More addresses than this are left out, as upstream does.
const LIMIT: usize = 1000;
const OVER_CAPACITY: &str = "endpoints.kubernetes.io/over-capacity";
const MANAGED_BY: &str = "endpoints.kubernetes.io/managed-by";
const MANAGER: &str = "endpoint-controller";

/// True where this controller made it.
pub(super) fn is_ours(endpoints: &Endpoints) -> bool {
    endpoints.metadata.labels.as_ref().and_then(|labels| labels.get(MANAGED_BY)).is_some_and(|manager| manager == MANAGER)
}

pub(super) fn plan(snapshot: &Snapshot, spec: &ServiceSpec) -> Option<Action> {
    let service = &*snapshot.service;
    let mut labels = service.metadata.labels.clone().unwrap_or_default();
    labels.remove(HEADLESS);
    if is_headless(spec) {
        labels.insert(HEADLESS.to_owned(), String::new());
    }
    labels.insert(MANAGED_BY.to_owned(), MANAGER.to_owned());
    let mut subsets = subsets(snapshot, spec);
    let truncated = truncate(&mut subsets);
    let mut endpoints = snapshot.endpoints.as_deref().cloned().unwrap_or_default();
    let annotations = endpoints.metadata.annotations.get_or_insert_default();
    let noted = annotations.contains_key(OVER_CAPACITY);
    let same = snapshot.endpoints.is_some()
        && endpoints.metadata.labels.as_ref() == Some(&labels)
        && endpoints.subsets.as_deref().unwrap_or_default() == subsets
        && noted == truncated;
    if same {
        return None;
    }
    annotations.remove(OVER_CAPACITY);
    if truncated {
        annotations.insert(OVER_CAPACITY.to_owned(), "truncated".to_owned());
    }
    if let Some(trigger) = trigger_time(service, snapshot.pods.iter().map(|pod| &**pod)) {
        annotations.insert(TRIGGER_TIME.to_owned(), api::time::seconds(trigger));
    }
    endpoints.metadata.labels = Some(labels);
    endpoints.subsets = Some(subsets).filter(|subsets| !subsets.is_empty());
    Some(if snapshot.endpoints.is_some() {
        Action::update(endpoints)
    } else {
        endpoints.metadata.name.clone_from(&service.metadata.name);
        endpoints.metadata.namespace.clone_from(&service.metadata.namespace);
        Action::create(endpoints)
    })
}

/// Ports that have the same addresses behind them, together.
fn subsets(snapshot: &Snapshot, spec: &ServiceSpec) -> Vec<EndpointSubset> {
    let mut by_port: Vec<(Option<EndpointPort>, Addresses)> = Vec::new();
    for pod in snapshot.pods.iter().filter(|pod| has_endpoint(pod, publishes_not_ready(spec))) {
        let Some(address) = address(pod, snapshot, spec) else { continue };
        let ready = publishes_not_ready(spec) || pods::is_ready(pod);
        for port in ports(pod, spec) {
            let place = by_port.iter().position(|(known, _)| *known == port).unwrap_or_else(|| {
                by_port.push((port, Addresses::default()));
                by_port.len() - 1
            });
            by_port[place].1.insert((address.ip.parse().ok(), address.ip.clone()), (address.clone(), ready));
        }
    }
    let mut together: Vec<(Vec<EndpointPort>, Addresses)> = Vec::new();
    for (port, addresses) in by_port {
        match together.iter_mut().find(|(_, known)| *known == addresses) {
            Some((ports, _)) => ports.extend(port),
            None => together.push((port.into_iter().collect(), addresses)),
        }
    }
    together.into_iter().map(subset).collect()
}

/// In the order of addresses; the flag tells which are ready.
type Addresses = BTreeMap<(Option<IpAddr>, String), (EndpointAddress, bool)>;

fn subset((ports, addresses): (Vec<EndpointPort>, Addresses)) -> EndpointSubset {
    let (ready, unready): (Vec<_>, Vec<_>) = addresses.into_values().partition(|(_, ready)| *ready);
    let plain = |addresses: Vec<(EndpointAddress, bool)>| {
        Some(addresses.into_iter().map(|(address, _)| address).collect::<Vec<_>>()).filter(|addresses| !addresses.is_empty())
    };
    EndpointSubset { addresses: plain(ready), not_ready_addresses: plain(unready), ports: Some(ports).filter(|ports| !ports.is_empty()) }
}

/// The pod's address of the service's first family.
fn address(pod: &Pod, snapshot: &Snapshot, spec: &ServiceSpec) -> Option<EndpointAddress> {
    let family = spec.ip_families.as_ref().and_then(|families| families.first());
    let wants_v6 = family.map(|family| family == "IPv6").or_else(|| {
        let cluster_ip = spec.cluster_ip.as_deref().and_then(api::addresses::parse_sloppy)?;
        Some(cluster_ip.is_ipv6())
    });
    let ip = addresses(pod).find(|ip| wants_v6.is_none_or(|v6| ip.is_ipv6() == v6))?;
    Some(EndpointAddress {
        ip: ip.to_string(),
        node_name: pods::node(pod).map(str::to_owned),
        target_ref: Some(target(pod)),
        hostname: hostname(pod, &snapshot.service),
    })
}

/// A headless service may have no ports: its addresses are then still listed, which is the `None`.
fn ports(pod: &Pod, spec: &ServiceSpec) -> Vec<Option<EndpointPort>> {
    let ports = spec.ports.as_deref().unwrap_or_default();
    if ports.is_empty() && is_headless(spec) {
        return vec![None];
    }
    let port = |port: &k8s_openapi::api::core::v1::ServicePort| {
        Some(Some(EndpointPort {
            name: port.name.clone().filter(|name| !name.is_empty()),
            port: target_port(pod, port)?,
            protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".to_owned())),
            app_protocol: port.app_protocol.clone(),
        }))
    };
    ports.iter().filter_map(port).collect()
}

/// Keeps at most [`LIMIT`] addresses, ready ones first. True where some were left out.
fn truncate(subsets: &mut [EndpointSubset]) -> bool {
    let mut room = LIMIT;
    let mut truncated = false;
    let mut keep = |addresses: &mut Option<Vec<EndpointAddress>>| {
        if let Some(addresses) = addresses {
            truncated |= addresses.len() > room;
            addresses.truncate(room);
            room -= addresses.len();
        }
        addresses.take_if(|addresses| addresses.is_empty());
    };
    subsets.iter_mut().for_each(|subset| keep(&mut subset.addresses));
    subsets.iter_mut().for_each(|subset| keep(&mut subset.not_ready_addresses));
    truncated
}
