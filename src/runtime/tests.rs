//! Informers and the executor against a simulated server.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ConfigMap;
use tokio_util::sync::CancellationToken;

use crate::simulated_server::SimulatedServer;
use crate::*;

/// Waits for a condition; paused time makes the wait free.
async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    for _ in 0..20_000 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

fn value(informer: &Informer<ConfigMap>, name: &str) -> Option<String> {
    informer.get("n", name)?.data.as_ref()?.get("value").cloned()
}

#[tokio::test(start_paused = true)]
async fn an_informer_follows_and_resumes_without_a_new_list() {
    let server = SimulatedServer::new(Duration::ZERO);
    server.put("a", "1");
    let informers = Informers::new(server.client());
    let informer = informers.of::<ConfigMap>();
    informer.synced().await;
    assert_eq!(value(&informer, "a").as_deref(), Some("1"));
    server.put("a", "2");
    server.put("b", "1");
    eventually("b comes", || value(&informer, "b").is_some()).await;
    for round in 0..5 {
        server.cut();
        server.put("a", &format!("cut {round}"));
        server.delete("b");
        server.put("c", &round.to_string());
        eventually("the watch goes on", || value(&informer, "c") == Some(round.to_string())).await;
        assert_eq!((value(&informer, "a"), value(&informer, "b")), (Some(format!("cut {round}")), None));
    }
    assert_eq!(server.requests("GET"), 1, "one list is enough");
    assert!(informers.of::<ConfigMap>().is_synced(), "the same informer is shared");
}

#[tokio::test(start_paused = true)]
async fn history_that_is_gone_is_listed_anew_and_told_as_changes() {
    let server = SimulatedServer::new(Duration::ZERO);
    server.put("stays", "1");
    server.put("goes", "1");
    server.put("changes", "1");
    let informers = Informers::new(server.client());
    let informer = informers.of::<ConfigMap>();
    informer.synced().await;
    let mut changes = informer.subscribe();
    while changes.try_recv().is_some() {}
    // Between two watches everything happens and is forgotten.
    server.cut();
    server.delete("goes");
    server.put("changes", "2");
    server.put("comes", "1");
    server.compact();
    eventually("the list", || value(&informer, "comes").is_some()).await;
    let mut told: Vec<String> = std::iter::from_fn(|| changes.try_recv())
        .map(|change| format!("{} {} {}", change.latest().metadata.name.clone().unwrap(), change.old.is_some(), change.new.is_some()))
        .collect();
    told.sort();
    assert_eq!(told, ["changes true true", "comes false true", "goes true false"]);
    server.put("comes", "2");
    eventually("the watch after it", || value(&informer, "comes").as_deref() == Some("2")).await;
}

/// Keeps so many config maps.
struct Keeper {
    maps: Informer<ConfigMap>,
    wanted: usize,
}

impl Reconciler for Keeper {
    type Key = Key;
    type Snapshot = Vec<Arc<ConfigMap>>;
    fn name(&self) -> &'static str {
        "keeper"
    }
    fn observe(&self, _key: &Key) -> Option<Self::Snapshot> {
        Some(self.maps.list())
    }
    fn plan(&self, maps: &Self::Snapshot, _now: Timestamp) -> Plan {
        let mut map = ConfigMap::default();
        map.metadata.namespace = Some("n".to_owned());
        let mut actions: Vec<Action> = (maps.len()..self.wanted).map(|_| Action::create(map.clone())).collect();
        actions.extend(maps.iter().skip(self.wanted).map(|map| Action::delete(&**map)));
        Plan { actions, requeue_at: None }
    }
}

fn keep(server: &SimulatedServer, wanted: usize, stop: &CancellationToken) -> (Informer<ConfigMap>, tokio::task::JoinHandle<()>) {
    let informers = Informers::new(server.client());
    let maps = informers.of::<ConfigMap>();
    let queue = Queue::new();
    let (following, mut changes) = (queue.clone(), maps.subscribe());
    let context = Context { recorder: Recorder::new(server.client(), "keeper"), informers, clock: Arc::new(SystemClock), workers: 4 };
    let keeper = Keeper { maps: maps.clone(), wanted };
    let stop = stop.clone();
    let ready = maps.clone();
    let running = tokio::spawn(async move {
        ready.synced().await;
        queue.add(Key::new("n", "all"));
        let follower = tokio::spawn(async move {
            loop {
                changes.recv().await;
                following.add(Key::new("n", "all"));
            }
        });
        run(keeper, queue, context, stop).await;
        follower.abort();
    });
    (maps, running)
}

#[tokio::test(start_paused = true)]
async fn nothing_is_planned_on_a_state_older_than_ones_own_writes() {
    // Each event arrives late, and each wakes the key: a plan on the caches as they are would create too many.
    let server = SimulatedServer::new(Duration::from_millis(50));
    let stop = CancellationToken::new();
    let (maps, running) = keep(&server, 30, &stop);
    eventually("all are made", || maps.len() == 30).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!((server.names().len(), server.requests("POST"), server.requests("DELETE")), (30, 30, 0));
    for name in server.names().iter().take(7) {
        server.delete(name);
    }
    eventually("they are made again", || server.requests("POST") == 37).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!((server.names().len(), server.requests("POST")), (30, 37));
    for name in ["x", "y", "z"] {
        server.put(name, "too many");
    }
    eventually("the surplus goes", || server.names().len() == 30).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!((server.requests("POST"), server.requests("DELETE")), (37, 3));
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_is_tried_with_one_request_at_a_time() {
    let server = SimulatedServer::new(Duration::ZERO);
    server.refuse(true);
    let stop = CancellationToken::new();
    let (maps, running) = keep(&server, 100, &stop);
    tokio::time::sleep(Duration::from_secs(20)).await;
    let tried = server.requests("POST /api/v1/namespaces/n/configmaps");
    assert!((5..20).contains(&tried), "{tried} attempts in 20 s");
    server.refuse(false);
    eventually("all are made", || maps.len() == 100).await;
    stop.cancel();
    running.await.unwrap();
}
