//! What the disk does to us and who else may touch the directory: full, damaged, in use, private.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use store::{Expect, OpenError, Options, Store, WriteError};

use crate::{put, start};

fn open_error(dir: &Path) -> OpenError {
    Store::open(dir, Options::default()).unwrap_err()
}

/// A store with a few hundred keys, closed.
async fn filled(dir: &Path) {
    let (store, ..) = start(dir);
    for number in 0..300 {
        store.write(put(&format!("key-{number}"), &"value".repeat(100), Expect::Absent)).await.unwrap();
    }
    store.close().await;
}

#[tokio::test]
async fn a_second_opener_is_told_who_has_it() {
    let dir = tempfile::tempdir().unwrap();
    let (store, ..) = start(dir.path());
    let expected = format!(
        "store directory {} is in use by process {}: stop that first, or choose another directory",
        dir.path().display(),
        std::process::id()
    );
    assert_eq!(open_error(dir.path()).to_string(), expected);
    store.close().await;
    Store::open(dir.path(), Options::default()).unwrap();
}

#[tokio::test]
async fn files_are_private() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("deeper/state");
    let (store, ..) = start(&dir);
    store.write(put("secret", "value", Expect::Absent)).await.unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    let mut names = Vec::new();
    for file in dir.read_dir().unwrap() {
        let file = file.unwrap();
        assert_eq!(mode(&file.path()), 0o600, "{}", file.path().display());
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["lock", "state.db", "state.db-wal"]);
}

#[tokio::test]
async fn damage_is_found_and_named() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let file = dir.path().join("state.db");
    let good = std::fs::read(&file).unwrap();
    let expect_damage = |what: &str| {
        let error = open_error(dir.path());
        assert!(matches!(&error, OpenError::Corrupt { path, .. } if *path == file), "{what}: {error}");
        assert!(error.to_string().starts_with(&format!("store file {} is damaged: ", file.display())), "{error}");
        assert!(
            error.to_string().ends_with("put a backup in its place, or move it and its -wal file away to start with an empty cluster"),
            "{error}"
        );
    };
    // one flipped bit in a value, anywhere
    let values: Vec<usize> = (0..good.len() - 5).filter(|at| &good[*at..*at + 5] == b"value").step_by(4999).collect();
    assert!(values.len() > 3);
    for at in values {
        let mut bad = good.clone();
        bad[at] ^= 1;
        std::fs::write(&file, bad).unwrap();
        expect_damage("a flipped bit");
    }
    for (what, bad) in [("empty", &[][..]), ("half", &good[..good.len() / 2]), ("text", b"hello, this is no database of any kind")] {
        std::fs::write(&file, bad).unwrap();
        expect_damage(what);
        assert_eq!(std::fs::read(&file).unwrap().len(), bad.len(), "it was not replaced");
    }
    std::fs::remove_file(&file).unwrap();
    std::fs::write(dir.path().join("state.db-wal"), b"left").unwrap();
    expect_damage("gone");
    std::fs::remove_file(dir.path().join("state.db-wal")).unwrap();
    std::fs::write(&file, &good).unwrap();
    let (_, snapshot) = Store::open(dir.path(), Options::default()).unwrap();
    assert_eq!((snapshot.entries.len(), snapshot.revision), (300, 300));
}

#[tokio::test]
async fn a_row_that_vanished_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let file = dir.path().join("state.db");
    rusqlite::Connection::open(&file).unwrap().execute_batch("DELETE FROM log WHERE revision = 77").unwrap();
    let error = open_error(dir.path()).to_string();
    assert!(error.contains("is damaged: revision 78: revisions before it are missing;"), "{error}");
}

#[tokio::test]
async fn the_format_of_a_later_program_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let file = dir.path().join("state.db");
    rusqlite::Connection::open(&file).unwrap().execute_batch("PRAGMA user_version = 9").unwrap();
    let expected =
        format!("store file {} has format 9, this program knows format 1: open it with the program that wrote it", file.display());
    assert_eq!(open_error(dir.path()).to_string(), expected);
}

/// A file system of 4 MiB.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where we may not mount.
    fn mount() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(dir.path()).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_fails_writes_until_there_is_room() {
    let Some(disk) = SmallDisk::mount() else {
        // the engine's own test limits SQLite's pages instead and runs everywhere
        eprintln!("skipped: no right to mount a tmpfs");
        return;
    };
    let state = disk.0.path().join("state");
    let (store, seen, _) = start(&state);
    let value = "v".repeat(100_000);
    let mut acknowledged = Vec::new();
    let ballast = disk.0.path().join("ballast");
    std::fs::write(&ballast, vec![0; 2 << 20]).unwrap();
    let failure = loop {
        let key = format!("key-{}", acknowledged.len());
        match store.write(put(&key, &value, Expect::Absent)).await {
            Ok(revision) => acknowledged.push((key, revision)),
            Err(error) => break error,
        }
        assert!(acknowledged.len() < 100, "4 MiB do not hold 10 MB");
    };
    assert!(matches!(failure, WriteError::Disk(_)), "{failure}");
    for _ in 0..3 {
        assert!(matches!(store.write(put("other", &value, Expect::Absent)).await, Err(WriteError::Disk(_))));
    }
    assert_eq!(
        seen.revisions().last().copied(),
        acknowledged.last().map(|(_, revision)| *revision),
        "nothing was shown that is not durable"
    );
    std::fs::remove_file(&ballast).unwrap();
    let after = store.write(put("other", "small", Expect::Absent)).await.unwrap();
    assert_eq!(after, acknowledged.len() as u64 + 1, "failed writes take no revision");
    acknowledged.push(("other".to_owned(), after));
    store.close().await;
    let (store, _, snapshot) = start(&state);
    let mut found: Vec<_> = snapshot.entries.iter().map(|entry| (entry.key.to_string(), entry.revision)).collect();
    found.sort_by_key(|(_, revision)| *revision);
    assert_eq!(found, acknowledged);
    store.close().await;
}
