//! Server-side apply: who owns which fields of an object, and how what somebody applies is merged into it. Pure: trees, types and a time in, trees and
//! `metadata.managedFields` out.
//!
//! - [`Types`] is what is known of the types of objects: a small graph of structs, maps, lists and scalars with the markers of upstream
//!   (`x-kubernetes-list-type` and its kin). [`Types::built_in`] has those of the built-in kinds, [`Types::of_structural`] makes one of the
//!   structural schema of a custom resource, and [`Types::deduced`] serves objects without any schema.
//! - [`FieldSet`] is a set of paths into an object, with upstream's `FieldsV1` as its wire form.
//! - [`TypedValue`] walks a tree along its type: compare, merge, remove, the set of its fields, validation.
//! - [`Managers`] is `managedFields`, decoded.
//! - [`FieldManager`] is what the API server calls: [`FieldManager::update`] for every write that is no apply, [`FieldManager::apply`] for the others.
//!
//! It behaves as upstream's `structured-merge-diff` and the field managers of its API machinery; versions of one kind are brought together by [`Versions`].

mod compare;
mod field_manager;
mod field_set;
mod fields_v1;
mod last_applied;
mod managers;
mod merge;
mod path;
mod reconcile;
mod remove;
mod scale;
mod structural;
mod to_field_set;
mod types;
mod updater;
mod validate;

use serde_json::Value;

pub use compare::Comparison;
pub use field_manager::{ApplyError, FieldManager};
pub use field_set::{FieldFilter, FieldSet};
pub use fields_v1::FieldsError;
pub use last_applied::LAST_APPLIED_ANNOTATION;
pub use managers::{ManagedFieldsError, ManagerId, Managers, Operation};
pub use path::{Path, PathElement, Scalar, path_text};
pub use scale::{entries_after_scale, entries_of_scale};
pub use types::{Atom, Field, List, Map, MapKey, Relation, ScalarType, TypeId, TypeRef, Types};
pub use updater::{Conflict, Versions};
pub use validate::{Fault, Faults};

/// A tree and its type.
#[derive(Clone, Copy, Debug)]
pub struct TypedValue<'a> {
    pub value: &'a Value,
    pub schema: TypeRef<'a>,
}

impl<'a> TypedValue<'a> {
    pub fn new(value: &'a Value, schema: TypeRef<'a>) -> Self {
        Self { value, schema }
    }
    fn with(self, value: &'a Value) -> Self {
        Self { value, ..self }
    }
}

#[cfg(test)]
mod tests;
