//! A pod's status computed from its spec, the observation, its containers' health and what kept containers from starting: pure.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{
    Container, ContainerState, ContainerStateRunning, ContainerStateTerminated, ContainerStateWaiting, ContainerStatus, ContainerUser,
    HostIP, LinuxContainerUser, Pod, PodCondition, PodIP, PodStatus, VolumeMountStatus,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use crate::observation::{Observation, Observed, State};
use crate::plan::Health;
use crate::pod::{self, Role};

/// What a pod's status follows from.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    pub pod: &'a Pod,
    pub observation: &'a Observation,
    /// By container id.
    pub health: &'a BTreeMap<String, Health>,
    /// Containers that do not run, and why: reason and message by name.
    pub waiting: &'a BTreeMap<String, (String, String)>,
    /// Termination messages by container id.
    pub messages: &'a BTreeMap<String, String>,
    pub node_ips: &'a [IpAddr],
    pub start_time: Timestamp,
    /// No container will be started any more.
    pub finished: bool,
    /// The pod was ended by the kubelet: reason and message; its phase is Failed.
    pub failure: Option<&'a (String, String)>,
    pub runtime_name: &'a str,
    pub now: Timestamp,
}

fn time(time: Option<Timestamp>) -> Option<Time> {
    // The API keeps whole seconds.
    time.and_then(|time| Timestamp::from_second(time.as_second()).ok()).map(Time)
}

/// The whole status.
pub fn status(inputs: Inputs<'_>) -> PodStatus {
    let pod = inputs.pod;
    let old = pod.status.clone().unwrap_or_default();
    let statuses = |containers: &mut dyn Iterator<Item = (Role, &Container)>, old: Option<&Vec<ContainerStatus>>| {
        let found: Vec<ContainerStatus> = containers
            .map(|(role, container)| {
                let old = old.and_then(|old| old.iter().find(|status| status.name == container.name));
                container_status(inputs, role, container, old)
            })
            .collect();
        Some(found).filter(|found| !found.is_empty())
    };
    let init = statuses(&mut pod::containers(pod).filter(|(role, _)| *role != Role::App), old.init_container_statuses.as_ref());
    let apps = statuses(&mut pod::containers(pod).filter(|(role, _)| *role == Role::App), old.container_statuses.as_ref());
    let phase = if inputs.failure.is_some() || pod::phase(pod) == "Failed" {
        "Failed"
    } else {
        phase(pod, init.as_deref().unwrap_or_default(), apps.as_deref().unwrap_or_default(), inputs.finished)
    };
    let ips = match inputs.observation.sandboxes.first() {
        Some(_) if pod::host_network(pod) => inputs.node_ips.iter().map(ToString::to_string).collect(),
        Some(sandbox) if !sandbox.ips.is_empty() => sandbox.ips.clone(),
        _ => old.pod_ips.iter().flatten().map(|ip| ip.ip.clone()).collect(),
    };
    let mut status = PodStatus {
        phase: Some(phase.to_owned()),
        observed_generation: pod.metadata.generation,
        reason: inputs.failure.map(|failure| failure.0.clone()).or(old.reason.clone()),
        message: inputs.failure.map(|failure| failure.1.clone()).or(old.message.clone()),
        host_ip: inputs.node_ips.first().map(ToString::to_string),
        host_ips: Some(inputs.node_ips.iter().map(|ip| HostIP { ip: ip.to_string() }).collect()),
        pod_ip: ips.first().cloned(),
        pod_ips: Some(ips.into_iter().map(|ip| PodIP { ip }).collect()).filter(|ips: &Vec<PodIP>| !ips.is_empty()),
        start_time: old.start_time.clone().or(time(Some(inputs.start_time))),
        qos_class: Some(pod::qos_class(pod).to_owned()),
        init_container_statuses: init,
        container_statuses: apps,
        nominated_node_name: old.nominated_node_name.clone(),
        resource_claim_statuses: old.resource_claim_statuses.clone(),
        ..PodStatus::default()
    };
    status.conditions = Some(conditions(inputs, &status, old.conditions.as_deref().unwrap_or_default()));
    status
}

