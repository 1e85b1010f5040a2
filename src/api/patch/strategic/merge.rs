//! Applies a patch, or joins two patches into one (then directives are carried over instead of being carried out).

use serde_json::Value;

use super::order::{self, deduplicate, find};
use super::{
    DELETE_FROM_PRIMITIVE_LIST, DIRECTIVE, Object, PatchError, RETAIN_KEYS, SET_ELEMENT_ORDER, as_list, as_map, holds_maps, key_of,
    no_merge_key, printed, wrong_type,
};
use crate::schema::{Facts, Schema, Strategy};

#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    /// True to change an object; false to join two patches.
    pub apply_directives: bool,
}

fn bad_order_list() -> PatchError {
    PatchError::Malformed("invalid patch format of setElementOrder list".to_owned())
}
fn bad_retain_keys() -> PatchError {
    PatchError::Malformed("invalid patch format of retainKeys".to_owned())
}
fn unknown_directive(directive: &Value, map: &Object) -> PatchError {
    PatchError::Other(format!("unknown patch type: {} in map: {}", printed(directive), printed(&Value::Object(map.clone()))))
}

/// Merges a patch into a map.
pub(super) fn maps(mut original: Object, mut patch: Object, schema: Schema, options: Options) -> Result<Object, PatchError> {
    if let Some(directive) = patch.get(DIRECTIVE).cloned() {
        return match directive.as_str() {
            Some("replace") => {
                patch.remove(DIRECTIVE);
                Ok(patch)
            }
            Some("delete") => Ok(Object::new()),
            _ => Err(unknown_directive(&directive, &patch)),
        };
    }
    retain_keys(&mut original, &mut patch, options)?;
    ordered_lists(&mut original, &mut patch, schema, options)?;
    for (key, mut value) in patch {
        let mut deletes = false;
        let mut name = key.as_str();
        if key.starts_with(DELETE_FROM_PRIMITIVE_LIST) {
            if !options.apply_directives {
                original.insert(key, value);
                continue;
            }
            name = list_name(&key, DELETE_FROM_PRIMITIVE_LIST)
                .ok_or_else(|| PatchError::Malformed("invalid patch format of primitive list".to_owned()))?;
            deletes = true;
        }
        if value.is_null() {
            original.remove(name);
            if options.apply_directives {
                continue;
            }
        }
        match (original.get_mut(name), &value) {
            (Some(Value::Object(_)), Value::Object(_)) => {
                let (next, facts) = schema.field(name);
                let merged = match (facts.strategy, original.remove(name), value) {
                    (Strategy::Replace, _, value) => value,
                    (_, Some(Value::Object(old)), Value::Object(new)) => Value::Object(maps(old, new, next, options)?),
                    (_, _, value) => value,
                };
                original.insert(name.to_owned(), merged);
            }
            (Some(Value::Array(old)), Value::Array(new)) => {
                let (next, facts) = schema.field(name);
                let merged = field_lists(&mut std::mem::take(old), new.clone(), next, facts, deletes, options, name)?;
                original.insert(name.to_owned(), Value::Array(merged));
            }
            _ if deletes => {}
            _ => {
                if options.apply_directives {
                    discard_nulls(&mut value);
                }
                match without_directives(value) {
                    Some(value) => original.insert(name.to_owned(), value),
                    None => original.remove(name),
                };
            }
        }
    }
    Ok(original)
}

/// `$deleteFromPrimitiveList/finalizers` is about `finalizers`.
fn list_name<'a>(key: &'a str, prefix: &str) -> Option<&'a str> {
    key.strip_prefix(prefix)?.strip_prefix('/')
}

