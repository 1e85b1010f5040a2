//! Controllers of pods: what all of them share, and a module for each.

pub(crate) mod controller_revision;
pub(crate) mod cron_job;
pub(crate) mod daemon_set;
pub(crate) mod deployment;
pub(crate) mod job;
pub(crate) mod pod_template;
pub(crate) mod replica_set;
pub(crate) mod replication_controller;
pub mod schedule;
pub(crate) mod stateful_set;

use api::{ErrorList, FieldError, Path, labels, metadata};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::rules::{NOT_NEGATIVE, is_empty_selector, json, text};

/// The selector of a workload. k8s-openapi has no selector that is absent: nothing in it is what an author has left out.
pub(crate) fn selector_of(selector: &LabelSelector, path: &Path) -> ErrorList {
    let path = path.child("selector");
    if is_empty_selector(selector) {
        return vec![FieldError::required(&path, "")];
    }
    metadata::label_selector(Some(selector), &path)
}

/// A template whose pods live for ever and are those that the selector selects; an absent selector selects none.
pub(crate) fn template(template: &PodTemplateSpec, selector: &LabelSelector, kind: &str, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let own = template.metadata.as_ref().and_then(|meta| meta.labels.clone()).unwrap_or_default();
    let matches = labels::Selector::from_label_selector(Some(selector)).map_or(true, |parsed| parsed.matches(Some(&own)));
    if is_empty_selector(selector) || !matches {
        let path = path.child("metadata").child("labels");
        errors.push(FieldError::invalid(&path, json(&own), "`selector` does not match template `labels`"));
    }
    errors.extend(crate::pod::validate_template(template, path));
    errors.extend(runs_for_ever(template, kind, path));
    errors
}

/// Restarted always, without a deadline.
pub(crate) fn runs_for_ever(template: &PodTemplateSpec, kind: &str, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let path = path.child("spec");
    let spec = template.spec.clone().unwrap_or_default();
    if text(&spec.restart_policy) != "Always" {
        errors.push(FieldError::not_supported(&path.child("restartPolicy"), text(&spec.restart_policy), &["Always"]));
    }
    if spec.active_deadline_seconds.is_some() {
        let detail = format!("activeDeadlineSeconds in {kind} is not Supported");
        errors.push(FieldError::forbidden(&path.child("activeDeadlineSeconds"), detail));
    }
    errors
}

/// A number that is not negative, or a percentage.
pub(crate) fn number_or_percent(value: &IntOrString, path: &Path) -> ErrorList {
    match value {
        IntOrString::Int(number) if *number < 0 => vec![FieldError::invalid(path, *number, NOT_NEGATIVE)],
        IntOrString::Int(_) => ErrorList::new(),
        IntOrString::String(text) => {
            api::names::percent(text).into_iter().map(|fault| FieldError::invalid(path, text.as_str(), fault)).collect()
        }
    }
}

/// A percentage of no more than 100.
pub(crate) fn at_most_all(value: &IntOrString, path: &Path) -> Option<FieldError> {
    let IntOrString::String(text) = value else { return None };
    let percent: i64 = text.strip_suffix('%')?.parse().ok()?;
    (percent > 100).then(|| FieldError::invalid(path, text.as_str(), "must not be greater than 100%"))
}

/// Is it zero, as a number or as a percentage?
pub(crate) fn is_zero(value: &IntOrString) -> bool {
    match value {
        IntOrString::Int(number) => *number == 0,
        IntOrString::String(text) => text.strip_suffix('%').and_then(|percent| percent.parse::<i64>().ok()) == Some(0),
    }
}

#[cfg(test)]
mod tests;
