//! ADD, DEL and CHECK of one pod.
use std::fs::File;
use std::net::Ipv4Addr;
use std::os::fd::AsFd;

use crate::config::Network;
use crate::lease::Leases;
use crate::name::host_link_name;
use crate::namespace;
use crate::netlink::{Link, Netlink, Pair, mac_of, set_kernel_setting, show_mac};
use crate::protocol::{Attachment, CniResult, Error, Interface, IpConfig, Route};
use crate::setup::ensure_bridge;

/// Connects the pod. Doing it again gives the same address and mends what is missing; a failure leaves nothing behind.
pub(crate) fn add(network: &Network, attachment: &Attachment) -> Result<CniResult, Error> {
    let path = attachment.namespace.as_ref().ok_or_else(|| Error::Environment("required env variable CNI_NETNS missing".to_owned()))?;
    let missing = || Error::OpenNamespace { path: path.clone(), source: std::io::ErrorKind::NotFound.into() };
    let pod = namespace::open(path)?.ok_or_else(missing)?;
    let address = Leases::open(&network.data_dir)?.take(network.subnet, network.gateway(), attachment)?;
    let outcome = connect(network, attachment, &pod, address);
    if outcome.is_err() {
        // the first failure is the one worth telling
        let _ = delete(network, attachment);
    }
    outcome
}

fn connect(network: &Network, attachment: &Attachment, pod: &File, address: Ipv4Addr) -> Result<CniResult, Error> {
    let host_name = host_link_name(&network.bridge, &attachment.container, &attachment.interface);
    let gateway = network.gateway();
    let (bridge, host) = namespace::inside(None, async |netlink| {
        let bridge = ensure_bridge(&netlink, network).await?;
        let pair = Pair {
            name: &host_name,
            bridge: &bridge,
            mtu: network.mtu,
            peer_name: &attachment.interface,
            peer_mac: mac_of(address),
            peer_namespace: pod.as_fd(),
        };
        add_pair(&netlink, &pair, &attachment.interface).await?;
        if network.hairpin {
            netlink.set_hairpin(&host_name).await?;
        }
        // a thread of its own; nothing else runs on this one meanwhile
        namespace::inside(Some(pod), async |netlink| configure_pod(&netlink, &attachment.interface, address, network).await)?;
        // a port that does not forward yet drops the pod's first packets, and its peers would try again only after a second
        let host = netlink.running_link(&host_name).await?;
        Ok((netlink.running_link(&network.bridge).await?, host))
    })?;
    let sandbox = attachment.namespace.as_ref().map(|path| path.to_string_lossy().into_owned());
    Ok(CniResult {
        interfaces: vec![
            Interface { name: bridge.name, mac: show_mac(&bridge.mac), sandbox: None },
            Interface { name: host.name, mac: show_mac(&host.mac), sandbox: None },
            Interface { name: attachment.interface.clone(), mac: show_mac(&mac_of(address)), sandbox },
        ],
        ips: vec![IpConfig { address: format!("{address}/{}", network.subnet.prefix()), gateway: Some(gateway), interface: Some(2) }],
        routes: vec![Route { dst: "0.0.0.0/0".to_owned(), gw: Some(gateway) }],
    })
}

/// Creates the pair; one that an earlier attempt left half done is replaced.
async fn add_pair(netlink: &Netlink, pair: &Pair<'_>, interface: &str) -> Result<(), Error> {
    if netlink.add_pair(pair).await? {
        return Ok(());
    }
    if netlink.delete_link(pair.name).await? && netlink.add_pair(pair).await? {
        return Ok(());
    }
    Err(Error::Check(format!("container veth name {interface:?} already exists")))
}

async fn configure_pod(netlink: &Netlink, interface: &str, address: Ipv4Addr, network: &Network) -> Result<(), Error> {
    let link = netlink.expect_link(interface).await?;
    // the gateway is the one way out: no advice of a shorter one, and no routers announcing themselves
    for setting in [
        "net/ipv4/conf/all/accept_redirects",
        &format!("net/ipv4/conf/{interface}/accept_redirects"),
        &format!("net/ipv6/conf/{interface}/accept_ra"),
    ] {
        set_kernel_setting(setting, "0")?;
    }
    netlink.set_up(&link).await?;
    netlink.add_address(&link, address, network.subnet.prefix(), false).await?;
    netlink.add_default_route(&link, network.gateway()).await?;
    let loopback = netlink.expect_link("lo").await?;
    if !loopback.up {
        netlink.set_up(&loopback).await?;
    }
    netlink.running_link(interface).await.map(drop)
}

