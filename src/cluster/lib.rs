//! Assembles a cluster: configuration, certificates, start order, readiness, shutdown; and the life of a local cluster as a background process. Without any
//! logic of the parts it puts together.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod certificates;
pub mod config;
mod files;
pub mod kubeconfig;
pub mod process;
