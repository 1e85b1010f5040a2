//! From one type to another: `int(x)`, `string(x)`, `timestamp(x)`, ...

use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::time::{Timestamp, duration_text, parse_duration};
use crate::types::Type;
use crate::value::{Outcome, Value, error, no_such_overload};

/// The functions that are computed once where their argument is a constant.
pub(crate) const CONVERSIONS: [&str; 10] = ["bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint"];

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("type", "type", "(A) -> type(A)", kind),
    row("to_dyn", "dyn", "(A) -> dyn", identity),
    row("bool_to_bool", "bool", "(bool) -> bool", identity),
    row("string_to_bool", "bool", "(string) -> bool", to_bool),
    row("bytes_to_bytes", "bytes", "(bytes) -> bytes", identity),
    row("string_to_bytes", "bytes", "(string) -> bytes", to_bytes),
    row("double_to_double", "double", "(double) -> double", identity),
    row("int64_to_double", "double", "(int) -> double", to_double),
    row("string_to_double", "double", "(string) -> double", to_double),
    row("uint64_to_double", "double", "(uint) -> double", to_double),
    row("duration_to_duration", "duration", "(duration) -> duration", identity),
    row("string_to_duration", "duration", "(string) -> duration", to_duration),
    row("int64_to_int64", "int", "(int) -> int", identity),
    row("double_to_int64", "int", "(double) -> int", to_int),
    row("duration_to_int64", "int", "(duration) -> int", to_int),
    row("string_to_int64", "int", "(string) -> int", to_int),
    row("timestamp_to_int64", "int", "(timestamp) -> int", to_int),
    row("uint64_to_int64", "int", "(uint) -> int", to_int),
    row("string_to_string", "string", "(string) -> string", identity),
    row("bool_to_string", "string", "(bool) -> string", to_text),
    row("bytes_to_string", "string", "(bytes) -> string", to_text),
    row("double_to_string", "string", "(double) -> string", to_text),
    row("duration_to_string", "string", "(duration) -> string", to_text),
    row("int64_to_string", "string", "(int) -> string", to_text),
    row("timestamp_to_string", "string", "(timestamp) -> string", to_text),
    row("uint64_to_string", "string", "(uint) -> string", to_text),
    row("timestamp_to_timestamp", "timestamp", "(timestamp) -> timestamp", identity),
    row("int64_to_timestamp", "timestamp", "(int) -> timestamp", to_timestamp),
    row("string_to_timestamp", "timestamp", "(string) -> timestamp", to_timestamp),
    row("uint64_to_uint64", "uint", "(uint) -> uint", identity),
    row("double_to_uint64", "uint", "(double) -> uint", to_uint),
    row("int64_to_uint64", "uint", "(int) -> uint", to_uint),
    row("string_to_uint64", "uint", "(string) -> uint", to_uint),
];

fn identity<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    args.first().cloned().map_or_else(no_such_overload, Ok)
}

fn kind<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    args.first().map_or_else(no_such_overload, |value| Ok(Value::Type(value.kind())))
}

fn failed<'a>(args: &[Value<'a>], to: &Type) -> Outcome<'a> {
    let from = args.first().map_or(Type::Dyn, Value::kind);
    error(format!("type conversion error from '{}' to '{}'", from.runtime_name(), to.runtime_name()))
}

fn to_bool<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args.first().and_then(Value::as_str) {
        Some("1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(Value::Bool(true)),
        Some("0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(Value::Bool(false)),
        _ => failed(args, &Type::Bool),
    }
}

fn to_bytes<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::String(text)] => Ok(Value::Bytes(text.as_bytes().into())),
        _ => failed(args, &Type::Bytes),
    }
}

fn to_double<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    #[expect(clippy::cast_precision_loss, reason = "doubles have no more precision")]
    match args {
        [Value::Int(value)] => Ok(Value::Double(*value as f64)),
        [Value::Uint(value)] => Ok(Value::Double(*value as f64)),
        [Value::String(text)] => match parse_double(text) {
            Some(value) => Ok(Value::Double(value)),
            None => failed(args, &Type::Double),
        },
        _ => failed(args, &Type::Double),
    }
}

/// A number as Go reads it.
fn parse_double(text: &str) -> Option<f64> {
    let digits = text.trim_start_matches(['+', '-']);
    if text.len() - digits.len() > 1 || text.trim() != text {
        return None;
    }
    match digits.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
        "nan" if digits.len() == text.len() => Some(f64::NAN),
        _ => text.parse().ok().filter(|value: &f64| value.is_finite()),
    }
}

fn to_duration<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args.first().and_then(Value::as_str).and_then(parse_duration) {
        Some(nanoseconds) => Ok(Value::Duration(nanoseconds)),
        None => failed(args, &Type::Duration),
    }
}

fn to_int<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Duration(nanoseconds)] => Ok(Value::Int(*nanoseconds)),
        [Value::Timestamp(moment)] => Ok(Value::Int(moment.seconds())),
        [Value::Uint(value)] => i64::try_from(*value).map_or_else(|_| error("integer overflow"), |value| Ok(Value::Int(value))),
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        [Value::Double(value)] => {
            if value.is_finite() && value.abs() < 9_223_372_036_854_775_807.0 {
                Ok(Value::Int(*value as i64))
            } else {
                error("integer overflow")
            }
        }
        [Value::String(text)] => match text.parse() {
            Ok(value) => Ok(Value::Int(value)),
            Err(_) => failed(args, &Type::Int),
        },
        _ => failed(args, &Type::Int),
    }
}

fn to_uint<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(value)] => u64::try_from(*value).map_or_else(|_| error("unsigned integer overflow"), |value| Ok(Value::Uint(value))),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
        [Value::Double(value)] => {
            if (0.0..18_446_744_073_709_551_615.0).contains(value) {
                Ok(Value::Uint(*value as u64))
            } else {
                error("unsigned integer overflow")
            }
        }
        [Value::String(text)] if !text.starts_with('+') => match text.parse() {
            Ok(value) => Ok(Value::Uint(value)),
            Err(_) => failed(args, &Type::Uint),
        },
        _ => failed(args, &Type::Uint),
    }
}

fn to_text<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::text(match args {
        [Value::Bool(value)] => value.to_string(),
        [Value::Int(value)] => value.to_string(),
        [Value::Uint(value)] => value.to_string(),
        [Value::Double(value)] => double_text(*value),
        [Value::Duration(nanoseconds)] => duration_text(*nanoseconds),
        [Value::Timestamp(moment)] => moment.to_string(),
        [Value::Bytes(bytes)] => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => return error("invalid UTF-8 in bytes, cannot convert to string"),
        },
        _ => return failed(args, &Type::String),
    }))
}

fn to_timestamp<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(seconds)] => {
            Timestamp::from_seconds(*seconds).map_or_else(|| error("timestamp overflow"), |moment| Ok(Value::Timestamp(moment)))
        }
        [Value::String(text)] => match Timestamp::parse(text) {
            Some(moment) => Ok(Value::Timestamp(moment)),
            None => failed(args, &Type::Timestamp),
        },
        _ => failed(args, &Type::Timestamp),
    }
}

/// From this power of ten on, Go writes an exponent.
const PLAIN_EXPONENTS: i32 = 6;

/// A double as Go's `%g` writes it.
pub(crate) fn double_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..PLAIN_EXPONENTS).contains(&exponent) {
        return format!("{value}");
    }
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}
