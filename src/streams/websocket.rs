//! Two ways to carry several streams over one WebSocket: numbered channels in its messages, or any protocol's bytes tunnelled through it.

pub(crate) mod channels;
mod tunnel;

pub(crate) use tunnel::Tunnel;
