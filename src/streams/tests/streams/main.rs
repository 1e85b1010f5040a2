//! Both ends of every protocol against each other, and the server's ends against the real kubectl.
#![allow(clippy::unwrap_used)]
#![expect(clippy::print_stderr, reason = "a test that has to be skipped says so")]

mod channels;
mod command;
mod forward;
mod kubectl;
mod node;
