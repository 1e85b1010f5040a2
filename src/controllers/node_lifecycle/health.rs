//! Whether a node is heard of: conditions, taints, and what its pods are told.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Node, NodeCondition, NodeSpec, ObjectReference, Pod, PodCondition, Taint};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use runtime::{Action, Announcement, Patch, Plan};
use serde_json::json;

use crate::pods;

/// How long a node may be silent.
const GRACE: SignedDuration = SignedDuration::from_secs(40);

pub(super) const NOT_READY: &str = "node.kubernetes.io/not-ready";
pub(super) const UNREACHABLE: &str = "node.kubernetes.io/unreachable";

/// Conditions and the taint that each means: where the condition has this status, nothing new is scheduled.
const TAINTS: &[(&str, &str, &str)] = &[
    ("Ready", "False", NOT_READY),
    ("Ready", "Unknown", UNREACHABLE),
    ("MemoryPressure", "True", "node.kubernetes.io/memory-pressure"),
    ("DiskPressure", "True", "node.kubernetes.io/disk-pressure"),
    ("NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"),
    ("PIDPressure", "True", "node.kubernetes.io/pid-pressure"),
];
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// Conditions that nobody knows once the kubelet is silent.
const REPORTED: &[&str] = &["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) node: Arc<Node>,
    /// When the last sign of life arrived, by our own clock.
    pub(super) heard: Timestamp,
    /// Seen for the first time since this process began.
    pub(super) is_new: bool,
    pub(super) pods: Vec<Arc<Pod>>,
}

pub(super) fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let node = &*snapshot.node;
    let name = node.metadata.name.as_deref().unwrap_or_default();
    let regarding = reference(node);
    let mut actions = Vec::new();
    if snapshot.is_new {
        actions.push(Action::announce(Announcement::normal(
            &regarding,
            "RegisteredNode",
            format!("Node {name} event: Registered Node {name} in Controller"),
        )));
    }
    let mut conditions = node.status.as_ref().and_then(|status| status.conditions.clone()).unwrap_or_default();
    let silent_at = snapshot.heard.saturating_add(GRACE).unwrap_or(Timestamp::MAX);
    let silent = silent_at <= now;
    let before = ready_status(&conditions).to_owned();
    let forgotten = silent && forget(&mut conditions, node, now);
    if forgotten {
        let mut written = node.clone();
        written.status.get_or_insert_default().conditions = Some(conditions.clone());
        actions.push(Action::update_status(written));
    }
    let ready = ready_status(&conditions);
    if ready != "True" {
        if before == "True" {
            actions.push(Action::announce(Announcement::normal(
                &regarding,
                "NodeNotReady",
                format!("Node {name} status is now: NodeNotReady"),
            )));
        }
        actions.extend(snapshot.pods.iter().flat_map(|pod| mark_not_ready(pod, now)));
    }
    // The write of the status changes the version that guards the taints: they follow at once, in the next plan.
    if !forgotten {
        actions.extend(write_taints(node, &conditions, now));
    }
    Plan { actions, requeue_at: (!silent).then_some(silent_at) }
}

pub(super) fn reference(node: &Node) -> ObjectReference {
    // Upstream's node events carry the node's uid, and no resource version.
    ObjectReference { resource_version: None, ..runtime::reference(node) }
}

fn ready_status(conditions: &[NodeCondition]) -> &str {
    conditions.iter().find(|condition| condition.type_ == "Ready").map_or("Unknown", |condition| condition.status.as_str())
}

/// Makes every reported condition Unknown. True where one changes.
fn forget(conditions: &mut Vec<NodeCondition>, node: &Node, now: Timestamp) -> bool {
    let now = Some(Time(api::time::truncated(now)));
    let mut changed = false;
    for kind in REPORTED {
        match conditions.iter_mut().find(|condition| condition.type_ == *kind) {
            Some(condition) if condition.status == "Unknown" => {}
            Some(condition) => {
                condition.status = "Unknown".to_owned();
                condition.reason = Some("NodeStatusUnknown".to_owned());
                condition.message = Some("Kubelet stopped posting node status.".to_owned());
                condition.last_transition_time.clone_from(&now);
                changed = true;
            }
            None => {
                conditions.push(NodeCondition {
                    type_: (*kind).to_owned(),
                    status: "Unknown".to_owned(),
                    reason: Some("NodeStatusNeverUpdated".to_owned()),
                    message: Some("Kubelet never posted node status.".to_owned()),
                    last_heartbeat_time: node.metadata.creation_timestamp.clone(),
                    last_transition_time: now.clone(),
                });
                changed = true;
            }
        }
    }
    changed
}

