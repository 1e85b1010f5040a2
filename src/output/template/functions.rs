//! The functions of templates: Go's own, and kubectl's `exists` and `base64decode`.

use std::cmp::Ordering;

use base64::Engine;

use super::format::sprintf;
use super::value::{Data, Val};
use crate::go_text;

/// How many arguments a function takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arity {
    Exactly(usize),
    AtLeast(usize),
}

const FUNCTIONS: &[(&str, Arity)] = &[
    ("and", Arity::AtLeast(1)),
    ("base64decode", Arity::Exactly(1)),
    ("call", Arity::AtLeast(1)),
    ("eq", Arity::AtLeast(1)),
    ("exists", Arity::AtLeast(1)),
    ("ge", Arity::Exactly(2)),
    ("gt", Arity::Exactly(2)),
    ("html", Arity::AtLeast(0)),
    ("index", Arity::AtLeast(1)),
    ("js", Arity::AtLeast(0)),
    ("le", Arity::Exactly(2)),
    ("len", Arity::Exactly(1)),
    ("lt", Arity::Exactly(2)),
    ("ne", Arity::Exactly(2)),
    ("not", Arity::Exactly(1)),
    ("or", Arity::AtLeast(1)),
    ("print", Arity::AtLeast(0)),
    ("printf", Arity::AtLeast(1)),
    ("println", Arity::AtLeast(0)),
    ("slice", Arity::AtLeast(1)),
    ("urlquery", Arity::AtLeast(0)),
];

/// Whether there is such a function.
pub fn exists(name: &str) -> bool {
    FUNCTIONS.iter().any(|function| function.0 == name)
}

/// How many arguments it takes.
pub fn arity(name: &str) -> Arity {
    FUNCTIONS.iter().find(|function| function.0 == name).map_or(Arity::AtLeast(0), |function| function.1)
}

/// Whether its first argument must be a string.
pub fn wants_text(name: &str) -> bool {
    matches!(name, "printf" | "base64decode")
}

/// Calls a function; its arguments have been counted.
pub fn call<'a>(name: &str, arguments: &[Val<'a>]) -> Result<Val<'a>, String> {
    let text = |text: String| Ok(Val::text(text));
    let flag = |flag: bool| Ok(Val::of(Data::Bool(flag)));
    match name {
        "base64decode" => base64decode(&arguments[0].data.sprint()).map(Val::text),
        "call" => match &arguments[0].data {
            Data::Nothing => Err("call of nil".to_owned()),
            other => Err(format!("non-function of type {}", other.type_name())),
        },
        "eq" => equal(&arguments[0], &arguments[1..]).and_then(flag),
        "ne" => equal(&arguments[0], &arguments[1..]).and_then(|equal| flag(!equal)),
        "lt" => less(&arguments[0], &arguments[1]).and_then(flag),
        "le" => less_or_equal(&arguments[0], &arguments[1]).and_then(flag),
        "gt" => less_or_equal(&arguments[0], &arguments[1]).and_then(|less| flag(!less)),
        "ge" => less(&arguments[0], &arguments[1]).and_then(|less| flag(!less)),
        "exists" => flag(arguments.len() == 1 || index(arguments).is_ok_and(|value| !matches!(value.data, Data::Nothing))),
        "html" => text(html(&joined(arguments))),
        "js" => text(js(&joined(arguments))),
        "urlquery" => text(query(&joined(arguments))),
        "index" => index(arguments),
        "len" => length(&arguments[0]),
        "not" => flag(!arguments[0].data.truth()),
        "print" => text(sprint(arguments)),
        "println" => {
            let texts: Vec<String> = arguments.iter().map(|argument| argument.data.sprint()).collect();
            text(format!("{}\n", texts.join(" ")))
        }
        "printf" => text(sprintf(&arguments[0].data.sprint(), &arguments[1..])),
        "slice" => slice(arguments),
        _ => Err(format!("{} is not a defined function", go_text::quote(name))),
    }
}

