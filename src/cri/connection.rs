//! One lazily opened HTTP/2 connection over a unix socket; tonic opens it again after the runtime was restarted.

use std::path::{Path, PathBuf};

use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tonic::transport::{Channel, Endpoint, Uri};
use tower::service_fn;

use crate::error::{Error, Result};

/// Largest message taken from the runtime, in bytes: upstream's 16 MiB.
pub const MAX_MESSAGE_BYTES: usize = 16 << 20;

/// The socket's path in `unix:///run/x.sock` or a plain absolute path.
pub fn socket_of(endpoint: &str) -> Result<PathBuf> {
    let path = endpoint.strip_prefix("unix://").unwrap_or(endpoint);
    if path.starts_with('/') { Ok(PathBuf::from(path)) } else { Err(Error::Endpoint(endpoint.to_owned())) }
}

/// A channel that connects on first use and again whenever it was lost.
pub fn channel(socket: &Path) -> Channel {
    let socket = socket.to_owned();
    Endpoint::from_static("http://localhost").connect_with_connector_lazy(service_fn(move |_: Uri| {
        let socket = socket.clone();
        async move { Ok::<_, std::io::Error>(TokioIo::new(UnixStream::connect(socket).await?)) }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints() {
        assert_eq!(socket_of("unix:///run/containerd/containerd.sock").unwrap(), Path::new("/run/containerd/containerd.sock"));
        assert_eq!(socket_of("/run/c.sock").unwrap(), Path::new("/run/c.sock"));
        assert!(matches!(socket_of("tcp://1.2.3.4:5"), Err(Error::Endpoint(_))));
    }
}
