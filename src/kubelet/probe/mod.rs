//! Probes: one task a probe of a running container, each on its own period; what they find out wakes the pod's worker when it changes.

mod exec;
mod grpc;
pub mod http;
mod tcp;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use k8s_openapi::api::core::v1::{Container, Pod, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use tokio::task::AbortHandle;

use crate::kubelet::Shared;
use crate::mailbox::Mailbox;
use crate::observation::{Observation, Observed, State};
use crate::plan::Health;
use crate::pod::{self, Role};

/// The three kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Startup,
    Liveness,
    Readiness,
}

impl Kind {
    fn of(self, container: &Container) -> Option<&Probe> {
        match self {
            Self::Startup => container.startup_probe.as_ref(),
            Self::Liveness => container.liveness_probe.as_ref(),
            Self::Readiness => container.readiness_probe.as_ref(),
        }
    }
    fn word(self) -> &'static str {
        match self {
            Self::Startup => "Startup",
            Self::Liveness => "Liveness",
            Self::Readiness => "Readiness",
        }
    }
    /// What counts before the first answer.
    fn initially(self) -> Verdict {
        match self {
            Self::Startup => Verdict::Unknown,
            Self::Liveness => Verdict::Success,
            Self::Readiness => Verdict::Failure,
        }
    }
}

/// What a probe has come to, after its thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Unknown,
    Success,
    Failure,
}

/// The answer of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Success,
    /// Worded for the Event.
    Failure(String),
    /// The probe itself could not be made.
    Error(String),
}

/// What probes of all pods share.
pub struct Prober {
    pub http: http::HttpClient,
}

impl Prober {
    pub fn new() -> Self {
        Self { http: http::HttpClient::new() }
    }
}

type Verdicts = Arc<Mutex<HashMap<(String, Kind), Verdict>>>;

/// The probes of one pod.
pub struct Probes {
    shared: Arc<Shared>,
    mailbox: Arc<Mailbox>,
    verdicts: Verdicts,
    tasks: HashMap<(String, Kind), AbortHandle>,
    stopped: bool,
}

fn lock(verdicts: &Verdicts) -> MutexGuard<'_, HashMap<(String, Kind), Verdict>> {
    verdicts.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Probes {
    pub fn new(shared: Arc<Shared>, mailbox: Arc<Mailbox>) -> Self {
        Self { shared, mailbox, verdicts: Verdicts::default(), tasks: HashMap::new(), stopped: false }
    }

    /// Begins and ends probes as containers run; the health of each running container by id.
    pub fn follow(&mut self, pod: &Arc<Pod>, observation: &Observation) -> BTreeMap<String, Health> {
        let running: Vec<&Observed> = observation.containers.iter().filter(|found| found.state == State::Running).collect();
        let gone: Vec<(String, Kind)> = self.tasks.keys().filter(|(id, _)| !running.iter().any(|found| found.id == *id)).cloned().collect();
        for key in gone {
            self.end(&key);
            lock(&self.verdicts).remove(&key);
        }
        let mut healths = BTreeMap::new();
        for found in running {
            let Some((role, container)) = pod::container(pod, &found.name) else { continue };
            if role == Role::Init {
                continue;
            }
            let verdict = |kind: Kind| {
                kind.of(container)?;
                Some(lock(&self.verdicts).get(&(found.id.clone(), kind)).copied().unwrap_or(kind.initially()))
            };
            let startup = verdict(Kind::Startup);
            let started = startup.is_none_or(|verdict| verdict == Verdict::Success);
            let health = Health {
                started,
                startup_failed: startup == Some(Verdict::Failure),
                live: verdict(Kind::Liveness) != Some(Verdict::Failure),
                ready: started && verdict(Kind::Readiness).is_none_or(|verdict| verdict == Verdict::Success),
            };
            healths.insert(found.id.clone(), health);
            if self.stopped {
                continue;
            }
            let kinds: &[Kind] = if started { &[Kind::Liveness, Kind::Readiness] } else { &[Kind::Startup] };
            if started {
                self.end(&(found.id.clone(), Kind::Startup));
            }
            for kind in kinds {
                if let Some(probe) = kind.of(container) {
                    self.begin(*kind, pod, container, found, probe, observation);
                }
            }
        }
        healths
    }

    fn begin(&mut self, kind: Kind, pod: &Arc<Pod>, container: &Container, found: &Observed, probe: &Probe, observation: &Observation) {
        let key = (found.id.clone(), kind);
        if self.tasks.contains_key(&key) {
            return;
        }
        let task = Task {
            kind,
            pod: pod.clone(),
            container: container.clone(),
            probe: probe.clone(),
            id: found.id.clone(),
            started: found.started().unwrap_or_default(),
            address: address(&self.shared, pod, observation),
            verdicts: self.verdicts.clone(),
            mailbox: self.mailbox.clone(),
            shared: self.shared.clone(),
        };
        self.tasks.insert(key, tokio::spawn(task.run()).abort_handle());
    }
    fn end(&mut self, key: &(String, Kind)) {
        if let Some(task) = self.tasks.remove(key) {
            task.abort();
        }
    }
    /// The pod ends: nothing is probed any more; what was found out stays.
    pub fn stop(&mut self) {
        self.stopped = true;
        for task in std::mem::take(&mut self.tasks).into_values() {
            task.abort();
        }
    }
    /// The pod runs (again).
    pub fn resume(&mut self) {
        self.stopped = false;
    }
}

