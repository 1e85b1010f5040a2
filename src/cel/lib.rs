//! The Common Expression Language as Kubernetes has it: expressions in custom resource schemas, admission policies and webhooks, with cel-go's types, words of
//! errors and costs, and Kubernetes' own functions. Pure: text and JSON in, values out. It knows no kinds, no requests and no storage.
//!
//! An expression is compiled once against an [`Environment`] and evaluated often against an [`Activation`]:
//! text -> tokens -> tree with macros expanded (`parse`, `macros`) -> types (`check`) -> plan (`plan`) -> value (`evaluate`).

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod ast;
mod check;
mod cost;
mod data;
mod declaration;
mod deep;
mod environment;
mod equality;
mod escape;
mod estimate;
mod evaluate;
mod library;
mod macros;
mod parse;
mod plan;
pub mod policy;
mod program;
pub mod rules;
mod schema;
mod signature;
mod source;
mod time;
mod token;
mod types;
mod unescape;
mod unify;
mod validate;
mod value;

#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod tests;

pub use data::to_json;
pub use declaration::Declared;
pub use environment::Environment;
pub use escape::{escape, is_identifier, unescape};
pub use estimate::Range;
pub use library::authorization::{Authorizer, Question, Verdict};
pub use program::{
    Activation, CompileError, EvaluateError, Evaluation, PER_CALL_LIMIT, Program, RUNTIME_BUDGET, RUNTIME_BUDGET_MATCH_CONDITIONS,
};
pub use schema::{Schema, max_cardinality};
pub use source::{Issue, Issues, Location};
pub use time::{Timestamp, parse_duration};
pub use types::{ObjectType, Type};
pub use value::{Failure, Key, Lazy, List, Made, Map, Text, Value};
