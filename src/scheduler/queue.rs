//! Pods that wait for a node: those to be tried now in the order of their priority, those that wait a moment after a failure, and those that only a
//! change of the cluster can help. Bounded by the number of pods; time comes in with every call.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::filter::Plugin;
use crate::pod::PodInfo;

const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_secs(10);
/// A safety net: after this time a pod is tried again without a reason.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// What happened in the cluster that may help a waiting pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    NodeAdded,
    NodeRemoved,
    NodeLabels,
    NodeTaints,
    NodeUnschedulable,
    NodeResources,
    PodPlaced,
    /// A pod left its node, or needs less there.
    PodRemoved,
    PodLabels,
    /// Claims, volumes or storage classes.
    Volumes,
    NamespaceLabels,
}

/// What an event means to one pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    Useless,
    Retry,
    /// Without the wait that its failures have earned it.
    AtOnce,
}

impl Plugin {
    /// Whether an event can turn this plugin's no into a yes.
    fn is_helped_by(self, event: Event) -> bool {
        use Event::{
            NamespaceLabels, NodeAdded, NodeLabels, NodeRemoved, NodeResources, NodeTaints, NodeUnschedulable, PodLabels, PodPlaced,
            PodRemoved, Volumes,
        };
        event == NodeAdded
            || match self {
                Self::NodeUnschedulable => matches!(event, NodeUnschedulable | NodeTaints),
                Self::NodeName => false,
                Self::TaintToleration => event == NodeTaints,
                Self::NodeAffinity => event == NodeLabels,
                Self::NodePorts => event == PodRemoved,
                Self::NodeResourcesFit => matches!(event, NodeResources | PodRemoved),
                Self::VolumeRestrictions => matches!(event, PodRemoved | Volumes),
                Self::VolumeBinding => matches!(event, Volumes | NodeLabels),
                Self::PodTopologySpread => matches!(event, NodeLabels | NodeTaints | NodeRemoved | PodPlaced | PodRemoved | PodLabels),
                Self::InterPodAffinity => matches!(event, NodeLabels | PodPlaced | PodRemoved | PodLabels | NamespaceLabels),
            }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Active,
    /// Until this time, unless nothing else is to be done. True after an error, when the wait is not cut short.
    Backoff(Instant, bool),
    /// Until an event, or this time.
    Unschedulable(Instant),
    /// Has gates.
    Gated,
    /// Handed out.
    Tried,
}

#[derive(Debug)]
struct Entry {
    pod: Arc<PodInfo>,
    state: State,
    /// Order of arrival.
    ticket: u64,
    attempts: u32,
    tried_at: Option<Instant>,
    plugins: BTreeSet<Plugin>,
}

/// The pods that wait.
#[derive(Debug, Default)]
pub struct Queue {
    entries: HashMap<String, Entry>,
    active: BTreeSet<(Reverse<i32>, u64, String)>,
    backoff: BTreeSet<(Instant, String)>,
    unschedulable: BTreeSet<(Instant, String)>,
    tickets: u64,
}

impl Queue {
    /// Takes in a pod that came or changed. A change of what it asks for is reason to try it again.
    pub fn put(&mut self, pod: Arc<PodInfo>, now: Instant) {
        let gated = pod.spec().is_some_and(|spec| spec.scheduling_gates.as_ref().is_some_and(|gates| !gates.is_empty()));
        let uid = pod.uid.clone();
        let Some(entry) = self.entries.get_mut(&uid) else {
            self.tickets += 1;
            let entry = Entry { pod, state: State::Gated, ticket: self.tickets, attempts: 0, tried_at: None, plugins: BTreeSet::new() };
            self.entries.insert(uid.clone(), entry);
            if !gated {
                self.enter(&uid, State::Active);
            }
            return;
        };
        let asks_anew = entry.pod.pod.spec != pod.pod.spec || entry.pod.labels != pod.labels;
        let state = entry.state;
        if state == State::Active && entry.pod.priority != pod.priority {
            self.enter(&uid, State::Gated);
        }
        if let Some(entry) = self.entries.get_mut(&uid) {
            entry.pod = pod;
        }
        match state {
            State::Gated if gated => {}
            State::Gated | State::Active => self.enter(&uid, State::Active),
            State::Unschedulable(_) if asks_anew => self.retry(&uid, now),
            _ => {}
        }
    }
    pub fn remove(&mut self, uid: &str) {
        if self.entries.contains_key(uid) {
            self.enter(uid, State::Tried);
            self.entries.remove(uid);
        }
    }
    /// The pod to try now.
    pub fn pop(&mut self, now: Instant) -> Option<Arc<PodInfo>> {
        while let Some((_, uid)) = self.backoff.first().filter(|(until, _)| *until <= now).cloned() {
            self.enter(&uid, State::Active);
        }
        while let Some((_, uid)) = self.unschedulable.first().filter(|(until, _)| *until <= now).cloned() {
            self.enter(&uid, State::Active);
        }
        // with nothing else to do there is no reason to let a pod wait that an event has woken
        let idle = || {
            self.backoff
                .iter()
                .map(|(_, uid)| uid)
                .find(|uid| matches!(self.entries.get(*uid).map(|entry| entry.state), Some(State::Backoff(_, false))))
        };
        let uid = self.active.first().map(|(_, _, uid)| uid.clone()).or_else(|| idle().cloned())?;
        self.enter(&uid, State::Tried);
        let entry = self.entries.get_mut(&uid)?;
        entry.attempts += 1;
        entry.tried_at = Some(now);
        Some(entry.pod.clone())
    }
    /// The pod that was handed out has no node; a change of the cluster must help.
    pub fn refused(&mut self, uid: &str, plugins: BTreeSet<Plugin>, now: Instant) {
        if let Some(entry) = self.entries.get_mut(uid) {
            entry.plugins = plugins;
            self.enter(uid, State::Unschedulable(now + LONGEST_WAIT));
        }
    }
    /// The pod that was handed out has to be tried again.
    pub fn failed(&mut self, uid: &str, now: Instant) {
        if let Some(entry) = self.entries.get(uid) {
            let until = now + backoff(entry.attempts);
            self.enter(uid, State::Backoff(until, true));
        }
    }
    /// Something happened: who waits for it is tried again. `hint` sees those pods, with the plugins that the event may have changed.
    pub fn wake(&mut self, event: Event, now: Instant, hint: impl Fn(&PodInfo, &[Plugin]) -> Hint) {
        let mut woken = Vec::new();
        for (_, uid) in &self.unschedulable {
            let Some(entry) = self.entries.get(uid) else { continue };
            let helped: Vec<Plugin> = entry.plugins.iter().copied().filter(|plugin| plugin.is_helped_by(event)).collect();
            if !helped.is_empty() {
                woken.push((uid.clone(), hint(&entry.pod, &helped)));
            }
        }
        for (uid, hint) in woken {
            match hint {
                Hint::Useless => {}
                Hint::Retry => self.retry(&uid, now),
                Hint::AtOnce => self.enter(&uid, State::Active),
            }
        }
    }
    /// When there is something to do without an event.
    pub fn next_wake(&self) -> Option<Instant> {
        let first = |set: &BTreeSet<(Instant, String)>| set.first().map(|(until, _)| *until);
        first(&self.backoff).into_iter().chain(first(&self.unschedulable)).min()
    }
    pub fn contains(&self, uid: &str) -> bool {
        self.entries.contains_key(uid)
    }

