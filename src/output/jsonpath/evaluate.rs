//! Templates at work on data.

use std::cmp::Ordering;

use serde_json::Value;

use super::parser::{Bound, Node};
use crate::go_text;

/// A value found in the data, or made by the template itself.
#[derive(Clone, Debug)]
pub enum Item<'a> {
    Found(&'a Value),
    Made(Value),
}

impl Item<'_> {
    /// The value, wherever it is from.
    pub fn value(&self) -> &Value {
        match self {
            Self::Found(value) => value,
            Self::Made(value) => value,
        }
    }
}

/// Why a template does not work on some data; the words are upstream's.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum EvaluateError {
    #[error("{0} is not found")]
    NotFound(String),
    #[error("{0} is not array or slice")]
    NotArray(&'static str),
    #[error("array index out of bounds: index {index}, length {length}")]
    OutOfBounds { index: i64, length: i64 },
    #[error("starting index {start} is greater than ending index {end}")]
    StartAfterEnd { start: i64, end: i64 },
    #[error("step must be > 0")]
    Step,
    #[error("not in range, nothing to end")]
    NothingToEnd,
    #[error("unrecognized identifier {0}")]
    UnrecognizedIdentifier(String),
    #[error("{0} is not array or slice and cannot be filtered")]
    NotFilterable(String),
    #[error("can only compare one element at a time")]
    SeveralElements,
    #[error("unrecognized filter operator {0}")]
    UnrecognizedOperator(String),
    #[error("invalid type for comparison")]
    ComparisonType,
    #[error("incompatible types for comparison")]
    Comparison,
}

/// What each top-level part of the template finds in `data`.
pub fn find<'a>(nodes: &[Node], allow_missing_keys: bool, data: &'a Value) -> Result<Vec<Vec<Item<'a>>>, EvaluateError> {
    let mut walk = Walk { allow_missing_keys, begin_range: 0, in_range: 0, end_range: 0, last_end: None };
    walk.find(nodes, 0, Item::Found(data))
}

struct Walk {
    allow_missing_keys: bool,
    begin_range: usize,
    in_range: usize,
    end_range: usize,
    /// Position of the `end` met last.
    last_end: Option<usize>,
}

type Items<'a> = Vec<Item<'a>>;

impl Walk {
    fn find<'a>(&mut self, nodes: &[Node], from: usize, data: Item<'a>) -> Result<Vec<Items<'a>>, EvaluateError> {
        let current = vec![data];
        let mut all = Vec::new();
        let mut at = from;
        while at < nodes.len() {
            let results = self.walk(current.clone(), &nodes[at])?;
            if self.end_range > 0 && self.end_range <= self.in_range {
                self.end_range -= 1;
                self.last_end = Some(at);
                break;
            }
            if self.begin_range > 0 {
                self.begin_range -= 1;
                self.in_range += 1;
                if results.is_empty() {
                    // the nodes up to the end must be passed nonetheless
                    self.find(nodes, at + 1, Item::Made(Value::Null))?;
                }
                for value in results {
                    all.extend(self.find(nodes, at + 1, value)?);
                }
                self.in_range -= 1;
                if let Some(end) = self.last_end.filter(|end| *end > at) {
                    at = end;
                }
                at += 1;
                continue;
            }
            all.push(results);
            at += 1;
        }
        Ok(all)
    }

    fn list<'a>(&mut self, input: Items<'a>, nodes: &[Node]) -> Result<Items<'a>, EvaluateError> {
        nodes.iter().try_fold(input, |current, node| self.walk(current, node))
    }

    fn walk<'a>(&mut self, input: Items<'a>, node: &Node) -> Result<Items<'a>, EvaluateError> {
        let each = |value: Value| input.iter().map(|_| Item::Made(value.clone())).collect();
        Ok(match node {
            Node::List(nodes) => self.list(input, nodes)?,
            Node::Text(text) => vec![Item::Made(Value::from(text.as_str()))],
            Node::Int(number) => each(Value::from(*number)),
            Node::Float(number) => each(Value::from(*number)),
            Node::Bool(flag) => each(Value::from(*flag)),
            Node::Field(name) => self.field(input, name)?,
            Node::Array(bounds) => array(input, *bounds)?,
            Node::Filter { left, right, operator } => self.filter(input, left, right, operator)?,
            Node::Wildcard => input.into_iter().flat_map(children).collect(),
            Node::Recursive => recursive(input),
            Node::Union(alternatives) => {
                let mut results = Vec::new();
                for alternative in alternatives {
                    results.extend(self.list(input.clone(), alternative)?);
                }
                results
            }
            Node::Identifier(word) => match word.as_str() {
                "range" => {
                    self.begin_range += 1;
                    input
                }
                "end" if self.in_range > 0 => {
                    self.end_range += 1;
                    Vec::new()
                }
                "end" => return Err(EvaluateError::NothingToEnd),
                _ => return Err(EvaluateError::UnrecognizedIdentifier(word.clone())),
            },
        })
    }

    fn field<'a>(&self, input: Items<'a>, name: &str) -> Result<Items<'a>, EvaluateError> {
        if input.is_empty() {
            return Ok(input);
        }
        let results: Items<'a> = input.into_iter().filter_map(|item| get(item, name)).collect();
        if results.is_empty() && !self.allow_missing_keys {
            return Err(EvaluateError::NotFound(name.to_owned()));
        }
        Ok(results)
    }

    fn filter<'a>(&mut self, input: Items<'a>, left: &[Node], right: &[Node], operator: &str) -> Result<Items<'a>, EvaluateError> {
        let mut results = Vec::new();
        for list in input {
            if !list.value().is_array() {
                return Err(EvaluateError::NotFilterable(go_text::sprint(list.value())));
            }
            for item in children(list) {
                let lefts = self.list(vec![item.clone()], left);
                if operator == "exists" {
                    if lefts.is_ok_and(|lefts| !lefts.is_empty()) {
                        results.push(item);
                    }
                    continue;
                }
                let Some(left) = single(lefts?)? else { continue };
                let Some(right) = single(self.list(vec![item.clone()], right)?)? else { continue };
                if passes(operator, left.value(), right.value())? {
                    results.push(item);
                }
            }
        }
        Ok(results)
    }
}

