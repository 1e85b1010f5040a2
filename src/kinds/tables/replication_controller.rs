//! Replication controllers.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ReplicationController;
use output::table::Cell;

use super::cell::{age, containers, labels, name, row};
use super::column::{AGE, CONTAINERS, IMAGES, NAME, integer, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    integer(
        "Desired",
        "Replicas is the number of desired replicas. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller",
    ),
    integer(
        "Current",
        "Replicas is the most recently observed number of replicas. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller",
    ),
    integer("Ready", "The number of ready replicas for this replication controller."),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(
        "Selector",
        "Selector is a label query over pods that should match the Replicas count. If Selector is empty, it is defaulted to the labels present on the Pod template. Label keys and values that must match in order to be controlled by this replication controller, if empty defaulted to labels on Pod template. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
    ),
];

pub fn cells(object: &ReplicationController, now: Timestamp) -> Vec<Cell> {
    let (spec, status) = (object.spec.as_ref(), object.status.as_ref());
    let (names, images) = containers(spec.and_then(|spec| spec.template.as_ref()));
    row![
        name(object),
        spec.and_then(|spec| spec.replicas).unwrap_or(1),
        status.map_or(0, |status| status.replicas),
        status.and_then(|status| status.ready_replicas).unwrap_or(0),
        age(object, now),
        names,
        images,
        labels(spec.and_then(|spec| spec.selector.as_ref())),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn rows() {
        let containers = json!([{"name": "fake-container1", "image": "fake-image1"}, {"name": "fake-container2", "image": "fake-image2"}]);
        check(
            &crate::REPLICATION_CONTROLLER,
            json!({
                "metadata": {"name": "test1", "creationTimestamp": FIVE_MINUTES_AGO},
                "spec": {"replicas": 5, "template": {"spec": {"containers": containers}}, "selector": {"b": "2", "a": "1"}},
                "status": {"replicas": 5, "readyReplicas": 2},
            }),
            "test1|5|5|2|5m|fake-container1,fake-container2|fake-image1,fake-image2|a=1,b=2",
        );
    }
}
