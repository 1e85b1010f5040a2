//! The few questions and requests to the kernel that a pod network needs, over route netlink.
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::{AsRawFd, BorrowedFd};
use std::time::Duration;

use futures::TryStreamExt;
use rtnetlink::packet_route::AddressFamily;
use rtnetlink::packet_route::address::{AddressAttribute, AddressFlags};
use rtnetlink::packet_route::link::{InfoData, InfoVeth, LinkAttribute, LinkFlags, LinkMessage, State};
use rtnetlink::packet_route::route::RouteScope;
use rtnetlink::{Handle, LinkBridge, LinkBridgePort, LinkUnspec, LinkVeth, RouteMessageBuilder};

use crate::protocol::Error;
use crate::subnet::Subnet;

/// How often, and after what pause each time, an interface is asked whether it runs by now: three seconds in all.
const RUNNING_TRIES: usize = 1500;
const RUNNING_PAUSE: Duration = Duration::from_millis(2);

/// A hardware address.
pub(crate) type Mac = [u8; 6];

/// A netlink socket in one network namespace.
pub(crate) struct Netlink {
    handle: Handle,
}

/// What is known of a network interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub index: u32,
    pub name: String,
    pub mac: Vec<u8>,
    pub up: bool,
    /// Up, with a carrier.
    pub running: bool,
    pub controller: Option<u32>,
}

/// How a pod's pair of interfaces is to look.
pub(crate) struct Pair<'a> {
    pub name: &'a str,
    pub bridge: &'a Link,
    pub mtu: Option<u32>,
    pub peer_name: &'a str,
    pub peer_mac: Mac,
    pub peer_namespace: BorrowedFd<'a>,
}

impl Netlink {
    /// A socket in the namespace the calling thread is in; needs a tokio runtime.
    pub(crate) fn connect() -> Result<Netlink, Error> {
        let (connection, handle, _) = rtnetlink::new_connection().map_err(Error::Socket)?;
        tokio::spawn(connection);
        Ok(Netlink { handle })
    }

    pub(crate) async fn link(&self, name: &str) -> Result<Option<Link>, Error> {
        let mut answers = Box::pin(self.handle.link().get().match_name(name).execute());
        match answers.try_next().await {
            Ok(message) => Ok(message.as_ref().map(read_link)),
            Err(error) if is(&error, nix::libc::ENODEV) => Ok(None),
            Err(source) => Err(Error::Netlink { act: format!("look up interface {name:?}"), source }),
        }
    }

    /// An interface that was there a moment ago.
    pub(crate) async fn expect_link(&self, name: &str) -> Result<Link, Error> {
        self.link(name).await?.ok_or_else(|| Error::Check(format!("interface {name:?} disappeared")))
    }

    /// Waits until the interface carries packets. New kernels bring its state up to date when they are asked, older ones by themselves soon.
    pub(crate) async fn running_link(&self, name: &str) -> Result<Link, Error> {
        for _ in 0..RUNNING_TRIES {
            let link = self.expect_link(name).await?;
            if link.running {
                return Ok(link);
            }
            tokio::time::sleep(RUNNING_PAUSE).await;
        }
        Err(Error::Check(format!("interface {name:?} does not come up")))
    }

    pub(crate) async fn links(&self) -> Result<Vec<Link>, Error> {
        let answers: Result<Vec<LinkMessage>, _> = self.handle.link().get().execute().try_collect().await;
        let messages = answers.map_err(|source| Error::Netlink { act: "list interfaces".to_owned(), source })?;
        Ok(messages.iter().map(read_link).collect())
    }

    /// Creates a bridge that is up. It has its hardware address from the beginning, so that it does not change with the ports that come and go.
    pub(crate) async fn add_bridge(&self, name: &str, mac: Mac, mtu: Option<u32>) -> Result<(), Error> {
        let mut message = LinkBridge::new(name).address(mac.to_vec());
        if let Some(mtu) = mtu {
            message = message.mtu(mtu);
        }
        let outcome = self.handle.link().add(message.build()).execute().await;
        ignoring(outcome, nix::libc::EEXIST).map_err(|source| Error::Netlink { act: format!("create bridge {name:?}"), source })
    }

    /// Creates both interfaces of a pod in one request: named, addressed, in their namespaces, attached to the bridge; the node's end is up (the kernel refuses the other until
    /// both are there). False when a name is taken.
    pub(crate) async fn add_pair(&self, pair: &Pair<'_>) -> Result<bool, Error> {
        let mut peer =
            LinkUnspec::new_with_name(pair.peer_name).address(pair.peer_mac.to_vec()).setns_by_fd(pair.peer_namespace.as_raw_fd());
        let mut host = LinkVeth::new(pair.name, pair.peer_name).controller(pair.bridge.index).up();
        if let Some(mtu) = pair.mtu {
            (host, peer) = (host.mtu(mtu), peer.mtu(mtu));
        }
        let host = host.set_info_data(InfoData::Veth(InfoVeth::Peer(peer.build())));
        match self.handle.link().add(host.build()).execute().await {
            Ok(()) => Ok(true),
            Err(error) if is(&error, nix::libc::EEXIST) => Ok(false),
            Err(source) => Err(Error::Netlink { act: format!("create the veth pair {:?}", pair.name), source }),
        }
    }

    /// Lets the bridge send a packet back through this port.
    pub(crate) async fn set_hairpin(&self, name: &str) -> Result<(), Error> {
        let message = LinkBridgePort::new(0).name(name).hairpin(true).build();
        let outcome = self.handle.link().set_port(message).execute().await;
        outcome.map_err(|source| Error::Netlink { act: format!("set hairpin mode of {name:?}"), source })
    }

