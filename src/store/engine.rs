//! The thread that owns the store. It takes what has queued up, decides each write in order against memory, makes the group durable with one commit, shows it to the sink, then answers the writers.
//!
//! A commit that fails takes the whole group back, also the answers that were only decided against it, and the thread goes on: when the disk recovers, so do the writes. While nothing is written the
//! thread sleeps on its queue; there is no timer.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{mpsc, oneshot};

use crate::history::History;
use crate::live::Live;
use crate::log::Log;
use crate::{Event, Progress, Request, Revision, Sink, Write, WriteError};

/// Requests in one commit at most.
const GROUP_REQUESTS: usize = 512;
/// A group takes no further request once its values have this many bytes.
const GROUP_BYTES: usize = 4 << 20;

pub(crate) struct Engine {
    log: Log,
    live: Live,
    history: History,
    sink: Box<dyn Sink>,
    progress: Arc<Progress>,
    /// Whether the last commit failed: told once, not for every write.
    failing: bool,
    /// Held, not read: the directory is ours as long as this is open.
    _lock: File,
}

/// What is decided together: the events of one commit and the answers that wait for it.
#[derive(Default)]
struct Group {
    events: Vec<Event>,
    answers: Vec<(Reply, Result<Revision, WriteError>)>,
    bytes: usize,
    closing: Option<oneshot::Sender<()>>,
}

type Reply = oneshot::Sender<Result<Revision, WriteError>>;

impl Engine {
    pub(crate) fn new(log: Log, live: Live, history: History, sink: Box<dyn Sink>, progress: Arc<Progress>, lock: File) -> Self {
        progress.revision.store(live.revision(), Ordering::Release);
        progress.compacted.store(history.compacted(), Ordering::Release);
        Self { log, live, history, sink, progress, failing: false, _lock: lock }
    }

    /// Runs until it is told to close or the last handle is gone.
    pub(crate) fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut closing = None;
        let mut shared = false;
        while let Some(first) = requests.blocking_recv() {
            if shared {
                // many write at once: where processors are short, whoever is about to write comes into this group; where they are not, this is nothing
                std::thread::yield_now();
            }
            let mut group = Group::default();
            let mut next = Some(first);
            while let Some(request) = next {
                self.decide(request, &mut group);
                if group.answers.len() >= GROUP_REQUESTS || group.bytes >= GROUP_BYTES || group.closing.is_some() {
                    break;
                }
                next = requests.try_recv().ok();
            }
            closing = group.closing.take();
            shared = group.answers.len() > 1;
            self.finish(group);
            if closing.is_some() {
                break;
            }
        }
        // dropping the queue answers whoever is still in it: closed
        drop(requests);
        let Self { log, _lock: lock, .. } = self;
        if let Err(error) = log.close() {
            tracing::warn!(%error, "the store's write-ahead log could not be folded into its file; the next start does it");
        }
        drop(lock);
        if let Some(reply) = closing {
            // whoever asked may have gone
            let _ = reply.send(());
        }
    }

    fn decide(&mut self, request: Request, group: &mut Group) {
        match request {
            Request::Write { writes, reply } => {
                group.bytes += writes.iter().map(size).sum::<usize>();
                let answer = self.live.apply_all(writes, &mut group.events);
                group.answers.push((reply, answer));
            }
            Request::Close { reply } => group.closing = Some(reply),
        }
    }

    fn finish(&mut self, group: Group) {
        let committed = if group.events.is_empty() { Ok(()) } else { self.commit(&group.events) };
        for (reply, answer) in group.answers {
            // a writer that has gone away does not want to know
            let _ = reply.send(match &committed {
                Ok(()) => answer,
                Err(error) => Err(WriteError::Disk(error.clone())),
            });
        }
    }

    /// Makes the events durable and shows them, or takes them back.
    fn commit(&mut self, events: &[Event]) -> Result<(), String> {
        let compaction = self.history.plan(events.len(), self.live.bytes());
        if let Err(error) = self.log.commit(events, compaction.as_ref()) {
            self.live.undo(events);
            if !self.failing {
                tracing::error!(%error, "the store cannot write to disk; writes fail until it can");
            }
            self.failing = true;
            return Err(error.to_string());
        }
        if std::mem::take(&mut self.failing) {
            tracing::info!("the store can write to disk again");
        }
        if let Some(compaction) = &compaction {
            self.history.compact(compaction);
        }
        for event in events {
            self.history.push(event);
        }
        self.sink.apply(events);
        self.progress.compacted.store(self.history.compacted(), Ordering::Release);
        self.progress.revision.store(self.live.revision(), Ordering::Release);
        Ok(())
    }
}

fn size(write: &Write) -> usize {
    match write {
        Write::Put { value, .. } => value.len(),
        Write::Delete { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Expect, Options};
    use bytes::Bytes;
    use std::path::Path;
    use std::sync::Mutex;

    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<Vec<Revision>>>);

    impl Sink for Seen {
        fn apply(&mut self, events: &[Event]) {
            self.0.lock().unwrap().extend(events.iter().map(|event| event.revision));
        }
    }

    fn engine(dir: &Path, seen: &Seen) -> Engine {
        let (opened, _) = crate::open::open(dir, Options::default()).unwrap();
        let (log, loaded, lock) = opened.into_parts();
        Engine::new(log, loaded.live, loaded.history, Box::new(seen.clone()), Arc::default(), lock)
    }

    fn put(key: &str, bytes: usize, expect: Expect) -> Write {
        Write::Put { key: key.into(), value: Bytes::from(vec![7; bytes]), expect }
    }

    /// Decides the writes as one group and returns their answers.
    fn group(engine: &mut Engine, writes: Vec<Write>) -> Vec<String> {
        let mut group = Group::default();
        let mut answers = Vec::new();
        for write in writes {
            let (reply, answer) = oneshot::channel();
            engine.decide(Request::Write { writes: vec![write], reply }, &mut group);
            answers.push(answer);
        }
        engine.finish(group);
        answers
            .into_iter()
            .map(|mut answer| answer.try_recv().unwrap().map_or_else(|error| error.to_string(), |revision| revision.to_string()))
            .collect()
    }

    #[test]
    fn a_commit_that_fails_leaves_nothing_behind() {
        let (dir, seen) = (tempfile::tempdir().unwrap(), Seen::default());
        let mut engine = engine(dir.path(), &seen);
        assert_eq!(group(&mut engine, vec![put("a", 10, Expect::Absent)]), ["1"]);
        engine.log.limit_pages(Some(1));
        let full = "write to disk failed: database or disk is full";
        // the second answer was decided against the first write, which did not happen: it must not say that the key exists
        let writes = vec![put("big", 1 << 20, Expect::Absent), put("big", 10, Expect::Absent), put("a", 10, Expect::At(7))];
        assert_eq!(group(&mut engine, writes), [full, full, full]);
        // reads of what is known need no disk
        assert_eq!(group(&mut engine, vec![put("a", 10, Expect::At(7))]), ["key a was written at revision 1, not 7"]);
        assert_eq!((engine.live.revision(), engine.progress.revision.load(Ordering::Acquire)), (1, 1));
        engine.log.limit_pages(None);
        assert_eq!(group(&mut engine, vec![put("big", 1 << 20, Expect::Absent), put("a", 10, Expect::At(1))]), ["2", "3"]);
        assert_eq!(*seen.0.lock().unwrap(), [1, 2, 3]);
    }
}
