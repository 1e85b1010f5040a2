//! The server driven through its in-process service, on a real store.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::large_futures, reason = "a test awaits the whole request path in one future, once")]

mod access;
mod admission;
mod aggregation;
mod applying;
mod conformance;
mod conversion;
mod custom;
mod deletion;
mod encodings;
mod evictions;
mod harness;
mod kubectl;
mod older;
mod operator;
mod pods;
mod policies;
mod protobuf;
mod reading;
mod security;
mod services;
mod streaming;
mod watching;
mod webhooks;
mod writing;
