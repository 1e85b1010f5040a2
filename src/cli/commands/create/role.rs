//! `create role` and `create clusterrole`: verbs on resources, on URLs, or what other roles may.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{CommonFlags, one_name};
use crate::commands::generated::parse_labels;
use crate::error::{CommandError, Result};
use crate::resources::for_type;
use crate::session::Session;

const VERBS: [&str; 14] = [
    "*",
    "get",
    "delete",
    "list",
    "create",
    "update",
    "patch",
    "watch",
    "proxy",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
];
const URL_VERBS: [&str; 8] = ["*", "get", "post", "put", "delete", "patch", "head", "options"];
const RBAC: &str = "rbac.authorization.k8s.io";
/// Verbs that make sense for a few resources only, as (group, resource).
const SPECIAL: [(&str, &[(&str, &str)]); 4] = [
    ("use", &[("policy", "podsecuritypolicies"), ("extensions", "podsecuritypolicies")]),
    ("bind", &[(RBAC, "roles"), (RBAC, "clusterroles")]),
    ("escalate", &[(RBAC, "roles"), (RBAC, "clusterroles")]),
    ("impersonate", &[("", "users"), ("", "serviceaccounts"), ("", "groups"), ("authentication.k8s.io", "userextras")]),
];

#[derive(clap::Args, Debug)]
pub struct Args {
    name: Vec<String>,
    /// Verb that applies to the resources contained in the rule
    #[arg(long, value_delimiter = ',')]
    verb: Vec<String>,
    /// Resource that the rule applies to
    #[arg(long, value_delimiter = ',')]
    resource: Vec<String>,
    /// Resource in the white list that the rule applies to, repeat this flag for multiple items
    #[arg(long)]
    resource_name: Vec<String>,
    #[command(flatten)]
    common: CommonFlags,
}

#[derive(clap::Args, Debug)]
pub struct ClusterArgs {
    #[command(flatten)]
    role: Args,
    /// An aggregation label selector for combining ClusterRoles.
    #[arg(long, default_value = "", hide_default_value = true)]
    aggregation_rule: String,
    /// A partial url that user should have access to.
    #[arg(long, value_delimiter = ',')]
    non_resource_url: Vec<String>,
}

/// `resource.group/subresource` as the user wrote it.
#[derive(Debug, PartialEq, Eq)]
struct Written {
    resource: String,
    group: String,
    subresource: String,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let name = one_name(session, &self.name, "role")?;
        let verbs = verbs(&self.verb);
        if verbs.is_empty() {
            return Err(CommandError::message("at least one verb must be specified"));
        }
        self.warn_of_verbs(session, &verbs);
        if self.resource.is_empty() {
            return Err(CommandError::message("at least one resource must be specified"));
        }
        let rules = self.rules(session, &verbs).await?;
        let object = json!({"apiVersion": format!("{RBAC}/v1"), "kind": "Role", "metadata": {"name": name}, "rules": rules});
        self.common.create_described(session, object).await
    }

    fn warn_of_verbs(&self, session: &mut Session<'_>, verbs: &[String]) {
        for verb in verbs.iter().filter(|verb| !VERBS.contains(&verb.as_str())) {
            session.ui.error_line(&format!("Warning: '{verb}' is not a standard resource verb"));
        }
    }

    /// A rule for each group of the resources.
    async fn rules(&self, session: &mut Session<'_>, verbs: &[String]) -> Result<Vec<Value>> {
        let written = resources(&self.resource);
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut checked = true;
        for entry in &written {
            if entry.resource.is_empty() && checked {
                return Err(CommandError::message("resource must be specified if apiGroup/subresource specified"));
            }
            checked &= entry.resource != "*";
            let asked = if entry.group.is_empty() { entry.resource.clone() } else { format!("{}.{}", entry.resource, entry.group) };
            let found = if entry.resource == "*" { None } else { Some(for_type(session, &asked).await) };
            let (group, mut resource) = match &found {
                Some(Ok(mapping)) => (mapping.group.clone(), mapping.plural.clone()),
                _ => (entry.group.clone(), entry.resource.clone()),
            };
            if checked && !is_special(verbs, &group, &resource)? {
                found.transpose()?;
            }
            if !entry.subresource.is_empty() {
                resource = format!("{resource}/{}", entry.subresource);
            }
            let resources = groups.entry(group).or_default();
            if !resources.contains(&resource) {
                resources.push(resource);
            }
        }
        let names = unique(&self.resource_name);
        let rule = |(group, resources): (String, Vec<String>)| {
            let mut rule = json!({"apiGroups": [group], "resources": resources, "verbs": verbs});
            if !names.is_empty() {
                rule["resourceNames"] = json!(names);
            }
            rule
        };
        Ok(groups.into_iter().map(rule).collect())
    }
}

