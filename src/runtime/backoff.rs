//! How long to wait before the next attempt.

use std::time::Duration;

/// Doubles from `initial` to `limit`, each wait stretched by up to `jitter` of itself, so that many clients do not come back in step.
#[derive(Clone, Debug)]
pub struct Backoff {
    initial: Duration,
    limit: Duration,
    jitter: f64,
    attempts: u32,
}

impl Backoff {
    pub fn new(initial: Duration, limit: Duration, jitter: f64) -> Self {
        Self { initial, limit, jitter, attempts: 0 }
    }
    /// The wait after one more failure.
    #[expect(clippy::should_implement_trait, reason = "waits are asked for one by one, never iterated over")]
    pub fn next(&mut self) -> Duration {
        let base = doubled(self.initial, self.attempts, self.limit);
        self.attempts = self.attempts.saturating_add(1);
        base.mul_f64(1.0 + self.jitter * unit())
    }
    /// After success: start again from `initial`.
    pub fn reset(&mut self) {
        self.attempts = 0;
    }
}

/// `initial` times two to the power of `attempts`, at most `limit`.
pub(crate) fn doubled(initial: Duration, attempts: u32, limit: Duration) -> Duration {
    1u32.checked_shl(attempts).and_then(|factor| initial.checked_mul(factor)).map_or(limit, |wait| wait.min(limit))
}

/// A number in 0..1, different at each call: enough for jitter.
pub(crate) fn unit() -> f64 {
    let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
    f64::from((random >> 32) as u32) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_limit() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1), 0.0);
        let waits: Vec<u128> = (0..6).map(|_| backoff.next().as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1000, 1000]);
        backoff.reset();
        assert_eq!(backoff.next().as_millis(), 100);
        assert_eq!(doubled(Duration::from_millis(5), 200, Duration::from_secs(1000)), Duration::from_secs(1000));
    }

    #[test]
    fn jitter_only_stretches() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_millis(100), 0.5);
        for _ in 0..100 {
            let wait = backoff.next();
            assert!(wait >= Duration::from_millis(100) && wait <= Duration::from_millis(150), "{wait:?}");
        }
    }
}
