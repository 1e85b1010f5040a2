//! From what is known to the rules, without looking at anything else.
use sha2::{Digest, Sha256};

use crate::Config;
use crate::ruleset::{Collection, Ruleset};
use crate::skeleton::MASQUERADE_MARK;
use crate::snapshot::{Endpoint, HostPort, ServicePort, Snapshot};

/// Longest name of a chain or set that every nft takes.
const LONGEST_NAME: usize = 120;
/// Most clients a sticky endpoint remembers: the kernel keeps one small entry for each.
const STICKY_CLIENTS: u32 = 65536;

/// The rules of one node for a snapshot of the cluster.
pub fn rules(snapshot: &Snapshot, config: &Config) -> Ruleset {
    let mut ruleset = Ruleset::default();
    for service in &snapshot.services {
        add_service(&mut ruleset, service, config);
    }
    for host_port in &snapshot.host_ports {
        add_host_port(&mut ruleset, host_port);
    }
    ruleset
}

fn add_service(ruleset: &mut Ruleset, service: &ServicePort, config: &Config) {
    let outside = !service.external_ips.is_empty() || !service.load_balancer_ips.is_empty() || service.node_port.is_some();
    let uses_local = service.internal_local || (outside && service.external_local);
    let uses_cluster = !service.internal_local || outside;
    // the chains of both policies: where they are missing there is nobody to serve
    let cluster = uses_cluster.then(|| add_balancer(ruleset, service, "service", &service.cluster_endpoints, config)).flatten();
    let local = uses_local.then(|| add_balancer(ruleset, service, "local", &service.local_endpoints, config)).flatten();
    let nobody = if service.has_endpoints { "drop" } else { "goto refuse" };

    ruleset.claim(Collection::ClusterIps, service.cluster_ip.to_string(), "");
    let key = format!("{} . {} . {}", service.cluster_ip, service.protocol, service.port);
    match if service.internal_local { &local } else { &cluster } {
        Some(chain) => ruleset.claim(Collection::ServiceIps, key, format!("goto {chain}")),
        None => ruleset.claim(Collection::NoEndpointServices, key, nobody),
    }
    if !outside {
        return;
    }
    let external = add_external(ruleset, service, cluster.as_deref(), local.as_deref(), config);
    let served = if service.external_local { local.is_some() } else { cluster.is_some() };
    let addresses = service
        .external_ips
        .iter()
        .chain(&service.load_balancer_ips)
        .map(|address| format!("{address} . {} . {}", service.protocol, service.port));
    let addresses = addresses.map(|key| (Collection::ServiceIps, Collection::NoEndpointServices, key));
    let node_port = service
        .node_port
        .map(|port| (Collection::ServiceNodePorts, Collection::NoEndpointNodePorts, format!("{} . {port}", service.protocol)));
    for (to_chain, to_refusal, key) in addresses.chain(node_port) {
        if let Some(external) = &external {
            ruleset.claim(to_chain, key.clone(), format!("goto {external}"));
        }
        if !served {
            ruleset.claim(to_refusal, key, nobody);
        }
    }
}

/// The chain for packets that come in at an external address or port of the node.
fn add_external(
    ruleset: &mut Ruleset,
    service: &ServicePort,
    cluster: Option<&str>,
    local: Option<&str>,
    config: &Config,
) -> Option<String> {
    let cluster = cluster?;
    let mut rules = Vec::new();
    if !service.source_ranges.is_empty() && !service.load_balancer_ips.is_empty() {
        // a node's own packets to such an address can carry it as their source
        let own = list(service.load_balancer_ips.iter());
        rules.push(format!("ip daddr {{ {own} }} ip saddr != {{ {}, {own} }} drop", service.source_ranges.join(", ")));
    }
    if service.external_local {
        // what comes from inside is served by everybody: pods as they are, the node under an address that finds back
        rules.push(format!("ip saddr {} goto {cluster}", config.pod_cidr));
        rules.push(format!("fib saddr type local meta mark set meta mark or {MASQUERADE_MARK} goto {cluster}"));
        rules.extend(local.map(|local| format!("goto {local}")));
    } else {
        rules.push(format!("meta mark set meta mark or {MASQUERADE_MARK} goto {cluster}"));
    }
    let name = name("external", service, &[]);
    ruleset.chains.insert(name.clone(), rules);
    Some(name)
}

