//! A bare connection to the API server, as the kubeconfig describes it: TCP, TLS where the server's URL says so, and the headers of whoever asks.

use std::sync::Arc;

use http::{HeaderMap, Request, Response};
use kube::client::{Body, ConfigExt};
use rustls::pki_types::ServerName;
use streams::Connection;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tower::{Layer, ServiceExt};

use crate::error::{CommandError, Result};

/// Connects to the server of `config`, whose `host:port` is for messages.
pub(crate) async fn dial(config: &kube::Config, host: &str) -> Result<(Box<dyn Connection>, HeaderMap, String)> {
    let headers = headers(config).await?;
    let name = config.cluster_url.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let secure = config.cluster_url.scheme_str() == Some("https");
    let port = config.cluster_url.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let stream = TcpStream::connect((name.as_str(), port)).await.map_err(|error| crate::session::connection_failure(&error, host))?;
    if !secure {
        return Ok((Box::new(stream), headers, host.to_owned()));
    }
    let failed = |error: &dyn std::fmt::Display| CommandError::Unreachable(error.to_string());
    let tls = config.rustls_client_config().map_err(|error| failed(&error))?;
    let server_name = ServerName::try_from(config.tls_server_name.clone().unwrap_or(name)).map_err(|error| failed(&error))?;
    let stream = TlsConnector::from(Arc::new(tls)).connect(server_name, stream).await.map_err(|error| failed(&error))?;
    Ok((Box::new(stream), headers, host.to_owned()))
}

/// What the client would send along: a token, a password, whom to act as. Its own layers fill in the headers of a request that goes nowhere.
async fn headers(config: &kube::Config) -> Result<HeaderMap> {
    let failed = |error: &dyn std::fmt::Display| CommandError::message(error.to_string());
    let echo = tower::service_fn(|request: Request<Body>| async move {
        let mut response = Response::new(());
        *response.headers_mut() = request.headers().clone();
        Ok::<_, tower::BoxError>(response)
    });
    let service = config.extra_headers_layer().map_err(|error| failed(&error))?.layer(echo);
    let request = Request::new(Body::empty());
    let response = match config.auth_layer().map_err(|error| failed(&error))? {
        Some(layer) => layer.layer(service).oneshot(request).await.map_err(|error| failed(&error))?,
        None => service.oneshot(request).await.map_err(|error| failed(&error))?,
    };
    Ok(response.into_parts().0.headers)
}
