//! The two ways to reach an API server: its request path in the same process, and HTTPS as a kubeconfig describes it.

use std::path::Path;

use bytes::Bytes;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use tower::{BoxError, Service};

/// What stops a client from being made out of a kubeconfig.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("kubeconfig does not load")]
    Load(#[source] KubeconfigError),
    #[error("kubeconfig does not make a client")]
    Connect(#[source] kube::Error),
}

/// What to take from the kubeconfig in place of its own choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    pub context: Option<String>,
    pub cluster: Option<String>,
    pub user: Option<String>,
}

/// A client over a service of this process: no TLS, no socket, no compression. The service already carries the caller's identity, and sees
/// requests that have a path and query only. Must be called inside a tokio runtime: the client keeps one task.
pub fn in_process<S, B>(service: S) -> kube::Client
where
    S: Service<http::Request<kube::client::Body>, Response = http::Response<B>> + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    kube::Client::new(service, "default")
}

/// A client as the kubeconfig at `path` describes it; `None` reads what kubectl would (`$KUBECONFIG`, then `~/.kube/config`).
pub async fn from_kubeconfig(path: Option<&Path>, overrides: Overrides) -> Result<kube::Client, ConfigError> {
    // Another part of the process may have chosen already: then that choice stands.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kubeconfig = match path {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::from_env().and_then(|found| found.map_or_else(Kubeconfig::read, Ok)),
    }
    .map_err(ConfigError::Load)?;
    let options = KubeConfigOptions { context: overrides.context, cluster: overrides.cluster, user: overrides.user };
    let mut config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await.map_err(ConfigError::Load)?;
    // Watches are quiet for minutes; the server ends them.
    config.read_timeout = None;
    kube::Client::try_from(config).map_err(ConfigError::Connect)
}
