//! Fields of a pod and resources of its containers as text: what `fieldRef` and `resourceFieldRef` name, in variables and in files.

use api::quantity::Quantity;
use k8s_openapi::api::core::v1::{Container, Pod, ResourceFieldSelector};

use crate::{pod, resources};

/// A field that can not be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    #[error("unsupported fieldPath: {0}")]
    Field(String),
    #[error("unsupported container resource : {0}")]
    Resource(String),
    #[error("invalid divisor {0:?}")]
    Divisor(String),
    #[error("container {0} not found")]
    Container(String),
}

/// What is known of the node and the running pod.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub host_ip: &'a str,
    pub pod_ips: &'a [String],
    /// The node's allocatable CPU and memory: the limit of a container without one.
    pub machine_cpu_milli: i64,
    pub machine_memory: i64,
}

/// The value of a field path such as `metadata.name`, `metadata.labels['app']`, `status.podIP`.
pub fn of_pod(pod: &Pod, path: &str, facts: Facts<'_>) -> Result<String, Error> {
    let map = |map: Option<&std::collections::BTreeMap<String, String>>| {
        let lines: Vec<String> = map.into_iter().flatten().map(|(key, value)| format!("{key}={}", go_quoted(value))).collect();
        lines.join("\n")
    };
    if let Some((path, key)) = path.strip_suffix("']").and_then(|path| path.split_once("['")) {
        let map = match path {
            "metadata.labels" => pod.metadata.labels.as_ref(),
            "metadata.annotations" => pod.metadata.annotations.as_ref(),
            _ => return Err(Error::Field(format!("{path}['{key}']"))),
        };
        return Ok(map.and_then(|map| map.get(key)).cloned().unwrap_or_default());
    }
    let spec = pod::spec(pod);
    Ok(match path {
        "metadata.name" => pod::name(pod).to_owned(),
        "metadata.namespace" => pod::namespace(pod).to_owned(),
        "metadata.uid" => pod::uid(pod).to_owned(),
        "metadata.labels" => map(pod.metadata.labels.as_ref()),
        "metadata.annotations" => map(pod.metadata.annotations.as_ref()),
        "spec.nodeName" => spec.node_name.clone().unwrap_or_default(),
        "spec.serviceAccountName" => spec.service_account_name.clone().unwrap_or_default(),
        "status.hostIP" => facts.host_ip.to_owned(),
        "status.hostIPs" => facts.host_ip.to_owned(),
        "status.podIP" => facts.pod_ips.first().cloned().unwrap_or_default(),
        "status.podIPs" => facts.pod_ips.join(","),
        other => return Err(Error::Field(other.to_owned())),
    })
}

/// A text in quotes as Go's `%q`, for label values.
fn go_quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

/// A container's limit or request in units of the divisor, rounded up; a missing limit is the node's.
pub fn of_resources(pod: &Pod, own: Option<&Container>, selector: &ResourceFieldSelector, facts: Facts<'_>) -> Result<String, Error> {
    let container = match selector.container_name.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => pod::container(pod, name).map(|(_, container)| container).ok_or_else(|| Error::Container(name.to_owned()))?,
        None => own.ok_or_else(|| Error::Container(String::new()))?,
    };
    let (side, resource) = selector.resource.split_once('.').ok_or_else(|| Error::Resource(selector.resource.clone()))?;
    let resources = container.resources.as_ref();
    let limits = resources.and_then(|resources| resources.limits.as_ref());
    let amounts = match side {
        "limits" => limits,
        "requests" => resources.and_then(|resources| resources.requests.as_ref()),
        _ => return Err(Error::Resource(selector.resource.clone())),
    };
    let divisor = selector.divisor.as_ref().map_or("1", |divisor| divisor.0.as_str());
    let divisor: Quantity = divisor.parse().map_err(|_| Error::Divisor(divisor.to_owned()))?;
    let rounded_up = |value: i64, divisor: i64| {
        let divisor = if divisor <= 0 { 1 } else { divisor };
        ((value + divisor - 1) / divisor).to_string()
    };
    match resource {
        "cpu" => {
            let milli = resources::cpu_milli(amounts).unwrap_or(if side == "limits" { facts.machine_cpu_milli } else { 0 });
            Ok(rounded_up(milli, if divisor.is_zero() { 1000 } else { divisor.milli_value() }))
        }
        "memory" => {
            let bytes = resources::memory(amounts).unwrap_or(if side == "limits" { facts.machine_memory } else { 0 });
            Ok(rounded_up(bytes, divisor.value()))
        }
        other if other == "ephemeral-storage" || other.starts_with("hugepages-") => {
            Ok(rounded_up(resources::value(amounts, other).unwrap_or(0), divisor.value()))
        }
        _ => Err(Error::Resource(selector.resource.clone())),
    }
}
