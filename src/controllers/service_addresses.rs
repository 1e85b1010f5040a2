//! Addresses of services: every service has an `IPAddress` for each of its cluster IPs, and every `IPAddress` of a service has that service. The server writes and
//! deletes both in one transaction; this repairs what somebody has done to either by hand, as upstream's repair loop, by events.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use api::addresses::Cidr;
use client::Resource;
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::networking::v1::{IPAddress, IPAddressSpec, ParentReference, ServiceCIDR};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use runtime::{Action, Announcement, Change, Existing, Informer, Key, Plan, Reconciler, Verb, reference};

use crate::House;
use crate::controller::Controller;

const NAME: &str = "ipallocator-repair-controller";
/// As upstream's controller of the same name.
const WORKERS: usize = 5;
const FAMILY: &str = "ipaddress.kubernetes.io/ip-family";
const MANAGED_BY: &str = "ipaddress.kubernetes.io/managed-by";
const ALLOCATOR: &str = "ipallocator.k8s.io";
/// An address may be there this long before its service shows: the caches of both are not in step.
const GRACE: SignedDuration = SignedDuration::from_secs(60);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Subject {
    Service(Key),
    Address(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(key) => write!(f, "service {key}"),
            Self::Address(name) => write!(f, "address {name}"),
        }
    }
}

struct Repair {
    services: Informer<Service>,
    addresses: Informer<IPAddress>,
    ranges: Informer<ServiceCIDR>,
}

#[derive(Clone, Debug)]
enum Snapshot {
    Service { service: Arc<Service>, claims: Vec<Claim> },
    Address { address: Arc<IPAddress>, parent: Option<Arc<Service>> },
}

/// A cluster IP of a service.
#[derive(Clone, Debug)]
struct Claim {
    address: IpAddr,
    in_range: bool,
    found: Option<Arc<IPAddress>>,
    /// The service that the address names.
    parent: Option<Arc<Service>>,
}

/// | change | keys |
/// |---|---|
/// | Service | itself; the IPAddresses that it has and had |
/// | IPAddress | itself; the Services that it names and named |
/// | ServiceCIDR | every Service |
pub(crate) async fn run(house: House) {
    let informers = &house.informers;
    let (services, addresses, ranges) = (informers.of::<Service>(), informers.of::<IPAddress>(), informers.of::<ServiceCIDR>());
    let reconciler = Repair { services: services.clone(), addresses: addresses.clone(), ranges: ranges.clone() };
    let all = services.clone();
    Controller::new(house, NAME, WORKERS, reconciler)
        .on(&services, of_service)
        .on(&addresses, of_address)
        .on(&ranges, move |_| all.list().iter().map(|service| Subject::Service(Key::of(&service.metadata))).collect())
        .run()
        .await;
}

fn of_service(change: &Change<Service>) -> Vec<Subject> {
    let addresses = change.both().flat_map(|service| cluster_ips(service)).map(|address| Subject::Address(address.to_string()));
    change.new.iter().map(|service| Subject::Service(Key::of(&service.metadata))).chain(addresses).collect()
}

fn of_address(change: &Change<IPAddress>) -> Vec<Subject> {
    let parents = change.both().filter_map(|address| parent_of(address)).map(Subject::Service);
    change.new.iter().map(|address| Subject::Address(name(&address.metadata))).chain(parents).collect()
}

impl Reconciler for Repair {
    type Key = Subject;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        NAME
    }
    fn observe(&self, key: &Subject) -> Option<Snapshot> {
        let parent = |address: &IPAddress| parent_of(address).and_then(|parent| self.services.get(&parent.namespace, &parent.name));
        match key {
            Subject::Service(key) => {
                let service = self.services.get(&key.namespace, &key.name)?;
                let ranges: Vec<Cidr> = self.ranges.list().iter().flat_map(|range| cidrs(range)).collect();
                let claims = cluster_ips(&service).into_iter().map(|address| {
                    let found = self.addresses.get("", &address.to_string());
                    let parent = found.as_ref().and_then(|found| parent(found));
                    Claim { address, in_range: ranges.iter().any(|range| range.contains(address)), found, parent }
                });
                Some(Snapshot::Service { claims: claims.collect(), service })
            }
            Subject::Address(name) => {
                let address = self.addresses.get("", name)?;
                Some(Snapshot::Address { parent: parent(&address), address })
            }
        }
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        match snapshot {
            Snapshot::Service { service, claims } => {
                Plan { actions: claims.iter().flat_map(|claim| repair(service, claim)).collect(), requeue_at: None }
            }
            Snapshot::Address { address, parent } => clean_up(address, parent.as_deref(), now),
        }
    }
}

fn name(meta: &ObjectMeta) -> String {
    meta.name.clone().unwrap_or_default()
}

fn cidrs(range: &ServiceCIDR) -> Vec<Cidr> {
    let texts = range.spec.iter().flat_map(|spec| spec.cidrs.iter().flatten());
    texts.filter_map(|text| Cidr::parse(text)).collect()
}

