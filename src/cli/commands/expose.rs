//! `expose`: a service for the pods of a pod, service or workload, with the ports that it has.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::generated::{Creation, OverrideFlags, parse_labels};
use crate::error::{CommandError, Result};
use crate::flags::{DryRunFlag, FilenameFlags, PrintFlags};
use crate::print::{Printer, print_typed};
use crate::resources::{Info, Selection};
use crate::session::Session;

/// The longest name of a service.
const NAME_LIMIT: usize = 63;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    overrides: OverrideFlags,
    /// ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None' to create a headless service.
    #[arg(long, default_value = "", hide_default_value = true)]
    cluster_ip: String,
    /// Additional external IP address (not managed by Kubernetes) to accept for the service. If this IP is routed to a node, the service can be accessed by this IP in addition to its generated service IP.
    #[arg(long, default_value = "", hide_default_value = true)]
    external_ip: String,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-expose")]
    field_manager: String,
    /// Labels to apply to the service created by this call.
    #[arg(short, long, default_value = "", hide_default_value = true)]
    labels: String,
    /// IP to assign to the LoadBalancer. If empty, an ephemeral IP will be created and used (cloud-provider specific).
    #[arg(long, default_value = "", hide_default_value = true)]
    load_balancer_ip: String,
    /// The name for the newly created object.
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// The port that the service should serve on. Copied from the resource being exposed, if unspecified
    #[arg(long, default_value = "", hide_default_value = true)]
    port: String,
    /// The network protocol for the service to be created. Default is 'TCP'.
    #[arg(long, default_value = "", hide_default_value = true)]
    protocol: String,
    /// If true, the configuration of current object will be saved in its annotation.
    #[arg(long)]
    save_config: bool,
    /// A label selector to use for this service. Only equality-based selector requirements are supported. If empty (the default) infer the selector from the resource being exposed.
    #[arg(long, default_value = "", hide_default_value = true)]
    selector: String,
    /// If non-empty, set the session affinity for the service to this; legal values: 'None', 'ClientIP'
    #[arg(long, default_value = "", hide_default_value = true)]
    session_affinity: String,
    /// Name or number for the port on the container that the service should direct traffic to. Optional.
    #[arg(long, default_value = "", hide_default_value = true)]
    target_port: String,
    /// Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is 'ClusterIP'.
    #[arg(long = "type", default_value = "", hide_default_value = true)]
    service_type: String,
    words: Vec<String>,
}

impl Args {
    pub async fn run(mut self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        Printer::new(&self.print, "")?;
        let selection = Selection { filenames: self.files.clone(), words: self.words.clone(), latest: true, ..Selection::default() };
        let (infos, mut errors) = selection.objects(session).await?;
        for info in infos {
            let made = match self.service(&info) {
                Ok(service) => {
                    let creation = Creation { dry_run, manager: &self.field_manager, save_config: self.save_config };
                    creation.create(session, service).await
                }
                Err(error) => Err(error),
            };
            match made {
                Ok(service) => print_typed(session, &self.print, &format!("exposed{}", dry_run.suffix()), &service.object)?,
                Err(error) => errors.push(error),
            }
        }
        CommandError::all(errors)
    }

    /// The service for one object. What is derived from the first object stays for those after it, as with kubectl.
    fn service(&mut self, info: &Info) -> Result<Value> {
        let exposable = [("", "ReplicationController"), ("", "Service"), ("", "Pod"), ("apps", "Deployment"), ("apps", "ReplicaSet")];
        if !exposable.contains(&(info.mapping.group.as_str(), info.mapping.kind.as_str())) {
            return Err(CommandError::message(format!(
                "cannot expose a {}",
                api::status::qualified(&info.mapping.group, &info.mapping.kind)
            )));
        }
        if self.selector.is_empty() {
            self.selector = selector(info)
                .map_err(|why| CommandError::message(format!("couldn't retrieve selectors via --selector flag or introspection: {why}")))?;
        }
        let exposed = ports(info);
        let mut several = Vec::new();
        if self.port.is_empty() {
            match exposed.as_slice() {
                [] if self.cluster_ip == "None" => {}
                [] => return Err(CommandError::message("couldn't find port via --port flag or introspection")),
                [(port, _)] => self.port.clone_from(port),
                more => several = more.iter().map(|(port, _)| port.clone()).collect(),
            }
        }
        if self.labels.is_empty() {
            self.labels = pairs(&info.object["metadata"]["labels"]);
        }
        let wanted = if several.is_empty() {
            self.port.split(',').filter(|port| !port.is_empty()).map(ToOwned::to_owned).collect()
        } else {
            several
        };
        let service = self.describe(&info.name, &wanted, &exposed.into_iter().collect())?;
        self.overrides.apply(service)
    }

