//! The node's side of the network: the bridge and what goes with it, and the library's entry points for the cluster that owns it.
use std::collections::HashSet;

use crate::attach;
use crate::config::Network;
use crate::lease::Leases;
use crate::name::host_link_name;
use crate::namespace;
use crate::netlink::{Link, Netlink, mac_of, set_kernel_setting};
use crate::protocol::{Attachment, CniResult, Error};

/// Makes the bridge with its address and lets the node forward packets. Done again by every ADD, so calling it early only makes the address usable before the first pod. Blocks for a millisecond.
pub fn set_up(network: &Network) -> Result<(), Error> {
    network.validate()?;
    namespace::inside(None, async |netlink| ensure_bridge(&netlink, network).await).map(drop)
}

/// Connects one pod as the plugin's ADD does. Blocks for some milliseconds.
pub fn add(network: &Network, attachment: &Attachment) -> Result<CniResult, Error> {
    network.validate()?;
    attachment.validate()?;
    attach::add(network, attachment)
}

/// Disconnects one pod as the plugin's DEL does. An unknown one is fine. Blocks for some milliseconds.
pub fn delete(network: &Network, attachment: &Attachment) -> Result<(), Error> {
    attachment.validate()?;
    attach::delete(network, attachment)
}

/// Frees the addresses and interfaces of all sandboxes that are not among `live`, and answers how many those were. To be called when nothing is being added: a sandbox that
/// comes up meanwhile is not among the live ones yet.
pub fn release_stale(network: &Network, live: &HashSet<String>) -> Result<usize, Error> {
    release(network, |container, _| live.contains(container))
}

/// Removes the bridge and every interface attached to it. Nothing there is fine. Leases are files in the network's data folder and go with that.
pub fn teardown(bridge: &str) -> Result<(), Error> {
    namespace::inside(None, async |netlink| {
        let Some(link) = netlink.link(bridge).await? else { return Ok(()) };
        for port in netlink.links().await?.iter().filter(|port| port.controller == Some(link.index)) {
            netlink.delete_link(&port.name).await?;
        }
        netlink.delete_link(bridge).await.map(drop)
    })
}

pub(crate) fn release(network: &Network, keep: impl Fn(&str, &str) -> bool) -> Result<usize, Error> {
    let leases = Leases::open(&network.data_dir)?;
    let freed = leases.retain(keep)?;
    namespace::inside(None, async |netlink| {
        for attachment in &freed {
            netlink.delete_link(&host_link_name(&network.bridge, &attachment.container, &attachment.interface)).await?;
        }
        Ok(freed.len())
    })
}

/// The bridge, created where it is missing; its address and the settings that go with it are put right every time.
pub(crate) async fn ensure_bridge(netlink: &Netlink, network: &Network) -> Result<Link, Error> {
    let bridge = match netlink.link(&network.bridge).await? {
        Some(bridge) => bridge,
        None => {
            netlink.add_bridge(&network.bridge, mac_of(network.gateway()), network.mtu).await?;
            let name = &network.bridge;
            // sent to a pod, a redirect would lead its service connections past the address translation
            set_kernel_setting(&format!("net/ipv4/conf/{name}/send_redirects"), "0")?;
            set_kernel_setting(&format!("net/ipv6/conf/{name}/accept_ra"), "0")?;
            netlink.expect_link(name).await?
        }
    };
    if !bridge.up {
        netlink.set_up(&bridge).await?;
    }
    netlink.add_address(&bridge, network.gateway(), network.subnet.prefix(), true).await?;
    if let Some(services) = network.service_subnet {
        netlink.add_link_route(&bridge, services).await?;
    }
    set_kernel_setting("net/ipv4/ip_forward", "1")?;
    Ok(bridge)
}
