//! A server on a store of its own, and calls to it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use apiserver::authn::Peer;
use apiserver::{Config, NoNodes, NodeDialer, Security, Server, UserInfo};
use axum::body::Body;
use http::{Method, Request, Response};
use http_body_util::BodyExt;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::Value;
use tokio_util::sync::{CancellationToken, DropGuard};

pub struct Harness {
    pub server: Server,
    pub dir: tempfile::TempDir,
    key: String,
}

pub const JSON: &str = "application/json";
pub const MERGE: &str = "application/merge-patch+json";

async fn start(dir: &std::path::Path, key: &str, dialer: Arc<dyn NodeDialer>, security: Security, older_versions: bool) -> Server {
    let store = store::Store::open(dir, store::Options::default()).unwrap();
    Server::new(Config { security, dialer, older_versions, ..Config::standalone(store, key.to_owned()) }).await.unwrap()
}

impl Harness {
    pub async fn new() -> Self {
        Self::with_dialer(Arc::new(NoNodes)).await
    }
    pub async fn without_older_versions() -> Self {
        Self::made(Arc::new(NoNodes), Security::default(), false).await
    }
    pub async fn with_dialer(dialer: Arc<dyn NodeDialer>) -> Self {
        Self::made(dialer, Security::default(), true).await
    }
    pub async fn secured(security: Security) -> Self {
        Self::made(Arc::new(NoNodes), security, true).await
    }
    async fn made(dialer: Arc<dyn NodeDialer>, security: Security, older_versions: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
        let server = start(dir.path(), &key, dialer, security, older_versions).await;
        Self { server, dir, key }
    }
    /// Stops the server and starts another on the same store.
    pub async fn restart(self) -> Self {
        self.restart_secured(Security::default()).await
    }
    pub async fn restart_secured(self, security: Security) -> Self {
        self.server.close().await;
        let server = start(self.dir.path(), &self.key, Arc::new(NoNodes), security, true).await;
        Self { server, ..self }
    }
    /// Runs the controllers for as long as the guard lives.
    pub fn control(&self) -> DropGuard {
        let client = client::in_process(self.server.service(UserInfo::administrator()));
        let stop = CancellationToken::new();
        tokio::spawn(controllers::run(runtime::Informers::new(client), controllers::Config::default(), stop.clone()));
        stop.drop_guard()
    }
    pub async fn raw(&self, peer: Peer, request: Request<Body>) -> Response<Body> {
        self.server.handle(request, peer).await
    }
    pub async fn call_as(&self, user: UserInfo, method: Method, path: &str, content_type: &str, body: &str) -> (u16, Value) {
        let request =
            Request::builder().method(method).uri(path).header("content-type", content_type).body(Body::from(body.to_owned())).unwrap();
        read(self.raw(Peer::Internal(Arc::new(user)), request).await).await
    }
    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.call_as(UserInfo::administrator(), Method::GET, path, JSON, "").await
    }
    /// A list as the Table that kubectl asks for.
    pub async fn table(&self, path: &str) -> Value {
        let request =
            Request::builder().uri(path).header("accept", "application/json;as=Table;v=v1;g=meta.k8s.io").body(Body::empty()).unwrap();
        read(self.raw(Peer::Internal(Arc::new(UserInfo::administrator())), request).await).await.1
    }
    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.call_as(UserInfo::administrator(), Method::POST, path, JSON, &body.to_string()).await
    }
    pub async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        self.call_as(UserInfo::administrator(), Method::PUT, path, JSON, &body.to_string()).await
    }
    pub async fn patch(&self, path: &str, content_type: &str, body: &Value) -> (u16, Value) {
        self.call_as(UserInfo::administrator(), Method::PATCH, path, content_type, &body.to_string()).await
    }
    pub async fn delete(&self, path: &str, body: &str) -> (u16, Value) {
        self.call_as(UserInfo::administrator(), Method::DELETE, path, JSON, body).await
    }
    /// The code of an answer, and its warnings.
    pub async fn warned(&self, method: Method, path: &str, body: &Value) -> (u16, Vec<String>) {
        self.warned_as(method, path, JSON, body).await
    }
    pub async fn warned_patch(&self, path: &str, body: &Value) -> (u16, Vec<String>) {
        self.warned_as(Method::PATCH, path, MERGE, body).await
    }
    async fn warned_as(&self, method: Method, path: &str, content_type: &str, body: &Value) -> (u16, Vec<String>) {
        let request =
            Request::builder().method(method).uri(path).header("content-type", content_type).body(Body::from(body.to_string())).unwrap();
        let response = self.raw(Peer::Internal(Arc::new(UserInfo::administrator())), request).await;
        let warnings = response.headers().get_all("warning").iter().map(|value| value.to_str().unwrap().to_owned()).collect();
        (response.status().as_u16(), warnings)
    }
    /// Serves the administrator on a loopback socket without TLS.
    pub async fn listen(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = self.server.service(UserInfo::administrator());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = TowerToHyperService::new(service.clone());
                tokio::spawn(async move {
                    let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                    drop(builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await);
                });
            }
        });
        address
    }
    /// Lines of a watch, one after the other.
    pub async fn watch(&self, path: &str) -> Lines {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = self.raw(Peer::Internal(Arc::new(UserInfo::administrator())), request).await;
        assert_eq!(response.status(), 200);
        Lines { body: response.into_body(), rest: Vec::new() }
    }
}

pub async fn read(response: Response<Body>) -> (u16, Value) {
    let code = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (code, serde_json::from_slice(&body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned())))
}

pub struct Lines {
    body: Body,
    rest: Vec<u8>,
}

impl Lines {
    /// The next event; none at the end.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(at) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=at).collect();
                return Some(serde_json::from_slice(&line).unwrap());
            }
            let frame = tokio::time::timeout(std::time::Duration::from_secs(20), self.body.frame()).await.expect("an event comes");
            self.rest.extend_from_slice(&frame?.unwrap().into_data().unwrap());
        }
    }
    /// Type, name and resourceVersion of the next event.
    pub async fn brief(&mut self) -> (String, String) {
        let event = self.next().await.unwrap();
        (event["type"].as_str().unwrap().to_owned(), event["object"]["metadata"]["name"].as_str().unwrap_or_default().to_owned())
    }
}

pub fn config_map(name: &str, labels: &Value) -> Value {
    serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": labels}, "data": {"a": "1"}})
}

/// A loopback listener with a certificate of its own for these names and for 127.0.0.1, and that certificate in PEM.
pub async fn tls_listener(names: &[&str]) -> (tokio::net::TcpListener, tokio_rustls::TlsAcceptor, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.subject_alt_names.push(rcgen::SanType::IpAddress(Ipv4Addr::LOCALHOST.into()));
    let certificate = params.self_signed(&key).unwrap();
    let tls = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap())
        .unwrap();
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    (listener, tokio_rustls::TlsAcceptor::from(Arc::new(tls)), certificate.pem())
}
