//! Which pods a node's NoExecute taints drive out, and when.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Node, Pod, PodCondition, Taint, Toleration};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use runtime::{Action, Announcement, Patch, Plan};
use serde_json::json;

#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) pod: Arc<Pod>,
    pub(super) node: Arc<Node>,
}

pub(super) fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let pod = &*snapshot.pod;
    if pod.metadata.deletion_timestamp.is_some() {
        return Plan::default();
    }
    match leaves_at(&snapshot.node, pod, now) {
        None => Plan::default(),
        Some(at) if at > now => Plan { actions: Vec::new(), requeue_at: Some(at) },
        Some(_) => Plan { actions: evict(pod, now), requeue_at: None },
    }
}

/// When the pod has to go; `None` where it may stay.
fn leaves_at(node: &Node, pod: &Pod, now: Timestamp) -> Option<Timestamp> {
    let taints = node.spec.as_ref().and_then(|spec| spec.taints.as_deref()).unwrap_or_default();
    let tolerations = pod.spec.as_ref().and_then(|spec| spec.tolerations.as_deref()).unwrap_or_default();
    let leaves = |taint: &Taint| {
        let since = taint.time_added.as_ref().map_or(now, |time| time.0);
        let tolerating: Vec<&Toleration> = tolerations.iter().filter(|toleration| tolerates(toleration, taint)).collect();
        if tolerating.is_empty() {
            return Some(now);
        }
        let seconds = tolerating.iter().filter_map(|toleration| toleration.toleration_seconds).min()?;
        since.checked_add(SignedDuration::from_secs(seconds.max(0))).ok()
    };
    taints.iter().filter(|taint| taint.effect == "NoExecute").filter_map(leaves).min()
}

pub(super) fn tolerates(toleration: &Toleration, taint: &Taint) -> bool {
    let key = toleration.key.as_deref().unwrap_or_default();
    let matches_effect = toleration.effect.as_deref().is_none_or(|effect| effect.is_empty() || effect == taint.effect);
    let matches_key = key.is_empty() || key == taint.key;
    let matches_value = match toleration.operator.as_deref() {
        Some("Exists") => true,
        None | Some("" | "Equal") => {
            !key.is_empty() && toleration.value.as_deref().unwrap_or_default() == taint.value.as_deref().unwrap_or_default()
        }
        Some(_) => false,
    };
    matches_effect && matches_key && matches_value
}

fn evict(pod: &Pod, now: Timestamp) -> Vec<Action> {
    let (namespace, name) = (pod.metadata.namespace.as_deref().unwrap_or_default(), pod.metadata.name.as_deref().unwrap_or_default());
    let condition = PodCondition {
        type_: "DisruptionTarget".to_owned(),
        status: "True".to_owned(),
        reason: Some("DeletionByTaintManager".to_owned()),
        message: Some("Taint manager: deleting due to NoExecute taint".to_owned()),
        last_transition_time: Some(Time(api::time::truncated(now))),
        ..Default::default()
    };
    let patch = json!({"metadata": {"uid": pod.metadata.uid}, "status": {"conditions": [condition]}});
    let told =
        Announcement::normal(&runtime::reference(pod), "TaintManagerEviction", format!("Marking for deletion Pod {namespace}/{name}"));
    vec![Action::patch_status::<Pod>(namespace, name, Patch::Strategic(patch)).announcing(told), Action::delete(pod)]
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn check(taints: Value, tolerations: Value, expected: Option<i64>) {
        let node: Node = serde_json::from_value(json!({"spec": {"taints": taints}})).unwrap();
        let pod: Pod = serde_json::from_value(json!({"spec": {"containers": [], "tolerations": tolerations}})).unwrap();
        let now = Timestamp::from_second(1000).unwrap();
        assert_eq!(leaves_at(&node, &pod, now).map(Timestamp::as_second), expected, "{taints} {tolerations}");
    }

    #[test]
    fn who_leaves_and_when() {
        let unreachable = json!({"key": "node.kubernetes.io/unreachable", "effect": "NoExecute", "timeAdded": "1970-01-01T00:15:00Z"});
        let other = json!({"key": "other", "value": "x", "effect": "NoExecute"});
        let tolerated = |seconds: Value| json!({"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": seconds});
        check(json!([]), json!([]), None);
        check(json!([{"key": "a", "effect": "NoSchedule"}]), json!([]), None);
        check(json!([unreachable]), json!([]), Some(1000));
        check(json!([unreachable]), json!([tolerated(json!(300))]), Some(1200));
        check(json!([unreachable]), json!([tolerated(json!(null))]), None);
        check(json!([unreachable]), json!([{"operator": "Exists"}]), None);
        check(json!([unreachable, other]), json!([tolerated(json!(300))]), Some(1000));
        check(json!([other]), json!([{"key": "other", "value": "x"}]), None);
        check(json!([other]), json!([{"key": "other", "value": "y"}]), Some(1000));
        check(json!([unreachable]), json!([tolerated(json!(0))]), Some(900));
    }
}
