//! The rules of a custom resource's schema (`x-kubernetes-validations`): whether a definition may have them, and whether an object keeps to them.

mod compile;
mod definition;
mod field_path;
mod validate;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::program::Program;
use crate::schema::Schema;

pub use definition::{Checked, check_definition};
pub use validate::{Ratcheting, Validation};

/// Schemas are followed no deeper than this: no request has deeper data.
const DEPTH_LIMIT: usize = 128;

/// The compiled rules of a schema and of all that is below it; parts without rules are left out.
#[derive(Debug)]
pub struct Rules {
    schema: Arc<Schema>,
    rules: Vec<Rule>,
    items: Option<Box<Rules>>,
    additional: Option<Box<Rules>>,
    properties: BTreeMap<String, Rules>,
    all_of: Vec<Rules>,
    /// The fields by which the elements of a list are told apart, where they are.
    list_map_keys: Option<Vec<String>>,
}

/// One rule.
#[derive(Debug)]
struct Rule {
    source: Source,
    /// None where the rule is empty.
    program: Option<Result<Program, String>>,
    message: Option<Result<Program, String>>,
    uses_old_self: bool,
    /// The rule's field path as errors write it.
    field_path: Option<String>,
}

/// A rule as its author wrote it.
#[derive(Clone, Debug, Default)]
struct Source {
    rule: String,
    message: String,
    message_expression: String,
    reason: Option<String>,
    field_path: String,
    optional_old_self: Option<bool>,
}

impl Source {
    fn read(json: &Json) -> Self {
        let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or("").to_owned();
        Self {
            rule: text("rule"),
            message: text("message"),
            message_expression: text("messageExpression"),
            reason: json.get("reason").and_then(Json::as_str).map(str::to_owned),
            field_path: text("fieldPath"),
            optional_old_self: json.get("optionalOldSelf").and_then(Json::as_bool),
        }
    }

    fn all(openapi: &Json) -> impl Iterator<Item = Self> {
        openapi.get("x-kubernetes-validations").and_then(Json::as_array).into_iter().flatten().map(Self::read)
    }

    /// How an error names the rule.
    fn shown(&self) -> &str {
        if self.message.is_empty() { self.rule.trim() } else { self.message.trim() }
    }
}

impl Schema {
    /// The schema's type as an error gives it.
    fn type_name(&self) -> &str {
        use crate::schema::SchemaKind::{Array, Boolean, IntOrString, Integer, Number, Object, Other, String};
        match &self.kind {
            Object => "object",
            Array => "array",
            String => "string",
            Number => "number",
            Integer => "integer",
            Boolean => "boolean",
            IntOrString => "",
            Other(name) => name,
        }
    }
}
