//! Connections to whom the API server calls: services of the cluster through their endpoints, all else by name, always with TLS.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::service_reference::{Backend, ServiceReference, ServiceResolver};

/// Opens connections: to services of the cluster through their endpoints, to all else by name.
#[derive(Clone)]
pub struct Connector {
    pub resolver: ServiceResolver,
    pub tls: TlsConnector,
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
pub struct Stream(TokioIo<TlsStream<TcpStream>>);

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
