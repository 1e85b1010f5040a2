//! Secrets: what for, and how many keys.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Secret;
use output::table::Cell;

use super::cell::{age, count, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Type",
        "Used to facilitate programmatic handling of secret data. More info: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types",
    ),
    text(
        "Data",
        "Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The serialized form of the secret data is a base64 encoded string, representing the arbitrary (possibly non-string) data value here. Described in https://tools.ietf.org/html/rfc4648#section-4",
    ),
    AGE,
];

pub fn cells(secret: &Secret, now: Timestamp) -> Vec<Cell> {
    row![name(secret), secret.type_.clone().unwrap_or_default(), count(secret.data.iter().flatten().count()), age(secret, now)]
}
