//! NodeRestriction: a node writes its own Node, Lease and CSINode, the status of its own pods and mirror pods of itself, asks for tokens of its own pods; nothing of
//! other nodes.

use std::collections::{BTreeMap, BTreeSet};

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::authentication::v1::TokenRequest;
use k8s_openapi::api::core::v1::{Node, PersistentVolumeClaim, Pod};

use super::{Attributes, Operation, Plugin, find};
use crate::authz::references;

const MIRROR: &str = "kubernetes.io/config.mirror";
const LEASES: &str = "kube-node-lease";
const RESTRICTED: &str = "node-restriction.kubernetes.io";
/// Labels of the domains of Kubernetes that a node may give itself, and the domains below which it may give itself any.
const OWN_LABELS: &[&str] = &[
    "kubernetes.io/hostname",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
    "beta.kubernetes.io/instance-type",
    "node.kubernetes.io/instance-type",
    "kubernetes.io/os",
    "kubernetes.io/arch",
    "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch",
];
const OWN_DOMAINS: &[&str] = &["kubelet.kubernetes.io", "node.kubernetes.io"];

pub struct NodeRestriction;

#[async_trait]
impl Plugin for NodeRestriction {
    fn name(&self) -> &'static str {
        "NodeRestriction"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.operation != Operation::Connect && attributes.user.in_group("system:nodes")
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        let Some(node) = attributes.user.node_name() else {
            return Err(attributes.forbidden(format!("could not determine node from user {:?}", attributes.user.name)));
        };
        restrict(node, attributes, object)
    }
}

fn restrict(node: &str, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
    let refuse = |why: String| Err(attributes.forbidden(why));
    match (&*attributes.kind.group, &*attributes.kind.plural, attributes.subresource) {
        ("", "pods", "") => pod(node, attributes, object),
        ("", "pods", "status") => pod_status(node, attributes, object),
        ("", "pods", "eviction") => {
            let bound: Option<Pod> = find(attributes.registry, &kinds::POD, attributes.namespace, attributes.name)?;
            match bound {
                Some(pod) if bound_to(&pod) != node => refuse(format!("node {node} can only evict pods with spec.nodeName set to itself")),
                _ => Ok(()),
            }
        }
        ("", "pods", other) => refuse(format!("unexpected pod subresource {other:?}, only 'status' and 'eviction' are allowed")),
        ("", "nodes", _) if attributes.name != node => refuse(format!("node {node:?} is not allowed to modify node {:?}", attributes.name)),
        ("", "nodes", _) => own_node(node, attributes, object),
        ("", "persistentvolumeclaims", "status") => claim_status(node, attributes, object),
        ("", "persistentvolumeclaims", _) => refuse("may only update PVC status".to_owned()),
        ("", "serviceaccounts", "token") => token(node, attributes, object),
        ("coordination.k8s.io", "leases", _) if attributes.namespace != LEASES => {
            refuse(format!("can only access leases in the {LEASES:?} system namespace"))
        }
        ("coordination.k8s.io", "leases", _) if attributes.name != node => {
            refuse("can only access node lease with the same name as the requesting node".to_owned())
        }
        ("storage.k8s.io", "csinodes", _) if attributes.name != node => {
            refuse("can only access CSINode with the same name as the requesting node".to_owned())
        }
        _ => Ok(()),
    }
}

fn bound_to(pod: &Pod) -> &str {
    pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()).unwrap_or_default()
}

fn pod(node: &str, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
    match attributes.operation {
        Operation::Create => {
            let Some(pod) = object.and_then(|object| object.downcast_ref::<Pod>()) else { return Ok(()) };
            let found: Option<Node> = find(attributes.registry, &kinds::NODE, "", node)?;
            mirror_pod(node, found.and_then(|node| node.metadata.uid).as_deref(), pod).map_err(|why| attributes.forbidden(why))
        }
        Operation::Delete => match attributes.old_as::<Pod>() {
            Some(pod) if bound_to(pod) != node => {
                Err(attributes.forbidden(format!("node {node:?} can only delete pods with spec.nodeName set to itself")))
            }
            _ => Ok(()),
        },
        other => {
            let operation = other.name();
            Err(attributes.forbidden(format!("unexpected operation {operation:?}, node {node:?} can only create and delete mirror pods")))
        }
    }
}

