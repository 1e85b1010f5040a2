//! Opening a store: a private directory, one process at a time, and never a silent fresh start over something damaged.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;

use crate::engine::Engine;
use crate::etcd::Connected;
use crate::log::{Loaded, Log, with_suffix};
use crate::{Progress, Sink, Snapshot, Store, history};

/// The log's name in the directory.
const FILE: &str = "state.db";
/// Locked while a process has the store open.
const LOCK: &str = "lock";

/// What can be set about a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many of the newest events a reopened store can still tell. Fewer are kept when they would take much more room than what is alive.
    pub history_events: usize,
    /// Writes that may wait for the disk; a writer beyond that waits for room.
    pub queue: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { history_events: history::MAX_EVENTS, queue: 1024 }
    }
}

/// Why a store did not open. Each says which file it is about and what can be done.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("store file {} is damaged: {detail}; put a backup in its place, or move it and its -wal file away to start with an empty cluster", path.display())]
    Corrupt { path: PathBuf, detail: String },
    #[error("store file {} has format {found}, this program knows format {known}: open it with the program that wrote it", path.display())]
    Format { path: PathBuf, found: i32, known: i32 },
    #[error("store directory {} is in use by {holder}: stop that first, or choose another directory", dir.display())]
    Locked { dir: PathBuf, holder: String },
    #[error("cannot prepare {}: {source}", path.display())]
    Directory { path: PathBuf, source: std::io::Error },
    #[error("cannot open store file {}: {source}", path.display())]
    Disk { path: PathBuf, source: rusqlite::Error },
    #[error("cannot read from etcd at {endpoints}: {source}; is it running, and do the certificates fit?")]
    Etcd { endpoints: String, source: Box<etcd_client::Error> },
    #[error("cannot start the store's thread: {0}")]
    Thread(#[source] std::io::Error),
}

impl OpenError {
    pub(crate) fn corrupt(path: &Path, detail: &str) -> Self {
        Self::Corrupt { path: path.to_owned(), detail: detail.to_owned() }
    }
}

/// A store that is open and read, but does not take writes yet.
#[derive(Debug)]
pub struct Opened(Engines);

#[derive(Debug)]
enum Engines {
    Embedded { loaded: Loaded, log: Log, lock: File, queue: usize },
    Etcd(Box<Connected>),
}

impl Opened {
    pub(crate) fn etcd(connected: Connected) -> Self {
        Self(Engines::Etcd(Box::new(connected)))
    }

    /// Starts the engine: from here on `sink` receives every event.
    pub fn start(self, sink: Box<dyn Sink>) -> Result<Store, OpenError> {
        let (loaded, log, lock, queue) = match self.0 {
            Engines::Embedded { loaded, log, lock, queue } => (loaded, log, lock, queue),
            Engines::Etcd(connected) => return Ok(connected.start(sink)),
        };
        let progress = std::sync::Arc::new(Progress::default());
        let (requests, receiver) = mpsc::channel(queue.max(1));
        let engine = Engine::new(log, loaded.live, loaded.history, sink, progress.clone(), lock);
        let thread = std::thread::Builder::new().name("store".to_owned());
        thread.spawn(move || engine.run(receiver)).map_err(OpenError::Thread)?;
        Ok(Store { requests, progress })
    }
}

#[cfg(test)]
impl Opened {
    pub(crate) fn into_parts(self) -> (Log, Loaded, File) {
        match self.0 {
            Engines::Embedded { loaded, log, lock, .. } => (log, loaded, lock),
            Engines::Etcd(_) => panic!("opened from a directory"),
        }
    }
}

pub(crate) fn open(dir: &Path, options: Options) -> Result<(Opened, Snapshot), OpenError> {
    prepare_directory(dir).map_err(|source| OpenError::Directory { path: dir.to_owned(), source })?;
    let lock = lock(dir)?;
    let path = dir.join(FILE);
    if !path.exists() {
        let wal = with_suffix(&path, "-wal");
        if wal.exists() {
            return Err(OpenError::corrupt(&path, &format!("it is gone, but its write-ahead log {} is there", wal.display())));
        }
        Log::create(&path)?;
    }
    let log = Log::open(&path)?;
    let mut loaded = log.load(&path, options.history_events)?;
    let snapshot = Snapshot {
        entries: loaded.live.entries(),
        history: std::mem::take(&mut loaded.events),
        compacted: loaded.history.compacted(),
        revision: loaded.live.revision(),
    };
    Ok((Opened(Engines::Embedded { loaded, log, lock, queue: options.queue }), snapshot))
}

fn prepare_directory(dir: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    if dir.metadata()?.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(dir, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// How often, and how long apart, a lock that seems taken is tried: a child that this process is starting shares every open file until it runs its own program, and
/// with it a lock that was let go a moment ago.
const LOCK_TRIES: u32 = 25;
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(10);

fn try_lock(file: &File) -> Result<(), TryLockError> {
    for _ in 1..LOCK_TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            other => return other,
        }
    }
    file.try_lock()
}

/// The lock goes with the file handle, also when the process is killed.
fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join(LOCK);
    let directory = |source| OpenError::Directory { path: path.clone(), source };
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(directory)?;
    match try_lock(&file) {
        Ok(()) => {
            // only for the message below, so a full disk must not keep the store from opening
            let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let known = file.rewind().and_then(|()| (&file).take(16).read_to_string(&mut holder)).is_ok();
            let holder = if known && !holder.is_empty() { format!("process {holder}") } else { "another process".to_owned() };
            Err(OpenError::Locked { dir: dir.to_owned(), holder })
        }
        Err(TryLockError::Error(source)) => Err(directory(source)),
    }
}

/// An empty file that only we can read; SQLite gives its other files the same mode.
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(drop)
}
