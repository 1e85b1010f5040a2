//! ClusterTrustBundles and PodCertificateRequests.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::certificates::v1::{ClusterTrustBundle, PodCertificateRequest};

use super::certificate::signer_name;
use crate::Part;
use crate::rules::{immutable, text};

pub(crate) struct ClusterTrustBundleBehaviour;

impl crate::Behaviour<ClusterTrustBundle> for ClusterTrustBundleBehaviour {
    fn validate(&self, bundle: &ClusterTrustBundle) -> ErrorList {
        let path = Path::new("spec");
        let (name, signer) = (text(&bundle.metadata.name), text(&bundle.spec.signer_name));
        let mut errors = ErrorList::new();
        if signer.is_empty() {
            if name.contains(':') {
                let detail = "ClusterTrustBundle without signer name must not have \":\" in its name";
                errors.push(FieldError::invalid(&Path::new("metadata").child("name"), name, detail));
            }
        } else {
            errors.extend(signer_name(signer, &path.child("signerName")));
            let prefix = format!("{}:", signer.replace('/', ":"));
            if !name.starts_with(&prefix) {
                let detail = format!("ClusterTrustBundle for signerName {signer} must be named with prefix {prefix}");
                errors.push(FieldError::invalid(&Path::new("metadata").child("name"), name, detail));
            }
        }
        if !bundle.spec.trust_bundle.contains("-----BEGIN CERTIFICATE-----") {
            errors.push(FieldError::invalid(&path.child("trustBundle"), "<value omitted>", "at least one trust anchor must be provided"));
        }
        errors
    }
    fn validate_update(&self, _part: Part, bundle: &ClusterTrustBundle, old: &ClusterTrustBundle) -> ErrorList {
        let mut errors = self.validate(bundle);
        errors.extend(immutable(&bundle.spec.signer_name, &old.spec.signer_name, &Path::new("spec").child("signerName")));
        errors
    }
    fn name_errors(&self, name: &str, prefix: bool) -> Vec<String> {
        api::names::path_segment(name, prefix)
    }
    fn fields(&self, bundle: &ClusterTrustBundle) -> Vec<(&'static str, String)> {
        vec![("spec.signerName", text(&bundle.spec.signer_name).to_owned())]
    }
    fn field_names(&self) -> &'static [&'static str] {
        &["spec.signerName"]
    }
}

pub(crate) struct PodCertificateRequestBehaviour;

impl crate::Behaviour<PodCertificateRequest> for PodCertificateRequestBehaviour {
    crate::parts::separate_status!(PodCertificateRequest);
    fn validate(&self, request: &PodCertificateRequest) -> ErrorList {
        signer_name(&request.spec.signer_name, &Path::new("spec").child("signerName"))
    }
    fn validate_update(&self, part: Part, request: &PodCertificateRequest, old: &PodCertificateRequest) -> ErrorList {
        if part == Part::Status { ErrorList::new() } else { immutable(&request.spec, &old.spec, &Path::new("spec")).into_iter().collect() }
    }
    fn fields(&self, request: &PodCertificateRequest) -> Vec<(&'static str, String)> {
        vec![
            ("spec.signerName", request.spec.signer_name.clone()),
            ("spec.podName", request.spec.pod_name.clone()),
            ("spec.nodeName", request.spec.node_name.clone()),
        ]
    }
    fn field_names(&self) -> &'static [&'static str] {
        &["spec.signerName", "spec.podName", "spec.nodeName"]
    }
}
