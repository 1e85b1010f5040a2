//! The set of all fields that a tree has.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::field_set::{FieldSet, Node};
use super::path::PathElement;
use super::types::{List, Map, Relation, Shape, TypeRef};
use super::validate::Faults;
use super::{TypedValue, path_text};

impl TypedValue<'_> {
    /// Every leaf, every item of a list that is told apart, every key of a map.
    pub fn to_field_set(self) -> Result<FieldSet, Faults> {
        Ok(node(self.schema, self.value, &mut Vec::new())?.below)
    }
}

/// What is at and below a value. `member` is said where the value itself is a leaf.
fn node(schema: TypeRef<'_>, value: &Value, path: &mut Vec<PathElement>) -> Result<Node, Faults> {
    let leaf = || Ok(Node { member: true, below: FieldSet::new() });
    match schema.shape(Some(value)) {
        Some(Shape::Scalar(_)) => leaf(),
        Some(Shape::Map(map)) if map.atomic => leaf(),
        Some(Shape::List(list)) if list.relation == Relation::Atomic => leaf(),
        Some(Shape::Map(map)) => Ok(Node { member: false, below: fields(schema, map, value, path)? }),
        Some(Shape::List(list)) => Ok(Node { member: false, below: items(schema, list, value, path)? }),
        None => Err(Faults::one(path, "schema error: invalid atom: inlined")),
    }
}

fn fields(schema: TypeRef<'_>, map: &Map, value: &Value, path: &mut Vec<PathElement>) -> Result<FieldSet, Faults> {
    let mut set = FieldSet::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let step = PathElement::field(name);
        path.push(step.clone());
        let Some(member) = schema.member(map, name) else { return Err(Faults::one(path, "field not declared in schema")) };
        let mut node = node(member, value, path)?;
        let empty = value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
        node.member |= empty || !map.fields.contains_key(name.as_str());
        set.put(step, node);
        path.pop();
    }
    Ok(set)
}

fn items(schema: TypeRef<'_>, list: &List, value: &Value, path: &mut Vec<PathElement>) -> Result<FieldSet, Faults> {
    let values = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut by_step: BTreeMap<PathElement, &Value> = BTreeMap::new();
    let mut twice = BTreeSet::new();
    for (index, item) in values.iter().enumerate() {
        let step = list.step(item).map_err(|why| Faults::one(path, format!("element {index}: {why}")))?;
        if by_step.insert(step.clone(), item).is_some() {
            twice.insert(step);
        }
    }
    let mut set = FieldSet::new();
    for (step, item) in by_step {
        // items that cannot be told apart are owned as one
        let node = if twice.contains(&step) {
            Node { member: true, below: FieldSet::new() }
        } else {
            path.push(step.clone());
            let node = node(schema.at(list.items), item, path)?;
            path.pop();
            Node { member: true, ..node }
        };
        set.put(step, node);
    }
    debug_assert!(values.is_empty() || !set.is_empty(), "{}", path_text(path));
    Ok(set)
}
