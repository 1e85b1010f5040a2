//! Budgets beside pods in all states: what status is written, and what is told.

use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use runtime::{Plan, Verb};
use serde_json::{Value, json};

use super::owner::{Found, Scales};
use super::{plan, stale};

const NOW: &str = "2026-01-01T01:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn budget(spec: Value, status: Value) -> Arc<PodDisruptionBudget> {
    let metadata = json!({"namespace": "n", "name": "b", "uid": "b", "generation": 3});
    let mut whole = json!({"metadata": metadata, "spec": spec, "status": status});
    whole["spec"]["selector"] =
        json!({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["a", "b"]}]});
    Arc::new(serde_json::from_value(whole).unwrap())
}

fn pod(name: &str, owner: Option<&str>, ready: bool) -> Arc<Pod> {
    let owners: Vec<Value> = owner
        .iter()
        .map(|uid| json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": uid, "uid": uid, "controller": true}))
        .collect();
    let ready = json!([{"type": "Ready", "status": if ready { "True" } else { "False" }}]);
    Arc::new(
        serde_json::from_value(
            json!({"metadata": {"namespace": "n", "name": name, "ownerReferences": owners}, "status": {"conditions": ready}}),
        )
        .unwrap(),
    )
}

fn wants(uid: &str, replicas: i32) -> Found {
    Found::Wants { uid: uid.to_owned(), replicas }
}

/// Two owners, a set of four and a deployment of six behind another set.
fn scales() -> Scales {
    [("one".to_owned(), wants("one", 4)), ("two".to_owned(), wants("deployment", 6))].into()
}

fn told(plan: &Plan) -> Vec<String> {
    let events = plan.actions.iter().filter(|action| matches!(action.verb, Verb::Announce)).filter_map(|action| action.success.as_ref());
    events.map(|event| format!("{} {}: {}", event.kind, event.reason, event.message)).collect()
}

/// The counts that are written (expected, desired, healthy, allowed), the condition, and what is told.
fn check(spec: Value, pods: &[Arc<Pod>], scales: Scales, counts: [i32; 4], condition: &str, events: &[&str]) {
    let snapshot = plan::Snapshot { budget: budget(spec, json!({})), pods: Ok(pods.to_vec()), scales };
    let planned = plan::plan(&snapshot, now());
    let written: &PodDisruptionBudget = planned.actions.last().unwrap().object().unwrap();
    let status = written.status.clone().unwrap();
    let got = [status.expected_pods, status.desired_healthy, status.current_healthy, status.disruptions_allowed];
    assert_eq!(got.map(Option::unwrap_or_default), counts);
    let conditions = status.conditions.clone().unwrap();
    let said = conditions.iter().map(|is| format!("{}={} {} {}", is.type_, is.status, is.reason, is.message)).collect::<Vec<_>>();
    assert_eq!(said, [condition]);
    assert_eq!(told(&planned), events);
    // written, there is nothing left to write
    let again = plan::plan(&plan::Snapshot { budget: Arc::new(written.clone()), ..snapshot }, now());
    assert!(again.actions.iter().all(|action| matches!(action.verb, Verb::Announce)));
}

const SUFFICIENT: &str = "DisruptionAllowed=True SufficientPods ";
const INSUFFICIENT: &str = "DisruptionAllowed=False InsufficientPods ";

#[test]
fn what_may_go_is_what_is_healthy_beyond_what_must_stay() {
    let pods = [pod("a", Some("one"), true), pod("b", Some("one"), true), pod("c", Some("one"), false), pod("d", Some("two"), true)];
    check(json!({"minAvailable": 2}), &pods, Scales::new(), [4, 2, 3, 1], SUFFICIENT, &[]);
    check(json!({"minAvailable": 3}), &pods, Scales::new(), [4, 3, 3, 0], INSUFFICIENT, &[]);
    check(json!({"minAvailable": 9}), &pods, Scales::new(), [4, 9, 3, 0], INSUFFICIENT, &[]);
    check(json!({"minAvailable": "25%"}), &pods, scales(), [10, 3, 3, 0], INSUFFICIENT, &[]);
    check(json!({"minAvailable": "20%"}), &pods, scales(), [10, 2, 3, 1], SUFFICIENT, &[]);
    check(json!({"maxUnavailable": 8}), &pods, scales(), [10, 2, 3, 1], SUFFICIENT, &[]);
    check(json!({"maxUnavailable": "15%"}), &pods, scales(), [10, 8, 3, 0], INSUFFICIENT, &[]);
    check(json!({"maxUnavailable": 11}), &pods, scales(), [10, 0, 3, 3], SUFFICIENT, &[]);
    check(json!({}), &pods, Scales::new(), [0, 0, 3, 0], INSUFFICIENT, &[]);
    check(json!({"minAvailable": 0}), &[], Scales::new(), [0; 4], INSUFFICIENT, &["Normal NoPods: No matching pods found"]);
}

#[test]
fn pods_without_an_owner_count_only_by_number() {
    let pods = [pod("a", None, true), pod("b", Some("one"), true)];
    let event = "Warning UnmanagedPods: Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:map[string]string{app: web,},\
                 MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:tier,Operator:NotIn,Values:[a b],},},}) were found to be unmanaged. \
                 As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set \
                 \".spec.minAvailable\" field of the PDB to an integer value.";
    check(json!({"maxUnavailable": 3}), &pods, scales(), [4, 1, 2, 1], SUFFICIENT, &[event]);
    check(json!({"minAvailable": 1}), &pods, Scales::new(), [2, 1, 2, 1], SUFFICIENT, &[]);
}

#[test]
fn nothing_may_go_where_nobody_can_say() {
    let pods = [pod("a", Some("one"), true)];
    let failure = |message: &str| format!("DisruptionAllowed=False SyncFailed {message}");
    let event =
        |message: &str| format!("Warning CalculateExpectedPodCountFailed: Failed to calculate the number of expected pods: {message}");
    for (found, message) in [
        (Found::Nobody, "found no controllers for pod \"a\""),
        (
            Found::Failed("jobs.batch does not implement the scale subresource".into()),
            "jobs.batch does not implement the scale subresource",
        ),
    ] {
        check(json!({"maxUnavailable": 1}), &pods, [("one".to_owned(), found)].into(), [0; 4], &failure(message), &[&event(message)]);
    }
    let mut snapshot = plan::Snapshot {
        budget: budget(json!({"minAvailable": 1}), json!({"disruptionsAllowed": 4})),
        pods: Err("bad".into()),
        scales: Scales::new(),
    };
    let planned = plan::plan(&snapshot, now());
    assert_eq!(told(&planned), ["Warning NoPods: Failed to get pods: bad"]);
    let written: &PodDisruptionBudget = planned.actions[1].object().unwrap();
    assert_eq!(
        (written.status.as_ref().unwrap().disruptions_allowed, written.status.as_ref().unwrap().observed_generation),
        (Some(0), None)
    );
    snapshot.budget = Arc::new(written.clone());
    assert_eq!(plan::plan(&snapshot, now()).actions.len(), 1);
}

/// Pods that are promised away count as gone for two minutes, unless they are gone or marked by then.
#[test]
fn promises_are_kept_for_a_while() {
    let status = json!({"disruptedPods": {"a": "2026-01-01T00:59:00Z", "b": "2026-01-01T00:57:59Z", "c": "2026-01-01T00:59:30Z", "gone": "2026-01-01T00:59:30Z"}});
    let mut marked = (*pod("c", None, true)).clone();
    marked.metadata.deletion_timestamp = Some(k8s_openapi::apimachinery::pkg::apis::meta::v1::Time(now()));
    let pods = vec![pod("a", None, true), pod("b", None, true), Arc::new(marked), pod("d", None, true)];
    let snapshot = plan::Snapshot { budget: budget(json!({"minAvailable": 1}), status), pods: Ok(pods), scales: Scales::new() };
    let planned = plan::plan(&snapshot, now());
    assert_eq!(told(&planned), ["Warning NotDeleted: Pod was expected by PDB n/n to be deleted but it wasn't"]);
    let written: &PodDisruptionBudget = planned.actions[1].object().unwrap();
    let status = written.status.clone().unwrap();
    assert_eq!(status.disrupted_pods.unwrap().into_keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!((status.current_healthy, status.disruptions_allowed, status.expected_pods), (Some(2), Some(1), Some(4)));
    assert_eq!(planned.requeue_at.unwrap().to_string(), "2026-01-01T01:01:00Z");
}

#[test]
fn a_condition_tells_since_when() {
    let pods = vec![pod("a", None, true)];
    let held = |is: &str, reason: &str| json!({"conditions": [{"type": "DisruptionAllowed", "status": is, "reason": reason, "message": "", "lastTransitionTime": "2025-01-01T00:00:00Z"}]});
    for (status, since) in [(held("True", "SufficientPods"), "2025-01-01T00:00:00Z"), (held("False", "SyncFailed"), NOW)] {
        let snapshot = plan::Snapshot { budget: budget(json!({"minAvailable": 0}), status), pods: Ok(pods.clone()), scales: Scales::new() };
        let planned = plan::plan(&snapshot, now());
        let written: &PodDisruptionBudget = planned.actions[0].object().unwrap();
        let condition = written.status.as_ref().unwrap().conditions.as_ref().unwrap()[0].clone();
        assert_eq!((condition.last_transition_time.0.to_string().as_str(), condition.observed_generation), (since, Some(3)));
    }
}

/// A pod with a mark: what becomes of it.
fn check_mark(changes: Value, since: &str, expected: &str) {
    let mut whole = json!({
        "metadata": {"namespace": "n", "name": "p"},
        "status": {"phase": "Running", "conditions": [
            {"type": "Ready", "status": "True"},
            {"type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI", "message": "Eviction API: evicting", "lastTransitionTime": since},
        ]},
    });
    for (pointer, value) in changes.as_object().unwrap() {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        whole.pointer_mut(parent).unwrap()[name] = value.clone();
    }
    let snapshot = stale::Snapshot { pod: Arc::new(serde_json::from_value(whole).unwrap()), budgets: vec!["b".into()] };
    let planned = stale::plan(&snapshot, now());
    let got = match (planned.actions.first(), planned.requeue_at) {
        (None, None) => "nothing".to_owned(),
        (None, Some(at)) => format!("again at {at}"),
        (Some(action), _) => {
            let pod: &Pod = action.object().unwrap();
            serde_json::to_string(&pod.status.as_ref().unwrap().conditions.as_ref().unwrap()[1]).unwrap()
        }
    };
    assert_eq!(got, expected);
}

#[test]
fn a_mark_without_a_deletion_is_taken_back() {
    check_mark(json!({}), "2026-01-01T00:59:00Z", "again at 2026-01-01T01:01:00Z");
    let taken_back = r#"{"lastTransitionTime":"2026-01-01T01:00:00Z","status":"False","type":"DisruptionTarget"}"#;
    check_mark(json!({}), "2026-01-01T00:58:00Z", taken_back);
    check_mark(json!({"/metadata/deletionTimestamp": NOW}), "2026-01-01T00:58:00Z", "nothing");
    check_mark(json!({"/status/phase": "Failed"}), "2026-01-01T00:58:00Z", "nothing");
    check_mark(
        json!({"/status/conditions": [{"type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet"}]}),
        NOW,
        "nothing",
    );
    check_mark(json!({"/status/conditions": [{"type": "DisruptionTarget", "status": "False"}]}), NOW, "nothing");
}

#[test]
fn several_budgets_of_a_pod_are_told_of() {
    let snapshot = stale::Snapshot { pod: pod("p", None, true), budgets: vec!["first".into(), "second".into()] };
    let message =
        "Warning MultiplePodDisruptionBudgets: Pod \"n\"/\"p\" matches multiple PodDisruptionBudgets.  Chose \"first\" arbitrarily.";
    assert_eq!(told(&stale::plan(&snapshot, now())), [message]);
}
