//! The faults of what steers scheduling: affinity, tolerations, topology spread.

use std::collections::{BTreeMap, BTreeSet};

use api::{ErrorList, FieldError, Path, metadata, names};
use k8s_openapi::api::core::v1::{
    Affinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodAffinityTerm, Toleration, TopologySelectorTerm,
    TopologySpreadConstraint, WeightedPodAffinityTerm,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::rules::{POSITIVE, invalid, label, one_of, subdomain, text};

const EFFECTS: &[&str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// The effect of a taint; a toleration may leave it open.
pub(crate) fn taint_effect(effect: &str, path: &Path) -> Option<FieldError> {
    if effect.is_empty() { Some(FieldError::required(path, "")) } else { one_of(effect, EFFECTS, path) }
}

pub(super) fn tolerations(list: &[Toleration], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, toleration) in list.iter().enumerate() {
        let path = path.index(index);
        let (key, operator, value, effect) =
            (text(&toleration.key), text(&toleration.operator), text(&toleration.value), text(&toleration.effect));
        if !key.is_empty() {
            errors.extend(metadata::label_name(key, &path.child("key")));
        }
        if key.is_empty() && operator != "Exists" {
            let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            errors.push(FieldError::invalid(&path.child("operator"), operator, detail));
        }
        if toleration.toleration_seconds.is_some() && effect != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            errors.push(FieldError::invalid(&path.child("effect"), effect, detail));
        }
        match operator {
            "Equal" | "" => {
                let faults = names::label_value(value);
                if !faults.is_empty() {
                    errors.push(FieldError::invalid(&path.child("operator"), value, faults.join(";")));
                }
            }
            "Exists" if !value.is_empty() => {
                errors.push(FieldError::invalid(&path.child("operator"), value, "value must be empty when `operator` is 'Exists'"));
            }
            "Exists" => {}
            "Lt" | "Gt" => {
                if value.parse::<i64>().is_err() {
                    errors.push(FieldError::invalid(
                        &path.child("value"),
                        value,
                        "value must be a valid decimal integer in canonical form",
                    ));
                }
            }
            other => errors.push(FieldError::not_supported_in_order(&path.child("operator"), other, &["Equal", "Exists"])),
        }
        if !effect.is_empty() {
            errors.extend(taint_effect(effect, &path.child("effect")));
        }
    }
    errors
}

pub(super) fn affinity(affinity: Option<&Affinity>, path: &Path) -> ErrorList {
    const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
    const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";
    let Some(affinity) = affinity else { return ErrorList::new() };
    let mut errors = ErrorList::new();
    if let Some(nodes) = &affinity.node_affinity {
        let path = path.child("nodeAffinity");
        if let Some(selector) = &nodes.required_during_scheduling_ignored_during_execution {
            errors.extend(node_selector(selector, &path.child(REQUIRED)));
        }
        for (index, term) in nodes.preferred_during_scheduling_ignored_during_execution.iter().flatten().enumerate() {
            let path = path.child(PREFERRED).index(index);
            errors.extend(weight(term.weight, &path));
            errors.extend(node_selector_term(&term.preference, false, &path.child("preference")));
        }
    }
    let mut of_pods = |required: Option<&Vec<PodAffinityTerm>>, preferred: Option<&Vec<WeightedPodAffinityTerm>>, path: &Path| {
        for (index, term) in required.into_iter().flatten().enumerate() {
            errors.extend(pod_term(term, &path.child(REQUIRED).index(index)));
        }
        for (index, weighted) in preferred.into_iter().flatten().enumerate() {
            let path = path.child(PREFERRED).index(index);
            errors.extend(weight(weighted.weight, &path));
            errors.extend(pod_term(&weighted.pod_affinity_term, &path.child("podAffinityTerm")));
        }
    };
    if let Some(pods) = &affinity.pod_affinity {
        let required = pods.required_during_scheduling_ignored_during_execution.as_ref();
        of_pods(required, pods.preferred_during_scheduling_ignored_during_execution.as_ref(), &path.child("podAffinity"));
    }
    if let Some(pods) = &affinity.pod_anti_affinity {
        let required = pods.required_during_scheduling_ignored_during_execution.as_ref();
        of_pods(required, pods.preferred_during_scheduling_ignored_during_execution.as_ref(), &path.child("podAntiAffinity"));
    }
    errors
}

