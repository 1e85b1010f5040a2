//! How long a crashed container, or an image that could not be pulled, waits before the next attempt: 10 s doubled up to 5 min, forgotten
//! after 10 min in which nothing failed.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

const INITIAL: SignedDuration = SignedDuration::from_secs(10);
const LIMIT: SignedDuration = SignedDuration::from_secs(300);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    wait: SignedDuration,
    updated: Timestamp,
}

/// Waits by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backoffs(BTreeMap<String, Entry>);

impl Backoffs {
    fn entry(&self, name: &str, failed_at: Timestamp) -> Option<Entry> {
        self.0.get(name).copied().filter(|entry| failed_at.duration_since(entry.updated) <= LIMIT * 2)
    }
    /// The wait that counts for a failure at `failed_at`, and when it is over.
    pub fn wait(&self, name: &str, failed_at: Timestamp) -> Option<(SignedDuration, Timestamp)> {
        let entry = self.entry(name, failed_at)?;
        Some((entry.wait, failed_at.saturating_add(entry.wait).unwrap_or(Timestamp::MAX)))
    }
    /// One more attempt is made now, after a failure at `failed_at`: the next failure waits longer.
    pub fn next(&mut self, name: &str, failed_at: Timestamp, now: Timestamp) {
        let wait = self.entry(name, failed_at).map_or(INITIAL, |entry| (entry.wait * 2).min(LIMIT));
        self.0.insert(name.to_owned(), Entry { wait, updated: now });
    }
    pub fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }
}

/// A wait as Go prints it: `10s`, `1m20s`, `5m0s`.
pub fn go_duration(wait: SignedDuration) -> String {
    let seconds = wait.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest}s"),
        (0, _) => format!("{minutes}m{rest}s"),
        _ => format!("{hours}h{minutes}m{rest}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_to_the_limit_and_forgets() {
        let mut backoffs = Backoffs::default();
        let mut now = Timestamp::from_second(1_000_000).unwrap();
        let mut waits = Vec::new();
        for _ in 0..8 {
            waits.push(backoffs.wait("a", now).map(|(wait, _)| go_duration(wait)).unwrap_or_default());
            backoffs.next("a", now, now);
            now += SignedDuration::from_secs(30);
        }
        assert_eq!(waits, ["", "10s", "20s", "40s", "1m20s", "2m40s", "5m0s", "5m0s"]);
        let later = now + SignedDuration::from_secs(601);
        assert_eq!(backoffs.wait("a", later), None);
    }
}
