//! `port-forward`: listens on local ports and carries every connection to a port of a pod.

mod ports;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use http::{Method, Request};
use streams::forward::{Forwarder, connect_spdy, connect_tunnel};
use streams::{ConnectError, Connection};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use self::ports::Forward;
use crate::containers;
use crate::error::{CommandError, Result};
use crate::resources::text;
use crate::session::Session;

/// Things to tell the user that wait for the terminal.
const LINES: usize = 64;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Addresses to listen on (comma separated). Only accepts IP addresses or localhost as a value. When localhost is supplied, kubectl will try to bind on both 127.0.0.1 and ::1 and will fail if neither of these addresses are available to bind.
    #[arg(long, value_delimiter = ',', default_value = "localhost")]
    address: Vec<String>,
    /// The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running
    #[arg(long, default_value = "1m0s")]
    pod_running_timeout: String,
    words: Vec<String>,
}

/// What a connection has to tell.
enum Line {
    Out(String),
    Error(String),
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let (Some(written), ports) = (self.words.first(), self.words.get(1..).unwrap_or_default()) else {
            return Err(usage(session));
        };
        if ports.is_empty() {
            return Err(usage(session));
        }
        let limit = crate::flags::duration(&self.pod_running_timeout).map_err(CommandError::message)?.unwrap_or(Duration::from_secs(60));
        let info = containers::named(session, written).await?;
        let service = (info.mapping.kind == "Service").then(|| info.object.clone());
        let pod = containers::pod_of(session, info, limit, false).await?;
        let forwards = ports.iter().map(|port| Forward::parse(port, service.as_ref(), &pod.object)).collect::<Result<Vec<_>>>()?;
        let phase = text(&pod.object, "/status/phase");
        if phase != "Running" {
            return Err(CommandError::message(format!("unable to forward port because pod is not running. Current status={phase}")));
        }
        let forwarder = Rc::new(connect(session, &format!("{}/portforward", pod.path())).await?);
        let addresses = addresses(&self.address)?;
        let (tell, mut lines) = mpsc::channel(LINES);
        let serving = tokio::task::LocalSet::new();
        for forward in forwards {
            for (listener, port) in listen(session, &addresses, forward).await? {
                serving.spawn_local(serve(listener, port, forward.remote, Rc::clone(&forwarder), tell.clone()));
            }
        }
        session.ui.flush();
        let lost = forwarder.closed();
        serving
            .run_until(async {
                tokio::pin!(lost);
                loop {
                    tokio::select! {
                        Some(line) = lines.recv() => match line {
                            Line::Out(line) => { session.ui.line(&line); session.ui.flush(); }
                            Line::Error(line) => session.ui.error_line(&line),
                        },
                        () = &mut lost => return Err(CommandError::message("lost connection to pod")),
                        _ = tokio::signal::ctrl_c() => return Ok(()),
                    }
                }
            })
            .await
    }
}

fn usage(session: &Session<'_>) -> CommandError {
    CommandError::Usage {
        message: "TYPE/NAME and list of ports are required for port-forward".to_owned(),
        command: format!("{} port-forward", session.program),
    }
}

/// Through a WebSocket first, plain SPDY for servers that do not know that.
async fn connect(session: &mut Session<'_>, path: &str) -> Result<Forwarder> {
    let (io, request) = open(session, Method::GET, path).await?;
    let connected = match connect_tunnel(io, request).await {
        Err(ConnectError::Refused { .. }) => {
            let (io, request) = open(session, Method::POST, path).await?;
            connect_spdy(io, request).await
        }
        other => other,
    };
    connected.map_err(|error| match error {
        ConnectError::Refused { status, body, .. } => client::status_error(status.as_u16(), body.as_ref()).into(),
        other => CommandError::message(format!("error upgrading connection: {other}")),
    })
}