fn container_status(inputs: Inputs<'_>, role: Role, container: &Container, old: Option<&ContainerStatus>) -> ContainerStatus {
    let latest = inputs.observation.latest(&container.name);
    let health = |observed: &Observed| inputs.health.get(&observed.id).copied().unwrap_or_default();
    let waiting = inputs.waiting.get(&container.name);
    let wait = |reason: &str, message: &str| ContainerState {
        waiting: Some(ContainerStateWaiting {
            reason: Some(reason.to_owned()),
            message: Some(message.to_owned()).filter(|message| !message.is_empty()),
        }),
        ..ContainerState::default()
    };
    let default_reason = if pod::spec(inputs.pod).init_containers.as_ref().is_some_and(|init| !init.is_empty()) && role == Role::App {
        "PodInitializing"
    } else {
        "ContainerCreating"
    };
    let mut last_state = inputs
        .observation
        .previous(&container.name)
        .filter(|previous| previous.state == State::Exited)
        .map(|previous| terminated(inputs, previous))
        .or_else(|| old.and_then(|old| old.last_state.clone()).filter(|_| latest.is_none_or(|latest| latest.attempt > 0)));
    let state = match latest {
        Some(running) if running.state == State::Running => {
            ContainerState { running: Some(ContainerStateRunning { started_at: time(running.started()) }), ..ContainerState::default() }
        }
        Some(exited) if exited.state == State::Exited => match waiting {
            Some((reason, message)) => {
                last_state = Some(terminated(inputs, exited));
                wait(reason, message)
            }
            None => terminated(inputs, exited),
        },
        Some(lost) if lost.state == State::Unknown => ContainerState {
            terminated: Some(ContainerStateTerminated {
                exit_code: 137,
                reason: Some("ContainerStatusUnknown".to_owned()),
                message: Some("The container could not be located when the pod was terminated".to_owned()),
                ..ContainerStateTerminated::default()
            }),
            ..ContainerState::default()
        },
        _ => match (waiting, old.and_then(|old| old.state.clone())) {
            (Some((reason, message)), _) => wait(reason, message),
            // Cleared away after its end.
            (None, Some(state)) if state.terminated.is_some() => state,
            _ => wait(default_reason, ""),
        },
    };
    let running = latest.filter(|latest| latest.state == State::Running);
    let ready = match role {
        Role::Init => state.terminated.as_ref().is_some_and(|end| end.exit_code == 0),
        Role::Sidecar | Role::App => running.is_some_and(|running| health(running).ready && health(running).started),
    };
    let same = old.filter(|_| latest.is_none());
    ContainerStatus {
        name: container.name.clone(),
        image: latest
            .map(|latest| latest.image.clone())
            .filter(|image| !image.is_empty())
            .or(same.map(|old| old.image.clone()))
            .unwrap_or_else(|| container.image.clone().unwrap_or_default()),
        image_id: latest.map(|latest| latest.image_id.clone()).or(same.map(|old| old.image_id.clone())).unwrap_or_default(),
        container_id: latest
            .map(|latest| format!("{}://{}", inputs.runtime_name, latest.id))
            .or(same.and_then(|old| old.container_id.clone())),
        restart_count: latest
            .and_then(|latest| i32::try_from(latest.attempt).ok())
            .or(same.map(|old| old.restart_count))
            .unwrap_or_default(),
        started: Some(running.is_some_and(|running| health(running).started)),
        ready,
        last_state: Some(last_state.unwrap_or_default()),
        state: Some(state),
        allocated_resources: container.resources.as_ref().and_then(|resources| resources.requests.clone()).filter(|_| running.is_some()),
        resources: container
            .resources
            .clone()
            .filter(|resources| running.is_some() && (resources.requests.is_some() || resources.limits.is_some())),
        user: latest
            .and_then(|latest| latest.user.clone())
            .map(|(uid, gid, groups)| ContainerUser { linux: Some(LinuxContainerUser { uid, gid, supplemental_groups: Some(groups) }) }),
        volume_mounts: container.volume_mounts.as_ref().map(|mounts| {
            let status = |mount: &k8s_openapi::api::core::v1::VolumeMount| VolumeMountStatus {
                name: mount.name.clone(),
                mount_path: mount.mount_path.clone(),
                read_only: mount.read_only.filter(|read_only| *read_only),
                recursive_read_only: mount.read_only.filter(|read_only| *read_only).map(|_| "Disabled".to_owned()),
                ..VolumeMountStatus::default()
            };
            mounts.iter().map(status).collect()
        }),
        ..ContainerStatus::default()
    }
}

