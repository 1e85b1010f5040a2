//! Services on a node, by the packet filter: cluster addresses, node ports, external and load balancer addresses, host ports, and the masquerading of pods.
//!
//! All of it lies in one nftables table, `k-<cluster>`, so that two clusters do not meet and removing one is one command. What the table should hold is computed as plain data ([`rules`]) from what
//! the caches say ([`Snapshot`]); the difference to what it holds goes to `nft` as one transaction. The names of maps and the order of the checks follow kube-proxy's nftables mode.
//!
//! What it leaves out: IPv6; the HTTP health port of load balancers with local traffic policy. Sticky clients may be sent elsewhere once after a restart of the process: their memory lies in sets
//! that the first synchronization replaces.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::needless_pass_by_value))]

mod conntrack;
mod endpoints;
mod nft;
mod observe;
mod rules;
mod ruleset;
mod skeleton;
mod snapshot;
mod sync;

#[cfg(test)]
mod kernel_tests;

pub use nft::Error;
pub use rules::rules;
pub use ruleset::Ruleset;
pub use snapshot::{Endpoint, HostPort, Protocol, ServicePort, Snapshot};
pub use sync::run;

/// What the rules of one node depend on besides the cluster's objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Name of the cluster, which names the table.
    pub cluster: String,
    /// This node's name, as endpoints carry it.
    pub node: String,
    /// The range of all pods of the cluster.
    pub pod_cidr: String,
    /// The range of all services of the cluster.
    pub service_cidr: String,
    /// The interface of this node's pods. With it node ports answer on 127.0.0.1 too, for pods of this node.
    pub bridge: Option<String>,
}

impl Config {
    pub(crate) fn table(&self) -> String {
        table(&self.cluster)
    }
}

/// Removes the cluster's table from the node. Nothing there is fine.
pub async fn teardown(cluster: &str) -> Result<(), Error> {
    let table = table(cluster);
    nft::apply(&format!("add table ip {table}\ndelete table ip {table}\n")).await
}

fn table(cluster: &str) -> String {
    format!("k-{cluster}")
}
