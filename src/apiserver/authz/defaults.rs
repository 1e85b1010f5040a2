//! The roles and bindings that every cluster starts with, as upstream has them: `roles.tsv` and `bindings.tsv`.

use api::Object;
use k8s_openapi::api::rbac::v1::{AggregationRule, ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use kinds::Kind;

const RBAC: &str = "rbac.authorization.k8s.io";
const ROLES: &str = include_str!("roles.tsv");
const BINDINGS: &str = include_str!("bindings.tsv");
/// Where the service accounts of controllers are.
const SYSTEM: &str = "kube-system";

/// A column of one of the tables; nothing is written as `-`.
fn column<'a>(columns: &mut impl Iterator<Item = &'a str>) -> Option<&'a str> {
    columns.next().filter(|column| *column != "-")
}

fn list(column: Option<&str>) -> Option<Vec<String>> {
    Some(column?.split(',').map(str::to_owned).collect())
}

fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

fn meta(namespace: Option<&str>, name: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: namespace.map(str::to_owned),
        labels: Some([("kubernetes.io/bootstrapping".to_owned(), "rbac-defaults".to_owned())].into()),
        annotations: Some([("rbac.authorization.kubernetes.io/autoupdate".to_owned(), "true".to_owned())].into()),
        ..Default::default()
    }
}

fn aggregation_label(role: &str) -> (String, String) {
    (format!("rbac.authorization.k8s.io/aggregate-to-{role}"), "true".to_owned())
}

fn rule(line: &str) -> PolicyRule {
    let mut columns = line.split('\t');
    let verbs = list(column(&mut columns)).unwrap_or_default();
    let groups = list(column(&mut columns));
    let targets = list(column(&mut columns));
    let Some(mut groups) = groups else { return PolicyRule { verbs, non_resource_urls: targets, ..Default::default() } };
    groups.iter_mut().filter(|group| *group == "core").for_each(String::clear);
    PolicyRule { verbs, api_groups: Some(groups), resources: targets, resource_names: list(column(&mut columns)), non_resource_urls: None }
}

/// A role without its rules; its kind depends on whether it is in a namespace.
fn role(line: &str) -> (Option<&str>, ClusterRole) {
    let mut columns = line.split('\t');
    let namespace = column(&mut columns);
    let mut metadata = meta(namespace, column(&mut columns).unwrap_or_default());
    metadata.labels.get_or_insert_default().extend(column(&mut columns).map(aggregation_label));
    let selector = |role: &str| LabelSelector { match_labels: Some([aggregation_label(role)].into()), match_expressions: None };
    let aggregation_rule = column(&mut columns).map(|role| AggregationRule { cluster_role_selectors: Some(vec![selector(role)]) });
    (namespace, ClusterRole { metadata, aggregation_rule, rules: Some(Vec::new()) })
}

/// What there is by default: the kind, the namespace (or nothing), the object.
pub type Given = (&'static Kind, &'static str, Box<dyn Object>);

/// The roles.
pub fn roles() -> Vec<Given> {
    let mut all: Vec<(Option<&str>, ClusterRole)> = Vec::new();
    for line in lines(ROLES) {
        match (line.strip_prefix('\t'), all.last_mut()) {
            (Some(line), Some((_, role))) => role.rules.get_or_insert_default().push(rule(line)),
            _ => all.push(role(line)),
        }
    }
    let object = |(namespace, role): (Option<&'static str>, ClusterRole)| -> Given {
        match namespace {
            None => (&kinds::CLUSTER_ROLE, "", Box::new(role)),
            Some(namespace) => (&kinds::ROLE, namespace, Box::new(Role { metadata: role.metadata, rules: role.rules })),
        }
    };
    all.into_iter().map(object).collect()
}

fn subject(text: &str) -> Subject {
    let (kind, name) = text.split_once(' ').unwrap_or_default();
    let account = kind == "ServiceAccount";
    Subject {
        kind: kind.to_owned(),
        name: name.to_owned(),
        api_group: (!account).then(|| RBAC.to_owned()),
        namespace: account.then(|| SYSTEM.to_owned()),
    }
}

