//! A pod as the scheduler reads it: everything that filters and scores ask for, computed once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::labels::{Operator, Requirement, Selector};
use k8s_openapi::api::core::v1::{Pod, PodAffinityTerm, PodSpec, Toleration, TopologySpreadConstraint};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::node_affinity::{NodeDemand, NodeTerm};
use crate::resources::{Resources, assumed_requests, requests};

/// A port of the node that a pod takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostPort {
    /// `0.0.0.0` for all addresses.
    pub address: String,
    pub protocol: String,
    pub port: i32,
}

/// Pods that this pod wants near or far.
#[derive(Clone, Debug)]
pub struct PodTerm {
    selector: Selector,
    namespaces: BTreeSet<String>,
    namespace_selector: Selector,
    pub topology_key: String,
}

/// How evenly pods shall stand over the values of a label of nodes.
#[derive(Clone, Debug)]
pub struct Spread {
    pub max_skew: i64,
    pub topology_key: String,
    pub selector: Selector,
    pub min_domains: i64,
    /// Only nodes that the pod demands count.
    pub honor_affinity: bool,
    /// Only nodes whose taints the pod tolerates count.
    pub honor_taints: bool,
}

/// A claim of a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub name: String,
    /// Made for this pod by a controller.
    pub ephemeral: bool,
}

/// A pod and all that is derived from it.
#[derive(Clone, Debug)]
pub struct PodInfo {
    pub pod: Arc<Pod>,
    pub uid: String,
    pub namespace: String,
    pub name: String,
    pub labels: BTreeMap<String, String>,
    pub priority: i32,
    pub requests: Resources,
    /// For scores: see [`assumed_requests`].
    pub assumed: (i64, i64),
    pub host_ports: Vec<HostPort>,
    pub tolerations: Vec<Toleration>,
    pub demand: NodeDemand,
    pub preferred_nodes: Vec<(i64, NodeTerm)>,
    pub near: Vec<PodTerm>,
    pub far: Vec<PodTerm>,
    /// Weighted wishes; far ones have negative weights.
    pub wishes: Vec<(i64, PodTerm)>,
    pub spreads: Vec<Spread>,
    pub soft_spreads: Vec<Spread>,
    pub claims: Vec<Claim>,
    /// The controller that made it.
    pub owner: Option<String>,
    pub terminating: bool,
}

impl PodInfo {
    pub fn new(pod: &Arc<Pod>) -> Self {
        let meta = &pod.metadata;
        let empty = PodSpec::default();
        let spec = pod.spec.as_ref().unwrap_or(&empty);
        let (namespace, name) = (meta.namespace.clone().unwrap_or_default(), meta.name.clone().unwrap_or_default());
        let labels = meta.labels.clone().unwrap_or_default();
        let affinity = spec.affinity.as_ref();
        let near = affinity.and_then(|affinity| affinity.pod_affinity.as_ref());
        let far = affinity.and_then(|affinity| affinity.pod_anti_affinity.as_ref());
        let term = |term: &PodAffinityTerm| PodTerm::new(term, &namespace, &labels);
        let required = |terms: Option<&Vec<PodAffinityTerm>>| terms.into_iter().flatten().map(term).collect();
        let preferred_near = near.and_then(|near| near.preferred_during_scheduling_ignored_during_execution.as_ref());
        let preferred_far = far.and_then(|far| far.preferred_during_scheduling_ignored_during_execution.as_ref());
        let wishes = preferred_near.into_iter().flatten().map(|wish| (i64::from(wish.weight), term(&wish.pod_affinity_term)));
        let aversions = preferred_far.into_iter().flatten().map(|wish| (-i64::from(wish.weight), term(&wish.pod_affinity_term)));
        let preferred_nodes = affinity
            .and_then(|affinity| affinity.node_affinity.as_ref())
            .and_then(|affinity| affinity.preferred_during_scheduling_ignored_during_execution.as_ref());
        let spreads = |when: &str| {
            let constraints = spec.topology_spread_constraints.iter().flatten().filter(|constraint| constraint.when_unsatisfiable == when);
            constraints.map(|constraint| Spread::new(constraint, &labels)).collect()
        };
        Self {
            uid: meta.uid.clone().unwrap_or_default(),
            priority: spec.priority.unwrap_or_default(),
            requests: requests(pod),
            assumed: assumed_requests(spec),
            host_ports: host_ports(spec),
            tolerations: spec.tolerations.clone().unwrap_or_default(),
            demand: NodeDemand::of(spec),
            preferred_nodes: preferred_nodes
                .into_iter()
                .flatten()
                .map(|term| (i64::from(term.weight), NodeTerm::of(&term.preference)))
                .collect(),
            near: required(near.and_then(|near| near.required_during_scheduling_ignored_during_execution.as_ref())),
            far: required(far.and_then(|far| far.required_during_scheduling_ignored_during_execution.as_ref())),
            wishes: wishes.chain(aversions).collect(),
            spreads: spreads("DoNotSchedule"),
            soft_spreads: spreads("ScheduleAnyway"),
            claims: claims(spec, &name),
            owner: meta.owner_references.iter().flatten().find(|owner| owner.controller == Some(true)).map(|owner| owner.uid.clone()),
            terminating: meta.deletion_timestamp.is_some(),
            namespace,
            name,
            labels,
            pod: pod.clone(),
        }
    }
    pub fn spec(&self) -> Option<&PodSpec> {
        self.pod.spec.as_ref()
    }
    /// Whether it may push out pods of lower priority.
    pub fn preempts(&self) -> bool {
        self.spec().and_then(|spec| spec.preemption_policy.as_deref()) != Some("Never")
    }
    pub fn has_affinity(&self) -> bool {
        !(self.near.is_empty() && self.far.is_empty() && self.wishes.is_empty())
    }
}

