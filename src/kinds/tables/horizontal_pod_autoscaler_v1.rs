//! Autoscalers of `autoscaling/v1`: as those of `v2`, which they are stored as.

use jiff::Timestamp;
use k8s_openapi::api::autoscaling::v1::HorizontalPodAutoscaler;
use output::table::Cell;

use super::cell::stored_cells;
pub use super::horizontal_pod_autoscaler::COLUMNS;

pub fn cells(autoscaler: &HorizontalPodAutoscaler, now: Timestamp) -> Vec<Cell> {
    stored_cells(autoscaler, &crate::HORIZONTAL_POD_AUTOSCALER, crate::versions::autoscaler::to_v2, now)
}
