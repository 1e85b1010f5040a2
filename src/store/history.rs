//! Which rows of the log are still wanted. Every change leaves a row; a row that is superseded serves only readers that resume from an older revision, and there is a bound on how far back they can.
//!
//! Compacting through revision C keeps exactly what was alive at C and every event after C. The bound is in events and in bytes, and the bytes follow what is alive: the file stays a small
//! multiple of it. There is no clock here and no idle work: each commit that goes over the bound also compacts, a bounded batch in the same transaction.

use std::collections::VecDeque;

use crate::{Event, Revision};

/// The newest events that a reopened store can still tell, at most.
pub(crate) const MAX_EVENTS: usize = 10_000;
/// History may take this many times the bytes that are alive ...
const LIVE_FACTOR: usize = 4;
/// ... but always at least this much, and never more than that.
const MIN_BYTES: usize = 2 << 20;
const MAX_BYTES: usize = 64 << 20;
/// What a row takes on disk beside its key and value.
const ROW_OVERHEAD_BYTES: usize = 24;
/// Rows removed by one commit at most, so that no writer waits long for the sweeping; more than a commit of one adds, so that it always catches up.
const MAX_BATCH: usize = 1024;
/// Compacting begins when the bound is exceeded by one part in this, and then goes down to the bound: one update of the bookkeeping for many rows.
const SLACK: usize = 16;

/// The events in the log after the compacted revision: what each superseded and how large it is.
#[derive(Debug)]
pub(crate) struct History {
    steps: VecDeque<Step>,
    bytes: usize,
    compacted: Revision,
    max_events: usize,
}

#[derive(Debug)]
struct Step {
    revision: Revision,
    previous: Option<Revision>,
    deletion: bool,
    bytes: usize,
}

/// Rows to remove, and the compacted revision after that.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Compaction {
    pub(crate) rows: Vec<Revision>,
    pub(crate) through: Revision,
    steps: usize,
}

impl History {
    pub(crate) fn new(compacted: Revision, max_events: usize) -> Self {
        Self { steps: VecDeque::new(), bytes: 0, compacted, max_events }
    }

    pub(crate) fn compacted(&self) -> Revision {
        self.compacted
    }

    pub(crate) fn push(&mut self, event: &Event) {
        let bytes = row_bytes(event);
        self.bytes += bytes;
        self.steps.push_back(Step {
            revision: event.revision,
            previous: event.previous.as_ref().map(|(revision, _)| *revision),
            deletion: event.value.is_none(),
            bytes,
        });
    }

    /// What a commit that adds `added` events should remove, given how many bytes are alive.
    pub(crate) fn plan(&self, added: usize, live_bytes: usize) -> Option<Compaction> {
        let max_bytes = live_bytes.saturating_mul(LIVE_FACTOR).clamp(MIN_BYTES, MAX_BYTES);
        if self.steps.len() <= self.max_events + self.max_events / SLACK && self.bytes <= max_bytes + max_bytes / SLACK {
            return None;
        }
        let batch = MAX_BATCH.max(added * 2);
        let (mut bytes, mut rows, mut steps, mut through) = (self.bytes, Vec::new(), 0, self.compacted);
        for step in self.steps.iter().take(batch) {
            if self.steps.len() - steps <= self.max_events && bytes <= max_bytes {
                break;
            }
            bytes -= step.bytes;
            rows.extend(step.previous);
            if step.deletion {
                rows.push(step.revision);
            }
            through = step.revision;
            steps += 1;
        }
        Some(Compaction { rows, through, steps })
    }

    /// The compaction is durable.
    pub(crate) fn compact(&mut self, done: &Compaction) {
        self.bytes -= self.steps.drain(..done.steps).map(|step| step.bytes).sum::<usize>();
        self.compacted = done.through;
    }
}

fn row_bytes(event: &Event) -> usize {
    ROW_OVERHEAD_BYTES + event.key.len() + event.value.as_ref().map_or(0, bytes::Bytes::len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn event(revision: Revision, previous: Option<Revision>, value_bytes: Option<usize>) -> Event {
        let value = value_bytes.map(|count| Bytes::from(vec![0; count]));
        Event { key: "key".into(), revision, value, previous: previous.map(|revision| (revision, Bytes::new())) }
    }

    #[test]
    fn nothing_to_do_within_the_bounds() {
        let mut history = History::new(0, 100);
        for revision in 1..=106 {
            history.push(&event(revision, None, Some(10)));
        }
        assert_eq!(history.plan(1, 1000), None);
    }

    #[test]
    fn the_superseded_and_the_deletions_go() {
        let mut history = History::new(0, 32);
        // 1 and 2 create, 3 updates what 1 made, 4 deletes what 2 made, the rest create
        history.push(&event(1, None, Some(1)));
        history.push(&event(2, None, Some(1)));
        history.push(&event(3, Some(1), Some(1)));
        history.push(&event(4, Some(2), None));
        for revision in 5..=36 {
            history.push(&event(revision, None, Some(1)));
        }
        let plan = history.plan(1, 0).unwrap();
        assert_eq!(plan, Compaction { rows: vec![1, 2, 4], through: 4, steps: 4 });
        history.compact(&plan);
        assert_eq!(history.compacted(), 4);
        assert_eq!(history.plan(1, 0), None);
    }

    #[test]
    fn bytes_are_bounded_by_what_is_alive() {
        let mut history = History::new(0, MAX_EVENTS);
        for revision in 1..=9 {
            history.push(&event(revision, revision.checked_sub(1).filter(|previous| *previous > 0), Some(1 << 20)));
        }
        // 9 MiB of history: too much for one live megabyte, well within bounds for three
        assert_eq!(history.plan(1, 3 << 20), None);
        let plan = history.plan(1, 1 << 20).unwrap();
        assert_eq!((plan.through, plan.rows), (6, vec![1, 2, 3, 4, 5]));
    }

    #[test]
    fn a_batch_is_bounded_and_catches_up() {
        let mut history = History::new(0, 10);
        for revision in 1..=5000 {
            history.push(&event(revision, None, Some(1)));
        }
        assert_eq!(history.plan(1, 0).unwrap().through, 1024);
        assert_eq!(history.plan(2000, 0).unwrap().through, 4000);
    }
}
