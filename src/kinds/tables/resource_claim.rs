//! Claims of devices.

use jiff::Timestamp;
use k8s_openapi::api::resource::v1::ResourceClaim;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[NAME, text("State", "A summary of the current state (allocated, pending, reserved, etc.)."), AGE];

pub fn cells(claim: &ResourceClaim, now: Timestamp) -> Vec<Cell> {
    row![name(claim), state(claim), age(claim, now)]
}

/// `pending`, `allocated,reserved`, `deleted,allocated`.
fn state(claim: &ResourceClaim) -> String {
    let deleted = claim.metadata.deletion_timestamp.is_some();
    let allocated = claim.status.as_ref().is_some_and(|status| status.allocation.is_some());
    let reserved = claim.status.iter().any(|status| status.reserved_for.iter().flatten().next().is_some());
    let states = [(deleted, "deleted"), (!allocated && !deleted, "pending"), (allocated, "allocated"), (allocated && reserved, "reserved")];
    states.into_iter().filter(|(holds, _)| *holds).map(|(_, state)| state).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::super::test_support::check;
    use serde_json::{Value, json};

    fn check_state(deleted: Value, status: Value, expected: &str) {
        let metadata = json!({"name": "c", "deletionTimestamp": deleted});
        check(&crate::RESOURCE_CLAIM, json!({"metadata": metadata, "status": status}), &format!("c|{expected}|<unknown>"));
    }

    #[test]
    fn states() {
        let time = json!("2025-01-01T01:00:00Z");
        check_state(json!(null), json!({}), "pending");
        check_state(json!(null), json!({"allocation": {}}), "allocated");
        check_state(
            json!(null),
            json!({"allocation": {}, "reservedFor": [{"resource": "pods", "name": "p", "uid": "u"}]}),
            "allocated,reserved",
        );
        check_state(time.clone(), json!({"allocation": {}}), "deleted,allocated");
        check_state(time, json!({}), "deleted");
    }
}
