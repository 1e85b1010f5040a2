//! This machine as the cluster's node: container runtime, kubelet, service rules and DNS.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use cri::containerd::Containerd;
use k8s_openapi::api::core::v1::{Node, Pod};
use kubelet::Kubelet;
use runtime::Informers;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::dns_service;
use crate::in_process::InProcessNode;
use crate::server::Parts;

/// A container runtime that answers.
pub(crate) struct Runtime {
    client: cri::Client,
    /// Held so that it is watched over; its end is not asked for when the server ends, for containers outlive it.
    _private: Option<Containerd>,
}

/// Starts the private containerd, or connects to the one that the user named.
pub(crate) async fn start_runtime(config: Config) -> Result<Runtime> {
    if let Some(endpoint) = &config.container_runtime_endpoint {
        let socket = cri::connection::socket_of(endpoint)?;
        let client = cri::Client::new(&socket);
        client.version().await.with_context(|| format!("no container runtime answers at {}", socket.display()))?;
        return Ok(Runtime { client, _private: None });
    }
    let network = config.pod_network();
    let program = std::env::current_exe().context("this program is not found")?;
    cni::install(&config.cni_bin_dir(), &program)?;
    cni::write_conflist(&config.cni_conf_dir().join("10-k.conflist"), &network)?;
    let containerd = Containerd::start(config.containerd()).await?;
    Ok(Runtime { client: containerd.client(), _private: Some(containerd) })
}

/// Starts the node's parts; they wait for the container runtime themselves where they need it.
pub(crate) fn start(
    parts: &mut Parts,
    config: &Config,
    informers: &Informers,
    runtime: JoinHandle<Result<Runtime>>,
    kubelet: Arc<InProcessNode>,
    address: IpAddr,
    stop: &CancellationToken,
) {
    let rules = proxy::Config {
        cluster: config.name.clone(),
        node: config.node_name.clone(),
        pod_cidr: config.pod_cidr.to_string(),
        service_cidr: config.service_cidr.to_string(),
        bridge: Some(config.bridge()),
    };
    let (told, pods, stopping) = (informers.clone(), informers.of::<Pod>(), stop.clone());
    parts.spawn(async move { ("the service proxy", proxy::run(told, pods, rules, stopping).await.map_err(Into::into)) });
    let (names, told, stopping) = (dns_service::config(config), informers.clone(), stop.clone());
    parts.spawn(async move { ("DNS", dns::run(told, names, stopping).await.map_err(Into::into)) });
    let (settings, told, stopping) = (kubelet_config(config, address), informers.clone(), stop.clone());
    parts.spawn(async move { ("the kubelet", run_kubelet(settings, told, runtime, kubelet, stopping).await) });
}

async fn run_kubelet(
    settings: kubelet::Config,
    informers: Informers,
    runtime: JoinHandle<Result<Runtime>>,
    node: Arc<InProcessNode>,
    stop: CancellationToken,
) -> Result<()> {
    let runtime = tokio::select! {
        runtime = runtime => runtime??,
        () = stop.cancelled() => return Ok(()),
    };
    let kubelet = Kubelet::new(settings, &informers, Arc::new(runtime.client)).await?;
    node.connect(kubelet::router(&kubelet.handle()));
    kubelet.run(stop).await;
    Ok(())
}

fn kubelet_config(config: &Config, address: IpAddr) -> kubelet::Config {
    let mut settings = kubelet::Config::new(&config.node_name, config.kubelet_dir());
    settings.node_ips = vec![address];
    settings.cluster_dns = vec![IpAddr::V4(config.dns_service_ip())];
    settings.cluster_domain.clone_from(&config.cluster_domain);
    settings.manifests_dir = Some(config.manifests_dir());
    settings.cgroup_root = config.cgroup();
    settings.labels.insert("node-role.kubernetes.io/control-plane".to_owned(), String::new());
    settings.resolv_conf = Path::new("/etc/resolv.conf").to_owned();
    settings
}

/// Waits until the node is Ready.
pub(crate) async fn ready(informers: &Informers, name: &str) {
    let nodes = informers.of::<Node>();
    let mut changes = nodes.subscribe();
    loop {
        let change = changes.recv().await;
        let Some(node) = change.new else { continue };
        let conditions = node.status.as_ref().and_then(|status| status.conditions.as_ref());
        let is_ready = conditions.into_iter().flatten().any(|condition| condition.type_ == "Ready" && condition.status == "True");
        if is_ready && node.metadata.name.as_deref() == Some(name) {
            return;
        }
    }
}
