//! Quotas: what is used of what is allowed, requests and limits apart.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ResourceQuota;
use output::table::Cell;

use super::cell::{age, name, quantity, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Request", "Request represents a minimum amount of cpu/memory that a container may consume."),
    text("Limit", "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node."),
    AGE,
];

pub fn cells(quota: &ResourceQuota, now: Timestamp) -> Vec<Cell> {
    let status = quota.status.as_ref();
    let (hard, used) = (status.and_then(|status| status.hard.as_ref()), status.and_then(|status| status.used.as_ref()));
    let shown = |resource: &String| format!("{resource}: {}/{}", quantity(used, resource), quantity(hard, resource));
    let (limits, requests): (Vec<&String>, Vec<&String>) =
        hard.into_iter().flat_map(|hard| hard.keys()).partition(|resource| resource.starts_with("limits."));
    let joined = |resources: Vec<&String>| resources.into_iter().map(shown).collect::<Vec<_>>().join(", ");
    row![name(quota), joined(requests), joined(limits), age(quota, now)]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn quotas() {
        check(
            &crate::RESOURCE_QUOTA,
            json!({
                "metadata": {"name": "q", "creationTimestamp": FIVE_MINUTES_AGO},
                "status": {"hard": {"requests.cpu": "2", "limits.memory": "1024Mi", "pods": "10", "limits.cpu": "4"}, "used": {"pods": "3", "limits.cpu": "0.5"}},
            }),
            "q|pods: 3/10, requests.cpu: 0/2|limits.cpu: 500m/4, limits.memory: 0/1Gi|5m",
        );
    }
}
