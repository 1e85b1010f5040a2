//! Making the Node, or finding it again with our labels on it.

use std::collections::BTreeMap;
use std::time::Duration;

use k8s_openapi::api::core::v1::{Node, NodeSpec, ObjectReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Api;
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::json;

use super::machine::architecture;
use super::report;
use crate::kubelet::Shared;

const RETRY: [Duration; 5] =
    [Duration::from_millis(20), Duration::from_millis(100), Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(5)];

/// The node in Events: upstream's have its name for a uid.
pub fn reference(shared: &Shared) -> ObjectReference {
    let name = shared.config.node_name.clone();
    ObjectReference { kind: Some("Node".to_owned()), name: Some(name.clone()), uid: Some(name), ..ObjectReference::default() }
}

fn labels(shared: &Shared) -> BTreeMap<String, String> {
    let mut labels = shared.config.labels.clone();
    for (key, value) in [
        ("beta.kubernetes.io/arch", architecture()),
        ("beta.kubernetes.io/os", "linux"),
        ("kubernetes.io/arch", architecture()),
        ("kubernetes.io/os", "linux"),
        ("kubernetes.io/hostname", shared.config.node_name.as_str()),
    ] {
        labels.insert(key.to_owned(), value.to_owned());
    }
    labels
}

/// Returns the registered Node, once the API server has taken it.
pub async fn register(shared: &Shared) -> Node {
    let mut failures = 0;
    loop {
        match attempt(shared).await {
            Ok(node) => return node,
            Err(error) => {
                if failures > 4 {
                    tracing::warn!(%error, "registering the node");
                }
                tokio::time::sleep(RETRY[usize::min(failures, RETRY.len() - 1)]).await;
                failures += 1;
            }
        }
    }
}

async fn attempt(shared: &Shared) -> kube::Result<Node> {
    let nodes: Api<Node> = Api::all(shared.client.clone());
    let name = &shared.config.node_name;
    let labels = labels(shared);
    let annotations = BTreeMap::from([("volumes.kubernetes.io/controller-managed-attach-detach".to_owned(), "true".to_owned())]);
    if let Some(found) = nodes.get_opt(name).await? {
        let known = |known: Option<&BTreeMap<String, String>>, wanted: &BTreeMap<String, String>| {
            wanted.iter().all(|(key, value)| known.and_then(|known| known.get(key)) == Some(value))
        };
        let meta = &found.metadata;
        if known(meta.labels.as_ref(), &labels) && known(meta.annotations.as_ref(), &annotations) {
            return Ok(found);
        }
        let patch = json!({ "metadata": { "labels": labels, "annotations": annotations } });
        return nodes.patch(name, &PatchParams::default(), &Patch::Merge(patch)).await;
    }
    let node = Node {
        metadata: ObjectMeta { name: Some(name.clone()), labels: Some(labels), annotations: Some(annotations), ..ObjectMeta::default() },
        spec: Some(NodeSpec { taints: Some(shared.config.taints.clone()).filter(|taints| !taints.is_empty()), ..NodeSpec::default() }),
        status: Some(report::status(shared, None).await.0),
    };
    nodes.create(&PostParams::default(), &node).await
}
