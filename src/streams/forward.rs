//! Port-forwarding: many connections to ports of a pod over one upgraded connection. Each has a stream for its data and one for what goes wrong, in SPDY, directly or tunnelled through a WebSocket, which is
//! what kubectl tries first; older clients have numbered WebSocket channels for ports fixed in the request.

mod client;
mod server;

pub use client::{ForwardedConnection, Forwarder, connect_spdy, connect_tunnel};
pub use server::{Forwarding, PendingForward, PortConnection, PortError, accept};

const PROTOCOL: &str = "portforward.k8s.io";
const TUNNELLED: &str = "SPDY/3.1+portforward.k8s.io";
const V4: &str = "v4.channel.k8s.io";
const V4_BASE64: &str = "v4.base64.channel.k8s.io";

const STREAM_TYPE: &str = "streamtype";
const PORT: &str = "port";
const REQUEST_ID: &str = "requestid";