impl PodTerm {
    fn new(term: &PodAffinityTerm, namespace: &str, labels: &BTreeMap<String, String>) -> Self {
        let mut namespaces: BTreeSet<String> = term.namespaces.iter().flatten().cloned().collect();
        if namespaces.is_empty() && term.namespace_selector.is_none() {
            namespaces.insert(namespace.to_owned());
        }
        let mut selector = selected(term.label_selector.as_ref());
        selector = narrowed(&selector, term.match_label_keys.as_deref(), labels, Operator::In);
        selector = narrowed(&selector, term.mismatch_label_keys.as_deref(), labels, Operator::NotIn);
        Self {
            selector,
            namespaces,
            namespace_selector: selected(term.namespace_selector.as_ref()),
            topology_key: term.topology_key.clone(),
        }
    }
    /// Whether it means a pod; `namespaces` has the labels of all namespaces.
    pub fn matches(&self, pod: &PodInfo, namespaces: &crate::cluster::Namespaces) -> bool {
        let in_namespace = || {
            self.namespaces.contains(&pod.namespace)
                || (!self.namespace_selector.is_nothing() && self.namespace_selector.matches(namespaces.get(&pod.namespace)))
        };
        in_namespace() && self.selector.matches(&pod.labels)
    }
}

impl Spread {
    fn new(constraint: &TopologySpreadConstraint, labels: &BTreeMap<String, String>) -> Self {
        let selector = selected(constraint.label_selector.as_ref());
        Self {
            max_skew: constraint.max_skew.into(),
            topology_key: constraint.topology_key.clone(),
            selector: narrowed(&selector, constraint.match_label_keys.as_deref(), labels, Operator::In),
            min_domains: constraint.min_domains.unwrap_or(1).into(),
            honor_affinity: constraint.node_affinity_policy.as_deref() != Some("Ignore"),
            honor_taints: constraint.node_taints_policy.as_deref() == Some("Honor"),
        }
    }
}

/// An absent or invalid selector selects nothing.
fn selected(selector: Option<&LabelSelector>) -> Selector {
    Selector::from_label_selector(selector).unwrap_or_else(|_| Selector::nothing())
}

/// The selector with the pod's own values of some labels demanded, or refused.
fn narrowed(selector: &Selector, keys: Option<&[String]>, labels: &BTreeMap<String, String>, operator: Operator) -> Selector {
    let keys = keys.unwrap_or_default();
    if keys.is_empty() || selector.is_nothing() {
        return selector.clone();
    }
    let own = keys.iter().filter_map(|key| Some(Requirement { key: key.clone(), operator, values: vec![labels.get(key)?.clone()] }));
    Selector::all_of(selector.requirements().iter().cloned().chain(own).collect())
}

fn host_ports(spec: &PodSpec) -> Vec<HostPort> {
    let containers =
        spec.containers.iter().chain(spec.init_containers.iter().flatten().filter(|init| init.restart_policy.as_deref() == Some("Always")));
    let ports = containers.flat_map(|container| container.ports.iter().flatten());
    let taken = ports.filter_map(|port| {
        let number = port.host_port.filter(|number| *number > 0)?;
        let text =
            |value: &Option<String>, default: &str| value.clone().filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned());
        Some(HostPort { address: text(&port.host_ip, "0.0.0.0"), protocol: text(&port.protocol, "TCP"), port: number })
    });
    taken.collect()
}

fn claims(spec: &PodSpec, pod: &str) -> Vec<Claim> {
    let claim = |volume: &k8s_openapi::api::core::v1::Volume| {
        if let Some(source) = &volume.persistent_volume_claim {
            return Some(Claim { name: source.claim_name.clone(), ephemeral: false });
        }
        volume.ephemeral.as_ref().map(|_| Claim { name: format!("{pod}-{}", volume.name), ephemeral: true })
    };
    spec.volumes.iter().flatten().filter_map(claim).collect()
}

/// Whether a taint is tolerated by any of the tolerations.
pub fn tolerates(tolerations: &[Toleration], taint: &k8s_openapi::api::core::v1::Taint) -> bool {
    tolerations.iter().any(|toleration| {
        let filled = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        if filled(&toleration.effect).is_some_and(|effect| effect != taint.effect) {
            return false;
        }
        if filled(&toleration.key).is_some_and(|key| key != taint.key) {
            return false;
        }
        let (own, other) = (toleration.value.as_deref().unwrap_or_default(), taint.value.as_deref().unwrap_or_default());
        let numbers = || Some((own.parse::<i64>().ok()?, other.parse::<i64>().ok()?));
        match toleration.operator.as_deref().unwrap_or_default() {
            "" | "Equal" => own == other,
            "Exists" => true,
            "Lt" => numbers().is_some_and(|(own, other)| other < own),
            "Gt" => numbers().is_some_and(|(own, other)| other > own),
            _ => false,
        }
    })
}
