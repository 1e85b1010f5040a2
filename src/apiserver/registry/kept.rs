//! Converted objects, kept for the others who want them at the same version: a hundred watchers of an event are one call of the webhook that converts it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use api::ApiError;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use store::Revision;

use crate::cache::Item;

/// Bytes of the objects whose conversions are kept; beyond them it begins anew.
const BYTES: usize = 8 << 20;

type Outcome = Result<Arc<Item>, ApiError>;
/// An object as it was at a moment. The last is a hash of its bytes: what leaves a selection is told at the revision of what follows it.
type Key = (Arc<str>, Revision, u64);

enum Entry {
    Made(Arc<Item>),
    BeingMade(Shared<BoxFuture<'static, Outcome>>),
}

/// The conversions to one version.
#[derive(Default)]
pub struct Kept {
    entries: Mutex<Entries>,
    hasher: RandomState,
}

#[derive(Default)]
struct Entries {
    all: HashMap<Key, Entry>,
    bytes: usize,
}

impl Entries {
    fn put(&mut self, key: Key, size: usize, entry: Entry) {
        if self.bytes + size > BYTES {
            *self = Self::default();
        }
        self.bytes += size;
        self.all.insert(key, entry);
    }
}

impl Kept {
    fn key(&self, item: &Item) -> Key {
        (item.key().clone(), item.revision(), self.hasher.hash_one(item.stored_json()))
    }
    fn entries(&self) -> std::sync::MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// What has been made of an object.
    pub fn get(&self, item: &Item) -> Option<Arc<Item>> {
        match self.entries().all.get(&self.key(item)) {
            Some(Entry::Made(made)) => Some(made.clone()),
            _ => None,
        }
    }
    pub fn put(&self, item: &Item, made: &Arc<Item>) {
        self.entries().put(self.key(item), item.size(), Entry::Made(made.clone()));
    }
    /// What has been made of an object, or is made of it now by `make`. All who ask meanwhile share the outcome; a failure is not kept.
    pub async fn get_or_make(&self, item: &Item, make: impl FnOnce() -> BoxFuture<'static, Outcome>) -> Outcome {
        let key = self.key(item);
        let making = {
            let mut entries = self.entries();
            match entries.all.get(&key) {
                Some(Entry::Made(made)) => return Ok(made.clone()),
                Some(Entry::BeingMade(making)) => making.clone(),
                None => {
                    let making = make().shared();
                    entries.put(key.clone(), item.size(), Entry::BeingMade(making.clone()));
                    making
                }
            }
        };
        let outcome = making.await;
        let mut entries = self.entries();
        match &outcome {
            Ok(made) => {
                if let Some(entry) = entries.all.get_mut(&key) {
                    *entry = Entry::Made(made.clone());
                }
            }
            Err(_) => {
                if entries.all.remove(&key).is_some() {
                    entries.bytes = entries.bytes.saturating_sub(item.size());
                }
            }
        }
        outcome
    }
}