fn single(items: Items<'_>) -> Result<Option<Item<'_>>, EvaluateError> {
    if items.len() > 1 {
        return Err(EvaluateError::SeveralElements);
    }
    Ok(items.into_iter().next())
}

fn get<'a>(item: Item<'a>, name: &str) -> Option<Item<'a>> {
    match item {
        Item::Found(value) => value.as_object()?.get(name).map(Item::Found),
        Item::Made(Value::Object(mut map)) => map.remove(name).map(Item::Made),
        Item::Made(_) => None,
    }
}

/// The elements of lists and maps; the bytes of strings, as Go has it.
fn children(item: Item<'_>) -> Items<'_> {
    match item {
        Item::Found(Value::Array(items)) => items.iter().map(Item::Found).collect(),
        Item::Found(Value::Object(map)) => map.values().map(Item::Found).collect(),
        Item::Made(Value::Array(items)) => items.into_iter().map(Item::Made).collect(),
        Item::Made(Value::Object(map)) => map.into_iter().map(|(_, value)| Item::Made(value)).collect(),
        Item::Found(Value::String(text)) => text.bytes().map(|byte| Item::Made(Value::from(byte))).collect(),
        Item::Made(Value::String(text)) => text.bytes().map(|byte| Item::Made(Value::from(byte))).collect(),
        _ => Vec::new(),
    }
}

/// Everything that has elements, outer before inner.
fn recursive(input: Items<'_>) -> Items<'_> {
    let mut results = Vec::new();
    for item in input {
        let inner = children(item.clone());
        if !inner.is_empty() {
            results.push(item);
            results.extend(recursive(inner));
        }
    }
    results
}

fn array<'a>(input: Items<'a>, bounds: [Bound; 3]) -> Result<Items<'a>, EvaluateError> {
    let mut results = Vec::new();
    for list in input {
        match list.value() {
            Value::Null => continue,
            Value::Array(_) => {}
            other => return Err(EvaluateError::NotArray(type_name(other))),
        }
        let items = children(list);
        let length = items.len() as i64;
        let mut start = if bounds[0].known { bounds[0].value } else { 0 };
        if start < 0 {
            start += length;
        }
        let mut end = if bounds[1].known { bounds[1].value } else { length };
        if end < 0 || (end == 0 && bounds[1].derived) {
            end += length;
        }
        if end == start {
            return Ok(results);
        }
        if start >= length || start < 0 {
            return Err(EvaluateError::OutOfBounds { index: start, length });
        }
        if end > length || end < 0 {
            return Err(EvaluateError::OutOfBounds { index: end - 1, length });
        }
        if start > end {
            return Err(EvaluateError::StartAfterEnd { start, end });
        }
        let step = match bounds[2] {
            Bound { known: true, value, .. } if value <= 0 => return Err(EvaluateError::Step),
            Bound { known: true, value, .. } => value as usize,
            _ => 1,
        };
        results.extend(items.into_iter().take(end as usize).skip(start as usize).step_by(step));
    }
    Ok(results)
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "interface {}",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_i64() => "int64",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

fn passes(operator: &str, left: &Value, right: &Value) -> Result<bool, EvaluateError> {
    let equal = || equal(left, right);
    let less = || less(left, right);
    match operator {
        "==" => equal(),
        "!=" => equal().map(|equal| !equal),
        "<" => less(),
        "<=" => Ok(less()? || equal()?),
        ">" => Ok(!(less()? || equal()?)),
        ">=" => less().map(|less| !less),
        _ => Err(EvaluateError::UnrecognizedOperator(operator.to_owned())),
    }
}

fn is_basic(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Number(_) | Value::String(_))
}

fn equal(left: &Value, right: &Value) -> Result<bool, EvaluateError> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Ok(left == right),
        _ => Ok(compare(left, right)? == Some(Ordering::Equal)),
    }
}

fn less(left: &Value, right: &Value) -> Result<bool, EvaluateError> {
    match (left, right) {
        (Value::Bool(_), Value::Bool(_)) => Err(EvaluateError::ComparisonType),
        _ => Ok(compare(left, right)? == Some(Ordering::Less)),
    }
}

fn compare(left: &Value, right: &Value) -> Result<Option<Ordering>, EvaluateError> {
    if !is_basic(left) || !is_basic(right) {
        return Err(EvaluateError::ComparisonType);
    }
    match (left, right) {
        (Value::String(left), Value::String(right)) => Ok(Some(left.cmp(right))),
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Ok(Some(left.cmp(&right))),
            (None, None) => Ok(left.as_f64().partial_cmp(&right.as_f64())),
            _ => Err(EvaluateError::Comparison),
        },
        _ => Err(EvaluateError::Comparison),
    }
}
