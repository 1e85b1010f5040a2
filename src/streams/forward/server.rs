//! The server's end of port-forwarding: yields one [`PortConnection`] for every connection that the client has taken.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::time::Duration;

use axum::response::Response;
use http::Request;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::{PORT, PROTOCOL, REQUEST_ID, STREAM_TYPE, TUNNELLED, V4, V4_BASE64};
use crate::pipe::{Duplex, Writer};
use crate::spdy::{self, Incoming, Session};
use crate::upgrade::{Connection, Rejection, Wanted, negotiate, switch, wanted, websocket};
use crate::websocket::Tunnel;
use crate::websocket::channels::{Channels, Codec, End};

/// How long the second stream of a pair may take. Upstream's `DefaultStreamCreationTimeout`.
const PAIR_TIMEOUT: Duration = Duration::from_secs(30);
/// Pairs that wait for their second stream.
const MAX_PAIRS: usize = 256;
/// Ports of one request over WebSocket channels: both channels' numbers fit in the byte.
const MAX_PORTS: usize = 100;

/// A client that has been told to go ahead.
pub struct PendingForward {
    upgrade: OnUpgrade,
    transport: Transport,
}

enum Transport {
    Spdy,
    Tunnel,
    Channels { codec: Codec, ports: Vec<u16> },
}

/// The connections of one client.
pub struct Forwarding(Source);

enum Source {
    Spdy {
        session: Session,
        pairs: HashMap<String, Pair>,
    },
    /// All there will ever be; the connection lives as long as they do.
    Channels(VecDeque<PortConnection>),
}

/// Half of a connection, until the other stream comes.
struct Pair {
    data: Option<Duplex>,
    error: Option<Duplex>,
    port: u16,
    since: Instant,
}

/// One connection to a port: what the client sends and what it shall receive.
#[derive(Debug)]
pub struct PortConnection {
    pub port: u16,
    pub data: Duplex,
    pub error: PortError,
}

/// Tells the client what went wrong with one connection. Dropped without a word, nothing did.
#[derive(Debug)]
pub struct PortError {
    writer: Writer,
    /// The stream's other direction, of which nothing is expected.
    _other: Option<crate::pipe::Reader>,
}

/// Agrees to the request, or says why not. Send the answer, and meanwhile [`PendingForward::connect`].
pub fn accept<B>(request: &mut Request<B>) -> Result<(Response, PendingForward), Rejection> {
    let wanted = wanted(request.headers())?;
    let known: &[&'static str] = if wanted == Wanted::Spdy { &[PROTOCOL] } else { &[TUNNELLED, V4, V4_BASE64] };
    let protocol = negotiate(request.headers(), wanted, known)?;
    let transport = match (wanted, protocol) {
        (Wanted::Spdy, _) => Transport::Spdy,
        (Wanted::WebSocket, TUNNELLED) => Transport::Tunnel,
        (Wanted::WebSocket, protocol) => {
            let codec = Codec { base64: protocol == V4_BASE64, close_signal: false };
            Transport::Channels { codec, ports: ports(request.uri().query().unwrap_or_default())? }
        }
    };
    let response = switch(request.headers(), wanted, protocol)?;
    Ok((response, PendingForward { upgrade: hyper::upgrade::on(request), transport }))
}

/// The ports that a request over WebSocket channels names; upstream's words.
fn ports(query: &str) -> Result<Vec<u16>, Rejection> {
    let values: Vec<&str> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter(|(name, _)| matches!(*name, "port" | "ports"))
        .map(|(_, value)| value)
        .collect();
    if values.is_empty() {
        return Err(Rejection::bad_request("query parameter \"port\" is required"));
    }
    let mut ports = Vec::new();
    for text in values.iter().flat_map(|value| value.split(',').flat_map(|part| part.split("%2C"))) {
        ports.push(port(text).map_err(Rejection::bad_request)?);
    }
    if ports.len() > MAX_PORTS {
        return Err(Rejection::bad_request(format!("at most {MAX_PORTS} ports can be forwarded by one request")));
    }
    Ok(ports)
}

fn port(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(0) => Err(format!("port {text:?} must be > 0")),
        Ok(port) => Ok(port),
        Err(_) => Err(format!("unable to parse {text:?} as a port")),
    }
}

impl PendingForward {
    /// Waits for the connection.
    pub async fn connect(self) -> Result<Forwarding, hyper::Error> {
        let io = TokioIo::new(self.upgrade.await?);
        Ok(Forwarding(match self.transport {
            Transport::Spdy => over_spdy(io),
            Transport::Tunnel => over_spdy(Tunnel::new(websocket(io, Role::Server).await)),
            Transport::Channels { codec, ports } => over_channels(io, codec, &ports).await,
        }))
    }
}

