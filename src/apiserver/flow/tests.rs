use std::collections::HashMap;
use std::sync::Arc;

use http::Method;
use store::{Sink, Snapshot};

use super::configuration::{Configuration, Level};
use super::queues::{Entry, Queues, Refusal, Seat};
use super::*;
use crate::cache::{Cache, encode};
use crate::encryption::Encryption;
use crate::request::Query;

fn upstreams() -> Flow {
    let (cache, mut sink) = Cache::new(Arc::default());
    cache.seed(Snapshot { entries: Vec::new(), history: Vec::new(), revision: 0, compacted: 0 }, &Encryption::default()).unwrap();
    for (index, (kind, mut object)) in defaults::objects().into_iter().enumerate() {
        let resource = cache.resource(&kind.group, &kind.plural);
        let key = resource.key("", object.meta().name.as_deref().unwrap());
        let value = Some(encode(kind, object.as_mut()));
        sink.apply(&[store::Event { key, revision: index as u64 + 1, value, previous: None }]);
    }
    Flow::new(&cache, SEATS)
}

#[test]
fn requests_go_where_upstream_sends_them() {
    let flow = upstreams();
    let check = |user: UserInfo, method: Method, path: &str, expected: (&str, &str, &str)| {
        let got = flow.classify(&user, &RequestInfo::new(&method, path, &Query::default()));
        assert_eq!((&*got.schema, &*got.level, got.distinguisher.as_str()), expected, "{path}");
    };
    let node = || UserInfo::new("system:node:a", &["system:nodes"]);
    let account = |namespace: &str| {
        let group = format!("system:serviceaccounts:{namespace}");
        UserInfo::new(&format!("system:serviceaccount:{namespace}:x"), &["system:serviceaccounts", &group])
    };
    check(UserInfo::administrator(), Method::GET, "/api/v1/pods", ("exempt", "exempt", ""));
    check(UserInfo::anonymous(), Method::GET, "/readyz", ("probes", "exempt", ""));
    check(node(), Method::GET, "/api/v1/nodes/a", ("system-node-high", "node-high", "system:node:a"));
    check(node(), Method::PATCH, "/api/v1/nodes/a/status", ("system-node-high", "node-high", "system:node:a"));
    check(node(), Method::GET, "/api/v1/namespaces/d/pods/p", ("system-nodes", "system", "system:node:a"));
    check(
        UserInfo::new("system:kube-scheduler", &[]),
        Method::PUT,
        "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/l",
        ("system-leader-election", "leader-election", "system:kube-scheduler"),
    );
    check(account("kube-system"), Method::GET, "/api/v1/namespaces/d/pods", ("kube-system-service-accounts", "workload-high", "d"));
    check(account("team"), Method::GET, "/api/v1/namespaces/d/pods", ("service-accounts", "workload-low", "system:serviceaccount:team:x"));
    check(UserInfo::new("jane", &[]), Method::GET, "/api/v1/pods", ("global-default", "global-default", "jane"));
}

fn queues(seats: usize, levels: &[(&str, Level)]) -> Arc<Queues> {
    let queues = Queues::new(seats);
    let levels: HashMap<Arc<str>, Level> = levels.iter().map(|(name, level)| ((*name).into(), level.clone())).collect();
    let mut configuration = Configuration::default();
    configuration.levels = levels;
    queues.configure(&configuration);
    Arc::new(queues)
}

fn level(shares: usize, lendable_percent: usize, queues: usize, queue_length: usize) -> Level {
    Level { uid: "".into(), exempt: false, shares, lendable_percent, borrowing_percent: None, queues, queue_length }
}

fn ask(queues: &Arc<Queues>, level: &str, flow: &str) -> Result<Entry, Refusal> {
    let of =
        Classified { schema: "s".into(), level: level.into(), distinguisher: flow.to_owned(), schema_uid: "".into(), level_uid: "".into() };
    queues.clone().seat(&of)
}

fn seated(queues: &Arc<Queues>, level: &str, flow: &str) -> Seat {
    match ask(queues, level, flow) {
        Ok(Entry::Seated(seat)) => seat,
        _ => panic!("{level} has no seat for {flow}"),
    }
}

fn waiting(queues: &Arc<Queues>, level: &str, flow: &str) -> tokio::sync::oneshot::Receiver<Seat> {
    match ask(queues, level, flow) {
        Ok(Entry::Waiting(waiting)) => waiting,
        _ => panic!("{flow} does not wait in {level}"),
    }
}

#[test]
fn flows_take_turns() {
    let queues = queues(1, &[("l", level(1, 0, 4, 4))]);
    let first = seated(&queues, "l", "greedy");
    let mut greedy = [waiting(&queues, "l", "greedy"), waiting(&queues, "l", "greedy")];
    let mut modest = waiting(&queues, "l", "modest");
    drop(first);
    let second = greedy[0].try_recv().unwrap();
    drop(second);
    let third = modest.try_recv().unwrap();
    assert!(greedy[1].try_recv().is_err());
    drop(third);
    assert!(greedy[1].try_recv().is_ok());
}

#[test]
fn queues_have_limits() {
    let queues = queues(1, &[("l", level(1, 0, 1, 1)), ("none", level(0, 0, 0, 0))]);
    let seat = seated(&queues, "l", "a");
    let gone = waiting(&queues, "l", "a");
    assert!(matches!(ask(&queues, "l", "a"), Err(Refusal::QueueFull)));
    assert!(matches!(ask(&queues, "l", "b"), Err(Refusal::QueueFull)));
    assert!(matches!(ask(&queues, "none", "a"), Err(Refusal::ConcurrencyLimit)));
    // whoever gives up makes room
    drop(gone);
    let mut waits = waiting(&queues, "l", "a");
    drop(seat);
    assert!(waits.try_recv().is_ok());
    assert_eq!(queues.usage().iter().map(|(_, _, busy, waiting)| busy + waiting).sum::<usize>(), 0);
}

#[test]
fn a_level_lends_what_it_does_not_use() {
    let queues = queues(10, &[("a", level(1, 100, 4, 4)), ("b", level(1, 40, 4, 4))]);
    // 5 of its own and 2 that b lends
    let mut seats: Vec<Seat> = (0..7).map(|_| seated(&queues, "a", "x")).collect();
    let mut waits = waiting(&queues, "a", "x");
    // b has all that is its own whatever a took
    let own: Vec<Seat> = (0..5).map(|_| seated(&queues, "b", "y")).collect();
    seats.pop();
    assert!(waits.try_recv().is_err());
    drop(own);
    assert!(waits.try_recv().is_ok());
}
