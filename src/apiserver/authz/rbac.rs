//! RBAC: roles and their bindings, compiled from the cache into rules by subject, and compiled again only when one of them has changed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject};
use kinds::Kind;
use store::Revision;

use super::{Ask, Decision};
use crate::cache::{Cache, Resource};
use crate::context::UserInfo;

/// A rule, and where it comes from.
#[derive(Clone, Debug)]
pub struct Rule {
    pub rule: Arc<PolicyRule>,
    origin: Arc<str>,
}

impl Rule {
    pub(super) fn everything() -> Self {
        let all = || Some(vec!["*".to_owned()]);
        Self::new(PolicyRule { verbs: vec!["*".to_owned()], api_groups: all(), resources: all(), ..Default::default() }, "")
    }
    pub(super) fn every_path() -> Self {
        Self::new(PolicyRule { verbs: vec!["*".to_owned()], non_resource_urls: Some(vec!["*".to_owned()]), ..Default::default() }, "")
    }
    fn new(rule: PolicyRule, origin: &str) -> Self {
        Self { rule: Arc::new(rule), origin: origin.into() }
    }
}

/// Rules by subject: `u:name`, `g:group`.
type BySubject = HashMap<String, Vec<Rule>>;

#[derive(Default)]
struct Compiled {
    /// Revisions of the four resources that this was made from.
    made_from: [Revision; 4],
    cluster: BySubject,
    namespaces: HashMap<String, BySubject>,
}

/// The evaluator.
pub struct Rbac {
    cluster_roles: Arc<Resource>,
    roles: Arc<Resource>,
    cluster_bindings: Arc<Resource>,
    bindings: Arc<Resource>,
    compiled: RwLock<Arc<Compiled>>,
}

impl Rbac {
    pub fn new(cache: &Cache) -> Self {
        let of = |kind: &Kind| cache.resource(&kind.group, &kind.plural);
        Self {
            cluster_roles: of(&kinds::CLUSTER_ROLE),
            roles: of(&kinds::ROLE),
            cluster_bindings: of(&kinds::CLUSTER_ROLE_BINDING),
            bindings: of(&kinds::ROLE_BINDING),
            compiled: RwLock::default(),
        }
    }
    pub fn decide(&self, ask: &Ask<'_>) -> Decision {
        let compiled = self.compiled();
        let found = applying(&compiled, ask.user, ask.namespace).find(|rule| allows(&rule.rule, ask));
        found.map_or_else(|| Decision::Deny(String::new()), |rule| Decision::Allow(format!("RBAC: allowed by {}", rule.origin)))
    }
    pub fn rules_for(&self, user: &UserInfo, namespace: &str) -> Vec<Rule> {
        let compiled = self.compiled();
        applying(&compiled, user, namespace).cloned().collect()
    }
    pub fn rules_of(&self, namespace: &str, name: &str) -> Option<Vec<PolicyRule>> {
        if namespace.is_empty() { self.cluster_role(name) } else { self.role(namespace, name) }
    }

