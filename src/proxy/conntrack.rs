//! Forgetting UDP flows that go to nobody. The kernel translates a flow as it did its first packet, so a client that keeps sending to a service would keep reaching the
//! endpoint that is gone; TCP clients notice by themselves.
//!
//! Spoken directly over netlink: no tool has to be installed. Numbers are those of `linux/netfilter/nfnetlink_conntrack.h`.
use std::collections::{HashMap, HashSet};
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsRawFd, OwnedFd};

use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, setsockopt, socket, sockopt};
use nix::sys::time::{TimeVal, TimeValLike};

use crate::snapshot::{Protocol, Snapshot};

const CONNTRACK: u16 = 1 << 8;
const GET: u16 = CONNTRACK | 1;
const DELETE: u16 = CONNTRACK | 2;
const DONE: u16 = 3;
const ERROR: u16 = 2;
const REQUEST: u16 = 0x1;
const ACKNOWLEDGE: u16 = 0x4;
const DUMP: u16 = 0x300;
const TUPLE_ORIGINAL: u16 = 1;
const TUPLE_REPLY: u16 = 2;
const TUPLE_IP: u16 = 1;
const TUPLE_PROTOCOL: u16 = 2;
const IP_SOURCE: u16 = 1;
const IP_DESTINATION: u16 = 2;
const PROTOCOL_NUMBER: u16 = 1;
const PROTOCOL_SOURCE_PORT: u16 = 2;
const PROTOCOL_DESTINATION_PORT: u16 = 3;
const UDP: u8 = 17;
/// The kernel fills dumps into pages; this is more than it ever sends at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// An address and port of a service, or of the node.
type Target = (Ipv4Addr, u16);

/// Who may answer for which target.
#[derive(Debug, Default, PartialEq, Eq)]
struct Served {
    targets: HashMap<Target, HashSet<Target>>,
    /// Ports of the node at any of its addresses.
    node_ports: HashMap<u16, HashSet<Target>>,
}

/// One UDP flow as the kernel tracks it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Flow {
    destination: Target,
    answered_by: Target,
    /// The original direction as it was received, to name the flow by.
    original: Vec<u8>,
}

/// Forgets the flows to UDP services whose endpoint does not serve them any more. Failing is no reason to stop: such flows end by themselves when their client pauses.
pub(crate) async fn forget_unserved(snapshot: &Snapshot) {
    let served = served(snapshot);
    if served == Served::default() {
        return;
    }
    let outcome = tokio::task::spawn_blocking(move || forget(&served)).await;
    match outcome.unwrap_or_else(|panic| Err(io::Error::other(panic))) {
        Ok(0) => {}
        Ok(count) => tracing::debug!(count, "UDP flows to endpoints that are gone were forgotten"),
        Err(error) => tracing::debug!(%error, "UDP flows can not be looked through"),
    }
}

fn served(snapshot: &Snapshot) -> Served {
    let mut served = Served::default();
    for service in snapshot.services.iter().filter(|service| service.protocol == Protocol::Udp) {
        let endpoints =
            || service.cluster_endpoints.iter().chain(&service.local_endpoints).map(|endpoint| (endpoint.address, endpoint.port));
        for address in std::iter::once(&service.cluster_ip).chain(&service.external_ips).chain(&service.load_balancer_ips) {
            served.targets.entry((*address, service.port)).or_default().extend(endpoints());
        }
        if let Some(port) = service.node_port {
            served.node_ports.entry(port).or_default().extend(endpoints());
        }
    }
    served
}

impl Served {
    /// Whether the flow was translated to somebody who is no endpoint now. A flow that was not translated has nothing to do with services.
    fn is_stale(&self, flow: &Flow) -> bool {
        let endpoints = self.targets.get(&flow.destination).or_else(|| self.node_ports.get(&flow.destination.1));
        flow.answered_by != flow.destination && endpoints.is_some_and(|endpoints| !endpoints.contains(&flow.answered_by))
    }
}

fn forget(served: &Served) -> io::Result<usize> {
    let socket = socket(AddressFamily::Netlink, SockType::Raw, SockFlag::SOCK_CLOEXEC, SockProtocol::NetlinkNetFilter)?;
    setsockopt(&socket, sockopt::ReceiveTimeout, &TimeVal::seconds(2))?;
    let stale: Vec<Flow> = dump(&socket)?.into_iter().filter(|flow| served.is_stale(flow)).collect();
    for flow in &stale {
        transmit(&socket, &message(DELETE, REQUEST | ACKNOWLEDGE, &attribute(TUPLE_ORIGINAL | 0x8000, &flow.original)))?;
        // gone by itself meanwhile is as good
        receive(&socket, |_, _| {})?;
    }
    Ok(stale.len())
}

fn dump(socket: &OwnedFd) -> io::Result<Vec<Flow>> {
    transmit(socket, &message(GET, REQUEST | DUMP, &[]))?;
    let mut flows = Vec::new();
    receive(socket, |kind, body| {
        if kind & 0xff00 == CONNTRACK {
            flows.extend(parse_flow(body));
        }
    })?;
    Ok(flows)
}

fn transmit(socket: &OwnedFd, message: &[u8]) -> io::Result<()> {
    send(socket.as_raw_fd(), message, MsgFlags::empty())?;
    Ok(())
}

