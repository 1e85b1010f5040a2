//! Running a plan. Every step adds to the cost, and the evaluation ends when the cost passes its limit.

mod fold;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Regex;

use crate::cost;
use crate::data::display;
use crate::equality::equal;
use crate::library;
use crate::plan::{Attribute, Base, Call, Node, Qualifier, QualifierKey};
use crate::signature::Overload;
use crate::types::Type;
use crate::value::{Failure, Key, Made, Value, error, no_such_overload};

pub(crate) use crate::value::Outcome;

/// Patterns that are no constants are compiled once an evaluation, but not more than so many are kept.
const PATTERNS_KEPT: usize = 16;

/// One evaluation.
pub(crate) struct Context<'a, 'c> {
    names: &'c [String],
    variables: &'c [Option<Outcome<'a>>],
    /// The variables of the folds around, and their accumulators.
    stack: RefCell<Vec<Outcome<'a>>>,
    cost: Cell<u64>,
    limit: u64,
    patterns: RefCell<Vec<(String, Regex)>>,
}

/// The value of a node of constants.
pub(crate) fn constant(node: &Node) -> Result<Value<'static>, Failure> {
    Context::new(&[], &[], u64::MAX).node(node)
}

/// A tree that the checker would not have let pass.
pub(crate) fn malformed<T>() -> Result<T, Failure> {
    error("internal error: malformed expression")
}

impl<'a, 'c> Context<'a, 'c> {
    pub(crate) fn new(names: &'c [String], variables: &'c [Option<Outcome<'a>>], limit: u64) -> Self {
        Self { names, variables, stack: RefCell::default(), cost: Cell::new(0), limit, patterns: RefCell::default() }
    }

    pub(crate) fn cost(&self) -> u64 {
        self.cost.get()
    }

    fn charge(&self, cost: u64) -> Result<(), Failure> {
        let total = self.cost.get().saturating_add(cost);
        self.cost.set(total);
        if total > self.limit { Err(Failure::CostLimit) } else { Ok(()) }
    }

    /// A pattern, compiled or found.
    pub(crate) fn with_pattern<T>(&self, pattern: &str, act: impl FnOnce(&Regex) -> T) -> Result<T, Failure> {
        if let Some((_, regex)) = self.patterns.borrow().iter().find(|(known, _)| known == pattern) {
            return Ok(act(regex));
        }
        let regex = library::regex(pattern)?;
        let result = act(&regex);
        let mut patterns = self.patterns.borrow_mut();
        if patterns.len() < PATTERNS_KEPT {
            patterns.push((pattern.to_owned(), regex));
        }
        Ok(result)
    }

    /// The value of a step.
    pub(crate) fn node(&self, node: &Node) -> Outcome<'a> {
        match node {
            Node::Constant(value) => Ok(value.clone()),
            Node::Attribute(attribute) => self.attribute(attribute),
            Node::Test(attribute) => self.test(attribute),
            Node::And(sides) => self.logical(sides, false),
            Node::Or(sides) => self.logical(sides, true),
            Node::Equal { sides, negated } => self.equal(sides, *negated),
            Node::Member { element, set } => {
                let element = self.node(element)?;
                Ok(Value::Bool(Key::of(&element).is_some_and(|key| set.contains(&key))))
            }
            Node::Fallback { sides, to_value } => self.fallback(sides, *to_value),
            Node::Call(call) => self.call(call),
            Node::List(elements) => self.list(elements),
            Node::Map(entries) => self.map(entries),
            Node::Object { name, fields } => self.object(name, fields),
            Node::Fold(fold) => self.fold(fold),
            Node::Append { accumulator, element } => self.append(*accumulator, element),
            Node::Insert { accumulator, key, value } => self.insert(*accumulator, key, value),
        }
    }

