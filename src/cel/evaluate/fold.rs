//! Folds over lists and maps, with their accumulators changed in place where nothing else can see them.

use std::sync::Arc;

use super::{Context, Outcome, malformed};
use crate::cost;
use crate::data::display;
use crate::library;
use crate::plan::{Fold, Node};
use crate::value::{Failure, Key, List, Map, Value, error, no_such_overload};

impl<'a> Context<'a, '_> {
    #[inline(never)]
    pub(super) fn fold(&self, fold: &Fold) -> Outcome<'a> {
        let depth = self.stack.borrow().len();
        let result = self.fold_above(fold);
        self.stack.borrow_mut().truncate(depth);
        result
    }

    fn fold_above(&self, fold: &Fold) -> Outcome<'a> {
        let range = self.node(&fold.range)?;
        // An error of an accumulator is its value: it can be absorbed, or comes out at the end.
        let initial = self.unless_limited(self.node(&fold.initial))?;
        self.stack.borrow_mut().resize(fold.accumulator, Ok(Value::Null));
        self.stack.borrow_mut().push(initial);
        if !fold.bind {
            self.turns(fold, &range)?;
        }
        self.node(&fold.result)
    }

    /// All turns of a fold.
    fn turns(&self, fold: &Fold, range: &Value<'a>) -> Result<(), Failure> {
        let keys = match range {
            Value::Map(map) => map.keys(),
            _ => Vec::new(),
        };
        let count = match range {
            Value::List(list) => list.len(),
            Value::Map(_) => keys.len(),
            other => return error(format!("got '{}', expected iterable type", library::go_type(other))),
        };
        for index in 0..count {
            let (first, second) = turn_variables(range, &keys, index);
            let variables = match (fold.two_variables, range) {
                (false, _) => [Some(first), None],
                (true, Value::List(_)) => [Some(Ok(library::int(index))), Some(first)],
                (true, _) => [Some(first), second],
            };
            self.stack.borrow_mut().extend(variables.into_iter().flatten());
            let goes_on = !matches!(self.unless_limited(self.node(&fold.condition))?, Ok(Value::Bool(false)));
            let next = if goes_on { Some(self.unless_limited(self.node(&fold.step))?) } else { None };
            let mut stack = self.stack.borrow_mut();
            stack.truncate(fold.accumulator + 1);
            match (next, stack.last_mut()) {
                (Some(next), Some(accumulator)) => *accumulator = next,
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    /// An outcome as a value of its own, unless the evaluation is at its end.
    fn unless_limited(&self, outcome: Outcome<'a>) -> Result<Outcome<'a>, Failure> {
        match outcome {
            Err(Failure::CostLimit) => Err(Failure::CostLimit),
            other => Ok(other),
        }
    }

    #[inline(never)]
    pub(super) fn append(&self, accumulator: usize, element: &Node) -> Outcome<'a> {
        let constant = matches!(element, Node::Constant(_));
        let element = self.node(element);
        if matches!(element, Err(Failure::CostLimit)) {
            return element;
        }
        self.charge(if constant { 2 * cost::STEP } else { 2 * cost::STEP + cost::LIST })?;
        let element = element?;
        match self.take(accumulator)? {
            Value::List(List::Values(mut values)) => {
                Arc::make_mut(&mut values).push(element);
                Ok(Value::List(List::Values(values)))
            }
            _ => no_such_overload(),
        }
    }

    #[inline(never)]
    pub(super) fn insert(&self, accumulator: usize, key: &Node, value: &Node) -> Outcome<'a> {
        let key = self.node(key)?;
        let value = self.node(value)?;
        self.charge(2 * cost::STEP)?;
        let Some(made) = Key::of(&key) else { return error(format!("unsupported key type: {}", key.kind().runtime_name())) };
        match self.take(accumulator)? {
            Value::Map(Map::Entries(mut entries)) => {
                if Arc::make_mut(&mut entries).insert(made, value).is_some() {
                    return error(format!("insert failed: key {} already exists", display(&key)));
                }
                Ok(Value::Map(Map::Entries(entries)))
            }
            _ => no_such_overload(),
        }
    }

    /// The accumulator, of which the stack keeps nothing: it can be changed in place.
    fn take(&self, accumulator: usize) -> Outcome<'a> {
        match self.stack.borrow_mut().get_mut(accumulator) {
            Some(place) => std::mem::replace(place, Ok(Value::Null)),
            None => malformed(),
        }
    }
}

/// The element of a list, or the key and value of a map, at a turn.
fn turn_variables<'a>(range: &Value<'a>, keys: &[Value<'a>], index: usize) -> (Outcome<'a>, Option<Outcome<'a>>) {
    match range {
        Value::List(list) => (list.get(index).unwrap_or_else(malformed), None),
        Value::Map(map) => match keys.get(index) {
            Some(key) => (Ok(key.clone()), Some(map.get(key).and_then(|value| value.map_or_else(malformed, Ok)))),
            None => (malformed(), None),
        },
        _ => (malformed(), None),
    }
}
