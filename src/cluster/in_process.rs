//! The connection from the API server to the kubelet of the same process: an in-memory pipe instead of a socket with TLS.

use std::io;
use std::sync::OnceLock;

use apiserver::{AsyncReadWrite, NodeDialer};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;

/// Bytes on their way in each direction.
const PIPE_BYTES: usize = 64 << 10;

/// Reaches the one kubelet of this process.
pub(crate) struct InProcessNode {
    node: String,
    router: OnceLock<axum::Router>,
}

impl InProcessNode {
    pub(crate) fn new(node: &str) -> Self {
        Self { node: node.to_owned(), router: OnceLock::new() }
    }

    /// The kubelet is there from now on.
    pub(crate) fn connect(&self, router: axum::Router) {
        // A second kubelet of the same process would be a mistake of the assembler; the first one stays.
        drop(self.router.set(router));
    }
}

#[async_trait::async_trait]
impl NodeDialer for InProcessNode {
    async fn dial(&self, node: &str) -> io::Result<Box<dyn AsyncReadWrite>> {
        let router = self.router.get().filter(|_| node == self.node);
        let router = router.ok_or_else(|| io::Error::new(io::ErrorKind::NotConnected, format!("no connection to node {node:?}")))?.clone();
        let (near, far) = tokio::io::duplex(PIPE_BYTES);
        tokio::spawn(async move {
            let connection =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(far), TowerToHyperService::new(router));
            if let Err(error) = connection.with_upgrades().await {
                tracing::debug!(%error, "a connection to the kubelet ended badly");
            }
        });
        Ok(Box::new(near))
    }
}
