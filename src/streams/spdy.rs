//! SPDY/3.1, as much of it as Kubernetes' streaming speaks: streams that either side opens with headers, data, half-close, reset, ping, go-away.
//!
//! Peers built on moby/spdystream neither send nor heed window updates; so neither do we. What bounds memory is a queue per stream: when one is full, the connection is not read any further.

mod dictionary;
mod frame;
mod headers;
mod session;

pub use frame::FrameError;
pub use headers::{Headers, HeadersError};
pub use session::{Incoming, Role, Session, SessionError};

pub(crate) use session::Closer;
