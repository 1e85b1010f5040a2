//! Durable compare-and-set writes of 700-byte values over 5,000 keys, by 1, 16 and 128 writers at once: writes a second, latency of one, size of the files and of this process.
//!
//! `cargo bench -p store` prints a table. It measures the disk under the temporary directory (`TMPDIR`): on a tmpfs the figures mean nothing.
#![expect(clippy::print_stdout, reason = "printing figures is what a benchmark is for")]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use store::{Event, Expect, Options, Revision, Sink, Store, Write};

const KEYS: usize = 5_000;
const VALUE_BYTES: usize = 700;
const SECONDS_EACH: u64 = 3;

struct Nobody;

impl Sink for Nobody {
    fn apply(&mut self, _: &[Event]) {}
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads can be started");
    println!("{:>7} {:>10} {:>9} {:>9} {:>9} {:>9}", "writers", "writes/s", "p50 us", "p99 us", "disk KiB", "rss KiB");
    for writers in [1, 16, 128] {
        let dir = tempfile::tempdir().expect("a temporary directory");
        runtime.block_on(measure(dir.path(), writers));
    }
}

async fn measure(dir: &Path, writers: usize) {
    let (opened, _) = Store::open(dir, Options::default()).expect("a new store opens");
    let store = opened.start(Box::new(Nobody)).expect("it starts");
    let creations = (0..KEYS).map(|number| Write::Put { key: key(number), value: value(0), expect: Expect::Absent });
    let last = store.write_all(creations.collect()).await.expect("the keys are created");
    let first = last + 1 - KEYS as Revision;
    let latencies = Arc::new(Mutex::new(Vec::new()));
    let started = Instant::now();
    let end = started + Duration::from_secs(SECONDS_EACH);
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let (store, latencies) = (store.clone(), latencies.clone());
            // every writer has keys of its own, so that each compare-and-set holds
            let mut mine: Vec<(Arc<str>, Revision)> =
                (writer..KEYS).step_by(writers).map(|number| (key(number), first + number as Revision)).collect();
            tokio::spawn(async move {
                let (mut took, mut turn) = (Vec::new(), 0);
                while Instant::now() < end {
                    // a stride, so that neighbours on disk are not written one after the other
                    let at = turn * 7919 % mine.len();
                    let (key, revision) = mine[at].clone();
                    let before = Instant::now();
                    mine[at].1 = store
                        .write(Write::Put { key, value: value(turn), expect: Expect::At(revision) })
                        .await
                        .expect("nobody else writes this key");
                    took.push(before.elapsed());
                    turn += 1;
                }
                latencies.lock().expect("nobody panics with it").extend(took);
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("the writer ends well");
    }
    let seconds = started.elapsed().as_secs_f64();
    let mut latencies = std::mem::take(&mut *latencies.lock().expect("nobody panics with it"));
    latencies.sort_unstable();
    let percentile = |percent: usize| latencies[(latencies.len() - 1) * percent / 100].as_micros();
    let rate = latencies.len() as f64 / seconds;
    println!("{writers:>7} {rate:>10.0} {:>9} {:>9} {:>9} {:>9}", percentile(50), percentile(99), disk_bytes(dir) / 1024, resident_kib());
    store.close().await;
}

fn key(number: usize) -> Arc<str> {
    format!("/registry/pods/namespace-{}/pod-{number}", number % 10).into()
}

fn value(turn: usize) -> Bytes {
    Bytes::from(vec![u8::try_from(turn % 251).unwrap_or_default(); VALUE_BYTES])
}

fn disk_bytes(dir: &Path) -> u64 {
    std::fs::read_dir(dir).into_iter().flatten().flatten().filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}
