//! The server on real sockets, asked by the clients that pods have. Each test has a network namespace without a name that ends with it.
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::Command;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use hickory_server::Server;
use nix::sched::{CloneFlags, unshare};

use crate::forward::Forwarder;
use crate::handler::Handler;
use crate::records::{Endpoint, Port, Records, Service};

const SERVER: &str = "127.0.0.1:53";
const UPSTREAM: &str = "127.0.0.2:53";

/// A server on loopback in a namespace of its own, with the folder of the resolvers it forwards to; `None`, with a word about it, where that is not permitted.
fn server() -> Option<tempfile::TempDir> {
    // glibc asks for addresses of a family only where an interface besides loopback has one
    let setup =
        "ip link set lo up && ip link add eth0 type veth peer name peer && ip addr add 10.244.0.1/32 dev eth0 && ip link set eth0 up";
    let usable =
        unshare(CloneFlags::CLONE_NEWNET).is_ok() && Command::new("sh").args(["-c", setup]).status().is_ok_and(|status| status.success());
    if !usable {
        let _ = writeln!(std::io::stderr(), "skipped: needs root and ip");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("upstream"), "nameserver 127.0.0.1\nnameserver 127.0.0.2\n").unwrap();
    let address = |last: u16| -> IpAddr { format!("10.244.{}.{}", last / 256, last % 256).parse().unwrap() };
    let port = Port { name: "http".to_owned(), protocol: "tcp", number: 80 };
    let mut records = Records::new("cluster.local", "127.0.0.1".parse().unwrap(), &["10.0.0.0/8".to_owned()]);
    let web = Service::Cluster { addresses: vec!["10.96.0.9".parse().unwrap()], ports: vec![port.clone()], endpoints: Vec::new() };
    records.set_service("default", "web", Some(web));
    let many = (1..=300).map(|last| Endpoint { name: format!("pod-{last}"), address: address(last), ports: vec![port.clone()] });
    records.set_service("default", "many", Some(Service::Headless { endpoints: many.collect() }));
    records.set_service("default", "away", Some(Service::External { name: "example.com".to_owned() }));
    let handler = Handler {
        records: Arc::new(RwLock::new(records)),
        forwarder: Forwarder::new(folder.path().join("upstream"), vec!["127.0.0.1".parse().unwrap()]),
    };
    let (socket, listener) = (UdpSocket::bind(SERVER).unwrap(), TcpListener::bind(SERVER).unwrap());
    // the thread is started inside the namespace and stays there
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            socket.set_nonblocking(true).unwrap();
            listener.set_nonblocking(true).unwrap();
            let mut server = Server::new(handler);
            server.register_socket(tokio::net::UdpSocket::from_std(socket).unwrap());
            server.register_listener(tokio::net::TcpListener::from_std(listener).unwrap(), Duration::from_secs(5), 8);
            server.block_until_done().await.unwrap();
        });
    });
    Some(folder)
}

/// A resolver elsewhere that knows `example.com` only, and that wants TCP for its TXT records.
fn upstream() {
    let (socket, listener) = (UdpSocket::bind(UPSTREAM).unwrap(), TcpListener::bind(UPSTREAM).unwrap());
    let respond = |question: &[u8], tcp: bool| {
        let question = Message::from_vec(question).unwrap();
        let mut answer = Message::new(question.metadata.id, MessageType::Response, OpCode::Query);
        let query = question.queries[0].clone();
        let mut add = |data| answer.answers.push(Record::from_rdata(query.name.clone(), 300, data));
        match query.query_type {
            _ if query.name.to_lowercase().to_ascii() != "example.com." => answer.metadata.response_code = ResponseCode::NXDomain,
            RecordType::A => add(RData::A("192.0.2.80".parse::<std::net::Ipv4Addr>().unwrap().into())),
            RecordType::TXT if tcp => add(RData::TXT(hickory_proto::rr::rdata::TXT::new(vec!["long".to_owned()]))),
            RecordType::TXT => answer.metadata.truncation = true,
            _ => {}
        }
        answer.add_query(query);
        answer.to_vec().unwrap()
    };
    std::thread::spawn(move || {
        let mut buffer = [0; 2048];
        while let Ok((length, peer)) = socket.recv_from(&mut buffer) {
            socket.send_to(&respond(&buffer[..length], false), peer).unwrap();
        }
    });
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut length = [0; 2];
            stream.read_exact(&mut length).unwrap();
            let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
            stream.read_exact(&mut question).unwrap();
            let answer = respond(&question, true);
            stream.write_all(&[&u16::try_from(answer.len()).unwrap().to_be_bytes(), answer.as_slice()].concat()).unwrap();
        }
    });
}

fn question(name: &str, kind: RecordType, largest: Option<u16>) -> Message {
    let mut message = Message::new(4711, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
    if let Some(largest) = largest {
        let mut edns = Edns::new();
        edns.set_max_payload(largest);
        message.set_edns(edns);
    }
    message
}

/// The answer and its length in bytes.
fn over_udp(name: &str, kind: RecordType, largest: Option<u16>) -> (Message, usize) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    socket.send_to(&question(name, kind, largest).to_vec().unwrap(), SERVER).unwrap();
    let mut buffer = vec![0; 65535];
    let (length, peer) = socket.recv_from(&mut buffer).unwrap();
    assert_eq!(peer, SERVER.parse::<SocketAddr>().unwrap());
    (Message::from_vec(&buffer[..length]).unwrap(), length)
}

