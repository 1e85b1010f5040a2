//! Config maps: how many keys.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ConfigMap;
use output::table::Cell;

use super::cell::{age, count, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Data",
        "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the BinaryData field, this is enforced during validation process.",
    ),
    AGE,
];

pub fn cells(map: &ConfigMap, now: Timestamp) -> Vec<Cell> {
    let keys = map.data.iter().flatten().count() + map.binary_data.iter().flatten().count();
    row![name(map), count(keys), age(map, now)]
}
