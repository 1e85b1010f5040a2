//! Expressions compiled once and evaluated often.

use crate::ast::Ast;
use crate::check::{Checked, check};
use crate::deep;
use crate::environment::Environment;
use crate::estimate::{Range, estimate};
use crate::evaluate::Context;
use crate::parse::parse;
use crate::plan::{Plan, plan};
use crate::source::{Issues, Source};
use crate::types::Type;
use crate::validate::validate;
use crate::value::{Failure, Value};

/// What one evaluation of an expression may cost in Kubernetes.
pub const PER_CALL_LIMIT: u64 = 1_000_000;
/// What all evaluations for one custom resource or policy binding may cost.
pub const RUNTIME_BUDGET: u64 = 10_000_000;
/// The same for the match conditions of one webhook or policy.
pub const RUNTIME_BUDGET_MATCH_CONDITIONS: u64 = 2_500_000;

/// Why an expression cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// What is wrong with the text, as users see it behind `compilation failed: `.
    #[error("{0}")]
    Issues(Issues),
    /// A constant that cannot be what it should; users see it behind `program instantiation failed: `.
    #[error("{0}")]
    Instantiation(String),
}

/// Why an evaluation has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// An error of the expression, in cel-go's words.
    #[error("{0}")]
    Failed(String),
    #[error("operation cancelled: actual cost limit exceeded")]
    CostLimit,
}

impl From<Failure> for EvaluateError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Error(message) => EvaluateError::Failed(message.into_owned()),
            Failure::CostLimit => EvaluateError::CostLimit,
        }
    }
}

/// A compiled expression.
pub struct Program {
    result: Type,
    plan: Plan,
    nesting: usize,
    estimate: Range,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Program")
            .field("result", self.result_type())
            .field("variables", &self.plan.variables)
            .finish_non_exhaustive()
    }
}

/// What an evaluation came to, and what it cost.
#[derive(Debug)]
pub struct Evaluation<'a> {
    pub result: Result<Value<'a>, EvaluateError>,
    pub cost: u64,
}

/// The values of variables.
#[derive(Clone, Debug, Default)]
pub struct Activation<'a> {
    values: Vec<(&'a str, Result<Value<'a>, Failure>)>,
}

impl<'a> Activation<'a> {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn with(mut self, name: &'a str, value: Value<'a>) -> Self {
        self.set(name, value);
        self
    }

    pub fn set(&mut self, name: &'a str, value: Value<'a>) {
        self.set_outcome(name, Ok(value));
    }

    /// A value, or an error that an expression meets where it names the variable.
    pub fn set_outcome(&mut self, name: &'a str, value: Result<Value<'a>, Failure>) {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, value));
    }

    fn get(&self, name: &str) -> Option<Result<Value<'a>, Failure>> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }
}

impl Program {
    /// Compiles an expression.
    pub fn compile(environment: &Environment, expression: &str) -> Result<Self, CompileError> {
        let source = Source::new(expression);
        let nesting = deep::nesting(expression);
        deep::with_stack(nesting, || Self::compile_here(environment, &source, nesting))
    }

    fn compile_here(environment: &Environment, source: &Source, nesting: usize) -> Result<Self, CompileError> {
        let mut issues = Issues::new(source);
        let checked = match parse(source, &mut issues) {
            Some(ast) => Self::checked(ast, source, environment, &mut issues),
            None => None,
        };
        let Some(checked) = checked else { return Err(CompileError::Issues(issues.sorted())) };
        match plan(&checked, environment) {
            Ok(plan) => {
                Ok(Self { estimate: estimate(&checked, environment), result: checked.kind(checked.ast.root.id).clone(), plan, nesting })
            }
            Err(failure) => Err(CompileError::Instantiation(EvaluateError::from(failure).to_string())),
        }
    }

    fn checked(ast: Ast, source: &Source, environment: &Environment, issues: &mut Issues) -> Option<Checked> {
        let checked = check(ast, source, environment, issues);
        if issues.is_empty() {
            validate(&checked, source, issues);
        }
        issues.is_empty().then_some(checked)
    }

    /// The type of the expression's value.
    pub fn result_type(&self) -> &Type {
        &self.result
    }

    /// What an evaluation costs at least and at most, as far as the declared sizes tell.
    pub fn estimated_cost(&self) -> Range {
        self.estimate
    }

    /// Whether the expression names a variable.
    pub fn uses(&self, variable: &str) -> bool {
        self.plan.variables.iter().any(|name| name == variable)
    }

    /// Evaluates the expression. It ends when it has cost more than `limit`.
    pub fn evaluate<'a>(&self, activation: &Activation<'a>, limit: u64) -> Evaluation<'a> {
        deep::with_stack(self.nesting, || {
            let variables: Vec<Option<Result<Value<'a>, Failure>>> = self.plan.variables.iter().map(|name| activation.get(name)).collect();
            let context = Context::new(&self.plan.variables, &variables, limit);
            let result = context.node(&self.plan.root).map_err(EvaluateError::from);
            Evaluation { result, cost: context.cost() }
        })
    }
}
