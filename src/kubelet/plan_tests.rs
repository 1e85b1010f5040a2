//! Plans: order of init containers, restarts by policy, back-off, sandboxes, the end.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::backoff::Backoffs;
use crate::observation::{Observation, Observed, Sandbox, State};
use crate::plan::{Health, Plan, Snapshot, plan};
use crate::testing::pod;

const NOW: i64 = 1_000_000;

/// `sb0` or `sb0!` (not ready), then containers: `a=run`, `a=exit1`, `a=new`, `a#3=run` for the fourth attempt, `a@sb0=..` for another sandbox.
fn observation(text: &str) -> Observation {
    let mut found = Observation::default();
    for (order, word) in text.split_whitespace().enumerate() {
        let Some((left, state)) = word.split_once('=') else {
            let id = word.trim_end_matches('!').to_owned();
            let attempt = id[2..].parse().unwrap();
            let ready = !word.ends_with('!');
            found.sandboxes.insert(0, Sandbox { id, attempt, ready, created_at: attempt.into(), ips: vec!["10.244.0.2".into()] });
            continue;
        };
        let (left, sandbox) = left.split_once('@').unwrap_or((left, ""));
        let (name, attempt) = left.split_once('#').unwrap_or((left, "0"));
        let exit_code = state.strip_prefix("exit").map_or(0, |code| code.parse().unwrap());
        let state = match state {
            "run" => State::Running,
            "new" => State::Created,
            "lost" => State::Unknown,
            _ => State::Exited,
        };
        let newest = found.sandboxes.first().map(|sandbox| sandbox.id.clone()).unwrap_or_default();
        found.containers.insert(
            0,
            Observed {
                id: format!("{name}-{attempt}"),
                name: name.to_owned(),
                sandbox: if sandbox.is_empty() { newest } else { sandbox.to_owned() },
                attempt: attempt.parse().unwrap(),
                state,
                created_at: i64::try_from(order).unwrap() + 1,
                started_at: 1,
                finished_at: NOW * 1_000_000_000,
                exit_code,
                reason: String::new(),
                message: String::new(),
                image: String::new(),
                image_id: String::new(),
                log_path: String::new(),
                user: None,
                hash: String::new(),
            },
        );
    }
    found
}

/// The plan in short: `stop finish sandbox1 kill:a start:a#1 wait:a`.
fn words(plan: &Plan) -> String {
    let mut words = Vec::new();
    words.extend(plan.stop_all.then(|| "stop".to_owned()));
    words.extend(plan.finished.then(|| "finish".to_owned()));
    words.extend(plan.create_sandbox.map(|attempt| format!("sandbox{attempt}")));
    words.extend(plan.kill.iter().map(|kill| format!("kill:{}", kill.id)));
    words.extend(plan.start.iter().map(|start| format!("start:{}#{}", start.name, start.attempt)));
    words.extend(plan.backing_off.keys().map(|name| format!("wait:{name}")));
    words.join(" ")
}

fn plan_of(spec: &str, observed: &str, health: &BTreeMap<String, Health>, backoffs: &Backoffs) -> Plan {
    let pod = pod(spec);
    let observation = observation(observed);
    plan(Snapshot { pod: &pod, observation: &observation, health, backoffs }, Timestamp::from_second(NOW).unwrap())
}

fn check(spec: &str, observed: &str, expected: &str) {
    let plan = plan_of(spec, observed, &BTreeMap::new(), &Backoffs::default());
    assert_eq!(words(&plan), expected, "{spec} with {observed:?}");
}

const TWO: &str = "containers: [{name: a}, {name: b}]";
const INIT: &str = "{initContainers: [{name: i}, {name: j}], containers: [{name: a}]}";
const SIDECAR: &str = "{initContainers: [{name: s, restartPolicy: Always}, {name: i}], containers: [{name: a}], restartPolicy: Never}";

#[test]
fn a_new_pod() {
    check(TWO, "", "sandbox0 start:a#0 start:b#0");
    check(INIT, "", "sandbox0 start:i#0");
    check(TWO, "sb0", "start:a#0 start:b#0");
    check(TWO, "sb0 a=run", "start:b#0");
    check(TWO, "sb0 a=run b=run", "");
}

