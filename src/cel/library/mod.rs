//! The functions of CEL and of Kubernetes, a table a file.

pub(crate) mod authorization;
mod conversions;
pub(crate) mod formats;
pub(crate) mod formatting;
mod lists;
mod network;
mod operators;
mod optionals;
mod patches;
mod quantities;
mod regexes;
mod text;
mod times;
mod urls;
mod versions;

use std::net::IpAddr;
use std::sync::Arc;

use api::addresses::Cidr;

use crate::signature::Row;
use crate::types::Type;
use crate::value::{Failure, Outcome, Value, error, whole};

pub(crate) use conversions::{CONVERSIONS, double_text};
pub(crate) use regexes::{pattern, regex, with_regex};

/// All rows of all libraries.
pub(crate) fn tables() -> impl Iterator<Item = &'static Row> {
    let core = [
        operators::TABLE,
        conversions::TABLE,
        text::TABLE,
        formatting::TABLE,
        times::TABLE,
        lists::TABLE,
        optionals::TABLE,
        regexes::TABLE,
    ];
    let kubernetes =
        [network::TABLE, quantities::TABLE, versions::TABLE, urls::TABLE, formats::TABLE, authorization::TABLE, patches::TABLE];
    core.into_iter().chain(kubernetes).flatten()
}

/// A value of a type that CEL itself does not have.
#[derive(Debug)]
pub enum Extension<'a> {
    Quantity(api::Quantity),
    Url(urls::Url),
    Ip(IpAddr),
    Cidr(Cidr),
    Semver(versions::Version),
    Format(&'static formats::Format),
    /// A question to an authorizer that is being built.
    Check(authorization::Check<'a>),
    /// What the authorizer said.
    Decision(authorization::Verdict),
}

impl Extension<'_> {
    pub(crate) fn kind(&self) -> Type {
        match self {
            Extension::Quantity(_) => Type::Library("kubernetes.Quantity"),
            Extension::Url(_) => Type::Library("kubernetes.URL"),
            Extension::Ip(_) => opaque("net.IP"),
            Extension::Cidr(_) => opaque("net.CIDR"),
            Extension::Semver(_) => Type::Library("kubernetes.Semver"),
            Extension::Format(_) => Type::Library("kubernetes.NamedFormat"),
            Extension::Check(check) => Type::Library(check.type_name()),
            Extension::Decision(_) => Type::Library("kubernetes.authorization.Decision"),
        }
    }

    /// The size by which costs are computed: the bytes of an address.
    pub(crate) fn size(&self) -> usize {
        match self {
            Extension::Ip(address) if address.is_ipv4() => 4,
            Extension::Ip(_) => 16,
            Extension::Cidr(cidr) => usize::from(cidr.prefix_bits).div_ceil(8),
            _ => 1,
        }
    }

    pub(crate) fn equal(&self, other: &Self) -> bool {
        match (self, other) {
            (Extension::Quantity(left), Extension::Quantity(right)) => left == right,
            (Extension::Url(left), Extension::Url(right)) => left == right,
            (Extension::Ip(left), Extension::Ip(right)) => left == right,
            (Extension::Cidr(left), Extension::Cidr(right)) => left == right,
            (Extension::Semver(left), Extension::Semver(right)) => left == right,
            (Extension::Format(left), Extension::Format(right)) => left.name == right.name,
            (Extension::Check(left), Extension::Check(right)) => left.is_same(right),
            (Extension::Decision(left), Extension::Decision(right)) => left == right,
            _ => false,
        }
    }
}

fn opaque(name: &'static str) -> Type {
    Type::Opaque(name, Arc::from([]))
}

