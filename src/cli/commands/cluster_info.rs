//! `cluster-info`: where the control plane and the services marked as the cluster's own are reached.

use serde_json::Value;

use super::get::unable_to_list;
use crate::error::Result;
use crate::resources::{for_type, text};
use crate::session::{Call, Session};

/// What marks the services of the cluster itself.
const CLUSTER_SERVICES: &str = "kubernetes.io/cluster-service=true";

#[derive(clap::Args, Debug)]
pub struct Args {}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let namespace =
            session.globals.namespace.clone().filter(|namespace| !namespace.is_empty()).unwrap_or_else(|| "kube-system".to_owned());
        let call = Call::get(format!("/api/v1/namespaces/{}/services", crate::session::percent_encode(&namespace)))
            .query("labelSelector", CLUSTER_SERVICES);
        let services = for_type(session, "services").await?;
        let listed = session.call_json(&call).await.map_err(|error| unable_to_list(error, &services, CLUSTER_SERVICES, ""));
        if let Ok(services) = &listed {
            let server = server_url(session)?;
            running(session, "Kubernetes control plane", &server);
            for service in services["items"].as_array().into_iter().flatten() {
                let name = [text(service, "/metadata/labels/kubernetes.io~1name"), text(service, "/metadata/name")]
                    .into_iter()
                    .find(|name| !name.is_empty());
                running(session, name.unwrap_or_default(), &link(&server, service));
            }
        }
        session.ui.print("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
        listed.map(|_| ())
    }
}

/// The server as the kubeconfig's current context names it.
fn server_url(session: &mut Session<'_>) -> Result<String> {
    let config = session.kubeconfig()?;
    let context = config
        .contexts
        .iter()
        .rev()
        .find(|context| Some(&context.name) == config.current_context.as_ref())
        .and_then(|context| context.context.as_ref());
    let cluster = config.clusters.iter().rev().find(|cluster| context.is_some_and(|context| context.cluster == cluster.name));
    let server = cluster.and_then(|cluster| cluster.cluster.as_ref()).and_then(|cluster| cluster.server.clone()).unwrap_or_default();
    Ok(server)
}

fn running(session: &mut Session<'_>, name: &str, link: &str) {
    let colour = session.ui.out_is_terminal && std::env::var_os("NO_COLOR").is_none();
    let line = if colour {
        format!("\u{1b}[0;32m{name}\u{1b}[0m is running at \u{1b}[0;33m{link}\u{1b}[0m")
    } else {
        format!("{name} is running at {link}")
    };
    session.ui.line(&line);
}

fn link(server: &str, service: &Value) -> String {
    let ports = service.pointer("/spec/ports").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if let Some(ingress) = service.pointer("/status/loadBalancer/ingress/0") {
        let host = [text(ingress, "/ip"), text(ingress, "/hostname")].into_iter().find(|host| !host.is_empty()).unwrap_or_default();
        return ports.iter().map(|port| format!("http://{host}:{} ", port["port"])).collect();
    }
    let mut name = text(service, "/metadata/name").to_owned();
    if let Some(port) = ports.first() {
        let port_name = text(port, "/name");
        let secure = port_name == "https" || port["port"] == 443;
        name = match (secure, port_name) {
            (true, _) => format!("https:{name}:{port_name}"),
            (false, "") => name,
            (false, _) => format!("{name}:{port_name}"),
        };
    }
    format!("{server}/api/v1/namespaces/{}/services/{name}/proxy", text(service, "/metadata/namespace"))
}