    #[inline(never)]
    fn attribute(&self, attribute: &Attribute) -> Outcome<'a> {
        let value = self.resolve(attribute);
        if matches!(value, Err(Failure::CostLimit)) {
            return value;
        }
        if !matches!(attribute.base, Base::Conditional(_)) {
            self.charge(cost::STEP)?;
        }
        value
    }

    /// Whether the last selection finds anything. The test itself is free; what leads to it is not.
    #[inline(never)]
    fn test(&self, attribute: &Attribute) -> Outcome<'a> {
        let base = self.base(&attribute.base)?;
        let Some((last, before)) = attribute.qualifiers.split_last() else { return malformed() };
        let operand = self.qualify_all(base, before)?;
        let operand = match operand {
            Value::Optional(None) => return Ok(Value::Bool(false)),
            Value::Optional(Some(value)) => Value::clone(&value),
            other => other,
        };
        let QualifierKey::Constant(key) = &last.key else { return malformed() };
        self.charge(cost::STEP)?;
        Ok(Value::Bool(find(&operand, key)?.is_some()))
    }

    fn resolve(&self, attribute: &Attribute) -> Outcome<'a> {
        let base = self.base(&attribute.base)?;
        if attribute.qualifiers.is_empty() {
            return Ok(base);
        }
        self.qualify_all(base, &attribute.qualifiers)
    }

    fn base(&self, base: &Base) -> Outcome<'a> {
        match base {
            Base::Variable(number) => match self.variables.get(*number) {
                Some(Some(value)) => value.clone(),
                _ => error(format!("no such attribute(s): {}", self.names.get(*number).map_or("", String::as_str))),
            },
            Base::Local(place) => self.stack.borrow().get(*place).cloned().unwrap_or_else(malformed),
            Base::Relative(node) => self.node(node),
            Base::Conditional(parts) => self.conditional(&parts.0, &parts.1, &parts.2),
        }
    }

    #[inline(never)]
    fn conditional(&self, condition: &Node, truthy: &Attribute, falsy: &Attribute) -> Outcome<'a> {
        match self.node(condition)? {
            Value::Bool(true) => self.resolve(truthy),
            Value::Bool(false) => self.resolve(falsy),
            _ => no_such_overload(),
        }
    }

    fn qualify_all(&self, value: Value<'a>, qualifiers: &[Qualifier]) -> Outcome<'a> {
        let (mut value, mut optional) = match value {
            Value::Optional(None) => return Ok(Value::Optional(None)),
            Value::Optional(Some(inside)) if !qualifiers.is_empty() => (Value::clone(&inside), true),
            other => (other, false),
        };
        for qualifier in qualifiers {
            optional |= qualifier.optional;
            let key = self.key(&qualifier.key)?;
            let found = find(&value, &key);
            if matches!(found, Err(Failure::CostLimit)) {
                return found.map(|_| Value::Null);
            }
            if !optional || matches!(found, Ok(Some(_))) {
                self.charge(cost::STEP)?;
            }
            value = match found? {
                Some(found) => found,
                None if optional => return Ok(Value::Optional(None)),
                None => return missing(&value, &key),
            };
        }
        Ok(if optional { Value::optional(Some(value)) } else { value })
    }

    fn key(&self, key: &QualifierKey) -> Outcome<'a> {
        match key {
            QualifierKey::Constant(value) => Ok(value.clone()),
            QualifierKey::Attribute(attribute) => self.resolve(attribute),
            QualifierKey::Computed(node) => self.node(node),
        }
    }

    /// `&&` and `||`: one side that decides makes an error of the other not matter.
    #[inline(never)]
    fn logical(&self, sides: &[Node; 2], decisive: bool) -> Outcome<'a> {
        let mut failure = None;
        for side in sides {
            match self.node(side) {
                Ok(Value::Bool(value)) if value == decisive => return Ok(Value::Bool(decisive)),
                Ok(Value::Bool(_)) => {}
                Ok(_) => failure = failure.or(Some(Failure::Error("no such overload".into()))),
                Err(Failure::CostLimit) => return Err(Failure::CostLimit),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(Value::Bool(!decisive)), Err)
    }

    #[inline(never)]
    fn equal(&self, sides: &[Node; 2], negated: bool) -> Outcome<'a> {
        let (left, right) = self.both(sides)?;
        self.charge(cost::equality(&left, &right, negated))?;
        Ok(Value::Bool(match equal(&left, &right) {
            Ok(same) => same != negated,
            Err(_) if negated => true,
            Err(failure) => return Err(failure),
        }))
    }

    /// Both values, of which the first error counts.
    fn both(&self, sides: &[Node; 2]) -> Result<(Value<'a>, Value<'a>), Failure> {
        let [left, right] = sides;
        let left = self.node(left);
        if matches!(left, Err(Failure::CostLimit)) {
            return Err(Failure::CostLimit);
        }
        let right = self.node(right);
        if matches!(right, Err(Failure::CostLimit)) {
            return Err(Failure::CostLimit);
        }
        if left.is_err() || right.is_err() {
            self.charge(cost::STEP)?;
        }
        Ok((left?, right?))
    }

    #[inline(never)]
    fn fallback(&self, sides: &[Node; 2], to_value: bool) -> Outcome<'a> {
        let [optional, other] = sides;
        match self.node(optional)? {
            Value::Optional(Some(value)) if to_value => Ok(Value::clone(&value)),
            value @ Value::Optional(Some(_)) => Ok(value),
            Value::Optional(None) => self.node(other),
            _ => no_such_overload(),
        }
    }

    #[inline(never)]
    fn call(&self, call: &Call) -> Outcome<'a> {
        let non_strict = call.function.name == crate::ast::operator::NOT_STRICTLY_FALSE;
        if non_strict {
            return self.not_strictly_false(call);
        }
        let mut args = Vec::with_capacity(call.args.len());
        let mut failure = None;
        for arg in &call.args {
            match self.node(arg) {
                Ok(value) => args.push(value),
                Err(Failure::CostLimit) => return Err(Failure::CostLimit),
                Err(error) if call.args.len() <= 2 => {
                    args.push(Value::Null);
                    failure = failure.or(Some(error));
                }
                Err(error) => return Err(error),
            }
        }
        if let Some(failure) = failure {
            self.charge(call.cost.of_call(&args, None))?;
            return Err(failure);
        }
        let result = match &call.regex {
            Some(regex) => library::with_regex(call.function.name, regex, &args),
            None => self.dispatch(call, &args),
        };
        if matches!(result, Err(Failure::CostLimit)) {
            return result;
        }
        self.charge(call.cost.of_call(&args, result.as_ref().ok()))?;
        result
    }

    /// Errors keep a fold going.
    fn not_strictly_false(&self, call: &Call) -> Outcome<'a> {
        let Some(argument) = call.args.first() else { return malformed() };
        let value = match self.node(argument) {
            Err(Failure::CostLimit) => return Err(Failure::CostLimit),
            Ok(Value::Bool(value)) => value,
            _ => true,
        };
        self.charge(cost::STEP)?;
        Ok(Value::Bool(value))
    }

    fn dispatch(&self, call: &Call, args: &[Value<'a>]) -> Outcome<'a> {
        if let [only] = call.overloads.as_slice()
            && accepts(only, args)
        {
            return (only.implementation)(self, args);
        }
        let member = call.overloads.first().is_some_and(|overload| overload.member);
        match call.function.overloads.iter().find(|overload| overload.member == member && accepts(overload, args)) {
            Some(overload) => (overload.implementation)(self, args),
            None => library::no_overload(call.function.name, args),
        }
    }

    #[inline(never)]
    fn list(&self, elements: &[(Node, bool)]) -> Outcome<'a> {
        let mut values = Vec::with_capacity(elements.len());
        for (element, optional) in elements {
            let value = self.node(element)?;
            values.extend(if *optional {
                unwrap(value, |value| format!("cannot initialize optional list element from non-optional value {value}"))?
            } else {
                Some(value)
            });
        }
        self.charge(cost::LIST)?;
        Ok(Value::list(values))
    }

    #[inline(never)]
    fn map(&self, entries: &[(Node, Node, bool)]) -> Outcome<'a> {
        let mut made = BTreeMap::new();
        for (key, value, optional) in entries {
            let key = self.node(key)?;
            let value = self.node(value)?;
            let value = if *optional {
                unwrap(value, |value| format!("cannot initialize optional entry '{}' from non-optional value {value}", display(&key)))?
            } else {
                Some(value)
            };
            let Some(key) = Key::of(&key).filter(|_| !matches!(key, Value::Double(_))) else {
                return error(format!("unsupported key type: {}", key.kind().runtime_name()));
            };
            match value {
                Some(value) => made.insert(key, value),
                None => made.remove(&key),
            };
        }
        self.charge(cost::MAP)?;
        Ok(Value::map(made))
    }

    #[inline(never)]
    fn object(&self, name: &str, fields: &[(String, Node, bool)]) -> Outcome<'a> {
        let mut made = BTreeMap::new();
        for (field, value, optional) in fields {
            let value = self.node(value)?;
            let value = if *optional {
                unwrap(value, |value| format!("cannot initialize optional entry '{field}' from non-optional value {value}"))?
            } else {
                Some(value)
            };
            match value {
                Some(value) => made.insert(field.clone(), value),
                None => made.remove(field),
            };
        }
        self.charge(cost::OBJECT)?;
        Ok(Value::Object(Arc::new(Made { name: name.to_owned(), fields: made })))
    }
}

