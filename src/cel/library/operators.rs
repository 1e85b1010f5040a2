//! Operators, `in` and `size`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::data::{display, list_kind};
use crate::equality::{compare, equal, keyed};
use crate::evaluate::Context;
use crate::library::int;
use crate::schema::ListKind;
use crate::signature::{Row, row};
use crate::value::{Failure, Key, List, Map, Outcome, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("conditional", "_?_:_", "(bool, A, A) -> A", special),
    row("logical_and", "_&&_", "(bool, bool) -> bool", special),
    row("logical_or", "_||_", "(bool, bool) -> bool", special),
    row("logical_not", "!_", "(bool) -> bool", not),
    row("not_strictly_false", "@not_strictly_false", "(bool) -> bool", special),
    row("equals", "_==_", "(A, A) -> bool", special),
    row("not_equals", "_!=_", "(A, A) -> bool", special),
    row("add_bytes", "_+_", "(bytes, bytes) -> bytes", add),
    row("add_double", "_+_", "(double, double) -> double", add),
    row("add_duration_duration", "_+_", "(duration, duration) -> duration", add),
    row("add_duration_timestamp", "_+_", "(duration, timestamp) -> timestamp", add),
    row("add_timestamp_duration", "_+_", "(timestamp, duration) -> timestamp", add),
    row("add_int64", "_+_", "(int, int) -> int", add),
    row("add_list", "_+_", "(list(A), list(A)) -> list(A)", add),
    row("add_string", "_+_", "(string, string) -> string", add),
    row("add_uint64", "_+_", "(uint, uint) -> uint", add),
    row("divide_double", "_/_", "(double, double) -> double", divide),
    row("divide_int64", "_/_", "(int, int) -> int", divide),
    row("divide_uint64", "_/_", "(uint, uint) -> uint", divide),
    row("modulo_int64", "_%_", "(int, int) -> int", modulo),
    row("modulo_uint64", "_%_", "(uint, uint) -> uint", modulo),
    row("multiply_double", "_*_", "(double, double) -> double", multiply),
    row("multiply_int64", "_*_", "(int, int) -> int", multiply),
    row("multiply_uint64", "_*_", "(uint, uint) -> uint", multiply),
    row("negate_double", "-_", "(double) -> double", negate),
    row("negate_int64", "-_", "(int) -> int", negate),
    row("subtract_double", "_-_", "(double, double) -> double", subtract),
    row("subtract_duration_duration", "_-_", "(duration, duration) -> duration", subtract),
    row("subtract_int64", "_-_", "(int, int) -> int", subtract),
    row("subtract_timestamp_duration", "_-_", "(timestamp, duration) -> timestamp", subtract),
    row("subtract_timestamp_timestamp", "_-_", "(timestamp, timestamp) -> duration", subtract),
    row("subtract_uint64", "_-_", "(uint, uint) -> uint", subtract),
    row("less_bool", "_<_", "(bool, bool) -> bool", less),
    row("less_int64", "_<_", "(int, int) -> bool", less),
    row("less_int64_double", "_<_", "(int, double) -> bool", less),
    row("less_int64_uint64", "_<_", "(int, uint) -> bool", less),
    row("less_uint64", "_<_", "(uint, uint) -> bool", less),
    row("less_uint64_double", "_<_", "(uint, double) -> bool", less),
    row("less_uint64_int64", "_<_", "(uint, int) -> bool", less),
    row("less_double", "_<_", "(double, double) -> bool", less),
    row("less_double_int64", "_<_", "(double, int) -> bool", less),
    row("less_double_uint64", "_<_", "(double, uint) -> bool", less),
    row("less_string", "_<_", "(string, string) -> bool", less),
    row("less_bytes", "_<_", "(bytes, bytes) -> bool", less),
    row("less_timestamp", "_<_", "(timestamp, timestamp) -> bool", less),
    row("less_duration", "_<_", "(duration, duration) -> bool", less),
    row("less_equals_bool", "_<=_", "(bool, bool) -> bool", less_equals),
    row("less_equals_int64", "_<=_", "(int, int) -> bool", less_equals),
    row("less_equals_int64_double", "_<=_", "(int, double) -> bool", less_equals),
    row("less_equals_int64_uint64", "_<=_", "(int, uint) -> bool", less_equals),
    row("less_equals_uint64", "_<=_", "(uint, uint) -> bool", less_equals),
    row("less_equals_uint64_double", "_<=_", "(uint, double) -> bool", less_equals),
    row("less_equals_uint64_int64", "_<=_", "(uint, int) -> bool", less_equals),
    row("less_equals_double", "_<=_", "(double, double) -> bool", less_equals),
    row("less_equals_double_int64", "_<=_", "(double, int) -> bool", less_equals),
    row("less_equals_double_uint64", "_<=_", "(double, uint) -> bool", less_equals),
    row("less_equals_string", "_<=_", "(string, string) -> bool", less_equals),
    row("less_equals_bytes", "_<=_", "(bytes, bytes) -> bool", less_equals),
    row("less_equals_timestamp", "_<=_", "(timestamp, timestamp) -> bool", less_equals),
    row("less_equals_duration", "_<=_", "(duration, duration) -> bool", less_equals),
    row("greater_bool", "_>_", "(bool, bool) -> bool", greater),
    row("greater_int64", "_>_", "(int, int) -> bool", greater),
    row("greater_int64_double", "_>_", "(int, double) -> bool", greater),
    row("greater_int64_uint64", "_>_", "(int, uint) -> bool", greater),
    row("greater_uint64", "_>_", "(uint, uint) -> bool", greater),
    row("greater_uint64_double", "_>_", "(uint, double) -> bool", greater),
    row("greater_uint64_int64", "_>_", "(uint, int) -> bool", greater),
    row("greater_double", "_>_", "(double, double) -> bool", greater),
    row("greater_double_int64", "_>_", "(double, int) -> bool", greater),
    row("greater_double_uint64", "_>_", "(double, uint) -> bool", greater),
    row("greater_string", "_>_", "(string, string) -> bool", greater),
    row("greater_bytes", "_>_", "(bytes, bytes) -> bool", greater),
    row("greater_timestamp", "_>_", "(timestamp, timestamp) -> bool", greater),
    row("greater_duration", "_>_", "(duration, duration) -> bool", greater),
    row("greater_equals_bool", "_>=_", "(bool, bool) -> bool", greater_equals),
    row("greater_equals_int64", "_>=_", "(int, int) -> bool", greater_equals),
    row("greater_equals_int64_double", "_>=_", "(int, double) -> bool", greater_equals),
    row("greater_equals_int64_uint64", "_>=_", "(int, uint) -> bool", greater_equals),
    row("greater_equals_uint64", "_>=_", "(uint, uint) -> bool", greater_equals),
    row("greater_equals_uint64_double", "_>=_", "(uint, double) -> bool", greater_equals),
    row("greater_equals_uint64_int64", "_>=_", "(uint, int) -> bool", greater_equals),
    row("greater_equals_double", "_>=_", "(double, double) -> bool", greater_equals),
    row("greater_equals_double_int64", "_>=_", "(double, int) -> bool", greater_equals),
    row("greater_equals_double_uint64", "_>=_", "(double, uint) -> bool", greater_equals),
    row("greater_equals_string", "_>=_", "(string, string) -> bool", greater_equals),
    row("greater_equals_bytes", "_>=_", "(bytes, bytes) -> bool", greater_equals),
    row("greater_equals_timestamp", "_>=_", "(timestamp, timestamp) -> bool", greater_equals),
    row("greater_equals_duration", "_>=_", "(duration, duration) -> bool", greater_equals),
    row("index_list", "_[_]", "(list(A), int) -> A", special),
    row("index_map", "_[_]", "(map(A, B), A) -> B", special),
    row("optional_list_index_int", "_[_]", "(optional(list(V)), int) -> optional(V)", special),
    row("optional_map_index_value", "_[_]", "(optional(map(K, V)), K) -> optional(V)", special),
    row("in_list", "@in", "(A, list(A)) -> bool", member),
    row("in_map", "@in", "(A, map(A, B)) -> bool", member),
    row("@mapInsert_map_key_value", "cel.@mapInsert", "(map(K, V), K, V) -> map(K, V)", special),
    row("@mapInsert_map_map", "cel.@mapInsert", "(map(K, V), map(K, V)) -> map(K, V)", insert_all),
    row("size_bytes", "size", "(bytes) -> int", size),
    row("bytes_size", "size", "bytes.() -> int", size),
    row("size_list", "size", "(list(A)) -> int", size),
    row("list_size", "size", "list(A).() -> int", size),
    row("size_map", "size", "(map(A, B)) -> int", size),
    row("map_size", "size", "map(A, B).() -> int", size),
    row("size_string", "size", "(string) -> int", size),
    row("string_size", "size", "string.() -> int", size),
];

