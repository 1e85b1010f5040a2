//! Protobuf, as typed clients speak it: bodies are turned into the trees that JSON bodies become, and [`encode`] writes answers from the same table.
//!
//! What there is to know of each message stands in `messages.tsv`: number, JSON name, form and type of each field. The form is `-` for one value, `*` for a list,
//! `%` for a map from text; `^` marks a message whose fields JSON shows in place, `?` a field that can be there and be zero.

pub mod encode;
pub mod wire;

use std::collections::HashMap;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// What each document begins with.
const MAGIC: &[u8] = b"k8s\0";
/// Nesting that is still read.
const DEPTH: usize = 100;

/// Why a body is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProtobufError {
    #[error("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")]
    Magic,
    #[error("unexpected EOF")]
    Short,
    #[error("proto: illegal wireType {0}")]
    WireType(u64),
    #[error("no kind {kind:?} is registered for version {api_version:?} in protobuf")]
    Unknown { api_version: String, kind: String },
    #[error("exceeded max depth")]
    Deep,
    #[error("invalid raw JSON: {0}")]
    Raw(String),
}

#[derive(Clone, Copy)]
struct Field {
    number: u64,
    name: &'static str,
    repeated: bool,
    map: bool,
    in_place: bool,
    /// Zero is a value, not an absence.
    pointer: bool,
    of: &'static str,
}

static MESSAGES: LazyLock<HashMap<&'static str, Vec<Field>>> = LazyLock::new(|| {
    include_str!("messages.tsv")
        .lines()
        .filter_map(|line| {
            let mut columns = line.split('\t');
            Some((columns.next()?, columns.filter_map(field).collect()))
        })
        .collect()
});

fn field(text: &'static str) -> Option<Field> {
    let mut parts = text.split(' ');
    let (number, name, form, of) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?, parts.next()?);
    let has = |mark| form.contains(mark);
    Some(Field { number, name, repeated: has('*'), map: has('%'), in_place: has('^'), pointer: has('?'), of })
}

/// One field on the wire.
enum Wire<'a> {
    Number(u64),
    Fixed(u64),
    Bytes(&'a [u8]),
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn varint(&mut self) -> Result<u64, ProtobufError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first().ok_or(ProtobufError::Short)?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(ProtobufError::Short)
    }
    fn take(&mut self, size: u64) -> Result<&'a [u8], ProtobufError> {
        let size = usize::try_from(size).map_err(|_| ProtobufError::Short)?;
        let (head, rest) = self.0.split_at_checked(size).ok_or(ProtobufError::Short)?;
        self.0 = rest;
        Ok(head)
    }
    fn next(&mut self) -> Result<Option<(u64, Wire<'a>)>, ProtobufError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let little = |bytes: &[u8]| bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        let wire = match tag & 7 {
            0 => Wire::Number(self.varint()?),
            1 => Wire::Fixed(little(self.take(8)?)),
            2 => {
                let size = self.varint()?;
                Wire::Bytes(self.take(size)?)
            }
            5 => Wire::Fixed(little(self.take(4)?)),
            other => return Err(ProtobufError::WireType(other)),
        };
        Ok(Some((tag >> 3, wire)))
    }
}