fn base64decode(text: &str) -> Result<String, String> {
    // like Go's decoder, line ends are skipped
    let clean: String = text.chars().filter(|character| !matches!(character, '\r' | '\n')).collect();
    match base64::engine::general_purpose::STANDARD.decode(&clean) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => {
            use base64::DecodeError::{InvalidByte, InvalidLastSymbol, InvalidLength, InvalidPadding};
            let at = match error {
                InvalidByte(at, _) | InvalidLastSymbol(at, _) => at,
                InvalidLength(length) => length / 4 * 4,
                InvalidPadding => clean.len() / 4 * 4,
            };
            Err(format!("base64 decode failed: illegal base64 data at input byte {at}"))
        }
    }
}

/// `fmt.Sprint`: blanks only between operands neither of which is a string.
fn sprint(arguments: &[Val<'_>]) -> String {
    let mut out = String::new();
    let mut after_text = true;
    for argument in arguments {
        let is_text = matches!(argument.data, Data::Text(_));
        if !is_text && !after_text {
            out.push(' ');
        }
        out.push_str(&argument.data.sprint());
        after_text = is_text;
    }
    out
}

/// What the escaping functions work on: a lone string as it is, everything else printed.
fn joined(arguments: &[Val<'_>]) -> String {
    match arguments {
        [Val { data: Data::Nothing, .. }] => "<no value>".to_owned(),
        _ => sprint(arguments),
    }
}

fn html(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\0' => out.push('\u{fffd}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(character),
        }
    }
    out
}

fn js(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '"' => out.push_str("\\\""),
            '<' | '>' | '&' | '=' | '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04X}", character as u32)),
            _ if character.is_ascii() || go_text::is_print(character) => out.push(character),
            _ => out.push_str(&format!("\\u{:04X}", character as u32)),
        }
    }
    out
}

fn query(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte as char),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What Go says of a method call on no value at all.
const ZERO_VALUE: &str = "reflect: call of reflect.Value.Type on zero Value";

fn length<'a>(value: &Val<'a>) -> Result<Val<'a>, String> {
    Ok(Val::int(match &value.data {
        Data::Nothing if value.wrapped => return Err("len of nil pointer".to_owned()),
        Data::Nothing => return Err(ZERO_VALUE.to_owned()),
        Data::Text(text) => text.len(),
        Data::List(items) => items.len(),
        Data::Map(map) => map.len(),
        other => return Err(format!("len of type {}", other.type_name())),
    }))
}

fn position(value: &Val<'_>, length: usize, inclusive: bool) -> Result<usize, String> {
    let at = match &value.data {
        Data::Int(at, _) => *at,
        Data::Nothing => return Err("cannot index slice/array with nil".to_owned()),
        other => return Err(format!("cannot index slice/array with type {}", other.type_name())),
    };
    match usize::try_from(at) {
        Ok(index) if index < length || (inclusive && index == length) => Ok(index),
        _ => Err(format!("index out of range: {at}")),
    }
}

fn index<'a>(arguments: &[Val<'a>]) -> Result<Val<'a>, String> {
    let mut value = arguments[0].clone();
    if matches!(value.data, Data::Nothing) {
        return Err("index of untyped nil".to_owned());
    }
    for key in &arguments[1..] {
        value = match &value.data {
            Data::List(items) => Val::element(&items[position(key, items.len(), false)?]),
            Data::Text(text) => Val::of(Data::Int(i64::from(text.as_bytes()[position(key, text.len(), false)?]), "uint8")),
            Data::Map(map) => match &key.data {
                Data::Text(name) => map.get(name.as_ref()).map_or(Val { data: Data::Nothing, wrapped: true }, Val::element),
                Data::Nothing => return Err("value is nil; should be of type string".to_owned()),
                other => return Err(format!("value has type {}; should be string", other.type_name())),
            },
            Data::Nothing => return Err("index of nil pointer".to_owned()),
            other => return Err(format!("can't index item of type {}", other.type_name())),
        };
    }
    Ok(value)
}

