//! The server's end: agrees to the upgrade, then has the command's streams as soon as the client has opened them.

use std::time::Duration;

use axum::response::Response;
use http::Request;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::{
    CommandOptions, ERROR, Outcome, RESIZE, Resizes, STDERR, STDIN, STDOUT, STREAM_TYPE, V1, V1_BASE64, V2, V3, V4, V4_BASE64, V5,
};
use crate::pipe::{Reader, Writer};
use crate::spdy::{self, Closer, Session, SessionError};
use crate::upgrade::{Connection, Rejection, Wanted, negotiate, switch, wanted, websocket};
use crate::websocket::channels::{Channels, Codec, End};

const WEBSOCKET_PROTOCOLS: [&str; 5] = [V5, V4, V4_BASE64, V1, V1_BASE64];
const SPDY_PROTOCOLS: [&str; 5] = [V5, V4, V3, V2, V1];
/// How long the client has to open its streams. Upstream's `DefaultStreamCreationTimeout`.
const STREAMS_TIMEOUT: Duration = Duration::from_secs(30);

/// A command whose client is there. Streams that were not asked for are `None`.
#[derive(Debug)]
pub struct ServerCommand {
    pub stdin: Option<Reader>,
    pub stdout: Option<Writer>,
    pub stderr: Option<Writer>,
    pub resizes: Option<Resizes>,
    pub status: StatusSender,
}

/// Tells the client how the command ended, which ends the connection too.
#[derive(Debug)]
pub struct StatusSender {
    error: Writer,
    /// Since version 4 it is a `Status`; before that, text.
    structured: bool,
    closer: Closer,
}

/// Why a client that was promised a command did not get it.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    #[error("the connection could not be taken over: {0}")]
    Upgrade(#[from] hyper::Error),
    #[error("timed out waiting for client to create streams")]
    Timeout,
    #[error("the client went away before it had created its streams")]
    Gone,
    #[error("the client created stream {0:?} twice")]
    Duplicate(String),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("the client does not listen: {0}")]
    Io(#[from] std::io::Error),
}

/// A command whose client has been told to go ahead.
pub struct PendingCommand {
    upgrade: OnUpgrade,
    wanted: Wanted,
    protocol: &'static str,
    options: CommandOptions,
}

/// Agrees to the request, or says why not. Send the answer, and meanwhile [`PendingCommand::connect`].
pub fn accept<B>(request: &mut Request<B>, options: CommandOptions) -> Result<(Response, PendingCommand), Rejection> {
    let wanted = wanted(request.headers())?;
    let known: &[&'static str] = if wanted == Wanted::WebSocket { &WEBSOCKET_PROTOCOLS } else { &SPDY_PROTOCOLS };
    let protocol = negotiate(request.headers(), wanted, known)?;
    let response = switch(request.headers(), wanted, protocol)?;
    Ok((response, PendingCommand { upgrade: hyper::upgrade::on(request), wanted, protocol, options }))
}

impl PendingCommand {
    /// Waits for the connection and for the client's streams.
    pub async fn connect(self) -> Result<ServerCommand, AcceptError> {
        let io = TokioIo::new(self.upgrade.await?);
        match self.wanted {
            Wanted::WebSocket => over_websocket(io, self.protocol, self.options).await,
            Wanted::Spdy => {
                tokio::time::timeout(STREAMS_TIMEOUT, over_spdy(io, self.protocol, self.options)).await.map_err(|_| AcceptError::Timeout)?
            }
        }
    }
}

async fn over_websocket(io: impl Connection, protocol: &str, options: CommandOptions) -> Result<ServerCommand, AcceptError> {
    let codec = Codec { base64: matches!(protocol, V4_BASE64 | V1_BASE64), close_signal: protocol == V5 };
    let readable: &[u8] = if options.stdin { &[STDIN, RESIZE] } else { &[RESIZE] };
    let mut channels = Channels::start(websocket(io, Role::Server).await, codec, End::Server, readable);
    let mut command = ServerCommand {
        stdin: channels.reader(STDIN),
        stdout: options.stdout.then(|| channels.writer(STDOUT)),
        stderr: options.stderr.then(|| channels.writer(STDERR)),
        resizes: channels.reader(RESIZE).map(Resizes::new),
        status: StatusSender {
            error: channels.writer(ERROR),
            structured: matches!(protocol, V5 | V4 | V4_BASE64),
            closer: channels.closer(),
        },
    };
    // an empty message on the lowest channel tells the client that the connection stands
    let lowest = command.stdout.as_mut().or(command.stderr.as_mut()).unwrap_or(&mut command.status.error);
    lowest.write_empty().await?;
    Ok(command)
}

async fn over_spdy(io: impl Connection, protocol: &str, options: CommandOptions) -> Result<ServerCommand, AcceptError> {
    let resizable = options.tty && matches!(protocol, V5 | V4 | V3);
    let expected = 1 + [options.stdin, options.stdout, options.stderr, resizable].into_iter().filter(|on| *on).count();
    let mut session = Session::start(io, spdy::Role::Server);
    let (mut stdin, mut stdout, mut stderr, mut resizes, mut error) = (None, None, None, None, None);
    for _ in 0..expected {
        let incoming = session.accept().await.ok_or(AcceptError::Gone)?;
        let kind = incoming.headers().get(STREAM_TYPE).to_owned();
        let place = match kind.as_str() {
            "stdin" => &mut stdin,
            "stdout" => &mut stdout,
            "stderr" => &mut stderr,
            "resize" => &mut resizes,
            "error" => &mut error,
            _ => {
                incoming.refuse().await;
                continue;
            }
        };
        if place.replace(incoming.accept().await?).is_some() {
            return Err(AcceptError::Duplicate(kind));
        }
    }
    let error = error.ok_or(AcceptError::Gone)?;
    Ok(ServerCommand {
        stdin: stdin.map(|stream| stream.into_reader()),
        stdout: stdout.map(|stream| stream.writer),
        stderr: stderr.map(|stream| stream.writer),
        resizes: resizes.map(|stream| Resizes::new(stream.into_reader())),
        status: StatusSender { error: error.writer, structured: matches!(protocol, V5 | V4), closer: session.closer() },
    })
}

impl StatusSender {
    /// Completes when the client has gone away.
    pub fn disconnected(&self) -> impl Future<Output = ()> + Send + 'static {
        self.closer.closed.clone().cancelled_owned()
    }

    /// Sends the outcome after everything that was written to the command's output, and closes the connection.
    pub async fn send(mut self, outcome: &Outcome) -> std::io::Result<()> {
        let status = if self.structured { outcome.to_status() } else { outcome.to_text().to_owned() };
        let sent = async {
            self.error.write_all(status.as_bytes()).await?;
            self.error.shutdown().await
        };
        let sent = sent.await;
        self.closer.close().await;
        sent
    }
}
