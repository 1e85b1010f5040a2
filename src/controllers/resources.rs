//! The metadata of every stored object of a resource, whatever its kind: what the garbage collector and the end of a namespace work on. Kinds that other
//! controllers hold whole anyway are read from there; of the rest only metadata is held.

use std::sync::Arc;

use client::{Resource, Scoped};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::{
    Endpoints, Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod, ReplicationController, ResourceQuota, Service,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::{IPAddress, ServiceCIDR};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::resource::v1::ResourceClaim;
use k8s_openapi::api::storage::v1::{StorageClass, VolumeAttributesClass};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kinds::{Kind, Storage, Verb};
use runtime::{Cached, Index, Informer, Informers, Reconciler};

use crate::controller::Controller;

/// Calls a macro with the kinds that are followed as typed objects, because controllers read them anyway; of all others only the metadata is.
macro_rules! of_typed_kinds {
    ($call:ident) => {
        $call!(
            Pod,
            ReplicaSet,
            Deployment,
            StatefulSet,
            ReplicationController,
            Service,
            Endpoints,
            EndpointSlice,
            IPAddress,
            ServiceCIDR,
            Node,
            Namespace,
            PersistentVolume,
            PersistentVolumeClaim,
            ResourceClaim,
            ResourceQuota,
            PodDisruptionBudget,
            StorageClass,
            VolumeAttributesClass
        )
    };
}

/// One resource with its objects.
pub(crate) struct Source {
    pub(crate) resource: Resource,
    objects: Box<dyn Objects>,
}

/// Metadata on both sides of a change.
pub(crate) struct MetaChange<'a> {
    pub(crate) old: Option<&'a ObjectMeta>,
    pub(crate) new: Option<&'a ObjectMeta>,
}

impl MetaChange<'_> {
    pub(crate) fn latest(&self) -> &ObjectMeta {
        self.new.or(self.old).expect("a change has an object on one side")
    }
}

