//! Which requests a webhook or an admission policy is about: rules over operations and resources, selectors over namespaces and objects.

use api::labels::Selector;
use api::{ApiError, Object};
use k8s_openapi::api::admissionregistration::v1::{MatchResources, NamedRuleWithOperations, RuleWithOperations};
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kinds::Kind;

use super::{Attributes, find};
use crate::registry::Endpoint;

/// What no webhook and no policy ever sees, so that a bad one can be taken away again.
const NEVER: &[&str] = &[
    "mutatingwebhookconfigurations",
    "validatingwebhookconfigurations",
    "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
    "mutatingadmissionpolicies",
    "mutatingadmissionpolicybindings",
];

/// Empty lists match nothing but in `names`.
#[derive(Clone, Debug, Default)]
struct Rule {
    operations: Vec<String>,
    groups: Vec<String>,
    versions: Vec<String>,
    resources: Vec<String>,
    scope: String,
    names: Vec<String>,
}

/// Which requests something is about.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    rules: Vec<Rule>,
    excluded: Vec<Rule>,
    /// The same resource at another version matches, too.
    equivalent: bool,
    namespaces: Option<Selector>,
    objects: Option<Selector>,
}

/// How a request matches: as the kind that was asked for, or as another that shows the same objects.
#[derive(Clone)]
pub struct Match<'a> {
    requested: &'a Kind,
    pub other: Option<Endpoint>,
}

impl Match<'_> {
    /// The kind as which the object is to be looked at.
    pub fn kind(&self) -> &Kind {
        self.other.as_ref().map_or(self.requested, |endpoint| &endpoint.kind)
    }
}

