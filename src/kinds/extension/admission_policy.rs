//! ValidatingAdmissionPolicies, MutatingAdmissionPolicies and their bindings.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path, metadata, names};
use cel::policy::Origin;
use k8s_openapi::api::admissionregistration::v1::{
    AuditAnnotation, MatchResources, MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, Mutation, ParamKind, ParamRef,
    ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, Validation, Variable,
};

use super::webhook::{expressions_of, faults_at, match_conditions, rule};
use crate::Part;
use crate::rules::{fill, json, one_of, required_one_of, subdomain, text};

const MAX_ANNOTATIONS: usize = 20;
/// Bytes of the expression of an audit annotation's value.
const MAX_VALUE_BYTES: usize = 5 * 1024;

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

/// What may be mutated: not what goes.
fn mutable_operations(resources: &MatchResources, path: &Path) -> ErrorList {
    let path = path.child("resourceRules").child("operations");
    let operations = resources.resource_rules.iter().flatten().flat_map(|rule| rule.operations.iter().flatten());
    operations.filter_map(|operation| one_of(operation, &["*", "CONNECT", "CREATE", "UPDATE"], &path)).collect()
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
        validating(policy, None)
    }
    fn validate_update(&self, part: Part, policy: &ValidatingAdmissionPolicy, old: &ValidatingAdmissionPolicy) -> ErrorList {
        if part == Part::Main { validating(policy, Some(old)) } else { ErrorList::new() }
    }
    crate::parts::generation_of!(spec, ValidatingAdmissionPolicy);
}

fn validating(policy: &ValidatingAdmissionPolicy, old: Option<&ValidatingAdmissionPolicy>) -> ErrorList {
    let (spec, path) = (policy.spec.clone().unwrap_or_default(), Path::new("spec"));
    let before = old.map(|old| old.spec.clone().unwrap_or_default());
    let known = before.as_ref().map(|before| {
        let validations = before.validations.iter().flatten();
        let validations = validations.flat_map(|one| [Some(one.expression.clone()), one.message_expression.clone()]).flatten();
        let annotations = before.audit_annotations.iter().flatten().map(|one| one.value_expression.clone());
        validations.chain(annotations).chain(expressions_of(before.match_conditions.as_deref())).collect::<BTreeSet<String>>()
    });
    let origin = known.as_ref().map_or(Origin::New, Origin::Changed);
    let faults = cel::policy::ValidatingPolicy::compile(&json(&spec), origin).check(&path);
    let same = before.as_ref().is_some_and(|old| old.param_kind == spec.param_kind && old.match_conditions == spec.match_conditions);

    let mut errors: ErrorList = one_of(text(&spec.failure_policy), &["Fail", "Ignore"], &path.child("failurePolicy")).into_iter().collect();
    errors.extend(spec.param_kind.iter().flat_map(|kind| param_kind(kind, &path.child("paramKind"))));
    errors.extend(constraints(spec.match_constraints.as_ref(), &path.child("matchConstraints")));
    if !same {
        let list = spec.match_conditions.as_deref().unwrap_or_default();
        errors.extend(match_conditions(list, &faults, &path.child("matchConditions")));
    }
    errors.extend(variables(spec.variables.as_deref().unwrap_or_default(), &faults, &path.child("variables")));
    let validations = spec.validations.as_deref().unwrap_or_default();
    let annotations = spec.audit_annotations.as_deref().unwrap_or_default();
    if validations.is_empty() && annotations.is_empty() {
        let detail = "validations or auditAnnotations must contain at least one item";
        errors.extend(["validations", "auditAnnotations"].map(|field| FieldError::required(&path.child(field), detail)));
        return errors;
    }
    for (index, one) in validations.iter().enumerate() {
        errors.extend(validation(one, &faults, &path.child("validations").index(index)));
    }
    let at = path.child("auditAnnotations");
    if annotations.len() > MAX_ANNOTATIONS {
        let detail = format!("must not have more than {MAX_ANNOTATIONS} auditAnnotations");
        errors.push(FieldError::invalid(&at, json(&annotations), detail));
    }
    let mut keys = BTreeSet::new();
    for (index, one) in annotations.iter().enumerate() {
        let at = at.index(index);
        errors.extend(annotation(text(&policy.metadata.name), one, &faults, &at));
        if !keys.insert(&one.key) {
            errors.push(FieldError::duplicate(&at.child("key"), one.key.as_str()));
        }
    }
    errors
}

