//! JSON as values: by its schema, as upstream shows custom resources to expressions, or without one.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map as Fields, Number, Value as Json};

use crate::escape::{escape, unescape};
use crate::schema::{Format, ListKind, Schema, SchemaKind};
use crate::time::{Timestamp, parse_duration};
use crate::value::{Failure, List, Map, Outcome, Text, Value, error};

pub(crate) fn dynamic(json: &Json) -> Value<'_> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Double(double(number)), Value::Int),
        Json::String(text) => Value::String(Text::Borrowed(text)),
        Json::Array(items) => Value::List(List::Json(items, None)),
        Json::Object(fields) => Value::Map(Map::Json(fields, None)),
    }
}

fn double(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}

/// What Go calls the type of decoded JSON.
fn go_type(json: &Json) -> &'static str {
    match json {
        Json::Null => "<nil>",
        Json::Bool(_) => "bool",
        Json::Number(number) if number.is_i64() => "int64",
        Json::Number(_) => "float64",
        Json::String(_) => "string",
        Json::Array(_) => "[]interface {}",
        Json::Object(_) => "map[string]interface {}",
    }
}

pub(crate) fn structured<'a>(json: &'a Json, schema: &'a Schema) -> Outcome<'a> {
    if json.is_null() {
        return if schema.nullable { Ok(Value::Null) } else { error("invalid data, got null for schema with nullable=false") };
    }
    match &schema.kind {
        SchemaKind::IntOrString => match json {
            Json::String(text) => Ok(Value::String(Text::Borrowed(text))),
            Json::Number(number) if number.is_i64() => Ok(Value::Int(number.as_i64().unwrap_or_default())),
            _ => error("invalid data, expected XIntOrString value to be either a string or integer"),
        },
        SchemaKind::Object => match json {
            Json::Object(fields) => Ok(Value::Map(Map::Json(fields, Some(schema)))),
            _ => error("invalid data, expected a map for the provided schema with type=object"),
        },
        SchemaKind::Array => match json {
            Json::Array(_) if schema.items.is_none() => error("invalid array type, expected Items with a non-empty Schema"),
            Json::Array(items) => Ok(Value::List(List::Json(items, Some(schema)))),
            _ => error("invalid data, expected an array for the provided schema with type=array"),
        },
        SchemaKind::String => match json {
            Json::String(text) => formatted(text, schema.format),
            _ => error(format!("invalid data, expected string, got {}", go_type(json))),
        },
        SchemaKind::Number => match json {
            Json::Number(number) => Ok(Value::Double(double(number))),
            _ => error(format!("invalid data, expected float, got {}", go_type(json))),
        },
        SchemaKind::Integer => match json.as_i64() {
            Some(number) => Ok(Value::Int(number)),
            None => error(format!("invalid data, expected int, got {}", go_type(json))),
        },
        SchemaKind::Boolean => match json {
            Json::Bool(value) => Ok(Value::Bool(*value)),
            _ => error(format!("invalid data, expected bool, got {}", go_type(json))),
        },
        SchemaKind::Other(_) if schema.preserve_unknown => Ok(Value::Preserved(json)),
        SchemaKind::Other(name) => error(format!(
            "invalid type, expected object, array, number, integer, boolean or string, or no type with x-kubernetes-int-or-string or \
             x-kubernetes-preserve-unknown-fields is true, got {name}"
        )),
    }
}

fn formatted(text: &str, format: Format) -> Outcome<'_> {
    match format {
        Format::None => Ok(Value::String(Text::Borrowed(text))),
        Format::Duration => match parse_duration(text).or_else(|| parse_named_duration(text)) {
            Some(nanoseconds) => Ok(Value::Duration(nanoseconds)),
            None => error(format!("Invalid duration {text}: unable to parse {text} as duration")),
        },
        Format::Date => match Timestamp::parse_date(text) {
            Some(timestamp) => Ok(Value::Timestamp(timestamp)),
            None => error(format!(
                "Invalid date formatted string {text}: parsing time \"{text}\" as \"2006-01-02\": cannot parse \"{text}\" as \"2006\""
            )),
        },
        Format::DateTime => match Timestamp::parse_lenient(text) {
            Some(timestamp) => Ok(Value::Timestamp(timestamp)),
            None => error(format!(
                "Invalid date-time formatted string {text}: parsing time \"{text}\" as \"2006-01-02T15:04:05\": cannot parse \"{text}\" as \"2006\""
            )),
        },
        Format::Byte => {
            use base64::Engine as _;
            match base64::engine::general_purpose::STANDARD.decode(text) {
                Ok(bytes) => Ok(Value::Bytes(Arc::from(bytes))),
                Err(_) => error(format!("Invalid byte formatted string {text}: illegal base64 data at input byte 0")),
            }
        }
    }
}