fn terminated(inputs: Inputs<'_>, observed: &Observed) -> ContainerState {
    let reason = match (observed.reason.as_str(), observed.exit_code) {
        ("", 0) => "Completed",
        ("", _) => "Error",
        (reason, _) => reason,
    };
    let message = inputs.messages.get(&observed.id).cloned().or(Some(observed.message.clone())).filter(|message| !message.is_empty());
    let epoch = Some(Time(Timestamp::UNIX_EPOCH));
    ContainerState {
        terminated: Some(ContainerStateTerminated {
            exit_code: observed.exit_code,
            reason: Some(reason.to_owned()),
            message,
            started_at: time(observed.started()).or(epoch.clone()),
            finished_at: time(observed.finished()).or(epoch),
            container_id: Some(format!("{}://{}", inputs.runtime_name, observed.id)),
            signal: None,
        }),
        ..ContainerState::default()
    }
}

/// The phase by the states of the containers.
fn phase(pod: &Pod, init: &[ContainerStatus], apps: &[ContainerStatus], finished: bool) -> &'static str {
    let policy = pod::restart_policy(pod);
    let sidecar = |name: &str| pod::container(pod, name).is_some_and(|(role, _)| role == Role::Sidecar);
    let exit_code = |state: Option<&ContainerState>| state.and_then(|state| state.terminated.as_ref()).map(|end| end.exit_code);
    let is_running = |status: &ContainerStatus| status.state.as_ref().is_some_and(|state| state.running.is_some());
    let initialized = apps.iter().any(|status| status.container_id.is_some());
    let (mut pending, mut init_failed) = (false, false);
    for status in init {
        let code = exit_code(status.state.as_ref());
        if sidecar(&status.name) {
            pending |= !(is_running(status) && status.started == Some(true)) && code.is_none();
        } else if code != Some(0) {
            pending = true;
            init_failed |= code.is_some() && policy == "Never";
        }
    }
    let (mut running, mut waiting, mut stopped, mut succeeded) = (0, 0, 0, 0);
    for status in apps {
        if is_running(status) {
            running += 1;
        } else if let Some(code) = exit_code(status.state.as_ref()) {
            stopped += 1;
            succeeded += i32::from(code == 0);
        } else if exit_code(status.last_state.as_ref()).is_some() {
            stopped += 1;
        } else {
            waiting += 1;
        }
    }
    if init_failed {
        return "Failed";
    }
    if pending && !initialized && !finished {
        return "Pending";
    }
    if finished && running == 0 {
        return if stopped > 0 && succeeded == stopped && waiting == 0 { "Succeeded" } else { "Failed" };
    }
    match (waiting, running, stopped) {
        (1.., _, _) => "Pending",
        (_, 1.., _) => "Running",
        (_, 0, 1..) => match policy {
            "Always" => "Running",
            _ if stopped == succeeded => "Succeeded",
            "Never" => "Failed",
            _ => "Running",
        },
        _ => "Pending",
    }
}