/// Drops the keys of the original that `$retainKeys` does not name.
fn retain_keys(original: &mut Object, patch: &mut Object, options: Options) -> Result<(), PatchError> {
    let Some(directive) = patch.remove(RETAIN_KEYS) else { return Ok(()) };
    if !options.apply_directives {
        match original.get(RETAIN_KEYS) {
            Some(own) if *own != directive => {
                let (own, other) = (printed(own), printed(&directive));
                let why = "this may happen when calculating the 3-way diff patch";
                return Err(PatchError::Other(format!("{own} and {other} are not deep equal: {why}")));
            }
            Some(_) => {}
            None => {
                original.insert(RETAIN_KEYS.to_owned(), directive);
            }
        }
        return Ok(());
    }
    let keys = directive.as_array().ok_or_else(bad_retain_keys)?;
    let named = |key: &str| keys.iter().any(|name| name == key);
    let directive = |key: &str| key.starts_with(DELETE_FROM_PRIMITIVE_LIST) || key.starts_with(SET_ELEMENT_ORDER);
    if patch.iter().any(|(key, value)| !value.is_null() && !directive(key) && !named(key)) {
        return Err(bad_retain_keys());
    }
    original.retain(|key, _| named(key));
    Ok(())
}

/// Merges the lists that have a `$setElementOrder`, and takes them out of the patch.
fn ordered_lists(original: &mut Object, patch: &mut Object, schema: Schema, options: Options) -> Result<(), PatchError> {
    let directives: Vec<String> = patch.keys().filter(|key| key.starts_with(SET_ELEMENT_ORDER)).cloned().collect();
    for key in directives {
        let Some(directive) = patch.remove(&key) else { continue };
        if !options.apply_directives {
            if original.get(&key).is_some_and(|own| *own != directive) {
                return Err(bad_order_list());
            }
            original.insert(key.clone(), directive.clone());
        }
        let order = as_list(&directive)?;
        let name = list_name(&key, SET_ELEMENT_ORDER).ok_or_else(bad_order_list)?;
        let list = |map: &Object| map.get(name).map(|list| as_list(list).cloned()).transpose();
        let (mut own, new) = (list(original)?, list(patch)?);
        let (next, facts) = schema.field(name);
        check_order(new.as_deref().unwrap_or_default(), order, facts.merge_key)?;
        let merged = match (&mut own, new.clone()) {
            (None, None) => continue,
            (Some(own), None) => own.clone(),
            (None, Some(new)) => new.into_iter().filter_map(without_directives).collect(),
            (Some(own), Some(new)) => field_lists(own, new, next, facts, false, options, name)?,
        };
        let (named, server_only) = order::partition(merged, order, facts.merge_key)?;
        let (own, new) = (own.unwrap_or_default(), new.unwrap_or_default());
        let merge_key = if holds_maps(&[&own, &new])? { Some(facts.merge_key.unwrap_or_default()) } else { None };
        let both = order::merged(named, server_only, order, &own, merge_key)?;
        original.insert(name.to_owned(), Value::Array(both));
        patch.remove(name);
    }
    Ok(())
}

/// What the patch sets must stand in the order that it demands.
fn check_order(list: &[Value], order: &[Value], merge_key: Option<&str>) -> Result<(), PatchError> {
    if list.is_empty() || order.is_empty() {
        return Ok(());
    }
    let stays = match merge_key {
        Some(_) => order::split_deleted(list.to_vec())?.0,
        None => list.to_vec(),
    };
    let mut items = stays.iter().filter(|item| item.get(DIRECTIVE).is_none()).peekable();
    for wanted in order {
        let Some(item) = items.peek() else { break };
        let equal = match merge_key {
            Some(key) => key_of(item, key)? == key_of(wanted, key)?,
            None => *item == wanted,
        };
        if equal {
            items.next();
        }
    }
    if items.peek().is_some() {
        let (list, order) = (printed(&Value::Array(list.to_vec())), printed(&Value::Array(order.to_vec())));
        return Err(PatchError::Other(format!("The order in patch list:\n{list}\n doesn't match {SET_ELEMENT_ORDER} list:\n{order}\n")));
    }
    Ok(())
}