fn over_spdy(io: impl Connection) -> Source {
    Source::Spdy { session: Session::start(io, spdy::Role::Server), pairs: HashMap::new() }
}

/// Port n has channel 2n for data and 2n + 1 for errors; both begin with the port in two bytes.
async fn over_channels(io: impl Connection, codec: Codec, ports: &[u16]) -> Source {
    let number = |index: usize| u8::try_from(index).expect("the ports are bounded so that it fits");
    let readable: Vec<u8> = (0..ports.len()).map(|index| number(2 * index)).collect();
    let mut channels = Channels::start(websocket(io, Role::Server).await, codec, End::Server, &readable);
    let mut connections = VecDeque::new();
    for (index, port) in ports.iter().enumerate() {
        let Some(reader) = channels.reader(number(2 * index)) else { continue };
        let mut data = Duplex { reader, writer: channels.writer(number(2 * index)) };
        let mut error = channels.writer(number(2 * index + 1));
        // a client that is gone already shows when the port is used
        let _ = data.write_all(&port.to_le_bytes()).await;
        let _ = error.write_all(&port.to_le_bytes()).await;
        connections.push_back(PortConnection { port: *port, data, error: PortError { writer: error, _other: None } });
    }
    Source::Channels(connections)
}

impl Forwarding {
    /// The next connection; `None` when the client has gone and no more can come. Not cancel safe.
    pub async fn next(&mut self) -> Option<PortConnection> {
        let (session, pairs) = match &mut self.0 {
            Source::Channels(connections) => return connections.pop_front(),
            Source::Spdy { session, pairs } => (session, pairs),
        };
        loop {
            let incoming = session.accept().await?;
            pairs.retain(|id, pair| {
                let late = pair.since.elapsed() > PAIR_TIMEOUT;
                if late {
                    tracing::debug!(request = id, "timed out waiting for streams");
                }
                !late
            });
            if let Some(connection) = pair_up(incoming, pairs).await {
                return Some(connection);
            }
        }
    }
}

/// Takes a stream in, and gives the connection when it was the second of its pair.
async fn pair_up(incoming: Incoming, pairs: &mut HashMap<String, Pair>) -> Option<PortConnection> {
    let headers = incoming.headers();
    let data = headers.get(STREAM_TYPE) == "data";
    let (Ok(port), true) = (port(headers.get(PORT)), data || headers.get(STREAM_TYPE) == "error") else {
        incoming.refuse().await;
        return None;
    };
    let id = match headers.get(REQUEST_ID) {
        // clients of long ago: the error stream comes first, the data stream has the next number
        "" => (incoming.id() - if data { 2.min(incoming.id()) } else { 0 }).to_string(),
        id => id.to_owned(),
    };
    let known = pairs.get(&id);
    let taken = known.is_some_and(|pair| if data { pair.data.is_some() } else { pair.error.is_some() });
    if taken || known.is_none() && pairs.len() >= MAX_PAIRS {
        incoming.refuse().await;
        return None;
    }
    let stream = incoming.accept().await.ok()?;
    let pair = pairs.entry(id.clone()).or_insert(Pair { data: None, error: None, port, since: Instant::now() });
    *if data { &mut pair.data } else { &mut pair.error } = Some(stream);
    if pair.data.is_none() || pair.error.is_none() {
        return None;
    }
    let Pair { data, error, port, .. } = pairs.remove(&id)?;
    let error = error?;
    Some(PortConnection { port, data: data?, error: PortError { writer: error.writer, _other: Some(error.reader) } })
}

impl PortError {
    /// Says it; kubectl shows it after "an error occurred forwarding".
    pub async fn send(mut self, message: &str) -> std::io::Result<()> {
        self.writer.write_all(message.as_bytes()).await?;
        self.writer.shutdown().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_a_query() {
        let check = |query: &str, expected: &str| {
            assert_eq!(ports(query).map_or_else(|rejection| rejection.message, |ports| format!("{ports:?}")), expected);
        };
        check("port=80&port=443", "[80, 443]");
        check("ports=8080,9090", "[8080, 9090]");
        check("ports=8080%2C9090", "[8080, 9090]");
        check("", "query parameter \"port\" is required");
        check("port=0", "port \"0\" must be > 0");
        check("port=70000", "unable to parse \"70000\" as a port");
    }
}