#[test]
fn init_containers_in_order() {
    check(INIT, "sb0", "start:i#0");
    check(INIT, "sb0 i=run", "");
    check(INIT, "sb0 i=exit0", "start:j#0");
    check(INIT, "sb0 i=exit1", "start:i#1");
    check(INIT, "sb0 i=exit0 j=exit0", "start:a#0");
    check(INIT, "sb0 i=exit0 j=exit0 a=run", "");
    // Init containers that were cleared away are done when a container has run after them.
    check(INIT, "sb0 a=exit1", "start:a#1");
    check(&INIT.replace("{initC", "{restartPolicy: Never, initC"), "sb0 i=exit1", "stop finish");
}

#[test]
fn sidecars() {
    check(SIDECAR, "sb0 s=run", "start:i#0");
    check(SIDECAR, "sb0 s=run i=exit0", "start:a#0");
    check(SIDECAR, "sb0 s=exit0 i=exit0 a=run", "start:s#1");
    check(SIDECAR, "sb0 s=run i=exit0 a=exit0", "stop finish");
    check(SIDECAR, "sb0 s=run i=exit1", "stop finish");
    let starting = BTreeMap::from([("s-0".to_owned(), Health { started: false, ..Health::default() })]);
    assert_eq!(words(&plan_of(SIDECAR, "sb0 s=run", &starting, &Backoffs::default())), "");
}

#[test]
fn restart_policies() {
    let with = |policy: &str| format!("{{containers: [{{name: a}}], restartPolicy: {policy}}}");
    check(&with("Always"), "sb0 a=exit0", "start:a#1");
    check(&with("OnFailure"), "sb0 a=exit0", "stop finish");
    check(&with("OnFailure"), "sb0 a#3=exit2", "start:a#4");
    check(&with("Never"), "sb0 a=exit2", "stop finish");
    check("{containers: [{name: a}, {name: b}], restartPolicy: Never}", "sb0 a=exit2 b=run", "");
}

#[test]
fn a_lost_sandbox() {
    check(TWO, "sb0! a=exit137 b=exit137", "stop sandbox1 start:a#1 start:b#1");
    check(INIT, "sb0! i=exit0 j=exit0 a=exit137", "stop sandbox1 start:i#1");
    check("{containers: [{name: a}], restartPolicy: Never}", "sb0! a=exit0", "stop finish");
    check("{containers: [{name: a}], restartPolicy: OnFailure}", "sb0! a=exit0", "stop finish");
    check("{containers: [{name: a}], restartPolicy: OnFailure}", "sb0! a=exit1", "stop sandbox1 start:a#1");
    // After a new sandbox the old attempt does not count as running here.
    check(TWO, "sb0! a@sb0=exit137 b@sb0=exit137 sb1", "start:a#1 start:b#1");
    check(TWO, "sb0 sb1", "stop sandbox2 start:a#0 start:b#0");
}

#[test]
fn created_but_never_started() {
    check("containers: [{name: a}]", "sb0 a=new", "kill:a-0 start:a#1");
}

#[test]
fn back_off_after_the_second_crash() {
    let spec = "containers: [{name: a}]";
    let now = Timestamp::from_second(NOW).unwrap();
    let mut backoffs = Backoffs::default();
    backoffs.next("a", now, now);
    let plan = plan_of(spec, "sb0 a#1=exit1", &BTreeMap::new(), &backoffs);
    assert_eq!(words(&plan), "wait:a");
    assert_eq!(plan.backing_off["a"], "back-off 10s restarting failed container=a pod=p_default(uid-1)");
    assert_eq!(plan.requeue_at, Some(now + SignedDuration::from_secs(10)));
}

#[test]
fn probes_kill() {
    let check = |spec: &str, health: Health, message: &str| {
        let plan = plan_of(spec, "sb0 a=run", &BTreeMap::from([("a-0".to_owned(), health)]), &Backoffs::default());
        assert_eq!(plan.kill.iter().map(|kill| kill.message.as_str()).collect::<Vec<_>>(), [message]);
    };
    let dead = Health { live: false, ..Health::default() };
    check("containers: [{name: a}]", dead, "Container a failed liveness probe, will be restarted");
    check("{containers: [{name: a}], restartPolicy: Never}", dead, "Container a failed liveness probe");
    let late = Health { startup_failed: true, started: false, ..Health::default() };
    check("containers: [{name: a}]", late, "Container a failed startup probe, will be restarted");
}
