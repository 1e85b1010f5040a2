//! The server driven through its in-process service, on a real store.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod access;
mod admission;
mod applying;
mod custom;
mod deletion;
mod encodings;
mod harness;
mod kubectl;
mod older;
mod pods;
mod policies;
mod reading;
mod security;
mod services;
mod streaming;
mod watching;
mod webhooks;
mod writing;
