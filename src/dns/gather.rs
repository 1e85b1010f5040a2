//! From the cluster's objects to records.
use std::net::IpAddr;
use std::sync::Arc;

use k8s_openapi::api::core::v1::Service as ServiceObject;
use k8s_openapi::api::discovery::v1::{Endpoint as SliceEndpoint, EndpointSlice};

use crate::records::{Endpoint, Port, Service};

/// On a slice: the service it belongs to.
pub(crate) const SERVICE_NAME: &str = "kubernetes.io/service-name";

/// `namespace/name` of the service a slice belongs to.
pub(crate) fn service_of(slice: &EndpointSlice) -> Option<(String, String)> {
    let name = slice.metadata.labels.as_ref()?.get(SERVICE_NAME)?;
    Some((slice.metadata.namespace.clone()?, name.clone()))
}

/// The records of a service with its slices; `None` for one that has no names.
pub(crate) fn gather(service: &ServiceObject, slices: &[Arc<EndpointSlice>]) -> Option<Service> {
    let spec = service.spec.as_ref()?;
    if spec.type_.as_deref() == Some("ExternalName") {
        return spec.external_name.clone().map(|name| Service::External { name });
    }
    let given: Vec<&String> = spec.cluster_ips.iter().flatten().collect();
    let given = if given.is_empty() { spec.cluster_ip.iter().collect() } else { given };
    let unready = spec.publish_not_ready_addresses == Some(true);
    if given.first().is_some_and(|address| *address == "None") {
        return Some(Service::Headless { endpoints: endpoints(slices, unready, false) });
    }
    let addresses: Vec<IpAddr> = given.iter().filter_map(|address| address.parse().ok()).collect();
    if addresses.is_empty() {
        return None;
    }
    let ports = spec.ports.iter().flatten().filter_map(|port| make_port(port.name.as_deref(), port.protocol.as_deref(), Some(port.port)));
    Some(Service::Cluster { addresses, ports: ports.collect(), endpoints: endpoints(slices, unready, true) })
}

fn endpoints(slices: &[Arc<EndpointSlice>], unready: bool, named_only: bool) -> Vec<Endpoint> {
    let mut found: Vec<Endpoint> = Vec::new();
    for slice in slices.iter().filter(|slice| slice.address_type != "FQDN") {
        let ports: Vec<Port> =
            slice.ports.iter().flatten().filter_map(|port| make_port(port.name.as_deref(), port.protocol.as_deref(), port.port)).collect();
        for endpoint in slice.endpoints.iter().flatten().filter(|endpoint| unready || is_ready(endpoint)) {
            let hostname = endpoint.hostname.as_ref().filter(|hostname| !hostname.is_empty());
            if named_only && hostname.is_none() {
                continue;
            }
            for address in endpoint.addresses.iter().filter_map(|address| address.parse().ok()) {
                let name = hostname.map_or_else(|| dashed(address), |hostname| hostname.to_ascii_lowercase());
                // the same pod in two slices is one endpoint with the ports of both
                match found.iter_mut().find(|known| known.name == name && known.address == address) {
                    Some(known) => known.ports.extend(ports.iter().cloned()),
                    None => found.push(Endpoint { name, address, ports: ports.clone() }),
                }
            }
        }
    }
    for endpoint in &mut found {
        endpoint.ports.sort();
        endpoint.ports.dedup();
    }
    found
}

fn is_ready(endpoint: &SliceEndpoint) -> bool {
    endpoint.conditions.as_ref().and_then(|conditions| conditions.ready).unwrap_or(true)
}

/// The name of an endpoint that was given none.
fn dashed(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string().replace('.', "-"),
        IpAddr::V6(address) => address.segments().map(|segment| format!("{segment:x}")).join("-"),
    }
}

fn make_port(name: Option<&str>, protocol: Option<&str>, number: Option<i32>) -> Option<Port> {
    let protocol = match protocol.unwrap_or("TCP") {
        "TCP" => "tcp",
        "UDP" => "udp",
        "SCTP" => "sctp",
        _ => return None,
    };
    Some(Port { name: name.unwrap_or_default().to_ascii_lowercase(), protocol, number: u16::try_from(number?).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn check(spec: Value, slices: &[Value]) -> Option<Service> {
        let service: ServiceObject = serde_json::from_value(json!({ "metadata": {}, "spec": spec })).unwrap();
        let slices: Vec<_> = slices.iter().map(|slice| Arc::new(serde_json::from_value(slice.clone()).unwrap())).collect();
        gather(&service, &slices)
    }

    fn slice(endpoints: Value, port: u16) -> Value {
        json!({ "metadata": {}, "addressType": "IPv4", "endpoints": endpoints, "ports": [{ "name": "http", "port": port }] })
    }

    #[test]
    fn headless_services_have_ready_endpoints_or_all() {
        let endpoints = json!([{ "addresses": ["10.244.0.2"], "hostname": "web-0" }, { "addresses": ["10.244.0.3"], "conditions": { "ready": false } }]);
        let names = |spec| match check(spec, &[slice(endpoints.clone(), 80)]) {
            Some(Service::Headless { endpoints }) => endpoints.into_iter().map(|endpoint| endpoint.name).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(names(json!({ "clusterIP": "None" })), ["web-0"]);
        assert_eq!(names(json!({ "clusterIP": "None", "publishNotReadyAddresses": true })), ["web-0", "10-244-0-3"]);
    }

    #[test]
    fn an_endpoint_of_two_slices_has_the_ports_of_both() {
        let endpoints = json!([{ "addresses": ["10.244.0.2"] }]);
        let Some(Service::Headless { endpoints }) =
            check(json!({ "clusterIP": "None" }), &[slice(endpoints.clone(), 81), slice(endpoints, 80)])
        else {
            panic!()
        };
        assert_eq!(endpoints[0].ports.iter().map(|port| port.number).collect::<Vec<_>>(), [80, 81]);
    }

    #[test]
    fn other_kinds_of_services() {
        let external = check(json!({ "type": "ExternalName", "externalName": "example.com" }), &[]);
        assert_eq!(external, Some(Service::External { name: "example.com".to_owned() }));
        assert_eq!(check(json!({ "clusterIP": "" }), &[]), None);
        let Some(Service::Cluster { addresses, ports, endpoints }) = check(
            json!({ "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1", "fd00::1"], "ports": [{ "port": 53, "protocol": "UDP", "name": "DNS" }] }),
            &[slice(json!([{ "addresses": ["10.244.0.2"] }]), 80)],
        ) else {
            panic!()
        };
        assert_eq!((addresses.len(), endpoints.len()), (2, 0));
        assert_eq!(ports, [Port { name: "dns".to_owned(), protocol: "udp", number: 53 }]);
    }

    #[test]
    fn names_of_endpoints_without_one() {
        assert_eq!(dashed("10.244.0.2".parse().unwrap()), "10-244-0-2");
        assert_eq!(dashed("fd00::a".parse().unwrap()), "fd00-0-0-0-0-0-0-a");
    }
}
