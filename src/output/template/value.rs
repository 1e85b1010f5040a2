//! Values inside a running template.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::go_text;

/// A value, and whether Go would hold it in an `interface {}` at this point, which error messages tell apart.
#[derive(Clone, Debug)]
pub struct Val<'a> {
    pub data: Data<'a>,
    pub wrapped: bool,
}

/// The data of a value.
#[derive(Clone, Debug)]
pub enum Data<'a> {
    /// Nothing: a missing key, null, `nil`.
    Nothing,
    Bool(bool),
    /// An integer and its Go type.
    Int(i64, &'static str),
    Float(f64),
    Text(Cow<'a, str>),
    List(&'a [Value]),
    Map(&'a Map<String, Value>),
}

impl<'a> Val<'a> {
    pub const NOTHING: Self = Self { data: Data::Nothing, wrapped: false };

    pub fn of(data: Data<'a>) -> Self {
        Self { data, wrapped: false }
    }

    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::of(Data::Text(text.into()))
    }

    pub fn int(value: usize) -> Self {
        Self::of(Data::Int(i64::try_from(value).unwrap_or(i64::MAX), "int"))
    }

    /// An element of a JSON list or map.
    pub fn element(value: &'a Value) -> Self {
        Self { data: Data::from_json(value), wrapped: true }
    }

    /// The value out of its interface.
    pub fn unwrapped(mut self) -> Self {
        self.wrapped = false;
        self
    }

    pub fn type_name(&self) -> &'static str {
        if self.wrapped { "interface {}" } else { self.data.type_name() }
    }
}

impl<'a> Data<'a> {
    pub fn from_json(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(number) => match go_text::number_text(number).parse() {
                Ok(integer) => Self::Int(integer, "int64"),
                Err(_) => Self::Float(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Array(items) => Self::List(items),
            Value::Object(map) => Self::Map(map),
        }
    }

    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Nothing => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_, name) => name,
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::List(_) => "[]interface {}",
            Self::Map(_) => "map[string]interface {}",
        }
    }

    /// Whether the value counts as true.
    pub fn truth(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Bool(flag) => *flag,
            Self::Int(value, _) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(map) => !map.is_empty(),
        }
    }

    /// `%v`.
    pub fn sprint(&self) -> String {
        match self {
            Self::Nothing => "<nil>".to_owned(),
            Self::Bool(flag) => flag.to_string(),
            Self::Int(value, _) => value.to_string(),
            Self::Float(value) => go_text::float_general(*value),
            Self::Text(text) => text.to_string(),
            Self::List(items) => {
                let texts: Vec<String> = items.iter().map(go_text::sprint).collect();
                format!("[{}]", texts.join(" "))
            }
            Self::Map(map) => {
                let texts: Vec<String> = map.iter().map(|(key, value)| format!("{key}:{}", go_text::sprint(value))).collect();
                format!("map[{}]", texts.join(" "))
            }
        }
    }
}
