//! Who controls an object: controller references, and the taking over of orphans and letting go of strays, as upstream's ControllerRefManager.

use client::Scoped;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use runtime::{Action, Cached, Index, Informer, Patch};
use serde_json::json;

/// The reference that makes `owner` the controller of an object.
pub(crate) fn controller_reference<K: api::Typed>(owner: &ObjectMeta) -> OwnerReference {
    OwnerReference {
        api_version: K::API_VERSION.to_owned(),
        kind: K::KIND.to_owned(),
        name: owner.name.clone().unwrap_or_default(),
        uid: owner.uid.clone().unwrap_or_default(),
        controller: Some(true),
        block_owner_deletion: Some(true),
    }
}

/// The owner that controls an object.
pub(crate) fn controller_of(meta: &ObjectMeta) -> Option<&OwnerReference> {
    meta.owner_references.iter().flatten().find(|owner| owner.controller == Some(true))
}

/// True where `owner` controls the object.
pub(crate) fn is_controlled_by(meta: &ObjectMeta, owner: &ObjectMeta) -> bool {
    controller_of(meta).is_some_and(|found| Some(&found.uid) == owner.uid.as_ref())
}

/// Objects by the uid of their controller, and those without one by namespace: what an owner can claim, without a walk over everything.
pub(crate) struct Claimable<K>(Index<K>);

impl<K: Cached> Claimable<K> {
    pub(crate) fn new(informer: &Informer<K>) -> Self {
        Self(informer.index("controller", |object| {
            let meta = object.meta();
            vec![controller_of(meta).map_or_else(|| orphans(meta.namespace.as_deref().unwrap_or_default()), |owner| owner.uid.clone())]
        }))
    }
    /// What `owner` controls, and the orphans of its namespace.
    pub(crate) fn by(&self, owner: &ObjectMeta) -> Vec<std::sync::Arc<K>> {
        let mut found = self.0.get(owner.uid.as_deref().unwrap_or_default());
        found.extend(self.0.get(&orphans(owner.namespace.as_deref().unwrap_or_default())));
        found
    }
    /// What the owner with this uid controls.
    pub(crate) fn controlled(&self, uid: &str) -> Vec<std::sync::Arc<K>> {
        self.0.get(uid)
    }
}

fn orphans(namespace: &str) -> String {
    format!("orphans of {namespace}")
}

/// What is to become of an object, seen from an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// Controlled, and selected.
    Keep,
    /// An orphan that is selected.
    Adopt,
    /// Controlled, but no longer selected.
    Release,
    /// None of the owner's business.
    Leave,
}

pub(crate) fn claim(owner: &ObjectMeta, object: &ObjectMeta, selected: bool) -> Claim {
    let owner_stays = owner.deletion_timestamp.is_none();
    match controller_of(object) {
        Some(controller) if Some(&controller.uid) != owner.uid.as_ref() => Claim::Leave,
        Some(_) if selected => Claim::Keep,
        Some(_) if owner_stays => Claim::Release,
        Some(_) => Claim::Leave,
        None if selected && owner_stays && object.deletion_timestamp.is_none() && object.namespace == owner.namespace => Claim::Adopt,
        None => Claim::Leave,
    }
}

/// Adds the controller reference; the uid in the patch guards against another object of the same name.
pub(crate) fn adopt<K: api::Typed + Scoped>(reference: &OwnerReference, object: &K) -> Action {
    let meta = object.metadata();
    let patch = json!({"metadata": {"uid": meta.uid, "ownerReferences": [reference]}});
    Action::patch::<K>(meta.namespace.as_deref().unwrap_or_default(), meta.name.as_deref().unwrap_or_default(), Patch::Strategic(patch))
}

/// Removes the controller reference.
pub(crate) fn release<K: api::Typed + Scoped>(owner: &ObjectMeta, object: &K) -> Action {
    let meta = object.metadata();
    let patch = json!({"metadata": {"uid": meta.uid, "ownerReferences": [{"$patch": "delete", "uid": owner.uid}]}});
    Action::patch::<K>(meta.namespace.as_deref().unwrap_or_default(), meta.name.as_deref().unwrap_or_default(), Patch::Strategic(patch))
}

/// Keys of the controllers of this kind that a pod has or had.
pub(crate) fn controllers_of_pod(pods: &runtime::Change<Pod>, api_group: &str, kind: &str) -> Vec<runtime::Key> {
    let mut keys: Vec<runtime::Key> = pods
        .both()
        .filter_map(|pod| {
            let owner = controller_of(&pod.metadata)?;
            let group = owner.api_version.split_once('/').map_or("", |(group, _)| group);
            (owner.kind == kind && group == api_group)
                .then(|| runtime::Key::new(pod.metadata.namespace.clone().unwrap_or_default(), &owner.name))
        })
        .collect();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::apps::v1::ReplicaSet;
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

    use super::*;

    fn check(owner_deleted: bool, controller: Option<&str>, selected: bool, object_deleted: bool, expected: Claim) {
        let deleted = |deleted: bool| deleted.then(|| Time("2024-01-01T00:00:00Z".parse().unwrap()));
        let owner = ObjectMeta { uid: Some("mine".into()), deletion_timestamp: deleted(owner_deleted), ..Default::default() };
        let other = ObjectMeta { uid: controller.map(str::to_owned), ..Default::default() };
        let object = ObjectMeta {
            owner_references: controller.map(|_| vec![controller_reference::<ReplicaSet>(&other)]),
            deletion_timestamp: deleted(object_deleted),
            ..Default::default()
        };
        assert_eq!(claim(&owner, &object, selected), expected);
    }

    #[test]
    fn claims() {
        check(false, Some("mine"), true, false, Claim::Keep);
        check(false, Some("mine"), false, false, Claim::Release);
        check(true, Some("mine"), false, false, Claim::Leave);
        check(true, Some("mine"), true, false, Claim::Keep);
        check(false, Some("another"), true, false, Claim::Leave);
        check(false, None, true, false, Claim::Adopt);
        check(false, None, false, false, Claim::Leave);
        check(false, None, true, true, Claim::Leave);
        check(true, None, true, false, Claim::Leave);
    }
}
