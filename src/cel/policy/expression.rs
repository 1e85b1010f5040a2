//! One expression of a policy: compiled with the words of admission, evaluated within a budget.

use api::{ErrorList, FieldError, Path};

use super::variables::View;
use crate::environment::Environment;
use crate::program::{CompileError, PER_CALL_LIMIT, Program};
use crate::types::Type;
use crate::value::Value;

/// All that a request's expressions may cost together is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OutOfBudget;

impl OutOfBudget {
    pub(super) const MESSAGE: &'static str = "validation failed due to running out of cost budget, no further validation rules will be run";
}

#[derive(Debug)]
pub(super) struct Expression {
    text: String,
    pub(super) program: Result<Program, String>,
}

impl Expression {
    /// Compiles an expression that has one of some types, or any where there are none.
    pub(super) fn compile(environment: &Environment, text: &str, wanted: &[Type]) -> Self {
        let program = Program::compile(environment, text)
            .map_err(|error| match error {
                CompileError::Issues(issues) => format!("compilation failed: {issues}"),
                CompileError::Instantiation(why) => format!("program instantiation failed: {why}"),
            })
            .and_then(|program| match unwanted(program.result_type(), wanted) {
                None => Ok(program),
                Some(reason) => Err(reason),
            });
        Self { text: text.to_owned(), program }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Says what keeps the expression from being compiled. That there is none is the host's to say.
    pub(super) fn check(&self, path: &Path, errors: &mut ErrorList) {
        if self.text.trim().is_empty() {
            return;
        }
        if let Err(why) = &self.program {
            errors.push(FieldError::invalid(path, self.text.as_str(), why.as_str()));
        }
    }

    /// The value, or why there is none. What it costs, with the variables it names, leaves the budget.
    pub(super) fn evaluate<'a>(&self, view: &View<'a>, budget: &mut u64) -> Result<Result<Value<'a>, String>, OutOfBudget> {
        let program = match &self.program {
            Ok(program) => program,
            Err(why) => return Ok(Err(format!("compilation error: {why}"))),
        };
        let evaluation = program.evaluate(&view.activation(), PER_CALL_LIMIT);
        let cost = evaluation.cost.saturating_add(view.take_spent());
        *budget = budget.checked_sub(cost).ok_or(OutOfBudget)?;
        Ok(evaluation.result.map_err(|error| format!("expression '{}' resulted in error: {error}", self.text)))
    }
}

fn unwanted(kind: &Type, wanted: &[Type]) -> Option<String> {
    if wanted.is_empty() || wanted.iter().any(|wanted| kind.is_exactly(wanted)) {
        return None;
    }
    let got = kind.declared_name();
    Some(match wanted {
        [wanted] => format!("must evaluate to {} but got {got}", wanted.declared_name()),
        _ => {
            let names: Vec<String> = wanted.iter().map(Type::declared_name).collect();
            format!("must evaluate to one of [{}] but got {got}", names.join(" "))
        }
    })
}
