//! Claims, volumes and classes of attributes that are in use: each carries a finalizer, which comes off a deleted one when nobody uses it any more. One reconciler for the
//! three of them; what use is, is a function of the caches.

use std::sync::Arc;

use client::Scoped;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim, Pod};
use k8s_openapi::api::storage::v1::VolumeAttributesClass;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use runtime::{Action, Change, Index, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;
use crate::pods;

const CLAIM: &str = "kubernetes.io/pvc-protection";
const VOLUME: &str = "kubernetes.io/pv-protection";
const CLASS: &str = "kubernetes.io/vac-protection";

struct Protection<K> {
    name: &'static str,
    finalizer: &'static str,
    objects: Informer<K>,
    is_used: Box<dyn Fn(&K) -> bool + Send + Sync>,
}

#[derive(Debug)]
struct Snapshot<K> {
    object: Arc<K>,
    used: bool,
}

/// | change | keys |
/// |---|---|
/// | PersistentVolumeClaim | itself |
/// | Pod | the claims of its volumes |
pub(crate) async fn run_claims(house: House) {
    let (claims, pods) = (house.informers.of::<PersistentVolumeClaim>(), house.informers.of::<Pod>());
    let users: Index<Pod> = pods.index("claims", |pod| claims_of(pod).iter().map(ToString::to_string).collect());
    let name = "pvc-protection-controller";
    let is_used = move |claim: &PersistentVolumeClaim| {
        // what has no node yet gets none with a claim that is to go
        users.get(&Key::of(&claim.metadata).to_string()).iter().any(|pod| pods::node(pod).is_some())
    };
    let reconciler = Protection { name, finalizer: CLAIM, objects: claims.clone(), is_used: Box::new(is_used) };
    Controller::new(house, name, 2, reconciler)
        .on(&claims, |change| change.new.iter().map(|claim| Key::of(&claim.metadata)).collect())
        .on(&pods, |change| claims_of(change.latest()))
        .run()
        .await;
}

/// | change | keys |
/// |---|---|
/// | PersistentVolume | itself |
pub(crate) async fn run_volumes(house: House) {
    let volumes = house.informers.of::<PersistentVolume>();
    let name = "pv-protection-controller";
    let is_used = |volume: &PersistentVolume| volume.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Bound");
    let reconciler = Protection { name, finalizer: VOLUME, objects: volumes.clone(), is_used: Box::new(is_used) };
    Controller::new(house, name, 1, reconciler)
        .on(&volumes, |change| change.new.iter().map(|volume| Key::of(&volume.metadata)).collect())
        .run()
        .await;
}

/// | change | keys |
/// |---|---|
/// | VolumeAttributesClass | itself |
/// | PersistentVolume, PersistentVolumeClaim | the classes that it names, or named |
pub(crate) async fn run_classes(house: House) {
    let classes = house.informers.of::<VolumeAttributesClass>();
    let (volumes, claims) = (house.informers.of::<PersistentVolume>(), house.informers.of::<PersistentVolumeClaim>());
    let of_volumes: Index<PersistentVolume> = volumes.index("attributes", classes_of_volume);
    let of_claims: Index<PersistentVolumeClaim> = claims.index("attributes", classes_of_claim);
    let name = "volumeattributesclass-protection-controller";
    let is_used = move |class: &VolumeAttributesClass| {
        let name = class.metadata.name.as_deref().unwrap_or_default();
        !of_volumes.get(name).is_empty() || !of_claims.get(name).is_empty()
    };
    let reconciler = Protection { name, finalizer: CLASS, objects: classes.clone(), is_used: Box::new(is_used) };
    Controller::new(house, name, 1, reconciler)
        .on(&classes, |change| change.new.iter().map(|class| Key::of(&class.metadata)).collect())
        .on(&volumes, |change| named(change, classes_of_volume))
        .on(&claims, |change| named(change, classes_of_claim))
        .run()
        .await;
}

fn named<K>(change: &Change<K>, names: fn(&K) -> Vec<String>) -> Vec<Key> {
    change.old.iter().chain(&change.new).flat_map(|object| names(object)).map(|name| Key::new("", name)).collect()
}

/// The claims that the volumes of a pod are of; an ephemeral volume has one of its own, until its pod has ended.
fn claims_of(pod: &Pod) -> Vec<Key> {
    let meta = &pod.metadata;
    let (namespace, pod_name) = (meta.namespace.as_deref().unwrap_or_default(), meta.name.as_deref().unwrap_or_default());
    let shut_down = meta.deletion_timestamp.is_some() && meta.deletion_grace_period_seconds == Some(0);
    let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
    let names = volumes.filter_map(|volume| match (&volume.persistent_volume_claim, &volume.ephemeral) {
        (Some(claim), _) => Some(claim.claim_name.clone()),
        (None, Some(_)) if !shut_down => Some(format!("{pod_name}-{}", volume.name)),
        _ => None,
    });
    names.map(|name| Key::new(namespace, name)).collect()
}

fn classes_of_volume(volume: &PersistentVolume) -> Vec<String> {
    volume.spec.iter().filter_map(|spec| spec.volume_attributes_class_name.clone()).collect()
}

fn classes_of_claim(claim: &PersistentVolumeClaim) -> Vec<String> {
    let wanted = claim.spec.iter().filter_map(|spec| spec.volume_attributes_class_name.clone());
    let current = claim.status.iter().filter_map(|status| status.current_volume_attributes_class_name.clone());
    wanted.chain(current).collect()
}

impl<K: api::Typed + Scoped + Clone> Reconciler for Protection<K> {
    type Key = Key;
    type Snapshot = Snapshot<K>;

    fn name(&self) -> &'static str {
        self.name
    }
    fn observe(&self, key: &Key) -> Option<Snapshot<K>> {
        let object = self.objects.get(&key.namespace, &key.name)?;
        Some(Snapshot { used: (self.is_used)(&object), object })
    }
    fn plan(&self, snapshot: &Snapshot<K>, _now: Timestamp) -> Plan {
        let Some(finalizers) = finalizers(snapshot.object.metadata(), self.finalizer, snapshot.used) else { return Plan::default() };
        let mut object = (*snapshot.object).clone();
        object.metadata_mut().finalizers = Some(finalizers);
        Plan { actions: vec![Action::update(object)], requeue_at: None }
    }
}

