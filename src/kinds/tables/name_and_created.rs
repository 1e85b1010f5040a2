//! The table of a kind that has upstream's generic table: Name and the time of creation.

use api::Typed;
use jiff::Timestamp;
use output::table::Cell;

use super::cell::{name, row};
use super::column::{CREATED_AT, NAME};
use crate::Column;

pub const COLUMNS: &[Column] = &[NAME, CREATED_AT];

pub fn cells<T: Typed>(object: &T, _now: Timestamp) -> Vec<Cell> {
    // upstream formats the zero time of an object without one
    let created = object.metadata().creation_timestamp.as_ref();
    let created = created.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), |time| time.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    row![name(object), created]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::check;
    use serde_json::json;

    #[test]
    fn roles() {
        let role = json!({"metadata": {"name": "reader", "creationTimestamp": "2024-12-31T23:00:00Z"}});
        check(&crate::ROLE, role.clone(), "reader|2024-12-31T23:00:00Z");
        check(&crate::CUSTOM_RESOURCE_DEFINITION, role, "reader|2024-12-31T23:00:00Z");
    }
}
