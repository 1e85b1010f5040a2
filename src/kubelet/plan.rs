//! What to do about a pod, computed from what is wanted, what is there, what probes say, and the time: pure. The worker executes it.
//!
//! The order of a pod's life: a sandbox; init containers one after the other, sidecars among them as soon as they have started; then all
//! containers; restarts by policy with back-off; the end, when nothing is to run any more.

use std::collections::BTreeMap;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, Pod};

use crate::backoff::{Backoffs, go_duration};
use crate::observation::{Observation, Observed, State};
use crate::pod::{self, Role};

/// What the probes found out about one running container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// The startup probe has succeeded, or there is none.
    pub started: bool,
    pub ready: bool,
    pub live: bool,
    /// The startup probe has failed for good.
    pub startup_failed: bool,
}

impl Default for Health {
    fn default() -> Self {
        Self { started: true, ready: true, live: true, startup_failed: false }
    }
}

/// All that a plan depends on.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a> {
    pub pod: &'a Pod,
    pub observation: &'a Observation,
    /// By container id; one that is missing is healthy.
    pub health: &'a BTreeMap<String, Health>,
    pub backoffs: &'a Backoffs,
}

/// A container to be stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kill {
    pub id: String,
    pub name: String,
    pub message: String,
    pub cause: Cause,
}

/// What a kill follows from: which grace period counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Liveness,
    Startup,
    Changed,
    Lost,
}

/// A container to be started.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    pub name: String,
    pub role: Role,
    pub attempt: u32,
    /// When the attempt before ended: the next back-off counts from there.
    pub failed_at: Option<Timestamp>,
}

/// What to do now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Stop every container and sandbox there is.
    pub stop_all: bool,
    /// Nothing will run any more: the pod has succeeded or failed.
    pub finished: bool,
    /// Make a sandbox, the so-many-th.
    pub create_sandbox: Option<u32>,
    pub kill: Vec<Kill>,
    pub start: Vec<Start>,
    /// Containers in back-off: name, words for the status.
    pub backing_off: BTreeMap<String, String>,
    pub requeue_at: Option<Timestamp>,
}

/// The plan for a pod that is to run.
pub fn plan(snapshot: Snapshot<'_>, now: Timestamp) -> Plan {
    let Snapshot { pod, observation, .. } = snapshot;
    let usable = observation.sandbox().filter(|sandbox| pod::host_network(pod) || !sandbox.ips.is_empty());
    let others_ready = observation.sandboxes.iter().skip(1).any(|sandbox| sandbox.ready);
    let Some(sandbox) = usable.filter(|_| !others_ready) else {
        return without_sandbox(snapshot, now);
    };
    let mut planner = Planner { snapshot, sandbox: &sandbox.id, now, plan: Plan::default() };
    if planner.initialized() {
        planner.keep_sidecars();
        planner.apps();
        planner.end_if_done();
    } else if planner.init() {
        planner.apps();
    }
    planner.plan
}

/// There is no sandbox to use: make one, unless the pod has done what it was to do.
fn without_sandbox(snapshot: Snapshot<'_>, now: Timestamp) -> Plan {
    let Snapshot { pod, observation, .. } = snapshot;
    let attempt = observation.sandboxes.first().map_or(0, |sandbox| sandbox.attempt + 1);
    let stop_all = !observation.sandboxes.is_empty();
    let mut planner = Planner { snapshot, sandbox: "", now, plan: Plan { stop_all, ..Plan::default() } };
    let policy = pod::restart_policy(pod);
    let spec = pod::spec(pod);
    let init_failed = policy == "Never"
        && spec.init_containers.iter().flatten().any(|container| {
            pod::role_of_init(container) == Role::Init
                && observation.latest(&container.name).is_some_and(|last| last.state == State::Exited && last.exit_code != 0)
        });
    let ran = spec.containers.iter().any(|container| observation.latest(&container.name).is_some());
    let wanted: Vec<&Container> = spec.containers.iter().filter(|container| planner.is_wanted(container)).collect();
    if init_failed || (wanted.is_empty() && ran) {
        planner.plan.finished = true;
        return planner.plan;
    }
    planner.plan.create_sandbox = Some(attempt);
    planner.plan.start = match spec.init_containers.iter().flatten().next() {
        // The init containers run again in a new sandbox, from the first.
        Some(first) => vec![Start {
            name: first.name.clone(),
            role: pod::role_of_init(first),
            attempt: next_attempt(observation, &first.name),
            failed_at: None,
        }],
        None => {
            for container in wanted {
                planner.start(container, Role::App);
            }
            planner.plan.start
        }
    };
    planner.plan
}

fn next_attempt(observation: &Observation, name: &str) -> u32 {
    observation.latest(name).map_or(0, |last| last.attempt + 1)
}

struct Planner<'a> {
    snapshot: Snapshot<'a>,
    sandbox: &'a str,
    now: Timestamp,
    plan: Plan,
}

