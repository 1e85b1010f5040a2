//! A remote command as its two ends see it: standard streams, the size of the terminal, and how it ended. The same for every protocol underneath.

mod client;
mod options;
mod outcome;
mod relay;
mod resize;
mod server;

pub use client::{ClientCommand, OutcomeError, PendingOutcome, connect_spdy, connect_websocket};
pub use options::{CommandOptions, OptionsError};
pub use outcome::Outcome;
pub use relay::relay;
pub use resize::{ResizeSender, Resizes, TerminalSize};
pub use server::{AcceptError, PendingCommand, ServerCommand, StatusSender, accept};

/// Channels of a WebSocket; the first three are the file descriptors.
const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const ERROR: u8 = 3;
const RESIZE: u8 = 4;

const V5: &str = "v5.channel.k8s.io";
const V4: &str = "v4.channel.k8s.io";
const V4_BASE64: &str = "v4.base64.channel.k8s.io";
const V3: &str = "v3.channel.k8s.io";
const V2: &str = "v2.channel.k8s.io";
const V1: &str = "channel.k8s.io";
const V1_BASE64: &str = "base64.channel.k8s.io";

/// The header that says which of a command's streams a SPDY stream is.
const STREAM_TYPE: &str = "streamtype";
