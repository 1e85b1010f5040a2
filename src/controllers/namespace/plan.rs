//! The end of a namespace: everything in it deleted, its state told in conditions, and at last its finalizer taken off.

use std::collections::BTreeMap;
use std::sync::Arc;

use client::Resource;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Event, Namespace, NamespaceCondition};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use runtime::{Action, Plan};

/// The finalizer that is this controller's.
const FINALIZER: &str = "kubernetes";

#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) namespace: Arc<Namespace>,
    /// By resource, also those without objects.
    pub(super) content: Vec<Content>,
}

#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) resource: Resource,
    pub(super) objects: Vec<ObjectMeta>,
}

pub(super) fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let namespace = &*snapshot.namespace;
    let name = namespace.metadata.name.as_deref().unwrap_or_default();
    let finalizers = namespace.spec.as_ref().and_then(|spec| spec.finalizers.clone()).unwrap_or_default();
    if namespace.metadata.deletion_timestamp.is_none() || !finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
        return Plan::default();
    }
    let mut actions = Vec::new();
    // Pods end before what they read and what protects them: as upstream orders it.
    let pods: Vec<&Content> = snapshot.content.iter().filter(|content| content.is_of_pods() && !content.objects.is_empty()).collect();
    let due = if pods.is_empty() { snapshot.content.iter().collect() } else { pods };
    if due.iter().all(|content| content.objects.is_empty()) {
        // Caches may be behind: what is found now starts this over.
        let resources = snapshot.content.iter().map(|content| content.resource.clone()).chain([Resource::of::<Event>()]);
        actions.extend(resources.map(|resource| Action::delete_collection(resource, name, true)));
        let mut finalized = namespace.clone();
        finalized.spec.get_or_insert_default().finalizers =
            Some(finalizers.into_iter().filter(|finalizer| finalizer != FINALIZER).collect());
        actions.push(Action::update_subresource(finalized, "finalize"));
    } else {
        let undeleted = |content: &&&Content| content.objects.iter().any(|meta| meta.deletion_timestamp.is_none());
        actions.extend(due.iter().filter(undeleted).map(|content| Action::delete_collection(content.resource.clone(), name, false)));
        actions.extend(write_conditions(namespace, &due, now));
    }
    Plan { actions, requeue_at: None }
}

impl Content {
    fn is_of_pods(&self) -> bool {
        self.resource.group.is_empty() && self.resource.plural == "pods"
    }
}

fn write_conditions(namespace: &Namespace, due: &[&Content], now: Timestamp) -> Option<Action> {
    let mut conditions = namespace.status.as_ref().and_then(|status| status.conditions.clone()).unwrap_or_default();
    for (kind, status, reason, message) in described(due) {
        set(&mut conditions, kind, status, reason, message, now);
    }
    let written = namespace.status.as_ref().and_then(|status| status.conditions.clone()).unwrap_or_default();
    if written == conditions {
        return None;
    }
    let mut namespace = namespace.clone();
    namespace.status.get_or_insert_default().conditions = Some(conditions);
    Some(Action::update_status(namespace))
}

