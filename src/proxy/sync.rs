//! The loop that keeps the table like the cluster: woken by changes, many of them at once handled as one.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::{Node, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use runtime::{Backoff, Change, Changes, Informer, Informers, Key};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::endpoints::Place;
use crate::nft::Error;
use crate::ruleset::{Ruleset, transaction};
use crate::skeleton::skeleton;
use crate::snapshot::{HostPort, Snapshot};
use crate::{Config, conntrack, nft, observe, rules};

/// How long further changes are waited for after the first: what belongs together arrives together.
const GATHER: Duration = Duration::from_millis(2);
/// Waits between attempts while the packet filter refuses.
const FIRST_RETRY: Duration = Duration::from_millis(200);
const LAST_RETRY: Duration = Duration::from_secs(30);

/// Keeps this node's services until `shutdown`; the rules then stay, so that connections go on. `pods` are those of this node, for their host ports: more do no harm.
///
/// The first synchronization replaces whatever an earlier run left, in one step. Fails only when the configuration is no good; what the packet filter refuses is logged and tried again.
pub async fn run(informers: Informers, pods: Informer<Pod>, config: Config, shutdown: CancellationToken) -> Result<(), Error> {
    for (field, value) in [("pod CIDR", &config.pod_cidr), ("service CIDR", &config.service_cidr)] {
        if observe::ipv4_range(value).is_none() {
            return Err(Error::Range { field, value: value.clone() });
        }
    }
    let mut watch = Watch::new(&informers, &pods, &config.node);
    tokio::select! {
        () = shutdown.cancelled() => return Ok(()),
        () = watch.synced(&pods) => {}
    }
    allow_local_sources(&config);
    let mut filter = Filter { config, applied: None };
    let mut backoff = Backoff::new(FIRST_RETRY, LAST_RETRY, 0.1);
    watch.drain();
    loop {
        let started = Instant::now();
        let snapshot = watch.snapshot();
        let retry = match filter.synchronize(snapshot).await {
            Ok(()) => {
                backoff.reset();
                None
            }
            Err(error) => {
                let wait = backoff.next();
                tracing::error!(%error, ?wait, "services of this node are not up to date");
                Some(started + wait)
            }
        };
        // never busy for more than half of the time, however fast changes arrive
        let earliest = Instant::now() + started.elapsed();
        loop {
            let failed = async {
                match retry {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                changed = watch.changed() => if changed { break },
                () = failed => break,
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep_until(earliest.max(Instant::now() + GATHER)) => {}
        }
        watch.drain();
    }
}

/// The packet filter with what is known to be in it.
pub(crate) struct Filter {
    pub config: Config,
    /// What was applied last; `None` while that is unknown.
    pub applied: Option<(Snapshot, Ruleset)>,
}

impl Filter {
    /// Makes the table what the snapshot asks for: by the difference where its content is known, from nothing where it is not or the difference is refused.
    pub(crate) async fn synchronize(&mut self, snapshot: Snapshot) -> Result<(), Error> {
        let table = self.config.table();
        let wanted = rules(&snapshot, &self.config);
        let mut done = false;
        if let Some((_, applied)) = self.applied.take_if(|(_, applied)| *applied != wanted) {
            match nft::apply(&transaction(&table, &applied, &wanted)).await {
                Ok(()) => done = true,
                // somebody flushed or changed our table
                Err(error) => tracing::warn!(%error, "the table of services was changed by others and is written anew"),
            }
        } else if let Some((known, _)) = &mut self.applied {
            *known = snapshot;
            return Ok(());
        }
        if !done {
            let commands = skeleton(&self.config) + &transaction(&table, &Ruleset::default(), &wanted);
            nft::apply(&commands).await?;
        }
        conntrack::forget_unserved(&snapshot).await;
        self.applied = Some((snapshot, wanted));
        Ok(())
    }
}

/// The caches and what changed in them.
struct Watch {
    node: String,
    services: Informer<Service>,
    slices: Informer<EndpointSlice>,
    nodes: Informer<Node>,
    service_changes: Changes<Service>,
    slice_changes: Changes<EndpointSlice>,
    pod_changes: Changes<Pod>,
    node_changes: Changes<Node>,
    place: Place,
    host_ports: HashMap<Key, Vec<HostPort>>,
}

impl Watch {
    fn new(informers: &Informers, pods: &Informer<Pod>, node: &str) -> Watch {
        let (services, slices, nodes) = (informers.of::<Service>(), informers.of::<EndpointSlice>(), informers.of::<Node>());
        Watch {
            node: node.to_owned(),
            service_changes: services.subscribe(),
            slice_changes: slices.subscribe(),
            pod_changes: pods.subscribe(),
            node_changes: nodes.subscribe(),
            services,
            slices,
            nodes,
            place: observe::place(node, None),
            host_ports: HashMap::new(),
        }
    }

    async fn synced(&self, pods: &Informer<Pod>) {
        tokio::join!(self.services.synced(), self.slices.synced(), self.nodes.synced(), pods.synced());
    }

    /// Waits for one change and answers whether it means anything here.
    async fn changed(&mut self) -> bool {
        tokio::select! {
            change = self.service_changes.recv() => service_matters(&change),
            _ = self.slice_changes.recv() => true,
            change = self.pod_changes.recv() => self.note_pod(&change),
            change = self.node_changes.recv() => self.note_node(&change),
        }
    }

    /// Takes in all changes that wait already.
    fn drain(&mut self) {
        while self.service_changes.try_recv().is_some() {}
        while self.slice_changes.try_recv().is_some() {}
        while let Some(change) = self.pod_changes.try_recv() {
            self.note_pod(&change);
        }
        while let Some(change) = self.node_changes.try_recv() {
            self.note_node(&change);
        }
    }

    fn note_pod(&mut self, change: &Change<Pod>) -> bool {
        let key = Key::of(&change.latest().metadata);
        let of_node = |pod: &&Arc<Pod>| pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()) == Some(&self.node);
        let ports = change.new.as_ref().filter(of_node).map(|pod| observe::host_ports(pod)).unwrap_or_default();
        let before = if ports.is_empty() { self.host_ports.remove(&key) } else { self.host_ports.insert(key, ports.clone()) };
        before.unwrap_or_default() != ports
    }

    fn note_node(&mut self, change: &Change<Node>) -> bool {
        if change.latest().metadata.name.as_deref() != Some(&self.node) {
            return false;
        }
        let place = observe::place(&self.node, change.new.as_deref());
        std::mem::replace(&mut self.place, place) != self.place
    }

    fn snapshot(&self) -> Snapshot {
        let mut host_ports: Vec<HostPort> = self.host_ports.values().flatten().cloned().collect();
        host_ports
            .sort_by(|left, right| (&left.namespace, &left.pod, left.host_port).cmp(&(&right.namespace, &right.pod, right.host_port)));
        observe::observe(&self.services.list(), &self.slices.list(), host_ports, &self.place)
    }
}

/// A service is written for many reasons that are none of the packet filter's.
fn service_matters(change: &Change<Service>) -> bool {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => old.spec != new.spec || old.status != new.status || old.metadata.labels != new.metadata.labels,
        _ => true,
    }
}

/// Lets translated connections from 127.0.0.1 leave towards the pods of this node, so that node ports answer there too.
fn allow_local_sources(config: &Config) {
    let Some(bridge) = &config.bridge else { return };
    let setting = format!("/proc/sys/net/ipv4/conf/{bridge}/route_localnet");
    if let Err(error) = std::fs::write(&setting, "1") {
        tracing::warn!(%error, %setting, "node ports will not answer on 127.0.0.1");
    }
}