/// Why a pod is none that a node may create: a mirror of its own, that leans on nothing of the API.
fn mirror_pod(node: &str, uid: Option<&str>, pod: &Pod) -> Result<(), String> {
    if !pod.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(MIRROR)) {
        return Err(format!("pod does not have {MIRROR:?} annotation, node {node:?} can only create mirror pods"));
    }
    if bound_to(pod) != node {
        return Err(format!("node {node:?} can only create pods with spec.nodeName set to itself"));
    }
    let owner = match pod.metadata.owner_references.as_deref().unwrap_or_default() {
        [owner] => owner,
        [] => return Err(format!("node {node:?} can only create pods with an owner reference set to itself")),
        _ => return Err(format!("node {node:?} can only create pods with a single owner reference set to itself")),
    };
    if owner.api_version != "v1" || owner.kind != "Node" || owner.name != node {
        return Err(format!("node {node:?} can only create pods with an owner reference set to itself"));
    }
    if owner.controller != Some(true) {
        return Err(format!("node {node:?} can only create pods with a controller owner reference set to itself"));
    }
    if owner.block_owner_deletion == Some(true) {
        return Err(format!("node {node:?} must not set blockOwnerDeletion on an owner reference"));
    }
    match uid {
        None => return Err(format!("error looking up node {node} to verify uid: node {node:?} not found")),
        Some(uid) if uid != owner.uid => return Err(format!("node {node} UID mismatch: expected {} got {uid}", owner.uid)),
        Some(_) => {}
    }
    let spec = pod.spec.clone().unwrap_or_default();
    let refers = [
        ("a service account", spec.service_account_name.as_deref().is_some_and(|name| !name.is_empty())),
        ("secrets", references::secrets(&spec).next().is_some()),
        ("configmaps", references::config_maps(&spec).next().is_some()),
        ("clustertrustbundles", references::trust_bundles(&spec).next().is_some()),
        ("persistentvolumeclaims", references::claims(&spec).next().is_some()),
    ];
    match refers.iter().find(|(_, refers)| *refers) {
        Some((what, _)) => Err(format!("node {node:?} can not create pods that reference {what}")),
        None => Ok(()),
    }
}

fn pod_status(node: &str, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
    let new = object.and_then(|object| object.downcast_ref::<Pod>());
    let (Some(old), Some(new)) = (attributes.old_as::<Pod>(), new) else {
        return Err(attributes.forbidden(format!("unexpected operation {:?}", attributes.operation.name())));
    };
    let labels = |pod: &Pod| pod.metadata.labels.clone().unwrap_or_default();
    let claims = |pod: &Pod| -> Vec<(String, Option<String>)> {
        let statuses = pod.status.iter().flat_map(|status| status.resource_claim_statuses.iter().flatten());
        statuses.map(|status| (status.name.clone(), status.resource_claim_name.clone())).collect()
    };
    let why = if bound_to(old) != node {
        "can only update pod status for pods with spec.nodeName set to itself"
    } else if labels(old) != labels(new) {
        "cannot update labels through pod status"
    } else if claims(old) != claims(new) {
        "cannot update resource claim statues"
    } else {
        return Ok(());
    };
    Err(attributes.forbidden(format!("node {node:?} {why}")))
}

fn own_node(node: &str, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
    let Some(new) = object.and_then(|object| object.downcast_ref::<Node>()) else { return Ok(()) };
    let labels = |node: &Node| node.metadata.labels.clone().unwrap_or_default();
    let refuse = |why: String| Err(attributes.forbidden(why));
    let Some(old) = attributes.old_as::<Node>() else {
        let forbidden = forbidden_labels(&labels(new), &BTreeMap::new());
        return if forbidden.is_empty() {
            Ok(())
        } else {
            refuse(format!("node {node:?} is not allowed to set the following labels: {}", forbidden.join(", ")))
        };
    };
    let taints = |node: &Node| node.spec.as_ref().and_then(|spec| spec.taints.clone()).unwrap_or_default();
    if taints(new) != taints(old) {
        return refuse(format!("node {node:?} is not allowed to modify taints"));
    }
    let owners = |node: &Node| node.metadata.owner_references.clone().unwrap_or_default();
    if owners(new) != owners(old) {
        return refuse(format!("node {node:?} is not allowed to modify ownerReferences"));
    }
    let forbidden = forbidden_labels(&labels(new), &labels(old));
    if forbidden.is_empty() { Ok(()) } else { refuse(format!("is not allowed to modify labels: {}", forbidden.join(", "))) }
}

/// The changed labels that steer work to nodes.
fn forbidden_labels(new: &BTreeMap<String, String>, old: &BTreeMap<String, String>) -> Vec<String> {
    let keys: BTreeSet<&String> = new.keys().chain(old.keys()).collect();
    let below = |domain: &str, parent: &str| domain == parent || domain.ends_with(&format!(".{parent}"));
    let forbidden = keys.into_iter().filter(|key| new.get(*key) != old.get(*key)).filter(|key| {
        let domain = key.split_once('/').map_or("", |(domain, _)| domain);
        let of_kubernetes = below(domain, "kubernetes.io") || below(domain, "k8s.io");
        let own = OWN_LABELS.contains(&key.as_str()) || OWN_DOMAINS.iter().any(|parent| below(domain, parent));
        below(domain, RESTRICTED) || of_kubernetes && !own
    });
    forbidden.cloned().collect()
}

