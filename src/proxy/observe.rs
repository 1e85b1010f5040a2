//! From the cluster's objects to the [`Snapshot`] the rules are made of.
use std::collections::{BTreeSet, HashMap};
use std::net::Ipv4Addr;
use std::sync::Arc;

use k8s_openapi::api::core::v1::{Node, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;

use crate::endpoints::{Place, choose};
use crate::snapshot::{HostPort, Protocol, ServicePort, Snapshot};

/// On a slice: the service it belongs to.
const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// On a service: it is another proxy's.
const PROXY_NAME: &str = "service.kubernetes.io/service-proxy-name";
/// On a service or slice: nothing to do for a proxy.
const HEADLESS: &str = "service.kubernetes.io/headless";
const ZONE: &str = "topology.kubernetes.io/zone";
/// Three hours, the API's default.
const DEFAULT_AFFINITY_SECONDS: u32 = 10800;

/// Everything there is about services, and the host ports already gathered.
pub(crate) fn observe(services: &[Arc<Service>], slices: &[Arc<EndpointSlice>], host_ports: Vec<HostPort>, place: &Place) -> Snapshot {
    let mut of_service: HashMap<(&str, &str), Vec<&EndpointSlice>> = HashMap::new();
    for slice in slices.iter().filter(|slice| !labelled(slice.metadata.labels.as_ref(), HEADLESS)) {
        let name = slice.metadata.labels.as_ref().and_then(|labels| labels.get(SERVICE_NAME));
        if let (Some(namespace), Some(name)) = (slice.metadata.namespace.as_deref(), name) {
            of_service.entry((namespace, name)).or_default().push(slice);
        }
    }
    let mut ports = Vec::new();
    for service in services {
        let key = (service.metadata.namespace.as_deref().unwrap_or_default(), service.metadata.name.as_deref().unwrap_or_default());
        let slices = of_service.get(&key).map(Vec::as_slice).unwrap_or_default();
        ports.extend(service_ports(service, slices, place));
    }
    Snapshot { services: ports, host_ports }
}

/// Where a node is.
pub(crate) fn place(name: &str, node: Option<&Node>) -> Place {
    let labels = node.and_then(|node| node.metadata.labels.as_ref());
    Place { node: name.to_owned(), zone: labels.and_then(|labels| labels.get(ZONE)).cloned() }
}

fn labelled(labels: Option<&std::collections::BTreeMap<String, String>>, name: &str) -> bool {
    labels.is_some_and(|labels| labels.contains_key(name))
}

fn service_ports(service: &Service, slices: &[&EndpointSlice], place: &Place) -> Vec<ServicePort> {
    let labels = service.metadata.labels.as_ref();
    let Some(spec) = &service.spec else { return Vec::new() };
    // an address of "None", or none, is not one that packets are sent to
    let family_first = spec.cluster_ips.iter().flatten().chain(&spec.cluster_ip).find_map(|address| address.parse::<Ipv4Addr>().ok());
    let Some(cluster_ip) = family_first else { return Vec::new() };
    let kind = spec.type_.as_deref().unwrap_or("ClusterIP");
    if kind == "ExternalName" || labelled(labels, PROXY_NAME) || labelled(labels, HEADLESS) {
        return Vec::new();
    }
    let is_local = |policy: &Option<String>| policy.as_deref() == Some("Local");
    let affinity_seconds = (spec.session_affinity.as_deref() == Some("ClientIP")).then(|| {
        let client = spec.session_affinity_config.as_ref().and_then(|config| config.client_ip.as_ref());
        client.and_then(|client| client.timeout_seconds).and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(DEFAULT_AFFINITY_SECONDS)
    });
    let external_ips: Vec<Ipv4Addr> = addresses(spec.external_ips.iter().flatten().map(String::as_str));
    let ingress =
        service.status.iter().filter_map(|status| status.load_balancer.as_ref()).flat_map(|balancer| balancer.ingress.iter().flatten());
    // in mode Proxy packets arrive with the node's address
    let ingress =
        ingress.filter(|ingress| ingress.ip_mode.as_deref().unwrap_or("VIP") == "VIP").filter_map(|ingress| ingress.ip.as_deref());
    let load_balancer_ips = if kind == "LoadBalancer" { addresses(ingress) } else { Vec::new() };
    let source_ranges = if kind == "LoadBalancer" { source_ranges(spec.load_balancer_source_ranges.as_ref()) } else { Vec::new() };
    let reachable_outside = kind == "NodePort" || kind == "LoadBalancer" || !external_ips.is_empty();
    let make = |port: &k8s_openapi::api::core::v1::ServicePort| {
        let protocol = Protocol::parse(port.protocol.as_deref())?;
        let chosen = choose(slices.iter().copied(), port.name.as_deref().unwrap_or_default(), protocol, place);
        Some(ServicePort {
            namespace: service.metadata.namespace.clone().unwrap_or_default(),
            name: service.metadata.name.clone().unwrap_or_default(),
            protocol,
            port: u16::try_from(port.port).ok()?,
            cluster_ip,
            external_ips: external_ips.clone(),
            load_balancer_ips: load_balancer_ips.clone(),
            source_ranges: source_ranges.clone(),
            node_port: port.node_port.and_then(|port| u16::try_from(port).ok()).filter(|port| *port != 0),
            affinity_seconds,
            internal_local: is_local(&spec.internal_traffic_policy),
            external_local: reachable_outside && is_local(&spec.external_traffic_policy),
            cluster_endpoints: chosen.cluster,
            local_endpoints: chosen.local,
            has_endpoints: chosen.any,
        })
    };
    spec.ports.iter().flatten().filter_map(make).collect()
}

fn addresses<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Ipv4Addr> {
    texts.filter_map(|text| text.parse().ok()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The IPv4 ranges, masked. Ranges that were given but are all of the other family allow nobody here.
fn source_ranges(given: Option<&Vec<String>>) -> Vec<String> {
    let given = given.map(Vec::as_slice).unwrap_or_default();
    let mut ranges: Vec<String> = given.iter().filter_map(|text| ipv4_range(text.trim())).collect();
    if !given.is_empty() && ranges.is_empty() {
        ranges.push("0.0.0.0/32".to_owned());
    }
    ranges.sort();
    ranges.dedup();
    ranges
}

/// A range as the packet filter takes it; everything else, which must never reach its parser, is `None`.
pub(crate) fn ipv4_range(text: &str) -> Option<String> {
    let (address, prefix) = text.split_once('/')?;
    let (address, prefix): (Ipv4Addr, u32) = (address.parse().ok()?, prefix.parse().ok()?);
    let mask = u32::MAX.checked_shl(32u32.checked_sub(prefix)?).unwrap_or(0);
    Some(format!("{}/{prefix}", Ipv4Addr::from_bits(address.to_bits() & mask)))
}

/// The host ports of one pod of this node, none once it is finished or where it uses the node's own network.
pub(crate) fn host_ports(pod: &Pod) -> Vec<HostPort> {
    let (Some(spec), Some(status)) = (&pod.spec, &pod.status) else { return Vec::new() };
    let finished = matches!(status.phase.as_deref(), Some("Succeeded" | "Failed"));
    let addresses = status.pod_ips.iter().flatten().map(|ip| &ip.ip).chain(&status.pod_ip);
    let Some(pod_ip) = addresses.filter_map(|address| address.parse().ok()).next() else { return Vec::new() };
    if finished || spec.host_network == Some(true) {
        return Vec::new();
    }
    let restartable = spec.init_containers.iter().flatten().filter(|container| container.restart_policy.as_deref() == Some("Always"));
    let ports = restartable.chain(&spec.containers).flat_map(|container| container.ports.iter().flatten());
    let make = |port: &k8s_openapi::api::core::v1::ContainerPort| {
        let host_ip = port.host_ip.as_deref().filter(|address| !address.is_empty() && *address != "0.0.0.0");
        Some(HostPort {
            namespace: pod.metadata.namespace.clone().unwrap_or_default(),
            pod: pod.metadata.name.clone().unwrap_or_default(),
            protocol: Protocol::parse(port.protocol.as_deref())?,
            host_ip: host_ip.map(str::parse).transpose().ok()?,
            host_port: u16::try_from(port.host_port?).ok().filter(|port| *port != 0)?,
            pod_ip,
            container_port: u16::try_from(port.container_port).ok()?,
        })
    };
    ports.filter_map(make).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn service(spec: Value, status: Value) -> Vec<ServicePort> {
        let service = json!({ "metadata": { "namespace": "default", "name": "web" }, "spec": spec, "status": status });
        observe(&[Arc::new(serde_json::from_value(service).unwrap())], &[], Vec::new(), &Place::default()).services
    }

    #[test]
    fn services_without_an_address_have_no_rules() {
        let ports = json!([{ "port": 80 }]);
        assert!(service(json!({ "clusterIP": "None", "clusterIPs": ["None"], "ports": ports }), json!({})).is_empty());
        assert!(
            service(json!({ "type": "ExternalName", "externalName": "a.b", "clusterIP": "10.96.0.1", "ports": ports }), json!({}))
                .is_empty()
        );
        assert!(service(json!({ "clusterIP": "fd00::1", "clusterIPs": ["fd00::1"], "ports": ports }), json!({})).is_empty());
        let dual = service(json!({ "clusterIP": "fd00::1", "clusterIPs": ["fd00::1", "10.96.0.9"], "ports": ports }), json!({}));
        assert_eq!(dual[0].cluster_ip, Ipv4Addr::new(10, 96, 0, 9));
    }

    #[test]
    fn everything_of_a_load_balancer() {
        let spec = json!({ "type": "LoadBalancer", "clusterIP": "10.96.0.9", "externalIPs": ["192.0.2.7", "fd00::7"],
            "loadBalancerSourceRanges": ["203.0.113.9/24", " 198.51.100.0/25"], "externalTrafficPolicy": "Local", "sessionAffinity": "ClientIP",
            "sessionAffinityConfig": { "clientIP": { "timeoutSeconds": 60 } },
            "ports": [{ "name": "http", "port": 80, "nodePort": 30080 }, { "name": "dns", "port": 53, "protocol": "UDP" }] });
        let status = json!({ "loadBalancer": { "ingress": [{ "ip": "192.0.2.8", "ipMode": "VIP" }, { "ip": "192.0.2.9", "ipMode": "Proxy" }, { "hostname": "x" }] } });
        let ports = service(spec, status);
        assert_eq!(ports.len(), 2);
        assert_eq!((ports[0].node_port, ports[1].node_port, ports[1].protocol), (Some(30080), None, Protocol::Udp));
        assert_eq!(ports[0].external_ips, [Ipv4Addr::new(192, 0, 2, 7)]);
        assert_eq!(ports[0].load_balancer_ips, [Ipv4Addr::new(192, 0, 2, 8)]);
        assert_eq!(ports[0].source_ranges, ["198.51.100.0/25", "203.0.113.0/24"]);
        assert_eq!((ports[0].affinity_seconds, ports[0].external_local, ports[0].internal_local), (Some(60), true, false));
    }

    #[test]
    fn slices_are_found_by_namespace_and_label() {
        let service: Service = serde_json::from_value(
            json!({ "metadata": { "namespace": "a", "name": "web" }, "spec": { "clusterIP": "10.96.0.9", "ports": [{ "port": 80 }] } }),
        )
        .unwrap();
        let slice = |namespace: &str, labels: Value| -> Arc<EndpointSlice> {
            let slice = json!({ "metadata": { "namespace": namespace, "name": "x", "labels": labels }, "addressType": "IPv4",
                "endpoints": [{ "addresses": ["10.244.0.2"] }], "ports": [{ "port": 8080, "protocol": "TCP" }] });
            Arc::new(serde_json::from_value(slice).unwrap())
        };
        let count =
            |slice| observe(&[Arc::new(service.clone())], &[slice], Vec::new(), &Place::default()).services[0].cluster_endpoints.len();
        assert_eq!(count(slice("a", json!({ "kubernetes.io/service-name": "web" }))), 1);
        assert_eq!(count(slice("b", json!({ "kubernetes.io/service-name": "web" }))), 0);
        assert_eq!(count(slice("a", json!({ "kubernetes.io/service-name": "other" }))), 0);
        assert_eq!(count(slice("a", json!({ "kubernetes.io/service-name": "web", "service.kubernetes.io/headless": "" }))), 0);
    }

    #[test]
    fn host_ports_of_pods() {
        let pod = |phase: &str, host_network: bool, ports: Value| -> Vec<HostPort> {
            let pod = json!({ "metadata": { "namespace": "default", "name": "p" }, "spec": { "hostNetwork": host_network, "containers": [{ "name": "c", "ports": ports }] },
                "status": { "phase": phase, "podIP": "10.244.0.2" } });
            host_ports(&serde_json::from_value(pod).unwrap())
        };
        let ports = || json!([{ "containerPort": 80 }, { "containerPort": 81, "hostPort": 8081 }, { "containerPort": 53, "hostPort": 53, "protocol": "UDP", "hostIP": "127.0.0.1" }]);
        let found = pod("Running", false, ports());
        assert_eq!(
            found.iter().map(|one| (one.host_port, one.container_port, one.host_ip)).collect::<Vec<_>>(),
            [(8081, 81, None), (53, 53, Some(Ipv4Addr::LOCALHOST))]
        );
        assert!(pod("Running", true, ports()).is_empty() && pod("Succeeded", false, ports()).is_empty());
    }

    #[test]
    fn ranges_are_masked_or_refused() {
        for (text, expected) in [
            ("10.1.2.3/8", Some("10.0.0.0/8")),
            ("1.2.3.4/32", Some("1.2.3.4/32")),
            ("0.0.0.0/0", Some("0.0.0.0/0")),
            ("1.2.3.4/33", None),
            ("fd00::/8", None),
            ("1.1.1.1 } drop #/8", None),
        ] {
            assert_eq!(ipv4_range(text).as_deref(), expected);
        }
    }
}
