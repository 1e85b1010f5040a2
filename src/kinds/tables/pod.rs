//! Pods: readiness, one word for the state, restarts; with `-o wide` where the pod runs.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{
    Container, ContainerState, ContainerStateTerminated, ContainerStatus, Pod, PodCondition, PodSpec, PodStatus,
};
use output::table::Cell;

use super::cell::{age, name, or, row};
use super::column::{AGE, NAME, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Ready", "The aggregate readiness state of this pod for accepting traffic."),
    text("Status", "The aggregate status of the containers in this pod."),
    text(
        "Restarts",
        "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
    ),
    AGE,
    wide("IP", "podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated."),
    wide(
        "Node",
        "NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by the scheduler defined in schedulerName. Once this field is set, the kubelet for this node becomes responsible for the lifecycle of this pod. This field should not be used to express a desire for the pod to be scheduled on a specific node. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename",
    ),
    wide(
        "Nominated Node",
        "nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as preemption victims receive their graceful termination periods. This field does not guarantee that the pod will be scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner. Scheduler may also decide to give the resources on this node to a higher priority pod that is created after preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled.",
    ),
    wide(
        "Readiness Gates",
        "If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready AND all conditions specified in the readiness gates have status equal to \"True\" More info: https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates",
    ),
];

/// The reason of a pod whose node is gone.
const NODE_LOST: &str = "NodeLost";

pub fn cells(pod: &Pod, now: Timestamp) -> Vec<Cell> {
    let (no_spec, no_status) = (PodSpec::default(), PodStatus::default());
    let (spec, status) = (pod.spec.as_ref().unwrap_or(&no_spec), pod.status.as_ref().unwrap_or(&no_status));
    let summary = Summary::of(pod, spec, status);
    let address = status.pod_ips.iter().flatten().next().map(|address| address.ip.as_str()).or(status.pod_ip.as_deref());
    row![
        name(pod),
        format!("{}/{}", summary.ready, summary.containers),
        summary.status,
        summary.restarts.text(now),
        age(pod, now),
        or(address, "<none>"),
        or(spec.node_name.as_deref(), "<none>"),
        or(status.nominated_node_name.as_deref(), "<none>"),
        readiness_gates(spec, status),
    ]
}

/// What the columns tell of all containers together.
struct Summary {
    containers: usize,
    ready: usize,
    status: String,
    restarts: Restarts,
}

/// How often containers were started again, and when the last of them ended before.
#[derive(Clone, Copy, Default)]
struct Restarts {
    count: i64,
    last: Option<Timestamp>,
}

impl Restarts {
    fn add(&mut self, container: &ContainerStatus) {
        self.count += i64::from(container.restart_count);
        let ended = container.last_state.as_ref().and_then(|state| state.terminated.as_ref()).and_then(|ended| ended.finished_at.as_ref());
        self.last = self.last.max(ended.map(|time| time.0));
    }
    /// `3`, or `3 (2m ago)`.
    fn text(self, now: Timestamp) -> String {
        match self.last {
            Some(last) if self.count != 0 => format!("{} ({} ago)", self.count, output::duration::since(Some(last), now)),
            _ => self.count.to_string(),
        }
    }
}

impl Summary {
    fn of(pod: &Pod, spec: &PodSpec, status: &PodStatus) -> Self {
        let sidecars = spec.init_containers.iter().flatten().filter(|container| is_sidecar(container)).count();
        let conditions = status.conditions.as_deref().unwrap_or_default();
        let phase = status.phase.as_deref().unwrap_or_default();
        let mut summary = Self {
            containers: spec.containers.len() + sidecars,
            ready: 0,
            status: or(status.reason.as_deref(), phase).to_owned(),
            restarts: Restarts::default(),
        };
        let gated = |condition: &PodCondition| condition.type_ == "PodScheduled" && condition.reason.as_deref() == Some("SchedulingGated");
        if conditions.iter().any(gated) {
            "SchedulingGated".clone_into(&mut summary.status);
        }

        let sidecar_restarts = summary.initialize(spec, status);
        let initialized =
            conditions.iter().find(|condition| condition.type_ == "Initialized").is_some_and(|condition| condition.status == "True");
        if sidecar_restarts.initialized || initialized {
            summary.restarts = sidecar_restarts.restarts;
            summary.run(status, conditions);
        }
        if pod.metadata.deletion_timestamp.is_some() {
            if status.reason.as_deref() == Some(NODE_LOST) {
                "Unknown".clone_into(&mut summary.status);
            } else if !matches!(phase, "Succeeded" | "Failed") {
                "Terminating".clone_into(&mut summary.status);
            }
        }
        summary
    }

