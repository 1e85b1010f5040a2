//! Watch: events of one resource from a revision on, read from its ring at the reader's own pace.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use api::{ApiError, FieldError, Path};
use bytes::Bytes;
use kinds::Storage;
use store::Revision;
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use super::{Endpoint, Registry};
use crate::cache::{self, Cache, Item, Position, Pull};
use crate::request::Query;
use crate::select::Selection;

/// Events looked at in one go, so that neither a lock nor a chunk gets long.
const BATCH: usize = 128;
/// A watcher that asked for bookmarks gets a last one so long before its end, so that its next watch starts where this one stood.
const LAST_BOOKMARK: Duration = Duration::from_secs(2);
/// How often a watcher that asked for bookmarks hears of revisions that brought it nothing.
const BOOKMARK_EVERY: Duration = Duration::from_secs(60);
/// A watch lasts this long, and up to as much again, where the client names no end.
const LASTS: Duration = Duration::from_secs(1800);

/// Parameters of a watch.
#[derive(Clone, Debug)]
pub struct WatchOptions {
    pub selection: Selection,
    pub revision: Option<Revision>,
    pub bookmarks: bool,
    /// Begin with the objects that are there, then a bookmark that says so.
    pub initial_events: Option<bool>,
    pub lasts: Duration,
}

