//! Aggregated cluster roles: a role with an `aggregationRule` holds the rules of all roles that it selects, `admin` those of `edit`, `edit` those of `view`.

use std::sync::Arc;

use api::labels::Selector;
use jiff::Timestamp;
use k8s_openapi::api::rbac::v1::{ClusterRole, PolicyRule};
use runtime::{Action, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;

/// As upstream's controller of the same name.
const WORKERS: usize = 5;

struct Aggregation {
    roles: Informer<ClusterRole>,
}

#[derive(Clone, Debug)]
struct Snapshot {
    role: Arc<ClusterRole>,
    /// By name.
    parts: Vec<Arc<ClusterRole>>,
}

/// | change | keys |
/// |---|---|
/// | ClusterRole | itself, and every ClusterRole that aggregates others |
pub(crate) async fn run(house: House) {
    let roles = house.informers.of::<ClusterRole>();
    let reconciler = Aggregation { roles: roles.clone() };
    let all = roles.clone();
    Controller::new(house, "clusterrole-aggregation-controller", WORKERS, reconciler)
        .on(&roles, move |_| all.list().iter().filter(|role| role.aggregation_rule.is_some()).map(|role| Key::of(&role.metadata)).collect())
        .run()
        .await;
}

impl Reconciler for Aggregation {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "clusterrole-aggregation-controller"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let role = self.roles.get("", &key.name)?;
        role.aggregation_rule.as_ref()?;
        let mut parts = self.roles.list();
        parts.retain(|part| part.metadata.name != role.metadata.name && selects(&role, part));
        parts.sort_by(|one, other| one.metadata.name.cmp(&other.metadata.name));
        Some(Snapshot { role, parts })
    }
    fn plan(&self, snapshot: &Snapshot, _now: Timestamp) -> Plan {
        plan(snapshot)
    }
}

fn selects(role: &ClusterRole, part: &ClusterRole) -> bool {
    let selectors = role.aggregation_rule.iter().flat_map(|rule| rule.cluster_role_selectors.iter().flatten());
    selectors
        .into_iter()
        .filter_map(|selector| Selector::from_label_selector(Some(selector)).ok())
        .any(|selector| selector.matches(part.metadata.labels.as_ref()))
}

fn plan(snapshot: &Snapshot) -> Plan {
    let mut rules: Vec<PolicyRule> = Vec::new();
    for rule in snapshot.parts.iter().flat_map(|part| part.rules.iter().flatten()) {
        if !rules.contains(rule) {
            rules.push(rule.clone());
        }
    }
    if snapshot.role.rules.as_deref().unwrap_or_default() == rules {
        return Plan::default();
    }
    let role = ClusterRole { rules: Some(rules), ..(*snapshot.role).clone() };
    Plan { actions: vec![Action::update(role)], requeue_at: None }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn role(value: Value) -> Arc<ClusterRole> {
        Arc::new(serde_json::from_value(value).unwrap())
    }

    #[test]
    fn a_role_takes_in_those_that_it_selects() {
        let rule = |resource: &str| json!({"apiGroups": [""], "resources": [resource], "verbs": ["get"]});
        let whole = json!({"metadata": {"name": "view"}, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"to-view": "true"}}]}, "rules": [rule("old")]});
        let part = |name: &str, rules: Value| role(json!({"metadata": {"name": name, "labels": {"to-view": "true"}}, "rules": rules}));
        let parts = vec![part("a", json!([rule("pods")])), part("b", json!([rule("services"), rule("pods")]))];
        assert!(
            selects(&role(whole.clone()), &parts[0])
                && !selects(&role(whole.clone()), &role(json!({"metadata": {"name": "c"}, "rules": []})))
        );
        let planned = plan(&Snapshot { role: role(whole), parts: parts.clone() });
        let written: &ClusterRole = planned.actions[0].object().unwrap();
        let resources: Vec<&str> = written.rules.iter().flatten().map(|rule| rule.resources.as_ref().unwrap()[0].as_str()).collect();
        assert_eq!(resources, ["pods", "services"]);
        assert!(plan(&Snapshot { role: Arc::new(written.clone()), parts }).actions.is_empty());
    }
}
