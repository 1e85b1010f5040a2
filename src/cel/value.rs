//! Values as an expression sees them. What comes from JSON is borrowed and looked into only where an expression goes.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::data;
use crate::library::Extension;
use crate::schema::Schema;
use crate::time::Timestamp;
use crate::types::Type;

/// Why an evaluation ends without a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// An error of the expression, which `&&`, `||` and some macros can absorb.
    Error(Cow<'static, str>),
    /// The expression has cost more than it may.
    CostLimit,
}

pub(crate) type Outcome<'a> = Result<Value<'a>, Failure>;

/// An error of an expression in upstream's words.
pub(crate) fn error<T>(message: impl Into<Cow<'static, str>>) -> Result<T, Failure> {
    Err(Failure::Error(message.into()))
}

pub(crate) fn no_such_overload<T>() -> Result<T, Failure> {
    error("no such overload")
}

#[derive(Clone, Debug)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(Text<'a>),
    Bytes(Arc<[u8]>),
    /// Nanoseconds.
    Duration(i64),
    Timestamp(Timestamp),
    List(List<'a>),
    Map(Map<'a>),
    Optional(Option<Arc<Value<'a>>>),
    Type(Type),
    /// An object that an expression made.
    Object(Arc<Made<'a>>),
    /// A value of a library: a quantity, an address, ...
    Extension(Arc<Extension<'a>>),
    /// Data without a schema that is kept as it is: all it can do is be equal.
    Preserved(&'a Json),
}

/// Text, borrowed or shared.
#[derive(Clone, Debug)]
pub enum Text<'a> {
    Borrowed(&'a str),
    Shared(Arc<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Text::Borrowed(text) => text,
            Text::Shared(text) => text,
        }
    }
}

#[derive(Clone, Debug)]
pub enum List<'a> {
    Json(&'a [Json], Option<&'a Schema>),
    Values(Arc<Vec<Value<'a>>>),
}

#[derive(Clone)]
pub enum Map<'a> {
    Json(&'a serde_json::Map<String, Json>, Option<&'a Schema>),
    Entries(Arc<BTreeMap<Key<'a>, Value<'a>>>),
    /// Fields whose values are made when they are asked for.
    Lazy(&'a (dyn Lazy + 'a)),
}

/// Fields that the host of an evaluation makes when an expression asks for them: the variables of an admission policy.
pub trait Lazy: Sync {
    /// The value of a field, or none where there is no such field.
    fn field<'v>(&'v self, name: &str) -> Option<Result<Value<'v>, Failure>>;
}

impl fmt::Debug for Map<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Map::Json(fields, _) => fields.fmt(formatter),
            Map::Entries(entries) => entries.fmt(formatter),
            Map::Lazy(_) => formatter.write_str("{..}"),
        }
    }
}

/// An object that an expression made: `Object.spec{replicas: 1}`.
#[derive(Debug)]
pub struct Made<'a> {
    pub name: String,
    pub fields: BTreeMap<String, Value<'a>>,
}

/// A key of a map. Numbers are the same key where they are the same number.
#[derive(Clone, Debug)]
pub enum Key<'a> {
    Bool(bool),
    Int(i64),
    Uint(u64),
    String(Text<'a>),
}

impl<'a> Key<'a> {
    /// The key that a value is, if it can be one.
    pub(crate) fn of(value: &Value<'a>) -> Option<Self> {
        match value {
            Value::Bool(value) => Some(Key::Bool(*value)),
            Value::Int(value) => Some(Key::Int(*value)),
            Value::Uint(value) => Some(Key::Uint(*value)),
            Value::Double(value) => {
                whole(*value).and_then(|number| i64::try_from(number).map(Key::Int).or_else(|_| u64::try_from(number).map(Key::Uint)).ok())
            }
            Value::String(value) => Some(Key::String(value.clone())),
            _ => None,
        }
    }

    pub(crate) fn value(&self) -> Value<'a> {
        match self {
            Key::Bool(value) => Value::Bool(*value),
            Key::Int(value) => Value::Int(*value),
            Key::Uint(value) => Value::Uint(*value),
            Key::String(value) => Value::String(value.clone()),
        }
    }

    fn number(&self) -> Option<i128> {
        match self {
            Key::Int(value) => Some((*value).into()),
            Key::Uint(value) => Some((*value).into()),
            Key::Bool(_) | Key::String(_) => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Key::Bool(_) => 0,
            Key::Int(_) | Key::Uint(_) => 1,
            Key::String(_) => 2,
        }
    }
}

/// A double as the whole number it is.
pub(crate) fn whole(value: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked, and a fraction is refused")]
    (value.fract() == 0.0 && value.abs() < 1e20).then_some(value as i128)
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Key::Bool(left), Key::Bool(right)) => left.cmp(right),
            (Key::String(left), Key::String(right)) => left.as_bytes().cmp(right.as_bytes()),
            _ => self.number().cmp(&other.number()).then(self.rank().cmp(&other.rank())),
        }
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key<'_> {}

