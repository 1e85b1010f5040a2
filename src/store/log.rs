//! The log on disk: one table in SQLite, one row a change, keyed by revision; appended by group commits, read whole at open.
//!
//! Rows carry the revision they supersede and a checksum, so that a lost, doubled or rotten row is found at open and named, not served. The live state is never read back from here while running.
//! Leaves out every decision: what may be written is [`crate::live`]'s, what may go is [`crate::history`]'s.
//!
//! Why SQLite: measured with this log's own pattern (compare-and-set of 700-byte values over 5,000 keys, group commit by one thread, 10,000 events kept and older rows removed on the way, every commit
//! synced), redb 4.5, fjall 3.1 and SQLite 3.51 on the same disk, caches of 2 MiB each. Files are what lies there at the end; alive are 4 MiB, with history 11. Resident is the whole process.
//!
//! | engine | 1 writer | 16 writers | 128 writers | p99 at 1 / 128 | files | resident |
//! |---|---|---|---|---|---|---|
//! | SQLite, WAL, `synchronous=FULL` | 8,900/s | 42,300/s | 70,500/s | 0.3 / 6.8 ms | 14-17 MiB | 15-18 MiB |
//! | redb, immediate durability | 3,300/s | 32,100/s | 87,000/s | 1.9 / 4.2 ms | 12-14 MiB | 14-18 MiB |
//! | fjall, `SyncData` | 8,700/s | 23,600/s | 30,600/s | 0.2 / 30 ms | 47-97 MiB | 20-23 MiB |
//!
//! A control plane mostly commits one or a few writes at a time, where redb's two syncs cost it; fjall keeps several times the data on disk. SQLite is also the one whose file other tools can open and
//! repair. This engine itself, queue and sink included (`cargo bench -p store`): 8,500, 42,200 and 65,700 writes/s, files 17-18 MiB.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, params};

use crate::history::{Compaction, History};
use crate::live::Live;
use crate::open::OpenError;
use crate::{Event, Revision};

/// In the file's header: `file` and friends can tell whose it is. The letters are `kdb1`.
const APPLICATION_ID: i32 = 0x6b64_6231;
/// The layout below; a newer program that changes it raises this, and an older one then refuses the file.
const FORMAT: i32 = 1;
/// The write-ahead log is folded into the file at about this size ...
const WAL_PAGES: i32 = 256;
/// ... and cut back to this when something large made it grow.
const WAL_LIMIT_BYTES: i64 = 4 << 20;
/// SQLite's own cache; the rows are not read again, only the right-most pages and those being compacted are touched.
const CACHE_KIB: i64 = 2048;
/// Free pages are kept for the rows to come, up to one page in this; what is beyond is given back to the file system.
const FREE_PAGES_PART: i64 = 4;
/// Free pages that are never worth giving back.
const FREE_PAGES_KEPT: i64 = 256;

const SCHEMA: &str = "
CREATE TABLE log (
    revision INTEGER PRIMARY KEY,
    previous INTEGER NOT NULL,   -- the revision it supersedes, 0 when the key did not exist
    key      TEXT NOT NULL,
    value    BLOB,               -- NULL: the key was deleted
    checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE compacted (revision INTEGER NOT NULL) STRICT;
INSERT INTO compacted VALUES (0);
";

/// An open log.
#[derive(Debug)]
pub(crate) struct Log {
    connection: Connection,
}

/// What the log tells when it is read.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) live: Live,
    pub(crate) history: History,
    pub(crate) events: Vec<Event>,
}

