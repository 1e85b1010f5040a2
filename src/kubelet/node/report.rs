//! The Node's status: what it has, how it is, how it is reached. Written when it changes, and now and then to show that it is current.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ContainerImage, DaemonEndpoint, Node, NodeAddress, NodeCondition, NodeDaemonEndpoints, NodeStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::Api;
use kube::api::{Patch, PatchParams};
use serde_json::{Map, Value, json};

use super::machine::{EVICTION_DISK_PERCENT, EVICTION_MEMORY, meminfo};
use super::registration::reference;
use crate::garbage::fullness;
use crate::kubelet::Shared;

/// Most images that are listed: upstream's `nodeStatusMaxImages`.
const MAX_IMAGES: usize = 50;

/// Writes the status when it differs from what was written.
pub struct Reporter {
    written: NodeStatus,
    at: tokio::time::Instant,
    first: bool,
}

impl Reporter {
    pub fn new(node: Node) -> Self {
        Self { written: node.status.unwrap_or_default(), at: tokio::time::Instant::now(), first: true }
    }
    /// One look; says whether the node is ready and that is written.
    pub async fn report(&mut self, shared: &Shared) -> bool {
        let (status, ready) = status(shared, Some(&self.written)).await;
        let due = self.at.elapsed() > shared.config.status_period;
        let Some(patch) = patch(&self.written, &status, due || self.first) else { return ready };
        let nodes: Api<Node> = Api::all(shared.client.clone());
        match nodes.patch_status(&shared.config.node_name, &PatchParams::default(), &Patch::Strategic(patch)).await {
            Ok(_) => {
                let truth = |status: &NodeStatus| {
                    status.conditions.iter().flatten().any(|condition| condition.type_ == "Ready" && condition.status == "True")
                };
                if truth(&status) != truth(&self.written) || self.first {
                    let word = if ready { "NodeReady" } else { "NodeNotReady" };
                    let message = format!("Node {} status is now: {word}", shared.config.node_name);
                    shared.recorder.event(&reference(shared), "Normal", word, &message);
                }
                self.written = status;
                self.at = tokio::time::Instant::now();
                self.first = false;
                ready
            }
            Err(error) => {
                tracing::warn!(%error, "writing the node's status");
                tokio::time::sleep(Duration::from_secs(1)).await;
                false
            }
        }
    }
}

/// The status now; `old` gives the times since when conditions hold. And whether the node is ready.
pub async fn status(shared: &Shared, old: Option<&NodeStatus>) -> (NodeStatus, bool) {
    let (capacity, allocatable) = shared.machine.resources(&shared.config);
    let now = Time(Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default());
    let problem = runtime_problem(shared).await;
    let ready = problem.is_none();
    let available = meminfo(&std::fs::read_to_string("/proc/meminfo").unwrap_or_default(), "MemAvailable").unwrap_or(i64::MAX);
    let disk_full = fullness(&shared.config.root_dir).is_some_and(|percent| percent > EVICTION_DISK_PERCENT);
    let pressure = |kind: &'static str, on: bool, what: &str, has: &str| {
        let (status, reason, message) = if on {
            ("True", format!("KubeletHasInsufficient{what}"), format!("kubelet has insufficient {has}"))
        } else {
            ("False", format!("KubeletHasSufficient{what}"), format!("kubelet has sufficient {has} available"))
        };
        (kind, status, reason, message)
    };
    let mut disk = pressure("DiskPressure", disk_full, "Disk", "disk space");
    if disk_full {
        disk.2 = "KubeletHasDiskPressure".to_owned();
        disk.3 = "kubelet has disk pressure".to_owned();
    } else {
        disk.2 = "KubeletHasNoDiskPressure".to_owned();
        disk.3 = "kubelet has no disk pressure".to_owned();
    }
    let ready_condition = match problem {
        None => ("Ready", "True", "KubeletReady".to_owned(), "kubelet is posting ready status".to_owned()),
        Some(problem) => ("Ready", "False", "KubeletNotReady".to_owned(), problem),
    };
    let conditions = [
        pressure("MemoryPressure", available < EVICTION_MEMORY, "Memory", "memory"),
        disk,
        pressure("PIDPressure", false, "PID", "PID"),
        ready_condition,
    ];
    let conditions = conditions.into_iter().map(|(kind, status, reason, message)| {
        let before = old.and_then(|old| old.conditions.as_ref()).and_then(|old| old.iter().find(|condition| condition.type_ == kind));
        let since = before.filter(|before| before.status == status).and_then(|before| before.last_transition_time.clone());
        NodeCondition {
            type_: kind.to_owned(),
            status: status.to_owned(),
            reason: Some(reason),
            message: Some(message),
            last_heartbeat_time: Some(now.clone()),
            last_transition_time: since.or(Some(now.clone())),
        }
    });
    let mut addresses: Vec<NodeAddress> =
        shared.config.node_ips.iter().map(|ip| NodeAddress { type_: "InternalIP".to_owned(), address: ip.to_string() }).collect();
    addresses.push(NodeAddress { type_: "Hostname".to_owned(), address: shared.config.node_name.clone() });
    let port = i32::from(shared.config.port);
    let status = NodeStatus {
        capacity: Some(capacity),
        allocatable: Some(allocatable),
        conditions: Some(conditions.collect()),
        addresses: Some(addresses),
        daemon_endpoints: (port > 0).then_some(NodeDaemonEndpoints { kubelet_endpoint: Some(DaemonEndpoint { port }) }),
        node_info: Some(shared.machine.info.clone()),
        images: Some(images(shared).await).filter(|images| !images.is_empty()),
        ..NodeStatus::default()
    };
    (status, ready)
}

