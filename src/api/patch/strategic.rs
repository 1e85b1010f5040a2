//! Strategic merge patches: maps merge, lists merge by the key that the type declares, and directives say what merging cannot
//! (`$patch`, `$deleteFromPrimitiveList`, `$setElementOrder`, `$retainKeys`). Follows `k8s.io/apimachinery/pkg/util/strategicpatch`, order and
//! quirks included: what the client makes is compared byte for byte, and old servers must understand it.
//! [`merge`] applies, [`diff`] makes patches, [`order`] sorts merged lists, [`conflict`] finds clashes with others' changes.

mod conflict;
mod diff;
mod merge;
mod order;

use serde_json::{Map, Value};

use super::PatchError;
use crate::gvk::Gvk;
use crate::schema::Schema;

type Object = Map<String, Value>;

const DIRECTIVE: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const DELETE_FROM_PRIMITIVE_LIST: &str = "$deleteFromPrimitiveList";
const SET_ELEMENT_ORDER: &str = "$setElementOrder";

/// Applies a patch to an object of a built-in kind.
pub fn apply(gvk: &Gvk, original: Value, patch: &Value) -> Result<Value, PatchError> {
    apply_to(Schema::of(gvk), original, patch)
}

/// The patch that makes `modified` of `original`.
pub fn two_way(gvk: &Gvk, original: &Value, modified: &Value) -> Result<Value, PatchError> {
    two_way_of(Schema::of(gvk), original, modified)
}

/// The patch of `kubectl apply`: additions and changes against what is there, deletions against what was applied last. Without `overwrite`,
/// changes that others made to the same fields are a conflict. An absent original is null.
pub fn three_way(gvk: &Gvk, original: &Value, modified: &Value, current: &Value, overwrite: bool) -> Result<Value, PatchError> {
    three_way_of(Schema::of(gvk), original, modified, current, overwrite)
}

fn apply_to(schema: Schema, original: Value, patch: &Value) -> Result<Value, PatchError> {
    let original = object(original)?;
    let options = merge::Options { apply_directives: true };
    merge::maps(original, object(patch.clone())?, schema, options).map(Value::Object)
}

fn two_way_of(schema: Schema, original: &Value, modified: &Value) -> Result<Value, PatchError> {
    let options = diff::Options { set_element_order: true, ..diff::Options::default() };
    diff::maps(&mut object(original.clone())?, &object(modified.clone())?, schema, options).map(Value::Object)
}

fn three_way_of(schema: Schema, original: &Value, modified: &Value, current: &Value, overwrite: bool) -> Result<Value, PatchError> {
    let modified = object(modified.clone())?;
    let (mut original, mut current) = (object(original.clone())?, object(current.clone())?);
    let additions = diff::Options { set_element_order: true, ignore_deletions: true, ..diff::Options::default() };
    let additions = diff::maps(&mut current, &modified, schema, additions)?;
    let deletions = diff::Options { set_element_order: true, ignore_changes: true, ..diff::Options::default() };
    let deletions = diff::maps(&mut original, &modified, schema, deletions)?;
    let patch = merge::maps(deletions, additions, schema, merge::Options { apply_directives: false })?;
    if !overwrite {
        let changes = diff::maps(&mut original, &current, schema, diff::Options::default())?;
        if conflict::between_maps(&patch, &changes, schema)? {
            let text = |map: Object| Value::Object(map).to_string();
            return Err(PatchError::Conflict { patch: text(patch), changes: text(changes) });
        }
    }
    Ok(Value::Object(patch))
}

fn object(value: Value) -> Result<Object, PatchError> {
    match value {
        Value::Object(map) => Ok(map),
        Value::Null => Ok(Object::new()),
        _ => Err(PatchError::Malformed("invalid JSON document".to_owned())),
    }
}

/// A value as Go's `%v` prints it: by which scalars and merge keys are sorted, and what error messages show.
fn printed(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(printed).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key}:{}", printed(value))).collect();
            format!("map[{}]", entries.join(" "))
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// What Go calls the type of a decoded value.
fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "%!s(<nil>)",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

fn wrong_type(expected: &str, actual: &Value) -> PatchError {
    PatchError::Other(format!("expected a {expected}, but received a {}", go_type(actual)))
}

fn no_merge_key(map: &Object, key: &str) -> PatchError {
    PatchError::Other(format!("map: {} does not contain declared merge key: {key}", printed(&Value::Object(map.clone()))))
}

fn as_map(value: &Value) -> Result<&Object, PatchError> {
    value.as_object().ok_or_else(|| wrong_type("map[string]interface {}", value))
}

fn as_list(value: &Value) -> Result<&Vec<Value>, PatchError> {
    value.as_array().ok_or_else(|| wrong_type("[]interface {}", value))
}

/// A list element's value of the merge key.
fn key_of<'a>(item: &'a Value, merge_key: &str) -> Result<&'a Value, PatchError> {
    let map = as_map(item)?;
    map.get(merge_key).ok_or_else(|| no_merge_key(map, merge_key))
}

/// Whether the elements of lists that merge are maps; upstream demands that all are of one type, and that there is one.
fn holds_maps(lists: &[&[Value]]) -> Result<bool, PatchError> {
    let mut items = lists.iter().copied().flatten();
    let Some(first) = items.next() else {
        return Err(PatchError::Other("no elements in any of the given slices".to_owned()));
    };
    if first.is_array() {
        return Err(PatchError::Unprocessable("lists of lists are not supported".to_owned()));
    }
    if items.any(|item| go_type(item) != go_type(first)) {
        let shown: Vec<String> = lists.iter().map(|list| printed(&Value::Array(list.to_vec()))).collect();
        return Err(PatchError::Other(format!("list element types are not identical: [{}]", shown.join(" "))));
    }
    Ok(first.is_object())
}

#[cfg(test)]
mod tests;
