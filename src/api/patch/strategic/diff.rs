//! Makes patches: what must change for one object to become another.

use serde_json::{Value, json};

use super::order::{deduplicate, sort_scalars, sorted};
use super::{
    DELETE_FROM_PRIMITIVE_LIST, DIRECTIVE, Object, PatchError, RETAIN_KEYS, SET_ELEMENT_ORDER, as_map, go_type, holds_maps, key_of, printed,
};
use crate::schema::{Schema, Strategy};

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    /// Say in which order merged lists shall stand.
    pub set_element_order: bool,
    /// Only deletions are wanted.
    pub ignore_changes: bool,
    /// Only additions and changes are wanted.
    pub ignore_deletions: bool,
    /// The map's type demands `$retainKeys`.
    pub retain_keys: bool,
}

/// The patch from one map to another. Lists of scalars in the original end up sorted, as upstream leaves them: a later comparison with the
/// same original sees that.
pub(super) fn maps(original: &mut Object, modified: &Object, schema: Schema, options: Options) -> Result<Object, PatchError> {
    let mut patch = Object::new();
    for (key, new) in modified {
        let Some(old) = original.get_mut(key) else {
            if !options.ignore_changes {
                patch.insert(key.clone(), new.clone());
            }
            continue;
        };
        if key == DIRECTIVE {
            if !old.is_string() || !new.is_string() {
                return Err(PatchError::Other(format!("invalid value for special key: {DIRECTIVE}")));
            }
            if old != new {
                patch.insert(key.clone(), new.clone());
            }
            continue;
        }
        if go_type(old) != go_type(new) {
            if !options.ignore_changes {
                patch.insert(key.clone(), new.clone());
            }
            continue;
        }
        let (next, facts) = schema.field(key);
        let nested = Options { retain_keys: facts.retain_keys, ..options };
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                if facts.strategy == Strategy::Replace {
                    if !options.ignore_changes {
                        patch.insert(key.clone(), Value::Object(new.clone()));
                    }
                    continue;
                }
                let changes = maps(old, new, next, nested)?;
                if !changes.is_empty() {
                    patch.insert(key.clone(), Value::Object(changes));
                }
            }
            (Value::Array(old), Value::Array(new)) if facts.strategy == Strategy::Merge => {
                let changes = lists(old, new, next, facts.merge_key, nested)?;
                for (prefix, list) in
                    [("", changes.patch), (DELETE_FROM_PRIMITIVE_LIST, changes.deleted), (SET_ELEMENT_ORDER, changes.order)]
                {
                    if !list.is_empty() {
                        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}/{key}") };
                        patch.insert(key, Value::Array(list));
                    }
                }
            }
            (old, new) => {
                if !options.ignore_changes && old != new {
                    patch.insert(key.clone(), new.clone());
                }
            }
        }
    }
    if !options.ignore_deletions {
        for key in original.keys().filter(|key| !modified.contains_key(*key)) {
            patch.insert(key.clone(), Value::Null);
        }
    }
    if options.retain_keys {
        let mut keys: Vec<Value> = modified.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| json!(key)).collect();
        let drops = original.iter().any(|(key, value)| !value.is_null() && !modified.contains_key(key));
        if !keys.is_empty() && (!patch.is_empty() || drops) {
            sort_scalars(&mut keys);
            patch.insert(RETAIN_KEYS.to_owned(), Value::Array(keys));
        }
    }
    Ok(patch)
}

#[derive(Default)]
struct ListChanges {
    patch: Vec<Value>,
    /// Scalars to delete.
    deleted: Vec<Value>,
    order: Vec<Value>,
}

