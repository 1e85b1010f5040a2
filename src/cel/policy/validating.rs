//! `ValidatingAdmissionPolicy`: what it decides about a request.

use api::{ErrorList, Path};
use serde_json::Value as Json;

use super::conditions::{MatchConditions, Matched};
use super::declarations::{Environments, Optional};
use super::expression::{Expression, OutOfBudget};
use super::variables::Variables;
use super::{FailurePolicy, Inputs, Origin, elements, text};
use crate::program::RUNTIME_BUDGET;
use crate::types::Type;
use crate::value::Value;

/// A message that an expression makes is no longer.
const MAX_MESSAGE_BYTES: usize = 5 * 1024;

/// A compiled policy.
#[derive(Debug)]
pub struct ValidatingPolicy {
    failure: FailurePolicy,
    variables: Variables,
    conditions: MatchConditions,
    validations: Vec<Validation>,
    annotations: Vec<(String, Expression)>,
}

#[derive(Debug)]
struct Validation {
    expression: Expression,
    message_expression: Option<Expression>,
    message: String,
    reason: Option<String>,
}

/// What a policy says to a request with one parameter object. All empty where its conditions are not met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// One for each validation, or a single one where the policy could not be asked.
    pub decisions: Vec<Decision>,
    /// One for each audit annotation.
    pub annotations: Vec<Annotation>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Admit,
    /// What went wrong is ignored.
    AdmitDespite(String),
    /// The reason is that of a status.
    Deny {
        reason: String,
        message: String,
    },
    /// What went wrong denies the request.
    Fail(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Annotation {
    Publish {
        key: String,
        value: String,
    },
    Exclude,
    /// What went wrong denies the request.
    Fail(String),
}

impl ValidatingPolicy {
    /// Compiles the `spec` of a policy. What cannot be compiled fails when it is asked.
    pub fn compile(spec: &Json, origin: Origin<'_>) -> Self {
        let params = spec.get("paramKind").is_some_and(|kind| !kind.is_null());
        let with_authorizer = Environments::new(origin, Optional { params, authorizer: true, patches: false });
        let without = Environments::new(origin, Optional { params, authorizer: false, patches: false });
        let variables = Variables::compile(spec, |source| with_authorizer.of(source));
        let compile =
            |source: &str, wanted: &[Type]| Expression::compile(&variables.extend(with_authorizer.of(source), source), source, wanted);
        let validations = elements(spec, "validations").map(|validation| {
            let message = text(validation, "messageExpression");
            Validation {
                expression: compile(text(validation, "expression"), &[Type::Bool]),
                message_expression: (!message.is_empty())
                    .then(|| Expression::compile(&variables.extend(without.of(message), message), message, &[Type::String])),
                message: text(validation, "message").trim().to_owned(),
                reason: validation.get("reason").and_then(Json::as_str).map(str::to_owned),
            }
        });
        let annotations = elements(spec, "auditAnnotations").map(|annotation| {
            let expression = compile(text(annotation, "valueExpression"), &[Type::String, Type::Null]);
            (text(annotation, "key").to_owned(), expression)
        });
        Self {
            failure: FailurePolicy::read(spec),
            validations: validations.collect(),
            annotations: annotations.collect(),
            conditions: MatchConditions::policy(spec, &variables, &with_authorizer, origin),
            variables,
        }
    }

    /// What keeps its expressions from being compiled, with the path of the spec.
    pub fn check(&self, path: &Path) -> ErrorList {
        let mut errors = ErrorList::new();
        self.variables.check(&path.child("variables"), &mut errors);
        errors.extend(self.conditions.check(&path.child("matchConditions")));
        for (index, validation) in self.validations.iter().enumerate() {
            let path = path.child("validations").index(index);
            validation.expression.check(&path.child("expression"), &mut errors);
            if let Some(message) = &validation.message_expression {
                message.check(&path.child("messageExpression"), &mut errors);
            }
        }
        for (index, (_, expression)) in self.annotations.iter().enumerate() {
            expression.check(&path.child("auditAnnotations").index(index).child("valueExpression"), &mut errors);
        }
        errors
    }

    /// What the policy says to a request.
    pub fn validate(&self, inputs: &Inputs<'_>) -> Outcomes {
        match self.conditions.evaluate_with(&self.variables, inputs) {
            Matched::Yes => {}
            Matched::No(_) => return Outcomes::default(),
            Matched::Failed(why) => return self.failed(&why),
        }
        let mut budget = RUNTIME_BUDGET;
        let Ok(answers) = self.answers(inputs, &mut budget) else { return self.failed(OutOfBudget::MESSAGE) };
        let messages = self.messages(inputs, &mut budget);
        let decide = |(index, answer): (usize, Result<bool, String>)| match (answer, &messages) {
            (Err(why), _) => self.failure(why),
            (_, Err(OutOfBudget)) => self.failure(format!("failed messageExpression: {}", OutOfBudget::MESSAGE)),
            (Ok(true), _) => Decision::Admit,
            (Ok(false), Ok(messages)) => self.deny(index, messages.get(index).and_then(Option::as_deref)),
        };
        let decisions = answers.into_iter().enumerate().map(decide).collect();
        match self.annotate(inputs) {
            Ok(annotations) => Outcomes { decisions, annotations },
            Err(OutOfBudget) => self.failed(OutOfBudget::MESSAGE),
        }
    }

    fn failure(&self, why: String) -> Decision {
        match self.failure {
            FailurePolicy::Fail => Decision::Fail(why),
            FailurePolicy::Ignore => Decision::AdmitDespite(why),
        }
    }

    fn failed(&self, why: &str) -> Outcomes {
        Outcomes { decisions: vec![self.failure(why.to_owned())], annotations: Vec::new() }
    }

    fn answers(&self, inputs: &Inputs<'_>, budget: &mut u64) -> Result<Vec<Result<bool, String>>, OutOfBudget> {
        self.variables.with(inputs, |view| {
            let answer = |validation: &Validation| {
                let answer = validation.expression.evaluate(view, budget)?;
                Ok(answer.map(|value| matches!(value, Value::Bool(true))))
            };
            self.validations.iter().map(answer).collect()
        })
    }

    /// The messages that expressions make, for all validations: they are evaluated whatever these say.
    fn messages(&self, inputs: &Inputs<'_>, budget: &mut u64) -> Result<Vec<Option<String>>, OutOfBudget> {
        let inputs = Inputs { authorizer: None, ..*inputs };
        self.variables.with(&inputs, |view| {
            let message = |validation: &Validation| {
                let Some(expression) = &validation.message_expression else { return Ok(None) };
                let value = expression.evaluate(view, budget)?;
                Ok(value.ok().and_then(|value| value.as_str().and_then(usable)))
            };
            self.validations.iter().map(message).collect()
        })
    }

    fn deny(&self, index: usize, message: Option<&str>) -> Decision {
        let Some(validation) = self.validations.get(index) else { return Decision::Admit };
        let message = match message {
            Some(message) => message.to_owned(),
            None if !validation.message.is_empty() => validation.message.clone(),
            None => format!("failed expression: {}", validation.expression.text().trim()),
        };
        Decision::Deny { reason: validation.reason.clone().unwrap_or_else(|| "Invalid".to_owned()), message }
    }

    fn annotate(&self, inputs: &Inputs<'_>) -> Result<Vec<Annotation>, OutOfBudget> {
        let inputs = Inputs { authorizer: None, ..*inputs };
        let mut budget = RUNTIME_BUDGET;
        self.variables.with(&inputs, |view| {
            let annotate = |(key, expression): &(String, Expression)| {
                Ok(match expression.evaluate(view, &mut budget)? {
                    Err(_) if self.failure == FailurePolicy::Ignore => Annotation::Exclude,
                    Err(why) => Annotation::Fail(why),
                    Ok(Value::Null) => Annotation::Exclude,
                    Ok(value) => match value.as_str().map(str::trim) {
                        Some("") => Annotation::Exclude,
                        Some(text) => Annotation::Publish { key: key.clone(), value: text.to_owned() },
                        None => Annotation::Fail(format!(
                            "valueExpression '{}' resulted in unsupported return type: {}. Return type must be either string or null.",
                            expression.text(),
                            value.kind().runtime_name()
                        )),
                    },
                })
            };
            self.annotations.iter().map(annotate).collect()
        })
    }
}

/// A message as it can be shown: not empty, not long, in one line.
fn usable(message: &str) -> Option<String> {
    let message = message.trim();
    (!message.is_empty() && message.len() <= MAX_MESSAGE_BYTES && !message.contains('\n')).then(|| message.to_owned())
}
