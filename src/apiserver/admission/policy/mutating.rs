//! MutatingAdmissionPolicy: expressions of users that make patches, applied in the order of policies and bindings.

use std::sync::Arc;

use api::{ApiError, Gvk, Object, patch};
use async_trait::async_trait;
use cel::policy::{Change, FailurePolicy, Matched, MutatingPolicy, Origin};
use k8s_openapi::api::admissionregistration::v1::{
    MatchResources, MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, ParamKind, ParamRef,
};

use super::binding::{Compiled, params};
use super::{Facts, facts};
use crate::admission::matching::{Match, Matcher};
use crate::admission::webhook::{Seen, put_back};
use crate::admission::{Attributes, Plugin, list};
use crate::authz::Authorizer;

struct Policy {
    name: String,
    reinvoked_if_needed: bool,
    matcher: Result<Matcher, String>,
    param_kind: Option<ParamKind>,
    expressions: MutatingPolicy,
    bindings: Vec<Binding>,
}

struct Binding {
    name: String,
    param_ref: Option<ParamRef>,
    matcher: Result<Matcher, String>,
}

pub struct MutatingAdmissionPolicies {
    authorizer: Arc<Authorizer>,
    compiled: Compiled<Policy>,
}

impl MutatingAdmissionPolicies {
    pub fn new(authorizer: Arc<Authorizer>) -> Self {
        Self { authorizer, compiled: Compiled::default() }
    }
}

