//! Deployments.

use api::labels::Selector;
use jiff::Timestamp;
use k8s_openapi::api::apps::v1::Deployment;
use output::table::Cell;

use super::cell::{age, containers, name, row};
use super::column::{AGE, CONTAINERS, IMAGES, NAME, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Ready", "Number of the pod with ready state"),
    text("Up-to-date", "Total number of non-terminating pods targeted by this deployment that have the desired template spec."),
    text("Available", "Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by this deployment."),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(
        "Selector",
        "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment.",
    ),
];

pub fn cells(deployment: &Deployment, now: Timestamp) -> Vec<Cell> {
    let (spec, status) = (&deployment.spec, deployment.status.as_ref());
    let count = |count: Option<i32>| count.unwrap_or(0);
    let desired = spec.replicas.unwrap_or(1);
    let ready = count(status.and_then(|status| status.ready_replicas));
    let (names, images) = containers(Some(&spec.template));
    // unlike the other workloads' selector: an invalid one has another word, an empty one none
    let selector = Selector::from_label_selector(Some(&spec.selector));
    row![
        name(deployment),
        format!("{ready}/{desired}"),
        count(status.and_then(|status| status.updated_replicas)),
        count(status.and_then(|status| status.available_replicas)),
        age(deployment, now),
        names,
        images,
        selector.map_or_else(|_| "<invalid>".to_owned(), |selector| selector.to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn deployments() {
        let containers = json!([{"name": "fake-container1", "image": "fake-image1"}, {"name": "fake-container2", "image": "fake-image2"}]);
        check(
            &crate::DEPLOYMENT,
            json!({
                "metadata": {"name": "test1", "creationTimestamp": FIVE_MINUTES_AGO},
                "spec": {"replicas": 5, "template": {"spec": {"containers": containers}}, "selector": {"matchLabels": {"foo": "bar"}}},
                "status": {"replicas": 10, "updatedReplicas": 2, "availableReplicas": 1, "unavailableReplicas": 4},
            }),
            "test1|0/5|2|1|5m|fake-container1,fake-container2|fake-image1,fake-image2|foo=bar",
        );
    }
}
