//! Certificate requests: those of kubelets are approved where they may be, those of Kubernetes' own signers are signed once they are approved, and all of them go when
//! nobody needs them any more.

mod approver;
mod signers;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::ByteString;
use k8s_openapi::api::certificates::v1::{CertificateSigningRequest, CertificateSigningRequestCondition};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use runtime::{Action, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;

/// As upstream's `--concurrent-csr-syncs`.
const WORKERS: usize = 5;
/// What becomes of requests with time, as upstream's cleaner has it.
const PENDING_KEPT: SignedDuration = SignedDuration::from_hours(24);
const DECIDED_KEPT: SignedDuration = SignedDuration::from_hours(1);
/// A request that could be approved by itself, but for the rights of its author, is looked at again after this time.
const APPROVAL_RETRIED: SignedDuration = SignedDuration::from_mins(1);
/// Life of what is signed, where the request asks for none, and the shortest.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 365);
const SHORTEST: SignedDuration = SignedDuration::from_mins(10);

/// Signs with the cluster's authority.
pub trait CertificateSigner: Send + Sync {
    /// The certificate in PEM for a request in PEM.
    fn sign(&self, request_pem: &str, usages: &[String], life: SignedDuration, now: Timestamp) -> Result<String, String>;
}

/// For a cluster without an authority of its own: nothing is signed.
pub struct NoSigner;

impl CertificateSigner for NoSigner {
    fn sign(&self, _: &str, _: &[String], _: SignedDuration, _: Timestamp) -> Result<String, String> {
        Err("there is no authority to sign with".to_owned())
    }
}

struct Requests {
    requests: Informer<CertificateSigningRequest>,
    signer: Arc<dyn CertificateSigner>,
    clock: Arc<dyn runtime::Clock>,
}

#[derive(Clone, Debug)]
struct Snapshot {
    request: Arc<CertificateSigningRequest>,
    /// What the signer says of a request that is due: a certificate, or why there is none.
    signed: Option<Result<String, String>>,
}

/// | change | keys |
/// |---|---|
/// | CertificateSigningRequest | itself |
pub(crate) async fn run(house: House) {
    let requests = house.informers.of::<CertificateSigningRequest>();
    let reconciler = Requests { requests: requests.clone(), signer: house.config.signer.clone(), clock: house.clock.clone() };
    Controller::new(house, "certificate-controller", WORKERS, reconciler)
        .on(&requests, |change| change.new.iter().map(|request| Key::of(&request.metadata)).collect())
        .run()
        .await;
}

impl Reconciler for Requests {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "certificate-controller"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let request = self.requests.get("", &key.name)?;
        let signed = is_due(&request).then(|| self.sign(&request, self.clock.now()));
        Some(Snapshot { signed, request })
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        plan(snapshot, now)
    }
}

impl Requests {
    fn sign(&self, request: &CertificateSigningRequest, now: Timestamp) -> Result<String, String> {
        let spec = &request.spec;
        let pem = std::str::from_utf8(&spec.request.0).map_err(|error| error.to_string())?;
        let usages = spec.usages.clone().unwrap_or_default();
        signers::check(&spec.signer_name, &signers::parse(pem)?, &usages)?;
        let asked = spec.expiration_seconds.map_or(LIFE, |seconds| SignedDuration::from_secs(seconds.into()));
        self.signer.sign(pem, &usages, asked.clamp(SHORTEST, LIFE), now)
    }
}

fn condition<'a>(request: &'a CertificateSigningRequest, kind: &str) -> Option<&'a CertificateSigningRequestCondition> {
    request.status.iter().flat_map(|status| status.conditions.iter().flatten()).find(|condition| condition.type_ == kind)
}

fn has_certificate(request: &CertificateSigningRequest) -> bool {
    request.status.as_ref().and_then(|status| status.certificate.as_ref()).is_some_and(|certificate| !certificate.0.is_empty())
}

/// Approved, of one of our signers, and neither signed nor failed.
fn is_due(request: &CertificateSigningRequest) -> bool {
    signers::is_ours(&request.spec.signer_name)
        && condition(request, "Approved").is_some()
        && condition(request, "Denied").is_none()
        && condition(request, "Failed").is_none()
        && !has_certificate(request)
}

fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let request = &*snapshot.request;
    if let Some(signed) = &snapshot.signed {
        let mut request = request.clone();
        let status = request.status.get_or_insert_default();
        match signed {
            Ok(pem) => status.certificate = Some(ByteString(pem.clone().into_bytes())),
            Err(why) => status.conditions.get_or_insert_default().push(CertificateSigningRequestCondition {
                type_: "Failed".to_owned(),
                status: "True".to_owned(),
                reason: Some("SignerValidationFailure".to_owned()),
                message: Some(why.clone()),
                last_update_time: Some(Time(api::time::truncated(now))),
                last_transition_time: Some(Time(api::time::truncated(now))),
            }),
        }
        return Plan { actions: vec![Action::update_status(request)], requeue_at: None };
    }
    let goes_at = goes_at(request);
    if now < goes_at {
        let undecided = !has_certificate(request) && ["Approved", "Denied"].iter().all(|kind| condition(request, kind).is_none());
        let actions = if undecided { approver::approvals(request) } else { Vec::new() };
        let again = if actions.is_empty() { goes_at } else { goes_at.min(now.saturating_add(APPROVAL_RETRIED).unwrap_or(goes_at)) };
        return Plan { actions, requeue_at: Some(again).filter(|at| *at < Timestamp::MAX) };
    }
    Plan { actions: vec![Action::delete(request)], requeue_at: None }
}

/// When nobody needs a request any more. One that is approved stays until it is signed.
fn goes_at(request: &CertificateSigningRequest) -> Timestamp {
    let conditions = request.status.iter().flat_map(|status| status.conditions.iter().flatten());
    if conditions.clone().next().is_none() {
        let created = request.metadata.creation_timestamp.as_ref().map_or(Timestamp::MAX, |time| time.0);
        return created.saturating_add(PENDING_KEPT).unwrap_or(Timestamp::MAX);
    }
    let issued = has_certificate(request);
    let over =
        conditions.filter(|condition| matches!(condition.type_.as_str(), "Denied" | "Failed") || condition.type_ == "Approved" && issued);
    let over = over.filter_map(|condition| condition.last_update_time.as_ref()?.0.saturating_add(DECIDED_KEPT).ok());
    over.chain(expiry(request)).min().unwrap_or(Timestamp::MAX)
}

/// When the certificate ends.
fn expiry(request: &CertificateSigningRequest) -> Option<Timestamp> {
    let pem = request.status.as_ref()?.certificate.as_ref()?;
    let (_, pem) = x509_parser::pem::parse_x509_pem(&pem.0).ok()?;
    Timestamp::from_second(pem.parse_x509().ok()?.validity().not_after.timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn request(status: Value) -> CertificateSigningRequest {
        let spec = json!({"request": "", "signerName": "kubernetes.io/kube-apiserver-client"});
        serde_json::from_value(
            json!({"metadata": {"name": "r", "creationTimestamp": "2026-01-01T00:00:00Z"}, "spec": spec, "status": status}),
        )
        .unwrap()
    }
    fn approved() -> Value {
        json!({"conditions": [{"type": "Approved", "status": "True", "lastUpdateTime": "2026-01-01T00:00:00Z"}]})
    }
    fn check(status: Value, signed: Option<Result<String, String>>, now: &str, expected: &str) {
        let request = request(status);
        assert_eq!(is_due(&request), signed.is_some());
        let planned = plan(&Snapshot { request: Arc::new(request), signed }, now.parse().unwrap());
        let got = match planned.actions.first() {
            None => planned.requeue_at.map_or_else(|| "stays".to_owned(), |at| format!("again at {at}")),
            Some(action) => match action.object::<CertificateSigningRequest>() {
                None => "delete".to_owned(),
                Some(request) if has_certificate(request) => "signed".to_owned(),
                Some(request) => format!("failed: {}", condition(request, "Failed").unwrap().message.as_ref().unwrap()),
            },
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn requests_are_signed_once_and_go_with_time() {
        check(json!({}), None, "2026-01-01T01:00:00Z", "again at 2026-01-02T00:00:00Z");
        check(json!({}), None, "2026-01-02T00:00:00Z", "delete");
        check(approved(), Some(Ok("PEM".to_owned())), "2026-01-01T00:00:01Z", "signed");
        check(approved(), Some(Err("no".to_owned())), "2026-01-01T00:00:01Z", "failed: no");
        // another signer's
        let mut foreign = approved();
        foreign["conditions"][0]["reason"] = "x".into();
        let mut request = request(foreign);
        request.spec.signer_name = "example.com/signer".to_owned();
        assert_eq!(goes_at(&request), Timestamp::MAX);
        let mut done = approved();
        done["certificate"] = "UEVN".into();
        check(done.clone(), None, "2026-01-01T00:30:00Z", "again at 2026-01-01T01:00:00Z");
        check(done, None, "2026-01-01T01:00:00Z", "delete");
    }
}
