//! The whole scheduler against a small API server in memory: what is written, and that changes wake pods.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use runtime::Informers;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

type Body = UnsyncBoxBody<Bytes, Infallible>;

#[derive(Default)]
struct State {
    revision: u64,
    /// Objects by collection (`pods`) and name.
    objects: BTreeMap<String, BTreeMap<String, Value>>,
    watchers: Vec<(String, mpsc::UnboundedSender<Bytes>)>,
    events: Vec<Value>,
    /// Bindings to refuse.
    conflicts: usize,
}

impl State {
    fn set(&mut self, collection: &str, mut object: Value) {
        self.revision += 1;
        object["metadata"]["resourceVersion"] = json!(self.revision.to_string());
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        let old = self.objects.entry(collection.to_owned()).or_default().insert(name, object.clone());
        self.tell(collection, if old.is_some() { "MODIFIED" } else { "ADDED" }, &object);
    }
    fn delete(&mut self, collection: &str, name: &str) {
        self.revision += 1;
        if let Some(mut object) = self.objects.get_mut(collection).and_then(|objects| objects.remove(name)) {
            object["metadata"]["resourceVersion"] = json!(self.revision.to_string());
            self.tell(collection, "DELETED", &object);
        }
    }
    fn tell(&self, collection: &str, kind: &str, object: &Value) {
        let line = Bytes::from(format!("{}\n", json!({"type": kind, "object": object})));
        for (_, watcher) in self.watchers.iter().filter(|(watched, _)| watched == collection) {
            let _ = watcher.send(line.clone());
        }
    }
}

#[derive(Clone, Default)]
struct Server(Arc<Mutex<State>>);

