//! One resource in memory: an ordered map of its objects and a bounded ring of its last events. Each resource has a ring of its own, so that a busy one never
//! shortens the history of a quiet one.
//!
//! Watchers pull from the ring at their own pace; nothing is queued for each of them, so a slow one costs nothing and is cut when the ring has moved past it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use bytes::Bytes;
use store::Revision;
use tokio::sync::watch;

use super::item::Item;

/// Events kept for each resource.
const RING_EVENTS: usize = 4096;
/// Bytes of objects that the events of each resource may hold on to.
const RING_BYTES: usize = 16 << 20;
/// Events that are kept whatever their size.
const RING_AT_LEAST: usize = 64;
/// The newest events, whose lines are shared by the watchers.
const RING_FRAMES: usize = 64;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Added,
    Modified,
    Deleted,
}

/// One event of a resource.
pub struct Event {
    pub change: Change,
    pub revision: Revision,
    /// The object after the change; for a deletion, the last state at the revision of the deletion.
    pub item: Arc<Item>,
    pub previous: Option<Arc<Item>>,
    /// The line of a watch for this event as it is, made by the first watcher that needs it and shared by the rest.
    frame: Frame,
    /// The same in protobuf.
    protobuf_frame: Frame,
}

/// What watchers share of an event for as long as it is new. Those who come later make their own.
#[derive(Default)]
struct Frame(Mutex<Made>);

#[derive(Default)]
enum Made {
    #[default]
    NotYet,
    Shared(Bytes),
    /// The event is old.
    Forgotten,
}

