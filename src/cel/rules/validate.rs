//! Whether an object keeps to the rules of its schema.

use api::{ErrorList, FieldError, Path};
use serde_json::Value as Json;

use super::{Rule, Rules};
use crate::program::{Activation, EvaluateError, PER_CALL_LIMIT, Program};
use crate::schema::{ListKind, Schema};
use crate::value::Value;

/// A message made by an expression may not be longer.
const MESSAGE_LIMIT: usize = 5 * 1024;
const OUT_OF_BUDGET: &str = "validation failed due to running out of cost budget, no further validation rules will be run";

/// What rules said of an object.
#[derive(Debug, Default)]
pub struct Validation {
    pub errors: ErrorList,
    /// Errors that an update did not bring: what they are about is as it was.
    pub warnings: Vec<String>,
    /// What is left of the budget; nothing where it was used up, and not all rules were looked at.
    pub remaining: Option<u64>,
}

/// Whether errors of what an update left as it was are errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ratcheting {
    Errors,
    Warnings,
}

impl Rules {
    /// Looks at an object at a path, and at the one it replaces. The evaluations may cost as much as `budget`.
    pub fn validate(&self, path: &Path, object: &Json, old: Option<&Json>, ratcheting: Ratcheting, budget: u64) -> Validation {
        let correlated = match (ratcheting, old) {
            (Ratcheting::Warnings, Some(old)) => Correlation { current: Some((&*self.schema, object, old)), nearest: None },
            _ => Correlation::default(),
        };
        let mut run = Run { validation: Validation { remaining: Some(budget), ..Validation::default() } };
        run.node(self, path, object, old, correlated);
        run.validation
    }
}

/// A value of the new object and that of the old one that it replaces, with their schema.
type Pair<'a> = (&'a Schema, &'a Json, &'a Json);

#[derive(Clone, Copy, Default)]
struct Correlation<'a> {
    current: Option<Pair<'a>>,
    /// The nearest values above that have old ones.
    nearest: Option<Pair<'a>>,
}

impl<'a> Correlation<'a> {
    fn is_unchanged(&self) -> bool {
        self.current.or(self.nearest).is_some_and(|(schema, new, old)| is_unchanged(schema, new, old))
    }

    fn key(self, name: &str) -> Self {
        let Some((schema, new, old)) = self.current else { return self };
        if self.nearest.is_none() && matches!(name, "apiVersion" | "kind") {
            return Self::default();
        }
        let pair = new.get(name).zip(old.get(name)).zip(field(schema, name));
        Self { current: pair.map(|((new, old), schema)| (schema, new, old)), nearest: self.current }
    }

    fn element(self, new: &'a Json, old: Option<&'a Json>) -> Self {
        let Some((schema, _, _)) = self.current else { return self };
        Self { current: schema.items().zip(old).map(|(schema, old)| (schema, new, old)), nearest: self.current }
    }
}

/// The schema of a field that its author declared.
fn field<'a>(schema: &'a Schema, name: &str) -> Option<&'a Schema> {
    schema.property(name).filter(|property| !property.implied).or(schema.additional_properties())
}

/// Whether a value is the same as before, as far as its schema knows: a field without a schema is a change.
fn is_unchanged(schema: &Schema, new: &Json, old: &Json) -> bool {
    match (new, old, &schema.list_kind) {
        (Json::Object(new), Json::Object(old), _) => {
            let same = |(name, new): (&String, &Json)| {
                let old = old.get(name).zip(field(schema, name));
                old.is_some_and(|(old, schema)| is_unchanged(schema, new, old))
            };
            new.len() == old.len() && new.iter().all(same)
        }
        (Json::Array(new), Json::Array(old), ListKind::Map(keys)) => {
            let same =
                |new: &Json| replaced(new, old, keys).zip(schema.items()).is_some_and(|(old, schema)| is_unchanged(schema, new, old));
            new.len() == old.len() && new.iter().all(same)
        }
        _ => new == old,
    }
}

struct Run {
    validation: Validation,
}

impl Run {
    fn fail(&mut self, error: FieldError) {
        self.validation.errors.push(error);
    }

