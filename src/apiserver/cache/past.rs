//! How far back lists reach. Upstream's storage forgets its past every five minutes, and clients that page through a list slowly are written for that: they
//! are told that their page is gone and how to go on. Here the events of a quiet resource would reach back for days, and what clients have to cope with
//! would first be seen in a busy cluster; so lists of the past end after the same time. Watches reach back as far as there are events.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use store::Revision;

/// A revision that was replaced longer ago than this is not listed any more.
const LISTED_FOR: Duration = Duration::from_secs(300);
/// How exact that is: one revision is remembered for so long a time, which makes for at most eleven of them.
const STEP: Duration = Duration::from_secs(30);

/// Which revision was the newest at a time.
#[derive(Debug, Default)]
pub struct Past {
    /// Oldest first; the first is the newest of those that are older than what is listed.
    marks: VecDeque<(Instant, Revision)>,
}

impl Past {
    /// A revision has become the newest.
    pub fn note(&mut self, revision: Revision, now: Instant) {
        if self.marks.back().is_some_and(|(at, _)| now.duration_since(*at) < STEP) {
            return;
        }
        self.marks.push_back((now, revision));
        self.forget(now);
    }
    /// The oldest revision that is listed.
    pub fn oldest(&mut self, now: Instant) -> Revision {
        self.forget(now);
        self.marks.front().filter(|(at, _)| now.duration_since(*at) >= LISTED_FOR).map_or(0, |(_, revision)| *revision)
    }
    fn forget(&mut self, now: Instant) {
        while self.marks.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= LISTED_FOR) {
            self.marks.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_reach_back_for_a_while() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut past = Past::default();
        assert_eq!(past.oldest(at(0)), 0);
        past.note(10, at(0));
        past.note(11, at(5));
        past.note(12, at(60));
        assert_eq!(past.oldest(at(299)), 0);
        assert_eq!(past.oldest(at(300)), 10);
        assert_eq!(past.oldest(at(359)), 10);
        assert_eq!(past.oldest(at(360)), 12);
        // what is still the newest stays
        assert_eq!(past.oldest(at(36000)), 12);
        for second in 0..10_000 {
            past.note(13 + second, at(36_000 + second));
        }
        assert!(past.marks.len() <= 12, "{}", past.marks.len());
    }
}
