//! Streams through the API: remote commands (`exec`, `attach`) and port-forwarding, over WebSocket and SPDY/3.1, both ends of each, as one abstraction.
//!
//! [`command`] is what users see of the former. Below it, [`spdy`] and the WebSocket channels hand out [`pipe`]s.
//! Leaves out who may do it, where to connect to and TLS: a connection is anything that reads and writes.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod command;
pub mod pipe;
pub mod spdy;
pub mod upgrade;
mod websocket;

pub use upgrade::{ConnectError, Connection, Rejection};
