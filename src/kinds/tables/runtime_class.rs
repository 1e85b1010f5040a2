//! Runtime classes.

use jiff::Timestamp;
use k8s_openapi::api::node::v1::RuntimeClass;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

// upstream looks the description up where there is none
pub const COLUMNS: &[Column] = &[NAME, text("Handler", ""), AGE];

pub fn cells(class: &RuntimeClass, now: Timestamp) -> Vec<Cell> {
    row![name(class), class.handler.clone(), age(class, now)]
}
