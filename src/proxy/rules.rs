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