/// The finalizers that an object is to have; none where it has them.
fn finalizers(meta: &ObjectMeta, finalizer: &str, used: bool) -> Option<Vec<String>> {
    let mut all = meta.finalizers.clone().unwrap_or_default();
    let there = all.iter().any(|own| own == finalizer);
    match (meta.deletion_timestamp.is_some(), there) {
        (false, false) => all.push(finalizer.to_owned()),
        (true, true) if !used => all.retain(|own| own != finalizer),
        _ => return None,
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(meta: Value, used: bool, expected: Option<&[&str]>) {
        let meta: ObjectMeta = serde_json::from_value(meta).unwrap();
        let expected = expected.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(finalizers(&meta, CLAIM, used), expected, "{meta:?}");
    }

    #[test]
    fn what_is_used_stays() {
        let marked = "2026-01-01T00:00:00Z";
        check(json!({}), false, Some(&[CLAIM]));
        check(json!({"finalizers": [CLAIM]}), false, None);
        check(json!({"finalizers": [CLAIM, "a/b"], "deletionTimestamp": marked}), true, None);
        check(json!({"finalizers": [CLAIM, "a/b"], "deletionTimestamp": marked}), false, Some(&["a/b"]));
        check(json!({"deletionTimestamp": marked}), false, None);
    }

    #[test]
    fn a_pod_uses_the_claims_of_its_volumes() {
        let mut value = json!({"metadata": {"name": "p", "namespace": "n"}, "spec": {"containers": [], "volumes": [
            {"name": "a", "persistentVolumeClaim": {"claimName": "c"}}, {"name": "b", "ephemeral": {}}, {"name": "d", "emptyDir": {}},
        ]}});
        let names = |value: &Value| {
            let pod: Pod = serde_json::from_value(value.clone()).unwrap();
            claims_of(&pod).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(names(&value), ["n/c", "n/p-b"]);
        value["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        value["metadata"]["deletionGracePeriodSeconds"] = json!(0);
        assert_eq!(names(&value), ["n/c"]);
    }
}
