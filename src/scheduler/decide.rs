//! One scheduling decision: pure, from the cluster as it is known to a node or to upstream's message of why there is none.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::cluster::{Cluster, NodeInfo};
use crate::filter::{Cycle, Plugin, Rejection};
use crate::pod::PodInfo;
use crate::preempt::{self, Outcome};
use crate::score;
use crate::volumes::Binding;

/// Below this many nodes all are looked at.
const LOOK_AT_ALL: usize = 100;

/// What to do with a pod.
#[derive(Debug)]
pub enum Decision {
    Place {
        node: String,
        /// Claims to settle before the pod is bound.
        bindings: Vec<Binding>,
    },
    Refuse(Refusal),
}

/// Why a pod has no node.
#[derive(Debug)]
pub struct Refusal {
    /// The message of the condition and of the event.
    pub message: String,
    /// Whose change can help.
    pub plugins: BTreeSet<Plugin>,
    /// Pods to push out, and the node that this makes room on.
    pub preemption: Option<Preemption>,
    /// A nomination that the pod had is of no use any more.
    pub withdraw: bool,
}

#[derive(Debug)]
pub struct Preemption {
    pub node: String,
    pub victims: Vec<Arc<PodInfo>>,
}

/// Decides for one pod. `start` moves the first node to look at, so that large clusters are used evenly.
pub fn schedule(cluster: &Cluster, pod: &PodInfo, start: usize) -> Decision {
    let nodes = cluster.nodes();
    if nodes.is_empty() {
        return refuse("no nodes available to schedule pods".to_owned(), BTreeSet::from([Plugin::NodeAffinity]));
    }
    let nobody = HashSet::new();
    let cycle = match Cycle::new(cluster, pod, &nobody) {
        Ok(cycle) => cycle,
        Err((plugin, message)) => {
            let text = format!("0/{} nodes are available: {message}.", nodes.len());
            let reasons = BTreeMap::from([(preempt::NOT_HELPFUL.to_owned(), nodes.len())]);
            return refuse(with_preemption(&text, &unavailable(nodes.len(), &reasons)), BTreeSet::from([plugin]));
        }
    };
    let named = pod.demand.named_nodes();
    let wanted = if nodes.len() <= LOOK_AT_ALL { nodes.len() } else { feasible_wanted(nodes.len()) };
    let mut fitting: Vec<&NodeInfo> = Vec::new();
    let mut rejected: Vec<(&NodeInfo, Rejection)> = Vec::new();
    if let Some(node) = cluster.nomination(&pod.uid).and_then(|name| cluster.node(name))
        && cycle.rejection(node).is_none()
    {
        fitting.push(node);
    } else {
        let all = (0..nodes.len()).map(|offset| &nodes[(start + offset) % nodes.len()]);
        for node in all.filter(|node| named.as_ref().is_none_or(|names| names.contains(node.name.as_str()))) {
            match cycle.rejection(node) {
                None => fitting.push(node),
                Some(rejection) => rejected.push((node, rejection)),
            }
            if fitting.len() >= wanted {
                break;
            }
        }
    }
    if !fitting.is_empty() {
        let best = fitting[score::best(cluster, pod, &fitting)];
        let bindings = cycle.volumes().bindings(best).unwrap_or_default();
        return Decision::Place { node: best.name.clone(), bindings };
    }
    refusal(cluster, pod, &rejected)
}

/// How many fitting nodes are enough in a large cluster: half of them, less with size, never under five in a hundred nor under a hundred.
fn feasible_wanted(nodes: usize) -> usize {
    let percent = 50usize.saturating_sub(nodes / 125).max(5);
    (nodes * percent / 100).max(LOOK_AT_ALL)
}

fn refuse(message: String, plugins: BTreeSet<Plugin>) -> Decision {
    Decision::Refuse(Refusal { message, plugins, preemption: None, withdraw: false })
}

fn refusal(cluster: &Cluster, pod: &PodInfo, rejected: &[(&NodeInfo, Rejection)]) -> Decision {
    let total = cluster.nodes().len();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for reason in rejected.iter().flat_map(|(_, rejection)| &rejection.reasons) {
        *reasons.entry(reason.to_string()).or_default() += 1;
    }
    let mut plugins: BTreeSet<Plugin> = rejected.iter().map(|(_, rejection)| rejection.plugin).collect();
    if rejected.len() < total {
        reasons.insert("node(s) didn't satisfy plugin(s) [NodeAffinity]".to_owned(), total - rejected.len());
        plugins.insert(Plugin::NodeAffinity);
    }
    let text = unavailable(total, &reasons);
    match preempt::find(cluster, pod, rejected) {
        Outcome::Possible(preemption) => {
            Decision::Refuse(Refusal { message: text, plugins, preemption: Some(preemption), withdraw: false })
        }
        Outcome::NotAllowed(why) => {
            Decision::Refuse(Refusal { message: with_preemption(&text, why), plugins, preemption: None, withdraw: false })
        }
        Outcome::Useless(reasons) => {
            let message = with_preemption(&text, &unavailable(total, &reasons));
            Decision::Refuse(Refusal { message, plugins, preemption: None, withdraw: true })
        }
    }
}

/// `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`, sorted as text.
fn unavailable(total: usize, reasons: &BTreeMap<String, usize>) -> String {
    let mut reasons: Vec<String> = reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    reasons.sort();
    format!("0/{total} nodes are available: {}.", reasons.join(", "))
}

/// What the plugins after filtering have to say: that of device claims, which no pod here has, and preemption's.
fn with_preemption(text: &str, preemption: &str) -> String {
    format!("{text} no new claims to deallocate, preemption: {preemption}")
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