/// The type that a signature's word stands for.
pub(crate) fn type_of(word: &str) -> Option<Type> {
    Some(match word {
        "dyn" => Type::Dyn,
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "duration" => Type::Duration,
        "timestamp" => Type::Timestamp,
        "IP" => opaque("net.IP"),
        "CIDR" => opaque("net.CIDR"),
        "Quantity" => Type::Library("kubernetes.Quantity"),
        "Semver" => Type::Library("kubernetes.Semver"),
        "URL" => Type::Library("kubernetes.URL"),
        "Format" => Type::Library("kubernetes.NamedFormat"),
        "Authorizer" => Type::authorizer(),
        "PathCheck" => Type::Library("kubernetes.authorization.PathCheck"),
        "GroupCheck" => Type::Library("kubernetes.authorization.GroupCheck"),
        "ResourceCheck" => Type::resource_check(),
        "Decision" => Type::Library("kubernetes.authorization.Decision"),
        _ => return None,
    })
}

/// The type that an expression names.
pub(crate) fn type_named(name: &str) -> Option<Type> {
    Some(match name {
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "list" => Type::list(Type::Dyn),
        "map" => Type::map(Type::Dyn, Type::Dyn),
        "null_type" => Type::Null,
        "type" => Type::Type(None),
        "google.protobuf.Duration" => Type::Duration,
        "google.protobuf.Timestamp" => Type::Timestamp,
        "optional_type" => Type::optional(Type::Dyn),
        "net.IP" => opaque("net.IP"),
        "net.CIDR" => opaque("net.CIDR"),
        _ => return None,
    })
}

/// No overload of a function takes these values.
pub(crate) fn no_overload<'a>(function: &str, args: &[Value<'a>]) -> Outcome<'a> {
    if matches!(function, "!_" | "@in" | "_?_:_" | "matches") {
        return error("no such overload");
    }
    if function.starts_with('_') || matches!(function, "-_" | "size") {
        // Operators are of their first operand, which has words of its own if it has the operator at all.
        let own = args.first().is_some_and(|operand| has_operator(operand, function));
        return if own { error("no such overload") } else { error(format!("no such overload: {function}")) };
    }
    if function == "@sortByAssociatedKeys" {
        return error("list elements must be comparable");
    }
    let types: Vec<String> = args.iter().map(|arg| arg.kind().runtime_name().to_owned()).collect();
    error(format!("no such overload: {function}({})", types.join(", ")))
}

fn has_operator(operand: &Value<'_>, operator: &str) -> bool {
    match operand {
        Value::String(_) | Value::Duration(_) | Value::Timestamp(_) => true,
        Value::Int(_) | Value::Uint(_) => operator != "size",
        Value::Double(_) => !matches!(operator, "size" | "_%_"),
        Value::Bytes(_) => matches!(operator, "_+_" | "_<_" | "_<=_" | "_>_" | "_>=_" | "size"),
        Value::Bool(_) => matches!(operator, "_<_" | "_<=_" | "_>_" | "_>=_" | "-_"),
        Value::List(_) => matches!(operator, "_+_" | "size"),
        Value::Map(_) => operator == "size",
        _ => false,
    }
}

/// The place that a value is the index of, or nothing where it is before all places.
pub(crate) fn index(key: &Value<'_>) -> Result<Option<usize>, Failure> {
    let number = match key {
        Value::Int(number) => Some((*number).into()),
        Value::Uint(number) => Some((*number).into()),
        Value::Double(number) => whole(*number),
        other => return error(format!("unsupported index type '{}' in list", other.kind().runtime_name())),
    };
    match number {
        Some(number) => Ok(usize::try_from(number).ok()),
        None => error(format!("unsupported index value {} in list", crate::data::display(key))),
    }
}

pub(crate) fn int<'a>(number: usize) -> Value<'a> {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// What Go calls the type of a value.
pub(crate) fn go_type(value: &Value<'_>) -> &'static str {
    match value {
        Value::Null => "types.Null",
        Value::Bool(_) => "types.Bool",
        Value::Int(_) => "types.Int",
        Value::Uint(_) => "types.Uint",
        Value::Double(_) => "types.Double",
        Value::String(_) => "types.String",
        Value::Bytes(_) => "types.Bytes",
        Value::Duration(_) => "types.Duration",
        Value::Timestamp(_) => "types.Timestamp",
        Value::Optional(_) => "*types.Optional",
        Value::Type(_) => "*types.Type",
        _ => "value",
    }
}
