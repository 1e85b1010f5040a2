//! ValidatingAdmissionPolicies, MutatingAdmissionPolicies and their bindings.

use api::{ErrorList, FieldError, Path, metadata};
use k8s_openapi::api::admissionregistration::v1::{
    MatchResources, MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, ParamRef, ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding,
};

use super::webhook::{match_conditions, rule};
use crate::rules::{fill, one_of, required_one_of, subdomain, text};

fn default_match(resources: &mut MatchResources) {
    fill(&mut resources.match_policy, "Equivalent");
    resources.namespace_selector.get_or_insert_default();
    resources.object_selector.get_or_insert_default();
    for rule in [&mut resources.resource_rules, &mut resources.exclude_resource_rules].into_iter().flatten().flatten() {
        fill(&mut rule.scope, "*");
    }
}

fn match_resources(resources: &MatchResources, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    errors.extend(required_one_of(text(&resources.match_policy), &["Equivalent", "Exact"], &path.child("matchPolicy")));
    errors.extend(metadata::label_selector(resources.namespace_selector.as_ref(), &path.child("namespaceSelector")));
    errors.extend(metadata::label_selector(resources.object_selector.as_ref(), &path.child("objectSelector")));
    for (field, rules) in [("resourceRules", &resources.resource_rules), ("excludeResourceRules", &resources.exclude_resource_rules)] {
        for (index, one) in rules.iter().flatten().enumerate() {
            let lists = [one.api_groups.as_deref(), one.api_versions.as_deref(), one.resources.as_deref()];
            errors.extend(rule(one.operations.as_deref(), lists, one.scope.as_deref(), &path.child(field).index(index)));
        }
    }
    errors
}

fn constraints(resources: Option<&MatchResources>, path: &Path) -> ErrorList {
    let Some(resources) = resources else { return vec![FieldError::required(path, "")] };
    let mut errors = match_resources(resources, path);
    if resources.resource_rules.as_ref().is_none_or(Vec::is_empty) {
        errors.push(FieldError::required(&path.child("resourceRules"), ""));
    }
    errors
}

fn param_ref(reference: &ParamRef, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    match (text(&reference.name), &reference.selector) {
        ("", None) => errors.push(FieldError::required(path, "one of name or selector must be specified")),
        (name, Some(_)) if !name.is_empty() => {
            errors.push(FieldError::forbidden(&path.child("name"), "name and selector are mutually exclusive"));
        }
        (_, selector) => errors.extend(metadata::label_selector(selector.as_ref(), &path.child("selector"))),
    }
    let actions = &["Allow", "Deny"];
    if text(&reference.parameter_not_found_action).is_empty() {
        errors.push(FieldError::required(&path.child("parameterNotFoundAction"), ""));
    } else {
        errors.extend(one_of(text(&reference.parameter_not_found_action), actions, &path.child("parameterNotFoundAction")));
    }
    errors
}

pub(crate) struct ValidatingPolicyBehaviour;

impl crate::Behaviour<ValidatingAdmissionPolicy> for ValidatingPolicyBehaviour {
    fn default(&self, policy: &mut ValidatingAdmissionPolicy) {
        let spec = policy.spec.get_or_insert_default();
        fill(&mut spec.failure_policy, "Fail");
        if let Some(resources) = &mut spec.match_constraints {
            default_match(resources);
        }
        policy.status.get_or_insert_default();
    }
    crate::parts::separate_status!(ValidatingAdmissionPolicy);
    fn validate(&self, policy: &ValidatingAdmissionPolicy) -> ErrorList {
        let spec = policy.spec.clone().unwrap_or_default();
        let path = Path::new("spec");
        let mut errors: ErrorList =
            one_of(text(&spec.failure_policy), &["Fail", "Ignore"], &path.child("failurePolicy")).into_iter().collect();
        if let Some(kind) = &spec.param_kind {
            for (field, value) in [("apiVersion", &kind.api_version), ("kind", &kind.kind)] {
                if text(value).is_empty() {
                    errors.push(FieldError::required(&path.child("paramKind").child(field), ""));
                }
            }
        }
        errors.extend(constraints(spec.match_constraints.as_ref(), &path.child("matchConstraints")));
        errors.extend(match_conditions(spec.match_conditions.as_deref().unwrap_or_default(), &path.child("matchConditions")));
        let validations = spec.validations.as_deref().unwrap_or_default();
        if validations.is_empty() && spec.audit_annotations.as_ref().is_none_or(Vec::is_empty) {
            let detail = "validations or auditAnnotations must contain at least one item";
            errors.push(FieldError::required(&path.child("validations"), detail));
        }
        for (index, validation) in validations.iter().enumerate() {
            if validation.expression.trim().is_empty() {
                errors
                    .push(FieldError::required(&path.child("validations").index(index).child("expression"), "expression is not specified"));
            }
        }
        errors
    }
    crate::parts::validate_changes_alike!(ValidatingAdmissionPolicy);
    crate::parts::generation_of!(spec, ValidatingAdmissionPolicy);
}

