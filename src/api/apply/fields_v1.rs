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
}
