//! The answer to one question, from the records alone.
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hickory_proto::rr::rdata::{CNAME, NS, PTR, SOA, SRV, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};

use crate::records::{Port, Records, Service};

/// How long answers may be kept, in seconds, the negative ones too; what kubeadm gives CoreDNS.
const TTL: u32 = 30;
/// The version of the DNS specification that is followed.
const DNS_VERSION: &str = "1.1.0";
/// Most aliases inside the cluster that one answer follows.
const LONGEST_CHAIN: usize = 8;

/// What there is to say to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Records, those that save the next question, and the name outside the cluster that the last alias leads to.
    Found { answers: Vec<Record>, additionals: Vec<Record>, outside: Option<Name> },
    /// The name exists and has nothing of this type; with the authority record that says how long that holds.
    NoData(Record),
    /// The name does not exist; with the authority record that says how long that holds.
    NoSuchName(Record),
    /// Not a name of this cluster.
    Elsewhere,
}

/// Answers a question about a name of any case.
pub fn answer(records: &Records, name: &Name, kind: RecordType) -> Answer {
    let labels: Vec<String> = name.iter().map(|label| String::from_utf8_lossy(label).to_ascii_lowercase()).collect();
    let domain = &records.domain;
    if labels.ends_with(domain) {
        let below: Vec<&str> = labels[..labels.len() - domain.len()].iter().map(String::as_str).collect();
        return in_zone(records, name, &below, kind);
    }
    match reverse_address(&labels) {
        Some(address) => reverse(records, name, address, kind),
        None => Answer::Elsewhere,
    }
}

/// What a name of the zone stands for.
enum Meaning<'a> {
    Missing,
    /// It exists for what is below it.
    Empty,
    Domain,
    Text(&'static str),
    Addresses(Vec<IpAddr>),
    Targets(Vec<Target<'a>>),
    Alias(&'a str),
}

/// One address behind a name, with the name that is its own and maybe a port.
struct Target<'a> {
    labels: Vec<&'a str>,
    address: IpAddr,
    port: Option<u16>,
}

fn in_zone(records: &Records, name: &Name, below: &[&str], kind: RecordType) -> Answer {
    match meaning(records, below) {
        Meaning::Missing => Answer::NoSuchName(authority(records)),
        Meaning::Empty => Answer::NoData(authority(records)),
        Meaning::Domain => match kind {
            RecordType::SOA => found(vec![authority(records)]),
            RecordType::NS => {
                let server = full_name(records, &["ns", "dns"]);
                let additionals = address_records(&server, [records.own_address].into_iter());
                Answer::Found { answers: vec![record(name, RData::NS(NS(server)))], additionals, outside: None }
            }
            _ => Answer::NoData(authority(records)),
        },
        Meaning::Text(text) => match kind {
            RecordType::TXT => found(vec![record(name, RData::TXT(TXT::new(vec![text.to_owned()])))]),
            _ => Answer::NoData(authority(records)),
        },
        Meaning::Addresses(addresses) => of_kind(records, name, &addresses, kind),
        Meaning::Targets(targets) if kind == RecordType::SRV => service_records(records, name, &targets),
        Meaning::Targets(targets) => {
            let addresses: Vec<IpAddr> = targets.iter().map(|target| target.address).collect();
            of_kind(records, name, &addresses, kind)
        }
        Meaning::Alias(target) => alias(records, name, target, kind),
    }
}

fn meaning<'a>(records: &'a Records, below: &[&'a str]) -> Meaning<'a> {
    match *below {
        [] => Meaning::Domain,
        ["dns-version"] => Meaning::Text(DNS_VERSION),
        ["ns", "dns"] => Meaning::Addresses(vec![records.own_address]),
        ["svc" | "pod" | "dns"] => Meaning::Empty,
        [namespace, "svc" | "pod"] if records.has_namespace(namespace) => Meaning::Empty,
        [address, namespace, "pod"] if records.has_namespace(namespace) => {
            pod_address(address).map_or(Meaning::Missing, |address| Meaning::Addresses(vec![address]))
        }
        [name, namespace, "svc"] => {
            records.service(namespace, name).map_or(Meaning::Missing, |service| whole_service(service, name, namespace, |_| true))
        }
        [protocol, name, namespace, "svc"] if protocol.starts_with('_') => {
            let found = records
                .service(namespace, name)
                .map(|service| whole_service(service, name, namespace, |port| protocol[1..] == *port.protocol));
            if matches!(found, Some(Meaning::Targets(_))) { Meaning::Empty } else { Meaning::Missing }
        }
        [endpoint, name, namespace, "svc"] => {
            records.service(namespace, name).map_or(Meaning::Missing, |service| one_endpoint(service, endpoint, name, namespace))
        }
        [port, protocol, name, namespace, "svc"] if port.starts_with('_') && protocol.starts_with('_') => {
            let matches = |one: &Port| one.name == port[1..] && one.protocol == &protocol[1..];
            match records.service(namespace, name) {
                None | Some(Service::External { .. }) => Meaning::Missing,
                Some(service) => whole_service(service, name, namespace, matches),
            }
        }
        _ => Meaning::Missing,
    }
}

/// A service under its own name, or under that of a port when only some match.
fn whole_service<'a>(service: &'a Service, name: &'a str, namespace: &'a str, matches: impl Fn(&Port) -> bool) -> Meaning<'a> {
    let any_port = matches(&Port { name: String::new(), protocol: "", number: 0 });
    let targets: Vec<Target<'a>> = match service {
        Service::External { name } => return Meaning::Alias(name),
        Service::Cluster { addresses, ports, .. } => {
            let labels = || vec![name, namespace, "svc"];
            let with_ports = addresses.iter().flat_map(|address| {
                ports.iter().filter(|port| matches(port)).map(move |port| Target {
                    labels: labels(),
                    address: *address,
                    port: Some(port.number),
                })
            });
            let without = addresses.iter().filter(|_| any_port && ports.is_empty()).map(|address| Target {
                labels: labels(),
                address: *address,
                port: None,
            });
            with_ports.chain(without).collect()
        }
        Service::Headless { endpoints } => {
            endpoints.iter().flat_map(|endpoint| endpoint_targets(endpoint, name, namespace, &matches, any_port)).collect()
        }
    };
    if targets.is_empty() { Meaning::Missing } else { Meaning::Targets(targets) }
}

