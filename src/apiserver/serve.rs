//! The HTTPS side: connections, TLS, HTTP/1.1 and HTTP/2, with bounds on each, and an end that lets requests finish.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use crate::authn::{Peer, certificate_identity};
use crate::server::Server;

/// Connections at a time; more wait to be accepted.
const CONNECTIONS: usize = 8192;
/// A client that has not finished its handshake or its headers by then is cut off.
const HANDSHAKE: Duration = Duration::from_secs(10);
const HEADERS: Duration = Duration::from_secs(30);
/// Bytes of headers of one request.
const HEADER_BYTES: u32 = 64 << 10;
const STREAMS: u32 = 1000;
/// What is still running when the server is told to stop has this long.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Where a request came from, among its extensions.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub SocketAddr);

impl Server {
    /// Serves HTTPS on a listener until `shutdown` is ready. `tls` is offered as HTTP/2 and HTTP/1.1; who the client is comes from its certificate, which
    /// the configuration must have verified, where it shows one.
    pub async fn serve(&self, listener: TcpListener, mut tls: rustls::ServerConfig, shutdown: impl Future<Output = ()>) {
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let connections = Arc::new(Semaphore::new(CONNECTIONS));
        let graceful = GracefulShutdown::new();
        tokio::pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                accepted = accept(&listener, &connections) => accepted,
            };
            let Some((stream, permit)) = accepted else { continue };
            let (server, acceptor, watcher) = (self.clone(), acceptor.clone(), graceful.watcher());
            tokio::spawn(async move {
                let _permit = permit;
                let _ = stream.set_nodelay(true);
                let address = stream.peer_addr().ok().map(ClientAddress);
                let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await else { return };
                let certificate = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
                let peer = match certificate.map(|der| certificate_identity(der)) {
                    Some(Some(user)) => Peer::Certificate(Arc::new(user)),
                    _ => Peer::Unknown,
                };
                let service = service_fn(move |mut request: Request<Incoming>| {
                    let (server, peer) = (server.clone(), peer.clone());
                    address.map(|address| request.extensions_mut().insert(address));
                    async move { Ok::<_, Infallible>(server.handle(request.map(Body::new), peer).await) }
                });
                let builder = builder();
                let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
                if let Err(error) = watcher.watch(connection).await {
                    tracing::debug!(%error, "a connection ended badly");
                }
            });
        }
        drop(listener);
        // watches end now; everything else may finish
        self.inner.stopping.send_replace(true);
        if tokio::time::timeout(LAST_REQUESTS, graceful.shutdown()).await.is_err() {
            tracing::info!("connections that were still open have been cut");
        }
    }
}

async fn accept(listener: &TcpListener, connections: &Arc<Semaphore>) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let permit = connections.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, permit)),
        Err(error) => {
            // out of file descriptors: let some of them go before the next attempt
            tracing::warn!(%error, "accepting a connection failed");
            tokio::time::sleep(Duration::from_millis(20)).await;
            None
        }
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(HEADER_BYTES as usize).keep_alive(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEADER_BYTES)
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(20));
    builder
}
