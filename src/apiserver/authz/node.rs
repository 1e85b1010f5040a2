//! What a node may do, by its identity `system:node:NAME` in `system:nodes`: read what its own pods lean on and report on them and on itself.

use std::sync::Arc;

use k8s_openapi::api::core::v1::{Pod, PodSpec};

use super::references::{claims, config_maps, secrets};
use super::{Ask, Decision};
use crate::cache::{Cache, Resource};

const READ: &[&str] = &["get", "list", "watch"];
const LEASES: &str = "kube-node-lease";

pub struct NodeRules {
    pods: Arc<Resource>,
    claims: Arc<Resource>,
}

impl NodeRules {
    pub fn new(cache: &Cache) -> Self {
        Self { pods: cache.resource("", "pods"), claims: cache.resource("", "persistentvolumeclaims") }
    }
    pub fn decide(&self, node: &str, ask: &Ask<'_>) -> Decision {
        if ask.path.is_some() {
            return Decision::Deny(String::new());
        }
        let read = READ.contains(&ask.verb);
        let allowed = match (ask.group, ask.resource, ask.subresource) {
            ("", "services", "")
            | ("", "namespaces", "")
            | ("node.k8s.io", "runtimeclasses", "")
            | ("storage.k8s.io", "csidrivers", "") => read,
            ("", "nodes", "") => self.own_node(node, ask),
            ("", "nodes", "status") => ask.name == node && matches!(ask.verb, "get" | "patch" | "update"),
            ("", "events", "") | ("events.k8s.io", "events", "") => matches!(ask.verb, "create" | "update" | "patch"),
            ("", "pods", "") => self.pods(node, ask),
            // whose pod it is, NodeRestriction sees to
            ("", "pods", "status") => matches!(ask.verb, "get" | "patch" | "update"),
            ("", "pods", "eviction") => ask.verb == "create",
            ("", "secrets", "") => return self.referenced(node, ask, "Secret", |spec, name| secrets(spec).any(|secret| secret == name)),
            ("", "configmaps", "") => {
                return self.referenced(node, ask, "ConfigMap", |spec, name| config_maps(spec).any(|map| map == name));
            }
            ("", "persistentvolumeclaims", "") => {
                return self.referenced(node, ask, "PersistentVolumeClaim", |spec, name| claims(spec).any(|claim| claim == name));
            }
            ("", "persistentvolumes", "") => read && self.volume(node, ask.name),
            ("", "serviceaccounts", "token") => {
                let account = |spec: &PodSpec, name: &str| spec.service_account_name.as_deref() == Some(name);
                return if ask.verb == "create" {
                    self.relates(node, ask, "ServiceAccount", account)
                } else {
                    Decision::Deny(String::new())
                };
            }
            ("coordination.k8s.io", "leases", "") => {
                ask.namespace == LEASES
                    && (ask.verb == "create" || ask.name == node && matches!(ask.verb, "get" | "update" | "patch" | "delete"))
            }
            ("storage.k8s.io", "csinodes", "") => {
                ask.verb == "create" || ask.name == node && matches!(ask.verb, "get" | "update" | "patch" | "delete")
            }
            ("storage.k8s.io", "volumeattachments", "") => ask.verb == "get",
            ("certificates.k8s.io", "certificatesigningrequests", "") => matches!(ask.verb, "create" | "get" | "list" | "watch"),
            ("authentication.k8s.io", "tokenreviews", "")
            | ("authorization.k8s.io", "subjectaccessreviews" | "localsubjectaccessreviews", "") => ask.verb == "create",
            _ => false,
        };
        if allowed { Decision::Allow("node rule".to_owned()) } else { Decision::Deny(String::new()) }
    }

    fn own_node(&self, node: &str, ask: &Ask<'_>) -> bool {
        match ask.verb {
            "create" => true,
            "get" | "list" | "watch" | "update" | "patch" => ask.name == node,
            _ => false,
        }
    }
    fn pods(&self, node: &str, ask: &Ask<'_>) -> bool {
        match ask.verb {
            "list" | "watch" => ask.node == Some(node),
            "get" => self.pod_is_on(node, ask.namespace, ask.name),
            // mirror pods and final deletions of its own; NodeRestriction looks closer
            "create" | "delete" => true,
            _ => false,
        }
    }
    fn pod_is_on(&self, node: &str, namespace: &str, name: &str) -> bool {
        self.pods.get(&self.pods.key(namespace, name)).is_some_and(|item| item.field("spec.nodeName") == node)
    }
    /// Read of one object that a pod of the node names.
    fn referenced(&self, node: &str, ask: &Ask<'_>, kind: &str, names: impl Fn(&PodSpec, &str) -> bool) -> Decision {
        if !READ.contains(&ask.verb) || ask.name.is_empty() {
            return Decision::Deny(format!("can only read resources of this type named by a pod of the node {node:?}"));
        }
        self.relates(node, ask, kind, names)
    }
    fn relates(&self, node: &str, ask: &Ask<'_>, kind: &str, names: impl Fn(&PodSpec, &str) -> bool) -> Decision {
        let (items, _) = self.pods.list(ask.namespace, || 0);
        let found = items.iter().filter(|item| item.field("spec.nodeName") == node).any(|item| {
            let object = item.object(&kinds::POD).ok();
            let pod = object.as_ref().and_then(|object| object.downcast_ref::<Pod>());
            pod.and_then(|pod| pod.spec.as_ref()).is_some_and(|spec| names(spec, ask.name))
        });
        if found {
            Decision::Allow("node rule".to_owned())
        } else {
            Decision::Deny(format!("no relationship found between node '{node}' and this object ({kind})"))
        }
    }
    /// A volume that a claim of a pod on the node is bound to.
    fn volume(&self, node: &str, name: &str) -> bool {
        let (items, _) = self.claims.list("", || 0);
        items.iter().any(|item| {
            let object = item.object(&kinds::PERSISTENT_VOLUME_CLAIM).ok();
            let claim = object.as_ref().and_then(|object| object.downcast_ref::<k8s_openapi::api::core::v1::PersistentVolumeClaim>());
            let bound = claim.and_then(|claim| claim.spec.as_ref()).and_then(|spec| spec.volume_name.as_deref()) == Some(name);
            bound && {
                let (pods, _) = self.pods.list(item.namespace(), || 0);
                pods.iter().filter(|pod| pod.field("spec.nodeName") == node).any(|pod| {
                    let object = pod.object(&kinds::POD).ok();
                    let pod = object.as_ref().and_then(|object| object.downcast_ref::<Pod>());
                    pod.and_then(|pod| pod.spec.as_ref()).is_some_and(|spec| claims(spec).any(|claim| claim == item.name()))
                })
            }
        })
    }
}
