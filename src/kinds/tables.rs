//! Printer columns and cells of every kind, as upstream's `pkg/printers/internalversion`.

use crate::Column;

/// The columns of a kind that upstream gives none of its own.
pub const NAME_AND_AGE: &[Column] = &[
    Column { name: "Name", kind: "string", format: "name", description: "", priority: 0 },
    Column { name: "Age", kind: "string", format: "", description: "", priority: 0 },
];