/// What the plan has steps of its own for.
fn special<'a>(_: &Context<'a, '_>, _: &[Value<'a>]) -> Outcome<'a> {
    no_such_overload()
}

/// A map with the entries of another; a key of both is an error.
fn insert_all<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Map(map), Value::Map(more)] = args else { return no_such_overload() };
    let mut entries = match map {
        Map::Entries(entries) => BTreeMap::clone(entries),
        _ => return no_such_overload(),
    };
    for key in more.keys() {
        let (Some(made), Some(value)) = (Key::of(&key), more.get(&key)?) else { continue };
        if entries.insert(made, value).is_some() {
            return error(format!("insert failed: key {} already exists", display(&key)));
        }
    }
    Ok(Value::map(entries))
}

fn not<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Bool(value)] => Ok(Value::Bool(!value)),
        _ => no_such_overload(),
    }
}

fn checked<T>(result: Option<T>, overflow: &'static str) -> Result<T, Failure> {
    result.map_or_else(|| error(overflow), Ok)
}

const INT: &str = "integer overflow";
const UINT: &str = "unsigned integer overflow";
const DURATION: &str = "duration overflow";
const TIMESTAMP: &str = "timestamp overflow";

pub(crate) fn add<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let [left, right] = args else { return no_such_overload() };
    Ok(match (left, right) {
        (Value::Int(left), Value::Int(right)) => Value::Int(checked(left.checked_add(*right), INT)?),
        (Value::Uint(left), Value::Uint(right)) => Value::Uint(checked(left.checked_add(*right), UINT)?),
        (Value::Double(left), Value::Double(right)) => Value::Double(left + right),
        (Value::String(left), Value::String(right)) => Value::text([&**left, &**right].concat()),
        (Value::Bytes(left), Value::Bytes(right)) => Value::Bytes([&**left, &**right].concat().into()),
        (Value::Duration(left), Value::Duration(right)) => Value::Duration(checked(left.checked_add(*right), DURATION)?),
        (Value::Timestamp(moment), Value::Duration(duration)) | (Value::Duration(duration), Value::Timestamp(moment)) => {
            Value::Timestamp(checked(moment.plus(*duration), TIMESTAMP)?)
        }
        (Value::List(left), Value::List(right)) => return concatenate(left, right),
        _ => return no_such_overload(),
    })
}

