//! `create rolebinding` and `create clusterrolebinding`.

use serde_json::{Value, json};

use super::{CommonFlags, failed, one_name};
use crate::error::{CommandError, Result};
use crate::session::Session;

const RBAC: &str = "rbac.authorization.k8s.io";

/// Who gets the role.
#[derive(clap::Args, Debug)]
struct Subjects {
    /// Groups to bind to the role. The flag can be repeated to add multiple groups.
    #[arg(long)]
    group: Vec<String>,
    /// Service accounts to bind to the role, in the format <namespace>:<name>. The flag can be repeated to add multiple service accounts.
    #[arg(long)]
    serviceaccount: Vec<String>,
    /// Usernames to bind to the role. The flag can be repeated to add multiple users.
    // It takes the place of the global flag of this name, as in kubectl; what the parser hands to that one is taken back.
    #[arg(long = "user", id = "user")]
    users: Vec<String>,
}

#[derive(clap::Args, Debug)]
pub struct Args {
    name: Vec<String>,
    #[command(flatten)]
    subjects: Subjects,
    /// ClusterRole this RoleBinding should reference
    #[arg(long, default_value = "", hide_default_value = true)]
    clusterrole: String,
    /// Role this RoleBinding should reference
    #[arg(long, default_value = "", hide_default_value = true)]
    role: String,
    #[command(flatten)]
    common: CommonFlags,
}

#[derive(clap::Args, Debug)]
pub struct ClusterArgs {
    name: Vec<String>,
    #[command(flatten)]
    subjects: Subjects,
    /// ClusterRole this ClusterRoleBinding should reference
    #[arg(long)]
    clusterrole: Option<String>,
    #[command(flatten)]
    common: CommonFlags,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        session.globals.user = None;
        let name = one_name(session, &self.name, "rolebinding")?;
        if self.clusterrole.is_empty() == self.role.is_empty() {
            return Err(CommandError::message("exactly one of clusterrole or role must be specified"));
        }
        let (kind, role) = if self.role.is_empty() { ("ClusterRole", &self.clusterrole) } else { ("Role", &self.role) };
        let object = self.subjects.binding("RoleBinding", &name, kind, role)?;
        self.common.create_described(session, object).await.map_err(failed("rolebinding"))
    }
}

impl ClusterArgs {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let Some(role) = &self.clusterrole else {
            return Err(CommandError::message("required flag(s) \"clusterrole\" not set"));
        };
        session.globals.user = None;
        let name = one_name(session, &self.name, "clusterrolebinding")?;
        let object = self.subjects.binding("ClusterRoleBinding", &name, "ClusterRole", role)?;
        self.common.create_described(session, object).await.map_err(failed("clusterrolebinding"))
    }
}

impl Subjects {
    fn binding(&self, kind: &str, name: &str, role_kind: &str, role: &str) -> Result<Value> {
        let mut object = json!({
            "apiVersion": format!("{RBAC}/v1"),
            "kind": kind,
            "metadata": {"name": name},
            "roleRef": {"apiGroup": RBAC, "kind": role_kind, "name": role},
        });
        let subjects = self.list()?;
        if !subjects.is_empty() {
            object["subjects"] = Value::Array(subjects);
        }
        Ok(object)
    }

    fn list(&self) -> Result<Vec<Value>> {
        let named = |kind: &'static str| move |name: &String| json!({"apiGroup": RBAC, "kind": kind, "name": name});
        let mut subjects: Vec<Value> = self.users.iter().map(named("User")).chain(self.group.iter().map(named("Group"))).collect();
        for account in &self.serviceaccount {
            match account.split(':').collect::<Vec<_>>()[..] {
                [namespace, name] if !namespace.is_empty() && !name.is_empty() => {
                    subjects.push(json!({"kind": "ServiceAccount", "name": name, "namespace": namespace}));
                }
                _ => return Err(CommandError::message("serviceaccount must be <namespace>:<name>")),
            }
        }
        Ok(subjects)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_of_three_kinds() {
        let subjects = Subjects { group: vec!["g".into()], serviceaccount: vec!["n:s".into()], users: vec!["u".into()] };
        assert_eq!(
            Value::Array(subjects.list().unwrap()),
            json!([
                {"apiGroup": RBAC, "kind": "User", "name": "u"},
                {"apiGroup": RBAC, "kind": "Group", "name": "g"},
                {"kind": "ServiceAccount", "name": "s", "namespace": "n"},
            ])
        );
        let bad = Subjects { group: vec![], serviceaccount: vec!["s".into()], users: vec![] };
        assert_eq!(bad.list().unwrap_err().to_string(), "error: serviceaccount must be <namespace>:<name>");
    }
}
