//! ValidatingAdmissionPolicy: what users' expressions say of a request, and what their bindings make of it: a refusal, a warning, a note in the audit log.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{ApiError, Object};
use async_trait::async_trait;
use cel::policy::{Annotation, Decision, Origin, ValidatingPolicy};
use k8s_openapi::api::admissionregistration::v1::{
    MatchResources, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, ValidatingAdmissionPolicyBindingSpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::StatusCause;
use serde_json::json;

use super::binding::{Compiled, params};
use super::{Facts, facts};
use crate::admission::matching::Matcher;
use crate::admission::webhook::Seen;
use crate::admission::{Attributes, Plugin, list};
use crate::authz::Authorizer;
use crate::notes;

/// Bytes of an annotation's value.
const ANNOTATION_BYTES: usize = 10 << 10;
/// Failures that are noted in the audit log.
const FAILURES_NOTED: usize = 50;

struct Policy {
    name: String,
    ignores_failure: bool,
    matcher: Result<Matcher, String>,
    param_kind: Option<k8s_openapi::api::admissionregistration::v1::ParamKind>,
    expressions: ValidatingPolicy,
    bindings: Vec<Binding>,
}

struct Binding {
    name: String,
    spec: ValidatingAdmissionPolicyBindingSpec,
    matcher: Result<Matcher, String>,
}

/// What is wrong with a request.
struct Refusal {
    reason: String,
    message: String,
    /// Which validation of the policy says so.
    index: usize,
}

pub struct ValidatingAdmissionPolicies {
    authorizer: Arc<Authorizer>,
    compiled: Compiled<Policy>,
}

impl ValidatingAdmissionPolicies {
    pub fn new(authorizer: Arc<Authorizer>) -> Self {
        Self { authorizer, compiled: Compiled::default() }
    }
}

#[async_trait]
impl Plugin for ValidatingAdmissionPolicies {
    fn name(&self) -> &'static str {
        "ValidatingAdmissionPolicy"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        !attributes.registry.of(&kinds::VALIDATING_ADMISSION_POLICY_BINDING).resource.is_empty()
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        let of = [&kinds::VALIDATING_ADMISSION_POLICY, &kinds::VALIDATING_ADMISSION_POLICY_BINDING];
        let policies = self.compiled.current(attributes.registry, of, || compile(attributes))?;
        let mut denied = None;
        let mut noted = Vec::new();
        for policy in policies.iter() {
            let matched = match &policy.matcher {
                Ok(matcher) => matcher.matches(attributes, object, false)?,
                Err(why) => {
                    policy.misconfigured(None, why, &mut denied);
                    continue;
                }
            };
            let Some(matched) = matched else { continue };
            let seen = Seen::new(attributes, &matched, object).await?;
            let mut annotations: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for binding in &policy.bindings {
                let holds = match &binding.matcher {
                    Ok(matcher) => matcher.matches(attributes, object, true)?.is_some(),
                    Err(why) => {
                        policy.misconfigured(Some(binding), why, &mut denied);
                        continue;
                    }
                };
                if !holds {
                    continue;
                }
                let all = match params(attributes, policy.param_kind.as_ref(), binding.spec.param_ref.as_ref()) {
                    Ok(all) => all,
                    Err(why) => {
                        policy.misconfigured(Some(binding), &why, &mut denied);
                        continue;
                    }
                };
                for param in all {
                    let facts = facts(attributes, matched.kind(), &seen, param, &self.authorizer)?;
                    policy.evaluate(binding, &facts, &mut annotations, &mut denied, &mut noted);
                }
            }
            for (key, values) in annotations {
                notes::annotate(format!("{}/{key}", policy.name), values.join(", "));
            }
        }
        if !noted.is_empty() {
            noted.truncate(FAILURES_NOTED);
            notes::annotate("validation.policy.admission.k8s.io/validation_failure", serde_json::Value::from(noted).to_string());
        }
        denied.map_or(Ok(()), |(reason, message)| Err(refused(attributes, &reason, &message)))
    }
}

/// The first refusal: its reason and its whole message.
type Denied = Option<(String, String)>;

