//! Custom resources: what a definition may say of them, and their behaviour by their schema. It is the one kind of kind whose rows are made at run time.

mod behaviour;
mod definition;
mod embedded;
mod format;
pub mod path;
mod prune;
mod schema;
mod structure;
mod values;

pub use crate::extension::custom_resource::{Approval, approval_of, is_true};
pub use behaviour::{CustomBehaviour, PrinterColumn, SCHEMA_MARK, go_type};
pub(crate) use definition::validate as validate_schema;
pub use schema::{Additional, Compiled, ListType, Schema};
pub(crate) use structure::{has_unsupported, validate as validate_structure};
