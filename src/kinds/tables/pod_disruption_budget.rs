//! Disruption budgets.

use jiff::Timestamp;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, integer, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Min Available", "The minimum number of pods that must be available."),
    text("Max Unavailable", "The maximum number of pods that may be unavailable."),
    integer("Allowed Disruptions", "Calculated number of pods that may be disrupted at this time."),
    AGE,
];

pub fn cells(budget: &PodDisruptionBudget, now: Timestamp) -> Vec<Cell> {
    let spec = budget.spec.as_ref();
    let bound = |bound: Option<&IntOrString>| match bound {
        Some(IntOrString::Int(number)) => number.to_string(),
        Some(IntOrString::String(text)) => text.clone(),
        None => "N/A".to_owned(),
    };
    row![
        name(budget),
        bound(spec.and_then(|spec| spec.min_available.as_ref())),
        bound(spec.and_then(|spec| spec.max_unavailable.as_ref())),
        budget.status.as_ref().and_then(|status| status.disruptions_allowed).unwrap_or(0),
        age(budget, now),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn budgets() {
        let metadata = json!({"name": "pdb", "creationTimestamp": FIVE_MINUTES_AGO});
        check(
            &crate::POD_DISRUPTION_BUDGET,
            json!({"metadata": metadata, "spec": {"minAvailable": 22}, "status": {"disruptionsAllowed": 5}}),
            "pdb|22|N/A|5|5m",
        );
        check(&crate::POD_DISRUPTION_BUDGET, json!({"metadata": metadata, "spec": {"maxUnavailable": "10%"}}), "pdb|N/A|10%|0|5m");
    }
}
