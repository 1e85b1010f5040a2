//! API services: who serves a group and version.

use jiff::Timestamp;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::APIService;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Service", "The reference to the service that hosts this API endpoint."),
    text("Available", "Whether this service is available."),
    AGE,
];

pub fn cells(service: &APIService, now: Timestamp) -> Vec<Cell> {
    let reference = service.spec.as_ref().and_then(|spec| spec.service.as_ref());
    let served_by = reference.map_or_else(
        || "Local".to_owned(),
        |reference| format!("{}/{}", reference.namespace.as_deref().unwrap_or_default(), reference.name.as_deref().unwrap_or_default()),
    );
    row![name(service), served_by, availability(service), age(service, now)]
}

/// `True`, `False (MissingEndpoints)`, `Unknown`.
fn availability(service: &APIService) -> String {
    let mut conditions = service.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let Some(condition) = conditions.find(|condition| condition.type_ == "Available") else { return "Unknown".to_owned() };
    match condition.reason.as_deref() {
        Some(reason) if condition.status != "True" && !reason.is_empty() => format!("{} ({reason})", condition.status),
        _ => condition.status.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    #[test]
    fn services() {
        let metadata = json!({"name": "v1.apps", "creationTimestamp": FIVE_MINUTES_AGO});
        let of = |service: Value, condition: Value| json!({"metadata": metadata, "spec": {"service": service}, "status": {"conditions": [condition]}});
        check(
            &crate::API_SERVICE,
            of(json!(null), json!({"type": "Available", "status": "True", "reason": "Local"})),
            "v1.apps|Local|True|5m",
        );
        check(
            &crate::API_SERVICE,
            of(
                json!({"namespace": "kube-system", "name": "metrics"}),
                json!({"type": "Available", "status": "False", "reason": "MissingEndpoints"}),
            ),
            "v1.apps|kube-system/metrics|False (MissingEndpoints)|5m",
        );
        check(&crate::API_SERVICE, of(json!(null), json!({"type": "Other", "status": "True"})), "v1.apps|Local|Unknown|5m");
    }
}
