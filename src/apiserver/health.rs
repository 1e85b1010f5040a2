//! `/healthz`, `/livez`, `/readyz`, with a line a check where `verbose` asks for them, and `/version`.

use axum::body::Body;
use http::{Response, StatusCode};
use serde_json::json;

use crate::request::Query;
use crate::respond;

/// What is checked first.
pub const BEFORE: &[&str] = &["ping", "log", "etcd"];

/// The parts of a start, under the names that upstream has for them and in its order, where this server has what they stand for.
pub const STARTED: &[&str] = &[
    "poststarthook/start-apiserver-admission-initializer",
    "poststarthook/generic-apiserver-start-informers",
    "poststarthook/priority-and-fairness-config-consumer",
    "poststarthook/priority-and-fairness-filter",
    "poststarthook/start-apiextensions-informers",
    "poststarthook/start-apiextensions-controllers",
    "poststarthook/crd-informer-synced",
    "poststarthook/start-system-namespaces-controller",
    "poststarthook/start-cluster-authentication-info-controller",
    "poststarthook/rbac/bootstrap-roles",
    "poststarthook/scheduling/bootstrap-system-priority-classes",
    "poststarthook/priority-and-fairness-config-producer",
    "poststarthook/bootstrap-controller",
    "poststarthook/start-kube-aggregator-informers",
    "poststarthook/apiservice-status-local-available-controller",
    "poststarthook/apiservice-status-remote-available-controller",
    "poststarthook/apiservice-registration-controller",
    "poststarthook/apiservice-discovery-controller",
    "poststarthook/kube-apiserver-autoregistration",
    "autoregister-completion",
    "poststarthook/apiservice-openapi-controller",
    "poststarthook/apiservice-openapiv3-controller",
];

/// One thing that is checked.
pub struct Check {
    pub name: &'static str,
    pub ok: bool,
}

/// `/readyz` and its like, or one of its checks: `/readyz/ping`.
pub fn answer(kind: &str, below: &str, query: &Query, checks: &[Check]) -> Response<Body> {
    let below = below.trim_matches('/');
    if !below.is_empty() {
        return match checks.iter().find(|check| check.name == below) {
            Some(check) if check.ok => respond::text(StatusCode::OK, "ok"),
            Some(check) => respond::text(StatusCode::INTERNAL_SERVER_ERROR, format!("internal server error: {} failed", check.name)),
            None => respond::page_not_found(),
        };
    }
    let excluded: Vec<&str> = query.all("exclude").collect();
    let mut lines = String::new();
    let mut ok = true;
    for check in checks {
        if excluded.contains(&check.name) {
            lines.push_str(&format!("[+]{} excluded: ok\n", check.name));
        } else if check.ok {
            lines.push_str(&format!("[+]{} ok\n", check.name));
        } else {
            ok = false;
            lines.push_str(&format!("[-]{} failed: reason withheld\n", check.name));
        }
    }
    let unknown: Vec<String> =
        excluded.iter().filter(|name| checks.iter().all(|check| check.name != **name)).map(|name| format!("{name:?}")).collect();
    if !unknown.is_empty() {
        lines.push_str(&format!("warn: some health checks cannot be excluded: no matches for {}\n", unknown.join(",")));
    }
    match (ok, query.get("verbose").is_some()) {
        (true, false) => respond::text(StatusCode::OK, "ok"),
        (true, true) => respond::text(StatusCode::OK, format!("{lines}{kind} check passed\n")),
        (false, _) => respond::text(StatusCode::INTERNAL_SERVER_ERROR, format!("{lines}{kind} check failed\n")),
    }
}

/// `/version`.
pub fn version(git_version: &str, git_commit: &str, build_date: &str) -> Response<Body> {
    let mut numbers = git_version.trim_start_matches('v').split('.');
    let (major, minor) = (numbers.next().unwrap_or("1"), numbers.next().unwrap_or("37"));
    let body = json!({
        "major": major,
        "minor": minor,
        "emulationMajor": major,
        "emulationMinor": minor,
        "minCompatibilityMajor": major,
        "minCompatibilityMinor": "36",
        "gitVersion": git_version,
        "gitCommit": git_commit,
        "gitTreeState": "clean",
        "buildDate": build_date,
        "goVersion": "",
        "compiler": "rustc",
        "platform": format!("linux/{}", if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" }),
    });
    respond::json(StatusCode::OK, respond::pretty(body.to_string().as_bytes()))
}
