//! What the scheduler knows of the cluster: nodes with what stands on them, kept current change by change, assumed placements included.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use api::labels::Selector;
use k8s_openapi::api::core::v1::{Node, PersistentVolume, PersistentVolumeClaim};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::storage::v1::StorageClass;

use crate::pod::{HostPort, PodInfo};
use crate::resources::Resources;

/// The labels of each namespace.
pub type Namespaces = HashMap<String, BTreeMap<String, String>>;
/// Objects of a namespace by name.
type Named<K> = HashMap<(String, String), Arc<K>>;

/// A node and the pods on it.
#[derive(Clone, Debug)]
pub struct NodeInfo {
    pub node: Arc<Node>,
    pub name: String,
    pub allocatable: Resources,
    pub max_pods: i64,
    pub requested: Resources,
    /// For scores: thousandths of a CPU and bytes of memory, containers without requests included.
    pub assumed: (i64, i64),
    pub pods: HashMap<String, Arc<PodInfo>>,
    ports: HashMap<(String, i32), Vec<String>>,
    /// How many pods each controller has here.
    pub owners: HashMap<String, i64>,
}

impl NodeInfo {
    fn new(node: Arc<Node>) -> Self {
        let mut info = Self {
            name: node.metadata.name.clone().unwrap_or_default(),
            node: node.clone(),
            allocatable: Resources::default(),
            max_pods: 0,
            requested: Resources::default(),
            assumed: (0, 0),
            pods: HashMap::new(),
            ports: HashMap::new(),
            owners: HashMap::new(),
        };
        info.set(node);
        info
    }
    fn set(&mut self, node: Arc<Node>) {
        let allocatable = node.status.as_ref().and_then(|status| status.allocatable.as_ref());
        self.allocatable = allocatable.map(Resources::of).unwrap_or_default();
        let pods = allocatable.and_then(|list| list.get("pods")).and_then(|quantity| quantity.0.parse::<api::Quantity>().ok());
        self.max_pods = pods.map_or(0, |quantity| quantity.value());
        self.node = node;
    }
    pub fn label(&self, key: &str) -> Option<&String> {
        self.node.metadata.labels.as_ref()?.get(key)
    }
    pub fn add(&mut self, pod: &Arc<PodInfo>) {
        if self.pods.insert(pod.uid.clone(), pod.clone()).is_some() {
            return;
        }
        self.requested.add(&pod.requests);
        self.assumed = (self.assumed.0 + pod.assumed.0, self.assumed.1 + pod.assumed.1);
        for port in &pod.host_ports {
            self.ports.entry((port.protocol.clone(), port.port)).or_default().push(port.address.clone());
        }
        if let Some(owner) = &pod.owner {
            *self.owners.entry(owner.clone()).or_default() += 1;
        }
    }
    pub fn remove(&mut self, uid: &str) {
        let Some(pod) = self.pods.remove(uid) else { return };
        self.requested.subtract(&pod.requests);
        self.assumed = (self.assumed.0 - pod.assumed.0, self.assumed.1 - pod.assumed.1);
        for port in &pod.host_ports {
            let key = (port.protocol.clone(), port.port);
            if let Some(addresses) = self.ports.get_mut(&key) {
                if let Some(index) = addresses.iter().position(|address| *address == port.address) {
                    addresses.swap_remove(index);
                }
                if addresses.is_empty() {
                    self.ports.remove(&key);
                }
            }
        }
        if let Some(owner) = &pod.owner
            && let Some(count) = self.owners.get_mut(owner)
        {
            *count -= 1;
            if *count == 0 {
                self.owners.remove(owner);
            }
        }
    }
    /// Whether a port can not be taken any more.
    pub fn is_taken(&self, port: &HostPort) -> bool {
        const ALL: &str = "0.0.0.0";
        let taken = self.ports.get(&(port.protocol.clone(), port.port));
        taken.is_some_and(|addresses| addresses.iter().any(|address| address == ALL || port.address == ALL || *address == port.address))
    }
}

/// A pod that has a node.
#[derive(Clone, Debug)]
struct Placed {
    pod: Arc<PodInfo>,
    node: String,
    /// Our decision; the API server has not confirmed it yet.
    assumed: bool,
}

/// Everything that decisions are made from.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    nodes: Vec<NodeInfo>,
    places: HashMap<String, usize>,
    pods: HashMap<String, Placed>,
    /// Pods that wait for their victims to leave a node, by uid.
    nominated: HashMap<String, (String, Arc<PodInfo>)>,
    /// How many placed pods refuse others near them, and how many have any affinity at all: without them, much need not be looked at.
    refusing: usize,
    affine: usize,
    /// How many pods use each claim.
    claim_users: HashMap<(String, String), usize>,
    pub namespaces: Namespaces,
    pub claims: Named<PersistentVolumeClaim>,
    pub volumes: HashMap<String, Arc<PersistentVolume>>,
    pub classes: HashMap<String, Arc<StorageClass>>,
    pub budgets: Named<PodDisruptionBudget>,
    /// Selectors of services by namespace and name.
    pub services: HashMap<(String, String), Selector>,
}