/// The chain that spreads packets over endpoints; `None` where there are none.
fn add_balancer(ruleset: &mut Ruleset, service: &ServicePort, kind: &str, endpoints: &[Endpoint], config: &Config) -> Option<String> {
    if endpoints.is_empty() {
        return None;
    }
    for endpoint in endpoints.iter().filter(|endpoint| endpoint.local) {
        ruleset.claim(Collection::Hairpin, format!("{} . {}", endpoint.address, endpoint.address), "");
    }
    let mut rules =
        vec![format!("ip daddr {} ip saddr != {} meta mark set meta mark or {MASQUERADE_MARK}", service.cluster_ip, config.pod_cidr)];
    match service.affinity_seconds {
        None => rules.push(format!("meta l4proto {} {}", service.protocol, translation(endpoints))),
        Some(seconds) => {
            let chains: Vec<(String, String)> = endpoints.iter().map(|endpoint| add_sticky(ruleset, service, *endpoint, seconds)).collect();
            rules.extend(chains.iter().map(|(clients, chain)| format!("ip saddr @{clients} goto {chain}")));
            rules.push(spread(&chains));
        }
    }
    let name = name(kind, service, &[]);
    ruleset.chains.insert(name.clone(), rules);
    Some(name)
}

/// The chain of one endpoint that remembers its clients, and the set it remembers them in.
fn add_sticky(ruleset: &mut Ruleset, service: &ServicePort, endpoint: Endpoint, seconds: u32) -> (String, String) {
    let place = [endpoint.address.to_string(), endpoint.port.to_string()];
    let clients = name("affinity", service, &[&place[0], &place[1], &format!("{seconds}s")]);
    let chain = name("endpoint", service, &[&place[0], &place[1]]);
    let definition = format!("type ipv4_addr ; flags dynamic,timeout ; timeout {seconds}s ; size {STICKY_CLIENTS}");
    ruleset.sets.insert(clients.clone(), definition);
    let rules = vec![
        format!("update @{clients} {{ ip saddr }}"),
        format!("meta l4proto {} dnat to {}:{}", service.protocol, endpoint.address, endpoint.port),
    ];
    ruleset.chains.insert(chain.clone(), rules);
    (clients, chain)
}

fn translation(endpoints: &[Endpoint]) -> String {
    match endpoints {
        [one] => format!("dnat to {}:{}", one.address, one.port),
        many => {
            let choices = many.iter().enumerate().map(|(index, one)| format!("{index} : {} . {}", one.address, one.port));
            format!("dnat ip to numgen random mod {} map {{ {} }}", many.len(), choices.collect::<Vec<_>>().join(", "))
        }
    }
}

fn spread(chains: &[(String, String)]) -> String {
    match chains {
        [(_, one)] => format!("goto {one}"),
        many => {
            let choices = many.iter().enumerate().map(|(index, (_, chain))| format!("{index} : goto {chain}"));
            format!("numgen random mod {} vmap {{ {} }}", many.len(), choices.collect::<Vec<_>>().join(", "))
        }
    }
}

fn add_host_port(ruleset: &mut Ruleset, port: &HostPort) {
    let chain = bounded(format!("hostport/{}/{}/{}/{}", port.namespace, port.pod, port.protocol, port.host_port));
    let rules = vec![
        format!("ip saddr 127.0.0.0/8 meta mark set meta mark or {MASQUERADE_MARK}"),
        format!("meta l4proto {} dnat to {}:{}", port.protocol, port.pod_ip, port.container_port),
    ];
    ruleset.claim(Collection::Hairpin, format!("{} . {}", port.pod_ip, port.pod_ip), "");
    let (collection, key) = match port.host_ip {
        Some(address) => (Collection::ServiceIps, format!("{address} . {} . {}", port.protocol, port.host_port)),
        None => (Collection::ServiceNodePorts, format!("{} . {}", port.protocol, port.host_port)),
    };
    ruleset.claim(collection, key, format!("goto {chain}"));
    ruleset.chains.insert(chain, rules);
}

/// A name that says what it is for, in letters every nft takes: `service/<namespace>/<name>/<protocol>/<port>`.
fn name(kind: &str, service: &ServicePort, more: &[&str]) -> String {
    let mut name = format!("{kind}/{}/{}/{}/{}", service.namespace, service.name, service.protocol, service.port);
    for part in more {
        name.push('/');
        name.push_str(part);
    }
    bounded(name)
}

/// The name, or where it is too long its beginning with a hash of the whole.
fn bounded(name: String) -> String {
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let digest = hex::encode(Sha256::digest(&name));
    format!("{}-{}", &name[..LONGEST_NAME - 17], &digest[..16])
}

