//! What has changed between two trees of one type.

use std::collections::BTreeMap;

use serde_json::{Map as JsonMap, Value};

use super::TypedValue;
use super::field_set::{FieldFilter, FieldSet};
use super::path::{PathElement, same};
use super::types::{List, Map, Relation, Shape, TypeRef};
use super::validate::Faults;

/// The fields that differ; none is in two of the sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    pub removed: FieldSet,
    pub modified: FieldSet,
    pub added: FieldSet,
}

impl Comparison {
    pub fn is_same(&self) -> bool {
        self.removed.is_empty() && self.modified.is_empty() && self.added.is_empty()
    }
    #[must_use]
    pub(super) fn filtered(self, filter: Option<&FieldFilter>) -> Self {
        match filter {
            None => self,
            Some(filter) => {
                Self { removed: filter.apply(self.removed), modified: filter.apply(self.modified), added: filter.apply(self.added) }
            }
        }
    }
}

impl TypedValue<'_> {
    /// What makes `new` of this one. Fields that upstream's structs always have count as there, with their zero, where a tree leaves them out.
    pub fn compare(self, new: &Value) -> Result<Comparison, Faults> {
        let mut walk = Walk { path: Vec::new(), found: Comparison::default() };
        walk.value(self.schema, Some(self.value), Some(new))?;
        Ok(walk.found)
    }
}

struct Walk {
    path: Vec<PathElement>,
    found: Comparison,
}

type Side<'a> = Option<&'a Value>;

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

impl Walk {
    fn below(&mut self, step: PathElement, schema: TypeRef<'_>, old: Side<'_>, new: Side<'_>) -> Result<(), Faults> {
        self.path.push(step);
        let result = self.value(schema, old, new);
        self.path.pop();
        result
    }

    fn value(&mut self, schema: TypeRef<'_>, old: Side<'_>, new: Side<'_>) -> Result<(), Faults> {
        if old == new {
            return Ok(());
        }
        let invalid = || Faults::one(&[], "schema error: invalid atom: inlined");
        let old_shape = schema.shape(old).ok_or_else(invalid)?;
        let new_shape = schema.shape(new).ok_or_else(invalid)?;
        let leaf = if new.is_none() {
            self.shape(schema, old_shape, old, new)?
        } else {
            if old.is_some() && !old_shape.is_alike(&new_shape) {
                self.shape(schema, old_shape, old, new)?;
            }
            self.shape(schema, new_shape, old, new)?
        };
        if !leaf {
            if old.is_none() {
                self.found.added.insert(&self.path);
            } else if new.is_none() {
                self.found.removed.insert(&self.path);
            }
        }
        Ok(())
    }

    /// Compares the two as what they look like; true where that is a leaf.
    fn shape(&mut self, schema: TypeRef<'_>, shape: Shape<'_>, old: Side<'_>, new: Side<'_>) -> Result<bool, Faults> {
        match shape {
            Shape::Scalar(_) => {
                self.leaf(old, new);
                Ok(true)
            }
            Shape::Map(map) => {
                let (before, after) = (old.and_then(Value::as_object), new.and_then(Value::as_object));
                let empty = |side: Option<&JsonMap<String, Value>>| {
                    side.is_none_or(|side| side.is_empty() && map.fields.values().all(|field| field.zero.is_none()))
                };
                if map.atomic || empty(before) && empty(after) {
                    self.leaf(old, new);
                    return Ok(true);
                }
                self.fields(schema, map, before, after)?;
                Ok(false)
            }
            Shape::List(list) => {
                let (before, after) = (old.and_then(Value::as_array), new.and_then(Value::as_array));
                if list.relation == Relation::Atomic || before.is_none_or(Vec::is_empty) && after.is_none_or(Vec::is_empty) {
                    self.leaf(old, new);
                    return Ok(true);
                }
                self.items(schema, list, before, after)?;
                Ok(false)
            }
        }
    }

    fn leaf(&mut self, old: Side<'_>, new: Side<'_>) {
        match (old, new) {
            (None, _) => self.found.added.insert(&self.path),
            (_, None) => self.found.removed.insert(&self.path),
            (Some(old), Some(new)) if !same(old, new) => self.found.modified.insert(&self.path),
            _ => {}
        }
    }

    fn fields(
        &mut self,
        schema: TypeRef<'_>,
        map: &Map,
        old: Option<&JsonMap<String, Value>>,
        new: Option<&JsonMap<String, Value>>,
    ) -> Result<(), Faults> {
        let (has_old, has_new) = (old.is_some(), new.is_some());
        for (name, field) in &map.fields {
            let zero = field.zero.as_ref();
            let there = |value: &&Value| !field.omits_empty || !is_empty(value);
            let before = old.and_then(|old| old.get(name)).filter(there).or(zero.filter(|_| has_old));
            let after = new.and_then(|new| new.get(name)).filter(there).or(zero.filter(|_| has_new));
            if before.is_some() || after.is_some() {
                self.step_into(name, schema.at(field.holds), before, after)?;
            }
        }
        let Some(values) = map.values else { return Ok(()) };
        let names = old.into_iter().flat_map(JsonMap::keys);
        let others = new.into_iter().flat_map(JsonMap::keys).filter(|name| old.is_none_or(|old| !old.contains_key(*name)));
        for name in names.chain(others).filter(|name| !map.fields.contains_key(*name)) {
            let (before, after) = (old.and_then(|old| old.get(name)), new.and_then(|new| new.get(name)));
            self.step_into(name, schema.at(values), before, after)?;
        }
        Ok(())
    }

    fn step_into(&mut self, name: &str, schema: TypeRef<'_>, old: Side<'_>, new: Side<'_>) -> Result<(), Faults> {
        if old == new {
            return Ok(());
        }
        self.below(PathElement::field(name), schema, old, new)
    }

    fn items(&mut self, schema: TypeRef<'_>, list: &List, old: Option<&Vec<Value>>, new: Option<&Vec<Value>>) -> Result<(), Faults> {
        let schema = schema.at(list.items);
        let mut steps: BTreeMap<PathElement, (Vec<&Value>, Vec<&Value>)> = BTreeMap::new();
        for (index, item) in old.into_iter().flatten().enumerate() {
            steps.entry(self.step(list, index, item)?).or_default().0.push(item);
        }
        for (index, item) in new.into_iter().flatten().enumerate() {
            steps.entry(self.step(list, index, item)?).or_default().1.push(item);
        }
        for (step, (old, new)) in steps {
            let mut whole = |set: fn(&mut Comparison) -> &mut FieldSet| {
                self.path.push(step.clone());
                set(&mut self.found).insert(&self.path);
                self.path.pop();
            };
            match (&old[..], &new[..]) {
                // items that cannot be told apart are one leaf
                ([_, _, ..], [_, _, ..]) => {
                    if old.len() != new.len() || !old.iter().zip(&new).all(|(old, new)| same(old, new)) {
                        whole(|found| &mut found.modified);
                    }
                }
                ([_, _, ..], rest) => {
                    whole(|found| &mut found.removed);
                    if let [only] = rest {
                        self.below(step, schema, None, Some(only))?;
                    }
                }
                (rest, [_, _, ..]) => {
                    whole(|found| &mut found.added);
                    if let [only] = rest {
                        self.below(step, schema, Some(only), None)?;
                    }
                }
                (old, new) => self.below(step, schema, old.first().copied(), new.first().copied())?,
            }
        }
        Ok(())
    }

    fn step(&self, list: &List, index: usize, item: &Value) -> Result<PathElement, Faults> {
        list.step(item).map_err(|why| Faults::one(&self.path, format!("element {index}: {why}")))
    }
}
