//! Nodes: readiness, roles, version; with `-o wide` addresses and software.

use std::collections::BTreeSet;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Node, NodeStatus};
use output::table::Cell;

use super::cell::{age, name, or, row};
use super::column::{AGE, NAME, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Status", "The status of the node"),
    text("Roles", "The roles of the node"),
    AGE,
    text("Version", "Kubelet Version reported by the node."),
    wide("Internal-IP", ADDRESSES_DESCRIPTION),
    wide("External-IP", ADDRESSES_DESCRIPTION),
    wide("OS-Image", "OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy))."),
    wide("Kernel-Version", "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64)."),
    wide("Container-Runtime", "ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2)."),
];
const ADDRESSES_DESCRIPTION: &str = "List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP).";

/// A label `node-role.kubernetes.io/control-plane` says a role, whatever its value.
const ROLE_PREFIX: &str = "node-role.kubernetes.io/";
/// As does the value of this one.
const ROLE_LABEL: &str = "kubernetes.io/role";

pub fn cells(node: &Node, now: Timestamp) -> Vec<Cell> {
    let nothing = NodeStatus::default();
    let status = node.status.as_ref().unwrap_or(&nothing);
    let info = status.node_info.as_ref();
    row![
        name(node),
        state(node, status),
        roles(node),
        age(node, now),
        info.map(|info| info.kubelet_version.clone()).unwrap_or_default(),
        address(status, "InternalIP"),
        address(status, "ExternalIP"),
        or(info.map(|info| info.os_image.as_str()), "<unknown>"),
        or(info.map(|info| info.kernel_version.as_str()), "<unknown>"),
        or(info.map(|info| info.container_runtime_version.as_str()), "<unknown>"),
    ]
}

/// `Ready`, `NotReady` or `Unknown`, and `SchedulingDisabled`.
fn state(node: &Node, status: &NodeStatus) -> String {
    let ready = status.conditions.iter().flatten().rfind(|condition| condition.type_ == "Ready");
    let ready = match ready.map(|condition| condition.status.as_str()) {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    };
    let cordoned = node.spec.as_ref().and_then(|spec| spec.unschedulable).unwrap_or(false);
    format!("{ready}{}", if cordoned { ",SchedulingDisabled" } else { "" })
}

fn roles(node: &Node) -> String {
    let labels = node.metadata.labels.iter().flatten();
    let roles: BTreeSet<&str> = labels
        .filter_map(|(key, value)| key.strip_prefix(ROLE_PREFIX).or((key == ROLE_LABEL).then_some(value.as_str())))
        .filter(|role| !role.is_empty())
        .collect();
    or(Some(&Vec::from_iter(roles).join(",")), "<none>").to_owned()
}

/// The first address of the kind.
fn address<'a>(status: &'a NodeStatus, kind: &str) -> &'a str {
    status.addresses.iter().flatten().find(|address| address.type_ == kind).map_or("<none>", |address| &address.address)
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_node(labels: Value, unschedulable: bool, status: Value, expected: &str) {
        let metadata = json!({"name": "foo1", "creationTimestamp": FIVE_MINUTES_AGO, "labels": labels});
        check(&crate::NODE, json!({"metadata": metadata, "spec": {"unschedulable": unschedulable}, "status": status}), expected);
    }
    const UNKNOWN: &str = "<none>|<none>|<unknown>|<unknown>|<unknown>";

    #[test]
    fn states() {
        let ready = |status: &str| json!({"conditions": [{"type": "Ready", "status": status}]});
        check_node(json!({}), false, ready("True"), &format!("foo1|Ready|<none>|5m||{UNKNOWN}"));
        check_node(json!({}), true, ready("True"), &format!("foo1|Ready,SchedulingDisabled|<none>|5m||{UNKNOWN}"));
        check_node(json!({}), true, ready("False"), &format!("foo1|NotReady,SchedulingDisabled|<none>|5m||{UNKNOWN}"));
        check_node(json!({}), false, ready("Unknown"), &format!("foo1|NotReady|<none>|5m||{UNKNOWN}"));
        check_node(json!({}), true, json!({}), &format!("foo1|Unknown,SchedulingDisabled|<none>|5m||{UNKNOWN}"));
    }

    #[test]
    fn roles() {
        let check_roles =
            |labels: Value, expected: &str| check_node(labels, false, json!({}), &format!("foo1|Unknown|{expected}|5m||{UNKNOWN}"));
        check_roles(json!({"kubernetes.io/role": "node"}), "node");
        check_roles(json!({"node-role.kubernetes.io/": "", "kubernetes.io/role": ""}), "<none>");
        check_roles(
            json!({"node-role.kubernetes.io/node": "", "kubernetes.io/role": "master", "node-role.kubernetes.io/control-plane": "true"}),
            "control-plane,master,node",
        );
    }

    #[test]
    fn wide() {
        check_node(
            json!({}),
            false,
            json!({
                "conditions": [{"type": "Ready", "status": "True"}],
                "addresses": [{"type": "ExternalIP", "address": "1.1.1.1"}, {"type": "InternalIP", "address": "10.0.0.1"}],
                "nodeInfo": {"kubeletVersion": "v1.37.1", "osImage": "fake-os", "kernelVersion": "6.1", "containerRuntimeVersion": "containerd://1.6.20"},
            }),
            "foo1|Ready|<none>|5m|v1.37.1|10.0.0.1|1.1.1.1|fake-os|6.1|containerd://1.6.20",
        );
    }
}
