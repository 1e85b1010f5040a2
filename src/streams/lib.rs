//! Streams through the API: remote commands (`exec`, `attach`) and port-forwarding, over WebSocket and SPDY/3.1, both ends of each, as one abstraction.
//!
//! [`command`] and [`forward`] are what users see; [`tunnel()`] carries an upgraded request through a server that does not look inside. Below them, [`spdy`] and the WebSocket channels hand out [`pipe`]s.
//! Leaves out who may do it, where to connect to and TLS: a connection is anything that reads and writes.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod activity;
pub mod command;
pub mod forward;
pub mod pipe;
pub mod spdy;
mod tunnel;
pub mod upgrade;
mod websocket;

pub use tunnel::{TunnelError, tunnel};
pub use upgrade::{ConnectError, Connection, Rejection};
