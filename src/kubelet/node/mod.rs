//! The Node object: registration, status, and the Lease that says this node lives.

mod lease;
mod machine;
mod registration;
mod report;

use std::time::Duration;

use crate::kubelet::Shared;

pub use machine::Machine;

/// While the runtime or its network is not ready it is asked this often.
const UNREADY_PERIOD: Duration = Duration::from_millis(250);
/// How often pressure on memory and disk, and the runtime, are looked at.
const PERIOD: Duration = Duration::from_secs(10);

/// Registers the node and keeps its status and Lease; runs for ever.
pub async fn keep(shared: &Shared) {
    let reporter = async {
        let node = registration::register(shared).await;
        shared.recorder.event(&registration::reference(shared), "Normal", "Starting", "Starting kubelet.");
        let mut reporter = report::Reporter::new(node);
        loop {
            let ready = reporter.report(shared).await;
            tokio::time::sleep(if ready { PERIOD } else { UNREADY_PERIOD }).await;
        }
    };
    tokio::join!(reporter, lease::keep(shared));
}