    fn node<'a>(&mut self, rules: &'a Rules, path: &Path, object: &'a Json, old: Option<&'a Json>, correlation: Correlation<'a>) {
        let old = old.filter(|old| !old.is_null());
        if object.is_null() || self.validation.remaining.is_none() {
            return;
        }
        self.expressions(rules, path, object, old, correlation);
        for part in &rules.all_of {
            self.node(part, path, object, old, Correlation { current: None, nearest: correlation.nearest });
        }
        match object {
            Json::Object(fields) => {
                for (name, value) in fields {
                    let old = old.and_then(|old| old.get(name));
                    if let Some(below) = &rules.additional {
                        self.node(below, &path.key(name), value, old, correlation.key(name));
                    }
                    if let Some(below) = rules.properties.get(name) {
                        self.node(below, &path.child(name), value, old, correlation.key(name));
                    }
                }
            }
            Json::Array(elements) => {
                let Some(below) = &rules.items else { return };
                let old = old.and_then(Json::as_array);
                for (index, element) in elements.iter().enumerate() {
                    let old = rules.list_map_keys.as_ref().zip(old).and_then(|(keys, old)| replaced(element, old, keys));
                    self.node(below, &path.index(index), element, old, correlation.element(element, old));
                }
            }
            _ => {}
        }
    }

    fn expressions<'a>(&mut self, rules: &'a Rules, path: &Path, object: &'a Json, old: Option<&'a Json>, correlation: Correlation<'a>) {
        let type_name = rules.schema.type_name();
        if rules.rules.is_empty() {
            return;
        }
        if self.validation.remaining == Some(0) {
            self.end(FieldError::invalid(path, type_name, OUT_OF_BUDGET));
            return;
        }
        let value = |json: &'a Json| Value::structured(json, &rules.schema);
        let (current, old_value) = (value(object), old.map(value));
        for rule in &rules.rules {
            let mut activation = Activation::new();
            activation.set_outcome("self", current.clone());
            match (rule.source.optional_old_self == Some(true), &old_value) {
                (true, old) => activation.set_outcome("oldSelf", old.clone().transpose().map(Value::optional)),
                (false, Some(old)) => activation.set_outcome("oldSelf", old.clone()),
                (false, None) if rule.uses_old_self => continue,
                (false, None) => {}
            }
            self.rule(rule, type_name, path, object, &activation, correlation);
            if self.validation.remaining.is_none() {
                return;
            }
        }
    }

    /// The last error: no rule is looked at after it.
    fn end(&mut self, error: FieldError) {
        self.fail(error);
        self.validation.remaining = None;
    }

    /// Takes a cost out of the budget, if there is enough of it.
    fn pay(&mut self, cost: u64) -> bool {
        self.validation.remaining = self.validation.remaining.and_then(|remaining| remaining.checked_sub(cost));
        self.validation.remaining.is_some()
    }

    fn rule(
        &mut self,
        rule: &Rule,
        type_name: &str,
        path: &Path,
        object: &Json,
        activation: &Activation<'_>,
        correlation: Correlation<'_>,
    ) {
        let invalid = |detail: String| FieldError::invalid(path, type_name, detail);
        let program = match &rule.program {
            None => return,
            Some(Ok(program)) => program,
            Some(Err(detail)) => return self.fail(invalid(format!("rule compile error: {detail}"))),
        };
        let evaluation = program.evaluate(activation, PER_CALL_LIMIT);
        if !self.pay(evaluation.cost) {
            return self.end(invalid(OUT_OF_BUDGET.to_owned()));
        }
        let shown = rule.source.shown();
        match evaluation.result {
            Ok(Value::Bool(true)) => return,
            Ok(_) => {}
            Err(limit @ EvaluateError::CostLimit) => {
                let detail = format!("'{limit}': no further validation rules will be run due to call cost exceeds limit for rule: {shown}");
                return self.end(invalid(detail));
            }
            Err(EvaluateError::Failed(why)) if why.starts_with("no such overload") => {
                return self.fail(invalid(format!(
                    "'{why}': call arguments did not match a supported operator, function or macro signature for rule: {shown}"
                )));
            }
            Err(EvaluateError::Failed(why)) => return self.fail(invalid(format!("{why} evaluating rule: {shown}"))),
        }
        let at = rule.field_path.as_ref().map_or_else(|| path.clone(), |below| path.child(below));
        let mut last = false;
        let error = match self.message(rule, activation) {
            Ok(message) => broken(rule, &at, type_name, object, message),
            Err(detail) => {
                last = true;
                FieldError::invalid(&at, type_name, detail)
            }
        };
        if !rule.uses_old_self && correlation.is_unchanged() {
            self.validation.warnings.push(error.to_string());
        } else {
            self.fail(error);
        }
        if last {
            self.validation.remaining = None;
        }
    }

    /// What is said of a broken rule. An error ends the validation.
    fn message(&mut self, rule: &Rule, activation: &Activation<'_>) -> Result<String, String> {
        let made = match &rule.message {
            Some(Ok(program)) => self.evaluated_message(program, &rule.source.message_expression, activation)?,
            _ => None,
        };
        Ok(made.unwrap_or_else(|| {
            if rule.source.message.is_empty() { format!("failed rule: {}", rule.source.shown()) } else { rule.source.shown().to_owned() }
        }))
    }

    fn evaluated_message(&mut self, program: &Program, expression: &str, activation: &Activation<'_>) -> Result<Option<String>, String> {
        let evaluation = program.evaluate(activation, PER_CALL_LIMIT);
        if !self.pay(evaluation.cost) {
            return Err(
                "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run".to_owned()
            );
        }
        match evaluation.result {
            Err(EvaluateError::CostLimit) => Err(format!(
                "no further validation rules will be run due to call cost exceeds limit for messageExpression: {}",
                api::field::quoted(expression)
            )),
            Err(EvaluateError::Failed(_)) => Ok(None),
            Ok(value) => {
                let message = value.as_str().unwrap_or("").trim();
                let fits = !message.is_empty() && message.len() <= MESSAGE_LIMIT && !message.contains('\n');
                Ok(fits.then(|| message.to_owned()))
            }
        }
    }
}

/// The error of a rule that an object does not keep to.
fn broken(rule: &Rule, path: &Path, type_name: &str, object: &Json, detail: String) -> FieldError {
    let value = (!matches!(type_name, "object" | "array")).then(|| object.clone());
    match rule.source.reason.as_deref() {
        Some("FieldValueForbidden") => FieldError::forbidden(path, detail),
        Some("FieldValueRequired") => FieldError::required(path, detail),
        Some("FieldValueDuplicate") => FieldError { value, ..FieldError::duplicate(path, "") },
        _ => FieldError { value, ..FieldError::invalid(path, "", detail) },
    }
}

/// The element of an old list that one of the new list replaces: that with the same keys.
fn replaced<'a>(element: &Json, old: &'a [Json], keys: &[String]) -> Option<&'a Json> {
    old.iter().find(|other| other.is_object() && keys.iter().all(|key| other.get(key) == element.get(key)))
}
