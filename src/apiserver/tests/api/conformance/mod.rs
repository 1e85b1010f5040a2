//! What upstream's own conformance tests of the API machinery ask for, walked through request by request in tests of our own.

mod budgets;
mod definitions;
mod extended;
mod fields;
mod flows;
mod garbage;
mod lifecycle;
mod lists;
mod objects;
mod patches;
mod published;
mod quotas;
mod ratcheting;
mod subresources;
mod webhooks;

use serde_json::{Value, json};

use crate::custom::define;
use crate::harness::Harness;

const APPLY: &str = "application/apply-patch+yaml";

/// Defines a resource of one kind, whose versions all have the same schema; the first is stored.
async fn define_versions(harness: &Harness, (group, plural, kind): (&str, &str, &str), scope: &str, schema: &Value, versions: &[&str]) {
    let versions: Vec<Value> = versions
        .iter()
        .enumerate()
        .map(|(index, name)| json!({"name": name, "served": true, "storage": index == 0, "schema": {"openAPIV3Schema": schema}}))
        .collect();
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": format!("{plural}.{group}")},
        "spec": {"group": group, "scope": scope, "names": {"plural": plural, "kind": kind}, "versions": versions},
    });
    define(harness, &definition).await;
}

/// Whether all that is expected is there; there may be more, and lists may have more items.
fn holds(there: &Value, expected: &Value) -> bool {
    match (there, expected) {
        (Value::Object(there), Value::Object(expected)) => {
            expected.iter().all(|(name, value)| there.get(name).is_some_and(|there| holds(there, value)))
        }
        (Value::Array(there), Value::Array(expected)) => expected.iter().all(|item| there.iter().any(|there| holds(there, item))),
        _ => there == expected,
    }
}

/// Waits for what follows a write a moment later.
async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let seen = async {
        while !condition().await {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), seen).await.expect(what);
}