fn one_endpoint<'a>(service: &'a Service, wanted: &str, name: &'a str, namespace: &'a str) -> Meaning<'a> {
    let matching = service.endpoints().iter().filter(|endpoint| endpoint.name == wanted);
    let targets: Vec<Target<'a>> =
        matching.flat_map(|endpoint| endpoint_targets(endpoint, name, namespace, &|_: &Port| true, true)).collect();
    if targets.is_empty() { Meaning::Missing } else { Meaning::Targets(targets) }
}

fn endpoint_targets<'a>(
    endpoint: &'a crate::records::Endpoint,
    name: &'a str,
    namespace: &'a str,
    matches: &impl Fn(&Port) -> bool,
    any_port: bool,
) -> Vec<Target<'a>> {
    let target = |port| Target { labels: vec![endpoint.name.as_str(), name, namespace, "svc"], address: endpoint.address, port };
    if endpoint.ports.is_empty() && any_port {
        return vec![target(None)];
    }
    endpoint.ports.iter().filter(|port| matches(port)).map(|port| target(Some(port.number))).collect()
}

fn of_kind(records: &Records, name: &Name, addresses: &[IpAddr], kind: RecordType) -> Answer {
    let wanted = addresses.iter().copied().filter(|address| match kind {
        RecordType::A => address.is_ipv4(),
        RecordType::AAAA => address.is_ipv6(),
        _ => false,
    });
    let answers = address_records(name, wanted);
    if answers.is_empty() { Answer::NoData(authority(records)) } else { found(answers) }
}

