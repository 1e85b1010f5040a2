//! Cluster addresses and node ports of services: taken before a service is written, given back when the write fails, the service goes or no longer wants them.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::{ApiError, FieldError, Path};
use k8s_openapi::api::core::v1::{Service, ServiceSpec};

use super::addresses::{AddressRange, PortRange, RangeError};

/// Both ranges behind one lock, which is held for a few set operations and never across a write.
#[derive(Debug)]
pub struct Allocations {
    ranges: Mutex<Ranges>,
    first: IpAddr,
}

#[derive(Debug)]
struct Ranges {
    addresses: AddressRange,
    ports: PortRange,
}

/// What has been taken for a write that is under way.
#[must_use]
#[derive(Debug)]
pub struct Reservation {
    allocations: Arc<Allocations>,
    addresses: Vec<IpAddr>,
    ports: Vec<u16>,
}

impl Reservation {
    /// The write has happened: what was taken belongs to the service.
    pub fn keep(mut self) {
        self.addresses.clear();
        self.ports.clear();
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut ranges = self.allocations.lock();
        for address in &self.addresses {
            ranges.addresses.release(*address);
        }
        for port in &self.ports {
            ranges.ports.release(*port);
        }
    }
}

impl Allocations {
    pub fn new(addresses: AddressRange, ports: PortRange) -> Arc<Self> {
        let first = addresses.at(0);
        Arc::new(Self { ranges: Mutex::new(Ranges { addresses, ports }), first })
    }
    fn lock(&self) -> MutexGuard<'_, Ranges> {
        self.ranges.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// The first address of the range: that of the `kubernetes` service.
    pub fn first_address(&self) -> IpAddr {
        self.first
    }
    /// Takes what a stored service has, at start.
    pub fn adopt(&self, service: &Service) {
        let mut ranges = self.lock();
        for address in addresses(service) {
            if let Err(error) = ranges.addresses.take(address) {
                tracing::warn!(service = ?service.metadata.name, %address, %error, "a stored service has an address that it can not have");
            }
        }
        for port in ports(service) {
            if let Err(error) = ranges.ports.take(port) {
                tracing::warn!(service = ?service.metadata.name, port, %error, "a stored service has a node port that it can not have");
            }
        }
    }
    /// Gives back all that a service had.
    pub fn release(&self, service: &Service) {
        let mut ranges = self.lock();
        addresses(service).into_iter().for_each(|address| ranges.addresses.release(address));
        ports(service).into_iter().for_each(|port| ranges.ports.release(port));
    }
    /// Gives back what a service no longer has.
    pub fn release_dropped(&self, new: &Service, old: &Service) {
        let (kept_addresses, kept_ports) = (addresses(new), ports(new));
        let mut ranges = self.lock();
        addresses(old)
            .into_iter()
            .filter(|address| !kept_addresses.contains(address))
            .for_each(|address| ranges.addresses.release(address));
        ports(old).into_iter().filter(|port| !kept_ports.contains(port)).for_each(|port| ranges.ports.release(port));
    }

    /// Fills in addresses and ports, and takes them.
    pub fn reserve(self: &Arc<Self>, service: &mut Service, old: Option<&Service>) -> Result<Reservation, ApiError> {
        let name = service.metadata.name.clone().unwrap_or_default();
        let mut reservation = Reservation { allocations: self.clone(), addresses: Vec::new(), ports: Vec::new() };
        let had_addresses = old.map(addresses).unwrap_or_default();
        let had_ports = old.map(ports).unwrap_or_default();
        let spec = service.spec.get_or_insert_default();
        if let Some(old) = old.and_then(|old| old.spec.as_ref()) {
            carry_over(spec, old);
        }
        let mut errors = Vec::new();
        let mut ranges = self.lock();
        if let Err(error) = reserve_addresses(&mut ranges, spec, &had_addresses, &mut reservation.addresses) {
            errors.push(error);
        }
        reserve_ports(&mut ranges, spec, &had_ports, &mut reservation.ports, &mut errors);
        drop(ranges);
        if errors.is_empty() { Ok(reservation) } else { Err(ApiError::invalid("", "Service", &name, &errors)) }
    }
}

/// True where the service has an address of its own.
fn wants_address(spec: &ServiceSpec) -> bool {
    spec.type_.as_deref() != Some("ExternalName")
}

fn wants_ports(spec: &ServiceSpec) -> bool {
    match spec.type_.as_deref() {
        Some("NodePort") => true,
        Some("LoadBalancer") => spec.allocate_load_balancer_node_ports != Some(false),
        _ => false,
    }
}

