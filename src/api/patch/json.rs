//! JSON patches (RFC 6902): `[{"op": "replace", "path": "/spec/replicas", "value": 3}]`.

use json_patch::{Patch, PatchErrorKind, PatchOperation};
use serde_json::Value;

use super::PatchError;

/// More operations than this are refused, as upstream refuses them.
pub const MAX_OPERATIONS: usize = 10_000;

/// Bytes that the copies of one patch may add, as upstream's.
const MAX_COPIED_BYTES: usize = 3 << 20;
/// Levels of what a patch makes: no type is as deep, and what is deeper could not be read again.
const MAX_DEPTH: usize = 100;

/// Applies a patch, all of it or nothing.
pub fn apply(mut original: Value, patch: &Value) -> Result<Value, PatchError> {
    let patch = parse(patch)?;
    let mut copied_bytes = 0;
    for operation in &patch.0 {
        bound(&original, operation, &mut copied_bytes)?;
        if let Some(outcome) = test_of_nothing(&original, operation) {
            outcome?;
            continue;
        }
        json_patch::patch_unsafe(&mut original, std::slice::from_ref(operation)).map_err(|error| {
            let path = error.path.to_string();
            let operation = name(operation);
            PatchError::Unprocessable(match error.kind {
                PatchErrorKind::TestFailed => format!("testing value {path} failed: test failed"),
                PatchErrorKind::InvalidFromPointer => {
                    format!("{operation} operation does not apply: doc is missing from path: {path}: missing value")
                }
                PatchErrorKind::CannotMoveInsideItself => format!("{operation} operation does not apply: cannot move {path} inside itself"),
                PatchErrorKind::InvalidPointer if operation == "add" => {
                    format!("add operation does not apply: doc is missing path: \"{path}\": missing value")
                }
                _ => format!("{operation} operation does not apply: doc is missing key: {path}: missing value"),
            })
        })?;
    }
    Ok(original)
}

/// What comes of a test of something that is not there. To upstream a key that an object does not have is null, and controllers test so that they are the first to add a
/// finalizer.
fn test_of_nothing(document: &Value, operation: &PatchOperation) -> Option<Result<(), PatchError>> {
    let PatchOperation::Test(test) = operation else { return None };
    if document.pointer(test.path.as_str()).is_some() {
        return None;
    }
    let container = test.path.parent().and_then(|parent| document.pointer(parent.as_str()));
    Some(match container {
        Some(Value::Object(_)) if test.value.is_null() => Ok(()),
        Some(Value::Object(_)) => Err(PatchError::Unprocessable(format!("testing value {} failed: test failed", test.path))),
        _ => Err(PatchError::Unprocessable(format!("test operation does not apply: is missing path: {}: missing value", test.path))),
    })
}

/// A patch of few bytes could copy what it has copied, over and over: neither size nor depth grow beyond bounds.
fn bound(document: &Value, operation: &PatchOperation, copied_bytes: &mut usize) -> Result<(), PatchError> {
    let (value, path) = match operation {
        PatchOperation::Add(add) => (Some(&add.value), &add.path),
        PatchOperation::Replace(replace) => (Some(&replace.value), &replace.path),
        PatchOperation::Move(moving) => (document.pointer(moving.from.as_str()), &moving.path),
        PatchOperation::Copy(copy) => {
            let value = document.pointer(copy.from.as_str());
            *copied_bytes += value.map_or(0, |value| value.to_string().len());
            (value, &copy.path)
        }
        PatchOperation::Remove(_) | PatchOperation::Test(_) => return Ok(()),
    };
    if *copied_bytes > MAX_COPIED_BYTES {
        return Err(PatchError::Unprocessable(format!(
            "Unable to complete the copy, the accumulated size increase of copy is {copied_bytes}, exceeding the limit {MAX_COPIED_BYTES}"
        )));
    }
    if path.count() + value.map_or(0, depth) > MAX_DEPTH {
        return Err(PatchError::Unprocessable(format!("{} operation does not apply: exceeded max depth", name(operation))));
    }
    Ok(())
}

/// Levels of a tree that is itself bounded.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