    fn retry(&mut self, uid: &str, now: Instant) {
        let Some(entry) = self.entries.get(uid) else { return };
        let until = entry.tried_at.map_or(now, |tried| tried + backoff(entry.attempts));
        self.enter(uid, if until <= now { State::Active } else { State::Backoff(until, false) });
    }
    /// Moves a pod from one set to another.
    fn enter(&mut self, uid: &str, state: State) {
        let Some(entry) = self.entries.get_mut(uid) else { return };
        match entry.state {
            State::Active => {
                self.active.remove(&(Reverse(entry.pod.priority), entry.ticket, uid.to_owned()));
            }
            State::Backoff(until, _) => {
                self.backoff.remove(&(until, uid.to_owned()));
            }
            State::Unschedulable(until) => {
                self.unschedulable.remove(&(until, uid.to_owned()));
            }
            State::Gated | State::Tried => {}
        }
        entry.state = state;
        match state {
            State::Active => {
                self.active.insert((Reverse(entry.pod.priority), entry.ticket, uid.to_owned()));
            }
            State::Backoff(until, _) => {
                self.backoff.insert((until, uid.to_owned()));
            }
            State::Unschedulable(until) => {
                self.unschedulable.insert((until, uid.to_owned()));
            }
            State::Gated | State::Tried => {}
        }
    }
}

fn backoff(attempts: u32) -> Duration {
    let doubled = 1u32.checked_shl(attempts.saturating_sub(1)).and_then(|factor| FIRST_BACKOFF.checked_mul(factor));
    doubled.map_or(LONGEST_BACKOFF, |wait| wait.min(LONGEST_BACKOFF))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(name: &str, priority: i32, gates: &[&str]) -> Arc<PodInfo> {
        let gates: Vec<_> = gates.iter().map(|gate| json!({"name": gate})).collect();
        let pod =
            json!({"metadata": {"name": name, "uid": name}, "spec": {"containers": [], "priority": priority, "schedulingGates": gates}});
        Arc::new(PodInfo::new(&Arc::new(serde_json::from_value(pod).unwrap())))
    }
    fn popped(queue: &mut Queue, now: Instant) -> Vec<String> {
        std::iter::from_fn(|| queue.pop(now)).map(|pod| pod.name.clone()).collect()
    }

    #[test]
    fn priority_then_arrival() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        for (name, priority) in [("a", 0), ("b", 0), ("c", 9)] {
            queue.put(pod(name, priority, &[]), now);
        }
        queue.put(pod("b", 10, &[]), now);
        assert_eq!(popped(&mut queue, now), ["b", "c", "a"]);
    }

