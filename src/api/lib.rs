//! The wire world of Kubernetes without any IO: objects behind one trait, names of kinds and resources, failures, field paths, selectors,
//! quantities and the patch kinds. Types themselves are k8s-openapi's.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod addresses;
pub mod apply;
pub mod field;
pub mod fields;
pub mod gvk;
pub mod int_or_string;
pub mod json;
pub mod labels;
pub mod merge_facts;
pub mod metadata;
pub mod names;
pub mod object;
pub mod patch;
pub mod quantity;
pub mod schema;
pub mod status;
pub mod time;
pub mod untyped;
pub mod zero_times;

pub use field::{ErrorList, FieldError, Path};
pub use gvk::{Gvk, Gvr};
pub use object::{Object, Typed};
pub use quantity::Quantity;
pub use status::ApiError;
pub use untyped::Untyped;
