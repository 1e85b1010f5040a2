//! What may change in a pod, by whom.

use std::collections::BTreeMap;

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::core::v1::{
    Affinity, Container, ContainerStatus, NodeAffinity, NodeSelectorTerm, Pod, PodSchedulingGate, PodSpec, Toleration,
};

use super::{scheduling, spec};
use crate::rules::{immutable, qualified_name, subdomain, text};

const CHANGEABLE: &str = "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
const MIRROR: &str = "kubernetes.io/config.mirror";

fn spec_of(pod: &Pod) -> PodSpec {
    pod.spec.clone().unwrap_or_default()
}

/// A change by an author.
pub(super) fn main(pod: &Pod, old: &Pod) -> ErrorList {
    let mut errors = spec::pod(pod);
    errors.extend(annotations(pod, old));
    let (new, before) = (spec_of(pod), spec_of(old));
    let path = Path::new("spec");
    let lists = [
        ("containers", &new.containers, &before.containers),
        ("initContainers", &new.init_containers.clone().unwrap_or_default(), &before.init_containers.clone().unwrap_or_default()),
    ];
    for (field, new, old) in lists {
        let (faults, stop) = images(new, old, &path.child(field));
        errors.extend(faults);
        if stop {
            return errors;
        }
    }
    match deadline(new.active_deadline_seconds, before.active_deadline_seconds, &path.child("activeDeadlineSeconds")) {
        Some((error, true)) => {
            errors.push(error);
            return errors;
        }
        Some((error, false)) => errors.push(error),
        None => {}
    }
    let none: &[Toleration] = &[];
    let tolerations = (new.tolerations.as_deref().unwrap_or(none), before.tolerations.as_deref().unwrap_or(none));
    errors.extend(only_added(tolerations.0, tolerations.1, &path.child("tolerations")));
    let gates = (new.scheduling_gates.as_deref().unwrap_or_default(), before.scheduling_gates.as_deref().unwrap_or_default());
    errors.extend(only_removed(gates.0, gates.1, &path.child("schedulingGates")));
    if new == before {
        return errors;
    }
    errors.extend(nothing_else(new, &before, &path));
    errors
}

/// Compares what is left when all that may change is taken back.
fn nothing_else(mut new: PodSpec, before: &PodSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (container, old) in new.containers.iter_mut().zip(&before.containers) {
        container.image.clone_from(&old.image);
    }
    for (container, old) in new.init_containers.iter_mut().flatten().zip(before.init_containers.iter().flatten()) {
        container.image.clone_from(&old.image);
    }
    new.active_deadline_seconds = before.active_deadline_seconds;
    let gated = before.scheduling_gates.as_ref().is_some_and(|gates| !gates.is_empty());
    new.scheduling_gates.clone_from(&before.scheduling_gates);
    new.tolerations.clone_from(&before.tolerations);
    if before.termination_grace_period_seconds.is_some_and(|seconds| seconds < 0) && new.termination_grace_period_seconds == Some(1) {
        new.termination_grace_period_seconds = before.termination_grace_period_seconds;
    }
    if gated {
        errors.extend(node_selector_added(new.node_selector.as_ref(), before.node_selector.as_ref(), &path.child("nodeSelector")));
        new.node_selector.clone_from(&before.node_selector);
        let of = |affinity: &Option<Affinity>| affinity.as_ref().and_then(|affinity| affinity.node_affinity.clone());
        let (mine, theirs) = (of(&new.affinity), of(&before.affinity));
        if mine != theirs {
            errors.extend(node_affinity_narrowed(mine.as_ref(), theirs.as_ref(), &path.child("affinity").child("nodeAffinity")));
            let mut affinity = new.affinity.clone().unwrap_or_default();
            affinity.node_affinity = theirs;
            new.affinity = if affinity == Affinity::default() && before.affinity.is_none() { None } else { Some(affinity) };
        }
    }
    if new != *before {
        let difference = crate::difference::text(before, &new);
        errors.push(FieldError::forbidden(path, format!("pod updates may not change fields other than {CHANGEABLE}\n{difference}")));
    }
    errors
}

fn images(new: &[Container], old: &[Container], path: &Path) -> (ErrorList, bool) {
    if new.len() != old.len() {
        return (vec![FieldError::forbidden(path, "pod updates may not add or remove containers")], true);
    }
    let mut errors = ErrorList::new();
    for (index, container) in new.iter().enumerate() {
        if text(&container.image).is_empty() {
            errors.push(FieldError::required(&path.index(index).child("image"), ""));
        }
        errors.extend(spec::padded_image(container, &path.index(index)));
    }
    (errors, false)
}

