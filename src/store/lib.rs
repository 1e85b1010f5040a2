//! Keys, bytes and revisions on disk. One global revision, compare-and-set, an ordered stream of events, automatic compaction. Knows no kinds and no JSON.
//!
//! All that is alive is in memory, in the sink's hands and in the engine's; the disk is for durability. [`Store`] is the handle; behind it stands one of two engines. The embedded one is a thread
//! ([`engine`]) that decides every write against memory ([`live`]), commits groups of them to an append-only log in SQLite ([`log`]) and keeps that log short ([`history`]). The other one is
//! [`etcd`], which several servers share.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod engine;
mod etcd;
mod history;
mod live;
mod log;
mod open;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

pub use etcd::{EtcdOptions, EtcdTls};
pub use open::{OpenError, Opened, Options};

/// One global counter: every acknowledged write has its own; they never repeat and never go back.
pub type Revision = u64;

/// The largest value one key can have. Kubernetes' own limit on a request is 3 MiB; the rest is room for what encoding adds.
pub const MAX_VALUE_BYTES: usize = 8 << 20;

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
    #[error("the value of key {key} has {bytes} bytes; at most {MAX_VALUE_BYTES} are stored")]
    TooLarge { key: Arc<str>, bytes: usize },
    /// The disk said no (full, read-only, broken): nothing of this write is kept.
    #[error("write to disk failed: {0}")]
    Disk(String),
    /// etcd said no, or nothing: whether the write has happened is not known where the answer was lost on its way.
    #[error("write to etcd failed: {0}")]
    Remote(String),
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

/// The handle on a running engine. Clones are cheap; when the last is dropped the engine writes out what it has accepted and stops.
#[derive(Clone, Debug)]
pub struct Store {
    requests: mpsc::Sender<Request>,
    progress: Arc<Progress>,
}

/// How far the engine is, readable without asking it.
#[derive(Debug, Default)]
struct Progress {
    revision: AtomicU64,
    compacted: AtomicU64,
}

/// What the handle asks of the engine.
#[derive(Debug)]
enum Request {
    /// All of these or none; answered with the revision of the last.
    Write {
        writes: Vec<Write>,
        reply: oneshot::Sender<Result<Revision, WriteError>>,
    },
    Close {
        reply: oneshot::Sender<()>,
    },
}

impl Store {
    /// Opens the store in `dir`, creating it when there is none, and reads everything into memory. The engine stands still until [`Opened::start`] gives it its sink, so that the sink can be built
    /// from the snapshot. Blocks on the disk.
    pub fn open(dir: &Path, options: Options) -> Result<(Opened, Snapshot), OpenError> {
        open::open(dir, options)
    }

    /// Connects to an etcd and reads everything into memory; otherwise as [`Self::open`]. The engine's tasks run on the runtime that [`Opened::start`] is called in.
    pub async fn connect(options: &EtcdOptions) -> Result<(Opened, Snapshot), OpenError> {
        let (connected, snapshot) = etcd::open(options).await?;
        Ok((Opened::etcd(connected), snapshot))
    }

    /// Makes one change and returns its revision once it is on disk and the sink has seen it. Dropping the future does not take back a write that is on its way.
    pub async fn write(&self, write: Write) -> Result<Revision, WriteError> {
        self.request(vec![write]).await
    }

    /// Makes all of these changes or none, and returns the revision of the last. The embedded engine gives them successive revisions in the order given, and a later one sees what an earlier one in
    /// the list did; etcd gives all of them the same revision, and refuses two of the same key.
    pub async fn write_all(&self, writes: Vec<Write>) -> Result<Revision, WriteError> {
        if writes.is_empty() {
            return Ok(self.revision());
        }
        self.request(writes).await
    }

    async fn request(&self, writes: Vec<Write>) -> Result<Revision, WriteError> {
        for write in &writes {
            if let Write::Put { key, value, .. } = write
                && value.len() > MAX_VALUE_BYTES
            {
                return Err(WriteError::TooLarge { key: key.clone(), bytes: value.len() });
            }
        }
        let (reply, answer) = oneshot::channel();
        self.requests.send(Request::Write { writes, reply }).await.map_err(|_| WriteError::Closed)?;
        answer.await.unwrap_or(Err(WriteError::Closed))
    }

    /// The revision of the newest write that the sink has seen.
    pub fn revision(&self) -> Revision {
        self.progress.revision.load(Ordering::Acquire)
    }

    /// Events up to and including this revision would not be in the history of a reopened store.
    pub fn compacted(&self) -> Revision {
        self.progress.compacted.load(Ordering::Acquire)
    }

    /// Finishes the writes accepted so far, folds the write-ahead log into the file and lets go of the directory; it can be opened again when this returns. Later writes fail with
    /// [`WriteError::Closed`].
    pub async fn close(&self) {
        let (reply, answer) = oneshot::channel();
        if self.requests.send(Request::Close { reply }).await.is_ok() {
            // an engine that is gone already drops the reply: closed as well
            let _ = answer.await;
        }
    }
}