    #[test]
    fn gates_hold() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.put(pod("a", 0, &["wait"]), now);
        assert!(popped(&mut queue, now).is_empty());
        queue.put(pod("a", 0, &[]), now);
        assert_eq!(popped(&mut queue, now), ["a"]);
    }

    #[test]
    fn only_events_that_help_wake() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.put(pod("a", 0, &[]), now);
        queue.pop(now);
        queue.refused("a", BTreeSet::from([Plugin::NodeAffinity]), now);
        queue.put(pod("a", 0, &[]), now);
        queue.wake(Event::PodRemoved, now, |_, _| Hint::Retry);
        assert!(popped(&mut queue, now).is_empty());
        queue.wake(Event::NodeLabels, now, |_, _| Hint::Useless);
        assert!(popped(&mut queue, now).is_empty());
        queue.wake(Event::NodeLabels, now, |_, _| Hint::Retry);
        assert_eq!(popped(&mut queue, now), ["a"]);
        queue.refused("a", BTreeSet::from([Plugin::NodeAffinity]), now);
        assert_eq!(popped(&mut queue, now + LONGEST_WAIT), ["a"]);
    }

    #[test]
    fn errors_back_off() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.put(pod("a", 0, &[]), now);
        queue.pop(now);
        queue.failed("a", now);
        assert!(queue.pop(now).is_none());
        assert_eq!(queue.next_wake(), Some(now + FIRST_BACKOFF));
        assert!(queue.pop(now + FIRST_BACKOFF).is_some());
        queue.failed("a", now);
        assert_eq!(queue.next_wake(), Some(now + FIRST_BACKOFF * 2));
        queue.remove("a");
        assert!(!queue.contains("a") && queue.next_wake().is_none());
    }
}