/// Hands on all messages of an answer until its end.
fn receive(socket: &OwnedFd, mut each: impl FnMut(u16, &[u8])) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let length = recv(socket.as_raw_fd(), &mut buffer, MsgFlags::empty())?;
        let mut rest = &buffer[..length];
        while let Some((kind, body, next)) = split_message(rest) {
            if kind == DONE || kind == ERROR {
                return Ok(());
            }
            each(kind, body);
            rest = next;
        }
    }
}

fn message(kind: u16, flags: u16, attributes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(20 + attributes.len()).unwrap_or(u32::MAX);
    let mut bytes = length.to_ne_bytes().to_vec();
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(flags.to_ne_bytes());
    bytes.extend([0; 8]);
    // family, version and resource of netfilter's own header
    bytes.extend([nix::libc::AF_INET as u8, 0, 0, 0]);
    bytes.extend(attributes);
    bytes
}

fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
    let mut bytes = length.to_ne_bytes().to_vec();
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// Kind and body of the first message, and what follows it.
fn split_message(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let length = usize::try_from(u32::from_ne_bytes(bytes.get(..4)?.try_into().ok()?)).ok()?;
    let kind = u16::from_ne_bytes(bytes.get(4..6)?.try_into().ok()?);
    let body = bytes.get(16..length)?;
    Some((kind, body, bytes.get(length.next_multiple_of(4)..).unwrap_or_default()))
}

/// The value of the first attribute of a kind.
fn find(mut bytes: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let length = usize::from(u16::from_ne_bytes(bytes.get(..2)?.try_into().ok()?));
        // the two upper bits say nested and byte order
        let kind = u16::from_ne_bytes(bytes.get(2..4)?.try_into().ok()?) & 0x3fff;
        let value = bytes.get(4..length)?;
        if kind == wanted {
            return Some(value);
        }
        bytes = bytes.get(length.next_multiple_of(4)..)?;
    }
}

/// A UDP flow from the body of a message; `None` for all else.
fn parse_flow(body: &[u8]) -> Option<Flow> {
    let attributes = body.get(4..)?;
    let (original, reply) = (find(attributes, TUPLE_ORIGINAL)?, find(attributes, TUPLE_REPLY)?);
    let end = |tuple: &[u8], address: u16, port: u16| -> Option<Target> {
        let (ip, protocol) = (find(tuple, TUPLE_IP)?, find(tuple, TUPLE_PROTOCOL)?);
        let octets: [u8; 4] = find(ip, address)?.try_into().ok()?;
        let port: [u8; 2] = find(protocol, port)?.try_into().ok()?;
        (find(protocol, PROTOCOL_NUMBER)? == [UDP]).then(|| (octets.into(), u16::from_be_bytes(port)))
    };
    Some(Flow {
        destination: end(original, IP_DESTINATION, PROTOCOL_DESTINATION_PORT)?,
        answered_by: end(reply, IP_SOURCE, PROTOCOL_SOURCE_PORT)?,
        original: original.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tuple(source: Target, destination: Target, protocol: u8) -> Vec<u8> {
        let ip = [attribute(IP_SOURCE, &source.0.octets()), attribute(IP_DESTINATION, &destination.0.octets())].concat();
        let ports = [
            attribute(PROTOCOL_NUMBER, &[protocol]),
            attribute(PROTOCOL_SOURCE_PORT, &source.1.to_be_bytes()),
            attribute(PROTOCOL_DESTINATION_PORT, &destination.1.to_be_bytes()),
        ];
        [attribute(TUPLE_IP | 0x8000, &ip), attribute(TUPLE_PROTOCOL | 0x8000, &ports.concat())].concat()
    }

    const CLIENT: Target = (Ipv4Addr::new(10, 244, 0, 9), 40000);
    const SERVICE: Target = (Ipv4Addr::new(10, 96, 0, 10), 53);
    const OLD: Target = (Ipv4Addr::new(10, 244, 0, 2), 5353);
    const NEW: Target = (Ipv4Addr::new(10, 244, 0, 3), 5353);

    fn flow(answered_by: Target, protocol: u8) -> Option<Flow> {
        let body = [
            vec![2, 0, 0, 0],
            attribute(TUPLE_ORIGINAL | 0x8000, &tuple(CLIENT, SERVICE, protocol)),
            attribute(TUPLE_REPLY | 0x8000, &tuple(answered_by, CLIENT, protocol)),
        ];
        parse_flow(&body.concat())
    }

    #[test]
    fn flows_are_read_and_judged() {
        let served = Served { targets: HashMap::from([(SERVICE, HashSet::from([NEW]))]), node_ports: HashMap::new() };
        let old = flow(OLD, UDP).unwrap();
        assert_eq!((old.destination, old.answered_by), (SERVICE, OLD));
        assert!(served.is_stale(&old) && !served.is_stale(&flow(NEW, UDP).unwrap()));
        assert!(!served.is_stale(&flow(SERVICE, UDP).unwrap()), "not translated");
        assert!(!Served::default().is_stale(&old), "not ours");
        assert_eq!(flow(OLD, 6), None);
    }

    #[test]
    fn broken_answers_are_no_flows() {
        let body =
            [vec![2, 0, 0, 0], attribute(TUPLE_ORIGINAL, &tuple(CLIENT, SERVICE, UDP)), attribute(TUPLE_REPLY, &tuple(OLD, CLIENT, UDP))]
                .concat();
        for length in 0..body.len() {
            assert_eq!(parse_flow(&body[..length]), None);
        }
        assert_eq!(split_message(&[1, 2, 3]), None);
        assert_eq!(split_message(&message(GET, 0, &body)[..30]), None);
    }
}
