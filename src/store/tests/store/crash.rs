//! A process that is killed: what it acknowledged is there, in order, and nothing else but what it may have been writing at that moment.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use store::{Expect, Options, Revision, Store};

use crate::{put, start_with};

/// Set for the process that is to be killed: where its store is.
const DIRECTORY: &str = "STORE_CRASH_DIRECTORY";
const ROUNDS: u32 = 40;
const WRITERS: usize = 8;
const KEYS: usize = 50;

fn options() -> Options {
    // so short that compaction is always under way
    Options { history_events: 200, ..Options::default() }
}

/// Not a test when run by itself: the process that writes until it is killed. Tells `key revision` after each acknowledgement, with the value being the one before.
#[test]
fn child() {
    let Ok(dir) = std::env::var(DIRECTORY) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let (store, _, snapshot) = start_with(Path::new(&dir), options());
        let known: BTreeMap<String, Revision> = snapshot.entries.iter().map(|entry| (entry.key.to_string(), entry.revision)).collect();
        let mut writers = Vec::new();
        for writer in 0..WRITERS {
            let (store, mut known) = (store.clone(), known.clone());
            writers.push(tokio::spawn(async move {
                for turn in 0.. {
                    let key = format!("{writer}/{}", turn % KEYS);
                    let before = known.get(&key).copied();
                    let expect = before.map_or(Expect::Absent, Expect::At);
                    let revision =
                        store.write(put(&key, &format!("{} {}", before.unwrap_or(0), "x".repeat(turn % 3000)), expect)).await.unwrap();
                    known.insert(key.clone(), revision);
                    // one write call, so that a line is never torn
                    std::io::stdout().lock().write_all(format!("acknowledged {key} {revision}\n").as_bytes()).unwrap();
                }
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
    });
}

/// Runs the child until it has told at least one thing and `lifetime` has passed, kills it, and returns what it acknowledged.
fn run_and_kill(dir: &Path, lifetime: Duration) -> Vec<(String, Revision)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut acknowledged = Vec::new();
    // the first line has the test's name in front
    let parse = |line: String| {
        let (key, revision) = line.split_once("acknowledged ")?.1.split_once(' ')?;
        Some((key.to_owned(), revision.parse().unwrap()))
    };
    let mut first = None;
    for line in lines.by_ref() {
        acknowledged.extend(parse(line));
        if !acknowledged.is_empty() && first.get_or_insert_with(Instant::now).elapsed() >= lifetime {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    acknowledged.extend(lines.filter_map(parse));
    acknowledged
}

#[test]
fn acknowledged_writes_survive_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let mut newest: BTreeMap<String, Revision> = BTreeMap::new();
    let (mut last_revision, mut total, mut compacted) = (0, 0, 0);
    for round in 0..ROUNDS {
        // 0 to 40 ms, spread over the rounds without a pattern
        let lifetime = Duration::from_micros(u64::from(round) * 26_177 % 40_000);
        let acknowledged = run_and_kill(dir.path(), lifetime);
        assert!(!acknowledged.is_empty(), "round {round} wrote nothing");
        total += acknowledged.len();
        for (key, revision) in acknowledged {
            assert!(revision > last_revision, "revision {revision} was given twice");
            let known = newest.entry(key).or_default();
            *known = revision.max(*known);
        }
        let (opened, snapshot) = Store::open(dir.path(), options()).unwrap();
        drop(opened);
        let found: BTreeMap<&str, &store::Entry> = snapshot.entries.iter().map(|entry| (&*entry.key, entry)).collect();
        for (key, revision) in &newest {
            let entry = found.get(key.as_str()).unwrap_or_else(|| panic!("round {round}: {key} is gone"));
            assert!(entry.revision >= *revision, "round {round}: {key} was acknowledged at {revision} and stands at {}", entry.revision);
        }
        // a write that nobody heard of may be there, one a writer at most; from here on it counts
        let unheard = found.values().filter(|entry| newest.get(&*entry.key) != Some(&entry.revision)).count();
        assert!(unheard <= WRITERS, "round {round}: {unheard} writes that were never told");
        newest = found.values().map(|entry| (entry.key.to_string(), entry.revision)).collect();
        // each value names the revision it replaced
        for event in &snapshot.history {
            let value = event.value.as_ref().unwrap();
            let told: Revision = std::str::from_utf8(value).unwrap().split_once(' ').unwrap().0.parse().unwrap();
            assert_eq!(told, event.previous.as_ref().map_or(0, |(revision, _)| *revision));
        }
        last_revision = snapshot.revision;
        compacted = snapshot.compacted;
    }
    assert!(compacted > 0 && total > 1000, "{total} writes, compacted through {compacted}: the test did not do what it is for");
}
