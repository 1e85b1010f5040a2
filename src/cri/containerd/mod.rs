//! A containerd of our own: its configuration, its start in a session of its own so that it and its containers outlive us, its adoption
//! by the next server, its supervision, and its end on request.

mod config;
mod process;
mod supervisor;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use config::{Network, Settings, Snapshotter};
pub use supervisor::Containerd;

/// What keeps a private containerd from running.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("containerd is not installed: {0} was not found (install the containerd package of your distribution)")]
    Missing(String),
    #[error("cannot read the version of containerd in {0:?}")]
    Version(String),
    #[error("containerd {0} is too old: 1.6 or newer is needed")]
    TooOld(String),
    #[error("{act} {}: {source}", path.display())]
    File { act: &'static str, path: PathBuf, source: std::io::Error },
    #[error("the path of containerd's socket is too long ({} bytes, at most 107): {}", .0.as_os_str().len(), .0.display())]
    SocketPath(PathBuf),
    #[error("starting containerd: {0}")]
    Spawn(std::io::Error),
    #[error("containerd ended while starting ({status}); the end of its log:\n{log}")]
    Ended { status: String, log: String },
    #[error("containerd did not become ready within {seconds} s: {message}")]
    NotReady { seconds: u64, message: String },
    #[error("adding the pause image: {0}")]
    Pause(crate::Error),
}
