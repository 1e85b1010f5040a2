//! The one way in which tests of kinds look at defaults and faults: as the request path goes.

use api::Object;
use serde_json::Value;

use crate::{Kind, Part};

pub(crate) fn decoded(kind: &Kind, value: Value) -> Box<dyn Object> {
    let mut unknown = Vec::new();
    let mut object = kind.behaviour.decode(value, &mut unknown).unwrap();
    assert_eq!(unknown, Vec::<String>::new(), "unknown fields in the test's object");
    kind.behaviour.default(object.as_mut());
    object
}

fn texts(errors: &api::ErrorList) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

/// The `spec` after defaults, or the whole object where it has none.
pub(crate) fn check_default(kind: &Kind, input: Value, expected: Value) {
    let mut value = decoded(kind, input).to_value();
    let spec = value.get_mut("spec").map(Value::take).unwrap_or(value);
    assert_eq!(spec, expected);
}

/// The faults of a new object.
pub(crate) fn check_create(kind: &Kind, input: Value, expected: &[&str]) {
    let mut object = decoded(kind, input);
    kind.behaviour.prepare_create(object.as_mut());
    assert_eq!(texts(&kind.behaviour.validate(object.as_ref())), expected);
}

/// The faults of a change.
pub(crate) fn check_update(kind: &Kind, part: Part, input: Value, old: Value, expected: &[&str]) {
    let mut old = decoded(kind, old);
    kind.behaviour.prepare_create(old.as_mut());
    let mut object = decoded(kind, input);
    kind.behaviour.prepare_update(part, object.as_mut(), old.as_ref());
    assert_eq!(texts(&kind.behaviour.validate_update(part, object.as_ref(), old.as_ref())), expected);
}

/// What is said of a new object.
pub(crate) fn check_warnings(kind: &Kind, input: Value, expected: &[&str]) {
    assert_eq!(kind.behaviour.warnings(decoded(kind, input).as_ref(), None), expected);
}
