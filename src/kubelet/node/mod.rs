//! The Node object: registration, status, and the Lease that says this node lives.

mod lease;
mod machine;
mod registration;
mod report;

use std::time::Duration;

use crate::kubelet::Shared;

pub use machine::Machine;

/// While the runtime or its network is not ready it is asked again after the first, then more and more seldom up to the second.
const UNREADY: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(2));
/// How often pressure on memory and disk, and the runtime, are looked at.
const PERIOD: Duration = Duration::from_secs(10);

/// Registers the node and keeps its status and Lease; runs for ever.
pub async fn keep(shared: &Shared) {
    let reporter = async {
        let node = registration::register(shared).await;
        shared.recorder.event(&registration::reference(shared), "Normal", "Starting", "Starting kubelet.");
        let mut reporter = report::Reporter::new(node);
        let mut wait = UNREADY.0;
        loop {
            if reporter.report(shared).await {
                wait = UNREADY.0;
                tokio::time::sleep(PERIOD).await;
            } else {
                tokio::time::sleep(wait).await;
                wait = (wait * 3 / 2).min(UNREADY.1);
            }
        }
    };
    tokio::join!(reporter, lease::keep(shared));
}
