//! The rules in a kernel: a node with a bridge, two pods behind it and a machine outside, each a namespace without a name that ends with its test.
use std::fs::File;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::sched::{CloneFlags, setns, unshare};

use crate::sync::Filter;
use crate::{Config, Endpoint, HostPort, Protocol, ServicePort, Snapshot};

const FIRST: Ipv4Addr = Ipv4Addr::new(10, 244, 7, 2);
const SECOND: Ipv4Addr = Ipv4Addr::new(10, 244, 7, 3);
const GATEWAY: Ipv4Addr = Ipv4Addr::new(10, 244, 7, 1);
const SERVICE: Ipv4Addr = Ipv4Addr::new(10, 96, 0, 5);
const NODE: Ipv4Addr = Ipv4Addr::new(192, 168, 77, 1);
const OUTSIDE: Ipv4Addr = Ipv4Addr::new(192, 168, 77, 2);

/// A namespace other than the node's.
#[derive(Clone)]
struct Place(Arc<File>);

impl Place {
    fn new() -> Place {
        let open = || {
            unshare(CloneFlags::CLONE_NEWNET).unwrap();
            File::open("/proc/thread-self/ns/net").unwrap()
        };
        Place(Arc::new(std::thread::spawn(open).join().unwrap()))
    }

    fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        std::thread::scope(|scope| {
            let inside = || {
                setns(&*self.0, CloneFlags::CLONE_NEWNET).unwrap();
                work()
            };
            scope.spawn(inside).join().unwrap()
        })
    }

    /// Answers every connection to TCP 8080 with its name and the client's address, and every datagram to UDP 5353 with its name.
    fn serve(&self, name: &'static str) {
        let (listener, socket) = self.run(|| (TcpListener::bind("0.0.0.0:8080").unwrap(), UdpSocket::bind("0.0.0.0:5353").unwrap()));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let peer = stream.peer_addr().map(|peer| peer.ip().to_string()).unwrap_or_default();
                let _ = stream.write_all(format!("{name} {peer}").as_bytes());
            }
        });
        std::thread::spawn(move || {
            let mut buffer = [0; 100];
            while let Ok((_, peer)) = socket.recv_from(&mut buffer) {
                let _ = socket.send_to(name.as_bytes(), peer);
            }
        });
    }
}

struct Node {
    first: Place,
    second: Place,
    outside: Place,
    filter: Filter,
    runtime: tokio::runtime::Runtime,
}