impl Frame {
    fn get<E>(&self, make: impl FnOnce() -> Result<Bytes, E>) -> Result<Bytes, E> {
        let mut made = self.made();
        match &*made {
            Made::Shared(frame) => Ok(frame.clone()),
            Made::Forgotten => {
                drop(made);
                make()
            }
            Made::NotYet => {
                let frame = make()?;
                *made = Made::Shared(frame.clone());
                Ok(frame)
            }
        }
    }
    fn forget(&self) {
        *self.made() = Made::Forgotten;
    }
    fn made(&self) -> std::sync::MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Event {
    pub fn protobuf_frame<E>(&self, make: impl FnOnce() -> Result<Bytes, E>) -> Result<Bytes, E> {
        self.protobuf_frame.get(make)
    }
    pub fn frame(&self, make: impl FnOnce() -> Bytes) -> Bytes {
        let made: Result<Bytes, std::convert::Infallible> = self.frame.get(|| Ok(make()));
        made.unwrap_or_else(|never| match never {})
    }
}

#[derive(Default)]
struct State {
    items: BTreeMap<Arc<str>, Arc<Item>>,
    ring: VecDeque<Arc<Event>>,
    ring_bytes: usize,
    /// Number of events that have left the ring: the sequence number of its first.
    trimmed: u64,
    /// The newest revision whose event is gone: a watch from before it can not be served.
    floor: Revision,
    last: Revision,
}

/// Why a past state can not be shown.
#[derive(Debug, PartialEq, Eq)]
pub struct TooOld {
    /// The oldest revision that can be.
    pub oldest: Revision,
}

/// Where a watcher stands.
#[derive(Clone, Copy, Debug)]
pub struct Position(u64);

/// What a watcher gets when it asks for more.
pub enum Pull {
    Events(Vec<Arc<Event>>, Position),
    /// The ring has moved past the reader.
    Behind,
}

/// One resource: all objects of a group and plural.
pub struct Resource {
    prefix: Box<str>,
    state: RwLock<State>,
    changed: watch::Sender<Revision>,
}

impl Resource {
    pub fn new(prefix: &str, floor: Revision) -> Self {
        let state = State { floor, ..State::default() };
        Self { prefix: prefix.into(), state: RwLock::new(state), changed: watch::Sender::new(0) }
    }
    /// `/apps/deployments/`: what all its keys start with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
    pub fn key(&self, namespace: &str, name: &str) -> Arc<str> {
        if namespace.is_empty() { format!("{}{name}", self.prefix) } else { format!("{}{namespace}/{name}", self.prefix) }.into()
    }
    fn read(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
    fn write(&self) -> std::sync::RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn get(&self, key: &str) -> Option<Arc<Item>> {
        self.read().items.get(key).cloned()
    }
    /// The newest revision that changed it.
    pub fn last(&self) -> Revision {
        self.read().last
    }
    pub fn len(&self) -> usize {
        self.read().items.len()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// All the objects of a namespace (all of them where it is empty) in key order, and the revision that this state has; `global` is read under the lock.
    pub fn list(&self, namespace: &str, global: impl Fn() -> Revision) -> (Vec<Arc<Item>>, Revision) {
        let state = self.read();
        let revision = state.last.max(global());
        let items = if namespace.is_empty() {
            state.items.values().cloned().collect()
        } else {
            let (from, to) = self.bounds(namespace);
            state
                .items
                .range::<str, _>((std::ops::Bound::Included(from.as_str()), std::ops::Bound::Excluded(to.as_str())))
                .map(|(_, item)| item.clone())
                .collect()
        };
        (items, revision)
    }
    fn bounds(&self, namespace: &str) -> (String, String) {
        // '0' is the byte after '/'
        (format!("{}{namespace}/", self.prefix), format!("{}{namespace}0", self.prefix))
    }
    /// The objects as they were at a revision, by undoing the events after it.
    pub fn list_at(&self, namespace: &str, revision: Revision) -> Result<Vec<Arc<Item>>, TooOld> {
        let state = self.read();
        if revision < state.floor {
            return Err(TooOld { oldest: state.floor });
        }
        let from = state.ring.partition_point(|event| event.revision <= revision);
        let mut undo: HashMap<&str, Option<&Arc<Item>>> = HashMap::new();
        for event in state.ring.iter().skip(from) {
            undo.entry(event.item.key()).or_insert(event.previous.as_ref());
        }
        let (start, end) = if namespace.is_empty() { (self.prefix.to_string(), String::new()) } else { self.bounds(namespace) };
        let inside = |key: &str| key >= start.as_str() && (end.is_empty() || key < end.as_str());
        let mut items: Vec<Arc<Item>> =
            state.items.iter().filter(|(key, _)| inside(key) && !undo.contains_key(key.as_ref())).map(|(_, item)| item.clone()).collect();
        items.extend(undo.into_iter().filter(|(key, _)| inside(key)).filter_map(|(_, item)| item.cloned()));
        items.sort_by(|one, other| one.key().cmp(other.key()));
        Ok(items)
    }

    /// Puts an object there without an event: the state at start.
    pub(super) fn seed(&self, item: Arc<Item>) {
        let mut state = self.write();
        state.last = state.last.max(item.revision());
        state.items.insert(item.key().clone(), item);
    }
    /// Puts an event there without a change of state: history from before the start.
    pub(super) fn seed_event(&self, event: Event) {
        self.write().push(event);
    }
    /// What is there under this key, and the change that this event makes of it.
    pub(super) fn apply(&self, key: &str, revision: Revision, item: Option<Arc<Item>>) {
        let mut state = self.write();
        let previous = if item.is_some() { state.items.get(key).cloned() } else { state.items.remove(key) };
        let event = match (item, previous) {
            (Some(item), previous) => {
                state.items.insert(item.key().clone(), item.clone());
                let change = if previous.is_some() { Change::Modified } else { Change::Added };
                Event::new(change, revision, item, previous)
            }
            (None, Some(previous)) => Event::new(Change::Deleted, revision, Arc::new(previous.at_revision(revision)), Some(previous)),
            (None, None) => return,
        };
        state.push(event);
        drop(state);
        self.changed.send_replace(revision);
    }

    /// Where a watch from a revision starts: it gets the events after it.
    pub fn position(&self, revision: Revision) -> Result<Position, TooOld> {
        let state = self.read();
        if revision < state.floor {
            return Err(TooOld { oldest: state.floor });
        }
        let skip = state.ring.partition_point(|event| event.revision <= revision);
        Ok(Position(state.trimmed + skip as u64))
    }
    /// At most `most` events from a position on.
    pub fn pull(&self, position: Position, most: usize) -> Pull {
        let state = self.read();
        let Some(skip) = position.0.checked_sub(state.trimmed) else { return Pull::Behind };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let events: Vec<_> = state.ring.iter().skip(skip).take(most).cloned().collect();
        let next = Position(position.0 + events.len() as u64);
        Pull::Events(events, next)
    }
    /// Wakes at every change.
    pub fn subscribe(&self) -> watch::Receiver<Revision> {
        self.changed.subscribe()
    }
}

impl Event {
    pub(super) fn new(change: Change, revision: Revision, item: Arc<Item>, previous: Option<Arc<Item>>) -> Self {
        Self { change, revision, item, previous, frame: Frame::default(), protobuf_frame: Frame::default() }
    }
    fn size(&self) -> usize {
        self.item.size()
    }
}

impl State {
    fn push(&mut self, event: Event) {
        self.last = self.last.max(event.revision);
        self.ring_bytes += event.size();
        if let Some(previous) = &event.previous {
            previous.forget_object();
        }
        self.ring.push_back(Arc::new(event));
        if let Some(old) = self.ring.len().checked_sub(RING_FRAMES + 1).and_then(|index| self.ring.get(index)) {
            old.frame.forget();
            old.protobuf_frame.forget();
        }
        while self.ring.len() > RING_EVENTS || (self.ring_bytes > RING_BYTES && self.ring.len() > RING_AT_LEAST) {
            let Some(oldest) = self.ring.pop_front() else { break };
            self.ring_bytes -= oldest.size();
            self.trimmed += 1;
            self.floor = oldest.revision;
        }
    }
}
