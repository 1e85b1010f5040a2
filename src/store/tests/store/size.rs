//! The file stays small by itself, whatever is written.

use std::path::Path;

use bytes::Bytes;
use store::{Expect, Revision, Write};

use crate::start;

fn disk_bytes(dir: &Path) -> u64 {
    dir.read_dir().unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum()
}

const KEYS: u64 = 1_000;
const VALUE_BYTES: usize = 700;
const LIVE_BYTES: u64 = KEYS * (VALUE_BYTES as u64 + 10);

/// Updates the keys `turns` times in the order that `pick` gives, many to a commit, and looks at the size all along.
async fn check(turns: u64, pick: impl Fn(u64) -> u64) {
    let dir = tempfile::tempdir().unwrap();
    let (store, ..) = start(dir.path());
    let key = |number: u64| format!("key-{number:06}").into();
    let value = |turn: u64| Bytes::from(vec![u8::try_from(turn % 256).unwrap(); VALUE_BYTES]);
    let creations = (0..KEYS).map(|number| Write::Put { key: key(number), value: value(0), expect: Expect::Absent }).collect();
    store.write_all(creations).await.unwrap();
    let mut at: Vec<Revision> = (1..=KEYS).collect();
    let mut turn = 0;
    while turn < turns {
        let revision = store.revision();
        let mut writes = Vec::new();
        for index in 0..500 {
            let number = pick(turn);
            let place = &mut at[usize::try_from(number).unwrap()];
            writes.push(Write::Put { key: key(number), value: value(turn), expect: Expect::At(*place) });
            *place = revision + index + 1;
            turn += 1;
        }
        store.write_all(writes).await.unwrap();
        if turn % 10_000 == 0 {
            let bytes = disk_bytes(dir.path());
            assert!(bytes < 10 * LIVE_BYTES, "{bytes} bytes on disk for {LIVE_BYTES} alive after {turn} updates");
        }
    }
    assert_eq!(store.revision(), KEYS + turns);
    store.close().await;
    let (_, _, snapshot) = start(dir.path());
    assert_eq!(snapshot.entries.len() as u64, KEYS);
    assert!(snapshot.history.len() > 1_000, "watchers can resume: {}", snapshot.history.len());
    assert!(snapshot.entries.iter().all(|entry| at.contains(&entry.revision)));
}

#[tokio::test]
async fn a_million_updates_over_all_keys() {
    check(1_000_000, |turn| turn * 7919 % KEYS).await;
}

#[tokio::test]
async fn most_updates_to_few_keys() {
    // one in a hundred goes to the many: their rows lie far apart
    check(200_000, |turn| if turn % 100 == 0 { turn / 100 % KEYS } else { turn % 3 }).await;
}
