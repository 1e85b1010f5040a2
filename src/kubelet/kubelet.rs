//! What all parts of one kubelet share, and its main loop: desired pods in, runtime events in, one worker a pod.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cri::Happening;
use k8s_openapi::api::core::v1::Pod;
use runtime::{Filter, Informer, Informers, Recorder};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::cgroup::Cgroups;
use crate::config::Config;
use crate::engine::Engine;
use crate::mailbox::Mailbox;
use crate::node::Machine;
use crate::objects::Objects;
use crate::volume::token::Tokens;
use crate::worker::Worker;
use crate::{fields, garbage, log_rotation, node, pod, static_pods};

/// Pulls at a time; more wait.
const PULLS: usize = 4;

/// What keeps a kubelet from starting.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the container runtime: {0}")]
    Runtime(#[from] cri::Error),
    #[error("creating {}: {source}", path.display())]
    Directory { path: std::path::PathBuf, source: std::io::Error },
}

/// One kubelet's common parts.
pub struct Shared {
    pub config: Config,
    pub engine: Arc<dyn Engine>,
    /// `containerd`, as in `containerd://ID`.
    pub runtime_name: String,
    pub client: kube::Client,
    pub recorder: Recorder,
    pub objects: Objects,
    pub pods: Informer<Pod>,
    pub cgroups: Cgroups,
    pub machine: Machine,
    pub tokens: Tokens,
    pub pulls: Semaphore,
    pub prober: crate::probe::Prober,
    /// Told whenever a container has ended.
    pub exits: Notify,
    workers: Mutex<HashMap<String, Arc<Mailbox>>>,
    /// Pod uid by sandbox or container id.
    owners: Mutex<HashMap<String, String>>,
    /// Pods that the node took and that are not finished.
    admitted: Mutex<HashMap<String, Arc<Pod>>>,
}

/// A cheap handle to a kubelet: for its HTTP API.
#[derive(Clone)]
pub struct Handle(pub(crate) Arc<Shared>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub fn facts<'a>(&'a self, pod_ips: &'a [String]) -> fields::Facts<'a> {
        fields::Facts {
            host_ip: self.machine.host_ip.as_str(),
            pod_ips,
            machine_cpu_milli: self.machine.cpu_milli,
            machine_memory: self.machine.memory,
        }
    }
    /// A sandbox or container belongs to a pod: its events go to that worker.
    pub fn own(&self, id: &str, uid: &str) {
        lock(&self.owners).insert(id.to_owned(), uid.to_owned());
    }
    pub fn disown(&self, uid: &str) {
        lock(&self.owners).retain(|_, owner| owner != uid);
    }
    pub fn mailbox(&self, uid: &str) -> Option<Arc<Mailbox>> {
        lock(&self.workers).get(uid).cloned()
    }
    pub fn mailboxes(&self) -> Vec<Arc<Mailbox>> {
        lock(&self.workers).values().cloned().collect()
    }
    /// Pods that this kubelet has a worker for, as desired last.
    pub fn known_pods(&self) -> Vec<Arc<Pod>> {
        self.mailboxes().iter().map(|mailbox| mailbox.desired()).collect()
    }
    /// The pod of this node with that name, static ones too.
    pub fn find_pod(&self, namespace: &str, name: &str) -> Option<Arc<Pod>> {
        let fits = |found: &Arc<Pod>| pod::namespace(found) == namespace && pod::name(found) == name;
        self.known_pods().into_iter().filter(fits).max_by_key(|found| found.metadata.deletion_timestamp.is_none())
    }
    /// Takes a pod in if it fits beside those taken before.
    pub fn admit<E>(&self, pod: &Pod, fits: impl FnOnce(&[&Pod]) -> Result<(), E>) -> Result<(), E> {
        let mut admitted = lock(&self.admitted);
        let others: Vec<&Pod> = admitted.iter().filter(|(uid, _)| *uid != pod::uid(pod)).map(|(_, other)| other.as_ref()).collect();
        fits(&others)?;
        admitted.insert(pod::uid(pod).to_owned(), Arc::new(pod.clone()));
        Ok(())
    }
    /// The pod uses nothing of the node any more.
    pub fn release(&self, uid: &str) {
        lock(&self.admitted).remove(uid);
    }
    /// Starts or informs the worker of a pod.
    pub fn apply(self: &Arc<Self>, pod: Arc<Pod>) {
        let uid = pod::uid(&pod).to_owned();
        let mut workers = lock(&self.workers);
        if let Some(mailbox) = workers.get(&uid) {
            mailbox.update(pod);
            return;
        }
        let mailbox = Arc::new(Mailbox::new(pod));
        workers.insert(uid.clone(), mailbox.clone());
        drop(workers);
        let shared = self.clone();
        tokio::spawn(async move {
            Worker::new(shared.clone(), mailbox).run().await;
            lock(&shared.workers).remove(&uid);
            shared.disown(&uid);
            shared.release(&uid);
            shared.tokens.forget(&uid);
        });
    }
    /// The pod is not wanted any more, by name of its uid.
    pub fn withdraw(&self, uid: &str) {
        if let Some(mailbox) = self.mailbox(uid) {
            mailbox.withdraw();
        }
    }
    fn told(&self, event: &cri::Event) {
        match &event.happening {
            Happening::Relist => self.mailboxes().iter().for_each(|mailbox| mailbox.wake()),
            Happening::Exited { .. } => {
                let owner = lock(&self.owners).get(&event.id).cloned();
                if let Some(mailbox) = owner.and_then(|uid| self.mailbox(&uid)) {
                    mailbox.exited(&event.id);
                }
                self.exits.notify_waiters();
            }
            Happening::OutOfMemory | Happening::Started | Happening::Deleted => {}
        }
    }
}