    fn describe(&self, default_name: &str, wanted: &[String], protocols: &BTreeMap<String, Vec<String>>) -> Result<Value> {
        if self.selector.is_empty() {
            return Err(CommandError::message("selector must be specified"));
        }
        let selector = parse_labels(&self.selector)?;
        let name = if self.name.is_empty() { default_name.get(..NAME_LIMIT).unwrap_or(default_name) } else { &self.name };
        let mut metadata = json!({"name": name});
        if !self.labels.is_empty() {
            metadata["labels"] = parse_labels(&self.labels)?;
        }
        let mut spec = json!({"selector": selector});
        let ports = self.service_ports(wanted, protocols)?;
        if !ports.is_empty() {
            spec["ports"] = Value::Array(ports);
        }
        if !self.external_ip.is_empty() {
            spec["externalIPs"] = json!([self.external_ip]);
        }
        if !self.service_type.is_empty() {
            spec["type"] = json!(self.service_type);
        }
        if self.service_type == "LoadBalancer" && !self.load_balancer_ip.is_empty() {
            spec["loadBalancerIP"] = json!(self.load_balancer_ip);
        }
        match self.session_affinity.as_str() {
            "" => {}
            "None" | "ClientIP" => spec["sessionAffinity"] = json!(self.session_affinity),
            other => return Err(CommandError::message(format!("unknown session affinity: {other}"))),
        }
        if !self.cluster_ip.is_empty() {
            spec["clusterIP"] = json!(self.cluster_ip);
        }
        Ok(json!({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec, "status": {"loadBalancer": {}}}))
    }

    fn service_ports(&self, wanted: &[String], protocols: &BTreeMap<String, Vec<String>>) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for (index, written) in wanted.iter().enumerate() {
            let port: i64 =
                written.parse().map_err(|_| CommandError::message(format!("strconv.Atoi: parsing {written:?}: invalid syntax")))?;
            let name = if wanted.len() > 1 { format!("port-{}", index + 1) } else { String::new() };
            match protocols.get(written).map(Vec::as_slice) {
                _ if !self.protocol.is_empty() => found.push(self.port(port, &name, &self.protocol)),
                None | Some([]) => found.push(self.port(port, &name, "TCP")),
                Some([protocol]) => found.push(self.port(port, &name, protocol)),
                Some(several) => found.extend(
                    several.iter().map(|protocol| self.port(port, &format!("port-{}-{}", index + 1, protocol.to_lowercase()), protocol)),
                ),
            }
        }
        Ok(found)
    }

    fn port(&self, port: i64, name: &str, protocol: &str) -> Value {
        let target = match self.target_port.parse::<i32>() {
            _ if self.target_port.is_empty() => json!(port),
            Ok(number) => json!(number),
            Err(_) => json!(self.target_port),
        };
        let mut entry = json!({"port": port, "protocol": protocol, "targetPort": target});
        if !name.is_empty() {
            entry["name"] = json!(name);
        }
        entry
    }
}

/// `a=b,c=d` of a map of labels.
fn pairs(labels: &Value) -> String {
    let labels = labels.as_object().into_iter().flatten();
    labels.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect::<Vec<_>>().join(",")
}

fn selector(info: &Info) -> Result<String, String> {
    let spec = &info.object["spec"];
    match info.mapping.kind.as_str() {
        "Pod" => match pairs(&info.object["metadata"]["labels"]) {
            labels if labels.is_empty() => Err("the pod has no labels and cannot be exposed".to_owned()),
            labels => Ok(labels),
        },
        "Service" if spec["selector"].is_null() => Err("the service has no pod selector set".to_owned()),
        "Service" | "ReplicationController" => Ok(pairs(&spec["selector"])),
        kind => {
            let labels = pairs(&spec["selector"]["matchLabels"]);
            if labels.is_empty() {
                return Err(format!("invalid {}: no selectors, therefore cannot be exposed", kind.to_lowercase()));
            }
            match spec["selector"]["matchExpressions"].as_array().filter(|expressions| !expressions.is_empty()) {
                Some(expressions) => {
                    Err(format!("couldn't convert expressions - \"{}\" to map-based selector format", go_expressions(expressions)))
                }
                None => Ok(labels),
            }
        }
    }
}