impl Server {
    fn set(&self, collection: &str, object: Value) {
        self.0.lock().unwrap().set(collection, object);
    }
    fn get(&self, name: &str) -> Option<Value> {
        self.0.lock().unwrap().objects.get("pods")?.get(name).cloned()
    }
    async fn answer(self, request: Request<kube::client::Body>) -> Result<Response<Body>, Infallible> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let path: Vec<&str> = parts.uri.path().split('/').skip(1).collect();
        let query = parts.uri.query().unwrap_or_default();
        let mut state = self.0.lock().unwrap();
        let whole = |value: &Value| Full::new(Bytes::from(value.to_string())).boxed_unsync();
        let answer = match (&parts.method, &path[..]) {
            (&Method::GET, [.., collection]) if query.contains("watch=true") => {
                let (sender, receiver) = mpsc::unbounded_channel();
                // what came between the list and the watch
                let from: u64 =
                    query.split("resourceVersion=").nth(1).and_then(|rest| rest.split('&').next()?.parse().ok()).unwrap_or_default();
                for object in state.objects.get(*collection).into_iter().flat_map(BTreeMap::values) {
                    let revision: u64 = object["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap();
                    if revision > from {
                        let _ = sender.send(Bytes::from(format!("{}\n", json!({"type": "ADDED", "object": object}))));
                    }
                }
                state.watchers.push(((*collection).to_owned(), sender));
                let lines = tokio_stream::wrappers::UnboundedReceiverStream::new(receiver).map(|line| Ok(http_body::Frame::data(line)));
                StreamBody::new(lines).boxed_unsync()
            }
            (&Method::GET, [.., collection]) => {
                let items: Vec<Value> = state.objects.get(*collection).into_iter().flat_map(|objects| objects.values().cloned()).collect();
                whole(&json!({"kind": "List", "metadata": {"resourceVersion": state.revision.to_string()}, "items": items}))
            }
            (&Method::POST, [.., "pods", name, "binding"]) => {
                if state.conflicts > 0 {
                    state.conflicts -= 1;
                    let status = json!({"kind": "Status", "status": "Failure", "code": 409, "reason": "Conflict", "message": "try again"});
                    return Ok(Response::builder().status(409).body(whole(&status)).unwrap());
                }
                let mut pod = state.objects["pods"][*name].clone();
                assert_eq!(pod["metadata"]["uid"], body["metadata"]["uid"]);
                pod["spec"]["nodeName"] = body["target"]["name"].clone();
                state.set("pods", pod);
                whole(&json!({"kind": "Status", "status": "Success"}))
            }
            (&Method::POST, [.., "events"]) => {
                state.events.push(body.clone());
                whole(&body)
            }
            (&Method::PATCH, [.., "pods", name, "status"]) => {
                if let Some(mut pod) = state.objects["pods"].get(*name).cloned() {
                    pod["status"] = body["status"].clone();
                    state.set("pods", pod);
                }
                whole(&json!({}))
            }
            (&Method::DELETE, [.., "pods", name]) => {
                let name = (*name).to_owned();
                state.delete("pods", &name);
                whole(&json!({"kind": "Status", "status": "Success"}))
            }
            _ => whole(&json!({})),
        };
        Ok(Response::new(answer))
    }
    fn start(&self) -> CancellationToken {
        let server = self.clone();
        let client = client::in_process(tower::service_fn(move |request| server.clone().answer(request)));
        let stop = CancellationToken::new();
        tokio::spawn(crate::run(Informers::new(client), stop.clone()));
        stop
    }
    /// Waits until `met` of the server's state; the deadline only ends a test that has failed.
    async fn until(&self, what: &str, met: impl Fn(&State) -> bool) {
        let waiting = async {
            while !met(&self.0.lock().unwrap()) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let done = tokio::time::timeout(Duration::from_secs(20), waiting).await.is_ok();
        assert!(done, "{what}; events: {:?}", self.0.lock().unwrap().events);
    }
    async fn until_bound(&self, pod: &str, node: &str) {
        self.until(&format!("{pod} on {node}"), |state| state.objects["pods"].get(pod).is_some_and(|pod| pod["spec"]["nodeName"] == node))
            .await;
    }
    async fn until_event(&self, reason: &str, message: &str) {
        let found = |state: &State| state.events.iter().any(|event| event["reason"] == reason && event["message"] == message);
        self.until(&format!("event {reason}: {message}"), found).await;
    }
}

fn node(name: &str, labels: &Value) -> Value {
    json!({"metadata": {"name": name, "uid": name, "labels": labels}, "status": {"allocatable": {"cpu": "2", "memory": "4Gi", "pods": "10"}}})
}

fn pod(name: &str, cpu: &str, spec: &Value) -> Value {
    let mut whole = json!({"containers": [{"name": "c", "resources": {"requests": {"cpu": cpu}}}], "schedulerName": "default-scheduler"});
    whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    json!({"metadata": {"name": name, "namespace": "default", "uid": format!("uid-{name}"), "generation": 1}, "spec": whole, "status": {"phase": "Pending"}})
}

#[tokio::test]
async fn a_label_ends_the_wait() {
    let server = Server::default();
    server.set("nodes", node("n1", &json!({})));
    server.set("pods", pod("waiting", "1", &json!({"nodeSelector": {"disk": "ssd"}})));
    server.set("pods", pod("plain", "1", &json!({})));
    server.set("pods", pod("foreign", "1", &json!({"schedulerName": "other"})));
    server.set("pods", pod("gated", "1", &json!({"schedulingGates": [{"name": "wait"}]})));
    let stop = server.start();
    server.until_bound("plain", "n1").await;
    server.until_event("Scheduled", "Successfully assigned default/plain to n1").await;
    let message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    server.until_event("FailedScheduling", message).await;
    server.until("condition", |state| state.objects["pods"]["waiting"]["status"]["conditions"].is_array()).await;
    let condition = server.get("waiting").unwrap()["status"]["conditions"][0].clone();
    assert_eq!(
        (&condition["type"], &condition["status"], &condition["reason"]),
        (&json!("PodScheduled"), &json!("False"), &json!("Unschedulable"))
    );
    assert_eq!((&condition["message"], &condition["observedGeneration"]), (&json!(message), &json!(1)));
    server.set("nodes", node("n1", &json!({"disk": "ssd"})));
    server.until_bound("waiting", "n1").await;
    for name in ["foreign", "gated"] {
        assert!(server.get(name).unwrap()["spec"]["nodeName"].is_null());
    }
    stop.cancel();
}

#[tokio::test]
async fn a_victim_makes_room() {
    let server = Server::default();
    server.set("nodes", node("n1", &json!({})));
    server.set("pods", pod("low", "2", &json!({})));
    let stop = server.start();
    server.until_bound("low", "n1").await;
    server.set("pods", pod("high", "1", &json!({"priority": 1000})));
    server.until_event("Preempted", "Preempted by pod uid-high on node n1").await;
    server.until_bound("high", "n1").await;
    assert!(server.get("low").is_none());
    server.until_event("FailedScheduling", "0/1 nodes are available: 1 Insufficient cpu.").await;
    stop.cancel();
}

#[tokio::test]
async fn a_refused_binding_is_tried_again() {
    let server = Server::default();
    server.0.lock().unwrap().conflicts = 1;
    server.set("nodes", node("n1", &json!({})));
    server.set("pods", pod("a", "2", &json!({})));
    let stop = server.start();
    server.until_event("FailedScheduling", "binding rejected: running Bind plugin \"DefaultBinder\": try again").await;
    server.until_bound("a", "n1").await;
    stop.cancel();
}

#[tokio::test]
async fn many_pods_are_placed_once() {
    let server = Server::default();
    for number in 0..20 {
        server.set("nodes", node(&format!("n{number}"), &json!({})));
    }
    for number in 0..200 {
        server.set("pods", pod(&format!("p{number}"), "200m", &json!({})));
    }
    let stop = server.start();
    server.until("all bound", |state| state.objects["pods"].values().all(|pod| pod["spec"]["nodeName"].is_string())).await;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for pod in server.0.lock().unwrap().objects["pods"].values() {
        *counts.entry(pod["spec"]["nodeName"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert!(counts.values().all(|count| *count == 10), "{counts:?}");
    stop.cancel();
}