fn service_records(records: &Records, name: &Name, targets: &[Target<'_>]) -> Answer {
    let mut distinct: Vec<(&[&str], u16)> = Vec::new();
    let mut owners: Vec<(&[&str], BTreeSet<IpAddr>)> = Vec::new();
    let mut seen = BTreeSet::new();
    for target in targets {
        let Some(port) = target.port else { continue };
        if seen.insert((&target.labels, port)) {
            distinct.push((&target.labels, port));
        }
        match owners.iter_mut().find(|(labels, _)| *labels == target.labels) {
            Some((_, addresses)) => drop(addresses.insert(target.address)),
            None => owners.push((&target.labels, [target.address].into())),
        }
    }
    if distinct.is_empty() {
        return Answer::NoData(authority(records));
    }
    let weight = u16::try_from(100 / distinct.len()).unwrap_or(1).max(1);
    let answers = distinct.iter().map(|(labels, port)| record(name, RData::SRV(SRV::new(0, weight, *port, full_name(records, labels)))));
    let additionals = owners.iter().flat_map(|(labels, addresses)| address_records(&full_name(records, labels), addresses.iter().copied()));
    Answer::Found { answers: answers.collect(), additionals: additionals.collect(), outside: None }
}

/// An external name, followed as far as it stays inside the cluster.
fn alias(records: &Records, name: &Name, target: &str, kind: RecordType) -> Answer {
    // some give an address where a name belongs
    if let Ok(address) = target.parse::<IpAddr>() {
        return of_kind(records, name, &[address], kind);
    }
    let mut answers = Vec::new();
    let (mut owner, mut target) = (name.clone(), target.to_owned());
    for _ in 0..LONGEST_CHAIN {
        let Ok(mut next) = Name::from_ascii(&target) else { break };
        next.set_fqdn(true);
        answers.push(record(&owner, RData::CNAME(CNAME(next.clone()))));
        if kind == RecordType::CNAME {
            break;
        }
        let labels: Vec<String> = next.iter().map(|label| String::from_utf8_lossy(label).to_ascii_lowercase()).collect();
        if !labels.ends_with(&records.domain) {
            return Answer::Found { answers, additionals: Vec::new(), outside: Some(next) };
        }
        let below: Vec<&str> = labels[..labels.len() - records.domain.len()].iter().map(String::as_str).collect();
        match meaning(records, &below) {
            Meaning::Alias(further) if further.parse::<IpAddr>().is_err() => (owner, target) = (next, further.to_owned()),
            _ => {
                if let Answer::Found { answers: more, .. } = in_zone(records, &next, &below, kind) {
                    answers.extend(more);
                }
                break;
            }
        }
    }
    if answers.is_empty() { Answer::NoData(authority(records)) } else { found(answers) }
}

fn reverse(records: &Records, name: &Name, address: IpAddr, kind: RecordType) -> Answer {
    let names = records.names_of(address);
    if names.is_empty() {
        return if records.owns(address) { Answer::NoSuchName(authority(records)) } else { Answer::Elsewhere };
    }
    match kind {
        RecordType::PTR => found(names.iter().map(|labels| record(name, RData::PTR(PTR(full_name(records, labels))))).collect()),
        _ => Answer::NoData(authority(records)),
    }
}

/// `10-244-0-2`, or an IPv6 address with dashes for its colons.
fn pod_address(label: &str) -> Option<IpAddr> {
    let dashed: Result<Ipv4Addr, _> = label.replace('-', ".").parse();
    dashed.map(IpAddr::V4).ok().or_else(|| label.replace('-', ":").parse::<Ipv6Addr>().ok().map(IpAddr::V6))
}

/// The address a name below `in-addr.arpa` or `ip6.arpa` stands for, if it is a whole one.
fn reverse_address(labels: &[String]) -> Option<IpAddr> {
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    match labels.as_slice() {
        [octets @ .., "in-addr", "arpa"] if octets.len() == 4 => {
            let octets: Vec<&str> = octets.iter().rev().copied().collect();
            octets.join(".").parse::<Ipv4Addr>().ok().map(IpAddr::V4)
        }
        [nibbles @ .., "ip6", "arpa"] if nibbles.len() == 32 && nibbles.iter().all(|nibble| nibble.len() == 1) => {
            let text: String = nibbles.iter().rev().copied().collect();
            u128::from_str_radix(&text, 16).ok().map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits)))
        }
        _ => None,
    }
}

fn found(answers: Vec<Record>) -> Answer {
    Answer::Found { answers, additionals: Vec::new(), outside: None }
}

fn record(name: &Name, data: RData) -> Record {
    Record::from_rdata(name.clone(), TTL, data)
}

/// One record for every distinct address, in their order.
fn address_records(name: &Name, addresses: impl Iterator<Item = IpAddr>) -> Vec<Record> {
    let mut seen = BTreeSet::new();
    let distinct = addresses.filter(|address| seen.insert(*address));
    distinct.map(|address| record(name, RData::from(address))).collect()
}

fn authority(records: &Records) -> Record {
    let name = |labels: &[&str]| full_name(records, labels);
    // the zone is never transferred, so that its serial number means nothing
    record(&name(&[]), RData::SOA(SOA::new(name(&["ns", "dns"]), name(&["hostmaster"]), 1, 7200, 1800, 86400, TTL)))
}

/// The labels below the cluster's domain as a name. Kubernetes' names fit; what does not is cut to the domain.
fn full_name(records: &Records, labels: &[&str]) -> Name {
    let domain = records.domain.iter().map(String::as_bytes);
    Name::from_labels(labels.iter().map(|label| label.as_bytes()).chain(domain.clone()))
        .or_else(|_| Name::from_labels(domain))
        .unwrap_or_else(|_| Name::root())
}
