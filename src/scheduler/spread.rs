//! Even spreading over the values of a node label: hard constraints as a filter, soft ones and the default spreading of a controller's pods
//! as a score.

use std::collections::{HashMap, HashSet};

use api::labels::Selector;

use crate::cluster::{Cluster, NodeInfo};
use crate::filter::{Plugin, Rejection};
use crate::pod::{PodInfo, Spread, tolerates};

const HOSTNAME: &str = "kubernetes.io/hostname";
const ZONE: &str = "topology.kubernetes.io/zone";

/// The hard constraints of a pod, counted over the cluster.
pub struct HardSpread<'a>(Vec<Counted<'a>>);

struct Counted<'a> {
    spread: &'a Spread,
    /// Matching pods by value of the topology key.
    counts: HashMap<&'a str, i64>,
    fewest: i64,
    /// 1 where the pod itself counts.
    own: i64,
}

impl<'a> HardSpread<'a> {
    pub fn of(cluster: &'a Cluster, pod: &'a PodInfo, gone: &HashSet<String>) -> Self {
        Self(pod.spreads.iter().map(|spread| Counted::of(cluster, pod, spread, &pod.spreads, gone)).collect())
    }
    pub fn rejection(&self, node: &NodeInfo) -> Option<Rejection> {
        for counted in &self.0 {
            let Some(value) = node.label(&counted.spread.topology_key) else {
                let reason = "node(s) didn't match pod topology spread constraints (missing required label)";
                return Some(Rejection::unresolvable(Plugin::PodTopologySpread, reason));
            };
            let count = counted.counts.get(value.as_str()).copied().unwrap_or_default();
            if count + counted.own - counted.fewest > counted.spread.max_skew {
                return Some(Rejection::new(Plugin::PodTopologySpread, "node(s) didn't match pod topology spread constraints"));
            }
        }
        None
    }
}

impl<'a> Counted<'a> {
    fn of(cluster: &'a Cluster, pod: &PodInfo, spread: &'a Spread, all: &[Spread], gone: &HashSet<String>) -> Self {
        let mut counts: HashMap<&str, i64> = HashMap::new();
        for node in cluster.nodes().iter().filter(|node| is_eligible(node, pod, spread)) {
            if all.iter().any(|spread| node.label(&spread.topology_key).is_none()) {
                continue;
            }
            if let Some(value) = node.label(&spread.topology_key) {
                *counts.entry(value).or_default() += matching(node, pod, &spread.selector, gone);
            }
        }
        let fewest = if (counts.len() as i64) < spread.min_domains { 0 } else { counts.values().copied().min().unwrap_or_default() };
        let own = i64::from(spread.selector.matches(&pod.labels));
        Self { spread, counts, fewest, own }
    }
}

fn is_eligible(node: &NodeInfo, pod: &PodInfo, spread: &Spread) -> bool {
    let taints = || node.node.spec.iter().flat_map(|spec| spec.taints.iter().flatten());
    (!spread.honor_affinity || pod.demand.is_met_by(&node.node))
        && (!spread.honor_taints || taints().all(|taint| taint.effect == "PreferNoSchedule" || tolerates(&pod.tolerations, taint)))
}

fn matching(node: &NodeInfo, pod: &PodInfo, selector: &Selector, gone: &HashSet<String>) -> i64 {
    let counts = |other: &&std::sync::Arc<PodInfo>| {
        other.namespace == pod.namespace && !other.terminating && selector.matches(&other.labels) && !gone.contains(&other.uid)
    };
    node.pods.values().filter(counts).count() as i64
}

/// A lower number is better; `None` where nodes do not differ.
pub fn crowding(cluster: &Cluster, pod: &PodInfo, nodes: &[&NodeInfo]) -> Option<Vec<f64>> {
    if pod.soft_spreads.is_empty() {
        return if pod.spreads.is_empty() { default_crowding(cluster, pod, nodes) } else { None };
    }
    let nobody = HashSet::new();
    let mut crowding = vec![0.0; nodes.len()];
    for spread in &pod.soft_spreads {
        let counted = Counted::of(cluster, pod, spread, &pod.soft_spreads, &nobody);
        let count = |node: &NodeInfo| node.label(&spread.topology_key).and_then(|value| counted.counts.get(value.as_str())).copied();
        add(&mut crowding, nodes, count, counted.counts.len(), spread.max_skew);
    }
    Some(crowding)
}

/// Pods of one controller, or of the same service, are spread over nodes and zones without being asked.
fn default_crowding(cluster: &Cluster, pod: &PodInfo, nodes: &[&NodeInfo]) -> Option<Vec<f64>> {
    let selectors: Vec<&Selector> = if pod.owner.is_some() {
        Vec::new()
    } else {
        let own =
            |((namespace, _), selector): (&(String, String), &'_ Selector)| *namespace == pod.namespace && selector.matches(&pod.labels);
        cluster.services.iter().filter(|(key, selector)| own((key, selector))).map(|(_, selector)| selector).collect()
    };
    if pod.owner.is_none() && selectors.is_empty() {
        return None;
    }
    let nobody = HashSet::new();
    let on_node = |node: &NodeInfo| match &pod.owner {
        Some(owner) => node.owners.get(owner).copied().unwrap_or_default(),
        None => selectors.iter().map(|selector| matching(node, pod, selector, &nobody)).max().unwrap_or_default(),
    };
    let mut zones: HashMap<&str, i64> = HashMap::new();
    for node in cluster.nodes() {
        if let Some(zone) = node.label(ZONE) {
            *zones.entry(zone).or_default() += on_node(node);
        }
    }
    let mut crowding = vec![0.0; nodes.len()];
    let hosts = nodes.iter().filter(|node| node.label(HOSTNAME).is_some()).count();
    add(&mut crowding, nodes, |node| Some(on_node(node)), hosts, 3);
    if !zones.is_empty() {
        add(&mut crowding, nodes, |node| node.label(ZONE).and_then(|zone| zones.get(zone.as_str())).copied(), zones.len(), 5);
    }
    Some(crowding)
}

/// Few values of a key weigh less than many, and a tolerated skew makes up for small differences, as upstream's score has it.
fn add(crowding: &mut [f64], nodes: &[&NodeInfo], count: impl Fn(&NodeInfo) -> Option<i64>, domains: usize, max_skew: i64) {
    let weight = (domains as f64 + 2.0).ln();
    for (sum, node) in crowding.iter_mut().zip(nodes) {
        *sum += match count(node) {
            Some(count) => count as f64 * weight + (max_skew - 1) as f64,
            // without the label a node is the last choice
            None => f64::from(u16::MAX),
        };
    }
}
