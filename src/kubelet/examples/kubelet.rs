//! A kubelet with a private containerd against an API server that runs already, for trying things:
//! `KUBECONFIG=... cargo run -p kubelet --example kubelet -- DIR [PORT]`. Ends on SIGTERM and leaves containers and containerd running.
#![allow(clippy::print_stdout, reason = "an example tells where it serves")]

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use cri::containerd::{Containerd, Network, Settings};
use kubelet::{Config, Kubelet};
use tokio_util::sync::CancellationToken;

const CONFLIST: &str = r#"{"cniVersion":"1.0.0","name":"dev","plugins":[
{"type":"bridge","bridge":"kdev0","isGateway":true,"ipMasq":false,
 "ipam":{"type":"host-local","ranges":[[{"subnet":"10.244.0.0/24"}]],"routes":[{"dst":"0.0.0.0/0"}]}},
{"type":"portmap","capabilities":{"portMappings":true}}]}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).init();
    let mut arguments = std::env::args().skip(1);
    let dir = PathBuf::from(arguments.next().ok_or("usage: dev DIR [PORT]")?);
    let port: u16 = arguments.next().map_or(Ok(10250), |port| port.parse())?;
    let network = Network { binaries: "/usr/lib/cni".into(), configuration: dir.join("net.d") };
    std::fs::create_dir_all(&network.configuration)?;
    std::fs::write(network.configuration.join("10-dev.conflist"), CONFLIST)?;
    let containerd = Containerd::start(Settings::new(&dir.join("containerd"), network)).await?;
    let client = client::from_kubeconfig(None, client::Overrides::default()).await?;
    let informers = runtime::Informers::new(client);
    let mut config = Config::new("dev", dir.join("kubelet"));
    config.node_ips = vec![IpAddr::V4(Ipv4Addr::new(10, 244, 0, 1))];
    config.log_dir = dir.join("log");
    config.cluster_dns = vec![IpAddr::V4(Ipv4Addr::new(10, 96, 0, 10))];
    config.cgroup_root = "kdev".to_owned();
    config.manifests_dir = Some(dir.join("manifests"));
    config.port = port;
    let kubelet = Kubelet::new(config, &informers, Arc::new(containerd.client())).await?;
    let router = kubelet::router(&kubelet.handle());
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("kubelet API without TLS at 127.0.0.1:{port}");
    let shutdown = CancellationToken::new();
    let stop = shutdown.clone();
    tokio::spawn(async move {
        let terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminated) = terminated {
            terminated.recv().await;
        }
        stop.cancel();
    });
    tokio::select! {
        served = axum::serve(listener, router) => served?,
        () = kubelet.run(shutdown) => {}
    }
    drop(containerd);
    Ok(())
}
