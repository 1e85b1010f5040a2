//! Whether a tree fits its type, said in upstream's words.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::TypedValue;
use super::path::PathElement;
use super::types::{List, Map, Relation, ScalarType, Shape, TypeRef};
use crate::json::go_text;

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `.spec.replicas`; empty for the root.
    pub path: String,
    pub message: String,
}

/// Everything that does not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.path, self.message) }
    }
}
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = &self.0[..] {
            return write!(f, "{only}");
        }
        f.write_str("errors:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}
impl std::error::Error for Faults {}

impl Faults {
    pub(super) fn one(path: &[PathElement], message: impl Into<String>) -> Self {
        Self(vec![Fault { path: super::path_text(path), message: message.into() }])
    }
    /// The same faults, seen from one step above.
    pub(super) fn below(mut self, step: &PathElement) -> Self {
        self.0.iter_mut().for_each(|fault| fault.path.insert_str(0, &step.to_string()));
        self
    }
}

impl TypedValue<'_> {
    /// Checks the tree. Lists that are sets or keyed may name an item twice only where `duplicates` allows it.
    pub fn validate(self, duplicates: bool) -> Result<(), Faults> {
        let mut walk = Walk { path: Vec::new(), duplicates, faults: Faults::default() };
        walk.value(self.schema, self.value);
        if walk.faults.0.is_empty() { Ok(()) } else { Err(walk.faults) }
    }
}

struct Walk {
    path: Vec<PathElement>,
    duplicates: bool,
    faults: Faults,
}

impl Walk {
    fn fault(&mut self, message: String) {
        self.faults.0.extend(Faults::one(&self.path, message).0);
    }
    fn below(&mut self, step: PathElement, schema: TypeRef<'_>, value: &Value) {
        self.path.push(step);
        self.value(schema, value);
        self.path.pop();
    }
    fn value(&mut self, schema: TypeRef<'_>, value: &Value) {
        if value.is_null() {
            return;
        }
        match (schema.shape(Some(value)), value) {
            (Some(Shape::Map(map)), Value::Object(values)) => self.map(schema, map, values),
            (Some(Shape::Map(_)), other) => self.fault(format!("expected map, got {}", shown(other))),
            (Some(Shape::List(list)), Value::Array(items)) => self.list(schema, list, items),
            (Some(Shape::List(_)), other) => self.fault(format!("expected list, got {}", shown(other))),
            (Some(Shape::Scalar(scalar)), value) => {
                if let Some(message) = scalar_fault(scalar, value) {
                    self.fault(message);
                }
            }
            (None, _) => self.fault("schema error: invalid atom: inlined".to_owned()),
        }
    }
    fn map(&mut self, schema: TypeRef<'_>, map: &Map, values: &serde_json::Map<String, Value>) {
        for (name, value) in values {
            match schema.member(map, name) {
                Some(member) => self.below(PathElement::field(name), member, value),
                None => {
                    self.path.push(PathElement::field(name));
                    self.fault("field not declared in schema".to_owned());
                    self.path.pop();
                    return;
                }
            }
        }
    }
    fn list(&mut self, schema: TypeRef<'_>, list: &List, items: &[Value]) {
        let mut seen = BTreeSet::new();
        for (index, item) in items.iter().enumerate() {
            let step = if list.relation == Relation::Atomic {
                PathElement::Index(i64::try_from(index).unwrap_or(i64::MAX))
            } else {
                match list.step(item) {
                    Ok(step) => {
                        if !seen.insert(step.clone()) && !self.duplicates {
                            self.fault(format!("duplicate entries for key {step}"));
                        }
                        step
                    }
                    Err(why) => {
                        self.fault(format!("element {index}: {why}"));
                        return;
                    }
                }
            };
            self.below(step, schema.at(list.items), item);
        }
    }
}

fn scalar_fault(scalar: ScalarType, value: &Value) -> Option<String> {
    match (scalar, value) {
        (ScalarType::Number, Value::Number(_))
        | (ScalarType::Text, Value::String(_))
        | (ScalarType::Boolean, Value::Bool(_))
        | (ScalarType::Any, Value::Number(_) | Value::String(_) | Value::Bool(_)) => None,
        (ScalarType::Number, other) => Some(format!("expected numeric (int or float), got {}", go_type(other))),
        (ScalarType::Text, other) => Some(format!("expected string, got &value.valueUnstructured{{Value:{}}}", go_syntax(other))),
        (ScalarType::Boolean, other) => Some(format!("expected boolean, got {}", shown(other))),
        (ScalarType::Any, other) => Some(format!("expected any scalar, got {}", shown(other))),
    }
}

/// A value as Go's `%v` shows the wrapper that upstream has around it.
fn shown(value: &Value) -> String {
    format!("&{{{}}}", go_text(value))
}

/// `%T` of a decoded value.
fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

/// `%#v` of a plain value.
fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => format!("[]interface {{}}{{{}}}", items.iter().map(go_syntax).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let pairs: Vec<String> = map.iter().map(|(name, value)| format!("{name:?}:{}", go_syntax(value))).collect();
            format!("map[string]interface {{}}{{{}}}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}
