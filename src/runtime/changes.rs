//! What a subscriber of an informer has not read yet: one merged change an object, so that a slow reader neither loses the last state nor grows without
//! bound (at most one entry for each object that lives or that it has seen).

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::Key;

/// An object came (`old` is `None`), changed, or went (`new` is `None`). `old` is what this subscriber saw last, so changes in between are merged; an
/// object that was deleted and made again in between shows as one change with another `uid`.
#[derive(Debug)]
pub struct Change<K> {
    pub old: Option<Arc<K>>,
    pub new: Option<Arc<K>>,
}

impl<K> Clone for Change<K> {
    fn clone(&self) -> Self {
        Self { old: self.old.clone(), new: self.new.clone() }
    }
}

impl<K> Change<K> {
    /// The object as it is, or as it was before it went.
    pub fn latest(&self) -> &Arc<K> {
        self.new.as_ref().or(self.old.as_ref()).expect("a change has an object on one side")
    }
    /// Old and new, those that there are.
    pub fn both(&self) -> impl Iterator<Item = &Arc<K>> {
        self.old.iter().chain(self.new.iter())
    }
}

/// The reader's end of a subscription. Dropping it ends the subscription.
pub struct Changes<K> {
    pub(crate) pending: Arc<Pending<K>>,
}

impl<K> Changes<K> {
    /// The next change; waits for one. Cancel-safe.
    pub async fn recv(&mut self) -> Change<K> {
        loop {
            if let Some(change) = self.pending.pop() {
                return change;
            }
            self.pending.arrived.notified().await;
        }
    }
    /// The next change if there is one already.
    pub fn try_recv(&mut self) -> Option<Change<K>> {
        self.pending.pop()
    }
}

pub(crate) struct Pending<K> {
    unread: Mutex<Unread<K>>,
    arrived: Notify,
}

struct Unread<K> {
    /// In order of the first unread change; a key whose change cancelled out stays here and is skipped.
    order: VecDeque<Key>,
    changes: HashMap<Key, Change<K>>,
}

impl<K> Pending<K> {
    pub(crate) fn new() -> Self {
        Self { unread: Mutex::new(Unread { order: VecDeque::new(), changes: HashMap::new() }), arrived: Notify::new() }
    }
    pub(crate) fn push(&self, key: &Key, old: Option<Arc<K>>, new: Option<Arc<K>>) {
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        match unread.changes.get_mut(key) {
            Some(change) => {
                change.new = new;
                if change.old.is_none() && change.new.is_none() {
                    unread.changes.remove(key);
                    if unread.order.len() > 2 * unread.changes.len() + 1024 {
                        unread.compact();
                    }
                }
            }
            None => {
                unread.order.push_back(key.clone());
                unread.changes.insert(key.clone(), Change { old, new });
            }
        }
        drop(unread);
        self.arrived.notify_one();
    }
    fn pop(&self) -> Option<Change<K>> {
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(key) = unread.order.pop_front() {
            if let Some(change) = unread.changes.remove(&key) {
                return Some(change);
            }
        }
        // A burst is over: do not keep its buffers.
        if unread.order.capacity() > 4096 {
            unread.order.shrink_to(64);
            unread.changes.shrink_to(64);
        }
        None
    }
}

impl<K> Unread<K> {
    /// Drops keys without a change and repeated keys.
    fn compact(&mut self) {
        let mut kept = std::collections::HashSet::new();
        let changes = &self.changes;
        self.order.retain(|key| changes.contains_key(key) && kept.insert(key.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pending: &Pending<u32>) -> Vec<(Option<u32>, Option<u32>)> {
        std::iter::from_fn(|| pending.pop()).map(|change| (change.old.as_deref().copied(), change.new.as_deref().copied())).collect()
    }

    #[test]
    fn unread_changes_of_an_object_merge() {
        let pending = Pending::new();
        let (a, b) = (Key::new("n", "a"), Key::new("n", "b"));
        pending.push(&a, None, Some(1.into()));
        pending.push(&b, Some(7.into()), Some(8.into()));
        pending.push(&a, Some(1.into()), Some(2.into()));
        pending.push(&b, Some(8.into()), None);
        assert_eq!(seen(&pending), [(None, Some(2)), (Some(7), None)]);
    }

    #[test]
    fn what_came_and_went_unread_leaves_nothing() {
        let pending = Pending::new();
        let a = Key::new("n", "a");
        for _ in 0..10_000 {
            pending.push(&a, None, Some(1.into()));
            pending.push(&a, Some(1.into()), None);
        }
        assert!(pending.unread.lock().unwrap().order.len() <= 1026);
        pending.push(&a, None, Some(3.into()));
        assert_eq!(seen(&pending), [(None, Some(3))]);
    }
}