    fn compiled(&self) -> Arc<Compiled> {
        let made_from = [self.cluster_roles.last(), self.roles.last(), self.cluster_bindings.last(), self.bindings.last()];
        let compiled = self.compiled.read().unwrap_or_else(PoisonError::into_inner).clone();
        if compiled.made_from == made_from {
            return compiled;
        }
        let compiled = Arc::new(self.compile(made_from));
        *self.compiled.write().unwrap_or_else(PoisonError::into_inner) = compiled.clone();
        compiled
    }
    fn compile(&self, made_from: [Revision; 4]) -> Compiled {
        let mut compiled = Compiled { made_from, ..Compiled::default() };
        for binding in objects::<ClusterRoleBinding>(&self.cluster_bindings, &kinds::CLUSTER_ROLE_BINDING) {
            let origin = format!("ClusterRoleBinding {:?} of ClusterRole {:?}", name_of(&binding.metadata), binding.role_ref.name);
            let rules = self.cluster_role(&binding.role_ref.name).unwrap_or_default();
            grant(&mut compiled.cluster, &rules, &origin, binding.subjects.as_deref().unwrap_or_default(), "");
        }
        for binding in objects::<RoleBinding>(&self.bindings, &kinds::ROLE_BINDING) {
            let namespace = binding.metadata.namespace.clone().unwrap_or_default();
            let RoleRef { kind, name, .. } = &binding.role_ref;
            let origin = format!("RoleBinding {:?} of {kind} {name:?}", format!("{}/{namespace}", name_of(&binding.metadata)));
            let rules = if kind == "ClusterRole" { self.cluster_role(name) } else { self.role(&namespace, name) };
            let subjects = binding.subjects.as_deref().unwrap_or_default();
            grant(compiled.namespaces.entry(namespace.clone()).or_default(), &rules.unwrap_or_default(), &origin, subjects, &namespace);
        }
        compiled
    }
    fn role(&self, namespace: &str, name: &str) -> Option<Vec<PolicyRule>> {
        let item = self.roles.get(&self.roles.key(namespace, name))?;
        let object = item.object(&kinds::ROLE).ok()?;
        Some(object.downcast_ref::<Role>()?.rules.clone().unwrap_or_default())
    }
    /// The rules of a cluster role; one that aggregates others has theirs.
    fn cluster_role(&self, name: &str) -> Option<Vec<PolicyRule>> {
        let item = self.cluster_roles.get(&self.cluster_roles.key("", name))?;
        let object = item.object(&kinds::CLUSTER_ROLE).ok()?;
        let mut rules = Vec::new();
        self.collect(object.downcast_ref::<ClusterRole>()?, &mut Vec::new(), &mut rules);
        Some(rules)
    }
    /// A role's own rules and those of the roles that it aggregates, and so on: `admin` takes in `edit`, which takes in `view`. Each role counts once.
    fn collect(&self, role: &ClusterRole, seen: &mut Vec<String>, rules: &mut Vec<PolicyRule>) {
        let name = name_of(&role.metadata);
        if seen.iter().any(|other| other == name) {
            return;
        }
        seen.push(name.to_owned());
        rules.extend(role.rules.iter().flatten().cloned());
        for selector in role.aggregation_rule.iter().flat_map(|aggregation| aggregation.cluster_role_selectors.iter().flatten()) {
            let Ok(selector) = api::labels::Selector::from_label_selector(Some(selector)) else { continue };
            for other in objects::<ClusterRole>(&self.cluster_roles, &kinds::CLUSTER_ROLE) {
                if selector.matches(&other.metadata.labels.clone().unwrap_or_default()) {
                    self.collect(&other, seen, rules);
                }
            }
        }
    }
}

fn name_of(meta: &k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta) -> &str {
    meta.name.as_deref().unwrap_or_default()
}

fn objects<T: api::Typed>(resource: &Resource, kind: &Kind) -> Vec<T> {
    let (items, _) = resource.list("", || 0);
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        match item.object(kind) {
            Ok(object) => all.extend(object.downcast_ref::<T>().cloned()),
            Err(error) => tracing::error!(key = %item.key(), %error, "a stored object can not be decoded"),
        }
    }
    all
}

fn grant(to: &mut BySubject, rules: &[PolicyRule], origin: &str, subjects: &[Subject], namespace: &str) {
    for subject in subjects {
        let key = match subject.kind.as_str() {
            "User" => format!("u:{}", subject.name),
            "Group" => format!("g:{}", subject.name),
            "ServiceAccount" => {
                let namespace = subject.namespace.as_deref().filter(|namespace| !namespace.is_empty()).unwrap_or(namespace);
                format!("u:system:serviceaccount:{namespace}:{}", subject.name)
            }
            _ => continue,
        };
        let origin = format!("{origin} to {} {:?}", subject.kind, subject.name);
        to.entry(key).or_default().extend(rules.iter().map(|rule| Rule::new(rule.clone(), &origin)));
    }
}

fn applying<'a>(compiled: &'a Compiled, user: &'a UserInfo, namespace: &str) -> impl Iterator<Item = &'a Rule> {
    let maps = [Some(&compiled.cluster), compiled.namespaces.get(namespace).filter(|_| !namespace.is_empty())];
    maps.into_iter().flatten().flat_map(move |map| {
        let own = map.get(&format!("u:{}", user.name));
        own.into_iter().chain(user.groups.iter().filter_map(move |group| map.get(&format!("g:{group}")))).flatten()
    })
}

fn among(list: Option<&Vec<String>>, wanted: &str) -> bool {
    list.is_some_and(|list| list.iter().any(|entry| entry == "*" || entry == wanted))
}

fn allows(rule: &PolicyRule, ask: &Ask<'_>) -> bool {
    if !among(Some(&rule.verbs), ask.verb) {
        return false;
    }
    if let Some(path) = ask.path {
        return rule.non_resource_urls.iter().flatten().any(|url| url_matches(url, path));
    }
    among(rule.api_groups.as_ref(), ask.group)
        && rule.resources.iter().flatten().any(|resource| resource_matches(resource, ask.resource, ask.subresource))
        && rule.resource_names.as_ref().is_none_or(|names| names.is_empty() || names.iter().any(|name| name == ask.name))
}

fn url_matches(pattern: &str, path: &str) -> bool {
    pattern == "*" || pattern == path || pattern.strip_suffix('*').is_some_and(|prefix| path.starts_with(prefix))
}

