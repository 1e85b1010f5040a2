//! The status of a budget.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::int_or_string::{Rounding, scaled};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector, Time};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use runtime::{Action, Announcement, Plan, reference};

use super::owner::{Found, Scales};
use crate::ownership::controller_of;
use crate::pods;

/// A pod that was promised away is expected to be marked as deleted by then; else it is believed to stay.
const DELETION_TIMEOUT: SignedDuration = SignedDuration::from_secs(120);
const ALLOWED: &str = "DisruptionAllowed";

/// A budget and what it is about.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) budget: Arc<PodDisruptionBudget>,
    pub(super) pods: Result<Vec<Arc<Pod>>, String>,
    pub(super) scales: Scales,
}

/// Pods by name, and when they were promised away.
type Disrupted = BTreeMap<String, Time>;

/// How many pods there should be, and how many of them healthy.
#[derive(Debug, Default, PartialEq)]
struct Expected {
    pods: i32,
    healthy: i32,
    /// Pods that nothing owns, which cannot be counted by a scale.
    unmanaged: usize,
}

/// Whether a budget is about a share of what the owners of its pods want.
pub(super) fn counts_by_scale(budget: &PodDisruptionBudget) -> bool {
    budget.spec.as_ref().is_some_and(|spec| match (&spec.max_unavailable, &spec.min_available) {
        (Some(_), _) => true,
        (None, Some(least)) => matches!(least, IntOrString::String(_)),
        (None, None) => false,
    })
}

pub(super) fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let budget = &*snapshot.budget;
    let regarding = reference(budget);
    let normal = |reason, message: &str| Action::announce(Announcement::normal(&regarding, reason, message));
    let warning = |reason, message: String| Action::announce(Announcement::warning(&regarding, reason, message));
    let pods = match &snapshot.pods {
        Ok(pods) => pods,
        Err(error) => {
            let told = warning("NoPods", format!("Failed to get pods: {error}"));
            return Plan { actions: [told].into_iter().chain(failed(budget, error, now)).collect(), requeue_at: None };
        }
    };
    let mut actions = Vec::new();
    if pods.is_empty() {
        actions.push(normal("NoPods", "No matching pods found"));
    }
    let expected = match expected(budget, pods, &snapshot.scales) {
        Ok(expected) => expected,
        Err(error) => {
            let message = format!("Failed to calculate the number of expected pods: {error}");
            actions.push(warning("CalculateExpectedPodCountFailed", message));
            actions.extend(failed(budget, &error, now));
            return Plan { actions, requeue_at: None };
        }
    };
    if expected.unmanaged > 0 {
        actions.push(warning("UnmanagedPods", unmanaged(budget)));
    }
    let (disrupted, requeue_at) = disrupted(budget, pods, now, &mut actions);
    let promised = |pod: &Pod| {
        let at = pod.metadata.name.as_ref().and_then(|name| disrupted.get(name));
        at.is_some_and(|at| at.0 + DELETION_TIMEOUT > now)
    };
    let healthy = pods.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none() && !promised(pod) && pods::is_ready(pod)).count();
    let healthy = i32::try_from(healthy).unwrap_or(i32::MAX);
    // With no pods expected none may go: the first ones may be here before this is looked at again.
    let allowed = if expected.pods <= 0 { 0 } else { healthy.saturating_sub(expected.healthy).max(0) };
    let status = PodDisruptionBudgetStatus {
        current_healthy: Some(healthy),
        desired_healthy: Some(expected.healthy),
        expected_pods: Some(expected.pods),
        disruptions_allowed: Some(allowed),
        disrupted_pods: Some(disrupted).filter(|disrupted| !disrupted.is_empty()),
        observed_generation: budget.metadata.generation,
        conditions: budget.status.as_ref().and_then(|status| status.conditions.clone()),
    };
    actions.extend(write(budget, status, verdict(allowed), now));
    Plan { actions, requeue_at }
}

/// What the condition says: its status, reason and message.
type Verdict<'a> = (&'static str, &'static str, &'a str);

fn verdict(allowed: i32) -> Verdict<'static> {
    if allowed > 0 { ("True", "SufficientPods", "") } else { ("False", "InsufficientPods", "") }
}

/// Nobody knows how many may go: none.
fn failed(budget: &PodDisruptionBudget, error: &str, now: Timestamp) -> Option<Action> {
    let mut status = budget.status.clone().unwrap_or_default();
    status.disruptions_allowed = Some(0);
    write(budget, status, ("False", "SyncFailed", error), now)
}

/// The write of a status; none where it is so already.
fn write(budget: &PodDisruptionBudget, mut status: PodDisruptionBudgetStatus, verdict: Verdict<'_>, now: Timestamp) -> Option<Action> {
    set_condition(&mut status, verdict, now);
    let before = budget.status.clone().unwrap_or_default();
    (plain(before) != plain(status.clone())).then(|| Action::update_status(PodDisruptionBudget { status: Some(status), ..budget.clone() }))
}

/// What is missing and what is nothing are the same.
fn plain(mut status: PodDisruptionBudgetStatus) -> PodDisruptionBudgetStatus {
    for count in [&mut status.current_healthy, &mut status.desired_healthy, &mut status.expected_pods, &mut status.disruptions_allowed] {
        count.get_or_insert(0);
    }
    status.observed_generation.get_or_insert(0);
    status.disrupted_pods = status.disrupted_pods.filter(|pods| !pods.is_empty());
    status.conditions = status.conditions.filter(|conditions| !conditions.is_empty());
    status
}