fn ip(arguments: &str) {
    let output = Command::new("ip").args(arguments.split(' ')).output().unwrap();
    assert!(output.status.success(), "ip {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Turns the calling thread into a node; `None`, with a word about it, where that is not permitted.
fn node() -> Option<Node> {
    let usable = unshare(CloneFlags::CLONE_NEWNET).is_ok() && Command::new("nft").arg("--version").output().is_ok();
    if !usable {
        let _ = writeln!(std::io::stderr(), "skipped: needs root, nft and ip");
        return None;
    }
    let places = [Place::new(), Place::new(), Place::new()];
    ip("link set lo up");
    ip("link add k-test type bridge");
    ip("link set k-test up");
    ip("addr add 10.244.7.1/24 dev k-test");
    ip("route add 10.96.0.0/16 dev k-test");
    for (index, place) in places.iter().enumerate() {
        let descriptor = place.0.as_raw_fd();
        ip(&format!("link add name peer{index} type veth peer name eth0 netns /proc/{}/fd/{descriptor}", std::process::id()));
        let (own, gateway) = [(FIRST, GATEWAY), (SECOND, GATEWAY), (OUTSIDE, NODE)][index];
        if gateway == GATEWAY {
            ip(&format!("link set peer{index} master k-test"));
            ip(&format!("link set peer{index} type bridge_slave hairpin on"));
        } else {
            ip(&format!("addr add {NODE}/24 dev peer{index}"));
        }
        ip(&format!("link set peer{index} up"));
        place.run(|| {
            ip("link set lo up");
            ip("link set eth0 up");
            ip(&format!("addr add {own}/32 dev eth0"));
            ip(&format!("route add {gateway} dev eth0"));
            ip(&format!("route add default via {gateway}"));
        });
        while !Command::new("ip")
            .args(["-o", "link", "show", &format!("peer{index}")])
            .output()
            .unwrap()
            .stdout
            .windows(8)
            .any(|part| part == b"state UP")
        {}
    }
    std::fs::write("/proc/sys/net/ipv4/ip_forward", "1").unwrap();
    std::fs::write("/proc/sys/net/ipv4/conf/k-test/route_localnet", "1").unwrap();
    std::fs::write("/proc/sys/net/ipv4/conf/k-test/send_redirects", "0").unwrap();
    let config = Config {
        cluster: "test".to_owned(),
        node: "here".to_owned(),
        pod_cidr: "10.244.0.0/16".to_owned(),
        service_cidr: "10.96.0.0/16".to_owned(),
        bridge: Some("k-test".to_owned()),
    };
    let [first, second, outside] = places;
    first.serve("first");
    second.serve("second");
    outside.serve("outside");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    Some(Node { first, second, outside, filter: Filter { config, applied: None }, runtime })
}

impl Node {
    fn apply(&mut self, services: &[ServicePort], host_ports: &[HostPort]) {
        let snapshot = Snapshot { services: services.to_vec(), host_ports: host_ports.to_vec() };
        self.runtime.block_on(self.filter.synchronize(snapshot)).unwrap();
    }
}

fn service(endpoints: &[Ipv4Addr]) -> ServicePort {
    let endpoints: Vec<Endpoint> = endpoints.iter().map(|address| Endpoint { address: *address, port: 8080, local: true }).collect();
    ServicePort {
        namespace: "default".to_owned(),
        name: "web".to_owned(),
        protocol: Protocol::Tcp,
        port: 80,
        cluster_ip: SERVICE,
        external_ips: Vec::new(),
        load_balancer_ips: Vec::new(),
        source_ranges: Vec::new(),
        node_port: Some(30080),
        affinity_seconds: None,
        internal_local: false,
        external_local: false,
        has_endpoints: !endpoints.is_empty(),
        local_endpoints: endpoints.clone(),
        cluster_endpoints: endpoints,
    }
}

/// What the server says, or why there was no connection.
fn ask(address: impl Into<IpAddr>, port: u16) -> Result<String, std::io::ErrorKind> {
    let address = SocketAddr::new(address.into(), port);
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(3)).map_err(|error| error.kind())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(|error| error.kind())?;
    Ok(answer)
}

fn says(name: &str, peer: Ipv4Addr) -> Result<String, std::io::ErrorKind> {
    Ok(format!("{name} {peer}"))
}

/// The names that answer within so many connections.
fn names(count: usize, address: Ipv4Addr, port: u16) -> std::collections::BTreeSet<String> {
    (0..count).map(|_| ask(address, port).unwrap().split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn cluster_addresses_reach_all_endpoints_from_node_and_pods() {
    let Some(mut node) = node() else { return };
    node.apply(&[service(&[FIRST, SECOND])], &[]);
    assert_eq!(names(60, SERVICE, 80), ["first".to_owned(), "second".to_owned()].into());
    assert_eq!(node.first.run(|| names(60, SERVICE, 80)), ["first".to_owned(), "second".to_owned()].into());
    // a pod is seen with its own address, itself excepted
    node.apply(&[service(&[SECOND])], &[]);
    assert_eq!(node.first.run(|| ask(SERVICE, 80)), says("second", FIRST));
    assert_eq!(node.second.run(|| ask(SERVICE, 80)), says("second", GATEWAY));
    assert_eq!(ask(SERVICE, 80), says("second", GATEWAY));
}

#[test]
fn node_ports_answer_at_every_address_of_the_node() {
    let Some(mut node) = node() else { return };
    node.apply(&[service(&[FIRST])], &[]);
    for address in [NODE, GATEWAY, Ipv4Addr::LOCALHOST] {
        assert_eq!(ask(address, 30080), says("first", GATEWAY), "{address}");
    }
    assert_eq!(node.second.run(|| ask(NODE, 30080)), says("first", GATEWAY));
    assert_eq!(node.outside.run(|| ask(NODE, 30080)), says("first", GATEWAY));
}

#[test]
fn local_policy_keeps_the_client_and_refuses_to_go_elsewhere() {
    let Some(mut node) = node() else { return };
    let mut local = service(&[FIRST]);
    local.external_local = true;
    node.apply(std::slice::from_ref(&local), &[]);
    assert_eq!(node.outside.run(|| ask(NODE, 30080)), says("first", OUTSIDE));
    assert_eq!(node.second.run(|| ask(NODE, 30080)), says("first", SECOND));
    local.local_endpoints.clear();
    node.apply(std::slice::from_ref(&local), &[]);
    assert_eq!(node.outside.run(|| ask(NODE, 30080)), Err(std::io::ErrorKind::TimedOut));
    assert_eq!(node.second.run(|| ask(NODE, 30080)), says("first", SECOND));
    assert_eq!(ask(NODE, 30080), says("first", GATEWAY));
    local.internal_local = true;
    node.apply(&[local], &[]);
    assert_eq!(node.second.run(|| ask(SERVICE, 80)), Err(std::io::ErrorKind::TimedOut));
}

#[test]
fn services_without_endpoints_and_unknown_ports_are_refused_at_once() {
    let Some(mut node) = node() else { return };
    node.apply(&[service(&[])], &[]);
    let started = Instant::now();
    for (address, port) in [(SERVICE, 80), (SERVICE, 81), (NODE, 30080)] {
        assert_eq!(ask(address, port), Err(std::io::ErrorKind::ConnectionRefused), "{address}:{port} from the node");
        assert_eq!(node.first.run(|| ask(address, port)), Err(std::io::ErrorKind::ConnectionRefused), "{address}:{port} from a pod");
    }
    assert!(started.elapsed() < Duration::from_secs(1));
    node.apply(&[service(&[FIRST])], &[]);
    assert_eq!(ask(SERVICE, 80), says("first", GATEWAY));
    assert_eq!(ask(SERVICE, 81), Err(std::io::ErrorKind::ConnectionRefused));
}

#[test]
fn sticky_clients_stay_where_they_are() {
    let Some(mut node) = node() else { return };
    let mut sticky = service(&[FIRST, SECOND]);
    sticky.affinity_seconds = Some(60);
    node.apply(std::slice::from_ref(&sticky), &[]);
    let mine = names(20, SERVICE, 80);
    assert_eq!(mine.len(), 1);
    // other services coming and going change nothing
    let mut other = service(&[FIRST]);
    (other.name, other.cluster_ip, other.node_port) = ("other".to_owned(), Ipv4Addr::new(10, 96, 0, 6), None);
    node.apply(&[sticky.clone(), other], &[]);
    assert_eq!(names(20, SERVICE, 80), mine);
    // the endpoint goes: the other one takes over
    let gone = if mine.contains("first") { FIRST } else { SECOND };
    sticky.cluster_endpoints.retain(|endpoint| endpoint.address != gone);
    node.apply(&[sticky], &[]);
    let now = names(20, SERVICE, 80);
    assert!(now.len() == 1 && now != mine);
}

#[test]
fn host_ports_and_external_addresses() {
    let Some(mut node) = node() else { return };
    let port = |host_ip, host_port| HostPort {
        namespace: "default".to_owned(),
        pod: "p".to_owned(),
        protocol: Protocol::Tcp,
        host_ip,
        host_port,
        pod_ip: FIRST,
        container_port: 8080,
    };
    let mut external = service(&[FIRST]);
    external.external_ips = vec![Ipv4Addr::new(192, 0, 2, 1)];
    external.load_balancer_ips = vec![Ipv4Addr::new(192, 0, 2, 2)];
    external.source_ranges = vec!["10.244.7.3/32".to_owned()];
    node.apply(&[external], &[port(None, 9090), port(Some(GATEWAY), 9091)]);
    assert_eq!(node.outside.run(|| ask(NODE, 9090)), says("first", OUTSIDE));
    assert_eq!(ask(Ipv4Addr::LOCALHOST, 9090), says("first", GATEWAY));
    assert_eq!(node.first.run(|| ask(NODE, 9090)), says("first", GATEWAY));
    assert_eq!(node.outside.run(|| ask(GATEWAY, 9091)), says("first", OUTSIDE));
    assert_eq!(node.outside.run(|| ask(NODE, 9091)), Err(std::io::ErrorKind::ConnectionRefused));
    assert_eq!(node.outside.run(|| ask(Ipv4Addr::new(192, 0, 2, 1), 80)), says("first", GATEWAY));
    assert_eq!(node.outside.run(|| ask(Ipv4Addr::new(192, 0, 2, 2), 80)), Err(std::io::ErrorKind::TimedOut));
    assert_eq!(node.second.run(|| ask(Ipv4Addr::new(192, 0, 2, 2), 80)), says("first", GATEWAY));
}

#[test]
fn pods_leave_with_the_address_of_the_node() {
    let Some(mut node) = node() else { return };
    node.apply(&[], &[]);
    assert_eq!(node.first.run(|| ask(OUTSIDE, 8080)), says("outside", NODE));
    assert_eq!(node.first.run(|| ask(SECOND, 8080)), says("second", FIRST));
}

#[test]
fn udp_clients_follow_to_the_new_endpoint() {
    let Some(mut node) = node() else { return };
    let datagrams = |address| {
        let mut service = service(&[address]);
        (service.protocol, service.port) = (Protocol::Udp, 53);
        service.cluster_endpoints[0].port = 5353;
        service.local_endpoints.clone_from(&service.cluster_endpoints);
        service
    };
    node.apply(&[datagrams(FIRST)], &[]);
    let socket = node.second.run(|| UdpSocket::bind((SECOND, 40404)).unwrap());
    socket.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
    let answered_by = || {
        socket.send_to(b"who", (SERVICE, 53)).unwrap();
        let mut buffer = [0; 100];
        let (length, peer) = socket.recv_from(&mut buffer).unwrap();
        assert_eq!(peer, (SERVICE, 53).into());
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    };
    assert_eq!(answered_by(), "first");
    node.apply(&[datagrams(SECOND)], &[]);
    assert_eq!(answered_by(), "second");
}

#[test]
fn a_table_that_others_removed_is_written_anew() {
    let Some(mut node) = node() else { return };
    node.apply(&[service(&[FIRST])], &[]);
    assert!(Command::new("nft").args(["flush", "ruleset"]).status().unwrap().success());
    node.apply(&[service(&[FIRST, SECOND])], &[]);
    assert_eq!(names(60, SERVICE, 80).len(), 2);
    // a run that knows nothing of the one before it replaces what is there
    node.filter.applied = None;
    node.apply(&[service(&[SECOND])], &[]);
    assert_eq!(names(20, SERVICE, 80), ["second".to_owned()].into());
    node.runtime.block_on(crate::teardown("test")).unwrap();
    node.runtime.block_on(crate::teardown("test")).unwrap();
    assert!(Command::new("nft").args(["list", "ruleset"]).output().unwrap().stdout.is_empty());
}

/// Not a test of correctness: prints what one change costs among many services. Run with `--ignored --nocapture`.
#[test]
#[ignore = "prints figures"]
fn figures() {
    let Some(mut node) = node() else { return };
    let numbered = |number: u16, endpoints: &[Ipv4Addr]| {
        let mut service = service(endpoints);
        service.name = format!("web-{number}");
        service.cluster_ip = Ipv4Addr::from_bits(SERVICE.to_bits() + u32::from(number));
        service.node_port = Some(30080 + number % 2000);
        service
    };
    for count in [10, 1000, 5000] {
        let mut services: Vec<ServicePort> = (0..count).map(|number| numbered(number, &[FIRST, SECOND])).collect();
        node.filter.applied = None;
        let started = Instant::now();
        node.apply(&services, &[]);
        let whole = started.elapsed();
        let started = Instant::now();
        for round in 0..10 {
            let last = services.len() - 1;
            services[last] = numbered(count - 1, if round % 2 == 0 { &[FIRST] } else { &[SECOND] });
            node.apply(&services, &[]);
        }
        let _ = writeln!(std::io::stderr(), "{count} services: all {whole:?}, one change {:?}", started.elapsed() / 10);
    }
}
