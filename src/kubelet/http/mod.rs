//! The kubelet's HTTP API: logs, exec, attach, port-forward, statistics, pods, health. Who may use it is decided before it is reached.

mod logs;
mod remote;
mod stats;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use k8s_openapi::api::core::v1::Pod;

use crate::kubelet::{Handle, Shared};

type Kubelet = State<Arc<Shared>>;

/// A failure: a status code and plain words, as upstream's kubelet answers; the API server makes a Status of it.
pub(crate) struct Failure(StatusCode, String);

impl Failure {
    fn bad_request(message: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, message.into())
    }
    fn not_found(message: impl Into<String>) -> Self {
        Self(StatusCode::NOT_FOUND, message.into())
    }
    fn internal(message: impl std::fmt::Display) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, message.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}

/// The routes. Serve them where the API server dials.
pub fn router(handle: &Handle) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/healthz/ping", get(|| async { "ok" }))
        .route("/pods", get(pods))
        .route("/runningpods/", get(pods))
        .route("/containerLogs/{namespace}/{pod}/{container}", get(logs::container))
        .route("/exec/{namespace}/{pod}/{container}", any(remote::exec))
        .route("/exec/{namespace}/{pod}/{uid}/{container}", any(remote::exec_by_uid))
        .route("/attach/{namespace}/{pod}/{container}", any(remote::attach))
        .route("/attach/{namespace}/{pod}/{uid}/{container}", any(remote::attach_by_uid))
        .route("/portForward/{namespace}/{pod}", any(remote::port_forward))
        .route("/portForward/{namespace}/{pod}/{uid}", any(remote::port_forward_by_uid))
        .route("/stats/summary", get(stats::summary))
        .route("/metrics/resource", get(stats::metrics))
        .with_state(handle.0.clone())
}

/// A PodList of what this kubelet knows.
async fn pods(State(shared): Kubelet) -> Response {
    let items: Vec<Pod> = shared.known_pods().iter().map(|pod| pod.as_ref().clone()).collect();
    let list = serde_json::json!({ "kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": items });
    json(&list)
}

fn json(value: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], Body::from(value.to_string())).into_response()
}

/// The pod, or the words that it is not here.
fn find(shared: &Shared, namespace: &str, name: &str) -> Result<Arc<Pod>, Failure> {
    shared.find_pod(namespace, name).ok_or_else(|| Failure::not_found(format!("pod \"{name}\" not found\n")))
}
