//! What extends the API and what guards it: webhooks, reviews, role bindings, signing requests and priority levels of the older versions.

use serde_json::{Map, Value, json};

use super::{default, map};
use crate::versions::rename;

pub fn unchanged(_value: &mut Value) {}

/// Webhooks failed open, matched exactly, had more time and could leave their side effects unsaid. Today's version has no word for that; it is taken as the
/// weaker of the two promises that it knows.
pub fn webhooks(configuration: &mut Value) {
    let list = configuration.pointer_mut("/webhooks").and_then(Value::as_array_mut).into_iter().flatten();
    for webhook in list.filter_map(Value::as_object_mut) {
        default(webhook, "failurePolicy", "Ignore");
        default(webhook, "matchPolicy", "Exact");
        default(webhook, "timeoutSeconds", 30);
        default(webhook, "admissionReviewVersions", json!(["v1beta1"]));
        let said = webhook.get("sideEffects").and_then(Value::as_str).unwrap_or("Unknown");
        if matches!(said, "" | "Unknown" | "Some") {
            webhook.insert("sideEffects".to_owned(), "NoneOnDryRun".into());
        }
    }
}

pub fn review(review: &mut Value) {
    map(review, "/spec").into_iter().for_each(|spec| rename(spec, "group", "groups"));
}

pub fn review_back(review: &mut Value) {
    map(review, "/spec").into_iter().for_each(|spec| rename(spec, "groups", "group"));
}

/// Subjects said an apiVersion.
pub fn subjects(binding: &mut Value) {
    for subject in each_subject(binding) {
        if let Some(version) = subject.remove("apiVersion") {
            let group = version.as_str().and_then(|text| text.split_once('/')).map_or("", |(group, _)| group);
            subject.insert("apiGroup".to_owned(), group.into());
        }
    }
}

pub fn subjects_back(binding: &mut Value) {
    for subject in each_subject(binding) {
        let group = subject.remove("apiGroup");
        let version = match group.as_ref().and_then(Value::as_str) {
            None | Some("") => "v1".to_owned(),
            Some(group) => format!("{group}/v1alpha1"),
        };
        subject.insert("apiVersion".to_owned(), version.into());
    }
}

fn each_subject(binding: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    binding.pointer_mut("/subjects").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

pub fn signing_request(request: &mut Value) {
    if let Some(spec) = map(request, "/spec") {
        default(spec, "usages", json!(["digital signature", "key encipherment"]));
    }
    let conditions = request.pointer_mut("/status/conditions").and_then(Value::as_array_mut).into_iter().flatten();
    conditions.filter_map(Value::as_object_mut).for_each(|condition| default(condition, "status", "True"));
}

pub fn shares(level: &mut Value) {
    map(level, "/spec/limited").into_iter().for_each(|limited| rename(limited, "assuredConcurrencyShares", "nominalConcurrencyShares"));
}

pub fn shares_back(level: &mut Value) {
    map(level, "/spec/limited").into_iter().for_each(|limited| rename(limited, "nominalConcurrencyShares", "assuredConcurrencyShares"));
}