/// A pod that nobody can vouch for serves nobody.
fn mark_not_ready(pod: &Pod, now: Timestamp) -> Option<Action> {
    let ready = pods::condition(pod, "Ready").filter(|ready| ready.status == "True")?;
    let condition =
        PodCondition { status: "False".to_owned(), last_transition_time: Some(Time(api::time::truncated(now))), ..ready.clone() };
    let patch = json!({"metadata": {"uid": pod.metadata.uid}, "status": {"conditions": [condition]}});
    let (namespace, name) = (pod.metadata.namespace.as_deref().unwrap_or_default(), pod.metadata.name.as_deref().unwrap_or_default());
    let told = Announcement::warning(&runtime::reference(pod), "NodeNotReady", "Node is not ready");
    Some(Action::patch_status::<Pod>(namespace, name, Patch::Strategic(patch)).announcing(told))
}

fn write_taints(node: &Node, conditions: &[NodeCondition], now: Timestamp) -> Option<Action> {
    let spec = node.spec.clone().unwrap_or_default();
    let taints = spec.taints.clone().unwrap_or_default();
    let ours = |taint: &Taint| {
        let known = TAINTS.iter().any(|(_, _, key)| *key == taint.key) || taint.key == UNSCHEDULABLE;
        known && (taint.effect == "NoSchedule" || (taint.effect == "NoExecute" && matches!(taint.key.as_str(), NOT_READY | UNREACHABLE)))
    };
    let wanted = wanted(&spec, conditions);
    let mut result: Vec<Taint> =
        taints.iter().filter(|taint| !ours(taint) || wanted.contains(&(taint.key.as_str(), taint.effect.as_str()))).cloned().collect();
    for (key, effect) in wanted {
        if !result.iter().any(|taint| taint.key == key && taint.effect == effect) {
            // Only what evicts has a time, from which tolerations count.
            let time_added = Some(Time(api::time::truncated(now)));
            result.push(Taint { key: key.to_owned(), effect: effect.to_owned(), value: None, time_added });
        }
    }
    if result == taints {
        return None;
    }
    let meta = &node.metadata;
    let taints = if result.is_empty() { serde_json::Value::Null } else { json!(result) };
    // The list is replaced whole: a change of somebody else's taints meanwhile must not be lost.
    let patch = json!({"metadata": {"uid": meta.uid, "resourceVersion": meta.resource_version}, "spec": {"taints": taints}});
    Some(Action::patch::<Node>("", meta.name.as_deref().unwrap_or_default(), Patch::Merge(patch)))
}

fn wanted(spec: &NodeSpec, conditions: &[NodeCondition]) -> Vec<(&'static str, &'static str)> {
    let mut wanted = Vec::new();
    for (kind, status, key) in TAINTS {
        let found = conditions.iter().find(|condition| condition.type_ == *kind).map(|condition| condition.status.as_str());
        // A node that never said it is ready is not.
        let applies = found == Some(status) || (*key == NOT_READY && found.is_none());
        if applies {
            wanted.push((*key, "NoSchedule"));
            if *kind == "Ready" {
                wanted.push((*key, "NoExecute"));
            }
        }
    }
    if spec.unschedulable == Some(true) {
        wanted.push((UNSCHEDULABLE, "NoSchedule"));
    }
    wanted
}

#[cfg(test)]
mod tests {
    use runtime::Verb;
    use serde_json::Value;

    use super::*;

    const HEARD: &str = "2024-01-01T00:00:00Z";