impl Drop for Probes {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Where a pod is reached by probes: its address, or the node's.
pub fn address(shared: &Shared, pod: &Pod, observation: &Observation) -> Option<String> {
    if pod::host_network(pod) {
        return shared.config.node_ips.first().map(ToString::to_string);
    }
    observation.sandbox().and_then(|sandbox| sandbox.ips.first().cloned())
}

/// A port by number or by its name in the container.
pub fn port(port: &IntOrString, container: &Container) -> Result<u16, String> {
    let number = match port {
        IntOrString::Int(number) => Some(*number),
        IntOrString::String(name) => {
            let named = container.ports.iter().flatten().find(|port| port.name.as_deref() == Some(name));
            named.map(|port| port.container_port).or_else(|| name.parse().ok())
        }
    };
    let shown = match port {
        IntOrString::Int(number) => number.to_string(),
        IntOrString::String(name) => name.clone(),
    };
    number.and_then(|number| u16::try_from(number).ok()).filter(|number| *number > 0).ok_or_else(|| format!("invalid port number: {shown}"))
}

/// One probe of one container's run.
struct Task {
    kind: Kind,
    pod: Arc<Pod>,
    container: Container,
    probe: Probe,
    id: String,
    started: jiff::Timestamp,
    address: Option<String>,
    verdicts: Verdicts,
    mailbox: Arc<Mailbox>,
    shared: Arc<Shared>,
}

fn number(value: Option<i32>, default: u32) -> u32 {
    value.and_then(|value| u32::try_from(value).ok()).filter(|value| *value > 0).unwrap_or(default)
}

impl Task {
    async fn run(self) {
        let delay = u64::from(self.probe.initial_delay_seconds.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(0));
        let first = self.started + jiff::SignedDuration::from_secs(i64::try_from(delay).unwrap_or(0));
        tokio::time::sleep(crate::worker::until(first)).await;
        let mut ticks = tokio::time::interval(Duration::from_secs(number(self.probe.period_seconds, 10).into()));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut run = Run::default();
        loop {
            ticks.tick().await;
            let answer = self.attempt().await;
            let succeeded = match &answer {
                Answer::Success => true,
                Answer::Failure(output) => {
                    self.event(&format!("{} probe failed: {output}", self.kind.word()));
                    false
                }
                Answer::Error(error) => {
                    self.event(&format!("{} probe errored and resulted in unknown state: {error}", self.kind.word()));
                    continue;
                }
            };
            let threshold = if succeeded { number(self.probe.success_threshold, 1) } else { number(self.probe.failure_threshold, 3) };
            if run.count(succeeded) < threshold {
                continue;
            }
            let verdict = if succeeded { Verdict::Success } else { Verdict::Failure };
            let old = lock(&self.verdicts).insert((self.id.clone(), self.kind), verdict).unwrap_or(self.kind.initially());
            if old != verdict {
                self.mailbox.wake();
            }
            // A container that is about to be killed is left alone; one that has started is not asked again.
            if (verdict == Verdict::Failure && self.kind != Kind::Readiness) || (succeeded && self.kind == Kind::Startup) {
                return;
            }
        }
    }
    async fn attempt(&self) -> Answer {
        let limit = Duration::from_secs(number(self.probe.timeout_seconds, 1).into());
        if let Some(action) = &self.probe.exec {
            let command = action.command.clone().unwrap_or_default();
            return exec::probe(self.shared.engine.as_ref(), &self.id, command, limit).await;
        }
        if let Some(action) = &self.probe.http_get {
            return match http::target(action, &self.container, self.address.as_deref()) {
                Ok((url, headers)) => http::probe(&self.shared.prober.http, &url, headers, limit).await,
                Err(error) => Answer::Error(error),
            };
        }
        if let Some(action) = &self.probe.tcp_socket {
            let host = action.host.clone().filter(|host| !host.is_empty()).or(self.address.clone()).unwrap_or_default();
            return match port(&action.port, &self.container) {
                Ok(port) => tcp::probe(&host, port, limit).await,
                Err(error) => Answer::Error(error),
            };
        }
        if let Some(action) = &self.probe.grpc {
            let host = self.address.clone().unwrap_or_default();
            let port = u16::try_from(action.port).unwrap_or(0);
            return grpc::probe(&host, port, action.service.as_deref().unwrap_or_default(), limit).await;
        }
        Answer::Error("missing probe handler".to_owned())
    }
    fn event(&self, message: &str) {
        self.shared.recorder.event(&pod::container_reference(&self.pod, &self.container.name), "Warning", "Unhealthy", message);
    }
}

/// Equal answers in a row.
#[derive(Default)]
struct Run {
    last: Option<bool>,
    length: u32,
}

impl Run {
    fn count(&mut self, answer: bool) -> u32 {
        self.length = if self.last == Some(answer) { self.length.saturating_add(1) } else { 1 };
        self.last = Some(answer);
        self.length
    }
}
