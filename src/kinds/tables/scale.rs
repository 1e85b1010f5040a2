//! Scales: wanted and actual replicas.

use jiff::Timestamp;
use k8s_openapi::api::autoscaling::v1::Scale;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, integer};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    Column { format: "", ..NAME },
    integer("Desired", "replicas is the desired number of instances for the scaled object."),
    integer("Available", "replicas is the actual number of observed instances of the scaled object."),
    AGE,
];

pub fn cells(scale: &Scale, now: Timestamp) -> Vec<Cell> {
    let desired = scale.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(0);
    row![name(scale), desired, scale.status.as_ref().map_or(0, |status| status.replicas), age(scale, now)]
}
