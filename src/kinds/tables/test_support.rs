//! How tests look at tables: as the request path does, with the cells joined by `|`.

use output::table::Cell;
use serde_json::Value;

use crate::Kind;

/// When the tests are: `2025-01-01T01:00:00Z`.
pub(super) const NOW: jiff::Timestamp = jiff::Timestamp::constant(1_735_693_200, 0);

/// Five minutes before [`NOW`].
pub(super) const FIVE_MINUTES_AGO: &str = "2025-01-01T00:55:00Z";

/// The row of an object.
pub(super) fn check(kind: &Kind, object: Value, expected: &str) {
    let mut unknown = Vec::new();
    let object = kind.behaviour.decode(object, &mut unknown).unwrap();
    assert_eq!(unknown, Vec::<String>::new(), "unknown fields in the test's object");
    let cells = kind.behaviour.cells(object.as_ref(), NOW);
    assert_eq!(cells.len(), kind.behaviour.columns().len(), "cells and columns of {kind:?}");
    let texts: Vec<String> = cells
        .into_iter()
        .map(|cell| match cell {
            Cell::Text(text) => text,
            Cell::Int(number) => number.to_string(),
            Cell::Bool(flag) => flag.to_string(),
            Cell::Number(number) => number.to_string(),
            Cell::None => String::new(),
        })
        .collect();
    assert_eq!(texts.join("|"), expected);
}