#[async_trait]
impl Plugin for MutatingAdmissionPolicies {
    fn name(&self) -> &'static str {
        "MutatingAdmissionPolicy"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        !attributes.registry.of(&kinds::MUTATING_ADMISSION_POLICY_BINDING).resource.is_empty()
    }
    async fn mutate(&self, attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        let Some(object) = object else { return Ok(()) };
        let of = [&kinds::MUTATING_ADMISSION_POLICY, &kinds::MUTATING_ADMISSION_POLICY_BINDING];
        let policies = self.compiled.current(attributes.registry, of, || compile(attributes))?;
        for policy in policies.iter().filter(|policy| !attributes.rounds.is_second() || policy.reinvoked_if_needed) {
            let matched = match &policy.matcher {
                Ok(matcher) => matcher.matches(attributes, Some(object.as_ref()), false)?,
                Err(why) => {
                    policy.fail(attributes, None, why)?;
                    continue;
                }
            };
            let Some(matched) = matched else { continue };
            for binding in &policy.bindings {
                let all = binding.matcher.as_ref().map_err(Clone::clone).and_then(|matcher| {
                    let holds = matcher.matches(attributes, Some(object.as_ref()), true).map_err(|error| error.to_string())?.is_some();
                    if holds { params(attributes, policy.param_kind.as_ref(), binding.param_ref.as_ref()) } else { Ok(Vec::new()) }
                });
                let all = match all {
                    Ok(all) => all,
                    Err(why) => {
                        policy.fail(attributes, Some(binding), &format!("failed to configure binding: {why}"))?;
                        continue;
                    }
                };
                for param in all {
                    if let Err(why) = self.apply(policy, attributes, &matched, object, param).await? {
                        policy.fail(attributes, Some(binding), &why)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl MutatingAdmissionPolicies {
    /// Applies the mutations of a policy with one parameter; what is wrong with one of them, where that is.
    async fn apply(
        &self,
        policy: &Policy,
        attributes: &Attributes<'_>,
        matched: &Match<'_>,
        object: &mut Box<dyn Object>,
        param: serde_json::Value,
    ) -> Result<Result<(), String>, ApiError> {
        for index in 0..policy.expressions.mutations() {
            let seen = Seen::new(attributes, matched, Some(object.as_ref())).await?;
            let before = seen.object.clone().unwrap_or_default();
            let facts = facts(attributes, matched.kind(), &seen, param.clone(), &self.authorizer)?;
            if index == 0 {
                match policy.expressions.matches(&facts.inputs()) {
                    Matched::Yes => {}
                    Matched::No(_) => return Ok(Ok(())),
                    Matched::Failed(why) => return Ok(Err(why)),
                }
            }
            let after = match policy.mutated(index, &facts, matched.kind(), before.clone()) {
                Ok(after) => after,
                Err(why) => return Ok(Err(why)),
            };
            if after != before {
                put_back(attributes, matched, object, after).await?;
                attributes.rounds.want_second();
            }
        }
        Ok(Ok(()))
    }
}

impl Policy {
    fn fail(&self, attributes: &Attributes<'_>, binding: Option<&Binding>, why: &str) -> Result<(), ApiError> {
        if self.expressions.failure_policy() == FailurePolicy::Ignore {
            return Ok(());
        }
        let by = binding.map(|binding| format!(" with binding '{}'", binding.name)).unwrap_or_default();
        let mut error = attributes.forbidden(format!("policy '{}'{by} denied request: {why}", self.name));
        error.0.code = Some(422);
        error.0.reason = Some("Invalid".to_owned());
        Err(error)
    }
    /// The object as a mutation makes it.
    fn mutated(&self, index: usize, facts: &Facts<'_>, kind: &kinds::Kind, before: serde_json::Value) -> Result<serde_json::Value, String> {
        match self.expressions.mutate(index, &facts.inputs())? {
            Change::Patch(operations) => {
                // a failed test means that there is nothing to do
                let tests = operations.as_array().into_iter().flatten().filter(|operation| operation["op"] == "test").cloned();
                let tests: Vec<serde_json::Value> = tests.collect();
                match patch::json::apply(before.clone(), &operations) {
                    Ok(after) => Ok(after),
                    Err(_) if !tests.is_empty() && patch::json::apply(before.clone(), &tests.into()).is_err() => Ok(before),
                    Err(error) => Err(format!("JSON Patch: {error}")),
                }
            }
            Change::Apply(fields) => {
                let gvk = Gvk::new(&*kind.group, &*kind.version, &*kind.kind);
                patch::strategic::apply(&gvk, before, &fields).map_err(|error| format!("error applying patch: {error}"))
            }
        }
    }
}

/// Policies that are bound, in the order of their names.
fn compile(attributes: &Attributes<'_>) -> Result<Vec<Policy>, ApiError> {
    let registry = attributes.registry;
    let bindings: Vec<MutatingAdmissionPolicyBinding> = list(registry, &kinds::MUTATING_ADMISSION_POLICY_BINDING, "")?;
    let policies: Vec<MutatingAdmissionPolicy> = list(registry, &kinds::MUTATING_ADMISSION_POLICY, "")?;
    let compiled = policies.into_iter().filter_map(|policy| {
        let name = policy.metadata.name.unwrap_or_default();
        let bound: Vec<Binding> = bindings
            .iter()
            .filter_map(|binding| {
                let spec = binding.spec.as_ref().filter(|spec| spec.policy_name.as_deref() == Some(name.as_str()))?;
                Some(Binding {
                    name: binding.metadata.name.clone().unwrap_or_default(),
                    param_ref: spec.param_ref.clone(),
                    matcher: Matcher::of_policy(spec.match_resources.as_ref().unwrap_or(&MatchResources::default())),
                })
            })
            .collect();
        let spec = policy.spec.filter(|_| !bound.is_empty())?;
        Some(Policy {
            reinvoked_if_needed: spec.reinvocation_policy.as_deref() == Some("IfNeeded"),
            matcher: Matcher::of_policy(spec.match_constraints.as_ref().unwrap_or(&MatchResources::default())),
            expressions: MutatingPolicy::compile(&serde_json::to_value(&spec).unwrap_or_default(), Origin::Stored),
            param_kind: spec.param_kind,
            bindings: bound,
            name,
        })
    });
    Ok(compiled.collect())
}
