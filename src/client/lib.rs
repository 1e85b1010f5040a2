//! kube-rs set up for us: a [`kube::Client`] over the server's own request path inside the process, or over HTTPS from a kubeconfig; requests on
//! encoded bytes; and failures as [`api::ApiError`]. Without informers and queues (those are `runtime`'s), and without knowledge of any kind's behaviour.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::needless_pass_by_value))]

mod failure;
mod request;
mod resource;
mod transport;

pub use failure::{api_error, is_gone, status_error};
pub use request::{Body, call, get_accepting, send, send_accepting};
pub use resource::{Resource, ScopeName, Scoped, encode_query};
pub use transport::{ConfigError, Overrides, from_kubeconfig, in_process};
