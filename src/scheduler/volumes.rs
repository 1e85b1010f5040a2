//! Claims of a pod: bound ones tie it to the nodes that reach their volume, unbound ones wait for the pod to have a node.

use std::collections::HashSet;
use std::sync::Arc;

use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use k8s_openapi::api::storage::v1::StorageClass;

use crate::cluster::{Cluster, NodeInfo};
use crate::filter::{Plugin, Rejection};
use crate::node_affinity::any_of;
use crate::pod::PodInfo;

const BIND_COMPLETED: &str = "pv.kubernetes.io/bind-completed";
const NO_PROVISIONER: &str = "kubernetes.io/no-provisioner";

/// What a claim waits for once its pod has a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub namespace: String,
    pub claim: String,
    pub claim_uid: String,
    /// The volume that is there already; else one shall be provisioned.
    pub volume: Option<String>,
}

/// The claims of a pod, looked up.
pub struct Volumes<'a> {
    cluster: &'a Cluster,
    /// Volumes of bound claims; `None` for one that is missing.
    bound: Vec<Option<&'a Arc<PersistentVolume>>>,
    waiting: Vec<(&'a Arc<PersistentVolumeClaim>, &'a Arc<StorageClass>)>,
    /// A claim that only one pod may use has its pod.
    taken: bool,
}

impl<'a> Volumes<'a> {
    pub fn of(cluster: &'a Cluster, pod: &PodInfo, gone: &HashSet<String>) -> Result<Self, (Plugin, String)> {
        let mut volumes = Self { cluster, bound: Vec::new(), waiting: Vec::new(), taken: false };
        let mut immediate = false;
        for wanted in &pod.claims {
            let name = &wanted.name;
            let refuse = |message: String| Err((Plugin::VolumeBinding, message));
            let Some(claim) = cluster.claims.get(&(pod.namespace.clone(), name.clone())) else {
                return refuse(if wanted.ephemeral {
                    format!("waiting for ephemeral volume controller to create the persistentvolumeclaim \"{name}\"")
                } else {
                    format!("persistentvolumeclaim \"{name}\" not found")
                });
            };
            let volume = claim.spec.as_ref().and_then(|spec| spec.volume_name.as_deref()).filter(|name| !name.is_empty());
            if claim.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Lost") {
                let volume = volume.unwrap_or_default();
                return refuse(format!("persistentvolumeclaim \"{name}\" bound to non-existent persistentvolume \"{volume}\""));
            }
            if claim.metadata.deletion_timestamp.is_some() {
                return refuse(format!("persistentvolumeclaim \"{name}\" is being deleted"));
            }
            let alone = claim
                .spec
                .as_ref()
                .and_then(|spec| spec.access_modes.as_ref())
                .is_some_and(|modes| modes.iter().any(|mode| mode == "ReadWriteOncePod"));
            volumes.taken |= alone && gone.is_empty() && cluster.claim_users(&pod.namespace, name) > 0;
            let completed = claim.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(BIND_COMPLETED));
            match (volume, class_of(cluster, claim)) {
                (Some(volume), _) if completed => volumes.bound.push(cluster.volumes.get(volume)),
                (None, Some(class)) if class.volume_binding_mode.as_deref() == Some("WaitForFirstConsumer") => {
                    volumes.waiting.push((claim, class));
                }
                _ => immediate = true,
            }
        }
        if immediate {
            return Err((Plugin::VolumeBinding, "pod has unbound immediate PersistentVolumeClaims".to_owned()));
        }
        Ok(volumes)
    }
    pub fn rejection(&self, node: &NodeInfo) -> Option<Rejection> {
        if self.taken {
            let reason = "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode";
            return Some(Rejection::new(Plugin::VolumeRestrictions, reason));
        }
        for volume in &self.bound {
            let Some(volume) = volume else {
                let reason = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
                return Some(Rejection::unresolvable(Plugin::VolumeBinding, reason));
            };
            if !reaches(node, volume) {
                let reason = "node(s) didn't match PersistentVolume's node affinity";
                return Some(Rejection::unresolvable(Plugin::VolumeBinding, reason));
            }
        }
        if self.bindings(node).is_none() {
            return Some(Rejection::unresolvable(Plugin::VolumeBinding, "node(s) didn't find available persistent volumes to bind"));
        }
        None
    }
    /// What each waiting claim gets if the pod goes to a node; `None` where one gets nothing.
    pub fn bindings(&self, node: &NodeInfo) -> Option<Vec<Binding>> {
        let mut taken: HashSet<&str> = HashSet::new();
        let mut bindings = Vec::new();
        for (claim, class) in &self.waiting {
            let mut found: Vec<&Arc<PersistentVolume>> = self
                .cluster
                .volumes
                .values()
                .filter(|volume| !taken.contains(name(volume)) && suits(volume, claim) && reaches(node, volume))
                .collect();
            found.sort_by_key(|volume| (capacity(volume), name(volume).to_owned()));
            let volume = found.first().map(|volume| name(volume));
            if volume.is_none() && !provisions(class, node) {
                return None;
            }
            taken.extend(volume);
            bindings.push(Binding {
                namespace: claim.metadata.namespace.clone().unwrap_or_default(),
                claim: claim.metadata.name.clone().unwrap_or_default(),
                claim_uid: claim.metadata.uid.clone().unwrap_or_default(),
                volume: volume.map(str::to_owned),
            });
        }
        Some(bindings)
    }
}