/// From nothing to a positive number, and down from there. The flag says whether the rest need not be looked at.
fn deadline(new: Option<i64>, old: Option<i64>, path: &Path) -> Option<(FieldError, bool)> {
    match (new, old) {
        (Some(new), _) if !(0..=i64::from(i32::MAX)).contains(&new) => {
            Some((FieldError::invalid(path, new, names::out_of_range(0, i32::MAX.into())), true))
        }
        (Some(new), Some(old)) if old < new => Some((FieldError::invalid(path, new, "must be less than or equal to previous value"), true)),
        (None, Some(_)) => {
            Some((FieldError::invalid(path, serde_json::Value::Null, "must not update from a positive integer to nil value"), false))
        }
        _ => None,
    }
}

fn only_added(new: &[Toleration], old: &[Toleration], path: &Path) -> ErrorList {
    let same = |old: &Toleration, new: &Toleration| Toleration { toleration_seconds: new.toleration_seconds, ..old.clone() } == *new;
    if old.iter().any(|old| !new.iter().any(|new| same(old, new))) {
        return vec![FieldError::forbidden(path, "existing toleration can not be modified except its tolerationSeconds")];
    }
    scheduling::tolerations(new, path)
}

fn only_removed(new: &[PodSchedulingGate], old: &[PodSchedulingGate], path: &Path) -> ErrorList {
    let added = new.iter().enumerate().filter(|(_, gate)| !old.contains(gate));
    added
        .map(|(index, gate)| {
            let detail = format!("only deletion is allowed, but found new scheduling gate '{}'", gate.name);
            FieldError::forbidden(&path.index(index).child("name"), detail)
        })
        .collect()
}

type Labels = BTreeMap<String, String>;

fn node_selector_added(new: Option<&Labels>, old: Option<&Labels>, path: &Path) -> Option<FieldError> {
    let kept = old.into_iter().flatten().all(|(key, value)| new.and_then(|new| new.get(key)) == Some(value));
    (!kept).then(|| {
        FieldError::invalid(path, crate::rules::json(&new), "only additions to spec.nodeSelector are allowed (no mutations or deletions)")
    })
}

/// Required terms of a gated pod may only become narrower; preferred ones may change.
fn node_affinity_narrowed(new: Option<&NodeAffinity>, old: Option<&NodeAffinity>, path: &Path) -> ErrorList {
    let required = |affinity: Option<&NodeAffinity>| {
        affinity.and_then(|affinity| affinity.required_during_scheduling_ignored_during_execution.clone())
    };
    let Some(old) = required(old) else { return ErrorList::new() };
    let path = path.child("requiredDuringSchedulingIgnoredDuringExecution").child("nodeSelectorTerms");
    let terms = required(new).map(|selector| selector.node_selector_terms).unwrap_or_default();
    if terms.len() != old.node_selector_terms.len() {
        let detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
        return vec![FieldError::invalid(&path, crate::rules::json(&terms), detail)];
    }
    let extends = |new: &NodeSelectorTerm, old: &NodeSelectorTerm| {
        let is_empty = |term: &NodeSelectorTerm| term.match_expressions.is_none() && term.match_fields.is_none();
        let begins =
            |new: &Option<Vec<_>>, old: &Option<Vec<_>>| new.as_deref().unwrap_or_default().starts_with(old.as_deref().unwrap_or_default());
        (!is_empty(old) || is_empty(new))
            && begins(&new.match_expressions, &old.match_expressions)
            && begins(&new.match_fields, &old.match_fields)
    };
    let mut errors = ErrorList::new();
    for (index, (new, old)) in terms.iter().zip(&old.node_selector_terms).enumerate() {
        if !extends(new, old) {
            errors.push(FieldError::invalid(
                &path.index(index),
                crate::rules::json(new),
                "only additions are allowed (no mutations or deletions)",
            ));
        }
    }
    errors
}

/// Whether a pod mirrors one of the node's own never changes.
fn annotations(pod: &Pod, old: &Pod) -> Option<FieldError> {
    let of = |pod: &Pod| pod.metadata.annotations.as_ref().and_then(|annotations| annotations.get(MIRROR)).cloned();
    let (new, before) = (of(pod), of(old));
    let path = Path::new("metadata").child("annotations").key(MIRROR);
    let act = match (new, before) {
        (new, before) if new == before => return None,
        (Some(_), None) => "set",
        (Some(_), Some(_)) => "update",
        (None, _) => "remove",
    };
    Some(FieldError::forbidden(&path, format!("may not {act} mirror pod annotation")))
}

