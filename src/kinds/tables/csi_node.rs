//! CSI drivers of a node.

use jiff::Timestamp;
use k8s_openapi::api::storage::v1::CSINode;
use output::table::Cell;

use super::cell::{age, count, name, row};
use super::column::{AGE, NAME, integer};
use crate::Column;

pub const COLUMNS: &[Column] = &[NAME, integer("Drivers", "Drivers indicates the number of CSI drivers registered on the node"), AGE];

pub fn cells(node: &CSINode, now: Timestamp) -> Vec<Cell> {
    row![name(node), count(node.spec.drivers.len()), age(node, now)]
}
