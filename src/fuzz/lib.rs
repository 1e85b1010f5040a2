//! Bad input: what strangers send, made from seeds by chance. A [`Target`] takes any bytes, hands them to one entrance of the program and panics where what must
//! always hold does not. The tests of this crate run every target on its seeds and on some thousand mutations of them, the same ones every time; `run.sh` lets
//! libFuzzer search further for as long as one likes.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a target panics where something is wrong, and only tests and the fuzzer run it"
)]

pub mod mutate;
mod targets;

pub use targets::{TARGETS, Target};
