//! EndpointSlices of a service: at most 100 endpoints each, one group of slices for each address family and each set of ports. Slices are changed rather than
//! replaced, and no more of them than necessary, since every node reads each change.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use k8s_openapi::api::core::v1::{Pod, Service, ServiceSpec};
use k8s_openapi::api::discovery::v1::{Endpoint, EndpointConditions, EndpointHints, EndpointPort, EndpointSlice, ForNode, ForZone};
use runtime::Action;

use super::Snapshot;
use super::service::{
    HEADLESS, TRIGGER_TIME, addresses, has_endpoint, hostname, is_headless, publishes_not_ready, target, target_port, trigger_time,
};
use crate::ownership::{controller_reference, is_controlled_by};
use crate::pods;

const PER_SLICE: usize = 100;
pub(super) const SERVICE_NAME: &str = "kubernetes.io/service-name";
pub(super) const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
pub(super) const MANAGER: &str = "endpointslice-controller.k8s.io";

/// Endpoints by the ports that they share.
type Groups = Vec<(Vec<EndpointPort>, Vec<Endpoint>)>;

pub(super) fn plan(snapshot: &Snapshot, spec: &ServiceSpec) -> Vec<Action> {
    let service = &*snapshot.service;
    let families = families(spec);
    let ours = |slice: &EndpointSlice| is_controlled_by(&slice.metadata, &service.metadata);
    let mut actions = Vec::new();
    for family in &families {
        let existing: Vec<&Arc<EndpointSlice>> =
            snapshot.slices.iter().filter(|slice| slice.address_type == *family && ours(slice)).collect();
        actions.extend(plan_family(snapshot, spec, family, &existing));
    }
    let stray = snapshot.slices.iter().filter(|slice| !families.contains(&slice.address_type.as_str()) || !ours(slice));
    actions.extend(stray.map(|slice| Action::delete(&**slice)));
    actions
}

fn families(spec: &ServiceSpec) -> Vec<&'static str> {
    let families: Vec<&str> =
        spec.ip_families.iter().flatten().filter_map(|family| ["IPv4", "IPv6"].into_iter().find(|known| known == family)).collect();
    if !families.is_empty() {
        return families;
    }
    match spec.cluster_ip.as_deref().and_then(api::addresses::parse_sloppy) {
        Some(IpAddr::V4(_)) => vec!["IPv4"],
        Some(IpAddr::V6(_)) => vec!["IPv6"],
        None => vec!["IPv4", "IPv6"],
    }
}

/// A slice as it is to be, and what it is now.
struct Draft<'a> {
    slice: EndpointSlice,
    existing: Option<&'a Arc<EndpointSlice>>,
}

fn plan_family(snapshot: &Snapshot, spec: &ServiceSpec, family: &str, existing: &[&Arc<EndpointSlice>]) -> Vec<Action> {
    let service = &*snapshot.service;
    let mut groups = groups(snapshot, spec, family);
    // A service without endpoints keeps one slice, empty.
    if groups.iter().all(|(_, endpoints)| endpoints.is_empty()) {
        groups = vec![(Vec::new(), Vec::new())];
    }
    let mut spare: Vec<&Arc<EndpointSlice>> = existing.to_vec();
    let mut kept = Vec::with_capacity(groups.len());
    for (ports, _) in &groups {
        let (same, rest): (Vec<_>, Vec<_>) =
            spare.into_iter().partition(|slice| slice.ports.as_deref().unwrap_or_default() == ports.as_slice());
        kept.push(same);
        spare = rest;
    }
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    for ((ports, endpoints), same) in groups.into_iter().zip(kept) {
        drafts.extend(pack(service, spec, family, &ports, endpoints, same, &mut spare));
    }
    let mut actions: Vec<Action> = Vec::new();
    for Draft { mut slice, existing } in drafts {
        if existing.is_some_and(|existing| same(existing, &slice)) {
            continue;
        }
        if let Some(trigger) = trigger_time(service, snapshot.pods.iter().map(|pod| &**pod)) {
            slice.metadata.annotations.get_or_insert_default().insert(TRIGGER_TIME.to_owned(), trigger.to_string());
        }
        actions.push(if existing.is_some() { Action::update(slice) } else { Action::create(slice) });
    }
    actions.extend(spare.into_iter().map(|slice| Action::delete(&**slice)));
    actions
}

