//! The types of CEL as a checker sees them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::declaration::Declared;
use crate::escape::is_reserved;

/// A type. Objects are equal by name.
#[derive(Clone, Debug)]
pub enum Type {
    /// Of what could not be checked.
    Error,
    Dyn,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Duration,
    Timestamp,
    List(Arc<Type>),
    Map(Arc<(Type, Type)>),
    /// An object with named fields.
    Object(Arc<ObjectType>),
    /// A type of a library without fields: `kubernetes.Quantity`.
    Library(&'static str),
    /// A type of a library that is no object to CEL: `net.IP`, `optional_type`.
    Opaque(&'static str, Arc<[Type]>),
    /// The type of types.
    Type(Option<Arc<Type>>),
    /// A parameter of a function's signature, or a variable of the checker.
    Parameter(u32),
}

/// An object's name and fields; names of fields are escaped as expressions write them.
#[derive(Debug, Default)]
pub struct ObjectType {
    pub name: String,
    pub fields: BTreeMap<String, Declared>,
    /// Any field is there, of type dyn: the objects that a mutating policy makes.
    pub open: bool,
}

impl ObjectType {
    /// A field by the name an expression gives it, which may be a reserved word that is escaped in the declaration.
    pub(crate) fn field(&self, name: &str) -> Option<&Declared> {
        self.fields.get(name).or_else(|| self.fields.get(&format!("__{name}__")).filter(|_| is_reserved(name)))
    }
}

pub(crate) const OPTIONAL: &str = "optional_type";

impl Type {
    pub fn list(element: Type) -> Self {
        Type::List(Arc::new(element))
    }

    pub fn map(key: Type, value: Type) -> Self {
        Type::Map(Arc::new((key, value)))
    }

    pub fn optional(value: Type) -> Self {
        Type::Opaque(OPTIONAL, Arc::from([value]))
    }

    pub fn object(name: impl Into<String>, fields: BTreeMap<String, Declared>) -> Self {
        Type::Object(Arc::new(ObjectType { name: name.into(), fields, open: false }))
    }

    /// Whether nothing is known about the type.
    pub(crate) fn is_dyn(&self) -> bool {
        matches!(self, Type::Dyn)
    }

    pub(crate) fn is_dyn_or_error(&self) -> bool {
        matches!(self, Type::Dyn | Type::Error)
    }

    /// The type inside an optional.
    pub(crate) fn unwrapped(&self) -> Option<&Type> {
        match self {
            Type::Opaque(OPTIONAL, parameters) => parameters.first(),
            _ => None,
        }
    }

    /// Whether two types are the same in all their parts.
    pub fn is_exactly(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::List(left), Type::List(right)) => left.is_exactly(right),
            (Type::Map(left), Type::Map(right)) => left.0.is_exactly(&right.0) && left.1.is_exactly(&right.1),
            (Type::Object(left), Type::Object(right)) => left.name == right.name,
            (Type::Library(left), Type::Library(right)) => left == right,
            (Type::Opaque(left, ours), Type::Opaque(right, theirs)) => {
                left == right && ours.len() == theirs.len() && ours.iter().zip(theirs.iter()).all(|(left, right)| left.is_exactly(right))
            }
            (Type::Type(Some(left)), Type::Type(Some(right))) => left.is_exactly(right),
            (Type::Type(left), Type::Type(right)) => left.is_none() && right.is_none(),
            (Type::Parameter(left), Type::Parameter(right)) => left == right,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// The name of a type as a value: `type(x)`, and what conversion errors say.
    pub fn runtime_name(&self) -> &str {
        match self {
            Type::Error => "error",
            Type::Dyn => "dyn",
            Type::Null => "null_type",
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Uint => "uint",
            Type::Double => "double",
            Type::String => "string",
            Type::Bytes => "bytes",
            Type::Duration => "google.protobuf.Duration",
            Type::Timestamp => "google.protobuf.Timestamp",
            Type::List(_) => "list",
            Type::Map(_) => "map",
            Type::Object(object) => &object.name,
            Type::Library(name) | Type::Opaque(name, _) => name,
            Type::Type(_) => "type",
            Type::Parameter(_) => "",
        }
    }

    /// The type as Kubernetes names it where an expression has another than it must: `must evaluate to bool but got map(string, int)`.
    pub fn declared_name(&self) -> String {
        let parameters: Vec<String> = match self {
            Type::List(element) => vec![element.declared_name()],
            Type::Map(entry) => vec![entry.0.declared_name(), entry.1.declared_name()],
            Type::Opaque(_, parameters) => parameters.iter().map(Type::declared_name).collect(),
            Type::Type(Some(of)) => vec![of.declared_name()],
            _ => Vec::new(),
        };
        let name = self.runtime_name();
        if parameters.is_empty() { name.to_owned() } else { format!("{name}({})", parameters.join(", ")) }
    }
}

/// The type as the checker's messages name it.
impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |formatter: &mut fmt::Formatter<'_>, name: &str, parameters: &[&Type]| {
            write!(formatter, "{name}(")?;
            for (index, parameter) in parameters.iter().enumerate() {
                write!(formatter, "{}{parameter}", if index > 0 { ", " } else { "" })?;
            }
            formatter.write_str(")")
        };
        match self {
            Type::Error => formatter.write_str("!error!"),
            Type::Null => formatter.write_str("null"),
            Type::Duration => formatter.write_str("duration"),
            Type::Timestamp => formatter.write_str("timestamp"),
            Type::List(element) => list(formatter, "list", &[element]),
            Type::Map(entry) => list(formatter, "map", &[&entry.0, &entry.1]),
            Type::Opaque(name, parameters) if !parameters.is_empty() => list(formatter, name, &parameters.iter().collect::<Vec<_>>()),
            Type::Type(Some(of)) => list(formatter, "type", &[of]),
            Type::Parameter(number) => write!(formatter, "_var{number}"),
            _ => formatter.write_str(self.runtime_name()),
        }
    }
}
