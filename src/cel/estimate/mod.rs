//! The estimation of costs before an evaluation, from the sizes that a schema allows. Kubernetes refuses rules whose estimate is too high, so the numbers are
//! upstream's, oddities included.

mod call;
mod range;

use std::collections::HashMap;

use crate::ast::{Comprehension, Expr, Id, Kind, Literal, operator};
use crate::check::Checked;
use crate::cost::{LIST, MAP, OBJECT, STEP};
use crate::environment::Environment;
use crate::types::Type;

pub use range::Range;

/// Where in the declared types a value comes from: a variable, then fields, `@items`, `@keys` and `@values`.
type Path = Vec<String>;

/// The sizes of a container's keys and values.
#[derive(Clone, Copy, Debug)]
struct Entries {
    is_list: bool,
    keys: Range,
    values: Range,
}

impl Entries {
    fn union(self, other: Self) -> Self {
        Self { is_list: self.is_list, keys: self.keys.union(other.keys), values: self.values.union(other.values) }
    }
}

/// A variable of a fold or a named value.
struct Local {
    name: String,
    path: Path,
    size: Option<Range>,
    entries: Option<Entries>,
}

/// What an evaluation of a checked expression costs at least and at most.
pub(crate) fn estimate(checked: &Checked, environment: &Environment) -> Range {
    let mut estimator =
        Estimator { checked, environment, paths: HashMap::new(), sizes: HashMap::new(), entries: HashMap::new(), locals: Vec::new() };
    estimator.cost(&checked.ast.root)
}

struct Estimator<'e> {
    checked: &'e Checked,
    environment: &'e Environment,
    paths: HashMap<Id, Path>,
    sizes: HashMap<Id, Range>,
    entries: HashMap<Id, Entries>,
    locals: Vec<Local>,
}