/// Disconnects the pod and frees its address. Whatever of it is gone already is fine.
pub(crate) fn delete(network: &Network, attachment: &Attachment) -> Result<(), Error> {
    let host_name = host_link_name(&network.bridge, &attachment.container, &attachment.interface);
    namespace::inside(None, async |netlink| netlink.delete_link(&host_name).await)?;
    // only then: an address is free when nobody answers to it any more
    Leases::open(&network.data_dir)?.give_back(attachment)
}

/// Whether the pod is still connected as ADD left it.
pub(crate) fn check(network: &Network, attachment: &Attachment, previous: Option<&CniResult>) -> Result<(), Error> {
    let failed = |message: String| Err(Error::Check(message));
    let Some(address) = Leases::open(&network.data_dir)?.find(attachment)? else {
        return failed(format!("no address is leased to container {}", attachment.container));
    };
    let addressed = format!("{address}/{}", network.subnet.prefix());
    if previous.is_some_and(|previous| !previous.ips.iter().any(|ip| ip.address == addressed)) {
        return failed(format!("address {addressed} is not in the previous result"));
    }
    let Some(pod) = attachment.namespace.as_deref().map(namespace::open).transpose()?.flatten() else {
        return failed(format!("the network namespace of container {} is gone", attachment.container));
    };
    let host_name = host_link_name(&network.bridge, &attachment.container, &attachment.interface);
    let (bridge, host) =
        namespace::inside(None, async |netlink| Ok((netlink.link(&network.bridge).await?, netlink.link(&host_name).await?)))?;
    match (&bridge, &host) {
        (Some(bridge), Some(host)) if host.up && host.controller == Some(bridge.index) => {}
        (Some(_), Some(_)) => return failed(format!("interface {host_name:?} is not attached to bridge {:?}", network.bridge)),
        (None, _) => return failed(format!("bridge {:?} is missing", network.bridge)),
        (_, None) => return failed(format!("interface {host_name:?} is missing")),
    }
    let seen = namespace::inside(Some(&pod), async |netlink| inspect(&netlink, &attachment.interface).await)?;
    match seen {
        Some((link, addresses)) if link.up && addresses.contains(&(address, network.subnet.prefix())) => Ok(()),
        Some(_) => failed(format!("interface {:?} has lost address {addressed}", attachment.interface)),
        None => failed(format!("interface {:?} is missing in the container", attachment.interface)),
    }
}

async fn inspect(netlink: &Netlink, interface: &str) -> Result<Option<(Link, Vec<(Ipv4Addr, u8)>)>, Error> {
    let Some(link) = netlink.link(interface).await? else { return Ok(None) };
    let addresses = netlink.addresses(&link).await?;
    Ok(Some((link, addresses)))
}