impl ClusterArgs {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let name = one_name(session, &self.role.name, "clusterrole")?;
        let mut object = json!({"apiVersion": format!("{RBAC}/v1"), "kind": "ClusterRole", "metadata": {"name": name}, "rules": null});
        if !self.aggregation_rule.is_empty() {
            let role = &self.role;
            if !(self.non_resource_url.is_empty() && role.verb.is_empty() && role.resource.is_empty() && role.resource_name.is_empty()) {
                return Err(CommandError::message(
                    "aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames",
                ));
            }
            object["aggregationRule"] = json!({"clusterRoleSelectors": [{"matchLabels": parse_labels(&self.aggregation_rule)?}]});
            return role.common.create_described(session, object).await;
        }
        let verbs = verbs(&self.role.verb);
        if verbs.is_empty() {
            return Err(CommandError::message("at least one verb must be specified"));
        }
        if self.role.resource.is_empty() && self.non_resource_url.is_empty() {
            return Err(CommandError::message("one of resource or nonResourceURL must be specified"));
        }
        let mut rules = Vec::new();
        if !self.role.resource.is_empty() {
            self.role.warn_of_verbs(session, &verbs);
            rules = self.role.rules(session, &verbs).await?;
        }
        let urls = unique(&self.non_resource_url);
        if !urls.is_empty() {
            check_urls(&verbs, &urls)?;
            rules.push(json!({"nonResourceURLs": urls, "verbs": verbs}));
        }
        object["rules"] = Value::Array(rules);
        self.role.common.create_described(session, object).await
    }
}

fn check_urls(verbs: &[String], urls: &[String]) -> Result<()> {
    if let Some(verb) = verbs.iter().find(|verb| !URL_VERBS.contains(&verb.as_str())) {
        return Err(CommandError::message(format!("invalid verb: '{verb}' for nonResourceURL")));
    }
    for url in urls.iter().filter(|url| *url != "*") {
        if !url.starts_with('/') {
            return Err(CommandError::message("nonResourceURL should start with /"));
        }
        if url.strip_suffix('*').unwrap_or(url).contains('*') {
            return Err(CommandError::message("nonResourceURL only supports wildcard matches when '*' is at the end"));
        }
    }
    Ok(())
}

/// Whether one of the verbs is for just this resource; an error where it is for others only.
fn is_special(verbs: &[String], group: &str, resource: &str) -> Result<bool> {
    let mut special = false;
    for verb in verbs {
        if let Some((_, resources)) = SPECIAL.iter().find(|(name, _)| name == verb) {
            if !resources.contains(&(group, resource)) {
                return Err(CommandError::message(format!("can not perform '{verb}' on '{resource}' in group '{group}'")));
            }
            special = true;
        }
    }
    Ok(special)
}

/// Each once; `*` stands for all.
fn verbs(written: &[String]) -> Vec<String> {
    if written.iter().any(|verb| verb == "*") { vec!["*".to_owned()] } else { unique(written) }
}

fn unique(written: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in written {
        if !found.contains(word) {
            found.push(word.clone());
        }
    }
    found
}

/// A lone `*` stands for all.
fn resources(written: &[String]) -> Vec<Written> {
    let mut found = Vec::new();
    for word in written {
        let (name, subresource) = word.split_once('/').unwrap_or((word, ""));
        let (resource, group) = name.split_once('.').unwrap_or((name, ""));
        let entry = Written { resource: resource.to_owned(), group: group.to_owned(), subresource: subresource.to_owned() };
        if word == "*" {
            return vec![entry];
        }
        found.push(entry);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(ToOwned::to_owned).collect()
    }

    #[test]
    fn resources_have_groups_and_subresources() {
        let check = |text: &str, expected: &[(&str, &str, &str)]| {
            let found: Vec<(String, String, String)> =
                resources(&words(text)).into_iter().map(|entry| (entry.resource, entry.group, entry.subresource)).collect();
            let expected: Vec<(String, String, String)> =
                expected.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("pods rs.apps", &[("pods", "", ""), ("rs", "apps", "")]);
        check("pods/log deployments.apps/scale", &[("pods", "", "log"), ("deployments", "apps", "scale")]);
        check("pods *", &[("*", "", "")]);
    }

    #[test]
    fn verbs_are_checked() {
        assert_eq!(verbs(&words("get list get")), words("get list"));
        assert_eq!(verbs(&words("get *")), words("*"));
        assert_eq!(is_special(&words("bind"), "", "pods").unwrap_err().to_string(), "error: can not perform 'bind' on 'pods' in group ''");
        assert!(is_special(&words("impersonate"), "", "users").unwrap());
        assert!(check_urls(&words("get"), &words("/a* *")).is_ok());
        assert!(check_urls(&words("get"), &words("/a*b")).is_err());
        assert_eq!(check_urls(&words("list"), &words("/a")).unwrap_err().to_string(), "error: invalid verb: 'list' for nonResourceURL");
    }
}