fn lists(
    original: &mut [Value],
    modified: &[Value],
    schema: Schema,
    merge_key: Option<&str>,
    options: Options,
) -> Result<ListChanges, PatchError> {
    if original.is_empty() {
        let patch = if options.ignore_changes { Vec::new() } else { modified.to_vec() };
        return Ok(ListChanges { patch, ..ListChanges::default() });
    }
    if !holds_maps(&[original, modified])? {
        return scalars(original, modified, options);
    }
    let merge_key = merge_key.unwrap_or_default();
    let (patch, deleted) = elements(original, modified, schema, merge_key, options)?;
    let mut patch = sorted(patch, modified, Some(merge_key))?;
    let mut same_order = original.len() == modified.len();
    for (old, new) in original.iter().zip(modified) {
        same_order = same_order && key_of(old, merge_key)? == key_of(new, merge_key)?;
    }
    patch.extend(deleted);
    let wanted = (!options.ignore_changes && (!patch.is_empty() || !same_order)) || (!options.ignore_deletions && !patch.is_empty());
    let mut order = Vec::new();
    if options.set_element_order && wanted {
        for item in modified {
            order.push(json!({merge_key: as_map(item)?.get(merge_key)}));
        }
    }
    Ok(ListChanges { patch, deleted: Vec::new(), order })
}

fn scalars(original: &mut [Value], modified: &[Value], options: Options) -> Result<ListChanges, PatchError> {
    sort_scalars(original);
    let mut wanted = modified.to_vec();
    sort_scalars(&mut wanted);
    let (mut added, mut deleted) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (original.iter().peekable(), wanted.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(old), Some(new)) => printed(old).cmp(&printed(new)),
        };
        if order.is_le() {
            let item = old.next();
            if order.is_lt() && !options.ignore_deletions {
                deleted.extend(item.cloned());
            }
        }
        if order.is_ge() {
            let item = new.next();
            if order.is_gt() && !options.ignore_changes {
                added.extend(item.cloned());
            }
        }
    }
    let deleted = deduplicate(deleted);
    let patch = sorted(added, modified, None)?;
    let wanted = (!options.ignore_deletions && !deleted.is_empty()) || (!options.ignore_changes && *original != *modified);
    let order = if options.set_element_order && wanted { modified.to_vec() } else { Vec::new() };
    Ok(ListChanges { patch, deleted, order })
}

/// What to add or change, and what to delete, of a list of maps.
fn elements(
    original: &mut [Value],
    modified: &[Value],
    schema: Schema,
    merge_key: &str,
    options: Options,
) -> Result<(Vec<Value>, Vec<Value>), PatchError> {
    let (mut patch, mut deleted) = (Vec::new(), Vec::new());
    let keys = |list: &[Value]| {
        let mut keys = Vec::with_capacity(list.len());
        for (index, item) in list.iter().enumerate() {
            keys.push((printed(key_of(item, merge_key)?), index));
        }
        keys.sort();
        Ok::<_, PatchError>(keys)
    };
    let (old_keys, new_keys) = (keys(original)?, keys(modified)?);
    let (mut old, mut new) = (old_keys.iter().peekable(), new_keys.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return Ok((patch, deleted)),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((old, _)), Some((new, _))) => old.cmp(new),
        };
        let old_index = if order.is_le() { old.next().map(|(_, index)| *index) } else { None };
        let new_index = if order.is_ge() { new.next().map(|(_, index)| *index) } else { None };
        match (old_index, new_index) {
            (Some(old), Some(new)) => {
                let new = as_map(&modified[new])?;
                let Value::Object(old) = &mut original[old] else { continue };
                let mut changes = maps(old, new, schema, options)?;
                if !changes.is_empty() {
                    changes.insert(merge_key.to_owned(), new.get(merge_key).cloned().unwrap_or(Value::Null));
                    patch.push(Value::Object(changes));
                }
            }
            (None, Some(new)) if !options.ignore_changes => patch.push(modified[new].clone()),
            (Some(old), None) if !options.ignore_deletions => {
                deleted.push(json!({merge_key: key_of(&original[old], merge_key)?, DIRECTIVE: "delete"}));
            }
            _ => {}
        }
    }
}
