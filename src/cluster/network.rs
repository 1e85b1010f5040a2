//! The node's own address, and the pod network as the parts need it.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};

use crate::config::Config;

/// An address that packets to the world leave from, found without sending one; `None` in a namespace without a way out.
fn default_route_address() -> Option<Ipv4Addr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // Connecting a UDP socket only asks the kernel for a route. The address is one of those reserved for documentation.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    match socket.local_addr().ok()?.ip() {
        IpAddr::V4(address) if !address.is_unspecified() && !address.is_loopback() => Some(address),
        _ => None,
    }
}

impl Config {
    /// The node's address: the one that was asked for, else the one of the default route, else the pod bridge's.
    pub fn node_address(&self) -> IpAddr {
        self.node_ip.or_else(|| default_route_address().map(IpAddr::V4)).unwrap_or(IpAddr::V4(self.pod_gateway()))
    }

    /// The pod network as the network plugin wants it.
    pub(crate) fn pod_network(&self) -> cni::Network {
        let cidr = self.node_pod_cidr();
        let subnet = cni::Subnet::new(cidr.address, cidr.prefix).expect("a checked network is a subnet");
        let mut network = cni::Network::new(self.bridge(), subnet, self.cni_leases_dir());
        network.service_subnet = cni::Subnet::new(self.service_cidr.address, self.service_cidr.prefix);
        network
    }

    /// How the private containerd is set up.
    pub(crate) fn containerd(&self) -> cri::containerd::Settings {
        let network = cri::containerd::Network { binaries: self.cni_bin_dir(), configuration: self.cni_conf_dir() };
        let mut settings = cri::containerd::Settings::new(&self.containerd_dir(), network);
        settings.run_directory = Some(self.run_dir().join("containerd"));
        settings
    }
}
