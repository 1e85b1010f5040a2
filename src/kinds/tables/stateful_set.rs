//! Stateful sets.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::StatefulSet;
use output::table::Cell;

use super::cell::{age, containers, name, row};
use super::column::{AGE, CONTAINERS, IMAGES, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[NAME, text("Ready", "Number of the pod with ready state"), AGE, CONTAINERS, IMAGES];

pub fn cells(set: &StatefulSet, now: Timestamp) -> Vec<Cell> {
    let ready = set.status.as_ref().and_then(|status| status.ready_replicas).unwrap_or(0);
    let (names, images) = containers(Some(&set.spec.template));
    row![name(set), format!("{ready}/{}", set.spec.replicas.unwrap_or(1)), age(set, now), names, images]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn stateful_sets() {
        let template = json!({"spec": {"containers": [{"name": "fake-container1", "image": "fake-image1"}, {"name": "b", "image": "c"}]}});
        check(
            &crate::STATEFUL_SET,
            json!({"metadata": {"name": "test1", "creationTimestamp": FIVE_MINUTES_AGO}, "spec": {"replicas": 5, "template": template},
                   "status": {"replicas": 5, "readyReplicas": 2}}),
            "test1|2/5|5m|fake-container1,b|fake-image1,c",
        );
    }
}