fn list(addresses: impl Iterator<Item = impl ToString>) -> String {
    addresses.map(|address| address.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::ruleset::transaction;
    use crate::snapshot::Protocol;

    fn config() -> Config {
        Config {
            cluster: "x".to_owned(),
            node: "here".to_owned(),
            pod_cidr: "10.244.0.0/16".to_owned(),
            service_cidr: "10.96.0.0/16".to_owned(),
            bridge: None,
        }
    }

    fn service(endpoints: &[(u8, bool)]) -> ServicePort {
        let endpoints: Vec<Endpoint> = endpoints
            .iter()
            .map(|(last, local)| Endpoint { address: Ipv4Addr::new(10, 244, 0, *last), port: 8080, local: *local })
            .collect();
        ServicePort {
            namespace: "default".to_owned(),
            name: "web".to_owned(),
            protocol: Protocol::Tcp,
            port: 80,
            cluster_ip: Ipv4Addr::new(10, 96, 0, 5),
            external_ips: Vec::new(),
            load_balancer_ips: Vec::new(),
            source_ranges: Vec::new(),
            node_port: None,
            affinity_seconds: None,
            internal_local: false,
            external_local: false,
            has_endpoints: !endpoints.is_empty(),
            local_endpoints: endpoints.iter().filter(|endpoint| endpoint.local).copied().collect(),
            cluster_endpoints: endpoints,
        }
    }

    fn check(service: ServicePort, expected: &[&str]) {
        let rules = rules(&Snapshot { services: vec![service], host_ports: Vec::new() }, &config());
        assert_eq!(transaction("t", &Ruleset::default(), &rules).lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_cluster_address_with_and_without_endpoints() {
        check(
            service(&[(2, true), (3, false)]),
            &[
                "add chain ip t service/default/web/tcp/80",
                "add rule ip t service/default/web/tcp/80 ip daddr 10.96.0.5 ip saddr != 10.244.0.0/16 meta mark set meta mark or 0x4000",
                "add rule ip t service/default/web/tcp/80 meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.244.0.2 . 8080, 1 : 10.244.0.3 . 8080 }",
                "add element ip t service-ips { 10.96.0.5 . tcp . 80 : goto service/default/web/tcp/80 }",
                "add element ip t cluster-ips { 10.96.0.5 }",
                "add element ip t hairpin-connections { 10.244.0.2 . 10.244.0.2 }",
            ],
        );
        check(
            service(&[]),
            &["add element ip t no-endpoint-services { 10.96.0.5 . tcp . 80 : goto refuse }", "add element ip t cluster-ips { 10.96.0.5 }"],
        );
    }

    #[test]
    fn local_policies_drop_where_only_others_could_serve() {
        let mut internal = service(&[(3, false)]);
        internal.internal_local = true;
        check(
            internal,
            &["add element ip t no-endpoint-services { 10.96.0.5 . tcp . 80 : drop }", "add element ip t cluster-ips { 10.96.0.5 }"],
        );
        let mut external = service(&[(3, false)]);
        (external.external_local, external.node_port) = (true, Some(30080));
        check(
            external,
            &[
                "add chain ip t external/default/web/tcp/80",
                "add chain ip t service/default/web/tcp/80",
                "add rule ip t external/default/web/tcp/80 ip saddr 10.244.0.0/16 goto service/default/web/tcp/80",
                "add rule ip t external/default/web/tcp/80 fib saddr type local meta mark set meta mark or 0x4000 goto service/default/web/tcp/80",
                "add rule ip t service/default/web/tcp/80 ip daddr 10.96.0.5 ip saddr != 10.244.0.0/16 meta mark set meta mark or 0x4000",
                "add rule ip t service/default/web/tcp/80 meta l4proto tcp dnat to 10.244.0.3:8080",
                "add element ip t service-ips { 10.96.0.5 . tcp . 80 : goto service/default/web/tcp/80 }",
                "add element ip t service-nodeports { tcp . 30080 : goto external/default/web/tcp/80 }",
                "add element ip t no-endpoint-nodeports { tcp . 30080 : drop }",
                "add element ip t cluster-ips { 10.96.0.5 }",
            ],
        );
    }

    #[test]
    fn long_names_stay_within_what_nft_takes_and_differ() {
        let long = |last: char| {
            let mut service = service(&[(2, true)]);
            (service.namespace, service.name) = ("n".repeat(63), format!("{}{last}", "s".repeat(62)));
            name("service", &service, &[])
        };
        assert_eq!(long('a').len(), LONGEST_NAME);
        assert_ne!(long('a'), long('b'));
    }

    #[test]
    fn the_first_claim_to_a_port_stays() {
        let mut other = service(&[(9, true)]);
        (other.name, other.cluster_ip) = ("later".to_owned(), Ipv4Addr::new(10, 96, 0, 6));
        let mut first = service(&[(2, true)]);
        (first.node_port, other.node_port) = (Some(30080), Some(30080));
        let rules = rules(&Snapshot { services: vec![first, other], host_ports: Vec::new() }, &config());
        assert_eq!(rules.elements[&(Collection::ServiceNodePorts, "tcp . 30080".to_owned())], "goto external/default/web/tcp/80");
    }
}
