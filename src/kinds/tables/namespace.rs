//! Namespaces.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Namespace;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[NAME, text("Status", "The status of the namespace"), AGE];

pub fn cells(namespace: &Namespace, now: Timestamp) -> Vec<Cell> {
    let phase = namespace.status.as_ref().and_then(|status| status.phase.clone()).unwrap_or_default();
    row![name(namespace), phase, age(namespace, now)]
}