/// Distributes a group's endpoints over its slices: each stays where it is; new ones fill the fullest slice that has room; what is left goes to slices that other
/// groups no longer need, then to new ones.
fn pack<'a>(
    service: &Service,
    spec: &ServiceSpec,
    family: &str,
    ports: &[EndpointPort],
    endpoints: Vec<Endpoint>,
    same: Vec<&'a Arc<EndpointSlice>>,
    spare: &mut Vec<&'a Arc<EndpointSlice>>,
) -> Vec<Draft<'a>> {
    let placeholder = endpoints.is_empty();
    let mut missing: BTreeMap<String, Endpoint> = endpoints.into_iter().map(|endpoint| (identity(&endpoint), endpoint)).collect();
    let mut drafts = Vec::new();
    for existing in same {
        let stays = existing.endpoints.iter().flatten().filter_map(|endpoint| missing.remove(&identity(endpoint)));
        let stays: Vec<Endpoint> = stays.take(PER_SLICE).collect();
        drafts.push(draft(service, spec, family, ports, stays, Some(existing)));
    }
    let mut missing = missing.into_values();
    let mut by_fill: Vec<usize> = (0..drafts.len()).collect();
    by_fill.sort_by_key(|place| std::cmp::Reverse(drafts[*place].slice.endpoints.as_ref().map(Vec::len)));
    for place in by_fill {
        let filled = drafts[place].slice.endpoints.get_or_insert_default();
        let room = PER_SLICE.saturating_sub(filled.len());
        filled.extend(missing.by_ref().take(room));
    }
    loop {
        let next: Vec<Endpoint> = missing.by_ref().take(PER_SLICE).collect();
        if next.is_empty() {
            break;
        }
        let reused = spare.pop();
        drafts.push(draft(service, spec, family, ports, next, reused));
    }
    if placeholder && drafts.is_empty() {
        let reused = spare.pop();
        drafts.push(draft(service, spec, family, ports, Vec::new(), reused));
    }
    // Empty slices go, but for the only one.
    let (full, empty): (Vec<_>, Vec<_>) =
        drafts.into_iter().partition(|draft| draft.slice.endpoints.as_ref().is_some_and(|endpoints| !endpoints.is_empty()));
    let mut empty = empty.into_iter();
    let mut drafts = full;
    if drafts.is_empty() {
        drafts.extend(empty.next());
    }
    spare.extend(empty.filter_map(|draft| draft.existing));
    drafts
}

fn draft<'a>(
    service: &Service,
    spec: &ServiceSpec,
    family: &str,
    ports: &[EndpointPort],
    endpoints: Vec<Endpoint>,
    existing: Option<&'a Arc<EndpointSlice>>,
) -> Draft<'a> {
    let mut slice = match existing {
        Some(existing) => (**existing).clone(),
        None => {
            let mut slice = EndpointSlice { address_type: family.to_owned(), ..Default::default() };
            slice.metadata.generate_name = Some(format!("{}-", service.metadata.name.as_deref().unwrap_or_default()));
            slice.metadata.namespace.clone_from(&service.metadata.namespace);
            slice.metadata.owner_references = Some(vec![controller_reference::<Service>(&service.metadata)]);
            slice
        }
    };
    slice.metadata.labels = Some(labels(service, spec));
    slice.ports = Some(ports.to_vec());
    slice.endpoints = Some(endpoints);
    Draft { slice, existing }
}

/// The service's labels, with those that are ours.
fn labels(service: &Service, spec: &ServiceSpec) -> BTreeMap<String, String> {
    let mut labels = service.metadata.labels.clone().unwrap_or_default();
    labels.remove(HEADLESS);
    if is_headless(spec) {
        labels.insert(HEADLESS.to_owned(), String::new());
    }
    labels.insert(SERVICE_NAME.to_owned(), service.metadata.name.clone().unwrap_or_default());
    labels.insert(MANAGED_BY.to_owned(), MANAGER.to_owned());
    labels
}