impl WatchOptions {
    pub fn parse(query: &Query, kind: &kinds::Kind) -> Result<Self, ApiError> {
        let mut errors = Vec::new();
        let initial_events = query.filled("sendInitialEvents").map(|value| value == "true" || value == "1");
        let matching = query.filled("resourceVersionMatch");
        let path = Path::new("resourceVersionMatch");
        if initial_events.is_some() && matching != Some("NotOlderThan") {
            errors.push(FieldError::forbidden(&path, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        }
        if let Some(matching) = matching {
            if initial_events.is_none() {
                let detail = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
                errors.push(FieldError::forbidden(&path, detail));
            }
            if matching != "NotOlderThan" {
                errors.push(FieldError::not_supported(&path, matching, &["NotOlderThan"]));
            }
            if query.filled("continue").is_some() {
                errors.push(FieldError::forbidden(&path, "resourceVersionMatch is forbidden when continue is provided"));
            }
        }
        if !errors.is_empty() {
            return Err(ApiError::invalid("meta.k8s.io", "ListOptions", "", &errors));
        }
        let revision = match query.filled("resourceVersion") {
            None => None,
            Some(text) => Some(text.parse::<Revision>().map_err(|_| super::list::invalid_revision(text))?),
        };
        let bookmarks = query.flag("allowWatchBookmarks");
        let seconds = query.number("timeoutSeconds")?.and_then(|seconds| u64::try_from(seconds).ok()).filter(|seconds| *seconds > 0);
        let spread = u64::from(uuid::Uuid::new_v4().as_bytes()[0]) * LASTS.as_secs() / 256;
        let lasts = seconds.map_or(LASTS + Duration::from_secs(spread), Duration::from_secs);
        Ok(Self { selection: Selection::parse(query, kind)?, revision, bookmarks, initial_events, lasts })
    }
}

/// What a watcher is told.
pub enum Notice {
    /// An event as it happened: its frame can be shared with the other watchers.
    Event(Arc<cache::Event>),
    /// An object that appears or disappears for this watcher only.
    Changed(cache::Change, Arc<Item>),
    /// Nothing up to this revision; `true` at the end of the initial events.
    Bookmark(Revision, bool),
    /// The last word.
    Failed(ApiError),
}

/// One watcher.
pub struct Watch {
    endpoint: Endpoint,
    cache: Arc<Cache>,
    changed: Receiver<Revision>,
    namespace: String,
    selection: Selection,
    initial: VecDeque<Arc<Item>>,
    /// The bookmark that ends the initial events is still due.
    announce: Option<Revision>,
    position: Option<Position>,
    /// Events up to here are not this watcher's: it has named a revision that may not have been reached yet.
    from: Revision,
    /// Events up to here have been looked at.
    seen: Revision,
    bookmarks: bool,
    next_bookmark: Instant,
    ends: Instant,
    failure: Option<ApiError>,
}

impl Registry {
    /// Starts watching a namespace, or all where it is empty.
    pub async fn watch(&self, endpoint: &Endpoint, namespace: &str, options: WatchOptions) -> Result<Watch, ApiError> {
        if endpoint.kind.storage == Storage::Virtual {
            return Err(ApiError::method_not_allowed());
        }
        let changed = endpoint.resource.subscribe();
        let now = Instant::now();
        let mut watch = Watch {
            changed,
            cache: self.cache.clone(),
            namespace: namespace.to_owned(),
            selection: options.selection,
            initial: VecDeque::new(),
            announce: None,
            position: None,
            seen: 0,
            bookmarks: options.bookmarks,
            from: 0,
            next_bookmark: next_bookmark(now, now + options.lasts),
            ends: now + options.lasts,
            failure: None,
            endpoint: endpoint.clone(),
        };
        let fresh = options.revision.unwrap_or_default();
        if options.initial_events == Some(true) && fresh > 0 && !self.cache.wait_for(fresh, Duration::from_secs(3)).await {
            return Err(super::list::too_large(fresh, self.cache.revision()));
        }
        let with_state = options.initial_events.unwrap_or(fresh == 0);
        let start = if with_state || fresh == 0 {
            let (mut items, revision) = endpoint.resource.list(namespace, || self.cache.revision());
            if with_state {
                if watch.selects_shown() {
                    items = endpoint.show_all(items).await?;
                }
                watch.initial = items.into_iter().filter(|item| watch.selection.matches(item)).collect();
                watch.announce = (options.initial_events == Some(true) && options.bookmarks).then_some(revision);
            }
            revision
        } else {
            fresh
        };
        (watch.seen, watch.from) = (start, start);
        match endpoint.resource.position(start) {
            Ok(position) => watch.position = Some(position),
            Err(old) => watch.failure = Some(ApiError::expired(format!("too old resource version: {start} ({})", old.oldest))),
        }
        Ok(watch)
    }
}

impl Watch {
    /// The next notices; none means that the watch is over.
    pub async fn next(&mut self) -> Vec<Notice> {
        if let Some(failure) = self.failure.take() {
            return vec![Notice::Failed(failure)];
        }
        if !self.initial.is_empty() {
            let some = self.initial.len().min(BATCH);
            return self.initial.drain(..some).map(|item| Notice::Changed(cache::Change::Added, item)).collect();
        }
        if let Some(revision) = self.announce.take() {
            return vec![Notice::Bookmark(revision, true)];
        }
        loop {
            let Some(position) = self.position else { return Vec::new() };
            // before the ring is read: what came before the end is told
            let retired = self.endpoint.retired.is_cancelled();
            self.changed.borrow_and_update();
            // before the ring is read: whatever is at or before it is then in the ring
            let global = self.cache.revision();
            let Pull::Events(events, next) = self.endpoint.resource.pull(position, BATCH) else { return Vec::new() };
            self.position = Some(next);
            let drained = events.len() < BATCH;
            if let Some(last) = events.last() {
                self.seen = self.seen.max(last.revision);
            }
            let mut notices = Vec::with_capacity(events.len());
            for event in events {
                match self.notice(event).await {
                    Ok(notice) => notices.extend(notice),
                    Err(error) => {
                        notices.push(Notice::Failed(error));
                        break;
                    }
                }
            }
            if !notices.is_empty() {
                return notices;
            }
            if !drained {
                continue;
            }
            if retired {
                return Vec::new();
            }
            self.seen = self.seen.max(global);
            tokio::select! {
                changed = self.changed.changed() => if changed.is_err() { return Vec::new() },
                () = self.endpoint.retired.cancelled() => {}
                () = tokio::time::sleep_until(self.next_bookmark), if self.bookmarks => {
                    self.next_bookmark = next_bookmark(Instant::now(), self.ends);
                    return vec![Notice::Bookmark(self.seen, false)];
                }
                () = tokio::time::sleep_until(self.ends) => return Vec::new(),
            }
        }
    }

    /// What an event is to this watcher: one that enters or leaves its selection appears or disappears.
    async fn notice(&self, event: Arc<cache::Event>) -> Result<Option<Notice>, ApiError> {
        if event.revision <= self.from || (!self.namespace.is_empty() && event.item.namespace() != self.namespace) {
            return Ok(None);
        }
        if self.selection.is_empty() {
            return Ok(Some(Notice::Event(event)));
        }
        let before = match &event.previous {
            Some(item) => self.matches(item).await?,
            None => false,
        };
        let after = event.change != cache::Change::Deleted && self.matches(&event.item).await?;
        let same = match event.change {
            cache::Change::Added => after,
            cache::Change::Modified => before && after,
            cache::Change::Deleted => before,
        };
        if same {
            return Ok(Some(Notice::Event(event)));
        }
        Ok(match (before, after) {
            (false, true) => Some(Notice::Changed(cache::Change::Added, event.item.clone())),
            // the last state that matched, at the revision at which it left
            (true, false) => {
                event.previous.as_ref().map(|item| Notice::Changed(cache::Change::Deleted, Arc::new(item.at_revision(event.revision))))
            }
            _ => None,
        })
    }
    async fn matches(&self, item: &Arc<Item>) -> Result<bool, ApiError> {
        Ok(if self.selects_shown() { self.selection.matches(&*self.endpoint.show(item).await?) } else { self.selection.matches(item) })
    }
    fn selects_shown(&self) -> bool {
        self.endpoint.selects_shown() && self.selection.reads_fields()
    }
}

/// When the next bookmark is due: after a while, and once more shortly before the end.
fn next_bookmark(now: Instant, ends: Instant) -> Instant {
    let last = ends.checked_sub(LAST_BOOKMARK).filter(|last| *last > now);
    last.map_or(now + BOOKMARK_EVERY, |last| last.min(now + BOOKMARK_EVERY))
}

/// What a change is called in a watch.
pub fn event_name(change: cache::Change) -> &'static str {
    match change {
        cache::Change::Added => "ADDED",
        cache::Change::Modified => "MODIFIED",
        cache::Change::Deleted => "DELETED",
    }
}

/// A line of a watch around an object that is appended, of about so many bytes.
pub fn frame_of(name: &str, bytes: usize, append: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut line = Vec::with_capacity(bytes + 40);
    line.extend_from_slice(b"{\"type\":\"");
    line.extend_from_slice(name.as_bytes());
    line.extend_from_slice(b"\",\"object\":");
    append(&mut line);
    line.extend_from_slice(b"}\n");
    line.into()
}
