//! Making room for a pod by pushing out pods of lower priority: the fewest and least important that help, disruption budgets respected where
//! that is possible.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use api::labels::Selector;

use crate::cluster::{Cluster, NodeInfo};
use crate::decide::Preemption;
use crate::filter::{Cycle, Rejection};
use crate::pod::PodInfo;

pub const NOT_HELPFUL: &str = "Preemption is not helpful for scheduling";
const NO_VICTIMS: &str = "No preemption victims found for incoming pod";

/// Whether preemption helps.
pub enum Outcome {
    Possible(Preemption),
    /// The pod may not push out others, or has done so and waits.
    NotAllowed(&'static str),
    /// Reasons by number of nodes.
    Useless(BTreeMap<String, usize>),
}

struct Candidate<'a> {
    node: &'a NodeInfo,
    victims: Vec<Arc<PodInfo>>,
    /// How many of them have a budget that allows no disruption.
    violations: usize,
}

/// Looks for a node on which fewer pods of lower priority would make room.
pub fn find(cluster: &Cluster, pod: &PodInfo, rejected: &[(&NodeInfo, Rejection)]) -> Outcome {
    if !pod.preempts() {
        return Outcome::NotAllowed("not eligible due to preemptionPolicy=Never.");
    }
    if let Some(node) = cluster.nomination(&pod.uid).and_then(|name| cluster.node(name))
        && node.pods.values().any(|other| other.terminating && other.priority < pod.priority)
    {
        return Outcome::NotAllowed("not eligible due to terminating pod on the nominated node.");
    }
    let total = cluster.nodes().len();
    let mut useless: BTreeMap<String, usize> = BTreeMap::new();
    let mut candidates = Vec::new();
    for (node, rejection) in rejected {
        if !rejection.resolvable {
            continue;
        }
        match on_node(cluster, pod, node) {
            Ok(candidate) => candidates.push(candidate),
            Err(reasons) => {
                for reason in reasons {
                    *useless.entry(reason).or_default() += 1;
                }
            }
        }
    }
    let Some(best) = candidates.into_iter().min_by_key(cost) else {
        let hopeless = total - rejected.iter().filter(|(_, rejection)| rejection.resolvable).count();
        if hopeless > 0 {
            useless.insert(NOT_HELPFUL.to_owned(), hopeless);
        }
        return Outcome::Useless(useless);
    };
    Outcome::Possible(Preemption { node: best.node.name.clone(), victims: best.victims })
}

/// Fewest violated budgets, then the least important victims, then the fewest, then those that run for the shortest time.
fn cost(candidate: &Candidate<'_>) -> (usize, i32, i64, usize, Reverse<Option<String>>) {
    let highest = candidate.victims.iter().map(|victim| victim.priority).max().unwrap_or(i32::MIN);
    // all priorities shifted to be positive, so that more victims cost more
    let sum = candidate.victims.iter().map(|victim| i64::from(victim.priority) + i64::from(i32::MAX) + 1).sum();
    let oldest = candidate.victims.iter().filter(|victim| victim.priority == highest).filter_map(|victim| started(victim)).min();
    (candidate.violations, highest, sum, candidate.victims.len(), Reverse(oldest))
}

fn started(pod: &PodInfo) -> Option<String> {
    pod.pod.status.as_ref()?.start_time.as_ref().map(|time| time.0.to_string())
}

/// Takes all pods of lower priority off a node and lets back as many as can stay.
fn on_node<'a>(cluster: &'a Cluster, pod: &PodInfo, node: &'a NodeInfo) -> Result<Candidate<'a>, Vec<String>> {
    let mut lower: Vec<Arc<PodInfo>> = node.pods.values().filter(|other| other.priority < pod.priority).cloned().collect();
    if lower.is_empty() {
        return Err(vec![NO_VICTIMS.to_owned()]);
    }
    // the most important first, among equals the one that runs longest
    lower.sort_by(|left, right| {
        let order =
            right.priority.cmp(&left.priority).then_with(|| started(left).unwrap_or_default().cmp(&started(right).unwrap_or_default()));
        order.then_with(|| left.uid.cmp(&right.uid))
    });
    let mut gone: HashSet<String> = lower.iter().map(|victim| victim.uid.clone()).collect();
    let mut emptied = node.clone();
    lower.iter().for_each(|victim| emptied.remove(&victim.uid));
    cluster.nominated_to(&node.name, pod).for_each(|coming| emptied.add(coming));
    let rejection = |gone: &HashSet<String>, node: &NodeInfo| match Cycle::new(cluster, pod, gone) {
        Ok(cycle) => cycle.bare_rejection(node),
        Err((plugin, message)) => Some(Rejection { plugin, reasons: vec![message.into()], resolvable: false }),
    };
    if let Some(rejection) = rejection(&gone, &emptied) {
        return Err(rejection.reasons.iter().map(ToString::to_string).collect());
    }
    let (violating, harmless) = by_budget(cluster, lower);
    let mut victims = Vec::new();
    let mut violations = 0;
    for (pods, violate) in [(violating, true), (harmless, false)] {
        for other in pods {
            gone.remove(&other.uid);
            emptied.add(&other);
            if rejection(&gone, &emptied).is_some() {
                emptied.remove(&other.uid);
                gone.insert(other.uid.clone());
                violations += usize::from(violate);
                victims.push(other);
            }
        }
    }
    Ok(Candidate { node, victims, violations })
}

/// Pods whose eviction a budget forbids, and the others.
fn by_budget(cluster: &Cluster, pods: Vec<Arc<PodInfo>>) -> (Vec<Arc<PodInfo>>, Vec<Arc<PodInfo>>) {
    let budgets = cluster.budgets.values().filter_map(|budget| {
        let selector = Selector::from_label_selector(budget.spec.as_ref()?.selector.as_ref()).ok()?;
        let allowed = budget.status.as_ref().and_then(|status| status.disruptions_allowed).unwrap_or_default();
        Some((budget.metadata.namespace.clone().unwrap_or_default(), selector, allowed))
    });
    let mut budgets: Vec<_> = budgets.collect();
    pods.into_iter().partition(|pod| {
        let mut violates = false;
        for (namespace, selector, allowed) in &mut budgets {
            if *namespace == pod.namespace && !selector.is_empty() && selector.matches(&pod.labels) {
                *allowed -= 1;
                violates |= *allowed < 0;
            }
        }
        violates
    })
}
