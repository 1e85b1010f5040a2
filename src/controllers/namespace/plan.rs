//! The end of a namespace: everything in it deleted, its state told in conditions, and at last its finalizer taken off.

use std::collections::BTreeMap;
use std::sync::Arc;

use client::Resource;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Event, Namespace, NamespaceCondition};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use runtime::{Action, Failure, Plan, Verb};

/// The finalizer that is this controller's.
const FINALIZER: &str = "kubernetes";

#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) namespace: Arc<Namespace>,
    /// By resource, also those without objects.
    pub(super) content: Vec<Content>,
    /// Group versions of which is not known what they hold.
    pub(super) failing: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) resource: Resource,
    pub(super) objects: Vec<ObjectMeta>,
    /// The objects are those that there are; otherwise they are not known.
    pub(super) listed: bool,
    /// All of a namespace can be deleted in one request.
    pub(super) by_collection: bool,
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
    let is_empty = |content: &Content| content.objects.is_empty() && (content.listed || content.by_collection);
    if snapshot.failing.is_empty() && due.iter().all(|content| is_empty(content)) {
        // Caches may be behind: what is found now starts this over.
        let resources = snapshot.content.iter().filter(|content| content.by_collection).map(|content| content.resource.clone());
        actions.extend(resources.chain([Resource::of::<Event>()]).map(|resource| Action::delete_collection(resource, name, true)));
        let mut finalized = namespace.clone();
        finalized.spec.get_or_insert_default().finalizers =
            Some(finalizers.into_iter().filter(|finalizer| finalizer != FINALIZER).collect());
        actions.push(Action::update_subresource(finalized, "finalize"));
    } else {
        actions.extend(due.iter().flat_map(|content| content.deletions(name)));
        actions.extend(write_conditions(namespace, &described(&due, &snapshot.failing, &[]), now));
    }
    Plan { actions, requeue_at: None }
}

impl Content {
    fn is_of_pods(&self) -> bool {
        self.resource.group.is_empty() && self.resource.plural == "pods"
    }
    /// Of all that nobody has deleted yet.
    fn deletions(&self, namespace: &str) -> Vec<Action> {
        let mut undeleted = self.objects.iter().filter(|meta| meta.deletion_timestamp.is_none()).peekable();
        if undeleted.peek().is_some() && self.by_collection {
            return vec![Action::delete_collection(self.resource.clone(), namespace, false)];
        }
        let one_by_one = undeleted.map(|meta| {
            let verb = Verb::Delete { uid: meta.uid.clone(), resource_version: None, propagation: Some("Background"), grace_seconds: None };
            Action::delete_resource(self.resource.clone(), namespace, meta.name.as_deref().unwrap_or_default(), verb)
        });
        one_by_one.collect()
    }
}

/// Tells of what could not be deleted.
pub(super) fn settle(snapshot: &Snapshot, failures: &[Failure], now: Timestamp) -> Vec<Action> {
    let planned = plan(snapshot, now).actions;
    let is_deletion = |action: &Action| matches!(action.verb, Verb::Delete { .. } | Verb::DeleteCollection { .. });
    let deletions = failures.iter().filter(|failure| planned.get(failure.index).is_some_and(is_deletion));
    let messages: Vec<&str> = deletions.map(|failure| failure.error.message()).collect();
    if messages.is_empty() {
        return Vec::new();
    }
    let content: Vec<&Content> = snapshot.content.iter().collect();
    write_conditions(&snapshot.namespace, &described(&content, &snapshot.failing, &messages), now).into_iter().collect()
}

fn write_conditions(namespace: &Namespace, described: &[Described; 5], now: Timestamp) -> Option<Action> {
    let mut conditions = namespace.status.as_ref().and_then(|status| status.conditions.clone()).unwrap_or_default();
    for (kind, status, reason, message) in described {
        set(&mut conditions, kind, status, reason, message.clone(), now);
    }
    let written = namespace.status.as_ref().and_then(|status| status.conditions.clone()).unwrap_or_default();
    if written == conditions {
        return None;
    }
    let mut namespace = namespace.clone();
    namespace.status.get_or_insert_default().conditions = Some(conditions);
    Some(Action::update_status(namespace))
}

