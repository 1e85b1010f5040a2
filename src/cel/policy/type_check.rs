//! What the types of the kinds that a validating policy is about say of its expressions. It changes nothing of what the policy does.

use serde_json::Value as Json;

use super::declarations::typed;
use super::variables::Variables;
use super::{elements, text};
use crate::declaration::Declared;
use crate::program::{CompileError, Program};

/// What is wrong with an expression, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// `spec.validations[0].expression`.
    pub field: String,
    pub text: String,
}

/// The warnings for the `spec` of a policy. `kinds` are those that it matches, as `apps/v1, Kind=Deployment`; `params` is the type of the parameters where there are any.
pub fn type_warnings(spec: &Json, kinds: &[(String, Declared)], params: Option<&Declared>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (index, validation) in elements(spec, "validations").enumerate() {
        for name in ["expression", "messageExpression"] {
            let source = text(validation, name);
            if source.is_empty() {
                continue;
            }
            let found: Vec<String> = kinds.iter().filter_map(|(kind, declared)| check(spec, source, kind, declared, params)).collect();
            if !found.is_empty() {
                warnings.push(Warning { field: format!("spec.validations[{index}].{name}"), text: found.join("\n") });
            }
        }
    }
    warnings
}

fn check(spec: &Json, source: &str, kind: &str, declared: &Declared, params: Option<&Declared>) -> Option<String> {
    let environment = typed(declared, params);
    let variables = Variables::compile(spec, |_| &environment);
    match Program::compile(&variables.extend(&environment, source), source) {
        Err(CompileError::Issues(issues)) => Some(format!("{kind}: {issues}\n")),
        Err(CompileError::Instantiation(_)) | Ok(_) => None,
    }
}
