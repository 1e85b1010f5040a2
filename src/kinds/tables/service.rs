//! Services: addresses inside and outside, and ports.

use std::collections::BTreeSet;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use output::table::Cell;

use super::cell::{age, labels, name, or, row};
use super::column::{AGE, NAME, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Type",
        "type determines how the Service is exposed. Defaults to ClusterIP. Valid options are ExternalName, ClusterIP, NodePort, and LoadBalancer. \"ClusterIP\" allocates a cluster-internal IP address for load-balancing to endpoints. Endpoints are determined by the selector or if that is not specified, by manual construction of an Endpoints object or EndpointSlice objects. If clusterIP is \"None\", no virtual IP is allocated and the endpoints are published as a set of endpoints rather than a virtual IP. \"NodePort\" builds on ClusterIP and allocates a port on every node which routes to the same endpoints as the clusterIP. \"LoadBalancer\" builds on NodePort and creates an external load-balancer (if supported in the current cloud) which routes to the same endpoints as the clusterIP. \"ExternalName\" aliases this service to the specified externalName. Several other fields do not apply to ExternalName services. More info: https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types",
    ),
    text(
        "Cluster-IP",
        "clusterIP is the IP address of the service and is usually assigned randomly. If an address is specified manually, is in-range (as per system configuration), and is not in use, it will be allocated to the service; otherwise creation of the service will fail. This field may not be changed through updates unless the type field is also being changed to ExternalName (which requires this field to be blank) or the type field is being changed from ExternalName (in which case this field may optionally be specified, as describe above).  Valid values are \"None\", empty string (\"\"), or a valid IP address. Setting this to \"None\" makes a \"headless service\" (no virtual IP), which is useful when direct endpoint connections are preferred and proxying is not required.  Only applies to types ClusterIP, NodePort, and LoadBalancer. If this field is specified when creating a Service of type ExternalName, creation will fail. This field will be wiped when updating a Service to type ExternalName. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies",
    ),
    text(
        "External-IP",
        "externalIPs is a list of IP addresses for which nodes in the cluster will also accept traffic for this service.  These IPs are not managed by Kubernetes.  The user is responsible for ensuring that traffic arrives at a node with this IP.  A common example is external load-balancers that are not part of the Kubernetes system.",
    ),
    text(
        "Port(s)",
        "The list of ports that are exposed by this service. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies",
    ),
    AGE,
    wide(
        "Selector",
        "Route service traffic to pods with label keys and values matching this selector. If empty or not present, the service is assumed to have an external process managing its endpoints, which Kubernetes will not modify. Only applies to types ClusterIP, NodePort, and LoadBalancer. Ignored if type is ExternalName. More info: https://kubernetes.io/docs/concepts/services-networking/service/",
    ),
];

pub fn cells(service: &Service, now: Timestamp) -> Vec<Cell> {
    let nothing = ServiceSpec::default();
    let spec = service.spec.as_ref().unwrap_or(&nothing);
    let address = spec.cluster_ips.iter().flatten().next().or(spec.cluster_ip.as_ref());
    let ports: Vec<String> = spec.ports.iter().flatten().map(port).collect();
    row![
        name(service),
        spec.type_.clone().unwrap_or_default(),
        or(address.map(String::as_str), "<none>"),
        external_addresses(service, spec),
        or(Some(&ports.join(",")), "<none>"),
        age(service, now),
        labels(spec.selector.as_ref()),
    ]
}

/// `80/TCP`, or `80:30080/TCP` with a port of nodes.
fn port(port: &ServicePort) -> String {
    let protocol = port.protocol.as_deref().unwrap_or_default();
    match port.node_port {
        Some(node_port) if node_port > 0 => format!("{}:{node_port}/{protocol}", port.port),
        _ => format!("{}/{protocol}", port.port),
    }
}

fn external_addresses(service: &Service, spec: &ServiceSpec) -> String {
    let own = spec.external_ips.clone().unwrap_or_default();
    match spec.type_.as_deref() {
        Some("ClusterIP" | "NodePort") => or(Some(&own.join(",")), "<none>").to_owned(),
        Some("LoadBalancer") => {
            let ingress =
                service.status.as_ref().and_then(|status| status.load_balancer.as_ref()).and_then(|balancer| balancer.ingress.as_ref());
            let points = ingress.into_iter().flatten().map(|point| (point.ip.as_deref(), point.hostname.as_deref()));
            let mut addresses = ingress_points(points);
            addresses.extend(own);
            or(Some(&addresses.join(",")), "<pending>").to_owned()
        }
        Some("ExternalName") => spec.external_name.clone().unwrap_or_default(),
        _ => "<unknown>".to_owned(),
    }
}

/// Where a load balancer takes in traffic, from (address, host name): each once, in order. The server always answers as for `-o wide`, so nothing is cut.
pub(super) fn ingress_points<'a>(points: impl Iterator<Item = (Option<&'a str>, Option<&'a str>)>) -> Vec<String> {
    let filled = |text: Option<&'a str>| text.filter(|text| !text.is_empty());
    let addresses: BTreeSet<&str> = points.filter_map(|(address, host)| filled(address).or(filled(host))).collect();
    addresses.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_service(spec: Value, status: Value, expected: &str) {
        let service = json!({"metadata": {"name": "svc", "creationTimestamp": FIVE_MINUTES_AGO}, "spec": spec, "status": status});
        check(&crate::SERVICE, service, expected);
    }

    #[test]
    fn by_type() {
        let port = json!({"port": 2233, "protocol": "tcp"});
        check_service(
            json!({"type": "ClusterIP", "ports": [port], "clusterIPs": ["10.9.8.7"], "selector": {"foo": "bar"}}),
            json!({}),
            "svc|ClusterIP|10.9.8.7|<none>|2233/tcp|5m|foo=bar",
        );
        check_service(
            json!({"type": "NodePort", "clusterIPs": ["10.9.8.7"],
                   "ports": [{"port": 8888, "nodePort": 9999, "protocol": "tcp"}, {"port": 53, "protocol": "UDP"}]}),
            json!({}),
            "svc|NodePort|10.9.8.7|<none>|8888:9999/tcp,53/UDP|5m|<none>",
        );
        check_service(
            json!({"type": "LoadBalancer", "ports": [port], "clusterIPs": ["10.9.8.7"]}),
            json!({}),
            "svc|LoadBalancer|10.9.8.7|<pending>|2233/tcp|5m|<none>",
        );
        check_service(
            json!({"type": "LoadBalancer", "ports": [port], "clusterIPs": ["10.9.8.7"], "externalIPs": ["1.1.1.1"]}),
            json!({"loadBalancer": {"ingress": [{"ip": "3.4.5.6", "hostname": "host"}, {"hostname": "test.cluster.com"}, {"ip": "2.3.4.5"}]}}),
            "svc|LoadBalancer|10.9.8.7|2.3.4.5,3.4.5.6,test.cluster.com,1.1.1.1|2233/tcp|5m|<none>",
        );
        check_service(
            json!({"type": "ExternalName", "externalName": "my.db"}),
            json!({}),
            "svc|ExternalName|<none>|my.db|<none>|5m|<none>",
        );
        check_service(json!({"clusterIP": "None"}), json!({}), "svc||None|<unknown>|<none>|5m|<none>");
    }
}
