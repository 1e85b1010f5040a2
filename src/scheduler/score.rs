//! Which of the nodes that can take a pod is best: the sum of upstream's scores, each from 0 to 100 times its weight.

use crate::affinity::attraction;
use crate::cluster::{Cluster, NodeInfo};
use crate::pod::{PodInfo, tolerates};
use crate::spread::crowding;

const MAXIMUM: f64 = 100.0;
const TAINT_WEIGHT: f64 = 3.0;
const NODE_AFFINITY_WEIGHT: f64 = 2.0;
const SPREAD_WEIGHT: f64 = 2.0;
const POD_AFFINITY_WEIGHT: f64 = 2.0;

/// The place of the best node in `nodes`, the first of equals.
pub fn best(cluster: &Cluster, pod: &PodInfo, nodes: &[&NodeInfo]) -> usize {
    if nodes.len() == 1 {
        return 0;
    }
    let mut totals: Vec<f64> = nodes.iter().map(|node| least_allocated(pod, node) + balanced(pod, node)).collect();
    let taints: Vec<f64> = nodes.iter().map(|node| unwelcome_taints(pod, node)).collect();
    add_reversed(&mut totals, &taints, TAINT_WEIGHT);
    if !pod.preferred_nodes.is_empty() {
        let preferred = |node: &&NodeInfo| {
            let terms = pod.preferred_nodes.iter().filter(|(_, term)| term.matches(&node.node));
            terms.map(|(weight, _)| *weight as f64).sum::<f64>()
        };
        let weights: Vec<f64> = nodes.iter().map(preferred).collect();
        let largest = weights.iter().copied().fold(0.0, f64::max);
        if largest > 0.0 {
            add(&mut totals, weights.iter().map(|weight| weight * MAXIMUM / largest), NODE_AFFINITY_WEIGHT);
        }
    }
    if let Some(crowding) = crowding(cluster, pod, nodes) {
        let (low, high) = bounds(&crowding);
        let score = |crowding: &f64| if high == 0.0 { MAXIMUM } else { MAXIMUM * (high + low - crowding) / high };
        add(&mut totals, crowding.iter().map(score), SPREAD_WEIGHT);
    }
    if let Some(attraction) = attraction(cluster, pod, nodes) {
        let (low, high) = bounds(&attraction);
        if high > low {
            add(&mut totals, attraction.iter().map(|value| MAXIMUM * (value - low) / (high - low)), POD_AFFINITY_WEIGHT);
        }
    }
    let mut best = 0;
    for (place, total) in totals.iter().enumerate() {
        if *total > totals[best] {
            best = place;
        }
    }
    best
}

fn bounds(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(*value), high.max(*value)))
}

fn add(totals: &mut [f64], scores: impl Iterator<Item = f64>, weight: f64) {
    for (total, score) in totals.iter_mut().zip(scores) {
        // upstream's scores are whole numbers
        *total += score.trunc() * weight;
    }
}

fn add_reversed(totals: &mut [f64], counts: &[f64], weight: f64) {
    let largest = counts.iter().copied().fold(0.0, f64::max);
    add(totals, counts.iter().map(|count| if largest == 0.0 { MAXIMUM } else { MAXIMUM - count * MAXIMUM / largest }), weight);
}

fn unwelcome_taints(pod: &PodInfo, node: &NodeInfo) -> f64 {
    let taints = node.node.spec.iter().flat_map(|spec| spec.taints.iter().flatten());
    taints.filter(|taint| taint.effect == "PreferNoSchedule" && !tolerates(&pod.tolerations, taint)).count() as f64
}

/// CPU and memory of a node: what would be used, and what there is.
fn usage(pod: &PodInfo, node: &NodeInfo) -> [(f64, f64); 2] {
    [
        ((node.assumed.0 + pod.assumed.0) as f64, node.allocatable.milli_cpu as f64),
        ((node.assumed.1 + pod.assumed.1) as f64, node.allocatable.memory as f64),
    ]
}

fn least_allocated(pod: &PodInfo, node: &NodeInfo) -> f64 {
    let free = |(used, given): (f64, f64)| if given <= 0.0 || used > given { 0.0 } else { ((given - used) * MAXIMUM / given).trunc() };
    let [cpu, memory] = usage(pod, node).map(free);
    ((cpu + memory) / 2.0).trunc()
}

fn balanced(pod: &PodInfo, node: &NodeInfo) -> f64 {
    let requested = [
        ((node.requested.milli_cpu + pod.requests.milli_cpu) as f64, node.allocatable.milli_cpu as f64),
        ((node.requested.memory + pod.requests.memory) as f64, node.allocatable.memory as f64),
    ];
    let [cpu, memory] = requested.map(|(used, given)| if given <= 0.0 { 1.0 } else { (used / given).min(1.0) });
    ((1.0 - (cpu - memory).abs() / 2.0) * MAXIMUM).trunc()
}
