//! NodeRestriction: a node writes its own Node and Lease, the status of its own pods, and mirror pods of itself; nothing of other nodes.

use api::{ApiError, Object};
use k8s_openapi::api::core::v1::Pod;

use super::{Attributes, Operation};
use crate::registry::Registry;

const MIRROR: &str = "kubernetes.io/config.mirror";
const LEASES: &str = "kube-node-lease";

pub fn validate(
    _registry: &Registry,
    attributes: &Attributes<'_>,
    object: Option<&dyn Object>,
    old: Option<&dyn Object>,
) -> Result<(), ApiError> {
    let Some(node) = attributes.user.node_name() else { return Ok(()) };
    match (&*attributes.kind.group, &*attributes.kind.plural) {
        ("", "nodes") if attributes.name != node => {
            Err(attributes.forbidden(format!("node {node:?} is not allowed to modify node {:?}", attributes.name)))
        }
        ("", "pods") => pod(node, attributes, object, old),
        ("coordination.k8s.io", "leases") if attributes.namespace != LEASES => {
            Err(attributes.forbidden(format!("can only access leases in the {LEASES:?} system namespace")))
        }
        ("coordination.k8s.io", "leases") if attributes.name != node => {
            Err(attributes.forbidden("can only access node lease with the same name as the requesting node"))
        }
        ("storage.k8s.io", "csinodes") if attributes.name != node => {
            Err(attributes.forbidden("can only access CSINode with the same name as the requesting node"))
        }
        _ => Ok(()),
    }
}

fn pod(node: &str, attributes: &Attributes<'_>, object: Option<&dyn Object>, old: Option<&dyn Object>) -> Result<(), ApiError> {
    let of = |object: Option<&dyn Object>| object.and_then(|object| object.downcast_ref::<Pod>()).cloned();
    let bound = |pod: &Pod| pod.spec.as_ref().and_then(|spec| spec.node_name.clone()).unwrap_or_default();
    match (attributes.operation, attributes.subresource) {
        (Operation::Create, "") => {
            let Some(pod) = of(object) else { return Ok(()) };
            if !pod.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(MIRROR)) {
                return Err(
                    attributes.forbidden(format!("pod does not have {MIRROR:?} annotation, node {node:?} can only create mirror pods"))
                );
            }
            if bound(&pod) != node {
                return Err(attributes.forbidden(format!("node {node:?} can only create pods with spec.nodeName set to itself")));
            }
            Ok(())
        }
        (Operation::Update, "status") | (Operation::Delete, "") => {
            let Some(pod) = of(old) else { return Ok(()) };
            if bound(&pod) == node {
                return Ok(());
            }
            let what = if attributes.operation == Operation::Delete { "delete pods" } else { "update pod status for pods" };
            Err(attributes.forbidden(format!("node {node:?} can only {what} with spec.nodeName set to itself")))
        }
        _ => Err(attributes
            .forbidden(format!("unexpected operation {:?}, node {node:?} can only create and delete mirror pods", attributes.operation))),
    }
}
