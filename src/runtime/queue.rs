//! A work queue of keys, as client-go's: a key waits at most once, is never worked on twice at the same time, and comes again if it was added while it was
//! worked on. Added later and rate-limited keys wait inside; no task or timer runs for them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// client-go's bounds of the wait after failures of one key.
const FIRST_RETRY: Duration = Duration::from_millis(5);
const LONGEST_RETRY: Duration = Duration::from_secs(1000);

/// A queue; cheap to clone. Its size is bounded by the number of distinct keys.
pub struct Queue<T>(Arc<Inner<T>>);

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

struct Inner<T> {
    state: Mutex<State<T>>,
    changed: Notify,
}

struct State<T> {
    ready: VecDeque<T>,
    /// In `ready`, or to be put there when `done`.
    dirty: HashSet<T>,
    processing: HashSet<T>,
    /// Times at which keys become ready; stale where `due` says another.
    timers: BinaryHeap<Reverse<(Instant, u64)>>,
    timed: HashMap<u64, T>,
    due: HashMap<T, (Instant, u64)>,
    next_timer: u64,
    failures: HashMap<T, u32>,
    closed: bool,
}

impl<T: Clone + Eq + Hash> Default for Queue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Clone + Eq + Hash> Queue<T> {
    pub fn new() -> Self {
        let state = State {
            ready: VecDeque::new(),
            dirty: HashSet::new(),
            processing: HashSet::new(),
            timers: BinaryHeap::new(),
            timed: HashMap::new(),
            due: HashMap::new(),
            next_timer: 0,
            failures: HashMap::new(),
            closed: false,
        };
        Self(Arc::new(Inner { state: Mutex::new(state), changed: Notify::new() }))
    }
    /// Adds a key unless it waits already.
    pub fn add(&self, key: T) {
        if self.lock().add(key) {
            self.0.changed.notify_one();
        }
    }
    /// Adds a key once `wait` has passed. Of several times the earliest counts.
    pub fn add_after(&self, key: T, wait: Duration) {
        if wait.is_zero() {
            return self.add(key);
        }
        let at = Instant::now() + wait;
        let mut state = self.lock();
        if state.closed || state.due.get(&key).is_some_and(|(known, _)| *known <= at) {
            return;
        }
        let timer = state.next_timer;
        state.next_timer += 1;
        if let Some((_, stale)) = state.due.insert(key.clone(), (at, timer)) {
            state.timed.remove(&stale);
        }
        state.timed.insert(timer, key);
        state.timers.push(Reverse((at, timer)));
        drop(state);
        self.0.changed.notify_one();
    }
    /// Adds a key after a wait that doubles with each call, 5 ms to 1000 s, until [`Self::forget`].
    pub fn add_rate_limited(&self, key: T) {
        let mut state = self.lock();
        let failures = state.failures.entry(key.clone()).or_default();
        let wait = crate::backoff::doubled(FIRST_RETRY, *failures, LONGEST_RETRY);
        *failures = failures.saturating_add(1);
        drop(state);
        self.add_after(key, wait);
    }
    /// How often [`Self::add_rate_limited`] was called for the key since it was last forgotten.
    pub fn failures(&self, key: &T) -> u32 {
        self.lock().failures.get(key).copied().unwrap_or_default()
    }
    /// The key succeeded: its next wait is the shortest again.
    pub fn forget(&self, key: &T) {
        self.lock().failures.remove(key);
    }
    /// The next key, which the caller must hand back with [`Self::done`]. `None` once the queue is shut down. Cancel-safe.
    pub async fn get(&self) -> Option<T> {
        loop {
            let changed = self.0.changed.notified();
            let next_timer = {
                let mut state = self.lock();
                state.fire(Instant::now());
                if state.closed {
                    // Wake the next waiter too.
                    self.0.changed.notify_one();
                    return None;
                }
                if let Some(key) = state.take() {
                    if !state.ready.is_empty() || !state.timers.is_empty() {
                        self.0.changed.notify_one();
                    }
                    return Some(key);
                }
                state.timers.peek().map(|Reverse((at, _))| *at)
            };
            match next_timer {
                Some(at) => tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep_until(at) => {}
                },
                None => changed.await,
            }
        }
    }
    /// The work on a key is over; if it was added meanwhile it is ready again.
    pub fn done(&self, key: &T) {
        if self.lock().done(key) {
            self.0.changed.notify_one();
        }
    }
    /// How many keys are ready.
    pub fn len(&self) -> usize {
        self.lock().ready.len()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Ends the queue: waiting and future [`Self::get`] give `None`.
    pub fn shutdown(&self) {
        self.lock().closed = true;
        self.0.changed.notify_waiters();
        self.0.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone + Eq + Hash> State<T> {
    /// True where a key became ready.
    fn add(&mut self, key: T) -> bool {
        if self.closed || !self.dirty.insert(key.clone()) || self.processing.contains(&key) {
            return false;
        }
        self.ready.push_back(key);
        true
    }
    fn take(&mut self) -> Option<T> {
        let key = self.ready.pop_front()?;
        self.dirty.remove(&key);
        self.processing.insert(key.clone());
        Some(key)
    }
    fn done(&mut self, key: &T) -> bool {
        let again = self.processing.remove(key) && self.dirty.contains(key);
        if again {
            self.ready.push_back(key.clone());
        }
        again
    }
    /// Makes ready what is due.
    fn fire(&mut self, now: Instant) {
        while let Some(Reverse((at, timer))) = self.timers.peek().copied() {
            let live = self.timed.contains_key(&timer);
            if live && at > now {
                break;
            }
            self.timers.pop();
            if let Some(key) = self.timed.remove(&timer) {
                self.due.remove(&key);
                self.add(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn soon(queue: &Queue<&'static str>) -> Option<&'static str> {
        tokio::time::timeout(Duration::from_millis(1), queue.get()).await.ok().flatten()
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_waits_once_and_is_not_worked_on_twice() {
        let queue = Queue::new();
        queue.add("a");
        queue.add("a");
        queue.add("b");
        assert_eq!(queue.get().await, Some("a"));
        queue.add("a");
        assert_eq!(queue.get().await, Some("b"));
        assert_eq!(soon(&queue).await, None, "a is being worked on");
        queue.done(&"a");
        assert_eq!(queue.get().await, Some("a"));
        queue.done(&"a");
        queue.done(&"b");
        assert_eq!(soon(&queue).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_earliest_of_several_times_counts() {
        let queue = Queue::new();
        let start = Instant::now();
        queue.add_after("a", Duration::from_secs(9));
        queue.add_after("b", Duration::from_secs(5));
        queue.add_after("a", Duration::from_secs(3));
        queue.add_after("a", Duration::from_secs(7));
        assert_eq!((queue.get().await, start.elapsed().as_secs()), (Some("a"), 3));
        assert_eq!((queue.get().await, start.elapsed().as_secs()), (Some("b"), 5));
        queue.done(&"a");
        queue.done(&"b");
        assert_eq!(tokio::time::timeout(Duration::from_secs(60), queue.get()).await.ok(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn failures_wait_longer_until_forgotten() {
        let queue = Queue::new();
        let mut waits = Vec::new();
        for _ in 0..4 {
            let start = Instant::now();
            queue.add_rate_limited("a");
            queue.get().await;
            queue.done(&"a");
            waits.push(start.elapsed().as_millis());
        }
        assert_eq!(waits, [5, 10, 20, 40]);
        queue.forget(&"a");
        let start = Instant::now();
        queue.add_rate_limited("a");
        queue.get().await;
        assert_eq!(start.elapsed().as_millis(), 5);
    }

    #[tokio::test]
    async fn many_workers_share_the_keys_and_all_end() {
        let queue = Queue::new();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let workers: Vec<_> = (0..8)
            .map(|_| {
                let (queue, seen) = (queue.clone(), seen.clone());
                tokio::spawn(async move {
                    while let Some(key) = queue.get().await {
                        seen.lock().unwrap().push(key);
                        tokio::task::yield_now().await;
                        queue.done(&key);
                    }
                })
            })
            .collect();
        for key in 0..1000 {
            queue.add(key);
            queue.add_after(key + 1000, Duration::from_millis(u64::try_from(key % 20).unwrap() + 1));
        }
        while seen.lock().unwrap().len() < 2000 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        queue.shutdown();
        for worker in workers {
            worker.await.unwrap();
        }
        let mut seen = seen.lock().unwrap().clone();
        seen.sort_unstable();
        assert_eq!(seen, (0..2000).collect::<Vec<_>>());
    }
}
