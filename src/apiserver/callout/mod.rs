//! Calls from the API server to HTTPS servers that users name: webhooks, extension API servers and the issuer of foreign tokens. Connections are kept and used again; answers are bounded, and
//! so is the time that any of it takes. What goes wrong is told as upstream's client tells it.

mod connector;
mod tls;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::client::ResolvesClientCert;
use tokio_rustls::TlsConnector;

use crate::service_reference::{ServiceReference, ServiceResolver};
use connector::Connector;

pub use tls::Trust;

/// Bytes of an answer.
const ANSWER_BYTES: usize = 3 << 20;
/// Ways to trust whose connections are kept.
const CLIENTS: usize = 64;
const IDLE_CONNECTIONS: usize = 8;
const IDLE: Duration = Duration::from_secs(90);

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("unable to load root certificates: unable to parse bytes as PEM block")]
    Bundle,
    #[error("{0:?} is no URL that can be called")]
    Url(String),
    #[error("{method} {url:?}: {why}")]
    Failed { method: &'static str, url: String, why: String },
    #[error("{0}")]
    Status(String),
}

/// Whom to call.
#[derive(Clone, Debug)]
pub enum Target {
    Url(String),
    Service(ServiceReference, String),
}

impl Target {
    /// The address as it is called, and as failures tell it.
    fn url(&self) -> String {
        match self {
            Self::Url(url) => url.clone(),
            Self::Service(reference, path) => {
                format!("https://{}:{}/{}", reference.host(), reference.port, path.trim_start_matches('/'))
            }
        }
    }
}

type HttpClient = Client<Connector, Body>;

/// Calls others, with the connections that are kept.
pub struct Caller {
    resolver: ServiceResolver,
    /// What this server shows to those who are called as extension API servers.
    identity: Option<Arc<dyn ResolvesClientCert>>,
    /// By whom they trust.
    clients: Mutex<HashMap<Trust, HttpClient>>,
}

impl Caller {
    pub fn new(resolver: ServiceResolver, identity: Option<Arc<dyn ResolvesClientCert>>) -> Self {
        Self { resolver, identity, clients: Mutex::default() }
    }
    pub fn resolver(&self) -> &ServiceResolver {
        &self.resolver
    }
    /// Sends a request as it is; what went wrong on the way is told in the words of Go's transport.
    pub async fn send(&self, trust: &Trust, request: Request<Body>) -> Result<Response<Incoming>, CallError> {
        self.client(trust)?.request(request).await.map_err(|error| CallError::Status(told(&error)))
    }
    /// Sends JSON and returns the answer's body, where its status is a good one.
    pub async fn post(&self, target: &Target, bundle: &[u8], body: Vec<u8>, timeout: Duration) -> Result<Bytes, CallError> {
        let url = format!("{}?timeout={}s", target.url(), timeout.as_secs());
        self.call(Method::POST, "Post", &url, bundle, body, timeout).await
    }
    pub async fn get(&self, url: &str, bundle: &[u8], timeout: Duration) -> Result<Bytes, CallError> {
        self.call(Method::GET, "Get", url, bundle, Vec::new(), timeout).await
    }

    async fn call(
        &self,
        method: Method,
        name: &'static str,
        url: &str,
        bundle: &[u8],
        body: Vec<u8>,
        timeout: Duration,
    ) -> Result<Bytes, CallError> {
        let failed = |why: String| CallError::Failed { method: name, url: url.to_owned(), why };
        let uri: Uri = url.parse().map_err(|_| CallError::Url(url.to_owned()))?;
        let client = self.client(&Trust { bundle: bundle.to_vec(), ..Trust::default() })?;
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("content-type", "application/json")
            .header("accept", "application/json, */*")
            .header("user-agent", "kube-apiserver-admission")
            .body(Body::from(body))
            .map_err(|error| failed(error.to_string()))?;
        let work = async {
            let response = client.request(request).await.map_err(|error| failed(told(&error)))?;
            let status = response.status();
            let body = match Limited::new(response.into_body(), ANSWER_BYTES).collect().await {
                Ok(body) => body.to_bytes(),
                Err(error) if error.is::<LengthLimitError>() => {
                    return Err(failed(format!("the answer is larger than {ANSWER_BYTES} bytes")));
                }
                Err(error) => return Err(failed(error.to_string())),
            };
            if status.is_success() { Ok(body) } else { Err(CallError::Status(told_status(status, &body))) }
        };
        // few requests call anybody: the futures of the others are not to have room for it
        Box::pin(tokio::time::timeout(timeout, work)).await.unwrap_or_else(|_| Err(failed("context deadline exceeded".to_owned())))
    }

    fn client(&self, trust: &Trust) -> Result<HttpClient, CallError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(trust) {
            return Ok(client.clone());
        }
        let tls = tls::client_config(trust, self.identity.as_ref())?;
        let connector = Connector { resolver: self.resolver.clone(), tls: TlsConnector::from(Arc::new(tls)) };
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .build(connector);
        if clients.len() >= CLIENTS {
            clients.clear();
        }
        clients.insert(trust.clone(), client.clone());
        Ok(client)
    }
}

/// What went wrong on the way, in the words of upstream's client.
fn told(error: &hyper_util::client::legacy::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(source) = last.source() {
        last = source;
    }
    if last.to_string().is_empty() { error.to_string() } else { last.to_string() }
}

fn told_status(status: StatusCode, body: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(body).trim().chars().take(2048).collect();
    match status {
        StatusCode::NOT_FOUND => "the server could not find the requested resource".to_owned(),
        StatusCode::UNAUTHORIZED => "the server has asked for the client to provide credentials".to_owned(),
        StatusCode::FORBIDDEN => "unknown".to_owned(),
        StatusCode::SERVICE_UNAVAILABLE => "the server is currently unable to handle the request".to_owned(),
        StatusCode::TOO_MANY_REQUESTS => "the server has received too many requests and has asked us to try again later".to_owned(),
        status if status.is_server_error() => {
            format!("an error on the server ({text:?}) has prevented the request from succeeding")
        }
        _ => "the server rejected our request for an unknown reason".to_owned(),
    }
}
