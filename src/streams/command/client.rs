//! The client's end: asks for the command and has its streams; over SPDY towards a container runtime, over WebSocket towards an API server.

use futures::future::OptionFuture;
use http::Request;
use tokio::io::AsyncReadExt;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::{CommandOptions, ERROR, Outcome, RESIZE, ResizeSender, STDERR, STDIN, STDOUT, STREAM_TYPE, V1, V2, V3, V4, V5};
use crate::pipe::{Duplex, Reader, Writer};
use crate::spdy::{self, Headers, Session, SessionError};
use crate::upgrade::{ConnectError, Connection, Wanted, connect, websocket};
use crate::websocket::channels::{Channels, Codec, End, Failure};

/// What is read of an error stream; a `Status` is far shorter.
const MAX_STATUS_BYTES: usize = 64 << 10;

/// A command that runs elsewhere. Streams that were not asked for are `None`.
///
/// Shutting down or dropping `stdin` closes the command's standard input. The connection ends when all of these are gone.
#[derive(Debug)]
pub struct ClientCommand {
    pub stdin: Option<Writer>,
    pub stdout: Option<Reader>,
    pub stderr: Option<Reader>,
    pub resize: Option<ResizeSender>,
    pub outcome: PendingOutcome,
}

/// How the command will have ended.
#[derive(Debug)]
pub struct PendingOutcome {
    error: Reader,
    structured: bool,
    connection: Carrier,
}

#[derive(Debug)]
enum Carrier {
    WebSocket(Failure),
    Spdy(Session),
}

/// Why it is not known how the command ended.
#[derive(Debug, thiserror::Error)]
pub enum OutcomeError {
    #[error("error reading from error stream: {0}")]
    Broken(String),
    #[error("error reading from error stream: more than {MAX_STATUS_BYTES} bytes")]
    TooLong,
}

/// Asks over WebSocket, by version 5 of the protocol, which can close stdin. `request` has method GET, the path with its query, `Host` and what authenticates; `io` is the connection, with TLS if there is
/// to be any. A server that does not know the protocol gives [`ConnectError::Refused`].
pub async fn connect_websocket(io: impl Connection, request: Request<()>, options: CommandOptions) -> Result<ClientCommand, ConnectError> {
    let (io, chosen) = connect(io, request, Wanted::WebSocket, &[V5]).await?;
    if chosen != V5 {
        return Err(ConnectError::Protocol(chosen));
    }
    let readable: Vec<u8> = [(options.stdout, STDOUT), (options.stderr && !options.tty, STDERR), (true, ERROR)]
        .into_iter()
        .filter_map(|(on, channel)| on.then_some(channel))
        .collect();
    let codec = Codec { base64: false, close_signal: true };
    let mut channels = Channels::start(websocket(io, Role::Client).await, codec, End::Client, &readable);
    let error = channels.reader(ERROR).expect("it is among the readable");
    Ok(ClientCommand {
        stdin: options.stdin.then(|| channels.writer(STDIN)),
        stdout: channels.reader(STDOUT),
        stderr: channels.reader(STDERR),
        resize: options.tty.then(|| ResizeSender(channels.writer(RESIZE))),
        outcome: PendingOutcome { error, structured: true, connection: Carrier::WebSocket(channels.failure()) },
    })
}

/// Asks over SPDY, by version 4 of the protocol or what the server knows below that. `request` has method POST; otherwise as with [`connect_websocket`].
pub async fn connect_spdy(io: impl Connection, request: Request<()>, options: CommandOptions) -> Result<ClientCommand, ConnectError> {
    let (io, chosen) = connect(io, request, Wanted::Spdy, &[V4, V3, V2, V1]).await?;
    let session = Session::start(io, spdy::Role::Client);
    let open = |on: bool, kind: &str| OptionFuture::from(on.then(|| session.open(Headers::default().with(STREAM_TYPE, kind))));
    let resizable = options.tty && matches!(chosen.as_str(), V4 | V3);
    let (error, stdin, stdout, stderr, resize) = tokio::try_join!(
        answer(open(true, "error")),
        answer(open(options.stdin, "stdin")),
        answer(open(options.stdout, "stdout")),
        answer(open(options.stderr && !options.tty, "stderr")),
        answer(open(resizable, "resize")),
    )?;
    let error = error.expect("it is always opened").into_reader();
    Ok(ClientCommand {
        stdin: stdin.map(|stream| stream.writer),
        stdout: stdout.map(Duplex::into_reader),
        stderr: stderr.map(Duplex::into_reader),
        resize: resize.map(|stream| ResizeSender(stream.writer)),
        outcome: PendingOutcome { error, structured: chosen == V4, connection: Carrier::Spdy(session) },
    })
}

async fn answer(opening: OptionFuture<impl Future<Output = Result<Duplex, SessionError>>>) -> Result<Option<Duplex>, SessionError> {
    opening.await.transpose()
}

impl PendingOutcome {
    /// Waits for the end of the command. Read its output at the same time: what is not read holds everything up.
    pub async fn wait(mut self) -> Result<Outcome, OutcomeError> {
        let mut bytes = Vec::new();
        // reading from a stream of ours does not fail, it ends
        while self.error.read_buf(&mut bytes).await.unwrap_or(0) > 0 {
            if bytes.len() > MAX_STATUS_BYTES {
                return Err(OutcomeError::TooLong);
            }
            if self.structured && serde_json::from_slice::<serde_json::Value>(&bytes).is_ok() {
                break;
            }
        }
        if bytes.is_empty()
            && let Some(failure) = self.connection.failure()
        {
            return Err(OutcomeError::Broken(failure));
        }
        Ok(match self.structured {
            true if !bytes.is_empty() => Outcome::from_status(&bytes),
            // an end without a status is a success for client-go too
            true => Outcome::Success,
            false => Outcome::from_text(&bytes),
        })
    }
}

impl Carrier {
    fn failure(&self) -> Option<String> {
        match self {
            Self::WebSocket(failure) => failure.lock().expect("nobody panics with it").clone(),
            Self::Spdy(session) => session.failure(),
        }
    }
}
