//! Controller revisions: whose, and which.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::ControllerRevision;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Controller", "Controller of the object"),
    text("Revision", "revision indicates the revision of the state represented by Data."),
    AGE,
];

pub fn cells(revision: &ControllerRevision, now: Timestamp) -> Vec<Cell> {
    let owner = revision.metadata.owner_references.iter().flatten().find(|owner| owner.controller == Some(true));
    let controller = owner.map_or_else(
        || "<none>".to_owned(),
        |owner| {
            let group = owner.api_version.split_once('/').map(|(group, _)| format!(".{group}")).unwrap_or_default();
            format!("{}/{}", format!("{}{group}", owner.kind).to_lowercase(), owner.name)
        },
    );
    row![name(revision), controller, revision.revision.unwrap_or(0), age(revision, now)]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_owner(owners: Value, expected: &str) {
        let metadata = json!({"name": "test", "creationTimestamp": FIVE_MINUTES_AGO, "ownerReferences": owners});
        check(&crate::CONTROLLER_REVISION, json!({"metadata": metadata, "revision": 1}), &format!("test|{expected}|1|5m"));
    }

    #[test]
    fn owners() {
        check_owner(json!([{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "foo", "controller": true}]), "daemonset.apps/foo");
        check_owner(json!([{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "foo", "controller": false}]), "<none>");
        check_owner(
            json!([{"apiVersion": "v1", "kind": "ReplicationController", "name": "foo", "controller": true}]),
            "replicationcontroller/foo",
        );
        check_owner(json!([]), "<none>");
    }
}
