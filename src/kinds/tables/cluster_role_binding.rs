//! Bindings of roles in all namespaces.

use jiff::Timestamp;
use k8s_openapi::api::rbac::v1::ClusterRoleBinding;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Role",
        "roleRef can only reference a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.",
    ),
    AGE,
    wide("Users", "Users in the clusterRoleBinding"),
    wide("Groups", "Groups in the clusterRoleBinding"),
    wide("ServiceAccounts", "ServiceAccounts in the clusterRoleBinding"),
];

pub fn cells(binding: &ClusterRoleBinding, now: Timestamp) -> Vec<Cell> {
    let [users, groups, accounts] = super::role_binding::subjects(binding.subjects.as_deref().unwrap_or_default());
    row![name(binding), format!("{}/{}", binding.role_ref.kind, binding.role_ref.name), age(binding, now), users, groups, accounts]
}