/// Upstream's five conditions, in its words.
fn described(due: &[&Content]) -> [(&'static str, &'static str, &'static str, String); 5] {
    let text = str::to_owned;
    let mut remaining: Vec<String> = due
        .iter()
        .filter(|content| !content.objects.is_empty())
        .map(|content| format!("{}.{} has {} resource instances", content.resource.plural, content.resource.group, content.objects.len()))
        .collect();
    remaining.sort();
    let mut finalizers: BTreeMap<&str, usize> = BTreeMap::new();
    for finalizer in due.iter().flat_map(|content| &content.objects).flat_map(|meta| meta.finalizers.iter().flatten()) {
        *finalizers.entry(finalizer).or_default() += 1;
    }
    let finalizers: Vec<String> =
        finalizers.iter().map(|(finalizer, count)| format!("{finalizer} in {count} resource instances")).collect();
    [
        ("NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", text("All resources successfully discovered")),
        ("NamespaceDeletionGroupVersionParsingFailure", "False", "ParsedGroupVersions", text("All legacy kube types successfully parsed")),
        (
            "NamespaceDeletionContentFailure",
            "False",
            "ContentDeleted",
            text("All content successfully deleted, may be waiting on finalization"),
        ),
        if remaining.is_empty() {
            ("NamespaceContentRemaining", "False", "ContentRemoved", text("All content successfully removed"))
        } else {
            ("NamespaceContentRemaining", "True", "SomeResourcesRemain", format!("Some resources are remaining: {}", remaining.join(", ")))
        },
        if finalizers.is_empty() {
            ("NamespaceFinalizersRemaining", "False", "ContentHasNoFinalizers", text("All content-preserving finalizers finished"))
        } else {
            let message = format!("Some content in the namespace has finalizers remaining: {}", finalizers.join(", "));
            ("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain", message)
        },
    ]
}

fn set(conditions: &mut Vec<NamespaceCondition>, kind: &str, status: &str, reason: &str, message: String, now: Timestamp) {
    let found = conditions.iter_mut().find(|condition| condition.type_ == kind);
    let now = Some(Time(api::time::truncated(now)));
    match found {
        Some(condition) => {
            if condition.status != status {
                condition.last_transition_time = now;
            }
            condition.status = status.to_owned();
            condition.reason = Some(reason.to_owned());
            condition.message = Some(message);
        }
        None => conditions.push(NamespaceCondition {
            type_: kind.to_owned(),
            status: status.to_owned(),
            last_transition_time: now,
            reason: Some(reason.to_owned()),
            message: Some(message),
        }),
    }
}

#[cfg(test)]
mod tests {
    use runtime::Verb;
    use serde_json::{Value, json};

    use super::*;

    fn snapshot(finalizers: Value, pods: Vec<Value>) -> Snapshot {
        let namespace: Namespace = serde_json::from_value(
            json!({"metadata": {"name": "n", "deletionTimestamp": "2024-01-01T00:00:00Z"}, "spec": {"finalizers": finalizers}}),
        )
        .unwrap();
        let content = |plural: &'static str, objects: Vec<Value>| Content {
            resource: Resource::new("", "v1", "X", plural, true),
            objects: objects.into_iter().map(|value| serde_json::from_value(value).unwrap()).collect(),
        };
        Snapshot { namespace: Arc::new(namespace), content: vec![content("secrets", vec![]), content("pods", pods)] }
    }
    fn told(plan: &Plan) -> Vec<String> {
        let told = |action: &Action| match &action.verb {
            Verb::DeleteCollection { expect_empty } => format!("delete all {} empty={expect_empty}", action.resource.plural),
            Verb::Update { subresource, .. } => format!("update {subresource}"),
            other => format!("{other:?}"),
        };
        plan.actions.iter().map(told).collect()
    }

    #[test]
    fn content_goes_first_and_is_told() {
        let now: Timestamp = "2024-01-01T00:00:05Z".parse().unwrap();
        let with_pods = snapshot(
            json!(["kubernetes"]),
            vec![json!({"name": "a"}), json!({"name": "b", "deletionTimestamp": "2024-01-01T00:00:00Z", "finalizers": ["x/y"]})],
        );
        let planned = plan(&with_pods, now);
        assert_eq!(told(&planned), ["delete all pods empty=false", "update status"]);
        let written: &Namespace = planned.actions[1].object().unwrap();
        let conditions = written.status.clone().unwrap().conditions.unwrap();
        let words: Vec<String> = conditions
            .iter()
            .map(|condition| {
                format!(
                    "{} {} {}: {}",
                    condition.type_,
                    condition.status,
                    condition.reason.as_ref().unwrap(),
                    condition.message.as_ref().unwrap()
                )
            })
            .collect();
        assert_eq!(
            words,
            [
                "NamespaceDeletionDiscoveryFailure False ResourcesDiscovered: All resources successfully discovered",
                "NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions: All legacy kube types successfully parsed",
                "NamespaceDeletionContentFailure False ContentDeleted: All content successfully deleted, may be waiting on finalization",
                "NamespaceContentRemaining True SomeResourcesRemain: Some resources are remaining: pods. has 2 resource instances",
                "NamespaceFinalizersRemaining True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: x/y in 1 resource instances",
            ]
        );
        let after = Snapshot { namespace: Arc::new(written.clone()), content: with_pods.content };
        assert_eq!(told(&plan(&after, now)), ["delete all pods empty=false"], "nothing new to tell");
    }

    #[test]
    fn pods_go_before_everything_else() {
        let now = Timestamp::UNIX_EPOCH;
        let held = json!({"name": "b", "deletionTimestamp": "2024-01-01T00:00:00Z", "finalizers": ["x/y"]});
        let mut both = snapshot(json!(["kubernetes"]), vec![held]);
        both.content[0].objects.push(serde_json::from_value(json!({"name": "s"})).unwrap());
        let planned = plan(&both, now);
        assert_eq!(told(&planned), ["update status"]);
        let written: &Namespace = planned.actions[0].object().unwrap();
        let told_of = written
            .status
            .clone()
            .unwrap()
            .conditions
            .unwrap()
            .iter()
            .find_map(|condition| condition.message.clone().filter(|_| condition.type_ == "NamespaceContentRemaining"));
        assert_eq!(told_of.as_deref(), Some("Some resources are remaining: pods. has 1 resource instances"));
        both.content[1].objects.clear();
        assert_eq!(told(&plan(&both, now))[0], "delete all secrets empty=false");
    }

    #[test]
    fn an_empty_namespace_is_finalized() {
        let planned = plan(&snapshot(json!(["kubernetes", "mine"]), vec![]), Timestamp::UNIX_EPOCH);
        assert_eq!(
            told(&planned),
            ["delete all secrets empty=true", "delete all pods empty=true", "delete all events empty=true", "update finalize"]
        );
        let written: &Namespace = planned.actions[3].object().unwrap();
        assert_eq!(written.spec.clone().unwrap().finalizers, Some(vec!["mine".to_owned()]));
        assert!(plan(&snapshot(json!(["mine"]), vec![]), Timestamp::UNIX_EPOCH).actions.is_empty());
    }
}
