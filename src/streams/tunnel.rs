//! Carrying a request through: an API server hands a client's request to a kubelet as it is, upgrade and all, and afterwards only moves bytes.

use axum::body::Body;
use axum::response::Response;
use http::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;

use crate::upgrade::Connection;

/// Why the backend did not answer.
#[derive(Debug, thiserror::Error)]
pub enum TunnelError {
    #[error("error dialing backend: {0}")]
    Http(#[from] hyper::Error),
}

/// Sends the request over `backend` (HTTP/1.1) and returns the backend's answer. When that switches protocols, the client's connection and the backend's are joined until either ends; otherwise the answer's body
/// streams. The caller has set the request's path, `Host` and credentials to what the backend wants to see.
pub async fn tunnel(mut request: Request<Body>, backend: impl Connection) -> Result<Response, TunnelError> {
    let client = hyper::upgrade::on(&mut request);
    // the client may have come by HTTP/2, where nothing can be upgraded anyway
    *request.version_mut() = http::Version::HTTP_11;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(backend)).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "connection to a backend ended");
        }
    });
    let mut response = sender.send_request(request).await?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        let backend = hyper::upgrade::on(&mut response);
        tokio::spawn(async move {
            let joined = async {
                let (client, backend) = tokio::try_join!(client, backend)?;
                copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(backend)).await?;
                Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
            };
            if let Err(error) = joined.await {
                tracing::debug!(%error, "a tunnelled connection ended");
            }
        });
    }
    Ok(response.map(Body::new))
}
