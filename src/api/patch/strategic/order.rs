//! The order of merged lists: what the patch names stands in the patch's order, what only the server has stays where it was relative to it.

use serde_json::Value;

use super::{DIRECTIVE, Object, PatchError, as_map, key_of, printed};

/// Where a value's like stands in a list: by merge key for maps, by itself for scalars.
fn position(list: &[Value], item: &Value, merge_key: Option<&str>) -> Option<usize> {
    let identity = |item: &'_ Value| match merge_key {
        Some(key) => item.get(key).cloned().unwrap_or(Value::Null),
        None => item.clone(),
    };
    let wanted = identity(item);
    list.iter().position(|other| identity(other) == wanted)
}

/// Merges both parts of a list into one, each in its order. `merge_key` is `None` for scalars.
pub(super) fn merged(
    patch: Vec<Value>,
    server_only: Vec<Value>,
    patch_order: &[Value],
    server_order: &[Value],
    merge_key: Option<&str>,
) -> Result<Vec<Value>, PatchError> {
    let patch = sorted(patch, patch_order, merge_key)?;
    let server_only = sorted(server_only, server_order, merge_key)?;
    let mut all = Vec::with_capacity(patch.len() + server_only.len());
    let (mut patch, mut server_only) = (patch.into_iter().peekable(), server_only.into_iter().peekable());
    while let (Some(left), Some(right)) = (server_only.peek(), patch.peek()) {
        let before = match (position(server_order, left, merge_key), position(server_order, right, merge_key)) {
            (Some(left), Some(right)) => left < right,
            _ => false,
        };
        all.extend(if before { server_only.next() } else { patch.next() });
    }
    all.extend(patch);
    all.extend(server_only);
    Ok(all)
}

/// A list in the order of another; elements to be deleted go last.
pub(super) fn sorted(list: Vec<Value>, order: &[Value], merge_key: Option<&str>) -> Result<Vec<Value>, PatchError> {
    let (list, deleted) = match merge_key {
        None => (list, Vec::new()),
        Some(key) => {
            for item in list.iter().chain(order) {
                key_of(item, key)?;
            }
            split_deleted(list)?
        }
    };
    let mut list: Vec<(Option<usize>, Value)> = list.into_iter().map(|item| (position(order, &item, merge_key), item)).collect();
    // an insertion sort, as upstream's comparison is no order for elements that are not in the list
    for end in 1..list.len() {
        let mut at = end;
        while at > 0 {
            let before = match (list[at].0, list[at - 1].0) {
                (Some(own), Some(previous)) => own < previous,
                _ => true,
            };
            if !before {
                break;
            }
            list.swap(at, at - 1);
            at -= 1;
        }
    }
    Ok(list.into_iter().map(|(_, item)| item).chain(deleted).collect())
}

/// Elements that stay and elements that carry `$patch: delete`.
pub(super) fn split_deleted(list: Vec<Value>) -> Result<(Vec<Value>, Vec<Value>), PatchError> {
    for item in &list {
        as_map(item)?;
    }
    Ok(list.into_iter().partition(|item| item.get(DIRECTIVE).is_none_or(|directive| directive != "delete")))
}

/// Elements that are named in `by`, and those that are not.
pub(super) fn partition(list: Vec<Value>, by: &[Value], merge_key: Option<&str>) -> Result<(Vec<Value>, Vec<Value>), PatchError> {
    let Some(key) = merge_key else {
        return Ok(list.into_iter().partition(|item| by.contains(item)));
    };
    let mut named = (Vec::new(), Vec::new());
    for item in list {
        let found = find(by, key, key_of(&item, key)?)?.is_some();
        if found { &mut named.0 } else { &mut named.1 }.push(item);
    }
    Ok(named)
}

/// Where the element with a merge key's value stands.
pub(super) fn find(list: &[Value], merge_key: &str, value: &Value) -> Result<Option<usize>, PatchError> {
    for (index, item) in list.iter().enumerate() {
        let map: &Object = item.as_object().ok_or_else(|| PatchError::Other(format!("value for key {index} is not a map")))?;
        if map.get(merge_key) == Some(value) {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// Scalars in the order of their printed form.
pub(super) fn sort_scalars(list: &mut [Value]) {
    list.sort_by_cached_key(printed);
}

/// Every scalar once. The last one takes the place of a removed one, as upstream does it.
pub(super) fn deduplicate(mut list: Vec<Value>) -> Vec<Value> {
    let mut index = 0;
    while index < list.len() {
        let mut other = index + 1;
        while other < list.len() {
            if list[index] == list[other] {
                list.swap_remove(other);
            } else {
                other += 1;
            }
        }
        index += 1;
    }
    list
}
