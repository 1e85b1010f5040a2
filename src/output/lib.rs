//!
//! Everything that kubectl prints is equal to kubectl's output to the byte; the golden files under `testdata` come from kubectl itself.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod duration;
pub mod escape;
pub mod go_text;
pub mod json;
pub mod kyaml;
pub mod prefix;
pub mod table;
pub mod tabwriter;
pub mod yaml;
