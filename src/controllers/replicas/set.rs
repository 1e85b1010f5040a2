//! ReplicaSet and ReplicationController as one: the same fields under two kinds.

use std::sync::Arc;

use api::labels::Selector;
use k8s_openapi::api::apps::v1::{ReplicaSet, ReplicaSetCondition, ReplicaSetStatus};
use k8s_openapi::api::core::v1::{
    ObjectReference, PodTemplateSpec, ReplicationController, ReplicationControllerCondition, ReplicationControllerStatus,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use runtime::Action;

use crate::ownership::controller_reference;

/// The object behind a [`Set`].
#[derive(Clone, Debug)]
pub(super) enum Object {
    ReplicaSet(Arc<ReplicaSet>),
    ReplicationController(Arc<ReplicationController>),
}

/// So many pods of one template.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) object: Object,
    pub(super) selector: Selector,
    pub(super) replicas: i32,
    pub(super) min_ready_seconds: i32,
    pub(super) template: PodTemplateSpec,
    pub(super) status: ReplicaSetStatus,
}

impl Set {
    /// `None` where the selector is invalid or there is no template: nothing can be done for it.
    pub(super) fn of_replica_set(object: Arc<ReplicaSet>) -> Option<Self> {
        let spec = &object.spec;
        Some(Self {
            selector: Selector::from_label_selector(Some(&spec.selector)).ok()?,
            replicas: spec.replicas.unwrap_or(1),
            min_ready_seconds: spec.min_ready_seconds.unwrap_or_default(),
            template: spec.template.clone().unwrap_or_default(),
            status: object.status.clone().unwrap_or_default(),
            object: Object::ReplicaSet(object),
        })
    }
    pub(super) fn of_replication_controller(object: Arc<ReplicationController>) -> Option<Self> {
        let spec = object.spec.as_ref()?;
        let status = object.status.clone().unwrap_or_default();
        let condition = |condition: ReplicationControllerCondition| ReplicaSetCondition {
            last_transition_time: condition.last_transition_time,
            message: condition.message,
            reason: condition.reason,
            status: Some(condition.status),
            type_: Some(condition.type_),
        };
        Some(Self {
            selector: spec.selector.as_ref().map_or_else(Selector::nothing, Selector::from_set),
            replicas: spec.replicas.unwrap_or(1),
            min_ready_seconds: spec.min_ready_seconds.unwrap_or_default(),
            template: spec.template.clone()?,
            status: ReplicaSetStatus {
                available_replicas: status.available_replicas,
                conditions: status.conditions.map(|conditions| conditions.into_iter().map(condition).collect()),
                fully_labeled_replicas: status.fully_labeled_replicas,
                observed_generation: status.observed_generation,
                ready_replicas: status.ready_replicas,
                replicas: status.replicas,
                terminating_replicas: None,
            },
            object: Object::ReplicationController(object),
        })
    }
    pub(super) fn meta(&self) -> &ObjectMeta {
        match &self.object {
            Object::ReplicaSet(object) => &object.metadata,
            Object::ReplicationController(object) => &object.metadata,
        }
    }
    /// What makes it the controller of a pod.
    pub(super) fn controller_reference(&self) -> OwnerReference {
        match &self.object {
            Object::ReplicaSet(object) => controller_reference::<ReplicaSet>(&object.metadata),
            Object::ReplicationController(object) => controller_reference::<ReplicationController>(&object.metadata),
        }
    }
    /// For its Events.
    pub(super) fn reference(&self) -> ObjectReference {
        match &self.object {
            Object::ReplicaSet(object) => runtime::reference(&**object),
            Object::ReplicationController(object) => runtime::reference(&**object),
        }
    }
    pub(super) fn is_replica_set(&self) -> bool {
        matches!(self.object, Object::ReplicaSet(_))
    }
    /// Writes the status.
    pub(super) fn update_status(&self, status: ReplicaSetStatus) -> Action {
        match &self.object {
            Object::ReplicaSet(object) => Action::update_status(ReplicaSet { status: Some(status), ..(**object).clone() }),
            Object::ReplicationController(object) => {
                let condition = |condition: ReplicaSetCondition| ReplicationControllerCondition {
                    last_transition_time: condition.last_transition_time,
                    message: condition.message,
                    reason: condition.reason,
                    status: condition.status.unwrap_or_default(),
                    type_: condition.type_.unwrap_or_default(),
                };
                let status = ReplicationControllerStatus {
                    available_replicas: status.available_replicas,
                    conditions: status.conditions.map(|conditions| conditions.into_iter().map(condition).collect()),
                    fully_labeled_replicas: status.fully_labeled_replicas,
                    observed_generation: status.observed_generation,
                    ready_replicas: status.ready_replicas,
                    replicas: status.replicas,
                };
                Action::update_status(ReplicationController { status: Some(status), ..(**object).clone() })
            }
        }
    }
}
