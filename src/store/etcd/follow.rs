//! Following etcd: the listing at the start, the watch after it, a new listing where the watch has lost what it needs, and the compaction of etcd's history.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use etcd_client::{Client, Compare, CompareOp, EventType, GetOptions, Txn, TxnOp, TxnOpResponse, WatchOptions, WatchResponse};

use super::{COMPACTION_INTERVAL, Engine};
use crate::{Entry, Event, Revision, Sink};

/// Keys of one answer of a listing: a gRPC message has a bound.
const PAGE: i64 = 500;
/// Between attempts to reach an etcd that does not answer: at first, and at most.
const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_MOST: Duration = Duration::from_secs(5);

/// Everything under the root at one revision.
pub(super) struct Listing {
    pub entries: Vec<Entry>,
    pub revision: Revision,
}

pub(super) async fn list(client: &Client, root: &str) -> Result<Listing, etcd_client::Error> {
    let mut listing = Listing { entries: Vec::new(), revision: 0 };
    let end = after_prefix(root);
    let mut from = format!("{root}/").into_bytes();
    loop {
        let mut options = GetOptions::new().with_range(end.clone()).with_limit(PAGE);
        if listing.revision > 0 {
            options = options.with_revision(i64::try_from(listing.revision).unwrap_or(i64::MAX));
        }
        let mut answer = client.kv_client().get(from.clone(), Some(options)).await?;
        if listing.revision == 0 {
            listing.revision = answer.header().map_or(0, |header| header.revision().unsigned_abs());
        }
        let more = answer.more();
        for entry in answer.take_kvs() {
            let revision = entry.mod_revision().unsigned_abs();
            let (key, value) = entry.into_key_value();
            from.clone_from(&key);
            from.push(0);
            match std::str::from_utf8(&key).ok().and_then(|key| key.strip_prefix(root)) {
                Some(key) => listing.entries.push(Entry { key: key.into(), value: Bytes::from(value), revision }),
                None => tracing::warn!(key = %String::from_utf8_lossy(&key), "a key in etcd that is none of ours is left alone"),
            }
        }
        if !more {
            return Ok(listing);
        }
    }
}

/// The first key after all those that begin with `root/`.
fn after_prefix(root: &str) -> Vec<u8> {
    let mut end = format!("{root}/").into_bytes();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    end
}

/// Why a watch ended.
enum Lost {
    /// The events after our revision are gone.
    Compacted,
    /// The connection or the member.
    Connection(String),
}

/// Brings every event to the sink, in order, once; for ever.
pub(super) async fn run(engine: Arc<Engine>, mut sink: Box<dyn Sink>) {
    let mut pause = RETRY_FIRST;
    loop {
        let before = engine.progress.revision.load(Ordering::Acquire);
        let lost = match watch(&engine, sink.as_mut()).await {
            Ok(()) => Lost::Connection("the stream ended".to_owned()),
            Err(lost) => lost,
        };
        match lost {
            Lost::Compacted => match list(&engine.client, &engine.root).await {
                Ok(listing) => {
                    tracing::info!(revision = listing.revision, "the watch on etcd fell behind its history; all keys have been read again");
                    catch_up(&engine, sink.as_mut(), listing);
                    continue;
                }
                Err(error) => tracing::warn!(%error, "reading all keys of etcd failed; trying again"),
            },
            Lost::Connection(error) => tracing::warn!(error, "the watch on etcd was lost; trying again"),
        }
        pause = if engine.progress.revision.load(Ordering::Acquire) > before { RETRY_FIRST } else { (pause * 2).min(RETRY_MOST) };
        tokio::time::sleep(pause).await;
    }
}

async fn watch(engine: &Engine, sink: &mut dyn Sink) -> Result<(), Lost> {
    let connection = |error: etcd_client::Error| Lost::Connection(error.to_string());
    let next = engine.progress.revision.load(Ordering::Acquire) + 1;
    let options = WatchOptions::new()
        .with_range(after_prefix(&engine.root))
        .with_start_revision(i64::try_from(next).unwrap_or(i64::MAX))
        .with_progress_notify();
    let mut stream = engine.client.watch_client().watch(format!("{}/", engine.root), Some(options)).await.map_err(connection)?;
    while let Some(response) = stream.message().await.map_err(connection)? {
        if response.compact_revision() > 0 {
            return Err(Lost::Compacted);
        }
        if response.canceled() {
            return Err(Lost::Connection(response.cancel_reason().to_owned()));
        }
        take(engine, sink, &response);
    }
    Ok(())
}