fn slice<'a>(arguments: &[Val<'a>]) -> Result<Val<'a>, String> {
    let value = &arguments[0];
    if arguments.len() > 4 {
        return Err(format!("too many slice indexes: {}", arguments.len() - 1));
    }
    let length = match &value.data {
        Data::Nothing => return Err("slice of untyped nil".to_owned()),
        Data::Text(_) if arguments.len() == 4 => return Err("cannot 3-index slice a string".to_owned()),
        Data::Text(text) => text.len(),
        Data::List(items) => items.len(),
        other => return Err(format!("can't slice item of type {}", other.type_name())),
    };
    let mut bounds = [0, length, length];
    for (bound, argument) in bounds.iter_mut().zip(&arguments[1..]) {
        *bound = position(argument, length, true)?;
    }
    for pair in bounds.windows(2) {
        if pair[0] > pair[1] {
            return Err(format!("invalid slice index: {} > {}", pair[0], pair[1]));
        }
    }
    Ok(Val::of(match &value.data {
        Data::List(items) => Data::List(&items[bounds[0]..bounds[1]]),
        Data::Text(text) => Data::Text(String::from_utf8_lossy(&text.as_bytes()[bounds[0]..bounds[1]]).into_owned().into()),
        other => other.clone(),
    }))
}

fn incompatible(left: &Val<'_>, right: &Val<'_>) -> String {
    format!("incompatible types for comparison: {} and {}", left.data.type_name(), right.data.type_name())
}

const INVALID: &str = "invalid type for comparison";

fn equal(left: &Val<'_>, others: &[Val<'_>]) -> Result<bool, String> {
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for right in others {
        let same = match (&left.data, &right.data) {
            (Data::Nothing, Data::Nothing) => true,
            (Data::Nothing, _) | (_, Data::Nothing) => false,
            (Data::Bool(left), Data::Bool(right)) => left == right,
            (Data::Int(left, _), Data::Int(right, _)) => left == right,
            (Data::Float(left), Data::Float(right)) => left == right,
            (Data::Text(left), Data::Text(right)) => left == right,
            (Data::List(_), Data::List(_)) | (Data::Map(_), Data::Map(_)) => {
                return Err(format!("non-comparable type {}: {}", sprintf("%s", std::slice::from_ref(left)), left.data.type_name()));
            }
            (Data::List(_), Data::Map(_)) | (Data::Map(_), Data::List(_)) => {
                return Err(format!(
                    "non-comparable types {}: {}, {}: {}",
                    sprintf("%s", std::slice::from_ref(left)),
                    left.data.type_name(),
                    right.data.type_name(),
                    right.data.sprint()
                ));
            }
            _ => return Err(incompatible(left, right)),
        };
        if same {
            return Ok(true);
        }
    }
    Ok(false)
}

fn compare(left: &Val<'_>, right: &Val<'_>) -> Result<Option<Ordering>, String> {
    let basic = |value: &Val<'_>| matches!(value.data, Data::Bool(_) | Data::Int(..) | Data::Float(_) | Data::Text(_));
    if !basic(left) || !basic(right) {
        return Err(INVALID.to_owned());
    }
    match (&left.data, &right.data) {
        (Data::Int(left, _), Data::Int(right, _)) => Ok(Some(left.cmp(right))),
        (Data::Float(left), Data::Float(right)) => Ok(left.partial_cmp(right)),
        (Data::Text(left), Data::Text(right)) => Ok(Some(left.cmp(right))),
        (Data::Bool(_), Data::Bool(_)) => Err(INVALID.to_owned()),
        _ => Err(incompatible(left, right)),
    }
}

fn less(left: &Val<'_>, right: &Val<'_>) -> Result<bool, String> {
    Ok(compare(left, right)? == Some(Ordering::Less))
}

fn less_or_equal(left: &Val<'_>, right: &Val<'_>) -> Result<bool, String> {
    Ok(matches!(compare(left, right)?, Some(Ordering::Less | Ordering::Equal)))
}
