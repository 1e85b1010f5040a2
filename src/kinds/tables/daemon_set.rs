//! Daemon sets.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::DaemonSet;
use output::table::Cell;

use super::cell::{age, containers, labels, name, row};
use super::column::{AGE, CONTAINERS, IMAGES, NAME, integer, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    integer(
        "Desired",
        "The total number of nodes that should be running the daemon pod (including nodes correctly running the daemon pod). More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/",
    ),
    integer(
        "Current",
        "The number of nodes that are running at least 1 daemon pod and are supposed to run the daemon pod. More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/",
    ),
    integer("Ready", "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and ready."),
    integer("Up-to-date", "The total number of nodes that are running updated daemon pod"),
    integer(
        "Available",
        "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and available (ready for at least spec.minReadySeconds)",
    ),
    text(
        "Node Selector",
        "NodeSelector is a selector which must be true for the pod to fit on a node. Selector which must match a node's labels for the pod to be scheduled on that node. More info: https://kubernetes.io/docs/concepts/configuration/assign-pod-node/",
    ),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(
        "Selector",
        "A label query over pods that are managed by the daemon set. Must match in order to be controlled. If empty, defaulted to labels on Pod template. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
    ),
];

pub fn cells(set: &DaemonSet, now: Timestamp) -> Vec<Cell> {
    let status = set.status.clone().unwrap_or_default();
    let (names, images) = containers(Some(&set.spec.template));
    row![
        name(set),
        status.desired_number_scheduled,
        status.current_number_scheduled,
        status.number_ready,
        status.updated_number_scheduled.unwrap_or(0),
        status.number_available.unwrap_or(0),
        labels(set.spec.template.spec.as_ref().and_then(|spec| spec.node_selector.as_ref())),
        age(set, now),
        names,
        images,
        api::labels::format_label_selector(Some(&set.spec.selector)),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn daemon_sets() {
        check(
            &crate::DAEMON_SET,
            json!({
                "metadata": {"name": "test1", "creationTimestamp": FIVE_MINUTES_AGO},
                "spec": {"selector": {"matchLabels": {"a": "1"}},
                         "template": {"spec": {"nodeSelector": {"os": "linux"}, "containers": [{"name": "c", "image": "i"}]}}},
                "status": {"currentNumberScheduled": 2, "desiredNumberScheduled": 3, "numberReady": 1, "updatedNumberScheduled": 2, "numberAvailable": 0},
            }),
            "test1|3|2|1|2|0|os=linux|5m|c|i|a=1",
        );
    }
}