fn same(left: &EndpointSlice, right: &EndpointSlice) -> bool {
    let (ports, endpoints) = (
        |slice: &EndpointSlice| slice.ports.clone().unwrap_or_default(),
        |slice: &EndpointSlice| slice.endpoints.clone().unwrap_or_default(),
    );
    left.metadata.labels == right.metadata.labels && ports(left) == ports(right) && endpoints(left) == endpoints(right)
}

/// What makes an endpoint the same in spite of changes: its pod and addresses.
fn identity(endpoint: &Endpoint) -> String {
    let pod = endpoint.target_ref.as_ref().and_then(|target| target.uid.as_deref()).unwrap_or_default();
    format!("{} {pod}", endpoint.addresses.join(","))
}

fn groups(snapshot: &Snapshot, spec: &ServiceSpec, family: &str) -> Groups {
    let mut groups: Groups = Vec::new();
    for pod in snapshot.pods.iter().filter(|pod| has_endpoint(pod, true)) {
        // A pod whose node is gone serves nobody.
        let node = pods::node(pod);
        let zone = node.and_then(|node| snapshot.zones.get(node));
        if node.is_some() && zone.is_none() && !publishes_not_ready(spec) {
            continue;
        }
        let Some(endpoint) = endpoint(pod, &snapshot.service, spec, family, zone.and_then(|zone| zone.as_deref())) else { continue };
        let ports = ports(pod, spec);
        match groups.iter_mut().find(|(known, _)| *known == ports) {
            Some((_, endpoints)) => endpoints.push(endpoint),
            None => groups.push((ports, vec![endpoint])),
        }
    }
    groups
}

fn ports(pod: &Pod, spec: &ServiceSpec) -> Vec<EndpointPort> {
    let port = |port: &k8s_openapi::api::core::v1::ServicePort| {
        Some(EndpointPort {
            // The server writes out an empty name, too.
            name: Some(port.name.clone().unwrap_or_default()),
            port: Some(target_port(pod, port)?),
            protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".to_owned())),
            app_protocol: port.app_protocol.clone(),
        })
    };
    spec.ports.iter().flatten().filter_map(port).collect()
}

fn endpoint(pod: &Pod, service: &Service, spec: &ServiceSpec, family: &str, zone: Option<&str>) -> Option<Endpoint> {
    let addresses: Vec<String> =
        addresses(pod).filter(|address| address.is_ipv6() == (family == "IPv6")).map(|address| address.to_string()).collect();
    if addresses.is_empty() {
        return None;
    }
    let serving = pods::is_ready(pod);
    let terminating = pod.metadata.deletion_timestamp.is_some();
    let ready = publishes_not_ready(spec) || (serving && !terminating);
    let node = pods::node(pod).map(str::to_owned);
    Some(Endpoint {
        addresses,
        conditions: Some(EndpointConditions { ready: Some(ready), serving: Some(serving), terminating: Some(terminating) }),
        hints: if ready { hints(spec, zone, node.as_deref()) } else { None },
        hostname: hostname(pod, service),
        node_name: node,
        target_ref: Some(target(pod)),
        zone: zone.map(str::to_owned),
        deprecated_topology: None,
    })
}

/// Where the service wants its traffic kept near: the endpoint is for its own zone, or for its own node.
fn hints(spec: &ServiceSpec, zone: Option<&str>, node: Option<&str>) -> Option<EndpointHints> {
    let distribution = spec.traffic_distribution.as_deref()?;
    let zones = || zone.map(|zone| vec![ForZone { name: zone.to_owned() }]);
    let hints = match distribution {
        "PreferClose" | "PreferSameZone" => EndpointHints { for_zones: zones(), for_nodes: None },
        "PreferSameNode" => EndpointHints { for_zones: zones(), for_nodes: node.map(|node| vec![ForNode { name: node.to_owned() }]) },
        _ => return None,
    };
    (hints.for_zones.is_some() || hints.for_nodes.is_some()).then_some(hints)
}
