//! The pod network of a node: a CNI plugin that is the same binary as the rest, and the few functions the cluster calls to set its network up and tear it down.
//!
//! Every pod gets a veth pair whose far end is `eth0`, an address from the node's pod range, and a default route to the bridge. There is deliberately no route to the
//! pod range itself inside a pod: pods of one node reach each other through the node's routing too, so that connection tracking sees both directions of a service
//! connection, whether or not bridged packets are shown to the packet filter.
//!
//! What it leaves out: masquerading and host ports (the service proxy's rules do both), IPv6, traffic shaping.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod attach;
mod config;
mod lease;
mod loopback;
mod name;
mod namespace;
mod netlink;
mod plugin;
mod protocol;
mod setup;
mod subnet;

#[cfg(test)]
mod scratch;

pub use config::{Network, install, write_conflist};
pub use name::bridge_name;
pub use plugin::{main, requested};
pub use protocol::{Attachment, CniResult, Error, Interface, IpConfig, Route};
pub use setup::{add, delete, release_stale, set_up, teardown};
pub use subnet::Subnet;
