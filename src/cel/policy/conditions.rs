//! Match conditions: whether a webhook or a policy is asked about a request at all.

use api::{ErrorList, Path};
use serde_json::Value as Json;

use super::declarations::{Environments, Optional};
use super::expression::{Expression, OutOfBudget};
use super::variables::Variables;
use super::{FailurePolicy, Inputs, Origin, elements, text};
use crate::environment::Environment;
use crate::program::RUNTIME_BUDGET_MATCH_CONDITIONS;
use crate::types::Type;
use crate::value::Value;

/// The match conditions of a webhook or a policy.
#[derive(Debug)]
pub struct MatchConditions {
    conditions: Vec<(String, Expression)>,
    failure: FailurePolicy,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matched {
    Yes,
    /// With the name of the condition that is not met, or none where one cannot be answered and that is ignored.
    No(Option<String>),
    /// A condition cannot be answered.
    Failed(String),
}

impl MatchConditions {
    /// Those of a webhook, from its entry in a configuration.
    pub fn webhook(webhook: &Json, origin: Origin<'_>) -> Self {
        let optional = Optional { params: false, authorizer: true, patches: false };
        let environments = Environments::new(origin, optional);
        Self::compile(webhook, |source| environments.of(source).clone())
    }

    /// Those of a policy. What a request brings may not name variables.
    pub(super) fn policy(spec: &Json, variables: &Variables, environments: &Environments<'_>, origin: Origin<'_>) -> Self {
        Self::compile(spec, |source| match origin {
            Origin::Stored => variables.extend(environments.of(source), source),
            Origin::New | Origin::Changed(_) => environments.of(source).clone(),
        })
    }

    fn compile(spec: &Json, environment: impl Fn(&str) -> Environment) -> Self {
        let conditions = elements(spec, "matchConditions").map(|condition| {
            let source = text(condition, "expression");
            (text(condition, "name").to_owned(), Expression::compile(&environment(source), source, &[Type::Bool]))
        });
        Self { conditions: conditions.collect(), failure: FailurePolicy::read(spec) }
    }

    /// What keeps them from being compiled, with the path of the list.
    pub fn check(&self, path: &Path) -> ErrorList {
        let mut errors = ErrorList::new();
        for (index, (_, expression)) in self.conditions.iter().enumerate() {
            expression.check(&path.index(index).child("expression"), &mut errors);
        }
        errors
    }

    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    pub fn evaluate(&self, inputs: &Inputs<'_>) -> Matched {
        self.evaluate_with(&Variables::default(), inputs)
    }

    pub(super) fn evaluate_with(&self, variables: &Variables, inputs: &Inputs<'_>) -> Matched {
        if self.conditions.is_empty() {
            return Matched::Yes;
        }
        // Conditions are asked before the namespace is looked up.
        let inputs = Inputs { namespace: None, ..*inputs };
        let failed = match variables.with(&inputs, |view| self.answers(view)) {
            Ok(Answers { unmet: Some(name), .. }) => return Matched::No(Some(name)),
            Ok(Answers { errors, .. }) if errors.is_empty() => return Matched::Yes,
            Ok(Answers { errors, .. }) => aggregate(errors),
            Err(OutOfBudget) => OutOfBudget::MESSAGE.to_owned(),
        };
        match self.failure {
            FailurePolicy::Fail => Matched::Failed(failed),
            FailurePolicy::Ignore => Matched::No(None),
        }
    }

    /// All conditions are evaluated: one that is not met decides, whatever is wrong with the others.
    fn answers(&self, view: &super::variables::View<'_>) -> Result<Answers, OutOfBudget> {
        let mut budget = RUNTIME_BUDGET_MATCH_CONDITIONS;
        let mut answers = Answers::default();
        for (name, expression) in &self.conditions {
            match expression.evaluate(view, &mut budget)? {
                Ok(Value::Bool(false)) => {
                    answers.unmet.get_or_insert_with(|| name.clone());
                }
                Ok(_) => {}
                Err(error) => answers.errors.push(error),
            }
        }
        Ok(answers)
    }
}

#[derive(Default)]
struct Answers {
    unmet: Option<String>,
    errors: Vec<String>,
}

/// Several errors in one text, each once.
fn aggregate(errors: Vec<String>) -> String {
    let mut distinct: Vec<String> = Vec::new();
    for error in errors {
        if !distinct.contains(&error) {
            distinct.push(error);
        }
    }
    if distinct.len() == 1 { distinct.concat() } else { format!("[{}]", distinct.join(", ")) }
}