fn param_kind(kind: &ParamKind, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let (api_version, name) = (text(&kind.api_version), text(&kind.kind));
    let at = path.child("apiVersion");
    if api_version.is_empty() {
        errors.push(FieldError::required(&at, ""));
    } else if api_version.matches('/').count() > 1 {
        errors.push(FieldError::invalid(&at, api_version, format!("unexpected GroupVersion string: {api_version}")));
    } else {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let mut invalid = |value: &str, faults: Vec<String>| {
            if !faults.is_empty() {
                errors.push(FieldError::invalid(&at, value, faults.join(",")));
            }
        };
        if !group.is_empty() {
            invalid(group, names::dns1123_subdomain(group, false));
        }
        if version.is_empty() {
            invalid(api_version, vec!["version must be specified".to_owned()]);
        } else {
            invalid(version, names::dns1035_label(version, false));
        }
    }
    let at = path.child("kind");
    let faults = names::dns1035_label(&name.to_lowercase(), false);
    if name.is_empty() {
        errors.push(FieldError::required(&at, ""));
    } else if !faults.is_empty() {
        let detail = format!("may have mixed case, but should otherwise match: {}", faults.join(","));
        errors.push(FieldError::invalid(&at, name, detail));
    }
    errors
}

fn variables(list: &[Variable], faults: &ErrorList, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, variable) in list.iter().enumerate() {
        let path = path.index(index);
        if variable.name.trim().is_empty() {
            errors.push(FieldError::required(&path.child("name"), "name is not specified"));
        } else if !cel::is_identifier(&variable.name) {
            errors.push(FieldError::invalid(&path.child("name"), variable.name.as_str(), "name is not a valid CEL identifier"));
        }
        errors.extend(expression(&variable.expression, faults, &path.child("expression")));
    }
    errors
}

/// An expression that must be there.
fn expression(source: &str, faults: &ErrorList, path: &Path) -> ErrorList {
    if source.trim().is_empty() {
        return vec![FieldError::required(path, "expression is not specified")];
    }
    faults_at(faults, path).collect()
}

fn validation(validation: &Validation, faults: &ErrorList, path: &Path) -> ErrorList {
    let mut errors = expression(&validation.expression, faults, &path.child("expression"));
    let at = path.child("messageExpression");
    let message_expression = text(&validation.message_expression);
    if !message_expression.is_empty() && message_expression.trim().is_empty() {
        errors.push(FieldError::invalid(&at, message_expression, "must be non-empty if specified"));
    }
    errors.extend(faults_at(faults, &at));
    let (message, at) = (text(&validation.message), path.child("message"));
    if !message.is_empty() && message.trim().is_empty() {
        errors.push(FieldError::invalid(&at, message, "message must be non-empty if specified"));
    } else if message.trim().contains(['\n', '\r']) {
        errors.push(FieldError::invalid(&at, message, "message must not contain line breaks"));
    }
    if let Some(reason) = validation.reason.as_deref() {
        errors.extend(one_of(reason, &["Forbidden", "Invalid", "RequestEntityTooLarge"], &path.child("reason")));
    }
    errors
}

fn annotation(policy: &str, annotation: &AuditAnnotation, faults: &ErrorList, path: &Path) -> ErrorList {
    let at = path.child("key");
    let mut errors = if policy.is_empty() {
        vec![FieldError::invalid(&at, annotation.key.as_str(), "requires metadata.name be non-empty")]
    } else {
        crate::rules::qualified_name(&format!("{policy}/{}", annotation.key), &at)
    };
    let (source, at) = (annotation.value_expression.trim(), path.child("valueExpression"));
    if source.is_empty() {
        errors.push(FieldError::required(&at, "valueExpression is not specified"));
    } else if source.len() > MAX_VALUE_BYTES {
        errors.push(FieldError::required(&at, format!("must not exceed {MAX_VALUE_BYTES} bytes in length")));
    } else {
        errors.extend(faults_at(faults, &at));
    }
    errors
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
            errors.push(FieldError::invalid(&at, json(&spec.validation_actions), detail));
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
        mutating(policy, None)
    }
    fn validate_update(&self, part: Part, policy: &MutatingAdmissionPolicy, old: &MutatingAdmissionPolicy) -> ErrorList {
        if part == Part::Main { mutating(policy, Some(old)) } else { ErrorList::new() }
    }
    crate::parts::generation_of!(spec, MutatingAdmissionPolicy);
}

