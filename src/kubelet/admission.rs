//! Whether the node takes a pod: resources, number of pods, host ports. The scheduler asked already, but two may have asked at once, and
//! static pods never ask.

use k8s_openapi::api::core::v1::Pod;

use crate::kubelet::Shared;
use crate::{pod, resources};

/// A refusal: the pod fails with this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub reason: String,
    pub message: String,
}

/// What a node has to give.
#[derive(Clone, Copy, Debug)]
pub struct Capacity {
    pub cpu_milli: i64,
    pub memory: i64,
    pub pods: u32,
}

/// Takes the pod in, or says why not. Checks and notes in one step, so that of two pods for one place one gets it.
pub fn check(shared: &Shared, pod: &Pod) -> Result<(), Rejection> {
    let capacity = Capacity {
        cpu_milli: shared.machine.cpu_milli - shared.config.reserved_cpu_milli,
        memory: shared.machine.memory - shared.config.reserved_memory,
        pods: shared.config.max_pods,
    };
    shared.admit(pod, |others| fits(pod, others, capacity))
}

fn fits(pod: &Pod, others: &[&Pod], capacity: Capacity) -> Result<(), Rejection> {
    let insufficient = |resource: &str, requested: i64, used: i64, capacity: i64| Rejection {
        reason: format!("OutOf{resource}"),
        message: format!("Node didn't have enough resource: {resource}, requested: {requested}, used: {used}, capacity: {capacity}"),
    };
    let count = i64::try_from(others.len()).unwrap_or(i64::MAX);
    if count >= i64::from(capacity.pods) {
        return Err(insufficient("pods", 1, count, capacity.pods.into()));
    }
    let (cpu, memory) = resources::requested(pod);
    let (used_cpu, used_memory) =
        others.iter().map(|other| resources::requested(other)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if cpu > 0 && used_cpu + cpu > capacity.cpu_milli {
        return Err(insufficient("cpu", cpu, used_cpu, capacity.cpu_milli));
    }
    if memory > 0 && used_memory + memory > capacity.memory {
        return Err(insufficient("memory", memory, used_memory, capacity.memory));
    }
    let taken: Vec<_> = others.iter().flat_map(|other| host_ports(other)).collect();
    if host_ports(pod).iter().any(|wanted| taken.iter().any(|used| conflicts(wanted, used))) {
        return Err(Rejection {
            reason: "NodePorts".to_owned(),
            message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports".to_owned(),
        });
    }
    Ok(())
}

type HostPort = (String, String, i32);

fn host_ports(pod: &Pod) -> Vec<HostPort> {
    let ports =
        pod::containers(pod).filter(|(role, _)| *role != pod::Role::Init).flat_map(|(_, container)| container.ports.iter().flatten());
    ports
        .filter_map(|port| {
            let number = port.host_port.filter(|number| *number > 0)?;
            let ip = port.host_ip.clone().filter(|ip| !ip.is_empty()).unwrap_or_else(|| "0.0.0.0".to_owned());
            Some((ip, port.protocol.clone().unwrap_or_else(|| "TCP".to_owned()), number))
        })
        .collect()
}

fn conflicts(one: &HostPort, other: &HostPort) -> bool {
    one.1 == other.1 && one.2 == other.2 && (one.0 == other.0 || one.0 == "0.0.0.0" || other.0 == "0.0.0.0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::pod;

    fn check(wanted: &str, others: &[&str], expected: Result<(), &str>) {
        let others: Vec<Pod> = others.iter().map(|spec| pod(spec)).collect();
        let capacity = Capacity { cpu_milli: 2000, memory: 1 << 30, pods: 3 };
        let found = fits(&pod(wanted), &others.iter().collect::<Vec<_>>(), capacity).map_err(|rejection| rejection.message);
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn resources_and_ports() {
        let big = "containers: [{name: a, resources: {requests: {cpu: 1500m}}}]";
        check(big, &[], Ok(()));
        check(big, &[big], Err("Node didn't have enough resource: cpu, requested: 1500, used: 1500, capacity: 2000"));
        check("{}", &["{}", "{}", "{}"], Err("Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3"));
        let port = "containers: [{name: a, ports: [{containerPort: 80, hostPort: 8080}]}]";
        check(port, &[port], Err("Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"));
        check(port, &[&port.replace("hostPort: 8080", "hostPort: 8080, protocol: UDP")], Ok(()));
    }
}
