//! The functions of CEL and of Kubernetes, a table a file.

mod conversions;
mod lists;
mod operators;
mod optionals;
mod regexes;
mod text;
mod times;

use std::sync::Arc;

use crate::signature::Row;
use crate::types::Type;
use crate::value::{Failure, Outcome, Value, error, whole};

pub(crate) use conversions::{CONVERSIONS, double_text};
pub(crate) use regexes::{regex, with_regex};

/// All rows of all libraries.
pub(crate) fn tables() -> impl Iterator<Item = &'static Row> {
    [operators::TABLE, conversions::TABLE, text::TABLE, times::TABLE, lists::TABLE, optionals::TABLE, regexes::TABLE].into_iter().flatten()
}

/// A value of a type that CEL itself does not have.
#[derive(Debug)]
pub enum Extension<'a> {
    Format(&'a Format),
}

#[derive(Debug)]
pub struct Format {
    pub(crate) max_pattern_size: u64,
}

impl Extension<'_> {
    pub(crate) fn kind(&self) -> Type {
        Type::Dyn
    }

    pub(crate) fn size(&self) -> usize {
        1
    }

    pub(crate) fn equal(&self, _other: &Self) -> bool {
        false
    }
}

/// The type that a signature's word stands for.
pub(crate) fn type_of(word: &str) -> Option<Type> {
    Some(match word {
        "dyn" => Type::Dyn,
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "duration" => Type::Duration,
        "timestamp" => Type::Timestamp,
        _ => return None,
    })
}

/// The type that an expression names.
pub(crate) fn type_named(name: &str) -> Option<Type> {
    Some(match name {
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "list" => Type::list(Type::Dyn),
        "map" => Type::map(Type::Dyn, Type::Dyn),
        "null_type" => Type::Null,
        "type" => Type::Type(None),
        "google.protobuf.Duration" => Type::Duration,
        "google.protobuf.Timestamp" => Type::Timestamp,
        "optional_type" => Type::optional(Type::Dyn),
        "net.IP" => Type::Opaque("net.IP", Arc::from([])),
        "net.CIDR" => Type::Opaque("net.CIDR", Arc::from([])),
        _ => return None,
    })
}

/// No overload of a function takes these values.
pub(crate) fn no_overload<'a>(function: &str, args: &[Value<'a>]) -> Outcome<'a> {
    if matches!(function, "!_" | "@in" | "_?_:_") {
        return error("no such overload");
    }
    if function.starts_with('_') || matches!(function, "-_" | "size" | "matches") {
        // Operators are of their first operand, which has words of its own if it has the operator at all.
        let own = args.first().is_some_and(|operand| has_operator(operand, function));
        return if own { error("no such overload") } else { error(format!("no such overload: {function}")) };
    }
    let types: Vec<String> = args.iter().map(|arg| arg.kind().runtime_name().to_owned()).collect();
    error(format!("no such overload: {function}({})", types.join(", ")))
}

fn has_operator(operand: &Value<'_>, operator: &str) -> bool {
    match operand {
        Value::String(_) | Value::Duration(_) | Value::Timestamp(_) => true,
        Value::Int(_) | Value::Uint(_) => operator != "size" && operator != "matches",
        Value::Double(_) => !matches!(operator, "size" | "matches" | "_%_"),
        Value::Bytes(_) => matches!(operator, "_+_" | "_<_" | "_<=_" | "_>_" | "_>=_" | "size"),
        Value::Bool(_) => matches!(operator, "_<_" | "_<=_" | "_>_" | "_>=_" | "-_"),
        Value::List(_) => matches!(operator, "_+_" | "size"),
        Value::Map(_) => operator == "size",
        _ => false,
    }
}

/// The place that a value is the index of, or nothing where it is before all places.
pub(crate) fn index(key: &Value<'_>) -> Result<Option<usize>, Failure> {
    let number = match key {
        Value::Int(number) => Some((*number).into()),
        Value::Uint(number) => Some((*number).into()),
        Value::Double(number) => whole(*number),
        other => return error(format!("unsupported index type '{}' in list", other.kind().runtime_name())),
    };
    match number {
        Some(number) => Ok(usize::try_from(number).ok()),
        None => error(format!("unsupported index value {} in list", crate::data::display(key))),
    }
}

pub(crate) fn int<'a>(number: usize) -> Value<'a> {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// What Go calls the type of a value.
pub(crate) fn go_type(value: &Value<'_>) -> &'static str {
    match value {
        Value::Null => "types.Null",
        Value::Bool(_) => "types.Bool",
        Value::Int(_) => "types.Int",
        Value::Uint(_) => "types.Uint",
        Value::Double(_) => "types.Double",
        Value::String(_) => "types.String",
        Value::Bytes(_) => "types.Bytes",
        Value::Duration(_) => "types.Duration",
        Value::Timestamp(_) => "types.Timestamp",
        Value::Optional(_) => "*types.Optional",
        Value::Type(_) => "*types.Type",
        _ => "value",
    }
}
