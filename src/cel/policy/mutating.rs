//! `MutatingAdmissionPolicy`: the changes it wants. Making them is the host's.

use api::{ErrorList, Path};
use serde_json::{Value as Json, json};

use super::conditions::{MatchConditions, Matched};
use super::declarations::{Environments, Optional};
use super::expression::{Expression, OutOfBudget};
use super::variables::Variables;
use super::{FailurePolicy, Inputs, Origin, elements, text};
use crate::data::to_json;
use crate::environment::patch_type;
use crate::program::{EvaluateError, RUNTIME_BUDGET};
use crate::types::Type;
use crate::value::{Failure, Value};

/// A compiled policy.
#[derive(Debug)]
pub struct MutatingPolicy {
    failure: FailurePolicy,
    variables: Variables,
    conditions: MatchConditions,
    mutations: Vec<Mutation>,
}

#[derive(Debug)]
enum Mutation {
    Apply(Expression),
    Patch(Expression),
    /// Of a type this version does not know.
    Unknown,
}

/// One change of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The fields to merge, without apiVersion and kind.
    Apply(Json),
    /// The operations of a JSON patch.
    Patch(Json),
}

impl MutatingPolicy {
    /// Compiles the `spec` of a policy. What cannot be compiled fails when it is asked.
    pub fn compile(spec: &Json, origin: Origin<'_>) -> Self {
        let params = spec.get("paramKind").is_some_and(|kind| !kind.is_null());
        let environments = Environments::new(origin, Optional { params, authorizer: true, patches: true });
        let variables = Variables::compile(spec, |source| environments.of(source));
        let compile = |mutation: &Json, field: &str, name: &str, list: bool| {
            let source = mutation.get(field).map_or("", |mutation| text(mutation, "expression"));
            let wanted = patch_type(name).map(|kind| if list { Type::list(kind) } else { kind });
            Expression::compile(&variables.extend(environments.of(source), source), source, wanted.as_slice())
        };
        let mutations = elements(spec, "mutations").map(|mutation| match text(mutation, "patchType") {
            "ApplyConfiguration" => Mutation::Apply(compile(mutation, "applyConfiguration", "Object", false)),
            "JSONPatch" => Mutation::Patch(compile(mutation, "jsonPatch", "JSONPatch", true)),
            _ => Mutation::Unknown,
        });
        Self {
            failure: FailurePolicy::read(spec),
            mutations: mutations.collect(),
            conditions: MatchConditions::policy(spec, &variables, &environments, origin),
            variables,
        }
    }

    /// What keeps its expressions from being compiled, with the path of the spec.
    pub fn check(&self, path: &Path) -> ErrorList {
        let mut errors = ErrorList::new();
        self.variables.check(&path.child("variables"), &mut errors);
        errors.extend(self.conditions.check(&path.child("matchConditions")));
        for (index, mutation) in self.mutations.iter().enumerate() {
            let path = path.child("mutations").index(index);
            match mutation {
                Mutation::Apply(expression) => expression.check(&path.child("applyConfiguration").child("expression"), &mut errors),
                Mutation::Patch(expression) => expression.check(&path.child("jsonPatch").child("expression"), &mut errors),
                Mutation::Unknown => {}
            }
        }
        errors
    }

    /// What an error of a mutation means.
    pub fn failure_policy(&self) -> FailurePolicy {
        self.failure
    }

    pub fn matches(&self, inputs: &Inputs<'_>) -> Matched {
        self.conditions.evaluate_with(&self.variables, inputs)
    }

    /// How many mutations there are. Each sees the object as the one before it left it.
    pub fn mutations(&self) -> usize {
        self.mutations.len()
    }

    /// The change that a mutation makes to the object of the inputs, or why it cannot be told.
    pub fn mutate(&self, index: usize, inputs: &Inputs<'_>) -> Result<Change, String> {
        match self.mutations.get(index) {
            Some(Mutation::Apply(expression)) => self.value(expression, inputs, apply_configuration).map(Change::Apply),
            Some(Mutation::Patch(expression)) => self.value(expression, inputs, operations).map(Change::Patch),
            Some(Mutation::Unknown) | None => Err("unsupported patch type".to_owned()),
        }
    }

    fn value(&self, expression: &Expression, inputs: &Inputs<'_>, read: fn(&Value<'_>) -> Result<Json, String>) -> Result<Json, String> {
        if let Err(why) = &expression.program {
            return Err(why.clone());
        }
        let mut budget = RUNTIME_BUDGET;
        self.variables.with(inputs, |view| match expression.evaluate(view, &mut budget) {
            Ok(value) => read(&value?),
            Err(OutOfBudget) => Err(OutOfBudget::MESSAGE.to_owned()),
        })
    }
}

fn said(failure: Failure) -> String {
    EvaluateError::from(failure).to_string()
}

fn apply_configuration(value: &Value<'_>) -> Result<Json, String> {
    let Value::Object(_) = value else {
        return Err(format!("unsupported return type from ApplyConfiguration expression: {}", value.kind().runtime_name()));
    };
    check_names(value)?;
    to_json(value).map_err(said)
}

fn operations(value: &Value<'_>) -> Result<Json, String> {
    let Value::List(list) = value else {
        return Err("type mismatch: JSONPatchType.expression should evaluate to array".to_owned());
    };
    list.iter().map(|item| operation(&item.map_err(said)?)).collect::<Result<Vec<_>, _>>().map(Json::Array)
}

fn operation(value: &Value<'_>) -> Result<Json, String> {
    let Value::Object(made) = value else {
        return Err("type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch".to_owned());
    };
    let text = |name: &str| made.fields.get(name).and_then(Value::as_str).unwrap_or("");
    let mut operation = json!({"op": text("op"), "path": text("path")});
    if !text("from").is_empty() {
        operation["from"] = text("from").into();
    }
    if let Some(value) = made.fields.get("value") {
        if matches!(value, Value::Object(_)) {
            check_names(value)?;
        }
        operation["value"] = to_json(value)
            .map_err(|why| format!("JSONPath valueExpression evaluated to a type that could not marshal to JSON: {}", said(why)))?;
    }
    Ok(operation)
}

/// Refuses objects whose types are not named after the fields they are in.
fn check_names(value: &Value<'_>) -> Result<(), String> {
    let mut errors = Vec::new();
    if let Value::Object(made) = value {
        names(value, &mut vec![made.name.as_str()], &mut errors);
    }
    if errors.is_empty() { Ok(()) } else { Err(format!("type mismatch: {}", errors.join("\n"))) }
}

fn names<'v>(value: &'v Value<'_>, path: &mut Vec<&'v str>, errors: &mut Vec<String>) {
    match value {
        Value::Object(made) => {
            let expected = path.join(".");
            if expected != made.name {
                let name = &made.name;
                errors.push(format!(
                    "unexpected type name {name:?}, expected {expected:?}, which matches field name path from root Object type"
                ));
            }
            for (field, value) in &made.fields {
                path.push(field);
                names(value, path, errors);
                path.pop();
            }
        }
        Value::List(crate::value::List::Values(values)) => values.iter().for_each(|value| names(value, path, errors)),
        Value::Map(crate::value::Map::Entries(entries)) => entries.values().for_each(|value| names(value, path, errors)),
        _ => {}
    }
}
