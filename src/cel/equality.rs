//! When two values are the same: numbers across their types, texts, lists and maps by their parts; values of different types are different, which is no error.

use std::cmp::Ordering;

use crate::data::list_kind;
use crate::schema::ListKind;
use crate::value::{Failure, List, Map, Value, error, no_such_overload};

pub(crate) fn equal(left: &Value<'_>, right: &Value<'_>) -> Result<bool, Failure> {
    Ok(match (left, right) {
        (Value::Null, other) | (other, Value::Null) => matches!(other, Value::Null),
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::String(left), Value::String(right)) => **left == **right,
        (Value::Bytes(left), Value::Bytes(right)) => left == right,
        (Value::Duration(left), Value::Duration(right)) => left == right,
        (Value::Timestamp(left), Value::Timestamp(right)) => left == right,
        (Value::Type(left), Value::Type(right)) => left.runtime_name() == right.runtime_name(),
        (Value::List(left), Value::List(right)) => return lists(left, right),
        (Value::Map(left), Value::Map(right)) => return maps(left, right),
        (Value::Optional(left), Value::Optional(right)) => match (left, right) {
            (Some(left), Some(right)) => return equal(left, right),
            (left, right) => left.is_none() && right.is_none(),
        },
        (Value::Object(left), Value::Object(right)) => {
            if left.name != right.name || left.fields.len() != right.fields.len() {
                return Ok(false);
            }
            for (name, value) in &left.fields {
                match right.fields.get(name) {
                    Some(other) if equal(value, other)? => {}
                    _ => return Ok(false),
                }
            }
            true
        }
        (Value::Extension(left), Value::Extension(right)) => left.equal(right),
        (Value::Preserved(left), Value::Preserved(right)) => left == right,
        _ => numbers(left, right) == Some(Ordering::Equal),
    })
}

/// The order of two numbers, of which neither needs to be of the other's type. Nothing for what is no number.
pub(crate) fn numbers(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Uint(left), Value::Uint(right)) => Some(left.cmp(right)),
        (Value::Int(left), Value::Uint(right)) => Some(i128::from(*left).cmp(&i128::from(*right))),
        (Value::Uint(left), Value::Int(right)) => Some(i128::from(*left).cmp(&i128::from(*right))),
        (Value::Double(left), Value::Double(right)) => left.partial_cmp(right),
        (Value::Double(left), right) => double_to_whole(*left, integer(right)?),
        (left, Value::Double(right)) => double_to_whole(*right, integer(left)?).map(Ordering::reverse),
        _ => None,
    }
}

fn integer(value: &Value<'_>) -> Option<i128> {
    match value {
        Value::Int(value) => Some((*value).into()),
        Value::Uint(value) => Some((*value).into()),
        _ => None,
    }
}

/// Compares as upstream does: a double within the range of integers is compared as a double.
fn double_to_whole(double: f64, whole: i128) -> Option<Ordering> {
    #[expect(clippy::cast_precision_loss, reason = "upstream compares at a double's precision")]
    double.partial_cmp(&(whole as f64))
}

fn lists(left: &List<'_>, right: &List<'_>) -> Result<bool, Failure> {
    if left.len() != right.len() {
        return Ok(false);
    }
    match list_kind(left) {
        ListKind::Atomic => {
            for (left, right) in left.iter().zip(right.iter()) {
                if !equal(&left?, &right?)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        ListKind::Set => {
            let (left, right) = (left.values()?, right.values()?);
            let within = |one: &Value<'_>, others: &[Value<'_>]| others.iter().any(|other| equal(one, other) == Ok(true));
            Ok(left.iter().all(|one| within(one, &right)) && right.iter().all(|one| within(one, &left)))
        }
        ListKind::Map(keys) => {
            let (left, right) = (left.values()?, right.values()?);
            let mut seen = 0;
            for other in &right {
                let Some(own) = keyed(&left, other, &keys)? else { return Ok(false) };
                if !equal(own, other)? {
                    return Ok(false);
                }
                seen += 1;
            }
            Ok(seen == left.len())
        }
    }
}

/// The element with the same keys as another.
pub(crate) fn keyed<'l, 'a>(elements: &'l [Value<'a>], other: &Value<'a>, keys: &[String]) -> Result<Option<&'l Value<'a>>, Failure> {
    for element in elements {
        if same_keys(element, other, keys)? {
            return Ok(Some(element));
        }
    }
    Ok(None)
}

fn same_keys(left: &Value<'_>, right: &Value<'_>, keys: &[String]) -> Result<bool, Failure> {
    let (Value::Map(left), Value::Map(right)) = (left, right) else {
        return error("unexpected data format for element of array with x-kubernetes-list-type=map");
    };
    for key in keys {
        let name = crate::escape::escape(key).unwrap_or_else(|| key.clone());
        match (left.field(&name)?, right.field(&name)?) {
            (None, None) => {}
            (Some(left), Some(right)) if equal(&left, &right)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn maps(left: &Map<'_>, right: &Map<'_>) -> Result<bool, Failure> {
    if left.len() != right.len() {
        return Ok(false);
    }
    if let (Map::Json(left, Some(schema)), Map::Json(right, Some(_))) = (left, right) {
        // Fields that the schema does not have are compared as they are.
        let known =
            |name: &str| schema.additional.is_some() || schema.properties.as_ref().is_some_and(|properties| properties.contains_key(name));
        if left.iter().any(|(name, value)| !known(name) && right.get(name).is_some_and(|other| other != value)) {
            return Ok(false);
        }
    }
    for key in left.keys() {
        let Some(value) = left.get(&key)? else { continue };
        match right.get(&key)? {
            Some(other) if equal(&value, &other)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// The order of two values of a type that has one.
pub(crate) fn compare(left: &Value<'_>, right: &Value<'_>) -> Result<Ordering, Failure> {
    Ok(match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::String(left), Value::String(right)) => left.as_bytes().cmp(right.as_bytes()),
        (Value::Bytes(left), Value::Bytes(right)) => left.cmp(right),
        (Value::Duration(left), Value::Duration(right)) => left.cmp(right),
        (Value::Timestamp(left), Value::Timestamp(right)) => left.cmp(right),
        (Value::Int(_) | Value::Uint(_) | Value::Double(_), Value::Int(_) | Value::Uint(_) | Value::Double(_)) => {
            match numbers(left, right) {
                Some(order) => order,
                None => return error("NaN values cannot be ordered"),
            }
        }
        _ => return no_such_overload(),
    })
}
