//! Autoscalers, disruption budgets and priority classes.

use output::go_text;
use serde_json::Value;

use super::page::{Page, put};
use super::tree::{Tree, quantity};

pub fn priority_class(page: &mut Page, class: &Value, events: Option<&[Value]>) {
    page.field(0, "Name", class.text("metadata.name"));
    page.field(0, "Value", &class.integer("value").to_string());
    page.field(0, "GlobalDefault", &class.flag("globalDefault").to_string());
    page.field(0, "PreemptionPolicy", class.text("preemptionPolicy"));
    page.field(0, "Description", class.text("description"));
    page.field(0, "Annotations", &class.joined_labels("metadata.annotations"));
    page.events(events);
}

pub fn disruption_budget(page: &mut Page, budget: &Value, events: Option<&[Value]>) {
    let (spec, status) = (budget.at("spec"), budget.at("status"));
    page.field(0, "Name", budget.text("metadata.name"));
    page.field(0, "Namespace", budget.text("metadata.namespace"));
    if spec.has("minAvailable") {
        page.field(0, "Min available", &spec.shown("minAvailable", ""));
    } else if spec.has("maxUnavailable") {
        page.field(0, "Max unavailable", &spec.shown("maxUnavailable", ""));
    }
    let selector = if spec.has("selector") { spec.label_selector("selector") } else { "<unset>".to_owned() };
    page.field(0, "Selector", &selector);
    page.write(0, "Status:\n");
    let numbers = [
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ];
    for (title, field) in numbers {
        page.field(2, title, &status.integer(field).to_string());
    }
    page.events(events);
}

pub fn autoscaler(page: &mut Page, object: &Value, events: Option<&[Value]>) {
    let (spec, status) = (object.at("spec"), object.at("status"));
    page.header(object);
    page.field(0, "CreationTimestamp", &object.time("metadata.creationTimestamp"));
    let kind = spec.text("scaleTargetRef.kind");
    put!(page, 0, "Reference:\t{kind}/{}\n", spec.text("scaleTargetRef.name"));
    page.write(0, "Metrics:\t( current / target )\n");
    let current = status.list("currentMetrics");
    for (index, wanted) in spec.list("metrics").iter().enumerate() {
        metric(page, wanted, current.get(index).unwrap_or(&Value::Null));
    }
    page.field(0, "Min replicas", &spec.shown("minReplicas", "<unset>"));
    page.field(0, "Max replicas", &spec.integer("maxReplicas").to_string());
    if spec.has("behavior") {
        page.write(0, "Behavior:\n");
        behavior(page, "Scale Up", spec.at("behavior.scaleUp"));
        behavior(page, "Scale Down", spec.at("behavior.scaleDown"));
    }
    let (current, desired) = (status.integer("currentReplicas"), status.integer("desiredReplicas"));
    put!(page, 0, "{kind} pods:\t{current} current / {desired} desired\n");
    let conditions = status.list("conditions");
    if !conditions.is_empty() {
        page.write(0, "Conditions:\n");
        page.write(1, "Type\tStatus\tReason\tMessage\n");
        page.write(1, "----\t------\t------\t-------\n");
    }
    for condition in conditions {
        let (kind, status, reason) = (condition.text("type"), condition.text("status"), condition.text("reason"));
        put!(page, 1, "{kind}\t{status}\t{reason}\t{}\n", condition.text("message"));
    }
    page.events(events);
}

/// A quantity, as Go prints one that may be absent.
fn amount(value: &Value) -> String {
    if value.is_null() { "<nil>".to_owned() } else { quantity(value).to_string() }
}

fn metric(page: &mut Page, wanted: &Value, current: &Value) {
    let field = match wanted.text("type") {
        "External" => "external",
        "Pods" => "pods",
        "Object" => "object",
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        other => {
            put!(page, 1, "<unknown metric type {}>\n", go_text::quote(other));
            return;
        }
    };
    let (wanted, now) = (wanted.at(field), current.at(field));
    let name = wanted.text("metric.name");
    let target = wanted.at("target");
    // in the words of upstream, a metric that is not there yet is unknown
    let known = |value: &str| if now.is_null() { "<unknown>".to_owned() } else { amount(now.at("current").at(value)) };
    match field {
        "external" if target.has("averageValue") => {
            let average = if now.has("current.averageValue") { known("averageValue") } else { "<unknown>".to_owned() };
            put!(page, 1, "{} (target average value):\t{average} / {}\n", go_text::quote(name), amount(target.at("averageValue")));
        }
        "external" => put!(page, 1, "{} (target value):\t{} / {}\n", go_text::quote(name), known("value"), amount(target.at("value"))),
        "pods" => put!(page, 1, "{} on pods:\t{} / {}\n", go_text::quote(name), known("averageValue"), amount(target.at("averageValue"))),
        "object" => {
            put!(page, 1, "\"{name}\" on {}/{} ", wanted.text("describedObject.kind"), wanted.text("describedObject.name"));
            if target.text("type") == "AverageValue" {
                put!(page, 0, "(target average value):\t{} / {}\n", known("averageValue"), amount(target.at("averageValue")));
            } else {
                put!(page, 0, "(target value):\t{} / {}\n", known("value"), amount(target.at("value")));
            }
        }
        _ => {
            match wanted.filled("container") {
                Some(container) => put!(page, 1, "resource {} of container \"{container}\" on pods", wanted.text("name")),
                None => put!(page, 1, "resource {} on pods", wanted.text("name")),
            }
            if target.has("averageValue") {
                put!(page, 0, ":\t{} / {}\n", known("averageValue"), amount(target.at("averageValue")));
                return;
            }
            let percent = |value: &Value| value.as_i64().map(|percent| format!("{percent}%"));
            let current = percent(now.at("current.averageUtilization"))
                .map_or_else(|| "<unknown>".to_owned(), |percent| format!("{percent} ({})", known("averageValue")));
            let target = percent(target.at("averageUtilization")).unwrap_or_else(|| "<auto>".to_owned());
            put!(page, 1, "(as a percentage of request):\t{current} / {target}\n");
        }
    }
}

fn behavior(page: &mut Page, title: &str, rules: &Value) {
    if rules.is_null() {
        return;
    }
    put!(page, 1, "{title}:\n");
    if rules.has("stabilizationWindowSeconds") {
        put!(page, 2, "Stabilization Window: {} seconds\n", rules.integer("stabilizationWindowSeconds"));
    }
    let policies = rules.list("policies");
    if policies.is_empty() {
        return;
    }
    put!(page, 2, "Select Policy: {}\n", rules.text_or("selectPolicy", "Max"));
    page.write(2, "Policies:\n");
    for policy in policies {
        let (kind, value, period) = (policy.text("type"), policy.integer("value"), policy.integer("periodSeconds"));
        put!(page, 3, "- Type: {kind}\tValue: {value}\tPeriod: {period} seconds\n");
    }
}
