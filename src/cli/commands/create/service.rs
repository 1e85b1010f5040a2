//! `create service`: one of the four types, with the label and selector `app=NAME`.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{CommonFlags, failed, one_name};
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: ServiceCommand,
}

#[derive(Subcommand, Debug)]
enum ServiceCommand {
    /// Create a ClusterIP service
    Clusterip(ClusterIp),
    /// Create an ExternalName service
    Externalname(ExternalName),
    /// Create a LoadBalancer service
    Loadbalancer(Ports),
    /// Create a NodePort service
    Nodeport(NodePort),
}

#[derive(clap::Args, Debug)]
struct Ports {
    name: Vec<String>,
    /// Port pairs can be specified as '<port>:<targetPort>'.
    #[arg(long, value_delimiter = ',')]
    tcp: Vec<String>,
    #[command(flatten)]
    common: CommonFlags,
}

#[derive(clap::Args, Debug)]
struct ClusterIp {
    #[command(flatten)]
    ports: Ports,
    /// Assign your own ClusterIP or set to 'None' for a 'headless' service (no loadbalancing).
    #[arg(long, default_value = "", hide_default_value = true)]
    clusterip: String,
}

#[derive(clap::Args, Debug)]
struct ExternalName {
    #[command(flatten)]
    ports: Ports,
    /// External name of service
    #[arg(long)]
    external_name: Option<String>,
}

#[derive(clap::Args, Debug)]
struct NodePort {
    #[command(flatten)]
    ports: Ports,
    /// Port used to expose the service on each node in a cluster.
    #[arg(long, default_value_t = 0)]
    node_port: i32,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        match self.command {
            ServiceCommand::Clusterip(args) => {
                args.ports
                    .create(session, "clusterip", "ClusterIP", |spec| {
                        if !args.clusterip.is_empty() {
                            spec["clusterIP"] = json!(args.clusterip);
                        }
                    })
                    .await
            }
            ServiceCommand::Externalname(args) => {
                let Some(name) = &args.external_name else {
                    return Err(CommandError::message("required flag(s) \"external-name\" not set"));
                };
                args.ports.create(session, "externalname", "ExternalName", |spec| spec["externalName"] = json!(name)).await
            }
            ServiceCommand::Loadbalancer(ports) => ports.create(session, "loadbalancer", "LoadBalancer", |_| {}).await,
            ServiceCommand::Nodeport(args) => {
                args.ports
                    .create(session, "nodeport", "NodePort", |spec| {
                        for port in spec["ports"].as_array_mut().into_iter().flatten().filter(|_| args.node_port != 0) {
                            port["nodePort"] = json!(args.node_port);
                        }
                    })
                    .await
            }
        }
    }
}

impl Ports {
    async fn create(&self, session: &mut Session<'_>, command: &str, kind: &str, more: impl FnOnce(&mut Value)) -> Result<()> {
        let name = one_name(session, &self.name, &format!("service {command}"))?;
        let mut spec = json!({"type": kind, "selector": {"app": name}});
        // What does not parse is told after what is missing.
        let ports: Result<Vec<Value>> = self.tcp.iter().map(|written| port(written)).collect();
        if let Ok(ports) = &ports
            && !ports.is_empty()
        {
            spec["ports"] = json!(ports);
        }
        more(&mut spec);
        if spec["clusterIP"] != "None" && self.tcp.is_empty() && kind != "ExternalName" {
            return Err(CommandError::message("at least one tcp port specifier must be provided"));
        }
        if kind == "ExternalName" {
            let external = spec["externalName"].as_str().unwrap_or_default();
            if !api::names::dns1123_subdomain(external, false).is_empty() {
                return Err(CommandError::message(format!("invalid service external name {external}")));
            }
        }
        ports?;
        let object = json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name, "labels": {"app": name}},
            "spec": spec,
            "status": {"loadBalancer": {}},
        });
        self.common.create_described(session, object).await.map_err(failed(&format!("{kind} service")))
    }
}

/// `PORT` or `PORT:TARGET`.
fn port(written: &str) -> Result<Value> {
    let (port, target) =
        written.split_once(':').map_or((written, None), |(port, target)| (port, Some(target.split(':').next().unwrap_or_default())));
    let number = port.parse::<u16>().map_err(|error| {
        let why = match error.kind() {
            std::num::IntErrorKind::PosOverflow => "value out of range",
            _ => "invalid syntax",
        };
        CommandError::message(format!("strconv.ParseUint: parsing {port:?}: {why}"))
    })?;
    let target = match target {
        None => json!(number),
        Some(target) => match target.parse::<i64>() {
            Ok(number) => fine(api::names::port_number(number), json!(number))?,
            Err(_) => fine(api::names::port_name(target), json!(target))?,
        },
    };
    Ok(json!({"name": written.replace(':', "-"), "port": number, "protocol": "TCP", "targetPort": target}))
}

fn fine(faults: Vec<String>, value: Value) -> Result<Value> {
    if faults.is_empty() { Ok(value) } else { Err(CommandError::message(faults.join(","))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_pairs() {
        assert_eq!(port("80").unwrap(), json!({"name": "80", "port": 80, "protocol": "TCP", "targetPort": 80}));
        assert_eq!(port("80:http").unwrap()["targetPort"], "http");
        assert_eq!(port("5678:8080").unwrap()["name"], "5678-8080");
        assert_eq!(port("x").unwrap_err().to_string(), "error: strconv.ParseUint: parsing \"x\": invalid syntax");
    }
}
