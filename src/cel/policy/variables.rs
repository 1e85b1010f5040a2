//! The named expressions of a policy. One is evaluated when another expression asks for it, once.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use api::{ErrorList, Path};
use serde_json::Value as Json;

use super::expression::Expression;
use super::{Inputs, elements, text};
use crate::declaration::Declared;
use crate::deep;
use crate::environment::Environment;
use crate::program::{Activation, PER_CALL_LIMIT};
use crate::types::Type;
use crate::value::{Failure, Lazy, Map, Value};

/// A policy has no more variables than these, and one needs no more others one after the other.
const MAX_VARIABLES: usize = 1000;
const MAX_DEPTH: usize = 100;

/// Variables in the order in which they are declared: each can name those before it.
#[derive(Debug, Default)]
pub(super) struct Variables {
    all: Vec<Variable>,
    /// The place in `all` of a name.
    places: HashMap<String, usize>,
}

#[derive(Debug)]
struct Variable {
    name: String,
    expression: Expression,
    kind: Type,
    depth: usize,
}

impl Variables {
    pub(super) fn compile<'e>(spec: &Json, environment: impl Fn(&str) -> &'e Environment) -> Self {
        let mut variables = Self::default();
        for declared in elements(spec, "variables") {
            let source = text(declared, "expression");
            let mut expression = Expression::compile(&variables.extend(environment(source), source), source, &[]);
            let depth = 1 + variables.mentioned(source).map(|variable| variable.depth).max().unwrap_or(0);
            if depth > MAX_DEPTH || variables.all.len() >= MAX_VARIABLES {
                expression.program = Err("too many variables need one another".to_owned());
            }
            let kind = expression.program.as_ref().map_or(Type::Dyn, |program| field_type(program.result_type()));
            let name = text(declared, "name").to_owned();
            variables.places.insert(name.clone(), variables.all.len());
            variables.all.push(Variable { name, expression, kind, depth });
        }
        variables
    }

    /// The environment with the variables that a text may name.
    pub(super) fn extend(&self, environment: &Environment, source: &str) -> Environment {
        let fields: BTreeMap<String, Declared> =
            self.mentioned(source).map(|variable| (variable.name.clone(), variable.kind.clone().into())).collect();
        environment.clone().variable("variables", Type::object("kubernetes.variables", fields))
    }

    /// The variables whose names are words of a text.
    fn mentioned<'s>(&'s self, source: &'s str) -> impl Iterator<Item = &'s Variable> + 's {
        let words = source.split(|character: char| !(character == '_' || character.is_ascii_alphanumeric()));
        words.filter_map(|word| self.all.get(*self.places.get(word)?))
    }

    pub(super) fn check(&self, path: &Path, errors: &mut ErrorList) {
        for (index, variable) in self.all.iter().enumerate() {
            variable.expression.check(&path.index(index).child("expression"), errors);
        }
    }

    /// Lets expressions be evaluated that see the variables.
    pub(super) fn with<T: Send>(&self, inputs: &Inputs<'_>, act: impl FnOnce(&View<'_>) -> T + Send) -> T {
        let spent = AtomicU64::new(0);
        // Each variable in a row costs some stack, and each that needs another much more.
        let deepest = self.all.iter().map(|variable| variable.depth).max().unwrap_or(0);
        deep::with_stack(deepest * 4 + self.all.len() / 8, || {
            link(&self.all, &View { inputs: *inputs, variables: &None, spent: &spent }, act)
        })
    }
}

/// A variable's type as others see it: what is neither a list nor a map nor simple is of any type.
fn field_type(kind: &Type) -> Type {
    match kind {
        Type::List(element) => Type::list(field_type(element)),
        Type::Map(entry) => Type::map(field_type(&entry.0), field_type(&entry.1)),
        Type::Bool | Type::Bytes | Type::Double | Type::Duration | Type::Int | Type::Null | Type::String | Type::Timestamp | Type::Uint => {
            kind.clone()
        }
        _ => Type::Dyn,
    }
}

/// What one expression sees: the request, and the variables before it.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    inputs: Inputs<'a>,
    variables: &'a (dyn Lazy + 'a),
    /// What variables have cost.
    spent: &'a AtomicU64,
}

impl<'a> View<'a> {
    pub(super) fn activation(&self) -> Activation<'a> {
        let value = |json: Option<&'a Json>| json.map_or(Value::Null, Value::dynamic);
        let inputs = &self.inputs;
        let mut activation = Activation::new()
            .with("object", value(inputs.object))
            .with("oldObject", value(inputs.old_object))
            .with("params", value(inputs.params))
            .with("request", Value::dynamic(inputs.request))
            .with("namespaceObject", value(inputs.namespace))
            .with("variables", Value::Map(Map::Lazy(self.variables)));
        if let Some((authorizer, question)) = inputs.authorizer {
            activation.set("authorizer", Value::authorizer(authorizer));
            activation.set("authorizer.requestResource", Value::resource_check(authorizer, question.clone()));
        }
        activation
    }

    /// What variables have cost since this was asked last.
    pub(super) fn take_spent(&self) -> u64 {
        self.spent.swap(0, Ordering::Relaxed)
    }
}

/// No variables.
impl Lazy for Option<()> {
    fn field<'v>(&'v self, _: &str) -> Option<Result<Value<'v>, Failure>> {
        None
    }
}

/// A variable and those before it.
struct Link<'a> {
    variable: &'a Variable,
    before: View<'a>,
    value: OnceLock<Result<Value<'a>, Failure>>,
}

/// Lets something be done with a view of all variables.
fn link<T>(variables: &[Variable], before: &View<'_>, act: impl FnOnce(&View<'_>) -> T) -> T {
    let Some((variable, rest)) = variables.split_first() else { return act(before) };
    let link_here = Link { variable, before: *before, value: OnceLock::new() };
    link(rest, &View { inputs: before.inputs, variables: &link_here, spent: before.spent }, act)
}

impl<'a> Link<'a> {
    fn evaluate(&self) -> Result<Value<'a>, Failure> {
        let name = &self.variable.name;
        let program = match &self.variable.expression.program {
            Ok(program) => program,
            Err(why) => return Err(Failure::Error(format!("composited variable {name:?} fails to compile: {why}").into())),
        };
        let evaluation = program.evaluate(&self.before.activation(), PER_CALL_LIMIT);
        self.before.spent.fetch_add(evaluation.cost, Ordering::Relaxed);
        evaluation.result.map_err(|why| Failure::Error(format!("composited variable {name:?} fails to evaluate: {why}").into()))
    }
}

impl Lazy for Link<'_> {
    fn field<'v>(&'v self, name: &str) -> Option<Result<Value<'v>, Failure>> {
        if name == self.variable.name {
            return Some(self.value.get_or_init(|| self.evaluate()).clone());
        }
        self.before.variables.field(name)
    }
}
