//! The kubelet: runs the pods of one node over a container runtime and tells the API server how they are.
//!
//! One task a pod ([`worker`]): it observes the runtime, computes a [`plan`](mod@plan) (pure), carries it out, computes the [`status`](mod@status)
//! (pure), and then sleeps until something happens: the pod changed, a container ended, a probe changed its mind, a config map it uses was
//! written, a back-off is over. Nothing polls. Containers outlive this process; the next one finds them again by their labels.
//!
//! Knows neither the API server's inside nor the store: it is a client like any other. Its own HTTP API is [`router`].
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod admission;
mod backoff;
mod cgroup;
mod config;
mod container_config;
mod dns;
mod engine;
mod environment;
mod execute;
mod expansion;
mod fields;
mod folder_watch;
mod garbage;
mod hooks;
mod hosts_file;
mod http;
mod images;
mod kubelet;
mod labels;
mod log_line;
mod log_rotation;
mod mailbox;
mod node;
mod objects;
mod observation;
pub mod plan;
#[cfg(test)]
mod plan_tests;
mod pod;
mod probe;
mod pull;
mod resources;
mod sandbox_config;
pub mod simulated;
mod static_pods;
pub mod status;
mod status_writer;
mod termination;
mod termination_message;
#[cfg(test)]
mod testing;
mod volume;
mod worker;

pub use self::http::router;
pub use cgroup::Cgroups;
pub use config::Config;
pub use engine::Engine;
pub use kubelet::{Error, Handle, Kubelet, run};