    pub(crate) async fn set_up(&self, link: &Link) -> Result<(), Error> {
        let message = LinkUnspec::new_with_index(link.index).up().build();
        let outcome = self.handle.link().change(message).execute().await;
        outcome.map_err(|source| Error::Netlink { act: format!("set {:?} up", link.name), source })
    }

    /// Deletes an interface, and with it its peer; false when there was none.
    pub(crate) async fn delete_link(&self, name: &str) -> Result<bool, Error> {
        let message = LinkUnspec::new_with_name(name).build();
        match self.handle.link().del_with_message(message).execute().await {
            Ok(()) => Ok(true),
            Err(error) if is(&error, nix::libc::ENODEV) => Ok(false),
            Err(source) => Err(Error::Netlink { act: format!("delete interface {name:?}"), source }),
        }
    }

    /// Adds an address, `prefix_route` with the route to its range. Having it already is fine.
    pub(crate) async fn add_address(&self, link: &Link, address: Ipv4Addr, prefix: u8, prefix_route: bool) -> Result<(), Error> {
        let mut request = self.handle.address().add(link.index, IpAddr::V4(address), prefix);
        if !prefix_route {
            request.message_mut().attributes.push(AddressAttribute::Flags(AddressFlags::Noprefixroute));
        }
        ignoring(request.execute().await, nix::libc::EEXIST)
            .map_err(|source| Error::Netlink { act: format!("add address {address}/{prefix} to {:?}", link.name), source })
    }

    pub(crate) async fn addresses(&self, link: &Link) -> Result<Vec<(Ipv4Addr, u8)>, Error> {
        let mut request = self.handle.address().get();
        request.message_mut().header.family = AddressFamily::Inet;
        let messages: Result<Vec<_>, _> = request.execute().try_collect().await;
        let messages = messages.map_err(|source| Error::Netlink { act: format!("list the addresses of {:?}", link.name), source })?;
        // the kernel filters by interface for sockets in strict mode only
        let of_link = messages.into_iter().filter(|message| message.header.index == link.index);
        let read = |message: rtnetlink::packet_route::address::AddressMessage| {
            let local = message.attributes.iter().find_map(|attribute| match attribute {
                AddressAttribute::Local(IpAddr::V4(address)) => Some(*address),
                _ => None,
            });
            local.map(|address| (address, message.header.prefix_len))
        };
        Ok(of_link.filter_map(read).collect())
    }

    /// Adds a route to a range that lies on the link itself. Having it already is fine.
    pub(crate) async fn add_link_route(&self, link: &Link, range: Subnet) -> Result<(), Error> {
        let route = RouteMessageBuilder::<Ipv4Addr>::new()
            .destination_prefix(range.network(), range.prefix())
            .output_interface(link.index)
            .scope(RouteScope::Link);
        ignoring(self.handle.route().add(route.build()).execute().await, nix::libc::EEXIST)
            .map_err(|source| Error::Netlink { act: format!("add the route to {range} on {:?}", link.name), source })
    }

    /// The way out of a pod: the gateway is on the link although no range is, and everything else goes through it.
    pub(crate) async fn add_default_route(&self, link: &Link, gateway: Ipv4Addr) -> Result<(), Error> {
        let to_gateway =
            RouteMessageBuilder::<Ipv4Addr>::new().destination_prefix(gateway, 32).output_interface(link.index).scope(RouteScope::Link);
        let default = RouteMessageBuilder::<Ipv4Addr>::new().gateway(gateway).output_interface(link.index);
        for (what, route) in [("gateway", to_gateway), ("default", default)] {
            ignoring(self.handle.route().add(route.build()).execute().await, nix::libc::EEXIST)
                .map_err(|source| Error::Netlink { act: format!("add the {what} route through {gateway}"), source })?;
        }
        Ok(())
    }
}

/// Writes a setting below /proc/sys of the calling thread's network namespace unless it has the value already. What the kernel does not have is left alone.
pub(crate) fn set_kernel_setting(name: &str, value: &'static str) -> Result<(), Error> {
    let path = format!("/proc/sys/{name}");
    match fs::read_to_string(&path) {
        Ok(current) if current.trim() == value => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        _ => {}
    }
    fs::write(&path, value).map_err(|source| Error::Setting { name: name.replace('/', "."), value, source })
}

/// `0a:58:` and the address: an address always has the same hardware address, so nobody's neighbour table is wrong when it is given out again.
pub(crate) fn mac_of(address: Ipv4Addr) -> Mac {
    let [first, second, third, fourth] = address.octets();
    [0x0a, 0x58, first, second, third, fourth]
}

/// A hardware address as text.
pub(crate) fn show_mac(mac: &[u8]) -> String {
    mac.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

fn read_link(message: &LinkMessage) -> Link {
    let mut link = Link {
        index: message.header.index,
        name: String::new(),
        mac: Vec::new(),
        up: message.header.flags.contains(LinkFlags::Up),
        running: false,
        controller: None,
    };
    for attribute in &message.attributes {
        match attribute {
            LinkAttribute::IfName(name) => link.name.clone_from(name),
            LinkAttribute::Address(mac) => link.mac.clone_from(mac),
            LinkAttribute::OperState(state) => link.running = *state == State::Up,
            LinkAttribute::Controller(index) => link.controller = Some(*index),
            _ => {}
        }
    }
    link
}

fn is(error: &rtnetlink::Error, errno: i32) -> bool {
    matches!(error, rtnetlink::Error::NetlinkError(message) if message.raw_code() == -errno)
}

fn ignoring(outcome: Result<(), rtnetlink::Error>, errno: i32) -> Result<(), rtnetlink::Error> {
    match outcome {
        Err(error) if is(&error, errno) => Ok(()),
        other => other,
    }
}
