//! Assembles a cluster: configuration, certificates, start order, readiness, shutdown; and the life of a local cluster as a background process. Without any
//! logic of the parts it puts together.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
pub mod certificates;
pub mod config;
mod dns_service;
mod files;
mod in_process;
pub mod kubeconfig;
pub mod local;
mod network;
mod node;
mod paths;
pub mod process;
pub mod security;
pub mod server;
mod tls;