impl Matcher {
    /// That of a webhook.
    pub fn of_webhook(
        rules: &[RuleWithOperations],
        policy: Option<&str>,
        namespaces: Option<&LabelSelector>,
        objects: Option<&LabelSelector>,
    ) -> Result<Self, String> {
        let rules = rules.iter().map(|rule| Rule {
            operations: rule.operations.clone().unwrap_or_default(),
            groups: rule.api_groups.clone().unwrap_or_default(),
            versions: rule.api_versions.clone().unwrap_or_default(),
            resources: rule.resources.clone().unwrap_or_default(),
            scope: rule.scope.clone().unwrap_or_default(),
            names: Vec::new(),
        });
        Ok(Self {
            rules: rules.collect(),
            excluded: Vec::new(),
            equivalent: policy != Some("Exact"),
            namespaces: selector(namespaces)?,
            objects: selector(objects)?,
        })
    }
    /// That of a policy, or of its binding; without rules, all that its policy is about.
    pub fn of_policy(resources: &MatchResources) -> Result<Self, String> {
        let named = |rules: Option<&Vec<NamedRuleWithOperations>>| -> Vec<Rule> {
            let rule = |rule: &NamedRuleWithOperations| Rule {
                operations: rule.operations.clone().unwrap_or_default(),
                groups: rule.api_groups.clone().unwrap_or_default(),
                versions: rule.api_versions.clone().unwrap_or_default(),
                resources: rule.resources.clone().unwrap_or_default(),
                scope: rule.scope.clone().unwrap_or_default(),
                names: rule.resource_names.clone().unwrap_or_default(),
            };
            rules.into_iter().flatten().map(rule).collect()
        };
        Ok(Self {
            rules: named(resources.resource_rules.as_ref()),
            excluded: named(resources.exclude_resource_rules.as_ref()),
            equivalent: resources.match_policy.as_deref() != Some("Exact"),
            namespaces: selector(resources.namespace_selector.as_ref())?,
            objects: selector(resources.object_selector.as_ref())?,
        })
    }
    /// Whether a request matches; `everything` is what a matcher without rules matches.
    pub fn matches<'a>(
        &self,
        attributes: &Attributes<'a>,
        object: Option<&dyn Object>,
        everything: bool,
    ) -> Result<Option<Match<'a>>, ApiError> {
        if attributes.kind.group == "admissionregistration.k8s.io" && NEVER.contains(&&*attributes.kind.plural) {
            return Ok(None);
        }
        let Some(found) = self.by_rules(attributes, everything) else { return Ok(None) };
        if !self.excluded.is_empty() && self.first(attributes, &self.excluded).is_some() {
            return Ok(None);
        }
        if !self.namespace_matches(attributes, object)? || !self.object_matches(attributes, object) {
            return Ok(None);
        }
        Ok(Some(found))
    }

    fn by_rules<'a>(&self, attributes: &Attributes<'a>, everything: bool) -> Option<Match<'a>> {
        if self.rules.is_empty() {
            return everything.then_some(Match { requested: attributes.requested, other: None });
        }
        self.first(attributes, &self.rules)
    }
    /// What matches of the kind asked for and, after it, of those that show the same objects.
    fn first<'a>(&self, attributes: &Attributes<'a>, rules: &[Rule]) -> Option<Match<'a>> {
        let requested = attributes.requested;
        let matches = |kind: &Kind| rules.iter().any(|rule| rule.matches(attributes, kind));
        if matches(requested) {
            return Some(Match { requested, other: None });
        }
        // rules that are about nothing of the request are the rule
        if !self.equivalent || !rules.iter().any(|rule| rule.may_match(attributes)) {
            return None;
        }
        let other = attributes.registry.equivalents(requested).into_iter().find(|endpoint| matches(&endpoint.kind))?;
        Some(Match { requested, other: Some(other) })
    }
    fn namespace_matches(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<bool, ApiError> {
        let Some(selector) = &self.namespaces else { return Ok(true) };
        if attributes.is(&kinds::NAMESPACE) {
            let of = object.or(attributes.old);
            return Ok(of.is_none_or(|object| selector.matches(object.meta().labels.as_ref())));
        }
        let name = if attributes.is_below(&kinds::NAMESPACE, attributes.subresource) { attributes.name } else { attributes.namespace };
        if name.is_empty() {
            return Ok(true);
        }
        let found: Option<Namespace> = find(attributes.registry, &kinds::NAMESPACE, "", name)?;
        Ok(selector.matches(found.and_then(|namespace| namespace.metadata.labels).as_ref()))
    }
    fn object_matches(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> bool {
        let Some(selector) = &self.objects else { return true };
        let matches = |object: &dyn Object| selector.matches(object.meta().labels.as_ref());
        object.is_some_and(matches) || attributes.old.is_some_and(matches)
    }
}

/// An absent selector and an empty one select everything.
fn selector(selector: Option<&LabelSelector>) -> Result<Option<Selector>, String> {
    let filled = selector.filter(|selector| {
        selector.match_labels.as_ref().is_some_and(|labels| !labels.is_empty())
            || selector.match_expressions.as_ref().is_some_and(|expressions| !expressions.is_empty())
    });
    filled.map(|selector| Selector::from_label_selector(Some(selector)).map_err(|error| error.to_string())).transpose()
}

impl Rule {
    /// False where no group or version makes it match.
    fn may_match(&self, attributes: &Attributes<'_>) -> bool {
        self.operations.iter().any(|operation| operation == "*" || operation == attributes.operation.name())
            && self.resources.iter().any(|pattern| resource_matches(pattern, &attributes.requested.plural, attributes.subresource))
    }
    fn matches(&self, attributes: &Attributes<'_>, kind: &Kind) -> bool {
        let among = |list: &[String], wanted: &str| list.iter().any(|entry| entry == "*" || entry == wanted);
        let scope = match self.scope.as_str() {
            "Cluster" => !kind.namespaced,
            "Namespaced" => kind.namespaced,
            _ => true,
        };
        scope
            && among(&self.operations, attributes.operation.name())
            && among(&self.groups, &kind.group)
            && among(&self.versions, &kind.version)
            && self.resources.iter().any(|pattern| resource_matches(pattern, &kind.plural, attributes.subresource))
            && (self.names.is_empty() || self.names.iter().any(|name| name == attributes.name))
    }
}

/// `pods`, `pods/log`, `*`, `pods/*`, `*/scale`, `*/*`.
fn resource_matches(pattern: &str, resource: &str, subresource: &str) -> bool {
    let (above, below) = pattern.split_once('/').unwrap_or((pattern, ""));
    (above == "*" || above == resource) && (below == "*" || below == subresource)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_resources() {
        let check = |pattern: &str, resource: &str, subresource: &str, expected: bool| {
            assert_eq!(resource_matches(pattern, resource, subresource), expected, "{pattern} {resource}/{subresource}");
        };
        check("pods", "pods", "", true);
        check("pods", "pods", "exec", false);
        check("*", "pods", "", true);
        check("*", "pods", "exec", false);
        check("pods/*", "pods", "", true);
        check("pods/*", "pods", "exec", true);
        check("*/scale", "deployments", "scale", true);
        check("*/scale", "deployments", "", false);
        check("*/*", "deployments", "status", true);
    }
}
