//! Resource quotas: what is used of each, counted from what is there. The API server charges and frees with every write; this takes note of new limits, and corrects what
//! drifted.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Pod, ResourceQuota, ResourceQuotaSpec, Service};
use k8s_openapi::api::resource::v1::ResourceClaim;
use kinds::quota::{self, Usage};
use runtime::{Action, Clock, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use crate::resources::{MetaChange, Source};
use crate::sources::Sources;

/// As upstream's `--concurrent-resource-quota-syncs`.
const WORKERS: usize = 5;
/// A quota that has been written this recently may be ahead of the caches that are counted here.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_secs(2);

struct Quotas {
    quotas: Informer<ResourceQuota>,
    pods: Informer<Pod>,
    services: Informer<Service>,
    claims: Informer<PersistentVolumeClaim>,
    device_claims: Informer<ResourceClaim>,
    sources: Arc<Sources>,
    clock: Arc<dyn Clock>,
    /// The version of each quota that was seen last, and since when.
    seen: Mutex<HashMap<Key, (String, Timestamp)>>,
}

#[derive(Clone, Debug)]
struct Snapshot {
    quota: Arc<ResourceQuota>,
    /// Of all that its limits name and that is counted.
    used: Usage,
    written_at: Timestamp,
}

/// | change | keys |
/// |---|---|
/// | ResourceQuota | itself |
/// | any object | the ResourceQuotas of its namespace that count its kind |
/// | what discovery tells | the ResourceQuotas with a limit that nothing was counted for |
pub(crate) async fn run(house: House) {
    let quotas = house.informers.of::<ResourceQuota>();
    let sources = house.sources.clone();
    let reconciler = Quotas {
        quotas: quotas.clone(),
        pods: house.informers.of(),
        services: house.informers.of(),
        claims: house.informers.of(),
        device_claims: house.informers.of(),
        sources: sources.clone(),
        clock: house.clock.clone(),
        seen: Mutex::default(),
    };
    let all = quotas.clone();
    let controller = Controller::new(house, "resourcequota-controller", WORKERS, reconciler)
        .on(&quotas, |change| vec![Key::of(&change.latest().metadata)])
        .woken_by(sources.changed(), move || {
            all.list().iter().filter(|found| is_uncounted(found)).map(|found| Key::of(&found.metadata)).collect()
        });
    let concerned = move |source: &Arc<Source>, change: MetaChange<'_>| {
        let resource = &source.resource;
        let namespace = change.latest().namespace.clone().unwrap_or_default();
        let counting = quotas.in_namespace(&namespace);
        let counting =
            counting.iter().filter(|found| limits(found).keys().any(|name| quota::counts(name, &resource.group, &resource.plural)));
        counting.map(|found| Key::of(&found.metadata)).collect()
    };
    sources.attach(controller, concerned).run().await;
}

/// Has it a limit that nothing was counted for, as for a resource that was not served?
fn is_uncounted(found: &ResourceQuota) -> bool {
    let used = quota::used(found);
    limits(found).keys().any(|name| !used.contains_key(name))
}

fn limits(found: &ResourceQuota) -> BTreeMap<String, k8s_openapi::apimachinery::pkg::api::resource::Quantity> {
    found.spec.as_ref().and_then(|spec| spec.hard.clone()).unwrap_or_default()
}

