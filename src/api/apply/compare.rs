//! What has changed between two trees of one type.

use serde_json::{Map as JsonMap, Value};

use super::TypedValue;
use super::field_set::{FieldFilter, FieldSet, Node};
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
        let mut change = Change::default();
        change.value(self.schema, Some(self.value), Some(new))?;
        Ok(Comparison { removed: change.removed.below, modified: change.modified.below, added: change.added.below })
    }
}

/// What differs at a place and below it.
#[derive(Default)]
struct Change {
    removed: Node,
    modified: Node,
    added: Node,
}

type Side<'a> = Option<&'a Value>;

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

impl Change {
    /// Compares what is one step below.
    fn below(&mut self, step: PathElement, schema: TypeRef<'_>, old: Side<'_>, new: Side<'_>) -> Result<(), Faults> {
        let mut below = Self::default();
        if let Err(faults) = below.value(schema, old, new) {
            return Err(faults.below(&step));
        }
        // most often one of them has anything, and gets the step itself
        let Self { removed, modified, added } = self;
        let mut last: Option<(&mut Node, Node)> = None;
        for (mine, theirs) in [(removed, below.removed), (modified, below.modified), (added, below.added)] {
            if !theirs.is_empty()
                && let Some((mine, theirs)) = last.replace((mine, theirs))
            {
                mine.below.put(step.clone(), theirs);
            }
        }
        if let Some((mine, theirs)) = last {
            mine.below.put(step, theirs);
        }
        Ok(())
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
            self.added.member |= old.is_none();
            self.removed.member |= old.is_some() && new.is_none();
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
            (None, _) => self.added.member = true,
            (_, None) => self.removed.member = true,
            (Some(old), Some(new)) => self.modified.member |= !same(old, new),
        }
    }

    fn fields(
        &mut self,
        schema: TypeRef<'_>,
        map: &Map,
        old: Option<&JsonMap<String, Value>>,
        new: Option<&JsonMap<String, Value>>,
    ) -> Result<(), Faults> {
        let missing = |side: Option<&JsonMap<String, Value>>, name: &str| side.is_none_or(|side| !side.contains_key(name));
        for (name, after) in new.into_iter().flatten() {
            self.field(schema, map, name, (old, old.and_then(|old| old.get(name))), (new, Some(after)))?;
        }
        for (name, before) in old.into_iter().flatten().filter(|(name, _)| missing(new, name)) {
            self.field(schema, map, name, (old, Some(before)), (new, None))?;
        }
        if old.is_none() || new.is_none() {
            for (name, field) in &map.fields {
                if field.zero.is_some() && missing(old, name) && missing(new, name) {
                    self.field(schema, map, name, (old, None), (new, None))?;
                }
            }
        }
        Ok(())
    }

    /// Compares what two maps, where they are there, have at one key.
    fn field(
        &mut self,
        schema: TypeRef<'_>,
        map: &Map,
        name: &str,
        (old_map, old): (Option<&JsonMap<String, Value>>, Side<'_>),
        (new_map, new): (Option<&JsonMap<String, Value>>, Side<'_>),
    ) -> Result<(), Faults> {
        let Some((name, field)) = map.fields.get_key_value(name) else {
            let Some(values) = map.values.filter(|_| old != new) else { return Ok(()) };
            return self.below(PathElement::field(name), schema.at(values), old, new);
        };
        let zero = field.zero.as_ref();
        let there = |value: &&Value| !field.omits_empty || !is_empty(value);
        let before = old.filter(there).or(zero.filter(|_| old_map.is_some()));
        let after = new.filter(there).or(zero.filter(|_| new_map.is_some()));
        if before == after {
            return Ok(());
        }
        self.below(PathElement::Field(name.clone()), schema.at(field.holds), before, after)
    }

    fn items(&mut self, schema: TypeRef<'_>, list: &List, old: Option<&Vec<Value>>, new: Option<&Vec<Value>>) -> Result<(), Faults> {
        let schema = schema.at(list.items);
        let mut steps = Vec::new();
        for (is_new, items) in [(false, old), (true, new)] {
            for (index, item) in items.into_iter().flatten().enumerate() {
                let step = list.step(item).map_err(|why| Faults::one(&[], format!("element {index}: {why}")))?;
                steps.push((step, is_new, item));
            }
        }
        // stable: items of one step stay in their order, the old ones first
        steps.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        for alike in steps.chunk_by(|(one, ..), (other, ..)| one == other) {
            let (old, new) = alike.split_at(alike.partition_point(|(_, is_new, _)| !is_new));
            let step = || alike[0].0.clone();
            match (old, new) {
                // items that cannot be told apart are one leaf
                ([_, _, ..], [_, _, ..]) => {
                    if old.len() != new.len() || !old.iter().zip(new).all(|((.., old), (.., new))| same(old, new)) {
                        self.modified.below.put(step(), Node::LEAF);
                    }
                }
                ([_, _, ..], rest) => {
                    self.removed.below.put(step(), Node::LEAF);
                    if let [(.., only)] = rest {
                        self.below(step(), schema, None, Some(only))?;
                    }
                }
                (rest, [_, _, ..]) => {
                    self.added.below.put(step(), Node::LEAF);
                    if let [(.., only)] = rest {
                        self.below(step(), schema, Some(only), None)?;
                    }
                }
                (old, new) => self.below(step(), schema, old.first().map(|(.., item)| *item), new.first().map(|(.., item)| *item))?,
            }
        }
        Ok(())
    }
}
