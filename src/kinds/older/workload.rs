//! Workloads before `apps/v1`: selectors came from the labels of the template, and updates were more careful or not bounded at all. Disruption budgets before
//! `policy/v1`: an empty selector selected nothing.

use serde_json::{Map, Value, json};

use super::{default, map};

const ROLLBACK: &str = "deprecated.deployment.rollback.revision";
const GENERATION: &str = "deprecated.daemonset.template.generation";
/// What upstream makes of an empty selector, so that it still selects nothing.
const NOTHING: &str = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match";

pub fn unchanged(_value: &mut Value) {}

/// Selector and labels come from the labels of the template.
pub fn selector(workload: &mut Value) {
    let labels = workload.pointer("/spec/template/metadata/labels").filter(|labels| labels.as_object().is_some_and(|map| !map.is_empty()));
    let Some(labels) = labels.cloned() else { return };
    if let Some(spec) = map(workload, "/spec") {
        default(spec, "selector", json!({"matchLabels": labels}));
    }
    if let Some(object) = workload.as_object_mut()
        && let Some(metadata) = object.entry("metadata").or_insert_with(|| json!({})).as_object_mut()
        && metadata.get("labels").and_then(Value::as_object).is_none_or(Map::is_empty)
    {
        metadata.insert("labels".to_owned(), labels);
    }
}

pub fn deployment_of_apps(deployment: &mut Value) {
    deployment_with(deployment, &"25%".into(), 2, 600);
}

pub fn deployment_of_extensions(deployment: &mut Value) {
    deployment_with(deployment, &1.into(), i32::MAX, i32::MAX);
}

fn deployment_with(deployment: &mut Value, pods: &Value, revisions: i32, seconds: i32) {
    selector(deployment);
    let mut rollback = None;
    if let Some(spec) = map(deployment, "/spec") {
        default(spec, "revisionHistoryLimit", revisions);
        default(spec, "progressDeadlineSeconds", seconds);
        default(spec, "strategy", json!({}));
        if let Some(strategy) = spec.get_mut("strategy").and_then(Value::as_object_mut) {
            default(strategy, "type", "RollingUpdate");
            if strategy["type"] == "RollingUpdate" {
                default(strategy, "rollingUpdate", json!({}));
                if let Some(update) = strategy.get_mut("rollingUpdate").and_then(Value::as_object_mut) {
                    default(update, "maxUnavailable", pods.clone());
                    default(update, "maxSurge", pods.clone());
                }
            }
        }
        rollback = spec.remove("rollbackTo").map(|to| to["revision"].as_i64().unwrap_or_default().to_string());
    }
    if let Some(revision) = rollback {
        annotate(deployment, ROLLBACK, revision);
    }
}

pub fn deployment_back(deployment: &mut Value) {
    let revision = take_annotation(deployment, ROLLBACK).and_then(|text| text.parse::<i64>().ok());
    if let (Some(revision), Some(spec)) = (revision, map(deployment, "/spec")) {
        spec.insert("rollbackTo".to_owned(), json!({"revision": revision}));
    }
}

pub fn stateful_set(set: &mut Value) {
    selector(set);
    on_delete(set);
}

pub fn daemon_set(set: &mut Value) {
    selector(set);
    on_delete(set);
    let generation = map(set, "/spec").and_then(|spec| spec.remove("templateGeneration"));
    if let Some(generation) = generation.as_ref().and_then(Value::as_i64) {
        annotate(set, GENERATION, generation.to_string());
    }
}

pub fn daemon_set_back(set: &mut Value) {
    let generation = take_annotation(set, GENERATION).and_then(|text| text.parse::<i64>().ok());
    if let (Some(generation), Some(spec)) = (generation, map(set, "/spec")) {
        spec.insert("templateGeneration".to_owned(), generation.into());
    }
}

/// Pods were replaced only when somebody deleted them.
fn on_delete(set: &mut Value) {
    let Some(spec) = map(set, "/spec") else { return };
    default(spec, "updateStrategy", json!({}));
    if let Some(strategy) = spec.get_mut("updateStrategy").and_then(Value::as_object_mut) {
        default(strategy, "type", "OnDelete");
    }
}

pub fn budget(budget: &mut Value) {
    if let Some(selector) = map(budget, "/spec/selector")
        && selector.values().all(|part| part.as_array().is_some_and(Vec::is_empty) || part.as_object().is_some_and(Map::is_empty))
    {
        selector.clear();
        selector.insert("matchExpressions".to_owned(), json!([{"key": NOTHING, "operator": "Exists"}]));
    }
}

pub fn budget_back(budget: &mut Value) {
    if budget.pointer("/spec/selector/matchExpressions/0/key").is_some_and(|key| key == NOTHING)
        && let Some(selector) = map(budget, "/spec/selector")
    {
        selector.remove("matchExpressions");
    }
}

fn annotate(object: &mut Value, key: &str, text: String) {
    let Some(object) = object.as_object_mut() else { return };
    let metadata = object.entry("metadata").or_insert_with(|| json!({}));
    if let Some(metadata) = metadata.as_object_mut()
        && let Some(annotations) = metadata.entry("annotations").or_insert_with(|| json!({})).as_object_mut()
    {
        annotations.insert(key.to_owned(), text.into());
    }
}

fn take_annotation(object: &mut Value, key: &str) -> Option<String> {
    let annotations = map(object, "/metadata/annotations")?;
    let value = annotations.remove(key)?;
    if annotations.is_empty() {
        map(object, "/metadata")?.remove("annotations");
    }
    value.as_str().map(str::to_owned)
}