/// Lists one behind the other; sets united; lists by keys merged, where the second overrides the first.
fn concatenate<'a>(left: &List<'a>, right: &List<'a>) -> Outcome<'a> {
    let mut all = left.values()?;
    let more = right.values()?;
    match list_kind(left) {
        ListKind::Atomic => all.extend(more),
        ListKind::Set => {
            let mut known: BTreeSet<Key<'a>> = all.iter().filter_map(Key::of).collect();
            for element in more {
                let new = match Key::of(&element) {
                    Some(key) => known.insert(key),
                    None => !all.iter().any(|other| equal(other, &element) == Ok(true)),
                };
                if new {
                    all.push(element);
                }
            }
        }
        ListKind::Map(keys) => {
            for element in more {
                let place = match keyed(&all, &element, &keys)? {
                    Some(found) => all.iter().position(|other| std::ptr::eq(other, found)),
                    None => None,
                };
                match place.and_then(|place| all.get_mut(place)) {
                    Some(place) => *place = element,
                    None => all.push(element),
                }
            }
        }
    }
    Ok(Value::List(List::Values(Arc::new(all))))
}

fn subtract<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(match args {
        [Value::Int(left), Value::Int(right)] => Value::Int(checked(left.checked_sub(*right), INT)?),
        [Value::Uint(left), Value::Uint(right)] => Value::Uint(checked(left.checked_sub(*right), UINT)?),
        [Value::Double(left), Value::Double(right)] => Value::Double(left - right),
        [Value::Duration(left), Value::Duration(right)] => Value::Duration(checked(left.checked_sub(*right), DURATION)?),
        [Value::Timestamp(left), Value::Timestamp(right)] => Value::Duration(checked(left.since(right), DURATION)?),
        [Value::Timestamp(moment), Value::Duration(duration)] => {
            let back = checked(duration.checked_neg(), TIMESTAMP)?;
            Value::Timestamp(checked(moment.plus(back), TIMESTAMP)?)
        }
        _ => return no_such_overload(),
    })
}