fn cluster_ips(service: &Service) -> Vec<IpAddr> {
    let texts = service.spec.iter().flat_map(|spec| spec.cluster_ips.iter().flatten());
    texts.filter_map(|text| text.parse().ok()).collect()
}

/// The service that an address names, where it names one.
fn parent_of(address: &IPAddress) -> Option<Key> {
    let parent = &address.spec.parent_ref;
    let is_service = parent.group.as_deref().unwrap_or_default().is_empty() && parent.resource == "services";
    is_service.then(|| Key::new(parent.namespace.clone().unwrap_or_default(), &parent.name))
}

fn family(address: IpAddr) -> &'static str {
    if address.is_ipv6() { "IPv6" } else { "IPv4" }
}

fn is_managed(address: &IPAddress) -> bool {
    let labels = address.metadata.labels.as_ref();
    labels.and_then(|labels| labels.get(MANAGED_BY)).is_some_and(|by| by == ALLOCATOR)
}

/// Makes the address of a service what it should be.
fn repair(service: &Service, claim: &Claim) -> Vec<Action> {
    let Claim { address, in_range, found, parent } = claim;
    let family = family(*address);
    let key = Key::of(&service.metadata);
    let warning = |reason: &'static str, message: String| Announcement::warning(&reference(service), reason, message);
    if !in_range {
        let message = format!("Cluster IP [{family}]: {address} is not within any configured Service CIDR; please recreate service");
        return vec![Action::announce(warning("ClusterIPOutOfRange", message))];
    }
    let Some(found) = found else {
        let message = format!("Cluster IP [{family}]: {address} is not allocated; repairing");
        return vec![create(*address, &key).announcing(warning("ClusterIPNotAllocated", message))];
    };
    let own = parent_of(found).as_ref() == Some(&key);
    if !own && parent.is_none() {
        let message = format!("the ClusterIP [{family}]: {address} for Service {key} has a wrong reference; repairing");
        return vec![delete(found), create(*address, &key).announcing(warning("ClusterIPNotAllocated", message))];
    }
    let mut actions = Vec::new();
    if !own && parent.as_ref().is_some_and(|parent| cluster_ips(parent).contains(address)) {
        let message = format!("Cluster IP [{family}]:{address} was assigned to multiple services; please recreate service");
        actions.push(Action::announce(warning("ClusterIPAlreadyAllocated", message)));
    }
    let labelled = found.metadata.labels.as_ref().and_then(|labels| labels.get(FAMILY)).is_some_and(|label| label == family);
    if own && !(labelled && is_managed(found)) {
        actions.extend([delete(found), create(*address, &key)]);
    }
    actions
}

/// Takes away an address of services that no service has.
fn clean_up(address: &IPAddress, parent: Option<&Service>, now: Timestamp) -> Plan {
    if !is_managed(address) {
        return Plan::default();
    }
    let own = name(&address.metadata);
    let warning = |reason: &'static str, message: String| Announcement::warning(&reference(address), reason, message);
    let Some(key) = parent_of(address) else {
        let ParentReference { group, resource, namespace, name } = &address.spec.parent_ref;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let parent = format!("&ParentReference{{Group:{},Resource:{resource},Namespace:{},Name:{name},}}", text(group), text(namespace));
        let message = format!("IPAddress {own} appears to have been modified, not referencing a Service {parent}: cleaning up");
        return Plan { actions: vec![delete(address).announcing(warning("IPAddressNotAllocated", message))], requeue_at: None };
    };
    if parent.is_some_and(|parent| cluster_ips(parent).iter().any(|address| address.to_string() == own)) {
        return Plan::default();
    }
    let made = address.metadata.creation_timestamp.as_ref().map_or(Timestamp::UNIX_EPOCH, |time| time.0);
    let over = made.saturating_add(GRACE).unwrap_or(Timestamp::MAX);
    if now <= over {
        return Plan { actions: Vec::new(), requeue_at: Some(over.saturating_add(SignedDuration::from_secs(1)).unwrap_or(Timestamp::MAX)) };
    }
    let (reason, message) = if parent.is_some() {
        ("IPAddressWrongReference", format!("IPAddress: {own} for Service {key} has a wrong reference; cleaning up"))
    } else {
        ("IPAddressNotAllocated", format!("IPAddress: {own} for Service {key} appears to have leaked: cleaning up"))
    };
    Plan { actions: vec![delete(address).announcing(warning(reason, message))], requeue_at: None }
}

/// This very address, as it is.
fn delete(address: &IPAddress) -> Action {
    let meta = &address.metadata;
    let verb =
        Verb::Delete { uid: meta.uid.clone(), resource_version: meta.resource_version.clone(), propagation: None, grace_seconds: None };
    Action::delete_resource(Resource::of::<IPAddress>(), "", &name(meta), verb)
}

