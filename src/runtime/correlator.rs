//! Which Events are worth a request, as client-go's EventCorrelator: repetitions become a count, many that differ only in their words are combined, and a
//! source that will not stop about one object is cut off.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Event, ObjectReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

/// client-go's defaults: objects remembered, similar events before they are combined, the span that counts, burst and refill of the spam filter.
const REMEMBERED: usize = 4096;
const SIMILAR_LIMIT: usize = 10;
const SIMILAR_SECONDS: i64 = 600;
const BURST: f64 = 25.0;
const REFILL_A_SECOND: f64 = 1.0 / 300.0;

/// What to do about an event.
#[derive(Debug, PartialEq)]
pub(crate) enum Decision {
    Create(Box<Event>),
    /// Raise the count of one that exists.
    Update(Box<Event>),
    Drop,
}

#[derive(Default)]
pub(crate) struct Correlator {
    similar: Recent<Similar, Wordings>,
    observed: Recent<Exact, Observation>,
    spam: Recent<Subject, Bucket>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Subject {
    source: (Option<String>, Option<String>),
    object: [Option<String>; 6],
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Similar {
    subject: Subject,
    kind: Option<String>,
    reason: Option<String>,
}

/// `message` is `None` for combined events, whose wording changes.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Exact {
    similar: Similar,
    message: Option<String>,
}

struct Wordings {
    seen: HashSet<String>,
    last: Timestamp,
}

struct Observation {
    count: i32,
    first: Option<Time>,
    name: Option<String>,
}

struct Bucket {
    tokens: f64,
    at: Timestamp,
}

impl Correlator {
    pub(crate) fn decide(&mut self, mut event: Event, now: Timestamp) -> Decision {
        let subject = Subject {
            source: event.source.as_ref().map(|source| (source.component.clone(), source.host.clone())).unwrap_or_default(),
            object: identity(&event.involved_object),
        };
        let similar = Similar { subject: subject.clone(), kind: event.type_.clone(), reason: event.reason.clone() };
        let message = event.message.clone().unwrap_or_default();
        let wordings = self.similar.entry(&similar, || Wordings { seen: HashSet::new(), last: now });
        if now.duration_since(wordings.last).as_secs() > SIMILAR_SECONDS {
            wordings.seen.clear();
        }
        wordings.last = now;
        let combined = wordings.seen.len() + usize::from(!wordings.seen.contains(&message)) >= SIMILAR_LIMIT;
        let exact = if combined {
            event.message = Some(format!("(combined from similar events): {message}"));
            Exact { similar, message: None }
        } else {
            wordings.seen.insert(message.clone());
            Exact { similar, message: Some(message) }
        };
        let observation = self.observed.entry(&exact, || Observation { count: 0, first: None, name: None });
        let repeated = observation.count > 0;
        if repeated {
            event.metadata.name.clone_from(&observation.name);
            event.first_timestamp.clone_from(&observation.first);
        }
        let count = observation.count + 1;
        event.count = Some(count);
        *observation = Observation { count, first: event.first_timestamp.clone(), name: event.metadata.name.clone() };
        if !self.spam.entry(&subject, || Bucket { tokens: BURST, at: now }).take(now) {
            return Decision::Drop;
        }
        if repeated { Decision::Update(Box::new(event)) } else { Decision::Create(Box::new(event)) }
    }
}

impl Bucket {
    fn take(&mut self, now: Timestamp) -> bool {
        let passed = now.duration_since(self.at).as_secs_f64().max(0.0);
        self.tokens = (self.tokens + passed * REFILL_A_SECOND).min(BURST);
        self.at = now;
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }
}

fn identity(object: &ObjectReference) -> [Option<String>; 6] {
    let ObjectReference { kind, namespace, name, uid, api_version, field_path, .. } = object.clone();
    [kind, namespace, name, uid, api_version, field_path]
}

/// A map that forgets what was not used for longest.
struct Recent<K, V> {
    entries: HashMap<K, (V, u64)>,
    uses: u64,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { entries: HashMap::new(), uses: 0 }
    }
}

impl<K: Clone + Eq + Hash, V> Recent<K, V> {
    fn entry(&mut self, key: &K, new: impl FnOnce() -> V) -> &mut V {
        self.uses += 1;
        if self.entries.len() >= REMEMBERED && !self.entries.contains_key(key) {
            // A quarter at once, so that the walk is rare.
            let mut ages: Vec<u64> = self.entries.values().map(|(_, used)| *used).collect();
            ages.sort_unstable();
            let limit = ages[REMEMBERED / 4];
            self.entries.retain(|_, (_, used)| *used > limit);
        }
        let entry = self.entries.entry(key.clone()).or_insert_with(|| (new(), 0));
        entry.1 = self.uses;
        &mut entry.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(object: &str, message: &str, nanos: i64) -> Event {
        Event {
            metadata: k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta {
                name: Some(format!("{object}.{nanos:x}")),
                ..Default::default()
            },
            involved_object: ObjectReference { name: Some(object.into()), ..Default::default() },
            reason: Some("Failed".into()),
            type_: Some("Warning".into()),
            message: Some(message.into()),
            count: Some(1),
            ..Default::default()
        }
    }
    fn told(decision: &Decision) -> String {
        match decision {
            Decision::Create(event) => format!("create {} {}", event.metadata.name.as_ref().unwrap(), event.message.as_ref().unwrap()),
            Decision::Update(event) => format!("update {} x{}", event.metadata.name.as_ref().unwrap(), event.count.unwrap()),
            Decision::Drop => "drop".to_owned(),
        }
    }
    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    #[test]
    fn repetition_becomes_a_count() {
        let mut correlator = Correlator::default();
        assert_eq!(told(&correlator.decide(event("a", "no", 1), at(0))), "create a.1 no");
        assert_eq!(told(&correlator.decide(event("a", "no", 2), at(1))), "update a.1 x2");
        assert_eq!(told(&correlator.decide(event("b", "no", 3), at(2))), "create b.3 no");
    }

    #[test]
    fn the_tenth_wording_is_combined() {
        let mut correlator = Correlator::default();
        for number in 1..10 {
            assert_eq!(
                told(&correlator.decide(event("a", &format!("m{number}"), number), at(0))),
                format!("create a.{number:x} m{number}")
            );
        }
        assert_eq!(told(&correlator.decide(event("a", "m10", 10), at(1))), "create a.a (combined from similar events): m10");
        assert_eq!(told(&correlator.decide(event("a", "m11", 11), at(2))), "update a.a x2");
        // After ten minutes of silence wordings count anew.
        assert_eq!(told(&correlator.decide(event("a", "m12", 12), at(700))), "create a.c m12");
    }

    #[test]
    fn a_flood_about_one_object_is_cut_off() {
        let mut correlator = Correlator::default();
        let sent = (0..100).filter(|_| correlator.decide(event("a", "no", 1), at(0)) != Decision::Drop).count();
        assert_eq!(sent, 25);
        assert_eq!(told(&correlator.decide(event("a", "no", 1), at(299))), "drop");
        assert_eq!(told(&correlator.decide(event("a", "no", 1), at(301))), "update a.1 x102");
    }

    #[test]
    fn memory_is_bounded() {
        let mut recent: Recent<usize, ()> = Recent::default();
        for key in 0..100_000 {
            recent.entry(&key, || ());
            assert!(recent.entries.len() <= REMEMBERED);
        }
        assert!(recent.entries.contains_key(&99_999));
    }
}
