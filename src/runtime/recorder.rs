//! Events, as client-go's EventRecorder: the caller never waits; a task of its own correlates and sends.

use std::time::Duration;

use api::ApiError;
use client::Resource;
use http::Method;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Event, EventSource, ObjectReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use tokio::sync::mpsc;

use crate::Backoff;
use crate::correlator::{Correlator, Decision};

/// Events that wait to be sent; more are dropped, as upstream drops them.
const WAITING: usize = 1000;
/// Attempts for one event while the server cannot be reached.
const ATTEMPTS: u32 = 6;

/// Makes Events in the name of one component; cheap to clone.
#[derive(Clone)]
pub struct Recorder {
    component: String,
    host: Option<String>,
    sender: mpsc::Sender<Event>,
}

impl Recorder {
    /// Must be called inside a tokio runtime: the recorder keeps one task, which ends with the last clone.
    pub fn new(client: kube::Client, component: &str) -> Self {
        Self::start(client, component, None)
    }
    /// For a component that runs on a node.
    pub fn on_host(client: kube::Client, component: &str, host: &str) -> Self {
        Self::start(client, component, Some(host.to_owned()))
    }
    /// The same sender in the name of another component.
    pub fn named(&self, component: &str) -> Self {
        Self { component: component.to_owned(), ..self.clone() }
    }
    fn start(client: kube::Client, component: &str, host: Option<String>) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(record(client, receiver));
        Self { component: component.to_owned(), host, sender }
    }
    /// Records an Event about `regarding`; `kind` is `Normal` or `Warning`. Never waits.
    pub fn event(&self, regarding: &ObjectReference, kind: &str, reason: &str, message: &str) {
        let event = self.make(regarding, kind, reason, message, Timestamp::now());
        if self.sender.try_send(event).is_err() {
            tracing::warn!(reason, "too many events wait, one is dropped: {message}");
        }
    }

    fn make(&self, regarding: &ObjectReference, kind: &str, reason: &str, message: &str, now: Timestamp) -> Event {
        let namespace = regarding.namespace.clone().filter(|namespace| !namespace.is_empty()).unwrap_or_else(|| "default".to_owned());
        let name = format!("{}.{:x}", regarding.name.as_deref().unwrap_or_default(), now.as_nanosecond());
        // The wire form has whole seconds.
        let time = Time(Timestamp::from_second(now.as_second()).unwrap_or(now));
        Event {
            metadata: ObjectMeta { name: Some(name), namespace: Some(namespace), ..Default::default() },
            involved_object: regarding.clone(),
            reason: Some(reason.to_owned()),
            message: Some(message.to_owned()),
            type_: Some(kind.to_owned()),
            source: Some(EventSource { component: Some(self.component.clone()), host: self.host.clone() }),
            reporting_component: Some(self.component.clone()),
            reporting_instance: Some(self.host.clone().unwrap_or_default()),
            first_timestamp: Some(time.clone()),
            last_timestamp: Some(time),
            count: Some(1),
            ..Default::default()
        }
    }
}

/// The reference to a typed object that its Events carry.
pub fn reference<K: api::Typed>(object: &K) -> ObjectReference {
    let meta = object.metadata();
    ObjectReference {
        api_version: Some(K::API_VERSION.to_owned()),
        kind: Some(K::KIND.to_owned()),
        namespace: meta.namespace.clone(),
        name: meta.name.clone(),
        uid: meta.uid.clone(),
        resource_version: meta.resource_version.clone(),
        field_path: None,
    }
}

async fn record(client: kube::Client, mut events: mpsc::Receiver<Event>) {
    let mut correlator = Correlator::default();
    while let Some(event) = events.recv().await {
        let decision = correlator.decide(event, Timestamp::now());
        if decision != Decision::Drop
            && let Err(error) = send_patiently(&client, &decision).await
        {
            tracing::debug!(code = error.code(), "event not recorded: {}", error.message());
        }
    }
}

async fn send_patiently(client: &kube::Client, decision: &Decision) -> Result<(), ApiError> {
    let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(10), 0.5);
    for _ in 1..ATTEMPTS {
        match send(client, decision).await {
            Err(error) if error.code() == 503 || error.code() == 429 => tokio::time::sleep(backoff.next()).await,
            outcome => return outcome,
        }
    }
    send(client, decision).await
}

async fn send(client: &kube::Client, decision: &Decision) -> Result<(), ApiError> {
    let events = Resource::of::<Event>();
    match decision {
        Decision::Drop => Ok(()),
        Decision::Create(event) => create(client, &events, event).await,
        Decision::Update(event) => {
            let patch = serde_json::json!({"count": event.count, "lastTimestamp": event.last_timestamp, "message": event.message});
            let meta = &event.metadata;
            let path = events.object(meta.namespace.as_deref().unwrap_or_default(), meta.name.as_deref().unwrap_or_default());
            match client::call(client, Method::PATCH, &path, client::Body::StrategicMergePatch(patch.to_string().into_bytes())).await {
                // It has expired or was deleted.
                Err(error) if error.code() == 404 => create(client, &events, event).await,
                outcome => outcome.map(drop),
            }
        }
    }
}

async fn create(client: &kube::Client, events: &Resource, event: &Event) -> Result<(), ApiError> {
    let path = events.collection(event.metadata.namespace.as_deref().unwrap_or_default());
    client::call(client, Method::POST, &path, client::Body::Json(api::Object::to_json(event))).await.map(drop)
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::Node;

    use super::*;

    #[tokio::test]
    async fn an_event_has_upstreams_form() {
        let (sender, _receiver) = mpsc::channel(1);
        let recorder = Recorder { component: "node-controller".into(), host: None, sender };
        let node =
            Node { metadata: ObjectMeta { name: Some("n1".into()), uid: Some("u".into()), ..Default::default() }, ..Default::default() };
        let now: Timestamp = "2024-03-01T10:00:00.5Z".parse().unwrap();
        let event = recorder.make(&reference(&node), "Normal", "RegisteredNode", "Node n1 event", now);
        let expected = serde_json::json!({
            "apiVersion": "v1", "kind": "Event",
            "metadata": {"name": format!("n1.{:x}", now.as_nanosecond()), "namespace": "default"},
            "involvedObject": {"apiVersion": "v1", "kind": "Node", "name": "n1", "uid": "u"},
            "reason": "RegisteredNode", "message": "Node n1 event", "type": "Normal", "count": 1,
            "source": {"component": "node-controller"}, "reportingComponent": "node-controller", "reportingInstance": "",
            "firstTimestamp": "2024-03-01T10:00:00Z", "lastTimestamp": "2024-03-01T10:00:00Z",
        });
        assert_eq!(serde_json::to_value(event).unwrap(), expected);
    }
}
