//! What belongs to the described object and is asked for: its events, its pods, anything else by path.

use serde_json::Value;

use super::tree::{Tree, controller};
use crate::error::Result;
use crate::session::{Call, Session, percent_encode};

/// The server, as describing needs it.
pub struct Related<'s, 'u> {
    pub session: &'s mut Session<'u>,
    pub show_events: bool,
    /// Items of one answer; 0 for all.
    pub chunk_size: i64,
}

/// How many pods of a controller are in which phase.
#[derive(Clone, Copy, Debug, Default)]
pub struct PodCounts {
    pub running: usize,
    pub waiting: usize,
    pub succeeded: usize,
    pub failed: usize,
}

impl std::fmt::Display for PodCounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} Running / {} Waiting / {} Succeeded / {} Failed", self.running, self.waiting, self.succeeded, self.failed)
    }
}

impl PodCounts {
    fn of(pods: &[Value], controller_uid: &str) -> Self {
        let mut counts = Self::default();
        for pod in pods.iter().filter(|pod| controller(pod).is_some_and(|owner| owner.text("uid") == controller_uid)) {
            match pod.text("status.phase") {
                "Running" => counts.running += 1,
                "Pending" => counts.waiting += 1,
                "Succeeded" => counts.succeeded += 1,
                "Failed" => counts.failed += 1,
                _ => {}
            }
        }
        counts
    }
}

/// The path of a collection in a namespace; of all namespaces where that is empty.
pub fn collection(api: &str, namespace: &str, resource: &str) -> String {
    if namespace.is_empty() { format!("{api}/{resource}") } else { format!("{api}/namespaces/{}/{resource}", percent_encode(namespace)) }
}

impl Related<'_, '_> {
    /// One object.
    pub async fn get(&mut self, path: String) -> Result<Value> {
        self.session.call_json(&Call::get(path)).await
    }

    /// All items of a collection, in chunks.
    pub async fn list(&mut self, path: &str, labels: &str, fields: &str) -> Result<Vec<Value>> {
        let limit = if self.chunk_size > 0 { self.chunk_size.to_string() } else { String::new() };
        let (mut items, mut token) = (Vec::new(), String::new());
        loop {
            let call = Call::get(path)
                .query("labelSelector", labels)
                .query("fieldSelector", fields)
                .query("limit", limit.clone())
                .query("continue", std::mem::take(&mut token));
            let mut page = self.session.call_json(&call).await?;
            if let Some(Value::Array(found)) = page.get_mut("items").map(Value::take) {
                items.extend(found);
            }
            page.text("metadata.continue").clone_into(&mut token);
            if token.is_empty() {
                return Ok(items);
            }
        }
    }

    /// The events about an object, where they are wanted. What cannot be listed counts as none.
    pub async fn events(&mut self, object: &Value) -> Option<Vec<Value>> {
        let (kind, uid) = (object.text("kind").to_owned(), object.text("metadata.uid").to_owned());
        self.events_about(object, &kind, &uid).await
    }

    /// The same with another idea of kind (empty for any) and UID.
    pub async fn events_about(&mut self, object: &Value, kind: &str, uid: &str) -> Option<Vec<Value>> {
        if !self.show_events {
            return None;
        }
        let namespace = object.text("metadata.namespace");
        let mut fields = Vec::new();
        if !kind.is_empty() {
            fields.push(format!("involvedObject.kind={kind}"));
        }
        fields.push(format!("involvedObject.name={}", object.text("metadata.name")));
        fields.push(format!("involvedObject.namespace={namespace}"));
        if !uid.is_empty() {
            fields.push(format!("involvedObject.uid={uid}"));
        }
        Some(self.list(&collection("/api/v1", namespace, "events"), "", &fields.join(",")).await.unwrap_or_default())
    }

    /// The pods that `owner` controls, counted by phase.
    pub async fn pod_counts(&mut self, owner: &Value, selector: &str) -> Result<PodCounts> {
        let pods = self.list(&collection("/api/v1", owner.text("metadata.namespace"), "pods"), selector, "").await?;
        Ok(PodCounts::of(&pods, owner.text("metadata.uid")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pods_of_others_are_not_counted() {
        let pod = |uid: &str, phase: &str| json!({ "metadata": { "ownerReferences": [{ "controller": true, "uid": uid }] }, "status": { "phase": phase } });
        let pods = [pod("a", "Running"), pod("a", "Pending"), pod("b", "Running"), json!({ "status": { "phase": "Failed" } })];
        assert_eq!(PodCounts::of(&pods, "a").to_string(), "1 Running / 1 Waiting / 0 Succeeded / 0 Failed");
    }
}
