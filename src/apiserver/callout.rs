//! Calls from the API server to HTTPS servers that users name: webhooks and the issuer of foreign tokens. Connections are kept and used again; answers are bounded, and
//! so is the time that any of it takes. What goes wrong is told as upstream's client tells it.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::service_reference::{Backend, ServiceReference, ServiceResolver};

/// Bytes of an answer.
const ANSWER_BYTES: usize = 3 << 20;
/// Certificate bundles whose connections are kept.
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

type HttpClient = Client<Connector, Full<Bytes>>;

/// Calls others, with the connections that are kept.
pub struct Caller {
    resolver: ServiceResolver,
    /// By bundle of certificates; empty for the host's own.
    clients: Mutex<HashMap<Vec<u8>, HttpClient>>,
}

impl Caller {
    pub fn new(resolver: ServiceResolver) -> Self {
        Self { resolver, clients: Mutex::default() }
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
        let client = self.client(bundle)?;
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("content-type", "application/json")
            .header("accept", "application/json, */*")
            .header("user-agent", "kube-apiserver-admission")
            .body(Full::new(body.into()))
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
        tokio::time::timeout(timeout, work).await.unwrap_or_else(|_| Err(failed("context deadline exceeded".to_owned())))
    }

    fn client(&self, bundle: &[u8]) -> Result<HttpClient, CallError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(bundle) {
            return Ok(client.clone());
        }
        let connector = Connector { resolver: self.resolver.clone(), tls: TlsConnector::from(Arc::new(tls(bundle)?)) };
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .build(connector);
        if clients.len() >= CLIENTS {
            clients.clear();
        }
        clients.insert(bundle.to_vec(), client.clone());
        Ok(client)
    }
}

fn tls(bundle: &[u8]) -> Result<rustls::ClientConfig, CallError> {
    let mut roots = rustls::RootCertStore::empty();
    if bundle.is_empty() {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    } else {
        for certificate in CertificateDer::pem_slice_iter(bundle) {
            roots.add(certificate.map_err(|_| CallError::Bundle)?).map_err(|_| CallError::Bundle)?;
        }
        if roots.is_empty() {
            return Err(CallError::Bundle);
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|_| CallError::Bundle)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
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

/// Opens connections: to services of the cluster through their endpoints, to all else by name.
#[derive(Clone)]
struct Connector {
    resolver: ServiceResolver,
    tls: TlsConnector,
}

impl Connector {
    async fn connect(self, uri: Uri) -> io::Result<Stream> {
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = uri.port_u16().unwrap_or(443);
        let stream = match self.backend(&host, port)? {
            Backend::Address(address) => dial(&address.to_string(), TcpStream::connect(address).await)?,
            Backend::Name(name, port) => dial(&format!("{name}:{port}"), TcpStream::connect((name.as_str(), port)).await)?,
        };
        let _ = stream.set_nodelay(true);
        let name = ServerName::try_from(host).map_err(|error| io::Error::other(error.to_string()))?;
        self.tls.connect(name, stream).await.map(|stream| Stream(TokioIo::new(stream))).map_err(|error| io::Error::other(told_tls(&error)))
    }
    fn backend(&self, host: &str, port: u16) -> io::Result<Backend> {
        let mut parts = host.split('.');
        let reference = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(name), Some(namespace), Some("svc"), None) => {
                ServiceReference { namespace: namespace.to_owned(), name: name.to_owned(), port: i32::from(port) }
            }
            _ => return Ok(Backend::Name(host.to_owned(), port)),
        };
        self.resolver.resolve(&reference).map_err(|error| io::Error::other(error.to_string()))
    }
}

fn dial(to: &str, result: io::Result<TcpStream>) -> io::Result<TcpStream> {
    result.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::ConnectionRefused => "connect: connection refused".to_owned(),
            io::ErrorKind::HostUnreachable => "connect: no route to host".to_owned(),
            io::ErrorKind::NetworkUnreachable => "connect: network is unreachable".to_owned(),
            io::ErrorKind::TimedOut => "i/o timeout".to_owned(),
            _ => error.to_string(),
        };
        io::Error::other(format!("dial tcp {to}: {why}"))
    })
}

fn told_tls(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(fault)) => {
            let why = match fault {
                rustls::CertificateError::UnknownIssuer | rustls::CertificateError::BadSignature => {
                    "certificate signed by unknown authority".to_owned()
                }
                rustls::CertificateError::Expired | rustls::CertificateError::ExpiredContext { .. } => {
                    "certificate has expired or is not yet valid".to_owned()
                }
                other => format!("{other:?}"),
            };
            format!("tls: failed to verify certificate: x509: {why}")
        }
        Some(other) => format!("tls: {other}"),
        None => error.to_string(),
    }
}

impl tower::Service<Uri> for Connector {
    type Response = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

/// A connection that the pool may keep.
struct Stream(TokioIo<TlsStream<TcpStream>>);

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl hyper::rt::Read for Stream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: hyper::rt::ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl hyper::rt::Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
