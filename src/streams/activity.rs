//! Notices a connection on which nothing has moved for long: its peer has most likely vanished without a word, and a command would be kept for it for ever.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A server ends a connection after this long without a byte either way. Upstream's kubelet: `streamingConnectionIdleTimeout`.
pub(crate) const IDLE_TIMEOUT: Duration = Duration::from_secs(4 * 60 * 60);

/// When something last moved.
#[derive(Debug)]
pub(crate) struct Activity {
    started: Instant,
    last_ms: AtomicU64,
    limit: Option<Duration>,
}

impl Activity {
    /// Without a limit it never ends.
    pub(crate) fn new(limit: Option<Duration>) -> Self {
        Self { started: Instant::now(), last_ms: AtomicU64::new(0), limit }
    }

    pub(crate) fn touch(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_ms.store(now, Ordering::Relaxed);
    }

    /// Completes when nothing has moved for as long as the limit.
    pub(crate) async fn ended(&self) {
        let Some(limit) = self.limit else { return std::future::pending().await };
        loop {
            let due = self.started + Duration::from_millis(self.last_ms.load(Ordering::Relaxed)) + limit;
            if due <= Instant::now() {
                return;
            }
            sleep_until(due).await;
        }
    }
}