/// Durations as OpenAPI's format also knows them: `2 hours`, `1 week`.
fn parse_named_duration(text: &str) -> Option<i64> {
    const UNITS: [(&str, &[&str]); 7] = [
        ("1", &["ns", "nano"]),
        ("1000", &["us", "µs", "micro"]),
        ("1000000", &["ms", "milli"]),
        ("1000000000", &["s", "sec"]),
        ("60000000000", &["m", "min"]),
        ("3600000000000", &["h", "hr", "hour"]),
        ("86400000000000", &["d", "day"]),
    ];
    const WEEK: &[&str] = &["w", "wk", "week"];
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (count, unit) = (text[..end].parse::<i64>().ok()?, text[end..].trim().to_lowercase());
    let matches = |names: &[&str]| names.iter().any(|name| unit == *name || (unit.starts_with(name) && name.len() > 1));
    if matches(WEEK) {
        return count.checked_mul(7 * 86_400_000_000_000);
    }
    let (size, _) = UNITS.iter().rev().find(|(_, names)| matches(names))?;
    count.checked_mul(size.parse().ok()?)
}

/// An element of a list whose schema is given.
pub(crate) fn element<'a>(item: &'a Json, list: Option<&'a Schema>) -> Outcome<'a> {
    match list.and_then(|schema| schema.items.as_deref()) {
        Some(items) => structured(item, items),
        None => Ok(dynamic(item)),
    }
}

/// A field of an object, or the value of a key, by the object's schema. In an object with properties names are escaped, and null is absence.
pub(crate) fn field<'a>(fields: &'a Fields<String, Json>, schema: &'a Schema, name: &str) -> Result<Option<Value<'a>>, Failure> {
    if let Some(properties) = &schema.properties {
        let Some(name) = unescape(name) else { return Ok(None) };
        let Some(value) = fields.get(name.as_ref()).filter(|value| !value.is_null()) else { return Ok(None) };
        return properties.get(name.as_ref()).map(|property| structured(value, property)).transpose();
    }
    match (fields.get(name), &schema.additional) {
        (Some(value), Some(additional)) => structured(value, additional).map(Some),
        _ => Ok(None),
    }
}

/// The keys that a fold over an object sees.
pub(crate) fn keys<'a>(fields: &'a Fields<String, Json>, schema: Option<&'a Schema>) -> Vec<Value<'a>> {
    let name = |name: &'a String| Value::String(Text::Borrowed(name));
    match schema {
        None => fields.keys().map(name).collect(),
        Some(schema) => match &schema.properties {
            Some(properties) => fields
                .keys()
                .filter(|key| properties.contains_key(*key))
                .map(|key| escape(key).map_or_else(|| name(key), Value::text))
                .collect(),
            None if schema.additional.is_some() => fields.keys().map(name).collect(),
            None => Vec::new(),
        },
    }
}

/// How the elements of a list are told apart: by nothing but place, as a set, or by keys.
pub(crate) fn list_kind(list: &List<'_>) -> ListKind {
    match list {
        List::Json(_, Some(schema)) => schema.list_kind.clone(),
        _ => ListKind::Atomic,
    }
}

/// A value as JSON. What JSON has no word for is refused with upstream's words.
pub fn to_json(value: &Value<'_>) -> Result<Json, Failure> {
    Ok(match value {
        Value::Null | Value::Optional(None) => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => (*value).into(),
        Value::Uint(value) => (*value).into(),
        Value::Double(value) => Number::from_f64(*value).map_or(Json::Null, Json::Number),
        Value::String(text) => Json::String(text.to_string()),
        Value::Bytes(bytes) => {
            use base64::Engine as _;
            Json::String(base64::engine::general_purpose::STANDARD.encode(bytes))
        }
        Value::Duration(nanoseconds) => Json::String(crate::time::duration_text(*nanoseconds)),
        Value::Timestamp(timestamp) => Json::String(timestamp.to_string()),
        Value::List(list) => Json::Array(list.iter().map(|item| to_json(&item?)).collect::<Result<_, Failure>>()?),
        Value::Map(map) => {
            let mut fields = Fields::new();
            for key in map.keys() {
                let Value::String(name) = &key else {
                    return error(format!("map key {} is of type {}, not string", display(&key), key.kind().runtime_name()));
                };
                if let Some(value) = map.get(&key)? {
                    fields.insert(name.to_string(), to_json(&value)?);
                }
            }
            Json::Object(fields)
        }
        Value::Optional(Some(value)) => to_json(value)?,
        Value::Object(made) => Json::Object(
            made.fields.iter().map(|(name, value)| Ok((name.clone(), to_json(value)?))).collect::<Result<Fields<_, _>, Failure>>()?,
        ),
        Value::Preserved(json) => (*json).clone(),
        Value::Type(_) | Value::Extension(_) => {
            return error(format!("unsupported conversion of type {} to JSON", value.kind().runtime_name()));
        }
    })
}

/// A value as Go prints it inside an error.
pub(crate) fn display(value: &Value<'_>) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) => crate::library::double_text(*value),
        Value::String(text) => text.to_string(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::Type(kind) => kind.runtime_name().to_owned(),
        Value::Duration(nanoseconds) => crate::time::go_duration(*nanoseconds),
        Value::Timestamp(timestamp) => timestamp.to_string(),
        Value::List(list) => {
            let items: Vec<String> = list.iter().flatten().map(|item| display(&item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let entries: BTreeMap<String, String> =
                map.keys().into_iter().filter_map(|key| Some((display(&key), display(&map.get(&key).ok()??)))).collect();
            let entries: Vec<String> = entries.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
            format!("{{{}}}", entries.join(", "))
        }
        _ => value.kind().runtime_name().to_owned(),
    }
}