/// Reads a document: the envelope with apiVersion and kind, and the object in it.
pub fn decode(bytes: &[u8]) -> Result<Value, ProtobufError> {
    let body = bytes.strip_prefix(MAGIC).ok_or(ProtobufError::Magic)?;
    let (mut api_version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    let mut envelope = Reader(body);
    while let Some(field) = envelope.next()? {
        match field {
            (1, Wire::Bytes(meta)) => {
                let mut meta = Reader(meta);
                while let Some(field) = meta.next()? {
                    match field {
                        (1, Wire::Bytes(value)) => api_version = text(value),
                        (2, Wire::Bytes(value)) => kind = text(value),
                        _ => {}
                    }
                }
            }
            (2, Wire::Bytes(value)) => raw = value,
            _ => {}
        }
    }
    let message = message_name(&api_version, &kind);
    let Some((message, _)) = MESSAGES.get_key_value(message.as_str()) else { return Err(ProtobufError::Unknown { api_version, kind }) };
    let mut object = Map::new();
    into_map(message, raw, &mut object, 0)?;
    object.insert("apiVersion".to_owned(), api_version.into());
    object.insert("kind".to_owned(), kind.into());
    Ok(object.into())
}

/// `apps.v1.Deployment` of `apps/v1` and `Deployment`; options and statuses stand among the metadata whatever version they say.
fn message_name(api_version: &str, kind: &str) -> String {
    if matches!(kind, "DeleteOptions" | "CreateOptions" | "UpdateOptions" | "PatchOptions" | "ListOptions" | "Status")
        || api_version == "meta.k8s.io/v1"
    {
        return format!("meta.{kind}");
    }
    match api_version.split_once('/') {
        None => format!("core.{api_version}.{kind}"),
        Some((group, version)) => format!("{}.{version}.{kind}", group.split('.').next().unwrap_or_default()),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn into_map(message: &'static str, bytes: &[u8], object: &mut Map<String, Value>, depth: usize) -> Result<(), ProtobufError> {
    if depth > DEPTH {
        return Err(ProtobufError::Deep);
    }
    let none = Vec::new();
    let fields = MESSAGES.get(message).unwrap_or(&none);
    let mut reader = Reader(bytes);
    while let Some((number, wire)) = reader.next()? {
        let Some(field) = fields.iter().find(|field| field.number == number) else { continue };
        if field.in_place {
            if let Wire::Bytes(bytes) = wire {
                into_map(field.of, bytes, object, depth + 1)?;
            }
            continue;
        }
        if field.map {
            let Wire::Bytes(entry) = wire else { continue };
            let (mut key, mut value) = (String::new(), default(field.of));
            let mut entry = Reader(entry);
            while let Some(part) = entry.next()? {
                match part {
                    (1, Wire::Bytes(bytes)) => key = text(bytes),
                    (2, wire) => value = self::value(field.of, wire, depth)?,
                    _ => {}
                }
            }
            if let Value::Object(map) = object.entry(field.name).or_insert_with(|| Value::Object(Map::new())) {
                map.insert(key, value);
            }
            continue;
        }
        let packed = matches!((&wire, field.of), (Wire::Bytes(_), "int32" | "int64" | "uint32" | "uint64" | "bool"));
        if field.repeated {
            let Value::Array(list) = object.entry(field.name).or_insert_with(|| Value::Array(Vec::new())) else { continue };
            if packed && let Wire::Bytes(bytes) = wire {
                let mut numbers = Reader(bytes);
                while !numbers.0.is_empty() {
                    list.push(value(field.of, Wire::Number(numbers.varint()?), depth)?);
                }
            } else {
                list.push(value(field.of, wire, depth)?);
            }
            continue;
        }
        let value = value(field.of, wire, depth)?;
        if field.pointer || !is_zero(&value) {
            object.insert(field.name.to_owned(), value);
        }
    }
    Ok(())
}

fn default(of: &str) -> Value {
    match of {
        "string" | "bytes" => "".into(),
        "bool" => false.into(),
        "int32" | "int64" | "uint32" | "uint64" | "double" => 0.into(),
        _ => Value::Object(Map::new()),
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

#[expect(
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    reason = "protobuf carries negative numbers in the bits of unsigned ones"
)]
fn value(of: &'static str, wire: Wire<'_>, depth: usize) -> Result<Value, ProtobufError> {
    Ok(match (of, wire) {
        ("string", Wire::Bytes(bytes)) => text(bytes).into(),
        ("bytes", Wire::Bytes(bytes)) => STANDARD.encode(bytes).into(),
        ("bool", Wire::Number(number)) => (number != 0).into(),
        ("int32", Wire::Number(number)) => (number as i32).into(),
        ("int64", Wire::Number(number)) => (number as i64).into(),
        ("uint32" | "uint64", Wire::Number(number)) => number.into(),
        ("double", Wire::Fixed(bits)) => f64::from_bits(bits).into(),
        (_, Wire::Bytes(bytes)) => message(of, bytes, depth)?,
        _ => Value::Null,
    })
}

/// A message as a value; those that JSON shows in a form of their own first.
fn message(of: &'static str, bytes: &[u8], depth: usize) -> Result<Value, ProtobufError> {
    let parts = || -> Result<HashMap<u64, Wire<'_>>, ProtobufError> {
        let (mut all, mut reader) = (HashMap::new(), Reader(bytes));
        while let Some((number, wire)) = reader.next()? {
            all.insert(number, wire);
        }
        Ok(all)
    };
    let number = |wire: Option<&Wire<'_>>| if let Some(Wire::Number(number)) = wire { number.cast_signed() } else { 0 };
    let bytes_of = |wire: Option<&Wire<'_>>| if let Some(Wire::Bytes(bytes)) = wire { text(bytes) } else { String::new() };
    Ok(match of {
        "api.resource.Quantity" => {
            let text = bytes_of(parts()?.get(&1));
            if text.is_empty() { "0".into() } else { text.into() }
        }
        "util.intstr.IntOrString" => {
            let parts = parts()?;
            if number(parts.get(&1)) == 0 { number(parts.get(&2)).into() } else { bytes_of(parts.get(&3)).into() }
        }
        "meta.Time" | "meta.MicroTime" => {
            let parts = parts()?;
            let time = jiff::Timestamp::new(number(parts.get(&1)), i32::try_from(number(parts.get(&2))).unwrap_or_default());
            match time {
                _ if bytes.is_empty() => Value::Null,
                Ok(time) if of == "meta.MicroTime" => api::time::micros(time).into(),
                Ok(time) => api::time::seconds(time).into(),
                Err(_) => Value::Null,
            }
        }
        "meta.Duration" => {
            let nanos = number(parts()?.get(&1));
            format!("{}s", nanos / 1_000_000_000).into()
        }
        "runtime.RawExtension" | "meta.FieldsV1" => match parts()?.get(&1) {
            Some(Wire::Bytes(raw)) if !raw.is_empty() => {
                serde_json::from_slice(raw).map_err(|error| ProtobufError::Raw(error.to_string()))?
            }
            _ => Value::Null,
        },
        // lists of text in a message of their own, because a map's values can not repeat
        "authentication.v1.ExtraValue" | "authorization.v1.ExtraValue" | "certificates.v1.ExtraValue" => {
            let (mut items, mut reader) = (Vec::new(), Reader(bytes));
            while let Some((_, wire)) = reader.next()? {
                if let Wire::Bytes(bytes) = wire {
                    items.push(Value::from(text(bytes)));
                }
            }
            items.into()
        }
        _ => {
            let mut object = Map::new();
            into_map(of, bytes, &mut object, depth + 1)?;
            object.into()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(number: u8, value: &[u8]) -> Vec<u8> {
        let mut out = vec![number << 3 | 2, u8::try_from(value.len()).unwrap()];
        out.extend_from_slice(value);
        out
    }
    fn document(api_version: &str, kind: &str, raw: &[u8]) -> Vec<u8> {
        let meta = [bytes(1, api_version.as_bytes()), bytes(2, kind.as_bytes())].concat();
        [MAGIC.to_vec(), bytes(1, &meta), bytes(2, raw)].concat()
    }

    #[test]
    fn an_object_as_a_typed_client_writes_it() {
        // name, empty generateName, and a creationTimestamp of nothing, as gogo writes them; data: {"x": "y"}
        let meta = [bytes(1, b"a"), bytes(2, b""), bytes(8, b"")].concat();
        let entry = [bytes(1, b"x"), bytes(2, b"y")].concat();
        let raw = [bytes(1, &meta), bytes(2, &entry)].concat();
        let expected = serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "y"}});
        assert_eq!(decode(&document("v1", "ConfigMap", &raw)).unwrap(), expected);
    }

    #[test]
    fn an_explicit_zero_stays_where_it_can_be_told_from_nothing() {
        // replicas: 0 is a pointer, minReadySeconds: 0 is not
        let spec = [0x08, 0, 0x28, 0];
        let raw = bytes(2, &spec);
        let got = decode(&document("apps/v1", "Deployment", &raw)).unwrap();
        assert_eq!(got["spec"], serde_json::json!({"replicas": 0}));
    }

    #[test]
    fn broken_input_is_refused() {
        assert_eq!(decode(b"{}"), Err(ProtobufError::Magic));
        assert_eq!(decode(b"k8s\0\x0a\xff"), Err(ProtobufError::Short));
        let unknown = decode(&document("v9", "Nothing", b""));
        assert_eq!(unknown, Err(ProtobufError::Unknown { api_version: "v9".to_owned(), kind: "Nothing".to_owned() }));
    }

    #[test]
    fn every_type_that_is_named_is_known_or_special() {
        let special = [
            "api.resource.Quantity",
            "util.intstr.IntOrString",
            "runtime.RawExtension",
            "string",
            "bytes",
            "bool",
            "int32",
            "int64",
            "uint32",
            "uint64",
            "double",
        ];
        for (name, fields) in MESSAGES.iter() {
            for field in fields {
                let known = special.contains(&field.of) || MESSAGES.contains_key(field.of);
                assert!(known, "{name}.{} is of {}", field.name, field.of);
            }
        }
    }
}
