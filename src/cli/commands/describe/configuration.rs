//! Config maps, secrets, service accounts, namespaces, quotas and limits.

use std::collections::BTreeSet;

use api::quantity::Quantity;
use base64::Engine;
use serde_json::Value;

use super::network::dated_conditions;
use super::page::{Page, put};
use super::tree::{Tree, quantity};

/// How many bytes a value in base64 stands for, and the bytes.
fn decoded(value: &Value) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(value.as_str().unwrap_or_default()).unwrap_or_default()
}

pub fn config_map(page: &mut Page, object: &Value, events: Option<&[Value]>) {
    page.header(object);
    page.write(0, "\nData\n====\n");
    for (key, value) in object.members("data") {
        put!(page, 0, "{key}:\n----\n");
        put!(page, 0, "{}\n", value.as_str().unwrap_or_default());
        page.write(0, "\n");
    }
    page.write(0, "\nBinaryData\n====\n");
    for (key, value) in object.members("binaryData") {
        put!(page, 0, "{key}: {} bytes\n", decoded(value).len());
    }
    page.write(0, "\n");
    page.events(events);
}

pub fn secret(page: &mut Page, secret: &Value) {
    let kind = secret.text("type");
    page.header(secret);
    put!(page, 0, "\nType:\t{kind}\n");
    page.write(0, "\nData\n====\n");
    for (key, value) in secret.members("data") {
        let bytes = decoded(value);
        if key == "token" && kind == "kubernetes.io/service-account-token" {
            page.field(0, key, &String::from_utf8_lossy(&bytes));
        } else {
            put!(page, 0, "{key}:\t{} bytes\n", bytes.len());
        }
    }
}

pub fn service_account(page: &mut Page, account: &Value, events: Option<&[Value]>) {
    const TITLE: &str = "Image pull secrets:";
    page.header(account);
    let secrets = account.list("imagePullSecrets");
    if secrets.is_empty() {
        put!(page, 0, "{TITLE}\t<none>\n");
    }
    for (index, secret) in secrets.iter().enumerate() {
        let title = if index == 0 { TITLE.to_owned() } else { " ".repeat(TITLE.len()) };
        put!(page, 0, "{title}\t{}\n", secret.text("name"));
    }
    page.events(events);
}

/// A namespace with its quotas and limits; `None` where the server has no such thing.
pub fn namespace(page: &mut Page, namespace: &Value, quotas: Option<&[Value]>, limits: Option<&[Value]>) {
    page.field(0, "Name", namespace.text("metadata.name"));
    page.labels_and_annotations(namespace);
    page.field(0, "Status", namespace.text("status.phase"));
    dated_conditions(page, namespace.list("status.conditions"));
    if let Some(quotas) = quotas {
        page.write(0, "\n");
        namespace_quotas(page, quotas);
    }
    if let Some(limits) = limits {
        page.write(0, "\n");
        namespace_limits(page, limits);
    }
}

fn namespace_quotas(page: &mut Page, quotas: &[Value]) {
    if quotas.is_empty() {
        page.write(0, "No resource quota.\n");
        return;
    }
    let mut quotas: Vec<&Value> = quotas.iter().collect();
    quotas.sort_by_key(|quota| quota.text("metadata.name"));
    page.write(0, "Resource Quotas\n");
    for quota in quotas {
        page.field(1, "Name", quota.text("metadata.name"));
        scopes(page, quota, 1, "* ");
        page.write(1, "Resource\tUsed\tHard\n");
        page.write(1, "--------\t---\t---\n");
        for (name, hard) in quota.members("status.hard") {
            put!(page, 1, "{name}\t{}\t{}\n", quota.at("status.used").quantity(name), quantity(hard));
        }
    }
}

fn scopes(page: &mut Page, quota: &Value, level: usize, bullet: &str) {
    let mut scopes = quota.texts("spec.scopes");
    if scopes.is_empty() {
        return;
    }
    scopes.sort_unstable();
    page.field(level, "Scopes", &scopes.join(", "));
    for scope in scopes {
        let help = match scope {
            "Terminating" => {
                "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system."
            }
            "NotTerminating" => {
                "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate."
            }
            "BestEffort" => {
                "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service."
            }
            "NotBestEffort" => {
                "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service."
            }
            _ => continue,
        };
        put!(page, level, "{bullet}{help}\n");
    }
}

pub fn resource_quota(page: &mut Page, quota: &Value) {
    page.field(0, "Name", quota.text("metadata.name"));
    page.field(0, "Namespace", quota.text("metadata.namespace"));
    scopes(page, quota, 0, " * ");
    page.write(0, "Resource\tUsed\tHard\n");
    page.write(0, "--------\t----\t----\n");
    for (name, hard) in quota.members("status.hard") {
        let (mut used, hard) = (quota.at("status.used").quantity(name), quantity(hard));
        if used.format() != hard.format() {
            used = Quantity::new(used.value(), hard.format());
        }
        put!(page, 0, "{name}\t{used}\t{hard}\n");
    }
}

const LIMITS: [&str; 2] = [
    "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n",
    "----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n",
];

fn namespace_limits(page: &mut Page, ranges: &[Value]) {
    if ranges.is_empty() {
        page.write(0, "No LimitRange resource.\n");
        return;
    }
    put!(page, 0, "Resource Limits\n {}", LIMITS[0]);
    put!(page, 0, " {}", LIMITS[1]);
    for range in ranges {
        limits(page, range, " ");
    }
}

pub fn limit_range(page: &mut Page, range: &Value) {
    page.field(0, "Name", range.text("metadata.name"));
    page.field(0, "Namespace", range.text("metadata.namespace"));
    page.write(0, LIMITS[0]);
    page.write(0, LIMITS[1]);
    limits(page, range, "");
}

/// A line for each resource; upstream's lines come in no order.
fn limits(page: &mut Page, range: &Value, indent: &str) {
    const FIELDS: [&str; 5] = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"];
    for limit in range.list("spec.limits") {
        let names: BTreeSet<&str> = FIELDS.iter().flat_map(|field| limit.members(field)).map(|(name, _)| name).collect();
        for name in names {
            let cells = FIELDS.map(|field| match limit.at(field).member(name) {
                Value::Null => "-".to_owned(),
                amount => quantity(amount).to_string(),
            });
            put!(page, 0, "{indent}{}\t{name}\t{}\n", limit.text("type"), cells.join("\t"));
        }
    }
}
