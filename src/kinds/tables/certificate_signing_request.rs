//! Requests for certificates.

use jiff::SignedDuration;
use jiff::Timestamp;
use k8s_openapi::api::certificates::v1::CertificateSigningRequest;
use output::table::Cell;

use super::cell::{age, name, or, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    AGE,
    text(
        "SignerName",
        "Requested signer for the request. It is a qualified name in the form: `scope-hostname.io/name`. If empty, it will be defaulted:\n 1. If it's a kubelet client certificate, it is assigned\n    \"kubernetes.io/kube-apiserver-client-kubelet\".\n 2. If it's a kubelet serving certificate, it is assigned\n    \"kubernetes.io/kubelet-serving\".\n 3. Otherwise, it is assigned \"kubernetes.io/legacy-unknown\".\nDistribution of trust for signers happens out of band. You can select on this field using `spec.signerName`.",
    ),
    text("Requestor", "Base64-encoded PKCS#10 CSR data"),
    text(
        "RequestedDuration",
        "expirationSeconds is the requested duration of validity of the issued certificate. The certificate signer may issue a certificate with a different validity duration so a client must check the delta between the notBefore and and notAfter fields in the issued certificate to determine the actual duration.\n\nThe v1.22+ in-tree implementations of the well-known Kubernetes signers will honor this field as long as the requested duration is not greater than the maximum duration they will honor per the --cluster-signing-duration CLI flag to the Kubernetes controller manager.\n\nCertificate signers may not honor this field for various reasons:\n\n  1. Old signer that is unaware of the field (such as the in-tree\n     implementations prior to v1.22)\n  2. Signer whose configured maximum is shorter than the requested duration\n  3. Signer whose configured minimum is longer than the requested duration\n\nThe minimum valid value for expirationSeconds is 600, i.e. 10 minutes.",
    ),
    text("Condition", "Conditions applied to the request, such as approval or denial."),
];

pub fn cells(request: &CertificateSigningRequest, now: Timestamp) -> Vec<Cell> {
    let spec = &request.spec;
    let duration = spec.expiration_seconds.map(|seconds| output::duration::human(SignedDuration::from_secs(seconds.into())));
    row![
        name(request),
        age(request, now),
        or(Some(&spec.signer_name), "<none>"),
        spec.username.clone().unwrap_or_default(),
        duration.unwrap_or_else(|| "<none>".to_owned()),
        condition(request),
    ]
}

/// `Pending`, `Approved,Issued`, `Denied`, `Approved,Failed`.
fn condition(request: &CertificateSigningRequest) -> String {
    let status = request.status.as_ref();
    let conditions = status.and_then(|status| status.conditions.as_deref()).unwrap_or_default();
    let has = |kind: &str| conditions.iter().any(|condition| condition.type_ == kind);
    let decision = match (has("Denied"), has("Approved")) {
        (true, _) => "Denied",
        (false, true) => "Approved",
        (false, false) => "Pending",
    };
    let issued = status.and_then(|status| status.certificate.as_ref()).is_some_and(|certificate| !certificate.0.is_empty());
    format!("{decision}{}{}", if has("Failed") { ",Failed" } else { "" }, if issued { ",Issued" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_request(spec: Value, status: Value, expected: &str) {
        let metadata = json!({"name": "csr2", "creationTimestamp": FIVE_MINUTES_AGO});
        check(
            &crate::CERTIFICATE_SIGNING_REQUEST,
            json!({"metadata": metadata, "spec": spec, "status": status}),
            &format!("csr2|5m|{expected}"),
        );
    }

    #[test]
    fn requests() {
        check_request(json!({}), json!({}), "<none>||<none>|Pending");
        let spec = json!({"signerName": "example.com/test-signer", "username": "CSR Requestor", "expirationSeconds": 7200});
        let of = |kinds: &[&str], certificate: &str| json!({"certificate": certificate, "conditions": kinds.iter().map(|kind| json!({"type": kind, "status": "True"})).collect::<Vec<_>>()});
        check_request(spec.clone(), of(&["Approved"], ""), "example.com/test-signer|CSR Requestor|120m|Approved");
        check_request(spec.clone(), of(&["Approved"], "Y2VydA=="), "example.com/test-signer|CSR Requestor|120m|Approved,Issued");
        check_request(spec.clone(), of(&["Denied", "Approved"], ""), "example.com/test-signer|CSR Requestor|120m|Denied");
        check_request(spec, of(&["Approved", "Failed"], ""), "example.com/test-signer|CSR Requestor|120m|Approved,Failed");
    }
}