/// Requirements as Go's `%+v` has them: `[{Key:a Operator:In Values:[b c]}]`.
fn go_expressions(expressions: &[Value]) -> String {
    let one = |expression: &Value| {
        let values: Vec<&str> = expression["values"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!(
            "{{Key:{} Operator:{} Values:[{}]}}",
            expression["key"].as_str().unwrap_or_default(),
            expression["operator"].as_str().unwrap_or_default(),
            values.join(" ")
        )
    };
    format!("[{}]", expressions.iter().map(one).collect::<Vec<_>>().join(" "))
}

/// Every port once, in order, with its protocols.
fn ports(info: &Info) -> Vec<(String, Vec<String>)> {
    let spec = &info.object["spec"];
    let (entries, number): (Vec<&Value>, &str) = match info.mapping.kind.as_str() {
        "Service" => (spec["ports"].as_array().into_iter().flatten().collect(), "port"),
        kind => {
            let pod = if kind == "Pod" { spec } else { &spec["template"]["spec"] };
            let containers = pod["containers"].as_array().into_iter().flatten();
            (containers.flat_map(|container| container["ports"].as_array().into_iter().flatten()).collect(), "containerPort")
        }
    };
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for entry in entries {
        let port = entry[number].as_i64().unwrap_or_default().to_string();
        let protocol = entry["protocol"].as_str().unwrap_or("TCP").to_owned();
        match found.iter_mut().find(|(known, _)| *known == port) {
            Some((_, protocols)) => protocols.push(protocol),
            None => found.push((port, vec![protocol])),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(kind: &str, group: &str, object: Value) -> Info {
        let mapping = crate::resources::Mapping {
            group: group.to_owned(),
            version: "v1".to_owned(),
            kind: kind.to_owned(),
            plural: format!("{}s", kind.to_lowercase()),
            namespaced: true,
        };
        Info { mapping, namespace: "default".to_owned(), name: "x".to_owned(), source: String::new(), object }
    }

    fn args(line: &str) -> Args {
        use clap::{Args as _, FromArgMatches};
        let command = Args::augment_args(clap::Command::new("expose"));
        Args::from_arg_matches(&command.get_matches_from(line.split(' '))).unwrap()
    }

    #[test]
    fn selectors_come_from_the_object() {
        let check = |kind: &str, object: Value, expected: Result<&str, &str>| {
            assert_eq!(selector(&info(kind, "apps", object)), expected.map(ToOwned::to_owned).map_err(ToOwned::to_owned), "{kind}");
        };
        check("Pod", json!({"metadata": {"labels": {"a": "b"}}}), Ok("a=b"));
        check("Pod", json!({}), Err("the pod has no labels and cannot be exposed"));
        check("Service", json!({"spec": {}}), Err("the service has no pod selector set"));
        check("ReplicaSet", json!({"spec": {}}), Err("invalid replicaset: no selectors, therefore cannot be exposed"));
        let expressions = json!([{"key": "k", "operator": "In", "values": ["v", "w"]}]);
        check(
            "Deployment",
            json!({"spec": {"selector": {"matchLabels": {"a": "b"}, "matchExpressions": expressions}}}),
            Err("couldn't convert expressions - \"[{Key:k Operator:In Values:[v w]}]\" to map-based selector format"),
        );
    }

    #[test]
    fn several_ports_get_names() {
        let containers = json!([{"ports": [{"containerPort": 53}, {"containerPort": 53, "protocol": "UDP"}, {"containerPort": 80}]}]);
        let pod = info("Pod", "", json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": containers}}));
        let service = args("expose --target-port=dns").service(&pod).unwrap();
        assert_eq!(
            service["spec"]["ports"],
            json!([
                {"name": "port-1-tcp", "port": 53, "protocol": "TCP", "targetPort": "dns"},
                {"name": "port-1-udp", "port": 53, "protocol": "UDP", "targetPort": "dns"},
                {"name": "port-2", "port": 80, "protocol": "TCP", "targetPort": "dns"},
            ])
        );
        let one = args("expose --port=9000 --protocol=SCTP").service(&pod).unwrap();
        assert_eq!(one["spec"]["ports"], json!([{"port": 9000, "protocol": "SCTP", "targetPort": 9000}]));
        let error = args("expose --port=x").service(&pod).unwrap_err();
        assert_eq!(error.to_string(), "error: strconv.Atoi: parsing \"x\": invalid syntax");
        assert_eq!(args("expose").service(&info("Node", "", json!({}))).unwrap_err().to_string(), "error: cannot expose a Node");
    }
}