fn set_condition(status: &mut PodDisruptionBudgetStatus, (is, reason, message): Verdict<'_>, now: Timestamp) {
    let observed_generation = status.observed_generation.filter(|generation| *generation != 0);
    let conditions = status.conditions.get_or_insert_default();
    let since = Time(api::time::truncated(now));
    let mut condition = Condition {
        type_: ALLOWED.to_owned(),
        status: is.to_owned(),
        reason: reason.to_owned(),
        message: message.to_owned(),
        last_transition_time: since,
        observed_generation,
    };
    match conditions.iter_mut().find(|there| there.type_ == ALLOWED) {
        Some(there) => {
            if there.status == is {
                condition.last_transition_time = there.last_transition_time.clone();
            }
            *there = condition;
        }
        None => conditions.push(condition),
    }
}

fn expected(budget: &PodDisruptionBudget, pods: &[Arc<Pod>], scales: &Scales) -> Result<Expected, String> {
    let spec = budget.spec.as_ref();
    let share = |value: &IntOrString, total| scaled(value, total, Rounding::Up).map_err(|error| error.to_string());
    if let Some(most) = spec.and_then(|spec| spec.max_unavailable.as_ref()) {
        let (total, unmanaged) = wanted(pods, scales)?;
        let healthy = total.saturating_sub(share(most, total)?).max(0);
        return Ok(Expected { pods: total, healthy, unmanaged });
    }
    match spec.and_then(|spec| spec.min_available.as_ref()) {
        Some(IntOrString::Int(least)) => {
            Ok(Expected { pods: i32::try_from(pods.len()).unwrap_or(i32::MAX), healthy: *least, unmanaged: 0 })
        }
        Some(least) => {
            let (total, unmanaged) = wanted(pods, scales)?;
            Ok(Expected { pods: total, healthy: share(least, total)?, unmanaged })
        }
        None => Ok(Expected::default()),
    }
}

/// How many pods the owners of pods want together, and how many pods have none.
fn wanted(pods: &[Arc<Pod>], scales: &Scales) -> Result<(i32, usize), String> {
    let mut deciding: BTreeMap<&str, i32> = BTreeMap::new();
    let mut unmanaged = 0;
    for pod in pods {
        let Some(owner) = controller_of(&pod.metadata) else {
            unmanaged += 1;
            continue;
        };
        match scales.get(&owner.uid) {
            Some(Found::Wants { uid, replicas }) => {
                deciding.insert(uid, *replicas);
            }
            Some(Found::Failed(error)) => return Err(error.clone()),
            Some(Found::Nobody | Found::Unasked { .. }) | None => {
                return Err(format!("found no controllers for pod {:?}", pod.metadata.name.as_deref().unwrap_or_default()));
            }
        }
    }
    Ok((deciding.into_values().fold(0, i32::saturating_add), unmanaged))
}

/// The pods that were promised away and are still here, and when that ends; those that should have gone by now are told of and forgotten.
fn disrupted(budget: &PodDisruptionBudget, pods: &[Arc<Pod>], now: Timestamp, actions: &mut Vec<Action>) -> (Disrupted, Option<Timestamp>) {
    let mut left = Disrupted::new();
    let mut again: Option<Timestamp> = None;
    let Some(promised) = budget.status.as_ref().and_then(|status| status.disrupted_pods.as_ref()) else { return (left, again) };
    for pod in pods.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none()) {
        let Some((name, at)) = pod.metadata.name.as_ref().and_then(|name| promised.get_key_value(name)) else { continue };
        let expected = at.0 + DELETION_TIMEOUT;
        if expected < now {
            // upstream names the namespace twice
            let namespace = budget.metadata.namespace.as_deref().unwrap_or_default();
            let message = format!("Pod was expected by PDB {namespace}/{namespace} to be deleted but it wasn't");
            actions.push(Action::announce(Announcement::warning(&reference(&**pod), "NotDeleted", message)));
        } else {
            again = Some(again.map_or(expected, |again| again.min(expected)));
            left.insert(name.clone(), at.clone());
        }
    }
    (left, again)
}

fn unmanaged(budget: &PodDisruptionBudget) -> String {
    let selector = printed(budget.spec.as_ref().and_then(|spec| spec.selector.as_ref()));
    format!(
        "Pods selected by this PodDisruptionBudget (selector: {selector}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, \
         which may result in undefined behavior. To account for these pods please set \".spec.minAvailable\" field of the PDB to an integer value."
    )
}

/// A selector as Go prints it.
fn printed(selector: Option<&LabelSelector>) -> String {
    let Some(selector) = selector else { return "nil".to_owned() };
    let labels: String = selector.match_labels.iter().flatten().map(|(name, value)| format!("{name}: {value},")).collect();
    let expressions = selector.match_expressions.iter().flatten();
    let expressions: String = expressions
        .map(|expression| {
            let values = expression.values.as_deref().unwrap_or_default().join(" ");
            format!("LabelSelectorRequirement{{Key:{},Operator:{},Values:[{values}],}},", expression.key, expression.operator)
        })
        .collect();
    format!("&LabelSelector{{MatchLabels:map[string]string{{{labels}}},MatchExpressions:[]LabelSelectorRequirement{{{expressions}}},}}")
}