impl Quotas {
    /// What all objects of a namespace use together of what a quota limits.
    fn count(&self, found: &ResourceQuota, namespace: &str) -> Usage {
        let none = ResourceQuotaSpec::default();
        let spec = found.spec.as_ref().unwrap_or(&none);
        let limits = limits(found);
        let mut total = Usage::new();
        for source in self.sources.all().iter().filter(|source| source.resource.namespaced) {
            let (group, plural) = (source.resource.group.as_ref(), source.resource.plural.as_ref());
            let names: Vec<&String> = limits.keys().filter(|name| quota::counts(name, group, plural)).collect();
            if names.is_empty() {
                continue;
            }
            for name in names {
                total.entry(name.clone()).or_insert_with(|| api::Quantity::new(0, api::quantity::Format::DecimalSi));
            }
            self.usages(group, plural, namespace, source, spec).iter().for_each(|usage| quota::add(&mut total, usage));
        }
        total.retain(|name, _| limits.contains_key(name));
        total
    }
    fn usages(&self, group: &str, plural: &str, namespace: &str, source: &Source, spec: &ResourceQuotaSpec) -> Vec<Usage> {
        fn of<K: api::Typed>(objects: &[Arc<K>], plural: &str, spec: &ResourceQuotaSpec) -> Vec<Usage> {
            objects
                .iter()
                .filter(|object| quota::in_scope(spec, object.as_ref()))
                .map(|object| quota::usage(K::GROUP, plural, object.as_ref()))
                .collect()
        }
        match (group, plural) {
            ("", "pods") => of(&self.pods.in_namespace(namespace), plural, spec),
            ("", "services") => of(&self.services.in_namespace(namespace), plural, spec),
            ("", "persistentvolumeclaims") => of(&self.claims.in_namespace(namespace), plural, spec),
            ("resource.k8s.io", "resourceclaims") => of(&self.device_claims.in_namespace(namespace), plural, spec),
            // of the others their being there is all that counts, and no scope is about them
            _ if spec.scopes.as_ref().is_some_and(|scopes| !scopes.is_empty()) || spec.scope_selector.is_some() => Vec::new(),
            _ => (0..source.count_in(namespace)).map(|_| quota::presence(group, plural)).collect(),
        }
    }
    fn written_at(&self, key: &Key, found: &ResourceQuota) -> Timestamp {
        let version = found.metadata.resource_version.clone().unwrap_or_default();
        let now = self.clock.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = seen.entry(key.clone()).or_insert_with(|| (version.clone(), now));
        if entry.0 != version {
            *entry = (version, now);
        }
        entry.1
    }
}

impl Reconciler for Quotas {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "resourcequota-controller"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let Some(quota) = self.quotas.get(&key.namespace, &key.name) else {
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
            return None;
        };
        let written_at = self.written_at(key, &quota);
        Some(Snapshot { used: self.count(&quota, &key.namespace), quota, written_at })
    }
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Plan {
        plan(snapshot, now)
    }
}

/// New limits are noted at once. A difference in what is used is corrected when nobody has charged for a while: until then the caches may just be behind.
fn plan(snapshot: &Snapshot, now: Timestamp) -> Plan {
    let Snapshot { quota: found, used, written_at } = snapshot;
    let noted = found.status.clone().unwrap_or_default();
    let new_limits = noted.hard.unwrap_or_default() != limits(found) || noted.used.is_none();
    if !new_limits {
        if quota::used(found) == *used {
            return Plan::default();
        }
        let settled = *written_at + SETTLED_AFTER;
        if now < settled {
            return Plan { actions: Vec::new(), requeue_at: Some(settled) };
        }
    }
    let mut changed = (**found).clone();
    let status = changed.status.get_or_insert_default();
    status.hard = Some(limits(found));
    status.used = Some(quota::texts(used));
    Plan { actions: vec![Action::update_status(changed)], requeue_at: None }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn snapshot(status: Value, used: &str) -> Snapshot {
        let quota: ResourceQuota =
            serde_json::from_value(json!({"metadata": {"name": "q"}, "spec": {"hard": {"pods": "2"}}, "status": status})).unwrap();
        let used = [("pods".to_owned(), used.parse().unwrap())].into();
        Snapshot { quota: Arc::new(quota), used, written_at: Timestamp::UNIX_EPOCH }
    }
    fn check(status: Value, used: &str, after_seconds: i64, expected: Option<Value>, again: bool) {
        let now = Timestamp::from_second(after_seconds).unwrap();
        let plan = plan(&snapshot(status, used), now);
        let written = plan.actions.first().map(|action| serde_json::to_value(&action.object::<ResourceQuota>().unwrap().status).unwrap());
        assert_eq!((written, plan.requeue_at.is_some()), (expected, again));
    }

    #[test]
    fn limits_at_once_and_drift_when_it_is_quiet() {
        let right = json!({"hard": {"pods": "2"}, "used": {"pods": "1"}});
        check(json!({}), "1", 0, Some(right.clone()), false);
        check(right.clone(), "1", 0, None, false);
        check(right.clone(), "0", 1, None, true);
        check(right, "0", 2, Some(json!({"hard": {"pods": "2"}, "used": {"pods": "0"}})), false);
        check(
            json!({"hard": {"pods": "1"}, "used": {"pods": "1"}}),
            "1",
            0,
            Some(json!({"hard": {"pods": "2"}, "used": {"pods": "1"}})),
            false,
        );
    }
}