fn class_of<'a>(cluster: &'a Cluster, claim: &PersistentVolumeClaim) -> Option<&'a Arc<StorageClass>> {
    cluster.classes.get(claim.spec.as_ref()?.storage_class_name.as_deref()?)
}

fn name(volume: &Arc<PersistentVolume>) -> &str {
    volume.metadata.name.as_deref().unwrap_or_default()
}

fn capacity(volume: &PersistentVolume) -> i64 {
    let capacity = volume.spec.as_ref().and_then(|spec| spec.capacity.as_ref()).and_then(|capacity| capacity.get("storage"));
    capacity.and_then(|quantity| quantity.0.parse::<api::Quantity>().ok()).map_or(0, |quantity| quantity.value())
}

/// Whether a node is among those that a volume can be used on.
fn reaches(node: &NodeInfo, volume: &PersistentVolume) -> bool {
    let required = volume.spec.as_ref().and_then(|spec| spec.node_affinity.as_ref()).and_then(|affinity| affinity.required.as_ref());
    required.is_none_or(|selector| any_of(selector).iter().any(|term| term.matches(&node.node)))
}

/// Whether a free volume is what a claim asks for.
fn suits(volume: &PersistentVolume, claim: &PersistentVolumeClaim) -> bool {
    let (Some(offer), Some(wish)) = (&volume.spec, &claim.spec) else { return false };
    let reserved = offer.claim_ref.as_ref().is_some_and(|reference| {
        let same = reference.namespace == claim.metadata.namespace && reference.name == claim.metadata.name;
        !same || reference.uid.as_ref().is_some_and(|uid| Some(uid) != claim.metadata.uid.as_ref())
    });
    let size = wish.resources.as_ref().and_then(|resources| resources.requests.as_ref()).and_then(|requests| requests.get("storage"));
    let size = size.and_then(|quantity| quantity.0.parse::<api::Quantity>().ok()).map_or(0, |quantity| quantity.value());
    let offered = offer.access_modes.as_deref().unwrap_or_default();
    let selector = wish.selector.as_ref().map(|selector| api::labels::Selector::from_label_selector(Some(selector)));
    volume.metadata.deletion_timestamp.is_none()
        && !reserved
        && offer.storage_class_name.as_deref().unwrap_or_default() == wish.storage_class_name.as_deref().unwrap_or_default()
        && offer.volume_mode.as_deref().unwrap_or("Filesystem") == wish.volume_mode.as_deref().unwrap_or("Filesystem")
        && capacity(volume) >= size
        && wish.access_modes.iter().flatten().all(|mode| offered.contains(mode))
        && selector.is_none_or(|selector| selector.is_ok_and(|selector| selector.matches(volume.metadata.labels.as_ref())))
}

/// Whether a class makes volumes that a node can use.
fn provisions(class: &StorageClass, node: &NodeInfo) -> bool {
    let topologies = class.allowed_topologies.as_deref().unwrap_or_default();
    let allowed = |term: &k8s_openapi::api::core::v1::TopologySelectorTerm| {
        let mut conditions = term.match_label_expressions.iter().flatten();
        conditions.all(|condition| node.label(&condition.key).is_some_and(|value| condition.values.contains(value)))
    };
    class.provisioner != NO_PROVISIONER && (topologies.is_empty() || topologies.iter().any(allowed))
}