fn weight(weight: i32, path: &Path) -> Option<FieldError> {
    (!(1..=100).contains(&weight)).then(|| FieldError::invalid(&path.child("weight"), weight, "must be in the range 1-100"))
}

fn pod_term(term: &PodAffinityTerm, path: &Path) -> ErrorList {
    let mut errors = metadata::label_selector(term.label_selector.as_ref(), &path.child("labelSelector"));
    errors.extend(metadata::label_selector(term.namespace_selector.as_ref(), &path.child("namespaceSelector")));
    for namespace in term.namespaces.iter().flatten() {
        errors.extend(label(namespace, &path.child("namespace")));
    }
    errors.extend(label_keys(term, path));
    if term.topology_key.is_empty() {
        errors.push(FieldError::required(&path.child("topologyKey"), "can not be empty"));
    }
    errors.extend(metadata::label_name(&term.topology_key, &path.child("topologyKey")));
    errors
}

fn label_keys(term: &PodAffinityTerm, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let matched = term.match_label_keys.as_deref().unwrap_or_default();
    let mismatched = term.mismatch_label_keys.as_deref().unwrap_or_default();
    for (field, keys) in [("matchLabelKeys", matched), ("mismatchLabelKeys", mismatched)] {
        let path = path.child(field);
        if !keys.is_empty() && term.label_selector.is_none() {
            errors.push(FieldError::forbidden(&path, "must not be specified when labelSelector is not set"));
            continue;
        }
        errors.extend(keys.iter().enumerate().flat_map(|(index, key)| metadata::label_name(key, &path.index(index))));
    }
    if let Some(selector) = &term.label_selector {
        let mut seen: BTreeSet<&String> = selector.match_labels.iter().flatten().map(|(key, _)| key).collect();
        for expression in selector.match_expressions.iter().flatten() {
            if let Some(index) = matched.iter().position(|key| *key == expression.key).filter(|_| seen.contains(&expression.key)) {
                let detail = "exists in both matchLabelKeys and labelSelector";
                errors.push(FieldError::invalid(&path.index(index), expression.key.as_str(), detail));
            }
            seen.insert(&expression.key);
        }
    }
    for (index, key) in matched.iter().enumerate().filter(|(_, key)| mismatched.contains(key)) {
        let detail = "exists in both matchLabelKeys and mismatchLabelKeys";
        errors.push(FieldError::invalid(&path.child("matchLabelKeys").index(index), key.as_str(), detail));
    }
    errors
}

/// A selector of nodes: at least one term.
pub(crate) fn node_selector(selector: &NodeSelector, path: &Path) -> ErrorList {
    let path = path.child("nodeSelectorTerms");
    if selector.node_selector_terms.is_empty() {
        return vec![FieldError::required(&path, "must have at least one node selector term")];
    }
    selector.node_selector_terms.iter().enumerate().flat_map(|(index, term)| node_selector_term(term, true, &path.index(index))).collect()
}

fn node_selector_term(term: &NodeSelectorTerm, check_values: bool, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, requirement) in term.match_expressions.iter().flatten().enumerate() {
        errors.extend(node_requirement(requirement, check_values, &path.child("matchExpressions").index(index)));
    }
    for (index, requirement) in term.match_fields.iter().flatten().enumerate() {
        errors.extend(node_field(requirement, &path.child("matchFields").index(index)));
    }
    errors
}

