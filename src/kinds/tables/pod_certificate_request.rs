//! Requests of pods for certificates.

use jiff::Timestamp;
use k8s_openapi::api::certificates::v1::PodCertificateRequest;
use output::table::Cell;

use super::cell::{name, row};
use super::column::{NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("PodName", "podName is the name of the pod into which the certificate will be mounted."),
    text("ServiceAccountName", "serviceAccountName is the name of the service account the pod is running as."),
    text("NodeName", "nodeName is the name of the node the pod is assigned to."),
    text(
        "SignerName",
        "signerName indicates the requested signer.\n\nAll signer names beginning with `kubernetes.io` are reserved for use by the Kubernetes project.  There is currently one well-known signer documented by the Kubernetes project, `kubernetes.io/kube-apiserver-client-pod`, which will issue client certificates understood by kube-apiserver.  It is currently unimplemented.",
    ),
    text("State", "Is the request Issued, Denied, or Failed?"),
];

pub fn cells(request: &PodCertificateRequest, _now: Timestamp) -> Vec<Cell> {
    let conditions = request.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let state = conditions.map(|condition| condition.type_.as_str()).rfind(|kind| matches!(*kind, "Issued" | "Denied" | "Failed"));
    let spec = &request.spec;
    row![
        name(request),
        spec.pod_name.clone(),
        spec.service_account_name.clone(),
        spec.node_name.clone(),
        spec.signer_name.clone(),
        state.unwrap_or("Pending"),
    ]
}
