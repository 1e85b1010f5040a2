//! Answers in protobuf: trees written by the message table, in upstream's envelope. What the table does not have is not offered in protobuf at all.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use kinds::Kind;
use serde_json::{Map, Value};

use super::wire::{bytes, number, tag};
use super::{Field, MAGIC, MESSAGES, message_name};

/// The media type of objects and lists; of watches with `;stream=watch`.
pub const MEDIA_TYPE: &str = "application/vnd.kubernetes.protobuf";
pub const STREAM_MEDIA_TYPE: &str = "application/vnd.kubernetes.protobuf;stream=watch";

/// Why a tree can not be written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    #[error("no message is known for {0}")]
    Unknown(String),
    #[error("field {field} of {message} holds a value that is no {of}")]
    Type { message: &'static str, field: &'static str, of: &'static str },
}

/// Whether objects of a kind can be written.
pub fn knows(kind: &Kind) -> bool {
    knows_type(&kind.api_version(), &kind.kind)
}

/// As [`knows`], for any type.
pub fn knows_type(api_version: &str, kind: &str) -> bool {
    MESSAGES.contains_key(message_name(api_version, kind).as_str())
}

/// An object, or a list of them, in its envelope. `apiVersion` and `kind` stand in the tree.
pub fn encode(value: &Value) -> Result<Bytes, EncodeError> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    let mut raw = Vec::new();
    let name = message_name(api_version, kind);
    match (MESSAGES.get_key_value(name.as_str()), kind.strip_suffix("List")) {
        (Some((message, _)), _) => fields(message, value, &mut raw)?,
        (None, Some(item)) => {
            let name = message_name(api_version, item);
            let (message, _) = MESSAGES.get_key_value(name.as_str()).ok_or(EncodeError::Unknown(name))?;
            list(message, value, &mut raw)?;
        }
        (None, None) => return Err(EncodeError::Unknown(name)),
    }
    Ok(envelope(api_version, kind, &raw))
}

/// Every list has its metadata first and its items second.
fn list(message: &'static str, value: &Value, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if let Some(metadata) = value.get("metadata") {
        nested(1, out, |out| fields("meta.ListMeta", metadata, out))?;
    }
    for item in value.get("items").and_then(Value::as_array).into_iter().flatten() {
        nested(2, out, |out| fields(message, item, out))?;
    }
    Ok(())
}

/// A line of a watch: its length, then a `WatchEvent` around the object in its envelope.
pub fn frame(change: &str, object: &[u8]) -> Bytes {
    let mut raw = Vec::with_capacity(object.len() + 8);
    bytes(1, object, &mut raw);
    let mut event = Vec::with_capacity(raw.len() + 32);
    bytes(1, change.as_bytes(), &mut event);
    bytes(2, &raw, &mut event);
    let length = u32::try_from(event.len()).expect("an object is bounded far below 4 GiB");
    [&length.to_be_bytes()[..], &event].concat().into()
}

fn envelope(api_version: &str, kind: &str, raw: &[u8]) -> Bytes {
    let mut meta = Vec::with_capacity(api_version.len() + kind.len() + 4);
    bytes(1, api_version.as_bytes(), &mut meta);
    bytes(2, kind.as_bytes(), &mut meta);
    let mut out = Vec::with_capacity(raw.len() + meta.len() + 16);
    out.extend_from_slice(MAGIC);
    bytes(1, &meta, &mut out);
    bytes(2, raw, &mut out);
    // contentEncoding and contentType, empty, as upstream writes them
    bytes(3, b"", &mut out);
    bytes(4, b"", &mut out);
    out.into()
}

/// A field whose length is known only once it is written.
fn nested<E>(number: u64, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(), E> {
    let mut inner = Vec::new();
    write(&mut inner)?;
    bytes(number, &inner, out);
    Ok(())
}

/// The fields of a message.
fn fields(message: &'static str, value: &Value, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let none = Map::new();
    let object = value.as_object().unwrap_or(&none);
    for field in MESSAGES.get(message).into_iter().flatten() {
        let wrong = || EncodeError::Type { message, field: field.name, of: field.of };
        if field.in_place {
            let mut inner = Vec::new();
            fields(field.of, value, &mut inner)?;
            if !inner.is_empty() {
                bytes(field.number, &inner, out);
            }
            continue;
        }
        match object.get(field.name) {
            None | Some(Value::Null) => {}
            Some(Value::Object(entries)) if field.map => {
                for (key, value) in entries {
                    nested(field.number, out, |out| {
                        bytes(1, key.as_bytes(), out);
                        one(&Field { number: 2, ..*field }, value, out, &wrong)
                    })?;
                }
            }
            Some(Value::Array(items)) if field.repeated => items.iter().try_for_each(|item| one(field, item, out, &wrong))?,
            Some(_) if field.map || field.repeated => return Err(wrong()),
            Some(value) if !field.pointer && super::is_zero(value) => {}
            Some(value) => one(field, value, out, &wrong)?,
        }
    }
    Ok(())
}

/// One value under its number.
fn one(field: &Field, value: &Value, out: &mut Vec<u8>, wrong: &dyn Fn() -> EncodeError) -> Result<(), EncodeError> {
    let at = field.number;
    let text = || value.as_str().ok_or_else(wrong);
    match field.of {
        "string" => bytes(at, text()?.as_bytes(), out),
        "bytes" => bytes(at, &STANDARD.decode(text()?).map_err(|_| wrong())?, out),
        "bool" => number(at, value.as_bool().ok_or_else(wrong)?.into(), out),
        "int32" | "int64" => number(at, value.as_i64().ok_or_else(wrong)?.cast_unsigned(), out),
        "uint32" | "uint64" => number(at, value.as_u64().ok_or_else(wrong)?, out),
        "double" => {
            tag(at, 1, out);
            out.extend_from_slice(&value.as_f64().ok_or_else(wrong)?.to_bits().to_le_bytes());
        }
        of => return nested(at, out, |out| message(of, value, out, wrong)),
    }
    Ok(())
}

/// A message; those that JSON shows in a form of their own first.
fn message(of: &'static str, value: &Value, out: &mut Vec<u8>, wrong: &dyn Fn() -> EncodeError) -> Result<(), EncodeError> {
    let text = || value.as_str().ok_or_else(wrong);
    match of {
        "api.resource.Quantity" => match value {
            Value::Number(plain) => bytes(1, plain.to_string().as_bytes(), out),
            _ => bytes(1, text()?.as_bytes(), out),
        },
        "util.intstr.IntOrString" => match value {
            Value::Number(plain) => {
                number(1, 0, out);
                number(2, plain.as_i64().ok_or_else(wrong)?.cast_unsigned(), out);
            }
            _ => {
                number(1, 1, out);
                bytes(3, text()?.as_bytes(), out);
            }
        },
        "meta.Time" | "meta.MicroTime" => {
            let time: jiff::Timestamp = text()?.parse().map_err(|_| wrong())?;
            number(1, time.as_second().cast_unsigned(), out);
            number(2, i64::from(time.subsec_nanosecond()).cast_unsigned(), out);
        }
        "runtime.RawExtension" | "meta.FieldsV1" => bytes(1, value.to_string().as_bytes(), out),
        "authentication.v1.ExtraValue" | "authorization.v1.ExtraValue" | "certificates.v1.ExtraValue" => {
            for item in value.as_array().ok_or_else(wrong)? {
                bytes(1, item.as_str().ok_or_else(wrong)?.as_bytes(), out);
            }
        }
        _ if value.is_object() => return fields(of, value, out),
        _ => return Err(wrong()),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
