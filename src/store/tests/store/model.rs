//! Random writes, batches and restarts against a map: same answers, same state, a history that leads from the compacted state to the newest.

use std::collections::BTreeMap;

use bytes::Bytes;
use proptest::prelude::*;
use store::{Expect, Options, Revision, Snapshot, Write, WriteError};

use crate::start_with;

#[derive(Clone, Debug)]
enum Step {
    Write(Vec<Draft>),
    Restart,
}

/// A write whose expectation is made when it is its turn.
#[derive(Clone, Debug)]
struct Draft {
    key: u8,
    value: Option<u8>,
    guess: Guess,
}

#[derive(Clone, Debug)]
enum Guess {
    Right,
    Absent,
    Revision(Revision),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let guess = prop_oneof![8 => Just(Guess::Right), 1 => Just(Guess::Absent), 1 => (0..60u64).prop_map(Guess::Revision)];
    let draft = (0..6u8, proptest::option::weighted(0.7, any::<u8>()), guess).prop_map(|(key, value, guess)| Draft { key, value, guess });
    let step = prop_oneof![12 => proptest::collection::vec(draft, 1..4).prop_map(Step::Write), 1 => Just(Step::Restart)];
    proptest::collection::vec(step, 1..60)
}

type Model = BTreeMap<String, (Revision, Bytes)>;

/// Applies all or nothing; the answer as text.
fn model_write(model: &mut Model, revision: &mut Revision, writes: &[Write]) -> Result<Revision, String> {
    let (mut next, mut at) = (model.clone(), *revision);
    for write in writes {
        let (key, value, expect) = match write {
            Write::Put { key, value, expect } => (key, Some(value), expect),
            Write::Delete { key, expect } => (key, None, expect),
        };
        match (next.get(&**key).map(|(revision, _)| *revision), expect) {
            (None, Expect::Absent) if value.is_some() => {}
            (None, _) => return Err(format!("missing {key}")),
            (Some(actual), Expect::At(expected)) if actual == *expected => {}
            (Some(actual), Expect::At(expected)) => return Err(format!("changed {key} {expected} {actual}")),
            (Some(actual), Expect::Absent) => return Err(format!("exists {key} {actual}")),
        }
        at += 1;
        match value {
            Some(value) => next.insert(key.to_string(), (at, value.clone())),
            None => next.remove(&**key),
        };
    }
    (*model, *revision) = (next, at);
    Ok(at)
}

fn told(error: WriteError) -> String {
    match error {
        WriteError::Missing { key } => format!("missing {key}"),
        WriteError::Changed { key, expected, actual } => format!("changed {key} {expected} {actual}"),
        WriteError::Exists { key, revision } => format!("exists {key} {revision}"),
        other => format!("unexpected: {other}"),
    }
}

/// The snapshot is the model, and its history leads there from what was alive at `compacted`.
fn check_snapshot(snapshot: &Snapshot, states: &[Model]) {
    let newest = states.last().unwrap();
    let entries: Model = snapshot.entries.iter().map(|entry| (entry.key.to_string(), (entry.revision, entry.value.clone()))).collect();
    assert_eq!(&entries, newest);
    assert!(snapshot.entries.is_sorted_by(|left, right| left.key < right.key));
    assert_eq!(snapshot.revision, states.len() as Revision - 1);
    let revisions: Vec<_> = snapshot.history.iter().map(|event| event.revision).collect();
    assert_eq!(revisions, (snapshot.compacted + 1..=snapshot.revision).collect::<Vec<_>>());
    let mut state = states[usize::try_from(snapshot.compacted).unwrap()].clone();
    for event in &snapshot.history {
        let before = match &event.value {
            Some(value) => state.insert(event.key.to_string(), (event.revision, value.clone())),
            None => state.remove(&*event.key),
        };
        assert_eq!(before, event.previous, "at revision {}", event.revision);
    }
    assert_eq!(&state, newest);
}

fn run(steps: &[Step], history_events: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { history_events, ..Options::default() };
        let (mut store, ..) = start_with(dir.path(), options.clone());
        let (mut model, mut revision) = (Model::new(), 0);
        // the state at every revision
        let mut states = vec![Model::new()];
        for step in steps.iter().chain([&Step::Restart]) {
            match step {
                Step::Restart => {
                    store.close().await;
                    let (again, _, snapshot) = start_with(dir.path(), options.clone());
                    check_snapshot(&snapshot, &states);
                    assert!(snapshot.history.len() <= history_events + history_events / 16 + 8, "the history is bounded");
                    store = again;
                }
                Step::Write(drafts) => {
                    let mut preview = (model.clone(), revision);
                    let mut writes = Vec::new();
                    for draft in drafts {
                        let write = draft.resolve(&preview.0);
                        // a later write of the list sees the earlier ones
                        let _ = model_write(&mut preview.0, &mut preview.1, std::slice::from_ref(&write));
                        writes.push(write);
                    }
                    let before = revision;
                    let expected = model_write(&mut model, &mut revision, &writes);
                    assert_eq!(store.write_all(writes.clone()).await.map_err(told), expected);
                    if expected.is_ok() {
                        let (mut state, mut at) = (states.last().unwrap().clone(), before);
                        for write in &writes {
                            model_write(&mut state, &mut at, std::slice::from_ref(write)).unwrap();
                            states.push(state.clone());
                        }
                    }
                }
            }
        }
        store.close().await;
    });
}

impl Draft {
    fn resolve(&self, model: &Model) -> Write {
        let key = format!("key-{}", self.key);
        let expect = match self.guess {
            Guess::Right => model.get(&key).map_or(Expect::Absent, |(revision, _)| Expect::At(*revision)),
            Guess::Absent => Expect::Absent,
            Guess::Revision(revision) => Expect::At(revision),
        };
        let key = key.into();
        match self.value {
            Some(value) => Write::Put { key, value: Bytes::from(vec![value; usize::from(value)]), expect },
            None => Write::Delete { key, expect },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_store_is_a_map_with_a_history(steps in steps(), history_events in 0..40usize) {
        run(&steps, history_events);
    }
}
