//! Paths into an object: fields of maps, items of lists by their keys or by their value.

use std::cmp::Ordering;
use std::fmt;
use std::fmt::Write;
use std::sync::Arc;

use serde_json::Value;

/// A scalar in a path, ordered as upstream orders values: numbers, text, booleans, everything else.
#[derive(Clone, Debug)]
pub struct Scalar(pub Value);

/// One step of a path. The order of the variants is the order in which upstream sorts them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathElement {
    /// A field of a struct, a key of a map.
    Field(Arc<str>),
    /// The item of a list that has these values in its key fields; sorted by field.
    Key(Vec<(Arc<str>, Scalar)>),
    /// The item of a set.
    Value(Scalar),
    /// An item by its place; only upstream's oldest entries have them.
    Index(i64),
}

/// Steps from the root.
pub type Path = Vec<PathElement>;

/// `.spec.ports[port=80,protocol="TCP"].name`
pub fn path_text(path: &[PathElement]) -> String {
    path.iter().map(ToString::to_string).collect()
}

impl PathElement {
    pub fn field(name: &str) -> Self {
        Self::Field(name.into())
    }
    /// As it stands in `FieldsV1`: `f:spec`, `k:{"name":"a"}`, `v:"a"`, `i:0`.
    pub fn to_wire(&self) -> String {
        let text = match self {
            Self::Field(name) => return ["f:", name].concat(),
            Self::Index(index) => return format!("i:{index}"),
            Self::Key(fields) => {
                let mut text = String::from("k:{");
                for (name, value) in fields {
                    let comma = if text.ends_with('{') { "" } else { "," };
                    // writing into a string does not fail
                    let _ = write!(text, "{comma}{}:{}", Value::from(&**name), value.0);
                }
                text.push('}');
                text
            }
            Self::Value(value) => format!("v:{}", value.0),
        };
        // Go's encoder escapes what could be taken for HTML
        if !text.contains(['<', '>', '&']) {
            return text;
        }
        text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
    }
    /// The reverse of [`Self::to_wire`]. `Ok(None)` for kinds of steps that are not known.
    pub fn from_wire(text: &str) -> Result<Option<Self>, String> {
        let Some((kind, rest)) = text.split_at_checked(2) else { return Err("key must be 2 characters long:".to_owned()) };
        if !kind.ends_with(':') {
            return Err(format!("missing colon: {text}"));
        }
        Ok(Some(match kind {
            "f:" => Self::field(rest),
            "v:" => Self::Value(Scalar(serde_json::from_str(rest).map_err(|error| error.to_string())?)),
            "k:" => {
                let map: serde_json::Map<String, Value> = serde_json::from_str(rest).map_err(|error| error.to_string())?;
                Self::Key(map.into_iter().map(|(name, value)| (name.into(), Scalar(value))).collect())
            }
            "i:" => Self::Index(rest.parse().map_err(|_| format!("strconv.Atoi: parsing {rest:?}: invalid syntax"))?),
            _ => return Ok(None),
        }))
    }
}

impl fmt::Display for PathElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Key(fields) => {
                let parts: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
                write!(f, "[{}]", parts.join(","))
            }
            Self::Value(value) => write!(f, "[={value}]"),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Value::String(text) => write!(f, "{text:?}"),
            other => write!(f, "{other}"),
        }
    }
}

impl Scalar {
    fn rank(&self) -> u8 {
        match self.0 {
            Value::Number(_) => 0,
            Value::String(_) => 1,
            Value::Bool(_) => 2,
            Value::Array(_) => 3,
            Value::Object(_) => 4,
            Value::Null => 5,
        }
    }
}

impl Ord for Scalar {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Value::Number(one), Value::Number(two)) => match (one.as_i64(), two.as_i64()) {
                (Some(one), Some(two)) => one.cmp(&two),
                _ => one.as_f64().unwrap_or_default().total_cmp(&two.as_f64().unwrap_or_default()),
            },
            (Value::String(one), Value::String(two)) => one.cmp(two),
            (Value::Bool(one), Value::Bool(two)) => one.cmp(two),
            // no list or map is a key; where a broken entry says so, its text will do
            (one, two) => self.rank().cmp(&other.rank()).then_with(|| one.to_string().cmp(&two.to_string())),
        }
    }
}
impl PartialOrd for Scalar {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Scalar {}

/// Whether two trees hold the same: as `==`, but `1` and `1.0` are one number.
pub(super) fn same(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(_), Value::Number(_)) => Scalar(one.clone()) == Scalar(two.clone()),
        (Value::Array(one), Value::Array(two)) => one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two)),
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|((name, one), (other, two))| name == other && same(one, two))
        }
        (one, two) => one == two,
    }
}