async fn open(session: &mut Session<'_>, method: Method, path: &str) -> Result<(impl Connection + use<>, Request<()>)> {
    let (io, headers, host) = session.dial().await?;
    let mut request = Request::builder().method(method).uri(path).header(http::header::HOST, host);
    if let Some(to) = request.headers_mut() {
        to.extend(headers);
    }
    let request = request.body(()).map_err(|error| CommandError::message(format!("bad request: {error}")))?;
    Ok((io, request))
}

/// The addresses to listen on, and whether one that fails matters: of localhost's two, one will do.
fn addresses(written: &[String]) -> Result<Vec<(IpAddr, bool)>> {
    let mut found: Vec<(IpAddr, bool)> = Vec::new();
    for address in written {
        if address == "localhost" {
            found.push((Ipv4Addr::LOCALHOST.into(), false));
            found.push((Ipv6Addr::LOCALHOST.into(), false));
            continue;
        }
        match address.parse() {
            Ok(address) => found.push((address, true)),
            Err(_) => {
                return Err(CommandError::message(format!("invalid address {address:?}: only IP addresses and localhost are accepted")));
            }
        }
    }
    Ok(found)
}

async fn listen(session: &mut Session<'_>, addresses: &[(IpAddr, bool)], forward: Forward) -> Result<Vec<(TcpListener, u16)>> {
    let mut listeners: Vec<(TcpListener, u16)> = Vec::new();
    let mut failures = Vec::new();
    for (address, required) in addresses {
        // A port that the system chose for one address is wanted at the others too.
        let port = if forward.local == 0 { listeners.first().map_or(0, |(_, port)| *port) } else { forward.local };
        let wanted = SocketAddr::new(*address, port);
        match TcpListener::bind(wanted).await {
            Ok(listener) => {
                let port = listener.local_addr().map_or(port, |bound| bound.port());
                session.ui.line(&format!("Forwarding from {} -> {}", SocketAddr::new(*address, port), forward.remote));
                listeners.push((listener, port));
            }
            Err(error) => {
                let network = if address.is_ipv4() { "tcp4" } else { "tcp6" };
                let why = error.to_string().to_lowercase();
                let why = why.split(" (os error").next().unwrap_or_default();
                failures.push(format!("unable to create listener: Error listen {network} {wanted}: bind: {why}"));
                if *required {
                    listeners.clear();
                    break;
                }
            }
        }
    }
    if listeners.is_empty() {
        let errors = format!("Listeners failed to create with the following errors: [{}]", failures.join(" "));
        session.ui.error_line(&format!("Unable to listen on port {}: {errors}", forward.local));
        return Err(CommandError::message(format!("unable to listen on any of the requested ports: [{forward}]")));
    }
    Ok(listeners)
}

async fn serve(listener: TcpListener, local: u16, remote: u16, forwarder: Rc<Forwarder>, tell: mpsc::Sender<Line>) {
    while let Ok((connection, _)) = listener.accept().await {
        tokio::task::spawn_local(carry(connection, local, remote, Rc::clone(&forwarder), tell.clone()));
    }
}

/// Carries one connection; nobody is left to tell when the channel is closed.
async fn carry(mut connection: TcpStream, local: u16, remote: u16, forwarder: Rc<Forwarder>, tell: mpsc::Sender<Line>) {
    let _ = tell.send(Line::Out(format!("Handling connection for {local}"))).await;
    let mut forwarded = match forwarder.open(remote).await {
        Ok(forwarded) => forwarded,
        Err(error) => {
            let _ = tell.send(Line::Error(format!("error creating forwarding stream for port {local} -> {remote}: {error}"))).await;
            return;
        }
    };
    // Either end may go at any time: that is how connections end.
    let _ = tokio::io::copy_bidirectional(&mut connection, &mut forwarded.data).await;
    drop(forwarded.data);
    if let Some(error) = forwarded.error.wait().await {
        let _ = tell.send(Line::Error(format!("an error occurred forwarding {local} -> {remote}: {error}"))).await;
    }
}