fn claim_status(node: &str, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
    let rest = |claim: &PersistentVolumeClaim| {
        let mut claim = claim.clone();
        claim.metadata.resource_version = None;
        claim.metadata.managed_fields = None;
        if let Some(status) = &mut claim.status {
            status.capacity = None;
            status.conditions = None;
            status.allocated_resource_statuses = None;
            status.allocated_resources = None;
        }
        claim
    };
    let new = object.and_then(|object| object.downcast_ref::<PersistentVolumeClaim>());
    match (attributes.old_as::<PersistentVolumeClaim>(), new) {
        (Some(old), Some(new)) if rest(old) == rest(new) => Ok(()),
        _ => {
            Err(attributes
                .forbidden(format!("node {node:?} is not allowed to update fields other than status.capacity and status.conditions")))
        }
    }
}

fn token(node: &str, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
    let refuse = |why: String| Err(attributes.forbidden(why));
    let request = object.and_then(|object| object.downcast_ref::<TokenRequest>());
    let bound = request.and_then(|request| request.spec.as_ref()).and_then(|spec| spec.bound_object_ref.as_ref());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let Some(bound) = bound.filter(|bound| text(&bound.kind) == "Pod" && text(&bound.api_version) == "v1" && !text(&bound.name).is_empty())
    else {
        return refuse("node requested token not bound to a pod".to_owned());
    };
    let uid = text(&bound.uid);
    if uid.is_empty() {
        return refuse("node requested token with a pod binding without a uid".to_owned());
    }
    let name = text(&bound.name);
    let pod: Pod = find(attributes.registry, &kinds::POD, attributes.namespace, &name)?.ok_or_else(|| kinds::POD.not_found(&name))?;
    if pod.metadata.uid.as_deref() != Some(uid.as_str()) {
        return refuse(format!(
            "the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated"
        ));
    }
    if bound_to(&pod) != node {
        return refuse("node requested token bound to a pod scheduled on a different node".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check_labels(new: Value, old: Value, expected: &[&str]) {
        let map = |value| serde_json::from_value(value).unwrap();
        assert_eq!(forbidden_labels(&map(new), &map(old)), expected);
    }

    #[test]
    fn a_node_does_not_label_itself_into_more_work() {
        check_labels(json!({"kubernetes.io/hostname": "n", "a": "b", "example.com/x": "y", "x.node.kubernetes.io/y": "z"}), json!({}), &[]);
        check_labels(json!({"kubernetes.io/role": "x", "a.k8s.io/b": "c"}), json!({}), &["a.k8s.io/b", "kubernetes.io/role"]);
        check_labels(json!({"kubernetes.io/role": "x"}), json!({"kubernetes.io/role": "x"}), &[]);
        check_labels(json!({}), json!({"node-restriction.kubernetes.io/pci": "true"}), &["node-restriction.kubernetes.io/pci"]);
    }

    fn check_mirror(pod: Value, expected: Result<(), &str>) {
        let pod = serde_json::from_value(pod).unwrap();
        assert_eq!(mirror_pod("n", Some("1"), &pod), expected.map_err(str::to_owned));
    }

    #[test]
    fn a_node_creates_mirrors_of_itself() {
        let owner = json!([{"apiVersion": "v1", "kind": "Node", "name": "n", "uid": "1", "controller": true}]);
        let meta = json!({"name": "p", "annotations": {MIRROR: "x"}, "ownerReferences": owner});
        check_mirror(json!({"metadata": meta, "spec": {"nodeName": "n", "containers": []}}), Ok(()));
        check_mirror(
            json!({"metadata": meta, "spec": {"nodeName": "n", "containers": [], "volumes": [{"name": "v", "secret": {"secretName": "s"}}]}}),
            Err("node \"n\" can not create pods that reference secrets"),
        );
        check_mirror(
            json!({"metadata": meta, "spec": {"nodeName": "m", "containers": []}}),
            Err("node \"n\" can only create pods with spec.nodeName set to itself"),
        );
        check_mirror(
            json!({"metadata": {"name": "p", "annotations": {MIRROR: "x"}}, "spec": {"nodeName": "n", "containers": []}}),
            Err("node \"n\" can only create pods with an owner reference set to itself"),
        );
    }
}
