//! ResourceQuota: a namespace uses no more than its quotas allow. What an object adds to a quota is written in one transaction with the object, on the state of the quota
//! that it was checked against: however many write at once, the sum of what is there is never above the limit, and a write that fails charges nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, Weak};

use api::{ApiError, Object, Quantity};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::{ResourceQuota, ResourceQuotaSpec};
use kinds::quota::{self, Usage};
use store::{Expect, Write};
use tokio::sync::Mutex;

use super::{Attributes, Bill, Operation, Plugin};
use crate::cache::{Item, encode};

/// Namespaces whose locks are remembered before those that nobody holds are dropped.
const LOCKS: usize = 256;

#[derive(Default)]
pub struct ResourceQuotas {
    /// By namespace. Writers of one process take turns instead of losing races; the transaction alone is what makes it exact.
    locks: std::sync::Mutex<HashMap<String, Weak<Mutex<()>>>>,
}

#[async_trait]
impl Plugin for ResourceQuotas {
    fn name(&self) -> &'static str {
        "ResourceQuota"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.kind.namespaced && attributes.operation != Operation::Connect
    }
    async fn bill(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<Bill, ApiError> {
        if charges(attributes, object)?.is_empty() {
            return Ok(Bill::default());
        }
        let guard = self.lock(attributes.namespace).lock_owned().await;
        Ok(Bill { writes: charges(attributes, object)?, guards: vec![guard] })
    }
}

impl ResourceQuotas {
    fn lock(&self, namespace: &str) -> Arc<Mutex<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(namespace).and_then(Weak::upgrade) {
            return lock;
        }
        if locks.len() >= LOCKS {
            locks.retain(|_, lock| lock.strong_count() > 0);
        }
        let lock = Arc::new(Mutex::default());
        locks.insert(namespace.to_owned(), Arc::downgrade(&lock));
        lock
    }
}

/// The quotas as they are with the object, where it may be.
fn charges(attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<Vec<Write>, ApiError> {
    let (items, _) = attributes.registry.of(&kinds::RESOURCE_QUOTA).resource.list(attributes.namespace, || 0);
    let mut writes = Vec::new();
    // a quota that counts quotas counts itself, but is not written twice when it is what goes
    let itself = (attributes.kind.plural == kinds::RESOURCE_QUOTA.plural && attributes.kind.group.is_empty()).then_some(attributes.name);
    for item in items.into_iter().filter(|item| itself != Some(item.name())) {
        let stored = item.object(&kinds::RESOURCE_QUOTA).map_err(ApiError::internal)?;
        let Some(found) = stored.downcast_ref::<ResourceQuota>() else { continue };
        let after = charge(found, attributes, object).map_err(|why| attributes.forbidden(why))?;
        if let Some(used) = after {
            writes.push(write(&item, &used).map_err(ApiError::internal)?);
        }
    }
    Ok(writes)
}

fn write(item: &Item, used: &Usage) -> Result<Write, serde_json::Error> {
    let mut changed = item.decode(&kinds::RESOURCE_QUOTA)?;
    if let Some(quota) = changed.downcast_mut::<ResourceQuota>() {
        quota.status.get_or_insert_default().used = Some(quota::texts(used));
    }
    Ok(Write::Put { key: item.key().clone(), value: encode(&kinds::RESOURCE_QUOTA, changed.as_mut()), expect: Expect::At(item.revision()) })
}

/// Upstream measures these; everything else only ever frees.
fn is_checked(attributes: &Attributes<'_>) -> bool {
    let kind = (&*attributes.kind.group, &*attributes.kind.plural);
    match attributes.operation {
        Operation::Create => attributes.subresource.is_empty(),
        Operation::Update => matches!(
            (kind, attributes.subresource),
            (("", "services") | ("resource.k8s.io", "resourceclaims"), "")
                | (("", "persistentvolumeclaims"), "" | "status")
                | (("", "pods"), "resize")
        ),
        _ => false,
    }
}

/// What is used of a quota after a write; none where it is not concerned. Why the write may not be, otherwise.
fn charge(found: &ResourceQuota, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<Option<Usage>, String> {
    let (group, plural) = (&*attributes.kind.group, &*attributes.kind.plural);
    let name = found.metadata.name.as_deref().unwrap_or_default();
    let none = ResourceQuotaSpec::default();
    let spec = found.spec.as_ref().unwrap_or(&none);
    let (hard, mut used) = (quota::hard(found), quota::used(found));
    let restricted: BTreeSet<String> = hard.keys().filter(|name| quota::counts(name, group, plural)).cloned().collect();
    if restricted.is_empty() {
        return Ok(None);
    }
    let checked = is_checked(attributes);
    if let Some(object) = object.filter(|object| checked && quota::in_scope(spec, *object)) {
        if let Some(unsaid) = quota::unsaid(&restricted, object) {
            return Err(format!("failed quota: {name}: must specify {unsaid}"));
        }
        if restricted.iter().any(|name| !used.contains_key(name)) {
            let names: Vec<&str> = restricted.iter().map(String::as_str).collect();
            return Err(format!("status unknown for quota: {name}, resources: {}", names.join(",")));
        }
    }
    let mut change = quota::change(found, group, plural, attributes.old, object);
    change.retain(|name, _| used.contains_key(name));
    if change.is_empty() {
        return Ok(None);
    }
    let before = used.clone();
    quota::add(&mut used, &change);
    let exceeded = |name: &String| change[name].sign() > 0 && used[name] > hard[name];
    let over: BTreeSet<&String> = change.keys().filter(|name| checked && exceeded(name)).collect();
    if !over.is_empty() {
        let told = |usage: &Usage| {
            quota::told(
                &usage.iter().filter(|(name, _)| over.contains(name)).map(|(name, amount)| (name.clone(), amount.clone())).collect(),
            )
        };
        return Err(format!("exceeded quota: {name}, requested: {}, used: {}, limited: {}", told(&change), told(&before), told(&hard)));
    }
    for amount in used.values_mut().filter(|amount| amount.sign() < 0) {
        *amount = Quantity::new(0, amount.format());
    }
    Ok(Some(used))
}