impl Cluster {
    pub fn nodes(&self) -> &[NodeInfo] {
        &self.nodes
    }
    pub fn node(&self, name: &str) -> Option<&NodeInfo> {
        self.places.get(name).map(|place| &self.nodes[*place])
    }
    /// Takes in a node that came or changed.
    pub fn set_node(&mut self, node: &Arc<Node>) {
        let name = node.metadata.name.clone().unwrap_or_default();
        if let Some(place) = self.places.get(&name) {
            self.nodes[*place].set(node.clone());
            return;
        }
        let mut info = NodeInfo::new(node.clone());
        for placed in self.pods.values().filter(|placed| placed.node == name) {
            info.add(&placed.pod);
        }
        self.places.insert(name, self.nodes.len());
        self.nodes.push(info);
    }
    pub fn remove_node(&mut self, name: &str) {
        let Some(place) = self.places.remove(name) else { return };
        self.nodes.swap_remove(place);
        if let Some(moved) = self.nodes.get(place) {
            self.places.insert(moved.name.clone(), place);
        }
    }
    /// Takes in a pod that has a node: confirmed by the API server, or assumed.
    pub fn place(&mut self, pod: Arc<PodInfo>, node: &str, assumed: bool) {
        self.remove_pod(&pod.uid);
        self.nominated.remove(&pod.uid);
        if let Some(place) = self.places.get(node) {
            self.nodes[*place].add(&pod);
        }
        self.refusing += usize::from(!pod.far.is_empty());
        self.affine += usize::from(pod.has_affinity());
        for claim in &pod.claims {
            *self.claim_users.entry((pod.namespace.clone(), claim.name.clone())).or_default() += 1;
        }
        self.pods.insert(pod.uid.clone(), Placed { pod, node: node.to_owned(), assumed });
    }
    /// Takes a pod out, whether it was confirmed or assumed; tells the node that it stood on.
    pub fn remove_pod(&mut self, uid: &str) -> Option<String> {
        self.nominated.remove(uid);
        let Placed { pod, node, .. } = self.pods.remove(uid)?;
        if let Some(place) = self.places.get(&node) {
            self.nodes[*place].remove(uid);
        }
        self.refusing -= usize::from(!pod.far.is_empty());
        self.affine -= usize::from(pod.has_affinity());
        for claim in &pod.claims {
            let key = (pod.namespace.clone(), claim.name.clone());
            if let Some(users) = self.claim_users.get_mut(&key) {
                *users -= 1;
                if *users == 0 {
                    self.claim_users.remove(&key);
                }
            }
        }
        Some(node)
    }
    /// Whether our decision for a pod waits for its confirmation.
    pub fn is_assumed(&self, uid: &str) -> bool {
        self.pods.get(uid).is_some_and(|placed| placed.assumed)
    }
    pub fn is_placed(&self, uid: &str) -> bool {
        self.pods.contains_key(uid)
    }
    pub fn nominate(&mut self, pod: Arc<PodInfo>, node: &str) {
        self.nominated.insert(pod.uid.clone(), (node.to_owned(), pod));
    }
    pub fn withdraw(&mut self, uid: &str) {
        self.nominated.remove(uid);
    }
    pub fn nomination(&self, uid: &str) -> Option<&str> {
        self.nominated.get(uid).map(|(node, _)| node.as_str())
    }
    /// Pods of at least this priority that shall come to a node.
    pub fn nominated_to<'a>(&'a self, node: &'a str, pod: &'a PodInfo) -> impl Iterator<Item = &'a Arc<PodInfo>> {
        let all =
            self.nominated.values().filter(move |(place, other)| place == node && other.uid != pod.uid && other.priority >= pod.priority);
        all.map(|(_, other)| other)
    }
    pub fn has_nominations(&self) -> bool {
        !self.nominated.is_empty()
    }
    /// Whether any placed pod refuses others near it.
    pub fn has_refusing(&self) -> bool {
        self.refusing > 0
    }
    /// Whether any placed pod has an affinity.
    pub fn has_affine(&self) -> bool {
        self.affine > 0
    }
    pub fn claim_users(&self, namespace: &str, claim: &str) -> usize {
        self.claim_users.get(&(namespace.to_owned(), claim.to_owned())).copied().unwrap_or_default()
    }
}
