//! Requests of kubelets for client certificates are approved by themselves where the author is allowed to: `nodeclient` for the certificate of some node,
//! `selfnodeclient` for a new one of its own.

use k8s_openapi::api::authorization::v1::{ResourceAttributes, SubjectAccessReviewSpec};
use k8s_openapi::api::certificates::v1::{CertificateSigningRequest, CertificateSigningRequestCondition};
use runtime::Action;

use super::signers::{self, KUBELET_CLIENT};

/// What is asked for, and what is said of an approval.
const OWN: (&str, &str) = ("selfnodeclient", "Auto approving self kubelet client certificate after SubjectAccessReview.");
const ANY: (&str, &str) = ("nodeclient", "Auto approving kubelet client certificate after SubjectAccessReview.");

/// The approvals that a pending request may get; the first that its author is allowed counts.
pub fn approvals(request: &CertificateSigningRequest) -> Vec<Action> {
    let spec = &request.spec;
    let Some(subject) = std::str::from_utf8(&spec.request.0).ok().and_then(|pem| signers::parse(pem).ok()) else { return Vec::new() };
    let usages = spec.usages.as_deref().unwrap_or_default();
    if spec.signer_name != KUBELET_CLIENT || signers::check(KUBELET_CLIENT, &subject, usages).is_err() {
        return Vec::new();
    }
    let own = spec.username.as_deref() == Some(subject.common_name.as_str());
    let rights = own.then_some(OWN).into_iter().chain([ANY]);
    rights.map(|(subresource, message)| approval(request, message).where_allowed(review(request, subresource))).collect()
}

fn approval(request: &CertificateSigningRequest, message: &str) -> Action {
    let mut request = request.clone();
    request.status.get_or_insert_default().conditions.get_or_insert_default().push(CertificateSigningRequestCondition {
        type_: "Approved".to_owned(),
        status: "True".to_owned(),
        reason: Some("AutoApproved".to_owned()),
        message: Some(message.to_owned()),
        ..Default::default()
    });
    Action::update_subresource(request, "approval")
}

/// Whether the author of a request may create what is below it.
fn review(request: &CertificateSigningRequest, subresource: &str) -> SubjectAccessReviewSpec {
    let spec = &request.spec;
    SubjectAccessReviewSpec {
        user: spec.username.clone(),
        uid: spec.uid.clone(),
        groups: spec.groups.clone(),
        extra: spec.extra.clone(),
        resource_attributes: Some(ResourceAttributes {
            group: Some("certificates.k8s.io".to_owned()),
            resource: Some("certificatesigningrequests".to_owned()),
            subresource: Some(subresource.to_owned()),
            verb: Some("create".to_owned()),
            ..Default::default()
        }),
        non_resource_attributes: None,
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair};
    use serde_json::json;

    use super::*;

    /// What is asked of the server, for a request of a user for a node's certificate.
    fn check(user: &str, signer: &str, usages: &[&str], expected: &[&str]) {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "system:node:n");
        params.distinguished_name.push(DnType::OrganizationName, "system:nodes");
        let pem = params.serialize_request(&KeyPair::generate().unwrap()).unwrap().pem().unwrap();
        let mut request: CertificateSigningRequest = serde_json::from_value(json!({
            "metadata": {"name": "r"}, "spec": {"request": "", "signerName": signer, "username": user, "usages": usages, "groups": ["g"]},
        }))
        .unwrap();
        request.spec.request.0 = pem.into_bytes();
        let got: Vec<String> = approvals(&request)
            .iter()
            .map(|action| {
                let review = action.where_allowed.as_ref().unwrap();
                assert_eq!((review.user.as_deref(), review.groups.as_deref()), (Some(user), Some(&["g".to_owned()][..])));
                review.resource_attributes.as_ref().unwrap().subresource.clone().unwrap()
            })
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn kubelets_may_be_approved() {
        let usages = &["client auth", "digital signature"];
        check("system:node:n", KUBELET_CLIENT, usages, &["selfnodeclient", "nodeclient"]);
        check("system:bootstrap:abcdef", KUBELET_CLIENT, usages, &["nodeclient"]);
        check("system:node:n", KUBELET_CLIENT, &["server auth"], &[]);
        check("system:node:n", "kubernetes.io/kube-apiserver-client", usages, &[]);
    }
}
