//! The watch cache: every object that lives, as encoded bytes, one [`Resource`] a group and plural, filled by the store's events. All reads are answered from it.
//!
//! The store calls [`CacheSink::apply`] after a write is durable and before its writer is answered, so whoever wrote reads its own write here.

mod item;
mod past;
mod resource;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use store::{Revision, Snapshot};
use tokio::sync::watch;

use crate::encryption::Encryption;
use crate::storage::Stale;
use past::Past;

pub use item::{Item, StoredError, encode};
pub use resource::{Change, Event, Position, Pull, Resource, TooOld};

/// All resources.
pub struct Cache {
    resources: RwLock<HashMap<Box<str>, Arc<Resource>>>,
    revision: AtomicU64,
    compacted: AtomicU64,
    past: Mutex<Past>,
    advanced: watch::Sender<Revision>,
}

/// The side of the cache that the store writes to.
pub struct CacheSink {
    cache: Arc<Cache>,
    encryption: Arc<Encryption>,
}

impl Cache {
    /// An empty cache, and what to open the store with. [`Self::seed`] follows with what the store had.
    pub fn new(encryption: Arc<Encryption>) -> (Arc<Self>, CacheSink) {
        let cache = Arc::new(Self {
            resources: RwLock::default(),
            revision: AtomicU64::new(0),
            compacted: AtomicU64::new(0),
            past: Mutex::default(),
            advanced: watch::Sender::new(0),
        });
        (cache.clone(), CacheSink { cache, encryption })
    }
    /// Takes over what the store had on disk; answers with what would be sealed otherwise now.
    pub fn seed(&self, snapshot: Snapshot, encryption: &Encryption) -> Result<Vec<Stale>, StoredError> {
        let mut stale = Vec::new();
        self.compacted.store(snapshot.compacted, Ordering::Release);
        for entry in snapshot.entries {
            let resource = self.of_key(&entry.key);
            let opened = encryption.open(&entry.key, &entry.value)?;
            if opened.stale {
                stale.push(Stale { key: entry.key.clone(), revision: entry.revision, value: opened.value.clone() });
            }
            resource.seed(Arc::new(Item::new(entry.key, resource.prefix().len(), entry.revision, opened.value)?));
        }
        for event in snapshot.history {
            let resource = self.of_key(&event.key);
            let live = resource.get(&event.key);
            let item = |revision, value: &Bytes| match &live {
                Some(live) if live.revision() == revision => Ok(live.clone()),
                _ => {
                    let opened = encryption.open(&event.key, value)?;
                    Item::new(event.key.clone(), resource.prefix().len(), revision, opened.value).map(Arc::new)
                }
            };
            let previous = event.previous.as_ref().map(|(revision, value)| item(*revision, value)).transpose()?;
            let change = match (&event.value, &previous) {
                (Some(_), None) => Change::Added,
                (Some(_), Some(_)) => Change::Modified,
                (None, _) => Change::Deleted,
            };
            let current = match (&event.value, &previous) {
                (Some(value), _) => item(event.revision, value)?,
                (None, Some(previous)) => Arc::new(previous.at_revision(event.revision)),
                (None, None) => continue,
            };
            resource.seed_event(Event::new(change, event.revision, current, previous));
        }
        self.advance(snapshot.revision);
        Ok(stale)
    }
    /// The newest revision whose events are all here.
    pub fn revision(&self) -> Revision {
        self.revision.load(Ordering::Acquire)
    }
    /// The oldest revision of which lists are still given.
    pub fn oldest_listed(&self) -> Revision {
        self.past.lock().unwrap_or_else(PoisonError::into_inner).oldest(Instant::now())
    }
    fn advance(&self, revision: Revision) {
        self.revision.fetch_max(revision, Ordering::AcqRel);
        self.advanced.send_if_modified(|seen| {
            let newer = revision > *seen;
            *seen = revision.max(*seen);
            newer
        });
    }
    /// Waits until a revision is here; false where it has not come in time.
    pub async fn wait_for(&self, revision: Revision, most: Duration) -> bool {
        if self.revision() >= revision {
            return true;
        }
        let mut advanced = self.advanced.subscribe();
        tokio::time::timeout(most, advanced.wait_for(|seen| *seen >= revision)).await.is_ok_and(|seen| seen.is_ok())
    }
    /// The resource of a group and plural.
    pub fn resource(&self, group: &str, plural: &str) -> Arc<Resource> {
        let group = if group.is_empty() { "core" } else { group };
        self.of_prefix(&format!("/{group}/{plural}/"))
    }
    fn of_key(&self, key: &str) -> Arc<Resource> {
        self.of_prefix(prefix(key))
    }
    fn of_prefix(&self, prefix: &str) -> Arc<Resource> {
        if let Some(resource) = self.resources.read().unwrap_or_else(PoisonError::into_inner).get(prefix) {
            return resource.clone();
        }
        let mut resources = self.resources.write().unwrap_or_else(PoisonError::into_inner);
        let floor = self.compacted.load(Ordering::Acquire);
        resources.entry(prefix.into()).or_insert_with(|| Arc::new(Resource::new(prefix, floor))).clone()
    }
}

/// `/apps/deployments/` of `/apps/deployments/default/web`.
fn prefix(key: &str) -> &str {
    key.match_indices('/').nth(2).map_or(key, |(at, _)| &key[..=at])
}

impl store::Sink for CacheSink {
    fn apply(&mut self, events: &[store::Event]) {
        for event in events {
            let resource = self.cache.of_key(&event.key);
            let item = event.value.as_ref().map(|value| {
                let opened = self.encryption.open(&event.key, value)?;
                Item::new(event.key.clone(), resource.prefix().len(), event.revision, opened.value)
            });
            match item.transpose() {
                Ok(item) => resource.apply(&event.key, event.revision, item.map(Arc::new)),
                Err(error) => tracing::error!(key = %event.key, %error, "a written value is not one of ours"),
            }
        }
        if let Some(last) = events.last() {
            self.cache.past.lock().unwrap_or_else(PoisonError::into_inner).note(last.revision, Instant::now());
            self.cache.advance(last.revision);
        }
    }
}
