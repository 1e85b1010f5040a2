//! The client's end of port-forwarding: one upgraded connection, and a pair of streams for every connection through it.

use std::sync::atomic::{AtomicU32, Ordering};

use http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::protocol::Role;

use super::{PORT, PROTOCOL, REQUEST_ID, STREAM_TYPE, TUNNELLED};
use crate::pipe::{Duplex, Reader};
use crate::spdy::{self, Headers, Session, SessionError};
use crate::upgrade::{ConnectError, Connection, Wanted, connect, websocket};
use crate::websocket::Tunnel;

/// What is read of an error; the rest is dropped.
const MAX_ERROR_BYTES: u64 = 64 << 10;

/// Opens connections to ports of one pod.
#[derive(Debug)]
pub struct Forwarder {
    session: Session,
    next_request: AtomicU32,
}

/// One connection to a port.
#[derive(Debug)]
pub struct ForwardedConnection {
    pub data: Duplex,
    pub error: ForwardError,
}

/// What the server has to say about one connection.
#[derive(Debug)]
pub struct ForwardError(Reader);

/// Asks by SPDY tunnelled through a WebSocket. `request` has method GET, the path with its query, `Host` and what authenticates; `io` is the connection, with TLS if there is to be any. A server that does
/// not know this gives [`ConnectError::Refused`]; try [`connect_spdy`] then.
pub async fn connect_tunnel(io: impl Connection, request: Request<()>) -> Result<Forwarder, ConnectError> {
    let (io, chosen) = connect(io, request, Wanted::WebSocket, &[TUNNELLED]).await?;
    if chosen != TUNNELLED {
        return Err(ConnectError::Protocol(chosen));
    }
    Ok(Forwarder::start(Tunnel::new(websocket(io, Role::Client).await)))
}

/// Asks by plain SPDY: of a container runtime, or of an older API server. `request` has method POST.
pub async fn connect_spdy(io: impl Connection, request: Request<()>) -> Result<Forwarder, ConnectError> {
    let (io, _) = connect(io, request, Wanted::Spdy, &[PROTOCOL]).await?;
    Ok(Forwarder::start(io))
}

impl Forwarder {
    fn start(io: impl Connection) -> Self {
        Self { session: Session::start(io, spdy::Role::Client), next_request: AtomicU32::new(0) }
    }

    /// Opens a connection to a port. That it stands does not mean that somebody listens there: what goes wrong comes as [`ForwardedConnection::error`].
    pub async fn open(&self, port: u16) -> Result<ForwardedConnection, SessionError> {
        let id = self.next_request.fetch_add(1, Ordering::Relaxed).to_string();
        let headers = |kind: &str| Headers::default().with(STREAM_TYPE, kind).with(PORT, port.to_string()).with(REQUEST_ID, id.clone());
        let mut error = self.session.open(headers("error")).await?;
        // nothing is ever sent on it
        let _ = error.shutdown().await;
        let data = self.session.open(headers("data")).await?;
        Ok(ForwardedConnection { data, error: ForwardError(error.reader) })
    }

    /// Completes when the connection to the server is lost.
    pub fn closed(&self) -> impl Future<Output = ()> + Send + 'static {
        self.session.closed()
    }

    /// Closes it, with all connections through it.
    pub async fn close(&self) {
        self.session.close().await;
    }
}

impl ForwardError {
    /// Waits until the server is through with the connection; what went wrong, if anything did.
    pub async fn wait(self) -> Option<String> {
        let mut text = Vec::new();
        // reading from a stream of ours does not fail, it ends
        let _ = self.0.take(MAX_ERROR_BYTES).read_to_end(&mut text).await;
        (!text.is_empty()).then(|| String::from_utf8_lossy(&text).into_owned())
    }
}
