//! Events of `events.k8s.io`: as those of the core group, which they are stored as.

use jiff::Timestamp;
use k8s_openapi::api::events::v1::Event;
use output::table::Cell;

use super::cell::stored_cells;
pub use super::event::COLUMNS;

pub fn cells(event: &Event, now: Timestamp) -> Vec<Cell> {
    stored_cells(event, &crate::EVENT, crate::versions::event::to_core, now)
}
