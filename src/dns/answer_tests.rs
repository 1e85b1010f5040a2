//! Questions and answers as the Kubernetes DNS specification and CoreDNS have them.
use std::net::IpAddr;

use hickory_proto::rr::{Name, RecordType};

use crate::records::{Endpoint, Port, Records, Service};
use crate::{Answer, answer};

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn port(name: &str, protocol: &'static str, number: u16) -> Port {
    Port { name: name.to_owned(), protocol, number }
}

fn endpoint(name: &str, at: &str, ports: &[Port]) -> Endpoint {
    Endpoint { name: name.to_owned(), address: address(at), ports: ports.to_vec() }
}

fn records() -> Records {
    let mut records = Records::new("cluster.local", address("10.244.0.1"), &["10.96.0.0/16".to_owned(), "10.244.0.0/16".to_owned()]);
    records.set_namespace("default", true);
    records.set_namespace("empty", true);
    let web = Service::Cluster {
        addresses: vec![address("10.96.0.9"), address("fd00::9")],
        ports: vec![port("http", "tcp", 80), port("dns", "udp", 53)],
        endpoints: vec![endpoint("web-0", "10.244.0.7", &[port("http", "tcp", 8080)])],
    };
    records.set_service("default", "web", Some(web));
    let plain = Service::Cluster { addresses: vec![address("10.96.0.10")], ports: vec![port("", "tcp", 80)], endpoints: Vec::new() };
    records.set_service("default", "plain", Some(plain));
    let ports = [port("sql", "tcp", 5432)];
    let db = Service::Headless { endpoints: vec![endpoint("db-0", "10.244.0.2", &ports), endpoint("10-244-0-3", "10.244.0.3", &ports)] };
    records.set_service("default", "db", Some(db));
    records.set_service("default", "portless", Some(Service::Headless { endpoints: vec![endpoint("a", "10.244.0.5", &[])] }));
    records.set_service("default", "nobody", Some(Service::Headless { endpoints: Vec::new() }));
    records.set_service("default", "away", Some(Service::External { name: "www.Example.com".to_owned() }));
    records.set_service("default", "inside", Some(Service::External { name: "web.default.svc.cluster.local".to_owned() }));
    records.set_service("default", "loop", Some(Service::External { name: "loop.default.svc.cluster.local".to_owned() }));
    records.set_service("default", "number", Some(Service::External { name: "192.0.2.1".to_owned() }));
    records
}

/// The whole answer as text: `type data`, additional records after a `+`, the way out after `->`.
fn ask(name: &str, kind: RecordType) -> String {
    match answer(&records(), &Name::from_ascii(name).unwrap(), kind) {
        Answer::Found { answers, additionals, outside } => {
            for record in answers.iter().chain(&additionals) {
                assert_eq!(record.ttl, 30);
            }
            let show = |record: &hickory_proto::rr::Record| format!("{} {}", record.record_type(), record.data);
            let mut parts: Vec<String> = answers.iter().map(show).collect();
            parts.extend(additionals.iter().map(|record| format!("+ {} {}", record.name, show(record))));
            parts.extend(outside.map(|name| format!("-> {name}")));
            parts.join("; ")
        }
        Answer::NoData(authority) => {
            assert_eq!(
                authority.to_string(),
                "cluster.local. 30 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 30"
            );
            "NODATA".to_owned()
        }
        Answer::NoSuchName(authority) => {
            assert_eq!((authority.record_type(), authority.ttl), (RecordType::SOA, 30));
            "NXDOMAIN".to_owned()
        }
        Answer::Elsewhere => "ELSEWHERE".to_owned(),
    }
}

fn check(name: &str, kind: RecordType, expected: &str) {
    assert_eq!(ask(name, kind), expected, "{name} {kind}");
}

use RecordType::{A, AAAA, CNAME, MX, NS, PTR, SOA, SRV, TXT};

#[test]
fn services_with_an_address() {
    check("web.default.svc.cluster.local.", A, "A 10.96.0.9");
    check("WEB.Default.SVC.cluster.LOCAL.", A, "A 10.96.0.9");
    check("web.default.svc.cluster.local.", AAAA, "AAAA fd00::9");
    check("plain.default.svc.cluster.local.", AAAA, "NODATA");
    check("web.default.svc.cluster.local.", MX, "NODATA");
    check("web.default.svc.cluster.local.", TXT, "NODATA");
    check("none.default.svc.cluster.local.", A, "NXDOMAIN");
    check("web.other.svc.cluster.local.", A, "NXDOMAIN");
}

#[test]
fn ports_of_services() {
    let additional = "+ web.default.svc.cluster.local. A 10.96.0.9; + web.default.svc.cluster.local. AAAA fd00::9";
    check("_http._tcp.web.default.svc.cluster.local.", SRV, &format!("SRV 0 100 80 web.default.svc.cluster.local.; {additional}"));
    check("_dns._udp.web.default.svc.cluster.local.", SRV, &format!("SRV 0 100 53 web.default.svc.cluster.local.; {additional}"));
    check("_dns._tcp.web.default.svc.cluster.local.", SRV, "NXDOMAIN");
    check("_http._tcp.web.default.svc.cluster.local.", A, "A 10.96.0.9");
    check("_tcp.web.default.svc.cluster.local.", SRV, "NODATA");
    check("_sctp.web.default.svc.cluster.local.", SRV, "NXDOMAIN");
    check("http.tcp.web.default.svc.cluster.local.", SRV, "NXDOMAIN");
    check(
        "web.default.svc.cluster.local.",
        SRV,
        &format!("SRV 0 50 80 web.default.svc.cluster.local.; SRV 0 50 53 web.default.svc.cluster.local.; {additional}"),
    );
}