fn unwrap<'a>(value: Value<'a>, message: impl FnOnce(&str) -> String) -> Result<Option<Value<'a>>, Failure> {
    match value {
        Value::Optional(inside) => Ok(inside.map(|inside| Value::clone(&inside))),
        other => error(message(&display(&other))),
    }
}

/// What is at a key, index or field of a value, or nothing where there is nothing.
pub(crate) fn find<'a>(value: &Value<'a>, key: &Value<'_>) -> Result<Option<Value<'a>>, Failure> {
    match value {
        Value::Map(map) => map.get(key),
        Value::List(list) => match library::index(key)? {
            Some(index) => list.get(index).transpose(),
            None => Ok(None),
        },
        Value::Object(made) => Ok(key.as_str().and_then(|name| made.fields.get(name)).cloned()),
        Value::Optional(Some(inside)) => find(inside, key),
        _ => Ok(None),
    }
}

fn missing<'a>(value: &Value<'a>, key: &Value<'a>) -> Outcome<'a> {
    match value {
        Value::List(_) => error(format!("index out of bounds: {}", display(key))),
        // Objects that an expression made have all fields: those that were not set are empty.
        Value::Object(made) => Ok(match key.as_str() {
            Some("op" | "path" | "from") if made.name == "JSONPatch" => Value::text(""),
            _ => Value::Null,
        }),
        _ => error(format!("no such key: {}", display(key))),
    }
}

