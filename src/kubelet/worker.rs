//! One pod's worker: observe, plan, execute, tell; then sleep until something happens to the pod.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::Pod;

use crate::admission;
use crate::backoff::Backoffs;
use crate::kubelet::Shared;
use crate::mailbox::{Mail, Mailbox};
use crate::observation::{Observation, Observer, State};
use crate::plan::{self, Health, Snapshot, plan};
use crate::pod;
use crate::probe::Probes;
use crate::pull::Pulls;
use crate::status::{self, Inputs};
use crate::status_writer::StatusWriter;

/// How long an error waits before the next attempt, unless something happens to the pod earlier.
pub(crate) const RETRY: SignedDuration = SignedDuration::from_secs(10);
/// How long the runtime's own books may lag behind its exit events.
const LAG: Duration = Duration::from_secs(2);

/// Why a container did not start: for its status, until the next attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StartError {
    pub reason: String,
    pub message: String,
    pub retry_at: Timestamp,
}

/// The state of one pod's worker between two looks.
pub struct Worker {
    pub(crate) shared: Arc<Shared>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) pod: Arc<Pod>,
    pub(crate) observation: Observation,
    pub(crate) backoffs: Backoffs,
    pub(crate) pulls: Pulls,
    pub(crate) errors: BTreeMap<String, StartError>,
    pub(crate) probes: Probes,
    /// Host path by volume name, once they are set up.
    pub(crate) volumes: Option<BTreeMap<String, PathBuf>>,
    pub(crate) volumes_stale: bool,
    pub(crate) volume_failures: u32,
    pub(crate) volume_retry: Option<Timestamp>,
    pub(crate) volume_refresh: Option<Timestamp>,
    pub(crate) sandbox_retry: Option<Timestamp>,
    /// Termination messages by container id.
    pub(crate) messages: BTreeMap<String, String>,
    pub(crate) failure: Option<(String, String)>,
    pub(crate) finished: bool,
    observer: Observer,
    expected_exits: Vec<String>,
    writer: StatusWriter,
    started: Timestamp,
    admitted: bool,
    torn_down: bool,
}

impl Worker {
    pub fn new(shared: Arc<Shared>, mailbox: Arc<Mailbox>) -> Self {
        let pod = mailbox.desired();
        let known_start = pod.status.as_ref().and_then(|status| status.start_time.as_ref()).map(|time| time.0);
        Self {
            writer: StatusWriter::start(shared.clone()),
            probes: Probes::new(shared.clone(), mailbox.clone()),
            pulls: Pulls::default(),
            observer: Observer::default(),
            observation: Observation::default(),
            backoffs: Backoffs::default(),
            errors: BTreeMap::new(),
            volumes: None,
            volumes_stale: true,
            volume_failures: 0,
            volume_retry: None,
            volume_refresh: None,
            sandbox_retry: None,
            messages: BTreeMap::new(),
            failure: None,
            finished: pod::is_finished(&pod),
            expected_exits: Vec::new(),
            started: known_start.unwrap_or_else(Timestamp::now),
            admitted: false,
            torn_down: false,
            shared,
            mailbox,
            pod,
        }
    }