pub(crate) struct ValidatingBindingBehaviour;

impl crate::Behaviour<ValidatingAdmissionPolicyBinding> for ValidatingBindingBehaviour {
    fn default(&self, binding: &mut ValidatingAdmissionPolicyBinding) {
        if let Some(resources) = &mut binding.spec.match_resources {
            default_match(resources);
        }
    }
    fn validate(&self, binding: &ValidatingAdmissionPolicyBinding) -> ErrorList {
        let (spec, path) = (&binding.spec, Path::new("spec"));
        let mut errors = policy_name(&spec.policy_name, &path.child("policyName"));
        errors.extend(spec.param_ref.iter().flat_map(|reference| param_ref(reference, &path.child("paramRef"))));
        errors.extend(spec.match_resources.iter().flat_map(|resources| match_resources(resources, &path.child("matchResources"))));
        let at = path.child("validationActions");
        if spec.validation_actions.is_empty() {
            errors.push(FieldError::required(&at, "at least one validation action is required"));
        }
        for (index, action) in spec.validation_actions.iter().enumerate() {
            errors.extend(one_of(action, &["Audit", "Deny", "Warn"], &at.index(index)));
            if spec.validation_actions[..index].contains(action) {
                errors.push(FieldError::duplicate(&at.index(index), action.as_str()));
            }
        }
        let has = |name: &str| spec.validation_actions.iter().any(|action| action == name);
        if has("Deny") && has("Warn") {
            let detail = "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
            errors.push(FieldError::invalid(&at, crate::rules::json(&spec.validation_actions), detail));
        }
        errors
    }
    crate::parts::validate_changes_alike!(ValidatingAdmissionPolicyBinding);
    crate::parts::generation_of!(spec, ValidatingAdmissionPolicyBinding);
}

fn policy_name(name: &str, path: &Path) -> ErrorList {
    if name.is_empty() { vec![FieldError::required(path, "")] } else { subdomain(name, path) }
}

pub(crate) struct MutatingPolicyBehaviour;

impl crate::Behaviour<MutatingAdmissionPolicy> for MutatingPolicyBehaviour {
    fn default(&self, policy: &mut MutatingAdmissionPolicy) {
        let spec = policy.spec.get_or_insert_default();
        fill(&mut spec.failure_policy, "Fail");
        fill(&mut spec.reinvocation_policy, "Never");
        if let Some(resources) = &mut spec.match_constraints {
            default_match(resources);
        }
    }
    fn validate(&self, policy: &MutatingAdmissionPolicy) -> ErrorList {
        let spec = policy.spec.clone().unwrap_or_default();
        let path = Path::new("spec");
        let mut errors: ErrorList =
            one_of(text(&spec.failure_policy), &["Fail", "Ignore"], &path.child("failurePolicy")).into_iter().collect();
        errors.extend(constraints(spec.match_constraints.as_ref(), &path.child("matchConstraints")));
        errors.extend(match_conditions(spec.match_conditions.as_deref().unwrap_or_default(), &path.child("matchConditions")));
        if spec.mutations.as_ref().is_none_or(Vec::is_empty) {
            errors.push(FieldError::required(&path.child("mutations"), "mutations must contain at least one item"));
        }
        errors.extend(one_of(text(&spec.reinvocation_policy), &["IfNeeded", "Never"], &path.child("reinvocationPolicy")));
        errors
    }
    crate::parts::validate_changes_alike!(MutatingAdmissionPolicy);
    crate::parts::generation_of!(spec, MutatingAdmissionPolicy);
}

pub(crate) struct MutatingBindingBehaviour;

impl crate::Behaviour<MutatingAdmissionPolicyBinding> for MutatingBindingBehaviour {
    fn default(&self, binding: &mut MutatingAdmissionPolicyBinding) {
        if let Some(resources) = &mut binding.spec.get_or_insert_default().match_resources {
            default_match(resources);
        }
    }
    fn validate(&self, binding: &MutatingAdmissionPolicyBinding) -> ErrorList {
        let spec = binding.spec.clone().unwrap_or_default();
        let path = Path::new("spec");
        let mut errors = policy_name(text(&spec.policy_name), &path.child("policyName"));
        errors.extend(spec.param_ref.iter().flat_map(|reference| param_ref(reference, &path.child("paramRef"))));
        errors.extend(spec.match_resources.iter().flat_map(|resources| match_resources(resources, &path.child("matchResources"))));
        errors
    }
    crate::parts::validate_changes_alike!(MutatingAdmissionPolicyBinding);
    crate::parts::generation_of!(spec, MutatingAdmissionPolicyBinding);
}
