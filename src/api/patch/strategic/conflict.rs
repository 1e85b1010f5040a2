//! Whether two patches would set one field to different things: what `kubectl apply --overwrite=false` asks.

use serde_json::Value;

use super::order::{deduplicate, sort_scalars};
use super::{DIRECTIVE, Object, PatchError, RETAIN_KEYS, holds_maps, key_of};
use crate::schema::{Facts, Schema, Strategy};

pub(super) fn between_maps(left: &Object, right: &Object, schema: Schema) -> Result<bool, PatchError> {
    for (key, left) in left.iter().filter(|(key, _)| *key != DIRECTIVE && *key != RETAIN_KEYS) {
        let Some(right) = right.get(key) else { continue };
        let (next, facts) = schema.field(key);
        if between_values(left, right, next, Some(facts))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn between_values(left: &Value, right: &Value, schema: Schema, facts: Option<&Facts>) -> Result<bool, PatchError> {
    let strategy = facts.map_or(Strategy::None, |facts| facts.strategy);
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            if left.get(DIRECTIVE) != right.get(DIRECTIVE) {
                return Ok(true);
            }
            if strategy == Strategy::Replace {
                return Ok(false);
            }
            between_maps(left, right, schema)
        }
        (Value::Array(left), Value::Array(right)) => {
            if left.is_empty() && right.is_empty() {
                return Ok(false);
            }
            let maps = holds_maps(&[left, right])?;
            match facts.and_then(|facts| facts.merge_key) {
                Some(key) if strategy == Strategy::Merge && maps => keyed_lists(left, right, key, schema),
                _ if strategy == Strategy::Merge => Ok(false),
                _ => lists(left.clone(), right.clone(), maps, schema),
            }
        }
        (left, right) => Ok(left != right),
    }
}

fn keyed_lists(left: &[Value], right: &[Value], merge_key: &str, schema: Schema) -> Result<bool, PatchError> {
    for left in left {
        let key = key_of(left, merge_key)?;
        for right in right {
            if key_of(right, merge_key)? == key && between_values(left, right, schema, None)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn lists(mut left: Vec<Value>, mut right: Vec<Value>, maps: bool, schema: Schema) -> Result<bool, PatchError> {
    if left.len() != right.len() {
        return Ok(true);
    }
    if !maps {
        (left, right) = (deduplicate(left), deduplicate(right));
        sort_scalars(&mut left);
        sort_scalars(&mut right);
        if left.len() != right.len() {
            return Ok(true);
        }
    }
    for (left, right) in left.iter().zip(&right) {
        if between_values(left, right, schema, None)? {
            return Ok(true);
        }
    }
    Ok(false)
}
