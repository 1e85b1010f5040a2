//! The cluster's DNS server: names of services, endpoints and pods from the caches, everything else from the machine's own resolvers.
//!
//! Which names exist follows the Kubernetes DNS specification 1.1.0 and, where that leaves it open, CoreDNS as kubeadm configures it: time to live 30 seconds, pod names
//! without asking whether such a pod is there, a headless service without endpoints does not exist.
//!
//! What it leaves out: a cache of forwarded answers (the resolvers it forwards to have one), zone transfers, stub domains.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::needless_pass_by_value))]

mod answer;
mod forward;
mod gather;
mod handler;
mod records;
mod serve;

#[cfg(test)]
mod answer_tests;
#[cfg(test)]
mod socket_tests;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

pub use answer::{Answer, answer};
pub use records::{Endpoint, Port, Records, Service};
pub use serve::{Error, run};

/// How one server answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The cluster's domain, `cluster.local`.
    pub domain: String,
    /// Where it listens, over UDP and TCP.
    pub listen: SocketAddr,
    /// Addresses under which clients reach it otherwise, the service's among them: never asked themselves.
    pub own_addresses: Vec<IpAddr>,
    /// Ranges whose addresses belong to the cluster alone, in CIDR form: reverse names in them are never asked elsewhere.
    pub ranges: Vec<String>,
    /// Where the machine's resolvers are listed; read again when it changes.
    pub resolv_conf: PathBuf,
}

impl Config {
    /// A server of `cluster.local` at an address, forwarding to the resolvers of `/etc/resolv.conf`.
    pub fn new(listen: SocketAddr) -> Config {
        Config {
            domain: "cluster.local".to_owned(),
            listen,
            own_addresses: Vec::new(),
            ranges: Vec::new(),
            resolv_conf: PathBuf::from("/etc/resolv.conf"),
        }
    }
}