fn over_tcp(name: &str, kind: RecordType) -> Message {
    let mut stream = TcpStream::connect(SERVER).unwrap();
    let bytes = question(name, kind, None).to_vec().unwrap();
    stream.write_all(&[&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes.as_slice()].concat()).unwrap();
    let mut length = [0; 2];
    stream.read_exact(&mut length).unwrap();
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut answer).unwrap();
    Message::from_vec(&answer).unwrap()
}

#[test]
fn answers_fit_the_client_and_are_whole_over_tcp() {
    let Some(_folder) = server() else { return };
    let (answer, length) = over_udp("WEB.default.svc.cluster.local.", RecordType::A, None);
    assert!(answer.metadata.authoritative && answer.metadata.recursion_available && !answer.metadata.truncation);
    assert_eq!((answer.metadata.id, answer.answers.len(), length < 512), (4711, 1, true));
    assert!(answer.queries[0].name.eq_case(&Name::from_ascii("WEB.default.svc.cluster.local.").unwrap()), "asked as it was asked");
    for (largest, limit) in [(None, 512), (Some(1000), 1000), (Some(4096), 1232)] {
        let (answer, length) = over_udp("many.default.svc.cluster.local.", RecordType::A, largest);
        assert!(answer.metadata.truncation && length <= limit && length > limit - 100, "{largest:?}: {length}");
        assert_eq!(answer.edns.is_some(), largest.is_some());
    }
    let whole = over_tcp("many.default.svc.cluster.local.", RecordType::A);
    assert_eq!((whole.metadata.truncation, whole.answers.len()), (false, 300));
    // 4711 modulo 300: not the first one every time
    assert_eq!(whole.answers[0].data.to_string(), "10.244.0.212");
}

#[test]
fn what_is_not_a_question_about_names_is_refused() {
    let Some(_folder) = server() else { return };
    let (missing, _) = over_udp("none.default.svc.cluster.local.", RecordType::A, None);
    assert_eq!((missing.metadata.response_code, missing.authorities.len()), (ResponseCode::NXDomain, 1));
    let (none, _) = over_udp("web.default.svc.cluster.local.", RecordType::MX, None);
    assert_eq!((none.metadata.response_code, none.answers.len(), none.authorities.len()), (ResponseCode::NoError, 0, 1));
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut update = question("web.default.svc.cluster.local.", RecordType::A, None);
    update.metadata.op_code = OpCode::Notify;
    for garbage in [vec![0; 3], update.to_vec().unwrap()] {
        socket.send_to(&garbage, SERVER).unwrap();
    }
    let mut buffer = [0; 512];
    let length = socket.recv(&mut buffer).unwrap();
    assert_eq!(Message::from_vec(&buffer[..length]).unwrap().metadata.response_code, ResponseCode::NotImp);
    assert_eq!(over_udp("web.default.svc.cluster.local.", RecordType::A, None).0.answers.len(), 1, "still there");
}

#[test]
fn the_rest_is_asked_elsewhere() {
    let Some(_folder) = server() else { return };
    let started = Instant::now();
    let (refused, _) = over_udp("example.com.", RecordType::A, None);
    assert_eq!(refused.metadata.response_code, ResponseCode::ServFail, "nobody there");
    assert!(started.elapsed() < Duration::from_secs(1));
    upstream();
    let (found, _) = over_udp("example.com.", RecordType::A, None);
    assert_eq!((found.metadata.authoritative, found.answers[0].data.to_string()), (false, "192.0.2.80".to_owned()));
    assert_eq!(over_udp("none.example.com.", RecordType::A, None).0.metadata.response_code, ResponseCode::NXDomain);
    assert_eq!(over_udp("example.com.", RecordType::TXT, None).0.answers[0].data.to_string(), "long", "asked again over TCP");
    let (alias, _) = over_udp("away.default.svc.cluster.local.", RecordType::A, None);
    assert_eq!(alias.answers.iter().map(|record| record.data.to_string()).collect::<Vec<_>>(), ["example.com.", "192.0.2.80"]);
}

#[test]
fn clients_of_pods_find_names_through_their_search_list() {
    let Some(folder) = server() else { return };
    upstream();
    let conf = folder.path().join("resolv.conf");
    std::fs::write(&conf, "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 127.0.0.1\noptions ndots:5\n")
        .unwrap();
    // a mount namespace of its own, so that only this command sees the file
    let run = |command: &str| {
        let script = format!("mount --bind {} /etc/resolv.conf && {command}", conf.display());
        let output = Command::new("unshare").args(["--mount", "sh", "-c", &script]).output().unwrap();
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    for name in ["web", "web.default", "web.default.svc", "web.default.svc.cluster.local"] {
        let answer = run(&format!("getent ahostsv4 {name}"));
        assert!(answer.starts_with("10.96.0.9 "), "{name}: {answer}");
    }
    // busybox follows the search list for names without a dot only
    for name in ["web", "web.default.svc.cluster.local"] {
        let answer = run(&format!("busybox nslookup {name}"));
        assert!(answer.contains("Address: 10.96.0.9"), "{name}: {answer}");
    }
    assert!(run("getent ahostsv4 example.com").starts_with("192.0.2.80 "));
    assert!(
        run("busybox nslookup web.default.svc.cluster.local").contains("Address: 10.96.0.9")
            || run("busybox nslookup web.default.svc.cluster.local").contains("Address 1: 10.96.0.9")
    );
    assert_eq!(run("getent ahostsv4 none.default.svc.cluster.local"), "");
    assert_eq!(
        run("getent ahostsv4 many.default").lines().filter(|line| line.contains("STREAM")).count(),
        300,
        "over TCP, as it does not fit"
    );
    assert!(run("getent hosts 10.96.0.9").contains("web.default.svc.cluster.local"));
}
