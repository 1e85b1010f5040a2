//! A request that goes on to another server, and its answer: without what concerns only the client's connection, and joined where both ends upgrade.

use axum::body::Body;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONNECTION, HeaderValue, UPGRADE};
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

const HOP_BY_HOP: &[&str] =
    &["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"];

/// A request as it is sent on.
pub struct Onward {
    pub request: Request<Body>,
    /// The client's end of the connection, where it wants another protocol.
    pub upgrade: Option<OnUpgrade>,
}

/// What is sent on of a request: its method, body and headers, to another address.
pub fn onward(mut request: Request<Body>, uri: Uri) -> Onward {
    let upgrade = request.headers().contains_key(UPGRADE).then(|| hyper::upgrade::on(&mut request));
    let (parts, body) = request.into_parts();
    let mut onward = Request::new(body);
    *onward.method_mut() = parts.method;
    *onward.uri_mut() = uri;
    *onward.headers_mut() = onward_headers(parts.headers, upgrade.is_some());
    Onward { request: onward, upgrade }
}

/// The answer for the client; `held` is let go of when its body has ended.
pub fn back<T: Send + 'static>(mut response: Response<Incoming>, upgrade: Option<OnUpgrade>, held: T) -> Response<Body> {
    if response.status() == StatusCode::SWITCHING_PROTOCOLS
        && let Some(client) = upgrade
    {
        let backend = hyper::upgrade::on(&mut response);
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        *answer.headers_mut() = response.headers().clone();
        tokio::spawn(async move {
            let (Ok(client), Ok(backend)) = tokio::join!(client, backend) else { return };
            // either side may just be gone: that is how these end
            let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(backend)).await;
        });
        return answer;
    }
    let (mut parts, body) = response.into_parts();
    for name in HOP_BY_HOP {
        parts.headers.remove(*name);
    }
    parts.version = http::Version::default();
    let stream = futures::stream::unfold(Some((body, held)), |state| async move {
        let (mut body, held) = state?;
        loop {
            match body.frame().await? {
                Ok(frame) => match frame.into_data() {
                    Ok(data) => return Some((Ok::<Bytes, hyper::Error>(data), Some((body, held)))),
                    Err(_) => continue,
                },
                Err(error) => return Some((Err(error), None)),
            }
        }
    });
    Response::from_parts(parts, Body::from_stream(stream))
}

/// The client's headers without its credentials and without what concerns only its own connection.
fn onward_headers(mut headers: HeaderMap, upgrading: bool) -> HeaderMap {
    headers.remove(AUTHORIZATION);
    let upgrade = headers.get(UPGRADE).cloned();
    for name in HOP_BY_HOP {
        headers.remove(*name);
    }
    if let Some(upgrade) = upgrade.filter(|_| upgrading) {
        headers.insert(UPGRADE, upgrade);
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    }
    headers
}