fn parse(patch: &Value) -> Result<Patch, PatchError> {
    let Value::Array(operations) = patch else {
        let kind = match patch {
            Value::Object(_) => "object",
            Value::String(_) => "string",
            Value::Number(_) => "number",
            Value::Bool(_) => "bool",
            Value::Null | Value::Array(_) => return Ok(Patch(Vec::new())),
        };
        return Err(PatchError::Malformed(format!("json: cannot unmarshal {kind} into Go value of type jsonpatch.Patch")));
    };
    if operations.len() > MAX_OPERATIONS {
        return Err(PatchError::TooManyOperations { allowed: MAX_OPERATIONS, actual: operations.len() });
    }
    let operation = |operation: &Value| {
        serde_json::from_value::<PatchOperation>(operation.clone()).map_err(|error| match operation.get("op").and_then(Value::as_str) {
            Some("add" | "remove" | "replace" | "move" | "copy" | "test") => {
                PatchError::Unprocessable(format!("error in {}: {error}", operation.get("path").unwrap_or(&Value::Null)))
            }
            other => PatchError::Unprocessable(format!("Unexpected kind: {}", other.unwrap_or("unknown"))),
        })
    };
    operations.iter().map(operation).collect::<Result<_, _>>().map(Patch)
}

fn name(operation: &PatchOperation) -> &'static str {
    match operation {
        PatchOperation::Add(_) => "add",
        PatchOperation::Remove(_) => "remove",
        PatchOperation::Replace(_) => "replace",
        PatchOperation::Move(_) => "move",
        PatchOperation::Copy(_) => "copy",
        PatchOperation::Test(_) => "test",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(original: &Value, patch: &Value, expected: Result<Value, &str>) {
        let result = apply(original.clone(), patch).map_err(|error| error.to_string());
        assert_eq!(result, expected.map_err(str::to_owned), "{patch}");
    }

    #[test]
    fn operations() {
        let original = json!({"a": {"b": [1, 2]}, "m~n/o": 1});
        check(&original, &json!([{"op": "add", "path": "/a/b/-", "value": 3}]), Ok(json!({"a": {"b": [1, 2, 3]}, "m~n/o": 1})));
        check(&original, &json!([{"op": "remove", "path": "/m~0n~1o"}]), Ok(json!({"a": {"b": [1, 2]}})));
        check(
            &original,
            &json!([{"op": "move", "from": "/a/b", "path": "/c"}, {"op": "test", "path": "/c/0", "value": 1}]),
            Ok(json!({"a": {}, "c": [1, 2], "m~n/o": 1})),
        );
        check(&original, &json!([]), Ok(original.clone()));
    }

    #[test]
    fn what_is_missing_is_null_to_a_test() {
        let steps = |value: Value| json!([{"op": "test", "path": "/a/b", "value": value}, {"op": "add", "path": "/a/b", "value": [1]}]);
        check(&json!({"a": {}}), &steps(Value::Null), Ok(json!({"a": {"b": [1]}})));
        check(&json!({"a": {"b": null}}), &steps(Value::Null), Ok(json!({"a": {"b": [1]}})));
        check(&json!({"a": {"b": 1}}), &steps(Value::Null), Err("testing value /a/b failed: test failed"));
        check(&json!({"a": {}}), &steps(json!(1)), Err("testing value /a/b failed: test failed"));
        check(&json!({}), &steps(Value::Null), Err("test operation does not apply: is missing path: /a/b: missing value"));
    }

    #[test]
    fn growth_is_bounded() {
        let document = json!({"a": {"x": "0123456789".repeat(100)}});
        let copies: Vec<Value> = (0..40).map(|index| json!({"op": "copy", "from": "/a", "path": format!("/a/{index}")})).collect();
        let error = apply(document, &copies.into()).unwrap_err().to_string();
        assert!(error.starts_with("Unable to complete the copy, the accumulated size increase of copy is "), "{error}");
        let nested: Vec<Value> = (1..200).map(|depth| json!({"op": "add", "path": "/a".repeat(depth), "value": {}})).collect();
        check(&json!({}), &nested.into(), Err("add operation does not apply: exceeded max depth"));
    }

    #[test]
    fn errors() {
        let original = json!({"a": 1});
        check(
            &original,
            &json!([{"op": "remove", "path": "/x"}]),
            Err("remove operation does not apply: doc is missing key: /x: missing value"),
        );
        check(&original, &json!([{"op": "test", "path": "/a", "value": 2}]), Err("testing value /a failed: test failed"));
        check(&original, &json!({"a": 1}), Err("json: cannot unmarshal object into Go value of type jsonpatch.Patch"));
        check(&original, &json!([{"op": "jump", "path": "/a"}]), Err("Unexpected kind: jump"));
        let many = Value::Array(vec![json!({"op": "test", "path": "/a", "value": 1}); MAX_OPERATIONS + 1]);
        assert_eq!(
            apply(original, &many).unwrap_err().to_status().0.message.unwrap(),
            "The allowed maximum operations in a JSON patch is 10000, got 10001"
        );
    }
}
