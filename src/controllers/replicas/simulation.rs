//! Plans applied to their own snapshot until nothing is left to do, with the bounds checked on the way; and the words of conditions and Events.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::core::v1::ReplicationController;
use proptest::prelude::*;
use runtime::{Failure, Verb};
use serde_json::{Value, json};

use super::plan::{Snapshot, plan, settle};
use super::*;

const NOW: &str = "2024-01-01T01:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn set(replicas: i32, status: Value) -> Arc<ReplicaSet> {
    Arc::new(
        serde_json::from_value(json!({
            "metadata": {"namespace": "n", "name": "web", "uid": "set", "generation": 2},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}},
                "template": {"metadata": {"labels": {"app": "web", "tier": "front"}}, "spec": {"containers": []}}},
            "status": status,
        }))
        .unwrap(),
    )
}

fn pod(name: &str, labels: Value, owned: bool, phase: &str, ready: bool) -> Arc<Pod> {
    let owners = if owned {
        json!([{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "set", "controller": true}])
    } else {
        json!([])
    };
    Arc::new(
        serde_json::from_value(json!({
            "metadata": {"namespace": "n", "name": name, "uid": name, "labels": labels, "ownerReferences": owners, "creationTimestamp": "2024-01-01T00:00:00Z"},
            "spec": {"containers": [], "nodeName": "n1"},
            "status": {"phase": phase, "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }, "lastTransitionTime": "2024-01-01T00:00:00Z"}]},
        }))
        .unwrap(),
    )
}

fn snapshot(set: Arc<ReplicaSet>, pods: Vec<Arc<Pod>>) -> Snapshot {
    Snapshot { set: Set::of_replica_set(set).unwrap(), neighbours: pods::count_by_node(&pods), pods }
}

/// What an action is, in a word or two.
fn told(action: &Action) -> String {
    match &action.verb {
        Verb::Create(_) => "create".to_owned(),
        Verb::Delete { .. } => format!("delete {}", action.name),
        Verb::Update { subresource, .. } => format!("update {subresource}"),
        Verb::Patch { patch: runtime::Patch::Strategic(patch), .. } => {
            format!("patch {} {}", action.name, patch["metadata"]["ownerReferences"])
        }
        other => format!("{other:?}"),
    }
}

fn check(snapshot: &Snapshot, expected: &[&str]) {
    assert_eq!(plan(snapshot, now()).actions.iter().map(told).collect::<Vec<_>>(), expected);
}

#[test]
fn orphans_are_adopted_and_strays_let_go() {
    let (web, other) = (json!({"app": "web", "tier": "front"}), json!({"app": "other"}));
    let pods = vec![
        pod("kept", web.clone(), true, "Running", true),
        pod("orphan", web.clone(), false, "Running", true),
        pod("stray", other.clone(), true, "Running", true),
        pod("foreign", other, false, "Running", true),
        pod("finished", web, true, "Failed", false),
    ];
    check(
        &snapshot(set(3, json!({})), pods),
        &[
            "patch orphan [{\"apiVersion\":\"apps/v1\",\"blockOwnerDeletion\":true,\"controller\":true,\"kind\":\"ReplicaSet\",\"name\":\"web\",\"uid\":\"set\"}]",
            "patch stray [{\"$patch\":\"delete\",\"uid\":\"set\"}]",
            "create",
            "update status",
        ],
    );
}

#[test]
fn unready_pods_go_first() {
    let web = json!({"app": "web"});
    let pods = vec![
        pod("a", web.clone(), true, "Running", true),
        pod("b", web.clone(), true, "Pending", false),
        pod("c", web.clone(), true, "Running", false),
        pod("d", web, true, "Running", true),
    ];
    check(&snapshot(set(2, json!({})), pods), &["delete b", "delete c", "update status"]);
}

#[test]
fn a_set_that_is_deleted_makes_nothing() {
    let mut deleted = (*set(3, json!({}))).clone();
    deleted.metadata.deletion_timestamp = Some(k8s_openapi::apimachinery::pkg::apis::meta::v1::Time(now()));
    check(&snapshot(Arc::new(deleted), Vec::new()), &["update status"]);
}

#[test]
fn failure_is_told_once_and_taken_back() {
    let snapshot = snapshot(set(3, json!({"replicas": 0, "observedGeneration": 2, "terminatingReplicas": 0})), Vec::new());
    let planned = plan(&snapshot, now());
    assert_eq!(planned.actions.len(), 3, "only pods: the status is as it should be");
    let created = planned.actions[0].success.clone().unwrap();
    assert_eq!((created.kind, created.reason, created.message.as_str()), ("Normal", "SuccessfulCreate", "Created pod: {name}"));
    let failed = planned.actions[0].failure.clone().unwrap();
    assert_eq!((failed.kind, failed.reason, failed.message.as_str()), ("Warning", "FailedCreate", "Error creating: {error}"));
    let error = api::ApiError::forbidden("", "pods", "web-x", "exceeded quota");
    let actions = settle(&snapshot, &[Failure { index: 0, error }], now());
    let written: &ReplicaSet = actions[0].object().unwrap();
    let status = serde_json::to_value(&written.status).unwrap();
    assert_eq!(
        status["conditions"],
        json!([{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "lastTransitionTime": NOW,
            "message": "pods \"web-x\" is forbidden: exceeded quota"}])
    );
    let after = Snapshot { set: Set::of_replica_set(Arc::new(written.clone())).unwrap(), ..snapshot };
    assert!(settle(&after, &[Failure { index: 0, error: api::ApiError::bad_request("again") }], now()).is_empty());
    let recovered = plan(&after, now());
    let written: &ReplicaSet = recovered.actions.last().unwrap().object().unwrap();
    assert_eq!(written.status.as_ref().unwrap().conditions, None);
}

#[test]
fn replication_controllers_are_the_same() {
    let controller: ReplicationController = serde_json::from_value(json!({
        "metadata": {"namespace": "n", "name": "old", "uid": "rc", "generation": 1},
        "spec": {"replicas": 1, "selector": {"app": "old"}, "template": {"metadata": {"labels": {"app": "old"}}, "spec": {"containers": []}}},
    }))
    .unwrap();
    let snapshot =
        Snapshot { set: Set::of_replication_controller(Arc::new(controller)).unwrap(), pods: Vec::new(), neighbours: Default::default() };
    let planned = plan(&snapshot, now());
    let made: &Pod = planned.actions[0].object().unwrap();
    assert_eq!(made.metadata.generate_name.as_deref(), Some("old-"));
    assert_eq!(made.metadata.owner_references.as_ref().unwrap()[0].kind, "ReplicationController");
    let written: &ReplicationController = planned.actions[1].object().unwrap();
    assert_eq!(serde_json::to_value(&written.status).unwrap(), json!({"replicas": 0, "observedGeneration": 1}));
}

#[test]
fn looks_again_when_a_pod_becomes_available() {
    let mut slow = (*set(1, json!({}))).clone();
    slow.spec.min_ready_seconds = Some(3601);
    let planned = plan(&snapshot(Arc::new(slow), vec![pod("a", json!({"app": "web"}), true, "Running", true)]), now());
    assert_eq!(planned.requeue_at, Some("2024-01-01T01:00:01Z".parse().unwrap()));
}

/// Applies a plan as the server would.
fn apply(snapshot: &mut Snapshot, actions: &[Action], serial: &mut u32) {
    for action in actions {
        match &action.verb {
            Verb::Create(_) => {
                let mut made = action.object::<Pod>().unwrap().clone();
                *serial += 1;
                let name = format!("made-{serial}");
                made.metadata.uid = Some(name.clone());
                made.metadata.name = Some(name);
                snapshot.pods.push(Arc::new(made));
            }
            Verb::Delete { .. } => snapshot.pods.retain(|pod| pod.metadata.name.as_deref() != Some(&action.name)),
            Verb::Update { .. } => snapshot.set = Set::of_replica_set(Arc::new(action.object::<ReplicaSet>().unwrap().clone())).unwrap(),
            Verb::Patch { patch: runtime::Patch::Strategic(patch), .. } => {
                let pod = snapshot.pods.iter_mut().find(|pod| pod.metadata.name.as_deref() == Some(&action.name)).unwrap();
                let owner = &patch["metadata"]["ownerReferences"][0];
                let owners = if owner.get("$patch").is_some() { None } else { Some(vec![serde_json::from_value(owner.clone()).unwrap()]) };
                Arc::make_mut(pod).metadata.owner_references = owners;
            }
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_start_ends_at_the_wanted_number(
        replicas in 0i32..700,
        pods in prop::collection::vec((any::<bool>(), any::<bool>(), 0usize..4, any::<bool>()), 0..40),
    ) {
        let pods = pods.iter().enumerate().map(|(index, (selected, owned, phase, ready))| {
            let labels = if *selected { json!({"app": "web"}) } else { json!({"app": "x"}) };
            pod(&format!("p{index}"), labels, *owned, ["Pending", "Running", "Failed", "Succeeded"][*phase], *ready)
        }).collect();
        let mut snapshot = snapshot(set(replicas, json!({})), pods);
        let mut serial = 0;
        for round in 0.. {
            let planned = plan(&snapshot, now());
            if planned.actions.is_empty() {
                break;
            }
            prop_assert!(round < 10, "does not settle: {:?}", planned.actions.iter().map(told).collect::<Vec<_>>());
            let creations = planned.actions.iter().filter(|action| matches!(action.verb, Verb::Create(_))).count();
            let deletions = planned.actions.iter().filter(|action| matches!(action.verb, Verb::Delete { .. })).count();
            prop_assert!(creations <= 500 && deletions <= 500 && (creations == 0 || deletions == 0));
            apply(&mut snapshot, &planned.actions, &mut serial);
        }
        let owned = snapshot.pods.iter().filter(|pod| controller_of(&pod.metadata).is_some() && pods::is_active(pod)).count();
        prop_assert_eq!(i32::try_from(owned).unwrap(), replicas);
        prop_assert_eq!(snapshot.set.status.replicas, replicas);
    }
}
