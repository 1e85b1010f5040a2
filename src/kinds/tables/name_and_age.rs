//! The table of a kind that upstream gives no printer of its own: Name and Age.

use api::Typed;
use output::table::Cell;

use crate::Column;

/// `Name` and `Age`.
pub const COLUMNS: &[Column] = &[
    Column {
        name: "Name",
        kind: "string",
        format: "name",
        description: "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
        priority: 0,
    },
    Column {
        name: "Age",
        kind: "string",
        format: "",
        description: "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
        priority: 0,
    },
];

/// The name, and the time since creation.
pub fn cells<T: Typed>(object: &T, now: jiff::Timestamp) -> Vec<Cell> {
    let meta = object.metadata();
    vec![meta.name.clone().unwrap_or_default().into(), age(meta.creation_timestamp.as_ref(), now)]
}

/// `5m`, or `<unknown>` without a creation time.
pub fn age(created: Option<&k8s_openapi::apimachinery::pkg::apis::meta::v1::Time>, now: jiff::Timestamp) -> Cell {
    output::duration::since(created.map(|time| time.0), now).into()
}