fn mutating(policy: &MutatingAdmissionPolicy, old: Option<&MutatingAdmissionPolicy>) -> ErrorList {
    let (spec, path) = (policy.spec.clone().unwrap_or_default(), Path::new("spec"));
    let before = old.map(|old| old.spec.clone().unwrap_or_default());
    let known = before.as_ref().map(|before| {
        let source = |one: &Mutation| {
            let applied = one.apply_configuration.as_ref().and_then(|apply| apply.expression.clone());
            applied.into_iter().chain(one.json_patch.as_ref().and_then(|patch| patch.expression.clone())).collect::<Vec<_>>()
        };
        let mutations = before.mutations.iter().flatten().flat_map(source);
        mutations.chain(expressions_of(before.match_conditions.as_deref())).collect::<BTreeSet<String>>()
    });
    let origin = known.as_ref().map_or(Origin::New, Origin::Changed);
    let faults = cel::policy::MutatingPolicy::compile(&json(&spec), origin).check(&path);
    let same = before.as_ref().is_some_and(|old| old.param_kind == spec.param_kind && old.match_conditions == spec.match_conditions);

    let mut errors: ErrorList = one_of(text(&spec.failure_policy), &["Fail", "Ignore"], &path.child("failurePolicy")).into_iter().collect();
    errors.extend(spec.param_kind.iter().flat_map(|kind| param_kind(kind, &path.child("paramKind"))));
    let at = path.child("matchConstraints");
    errors.extend(constraints(spec.match_constraints.as_ref(), &at));
    errors.extend(spec.match_constraints.iter().flat_map(|resources| mutable_operations(resources, &at)));
    if !same {
        let list = spec.match_conditions.as_deref().unwrap_or_default();
        errors.extend(match_conditions(list, &faults, &path.child("matchConditions")));
    }
    errors.extend(variables(spec.variables.as_deref().unwrap_or_default(), &faults, &path.child("variables")));
    let mutations = spec.mutations.as_deref().unwrap_or_default();
    if mutations.is_empty() {
        errors.push(FieldError::required(&path.child("mutations"), "mutations must contain at least one item"));
    }
    for (index, one) in mutations.iter().enumerate() {
        errors.extend(mutation(one, &faults, &path.child("mutations").index(index)));
    }
    errors.extend(one_of(text(&spec.reinvocation_policy), &["IfNeeded", "Never"], &path.child("reinvocationPolicy")));
    errors
}

fn mutation(mutation: &Mutation, faults: &ErrorList, path: &Path) -> ErrorList {
    let apply = mutation.apply_configuration.as_ref().map(|apply| text(&apply.expression));
    let patch = mutation.json_patch.as_ref().map(|patch| text(&patch.expression));
    let kind = mutation.patch_type.as_str();
    let (wanted, field, other, other_field) = match kind {
        "JSONPatch" => (patch, "jsonPatch", apply, "applyConfiguration"),
        "ApplyConfiguration" => (apply, "applyConfiguration", patch, "jsonPatch"),
        "" => return vec![FieldError::required(&path.child("patchType"), "")],
        _ => return one_of(kind, &["ApplyConfiguration", "JSONPatch"], &path.child("patchType")).into_iter().collect(),
    };
    let mut errors = match wanted {
        None => vec![FieldError::required(&path.child(field), format!("must be specified when patchType is {kind}"))],
        Some(source) => expression(source, faults, &path.child(field).child("expression")),
    };
    if other.is_some() {
        let detail = format!("must not be specified when patchType is {kind}");
        errors.push(FieldError::invalid(&path.child(other_field), format!("{{{other_field}}}"), detail));
    }
    errors
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
        let at = path.child("matchResources");
        errors.extend(spec.match_resources.iter().flat_map(|resources| match_resources(resources, &at)));
        errors.extend(spec.match_resources.iter().flat_map(|resources| mutable_operations(resources, &at)));
        errors
    }
    crate::parts::validate_changes_alike!(MutatingAdmissionPolicyBinding);
    crate::parts::generation_of!(spec, MutatingAdmissionPolicyBinding);
}