impl Source {
    pub(crate) fn get(&self, namespace: &str, name: &str) -> Option<ObjectMeta> {
        self.objects.get(namespace, name)
    }
    /// Objects that name this uid among their owners.
    pub(crate) fn owned_by(&self, uid: &str) -> Vec<ObjectMeta> {
        self.objects.owned_by(uid)
    }
    pub(crate) fn in_namespace(&self, namespace: &str) -> Vec<ObjectMeta> {
        self.objects.in_namespace(namespace)
    }
    /// How many objects there are in a namespace.
    pub(crate) fn count_in(&self, namespace: &str) -> usize {
        self.objects.count_in(namespace)
    }
    /// Of a resource of which only metadata is held.
    pub(crate) fn of_metadata(resource: Resource, informer: Informer<runtime::PartialObject>) -> Self {
        Self { resource, objects: Held::boxed(informer) }
    }
    /// [`Controller::on`] for changes of metadata.
    pub fn attach<R: Reconciler>(
        self: &Arc<Self>,
        controller: Controller<R>,
        keys: impl Fn(&Arc<Source>, MetaChange<'_>) -> Vec<R::Key> + Send + Sync + 'static,
    ) -> Controller<R> {
        let source = self.clone();
        let keys: Keys<R> = Box::new(move |change| keys(&source, change));
        Attach { controller, keys }.to(&*self.objects)
    }
}

type Keys<R> = Box<dyn Fn(MetaChange<'_>) -> Vec<<R as Reconciler>::Key> + Send + Sync>;

struct Attach<R: Reconciler> {
    controller: Controller<R>,
    keys: Keys<R>,
}

impl<R: Reconciler> Attach<R> {
    fn to(self, objects: &dyn Objects) -> Controller<R> {
        let any = objects.informer();
        let mut this = Some(self);
        macro_rules! try_types {
            ($($kind:ty),*) => {$(
                if let Some(informer) = any.downcast_ref::<Informer<$kind>>() {
                    if let Some(this) = this.take() {
                        return this.typed(informer);
                    }
                }
            )*};
        }
        try_types!(runtime::PartialObject);
        of_typed_kinds!(try_types);
        this.take().expect("every source is of one of these types").controller
    }
    fn typed<K: Cached>(self, informer: &Informer<K>) -> Controller<R> {
        let keys = self.keys;
        self.controller.on(informer, move |change| {
            keys(MetaChange { old: change.old.as_ref().map(|object| object.meta()), new: change.new.as_ref().map(|object| object.meta()) })
        })
    }
}

trait Objects: Send + Sync {
    fn get(&self, namespace: &str, name: &str) -> Option<ObjectMeta>;
    fn owned_by(&self, uid: &str) -> Vec<ObjectMeta>;
    fn in_namespace(&self, namespace: &str) -> Vec<ObjectMeta>;
    fn count_in(&self, namespace: &str) -> usize;
    fn informer(&self) -> &dyn std::any::Any;
}

struct Held<K> {
    informer: Informer<K>,
    by_owner: Index<K>,
}

impl<K: Cached> Held<K> {
    fn boxed(informer: Informer<K>) -> Box<dyn Objects> {
        let by_owner =
            informer.index("owners", |object| object.meta().owner_references.iter().flatten().map(|owner| owner.uid.clone()).collect());
        Box::new(Self { informer, by_owner })
    }
}

impl<K: Cached> Objects for Held<K> {
    fn get(&self, namespace: &str, name: &str) -> Option<ObjectMeta> {
        Some(self.informer.get(namespace, name)?.meta().clone())
    }
    fn owned_by(&self, uid: &str) -> Vec<ObjectMeta> {
        self.by_owner.get(uid).iter().map(|object| object.meta().clone()).collect()
    }
    fn in_namespace(&self, namespace: &str) -> Vec<ObjectMeta> {
        self.informer.in_namespace(namespace).iter().map(|object| object.meta().clone()).collect()
    }
    fn count_in(&self, namespace: &str) -> usize {
        self.informer.in_namespace(namespace).len()
    }
    fn informer(&self) -> &dyn std::any::Any {
        &self.informer
    }
}

/// All resources whose objects are stored and can be deleted, each at the version that is stored; without Events, which own nothing and live an hour.
pub fn all(informers: &Informers) -> Vec<Arc<Source>> {
    stored().map(|kind| Arc::new(source(informers, resource(kind)))).collect()
}

fn stored() -> impl Iterator<Item = &'static Kind> {
    let needed = [Verb::List, Verb::Watch, Verb::Delete];
    kinds::ALL.iter().copied().filter(move |kind| {
        kind.storage == Storage::Stored
            && kind.conversion.is_none()
            && kind.kind != "Event"
            && needed.iter().all(|verb| kind.verbs.contains(verb))
    })
}

pub(crate) fn resource(kind: &'static Kind) -> Resource {
    Resource {
        group: kind.group.clone(),
        version: kind.version.clone(),
        kind: kind.kind.clone(),
        plural: kind.plural.clone(),
        namespaced: kind.namespaced,
    }
}

fn source(informers: &Informers, resource: Resource) -> Source {
    macro_rules! typed {
        ($($kind:ty),*) => {$(
            if resource == Resource::of::<$kind>() {
                return Source { resource, objects: held::<$kind>(informers) };
            }
        )*};
    }
    of_typed_kinds!(typed);
    let informer = informers.metadata(&resource);
    Source::of_metadata(resource, informer)
}

fn held<K: api::Typed + Scoped>(informers: &Informers) -> Box<dyn Objects> {
    Held::boxed(informers.of::<K>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_resource_is_there_once_at_one_version() {
        let mut found: Vec<(&str, &str)> = stored().map(|kind| (&*kind.group, &*kind.plural)).collect();
        let all = found.len();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), all);
        for needed in
            [("", "pods"), ("apps", "replicasets"), ("autoscaling", "horizontalpodautoscalers"), ("", "namespaces"), ("batch", "jobs")]
        {
            assert!(found.contains(&needed), "{needed:?}");
        }
        assert!(!found.iter().any(|(_, plural)| *plural == "events" || *plural == "bindings"));
    }
}
