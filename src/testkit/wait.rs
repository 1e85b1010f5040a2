//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

/// How long a condition may take before the test fails. Far above what anything needs on an idle machine, for tests run on busy ones.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(60);

/// Looks until `condition` gives something, and fails the test with the last reason where it never does.
#[track_caller]
pub fn wait_until<T>(description: &str, mut condition: impl FnMut() -> Result<T, String>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match condition() {
            Ok(value) => return value,
            Err(why) if Instant::now() > deadline => panic!("after {} s still not: {description}\nlast seen: {why}", PATIENCE.as_secs()),
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}