/// A change of the status.
pub(super) fn status(pod: &Pod, old: &Pod) -> ErrorList {
    const SYSTEM: [&str; 3] = ["PodScheduled", "Ready", "Initialized"];
    let (new, before) = (pod.status.clone().unwrap_or_default(), old.status.clone().unwrap_or_default());
    let (spec, path) = (spec_of(old), Path::new("status"));
    let mut errors: ErrorList = annotations(pod, old).into_iter().collect();
    for (index, condition) in
        new.conditions.iter().flatten().enumerate().filter(|(_, condition)| !SYSTEM.contains(&condition.type_.as_str()))
    {
        errors.extend(qualified_name(&condition.type_, &Path::new("metadata").child("conditions").index(index).child("Type")));
    }
    let nominated = text(&new.nominated_node_name);
    if new.nominated_node_name != before.nominated_node_name && !nominated.is_empty() {
        errors.extend(subdomain(nominated, &path.child("nominatedNodeName")));
    }
    if !text(&before.qos_class).is_empty() {
        errors.extend(immutable(&new.qos_class, &before.qos_class, &path.child("qosClass")));
    }
    let restart = text(&spec.restart_policy);
    let lists = [
        ("containerStatuses", &new.container_statuses, &before.container_statuses, restart),
        ("initContainerStatuses", &new.init_container_statuses, &before.init_container_statuses, restart),
        ("ephemeralContainerStatuses", &new.ephemeral_container_statuses, &before.ephemeral_container_statuses, "Never"),
    ];
    for (field, new, old, restart) in lists {
        let none: &[ContainerStatus] = &[];
        let (new, old) = (new.as_deref().unwrap_or(none), old.as_deref().unwrap_or(none));
        errors.extend(stays_terminated(new, old, restart, &spec, &path.child(field)));
    }
    let addresses: Vec<&str> = new.pod_ips.iter().flatten().map(|address| address.ip.as_str()).collect();
    errors.extend(families(&addresses, &crate::rules::json(&new.pod_ips), &path.child("podIPs")));
    let addresses: Vec<&str> = new.host_ips.iter().flatten().map(|address| address.ip.as_str()).collect();
    if let Some(first) = addresses.first().filter(|first| **first != text(&new.host_ip)) {
        errors.push(FieldError::invalid(&path.child("hostIPs").index(0).child("ip"), *first, "must be equal to `hostIP`"));
    }
    errors.extend(families(&addresses, &crate::rules::json(&new.host_ips), &path.child("hostIPs")));
    errors
}

fn stays_terminated(new: &[ContainerStatus], old: &[ContainerStatus], restart: &str, spec: &PodSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if restart == "Always" {
        return errors;
    }
    let restarts_itself = |name: &str| {
        let all = spec.init_containers.iter().flatten().chain(&spec.containers);
        all.filter(|container| container.name == name).any(|container| container.restart_policy.is_some())
    };
    let is_terminated = |status: &ContainerStatus| status.state.as_ref().is_some_and(|state| state.terminated.is_some());
    for (index, status) in old.iter().enumerate() {
        let Some(ended) = status.state.as_ref().and_then(|state| state.terminated.as_ref()) else { continue };
        if (ended.exit_code != 0 && restart == "OnFailure") || restarts_itself(&status.name) {
            continue;
        }
        if new.iter().any(|other| other.name == status.name && !is_terminated(other)) {
            errors.push(FieldError::forbidden(&path.index(index).child("state"), "may not be transitioned to non-terminated state"));
        }
    }
    errors
}

/// One address a family, none twice.
fn families(addresses: &[&str], value: &serde_json::Value, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, address) in addresses.iter().enumerate() {
        errors.extend(api::addresses::legacy_ip(address, false, &path.index(index)));
    }
    if addresses.len() < 2 {
        return errors;
    }
    let sixes = addresses.iter().filter(|address| crate::rules::is_ipv6(address)).count();
    if addresses.len() > 2 || sixes != 1 {
        errors.push(FieldError::invalid(path, value.clone(), "may specify no more than one IP for each IP family"));
    }
    for (index, address) in addresses.iter().enumerate() {
        if addresses[..index].contains(address) {
            errors.push(FieldError::duplicate(&path.index(index), serde_json::json!({"ip": address})));
        }
    }
    errors
}

/// The `ephemeralcontainers` subresource changes nothing else.
pub fn prepare_ephemeral_containers(pod: &mut Pod, old: &Pod) {
    let containers = pod.spec.take().and_then(|spec| spec.ephemeral_containers);
    pod.spec.clone_from(&old.spec);
    pod.status.clone_from(&old.status);
    pod.spec.get_or_insert_default().ephemeral_containers = containers;
}

/// The faults of a change by the `ephemeralcontainers` subresource: containers are only added.
pub fn validate_ephemeral_containers(pod: &Pod, old: &Pod) -> ErrorList {
    if old.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(MIRROR)) {
        return vec![FieldError::forbidden(&Path::default(), "static pods do not support ephemeral containers")];
    }
    let mut errors = spec::pod(pod);
    errors.extend(annotations(pod, old));
    let path = Path::new("spec").child("ephemeralContainers");
    let (new, before) = (spec_of(pod), spec_of(old));
    for container in before.ephemeral_containers.iter().flatten() {
        let name = api::field::quoted(&container.name);
        match new.ephemeral_containers.iter().flatten().find(|other| other.name == container.name) {
            None => errors.push(FieldError::forbidden(&path, format!("existing ephemeral containers {name} may not be removed\n"))),
            Some(other) if other != container => {
                let difference = crate::difference::text(container, other);
                errors.push(FieldError::forbidden(&path, format!("existing ephemeral containers {name} may not be changed\n{difference}")));
            }
            Some(_) => {}
        }
    }
    errors
}
