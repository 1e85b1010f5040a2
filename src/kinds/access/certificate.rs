//! CertificateSigningRequests.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::certificates::v1::{CertificateSigningRequest, CertificateSigningRequestStatus};

use crate::Part;
use crate::rules::immutable;

const USAGES: &[&str] = &[
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
];
const MIN_SECONDS: i32 = 600;

pub(crate) struct CertificateBehaviour;

impl crate::Behaviour<CertificateSigningRequest> for CertificateBehaviour {
    fn default(&self, request: &mut CertificateSigningRequest) {
        request.status.get_or_insert_default();
    }

    fn prepare_create(&self, request: &mut CertificateSigningRequest) {
        request.status = Some(CertificateSigningRequestStatus::default());
    }

    // conditions of approval are written through `approval` alone, which is none of the two parts
    fn prepare_update(&self, part: Part, request: &mut CertificateSigningRequest, old: &CertificateSigningRequest) {
        request.spec.clone_from(&old.spec);
        if part == Part::Main {
            request.status.clone_from(&old.status);
            return;
        }
        let decided = |kind: &str| matches!(kind, "Approved" | "Denied");
        let status = request.status.get_or_insert_default();
        let kept =
            old.status.iter().flat_map(|status| status.conditions.iter().flatten()).filter(|condition| decided(&condition.type_)).cloned();
        let mut conditions: Vec<_> = kept.collect();
        conditions.extend(status.conditions.take().into_iter().flatten().filter(|condition| !decided(&condition.type_)));
        status.conditions = Some(conditions).filter(|conditions| !conditions.is_empty());
    }

    fn validate(&self, request: &CertificateSigningRequest) -> ErrorList {
        let (spec, path) = (&request.spec, Path::new("spec"));
        let mut errors = ErrorList::new();
        let is_pem = std::str::from_utf8(&spec.request.0).is_ok_and(|text| text.contains("-----BEGIN CERTIFICATE REQUEST-----"));
        if !is_pem {
            errors.push(FieldError::invalid(
                &path.child("request"),
                crate::rules::json(&spec.request),
                "PEM block type must be CERTIFICATE REQUEST",
            ));
        }
        let usages = spec.usages.as_deref().unwrap_or_default();
        if usages.is_empty() {
            errors.push(FieldError::required(&path.child("usages"), ""));
        }
        let mut seen = BTreeSet::new();
        for (index, usage) in usages.iter().enumerate() {
            let path = path.child("usages").index(index);
            if !USAGES.contains(&usage.as_str()) {
                errors.push(FieldError::not_supported(&path, usage.as_str(), USAGES));
            }
            if !seen.insert(usage) {
                errors.push(FieldError::duplicate(&path, usage.as_str()));
            }
        }
        errors.extend(signer_name(&spec.signer_name, &path.child("signerName")));
        if spec.expiration_seconds.is_some_and(|seconds| seconds < MIN_SECONDS) {
            let detail = "may not specify a duration less than 600 seconds (10 minutes)";
            errors.push(FieldError::invalid(&path.child("expirationSeconds"), spec.expiration_seconds.unwrap_or_default(), detail));
        }
        errors
    }

    fn validate_update(&self, part: Part, request: &CertificateSigningRequest, old: &CertificateSigningRequest) -> ErrorList {
        let certificate = |request: &CertificateSigningRequest| request.status.as_ref().and_then(|status| status.certificate.clone());
        if part == Part::Status && certificate(old).is_some() {
            let path = Path::new("status").child("certificate");
            return immutable(&certificate(request), &certificate(old), &path).into_iter().collect();
        }
        ErrorList::new()
    }

    fn name_errors(&self, _name: &str, _prefix: bool) -> Vec<String> {
        Vec::new()
    }

    fn fields(&self, request: &CertificateSigningRequest) -> Vec<(&'static str, String)> {
        vec![("spec.signerName", request.spec.signer_name.clone())]
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["spec.signerName"]
    }
}

/// `example.com/signer`.
pub(crate) fn signer_name(name: &str, path: &Path) -> ErrorList {
    if name.is_empty() {
        return vec![FieldError::required(path, "")];
    }
    let segments: Vec<&str> = name.split('/').collect();
    let [domain, signer] = segments[..] else {
        return vec![FieldError::invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
    };
    let mut errors = ErrorList::new();
    errors.extend(crate::rules::invalid(path, domain, names::dns1123_subdomain(domain, false)));
    if domain.split('.').count() < 2 {
        errors.push(FieldError::invalid(path, domain, "should be a domain with at least two segments separated by dots"));
    }
    errors.extend(crate::rules::invalid(path, signer, names::dns1123_subdomain(signer, false)));
    errors
}
