//! Roles, ClusterRoles and their bindings.

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject};

use crate::Part;
use crate::rules::{fill, json, one_of, text};

const GROUP: &str = "rbac.authorization.k8s.io";

macro_rules! any_name {
    () => {
        fn name_errors(&self, name: &str, prefix: bool) -> Vec<String> {
            names::path_segment(name, prefix)
        }
    };
}

pub(crate) struct RoleBehaviour;

impl crate::Behaviour<Role> for RoleBehaviour {
    any_name!();
    fn nulls(&self, role: &Role) -> &'static [&'static str] {
        if role.rules.is_none() { &["rules"] } else { &[] }
    }

    fn validate(&self, role: &Role) -> ErrorList {
        rules(role.rules.as_deref().unwrap_or_default(), true)
    }
    crate::parts::validate_changes_alike!(Role);
}

pub(crate) struct ClusterRoleBehaviour;

impl crate::Behaviour<ClusterRole> for ClusterRoleBehaviour {
    any_name!();
    fn nulls(&self, role: &ClusterRole) -> &'static [&'static str] {
        if role.rules.is_none() { &["rules"] } else { &[] }
    }

    fn validate(&self, role: &ClusterRole) -> ErrorList {
        let mut errors = rules(role.rules.as_deref().unwrap_or_default(), false);
        if let Some(aggregation) = &role.aggregation_rule {
            let path = Path::new("aggregationRule").child("clusterRoleSelectors");
            let selectors = aggregation.cluster_role_selectors.as_deref().unwrap_or_default();
            if selectors.is_empty() {
                errors.push(FieldError::required(&path, "at least one clusterRoleSelector required if aggregationRule is non-nil"));
            }
            for (index, selector) in selectors.iter().enumerate() {
                errors.extend(api::metadata::label_selector(Some(selector), &path.index(index)));
            }
        }
        errors
    }
    crate::parts::validate_changes_alike!(ClusterRole);
}

fn rules(rules: &[PolicyRule], namespaced: bool) -> ErrorList {
    rules.iter().enumerate().flat_map(|(index, one)| rule(one, namespaced, &Path::new("rules").index(index))).collect()
}

fn rule(rule: &PolicyRule, namespaced: bool, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let is_empty = |list: &Option<Vec<String>>| list.as_ref().is_none_or(Vec::is_empty);
    if rule.verbs.is_empty() {
        errors.push(FieldError::required(&path.child("verbs"), "verbs must contain at least one value"));
    }
    if !is_empty(&rule.non_resource_urls) {
        let value = json(&rule.non_resource_urls);
        let at = path.child("nonResourceURLs");
        if namespaced {
            errors.push(FieldError::invalid(&at, value.clone(), "namespaced rules cannot apply to non-resource URLs"));
        }
        if !is_empty(&rule.api_groups) || !is_empty(&rule.resources) || !is_empty(&rule.resource_names) {
            errors.push(FieldError::invalid(&at, value, "rules cannot apply to both regular resources and non-resource URLs"));
        }
        return errors;
    }
    if is_empty(&rule.api_groups) {
        errors.push(FieldError::required(&path.child("apiGroups"), "resource rules must supply at least one api group"));
    }
    if is_empty(&rule.resources) {
        errors.push(FieldError::required(&path.child("resources"), "resource rules must supply at least one resource"));
    }
    errors
}

macro_rules! binding {
    ($behaviour:ident, $type:ty, $kinds:expr) => {
        pub(crate) struct $behaviour;

        impl crate::Behaviour<$type> for $behaviour {
            any_name!();
            fn default(&self, binding: &mut $type) {
                fill(&mut binding.role_ref.api_group, GROUP);
                binding.subjects.iter_mut().flatten().for_each(default_subject);
            }
            fn validate(&self, binding: &$type) -> ErrorList {
                let mut errors = role_ref(&binding.role_ref, $kinds);
                for (index, one) in binding.subjects.iter().flatten().enumerate() {
                    errors.extend(subject(one, &Path::new("subjects").index(index)));
                }
                errors
            }
            fn validate_update(&self, _part: Part, binding: &$type, old: &$type) -> ErrorList {
                let mut errors = self.validate(binding);
                if binding.role_ref != old.role_ref {
                    errors.push(FieldError::invalid(&Path::new("roleRef"), json(&binding.role_ref), "cannot change roleRef"));
                }
                errors
            }
        }
    };
}