/// Merges the lists of one field as its type says. What upstream's merging leaves behind in the original list is left in `original`: where
/// elements were deleted, others have moved up and new ones may have taken their places, and the order of the result depends on it.
fn field_lists(
    original: &mut [Value],
    patch: Vec<Value>,
    schema: Schema,
    facts: &Facts,
    deletes: bool,
    options: Options,
    name: &str,
) -> Result<Vec<Value>, PatchError> {
    if facts.strategy != Strategy::Merge && !deletes {
        return Ok(patch);
    }
    if original.is_empty() && patch.is_empty() {
        return Ok(Vec::new());
    }
    if !holds_maps(&[original, &patch])? {
        if options.apply_directives && deletes {
            return Ok(original.iter().filter(|item| !patch.contains(item)).cloned().collect());
        }
        let merged = deduplicate(original.iter().chain(&patch).cloned().collect());
        let (named, server_only) = order::partition(merged, &patch, facts.merge_key)?;
        return order::merged(named, server_only, &patch, original, None);
    }
    let merge_key = facts.merge_key.ok_or_else(|| PatchError::Other(format!("cannot merge lists without merge key for {name}")))?;
    let directives = carry_out_directives(original, patch, merge_key)?;
    let (base, patch) =
        if directives.replace { (directives.plain, Vec::new()) } else { (original[..directives.kept].to_vec(), directives.plain) };
    let merged = merge_elements(base.clone(), &patch, merge_key, schema, options)?;
    if !directives.replace {
        for (place, new) in original[directives.kept..].iter_mut().zip(&merged[base.len()..]) {
            *place = new.clone();
        }
    }
    let (named, server_only) = order::partition(merged, &patch, Some(merge_key))?;
    order::merged(named, server_only, &patch, &base, Some(merge_key))
}

struct Directives {
    /// How many elements of the original remain; they stand at its front.
    kept: usize,
    /// Elements of the patch without directives.
    plain: Vec<Value>,
    /// The plain elements are the whole list.
    replace: bool,
}

/// Deletes what elements with `$patch: delete` name, by moving the rest up; sees whether there is a `$patch: replace`.
fn carry_out_directives(original: &mut [Value], patch: Vec<Value>, merge_key: &str) -> Result<Directives, PatchError> {
    let mut directives = Directives { kept: original.len(), plain: Vec::new(), replace: false };
    for item in patch {
        let map = as_map(&item)?;
        let Some(directive) = map.get(DIRECTIVE) else {
            directives.plain.push(item);
            continue;
        };
        match directive.as_str() {
            Some("delete") => {
                let key = map.get(merge_key).ok_or_else(|| no_merge_key(map, merge_key))?;
                while let Some(index) = find(&original[..directives.kept], merge_key, key)? {
                    for place in index + 1..directives.kept {
                        original[place - 1] = original[place].clone();
                    }
                    directives.kept -= 1;
                }
            }
            Some("replace") => directives.replace = true,
            Some("merge") => return Err(PatchError::Other("merging lists cannot yet be specified in the patch".to_owned())),
            _ => return Err(unknown_directive(directive, map)),
        }
    }
    Ok(directives)
}

fn merge_elements(
    mut original: Vec<Value>,
    patch: &[Value],
    merge_key: &str,
    schema: Schema,
    options: Options,
) -> Result<Vec<Value>, PatchError> {
    for item in patch {
        let key = key_of(item, merge_key)?;
        match find(&original, merge_key, key)? {
            None => original.push(item.clone()),
            Some(index) => {
                let (Value::Object(old), Value::Object(new)) = (original[index].take(), item.clone()) else {
                    return Err(wrong_type("map[string]interface {}", item));
                };
                original[index] = Value::Object(maps(old, new, schema, options)?);
            }
        }
    }
    Ok(original)
}

/// Removes the nulls of a subtree that the original does not have: there is nothing to delete.
fn discard_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(discard_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(discard_nulls),
        _ => {}
    }
}

/// A subtree without the maps that carry a `$patch`; `None` where it is one itself.
fn without_directives(value: Value) -> Option<Value> {
    match value {
        Value::Object(map) if map.contains_key(DIRECTIVE) => None,
        Value::Object(map) => {
            Some(Value::Object(map.into_iter().filter_map(|(key, value)| Some((key, without_directives(value)?))).collect()))
        }
        Value::Array(items) => Some(Value::Array(items.into_iter().filter_map(without_directives).collect())),
        value => Some(value),
    }
}