/// Their bindings.
pub fn bindings() -> Vec<Given> {
    let binding = |line: &'static str| -> Given {
        let mut columns = line.split('\t');
        let namespace = column(&mut columns);
        let metadata = meta(namespace, column(&mut columns).unwrap_or_default());
        let role = column(&mut columns).unwrap_or_default().to_owned();
        let role_ref = |kind: &str| RoleRef { api_group: Some(RBAC.to_owned()), kind: kind.to_owned(), name: role };
        let subjects = column(&mut columns).map(|column| column.split(',').map(subject).collect());
        match namespace {
            None => {
                (&kinds::CLUSTER_ROLE_BINDING, "", Box::new(ClusterRoleBinding { metadata, role_ref: role_ref("ClusterRole"), subjects }))
            }
            Some(namespace) => (&kinds::ROLE_BINDING, namespace, Box::new(RoleBinding { metadata, role_ref: role_ref("Role"), subjects })),
        }
    };
    lines(BINDINGS).map(binding).collect()
}

/// Keeps what others have added to a role or a binding: defaults are added to it, never taken away.
pub fn keep(new: &mut dyn Object, old: &dyn Object) {
    if let (Some(new), Some(old)) = (new.downcast_mut::<ClusterRole>(), old.downcast_ref::<ClusterRole>()) {
        if new.aggregation_rule.is_some() {
            new.rules.clone_from(&old.rules);
            return;
        }
        keep_rules(&mut new.rules, old.rules.as_deref());
    } else if let (Some(new), Some(old)) = (new.downcast_mut::<Role>(), old.downcast_ref::<Role>()) {
        keep_rules(&mut new.rules, old.rules.as_deref());
    } else if let (Some(new), Some(old)) = (new.downcast_mut::<ClusterRoleBinding>(), old.downcast_ref::<ClusterRoleBinding>()) {
        keep_subjects(&mut new.subjects, old.subjects.as_deref());
    } else if let (Some(new), Some(old)) = (new.downcast_mut::<RoleBinding>(), old.downcast_ref::<RoleBinding>()) {
        keep_subjects(&mut new.subjects, old.subjects.as_deref());
    }
}

fn keep_rules(new: &mut Option<Vec<PolicyRule>>, old: Option<&[PolicyRule]>) {
    let mut rules = old.unwrap_or_default().to_vec();
    let missing: Vec<PolicyRule> = new.iter().flatten().filter(|rule| !super::rbac::covered_by(&rules, rule)).cloned().collect();
    rules.extend(missing);
    *new = Some(rules);
}

fn keep_subjects(new: &mut Option<Vec<Subject>>, old: Option<&[Subject]>) {
    let mut subjects = old.unwrap_or_default().to_vec();
    let missing: Vec<Subject> = new.iter().flatten().filter(|subject| !subjects.contains(subject)).cloned().collect();
    subjects.extend(missing);
    *new = Some(subjects).filter(|subjects| !subjects.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_have_added_stays() {
        let one = |resource: &str| rule(&format!("get\tcore\t{resource}"));
        let role = |rules: Vec<PolicyRule>| ClusterRole { rules: Some(rules), ..ClusterRole::default() };
        let mut new = role(vec![one("pods")]);
        keep(&mut new, &role(vec![one("secrets")]));
        assert_eq!(new.rules.unwrap(), [one("secrets"), one("pods")]);
        let mut new = role(vec![one("pods")]);
        keep(&mut new, &role(vec![one("pods"), one("secrets")]));
        assert_eq!(new.rules.unwrap(), [one("pods"), one("secrets")]);
    }

    #[test]
    fn the_tables_are_whole() {
        let names = |all: Vec<Given>| {
            all.iter().map(|(_, namespace, object)| format!("{namespace}/{}", object.meta().name.clone().unwrap())).collect::<Vec<_>>()
        };
        let roles = names(roles());
        assert_eq!(roles.iter().filter(|name| name.starts_with("/system:controller:")).count(), 41);
        let mut once = roles.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), roles.len());
        for (_, namespace, binding) in bindings() {
            let value = binding.to_value();
            let target = format!("{namespace}/{}", value["roleRef"]["name"].as_str().unwrap());
            assert!(roles.contains(&target), "{target}");
            for subject in value["subjects"].as_array().into_iter().flatten() {
                assert!(["Group", "ServiceAccount", "User"].contains(&subject["kind"].as_str().unwrap()), "{subject}");
            }
        }
        for (_, _, role) in super::roles() {
            let value = role.to_value();
            for rule in value["rules"].as_array().unwrap() {
                let targets = rule.get("resources").or(rule.get("nonResourceURLs"));
                assert!(!rule["verbs"].as_array().unwrap().is_empty() && targets.is_some(), "{rule}");
                // as upstream lists them
                for list in rule.as_object().unwrap().values().map(|list| list.as_array().unwrap()) {
                    assert!(list.is_sorted_by_key(|entry| entry.as_str()), "{rule}");
                }
            }
        }
    }
}