impl Log {
    /// Makes an empty log under another name first: one that stands at `path` is always whole.
    pub(crate) fn create(path: &Path) -> Result<(), OpenError> {
        let fresh = with_suffix(path, ".new");
        for leftover in [fresh.clone(), with_suffix(&fresh, "-journal"), with_suffix(&fresh, "-wal")] {
            match std::fs::remove_file(&leftover) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(OpenError::Directory { path: leftover, source: error });
                }
                _ => {}
            }
        }
        let disk = |source| OpenError::Disk { path: fresh.clone(), source };
        let files = |source| OpenError::Directory { path: fresh.clone(), source };
        crate::open::create_private(&fresh).map_err(files)?;
        let connection = connect(&fresh).map_err(disk)?;
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL").map_err(disk)?;
        connection.execute_batch(SCHEMA).map_err(disk)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(disk)?;
        connection.pragma_update(None, "user_version", FORMAT).map_err(disk)?;
        connection.close().map_err(|(_, error)| disk(error))?;
        std::fs::rename(&fresh, path).map_err(files)?;
        path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all()).map_err(files)
    }

    /// Opens the log at `path`, which must be one.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        let sort = |error| sort_error(path, error);
        let connection = connect(path).map_err(sort)?;
        let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(sort)?;
        let format: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(sort)?;
        if application != APPLICATION_ID {
            return Err(OpenError::corrupt(path, "it is not a store's file"));
        }
        if format != FORMAT {
            return Err(OpenError::Format { path: path.to_owned(), found: format, known: FORMAT });
        }
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0)).map_err(sort)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(sort)?;
        connection.pragma_update_and_check(None, "wal_autocheckpoint", WAL_PAGES, |_| Ok(())).map_err(sort)?;
        connection.pragma_update_and_check(None, "journal_size_limit", WAL_LIMIT_BYTES, |_| Ok(())).map_err(sort)?;
        Ok(Self { connection })
    }

    /// Reads every row in revision order, and checks that they are a history: intact, each superseding what the ones before left.
    pub(crate) fn load(&self, path: &Path, max_events: usize) -> Result<Loaded, OpenError> {
        let sort = |error| sort_error(path, error);
        let compacted: Revision = self.connection.query_row("SELECT revision FROM compacted", [], |row| row.get(0)).map_err(sort)?;
        let mut loaded = Loaded { live: Live::default(), history: History::new(compacted, max_events), events: Vec::new() };
        let mut statement =
            self.connection.prepare("SELECT revision, previous, key, value, checksum FROM log ORDER BY revision").map_err(sort)?;
        let mut rows = statement.query([]).map_err(sort)?;
        while let Some(row) = rows.next().map_err(sort)? {
            let stored = StoredRow::read(row).map_err(sort)?;
            let damaged = |what: &str| OpenError::corrupt(path, &format!("revision {}: {what}", stored.revision));
            if !stored.intact() {
                return Err(damaged("its checksum does not fit its content"));
            }
            let Some(key) = stored.key.as_deref() else { return Err(damaged("its key is not text")) };
            let current = loaded.live.get(key);
            let key = current.as_ref().map_or_else(|| Arc::from(key), |(key, ..)| key.clone());
            let previous = current.map(|(_, revision, value)| (revision, value));
            let event = Event { key, revision: stored.revision, value: stored.value, previous };
            if event.revision > compacted {
                if event.previous.as_ref().map_or(0, |(revision, _)| *revision) != stored.previous {
                    return Err(damaged("the revision it supersedes is missing"));
                }
                if event.revision != loaded.live.revision().max(compacted) + 1 {
                    return Err(damaged("revisions before it are missing"));
                }
                loaded.history.push(&event);
                loaded.events.push(event.clone());
            } else if event.previous.is_some() || event.value.is_none() {
                return Err(damaged("it should have been compacted away"));
            }
            loaded.live.replay(&event);
        }
        loaded.live.advance_to(compacted);
        Ok(loaded)
    }

    /// Appends the events and removes what the compaction names, in one durable transaction. On an error nothing of it is kept.
    pub(crate) fn commit(&mut self, events: &[Event], compaction: Option<&Compaction>) -> Result<(), rusqlite::Error> {
        let transaction = self.connection.transaction()?;
        append(&transaction, events)?;
        if let Some(compaction) = compaction {
            compact(&transaction, compaction)?;
        }
        transaction.commit()?;
        if compaction.is_some() {
            self.shrink();
        }
        Ok(())
    }

    /// Gives pages back when many are free. Rows are durable already when this runs, so trouble here is left for the next time.
    fn shrink(&self) {
        let count = |pragma: &str| self.connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let (Ok(pages), Ok(free)) = (count("page_count"), count("freelist_count")) else { return };
        if free > FREE_PAGES_KEPT + pages / FREE_PAGES_PART
            && let Err(error) = self.connection.execute_batch(&format!("PRAGMA incremental_vacuum({})", free - FREE_PAGES_KEPT))
        {
            tracing::warn!(%error, "free pages of the store's file could not be given back");
        }
    }

    /// Folds the write-ahead log into the file and closes it.
    pub(crate) fn close(self) -> Result<(), rusqlite::Error> {
        self.connection.close().map_err(|(_, error)| error)
    }

    /// Lets the file have this many pages and no more, as a full disk would; `None` as many as before.
    #[cfg(test)]
    pub(crate) fn limit_pages(&self, pages: Option<i64>) {
        self.connection.pragma_update_and_check(None, "max_page_count", pages.unwrap_or(1 << 30), |_| Ok(())).unwrap();
    }
}

fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // no other process reads along: the index of the write-ahead log stays in our memory, and there is no third file
    connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

fn append(transaction: &Transaction<'_>, events: &[Event]) -> Result<(), rusqlite::Error> {
    let mut insert = transaction.prepare_cached("INSERT INTO log (revision, previous, key, value, checksum) VALUES (?, ?, ?, ?, ?)")?;
    for event in events {
        let previous = event.previous.as_ref().map_or(0, |(revision, _)| *revision);
        let checksum = checksum(event.revision, previous, event.key.as_bytes(), event.value.as_deref());
        insert.execute(params![event.revision, previous, &*event.key, event.value.as_deref(), checksum])?;
    }
    Ok(())
}

fn compact(transaction: &Transaction<'_>, compaction: &Compaction) -> Result<(), rusqlite::Error> {
    let mut delete = transaction.prepare_cached("DELETE FROM log WHERE revision = ?")?;
    for revision in &compaction.rows {
        delete.execute([revision])?;
    }
    transaction.prepare_cached("UPDATE compacted SET revision = ?")?.execute([compaction.through])?;
    Ok(())
}

/// A row as it lies there, not yet believed.
struct StoredRow {
    revision: Revision,
    previous: Revision,
    key: Option<String>,
    value: Option<Bytes>,
    /// Over the bytes as they were read.
    computed: u32,
    stored: u32,
}

impl StoredRow {
    fn read(row: &rusqlite::Row<'_>) -> Result<Self, rusqlite::Error> {
        let (revision, previous) = (row.get(0)?, row.get(1)?);
        let key = row.get_ref(2)?.as_bytes()?;
        let value = row.get_ref(3)?.as_blob_or_null()?;
        Ok(Self {
            revision,
            previous,
            key: std::str::from_utf8(key).ok().map(str::to_owned),
            value: value.map(Bytes::copy_from_slice),
            computed: checksum(revision, previous, key, value),
            stored: row.get(4)?,
        })
    }

    fn intact(&self) -> bool {
        self.computed == self.stored
    }
}

fn checksum(revision: Revision, previous: Revision, key: &[u8], value: Option<&[u8]>) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&revision.to_le_bytes());
    hasher.update(&previous.to_le_bytes());
    hasher.update(&(key.len() as u64).to_le_bytes());
    hasher.update(key);
    hasher.update(&[u8::from(value.is_some())]);
    hasher.update(value.unwrap_or_default());
    hasher.finalize()
}

/// Damage and trouble with the disk want different answers from the operator.
fn sort_error(path: &Path, error: rusqlite::Error) -> OpenError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => OpenError::corrupt(path, &error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            OpenError::Locked { dir: path.parent().unwrap_or(path).to_owned(), holder: "another program".to_owned() }
        }
        // a column of another type or a table that is not there: not what we wrote
        None | Some(ErrorCode::Unknown | ErrorCode::TypeMismatch) => OpenError::corrupt(path, &error.to_string()),
        Some(_) => OpenError::Disk { path: path.to_owned(), source: error },
    }
}

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What durability and size hang on is really set: SQLite ignores a pragma that it does not like.
    #[test]
    fn settings_took_effect() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        Log::create(&path).unwrap();
        let log = Log::open(&path).unwrap();
        let setting = |name: &str| log.connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0)).unwrap();
        let number = |number: i64| rusqlite::types::Value::Integer(number);
        assert_eq!(setting("journal_mode"), rusqlite::types::Value::Text("wal".to_owned()));
        assert_eq!(setting("locking_mode"), rusqlite::types::Value::Text("exclusive".to_owned()));
        assert_eq!((setting("synchronous"), setting("auto_vacuum")), (number(2), number(2)), "FULL and INCREMENTAL");
        assert_eq!((setting("wal_autocheckpoint"), setting("journal_size_limit")), (number(WAL_PAGES.into()), number(WAL_LIMIT_BYTES)));
    }
}
