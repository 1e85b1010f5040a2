//! Seats and queues of the priority levels. Everything is decided under one lock that nobody holds while waiting.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::Classified;
use super::configuration::{Configuration, Level};

/// Why a request is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The level lets nobody wait.
    ConcurrencyLimit,
    /// The queue of the flow, or the number of queues, is at its limit.
    QueueFull,
    TimeOut,
}

impl Refusal {
    /// As upstream's metric words it.
    pub fn reason(self) -> &'static str {
        match self {
            Self::ConcurrencyLimit => "concurrency-limit",
            Self::QueueFull => "queue-full",
            Self::TimeOut => "time-out",
        }
    }
}

/// What comes of asking for a seat.
pub enum Entry {
    Seated(Seat),
    Waiting(oneshot::Receiver<Seat>),
}

/// The right to be worked on, for as long as it is held.
pub struct Seat {
    /// `None` where the level is exempt.
    of: Option<(Arc<Queues>, Arc<str>)>,
}

impl std::fmt::Debug for Seat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Seat").field(&self.of.as_ref().map(|(_, level)| level)).finish()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some((queues, level)) = self.of.take() {
            queues.release(&level);
        }
    }
}

/// All levels.
pub struct Queues {
    seats: usize,
    state: Mutex<BTreeMap<Arc<str>, State>>,
}

/// One level.
struct State {
    level: Level,
    /// Its own seats, by its shares.
    nominal: usize,
    busy: usize,
    waiting: usize,
    /// Those who wait, by flow.
    queues: HashMap<String, VecDeque<oneshot::Sender<Seat>>>,
    /// The flows that have somebody waiting, in the order in which they take their turns.
    turns: VecDeque<String>,
}

impl State {
    /// Seats that are the level's own whatever others need.
    fn kept(&self) -> usize {
        self.nominal - self.nominal * self.level.lendable_percent / 100
    }
    /// The next who waits and has not gone away.
    fn next(&mut self) -> Option<oneshot::Sender<Seat>> {
        while let Some(flow) = self.turns.pop_front() {
            let Some(queue) = self.queues.get_mut(&flow) else { continue };
            let next = queue.pop_front();
            self.waiting -= usize::from(next.is_some());
            if queue.is_empty() {
                self.queues.remove(&flow);
            } else {
                self.turns.push_back(flow);
            }
            if let Some(next) = next.filter(|next| !next.is_closed()) {
                return Some(next);
            }
        }
        None
    }
}

impl Queues {
    pub fn new(seats: usize) -> Self {
        Self { seats, state: Mutex::default() }
    }
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over another configuration; who has a seat or waits keeps it.
    pub fn configure(&self, configuration: &Configuration) {
        let mut state = self.lock();
        state.retain(|name, level| configuration.levels.contains_key(name) || level.busy > 0 || level.waiting > 0);
        let all: usize = configuration.levels.values().map(|level| level.shares).sum();
        for (name, level) in &configuration.levels {
            let nominal = (self.seats * level.shares).div_ceil(all.max(1));
            match state.get_mut(name) {
                Some(there) => (there.level, there.nominal) = (level.clone(), nominal),
                None => {
                    let fresh =
                        State { level: level.clone(), nominal, busy: 0, waiting: 0, queues: HashMap::new(), turns: VecDeque::new() };
                    state.insert(name.clone(), fresh);
                }
            }
        }
    }

    pub fn seat(self: Arc<Self>, of: &Classified) -> Result<Entry, Refusal> {
        let mut all = self.lock();
        let free = may_start(&all, self.seats, &of.level);
        // a level that is not configured: there is nothing to hold the request to
        let Some(state) = all.get_mut(&of.level) else { return Ok(Entry::Seated(Seat { of: None })) };
        if state.level.exempt {
            return Ok(Entry::Seated(Seat { of: None }));
        }
        if free && state.waiting == 0 {
            state.busy += 1;
            drop(all);
            return Ok(Entry::Seated(Seat { of: Some((self, of.level.clone())) }));
        }
        if state.level.queues == 0 {
            return Err(Refusal::ConcurrencyLimit);
        }
        let flow = format!("{}/{}", of.schema, of.distinguisher);
        let (open, limit) = (state.queues.len(), state.level.queues);
        let known = state.queues.contains_key(&flow);
        if !known && open >= limit {
            return Err(Refusal::QueueFull);
        }
        let queue = state.queues.entry(flow.clone()).or_default();
        let before = queue.len();
        queue.retain(|waiting| !waiting.is_closed());
        state.waiting -= before - queue.len();
        if queue.len() >= state.level.queue_length {
            return Err(Refusal::QueueFull);
        }
        let (sender, receiver) = oneshot::channel();
        queue.push_back(sender);
        state.waiting += 1;
        if !known {
            state.turns.push_back(flow);
        }
        Ok(Entry::Waiting(receiver))
    }

    /// A seat is free: those who wait for one take it, in any level that may start somebody.
    fn release(self: &Arc<Self>, level: &Arc<str>) {
        let mut given = Vec::new();
        {
            let mut all = self.lock();
            if let Some(state) = all.get_mut(level) {
                state.busy = state.busy.saturating_sub(1);
            }
            // its own level first, then the others that may borrow
            let others: Vec<Arc<str>> =
                all.iter().filter(|(name, state)| *name != level && state.waiting > 0).map(|(name, _)| name.clone()).collect();
            for name in std::iter::once(level.clone()).chain(others) {
                while may_start(&all, self.seats, &name) {
                    let Some(state) = all.get_mut(&name) else { break };
                    let Some(next) = state.next() else { break };
                    state.busy += 1;
                    given.push((next, name.clone()));
                }
            }
        }
        for (next, name) in given {
            // who has gone away meanwhile drops the seat, which gives it to the next
            drop(next.send(Seat { of: Some((self.clone(), name)) }));
        }
    }

    pub fn usage(&self) -> Vec<(Arc<str>, usize, usize, usize)> {
        self.lock().iter().map(|(name, state)| (name.clone(), state.nominal, state.busy, state.waiting)).collect()
    }
}

/// A level starts a request within its own seats; beyond them with what it may borrow, as long as every other level can still have what it does not lend.
fn may_start(all: &BTreeMap<Arc<str>, State>, seats: usize, name: &Arc<str>) -> bool {
    let Some(state) = all.get(name) else { return true };
    if state.busy < state.nominal {
        return true;
    }
    let most = state.level.borrowing_percent.map(|percent| state.nominal + state.nominal * percent / 100);
    if most.is_some_and(|most| state.busy >= most) {
        return false;
    }
    let others: usize = all.iter().filter(|(other, _)| *other != name).map(|(_, other)| other.busy.max(other.kept())).sum();
    others + state.busy < seats
}