    /// Goes through the init containers up to the first that is not done.
    fn initialize(&mut self, spec: &PodSpec, status: &PodStatus) -> Initialization {
        let inits = spec.init_containers.as_deref().unwrap_or_default();
        let mut restarts = Restarts::default();
        for (index, container) in status.init_container_statuses.iter().flatten().enumerate() {
            self.restarts.add(container);
            let sidecar = inits.iter().any(|init| init.name == container.name && is_sidecar(init));
            if sidecar {
                restarts.add(container);
            }
            let (terminated, waiting) = (terminated(container), waiting_reason(container));
            if terminated.is_some_and(|end| end.exit_code == 0) {
                continue;
            }
            if sidecar && container.started == Some(true) {
                self.ready += usize::from(container.ready);
                continue;
            }
            self.status = match (terminated, waiting) {
                (Some(end), _) => format!("Init:{}", end_reason(end)),
                (None, Some(reason)) if reason != "PodInitializing" => format!("Init:{reason}"),
                _ => format!("Init:{index}/{}", inits.len()),
            };
            return Initialization { initialized: false, restarts };
        }
        Initialization { initialized: true, restarts }
    }

    /// Goes through the containers; the first of them that waits or has ended gives the word.
    fn run(&mut self, status: &PodStatus, conditions: &[PodCondition]) {
        let mut running = false;
        for container in status.container_statuses.iter().flatten().rev() {
            self.restarts.add(container);
            if let Some(reason) = waiting_reason(container) {
                reason.clone_into(&mut self.status);
            } else if let Some(end) = terminated(container) {
                self.status = end_reason(end);
            } else if container.ready && container.state.as_ref().is_some_and(|state| state.running.is_some()) {
                running = true;
                self.ready += 1;
            }
        }
        // one container is done while another goes on
        if self.status == "Completed" && running {
            let ready = conditions.iter().any(|condition| condition.type_ == "Ready" && condition.status == "True");
            if ready { "Running" } else { "NotReady" }.clone_into(&mut self.status);
        }
    }
}

struct Initialization {
    /// No init container is in the way.
    initialized: bool,
    /// Those of sidecars, which count for as long as the pod runs.
    restarts: Restarts,
}

fn is_sidecar(container: &Container) -> bool {
    container.restart_policy.as_deref() == Some("Always")
}

fn terminated(container: &ContainerStatus) -> Option<&ContainerStateTerminated> {
    container.state.as_ref()?.terminated.as_ref()
}

fn waiting_reason(container: &ContainerStatus) -> Option<&str> {
    let waiting = container.state.as_ref().and_then(|state: &ContainerState| state.waiting.as_ref())?;
    waiting.reason.as_deref().filter(|reason| !reason.is_empty())
}

/// `Completed`, `Signal:9` or `ExitCode:1`.
fn end_reason(end: &ContainerStateTerminated) -> String {
    match (end.reason.as_deref().unwrap_or_default(), end.signal.unwrap_or(0)) {
        ("", 0) => format!("ExitCode:{}", end.exit_code),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}

/// How many gates are open: `1/2`.
fn readiness_gates(spec: &PodSpec, status: &PodStatus) -> String {
    let gates = spec.readiness_gates.as_deref().unwrap_or_default();
    if gates.is_empty() {
        return "<none>".to_owned();
    }
    let conditions = status.conditions.as_deref().unwrap_or_default();
    let open = gates.iter().filter(|gate| {
        conditions.iter().find(|condition| condition.type_ == gate.condition_type).is_some_and(|condition| condition.status == "True")
    });
    format!("{}/{}", open.count(), gates.len())
}

#[cfg(test)]
mod tests;
