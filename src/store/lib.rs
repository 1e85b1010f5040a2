//! Keys, bytes and revisions on disk. One global revision, compare-and-set, an ordered stream of events, automatic compaction. Knows no kinds and no JSON.
//!
//! There are two engines behind [`Store`]: the embedded one here, and etcd where several servers share a cluster.
#![cfg_attr(test, allow(clippy::unwrap_used))]

use std::sync::Arc;

use bytes::Bytes;

/// One global counter: every acknowledged write has its own; they never repeat and never go back.
pub type Revision = u64;

/// A live key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: Arc<str>,
    pub value: Bytes,
    /// The revision that last wrote it.
    pub revision: Revision,
}

/// What must be true of the key for a write to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It does not exist.
    Absent,
    /// It exists and was last written at this revision.
    At(Revision),
}

/// A change of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    Put { key: Arc<str>, value: Bytes, expect: Expect },
    Delete { key: Arc<str>, expect: Expect },
}

/// A change that has happened and is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub key: Arc<str>,
    pub revision: Revision,
    /// `None` for a deletion.
    pub value: Option<Bytes>,
    /// What stood there before, with its revision.
    pub previous: Option<(Revision, Bytes)>,
}

/// Receives every event once, in revision order, after it is durable and before its writer is answered: a reader of what the sink keeps sees its own writes.
/// Called from the engine's own thread; must not block on the store.
pub trait Sink: Send + 'static {
    fn apply(&mut self, events: &[Event]);
}

/// Why a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("key {key} exists")]
    Exists { key: Arc<str>, revision: Revision },
    #[error("key {key} does not exist")]
    Missing { key: Arc<str> },
    #[error("key {key} was written at revision {actual}, not {expected}")]
    Changed { key: Arc<str>, expected: Revision, actual: Revision },
    /// The disk said no (full, read-only, broken): nothing of this write is kept.
    #[error("write to disk failed: {0}")]
    Disk(String),
    #[error("the store is closed")]
    Closed,
}

/// What an engine hands over when it is opened.
#[derive(Debug)]
pub struct Snapshot {
    /// Everything alive, in key order.
    pub entries: Vec<Entry>,
    /// Recent events in order, the newest last: those after `compacted`.
    pub history: Vec<Event>,
    /// Events up to and including this revision are no longer in `history`.
    pub compacted: Revision,
    pub revision: Revision,
}
