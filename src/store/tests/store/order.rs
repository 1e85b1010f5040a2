//! Who sees what when: the sink before the writer, everyone in revision order, the next life after this one.

use std::collections::HashSet;

use store::{Expect, Options, Store, WriteError};

use crate::{delete, put, start, start_with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_is_answered_after_the_sink_has_seen_it() {
    let dir = tempfile::tempdir().unwrap();
    let (store, seen, _) = start(dir.path());
    let writers: Vec<_> = (0..16)
        .map(|writer| {
            let (store, seen) = (store.clone(), seen.clone());
            tokio::spawn(async move {
                let mut revisions = Vec::new();
                for turn in 0..50 {
                    let revision = store.write(put(&format!("{writer}/{turn}"), "value", Expect::Absent)).await.unwrap();
                    assert!(store.revision() >= revision);
                    let newest = seen.0.lock().unwrap().last().unwrap().revision;
                    assert!(newest >= revision, "answered {revision} when the sink was at {newest}");
                    revisions.push(revision);
                }
                assert!(revisions.is_sorted());
                revisions
            })
        })
        .collect();
    let mut revisions = HashSet::new();
    for writer in writers {
        revisions.extend(writer.await.unwrap());
    }
    assert_eq!(revisions.len(), 800, "every write has a revision of its own");
    assert_eq!(seen.revisions(), (1..=800).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_race_for_a_key_one_wins() {
    let dir = tempfile::tempdir().unwrap();
    let (store, ..) = start(dir.path());
    let first = store.write(put("key", "0", Expect::Absent)).await.unwrap();
    let writers: Vec<_> = (0..32)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move { store.write(put("key", &writer.to_string(), Expect::At(first))).await })
        })
        .collect();
    let (mut won, mut lost) = (0, 0);
    for writer in writers {
        match writer.await.unwrap() {
            Ok(2) => won += 1,
            Err(WriteError::Changed { expected: 1, actual: 2, .. }) => lost += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((won, lost), (1, 31));
}

#[tokio::test]
async fn events_carry_what_stood_there() {
    let dir = tempfile::tempdir().unwrap();
    let (store, seen, _) = start(dir.path());
    store.write(put("key", "one", Expect::Absent)).await.unwrap();
    store
        .write_all(vec![put("key", "two", Expect::At(1)), delete("key", Expect::At(2)), put("key", "four", Expect::Absent)])
        .await
        .unwrap();
    store.close().await;
    let events = seen.0.lock().unwrap().clone();
    let told: Vec<_> = events
        .iter()
        .map(|event| {
            let previous = event.previous.as_ref().map(|(revision, value)| (*revision, std::str::from_utf8(value).unwrap()));
            (event.revision, event.value.as_ref().map(|value| std::str::from_utf8(value).unwrap()), previous)
        })
        .collect();
    assert_eq!(told, [(1, Some("one"), None), (2, Some("two"), Some((1, "one"))), (3, None, Some((2, "two"))), (4, Some("four"), None)]);
    // the next life tells the same
    let (store, _, snapshot) = start(dir.path());
    assert_eq!((snapshot.history, snapshot.compacted, snapshot.revision), (events, 0, 4));
    assert_eq!(snapshot.entries.len(), 1);
    assert_eq!((snapshot.entries[0].revision, &*snapshot.entries[0].value), (4, &b"four"[..]));
    assert_eq!(store.revision(), 4);
}

#[tokio::test]
async fn the_counter_survives_the_deletion_of_everything() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { history_events: 0, ..Options::default() };
    let (store, ..) = start_with(dir.path(), options.clone());
    for _ in 0..3 {
        let revision = store.write(put("key", "value", Expect::Absent)).await.unwrap();
        store.write(delete("key", Expect::At(revision))).await.unwrap();
    }
    // each commit compacts what the ones before it left
    assert_eq!((store.revision(), store.compacted()), (6, 5));
    store.close().await;
    let (store, _, snapshot) = start_with(dir.path(), options);
    assert_eq!((snapshot.revision, snapshot.compacted, snapshot.entries.len(), snapshot.history.len()), (6, 5, 0, 1));
    assert_eq!(store.write(put("key", "value", Expect::Absent)).await.unwrap(), 7);
}

#[tokio::test]
async fn a_closed_store_says_so_and_frees_its_directory() {
    let dir = tempfile::tempdir().unwrap();
    let (store, ..) = start(dir.path());
    let other = store.clone();
    store.write(put("key", "value", Expect::Absent)).await.unwrap();
    store.close().await;
    assert!(matches!(other.write(put("key2", "value", Expect::Absent)).await, Err(WriteError::Closed)));
    other.close().await;
    let (_, snapshot) = Store::open(dir.path(), Options::default()).unwrap();
    assert_eq!(snapshot.revision, 1);
}

#[tokio::test]
async fn a_value_beyond_the_bound_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (store, ..) = start(dir.path());
    let error = store.write(put("key", &"x".repeat(store::MAX_VALUE_BYTES + 1), Expect::Absent)).await.unwrap_err();
    assert_eq!(error.to_string(), "the value of key key has 8388609 bytes; at most 8388608 are stored");
    assert_eq!(store.write(put("key", &"x".repeat(store::MAX_VALUE_BYTES), Expect::Absent)).await.unwrap(), 1);
}