/// Whether the leases can be written: without them no pod is connected.
pub(crate) fn status(network: &Network) -> Result<(), Error> {
    Leases::open(&network.data_dir).map(drop).map_err(|error| Error::NotReady(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::time::Duration;

    use super::*;
    use crate::scratch::Namespace;
    use crate::setup;

    /// A node of its own for the calling thread, with the folder of its leases.
    fn node() -> Option<(Network, tempfile::TempDir)> {
        if !crate::scratch::enter_new_namespace() {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        Some((Network::new("k-test", "10.244.7.0/24".parse().unwrap(), folder.path()), folder))
    }

    fn pod(container: &str, namespace: &Namespace) -> Attachment {
        Attachment { container: container.to_owned(), namespace: Some(namespace.path()), interface: "eth0".to_owned() }
    }

    /// One connection to a listener inside `server`, from inside `client` or from the node; the answer is the client's address as the server sees it.
    fn seen_from(server: &Namespace, address: &str, client: Option<&Namespace>) -> String {
        let listener = server.run(|| TcpListener::bind("0.0.0.0:8080").unwrap());
        let answering = std::thread::spawn(move || {
            let (mut stream, peer) = listener.accept().unwrap();
            stream.write_all(peer.ip().to_string().as_bytes()).unwrap();
        });
        let target = format!("{address}:8080").parse().unwrap();
        let ask = move || {
            let mut stream = TcpStream::connect_timeout(&target, Duration::from_secs(5)).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let answer = match client {
            Some(client) => client.run(ask),
            None => ask(),
        };
        answering.join().unwrap();
        answer
    }

    #[test]
    fn pods_and_node_reach_each_other() {
        let Some((network, _folder)) = node() else { return };
        let (first, second) = (Namespace::new(), Namespace::new());
        let result = add(&network, &pod("first", &first)).unwrap();
        assert_eq!(result.ips[0].address, "10.244.7.2/24");
        assert_eq!(result.interfaces[0].mac, "0a:58:0a:f4:07:01");
        assert_eq!(result.interfaces[2].mac, "0a:58:0a:f4:07:02");
        assert_eq!(add(&network, &pod("second", &second)).unwrap().ips[0].address, "10.244.7.3/24");
        assert_eq!(seen_from(&first, "10.244.7.2", Some(&second)), "10.244.7.3");
        assert_eq!(seen_from(&second, "10.244.7.3", None), "10.244.7.1");
        assert_eq!(seen_from(&first, "127.0.0.1", Some(&first)), "127.0.0.1");
        check(&network, &pod("first", &first), Some(&result)).unwrap();
    }

    #[test]
    fn pods_route_through_the_node_even_to_their_neighbours() {
        let Some((mut network, _folder)) = node() else { return };
        network.service_subnet = Some("10.96.0.0/16".parse().unwrap());
        let namespace = Namespace::new();
        add(&network, &pod("first", &namespace)).unwrap();
        let destinations = || {
            let routes = std::fs::read_to_string("/proc/thread-self/net/route").unwrap();
            routes.lines().skip(1).filter_map(|line| line.split_whitespace().nth(1)).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(namespace.run(destinations), ["00000000", "0107F40A"]);
        let mut of_node = destinations();
        of_node.sort();
        assert_eq!(of_node, ["0000600A", "0007F40A"]);
        let read = |name: &'static str| std::fs::read_to_string(name).unwrap().trim().to_owned();
        assert_eq!(read("/proc/sys/net/ipv4/ip_forward"), "1");
        assert_eq!(read("/proc/sys/net/ipv4/conf/k-test/send_redirects"), "0");
        assert_eq!(namespace.run(move || read("/proc/sys/net/ipv4/conf/eth0/accept_redirects")), "0");
    }

    #[test]
    fn adding_again_mends_and_deleting_again_is_fine() {
        let Some((network, _folder)) = node() else { return };
        let (namespace, other) = (Namespace::new(), Namespace::new());
        let attachment = pod("first", &namespace);
        let first = add(&network, &attachment).unwrap();
        let again = add(&network, &attachment).unwrap();
        assert_eq!((&first.ips, &first.routes), (&again.ips, &again.routes));
        check(&network, &attachment, Some(&again)).unwrap();
        let gone = Attachment { namespace: None, ..attachment.clone() };
        delete(&network, &gone).unwrap();
        delete(&network, &gone).unwrap();
        delete(&network, &Attachment { namespace: Some("/run/netns/never-was".into()), ..gone }).unwrap();
        assert!(check(&network, &attachment, None).unwrap_err().to_string().starts_with("no address is leased"));
        assert_eq!(add(&network, &pod("second", &other)).unwrap().ips[0].address, "10.244.7.3/24");
        assert_eq!(setup::release_stale(&network, &HashSet::new()).unwrap(), 1);
        let links = namespace::inside(None, async |netlink| netlink.links().await).unwrap();
        let mut names: Vec<String> =
            links.into_iter().map(|link| link.name).filter(|name| name.starts_with("veth") || name.starts_with("k-")).collect();
        names.sort();
        assert_eq!(names, ["k-test"]);
        setup::teardown("k-test").unwrap();
        setup::teardown("k-test").unwrap();
        assert_eq!(namespace::inside(None, async |netlink| netlink.link("k-test").await).unwrap(), None);
    }

    #[test]
    fn a_failed_add_leaves_nothing_behind() {
        let Some((network, folder)) = node() else { return };
        let missing = Attachment { container: "first".into(), namespace: Some("/run/netns/never-was".into()), interface: "eth0".into() };
        assert_eq!(add(&network, &missing).unwrap_err().to_string(), "failed to open netns \"/run/netns/never-was\"");
        let namespace = Namespace::new();
        add(&network, &pod("first", &namespace)).unwrap();
        let error = add(&network, &pod("second", &namespace)).unwrap_err();
        assert_eq!(error.to_string(), "container veth name \"eth0\" already exists");
        assert!(!folder.path().join("second@eth0").exists() && !folder.path().join("10.244.7.3").is_symlink());
        check(&network, &pod("first", &namespace), None).unwrap();
    }

    #[test]
    fn check_notices_what_is_missing() {
        let Some((network, _folder)) = node() else { return };
        let namespace = Namespace::new();
        let attachment = pod("first", &namespace);
        add(&network, &attachment).unwrap();
        setup::teardown("k-test").unwrap();
        assert_eq!(check(&network, &attachment, None).unwrap_err().to_string(), "bridge \"k-test\" is missing");
        setup::set_up(&network).unwrap();
        assert!(check(&network, &attachment, None).unwrap_err().to_string().ends_with("is missing"));
        add(&network, &attachment).unwrap();
        check(&network, &attachment, None).unwrap();
    }
}
