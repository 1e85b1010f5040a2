//! One leader among several processes, by a Lease that the leader renews, as client-go's leader election: who holds it works; who cannot renew it in time
//! stops working before anybody else can take it.

use std::future::Future;
use std::time::Duration;

use api::ApiError;
use client::Resource;
use http::Method;
use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Which Lease, who we are, and upstream's three times.
#[derive(Clone, Debug)]
pub struct Election {
    pub namespace: String,
    pub name: String,
    /// Different for each process.
    pub identity: String,
    /// How long others wait after the last renewal they saw.
    pub lease_duration: Duration,
    /// How long the leader tries to renew before it gives up; shorter than `lease_duration`.
    pub renew_deadline: Duration,
    pub retry_period: Duration,
}

impl Election {
    /// With upstream's times: 15, 10 and 2 seconds.
    pub fn new(namespace: &str, name: &str, identity: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            identity: identity.to_owned(),
            lease_duration: Duration::from_secs(15),
            renew_deadline: Duration::from_secs(10),
            retry_period: Duration::from_secs(2),
        }
    }

    /// Waits for leadership, then runs `work` until it ends, leadership is lost, or `stop`. The token handed to `work` is cancelled in the last two cases;
    /// its end is awaited. The Lease is given back at a regular end.
    pub async fn lead<F: Future<Output = ()>>(
        &self,
        client: &kube::Client,
        stop: CancellationToken,
        work: impl FnOnce(CancellationToken) -> F,
    ) {
        let mut seen = Seen::default();
        loop {
            match self.try_hold(client, &mut seen).await {
                Ok(true) => break,
                Ok(false) => {}
                Err(error) => tracing::debug!(lease = %self.name, "lease not taken: {}", error.message()),
            }
            let wait = self.retry_period.mul_f64(1.0 + 0.2 * crate::backoff::unit());
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
        let leading = stop.child_token();
        let worked = work(leading.clone());
        tokio::pin!(worked);
        let finished = tokio::select! {
            () = &mut worked => true,
            () = self.keep(client, &mut seen) => false,
            () = stop.cancelled() => false,
        };
        leading.cancel();
        if !finished {
            worked.await;
        }
        if let Err(error) = self.release(client).await {
            tracing::debug!(lease = %self.name, "lease not given back: {}", error.message());
        }
    }

    /// Returns when the Lease could not be renewed in time.
    async fn keep(&self, client: &kube::Client, seen: &mut Seen) {
        let mut renewed = Instant::now();
        while renewed.elapsed() < self.renew_deadline {
            tokio::time::sleep(self.retry_period).await;
            let started = Instant::now();
            match tokio::time::timeout(self.renew_deadline.saturating_sub(renewed.elapsed()), self.try_hold(client, seen)).await {
                Ok(Ok(true)) => renewed = started,
                Ok(Ok(false)) => return,
                Ok(Err(error)) => tracing::debug!(lease = %self.name, "lease not renewed: {}", error.message()),
                Err(_) => return,
            }
        }
    }

    /// Takes or renews the Lease; false where another holds it.
    async fn try_hold(&self, client: &kube::Client, seen: &mut Seen) -> Result<bool, ApiError> {
        let leases = Resource::of::<Lease>();
        let now = Timestamp::now();
        let found = match client::call(client, Method::GET, &leases.object(&self.namespace, &self.name), client::Body::Empty).await {
            Ok(bytes) => decode(&bytes)?,
            Err(error) if error.code() == 404 => {
                let metadata = ObjectMeta { name: Some(self.name.clone()), namespace: Some(self.namespace.clone()), ..Default::default() };
                let lease = Lease { metadata, spec: Some(self.claim(None, now)) };
                let created = client::call(
                    client,
                    Method::POST,
                    &leases.collection(&self.namespace),
                    client::Body::Json(api::Object::to_json(&lease)),
                )
                .await;
                return taken(created);
            }
            Err(error) => return Err(error),
        };
        let spec = found.spec.clone().unwrap_or_default();
        let holder = spec.holder_identity.clone().unwrap_or_default();
        // Only our own clock counts: another's time may be wrong.
        let expired = seen.unchanged_for(&found, Instant::now()) > self.lease_duration;
        if !holder.is_empty() && holder != self.identity && !expired {
            return Ok(false);
        }
        let lease = Lease { spec: Some(self.claim(Some(&spec), now)), ..found };
        taken(self.put(client, &lease).await)
    }

    fn claim(&self, old: Option<&LeaseSpec>, now: Timestamp) -> LeaseSpec {
        let held = old.filter(|old| old.holder_identity.as_deref() == Some(self.identity.as_str()));
        let transitions = old.and_then(|old| old.lease_transitions).unwrap_or_default();
        LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: i32::try_from(self.lease_duration.as_secs()).ok(),
            acquire_time: held.and_then(|held| held.acquire_time.clone()).or(Some(MicroTime(now))),
            renew_time: Some(MicroTime(now)),
            lease_transitions: Some(if held.is_some() || old.is_none() { transitions } else { transitions.saturating_add(1) }),
            ..old.cloned().unwrap_or_default()
        }
    }

    async fn release(&self, client: &kube::Client) -> Result<(), ApiError> {
        let leases = Resource::of::<Lease>();
        let mut lease =
            decode(&client::call(client, Method::GET, &leases.object(&self.namespace, &self.name), client::Body::Empty).await?)?;
        let Some(spec) = &mut lease.spec else { return Ok(()) };
        if spec.holder_identity.as_deref() != Some(self.identity.as_str()) {
            return Ok(());
        }
        spec.holder_identity = Some(String::new());
        spec.lease_duration_seconds = Some(1);
        spec.renew_time = Some(MicroTime(Timestamp::now()));
        self.put(client, &lease).await.map(drop)
    }

    async fn put(&self, client: &kube::Client, lease: &Lease) -> Result<bytes::Bytes, ApiError> {
        let path = Resource::of::<Lease>().object(&self.namespace, &self.name);
        client::call(client, Method::PUT, &path, client::Body::Json(api::Object::to_json(lease))).await
    }
}

/// The Lease as it was last seen, and since when.
#[derive(Default)]
struct Seen(Option<(Option<LeaseSpec>, Instant)>);

impl Seen {
    fn unchanged_for(&mut self, lease: &Lease, now: Instant) -> Duration {
        match &self.0 {
            Some((spec, since)) if *spec == lease.spec => now.duration_since(*since),
            _ => {
                self.0 = Some((lease.spec.clone(), now));
                Duration::ZERO
            }
        }
    }
}

/// A write that lost against another is no failure: somebody else was faster.
fn taken(written: Result<bytes::Bytes, ApiError>) -> Result<bool, ApiError> {
    match written {
        Ok(_) => Ok(true),
        Err(error) if error.code() == 409 => Ok(false),
        Err(error) => Err(error),
    }
}

fn decode(bytes: &[u8]) -> Result<Lease, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| ApiError::new(500, "InternalError", format!("lease does not decode: {error}")))
}