/// The five conditions that the kubelet owns, others kept as they are.
fn conditions(inputs: Inputs<'_>, status: &PodStatus, old: &[PodCondition]) -> Vec<PodCondition> {
    let phase = status.phase.as_deref().unwrap_or_default();
    let unready = |statuses: Option<&Vec<ContainerStatus>>, only_long: bool| -> Vec<String> {
        let statuses = statuses.into_iter().flatten();
        let counted =
            statuses.filter(|status| !only_long || pod::container(inputs.pod, &status.name).is_some_and(|(role, _)| role != Role::Init));
        counted.filter(|status| !status.ready).map(|status| status.name.clone()).collect()
    };
    let incomplete: Vec<String> = status
        .init_container_statuses
        .iter()
        .flatten()
        .filter(|status| match pod::container(inputs.pod, &status.name) {
            Some((Role::Sidecar, _)) => status.started != Some(true),
            _ => !status.ready,
        })
        .map(|status| status.name.clone())
        .collect();
    let initialized_before = status.container_statuses.iter().flatten().any(|status| status.container_id.is_some());
    let sandbox = inputs.observation.sandbox().is_some_and(|sandbox| pod::host_network(inputs.pod) || !sandbox.ips.is_empty());

    let truth = |kind: &'static str, value: bool| (kind, value, None, None);
    let initialized = if phase == "Succeeded" {
        ("Initialized", true, Some("PodCompleted"), None)
    } else if incomplete.is_empty() || initialized_before {
        truth("Initialized", true)
    } else {
        let words = format!("containers with incomplete status: [{}]", incomplete.join(" "));
        ("Initialized", false, Some("ContainersNotInitialized"), Some(words))
    };
    let mut not_ready = unready(status.init_container_statuses.as_ref(), true);
    not_ready.extend(unready(status.container_statuses.as_ref(), false));
    let containers_ready = match phase {
        "Succeeded" => ("ContainersReady", false, Some("PodCompleted"), None),
        "Failed" => ("ContainersReady", false, Some("PodFailed"), None),
        _ if not_ready.is_empty() => truth("ContainersReady", true),
        _ => {
            let words = format!("containers with unready status: [{}]", not_ready.join(" "));
            ("ContainersReady", false, Some("ContainersNotReady"), Some(words))
        }
    };
    let gates: Vec<String> = pod::spec(inputs.pod)
        .readiness_gates
        .iter()
        .flatten()
        .filter_map(|gate| match old.iter().find(|condition| condition.type_ == gate.condition_type) {
            None => Some(format!("corresponding condition of pod readiness gate \"{}\" does not exist.", gate.condition_type)),
            Some(condition) if condition.status != "True" => {
                Some(format!("the status of pod readiness gate \"{}\" is not \"True\", but {}", gate.condition_type, condition.status))
            }
            Some(_) => None,
        })
        .collect();
    let ready = match &containers_ready {
        (_, true, ..) if gates.is_empty() => truth("Ready", true),
        (_, true, ..) => ("Ready", false, Some("ReadinessGatesNotReady"), Some(gates.join(", "))),
        (_, false, reason, message) => ("Ready", false, *reason, message.clone()),
    };
    let own = [truth("PodReadyToStartContainers", sandbox), initialized, ready, containers_ready, truth("PodScheduled", true)];
    let mut all: Vec<PodCondition> = Vec::with_capacity(own.len() + old.len());
    for (kind, value, reason, message) in own {
        let value = if value { "True" } else { "False" };
        let before = old.iter().find(|condition| condition.type_ == kind);
        let since = before.filter(|before| before.status == value).and_then(|before| before.last_transition_time.clone());
        all.push(PodCondition {
            type_: kind.to_owned(),
            status: value.to_owned(),
            reason: reason.map(str::to_owned),
            message,
            observed_generation: inputs.pod.metadata.generation,
            last_probe_time: None,
            last_transition_time: since.or(time(Some(inputs.now))),
        });
    }
    all.extend(old.iter().filter(|condition| !OWN.contains(&condition.type_.as_str())).cloned());
    all
}

/// The conditions that the kubelet writes.
pub const OWN: [&str; 5] = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];