/// May have node ports, whether or not they are given out unasked.
fn may_have_ports(spec: &ServiceSpec) -> bool {
    matches!(spec.type_.as_deref(), Some("NodePort" | "LoadBalancer"))
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// An update that leaves out what the server has given keeps it.
fn carry_over(spec: &mut ServiceSpec, old: &ServiceSpec) {
    if wants_address(spec) && wants_address(old) {
        if filled(spec.cluster_ip.as_ref()).is_none() && spec.cluster_ips.as_ref().is_none_or(Vec::is_empty) {
            spec.cluster_ip.clone_from(&old.cluster_ip);
            spec.cluster_ips.clone_from(&old.cluster_ips);
        }
        if spec.ip_families.is_none() {
            spec.ip_families.clone_from(&old.ip_families);
        }
        if spec.ip_family_policy.is_none() {
            spec.ip_family_policy.clone_from(&old.ip_family_policy);
        }
    }
    if may_have_ports(spec) && may_have_ports(old) {
        let before = old.ports.as_deref().unwrap_or_default();
        let mut free: Vec<_> = before.iter().filter(|port| port.node_port.unwrap_or_default() != 0).collect();
        let ports = spec.ports.as_deref_mut().unwrap_or_default();
        free.retain(|port| !ports.iter().any(|own| own.node_port == port.node_port && own.protocol == port.protocol));
        for port in ports.iter_mut().filter(|port| port.node_port.unwrap_or_default() == 0) {
            if let Some(index) = free.iter().position(|old| old.protocol == port.protocol && old.port == port.port) {
                port.node_port = free.remove(index).node_port;
            }
        }
        if spec.health_check_node_port.unwrap_or_default() == 0 && wants_health_port(spec) {
            spec.health_check_node_port = old.health_check_node_port;
        }
    }
}

fn wants_health_port(spec: &ServiceSpec) -> bool {
    spec.type_.as_deref() == Some("LoadBalancer") && spec.external_traffic_policy.as_deref() == Some("Local")
}

fn reserve_addresses(ranges: &mut Ranges, spec: &mut ServiceSpec, had: &[IpAddr], taken: &mut Vec<IpAddr>) -> Result<(), FieldError> {
    if !wants_address(spec) {
        // a service that turns into a mere name drops what it had
        if !had.is_empty() {
            spec.cluster_ip = None;
            spec.cluster_ips = None;
            spec.ip_families = None;
            spec.ip_family_policy = None;
        }
        return Ok(());
    }
    let given =
        filled(spec.cluster_ip.as_ref()).or_else(|| spec.cluster_ips.iter().flatten().next().map(String::as_str)).map(str::to_owned);
    let path = Path::new("spec").child("clusterIPs");
    let address = match given.as_deref() {
        Some("None") => None,
        Some(text) => {
            // an address that is none is the validation's to refuse
            let Some(address) = api::addresses::parse_sloppy(text) else { return Ok(()) };
            if !had.contains(&address) {
                ranges
                    .addresses
                    .take(address)
                    .map_err(|error| FieldError::invalid(&path, vec![text.to_owned()], format!("failed to allocate IP {text}: {error}")))?;
                taken.push(address);
            }
            Some(address)
        }
        None => {
            let address = ranges
                .addresses
                .take_any()
                .map_err(|error| FieldError::internal(&path, format!("failed to allocate a serviceIP: {error}")))?;
            taken.push(address);
            Some(address)
        }
    };
    let text = address.map_or_else(|| "None".to_owned(), |address| address.to_string());
    let family = if address.unwrap_or_else(|| ranges.addresses.at(0)).is_ipv6() { "IPv6" } else { "IPv4" };
    spec.cluster_ip = Some(text.clone());
    if spec.cluster_ips.as_ref().is_none_or(Vec::is_empty) {
        spec.cluster_ips = Some(vec![text]);
    }
    if spec.ip_families.as_ref().is_none_or(Vec::is_empty) {
        spec.ip_families = Some(vec![family.to_owned()]);
    }
    spec.ip_family_policy.get_or_insert_with(|| "SingleStack".to_owned());
    Ok(())
}

fn reserve_ports(ranges: &mut Ranges, spec: &mut ServiceSpec, had: &[u16], taken: &mut Vec<u16>, errors: &mut Vec<FieldError>) {
    if !may_have_ports(spec) {
        // an update away from node ports need not take them out by hand
        if !had.is_empty() {
            spec.ports
                .iter_mut()
                .flatten()
                .filter(|port| port.node_port.and_then(|port| u16::try_from(port).ok()).is_some_and(|port| had.contains(&port)))
                .for_each(|port| port.node_port = None);
            spec.health_check_node_port = None;
        }
        return;
    }
    let automatic = wants_ports(spec);
    let path = Path::new("spec");
    // those that are asked for first, so that none of them is given away by chance
    let mut own: Vec<(u16, Option<String>)> = Vec::new();
    for (index, port) in spec.ports.iter().flatten().enumerate() {
        let Some(wanted) = port.node_port.filter(|port| *port != 0) else { continue };
        let at = path.child("ports").index(index).child("nodePort");
        let Ok(number) = u16::try_from(wanted) else {
            errors.push(FieldError::invalid(&at, wanted, RangeError::PortOutside { first: 30000, last: 32767 }.to_string()));
            continue;
        };
        // one number serves several protocols of one service
        let shared = own.iter().any(|(other, protocol)| *other == number && *protocol != port.protocol);
        own.push((number, port.protocol.clone()));
        if shared || had.contains(&number) {
            continue;
        }
        match ranges.ports.take(number) {
            Ok(()) => taken.push(number),
            Err(error) => errors.push(FieldError::invalid(&at, wanted, error.to_string())),
        }
    }
    if !errors.is_empty() {
        return;
    }
    if automatic {
        for (index, port) in spec.ports.iter_mut().flatten().enumerate() {
            if port.node_port.unwrap_or_default() != 0 {
                continue;
            }
            match ranges.ports.take_any() {
                Ok(number) => {
                    taken.push(number);
                    port.node_port = Some(number.into());
                }
                Err(error) => {
                    let at = path.child("ports").index(index).child("nodePort");
                    errors.push(FieldError::internal(&at, format!("failed to allocate a nodePort: {error}")));
                }
            }
        }
    }
    if wants_health_port(spec) {
        match spec.health_check_node_port.filter(|port| *port != 0) {
            Some(wanted) => {
                if let Ok(number) = u16::try_from(wanted)
                    && !had.contains(&number)
                {
                    match ranges.ports.take(number) {
                        Ok(()) => taken.push(number),
                        Err(error) => errors.push(FieldError::invalid(&path.child("healthCheckNodePort"), wanted, error.to_string())),
                    }
                }
            }
            None => {
                if let Ok(number) = ranges.ports.take_any() {
                    taken.push(number);
                    spec.health_check_node_port = Some(number.into());
                }
            }
        }
    }
}

fn addresses(service: &Service) -> Vec<IpAddr> {
    let Some(spec) = service.spec.as_ref().filter(|spec| wants_address(spec)) else { return Vec::new() };
    let mut all: Vec<IpAddr> =
        spec.cluster_ips.iter().flatten().chain(spec.cluster_ip.as_ref()).filter_map(|text| text.parse().ok()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn ports(service: &Service) -> Vec<u16> {
    let Some(spec) = service.spec.as_ref().filter(|spec| may_have_ports(spec)) else { return Vec::new() };
    let numbers = spec.ports.iter().flatten().filter_map(|port| port.node_port).chain(spec.health_check_node_port);
    let mut all: Vec<u16> = numbers.filter_map(|port| u16::try_from(port).ok()).filter(|port| *port != 0).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::addresses::Cidr;

    fn allocations() -> Arc<Allocations> {
        Allocations::new(AddressRange::new(Cidr::parse("10.96.0.0/16").unwrap()), PortRange::new(30000, 32767))
    }
    fn service(spec: &serde_json::Value) -> Service {
        serde_json::from_value(serde_json::json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}))
            .unwrap()
    }

    #[test]
    fn a_taken_address_is_refused_until_it_is_released() {
        let all = allocations();
        let mut first = service(&serde_json::json!({"type": "ClusterIP", "clusterIP": "10.96.0.10", "ports": [{"port": 80}]}));
        all.reserve(&mut first, None).unwrap().keep();
        let error = all.reserve(&mut first.clone(), None).unwrap_err();
        assert_eq!(
            error.message(),
            r#"Service "web" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated"#
        );
        all.release(&first);
        drop(all.reserve(&mut first.clone(), None).unwrap());
        // dropped, not kept: free again
        all.reserve(&mut first, None).unwrap().keep();
    }

    #[test]
    fn a_node_port_is_kept_over_an_update_that_leaves_it_out() {
        let all = allocations();
        let mut old = service(&serde_json::json!({"type": "NodePort", "ports": [{"port": 80, "protocol": "TCP"}]}));
        all.reserve(&mut old, None).unwrap().keep();
        let given = old.spec.as_ref().unwrap().ports.as_ref().unwrap()[0].node_port;
        assert!(given.is_some_and(|port| (30000..=32767).contains(&port)));
        let mut new = service(&serde_json::json!({"type": "NodePort", "ports": [{"port": 80, "protocol": "TCP"}]}));
        all.reserve(&mut new, Some(&old)).unwrap().keep();
        assert_eq!(new.spec.as_ref().unwrap().ports.as_ref().unwrap()[0].node_port, given);
        assert_eq!(new.spec.unwrap().cluster_ip, old.spec.unwrap().cluster_ip);
    }

    #[test]
    fn a_taken_port_is_refused() {
        let all = allocations();
        let mut one = service(&serde_json::json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]}));
        all.reserve(&mut one, None).unwrap().keep();
        let error = all.reserve(&mut one.clone(), None).unwrap_err();
        assert!(error.message().contains("spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated"), "{error}");
    }

    #[test]
    fn headless_and_external_services_take_nothing() {
        let all = allocations();
        let mut headless = service(&serde_json::json!({"clusterIP": "None"}));
        all.reserve(&mut headless, None).unwrap().keep();
        assert_eq!(headless.spec.unwrap().cluster_ips, Some(vec!["None".to_owned()]));
        let mut name = service(&serde_json::json!({"type": "ExternalName", "externalName": "example.org"}));
        all.reserve(&mut name, None).unwrap().keep();
        assert_eq!(name.spec.unwrap().cluster_ip, None);
    }
}
