//! Type checks of ValidatingAdmissionPolicies: what the schemas of the kinds that a policy matches say of its expressions is told in its status. Whatever they say, the policy
//! works as it is.

use std::collections::BTreeSet;

use cel::policy::type_warnings;
use cel::{Declared, Schema};
use k8s_openapi::api::admissionregistration::v1::{
    ExpressionWarning, TypeChecking, ValidatingAdmissionPolicy, ValidatingAdmissionPolicySpec,
};

use crate::openapi;
use crate::registry::Registry;

/// Kinds that a policy is checked against, as upstream bounds them.
const KINDS: usize = 10;
/// Group, version and kind.
type Gvk = (String, String, String);

/// What is to change of a policy that has changed since it was checked.
pub fn due(
    registry: &Registry,
    policy: &ValidatingAdmissionPolicy,
) -> Option<impl Fn(&mut ValidatingAdmissionPolicy) + Send + Sync + use<>> {
    let observed = policy.status.as_ref().and_then(|status| status.observed_generation).unwrap_or_default();
    let generation = policy.metadata.generation.unwrap_or_default();
    if generation <= observed {
        return None;
    }
    let warnings = warnings(registry, policy);
    Some(move |policy: &mut ValidatingAdmissionPolicy| {
        let status = policy.status.get_or_insert_default();
        status.observed_generation = Some(generation);
        let expression_warnings = Some(warnings.clone()).filter(|warnings| !warnings.is_empty());
        status.type_checking = Some(TypeChecking { expression_warnings });
    })
}

fn warnings(registry: &Registry, policy: &ValidatingAdmissionPolicy) -> Vec<ExpressionWarning> {
    let Some(spec) = &policy.spec else { return Vec::new() };
    let text = |(group, version, kind): &Gvk| format!("{group}/{version}, Kind={kind}");
    let kinds: Vec<(String, Declared)> =
        matched(registry, spec).iter().filter_map(|kind| Some((text(kind), declared(registry, kind)?))).collect();
    let params = spec.param_kind.as_ref().map(|kind| {
        let api_version = kind.api_version.clone().unwrap_or_default();
        let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
        let kind = (group.to_owned(), version.to_owned(), kind.kind.clone().unwrap_or_default());
        declared(registry, &kind).unwrap_or_else(|| cel::Type::Dyn.into())
    });
    let found = type_warnings(&serde_json::to_value(spec).unwrap_or_default(), &kinds, params.as_ref());
    found.into_iter().map(|warning| ExpressionWarning { field_ref: warning.field, warning: warning.text }).collect()
}

/// The kinds that the rules of a policy name, in order. What is matched by wildcards is not looked at.
fn matched(registry: &Registry, spec: &ValidatingAdmissionPolicySpec) -> BTreeSet<Gvk> {
    let catalog = registry.catalog();
    let mut kinds = BTreeSet::new();
    for rule in spec.match_constraints.iter().flat_map(|constraints| constraints.resource_rules.iter().flatten()) {
        let sorted = |list: &Option<Vec<String>>| list.iter().flatten().cloned().collect::<BTreeSet<_>>();
        let (groups, versions) = (sorted(&rule.api_groups), sorted(&rule.api_versions));
        if groups.iter().chain(&versions).any(|name| name.contains('*')) {
            continue;
        }
        let mut count = 0;
        let resources: Vec<String> = sorted(&rule.resources).into_iter().filter(|name| !name.contains(['*', '/'])).collect();
        for (group, version) in groups.iter().flat_map(|group| versions.iter().map(move |version| (group, version))) {
            let Some(served) = catalog.version(group, version) else { continue };
            for resource in &resources {
                let of_resource = served.kinds.iter().filter(|served| served.kind.plural == *resource || served.kind.singular == *resource);
                for served in of_resource {
                    kinds.insert((group.clone(), version.clone(), served.kind.kind.to_string()));
                    count += 1;
                    if count == KINDS {
                        return kinds;
                    }
                }
            }
        }
    }
    kinds
}

/// A kind as expressions see it. None where nobody knows what it looks like.
fn declared(registry: &Registry, (group, version, kind): &Gvk) -> Option<Declared> {
    let schema = openapi::whole_schema(registry, group, version, kind)?;
    Schema::new(&schema, true).declared(kind)
}