impl Policy {
    fn misconfigured(&self, binding: Option<&Binding>, why: &str, denied: &mut Denied) {
        if self.ignores_failure {
            return;
        }
        let what = if binding.is_some() { "binding" } else { "policy" };
        self.deny(binding, "Invalid", &format!("failed to configure {what}: {why}"), denied);
    }
    fn deny(&self, binding: Option<&Binding>, reason: &str, message: &str, denied: &mut Denied) {
        let by = binding.map(|binding| format!(" with binding '{}'", binding.name)).unwrap_or_default();
        denied
            .get_or_insert_with(|| (reason.to_owned(), format!("ValidatingAdmissionPolicy '{}'{by} denied request: {message}", self.name)));
    }
    /// What a binding's actions make of what is wrong.
    fn act(&self, binding: &Binding, refusals: Vec<Refusal>, denied: &mut Denied, noted: &mut Vec<serde_json::Value>) {
        for refusal in refusals {
            for action in &binding.spec.validation_actions {
                match action.as_str() {
                    "Deny" => self.deny(Some(binding), &refusal.reason, &refusal.message, denied),
                    "Warn" => notes::warn(format!(
                        "Validation failed for ValidatingAdmissionPolicy '{}' with binding '{}': {}",
                        self.name, binding.name, refusal.message
                    )),
                    _ => noted.push(json!({
                        "message": refusal.message,
                        "policy": self.name,
                        "binding": binding.name,
                        "expressionIndex": refusal.index,
                        "validationActions": binding.spec.validation_actions,
                    })),
                }
            }
        }
    }
    /// Asks the policy about a request, and acts on what it says.
    fn evaluate(
        &self,
        binding: &Binding,
        facts: &Facts<'_>,
        annotations: &mut BTreeMap<String, Vec<String>>,
        denied: &mut Denied,
        noted: &mut Vec<serde_json::Value>,
    ) {
        let outcomes = self.expressions.validate(&facts.inputs());
        let refusal = |(index, decision)| match decision {
            Decision::Admit | Decision::AdmitDespite(_) => None,
            Decision::Deny { reason, message } => Some(Refusal { reason, message, index }),
            Decision::Fail(message) => Some(Refusal { reason: "Invalid".to_owned(), message, index }),
        };
        let refusals = outcomes.decisions.into_iter().enumerate().filter_map(refusal).collect();
        self.act(binding, refusals, denied, noted);
        for annotation in outcomes.annotations {
            match annotation {
                Annotation::Exclude => {}
                Annotation::Fail(why) => self.deny(Some(binding), "Invalid", &why, denied),
                Annotation::Publish { key, mut value } => {
                    value.truncate(value.floor_char_boundary(ANNOTATION_BYTES));
                    let known = annotations.entry(key).or_default();
                    if !known.contains(&value) {
                        known.push(value);
                    }
                }
            }
        }
    }
}

fn refused(attributes: &Attributes<'_>, reason: &str, message: &str) -> ApiError {
    let mut error = attributes.forbidden(message);
    let code = match reason {
        "Forbidden" => 403,
        "Unauthorized" => 401,
        "RequestEntityTooLarge" => 413,
        _ => 422,
    };
    error.0.code = Some(code);
    error.0.reason = Some(reason.to_owned());
    let cause = StatusCause { message: Some(message.to_owned()), ..StatusCause::default() };
    error.0.details.get_or_insert_default().causes = Some(vec![cause]);
    error
}

/// Policies that are bound, in the order of their names.
fn compile(attributes: &Attributes<'_>) -> Result<Vec<Policy>, ApiError> {
    let registry = attributes.registry;
    let bindings: Vec<ValidatingAdmissionPolicyBinding> = list(registry, &kinds::VALIDATING_ADMISSION_POLICY_BINDING, "")?;
    let policies: Vec<ValidatingAdmissionPolicy> = list(registry, &kinds::VALIDATING_ADMISSION_POLICY, "")?;
    let compiled = policies.into_iter().filter_map(|policy| {
        let name = policy.metadata.name.unwrap_or_default();
        let bound: Vec<Binding> = bindings
            .iter()
            .filter(|binding| binding.spec.policy_name == name)
            .map(|binding| Binding {
                name: binding.metadata.name.clone().unwrap_or_default(),
                matcher: Matcher::of_policy(binding.spec.match_resources.as_ref().unwrap_or(&MatchResources::default())),
                spec: binding.spec.clone(),
            })
            .collect();
        let spec = policy.spec.filter(|_| !bound.is_empty())?;
        Some(Policy {
            name,
            ignores_failure: spec.failure_policy.as_deref() == Some("Ignore"),
            matcher: Matcher::of_policy(spec.match_constraints.as_ref().unwrap_or(&MatchResources::default())),
            expressions: ValidatingPolicy::compile(&serde_json::to_value(&spec).unwrap_or_default(), Origin::Stored),
            param_kind: spec.param_kind,
            bindings: bound,
        })
    });
    Ok(compiled.collect())
}