/// A kubelet that is about to run: make it, serve its [`crate::router`], then [`Kubelet::run`] it.
pub struct Kubelet {
    shared: Arc<Shared>,
    events: tokio::sync::mpsc::Receiver<cri::Event>,
}

impl Kubelet {
    /// Asks the runtime for its name and the machine for its size.
    pub async fn new(config: Config, informers: &Informers, engine: Arc<dyn Engine>) -> Result<Self, Error> {
        for path in [config.root_dir.join("pods"), config.log_dir.join("pods"), config.log_dir.join("containers")] {
            std::fs::create_dir_all(&path).map_err(|source| Error::Directory { path, source })?;
        }
        let version = engine.version().await?;
        let events = engine.events();
        let client = informers.client();
        let pods = if config.in_process {
            informers.of::<Pod>()
        } else {
            informers.filtered(Filter { fields: Some(format!("spec.nodeName={}", config.node_name)), ..Filter::default() })
        };
        let shared = Shared {
            recorder: Recorder::on_host(client.clone(), "kubelet", &config.node_name),
            objects: Objects::new(informers, config.in_process),
            pods,
            cgroups: Cgroups::of_machine(&config.cgroup_root),
            machine: Machine::here(&config, &version),
            tokens: Tokens::default(),
            pulls: Semaphore::new(PULLS),
            prober: crate::probe::Prober::new(),
            exits: Notify::new(),
            workers: Mutex::default(),
            owners: Mutex::default(),
            admitted: Mutex::default(),
            runtime_name: version.runtime_name,
            client,
            engine,
            config,
        };
        Ok(Self { shared: Arc::new(shared), events })
    }
    pub fn handle(&self) -> Handle {
        Handle(self.shared.clone())
    }
    /// Runs until `shutdown`; containers stay as they are.
    pub async fn run(self, shutdown: CancellationToken) {
        let Self { shared, mut events } = self;
        let mut changes = shared.pods.subscribe();
        let background = async {
            tokio::join!(
                node::keep(&shared),
                garbage::keep(&shared),
                log_rotation::keep(&shared),
                static_pods::keep(&shared),
                shared.objects.follow(|dependency| {
                    for mailbox in shared.mailboxes() {
                        if dependency.is_of(&mailbox.desired()) {
                            mailbox.dependency_changed();
                        }
                    }
                }),
            )
        };
        tokio::pin!(background);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = &mut background => return,
                change = changes.recv() => changed(&shared, change),
                event = events.recv() => match event {
                    Some(event) => shared.told(&event),
                    None => return,
                },
            }
        }
    }
}

/// A pod of the API server: of this node, and not the mirror of a static one.
fn changed(shared: &Arc<Shared>, change: runtime::Change<Pod>) {
    let ours = |found: &Arc<Pod>| pod::spec(found).node_name.as_deref() == Some(shared.config.node_name.as_str());
    let old = change.old.filter(|old| ours(old) && !pod::is_mirror(old));
    let new = change.new.filter(ours);
    if let Some(mirror) = new.as_ref().filter(|new| pod::is_mirror(new)) {
        static_pods::mirror_changed(shared, mirror);
        return;
    }
    if let Some(old) = &old
        && new.as_ref().is_none_or(|new| pod::uid(new) != pod::uid(old))
    {
        shared.withdraw(pod::uid(old));
    }
    if let Some(new) = new {
        shared.apply(new);
    }
}

/// Makes and runs a kubelet; see [`Kubelet`].
pub async fn run(config: Config, informers: Informers, engine: Arc<dyn Engine>, shutdown: CancellationToken) -> Result<(), Error> {
    let kubelet = Kubelet::new(config, &informers, engine).await?;
    Box::pin(kubelet.run(shutdown)).await;
    Ok(())
}
