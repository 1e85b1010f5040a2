//! CertificateSigningRequests.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path, names};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use k8s_openapi::api::certificates::v1::{CertificateSigningRequest, CertificateSigningRequestCondition, CertificateSigningRequestStatus};

use crate::Part;

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
/// What only an approval may decide.
const DECISIONS: &[&str] = &["Approved", "Denied"];
/// Conditions that, once there, stay.
const FINAL: &[&str] = &["Approved", "Denied", "Failed"];

pub(crate) struct CertificateBehaviour;

impl crate::Behaviour<CertificateSigningRequest> for CertificateBehaviour {
    fn default(&self, request: &mut CertificateSigningRequest) {
        request.status.get_or_insert_default();
    }

    fn prepare_create(&self, request: &mut CertificateSigningRequest) {
        request.status = Some(CertificateSigningRequestStatus::default());
    }

    // decisions are written through `approval` alone, which is none of the two parts
    fn prepare_update(&self, part: Part, request: &mut CertificateSigningRequest, old: &CertificateSigningRequest) {
        request.spec.clone_from(&old.spec);
        if part == Part::Main {
            request.status.clone_from(&old.status);
            return;
        }
        for decision in DECISIONS {
            let before: Vec<_> = of_type(old, decision).cloned().collect();
            if of_type(request, decision).count() == before.len() {
                let conditions = request.status.iter_mut().flat_map(|status| status.conditions.iter_mut().flatten());
                conditions.filter(|condition| condition.type_ == *decision).zip(before).for_each(|(now, before)| *now = before);
            }
        }
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
        if spec.signer_name == "kubernetes.io/legacy-unknown" {
            let detail = "the legacy signerName is not allowed via this API version";
            errors.push(FieldError::invalid(&path.child("signerName"), spec.signer_name.as_str(), detail));
        } else {
            errors.extend(signer_name(&spec.signer_name, &path.child("signerName")));
        }
        if spec.expiration_seconds.is_some_and(|seconds| seconds < MIN_SECONDS) {
            let detail = "may not specify a duration less than 600 seconds (10 minutes)";
            errors.push(FieldError::invalid(&path.child("expirationSeconds"), spec.expiration_seconds.unwrap_or_default(), detail));
        }
        errors
    }

    fn validate_update(&self, part: Part, request: &CertificateSigningRequest, old: &CertificateSigningRequest) -> ErrorList {
        if part == Part::Main {
            return ErrorList::new();
        }
        let mut errors = condition_errors(request);
        errors.extend(certificate_errors(request));
        errors.extend(removals(request, old));
        let path = Path::new("status").child("conditions");
        for decision in DECISIONS {
            let (before, now) = (of_type(old, decision).count(), of_type(request, decision).count());
            if now > before {
                errors.push(FieldError::forbidden(&path, format!("updates may not add a condition of type {decision:?}")));
            }
        }
        let before = certificate(old);
        if !before.is_empty() && certificate(request) != before {
            let path = Path::new("status").child("certificate");
            errors.push(FieldError::forbidden(&path, "updates may not modify existing certificate content"));
        }
        errors
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

fn of_type<'a>(request: &'a CertificateSigningRequest, kind: &str) -> impl Iterator<Item = &'a CertificateSigningRequestCondition> {
    let conditions = request.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.filter(move |condition| condition.type_ == kind)
}

fn certificate(request: &CertificateSigningRequest) -> &[u8] {
    request.status.as_ref().and_then(|status| status.certificate.as_ref()).map_or(&[], |certificate| &certificate.0)
}

/// The faults of a decision, which changes the conditions alone.
pub fn approval_errors(request: &CertificateSigningRequest, old: &CertificateSigningRequest) -> ErrorList {
    let mut errors = condition_errors(request);
    errors.extend(removals(request, old));
    errors
}

fn condition_errors(request: &CertificateSigningRequest) -> ErrorList {
    let path = Path::new("status").child("conditions");
    let mut errors = ErrorList::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (index, condition) in request.status.iter().flat_map(|status| status.conditions.iter().flatten()).enumerate() {
        let (at, kind) = (path.index(index), condition.type_.as_str());
        if kind.is_empty() {
            errors.push(FieldError::required(&at.child("type"), ""));
        }
        let statuses: &[&str] = if FINAL.contains(&kind) { &["True"] } else { &["False", "True", "Unknown"] };
        if condition.status.is_empty() {
            errors.push(FieldError::required(&at.child("status"), ""));
        } else if !statuses.contains(&condition.status.as_str()) {
            errors.push(FieldError::not_supported(&at.child("status"), condition.status.as_str(), statuses));
        }
        if DECISIONS.contains(&kind) && DECISIONS.iter().any(|other| *other != kind && seen.contains(other)) {
            errors.push(FieldError::invalid(&at.child("type"), kind, "Approved and Denied conditions are mutually exclusive"));
        }
        if !seen.insert(kind) {
            errors.push(FieldError::duplicate(&at.child("type"), kind));
        }
    }
    errors
}

fn removals(request: &CertificateSigningRequest, old: &CertificateSigningRequest) -> ErrorList {
    let path = Path::new("status").child("conditions");
    let removed = FINAL.iter().filter(|kind| of_type(request, kind).count() < of_type(old, kind).count());
    removed.map(|kind| FieldError::forbidden(&path, format!("updates may not remove a condition of type {kind:?}"))).collect()
}

fn certificate_errors(request: &CertificateSigningRequest) -> Option<FieldError> {
    let fault = certificate_fault(certificate(request))?;
    Some(FieldError::invalid(&Path::new("status").child("certificate"), "<certificate data>", fault))
}

/// What is wrong with the blocks of a chain of certificates. Blocks that are none at all are passed over, as Go passes them over.
fn certificate_fault(pem: &[u8]) -> Option<String> {
    const BEGIN: &str = "-----BEGIN ";
    if pem.is_empty() {
        return None;
    }
    let text = String::from_utf8_lossy(pem);
    let (mut rest, mut blocks) = (text.as_ref(), 0);
    while let Some(start) = rest.find(BEGIN) {
        rest = &rest[start + BEGIN.len()..];
        let Some((kind, behind)) = rest.split_once("-----") else { break };
        let Some((body, behind)) = behind.split_once(format!("-----END {kind}-----").as_str()) else { continue };
        let lines = || body.lines().map(str::trim).filter(|line| !line.is_empty());
        let headers = lines().any(|line| line.contains(':'));
        let Some(bytes) = STANDARD.decode(lines().filter(|line| !line.contains(':')).collect::<String>()).ok() else { continue };
        if kind != "CERTIFICATE" {
            return Some(format!("only CERTIFICATE PEM blocks are allowed, found {kind:?}"));
        }
        if headers {
            return Some("no PEM block headers are permitted".to_owned());
        }
        if bytes.is_empty() {
            return Some("found CERTIFICATE PEM block containing 0 certificates".to_owned());
        }
        blocks += 1;
        rest = behind;
    }
    (blocks == 0).then(|| "must contain at least one CERTIFICATE PEM block".to_owned())
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
