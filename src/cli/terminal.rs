//! A remote command's streams joined to this process's: standard input and output, the terminal in raw mode and its size, the exit code.

use http::{Method, Request};
use streams::command::{ClientCommand, CommandOptions, Outcome, ResizeSender, TerminalSize, connect_spdy, connect_websocket};
use streams::{ConnectError, Connection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::signal::unix::{SignalKind, signal};

use crate::error::{CommandError, Result};
use crate::session::{Session, percent_encode};

/// Which streams are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    pub stdin: bool,
    /// The remote end has a terminal, and ours is in raw mode.
    pub tty: bool,
}

impl Streams {
    /// A terminal is only used where ours is one, which is said where it was asked for.
    pub fn new(session: &mut Session<'_>, stdin: bool, tty: bool) -> Self {
        if tty && stdin && !session.ui.input_is_terminal {
            session.ui.error_line("Unable to use a TTY - input is not a terminal or the right kind of file");
        }
        Self { stdin, tty: tty && stdin && session.ui.input_is_terminal }
    }
    fn options(self) -> CommandOptions {
        CommandOptions { stdin: self.stdin, stdout: true, stderr: !self.tty, tty: self.tty }
    }
}

/// Raw mode for as long as this lives.
struct RawMode;

impl RawMode {
    fn enter() -> Result<Self> {
        crossterm::terminal::enable_raw_mode()
            .map_err(|error| CommandError::message(format!("the terminal cannot be set to raw mode: {error}")))?;
        Ok(Self)
    }
}
impl Drop for RawMode {
    fn drop(&mut self) {
        // The process ends next: nobody is left to tell.
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

/// Runs the remote command at `path` to its end. Its exit code becomes an error of this command.
pub async fn run(session: &mut Session<'_>, path: &str, mut query: Vec<(&str, String)>, streams: Streams) -> Result<()> {
    let options = streams.options();
    for (name, on) in [("stdin", options.stdin), ("stdout", options.stdout), ("stderr", options.stderr), ("tty", options.tty)] {
        if on {
            query.push((name, "true".to_owned()));
        }
    }
    let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
    let path = format!("{path}?{}", pairs.join("&"));
    session.ui.flush();
    let command = connect(session, &path, options).await?;
    let raw = if streams.tty { Some(RawMode::enter()?) } else { None };
    let outcome = relay(command, streams).await;
    drop(raw);
    match outcome? {
        Outcome::Success => Ok(()),
        Outcome::Exited { code, .. } => {
            session.ui.error_line(&format!("command terminated with exit code {code}"));
            Err(CommandError::Exit(code))
        }
        Outcome::Failed { message } => Err(CommandError::message(message)),
    }
}

/// WebSocket first, SPDY for servers that do not know the newer protocol.
async fn connect(session: &mut Session<'_>, path: &str, options: CommandOptions) -> Result<ClientCommand> {
    let (io, request) = open(session, Method::GET, path).await?;
    match connect_websocket(io, request, options).await {
        Err(ConnectError::Refused { .. }) => {
            let (io, request) = open(session, Method::POST, path).await?;
            connect_spdy(io, request, options).await.map_err(refused)
        }
        other => other.map_err(refused),
    }
}

async fn open(session: &mut Session<'_>, method: Method, path: &str) -> Result<(impl Connection, Request<()>)> {
    let (io, headers, host) = session.dial().await?;
    let mut request = Request::builder().method(method).uri(path).header(http::header::HOST, host);
    if let Some(to) = request.headers_mut() {
        to.extend(headers);
    }
    let request = request.body(()).map_err(|error| CommandError::message(format!("bad request: {error}")))?;
    Ok((io, request))
}

/// A server's refusal in the words of any other failed request.
fn refused(error: ConnectError) -> CommandError {
    match error {
        ConnectError::Refused { status, body, .. } => client::status_error(status.as_u16(), body.as_ref()).into(),
        other => CommandError::message(other.to_string()),
    }
}

/// Carries everything until the command has ended.
async fn relay(command: ClientCommand, streams: Streams) -> Result<Outcome> {
    let ClientCommand { stdin, stdout, stderr, resize, outcome } = command;
    if let Some(mut stdin) = stdin {
        // Reading our standard input can not be interrupted: the thread ends with the process.
        tokio::spawn(async move {
            let mut input = tokio::io::stdin();
            let mut buffer = vec![0; 16 << 10];
            while let Ok(count) = input.read(&mut buffer).await {
                if count == 0 || stdin.write_all(&buffer[..count]).await.is_err() || stdin.flush().await.is_err() {
                    break;
                }
            }
            // The remote end may be gone already.
            let _ = stdin.shutdown().await;
        });
    }
    if let (Some(resize), true) = (resize, streams.tty) {
        tokio::spawn(tell_sizes(resize));
    }
    let out = async {
        if let Some(mut stdout) = stdout {
            copy(&mut stdout, &mut tokio::io::stdout()).await;
        }
    };
    let error = async {
        if let Some(mut stderr) = stderr {
            copy(&mut stderr, &mut tokio::io::stderr()).await;
        }
    };
    let (outcome, (), ()) = tokio::join!(outcome.wait(), out, error);
    outcome.map_err(|error| CommandError::message(error.to_string()))
}

/// Copies until the remote end is done. What can not be written any more is read all the same, so that the command goes on to its end.
async fn copy(from: &mut (impl tokio::io::AsyncRead + Unpin), to: &mut (impl tokio::io::AsyncWrite + Unpin)) {
    let mut buffer = vec![0; 16 << 10];
    let mut writable = true;
    while let Ok(count) = from.read(&mut buffer).await {
        if count == 0 {
            break;
        }
        writable = writable && to.write_all(&buffer[..count]).await.is_ok() && to.flush().await.is_ok();
    }
}

async fn tell_sizes(mut resize: ResizeSender) {
    let Ok(mut changes) = signal(SignalKind::window_change()) else { return };
    loop {
        if let Ok((width, height)) = crossterm::terminal::size()
            && resize.send(TerminalSize { width, height }).await.is_err()
        {
            return;
        }
        if changes.recv().await.is_none() {
            return;
        }
    }
}
