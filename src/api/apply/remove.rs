//! A tree without some of its fields and items.

use serde_json::{Map as JsonMap, Value};

use super::TypedValue;
use super::field_set::FieldSet;
use super::path::PathElement;
use super::types::{Relation, Shape, TypeRef};

impl TypedValue<'_> {
    /// Removes the fields and items of a set. What is left empty by that becomes null; the root stays a map.
    pub fn remove(self, set: &FieldSet) -> Value {
        match without(self.schema, self.value, set) {
            Value::Null => Value::Object(JsonMap::new()),
            value => value,
        }
    }
}

fn without(schema: TypeRef<'_>, value: &Value, set: &FieldSet) -> Value {
    match (schema.shape(Some(value)), value) {
        (Some(Shape::Map(map)), Value::Object(values)) if !map.atomic => {
            let mut out = JsonMap::new();
            for (name, value) in values {
                let step = PathElement::field(name);
                if set.has_element(&step) {
                    continue;
                }
                let kept = match (set.below(&step), schema.member(map, name)) {
                    (Some(below), Some(member)) => without(member, value, below),
                    _ => value.clone(),
                };
                out.insert(name.clone(), kept);
            }
            if out.is_empty() { Value::Null } else { Value::Object(out) }
        }
        (Some(Shape::List(list)), Value::Array(items)) if list.relation != Relation::Atomic => {
            let mut out = Vec::new();
            for item in items {
                let Ok(step) = list.step(item) else { continue };
                if set.has_element(&step) {
                    continue;
                }
                out.push(match set.below(&step) {
                    Some(below) => without(schema.at(list.items), item, below),
                    None => item.clone(),
                });
            }
            if out.is_empty() { Value::Null } else { Value::Array(out) }
        }
        (Some(Shape::Scalar(_)), value) => value.clone(),
        // a whole has no parts to leave out
        _ => Value::Null,
    }
}
