//! The scheduler: gives pods without a node the best node that can take them. The decision is pure ([`schedule`] over a [`Cluster`] that is kept
//! current change by change); [`run`] feeds it from informers, holds what waits in a [`queue`], and binds. Woken by events only.
//! Not here: device claims, extenders, scheduling profiles and groups of pods.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod affinity;
mod cluster;
mod decide;
mod filter;
mod node_affinity;
mod pod;
mod preempt;
mod queue;
mod resources;
mod run;
mod score;
mod spread;
mod volumes;
mod writes;

pub use cluster::{Cluster, NodeInfo};
pub use decide::{Decision, Preemption, Refusal, schedule};
pub use filter::Plugin;
pub use pod::PodInfo;
pub use run::run;
pub use volumes::Binding;