binding!(RoleBindingBehaviour, RoleBinding, &["ClusterRole", "Role"]);
binding!(ClusterRoleBindingBehaviour, ClusterRoleBinding, &["ClusterRole"]);

fn default_subject(subject: &mut Subject) {
    match subject.kind.as_str() {
        "User" | "Group" => fill(&mut subject.api_group, GROUP),
        _ => crate::rules::drop_empty(&mut subject.api_group),
    }
    crate::rules::drop_empty(&mut subject.namespace);
}

fn role_ref(reference: &RoleRef, kinds: &[&str]) -> ErrorList {
    let path = Path::new("roleRef");
    let mut errors: ErrorList = one_of(text(&reference.api_group), &[GROUP], &path.child("apiGroup")).into_iter().collect();
    errors.extend(one_of(&reference.kind, kinds, &path.child("kind")));
    if reference.name.is_empty() {
        errors.push(FieldError::required(&path.child("name"), ""));
    } else {
        let faults = names::path_segment(&reference.name, false);
        errors.extend(crate::rules::invalid(&path.child("name"), &reference.name, faults));
    }
    errors
}

fn subject(subject: &Subject, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if subject.name.is_empty() {
        errors.push(FieldError::required(&path.child("name"), ""));
    }
    let group = text(&subject.api_group);
    match subject.kind.as_str() {
        "ServiceAccount" => {
            if !subject.name.is_empty() {
                errors.extend(crate::rules::subdomain(&subject.name, &path.child("name")));
            }
            errors.extend(one_of(group, &[""], &path.child("apiGroup")));
            if text(&subject.namespace).is_empty() {
                errors.push(FieldError::required(&path.child("namespace"), ""));
            }
        }
        "User" | "Group" => errors.extend(one_of(group, &[GROUP], &path.child("apiGroup"))),
        other => errors.push(FieldError::not_supported_in_order(&path.child("kind"), other, &["ServiceAccount", "User", "Group"])),
    }
    errors
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{check_create, check_default, check_update};
    use crate::{CLUSTER_ROLE, CLUSTER_ROLE_BINDING, Part, ROLE, ROLE_BINDING};

    #[test]
    fn roles() {
        check_create(
            &ROLE,
            json!({"metadata": {"name": "system:a"}, "rules": [{"verbs": []}, {"verbs": ["get"], "nonResourceURLs": ["/x"]}]}),
            &[
                "rules[0].verbs: Required value: verbs must contain at least one value",
                "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
                "rules[0].resources: Required value: resource rules must supply at least one resource",
                r#"rules[1].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs"#,
            ],
        );
        check_create(&CLUSTER_ROLE, json!({"metadata": {"name": "a"}, "rules": [{"verbs": ["get"], "nonResourceURLs": ["/x"]}]}), &[]);
        assert!(ROLE.behaviour.name_errors("system:node-x", false).is_empty());
    }

    #[test]
    fn bindings() {
        let binding = |role: &str| {
            json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"},
                "roleRef": {"kind": "ClusterRole", "name": role}, "subjects": [{"kind": "User", "name": "u"}, {"kind": "ServiceAccount", "name": "s", "namespace": "n"}]})
        };
        check_default(
            &CLUSTER_ROLE_BINDING,
            binding("r"),
            json!({
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"},
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "r"},
                "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "u"}, {"kind": "ServiceAccount", "name": "s", "namespace": "n"}]
            }),
        );
        check_update(
            &CLUSTER_ROLE_BINDING,
            Part::Main,
            binding("x"),
            binding("r"),
            &[r#"roleRef: Invalid value: {"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"x"}: cannot change roleRef"#],
        );
        check_create(
            &ROLE_BINDING,
            json!({"metadata": {"name": "b"}, "roleRef": {"kind": "X", "name": ""}, "subjects": [{"kind": "ServiceAccount", "name": "s"}]}),
            &[
                r#"roleRef.kind: Unsupported value: "X": supported values: "ClusterRole", "Role""#,
                "roleRef.name: Required value",
                "subjects[0].namespace: Required value",
            ],
        );
    }
}
