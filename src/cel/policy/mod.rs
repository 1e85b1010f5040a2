//! The expressions of admission: conditions of webhooks and policies, validations, messages, annotations and mutations. What they see is given as JSON; which
//! requests they are asked about, and what becomes of the answers, is the host's.

mod conditions;
mod declarations;
mod expression;
mod mutating;
mod type_check;
mod validating;
mod variables;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::library::authorization::{Authorizer, Question};

pub use conditions::{MatchConditions, Matched};
pub use mutating::{Change, MutatingPolicy};
pub use type_check::{Warning, type_warnings};
pub use validating::{Annotation, Decision, Outcomes, ValidatingPolicy};

/// What the expressions of a policy see of a request.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// In the version that was matched; none on deletion.
    pub object: Option<&'a Json>,
    pub old_object: Option<&'a Json>,
    pub params: Option<&'a Json>,
    /// An `AdmissionRequest` without uid and objects.
    pub request: &'a Json,
    pub namespace: Option<&'a Json>,
    /// Who decides, and the request's own question without its verb.
    pub authorizer: Option<(&'a dyn Authorizer, &'a Question)>,
}

/// What an expression that cannot be answered means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailurePolicy {
    #[default]
    Fail,
    Ignore,
}

impl FailurePolicy {
    /// The policy in a `failurePolicy` field.
    pub fn read(spec: &Json) -> Self {
        if spec.get("failurePolicy").and_then(Json::as_str) == Some("Ignore") { Self::Ignore } else { Self::Fail }
    }
}

/// Since when expressions have been there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    Stored,
    /// A request brings them: they may use only what the version before this one also knows.
    New,
    /// A request changes what has these already, and brings the others.
    Changed(&'a BTreeSet<String>),
}

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json.get(name).and_then(Json::as_str).unwrap_or("")
}

fn elements<'a>(spec: &'a Json, name: &str) -> impl Iterator<Item = &'a Json> {
    spec.get(name).and_then(Json::as_array).into_iter().flatten()
}
