//! Streams through the API: remote commands (`exec`, `attach`) and port-forwarding, over WebSocket and SPDY/3.1, both ends of each, as one abstraction.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod pipe;
pub mod spdy;
