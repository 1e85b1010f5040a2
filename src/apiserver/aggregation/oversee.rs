//! Looks after one extension API server: asks it when its APIService, its service or the endpoints of that change, and every while.

use std::sync::{Arc, Weak};
use std::time::Duration;

use kinds::{API_SERVICE, ENDPOINT_SLICE, SERVICE};
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use super::availability;
use super::availability::{Facts, condition, set_condition};
use super::documents::{self, Told};
use super::remote::Extension;
use crate::context::UserInfo;
use crate::server::Inner;

/// Upstream's: how often one that answers is asked.
const EVERY: Duration = Duration::from_secs(30);
/// How often what it tells of itself is asked for.
const TOLD_EVERY: Duration = Duration::from_secs(60);
/// One that does not answer is asked again after twice the time each time, up to [`EVERY`].
const FIRST_RETRY: Duration = Duration::from_millis(5);

/// What, when it is another, wants a new look.
#[derive(PartialEq)]
struct Seen {
    extension: Extension,
    facts: Facts,
}

impl Seen {
    fn of(inner: &Inner, name: &str) -> Option<Self> {
        // the verdict itself is no reason to look again
        let extension = Extension { available: false, ..Extension::find(&inner.registry, name)? };
        let facts = Facts::of(&inner.registry, &inner.registry.caller, &extension);
        Some(Self { extension, facts })
    }
}

pub async fn run(inner: Weak<Inner>, name: String) {
    let Some(strong) = inner.upgrade() else { return };
    let mut events = [&API_SERVICE, &SERVICE, &ENDPOINT_SLICE].map(|kind| strong.registry.of(kind).resource.subscribe());
    drop(strong);
    let (mut failures, mut told_at) = (0_u32, None::<Instant>);
    loop {
        let Some(strong) = inner.upgrade() else { return };
        let Some(seen) = Seen::of(&strong, &name) else {
            // either it comes back, or this task is ended
            drop(strong);
            if events[0].changed().await.is_err() {
                return;
            }
            continue;
        };
        let fine = look(&strong, &seen, &mut told_at).await;
        drop(strong);
        failures = if fine { 0 } else { failures.saturating_add(1) };
        let wait = if fine || seen.facts.verdict(&seen.extension).is_some() {
            EVERY
        } else {
            FIRST_RETRY.saturating_mul(2_u32.saturating_pow(failures)).min(EVERY)
        };
        match sleep(&inner, &name, &seen, &mut events, Instant::now() + wait).await {
            Woken::Over => return,
            Woken::Changed => told_at = None,
            Woken::Due => {}
        }
    }
}

enum Woken {
    Over,
    Changed,
    Due,
}

/// Sleeps until there is something else to be seen, or it is time.
async fn sleep(inner: &Weak<Inner>, name: &str, seen: &Seen, events: &mut [Receiver<u64>; 3], until: Instant) -> Woken {
    let [services, backends, slices] = events;
    loop {
        let changed = tokio::select! {
            changed = services.changed() => changed,
            changed = backends.changed() => changed,
            changed = slices.changed() => changed,
            () = tokio::time::sleep_until(until) => return Woken::Due,
        };
        let Some(strong) = inner.upgrade().filter(|_| changed.is_ok()) else { return Woken::Over };
        if Seen::of(&strong, name).as_ref() != Some(seen) {
            return Woken::Changed;
        }
    }
}

/// Asks, and tells what came of it; whether that is well.
async fn look(inner: &Arc<Inner>, seen: &Seen, told_at: &mut Option<Instant>) -> bool {
    let (extension, registry) = (&seen.extension, &inner.registry);
    let caller = &registry.caller;
    let verdict = match seen.facts.verdict(extension) {
        Some(verdict) => verdict,
        None => availability::ask(caller, extension).await,
    };
    let asked = verdict.0 && told_at.is_none_or(|at| at.elapsed() >= TOLD_EVERY);
    let resources = if asked { documents::resources(caller, extension).await } else { None };
    let is_told = resources.is_some();
    if asked || !verdict.0 {
        // told before the status: whoever reads that it is available finds its resources
        inner.aggregation.tell(registry, &extension.name, |told| match resources {
            Some(resources) => (told.fresh, told.resources) = (true, resources),
            None => *told = Told::default(),
        });
    }
    let user = UserInfo::server();
    let written = registry.change_status(&API_SERVICE, &extension.name, &user, |service| {
        set_condition(service, condition(&verdict));
    });
    if let Err(error) = written.await
        && error.code() != 404
    {
        tracing::warn!(name = extension.name, %error, "the status of an API service can not be written");
        return false;
    }
    if !verdict.0 {
        *told_at = None;
        return false;
    }
    if asked {
        *told_at = is_told.then(Instant::now);
    }
    if is_told {
        let openapi = documents::openapi(caller, extension).await;
        inner.aggregation.tell(registry, &extension.name, |told| (told.openapi, told.openapi_2) = openapi);
    }
    true
}
