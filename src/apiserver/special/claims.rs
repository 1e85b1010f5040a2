//! Claims on what no two services may have: a key of the store for each address and each node port, written and deleted in the transaction of the service itself,
//! so that it holds among all servers of a store. The claim of an address is its `IPAddress`, as upstream's; that of a port is a key of its own.

use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use api::addresses::Cidr;
use bytes::Bytes;
use k8s_openapi::api::core::v1::{ConfigMap, Service};
use k8s_openapi::api::networking::v1::{IPAddress, IPAddressSpec, ParentReference, ServiceCIDR};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use store::{Expect, Write, WriteError};

use super::addresses::AddressRange;
use super::service::{addresses, ports};
use crate::cache::{Cache, Item, Resource, encode};
use crate::registry::{Registry, now};

/// Keys of claims that others turned out to have.
pub type Clashes = HashSet<Arc<str>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    Address(IpAddr),
    Port(u16),
}

/// The claims there are.
pub struct Claims {
    addresses: Arc<Resource>,
    ports: Arc<Resource>,
    ranges: Arc<Resource>,
}

impl Claims {
    pub fn new(cache: &Cache) -> Self {
        Self {
            addresses: cache.resource("networking.k8s.io", "ipaddresses"),
            // no group of an API has such a name
            ports: cache.resource("ranges", "servicenodeports"),
            ranges: cache.resource("networking.k8s.io", "servicecidrs"),
        }
    }
    fn resource(&self, claim: Claim) -> &Resource {
        match claim {
            Claim::Address(_) => &self.addresses,
            Claim::Port(_) => &self.ports,
        }
    }
    fn key(&self, claim: Claim) -> Arc<str> {
        let name = match claim {
            Claim::Address(address) => address.to_string(),
            Claim::Port(port) => port.to_string(),
        };
        self.resource(claim).key("", &name)
    }
    pub fn is_taken(&self, claim: Claim, clashes: &Clashes) -> bool {
        let key = self.key(claim);
        clashes.contains(&key) || self.resource(claim).get(&key).is_some()
    }
    /// The ranges that services get addresses out of: those of all ServiceCIDRs that are ready and not going.
    pub fn ranges(&self) -> Vec<AddressRange> {
        let (items, _) = self.ranges.list("", || 0);
        let objects = items.iter().filter_map(|item| item.object(&kinds::SERVICE_CIDR).ok());
        objects.filter_map(|object| object.downcast_ref().map(ranges_of)).flatten().collect()
    }
    /// What has to be written with a service (none before it is created, none after it has gone) so that its claims are what it has.
    pub fn writes(&self, old: Option<&Service>, new: Option<&Service>) -> Vec<Write> {
        let (before, after) = (old.map(claims_of).unwrap_or_default(), new.map(claims_of).unwrap_or_default());
        let taken = after
            .difference(&before)
            .filter_map(|claim| Some(Write::Put { key: self.key(*claim), value: value(*claim, new?), expect: Expect::Absent }));
        let dropped = before.difference(&after).filter_map(|claim| {
            let item = self.resource(*claim).get(&self.key(*claim))?;
            let own = holder(*claim, &item)? == of_service(old?);
            own.then(|| Write::Delete { key: item.key().clone(), expect: Expect::At(item.revision()) })
        });
        taken.chain(dropped).collect()
    }
}

fn ranges_of(range: &ServiceCIDR) -> Vec<AddressRange> {
    let mut conditions = range.status.iter().flat_map(|status| status.conditions.iter().flatten());
    // without a condition nobody looks after it, and it is ready
    let ready = conditions.find(|condition| condition.type_ == "Ready").is_none_or(|condition| condition.status == "True");
    if !ready || range.metadata.deletion_timestamp.is_some() {
        return Vec::new();
    }
    let cidrs = range.spec.iter().flat_map(|spec| spec.cidrs.iter().flatten());
    cidrs.filter_map(|text| Cidr::parse(text)).map(AddressRange::new).collect()
}

fn claims_of(service: &Service) -> BTreeSet<Claim> {
    addresses(service).into_iter().map(Claim::Address).chain(ports(service).into_iter().map(Claim::Port)).collect()
}

/// Namespace and name.
fn of_service(service: &Service) -> (String, String) {
    let meta = &service.metadata;
    (meta.namespace.clone().unwrap_or_default(), meta.name.clone().unwrap_or_default())
}

/// The service that has a claim.
fn holder(claim: Claim, item: &Item) -> Option<(String, String)> {
    match claim {
        Claim::Address(_) => {
            let object = item.object_once(&kinds::IP_ADDRESS).ok()?;
            let parent = &object.downcast_ref::<IPAddress>()?.spec.parent_ref;
            Some((parent.namespace.clone().unwrap_or_default(), parent.name.clone()))
        }
        Claim::Port(_) => {
            let object = item.object_once(&kinds::CONFIG_MAP).ok()?;
            let data = object.downcast_ref::<ConfigMap>()?.data.clone()?;
            Some((data.get("namespace")?.clone(), data.get("name")?.clone()))
        }
    }
}

fn value(claim: Claim, service: &Service) -> Bytes {
    let (namespace, name) = of_service(service);
    match claim {
        Claim::Address(address) => {
            let family = if address.is_ipv6() { "IPv6" } else { "IPv4" };
            let labels = [("ipaddress.kubernetes.io/ip-family", family), ("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io")];
            let mut object = IPAddress {
                metadata: ObjectMeta {
                    name: Some(address.to_string()),
                    uid: Some(uuid::Uuid::new_v4().to_string()),
                    creation_timestamp: Some(now()),
                    labels: Some(labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into()),
                    ..Default::default()
                },
                spec: IPAddressSpec {
                    parent_ref: ParentReference { group: None, resource: "services".to_owned(), namespace: Some(namespace), name },
                },
            };
            encode(&kinds::IP_ADDRESS, &mut object)
        }
        Claim::Port(port) => {
            let metadata = ObjectMeta { name: Some(port.to_string()), ..Default::default() };
            let data = [("namespace".to_owned(), namespace), ("name".to_owned(), name)];
            // never served, but every value of the store is some object
            encode(&kinds::CONFIG_MAP, &mut ConfigMap { metadata, data: Some(data.into()), ..Default::default() })
        }
    }
}

impl Registry {
    /// Claims for services what they have and nobody holds for them: those of a store that an earlier version has written.
    pub async fn renew_claims(&self) -> Result<(), WriteError> {
        let (items, _) = self.of(&kinds::SERVICE).resource.list("", || 0);
        let claims = self.special.claims();
        for item in items {
            let object = match item.object_once(&kinds::SERVICE) {
                Ok(object) => object,
                Err(error) => {
                    tracing::error!(key = %item.key(), %error, "a stored service can not be decoded");
                    continue;
                }
            };
            let Some(service) = object.downcast_ref::<Service>() else { continue };
            for claim in claims_of(service) {
                match claims.resource(claim).get(&claims.key(claim)) {
                    Some(held) if holder(claim, &held) == Some(of_service(service)) => {}
                    Some(_) => tracing::warn!(key = %item.key(), ?claim, "a service has what is claimed by another"),
                    None => {
                        let write = Write::Put { key: claims.key(claim), value: value(claim, service), expect: Expect::Absent };
                        match self.store.write(write).await {
                            Ok(_) | Err(WriteError::Exists { .. }) => {}
                            Err(error) => return Err(error),
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