/// What keeps the runtime from running pods, worded as upstream's.
async fn runtime_problem(shared: &Shared) -> Option<String> {
    let status = match shared.engine.status().await {
        Ok(status) => status,
        Err(error) => return Some(format!("container runtime is down: {error}")),
    };
    let bad = |kind: &str| status.conditions.iter().find(|condition| condition.r#type == kind && !condition.status);
    if let Some(runtime) = bad("RuntimeReady") {
        return Some(format!("container runtime not ready: RuntimeReady=false reason:{} message:{}", runtime.reason, runtime.message));
    }
    let network = bad("NetworkReady")?;
    Some(format!("container runtime network not ready: NetworkReady=false reason:{} message:{}", network.reason, network.message))
}

/// The largest images with all their names.
async fn images(shared: &Shared) -> Vec<ContainerImage> {
    let mut images = match shared.engine.list_images().await {
        Ok(images) => images,
        Err(error) => {
            tracing::debug!(%error, "listing images");
            return Vec::new();
        }
    };
    images.sort_by(|one, other| other.size.cmp(&one.size).then_with(|| one.id.cmp(&other.id)));
    images
        .into_iter()
        .take(MAX_IMAGES)
        .map(|image| ContainerImage {
            names: Some(image.repo_digests.into_iter().chain(image.repo_tags).collect()),
            size_bytes: i64::try_from(image.size).ok(),
        })
        .collect()
}

/// The fields that differ; heartbeats alone only when they are `due`.
fn patch(old: &NodeStatus, new: &NodeStatus, due: bool) -> Option<Value> {
    let fields = |status: &NodeStatus| {
        let mut quiet = status.clone();
        for condition in quiet.conditions.iter_mut().flatten() {
            condition.last_heartbeat_time = None;
        }
        serde_json::to_value(quiet).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default()
    };
    let (before, after) = (fields(old), fields(new));
    let mut changed: Map<String, Value> = after.into_iter().filter(|(key, value)| before.get(key) != Some(value)).collect();
    if due || changed.contains_key("conditions") {
        changed.insert("conditions".to_owned(), serde_json::to_value(&new.conditions).unwrap_or_default());
    }
    (!changed.is_empty()).then(|| json!({ "status": changed }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heartbeats_alone_are_not_written() {
        let at = |second: i64| Some(Time(Timestamp::from_second(second).unwrap()));
        let status = |second: i64, ready: &str| NodeStatus {
            conditions: Some(vec![NodeCondition {
                type_: "Ready".into(),
                status: ready.into(),
                last_heartbeat_time: at(second),
                ..Default::default()
            }]),
            ..Default::default()
        };
        assert_eq!(patch(&status(1, "True"), &status(2, "True"), false), None);
        assert!(patch(&status(1, "True"), &status(2, "True"), true).is_some());
        let changed = patch(&status(1, "False"), &status(2, "True"), false).unwrap();
        assert_eq!(changed["status"]["conditions"][0]["lastHeartbeatTime"], "1970-01-01T00:00:02Z");
    }
}
