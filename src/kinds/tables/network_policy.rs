//! Network policies.

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::NetworkPolicy;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Pod-Selector",
        "Selects the pods to which this NetworkPolicy object applies.  The array of ingress rules is applied to any pods selected by this field. Multiple network policies can select the same set of pods.  In this case, the ingress rules for each are combined additively. This field is NOT optional and follows standard label selector semantics. An empty podSelector matches all pods in this namespace.",
    ),
    AGE,
];

pub fn cells(policy: &NetworkPolicy, now: Timestamp) -> Vec<Cell> {
    // an absent selector is an empty one here: all pods
    let selector = policy.spec.as_ref().and_then(|spec| spec.pod_selector.clone()).unwrap_or_default();
    row![name(policy), api::labels::format_label_selector(Some(&selector)), age(policy, now)]
}
