//! What the zone is made of, kept by service so that one change touches one entry.
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use api::addresses::Cidr;

/// One port of a service or endpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port {
    /// Empty for a port without a name.
    pub name: String,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: &'static str,
    pub number: u16,
}

/// One address behind a service that has a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The hostname the endpoint was given, or its address with dashes.
    pub name: String,
    pub address: IpAddr,
    pub ports: Vec<Port>,
}

/// What is known of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Service {
    /// With addresses of its own; the endpoints are those that were given a hostname.
    Cluster { addresses: Vec<IpAddr>, ports: Vec<Port>, endpoints: Vec<Endpoint> },
    /// Its endpoints are its addresses.
    Headless { endpoints: Vec<Endpoint> },
    /// Another name for something elsewhere.
    External { name: String },
}

impl Service {
    pub(crate) fn endpoints(&self) -> &[Endpoint] {
        match self {
            Service::Cluster { endpoints, .. } | Service::Headless { endpoints } => endpoints,
            Service::External { .. } => &[],
        }
    }
}

/// Namespace and name of a service.
type Key = (String, String);

/// All names of the cluster.
#[derive(Debug, Clone)]
pub struct Records {
    /// The labels of the cluster's domain, lower case.
    pub(crate) domain: Vec<String>,
    /// The server's own address.
    pub(crate) own_address: IpAddr,
    ranges: Vec<Cidr>,
    namespaces: BTreeSet<String>,
    services: BTreeMap<String, BTreeMap<String, Service>>,
    /// Services that have something at an address.
    reverse: BTreeMap<IpAddr, BTreeSet<Key>>,
}

impl Records {
    /// An empty zone of a domain. Reverse names in `ranges` are the cluster's alone; those of them that are no ranges are left out.
    pub fn new(domain: &str, own_address: IpAddr, ranges: &[String]) -> Records {
        Records {
            domain: domain.trim_matches('.').to_ascii_lowercase().split('.').map(str::to_owned).collect(),
            own_address,
            ranges: ranges.iter().filter_map(|range| Cidr::parse(range)).collect(),
            namespaces: BTreeSet::new(),
            services: BTreeMap::new(),
            reverse: BTreeMap::new(),
        }
    }

    /// Puts, or with `None` removes, one service.
    pub fn set_service(&mut self, namespace: &str, name: &str, service: Option<Service>) {
        let key = (namespace.to_owned(), name.to_owned());
        let of_namespace = self.services.entry(key.0.clone()).or_default();
        for address in of_namespace.get(name).iter().flat_map(|old| addresses(old)) {
            if let Some(keys) = self.reverse.get_mut(&address) {
                keys.remove(&key);
                if keys.is_empty() {
                    self.reverse.remove(&address);
                }
            }
        }
        for address in service.iter().flat_map(addresses) {
            self.reverse.entry(address).or_default().insert(key.clone());
        }
        match service {
            Some(service) => drop(of_namespace.insert(key.1, service)),
            None => drop(of_namespace.remove(name)),
        }
        if of_namespace.is_empty() {
            self.services.remove(namespace);
        }
    }

    /// Notes that a namespace is, or is no longer, there.
    pub fn set_namespace(&mut self, name: &str, exists: bool) {
        if exists {
            self.namespaces.insert(name.to_owned());
        } else {
            self.namespaces.remove(name);
        }
    }

    pub(crate) fn service(&self, namespace: &str, name: &str) -> Option<&Service> {
        self.services.get(namespace)?.get(name)
    }

    pub(crate) fn has_namespace(&self, name: &str) -> bool {
        self.namespaces.contains(name) || self.services.contains_key(name)
    }

    /// Whether an address is the cluster's own.
    pub(crate) fn owns(&self, address: IpAddr) -> bool {
        self.ranges.iter().any(|range| range.contains(address))
    }

    /// The names of an address, as labels below the domain: of the service it belongs to, or of the endpoints of headless ones.
    pub(crate) fn names_of(&self, address: IpAddr) -> Vec<Vec<&str>> {
        let keys = self.reverse.get(&address).into_iter().flatten();
        let services: Vec<_> = keys.filter_map(|(namespace, name)| Some((namespace, name, self.service(namespace, name)?))).collect();
        let of_services =
            services.iter().filter(|(_, _, service)| matches!(service, Service::Cluster { addresses, .. } if addresses.contains(&address)));
        let names: Vec<Vec<&str>> = of_services.map(|(namespace, name, _)| vec![name.as_str(), namespace.as_str(), "svc"]).collect();
        if !names.is_empty() {
            return names;
        }
        let of_endpoints = services.iter().flat_map(|(namespace, name, service)| {
            let matching = service.endpoints().iter().filter(|endpoint| endpoint.address == address);
            matching.map(|endpoint| vec![endpoint.name.as_str(), name.as_str(), namespace.as_str(), "svc"])
        });
        of_endpoints.collect()
    }
}

fn addresses(service: &Service) -> Vec<IpAddr> {
    let own: &[IpAddr] = match service {
        Service::Cluster { addresses, .. } => addresses,
        _ => &[],
    };
    own.iter().copied().chain(service.endpoints().iter().map(|endpoint| endpoint.address)).collect()
}
