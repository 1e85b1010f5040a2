//! The cluster's DNS as others find it: the `kube-dns` service at the tenth service address, whose one endpoint is the server on the pod bridge.

use std::net::{IpAddr, SocketAddr};

use anyhow::Result;
use http::Method;
use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::api::discovery::v1::{Endpoint, EndpointConditions, EndpointPort, EndpointSlice};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::config::Config;

const NAME: &str = "kube-dns";
const NAMESPACE: &str = "kube-system";
/// Where the server listens on the bridge's address; clients see port 53.
const PORT: u16 = 10053;

/// The DNS server's own settings.
pub(crate) fn config(config: &Config) -> dns::Config {
    let mut settings = dns::Config::new(SocketAddr::new(IpAddr::V4(config.pod_gateway()), PORT));
    settings.domain.clone_from(&config.cluster_domain);
    settings.own_addresses = vec![IpAddr::V4(config.dns_service_ip()), IpAddr::V4(config.pod_gateway())];
    settings.ranges = vec![config.pod_cidr.to_string(), config.service_cidr.to_string()];
    settings
}

/// Makes the service and its endpoint slice where they are missing or say something else.
pub(crate) async fn publish(client: &kube::Client, config: &Config) -> Result<()> {
    apply(client, "/api/v1/namespaces/kube-system/services", &service(config)).await?;
    apply(client, "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices", &slice(config)).await
}

fn metadata() -> ObjectMeta {
    let labels = [
        ("k8s-app", NAME),
        ("kubernetes.io/cluster-service", "true"),
        ("kubernetes.io/name", "CoreDNS"),
        ("kubernetes.io/service-name", NAME),
    ];
    ObjectMeta {
        name: Some(NAME.to_owned()),
        namespace: Some(NAMESPACE.to_owned()),
        labels: Some(labels.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()),
        ..ObjectMeta::default()
    }
}

fn service(config: &Config) -> Service {
    let port = |name: &str, protocol: &str| ServicePort {
        name: Some(name.to_owned()),
        port: 53,
        protocol: Some(protocol.to_owned()),
        target_port: Some(IntOrString::Int(PORT.into())),
        ..ServicePort::default()
    };
    let spec = ServiceSpec {
        cluster_ip: Some(config.dns_service_ip().to_string()),
        ports: Some(vec![port("dns", "UDP"), port("dns-tcp", "TCP")]),
        ..ServiceSpec::default()
    };
    Service { metadata: metadata(), spec: Some(spec), ..Service::default() }
}

fn slice(config: &Config) -> EndpointSlice {
    let port = |name: &str, protocol: &str| EndpointPort {
        name: Some(name.to_owned()),
        port: Some(PORT.into()),
        protocol: Some(protocol.to_owned()),
        ..EndpointPort::default()
    };
    let endpoint = Endpoint {
        addresses: vec![config.pod_gateway().to_string()],
        conditions: Some(EndpointConditions { ready: Some(true), ..EndpointConditions::default() }),
        ..Endpoint::default()
    };
    EndpointSlice {
        address_type: "IPv4".to_owned(),
        endpoints: Some(vec![endpoint]),
        metadata: metadata(),
        ports: Some(vec![port("dns", "UDP"), port("dns-tcp", "TCP")]),
    }
}

/// Patches the object that is there, or creates it. A patch that changes nothing is not written.
async fn apply<T: serde::Serialize>(client: &kube::Client, collection: &str, object: &T) -> Result<()> {
    let body = serde_json::to_vec(object)?;
    match client::call(client, Method::PATCH, &format!("{collection}/{NAME}"), client::Body::MergePatch(body.clone())).await {
        Ok(_) => Ok(()),
        Err(error) if error.reason() == "NotFound" => {
            client::call(client, Method::POST, collection, client::Body::Json(body)).await?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
