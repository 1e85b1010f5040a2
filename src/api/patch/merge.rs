//! JSON merge patches (RFC 7386): maps merge, null deletes, everything else is replaced; and how the client makes them for kinds without
//! a known schema.

use serde_json::{Map, Value};

use super::PatchError;

/// Applies a patch. Upstream refuses one that is no map.
pub fn apply(mut original: Value, patch: &Value) -> Result<Value, PatchError> {
    if !patch.is_object() {
        return Err(PatchError::Malformed("Invalid JSON Patch".to_owned()));
    }
    json_patch::merge(&mut original, patch);
    Ok(original)
}

/// The patch that makes `modified` of `original`.
pub fn create(original: &Value, modified: &Value) -> Value {
    let empty = Map::new();
    let map = |value: &Value| value.as_object().cloned().unwrap_or_else(|| empty.clone());
    Value::Object(difference(&map(original), &map(modified)))
}

fn difference(original: &Map<String, Value>, modified: &Map<String, Value>) -> Map<String, Value> {
    let mut patch = Map::new();
    for (key, new) in modified {
        match (original.get(key), new) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                let nested = difference(old, new);
                if !nested.is_empty() {
                    patch.insert(key.clone(), Value::Object(nested));
                }
            }
            (Some(old), new) if old == new => {}
            (_, new) => {
                patch.insert(key.clone(), new.clone());
            }
        }
    }
    for key in original.keys().filter(|key| !modified.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    patch
}

/// The patch of `kubectl apply`: additions and changes against what is there, deletions against what was applied last.
pub fn three_way(original: &Value, modified: &Value, current: &Value) -> Result<Value, PatchError> {
    let changes = filtered(create(current, modified), false);
    let deletions = filtered(create(original, modified), true);
    if conflicting(&changes, &deletions) {
        return Err(PatchError::Conflict { patch: changes.to_string(), changes: deletions.to_string() });
    }
    apply(deletions, &changes)
}

/// Only the nulls of a patch, or all but the nulls. Empty maps are values, maps emptied by filtering are not.
fn filtered(patch: Value, nulls: bool) -> Value {
    let Value::Object(map) = patch else { return patch };
    let keep = |(key, value): (String, Value)| match value {
        Value::Null => nulls.then_some((key, Value::Null)),
        Value::Object(map) if map.is_empty() => (!nulls).then_some((key, Value::Object(map))),
        Value::Object(map) => {
            let nested = filtered(Value::Object(map), nulls);
            (nested != Value::Object(Map::new())).then_some((key, nested))
        }
        value => (!nulls).then_some((key, value)),
    };
    Value::Object(map.into_iter().filter_map(keep).collect())
}

/// Whether two patches would set one field to different things.
fn conflicting(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            left.iter().any(|(key, left)| right.get(key).is_some_and(|right| conflicting(left, right)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() != right.len() || left.iter().zip(right).any(|(left, right)| conflicting(left, right))
        }
        (left, right) => left != right,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn applies_as_the_rfc() {
        // from the appendix of RFC 7386
        let table = [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ];
        for (original, patch, expected) in table {
            assert_eq!(apply(original, &patch), Ok(expected), "{patch}");
        }
        assert!(apply(json!({}), &json!([])).is_err());
    }

    #[test]
    fn three_ways() {
        let check = |original: Value, modified: Value, current: Value, expected: Value| {
            assert_eq!(three_way(&original, &modified, &current), Ok(expected), "{original} {modified} {current}");
        };
        check(json!({"a": 1, "b": 2}), json!({"a": 1}), json!({"a": 1, "b": 2, "server": true}), json!({"b": null}));
        check(json!({"a": 1}), json!({"a": 2, "n": {"x": []}}), json!({"a": 3}), json!({"a": 2, "n": {"x": []}}));
        check(json!({}), json!({"m": {}}), json!({}), json!({"m": {}}));
        check(json!({"l": [1, 2]}), json!({"l": [2]}), json!({"l": [1, 2, 3]}), json!({"l": [2]}));
        check(json!({"m": {"a": 1, "b": 1}}), json!({"m": {"b": 2}}), json!({"m": {"a": 1, "b": 1}}), json!({"m": {"a": null, "b": 2}}));
        check(json!({"a": 1}), json!({"a": 1}), json!({"a": 1, "z": 9}), json!({}));
    }
}