fn multiply<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(match args {
        [Value::Int(left), Value::Int(right)] => Value::Int(checked(left.checked_mul(*right), INT)?),
        [Value::Uint(left), Value::Uint(right)] => Value::Uint(checked(left.checked_mul(*right), UINT)?),
        [Value::Double(left), Value::Double(right)] => Value::Double(left * right),
        _ => return no_such_overload(),
    })
}

fn divide<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(match args {
        [Value::Int(_), Value::Int(0)] | [Value::Uint(_), Value::Uint(0)] => return error("division by zero"),
        [Value::Int(left), Value::Int(right)] => Value::Int(checked(left.checked_div(*right), INT)?),
        [Value::Uint(left), Value::Uint(right)] => Value::Uint(left / right),
        [Value::Double(left), Value::Double(right)] => Value::Double(left / right),
        _ => return no_such_overload(),
    })
}

fn modulo<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(match args {
        [Value::Int(_), Value::Int(0)] | [Value::Uint(_), Value::Uint(0)] => return error("modulus by zero"),
        [Value::Int(left), Value::Int(right)] => Value::Int(checked(left.checked_rem(*right), INT)?),
        [Value::Uint(left), Value::Uint(right)] => Value::Uint(left % right),
        _ => return no_such_overload(),
    })
}

fn negate<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(match args {
        [Value::Int(value)] => Value::Int(checked(value.checked_neg(), INT)?),
        [Value::Double(value)] => Value::Double(-value),
        _ => return no_such_overload(),
    })
}

fn ordered<'a>(args: &[Value<'a>], holds: impl FnOnce(std::cmp::Ordering) -> bool) -> Outcome<'a> {
    let [left, right] = args else { return no_such_overload() };
    compare(left, right).map(|order| Value::Bool(holds(order)))
}

fn less<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    ordered(args, std::cmp::Ordering::is_lt)
}

fn less_equals<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    ordered(args, std::cmp::Ordering::is_le)
}

fn greater<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    ordered(args, std::cmp::Ordering::is_gt)
}

fn greater_equals<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    ordered(args, std::cmp::Ordering::is_ge)
}

fn member<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [value, Value::List(list)] => super::optionals::has_element(list.iter(), value),
        [key, Value::Map(map)] => Ok(Value::Bool(map.get(key)?.is_some())),
        _ => no_such_overload(),
    }
}

fn size<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(match args {
        [Value::String(text)] => int(text.chars().count()),
        [Value::Bytes(bytes)] => int(bytes.len()),
        [Value::List(list)] => int(list.len()),
        [Value::Map(map)] => int(map.len()),
        _ => return no_such_overload(),
    })
}