    /// Returns when the pod has gone from this node and from the API server.
    pub async fn run(mut self) {
        loop {
            let mail = self.mailbox.take();
            self.take_note(mail);
            if self.mailbox.is_ending() {
                return self.end().await;
            }
            let wake_at = match self.sync().await {
                Ok(wake_at) => wake_at,
                Err(error) => {
                    tracing::warn!(pod = pod::full_name(&self.pod), %error, "looking at a pod's containers");
                    Some(Timestamp::now() + SignedDuration::from_secs(1))
                }
            };
            let sleep = async {
                match wake_at {
                    Some(at) => tokio::time::sleep(until(at)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! { () = self.mailbox.arrived() => {} () = sleep => {} }
        }
    }

    fn take_note(&mut self, mail: Mail) {
        self.expected_exits.extend(mail.exited);
        if mail.dependencies {
            self.volumes_stale = true;
            // What was missing may be there now.
            self.volume_retry = None;
            self.errors.retain(|_, error| error.reason != "CreateContainerConfigError");
        }
        if mail.updated {
            let pod = self.mailbox.desired();
            let meta = |pod: &Pod| (pod.metadata.labels.clone(), pod.metadata.annotations.clone());
            self.volumes_stale |= meta(&pod) != meta(&self.pod);
            self.pod = pod;
        }
    }

    /// One look and what follows from it; says when to look again at the latest.
    async fn sync(&mut self) -> cri::Result<Option<Timestamp>> {
        self.observe().await?;
        if self.finished {
            self.rest().await;
            return Ok(None);
        }
        if !self.admitted && !self.admit() {
            self.tell();
            return Ok(None);
        }
        let mut turns = 0;
        loop {
            let now = Timestamp::now();
            if self.is_over_deadline(now) {
                self.fail("DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
                self.stop_all(pod::grace_seconds(&self.pod)).await;
                self.observe().await?;
                self.tell();
                self.rest().await;
                return Ok(None);
            }
            self.refresh_volumes(now).await;
            let health = self.health();
            let snapshot = Snapshot { pod: &self.pod, observation: &self.observation, health: &health, backoffs: &self.backoffs };
            let plan = plan(snapshot, now);
            if self.pod.status.as_ref().is_none_or(|status| status.start_time.is_none()) && plan.create_sandbox.is_some() {
                self.tell();
            }
            let acted = self.execute(&plan, now).await?;
            if acted {
                self.observe().await?;
            }
            if plan.finished {
                self.finished = true;
                self.tell();
                self.rest().await;
                return Ok(None);
            }
            self.note_back_off(&plan);
            self.tell();
            turns += 1;
            let again = acted && (!plan.kill.is_empty() || !self.is_settled(&plan));
            if !again || turns > 5 || self.mailbox.is_ending() {
                return Ok(self.wake_at(&plan));
            }
        }
    }

    /// Whether what was started is all that is to start now.
    fn is_settled(&self, plan: &plan::Plan) -> bool {
        plan.start.iter().all(|start| start.role == pod::Role::App)
    }

    async fn observe(&mut self) -> cri::Result<()> {
        let deadline = tokio::time::Instant::now() + LAG;
        let mut wait = Duration::from_millis(1);
        loop {
            self.observation = self.observer.observe(self.shared.engine.as_ref(), pod::uid(&self.pod)).await?;
            let observation = &self.observation;
            let lags = |id: &String| {
                observation.containers.iter().any(|container| container.id == *id && container.state == State::Running)
                    || observation.sandboxes.iter().any(|sandbox| sandbox.id == *id && sandbox.ready)
            };
            if !self.expected_exits.iter().any(lags) || tokio::time::Instant::now() > deadline {
                break;
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(Duration::from_millis(50));
        }
        self.expected_exits.clear();
        let uid = pod::uid(&self.pod);
        for id in self.observation.containers.iter().map(|container| &container.id) {
            self.shared.own(id, uid);
        }
        for id in self.observation.sandboxes.iter().map(|sandbox| &sandbox.id) {
            self.shared.own(id, uid);
        }
        self.read_termination_messages();
        Ok(())
    }

    fn read_termination_messages(&mut self) {
        let observation = &self.observation;
        self.messages.retain(|id, _| observation.containers.iter().any(|container| &container.id == id));
        for container in observation.containers.iter().filter(|container| container.state == State::Exited) {
            if !self.messages.contains_key(&container.id) {
                let message = crate::termination_message::read(&self.shared.config, &self.pod, container);
                self.messages.insert(container.id.clone(), message);
            }
        }
    }

    /// Whether the node takes the pod. One that already has containers was taken before.
    fn admit(&mut self) -> bool {
        self.admitted = true;
        if !self.observation.sandboxes.is_empty() {
            return self.shared.admit(&self.pod, |_| Ok::<(), ()>(())).is_ok();
        }
        match admission::check(&self.shared, &self.pod) {
            Ok(()) => true,
            Err(rejection) => {
                self.event("Warning", &rejection.reason, &rejection.message);
                self.failure = Some((rejection.reason, format!("Pod was rejected: {}", rejection.message)));
                self.finished = true;
                false
            }
        }
    }
    fn fail(&mut self, reason: &str, message: &str) {
        self.event("Normal", reason, message);
        self.failure = Some((reason.to_owned(), message.to_owned()));
        self.finished = true;
    }
    fn is_over_deadline(&self, now: Timestamp) -> bool {
        self.deadline().is_some_and(|deadline| deadline <= now)
    }
    fn deadline(&self) -> Option<Timestamp> {
        let seconds = pod::spec(&self.pod).active_deadline_seconds?;
        Some(self.started + SignedDuration::from_secs(seconds))
    }

    pub(crate) fn health(&mut self) -> BTreeMap<String, Health> {
        self.probes.follow(&self.pod, &self.observation)
    }

    /// One Event for each new back-off.
    fn note_back_off(&mut self, plan: &plan::Plan) {
        for (name, words) in &plan.backing_off {
            let retry_at = plan.requeue_at.unwrap_or_else(|| Timestamp::now() + RETRY);
            let error = StartError { reason: "CrashLoopBackOff".to_owned(), message: words.clone(), retry_at };
            if self.errors.get(name).is_none_or(|known| known.reason != error.reason || known.message != error.message) {
                let message = format!("Back-off restarting failed container {name} in pod {}", pod::full_name(&self.pod));
                self.container_event(name, "Warning", "BackOff", &message);
            }
            self.errors.insert(name.clone(), error);
        }
        let waits = |name: &str| plan.start.iter().any(|start| start.name == name);
        self.errors.retain(|name, error| plan.backing_off.contains_key(name) || (error.reason != "CrashLoopBackOff" && waits(name)));
    }

    /// Computes the status and hands it to the writer.
    pub(crate) fn tell(&mut self) {
        let health = self.health();
        let waiting = self.errors.iter().map(|(name, error)| (name.clone(), (error.reason.clone(), error.message.clone()))).collect();
        let status = status::status(Inputs {
            pod: &self.pod,
            observation: &self.observation,
            health: &health,
            waiting: &waiting,
            messages: &self.messages,
            node_ips: &self.shared.config.node_ips,
            start_time: self.started,
            finished: self.finished,
            failure: self.failure.as_ref(),
            runtime_name: &self.shared.runtime_name,
            now: Timestamp::now(),
        });
        self.writer.write(&self.pod, status);
    }

    /// Nothing is to run any more: stop what is left, once.
    async fn rest(&mut self) {
        self.probes.stop();
        if self.torn_down {
            return;
        }
        self.torn_down = true;
        if self.observation.running().next().is_some() || self.observation.sandbox().is_some() {
            self.stop_all(pod::grace_seconds(&self.pod)).await;
        }
        self.clear_files().await;
        self.shared.release(pod::uid(&self.pod));
    }

    /// The pod is to go: stop everything, tell how it ended, have it removed from the API server.
    async fn end(mut self) {
        loop {
            if self.observe().await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let was_finished = self.finished;
        self.finished = true;
        loop {
            let grace = if self.mailbox.is_withdrawn() && self.pod.metadata.deletion_timestamp.is_none() {
                pod::spec(&self.pod).termination_grace_period_seconds.unwrap_or(30)
            } else {
                pod::grace_seconds(&self.pod)
            };
            let mailbox = self.mailbox.clone();
            let hurried = tokio::select! {
                () = self.stop_all(grace) => false,
                () = mailbox.ending_within(grace) => true,
            };
            self.pod = self.mailbox.desired();
            if !hurried {
                break;
            }
        }
        while let Err(error) = self.observe().await {
            tracing::warn!(pod = pod::full_name(&self.pod), %error, "looking at a pod's containers");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        self.clear_files().await;
        if !self.mailbox.is_withdrawn() || pod::is_static(&self.pod) {
            if !was_finished {
                self.tell();
            }
            if !pod::is_static(&self.pod) {
                self.writer.delete(&self.pod);
            }
        }
        self.remove_containers().await;
        if pod::is_static(&self.pod) {
            return;
        }
        while !self.mailbox.is_withdrawn() {
            self.mailbox.arrived().await;
        }
    }

    /// The latest moment to look again.
    fn wake_at(&self, plan: &plan::Plan) -> Option<Timestamp> {
        let retries = self.errors.values().map(|error| error.retry_at);
        let others = [plan.requeue_at, self.volume_retry, self.volume_refresh, self.sandbox_retry, self.deadline()];
        // Whatever the reason, a pod is never looked at without a pause.
        let soonest = Timestamp::now() + SignedDuration::from_millis(50);
        retries.chain(others.into_iter().flatten()).min().map(|at| at.max(soonest))
    }

    pub(crate) fn event(&self, kind: &str, reason: &str, message: &str) {
        self.shared.recorder.event(&pod::reference(&self.pod), kind, reason, message);
    }
    pub(crate) fn container_event(&self, container: &str, kind: &str, reason: &str, message: &str) {
        self.shared.recorder.event(&pod::container_reference(&self.pod, container), kind, reason, message);
    }
}

/// How long until a moment; nothing for one that is over.
pub(crate) fn until(at: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default()
}