fn resource_matches(pattern: &str, resource: &str, subresource: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    match (pattern.split_once('/'), subresource) {
        (None, "") => pattern == resource,
        (Some(("*", below)), _) => !subresource.is_empty() && below == subresource,
        (Some((above, below)), _) => above == resource && below == subresource && !subresource.is_empty(),
        (None, _) => false,
    }
}

/// Whether rules together grant all that another rule grants: each single combination is granted by one of them.
pub fn covers(own: &[Rule], wanted: &PolicyRule) -> bool {
    let none = Vec::new();
    let groups = wanted.api_groups.as_ref().unwrap_or(&none);
    let resources = wanted.resources.as_ref().unwrap_or(&none);
    let names: Vec<Option<&str>> = match wanted.resource_names.as_deref() {
        None | Some([]) => vec![None],
        Some(names) => names.iter().map(|name| Some(name.as_str())).collect(),
    };
    let holds = |verb: &str, group: &str, resource: &str, name: Option<&str>| {
        own.iter().any(|Rule { rule, .. }| {
            let (above, below) = resource.split_once('/').unwrap_or((resource, ""));
            among(Some(&rule.verbs), verb)
                && among(rule.api_groups.as_ref(), group)
                && rule.resources.iter().flatten().any(|own| own == resource || resource_matches(own, above, below))
                && match rule.resource_names.as_deref() {
                    None | Some([]) => true,
                    Some(names) => name.is_some_and(|name| names.iter().any(|own| own == name)),
                }
        })
    };
    let urls_held = wanted.non_resource_urls.iter().flatten().all(|url| {
        wanted.verbs.iter().all(|verb| {
            own.iter().any(|Rule { rule, .. }| {
                among(Some(&rule.verbs), verb) && rule.non_resource_urls.iter().flatten().any(|own| own == url || url_matches(own, url))
            })
        })
    });
    urls_held
        && wanted.verbs.iter().all(|verb| {
            groups.iter().all(|group| resources.iter().all(|resource| names.iter().all(|name| holds(verb, group, resource, *name))))
        })
}

/// Whether some rules together grant all that another does.
pub(super) fn covered_by(own: &[PolicyRule], wanted: &PolicyRule) -> bool {
    let own: Vec<Rule> = own.iter().map(|rule| Rule::new(rule.clone(), "")).collect();
    covers(&own, wanted)
}

/// A rule as upstream's messages show it: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`.
pub fn rule_text(rule: &PolicyRule) -> String {
    let mut parts = Vec::new();
    let mut part = |name: &str, values: Option<&Vec<String>>| {
        if let Some(values) = values.filter(|values| !values.is_empty()) {
            let quoted: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
            parts.push(format!("{name}:[{}]", quoted.join(" ")));
        }
    };
    part("NonResourceURLs", rule.non_resource_urls.as_ref());
    part("APIGroups", rule.api_groups.as_ref());
    part("Resources", rule.resources.as_ref());
    part("ResourceNames", rule.resource_names.as_ref());
    part("Verbs", Some(&rule.verbs));
    format!("{{{}}}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(verbs: &[&str], groups: &[&str], resources: &[&str], names: &[&str]) -> PolicyRule {
        let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
        PolicyRule {
            verbs: list(verbs),
            api_groups: Some(list(groups)),
            resources: Some(list(resources)),
            resource_names: Some(list(names)),
            non_resource_urls: None,
        }
    }

    #[test]
    fn resources_and_subresources() {
        let check = |pattern: &str, resource: &str, subresource: &str, expected: bool| {
            assert_eq!(resource_matches(pattern, resource, subresource), expected, "{pattern} {resource}/{subresource}");
        };
        check("pods", "pods", "", true);
        check("pods", "pods", "log", false);
        check("pods/log", "pods", "log", true);
        check("pods/log", "pods", "", false);
        check("*/scale", "deployments", "scale", true);
        check("*/scale", "deployments", "", false);
        check("*", "pods", "exec", true);
    }

    #[test]
    fn paths() {
        assert!(url_matches("/healthz/*", "/healthz/ping"));
        assert!(!url_matches("/healthz", "/healthz/ping"));
        assert!(url_matches("*", "/anything"));
    }

    #[test]
    fn a_rule_is_covered_by_its_parts_only_together() {
        let own = [Rule::new(rule(&["get"], &[""], &["pods"], &[]), ""), Rule::new(rule(&["list"], &[""], &["pods"], &[]), "")];
        assert!(covers(&own, &rule(&["get", "list"], &[""], &["pods"], &["a"])));
        assert!(!covers(&own, &rule(&["get", "watch"], &[""], &["pods"], &[])));
        assert!(!covers(&own, &rule(&["*"], &[""], &["pods"], &[])));
        let named = [Rule::new(rule(&["get"], &[""], &["secrets"], &["a"]), "")];
        assert!(!covers(&named, &rule(&["get"], &[""], &["secrets"], &[])));
    }
}
