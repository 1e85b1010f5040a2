//! The gRPC health service: `grpc.health.v1.Health/Check`. Its two messages are so small that they are written here.

use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::{Answer, tcp};

/// `SERVING` of `HealthCheckResponse.ServingStatus`.
const SERVING: u8 = 1;

pub async fn probe(host: &str, port: u16, service: &str, limit: Duration) -> Answer {
    let shown = tcp::join(host, port);
    match tokio::time::timeout(limit, check(host, port, service)).await {
        Ok(Ok(status)) if status == SERVING => Answer::Success,
        Ok(Ok(_)) => Answer::Failure("service unhealthy (responded with \"NOT_SERVING\")".to_owned()),
        Ok(Err(error)) => Answer::Failure(format!("failed to connect service \"{shown}\": {error}")),
        Err(_) => Answer::Failure(format!(
            "timeout: failed to connect service \"{shown}\" within {}s: context deadline exceeded",
            limit.as_secs()
        )),
    }
}

/// A gRPC frame with a `HealthCheckRequest`: field 1, the service's name.
fn request(service: &str) -> Vec<u8> {
    let mut message = Vec::new();
    if !service.is_empty() {
        message.push(0x0a);
        let mut length = service.len();
        while length >= 0x80 {
            message.push(u8::try_from(length & 0x7f).unwrap_or(0) | 0x80);
            length >>= 7;
        }
        message.push(u8::try_from(length).unwrap_or(0));
        message.extend(service.as_bytes());
    }
    let mut frame = vec![0];
    frame.extend(u32::try_from(message.len()).unwrap_or(0).to_be_bytes());
    frame.extend(message);
    frame
}

/// The status in a frame with a `HealthCheckResponse`: field 1, a small number; absent is 0.
fn status(frame: &[u8]) -> u8 {
    match frame.get(5..) {
        Some([0x08, status, ..]) => *status,
        _ => 0,
    }
}

async fn check(host: &str, port: u16, service: &str) -> Result<u8, String> {
    let stream = TcpStream::connect((host, port)).await.map_err(|error| tcp::words(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    let connection = tokio::spawn(connection);
    let outcome = async {
        let request = http::Request::post(format!("http://{}/grpc.health.v1.Health/Check", tcp::join(host, port)))
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .header("user-agent", "kube-probe/1.37")
            .body(Full::new(Bytes::from(request(service))))
            .map_err(|error| error.to_string())?;
        let answer = sender.send_request(request).await.map_err(|error| error.to_string())?;
        let headers = answer.headers().clone();
        let body = answer.into_body().collect().await.map_err(|error| error.to_string())?;
        let code = |headers: &http::HeaderMap| headers.get("grpc-status").and_then(|value| value.to_str().ok()).map(str::to_owned);
        match code(&headers).or(body.trailers().and_then(code)) {
            Some(code) if code != "0" => Err(format!("rpc error: code = {code}")),
            _ => Ok(status(&body.to_bytes())),
        }
    }
    .await;
    connection.abort();
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames() {
        assert_eq!(request(""), [0, 0, 0, 0, 0]);
        assert_eq!(request("ab"), [0, 0, 0, 0, 4, 0x0a, 2, b'a', b'b']);
        assert_eq!(status(&[0, 0, 0, 0, 2, 0x08, 1]), SERVING);
        assert_eq!(status(&[0, 0, 0, 0, 0]), 0);
    }
}
