//! What controllers ask of a pod: is it ready, for how long, is it still there, and which is the first to go.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Pod, PodCondition, PodTemplateSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};

/// The annotation by which a user ranks pods for deletion.
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";

pub(crate) fn phase(pod: &Pod) -> &str {
    pod.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or_default()
}

/// Neither finished nor being deleted.
pub(crate) fn is_active(pod: &Pod) -> bool {
    !is_finished(pod) && pod.metadata.deletion_timestamp.is_none()
}

pub(crate) fn is_finished(pod: &Pod) -> bool {
    matches!(phase(pod), "Succeeded" | "Failed")
}

/// Being deleted while its containers may still run.
pub(crate) fn is_terminating(pod: &Pod) -> bool {
    !is_finished(pod) && pod.metadata.deletion_timestamp.is_some()
}

pub(crate) fn condition<'a>(pod: &'a Pod, kind: &str) -> Option<&'a PodCondition> {
    pod.status.as_ref()?.conditions.as_ref()?.iter().find(|condition| condition.type_ == kind)
}

pub(crate) fn is_ready(pod: &Pod) -> bool {
    condition(pod, "Ready").is_some_and(|ready| ready.status == "True")
}

/// Since when the pod is ready.
pub(crate) fn ready_since(pod: &Pod) -> Option<Timestamp> {
    condition(pod, "Ready").filter(|ready| ready.status == "True")?.last_transition_time.as_ref().map(|time| time.0)
}

/// When the pod has been ready for `min_ready_seconds`: `None` where it is not ready at all.
pub(crate) fn available_at(pod: &Pod, min_ready_seconds: i32) -> Option<Timestamp> {
    if !is_ready(pod) {
        return None;
    }
    if min_ready_seconds <= 0 {
        return Some(Timestamp::MIN);
    }
    ready_since(pod)?.checked_add(SignedDuration::from_secs(min_ready_seconds.into())).ok()
}

pub(crate) fn is_available(pod: &Pod, min_ready_seconds: i32, now: Timestamp) -> bool {
    available_at(pod, min_ready_seconds).is_some_and(|at| at <= now)
}

/// The pod that a template describes, with a name that the server completes.
pub(crate) fn from_template(template: &PodTemplateSpec, owner: &ObjectMeta, reference: OwnerReference) -> Pod {
    let meta = template.metadata.clone().unwrap_or_default();
    let name = owner.name.as_deref().unwrap_or_default();
    let prefix = format!("{name}-");
    // An owner whose name is none for a pod: the server will say so.
    let generate_name = if api::names::dns1123_subdomain(&prefix, true).is_empty() { prefix } else { name.to_owned() };
    Pod {
        metadata: ObjectMeta {
            namespace: owner.namespace.clone(),
            generate_name: Some(generate_name),
            labels: meta.labels,
            annotations: meta.annotations,
            finalizers: meta.finalizers,
            owner_references: Some(vec![reference]),
            ..Default::default()
        },
        spec: template.spec.clone(),
        status: None,
    }
}

/// How many of these active pods each node runs.
pub(crate) fn count_by_node<'a>(pods: impl IntoIterator<Item = &'a Arc<Pod>>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for pod in pods.into_iter().filter(|pod| is_active(pod)) {
        if let Some(node) = node(pod) {
            *counts.entry(node.to_owned()).or_default() += 1;
        }
    }
    counts
}

pub(crate) fn node(pod: &Pod) -> Option<&str> {
    pod.spec.as_ref()?.node_name.as_deref().filter(|node| !node.is_empty())
}

/// The pod that is sooner missed comes last: the order in which upstream deletes (`ActivePodsWithRanks`). `neighbours` counts the related pods of each node.
pub(crate) fn deletion_order(left: &Pod, right: &Pod, neighbours: &BTreeMap<String, usize>, now: Timestamp) -> Ordering {
    let rank = |pod: &Pod| node(pod).and_then(|node| neighbours.get(node)).copied().unwrap_or_default();
    let progress = |pod: &Pod| match phase(pod) {
        "Pending" => 0,
        "Running" => 2,
        _ => 1,
    };
    let created = |pod: &Pod| pod.metadata.creation_timestamp.as_ref().map(|time| time.0);
    node(left)
        .is_some()
        .cmp(&node(right).is_some())
        .then_with(|| progress(left).cmp(&progress(right)))
        .then_with(|| is_ready(left).cmp(&is_ready(right)))
        .then_with(|| deletion_cost(left).cmp(&deletion_cost(right)))
        .then_with(|| rank(right).cmp(&rank(left)))
        .then_with(|| match (is_ready(left), is_ready(right)) {
            (true, true) => younger_first(ready_since(left), ready_since(right), left, right, now),
            _ => Ordering::Equal,
        })
        .then_with(|| restarts(right).cmp(&restarts(left)))
        .then_with(|| younger_first(created(left), created(right), left, right, now))
}

