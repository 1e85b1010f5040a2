//! What somebody applies, merged into what is there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map as JsonMap, Value};

use super::TypedValue;
use super::path::PathElement;
use super::types::{List, Map, Relation, Shape, TypeRef};
use super::validate::Faults;

impl TypedValue<'_> {
    /// This tree with all that `applied` says. Nothing is removed; lists keep this tree's order until `applied` orders items that both have.
    pub fn merge(self, applied: &Value) -> Result<Value, Faults> {
        Ok(value(self.schema, Some(self.value), Some(applied), &mut Vec::new())?.unwrap_or(Value::Null))
    }
}

fn value(schema: TypeRef<'_>, old: Option<&Value>, new: Option<&Value>, path: &mut Vec<PathElement>) -> Result<Option<Value>, Faults> {
    let (old, new) = match (old, new) {
        (Some(old), Some(new)) => (old, new),
        (one, other) => return Ok(one.or(other).cloned()),
    };
    match schema.shape(Some(new)) {
        Some(Shape::Map(map)) if !map.atomic => {
            let (before, after) = (old.as_object(), new.as_object());
            if before.is_none_or(JsonMap::is_empty) && after.is_none_or(JsonMap::is_empty) {
                return Ok(Some(new.clone()));
            }
            fields(schema, map, before, after, path)
        }
        Some(Shape::List(list)) if list.relation != Relation::Atomic => {
            let (before, after) = (old.as_array(), new.as_array());
            if before.is_none_or(Vec::is_empty) && after.is_none_or(Vec::is_empty) {
                return Ok(Some(new.clone()));
            }
            let empty = Vec::new();
            items(schema, list, before.unwrap_or(&empty), after.unwrap_or(&empty), path)
        }
        _ => Ok(Some(new.clone())),
    }
}

fn fields(
    schema: TypeRef<'_>,
    map: &Map,
    old: Option<&JsonMap<String, Value>>,
    new: Option<&JsonMap<String, Value>>,
    path: &mut Vec<PathElement>,
) -> Result<Option<Value>, Faults> {
    let mut out = old.cloned().unwrap_or_default();
    for (name, new) in new.into_iter().flatten() {
        let merged = match out.get(name) {
            None => Some(new.clone()),
            Some(old) => {
                path.push(PathElement::field(name));
                let Some(member) = schema.member(map, name) else { return Err(Faults::one(path, "field not declared in schema")) };
                let merged = value(member, Some(old), Some(new), path)?;
                path.pop();
                merged
            }
        };
        match merged {
            Some(merged) => out.insert(name.clone(), merged),
            None => out.remove(name),
        };
    }
    Ok(Some(Value::Object(out)).filter(|out| out.as_object().is_some_and(|out| !out.is_empty())))
}

/// The items of both lists. Those that only the old one has keep their place among those that both have; the new one's order decides where it names several
/// that both have.
fn items(schema: TypeRef<'_>, list: &List, old: &[Value], new: &[Value], path: &mut Vec<PathElement>) -> Result<Option<Value>, Faults> {
    let old_steps = steps(list, old, path)?;
    let new_steps = steps(list, new, path)?;
    let mut of_old: BTreeMap<&PathElement, Option<&Value>> = BTreeMap::new();
    for (step, item) in old_steps.iter().zip(old) {
        // items that cannot be told apart are replaced, not merged
        of_old.entry(step).and_modify(|known| *known = None).or_insert(Some(item));
    }
    let mut of_new: BTreeMap<&PathElement, &Value> = BTreeMap::new();
    for (step, item) in new_steps.iter().zip(new) {
        if of_new.insert(step, item).is_some() {
            return Err(Faults::one(path, format!("duplicate entries for key {step}")));
        }
    }
    let mut shared = new_steps.iter().filter(|step| of_old.contains_key(step));
    let mut next_shared = shared.next();
    let mut taken: BTreeSet<&PathElement> = BTreeSet::new();
    let mut out = Vec::with_capacity(old.len().max(new.len()));
    let merged = |step: &PathElement, path: &mut Vec<PathElement>| -> Result<Option<Value>, Faults> {
        path.push(step.clone());
        let both = value(schema.at(list.items), of_old.get(step).copied().flatten(), of_new.get(step).copied(), path)?;
        path.pop();
        Ok(both)
    };
    let (mut at_old, mut at_new) = (0, 0);
    while at_old < old.len() || at_new < new.len() {
        if let (Some(left), Some(right)) = (old_steps.get(at_old), new_steps.get(at_new)) {
            if left == right {
                taken.insert(left);
                out.extend(merged(left, path)?);
                at_old += 1;
                at_new += 1;
                next_shared = shared.next();
                continue;
            }
            if of_new.contains_key(left) && next_shared.is_some_and(|next| next != left) {
                // both have it, and its turn comes with the new list
                at_old += 1;
                continue;
            }
        }
        if let Some(left) = old_steps.get(at_old) {
            if !of_new.contains_key(left) {
                out.push(old[at_old].clone());
                at_old += 1;
                continue;
            }
            if taken.contains(left) {
                at_old += 1;
            }
        }
        if let Some(right) = new_steps.get(at_new) {
            taken.insert(right);
            out.extend(merged(right, path)?);
            at_new += 1;
            if next_shared == Some(right) {
                next_shared = shared.next();
            }
        }
    }
    Ok((!out.is_empty()).then_some(Value::Array(out)))
}

fn steps(list: &List, items: &[Value], path: &[PathElement]) -> Result<Vec<PathElement>, Faults> {
    let step = |(index, item)| list.step(item).map_err(|why| Faults::one(path, format!("element {index}: {why}")));
    items.iter().enumerate().map(step).collect()
}
