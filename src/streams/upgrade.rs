//! Leaving HTTP: which protocol a client asks to switch to, the answer that agrees, and the same from the client's side over any connection.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{
    CONNECTION, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::spdy::SessionError;

/// The versions of a protocol that runs over SPDY, in the order the client likes them.
pub(crate) const STREAM_PROTOCOL: HeaderName = HeaderName::from_static("x-stream-protocol-version");
const ACCEPTED_PROTOCOLS: HeaderName = HeaderName::from_static("x-accepted-stream-protocol-versions");
const SPDY: HeaderValue = HeaderValue::from_static("SPDY/3.1");
/// The longest message taken from a WebSocket. Peers send some 32 KiB at a time.
const MAX_MESSAGE_BYTES: usize = 4 << 20;
/// What is kept of the answer of a server that does not switch.
const MAX_REFUSAL_BYTES: usize = 64 << 10;

/// Any connection.
pub trait Connection: AsyncRead + AsyncWrite + Send + Unpin + 'static {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Connection for T {}

/// Why a request is not switched to a stream; an answer that says so as upstream words it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Rejection {
    pub status: StatusCode,
    pub message: String,
    accepted: Vec<&'static str>,
}

impl Rejection {
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into(), accepted: Vec::new() }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.message).into_response();
        for protocol in self.accepted {
            response.headers_mut().append(ACCEPTED_PROTOCOLS, HeaderValue::from_static(protocol));
        }
        response
    }
}

/// Why a server did not give us a stream.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("request to upgrade failed: {0}")]
    Http(#[from] hyper::Error),
    #[error("request to upgrade cannot be made: {0}")]
    Request(#[from] http::Error),
    /// The server answered something else; `body` is the start of it, mostly a `Status`.
    #[error("unable to upgrade connection: {}", String::from_utf8_lossy(body))]
    Refused { status: StatusCode, body: Bytes },
    #[error("the server switched to protocol {0:?}, which was not asked for")]
    Protocol(String),
    #[error(transparent)]
    Session(#[from] SessionError),
}

/// What a client may switch to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    WebSocket,
    Spdy,
}

pub(crate) fn wanted(headers: &HeaderMap) -> Result<Wanted, Rejection> {
    let upgrading = headers.get_all(CONNECTION).iter().flat_map(tokens).any(|token| token.eq_ignore_ascii_case("upgrade"));
    let protocol = headers.get(UPGRADE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match protocol {
        _ if !upgrading => Err(Rejection::bad_request("unable to upgrade: missing upgrade headers in request")),
        protocol if protocol.eq_ignore_ascii_case("websocket") => Ok(Wanted::WebSocket),
        protocol if protocol.eq_ignore_ascii_case("SPDY/3.1") => Ok(Wanted::Spdy),
        _ => Err(Rejection::bad_request("unable to upgrade: missing upgrade headers in request")),
    }
}

fn tokens(value: &HeaderValue) -> impl Iterator<Item = &str> {
    value.to_str().unwrap_or_default().split(',').map(str::trim).filter(|token| !token.is_empty())
}

/// The first protocol of the client's that we speak; `""` when it names none.
pub(crate) fn negotiate(headers: &HeaderMap, wanted: Wanted, known: &[&'static str]) -> Result<&'static str, Rejection> {
    let header = match wanted {
        Wanted::WebSocket => SEC_WEBSOCKET_PROTOCOL,
        Wanted::Spdy => STREAM_PROTOCOL,
    };
    let asked: Vec<&str> = headers.get_all(header).iter().flat_map(tokens).collect();
    if asked.is_empty() {
        return Ok("");
    }
    let found = asked.iter().find_map(|asked| known.iter().find(|known| known == &asked));
    found.copied().ok_or_else(|| Rejection {
        status: StatusCode::FORBIDDEN,
        message: format!("unable to upgrade: unable to negotiate protocol: client supports {asked:?}, server accepts {known:?}"),
        accepted: known.to_vec(),
    })
}

/// The answer that switches. The connection itself is in the request: take it with [`hyper::upgrade::on`].
pub(crate) fn switch(headers: &HeaderMap, wanted: Wanted, protocol: &'static str) -> Result<Response, Rejection> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let answer = response.headers_mut();
    answer.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    let header = match wanted {
        Wanted::Spdy => {
            answer.insert(UPGRADE, SPDY);
            STREAM_PROTOCOL
        }
        Wanted::WebSocket => {
            let key = headers.get(SEC_WEBSOCKET_KEY).ok_or_else(|| Rejection::bad_request("missing Sec-WebSocket-Key"))?;
            if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
                return Err(Rejection::bad_request("missing or bad WebSocket Version"));
            }
            answer.insert(UPGRADE, HeaderValue::from_static("websocket"));
            let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes())).expect("base64 is a header value");
            answer.insert(SEC_WEBSOCKET_ACCEPT, accept);
            SEC_WEBSOCKET_PROTOCOL
        }
    };
    if !protocol.is_empty() {
        answer.insert(header, HeaderValue::from_static(protocol));
    }
    Ok(response)
}

/// Sends the request, which says where and as whom, with the headers that ask to switch; returns the connection and the protocol that the server chose.
pub(crate) async fn connect(
    io: impl Connection,
    mut request: Request<()>,
    wanted: Wanted,
    protocols: &[&str],
) -> Result<(TokioIo<Upgraded>, String), ConnectError> {
    let headers = request.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    let header = match wanted {
        Wanted::Spdy => {
            headers.insert(UPGRADE, SPDY);
            for protocol in protocols {
                headers.append(STREAM_PROTOCOL, HeaderValue::from_str(protocol).map_err(http::Error::from)?);
            }
            STREAM_PROTOCOL
        }
        Wanted::WebSocket => {
            headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            headers.insert(SEC_WEBSOCKET_KEY, HeaderValue::try_from(generate_key()).map_err(http::Error::from)?);
            headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::try_from(protocols.join(", ")).map_err(http::Error::from)?);
            SEC_WEBSOCKET_PROTOCOL
        }
    };
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(io)).await?;
    // ends with the connection; its errors come out of the request, or of the stream after that
    tokio::spawn(async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "upgraded connection ended");
        }
    });
    let response = sender.send_request(request.map(|()| Empty::<Bytes>::new())).await?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        let status = response.status();
        let body = Limited::new(response.into_body(), MAX_REFUSAL_BYTES).collect().await;
        return Err(ConnectError::Refused { status, body: body.map(http_body_util::Collected::to_bytes).unwrap_or_default() });
    }
    let chosen = response.headers().get(header).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if !chosen.is_empty() && !protocols.contains(&chosen.as_str()) {
        return Err(ConnectError::Protocol(chosen));
    }
    Ok((TokioIo::new(hyper::upgrade::on(response).await?), chosen))
}

