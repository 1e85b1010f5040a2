//! What end-to-end tests stand on: a whole cluster in a network namespace without a way out, images made from the packages of this machine, and the outcome of
//! command lines. Knows the program only from outside, as a user does: by its commands, its files and its processes. A test that fails panics, so
//! everything here panics with the whole outcome of what went wrong.

mod clients;
mod cluster;
mod guardian;
pub mod images;
mod outcome;
mod processes;
mod rootfs;
mod running;
mod wait;
mod words;

pub use clients::real_client;
pub use cluster::{Cluster, Namespace};
pub use guardian::sweep;
pub use outcome::Outcome;
pub use processes::{alive, kill};
pub use running::Running;
pub use wait::{PATIENCE, wait_until};
pub use words::words;
