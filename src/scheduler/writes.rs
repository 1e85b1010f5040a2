//! What the scheduler writes: bindings of pods and claims, the condition of pods without a node, the end of victims.

use std::time::Duration;

use api::ApiError;
use client::{Body, Resource};
use http::Method;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim, Pod};
use runtime::Informer;
use serde_json::{Value, json};

use crate::pod::PodInfo;
use crate::volumes::Binding;

/// How long a volume may take to be made.
const VOLUME_TIMEOUT: Duration = Duration::from_secs(600);
const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";

/// Gives a pod its node, its claims first.
pub async fn bind(
    client: &kube::Client,
    pod: &PodInfo,
    node: &str,
    bindings: &[Binding],
    claims: &Informer<PersistentVolumeClaim>,
) -> Result<(), ApiError> {
    for binding in bindings {
        reserve(client, binding, node).await?;
    }
    if !bindings.is_empty() {
        let settled = tokio::time::timeout(VOLUME_TIMEOUT, settled(claims, bindings)).await;
        settled.map_err(|_| ApiError::timeout("timed out waiting for the condition"))??;
    }
    let body = json!({
        "apiVersion": "v1",
        "kind": "Binding",
        "metadata": {"name": pod.name, "namespace": pod.namespace, "uid": pod.uid},
        "target": {"apiVersion": "v1", "kind": "Node", "name": node},
    });
    let path = format!("{}/binding", Resource::of::<Pod>().object(&pod.namespace, &pod.name));
    client::call(client, Method::POST, &path, json_body(&body)).await.map(drop)
}

fn json_body(value: &Value) -> Body {
    Body::Json(value.to_string().into_bytes())
}

/// Ties a volume to its claim, or asks for one on the node.
async fn reserve(client: &kube::Client, binding: &Binding, node: &str) -> Result<(), ApiError> {
    let (path, patch) = match &binding.volume {
        Some(volume) => {
            let claim = json!({
                "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                "namespace": binding.namespace, "name": binding.claim, "uid": binding.claim_uid,
            });
            let annotations = json!({"pv.kubernetes.io/bound-by-controller": "yes"});
            (
                Resource::of::<PersistentVolume>().object("", volume),
                json!({"metadata": {"annotations": annotations}, "spec": {"claimRef": claim}}),
            )
        }
        None => {
            let path = Resource::of::<PersistentVolumeClaim>().object(&binding.namespace, &binding.claim);
            (path, json!({"metadata": {"annotations": {SELECTED_NODE: node}}}))
        }
    };
    client::call(client, Method::PATCH, &path, Body::MergePatch(patch.to_string().into_bytes())).await.map(drop)
}

/// Waits until all claims are bound. Fails where one is gone, or where the provisioner has given the node back.
async fn settled(claims: &Informer<PersistentVolumeClaim>, bindings: &[Binding]) -> Result<(), ApiError> {
    let mut changes = claims.subscribe();
    let mut seen_selected = vec![false; bindings.len()];
    loop {
        let mut open = 0;
        for (binding, seen) in bindings.iter().zip(&mut seen_selected) {
            let Some(claim) = claims.get(&binding.namespace, &binding.claim) else {
                return Err(ApiError::not_found("", "persistentvolumeclaims", &binding.claim));
            };
            if claim.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Bound") {
                continue;
            }
            open += 1;
            let selected = claim.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(SELECTED_NODE));
            if *seen && !selected && binding.volume.is_none() {
                return Err(ApiError::conflict("", "persistentvolumeclaims", &binding.claim, "provisioning failed on the selected node"));
            }
            *seen |= selected;
        }
        if open == 0 {
            return Ok(());
        }
        changes.recv().await;
    }
}

/// Says on the pod why it has no node, and for which node it waits; nothing is sent where it says so already.
pub fn refusal_patch(pod: &PodInfo, reason: &str, message: &str, nominated: Option<&str>, now: Timestamp) -> Option<Value> {
    let status = pod.pod.status.as_ref();
    let old = status.and_then(|status| status.conditions.iter().flatten().find(|condition| condition.type_ == "PodScheduled"));
    let old_nominated = status.and_then(|status| status.nominated_node_name.as_deref()).filter(|name| !name.is_empty());
    let same =
        old.is_some_and(|old| old.status == "False" && old.reason.as_deref() == Some(reason) && old.message.as_deref() == Some(message));
    if same && nominated == old_nominated {
        return None;
    }
    let since = old.filter(|old| old.status == "False").and_then(|old| old.last_transition_time.as_ref()).map_or(now, |time| time.0);
    let mut condition = json!({
        "type": "PodScheduled", "status": "False", "reason": reason, "message": message,
        "lastProbeTime": null, "lastTransitionTime": api::time::seconds(since),
    });
    if let Some(generation) = pod.pod.metadata.generation {
        condition["observedGeneration"] = json!(generation);
    }
    let mut patch = json!({"metadata": {"uid": pod.uid}, "status": {"conditions": [condition]}});
    if nominated != old_nominated {
        patch["status"]["nominatedNodeName"] = json!(nominated);
    }
    Some(patch)
}

/// Sends a patch of a pod's status.
pub async fn patch_status(client: &kube::Client, namespace: &str, name: &str, patch: &Value) -> Result<(), ApiError> {
    let path = format!("{}/status", Resource::of::<Pod>().object(namespace, name));
    client::call(client, Method::PATCH, &path, Body::StrategicMergePatch(patch.to_string().into_bytes())).await.map(drop)
}

/// Tells a victim why, then deletes it.
pub async fn evict(client: &kube::Client, victim: &PodInfo, now: Timestamp) -> Result<(), ApiError> {
    if victim.terminating {
        return Ok(());
    }
    let mut condition = json!({
        "type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler",
        "message": "default-scheduler: preempting to accommodate a higher priority pod",
        "lastProbeTime": null, "lastTransitionTime": api::time::seconds(now),
    });
    if let Some(generation) = victim.pod.metadata.generation {
        condition["observedGeneration"] = json!(generation);
    }
    let patch = json!({"metadata": {"uid": victim.uid}, "status": {"conditions": [condition]}});
    let gone = |outcome: Result<(), ApiError>| outcome.or_else(|error| if error.code() == 404 { Ok(()) } else { Err(error) });
    gone(patch_status(client, &victim.namespace, &victim.name, &patch).await)?;
    let options = json!({"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": victim.uid}});
    let path = Resource::of::<Pod>().object(&victim.namespace, &victim.name);
    gone(client::call(client, Method::DELETE, &path, json_body(&options)).await.map(drop))
}