impl Estimator<'_> {
    fn cost(&mut self, expr: &Expr) -> Range {
        match &expr.kind {
            Kind::Unspecified | Kind::Literal(_) => Range::NONE,
            Kind::Ident(name) => {
                let path = self.local(name).map_or_else(|| vec![name.clone()], |local| local.path.clone());
                self.paths.insert(expr.id, path);
                Range::fixed(STEP)
            }
            Kind::Select { operand, test: true, .. } => self.cost(operand),
            Kind::Select { operand, field, test: false } => {
                let cost = self.cost(operand);
                let mut path = self.path(operand);
                path.push(field.clone());
                self.paths.insert(expr.id, path);
                match self.checked.kind(operand.id) {
                    Type::Map(_) | Type::Object(_) | Type::Library(_) | Type::Parameter(_) => cost.plus(Range::fixed(STEP)),
                    _ => cost,
                }
            }
            Kind::Call { target, function, args } => self.call(expr, target.as_deref(), function, args),
            Kind::List(elements) => {
                let values: Vec<&Expr> = elements.iter().map(|element| &element.value).collect();
                let (cost, values) = self.members(&values);
                self.entries.insert(expr.id, Entries { is_list: true, keys: Range::fixed(1), values });
                cost.plus(Range::fixed(LIST))
            }
            Kind::Map(entries) => {
                let (key_cost, keys) = self.members(&entries.iter().map(|entry| &entry.key).collect::<Vec<_>>());
                let (value_cost, values) = self.members(&entries.iter().map(|entry| &entry.value).collect::<Vec<_>>());
                self.entries.insert(expr.id, Entries { is_list: false, keys, values });
                key_cost.plus(value_cost).plus(Range::fixed(MAP))
            }
            Kind::Struct { fields, .. } => {
                let cost = fields.iter().fold(Range::NONE, |cost, field| cost.plus(self.cost(&field.value)));
                cost.plus(Range::fixed(OBJECT))
            }
            Kind::Comprehension(fold) if is_bind(fold) => self.bind(expr, fold),
            Kind::Comprehension(fold) => self.fold(expr, fold),
        }
    }

    /// The cost of all members of a container, and the range of their sizes.
    fn members(&mut self, members: &[&Expr]) -> (Range, Range) {
        let mut cost = Range::NONE;
        let mut sizes = if members.is_empty() { Range::NONE } else { Range { min: u64::MAX, max: 0 } };
        for member in members {
            cost = cost.plus(self.cost(member));
            sizes = sizes.union(self.size_or_unknown(member));
        }
        (cost, sizes)
    }

    fn bind(&mut self, expr: &Expr, fold: &Comprehension) -> Range {
        let mut cost = self.cost(&fold.range).plus(self.cost(&fold.initial));
        self.push_value(&fold.accumulator, &fold.initial);
        cost = cost.plus(self.cost(&fold.result));
        self.locals.pop();
        self.copy_sizes(expr, &fold.result);
        cost
    }

    fn fold(&mut self, expr: &Expr, fold: &Comprehension) -> Range {
        let mut cost = self.cost(&fold.range).plus(self.cost(&fold.initial));
        self.push_value(&fold.accumulator, &fold.initial);
        let scope = self.locals.len();
        self.push_variables(fold);
        let turn = self.cost(&fold.condition).plus(self.cost(&fold.step));
        self.locals.truncate(scope);
        cost = cost.plus(self.cost(&fold.result));
        self.locals.pop();
        let turns = self.size_or_unknown(&fold.range);
        cost = cost.plus(turns.times(turn));
        match &fold.initial.kind {
            Kind::Literal(_) => self.copy_size(expr, &fold.initial),
            Kind::List(_) | Kind::Map(_) => {
                self.sizes.insert(expr.id, turns);
                if let Some(entries) = self.entries_of(&fold.step) {
                    self.entries.insert(expr.id, entries);
                }
            }
            _ => {}
        }
        cost
    }

    fn push_value(&mut self, name: &str, value: &Expr) {
        let (path, entries, size) = (self.path(value), self.entries_of(value), self.size(value));
        self.locals.push(Local { name: name.to_owned(), path, size, entries });
    }

    fn push_variables(&mut self, fold: &Comprehension) {
        let entries = self.entries_of(&fold.range);
        let is_list = entries.map_or_else(|| matches!(self.checked.kind(fold.range.id), Type::List(_)), |entries| entries.is_list);
        let path = self.path(&fold.range);
        let length = path.len();
        let mut push = |name: &str, part: &str, size: Option<Range>| {
            let mut path = path.clone();
            path.push(part.to_owned());
            self.locals.push(Local { name: name.to_owned(), path, size, entries: None });
        };
        let (keys, values) = (entries.map(|entries| entries.keys), entries.map(|entries| entries.values));
        match &fold.second_variable {
            Some(second) => {
                let value = if is_list { "@items" } else { "@values" };
                // Upstream's two paths share memory unless their length is a power of two: the second overwrites the end of the first.
                let key = match (length.is_power_of_two(), is_list) {
                    (false, _) => value,
                    (true, true) => "@indices",
                    (true, false) => "@keys",
                };
                push(&fold.variable, key, keys);
                push(second, value, values);
            }
            None if is_list => push(&fold.variable, "@items", values),
            None => push(&fold.variable, "@keys", keys),
        }
    }

    fn local(&self, name: &str) -> Option<&Local> {
        self.locals.iter().rev().find(|local| local.name == name)
    }

    fn path(&self, expr: &Expr) -> Path {
        if let Kind::Ident(name) = &expr.kind
            && let Some(local) = self.local(name)
        {
            return local.path.clone();
        }
        self.paths.get(&expr.id).cloned().unwrap_or_default()
    }

    /// The size that the declared types allow at the end of a path, where there is a `self` whose type says so. What has no variable at its start counts as `self`.
    fn declared_size(&self, path: &[String]) -> Option<Range> {
        let (variable, rest) = path.split_first()?;
        let root = self.environment.declared("self")?;
        let declared = self.environment.declared(variable).unwrap_or(root);
        declared.max_elements_at(rest).map(Range::up_to)
    }

    fn size(&mut self, expr: &Expr) -> Option<Range> {
        if let Some(size) = self.sizes.get(&expr.id) {
            return Some(*size);
        }
        if let Some(size) = literal_size(expr) {
            return Some(Range::fixed(size));
        }
        if let Some(size) = self.declared_size(&self.path(expr)) {
            self.sizes.insert(expr.id, size);
            return Some(size);
        }
        if is_scalar(self.checked.kind(expr.id)) {
            return Some(Range::fixed(1));
        }
        match &expr.kind {
            Kind::Ident(name) => self.local(name)?.size,
            _ => None,
        }
    }

    fn size_or_unknown(&mut self, expr: &Expr) -> Range {
        self.size(expr).unwrap_or(Range::UNKNOWN)
    }

    fn entries_of(&self, expr: &Expr) -> Option<Entries> {
        if let Some(entries) = self.entries.get(&expr.id) {
            return Some(*entries);
        }
        match &expr.kind {
            Kind::Ident(name) => self.local(name)?.entries,
            _ => None,
        }
    }

    fn copy_size(&mut self, to: &Expr, from: &Expr) {
        if let Some(size) = self.size(from) {
            self.sizes.insert(to.id, size);
        }
    }

    fn copy_sizes(&mut self, to: &Expr, from: &Expr) {
        self.copy_size(to, from);
        if let Some(entries) = self.entries_of(from) {
            self.entries.insert(to.id, entries);
        }
    }

    fn call(&mut self, expr: &Expr, target: Option<&Expr>, function: &str, args: &[Expr]) -> Range {
        if let (None, "dyn", [argument]) = (target, function, args) {
            let cost = self.cost(argument);
            self.copy_sizes(expr, argument);
            return cost.plus(Range::fixed(STEP));
        }
        let costs: Vec<Range> = args.iter().map(|arg| self.cost(arg)).collect();
        let overloads: Vec<&'static str> = match self.checked.overloads.get(&expr.id) {
            Some((_, overloads)) => overloads.iter().map(|overload| overload.id).collect(),
            None if function == operator::OPTIONAL_SELECT => vec!["select_optional_field"],
            None => return Range::NONE,
        };
        let target_cost = target.map_or(Range::NONE, |target| self.cost(target));
        let mut cost = Range { min: u64::MAX, max: 0 };
        let mut result: Option<Range> = None;
        for overload in overloads {
            let (call_cost, size) = self.call_cost(expr, function, overload, target, args, &costs);
            cost = cost.union(call_cost);
            if let Some(size) = size {
                result = Some(result.map_or(size, |result| result.union(size)));
            }
            let part = match overload {
                "index_list" => Some("@items"),
                "index_map" => Some("@values"),
                _ => None,
            };
            if let (Some(part), Some(container)) = (part, args.first()) {
                result = self.entries_of(container).map(|entries| entries.values);
                let mut path = self.path(container);
                path.push(part.to_owned());
                self.paths.insert(expr.id, path);
            }
            if result.is_none() {
                result = self.size(expr);
            }
        }
        if let Some(result) = result {
            self.sizes.insert(expr.id, result);
        }
        target_cost.plus(cost)
    }
}

fn is_bind(fold: &Comprehension) -> bool {
    matches!(&fold.range.kind, Kind::List(elements) if elements.is_empty())
        && matches!(&fold.condition.kind, Kind::Literal(Literal::Bool(false)))
}

fn literal_size(expr: &Expr) -> Option<u64> {
    let size = match &expr.kind {
        Kind::Literal(Literal::String(text)) => text.chars().count(),
        Kind::Literal(Literal::Bytes(bytes)) => bytes.len(),
        Kind::Literal(_) => 1,
        Kind::List(elements) => elements.len(),
        Kind::Map(entries) => entries.len(),
        _ => return None,
    };
    u64::try_from(size).ok()
}

fn is_scalar(kind: &Type) -> bool {
    match kind {
        Type::Bool | Type::Double | Type::Duration | Type::Int | Type::Timestamp | Type::Uint => true,
        other => other.unwrapped().is_some_and(is_scalar),
    }
}