/// What one answer of the watch tells; one without events tells how far etcd is.
fn take(engine: &Engine, sink: &mut dyn Sink, response: &WatchResponse) {
    let reached = response.header().map_or(0, |header| header.revision().unsigned_abs());
    let created = response.created();
    let mut events = Vec::new();
    {
        let mut live = engine.live();
        for event in response.events() {
            let Some(entry) = event.kv() else { continue };
            let Some(key) = engine.own_key(entry.key()) else { continue };
            let value = (event.event_type() != EventType::Delete).then(|| Bytes::copy_from_slice(entry.value()));
            events.extend(live.observe(key, entry.mod_revision().unsigned_abs(), value));
        }
    }
    // The answer that opens a watch carries etcd's newest revision before the events up to it have come.
    let reached = match events.last() {
        Some(event) => event.revision,
        None if created => return,
        None => reached,
    };
    show(engine, sink, &events, reached);
}

/// The difference between what is known and a new listing, as events.
fn catch_up(engine: &Engine, sink: &mut dyn Sink, listing: Listing) {
    let mut events = Vec::new();
    {
        let mut live = engine.live();
        let there: HashSet<&str> = listing.entries.iter().map(|entry| &*entry.key).collect();
        let gone: Vec<Arc<str>> = live.keys().filter(|key| !there.contains(&***key)).cloned().collect();
        for entry in &listing.entries {
            if live.revision_of(&entry.key) != Some(entry.revision) {
                events.extend(live.observe(&entry.key, entry.revision, Some(entry.value.clone())));
            }
        }
        // When each of them went is no longer known: by now.
        for key in gone {
            events.extend(live.observe(&key, listing.revision, None));
        }
    }
    events.sort_by_key(|event| event.revision);
    engine.progress.compacted.store(listing.revision, Ordering::Release);
    show(engine, sink, &events, listing.revision);
}

fn show(engine: &Engine, sink: &mut dyn Sink, events: &[Event], reached: Revision) {
    if !events.is_empty() {
        sink.apply(events);
    }
    engine.progress.revision.fetch_max(reached, Ordering::AcqRel);
    engine.seen.send_if_modified(|seen| {
        let newer = reached > *seen;
        *seen = reached.max(*seen);
        newer
    });
}

/// Compacts etcd's history now and then. All servers try, whoever was first in an interval does it: the key counts the intervals.
pub(super) async fn compact(engine: Arc<Engine>) {
    let key = format!("{}-compaction", engine.root);
    let (mut version, mut revision) = (0, 0);
    loop {
        tokio::time::sleep(COMPACTION_INTERVAL).await;
        let next = engine.progress.revision.load(Ordering::Acquire);
        match compact_once(&engine, &key, version, next).await {
            Ok(Round::Won) => {
                version += 1;
                let through = std::mem::replace(&mut revision, next);
                if through > 0
                    && let Err(error) = engine.client.kv_client().compact(i64::try_from(through).unwrap_or(i64::MAX), None).await
                {
                    tracing::warn!(%error, through, "etcd's history could not be compacted");
                }
            }
            Ok(Round::Lost { version: newer, revision: theirs }) => (version, revision) = (newer, theirs),
            Err(error) => tracing::warn!(%error, "etcd's history could not be compacted"),
        }
    }
}

enum Round {
    Won,
    /// Another server did it; where the key stands now, and the revision that the next round compacts through.
    Lost {
        version: i64,
        revision: Revision,
    },
}

async fn compact_once(engine: &Engine, key: &str, version: i64, revision: Revision) -> Result<Round, etcd_client::Error> {
    let transaction = Txn::new()
        .when([Compare::version(key, CompareOp::Equal, version)])
        .and_then([TxnOp::put(key, revision.to_string(), None)])
        .or_else([TxnOp::get(key, None)]);
    let answer = engine.client.kv_client().txn(transaction).await?;
    if answer.succeeded() {
        return Ok(Round::Won);
    }
    let found = answer.op_responses().into_iter().find_map(|response| match response {
        TxnOpResponse::Get(found) => {
            found.kvs().first().map(|entry| (entry.version(), entry.value_str().ok().and_then(|text| text.parse().ok())))
        }
        _ => None,
    });
    let (version, revision) = found.unwrap_or_default();
    Ok(Round::Lost { version, revision: revision.unwrap_or_default() })
}