fn node_requirement(requirement: &NodeSelectorRequirement, check_values: bool, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let values = requirement.values.as_deref().unwrap_or_default();
    let at = path.child("values");
    match requirement.operator.as_str() {
        "In" | "NotIn" if values.is_empty() => {
            errors.push(FieldError::required(&at, "must be specified when `operator` is 'In' or 'NotIn'"));
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            errors.push(FieldError::forbidden(&at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
        "Gt" | "Lt" if values.len() != 1 => {
            errors.push(FieldError::required(&at, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        other => errors.push(FieldError::invalid(&path.child("operator"), other, "not a valid selector operator")),
    }
    errors.extend(metadata::label_name(&requirement.key, &path.child("key")));
    if check_values {
        for (index, value) in values.iter().enumerate() {
            errors.extend(invalid(&at.index(index), value, names::label_value(value)));
        }
    }
    errors
}

fn node_field(requirement: &NodeSelectorRequirement, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let values = requirement.values.as_deref().unwrap_or_default();
    match requirement.operator.as_str() {
        "In" | "NotIn" => {
            if values.len() != 1 {
                let detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
                errors.push(FieldError::required(&path.child("values"), detail));
            }
        }
        other => errors.push(FieldError::invalid(&path.child("operator"), other, "not a valid selector operator")),
    }
    if requirement.key == "metadata.name" {
        errors.extend(values.iter().enumerate().flat_map(|(index, value)| subdomain(value, &path.child("values").index(index))));
    } else {
        errors.push(FieldError::invalid(&path.child("key"), requirement.key.as_str(), "not a valid field selector key"));
    }
    errors
}

/// Terms of `allowedTopologies`.
pub(crate) fn topology_selector_terms(terms: &[TopologySelectorTerm], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, term) in terms.iter().enumerate() {
        let mut keys = BTreeSet::new();
        for (at, requirement) in term.match_label_expressions.iter().flatten().enumerate() {
            let path = path.index(index).child("matchLabelExpressions").index(at);
            let values = path.child("values");
            if requirement.values.is_empty() {
                errors.push(FieldError::required(&values, ""));
            }
            let mut seen = BTreeMap::new();
            for (at, value) in requirement.values.iter().enumerate() {
                if seen.insert(value, at).is_some() {
                    errors.push(FieldError::duplicate(&values.index(at), value.as_str()));
                }
            }
            errors.extend(metadata::label_name(&requirement.key, &path.child("key")));
            if !keys.insert(&requirement.key) {
                errors.push(FieldError::duplicate(&path.child("key"), requirement.key.as_str()));
            }
        }
    }
    errors
}

pub(super) fn topology_spread(list: &[TopologySpreadConstraint], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, constraint) in list.iter().enumerate() {
        let path = path.index(index);
        let action = constraint.when_unsatisfiable.as_str();
        if constraint.max_skew <= 0 {
            errors.push(FieldError::invalid(&path.child("maxSkew"), constraint.max_skew, POSITIVE));
        }
        if constraint.topology_key.is_empty() {
            errors.push(FieldError::required(&path.child("topologyKey"), "can not be empty"));
        }
        errors.extend(one_of(action, &["DoNotSchedule", "ScheduleAnyway"], &path.child("whenUnsatisfiable")));
        let same = |other: &TopologySpreadConstraint| other.topology_key == constraint.topology_key && other.when_unsatisfiable == action;
        if list[index + 1..].iter().any(same) {
            let value = format!("{{{}, {action}}}", constraint.topology_key);
            errors.push(FieldError::duplicate(&path.child("{topologyKey, whenUnsatisfiable}"), value));
        }
        if let Some(domains) = constraint.min_domains {
            let path = path.child("minDomains");
            if domains <= 0 {
                errors.push(FieldError::invalid(&path, domains, POSITIVE));
            }
            if action != "DoNotSchedule" {
                let detail = format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
                errors.push(FieldError::invalid(&path, domains, detail));
            }
        }
        for (field, policy) in
            [("nodeAffinityPolicy", &constraint.node_affinity_policy), ("nodeTaintsPolicy", &constraint.node_taints_policy)]
        {
            errors.extend(policy.iter().filter_map(|policy| one_of(policy, &["Honor", "Ignore"], &path.child(field))));
        }
        let keys = constraint.match_label_keys.as_deref().unwrap_or_default();
        errors.extend(spread_keys(keys, constraint.label_selector.as_ref(), &path.child("matchLabelKeys")));
        errors.extend(metadata::label_selector(constraint.label_selector.as_ref(), &path.child("labelSelector")));
    }
    errors
}

fn spread_keys(keys: &[String], selector: Option<&LabelSelector>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if !keys.is_empty() && selector.is_none() {
        errors.push(FieldError::forbidden(path, "must not be specified when labelSelector is not set"));
    }
    let selected = |key: &String| {
        selector.is_some_and(|selector| {
            selector.match_labels.as_ref().is_some_and(|labels| labels.contains_key(key))
                || selector.match_expressions.iter().flatten().any(|expression| expression.key == *key)
        })
    };
    for (index, key) in keys.iter().enumerate() {
        errors.extend(metadata::label_name(key, &path.index(index)));
        if selected(key) {
            errors.push(FieldError::invalid(&path.index(index), key.as_str(), "exists in both matchLabelKeys and labelSelector"));
        }
    }
    errors
}
