//! Pods that want each other near or far: required terms as a filter, preferred ones as a score.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::cluster::{Cluster, NodeInfo};
use crate::filter::{Plugin, Rejection};
use crate::pod::{PodInfo, PodTerm};

/// Label and value of nodes: a place in the topology.
type Place<'a> = (&'a str, &'a str);

/// What a required affinity of a pod already there weighs in the score of one that it wants near.
const REQUIRED_WEIGHT: i64 = 1;

/// Where pods stand that the pod must or must not be near, and where it is not wanted itself.
pub struct Neighbours<'a> {
    pod: &'a PodInfo,
    near: HashMap<Place<'a>, i64>,
    far: HashMap<Place<'a>, i64>,
    refused: HashMap<Place<'a>, i64>,
    /// It is what it wants near: the first of a group may stand anywhere.
    first: bool,
}

impl<'a> Neighbours<'a> {
    pub fn of(cluster: &'a Cluster, pod: &'a PodInfo, gone: &HashSet<String>) -> Self {
        let mut found = Self { pod, near: HashMap::new(), far: HashMap::new(), refused: HashMap::new(), first: false };
        if pod.near.is_empty() && pod.far.is_empty() && !cluster.has_refusing() {
            return found;
        }
        let namespaces = &cluster.namespaces;
        for node in cluster.nodes() {
            for other in node.pods.values().filter(|other| !gone.contains(&other.uid)) {
                if !pod.near.is_empty() && pod.near.iter().all(|term| term.matches(other, namespaces)) {
                    count(&mut found.near, node, pod.near.iter());
                }
                count(&mut found.far, node, pod.far.iter().filter(|term| term.matches(other, namespaces)));
                count_owned(&mut found.refused, node, other, |term| term.matches(pod, namespaces));
            }
        }
        found.first = found.near.is_empty() && pod.near.iter().all(|term| term.matches(pod, namespaces));
        found
    }
    pub fn rejection(&self, node: &NodeInfo) -> Option<Rejection> {
        let occupied = |places: &HashMap<Place<'_>, i64>, term: &PodTerm| {
            node.label(&term.topology_key).map(|value| places.contains_key(&(term.topology_key.as_str(), value.as_str())))
        };
        let near = |term| match occupied(&self.near, term) {
            Some(occupied) => occupied || self.first,
            None => false,
        };
        if !self.pod.near.iter().all(near) {
            return Some(Rejection::unresolvable(Plugin::InterPodAffinity, "node(s) didn't match pod affinity rules"));
        }
        if self.pod.far.iter().any(|term| occupied(&self.far, term) == Some(true)) {
            return Some(Rejection::new(Plugin::InterPodAffinity, "node(s) didn't match pod anti-affinity rules"));
        }
        if self.refused.keys().any(|(key, value)| node.label(key).is_some_and(|own| own == value)) {
            return Some(Rejection::new(Plugin::InterPodAffinity, "node(s) didn't satisfy existing pods anti-affinity rules"));
        }
        None
    }
}

fn count<'a>(places: &mut HashMap<Place<'a>, i64>, node: &'a NodeInfo, terms: impl Iterator<Item = &'a PodTerm>) {
    for term in terms {
        if let Some(value) = node.label(&term.topology_key) {
            *places.entry((&term.topology_key, value)).or_default() += 1;
        }
    }
}

fn count_owned<'a>(places: &mut HashMap<Place<'a>, i64>, node: &'a NodeInfo, other: &'a Arc<PodInfo>, matches: impl Fn(&PodTerm) -> bool) {
    count(places, node, other.far.iter().filter(|term| matches(term)));
}

/// How welcome the pod is at each node; `None` where nobody cares.
pub fn attraction(cluster: &Cluster, pod: &PodInfo, nodes: &[&NodeInfo]) -> Option<Vec<f64>> {
    if pod.wishes.is_empty() && !cluster.has_affine() {
        return None;
    }
    let namespaces = &cluster.namespaces;
    let mut places: HashMap<Place<'_>, i64> = HashMap::new();
    for node in cluster.nodes() {
        for other in node.pods.values() {
            let own = pod.wishes.iter().filter(|(_, term)| term.matches(other, namespaces)).map(|(weight, term)| (*weight, term));
            let theirs = other.wishes.iter().filter(|(_, term)| term.matches(pod, namespaces)).map(|(weight, term)| (*weight, term));
            let needs = other.near.iter().filter(|term| term.matches(pod, namespaces)).map(|term| (REQUIRED_WEIGHT, term));
            for (weight, term) in own.chain(theirs).chain(needs) {
                if let Some(value) = node.label(&term.topology_key) {
                    *places.entry((&term.topology_key, value)).or_default() += weight;
                }
            }
        }
    }
    if places.is_empty() {
        return None;
    }
    let sum = |node: &&NodeInfo| {
        let here = places.iter().filter(|((key, value), _)| node.label(key).is_some_and(|own| own == value));
        here.map(|(_, weight)| *weight as f64).sum()
    };
    Some(nodes.iter().map(sum).collect())
}
