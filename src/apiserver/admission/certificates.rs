//! CertificateApproval, CertificateSigning, ClusterTrustBundleAttest and CertificateSubjectRestriction: who may speak for a signer, and what no signer signs.
//! Who asks for a certificate is written down here, too, as upstream's strategy does.

use std::sync::Arc;

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::certificates::v1::CertificateSigningRequest;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer;

use super::{Attributes, Operation, Plugin};
use crate::authz::{Ask, Authorizer, Decision};

const CLIENT_SIGNER: &str = "kubernetes.io/kube-apiserver-client";
const ADMINISTRATORS: &str = "system:masters";

/// `approval` of a request needs the verb `approve` on its signer.
pub struct CertificateApproval(pub Arc<Authorizer>);

#[async_trait]
impl Plugin for CertificateApproval {
    fn name(&self) -> &'static str {
        "CertificateApproval"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.operation == Operation::Update && attributes.is_below(&kinds::CERTIFICATE_SIGNING_REQUEST, "approval")
    }
    async fn validate(&self, attributes: &Attributes<'_>, _object: Option<&dyn Object>) -> Result<(), ApiError> {
        let Some(old) = attributes.old_as::<CertificateSigningRequest>() else { return Ok(()) };
        speaks_for(&self.0, attributes, "approve", &old.spec.signer_name, "approve requests with")
    }
}

/// A change of the certificate or the conditions of a request needs the verb `sign` on its signer.
pub struct CertificateSigning(pub Arc<Authorizer>);

#[async_trait]
impl Plugin for CertificateSigning {
    fn name(&self) -> &'static str {
        "CertificateSigning"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.operation == Operation::Update && attributes.is_below(&kinds::CERTIFICATE_SIGNING_REQUEST, "status")
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        let new = object.and_then(|object| object.downcast_ref::<CertificateSigningRequest>());
        let (Some(old), Some(new)) = (attributes.old_as::<CertificateSigningRequest>(), new) else { return Ok(()) };
        let part = |request: &CertificateSigningRequest| {
            let status = request.status.clone().unwrap_or_default();
            (status.certificate, status.conditions.unwrap_or_default())
        };
        if part(old) == part(new) {
            return Ok(());
        }
        speaks_for(&self.0, attributes, "sign", &old.spec.signer_name, "sign requests with")
    }
}

/// A bundle of a signer needs the verb `attest` on it.
pub struct ClusterTrustBundleAttest(pub Arc<Authorizer>);

#[async_trait]
impl Plugin for ClusterTrustBundleAttest {
    fn name(&self) -> &'static str {
        "ClusterTrustBundleAttest"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        matches!(attributes.operation, Operation::Create | Operation::Update)
            && attributes.kind.group == "certificates.k8s.io"
            && attributes.kind.plural == "clustertrustbundles"
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        let spec = |object: &dyn Object| object.to_value()["spec"].take();
        let Some(new) = object.map(spec) else { return Ok(()) };
        let signer = new["signerName"].as_str().unwrap_or_default();
        if signer.is_empty() || attributes.old.is_some_and(|old| spec(old) == new) {
            return Ok(());
        }
        speaks_for(&self.0, attributes, "attest", signer, "attest for")
    }
}

/// Who asks is not for the author to say, and nobody becomes an administrator by certificate.
pub struct CertificateSubjectRestriction;

#[async_trait]
impl Plugin for CertificateSubjectRestriction {
    fn name(&self) -> &'static str {
        "CertificateSubjectRestriction"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.creates(&kinds::CERTIFICATE_SIGNING_REQUEST)
    }
    async fn mutate(&self, attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        let Some(request) = object.and_then(|object| object.downcast_mut::<CertificateSigningRequest>()) else { return Ok(()) };
        let user = attributes.user;
        let spec = &mut request.spec;
        spec.username = Some(user.name.clone());
        spec.uid = Some(user.uid.clone()).filter(|uid| !uid.is_empty());
        spec.groups = Some(user.groups.clone()).filter(|groups| !groups.is_empty());
        spec.extra = Some(user.extra.clone()).filter(|extra| !extra.is_empty());
        Ok(())
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        let Some(request) = object.and_then(|object| object.downcast_ref::<CertificateSigningRequest>()) else { return Ok(()) };
        if request.spec.signer_name != CLIENT_SIGNER {
            return Ok(());
        }
        let groups = organizations(&request.spec.request.0).map_err(|why| attributes.forbidden(format!("failed to parse CSR: {why}")))?;
        if groups.iter().any(|group| group == ADMINISTRATORS) {
            return Err(attributes.forbidden(format!("use of {CLIENT_SIGNER} signer with {ADMINISTRATORS} group is not allowed")));
        }
        Ok(())
    }
}

/// The organizations in the subject of a certificate request in PEM.
fn organizations(pem: &[u8]) -> Result<Vec<String>, String> {
    let (_, pem) = x509_parser::pem::parse_x509_pem(pem).map_err(|_| "PEM block type must be CERTIFICATE REQUEST".to_owned())?;
    let (_, request) = X509CertificationRequest::from_der(&pem.contents).map_err(|error| error.to_string())?;
    let organizations = request.certification_request_info.subject.iter_organization();
    Ok(organizations.filter_map(|organization| organization.as_str().ok()).map(str::to_owned).collect())
}

/// Has the author this verb on a signer, or on all signers of its domain?
fn speaks_for(authorizer: &Authorizer, attributes: &Attributes<'_>, verb: &str, signer: &str, act: &str) -> Result<(), ApiError> {
    let domain = signer.split_once('/').map_or(signer, |(domain, _)| domain);
    let allowed = [signer, &format!("{domain}/*")].into_iter().any(|name| {
        let ask = Ask {
            user: attributes.user,
            verb,
            path: None,
            group: "certificates.k8s.io",
            resource: "signers",
            subresource: "",
            namespace: "",
            name,
            node: None,
        };
        matches!(authorizer.decide(&ask), Decision::Allow(_))
    });
    if allowed { Ok(()) } else { Err(attributes.forbidden(format!("user not permitted to {act} signerName {signer:?}"))) }
}
