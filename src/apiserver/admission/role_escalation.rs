//! Nobody hands out rights that they do not have: who writes a role must hold all that it grants, or the verb `escalate`; who binds one, the same or the verb `bind`.

use std::sync::Arc;

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef};

use super::{Attributes, Operation, Plugin};
use crate::authz::{Authorizer, rule_text};

const GROUP: &str = "rbac.authorization.k8s.io";

pub struct RoleEscalation(pub Arc<Authorizer>);

#[async_trait]
impl Plugin for RoleEscalation {
    fn name(&self) -> &'static str {
        "RoleEscalation"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.kind.group == GROUP
            && matches!(attributes.operation, Operation::Create | Operation::Update)
            && !attributes.user.in_group("system:masters")
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        object.map_or(Ok(()), |object| check(&self.0, attributes, object))
    }
}

fn check(authorizer: &Authorizer, attributes: &Attributes<'_>, object: &dyn Object) -> Result<(), ApiError> {
    let old = attributes.old;
    let rules = |object: &dyn Object| {
        let role = object.downcast_ref::<Role>().map(|role| role.rules.clone());
        role.or_else(|| object.downcast_ref::<ClusterRole>().map(|role| role.rules.clone())).map(Option::unwrap_or_default)
    };
    let reference = |object: &dyn Object| {
        let binding = object.downcast_ref::<RoleBinding>().map(|binding| binding.role_ref.clone());
        binding.or_else(|| object.downcast_ref::<ClusterRoleBinding>().map(|binding| binding.role_ref.clone()))
    };
    let aggregation = |object: &dyn Object| object.downcast_ref::<ClusterRole>().and_then(|role| role.aggregation_rule.clone());
    if let Some(wanted) = aggregation(object)
        && old.and_then(aggregation).is_none_or(|before| before != wanted)
        && !all_rules().iter().all(|rule| authorizer.covers(attributes.user, "", rule))
    {
        return Err(attributes.forbidden("must have cluster-admin privileges to use the aggregationRule"));
    }
    if let Some(wanted) = rules(object) {
        if old.and_then(rules).is_some_and(|before| before == wanted)
            || authorizer.may(attributes, "escalate", &attributes.kind.plural, attributes.name)
        {
            return Ok(());
        }
        return covered(authorizer, attributes, &wanted);
    }
    let Some(RoleRef { kind, name, .. }) = reference(object) else { return Ok(()) };
    let plural = if kind == "ClusterRole" { "clusterroles" } else { "roles" };
    if authorizer.may(attributes, "bind", plural, &name) {
        return Ok(());
    }
    let namespace = if kind == "ClusterRole" { "" } else { attributes.namespace };
    let granted = authorizer.rules_of(namespace, &name).ok_or_else(|| ApiError::not_found(GROUP, plural, &name))?;
    covered(authorizer, attributes, &granted)
}

/// What a role grants that aggregates whatever there will be.
fn all_rules() -> [PolicyRule; 2] {
    let all = || vec!["*".to_owned()];
    [
        PolicyRule { verbs: all(), api_groups: Some(all()), resources: Some(all()), ..Default::default() },
        PolicyRule { verbs: all(), non_resource_urls: Some(all()), ..Default::default() },
    ]
}

fn covered(authorizer: &Authorizer, attributes: &Attributes<'_>, wanted: &[PolicyRule]) -> Result<(), ApiError> {
    let missing: Vec<String> =
        wanted.iter().filter(|rule| !authorizer.covers(attributes.user, attributes.namespace, rule)).map(rule_text).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let groups: Vec<String> = attributes.user.groups.iter().map(|group| format!("{group:?}")).collect();
    Err(attributes.forbidden(format!(
        "user {:?} (groups=[{}]) is attempting to grant RBAC permissions not currently held:\n{}",
        attributes.user.name,
        groups.join(" "),
        missing.join("\n")
    )))
}
