//! `LOCAL:REMOTE` as users write it: numbers, names of ports, ports of services.

use std::fmt;

use serde_json::Value;

use crate::error::{CommandError, Result};
use crate::resources::text;

/// A local port and the pod's port behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forward {
    /// Zero lets the system choose.
    pub local: u16,
    pub remote: u16,
}

impl fmt::Display for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{} {}}}", self.local, self.remote)
    }
}

impl Forward {
    pub fn parse(written: &str, service: Option<&Value>, pod: &Value) -> Result<Self> {
        let (mut local, remote) = match written.split(':').collect::<Vec<_>>()[..] {
            [port] => (port.to_owned(), port),
            [local, remote] => (local.to_owned(), remote),
            _ => return Err(CommandError::message(format!("invalid port format '{written}'"))),
        };
        if remote.is_empty() {
            return Err(CommandError::message("remote port cannot be empty"));
        }
        let number = match service {
            None => number_or_name(pod, remote)?,
            Some(service) => {
                let wanted = match remote.parse::<i64>() {
                    Ok(number) => number,
                    Err(_) => named_service_port(service, remote)?,
                };
                if local == remote {
                    local = wanted.to_string();
                }
                target_port(service, pod, wanted)?
            }
        };
        if local == remote && service.is_none() {
            local = number.to_string();
        }
        let port = |text: &str, which: &str| {
            text.parse::<u16>().map_err(|_| {
                CommandError::message(format!("error parsing {which} port '{text}': strconv.ParseUint: parsing {text:?}: invalid syntax"))
            })
        };
        let local = if local.is_empty() { 0 } else { port(&local, "local")? };
        let remote = port(&number.to_string(), "remote")?;
        if remote == 0 {
            return Err(CommandError::message("remote port must be > 0"));
        }
        Ok(Self { local, remote })
    }
}

fn number_or_name(pod: &Value, written: &str) -> Result<i64> {
    if let Ok(number) = written.parse() {
        return Ok(number);
    }
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    let mut ports = containers.flat_map(|container| container["ports"].as_array().into_iter().flatten());
    ports
        .find(|port| port["name"] == written)
        .and_then(|port| port["containerPort"].as_i64())
        .ok_or_else(|| CommandError::message(format!("Pod '{}' does not have a named port '{written}'", text(pod, "/metadata/name"))))
}

fn named_service_port(service: &Value, name: &str) -> Result<i64> {
    let mut ports = service["spec"]["ports"].as_array().into_iter().flatten();
    ports
        .find(|port| port["name"] == name)
        .and_then(|port| port["port"].as_i64())
        .ok_or_else(|| CommandError::message(format!("Service '{}' does not have a named port '{name}'", text(service, "/metadata/name"))))
}

/// The pod's port behind a service's.
fn target_port(service: &Value, pod: &Value, port: i64) -> Result<i64> {
    let mut ports = service["spec"]["ports"].as_array().into_iter().flatten();
    let Some(found) = ports.find(|found| found["port"].as_i64() == Some(port)) else {
        return Err(CommandError::message(format!("Service {} does not have a service port {port}", text(service, "/metadata/name"))));
    };
    if text(service, "/spec/clusterIP") == "None" {
        return Ok(port);
    }
    match &found["targetPort"] {
        Value::Number(number) => Ok(number.as_i64().filter(|number| *number != 0).unwrap_or(port)),
        Value::String(name) => number_or_name(pod, name),
        _ => Ok(port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ports_of_pods_and_services() {
        let pod = json!({"metadata": {"name": "p"}, "spec": {"containers": [{"ports": [{"name": "http", "containerPort": 8080}]}]}});
        let service = json!({"metadata": {"name": "s"}, "spec": {"ports": [{"name": "web", "port": 80, "targetPort": "http"}]}});
        let check = |written: &str, of_service: bool, local: u16, remote: u16| {
            let found = Forward::parse(written, of_service.then_some(&service), &pod).unwrap();
            assert_eq!(found, Forward { local, remote }, "{written}");
        };
        check("5000", false, 5000, 5000);
        check("80:5000", false, 80, 5000);
        check(":5000", false, 0, 5000);
        check("9000:http", false, 9000, 8080);
        check("80", true, 80, 8080);
        check("web", true, 80, 8080);
        check("8888:web", true, 8888, 8080);
        let error =
            |written: &str, of_service: bool| Forward::parse(written, of_service.then_some(&service), &pod).unwrap_err().to_string();
        assert_eq!(error("dns", false), "error: Pod 'p' does not have a named port 'dns'");
        assert_eq!(error("81", true), "error: Service s does not have a service port 81");
    }
}