/// Type, status, reason and message of a condition.
type Described = (&'static str, &'static str, &'static str, String);

/// Upstream's five conditions, in its words.
fn described(due: &[&Content], failing: &[String], undeleted: &[&str]) -> [Described; 5] {
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
        if failing.is_empty() {
            ("NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", text("All resources successfully discovered"))
        } else {
            let groups: Vec<String> = failing.iter().map(|name| format!("{name}: stale GroupVersion discovery: {name}")).collect();
            let error = format!("unable to retrieve the complete list of server APIs: {}", groups.join(", "));
            let message = format!("Discovery failed for some groups, {} failing: {error}", failing.len());
            ("NamespaceDeletionDiscoveryFailure", "True", "DiscoveryFailed", message)
        },
        ("NamespaceDeletionGroupVersionParsingFailure", "False", "ParsedGroupVersions", text("All legacy kube types successfully parsed")),
        if undeleted.is_empty() {
            let message = text("All content successfully deleted, may be waiting on finalization");
            ("NamespaceDeletionContentFailure", "False", "ContentDeleted", message)
        } else {
            let mut errors = undeleted.to_vec();
            errors.sort_unstable();
            let message = format!("Failed to delete all resource types, {} remaining: {}", errors.len(), errors.join(", "));
            ("NamespaceDeletionContentFailure", "True", "ContentDeletionFailed", message)
        },
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
            listed: true,
            by_collection: true,
        };
        Snapshot { namespace: Arc::new(namespace), content: vec![content("secrets", vec![]), content("pods", pods)], failing: Vec::new() }
    }
    fn told(plan: &Plan) -> Vec<String> {
        let told = |action: &Action| match &action.verb {
            Verb::DeleteCollection { expect_empty } => format!("delete all {} empty={expect_empty}", action.resource.plural),
            Verb::Update { subresource, .. } => format!("update {subresource}"),
            Verb::Delete { uid, .. } => format!("delete {} {}", action.name, uid.as_deref().unwrap_or_default()),
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
        let after = Snapshot { namespace: Arc::new(written.clone()), ..with_pods };
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

    fn condition(action: &Action, kind: &str) -> String {
        let written: &Namespace = action.object().unwrap();
        let found = written.status.clone().unwrap().conditions.unwrap().into_iter().find(|condition| condition.type_ == kind).unwrap();
        format!("{} {}: {}", found.status, found.reason.unwrap(), found.message.unwrap())
    }

    #[test]
    fn what_nobody_tells_of_holds_the_end_up() {
        let mut waiting = snapshot(json!(["kubernetes"]), vec![]);
        waiting.failing = vec!["a.io/v1".to_owned(), "metrics.k8s.io/v1beta1".to_owned()];
        let planned = plan(&waiting, Timestamp::UNIX_EPOCH);
        assert_eq!(told(&planned), ["update status"]);
        assert_eq!(
            condition(&planned.actions[0], "NamespaceDeletionDiscoveryFailure"),
            "True DiscoveryFailed: Discovery failed for some groups, 2 failing: unable to retrieve the complete list of server APIs: \
             a.io/v1: stale GroupVersion discovery: a.io/v1, metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1"
        );
        waiting.failing.clear();
        waiting.content[0].listed = false;
        assert_eq!(told(&plan(&waiting, Timestamp::UNIX_EPOCH)).len(), 4, "one request shows that there is nothing");
        waiting.content[0].by_collection = false;
        assert_eq!(told(&plan(&waiting, Timestamp::UNIX_EPOCH)), ["update status"], "nothing shows it");
    }

    #[test]
    fn what_has_no_deletion_of_collections_goes_one_by_one() {
        let mut each = snapshot(json!(["kubernetes"]), vec![]);
        each.content[0].by_collection = false;
        let gone = json!({"name": "b", "uid": "2", "deletionTimestamp": "2024-01-01T00:00:00Z", "finalizers": ["x/y"]});
        each.content[0].objects =
            [json!({"name": "a", "uid": "1"}), gone].into_iter().map(|meta| serde_json::from_value(meta).unwrap()).collect();
        assert_eq!(told(&plan(&each, Timestamp::UNIX_EPOCH)), ["delete a 1", "update status"]);
        each.content[0].objects.clear();
        assert_eq!(
            told(&plan(&each, Timestamp::UNIX_EPOCH)),
            ["delete all pods empty=true", "delete all events empty=true", "update finalize"]
        );
    }

    #[test]
    fn what_can_not_be_deleted_is_told() {
        let mut stuck = snapshot(json!(["kubernetes"]), vec![]);
        stuck.content[0].objects.push(serde_json::from_value(json!({"name": "a"})).unwrap());
        let failure = |index: usize| Failure { index, error: api::ApiError::new(503, "ServiceUnavailable", "not now") };
        let settled = settle(&stuck, &[failure(0)], Timestamp::UNIX_EPOCH);
        assert_eq!(
            condition(&settled[0], "NamespaceDeletionContentFailure"),
            "True ContentDeletionFailed: Failed to delete all resource types, 1 remaining: not now"
        );
        assert!(settle(&stuck, &[failure(1)], Timestamp::UNIX_EPOCH).is_empty(), "the status itself");
    }
}
