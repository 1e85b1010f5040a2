//! The container runtime: a thin typed client over CRI v1 on a unix socket, containerd's own event stream, and a private containerd.
//!
//! Knows sandboxes, containers and images; knows nothing of pods. [`Client`] is one connection, shared by cheap clones; [`events`] tells of
//! container exits the moment they happen, on every containerd version; [`containerd`] starts and supervises a containerd of our own.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod client;
pub mod connection;
pub mod containerd;
pub mod content;
pub mod error;
pub mod events;
pub mod pause;
mod wire;

/// The messages of CRI v1 as generated.
pub use k8s_cri::v1;

pub use client::Client;
pub use error::{Code, Error, Result};
pub use events::{Event, Happening};
