//! States of the control plane's parts.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ComponentStatus;
use output::table::Cell;

use super::cell::{name, row};
use super::column::{NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Status", "Status of the component conditions"),
    text("Message", "Message of the component conditions"),
    text("Error", "Error of the component conditions"),
];

pub fn cells(component: &ComponentStatus, _now: Timestamp) -> Vec<Cell> {
    let healthy = component.conditions.iter().flatten().find(|condition| condition.type_ == "Healthy");
    let state = match healthy.map(|condition| condition.status.as_str()) {
        Some("True") => "Healthy",
        Some(_) => "Unhealthy",
        None => "Unknown",
    };
    let said = |text: Option<&String>| text.cloned().unwrap_or_default();
    row![
        name(component),
        state,
        said(healthy.and_then(|condition| condition.message.as_ref())),
        said(healthy.and_then(|condition| condition.error.as_ref())),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::check;
    use serde_json::json;

    #[test]
    fn components() {
        check(&crate::COMPONENT_STATUS, json!({"metadata": {"name": "cs1"}}), "cs1|Unknown||");
        let of = |status: &str| json!({"metadata": {"name": "cs1"}, "conditions": [{"type": "Healthy", "status": status, "message": "test message", "error": "test error"}]});
        check(&crate::COMPONENT_STATUS, of("True"), "cs1|Healthy|test message|test error");
        check(&crate::COMPONENT_STATUS, of("False"), "cs1|Unhealthy|test message|test error");
    }
}
