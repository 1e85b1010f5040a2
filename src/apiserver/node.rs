//! How a kubelet is reached: for logs, commands, port-forwarding and proxying.

use std::io;

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};

/// Both directions of a byte stream.
pub trait AsyncReadWrite: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> AsyncReadWrite for T {}

/// Opens connections to the HTTP API of kubelets. The connection speaks plain HTTP/1.1; where it crosses a network, TLS is inside the dialer.
#[async_trait]
pub trait NodeDialer: Send + Sync + 'static {
    /// Connects to the kubelet of a node.
    async fn dial(&self, node: &str) -> io::Result<Box<dyn AsyncReadWrite>>;
}

/// For a server without nodes.
pub struct NoNodes;

#[async_trait]
impl NodeDialer for NoNodes {
    async fn dial(&self, node: &str) -> io::Result<Box<dyn AsyncReadWrite>> {
        Err(io::Error::new(io::ErrorKind::NotConnected, format!("no connection to node {node:?}")))
    }
}
