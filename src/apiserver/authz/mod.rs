//! Who may do what: administrators everything, nodes what their pods need, everybody what RBAC's roles grant. Nothing else is open.

pub mod defaults;
mod node;
mod rbac;
pub mod references;

use std::sync::Arc;

use api::ApiError;
use k8s_openapi::api::rbac::v1::PolicyRule;

use crate::admission::Attributes;
use crate::cache::Cache;
use crate::context::UserInfo;
use crate::notes;
use crate::request::{Query, RequestInfo};

pub use rbac::{Rule, rule_text};

/// One question.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub user: &'a UserInfo,
    pub verb: &'a str,
    /// A path where it is not about a resource.
    pub path: Option<&'a str>,
    pub group: &'a str,
    pub resource: &'a str,
    pub subresource: &'a str,
    pub namespace: &'a str,
    pub name: &'a str,
    /// What a list or watch of pods is limited to: `spec.nodeName`.
    pub node: Option<&'a str>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// With the rule that allows it.
    Allow(String),
    /// With a reason, where there is one to give.
    Deny(String),
}

/// Evaluates questions on what the cache holds.
pub struct Authorizer {
    rbac: rbac::Rbac,
    nodes: node::NodeRules,
}

impl Authorizer {
    pub fn new(cache: &Arc<Cache>) -> Self {
        Self { rbac: rbac::Rbac::new(cache), nodes: node::NodeRules::new(cache) }
    }
    pub fn decide(&self, ask: &Ask<'_>) -> Decision {
        if ask.user.in_group("system:masters") {
            return Decision::Allow(String::new());
        }
        let mut reason = String::new();
        if let Some(node) = ask.user.node_name() {
            match self.nodes.decide(node, ask) {
                Decision::Allow(why) => return Decision::Allow(why),
                Decision::Deny(why) => reason = why,
            }
        }
        match self.rbac.decide(ask) {
            Decision::Allow(why) => Decision::Allow(why),
            Decision::Deny(why) => Decision::Deny(if reason.is_empty() { why } else { reason }),
        }
    }
    /// Whether a request may go on; the failure is worded as upstream's.
    pub fn check(&self, user: &UserInfo, info: &RequestInfo, query: &Query) -> Result<(), ApiError> {
        let node = query.filled("fieldSelector").and_then(|text| api::fields::Selector::parse(text).ok());
        let node = node.as_ref().and_then(|selector| selector.exact_value("spec.nodeName"));
        let ask = Ask {
            user,
            verb: info.verb,
            path: (!info.is_resource).then_some(info.path.as_str()),
            group: &info.group,
            resource: &info.resource,
            subresource: &info.subresource,
            namespace: &info.namespace,
            name: &info.name,
            node,
        };
        match self.decide(&ask) {
            Decision::Allow(reason) => {
                annotate("allow", reason);
                Ok(())
            }
            Decision::Deny(why) => {
                let error = refusal(&ask, &why);
                annotate("forbid", why);
                Err(error)
            }
        }
    }
    /// Whether the author of a write also has another verb on a resource of the same group.
    pub fn may(&self, attributes: &Attributes<'_>, verb: &str, resource: &str, name: &str) -> bool {
        let ask = Ask {
            user: attributes.user,
            verb,
            path: None,
            group: &attributes.kind.group,
            resource,
            subresource: "",
            namespace: attributes.namespace,
            name,
            node: None,
        };
        matches!(self.decide(&ask), Decision::Allow(_))
    }
    /// The rules of a role, or of a cluster role where there is no namespace.
    pub fn rules_of(&self, namespace: &str, name: &str) -> Option<Vec<PolicyRule>> {
        self.rbac.rules_of(namespace, name)
    }
    /// All rules that a user has in a namespace.
    pub fn rules_for(&self, user: &UserInfo, namespace: &str) -> Vec<Rule> {
        if user.in_group("system:masters") {
            return vec![Rule::everything(), Rule::every_path()];
        }
        self.rbac.rules_for(user, namespace)
    }
    /// Whether a user holds all that a rule grants.
    pub fn covers(&self, user: &UserInfo, namespace: &str, rule: &PolicyRule) -> bool {
        let own = self.rules_for(user, namespace);
        rbac::covers(&own, rule)
    }
}

/// For the audit log.
fn annotate(decision: &str, reason: String) {
    notes::annotate("authorization.k8s.io/decision", decision);
    notes::annotate("authorization.k8s.io/reason", reason);
}

/// `pods "x" is forbidden: User "u" cannot get resource "pods" in API group "" in the namespace "default"`.
pub fn refusal(ask: &Ask<'_>, reason: &str) -> ApiError {
    let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    if let Some(path) = ask.path {
        let text = format!("User {:?} cannot {} path {path:?}{why}", ask.user.name, ask.verb);
        return ApiError::forbidden("", "", "", &text);
    }
    let resource = if ask.subresource.is_empty() { ask.resource.to_owned() } else { format!("{}/{}", ask.resource, ask.subresource) };
    let scope = if ask.namespace.is_empty() { "at the cluster scope".to_owned() } else { format!("in the namespace {:?}", ask.namespace) };
    let text = format!("User {:?} cannot {} resource {resource:?} in API group {:?} {scope}{why}", ask.user.name, ask.verb, ask.group);
    ApiError::forbidden(ask.group, ask.resource, ask.name, &text)
}
