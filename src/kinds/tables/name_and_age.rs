//! The table of a kind that upstream gives no more than Name and Age.

use api::Typed;
use jiff::Timestamp;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME};
use crate::Column;

/// `Name` and `Age`.
pub const COLUMNS: &[Column] = &[NAME, AGE];

/// The name, and the time since creation.
pub fn cells<T: Typed>(object: &T, now: Timestamp) -> Vec<Cell> {
    row![name(object), age(object, now)]
}
