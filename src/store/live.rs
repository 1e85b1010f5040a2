//! What is alive, in memory: decides compare-and-set without the disk and supplies the `previous` of every event. Every step can be taken back, for a commit that fails.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;

use crate::{Entry, Event, Expect, Revision, Write, WriteError};

/// The live keys and the newest revision.
#[derive(Debug, Default)]
pub(crate) struct Live {
    keys: HashMap<Arc<str>, Current>,
    revision: Revision,
    bytes: usize,
}

#[derive(Debug)]
struct Current {
    revision: Revision,
    value: Bytes,
}

impl Live {
    pub(crate) fn revision(&self) -> Revision {
        self.revision
    }

    /// For a store whose newest rows are compacted away: the counter goes on from here.
    pub(crate) fn advance_to(&mut self, revision: Revision) {
        self.revision = self.revision.max(revision);
    }

    /// Bytes of the keys and values that are alive.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Everything alive, in key order.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self
            .keys
            .iter()
            .map(|(key, current)| Entry { key: key.clone(), value: current.value.clone(), revision: current.revision })
            .collect();
        entries.sort_unstable_by(|left, right| left.key.cmp(&right.key));
        entries
    }

    /// Takes over what was read elsewhere.
    pub(crate) fn insert(&mut self, entry: &Entry) {
        self.set(&entry.key, Some((entry.revision, &entry.value)));
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &Arc<str>> {
        self.keys.keys()
    }

    /// The revision that last wrote a key.
    pub(crate) fn revision_of(&self, key: &str) -> Option<Revision> {
        self.keys.get(key).map(|current| current.revision)
    }

    /// Takes over what happened elsewhere, and gives it as an event. `None` where it is known already, or is the deletion of what was never known.
    pub(crate) fn observe(&mut self, key: &str, revision: Revision, value: Option<Bytes>) -> Option<Event> {
        let known = self.keys.get_key_value(key);
        if known.map_or(value.is_none(), |(_, current)| current.revision >= revision) {
            return None;
        }
        let previous = known.map(|(_, current)| (current.revision, current.value.clone()));
        let key = known.map_or_else(|| key.into(), |(key, _)| key.clone());
        let event = Event { key, revision, value, previous };
        self.set(&event.key, event.value.as_ref().map(|value| (revision, value)));
        self.advance_to(revision);
        Some(event)
    }

    /// Makes all of the writes at the next revisions and appends their events, or makes none.
    pub(crate) fn apply_all(&mut self, writes: Vec<Write>, events: &mut Vec<Event>) -> Result<Revision, WriteError> {
        let before = events.len();
        for write in writes {
            match self.decide(write) {
                Ok(event) => {
                    self.replay(&event);
                    events.push(event);
                }
                Err(error) => {
                    self.undo(&events[before..]);
                    events.truncate(before);
                    return Err(error);
                }
            }
        }
        Ok(self.revision)
    }

    /// The event that the write would be.
    fn decide(&self, write: Write) -> Result<Event, WriteError> {
        let (key, value, expect) = match write {
            Write::Put { key, value, expect } => (key, Some(value), expect),
            Write::Delete { key, expect } => (key, None, expect),
        };
        let revision = self.revision + 1;
        match (self.keys.get_key_value(&*key), expect) {
            (None, Expect::Absent) if value.is_some() => Ok(Event { key, revision, value, previous: None }),
            (None, _) => Err(WriteError::Missing { key }),
            (Some((_, current)), Expect::Absent) => Err(WriteError::Exists { key, revision: current.revision }),
            (Some((known, current)), Expect::At(expected)) if current.revision == expected => {
                Ok(Event { key: known.clone(), revision, value, previous: Some((current.revision, current.value.clone())) })
            }
            (Some((_, current)), Expect::At(expected)) => Err(WriteError::Changed { key, expected, actual: current.revision }),
        }
    }

    /// Takes over an event that has been decided, here or in an earlier life.
    pub(crate) fn replay(&mut self, event: &Event) {
        self.set(&event.key, event.value.as_ref().map(|value| (event.revision, value)));
        self.revision = event.revision;
    }

    /// Takes back the newest events.
    pub(crate) fn undo(&mut self, events: &[Event]) {
        for event in events.iter().rev() {
            self.set(&event.key, event.previous.as_ref().map(|(revision, value)| (*revision, value)));
            self.revision = event.revision - 1;
        }
    }

    fn set(&mut self, key: &Arc<str>, current: Option<(Revision, &Bytes)>) {
        let before = match current {
            Some((revision, value)) => {
                self.bytes += key.len() + value.len();
                self.keys.insert(key.clone(), Current { revision, value: value.clone() })
            }
            None => self.keys.remove(key),
        };
        if let Some(before) = before {
            self.bytes -= key.len() + before.value.len();
        }
    }

    /// What stands at a key, shared.
    pub(crate) fn get(&self, key: &str) -> Option<(Arc<str>, Revision, Bytes)> {
        self.keys.get_key_value(key).map(|(key, current)| (key.clone(), current.revision, current.value.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(key: &str, value: &'static str, expect: Expect) -> Write {
        Write::Put { key: key.into(), value: Bytes::from_static(value.as_bytes()), expect }
    }

    fn delete(key: &str, expect: Expect) -> Write {
        Write::Delete { key: key.into(), expect }
    }

    /// Keys `a` at 1 and `b` at 2 stand there; what does the write answer?
    fn check(write: Write, expected: &str) {
        let mut live = Live::default();
        live.apply_all(vec![put("a", "1", Expect::Absent), put("b", "2", Expect::Absent)], &mut Vec::new()).unwrap();
        let got = match live.apply_all(vec![write], &mut Vec::new()) {
            Ok(revision) => format!("revision {revision}"),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn compare_and_set() {
        check(put("c", "3", Expect::Absent), "revision 3");
        check(put("a", "3", Expect::Absent), "key a exists");
        check(put("a", "3", Expect::At(1)), "revision 3");
        check(put("b", "3", Expect::At(1)), "key b was written at revision 2, not 1");
        check(put("c", "3", Expect::At(1)), "key c does not exist");
        check(delete("a", Expect::At(1)), "revision 3");
        check(delete("a", Expect::At(2)), "key a was written at revision 1, not 2");
        check(delete("a", Expect::Absent), "key a exists");
        check(delete("c", Expect::At(1)), "key c does not exist");
        check(delete("c", Expect::Absent), "key c does not exist");
    }

    #[test]
    fn a_list_of_writes_is_one() {
        let mut live = Live::default();
        let mut events = Vec::new();
        live.apply_all(vec![put("a", "1", Expect::Absent)], &mut events).unwrap();
        let before = (live.entries(), live.bytes());
        let writes =
            vec![put("a", "22", Expect::At(1)), put("b", "3", Expect::Absent), delete("a", Expect::At(2)), put("b", "4", Expect::Absent)];
        let error = live.apply_all(writes, &mut events).unwrap_err();
        assert_eq!(error.to_string(), "key b exists");
        assert_eq!((live.entries(), live.bytes()), before);
        assert_eq!((events.len(), live.revision()), (1, 1));
    }
}
