//! Which nodes can take a pod: the hard conditions, in the order and with the words of upstream's plugins.

use std::borrow::Cow;
use std::collections::HashSet;

use k8s_openapi::api::core::v1::Taint;

use crate::affinity::Neighbours;
use crate::cluster::{Cluster, NodeInfo};
use crate::pod::{PodInfo, tolerates};
use crate::spread::HardSpread;
use crate::volumes::Volumes;

/// What turned a pod down: it decides which events can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plugin {
    NodeUnschedulable,
    NodeName,
    TaintToleration,
    NodeAffinity,
    NodePorts,
    NodeResourcesFit,
    VolumeRestrictions,
    VolumeBinding,
    PodTopologySpread,
    InterPodAffinity,
}

/// Why a node can not take a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub plugin: Plugin,
    pub reasons: Vec<Cow<'static, str>>,
    /// Whether it could help to push out other pods.
    pub resolvable: bool,
}

impl Rejection {
    pub fn new(plugin: Plugin, reason: &'static str) -> Self {
        Self { plugin, reasons: vec![reason.into()], resolvable: true }
    }
    pub fn unresolvable(plugin: Plugin, reason: &'static str) -> Self {
        Self { resolvable: false, ..Self::new(plugin, reason) }
    }
}

/// One pod's questions to the whole cluster, answered once for all nodes.
pub struct Cycle<'a> {
    pub cluster: &'a Cluster,
    pub pod: &'a PodInfo,
    spread: HardSpread<'a>,
    neighbours: Neighbours<'a>,
    volumes: Volumes<'a>,
}

impl<'a> Cycle<'a> {
    /// Fails where no node can help. `gone` are pods that are thought away, by uid.
    pub fn new(cluster: &'a Cluster, pod: &'a PodInfo, gone: &HashSet<String>) -> Result<Self, (Plugin, String)> {
        let volumes = Volumes::of(cluster, pod, gone)?;
        let (spread, neighbours) = (HardSpread::of(cluster, pod, gone), Neighbours::of(cluster, pod, gone));
        Ok(Self { cluster, pod, spread, neighbours, volumes })
    }
    /// Why a node can not take the pod; pods that wait for victims to leave it count as there already.
    pub fn rejection(&self, node: &NodeInfo) -> Option<Rejection> {
        if self.cluster.has_nominations() {
            let mut coming = self.cluster.nominated_to(&node.name, self.pod).peekable();
            if coming.peek().is_some() {
                let mut crowded = node.clone();
                coming.for_each(|pod| crowded.add(pod));
                return self.bare_rejection(&crowded);
            }
        }
        self.bare_rejection(node)
    }
    /// As [`Self::rejection`], for the node as it is given.
    pub fn bare_rejection(&self, node: &NodeInfo) -> Option<Rejection> {
        let pod = self.pod;
        let spec = node.node.spec.as_ref();
        if spec.is_some_and(|spec| spec.unschedulable == Some(true)) && !tolerates(&pod.tolerations, &unschedulable_taint()) {
            return Some(Rejection::unresolvable(Plugin::NodeUnschedulable, "node(s) were unschedulable"));
        }
        let wanted = pod.spec().and_then(|spec| spec.node_name.as_deref()).filter(|name| !name.is_empty());
        if wanted.is_some_and(|name| name != node.name) {
            return Some(Rejection::unresolvable(Plugin::NodeName, "node(s) didn't match the requested node name"));
        }
        let mut taints = spec.into_iter().flat_map(|spec| spec.taints.iter().flatten());
        if taints.any(|taint| taint.effect != "PreferNoSchedule" && !tolerates(&pod.tolerations, taint)) {
            return Some(Rejection::unresolvable(Plugin::TaintToleration, "node(s) had untolerated taint(s)"));
        }
        if !pod.demand.is_met_by(&node.node) {
            return Some(Rejection::unresolvable(Plugin::NodeAffinity, "node(s) didn't match Pod's node affinity/selector"));
        }
        if pod.host_ports.iter().any(|port| node.is_taken(port)) {
            return Some(Rejection::new(Plugin::NodePorts, "node(s) didn't have free ports for the requested pod ports"));
        }
        resources(pod, node)
            .or_else(|| self.volumes.rejection(node))
            .or_else(|| self.spread.rejection(node))
            .or_else(|| self.neighbours.rejection(node))
    }
    pub fn volumes(&self) -> &Volumes<'a> {
        &self.volumes
    }
}

fn unschedulable_taint() -> Taint {
    Taint { key: "node.kubernetes.io/unschedulable".to_owned(), effect: "NoSchedule".to_owned(), ..Taint::default() }
}

/// What a node lacks for a pod.
pub fn resources(pod: &PodInfo, node: &NodeInfo) -> Option<Rejection> {
    let mut reasons: Vec<Cow<'static, str>> = Vec::new();
    let mut resolvable = true;
    if node.pods.len() as i64 + 1 > node.max_pods {
        reasons.push("Too many pods".into());
    }
    let (wanted, given, used) = (&pod.requests, &node.allocatable, &node.requested);
    let mut check = |reason: Cow<'static, str>, wanted: i64, given: i64, used: i64| {
        if wanted > 0 && wanted > given - used {
            reasons.push(reason);
            resolvable = resolvable && wanted <= given;
        }
    };
    check("Insufficient cpu".into(), wanted.milli_cpu, given.milli_cpu, used.milli_cpu);
    check("Insufficient memory".into(), wanted.memory, given.memory, used.memory);
    check("Insufficient ephemeral-storage".into(), wanted.ephemeral_storage, given.ephemeral_storage, used.ephemeral_storage);
    for (name, amount) in &wanted.extended {
        let of = |resources: &crate::resources::Resources| resources.extended.get(name).copied().unwrap_or_default();
        check(format!("Insufficient {name}").into(), *amount, of(given), of(used));
    }
    (!reasons.is_empty()).then_some(Rejection { plugin: Plugin::NodeResourcesFit, reasons, resolvable })
}