/// WebSocket on a connection that has been switched to it.
pub(crate) async fn websocket<C: Connection>(io: C, role: Role) -> WebSocketStream<C> {
    let config = WebSocketConfig::default().max_message_size(Some(MAX_MESSAGE_BYTES)).max_frame_size(Some(MAX_MESSAGE_BYTES));
    WebSocketStream::from_raw_socket(io, role, Some(config)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    fn check(pairs: &[(&'static str, &'static str)], expected: &str) {
        let headers = headers(pairs);
        let got = wanted(&headers).and_then(|wanted| {
            let protocol = negotiate(&headers, wanted, &["v5.channel.k8s.io", "v4.channel.k8s.io"])?;
            let response = switch(&headers, wanted, protocol)?;
            Ok(format!("{wanted:?} {protocol:?} {}", response.status()))
        });
        assert_eq!(got.unwrap_or_else(|rejection| format!("{} {rejection}", rejection.status.as_u16())), expected);
    }

    #[test]
    fn negotiation() {
        let websocket =
            [("connection", "keep-alive, Upgrade"), ("upgrade", "WebSocket"), ("sec-websocket-version", "13"), ("sec-websocket-key", "a")];
        let with = |more: (&'static str, &'static str)| [&websocket[..], &[more]].concat();
        check(
            &with(("sec-websocket-protocol", "v9.channel.k8s.io, v4.channel.k8s.io")),
            "WebSocket \"v4.channel.k8s.io\" 101 Switching Protocols",
        );
        check(&websocket, "WebSocket \"\" 101 Switching Protocols");
        check(&websocket[..3], "400 missing Sec-WebSocket-Key");
        check(
            &[("connection", "Upgrade"), ("upgrade", "SPDY/3.1"), ("x-stream-protocol-version", "v4.channel.k8s.io")],
            "Spdy \"v4.channel.k8s.io\" 101 Switching Protocols",
        );
        check(&[("upgrade", "SPDY/3.1")], "400 unable to upgrade: missing upgrade headers in request");
        check(&[("connection", "Upgrade"), ("upgrade", "h2c")], "400 unable to upgrade: missing upgrade headers in request");
        check(
            &[("connection", "Upgrade"), ("upgrade", "SPDY/3.1"), ("x-stream-protocol-version", "v1")],
            "403 unable to upgrade: unable to negotiate protocol: client supports [\"v1\"], server accepts [\"v5.channel.k8s.io\", \"v4.channel.k8s.io\"]",
        );
    }

    #[test]
    fn the_key_of_the_standard() {
        let pairs = [("sec-websocket-version", "13"), ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")];
        let response = switch(&headers(&pairs), Wanted::WebSocket, "").unwrap();
        assert_eq!(response.headers()[SEC_WEBSOCKET_ACCEPT], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
