//! All that is peculiar to one kind, pure: names, defaults, validation, what create, update and status may change, table columns. One static slice, [`ALL`],
//! drives routes, discovery, tables, short names and completion. Without IO, HTTP or a store.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod decode;
mod kind;
pub mod tables;

pub use kind::{Behaviour, Column, Erased, ErasedBehaviour, Kind, Part, Subresource, Verb};

/// Every kind that is served, in the order of discovery.
pub static ALL: &[&Kind] = &[];