/// Ages are compared by their magnitude; within one, the uid decides, so that the youngest is not always the victim.
fn younger_first(left: Option<Timestamp>, right: Option<Timestamp>, left_pod: &Pod, right_pod: &Pod, now: Timestamp) -> Ordering {
    match (left, right) {
        (left, right) if left == right => Ordering::Equal,
        // An unknown time counts as the latest.
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(left), Some(right)) => {
            let magnitude = |at: Timestamp| match now.duration_since(at).as_nanos() {
                nanos if nanos > 0 => i64::from(nanos.ilog2()),
                _ => -1,
            };
            magnitude(left).cmp(&magnitude(right)).then_with(|| left_pod.metadata.uid.cmp(&right_pod.metadata.uid))
        }
    }
}

fn deletion_cost(pod: &Pod) -> i32 {
    pod.metadata.annotations.as_ref().and_then(|annotations| annotations.get(DELETION_COST)?.parse().ok()).unwrap_or_default()
}

/// The most restarts of one of its containers.
fn restarts(pod: &Pod) -> i32 {
    let status = pod.status.as_ref();
    let containers = status.and_then(|status| status.container_statuses.as_deref()).unwrap_or_default();
    containers.iter().map(|container| container.restart_count).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(value: serde_json::Value) -> Pod {
        serde_json::from_value(value).unwrap()
    }
    fn ready(uid: &str, since: &str, node: &str, annotations: serde_json::Value, restarts: i32) -> Pod {
        pod(serde_json::json!({
            "metadata": {"uid": uid, "annotations": annotations, "creationTimestamp": "2024-01-01T00:00:00Z"},
            "spec": {"nodeName": node, "containers": []},
            "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": since}],
                "containerStatuses": [{"name": "c", "image": "", "imageID": "", "ready": true, "restartCount": restarts}]},
        }))
    }

    /// Each pod goes before the next: the rows of upstream's TestSortingActivePodsWithRanks, in our words.
    #[test]
    fn who_goes_first() {
        let now: Timestamp = "2024-01-10T00:00:00Z".parse().unwrap();
        let at = |text: &str, uid: &str| ready(uid, text, "n1", serde_json::json!({}), 0);
        let pods = [
            pod(serde_json::json!({"metadata": {"uid": "unassigned"}, "status": {"phase": "Pending"}})),
            pod(
                serde_json::json!({"metadata": {"uid": "pending"}, "spec": {"nodeName": "n1", "containers": []}, "status": {"phase": "Pending"}}),
            ),
            pod(
                serde_json::json!({"metadata": {"uid": "unknown"}, "spec": {"nodeName": "n1", "containers": []}, "status": {"phase": "Unknown"}}),
            ),
            pod(
                serde_json::json!({"metadata": {"uid": "unready"}, "spec": {"nodeName": "n1", "containers": []}, "status": {"phase": "Running"}}),
            ),
            ready("cheap", "2024-01-05T00:00:00Z", "n1", serde_json::json!({DELETION_COST: "-5"}), 0),
            ready("crowded", "2024-01-05T00:00:00Z", "n2", serde_json::json!({}), 0),
            at("2024-01-09T23:00:00Z", "z just ready"),
            ready("restarted", "2024-01-05T00:00:00Z", "n1", serde_json::json!({}), 3),
            at("2024-01-05T00:00:00Z", "plain"),
            ready("dear", "2024-01-05T00:00:00Z", "n1", serde_json::json!({DELETION_COST: "10"}), 0),
        ];
        let neighbours = BTreeMap::from([("n1".to_owned(), 1), ("n2".to_owned(), 2)]);
        for (place, left) in pods.iter().enumerate() {
            for right in &pods[place + 1..] {
                let names = (&left.metadata.uid, &right.metadata.uid);
                assert_eq!(deletion_order(left, right, &neighbours, now), Ordering::Less, "{names:?}");
                assert_eq!(deletion_order(right, left, &neighbours, now), Ordering::Greater, "{names:?}");
            }
        }
    }

    #[test]
    fn availability_takes_time() {
        let now: Timestamp = "2024-01-01T00:01:00Z".parse().unwrap();
        let pod = ready("a", "2024-01-01T00:00:50Z", "n", serde_json::json!({}), 0);
        assert!(is_available(&pod, 0, now) && is_available(&pod, 10, now) && !is_available(&pod, 11, now));
        assert_eq!(available_at(&pod, 11).unwrap().to_string(), "2024-01-01T00:01:01Z");
    }

    #[test]
    fn pod_names_follow_the_owner() {
        let owner = |name: &str| ObjectMeta { name: Some(name.to_owned()), ..Default::default() };
        let name = |name: &str| {
            from_template(&PodTemplateSpec::default(), &owner(name), controller_reference_of(name)).metadata.generate_name.unwrap()
        };
        assert_eq!(name("web"), "web-");
        assert_eq!(name("Web"), "Web");
    }
    fn controller_reference_of(name: &str) -> OwnerReference {
        OwnerReference { name: name.to_owned(), ..Default::default() }
    }
}