/// Whether values are of the types that an overload takes.
fn accepts(overload: &Overload, args: &[Value<'_>]) -> bool {
    overload.args.len() == args.len() && overload.args.iter().zip(args).all(|(kind, value)| is_of(value, kind))
}

fn is_of(value: &Value<'_>, kind: &Type) -> bool {
    match (kind, value) {
        (Type::Dyn | Type::Parameter(_), _)
        | (Type::Null, Value::Null)
        | (Type::Bool, Value::Bool(_))
        | (Type::Int, Value::Int(_))
        | (Type::Uint, Value::Uint(_))
        | (Type::Double, Value::Double(_))
        | (Type::String, Value::String(_))
        | (Type::Bytes, Value::Bytes(_))
        | (Type::Duration, Value::Duration(_))
        | (Type::Timestamp, Value::Timestamp(_))
        | (Type::Map(_), Value::Map(_))
        | (Type::Type(_), Value::Type(_)) => true,
        (Type::List(element), Value::List(list)) => match element.as_ref() {
            Type::Dyn | Type::Parameter(_) | Type::List(_) => true,
            element => list.get(0).is_none_or(|first| first.is_ok_and(|first| is_of(&first, element))),
        },
        (Type::Opaque(name, _), Value::Optional(_)) => *name == crate::types::OPTIONAL,
        (Type::Library(_) | Type::Opaque(..), Value::Extension(extension)) => extension.kind().is_exactly(kind),
        _ => false,
    }
}
