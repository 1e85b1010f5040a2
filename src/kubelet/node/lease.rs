//! The node's Lease in `kube-node-lease`, renewed every few seconds: how the node controller knows that the node lives.

use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta, OwnerReference};
use kube::Api;
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::json;

use crate::kubelet::Shared;

const NAMESPACE: &str = "kube-node-lease";

/// Runs for ever.
pub async fn keep(shared: &Shared) {
    loop {
        let wait = match renew(shared).await {
            Ok(()) => shared.config.lease_period,
            Err(error) => {
                tracing::debug!(%error, "renewing the node's lease");
                shared.config.lease_period / 10
            }
        };
        tokio::time::sleep(wait).await;
    }
}

async fn renew(shared: &Shared) -> kube::Result<()> {
    let leases: Api<Lease> = Api::namespaced(shared.client.clone(), NAMESPACE);
    let name = &shared.config.node_name;
    let now = MicroTime(jiff::Timestamp::now());
    let patch = json!({ "spec": { "renewTime": now } });
    match leases.patch(name, &PatchParams::default(), &Patch::Merge(patch)).await {
        Err(kube::Error::Api(status)) if status.code == 404 => {}
        other => return other.map(drop),
    }
    let node: k8s_openapi::api::core::v1::Node = Api::all(shared.client.clone()).get(name).await?;
    let owner = OwnerReference {
        api_version: "v1".to_owned(),
        kind: "Node".to_owned(),
        name: name.clone(),
        uid: node.metadata.uid.unwrap_or_default(),
        ..OwnerReference::default()
    };
    let lease = Lease {
        metadata: ObjectMeta { name: Some(name.clone()), owner_references: Some(vec![owner]), ..ObjectMeta::default() },
        spec: Some(LeaseSpec {
            holder_identity: Some(name.clone()),
            lease_duration_seconds: Some(shared.config.lease_duration_seconds),
            renew_time: Some(now),
            ..LeaseSpec::default()
        }),
    };
    leases.create(&PostParams::default(), &lease).await.map(drop)
}
