//! The other engine: etcd, for control planes of several servers. Every server reads all keys at its start and then follows them by one watch, so that each has the same state in memory; writes are
//! etcd transactions with the same expectations as the embedded engine's, and are answered when this server's own watch has brought them to the sink.
//!
//! Keys lie under one root (`/k/core/pods/default/web`), so that an etcd can hold other things besides. History is etcd's own: one of the servers compacts it, as upstream's API servers do.

mod connect;
mod follow;
mod write;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use etcd_client::Client;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

pub use connect::{EtcdOptions, EtcdTls};

use crate::live::Live;
use crate::{Progress, Request, Revision, Sink, Snapshot, Store};

/// Transactions that are under way at a time; what comes after them waits.
const IN_FLIGHT: u32 = 256;
/// History is told for at least this long, and at most for twice as long: upstream's `--etcd-compaction-interval`.
pub(crate) const COMPACTION_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// A connection, and what was read over it.
pub(crate) struct Connected {
    client: Client,
    root: Arc<str>,
    live: Live,
    queue: usize,
}

/// What the tasks of one engine share.
struct Engine {
    client: Client,
    root: Arc<str>,
    progress: Arc<Progress>,
    /// The newest revision that the sink has seen.
    seen: watch::Sender<Revision>,
    /// What waits for its answer is let go when the engine ends.
    closing: watch::Sender<bool>,
    /// Only the follower changes it.
    live: Mutex<Live>,
}

impl std::fmt::Debug for Connected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connected").field("root", &self.root).finish_non_exhaustive()
    }
}

/// Connects and reads everything.
pub(crate) async fn open(options: &EtcdOptions) -> Result<(Connected, Snapshot), crate::OpenError> {
    let client = connect::connect(options).await?;
    let root: Arc<str> = options.root.as_str().into();
    let mut live = Live::default();
    let listing = follow::list(&client, &root).await.map_err(|source| options.unreachable(source))?;
    for entry in &listing.entries {
        live.insert(entry);
    }
    live.advance_to(listing.revision);
    let snapshot = Snapshot { entries: listing.entries, history: Vec::new(), compacted: listing.revision, revision: listing.revision };
    Ok((Connected { client, root, live, queue: options.queue }, snapshot))
}

impl Connected {
    /// Starts the tasks; they run until the store is closed or its last handle is gone.
    pub(crate) fn start(self, sink: Box<dyn Sink>) -> Store {
        let revision = self.live.revision();
        let progress = Arc::new(Progress::default());
        progress.revision.store(revision, Ordering::Release);
        progress.compacted.store(revision, Ordering::Release);
        let (requests, receiver) = mpsc::channel(self.queue.max(1));
        let engine = Arc::new(Engine {
            client: self.client,
            root: self.root,
            progress: progress.clone(),
            seen: watch::Sender::new(revision),
            closing: watch::Sender::new(false),
            live: Mutex::new(self.live),
        });
        tokio::spawn(engine.clone().until_closed(follow::run(engine.clone(), sink)));
        tokio::spawn(engine.clone().until_closed(follow::compact(engine.clone())));
        tokio::spawn(engine.run(receiver));
        Store { requests, progress }
    }
}

impl Engine {
    /// Works on requests, many at a time: etcd orders them.
    async fn run(self: Arc<Self>, mut requests: mpsc::Receiver<Request>) {
        let room = Arc::new(Semaphore::new(IN_FLIGHT as usize));
        let mut closing: Option<oneshot::Sender<()>> = None;
        while let Some(request) = requests.recv().await {
            match request {
                Request::Write { writes, mut reply } => {
                    let Ok(place) = room.clone().acquire_owned().await else { break };
                    let engine = self.clone();
                    tokio::spawn(async move {
                        let _place = place;
                        let answer = engine.write(writes).await;
                        // the writer goes on when it can see what it wrote; one that has gone away does not wait
                        if let Ok(revision) = &answer {
                            tokio::select! {
                                () = engine.has_seen(*revision) => {}
                                () = reply.closed() => {}
                            }
                        }
                        let _ = reply.send(answer);
                    });
                }
                Request::Close { reply } => {
                    closing = Some(reply);
                    break;
                }
            }
        }
        drop(requests);
        // those under way are finished first
        let finished = room.acquire_many(IN_FLIGHT).await;
        self.closing.send_replace(true);
        drop(finished);
        if let Some(reply) = closing {
            let _ = reply.send(());
        }
    }

    async fn has_seen(&self, revision: Revision) {
        let mut seen = self.seen.subscribe();
        // the sender lives as long as we do
        let _ = seen.wait_for(|seen| *seen >= revision).await;
    }

    async fn until_closed(self: Arc<Self>, work: impl Future<Output = ()>) {
        let mut closing = self.closing.subscribe();
        tokio::select! {
            () = work => {}
            _ = closing.wait_for(|closing| *closing) => {}
        }
    }

    fn live(&self) -> std::sync::MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of ours behind a key of etcd's.
    fn own_key<'a>(&self, key: &'a [u8]) -> Option<&'a str> {
        std::str::from_utf8(key).ok()?.strip_prefix(&*self.root)
    }
}
