//! The loop: takes in changes, tries the pods that wait one after the other, and binds aside. One task owns the cluster and the queue, so nothing is
//! locked; only requests run beside it.

use std::sync::Arc;
use std::time::Instant;

use api::ApiError;
use api::labels::Selector;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod, Service};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::storage::v1::StorageClass;
use runtime::{Change, Changes, Informer, Informers, Recorder, reference};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cluster::Cluster;
use crate::decide::{Decision, Refusal, schedule};
use crate::filter::{Plugin, resources};
use crate::pod::PodInfo;
use crate::queue::{Event, Hint, Queue};
use crate::writes;

const NAME: &str = "default-scheduler";
/// Requests at the same time.
const REQUESTS: usize = 64;
/// Decisions before other tasks get their turn.
const DECISIONS_AT_A_STRETCH: usize = 16;

/// Schedules until `stop`.
pub async fn run(informers: Informers, stop: CancellationToken) {
    let mut feeds = Feeds::of(&informers);
    tokio::select! {
        () = stop.cancelled() => return,
        () = feeds.synced() => {}
    }
    let client = informers.client();
    let mut scheduler = Scheduler {
        recorder: Recorder::new(client.clone(), NAME),
        claims: informers.of(),
        client,
        cluster: Cluster::default(),
        queue: Queue::default(),
        requests: JoinSet::new(),
        permits: Arc::new(Semaphore::new(REQUESTS)),
        start: 0,
    };
    let mut decisions = 0;
    while !stop.is_cancelled() {
        while let Some(news) = feeds.try_next() {
            scheduler.take_in(news);
        }
        while let Some(outcome) = scheduler.requests.try_join_next() {
            scheduler.finish(outcome.ok());
        }
        if let Some(pod) = scheduler.queue.pop(Instant::now()) {
            scheduler.try_pod(&pod);
            decisions += 1;
            if decisions % DECISIONS_AT_A_STRETCH == 0 {
                tokio::task::yield_now().await;
            }
            continue;
        }
        let wake = scheduler.queue.next_wake();
        let wake = async {
            match wake {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            news = feeds.next() => scheduler.take_in(news),
            Some(outcome) = scheduler.requests.join_next() => scheduler.finish(outcome.ok()),
            () = wake => {}
            () = stop.cancelled() => break,
        }
    }
}

/// A change of anything that matters.
enum News {
    Node(Change<Node>),
    Pod(Change<Pod>),
    Claim(Change<PersistentVolumeClaim>),
    Volume(Change<PersistentVolume>),
    Class(Change<StorageClass>),
    Namespace(Change<Namespace>),
    Service(Change<Service>),
    Budget(Change<PodDisruptionBudget>),
}

struct Feed<K> {
    informer: Informer<K>,
    changes: Changes<K>,
}

struct Feeds {
    nodes: Feed<Node>,
    pods: Feed<Pod>,
    claims: Feed<PersistentVolumeClaim>,
    volumes: Feed<PersistentVolume>,
    classes: Feed<StorageClass>,
    namespaces: Feed<Namespace>,
    services: Feed<Service>,
    budgets: Feed<PodDisruptionBudget>,
}

fn feed<K: api::Typed + client::Scoped>(informers: &Informers) -> Feed<K> {
    let informer = informers.of::<K>();
    let changes = informer.subscribe();
    Feed { informer, changes }
}

impl Feeds {
    fn of(informers: &Informers) -> Self {
        Self {
            nodes: feed(informers),
            pods: feed(informers),
            claims: feed(informers),
            volumes: feed(informers),
            classes: feed(informers),
            namespaces: feed(informers),
            services: feed(informers),
            budgets: feed(informers),
        }
    }
    async fn synced(&self) {
        self.nodes.informer.synced().await;
        self.pods.informer.synced().await;
        self.claims.informer.synced().await;
        self.volumes.informer.synced().await;
        self.classes.informer.synced().await;
        self.namespaces.informer.synced().await;
        self.services.informer.synced().await;
        self.budgets.informer.synced().await;
    }
    /// Pods come last: what they refer to is then known.
    fn try_next(&mut self) -> Option<News> {
        let node = self.nodes.changes.try_recv().map(News::Node);
        node.or_else(|| self.claims.changes.try_recv().map(News::Claim))
            .or_else(|| self.volumes.changes.try_recv().map(News::Volume))
            .or_else(|| self.classes.changes.try_recv().map(News::Class))
            .or_else(|| self.namespaces.changes.try_recv().map(News::Namespace))
            .or_else(|| self.services.changes.try_recv().map(News::Service))
            .or_else(|| self.budgets.changes.try_recv().map(News::Budget))
            .or_else(|| self.pods.changes.try_recv().map(News::Pod))
    }
    async fn next(&mut self) -> News {
        tokio::select! {
            change = self.nodes.changes.recv() => News::Node(change),
            change = self.pods.changes.recv() => News::Pod(change),
            change = self.claims.changes.recv() => News::Claim(change),
            change = self.volumes.changes.recv() => News::Volume(change),
            change = self.classes.changes.recv() => News::Class(change),
            change = self.namespaces.changes.recv() => News::Namespace(change),
            change = self.services.changes.recv() => News::Service(change),
            change = self.budgets.changes.recv() => News::Budget(change),
        }
    }
}

/// How a request ended that the loop must know of.
enum Outcome {
    Bound { pod: Arc<PodInfo>, node: String, result: Result<(), ApiError> },
    Evicted { preemptor: String, node: String, victim: Arc<PodInfo>, result: Result<(), ApiError> },
    Noted,
}

struct Scheduler {
    client: kube::Client,
    recorder: Recorder,
    claims: Informer<PersistentVolumeClaim>,
    cluster: Cluster,
    queue: Queue,
    requests: JoinSet<Outcome>,
    permits: Arc<Semaphore>,
    start: usize,
}

impl Scheduler {
    fn take_in(&mut self, news: News) {
        match news {
            News::Node(change) => self.take_in_node(&change),
            News::Pod(change) => self.take_in_pod(change),
            News::Claim(change) => {
                keep(&mut self.cluster.claims, change);
                self.wake(Event::Volumes);
            }
            News::Budget(change) => keep(&mut self.cluster.budgets, change),
            News::Volume(change) => {
                keep_by_name(&mut self.cluster.volumes, change);
                self.wake(Event::Volumes);
            }
            News::Class(change) => {
                keep_by_name(&mut self.cluster.classes, change);
                self.wake(Event::Volumes);
            }
            News::Namespace(change) => {
                let name = change.latest().metadata.name.clone().unwrap_or_default();
                match &change.new {
                    Some(namespace) => self.cluster.namespaces.insert(name, namespace.metadata.labels.clone().unwrap_or_default()),
                    None => self.cluster.namespaces.remove(&name),
                };
                self.wake(Event::NamespaceLabels);
            }
            News::Service(change) => {
                let key = key(&change.latest().metadata);
                let selector = change.new.as_ref().and_then(|service| service.spec.as_ref()?.selector.as_ref());
                match selector.filter(|selector| !selector.is_empty()) {
                    Some(selector) => self.cluster.services.insert(key, Selector::from_set(selector)),
                    None => self.cluster.services.remove(&key),
                };
            }
        }
    }

    fn take_in_node(&mut self, change: &Change<Node>) {
        let Some(new) = &change.new else {
            self.cluster.remove_node(change.latest().metadata.name.as_deref().unwrap_or_default());
            self.wake(Event::NodeRemoved);
            return;
        };
        let Some(old) = &change.old else {
            self.cluster.set_node(new);
            self.wake(Event::NodeAdded);
            return;
        };
        let taints = |node: &Node| node.spec.as_ref().and_then(|spec| spec.taints.clone()).unwrap_or_default();
        let cordoned = |node: &Node| node.spec.as_ref().and_then(|spec| spec.unschedulable).unwrap_or_default();
        let resources = |node: &Node| node.status.as_ref().and_then(|status| status.allocatable.clone());
        let differs = [
            (Event::NodeLabels, old.metadata.labels != new.metadata.labels),
            (Event::NodeTaints, taints(old) != taints(new)),
            (Event::NodeUnschedulable, cordoned(old) != cordoned(new)),
            (Event::NodeResources, resources(old) != resources(new)),
        ];
        // most updates are heartbeats
        if differs.iter().any(|(_, differs)| *differs) {
            self.cluster.set_node(new);
            for (event, _) in differs.iter().filter(|(_, differs)| *differs) {
                self.wake(*event);
            }
        }
    }

    fn take_in_pod(&mut self, change: Change<Pod>) {
        let uid = |pod: &Pod| pod.metadata.uid.clone().unwrap_or_default();
        let new = change.new.filter(|pod| !is_over(pod));
        if let Some(old) = change.old.as_ref().filter(|old| new.as_ref().is_none_or(|new| uid(new) != uid(old))) {
            let old = uid(old);
            self.queue.remove(&old);
            if let Some(node) = self.cluster.remove_pod(&old) {
                self.wake_for_room(&node);
            }
        }
        let Some(pod) = new else { return };
        let spec = pod.spec.as_ref();
        if let Some(node) = spec.and_then(|spec| spec.node_name.clone()).filter(|name| !name.is_empty()) {
            self.take_in_placed(change.old.as_ref(), &pod, &node);
            return;
        }
        let name = spec.and_then(|spec| spec.scheduler_name.as_deref()).filter(|name| !name.is_empty()).unwrap_or(NAME);
        let id = uid(&pod);
        if name != NAME || self.cluster.is_assumed(&id) {
            return;
        }
        if pod.metadata.deletion_timestamp.is_some() {
            self.queue.remove(&id);
            self.cluster.withdraw(&id);
            return;
        }
        let info = Arc::new(PodInfo::new(&pod));
        // a nomination from before a restart
        let nominated = info.pod.status.as_ref().and_then(|status| status.nominated_node_name.clone()).filter(|name| !name.is_empty());
        if let Some(node) = nominated.filter(|_| !self.queue.contains(&id)) {
            self.cluster.nominate(info.clone(), &node);
        }
        self.queue.put(info, Instant::now());
    }

    fn take_in_placed(&mut self, old: Option<&Arc<Pod>>, pod: &Arc<Pod>, node: &str) {
        let id = pod.metadata.uid.clone().unwrap_or_default();
        self.queue.remove(&id);
        let confirmed = self.cluster.is_placed(&id) && !self.cluster.is_assumed(&id);
        if confirmed && old.is_some_and(|old| is_same_to_us(old, pod)) {
            return;
        }
        let was_there = self.cluster.is_placed(&id);
        let labels_differ = old.is_some_and(|old| old.metadata.labels != pod.metadata.labels);
        let needs_less = old.is_some_and(|old| old.spec != pod.spec || old.metadata.deletion_timestamp != pod.metadata.deletion_timestamp);
        self.cluster.place(Arc::new(PodInfo::new(pod)), node, false);
        if !was_there {
            self.wake(Event::PodPlaced);
        }
        if labels_differ {
            self.wake(Event::PodLabels);
        }
        if was_there && needs_less {
            self.wake_for_room(node);
        }
    }

    fn wake(&mut self, event: Event) {
        self.queue.wake(event, Instant::now(), |_, _| Hint::Retry);
    }

    /// There is more room on a node. Pods that only lack resources are tried if the room is enough; those that have made it, at once.
    fn wake_for_room(&mut self, node: &str) {
        let cluster = &self.cluster;
        self.queue.wake(Event::PodRemoved, Instant::now(), |pod, helped| {
            if cluster.nomination(&pod.uid).is_some() {
                return Hint::AtOnce;
            }
            let enough = || cluster.node(node).is_none_or(|node| resources(pod, node).is_none());
            if *helped == [Plugin::NodeResourcesFit] && !enough() { Hint::Useless } else { Hint::Retry }
        });
    }

    fn try_pod(&mut self, pod: &Arc<PodInfo>) {
        self.start = self.start.wrapping_add(1);
        match schedule(&self.cluster, pod, self.start) {
            Decision::Place { node, bindings } => {
                self.cluster.place(pod.clone(), &node, true);
                self.wake(Event::PodPlaced);
                let (client, pod, claims) = (self.client.clone(), pod.clone(), self.claims.clone());
                self.request(!bindings.is_empty(), async move {
                    let result = writes::bind(&client, &pod, &node, &bindings, &claims).await;
                    Outcome::Bound { pod, node, result }
                });
            }
            Decision::Refuse(refusal) => self.refuse(pod, refusal),
        }
    }

    fn refuse(&mut self, pod: &Arc<PodInfo>, refusal: Refusal) {
        tracing::debug!(namespace = pod.namespace, pod = pod.name, "no node: {}", refusal.message);
        self.recorder.event(&reference(&*pod.pod), "Warning", "FailedScheduling", &refusal.message);
        if refusal.withdraw {
            self.cluster.withdraw(&pod.uid);
        }
        if let Some(preemption) = &refusal.preemption {
            self.cluster.nominate(pod.clone(), &preemption.node);
        }
        let nominated = self.cluster.nomination(&pod.uid).map(str::to_owned);
        self.queue.refused(&pod.uid, refusal.plugins, Instant::now());
        if let Some(patch) = writes::refusal_patch(pod, "Unschedulable", &refusal.message, nominated.as_deref(), Timestamp::now()) {
            self.note(pod.clone(), patch);
        }
        for victim in refusal.preemption.iter().flat_map(|preemption| &preemption.victims) {
            let (client, victim, preemptor) = (self.client.clone(), victim.clone(), pod.uid.clone());
            let node = nominated.clone().unwrap_or_default();
            self.request(false, async move {
                let result = writes::evict(&client, &victim, Timestamp::now()).await;
                Outcome::Evicted { preemptor, node, victim, result }
            });
        }
    }

    fn note(&mut self, pod: Arc<PodInfo>, patch: serde_json::Value) {
        let client = self.client.clone();
        self.request(false, async move {
            if let Err(error) = writes::patch_status(&client, &pod.namespace, &pod.name, &patch).await
                && error.code() != 404
            {
                tracing::warn!(namespace = pod.namespace, pod = pod.name, "status not written: {error}");
            }
            Outcome::Noted
        });
    }

    /// Runs a request aside. One that waits for volumes does not hold up the others.
    fn request(&mut self, waits: bool, request: impl Future<Output = Outcome> + Send + 'static) {
        let permits = self.permits.clone();
        self.requests.spawn(async move {
            let _permit = if waits { None } else { permits.acquire_owned().await.ok() };
            request.await
        });
    }

    fn finish(&mut self, outcome: Option<Outcome>) {
        match outcome {
            Some(Outcome::Bound { pod, node, result: Ok(()) }) => {
                let message = format!("Successfully assigned {}/{} to {node}", pod.namespace, pod.name);
                self.recorder.event(&reference(&*pod.pod), "Normal", "Scheduled", &message);
            }
            Some(Outcome::Bound { pod, node, result: Err(error) }) => self.unbind(&pod, &node, &error),
            Some(Outcome::Evicted { preemptor, node, victim, result }) => match result {
                Ok(()) => {
                    let message = format!("Preempted by pod {preemptor} on node {node}");
                    self.recorder.event(&reference(&*victim.pod), "Normal", "Preempted", &message);
                }
                Err(error) => {
                    tracing::warn!(namespace = victim.namespace, pod = victim.name, "victim not deleted: {error}");
                    self.cluster.withdraw(&preemptor);
                    self.queue.failed(&preemptor, Instant::now());
                }
            },
            Some(Outcome::Noted) | None => {}
        }
    }

    /// The API server would not have it, or could not be asked.
    fn unbind(&mut self, pod: &Arc<PodInfo>, node: &str, error: &ApiError) {
        // the request may have been carried out all the same
        if !self.cluster.is_assumed(&pod.uid) {
            return;
        }
        self.cluster.remove_pod(&pod.uid);
        self.wake_for_room(node);
        if error.code() == 404 {
            // the pod is gone, which its informer tells; or its node is
            self.queue.failed(&pod.uid, Instant::now());
            return;
        }
        tracing::warn!(namespace = pod.namespace, pod = pod.name, node, "not bound: {error}");
        let message = format!("binding rejected: running Bind plugin \"DefaultBinder\": {error}");
        self.recorder.event(&reference(&*pod.pod), "Warning", "FailedScheduling", &message);
        self.queue.failed(&pod.uid, Instant::now());
        if let Some(patch) = writes::refusal_patch(pod, "SchedulerError", &message, None, Timestamp::now()) {
            self.note(pod.clone(), patch);
        }
    }
}

type ObjectMeta = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

fn key(meta: &ObjectMeta) -> (String, String) {
    (meta.namespace.clone().unwrap_or_default(), meta.name.clone().unwrap_or_default())
}

fn keep<K: api::Typed>(objects: &mut std::collections::HashMap<(String, String), Arc<K>>, change: Change<K>) {
    let key = key(change.latest().metadata());
    match change.new {
        Some(object) => objects.insert(key, object),
        None => objects.remove(&key),
    };
}

fn keep_by_name<K: api::Typed>(objects: &mut std::collections::HashMap<String, Arc<K>>, change: Change<K>) {
    let (_, name) = key(change.latest().metadata());
    match change.new {
        Some(object) => objects.insert(name, object),
        None => objects.remove(&name),
    };
}

/// A pod that has ended needs nothing of its node any more.
fn is_over(pod: &Pod) -> bool {
    matches!(pod.status.as_ref().and_then(|status| status.phase.as_deref()), Some("Succeeded" | "Failed"))
}

/// Whether two states of a placed pod mean the same for scheduling: most updates only tell how its containers are.
fn is_same_to_us(old: &Pod, new: &Pod) -> bool {
    let granted = |pod: &Pod| -> Vec<_> {
        let statuses = pod.status.iter().flat_map(|status| status.container_statuses.iter().flatten());
        statuses.map(|status| status.resources.as_ref().and_then(|resources| resources.requests.clone())).collect()
    };
    old.metadata.labels == new.metadata.labels
        && old.metadata.deletion_timestamp == new.metadata.deletion_timestamp
        && old.spec == new.spec
        && granted(old) == granted(new)
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
