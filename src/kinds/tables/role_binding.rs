//! Bindings of roles: the role, and with `-o wide` to whom.

use jiff::Timestamp;
use k8s_openapi::api::rbac::v1::{RoleBinding, Subject};
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Role",
        "roleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.",
    ),
    AGE,
    wide("Users", "Users in the roleBinding"),
    wide("Groups", "Groups in the roleBinding"),
    wide("ServiceAccounts", "ServiceAccounts in the roleBinding"),
];

pub fn cells(binding: &RoleBinding, now: Timestamp) -> Vec<Cell> {
    let [users, groups, accounts] = subjects(binding.subjects.as_deref().unwrap_or_default());
    row![name(binding), format!("{}/{}", binding.role_ref.kind, binding.role_ref.name), age(binding, now), users, groups, accounts]
}

/// Users, groups and service accounts.
pub(super) fn subjects(subjects: &[Subject]) -> [String; 3] {
    let of = |kind: &str, text: fn(&Subject) -> String| {
        subjects.iter().filter(|subject| subject.kind == kind).map(text).collect::<Vec<_>>().join(", ")
    };
    let account = |subject: &Subject| format!("{}/{}", subject.namespace.as_deref().unwrap_or_default(), subject.name);
    [of("User", |user| user.name.clone()), of("Group", |group| group.name.clone()), of("ServiceAccount", account)]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn bindings() {
        let binding = json!({
            "metadata": {"name": "b", "creationTimestamp": FIVE_MINUTES_AGO},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
            "subjects": [{"kind": "User", "name": "u1"}, {"kind": "ServiceAccount", "name": "sa", "namespace": "ns"}, {"kind": "User", "name": "u2"}, {"kind": "Group", "name": "g"}],
        });
        check(&crate::ROLE_BINDING, binding.clone(), "b|ClusterRole/admin|5m|u1, u2|g|ns/sa");
        check(&crate::CLUSTER_ROLE_BINDING, binding, "b|ClusterRole/admin|5m|u1, u2|g|ns/sa");
    }
}
