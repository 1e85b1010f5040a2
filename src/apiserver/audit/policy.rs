//! `audit.k8s.io/v1` Policy: how much of which request is written down.

use serde::Deserialize;

use crate::context::UserInfo;
use crate::request::RequestInfo;

/// How much of a request is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Level {
    #[default]
    None,
    Metadata,
    Request,
    RequestResponse,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Metadata => "Metadata",
            Self::Request => "Request",
            Self::RequestResponse => "RequestResponse",
        }
    }
}

/// When in the life of a request it is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Stage {
    RequestReceived,
    ResponseStarted,
    ResponseComplete,
    Panic,
}

impl Stage {
    pub fn name(self) -> &'static str {
        match self {
            Self::RequestReceived => "RequestReceived",
            Self::ResponseStarted => "ResponseStarted",
            Self::ResponseComplete => "ResponseComplete",
            Self::Panic => "Panic",
        }
    }
}

/// Why a policy can not be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("reading the audit policy: {0}")]
    Yaml(#[from] serde_yaml::Error),
    #[error("the audit policy is not a Policy of audit.k8s.io/v1")]
    Kind,
    #[error("the audit policy has no rules: nothing would be written down")]
    Empty,
    #[error("rule {0} of the audit policy is about resources and about paths")]
    Both(usize),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    api_version: String,
    kind: String,
    #[serde(default, rename = "metadata")]
    _metadata: serde_json::Value,
    #[serde(default)]
    rules: Vec<Rule>,
    #[serde(default)]
    omit_stages: Vec<Stage>,
    #[serde(default)]
    omit_managed_fields: bool,
}

/// Empty lists match everything.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rule {
    level: Level,
    #[serde(default)]
    users: Vec<String>,
    #[serde(default)]
    user_groups: Vec<String>,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    resources: Vec<Resources>,
    #[serde(default)]
    namespaces: Vec<String>,
    #[serde(default, rename = "nonResourceURLs")]
    paths: Vec<String>,
    #[serde(default)]
    omit_stages: Vec<Stage>,
    #[serde(default)]
    omit_managed_fields: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Resources {
    #[serde(default)]
    group: String,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    resource_names: Vec<String>,
}

/// What a policy says about a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub level: Level,
    pub omit_stages: Vec<Stage>,
    pub omit_managed_fields: bool,
}

impl Policy {
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let policy: Self = serde_yaml::from_str(text)?;
        if policy.api_version != "audit.k8s.io/v1" || policy.kind != "Policy" {
            return Err(PolicyError::Kind);
        }
        if policy.rules.is_empty() {
            return Err(PolicyError::Empty);
        }
        match policy.rules.iter().position(|rule| !rule.paths.is_empty() && (!rule.resources.is_empty() || !rule.namespaces.is_empty())) {
            Some(index) => Err(PolicyError::Both(index)),
            None => Ok(policy),
        }
    }
    /// What the first rule that matches says.
    pub fn verdict(&self, user: &UserInfo, info: &RequestInfo) -> Verdict {
        let Some(rule) = self.rules.iter().find(|rule| rule.matches(user, info)) else { return Verdict::default() };
        Verdict {
            level: rule.level,
            omit_stages: self.omit_stages.iter().chain(&rule.omit_stages).copied().collect(),
            omit_managed_fields: rule.omit_managed_fields.unwrap_or(self.omit_managed_fields),
        }
    }
}

impl Rule {
    fn matches(&self, user: &UserInfo, info: &RequestInfo) -> bool {
        let among = |list: &[String], wanted: &str| list.is_empty() || list.iter().any(|entry| entry == wanted);
        if !among(&self.users, &user.name)
            || !self.user_groups.is_empty() && !user.groups.iter().any(|group| self.user_groups.contains(group))
            || !among(&self.verbs, info.verb)
        {
            return false;
        }
        if !self.resources.is_empty() || !self.namespaces.is_empty() {
            return info.is_resource
                && among(&self.namespaces, &info.namespace)
                && (self.resources.is_empty() || self.resources.iter().any(|resources| resources.matches(info)));
        }
        if self.paths.is_empty() {
            return true;
        }
        let matches = |pattern: &String| match pattern.strip_suffix('*') {
            Some(prefix) => info.path.starts_with(prefix),
            None => *pattern == info.path,
        };
        !info.is_resource && self.paths.iter().any(matches)
    }
}

impl Resources {
    fn matches(&self, info: &RequestInfo) -> bool {
        let combined = if info.subresource.is_empty() { info.resource.clone() } else { format!("{}/{}", info.resource, info.subresource) };
        let named = |pattern: &String| {
            *pattern == combined
                || pattern == "*"
                || pattern.strip_prefix("*/").is_some_and(|below| !below.is_empty() && below == info.subresource)
                || pattern.strip_suffix("/*").is_some_and(|above| above == info.resource)
        };
        self.group == info.group
            && (self.resources.is_empty() || self.resources.iter().any(named))
            && (self.resource_names.is_empty() || self.resource_names.contains(&info.name))
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::request::Query;

    fn check(policy: &Policy, user: &str, method: Method, path: &str, expected: Level) {
        let info = RequestInfo::new(&method, path, &Query::default());
        assert_eq!(policy.verdict(&UserInfo::new(user, &["team"]), &info).level, expected, "{user} {method} {path}");
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        let policy = Policy::parse(
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n\
             - level: None\n  users: [system:kube-proxy]\n  verbs: [watch]\n\
             - level: None\n  nonResourceURLs: ['/healthz*', '/version']\n\
             - level: Metadata\n  resources: [{group: '', resources: [secrets, configmaps]}]\n\
             - level: RequestResponse\n  namespaces: [prod]\n  resources: [{group: '', resources: ['pods/*']}]\n\
             - level: Request\n  userGroups: [team]\n  omitStages: [ResponseStarted]\n",
        )
        .unwrap();
        check(&policy, "jane", Method::GET, "/healthz/ping", Level::None);
        check(&policy, "jane", Method::GET, "/api/v1/namespaces/a/secrets/s", Level::Metadata);
        check(&policy, "jane", Method::POST, "/api/v1/namespaces/prod/pods/p/exec", Level::RequestResponse);
        check(&policy, "jane", Method::POST, "/api/v1/namespaces/a/pods/p/exec", Level::Request);
        let info = RequestInfo::new(&Method::GET, "/apis", &Query::default());
        assert_eq!(policy.verdict(&UserInfo::new("j", &["team"]), &info).omit_stages, [Stage::RequestReceived, Stage::ResponseStarted]);
        assert_eq!(policy.verdict(&UserInfo::new("j", &[]), &info), Verdict::default());
    }

    #[test]
    fn policies_that_say_nothing_are_refused() {
        let check = |text: &str, expected: &str| assert_eq!(Policy::parse(text).unwrap_err().to_string(), expected);
        check("apiVersion: audit.k8s.io/v1\nkind: Policy\n", "the audit policy has no rules: nothing would be written down");
        check(
            "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules: [{level: None}]\n",
            "the audit policy is not a Policy of audit.k8s.io/v1",
        );
        check(
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, namespaces: [a], nonResourceURLs: [/x]}]\n",
            "rule 0 of the audit policy is about resources and about paths",
        );
    }
}
