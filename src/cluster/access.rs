//! Who is who among the cluster's certificates, and where its API server is found.

use std::net::IpAddr;

use crate::certificates::Leaf;
use crate::config::Config;

/// The administrator: member of `system:masters`.
pub(crate) fn administrator() -> Leaf<'static> {
    Leaf {
        name: "admin",
        common_name: "kubernetes-admin",
        organizations: &["system:masters"],
        dns_names: Vec::new(),
        addresses: Vec::new(),
    }
}

/// What the API server shows to extension API servers.
pub(crate) fn front_proxy() -> Leaf<'static> {
    Leaf { name: "front-proxy-client", common_name: "front-proxy-client", organizations: &[], dns_names: Vec::new(), addresses: Vec::new() }
}

/// The API server's own certificate: every name and address it is reached under.
pub(crate) fn api_server(config: &Config, node_address: IpAddr) -> Leaf<'static> {
    let mut dns_names: Vec<String> =
        ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"].map(ToOwned::to_owned).into();
    dns_names.push(format!("kubernetes.default.svc.{}", config.cluster_domain));
    dns_names.push(config.node_name.clone());
    let addresses = vec![
        IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
        IpAddr::V4(config.kubernetes_service_ip()),
        IpAddr::V4(config.pod_gateway()),
        node_address,
    ];
    Leaf { name: "apiserver", common_name: "kube-apiserver", organizations: &[], dns_names, addresses }
}

/// Where users of this machine reach the API server.
pub(crate) fn server_url(config: &Config) -> String {
    format!("https://127.0.0.1:{}", config.api_port)
}
