//! The store as its users see it: through `Store`, on a real directory.
#![allow(clippy::unwrap_used)]
#![expect(clippy::print_stderr, reason = "a test that has to be skipped says so")]

mod crash;
mod disk;
mod etcd;
mod model;
mod order;
mod size;

use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use store::{Event, Expect, Options, Revision, Sink, Snapshot, Store, Write};

/// A sink that keeps what it sees.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Event>>>);

impl Sink for Seen {
    fn apply(&mut self, events: &[Event]) {
        self.0.lock().unwrap().extend_from_slice(events);
    }
}

impl Seen {
    fn revisions(&self) -> Vec<Revision> {
        self.0.lock().unwrap().iter().map(|event| event.revision).collect()
    }
}

/// Opens and starts a store; also what it found.
fn start(dir: &Path) -> (Store, Seen, Snapshot) {
    start_with(dir, Options::default())
}

fn start_with(dir: &Path, options: Options) -> (Store, Seen, Snapshot) {
    let (opened, snapshot) = Store::open(dir, options).unwrap();
    let seen = Seen::default();
    (opened.start(Box::new(seen.clone())).unwrap(), seen, snapshot)
}

fn put(key: &str, value: &str, expect: Expect) -> Write {
    Write::Put { key: key.into(), value: Bytes::copy_from_slice(value.as_bytes()), expect }
}

fn delete(key: &str, expect: Expect) -> Write {
    Write::Delete { key: key.into(), expect }
}
