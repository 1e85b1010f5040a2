//! The document of version 2 in protobuf, as gnostic's `openapi.v2.Document`: the one form of it that Go clients read.

use serde_json::{Map, Value};

use crate::protobuf::wire::{bytes, number};

/// How a key of the JSON document is written.
enum Form {
    Text,
    Texts,
    Flag,
    /// Any value, as text in YAML.
    Any,
    /// A message of this name, inside messages that have nothing else: their field numbers.
    One(&'static [u64], &'static str),
    /// A list of messages that have a form of their own, below.
    Parameters,
    AdditionalProperties,
    /// A map: the number of an entry, and the wrapping of its value.
    Map(u64, &'static [u64], &'static str),
}
use Form::{AdditionalProperties, Any, Flag, Map as Entries, One, Parameters, Text, Texts};

/// A message: its name, its fields as key, number and form, and the number of its extensions (0: it has none).
type Message = (&'static str, &'static [(&'static str, u64, Form)], u64);

const MESSAGES: &[Message] = &[
    (
        "Document",
        &[
            ("swagger", 1, Text),
            ("info", 2, One(&[], "Info")),
            ("paths", 8, Entries(2, &[], "PathItem")),
            ("definitions", 9, Entries(1, &[], "Schema")),
        ],
        16,
    ),
    ("Info", &[("title", 1, Text), ("version", 2, Text)], 7),
    (
        "PathItem",
        &[
            ("get", 2, One(&[], "Operation")),
            ("put", 3, One(&[], "Operation")),
            ("post", 4, One(&[], "Operation")),
            ("delete", 5, One(&[], "Operation")),
            ("options", 6, One(&[], "Operation")),
            ("head", 7, One(&[], "Operation")),
            ("patch", 8, One(&[], "Operation")),
            ("parameters", 9, Parameters),
        ],
        10,
    ),
    (
        "Operation",
        &[
            ("tags", 1, Texts),
            ("description", 3, Text),
            ("operationId", 5, Text),
            ("produces", 6, Texts),
            ("consumes", 7, Texts),
            ("parameters", 8, Parameters),
            ("responses", 9, Entries(1, &[1], "Response")),
            ("schemes", 10, Texts),
            ("deprecated", 11, Flag),
        ],
        13,
    ),
    ("Response", &[("description", 1, Text), ("schema", 2, One(&[1], "Schema"))], 5),
    (
        "BodyParameter",
        &[("description", 1, Text), ("name", 2, Text), ("in", 3, Text), ("required", 4, Flag), ("schema", 5, One(&[], "Schema"))],
        6,
    ),
    (
        "QueryParameter",
        &[
            ("required", 1, Flag),
            ("in", 2, Text),
            ("description", 3, Text),
            ("name", 4, Text),
            ("type", 6, Text),
            ("uniqueItems", 20, Flag),
        ],
        23,
    ),
    (
        "PathParameter",
        &[
            ("required", 1, Flag),
            ("in", 2, Text),
            ("description", 3, Text),
            ("name", 4, Text),
            ("type", 5, Text),
            ("uniqueItems", 19, Flag),
        ],
        22,
    ),
    (
        "Schema",
        &[
            ("$ref", 1, Text),
            ("format", 2, Text),
            ("title", 3, Text),
            ("description", 4, Text),
            ("default", 5, Any),
            ("required", 19, Texts),
            ("additionalProperties", 21, AdditionalProperties),
            ("type", 22, One(&[], "TypeItem")),
            ("items", 23, One(&[1], "Schema")),
            ("properties", 25, Entries(1, &[], "Schema")),
        ],
        31,
    ),
];

/// A document of version 2.
pub fn encode(document: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    message("Document", document, &mut out);
    out
}

fn message(name: &str, value: &Value, out: &mut Vec<u8>) {
    if name == "TypeItem" {
        bytes(1, value.as_str().unwrap_or_default().as_bytes(), out);
        return;
    }
    let Some((_, fields, extensions)) = MESSAGES.iter().find(|(message, ..)| *message == name) else { return };
    let none = Map::new();
    let object = value.as_object().unwrap_or(&none);
    for (key, at, form) in *fields {
        let Some(value) = object.get(*key) else { continue };
        match form {
            Text => value.as_str().into_iter().for_each(|text| bytes(*at, text.as_bytes(), out)),
            Texts => texts(value).for_each(|text| bytes(*at, text.as_bytes(), out)),
            Flag => number(*at, u64::from(value == true), out),
            Any => bytes(*at, &any(value), out),
            One(wrapping, of) => wrapped(*at, wrapping, out, |out| message(of, value, out)),
            Parameters => value.as_array().into_iter().flatten().for_each(|one| parameter(*at, one, out)),
            AdditionalProperties => wrapped(*at, &[], out, |out| match value {
                Value::Bool(flag) => number(2, u64::from(*flag), out),
                schema => wrapped(1, &[], out, |out| message("Schema", schema, out)),
            }),
            Entries(entry, wrapping, of) => wrapped(*at, &[], out, |out| {
                for (key, value) in value.as_object().into_iter().flatten() {
                    wrapped(*entry, &[], out, |out| {
                        bytes(1, key.as_bytes(), out);
                        wrapped(2, wrapping, out, |out| message(of, value, out));
                    });
                }
            }),
        }
    }
    for (key, value) in object.iter().filter(|(key, _)| key.starts_with("x-")) {
        wrapped(*extensions, &[], out, |out| {
            bytes(1, key.as_bytes(), out);
            bytes(2, &any(value), out);
        });
    }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// JSON is YAML.
fn any(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    bytes(2, format!("{value}\n").as_bytes(), &mut out);
    out
}

/// `Parameter.body_parameter` or one of `Parameter.non_body_parameter`.
fn parameter(at: u64, value: &Value, out: &mut Vec<u8>) {
    let (wrapping, of): (&[u64], _) = match value["in"].as_str() {
        Some("body") => (&[1, 1], "BodyParameter"),
        Some("path") => (&[1, 2, 4], "PathParameter"),
        _ => (&[1, 2, 3], "QueryParameter"),
    };
    wrapped(at, wrapping, out, |out| message(of, value, out));
}

/// Writes a field, with further messages around its content.
fn wrapped(at: u64, wrapping: &[u64], out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let mut inner = Vec::new();
    write(&mut inner);
    for around in wrapping.iter().rev() {
        let mut outer = Vec::with_capacity(inner.len() + 4);
        bytes(*around, &inner, &mut outer);
        inner = outer;
    }
    bytes(at, &inner, out);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_small_document() {
        let check = |document: Value, expected: &[u8]| assert_eq!(encode(&document), expected, "{document}");
        check(json!({"swagger": "2.0", "info": {"title": "T", "version": "v"}}), b"\x0a\x032.0\x12\x06\x0a\x01T\x12\x01v");
        check(
            json!({"definitions": {"d": {"type": "object", "x-a": 1}}}),
            b"\x4a\x20\x0a\x1e\x0a\x01d\x12\x19\xb2\x01\x08\x0a\x06object\xfa\x01\x0b\x0a\x03x-a\x12\x04\x12\x021\n",
        );
        check(
            json!({"paths": {"/p": {"get": {"parameters": [{"in": "query", "name": "q"}]}}}}),
            b"\x42\x1c\x12\x1a\x0a\x02/p\x12\x14\x12\x12\x42\x10\x0a\x0e\x12\x0c\x1a\x0a\x12\x05query\x22\x01q",
        );
    }
}
