//! Values that may be absent, and the ends of lists as such values.

use crate::data::display;
use crate::equality::equal;
use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::value::{Outcome, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("optional_of", "optional.of", "(V) -> optional(V)", of),
    row("optional_ofNonZeroValue", "optional.ofNonZeroValue", "(V) -> optional(V)", of_non_zero_value),
    row("optional_none", "optional.none", "() -> optional(V)", none),
    row("optional_value", "value", "optional(V).() -> V", value),
    row("optional_hasValue", "hasValue", "optional(V).() -> bool", has_value),
    row("optional_or_optional", "or", "optional(V).(optional(V)) -> optional(V)", or),
    row("optional_orValue_value", "orValue", "optional(V).(V) -> V", or_value),
    row("select_optional_field", "_?._", "(dyn, string) -> optional(V)", special),
    row("list_optindex_optional_int", "_[?_]", "(list(V), int) -> optional(V)", special),
    row("optional_list_optindex_optional_int", "_[?_]", "(optional(list(V)), int) -> optional(V)", special),
    row("map_optindex_optional_value", "_[?_]", "(map(K, V), K) -> optional(V)", special),
    row("optional_map_optindex_optional_value", "_[?_]", "(optional(map(K, V)), K) -> optional(V)", special),
    row("list_last", "last", "list(V).() -> optional(V)", last),
    row("list_first", "first", "list(V).() -> optional(V)", first),
    row("optional_unwrap", "optional.unwrap", "(list(optional(V))) -> list(V)", unwrap),
    row("optional_unwrapOpt", "unwrapOpt", "list(optional(V)).() -> list(V)", unwrap),
];

/// What the plan has steps of its own for.
fn special<'a>(_: &Context<'a, '_>, _: &[Value<'a>]) -> Outcome<'a> {
    no_such_overload()
}

fn of<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    args.first().map_or_else(no_such_overload, |value| Ok(Value::optional(Some(value.clone()))))
}

fn of_non_zero_value<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    args.first().map_or_else(no_such_overload, |value| Ok(Value::optional(Some(value.clone()).filter(|value| !is_zero(value)))))
}

fn is_zero(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Int(value) => *value == 0,
        Value::Uint(value) => *value == 0,
        Value::Double(value) => *value == 0.0,
        Value::String(text) => text.is_empty(),
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::Duration(nanoseconds) => *nanoseconds == 0,
        Value::Timestamp(moment) => moment.is_zero(),
        Value::List(list) => list.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Optional(inside) => inside.as_ref().is_none_or(|inside| is_zero(inside)),
        Value::Object(made) => made.fields.is_empty(),
        Value::Type(_) | Value::Extension(_) | Value::Preserved(_) => false,
    }
}

fn none<'a>(_: &Context<'a, '_>, _: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Optional(None))
}

fn value<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Optional(Some(inside))] => Ok(Value::clone(inside)),
        [Value::Optional(None)] => error("optional.none() dereference"),
        _ => no_such_overload(),
    }
}

fn has_value<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Optional(inside)] => Ok(Value::Bool(inside.is_some())),
        _ => no_such_overload(),
    }
}

fn or<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Optional(None), other @ Value::Optional(_)] => Ok(other.clone()),
        [optional @ Value::Optional(Some(_)), Value::Optional(_)] => Ok(optional.clone()),
        _ => no_such_overload(),
    }
}

fn or_value<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Optional(None), other] => Ok(other.clone()),
        [Value::Optional(Some(inside)), _] => Ok(Value::clone(inside)),
        _ => no_such_overload(),
    }
}

fn end<'a>(args: &[Value<'a>], last: bool) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_such_overload() };
    let place = if last { list.len().wrapping_sub(1) } else { 0 };
    list.get(place).transpose().map(Value::optional)
}

fn last<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    end(args, true)
}

fn first<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    end(args, false)
}

fn unwrap<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_such_overload() };
    let mut values = Vec::new();
    for element in list.iter() {
        match element? {
            Value::Optional(inside) => values.extend(inside.map(|inside| Value::clone(&inside))),
            other => return error(format!("value {} is not optional", display(&other))),
        }
    }
    Ok(Value::list(values))
}

/// Whether a list has an element; an error counts only where none is the same.
pub(crate) fn has_element<'a>(elements: impl Iterator<Item = Outcome<'a>>, value: &Value<'a>) -> Outcome<'a> {
    let mut failure = None;
    for element in elements {
        match element.and_then(|element| equal(&element, value)) {
            Ok(true) => return Ok(Value::Bool(true)),
            Ok(false) => {}
            Err(other) => failure = failure.or(Some(other)),
        }
    }
    failure.map_or(Ok(Value::Bool(false)), Err)
}