impl<'a> Planner<'a> {
    fn health(&self, observed: &Observed) -> Health {
        self.snapshot.health.get(&observed.id).copied().unwrap_or_default()
    }
    fn init_containers(&self) -> impl Iterator<Item = &'a Container> + use<'a> {
        pod::spec(self.snapshot.pod).init_containers.iter().flatten()
    }
    /// The last attempt in the sandbox in use.
    fn here(&self, name: &str) -> Option<&'a Observed> {
        self.snapshot.observation.latest(name).filter(|observed| observed.sandbox == self.sandbox)
    }
    /// Whether one of `spec.containers` was ever made in this sandbox: then the init containers are done.
    fn initialized(&self) -> bool {
        pod::spec(self.snapshot.pod).containers.iter().any(|container| self.here(&container.name).is_some())
    }
    /// Whether the restart policy lets a container run (again), whatever sandbox it ran in.
    fn is_wanted(&self, container: &Container) -> bool {
        let Some(last) = self.snapshot.observation.latest(&container.name) else { return true };
        match last.state {
            State::Running | State::Created | State::Unknown => true,
            State::Exited => match pod::restart_policy(self.snapshot.pod) {
                "Always" => true,
                "OnFailure" => last.exit_code != 0,
                _ => false,
            },
        }
    }
    /// Starts a container unless it has to wait; says when the wait is over.
    fn start(&mut self, container: &Container, role: Role) {
        let last = self.snapshot.observation.latest(&container.name);
        let failed_at = last.filter(|last| last.state == State::Exited).map(|last| last.finished().unwrap_or(self.now));
        if let Some(failed_at) = failed_at
            && let Some((wait, over)) = self.snapshot.backoffs.wait(&container.name, failed_at)
            && over > self.now
        {
            let words = format!(
                "back-off {} restarting failed container={} pod={}",
                go_duration(wait),
                container.name,
                pod::full_name(self.snapshot.pod)
            );
            self.plan.backing_off.insert(container.name.clone(), words);
            self.requeue(over);
            return;
        }
        let attempt = next_attempt(self.snapshot.observation, &container.name);
        self.plan.start.push(Start { name: container.name.clone(), role, attempt, failed_at });
    }
    fn requeue(&mut self, at: Timestamp) {
        self.plan.requeue_at = Some(self.plan.requeue_at.map_or(at, |earlier| earlier.min(at)));
    }
    /// Kills a running container that its probes gave up or whose image was changed; false where it may go on.
    fn kill_unhealthy(&mut self, container: &Container, observed: &Observed) -> bool {
        let health = self.health(observed);
        if !observed.hash.is_empty() && observed.hash != pod::container_hash(container) {
            let message = format!("Container {} definition changed, will be restarted", container.name);
            self.plan.kill.push(Kill { id: observed.id.clone(), name: container.name.clone(), message, cause: Cause::Changed });
            return true;
        }
        let again = if pod::restart_policy(self.snapshot.pod) == "Never" && container.restart_policy.is_none() {
            ""
        } else {
            ", will be restarted"
        };
        let (cause, what) = match health {
            Health { startup_failed: true, .. } => (Cause::Startup, "startup"),
            Health { live: false, .. } => (Cause::Liveness, "liveness"),
            _ => return false,
        };
        let message = format!("Container {} failed {what} probe{again}", container.name);
        self.plan.kill.push(Kill { id: observed.id.clone(), name: container.name.clone(), message, cause });
        true
    }

    /// Brings the init containers forward; true when all are done or, for sidecars, started.
    fn init(&mut self) -> bool {
        for container in self.init_containers() {
            let role = pod::role_of_init(container);
            let Some(last) = self.here(&container.name) else {
                self.start(container, role);
                return false;
            };
            match (role, last.state) {
                (_, State::Created | State::Unknown) => {
                    self.lost(container, last);
                    self.start(container, role);
                    return false;
                }
                (Role::Sidecar, State::Running) => {
                    if self.kill_unhealthy(container, last) || !self.health(last).started {
                        return false;
                    }
                }
                (Role::Sidecar, State::Exited) => {
                    self.start(container, role);
                    return false;
                }
                (_, State::Running) => {
                    self.kill_unhealthy(container, last);
                    return false;
                }
                (_, State::Exited) if last.exit_code == 0 => {}
                (_, State::Exited) => {
                    if pod::restart_policy(self.snapshot.pod) == "Never" {
                        self.plan.stop_all = true;
                        self.plan.finished = true;
                    } else {
                        self.start(container, role);
                    }
                    self.keep_sidecars();
                    return false;
                }
            }
        }
        true
    }
    /// Sidecars that ended are started again whatever their exit code.
    fn keep_sidecars(&mut self) {
        if self.plan.finished {
            return;
        }
        for container in self.init_containers().filter(|container| pod::role_of_init(container) == Role::Sidecar) {
            match self.here(&container.name) {
                Some(last) if last.state == State::Running => {
                    self.kill_unhealthy(container, last);
                }
                Some(last) if last.state == State::Exited => self.start(container, Role::Sidecar),
                _ => {}
            }
        }
    }
    fn apps(&mut self) {
        for container in &pod::spec(self.snapshot.pod).containers {
            match self.here(&container.name) {
                Some(last) if last.state == State::Running => {
                    self.kill_unhealthy(container, last);
                }
                Some(last) if matches!(last.state, State::Created | State::Unknown) => {
                    self.lost(container, last);
                    self.start(container, Role::App);
                }
                _ if self.is_wanted(container) => self.start(container, Role::App),
                _ => {}
            }
        }
    }
    /// Created and never started, or of unknown state: of no use.
    fn lost(&mut self, container: &Container, observed: &Observed) {
        let message = format!("Container {} is in an unknown state, will be recreated", container.name);
        self.plan.kill.push(Kill { id: observed.id.clone(), name: container.name.clone(), message, cause: Cause::Lost });
    }
    /// When no container is to run any more, neither are the sidecars.
    fn end_if_done(&mut self) {
        let done = pod::spec(self.snapshot.pod).containers.iter().all(|container| {
            !self.is_wanted(container) && self.snapshot.observation.latest(&container.name).is_some_and(|last| last.state == State::Exited)
        });
        if done {
            self.plan = Plan { stop_all: true, finished: true, ..Plan::default() };
        }
    }
}
