//! The wire form of field sets: nested maps whose keys are steps; an empty map, or one with `.`, is a path of the set.

use serde_json::{Map, Value};

use super::field_set::{FieldSet, Node};
use super::path::PathElement;

/// Why a `FieldsV1` is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldsError {
    #[error("parsing key as path element: {0}")]
    Element(String),
    #[error("a set of fields must be a map")]
    NotMap,
}

impl FieldSet {
    pub fn to_wire(&self) -> Value {
        let mut map = Map::new();
        for (element, node) in self.nodes() {
            let Value::Object(mut below) = node.below.to_wire() else { continue };
            if node.member && !below.is_empty() {
                below.insert(".".to_owned(), Value::Object(Map::new()));
            }
            map.insert(element.to_wire(), Value::Object(below));
        }
        Value::Object(map)
    }
    /// Reads a wire form. Steps of unknown kinds are left out, as upstream leaves them out.
    pub fn from_wire(value: &Value) -> Result<Self, FieldsError> {
        let map = value.as_object().ok_or(FieldsError::NotMap)?;
        let mut set = Self::new();
        for (key, value) in map.iter().filter(|(key, _)| *key != ".") {
            let Some(element) = PathElement::from_wire(key).map_err(FieldsError::Element)? else { continue };
            let below = Self::from_wire(value)?;
            let member = below.is_empty() || value.get(".").is_some();
            set.put(element, Node { member, below });
        }
        Ok(set)
    }

    /// Whether any of these paths is in the set that a wire form describes.
    pub(super) fn meets_wire(&self, wire: &Value) -> bool {
        self.nodes().any(|(element, node)| {
            wire.get(element.to_wire()).is_some_and(|below| node.member && is_member(below) || node.below.meets_wire(below))
        })
    }
    /// Whether all of these paths are in the set that a wire form describes.
    pub(super) fn is_in_wire(&self, wire: &Value) -> bool {
        self.nodes().all(|(element, node)| {
            wire.get(element.to_wire()).is_some_and(|below| (!node.member || is_member(below)) && node.below.is_in_wire(below))
        })
    }
}

/// Whether the path to this place is in the set, and not only on the way to one.
fn is_member(below: &Value) -> bool {
    below.as_object().is_some_and(|below| below.is_empty() || below.contains_key("."))
}