#[test]
fn headless_services_and_their_endpoints() {
    check("db.default.svc.cluster.local.", A, "A 10.244.0.2; A 10.244.0.3");
    check("db.default.svc.cluster.local.", AAAA, "NODATA");
    check("db-0.db.default.svc.cluster.local.", A, "A 10.244.0.2");
    check("10-244-0-3.db.default.svc.cluster.local.", A, "A 10.244.0.3");
    check("db-9.db.default.svc.cluster.local.", A, "NXDOMAIN");
    check(
        "_sql._tcp.db.default.svc.cluster.local.",
        SRV,
        "SRV 0 50 5432 db-0.db.default.svc.cluster.local.; SRV 0 50 5432 10-244-0-3.db.default.svc.cluster.local.; \
         + db-0.db.default.svc.cluster.local. A 10.244.0.2; + 10-244-0-3.db.default.svc.cluster.local. A 10.244.0.3",
    );
    check("portless.default.svc.cluster.local.", A, "A 10.244.0.5");
    check("portless.default.svc.cluster.local.", SRV, "NODATA");
    check("a.portless.default.svc.cluster.local.", A, "A 10.244.0.5");
    check("nobody.default.svc.cluster.local.", A, "NXDOMAIN");
    check("web-0.web.default.svc.cluster.local.", A, "A 10.244.0.7");
}

#[test]
fn names_for_things_elsewhere() {
    check("away.default.svc.cluster.local.", A, "CNAME www.Example.com.; -> www.Example.com.");
    check("away.default.svc.cluster.local.", CNAME, "CNAME www.Example.com.");
    check("inside.default.svc.cluster.local.", A, "CNAME web.default.svc.cluster.local.; A 10.96.0.9");
    check("inside.default.svc.cluster.local.", MX, "CNAME web.default.svc.cluster.local.");
    check("number.default.svc.cluster.local.", A, "A 192.0.2.1");
    check("number.default.svc.cluster.local.", AAAA, "NODATA");
    assert_eq!(ask("loop.default.svc.cluster.local.", A).matches("CNAME").count(), 8);
}

#[test]
fn pods() {
    check("1-2-3-4.default.pod.cluster.local.", A, "A 1.2.3.4");
    check("1-2-3-4.default.pod.cluster.local.", AAAA, "NODATA");
    check("fd00--1.default.pod.cluster.local.", AAAA, "AAAA fd00::1");
    check("1-2-3.default.pod.cluster.local.", A, "NXDOMAIN");
    check("1-2-3-4.none.pod.cluster.local.", A, "NXDOMAIN");
}

#[test]
fn names_between() {
    check("svc.cluster.local.", A, "NODATA");
    check("empty.svc.cluster.local.", A, "NODATA");
    check("none.svc.cluster.local.", A, "NXDOMAIN");
    check("cluster.local.", A, "NODATA");
    check("cluster.local.", SOA, "SOA ns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 30");
    check("cluster.local.", NS, "NS ns.dns.cluster.local.; + ns.dns.cluster.local. A 10.244.0.1");
    check("ns.dns.cluster.local.", A, "A 10.244.0.1");
    check("dns-version.cluster.local.", TXT, "TXT 1.1.0");
    check("anything.cluster.local.", A, "NXDOMAIN");
    // what the search list of a pod makes of other names
    check("example.com.default.svc.cluster.local.", A, "NXDOMAIN");
    check("web.default.svc.cluster.local.svc.cluster.local.", A, "NXDOMAIN");
    check("example.com.", A, "ELSEWHERE");
    check("xcluster.local.", A, "ELSEWHERE");
    check("local.", A, "ELSEWHERE");
}

#[test]
fn addresses_to_names() {
    check("9.0.96.10.in-addr.arpa.", PTR, "PTR web.default.svc.cluster.local.");
    check("2.0.244.10.in-addr.arpa.", PTR, "PTR db-0.db.default.svc.cluster.local.");
    check("3.0.244.10.IN-ADDR.ARPA.", PTR, "PTR 10-244-0-3.db.default.svc.cluster.local.");
    check("9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa.", PTR, "PTR web.default.svc.cluster.local.");
    check("9.0.96.10.in-addr.arpa.", TXT, "NODATA");
    check("99.0.96.10.in-addr.arpa.", PTR, "NXDOMAIN");
    check("1.2.0.192.in-addr.arpa.", PTR, "ELSEWHERE");
    check("0.96.10.in-addr.arpa.", PTR, "ELSEWHERE");
}

#[test]
fn what_goes_is_forgotten() {
    let mut records = records();
    records.set_service("default", "web", None);
    records.set_namespace("empty", false);
    let asked = |name: &str, kind| answer(&records, &Name::from_ascii(name).unwrap(), kind);
    assert!(matches!(asked("web.default.svc.cluster.local.", A), Answer::NoSuchName(_)));
    assert!(matches!(asked("9.0.96.10.in-addr.arpa.", PTR), Answer::NoSuchName(_)));
    assert!(matches!(asked("empty.svc.cluster.local.", A), Answer::NoSuchName(_)));
}