    fn snapshot(ready: Option<&str>, taints: Value) -> Snapshot {
        let conditions = ready.map_or_else(|| json!([]), |status| json!([{"type": "Ready", "status": status, "lastHeartbeatTime": HEARD}]));
        let node = json!({"metadata": {"name": "n1", "uid": "u", "resourceVersion": "5", "creationTimestamp": HEARD}, "spec": {"taints": taints}, "status": {"conditions": conditions}});
        Snapshot { node: Arc::new(serde_json::from_value(node).unwrap()), heard: HEARD.parse().unwrap(), is_new: false, pods: Vec::new() }
    }
    fn taints(plan: &Plan) -> Option<Vec<String>> {
        plan.actions.iter().find_map(|action| match &action.verb {
            Verb::Patch { patch: Patch::Merge(patch), .. } => {
                let taints = patch["spec"]["taints"].as_array().cloned().unwrap_or_default();
                Some(
                    taints
                        .iter()
                        .map(|taint| format!("{}:{}", taint["key"].as_str().unwrap(), taint["effect"].as_str().unwrap()))
                        .collect(),
                )
            }
            _ => None,
        })
    }

    #[test]
    fn a_node_that_is_heard_of_is_left_alone() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let planned = plan(&snapshot(Some("True"), json!(null)), at("2024-01-01T00:00:39Z"));
        assert!(planned.actions.is_empty());
        assert_eq!(planned.requeue_at, Some(at("2024-01-01T00:00:40Z")));
    }

    #[test]
    fn a_silent_node_is_unknown_and_tainted() {
        let mut silent = snapshot(Some("True"), json!([{"key": "mine", "effect": "NoSchedule"}]));
        silent.pods = vec![Arc::new(
            serde_json::from_value(
                json!({"metadata": {"name": "p", "namespace": "n"}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}),
            )
            .unwrap(),
        )];
        let planned = plan(&silent, "2024-01-01T00:00:40Z".parse().unwrap());
        let written: &Node = planned.actions[0].object().unwrap();
        let conditions = written.status.clone().unwrap().conditions.unwrap();
        let words: Vec<String> = conditions
            .iter()
            .map(|condition| {
                format!(
                    "{} {} {} {}",
                    condition.type_,
                    condition.status,
                    condition.reason.clone().unwrap(),
                    condition.message.clone().unwrap()
                )
            })
            .collect();
        assert_eq!(words[0], "Ready Unknown NodeStatusUnknown Kubelet stopped posting node status.");
        assert_eq!(words[1], "MemoryPressure Unknown NodeStatusNeverUpdated Kubelet never posted node status.");
        let events: Vec<String> = planned
            .actions
            .iter()
            .filter_map(|action| action.success.as_ref())
            .map(|event| format!("{} {} {}", event.kind, event.reason, event.message))
            .collect();
        assert_eq!(events, ["Normal NodeNotReady Node n1 status is now: NodeNotReady", "Warning NodeNotReady Node is not ready"]);
        let after = Snapshot { node: Arc::new(written.clone()), ..silent };
        let planned = plan(&after, "2024-01-01T00:00:50Z".parse().unwrap());
        assert!(planned.actions.iter().all(|action| action.object::<Node>().is_none()));
        assert_eq!(
            taints(&planned).unwrap(),
            ["mine:NoSchedule", "node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute"]
        );
    }

    #[test]
    fn taints_go_when_the_node_is_ready() {
        let now = "2024-01-01T00:00:01Z".parse().unwrap();
        let taint = |key: &str, effect: &str| json!({"key": key, "effect": effect});
        let planned = plan(
            &snapshot(Some("True"), json!([taint(NOT_READY, "NoSchedule"), taint(UNREACHABLE, "NoExecute"), taint("mine", "NoExecute")])),
            now,
        );
        assert_eq!(taints(&planned).unwrap(), ["mine:NoExecute"]);
        let planned = plan(&snapshot(Some("False"), json!(null)), now);
        assert_eq!(taints(&planned).unwrap(), ["node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute"]);
        let planned = plan(&snapshot(None, json!(null)), now);
        assert_eq!(taints(&planned).unwrap(), ["node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute"]);
        let mut cordoned = snapshot(Some("True"), json!(null));
        Arc::make_mut(&mut cordoned.node).spec.as_mut().unwrap().unschedulable = Some(true);
        assert_eq!(taints(&plan(&cordoned, now)).unwrap(), ["node.kubernetes.io/unschedulable:NoSchedule"]);
    }
}