/// An address for a service, unless the cache just has not seen it.
fn create(address: IpAddr, service: &Key) -> Action {
    let labels = [(FAMILY, family(address)), (MANAGED_BY, ALLOCATOR)];
    let object = IPAddress {
        metadata: ObjectMeta {
            name: Some(address.to_string()),
            labels: Some(labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into()),
            ..Default::default()
        },
        spec: IPAddressSpec {
            parent_ref: ParentReference {
                group: None,
                resource: "services".to_owned(),
                namespace: Some(service.namespace.clone()),
                name: service.name.clone(),
            },
        },
    };
    let any = Existing { resource: Resource::of::<IPAddress>(), namespace: String::new(), name: address.to_string(), uid: String::new() };
    Action::create(object).unless(vec![any])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn service(name: &str, addresses: &[&str]) -> Service {
        serde_json::from_value(json!({"metadata": {"namespace": "n", "name": name}, "spec": {"clusterIPs": addresses}})).unwrap()
    }
    fn address(parent: &Value) -> IPAddress {
        serde_json::from_value(json!({
            "metadata": {"name": "10.0.0.7", "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {FAMILY: "IPv4", MANAGED_BY: ALLOCATOR}},
            "spec": {"parentRef": parent},
        }))
        .unwrap()
    }
    fn of(name: &str) -> Value {
        json!({"resource": "services", "namespace": "n", "name": name})
    }
    fn told(actions: &[Action]) -> Vec<String> {
        let told = |action: &Action| {
            let verb = match action.verb {
                Verb::Create(_) => "create",
                Verb::Delete { .. } => "delete",
                _ => "tell",
            };
            let event = action.success.as_ref().map(|event| format!(" {}: {}", event.reason, event.message));
            format!("{verb}{}", event.unwrap_or_default())
        };
        actions.iter().map(told).collect()
    }

    #[test]
    fn a_service_gets_its_address_back() {
        let own = service("a", &["10.0.0.7"]);
        let check = |in_range: bool, found: Option<IPAddress>, parent: Option<Service>, expected: &[&str]| {
            let claim = Claim { address: "10.0.0.7".parse().unwrap(), in_range, found: found.map(Arc::new), parent: parent.map(Arc::new) };
            assert_eq!(told(&repair(&own, &claim)), expected);
        };
        check(true, Some(address(&of("a"))), Some(own.clone()), &[]);
        check(true, None, None, &["create ClusterIPNotAllocated: Cluster IP [IPv4]: 10.0.0.7 is not allocated; repairing"]);
        let wrong = "create ClusterIPNotAllocated: the ClusterIP [IPv4]: 10.0.0.7 for Service n/a has a wrong reference; repairing";
        check(
            true,
            Some(address(&json!({"group": "gateway.networking.k8s.io", "resource": "gateways", "name": "g"}))),
            None,
            &["delete", wrong],
        );
        check(true, Some(address(&of("b"))), None, &["delete", wrong]);
        let shared =
            "tell ClusterIPAlreadyAllocated: Cluster IP [IPv4]:10.0.0.7 was assigned to multiple services; please recreate service";
        check(true, Some(address(&of("b"))), Some(service("b", &["10.0.0.7"])), &[shared]);
        let mut unlabelled = address(&of("a"));
        unlabelled.metadata.labels = None;
        check(true, Some(unlabelled), Some(own.clone()), &["delete", "create"]);
        let outside =
            "tell ClusterIPOutOfRange: Cluster IP [IPv4]: 10.0.0.7 is not within any configured Service CIDR; please recreate service";
        check(false, Some(address(&of("a"))), Some(own.clone()), &[outside]);
    }

    #[test]
    fn an_address_without_a_service_goes() {
        let check = |address: &IPAddress, parent: Option<Service>, now: &str, expected: &[&str], again: bool| {
            let plan = clean_up(address, parent.as_ref(), now.parse().unwrap());
            assert_eq!((told(&plan.actions), plan.requeue_at.is_some()), (expected.iter().map(ToString::to_string).collect(), again));
        };
        let (early, late) = ("2026-01-01T00:00:30Z", "2026-01-01T00:02:00Z");
        let own = address(&of("a"));
        check(&own, Some(service("a", &["10.0.0.7"])), late, &[], false);
        check(&own, None, early, &[], true);
        check(
            &own,
            None,
            late,
            &["delete IPAddressNotAllocated: IPAddress: 10.0.0.7 for Service n/a appears to have leaked: cleaning up"],
            false,
        );
        let wrong = "delete IPAddressWrongReference: IPAddress: 10.0.0.7 for Service n/a has a wrong reference; cleaning up";
        check(&own, Some(service("a", &["10.0.0.8"])), late, &[wrong], false);
        let modified = address(&json!({"group": "x.io", "resource": "gateways", "namespace": "n", "name": "g"}));
        let words = "delete IPAddressNotAllocated: IPAddress 10.0.0.7 appears to have been modified, not referencing a Service &ParentReference{Group:x.io,Resource:gateways,Namespace:n,Name:g,}: cleaning up";
        check(&modified, None, early, &[words], false);
        let mut others = modified.clone();
        others.metadata.labels = None;
        check(&others, None, late, &[], false);
    }
}
