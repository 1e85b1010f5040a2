//! Cluster addresses and node ports of services: filled in before a service is written. That no two have the same is seen to by the claims that are written with it.

use std::net::IpAddr;

use api::{ApiError, FieldError, Path};
use k8s_openapi::api::core::v1::{Service, ServiceSpec};

use super::addresses::{AddressRange, PortRange, RangeError};
use super::claims::{Claim, Claims, Clashes};

/// What services can have.
pub struct Allocator {
    pub claims: Claims,
    /// The range that the server was started with.
    default: AddressRange,
    ports: PortRange,
}

/// One service that is being filled in.
struct Filling<'a> {
    allocator: &'a Allocator,
    clashes: &'a Clashes,
    had_addresses: Vec<IpAddr>,
    had_ports: Vec<u16>,
    /// Ports that it has got by now.
    got: Vec<u16>,
    errors: Vec<FieldError>,
}

impl Allocator {
    pub fn new(claims: Claims, default: AddressRange, ports: PortRange) -> Self {
        Self { claims, default, ports }
    }
    /// The first address of the server's own range: that of the `kubernetes` service.
    pub fn first_address(&self) -> IpAddr {
        self.default.at(0)
    }
    /// Fills in addresses and ports; what others have (as far as is known, or as `clashes` tell) is refused where it is asked for.
    pub fn fill(&self, service: &mut Service, old: Option<&Service>, clashes: &Clashes) -> Result<(), ApiError> {
        let name = service.metadata.name.clone().unwrap_or_default();
        let mut filling = Filling {
            allocator: self,
            clashes,
            had_addresses: old.map(addresses).unwrap_or_default(),
            had_ports: old.map(ports).unwrap_or_default(),
            got: Vec::new(),
            errors: Vec::new(),
        };
        let spec = service.spec.get_or_insert_default();
        if let Some(old) = old.and_then(|old| old.spec.as_ref()) {
            carry_over(spec, old);
        }
        if let Err(error) = filling.addresses(spec) {
            filling.errors.push(error);
        }
        filling.ports(spec);
        let errors = filling.errors;
        if errors.is_empty() { Ok(()) } else { Err(ApiError::invalid("", "Service", &name, &errors)) }
    }
    fn ranges(&self) -> impl Iterator<Item = AddressRange> {
        let ipv6 = self.default.is_ipv6();
        self.claims.ranges().into_iter().filter(move |range| range.is_ipv6() == ipv6)
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

impl Filling<'_> {
    fn take_address(&self, address: IpAddr) -> Result<(), RangeError> {
        if !self.allocator.ranges().any(|range| range.contains(address)) {
            return Err(RangeError::AddressOutside);
        }
        if self.is_taken(Claim::Address(address)) { Err(RangeError::AddressTaken) } else { Ok(()) }
    }
    fn any_address(&self) -> Result<IpAddr, RangeError> {
        let free = |address| !self.is_taken(Claim::Address(address));
        self.allocator.ranges().find_map(|range| range.pick(free)).ok_or(RangeError::Full)
    }
    fn is_taken(&self, claim: Claim) -> bool {
        self.allocator.claims.is_taken(claim, self.clashes)
    }

    fn addresses(&self, spec: &mut ServiceSpec) -> Result<(), FieldError> {
        if !wants_address(spec) {
            // a service that turns into a mere name drops what it had
            if !self.had_addresses.is_empty() {
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
                if !self.had_addresses.contains(&address) {
                    self.take_address(address).map_err(|error| {
                        FieldError::invalid(&path, vec![text.to_owned()], format!("failed to allocate IP {text}: {error}"))
                    })?;
                }
                Some(address)
            }
            None => {
                let address = self.any_address();
                Some(address.map_err(|error| FieldError::internal(&path, format!("failed to allocate a serviceIP: {error}")))?)
            }
        };
        let text = address.map_or_else(|| "None".to_owned(), |address| address.to_string());
        let ipv6 = address.map_or(self.allocator.default.is_ipv6(), |address| address.is_ipv6());
        spec.cluster_ip = Some(text.clone());
        if spec.cluster_ips.as_ref().is_none_or(Vec::is_empty) {
            spec.cluster_ips = Some(vec![text]);
        }
        if spec.ip_families.as_ref().is_none_or(Vec::is_empty) {
            spec.ip_families = Some(vec![if ipv6 { "IPv6" } else { "IPv4" }.to_owned()]);
        }
        spec.ip_family_policy.get_or_insert_with(|| "SingleStack".to_owned());
        Ok(())
    }

    /// A port that is asked for at a field.
    fn take_port(&mut self, wanted: i32, at: &Path) {
        let range = self.allocator.ports;
        let number = u16::try_from(wanted).map_err(|_| range.outside());
        if number.as_ref().is_ok_and(|number| self.had_ports.contains(number)) {
            return;
        }
        let taken = number.and_then(|number| {
            range.check(number)?;
            let taken = self.got.contains(&number) || self.is_taken(Claim::Port(number));
            if taken { Err(RangeError::PortTaken) } else { Ok(number) }
        });
        match taken {
            Ok(number) => self.got.push(number),
            Err(error) => self.errors.push(FieldError::invalid(at, wanted, error.to_string())),
        }
    }
    fn any_port(&mut self) -> Option<i32> {
        let number = self.allocator.ports.pick(|port| !self.got.contains(&port) && !self.is_taken(Claim::Port(port)))?;
        self.got.push(number);
        Some(number.into())
    }

    fn ports(&mut self, spec: &mut ServiceSpec) {
        if !may_have_ports(spec) {
            // an update away from node ports need not take them out by hand
            if !self.had_ports.is_empty() {
                let had = |port: i32| u16::try_from(port).is_ok_and(|port| self.had_ports.contains(&port));
                spec.ports.iter_mut().flatten().filter(|port| port.node_port.is_some_and(had)).for_each(|port| port.node_port = None);
                spec.health_check_node_port = None;
            }
            return;
        }
        let automatic = wants_ports(spec);
        let path = Path::new("spec");
        // those that are asked for first, so that none of them is given away by chance
        let mut own: Vec<(i32, Option<String>)> = Vec::new();
        for (index, port) in spec.ports.iter().flatten().enumerate() {
            let Some(wanted) = port.node_port.filter(|port| *port != 0) else { continue };
            // one number serves several protocols of one service
            let shared = own.iter().any(|(other, protocol)| *other == wanted && *protocol != port.protocol);
            own.push((wanted, port.protocol.clone()));
            if !shared {
                self.take_port(wanted, &path.child("ports").index(index).child("nodePort"));
            }
        }
        let health = wants_health_port(spec);
        let health_path = path.child("healthCheckNodePort");
        if let Some(wanted) = spec.health_check_node_port.filter(|port| health && *port != 0) {
            self.take_port(wanted, &health_path);
        }
        if !self.errors.is_empty() {
            return;
        }
        let full = |at: &Path| FieldError::internal(at, format!("failed to allocate a nodePort: {}", RangeError::Full));
        for (index, port) in spec.ports.iter_mut().flatten().enumerate().filter(|_| automatic) {
            if port.node_port.unwrap_or_default() != 0 {
                continue;
            }
            match self.any_port() {
                Some(number) => port.node_port = Some(number),
                None => self.errors.push(full(&path.child("ports").index(index).child("nodePort"))),
            }
        }
        if health && spec.health_check_node_port.unwrap_or_default() == 0 {
            match self.any_port() {
                Some(number) => spec.health_check_node_port = Some(number),
                None => self.errors.push(full(&health_path)),
            }
        }
    }
}

pub fn addresses(service: &Service) -> Vec<IpAddr> {
    let Some(spec) = service.spec.as_ref().filter(|spec| wants_address(spec)) else { return Vec::new() };
    let mut all: Vec<IpAddr> =
        spec.cluster_ips.iter().flatten().chain(spec.cluster_ip.as_ref()).filter_map(|text| text.parse().ok()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

pub fn ports(service: &Service) -> Vec<u16> {
    let Some(spec) = service.spec.as_ref().filter(|spec| may_have_ports(spec)) else { return Vec::new() };
    let numbers = spec.ports.iter().flatten().filter_map(|port| port.node_port).chain(spec.health_check_node_port);
    let mut all: Vec<u16> = numbers.filter_map(|port| u16::try_from(port).ok()).filter(|port| *port != 0).collect();
    all.sort_unstable();
    all.dedup();
    all
}
