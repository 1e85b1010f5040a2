//! What every actor of the cluster stands on, and nothing of any one kind: one shared cache of each kind ([`Informers`]), keyed work queues ([`Queue`]),
//! the reconcile shape ([`Reconciler`]: observe, plan; [`run`] executes), a [`Recorder`] of Events, a [`Clock`], and leader [`election`].
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::needless_pass_by_value))]

mod backoff;
mod cached;
mod changes;
mod clock;
mod compiled_here;
mod correlator;
pub mod election;
mod executor;
mod informer;
mod informers;
mod key;
mod plan;
mod queue;
mod recorder;
mod reflector;
#[cfg(test)]
mod simulated_server;
#[cfg(test)]
mod tests;
mod watch_stream;

pub use backoff::Backoff;
pub use cached::{Cached, PartialObject};
pub use changes::{Change, Changes};
pub use clock::{Clock, ManualClock, SystemClock};
pub use compiled_here::compiled_here;
pub use executor::{Context, run};
pub use informer::{Index, Informer};
pub use informers::{Filter, Informers};
pub use key::Key;
pub use plan::{Action, Announcement, Existing, Failure, Patch, Plan, Reconciler, Verb};
pub use queue::Queue;
pub use recorder::{Recorder, reference};
