//! What controllers ask of a pod: is it ready, for how long, is it still there, and which is the first to go.

use std::cmp::Reverse;
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

/// What pods are sorted by for their deletion, the one that is sooner missed last: the order in which upstream deletes (`ActivePodsWithRanks`). `neighbours` counts the related pods of each
/// node. Upstream lets the uid decide at once between ages of one magnitude, which is no order where some of them are equal; here all that is compared later decides first.
pub(crate) fn deletion_key(pod: &Pod, neighbours: &BTreeMap<String, usize>, now: Timestamp) -> impl Ord + use<> {
    let rank = node(pod).and_then(|node| neighbours.get(node)).copied().unwrap_or_default();
    let progress = match phase(pod) {
        "Pending" => 0,
        "Running" => 2,
        _ => 1,
    };
    let ready = is_ready(pod);
    let created = pod.metadata.creation_timestamp.as_ref().map(|time| time.0);
    let age_when_ready = ready.then(|| age(ready_since(pod), now));
    let uid = pod.metadata.uid.clone();
    let ages = (age_when_ready, Reverse(restarts(pod)), age(created, now), uid);
    (node(pod).is_some(), progress, ready, deletion_cost(pod), Reverse(rank), ages)
}

/// The magnitude of an age, so that the youngest is not always the victim. An unknown time counts as the latest.
fn age(since: Option<Timestamp>, now: Timestamp) -> Option<i64> {
    since.map(|since| match now.duration_since(since).as_nanos() {
        nanos if nanos > 0 => i64::from(nanos.ilog2()),
        _ => -1,
    })
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
                assert!(deletion_key(left, &neighbours, now) < deletion_key(right, &neighbours, now), "{names:?}");
            }
        }
    }

    /// A set of many pods that became ready at a few times: whatever they are sorted by has to be an order.
    #[test]
    fn many_pods_have_an_order() {
        let now: Timestamp = "2024-01-10T00:00:00Z".parse().unwrap();
        let mut pods: Vec<Pod> = (0..200)
            .map(|number| {
                let uid = format!("{:03}", number * 77 % 200);
                ready(&uid, &format!("2024-01-09T23:59:{:02}Z", 40 + number % 7), "n1", serde_json::json!({}), number % 3)
            })
            .collect();
        pods.sort_by_cached_key(|pod| deletion_key(pod, &BTreeMap::new(), now));
        let restarted: Vec<i32> = pods.iter().map(restarts).collect();
        // ages are of two magnitudes; in each, those that restarted most go first
        assert_eq!(restarted.windows(2).filter(|pair| pair[0] < pair[1]).count(), 1, "{restarted:?}");
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
