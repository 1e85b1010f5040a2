//! An API server of config maps for tests: lists, watches that can be slow, cut or compacted away, creations, updates with conflicts, and deletions.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, StreamBody};
use serde_json::{Value, json};
use tokio::sync::watch;

type Stream = futures::stream::BoxStream<'static, Result<http_body::Frame<Bytes>, Infallible>>;

#[derive(Clone)]
pub(crate) struct SimulatedServer {
    state: Arc<Mutex<State>>,
    revision: watch::Sender<u64>,
    /// Counts the cuts: a watch ends when it changes.
    cuts: watch::Sender<u64>,
    /// How late a watch tells.
    delay: Duration,
}

#[derive(Default)]
struct State {
    revision: u64,
    objects: BTreeMap<String, Value>,
    history: Vec<(u64, &'static str, Value)>,
    compacted: u64,
    serial: u64,
    requests: Vec<String>,
    /// Creations are refused.
    full: bool,
}

impl SimulatedServer {
    pub(crate) fn new(delay: Duration) -> Self {
        Self { state: Arc::default(), revision: watch::Sender::new(0), cuts: watch::Sender::new(0), delay }
    }
    pub(crate) fn client(&self) -> kube::Client {
        let server = self.clone();
        client::in_process(tower::service_fn(move |request: Request<kube::client::Body>| {
            let server = server.clone();
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
                Ok::<_, Infallible>(server.answer(&parts.method, &parts.uri, &body))
            }
        }))
    }
    pub(crate) fn put(&self, name: &str, value: &str) {
        self.write(name, json!({"metadata": {"namespace": "n", "name": name}, "data": {"value": value}}));
    }
    pub(crate) fn delete(&self, name: &str) -> bool {
        let mut state = self.state.lock().unwrap();
        let Some(mut object) = state.objects.remove(name) else { return false };
        state.revision += 1;
        let revision = state.revision;
        object["metadata"]["resourceVersion"] = json!(revision.to_string());
        state.history.push((revision, "DELETED", object));
        drop(state);
        self.revision.send_replace(revision);
        true
    }
    /// Ends all watches.
    pub(crate) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
    /// Forgets all history so far.
    pub(crate) fn compact(&self) {
        let mut state = self.state.lock().unwrap();
        state.compacted = state.revision;
        state.history.clear();
    }
    pub(crate) fn refuse(&self, full: bool) {
        self.state.lock().unwrap().full = full;
    }
    pub(crate) fn requests(&self, beginning: &str) -> usize {
        self.state.lock().unwrap().requests.iter().filter(|request| request.starts_with(beginning)).count()
    }
    pub(crate) fn names(&self) -> Vec<String> {
        self.state.lock().unwrap().objects.keys().cloned().collect()
    }

    fn write(&self, name: &str, mut object: Value) -> Value {
        let mut state = self.state.lock().unwrap();
        state.revision += 1;
        let revision = state.revision;
        let old = state.objects.get(name);
        let uid = old.map_or_else(|| json!(format!("uid-{revision}")), |old| old["metadata"]["uid"].clone());
        let kind = if old.is_some() { "MODIFIED" } else { "ADDED" };
        object["metadata"]["name"] = json!(name);
        object["metadata"]["namespace"] = json!("n");
        object["metadata"]["uid"] = uid;
        object["metadata"]["resourceVersion"] = json!(revision.to_string());
        object["apiVersion"] = json!("v1");
        object["kind"] = json!("ConfigMap");
        state.objects.insert(name.to_owned(), object.clone());
        state.history.push((revision, kind, object.clone()));
        drop(state);
        self.revision.send_replace(revision);
        object
    }

    fn answer(&self, method: &Method, uri: &http::Uri, body: &[u8]) -> Response<StreamBody<Stream>> {
        let query = uri.query().unwrap_or_default();
        let watching = query.contains("watch=true");
        let verb = if watching { "WATCH".to_owned() } else { method.to_string() };
        self.state.lock().unwrap().requests.push(format!("{verb} {uri}"));
        let name = uri.path().rsplit('/').next().unwrap_or_default().to_owned();
        let sent: Value = serde_json::from_slice(body).unwrap_or_default();
        match (method, name.as_str()) {
            (&Method::GET, "configmaps") if watching => {
                let from = query.split('&').find_map(|pair| pair.strip_prefix("resourceVersion=")?.parse().ok()).unwrap_or_default();
                self.watch(from)
            }
            (&Method::GET, "configmaps") => {
                let state = self.state.lock().unwrap();
                let items: Vec<&Value> = state.objects.values().collect();
                respond(
                    200,
                    &json!({"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {"resourceVersion": state.revision.to_string()}, "items": items}),
                )
            }
            (&Method::POST, "configmaps") => {
                let mut state = self.state.lock().unwrap();
                if state.full {
                    return failure(403, "Forbidden", "no room");
                }
                state.serial += 1;
                let name = format!("made-{}", state.serial);
                drop(state);
                respond(201, &self.write(&name, sent))
            }
            (&Method::PUT, name) => {
                let known = self.state.lock().unwrap().objects.get(name).map(|object| object["metadata"]["resourceVersion"].clone());
                match known {
                    None => failure(404, "NotFound", "gone"),
                    Some(version) if version != sent["metadata"]["resourceVersion"] => failure(409, "Conflict", "changed"),
                    Some(_) => respond(200, &self.write(name, sent)),
                }
            }
            (&Method::DELETE, name) if self.delete(name) => respond(200, &json!({"kind": "Status", "status": "Success"})),
            _ => failure(404, "NotFound", "not found"),
        }
    }

    fn watch(&self, from: u64) -> Response<StreamBody<Stream>> {
        if from < self.state.lock().unwrap().compacted {
            return failure(410, "Expired", "too old resource version");
        }
        let (server, cuts) = (self.clone(), self.cuts.subscribe());
        let cut_at = *cuts.borrow();
        let stream = futures::stream::unfold(
            (server, self.revision.subscribe(), cuts, from),
            move |(server, mut revision, mut cuts, from)| async move {
                loop {
                    let next = server.state.lock().unwrap().history.iter().find(|(revision, _, _)| *revision > from).cloned();
                    if let Some((at, kind, object)) = next {
                        tokio::time::sleep(server.delay).await;
                        let line = format!("{}\n", json!({"type": kind, "object": object}));
                        return Some((Ok(http_body::Frame::data(Bytes::from(line))), (server, revision, cuts, at)));
                    }
                    tokio::select! {
                        _ = revision.changed() => {}
                        _ = cuts.wait_for(|cuts| *cuts != cut_at) => return None,
                    }
                }
            },
        );
        Response::new(StreamBody::new(Box::pin(stream)))
    }
}

fn respond(code: u16, value: &Value) -> Response<StreamBody<Stream>> {
    let bytes = Bytes::from(value.to_string());
    let stream: Stream = Box::pin(futures::stream::once(std::future::ready(Ok(http_body::Frame::data(bytes)))));
    Response::builder().status(code).body(StreamBody::new(stream)).unwrap()
}

fn failure(code: u16, reason: &str, message: &str) -> Response<StreamBody<Stream>> {
    respond(code, &json!({"kind": "Status", "status": "Failure", "code": code, "reason": reason, "message": message}))
}
