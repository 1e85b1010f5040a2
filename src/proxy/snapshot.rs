//! What the rules are made of: service ports with the endpoints chosen for this node, and host ports.
use std::fmt;
use std::net::Ipv4Addr;

/// The protocols a service can have, worded as the packet filter words them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    Tcp,
    Udp,
    Sctp,
}

impl Protocol {
    /// From the API's word; nothing said is TCP.
    pub fn parse(text: Option<&str>) -> Option<Protocol> {
        match text.unwrap_or("TCP") {
            "TCP" => Some(Protocol::Tcp),
            "UDP" => Some(Protocol::Udp),
            "SCTP" => Some(Protocol::Sctp),
            _ => None,
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Sctp => "sctp",
        })
    }
}

/// One address and port behind a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    pub address: Ipv4Addr,
    pub port: u16,
    /// Whether it is on this node.
    pub local: bool,
}

/// One port of a service with all that decides about its packets on this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePort {
    pub namespace: String,
    pub name: String,
    pub protocol: Protocol,
    pub port: u16,
    pub cluster_ip: Ipv4Addr,
    pub external_ips: Vec<Ipv4Addr>,
    pub load_balancer_ips: Vec<Ipv4Addr>,
    /// Clients that may use the load balancer addresses, in CIDR form; empty for all.
    pub source_ranges: Vec<String>,
    pub node_port: Option<u16>,
    /// How long a client stays with its endpoint, in seconds; `None` without affinity.
    pub affinity_seconds: Option<u32>,
    /// Whether the cluster address serves endpoints of this node only.
    pub internal_local: bool,
    /// Whether everything from outside is served by endpoints of this node only.
    pub external_local: bool,
    /// Endpoints usable under the Cluster policy.
    pub cluster_endpoints: Vec<Endpoint>,
    /// Endpoints usable under the Local policy.
    pub local_endpoints: Vec<Endpoint>,
    /// Whether there is any usable endpoint anywhere.
    pub has_endpoints: bool,
}

/// One port of the node that belongs to a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPort {
    pub namespace: String,
    pub pod: String,
    pub protocol: Protocol,
    /// The node's address it is bound to; `None` for all of them.
    pub host_ip: Option<Ipv4Addr>,
    pub host_port: u16,
    pub pod_ip: Ipv4Addr,
    pub container_port: u16,
}

/// Everything the rules of this node are computed from, in a stable order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub services: Vec<ServicePort>,
    pub host_ports: Vec<HostPort>,
}