impl<'a> Value<'a> {
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Value::String(Text::Shared(text.into()))
    }

    pub fn list(values: Vec<Value<'a>>) -> Self {
        Value::List(List::Values(Arc::new(values)))
    }

    pub fn map(entries: BTreeMap<Key<'a>, Value<'a>>) -> Self {
        Value::Map(Map::Entries(Arc::new(entries)))
    }

    pub fn optional(value: Option<Value<'a>>) -> Self {
        Value::Optional(value.map(Arc::new))
    }

    pub(crate) fn extension(extension: Extension<'a>) -> Self {
        Value::Extension(Arc::new(extension))
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// JSON of unknown shape: what an expression sees has the types of its values.
    pub fn dynamic(json: &'a Json) -> Self {
        data::dynamic(json)
    }

    /// JSON by its schema. What does not fit the schema is an error that the expression meets where it looks at it.
    pub fn structured(json: &'a Json, schema: &'a Schema) -> Result<Self, Failure> {
        data::structured(json, schema)
    }

    /// The type of a value, without parameters.
    pub fn kind(&self) -> Type {
        match self {
            Value::Null => Type::Null,
            Value::Bool(_) => Type::Bool,
            Value::Int(_) => Type::Int,
            Value::Uint(_) => Type::Uint,
            Value::Double(_) => Type::Double,
            Value::String(_) => Type::String,
            Value::Bytes(_) => Type::Bytes,
            Value::Duration(_) => Type::Duration,
            Value::Timestamp(_) => Type::Timestamp,
            Value::List(_) => Type::list(Type::Dyn),
            Value::Map(_) => Type::map(Type::Dyn, Type::Dyn),
            Value::Optional(_) => Type::optional(Type::Dyn),
            Value::Type(_) => Type::Type(None),
            Value::Object(made) => Type::object(made.name.clone(), BTreeMap::new()),
            Value::Extension(extension) => extension.kind(),
            Value::Preserved(_) => Type::Dyn,
        }
    }

    /// What costs know as a value's size: characters, bytes, elements, entries; one for all else.
    pub(crate) fn size(&self) -> u64 {
        let size = match self {
            Value::String(text) => text.chars().count(),
            Value::Bytes(bytes) => bytes.len(),
            Value::List(list) => list.len(),
            Value::Map(map) => map.len(),
            Value::Optional(Some(value)) => return value.size(),
            Value::Extension(extension) => extension.size(),
            _ => 1,
        };
        u64::try_from(size).unwrap_or(u64::MAX)
    }
}

impl<'a> List<'a> {
    pub fn len(&self) -> usize {
        match self {
            List::Json(items, _) => items.len(),
            List::Values(values) => values.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, index: usize) -> Option<Outcome<'a>> {
        match self {
            List::Json(items, schema) => items.get(index).map(|item| data::element(item, *schema)),
            List::Values(values) => values.get(index).cloned().map(Ok),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Outcome<'a>> + '_ {
        (0..self.len()).map_while(|index| self.get(index))
    }

    /// All elements, or the first error among them.
    pub(crate) fn values(&self) -> Result<Vec<Value<'a>>, Failure> {
        self.iter().collect()
    }
}

impl<'a> Map<'a> {
    pub fn len(&self) -> usize {
        match self {
            Map::Json(fields, _) => fields.len(),
            Map::Entries(entries) => entries.len(),
            Map::Lazy(_) => 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, key: &Value<'_>) -> Result<Option<Value<'a>>, Failure> {
        match self {
            Map::Json(..) | Map::Lazy(_) => match key {
                Value::String(name) => self.field(name),
                _ if matches!(self, Map::Json(_, None)) => Ok(None),
                _ => no_such_overload(),
            },
            Map::Entries(entries) => Ok(Key::of(key).and_then(|key| entries.get(&key).cloned())),
        }
    }

    /// The value of a key that is a text, or of a field.
    pub fn field(&self, name: &str) -> Result<Option<Value<'a>>, Failure> {
        match self {
            Map::Json(fields, None) => Ok(fields.get(name).map(data::dynamic)),
            Map::Json(fields, Some(schema)) => data::field(fields, schema, name),
            Map::Entries(entries) => Ok(entries.get(&Key::String(Text::Borrowed(name))).cloned()),
            Map::Lazy(lazy) => lazy.field(name).transpose(),
        }
    }

    pub fn keys(&self) -> Vec<Value<'a>> {
        match self {
            Map::Json(fields, schema) => data::keys(fields, *schema),
            Map::Entries(entries) => entries.keys().map(Key::value).collect(),
            Map::Lazy(_) => Vec::new(),
        }
    }
}
