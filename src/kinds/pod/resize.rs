//! The `resize` subresource: cpu and memory of running containers, and nothing else.

use std::collections::BTreeMap;

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::{Container, Pod, PodSpec, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::{qos, spec};
use crate::rules::text;

type List = Option<BTreeMap<String, Quantity>>;

/// Takes resources and resize policies of the containers from the change, all else from what is there.
pub fn prepare_resize(pod: &mut Pod, old: &Pod) {
    let new = pod.spec.take().unwrap_or_default();
    pod.spec.clone_from(&old.spec);
    pod.status.clone_from(&old.status);
    let kept = pod.spec.get_or_insert_default();
    let take = |kept: &mut Vec<Container>, new: Vec<Container>| {
        for container in new {
            if let Some(place) = kept.iter_mut().find(|place| place.name == container.name) {
                place.resources = container.resources;
                place.resize_policy = container.resize_policy;
            }
        }
    };
    take(&mut kept.containers, new.containers);
    take(kept.init_containers.get_or_insert_default(), new.init_containers.unwrap_or_default());
    kept.init_containers.take_if(|list| list.is_empty());
}

/// The faults of a resize.
pub fn validate_resize(pod: &Pod, old: &Pod) -> ErrorList {
    let nothing = Path::default();
    let (new, before) = (pod.spec.clone().unwrap_or_default(), old.spec.clone().unwrap_or_default());
    if old.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key("kubernetes.io/config.mirror")) {
        return vec![FieldError::forbidden(&nothing, "static pods cannot be resized")];
    }
    if before.os.as_ref().is_some_and(|os| os.name == spec::WINDOWS) {
        return vec![FieldError::forbidden(&nothing, "windows pods cannot be resized")];
    }
    let mut errors = spec::pod(pod);
    let path = Path::new("spec");
    if qos::class(old) != qos::class_of_spec(pod) {
        errors.push(FieldError::invalid(&path, qos::class_of_spec(pod), "Pod QOS Class may not change as a result of resizing"));
    }
    let init = (new.init_containers.clone().unwrap_or_default(), before.init_containers.clone().unwrap_or_default());
    for (field, new, old) in [("initContainers", &init.0, &init.1), ("containers", &new.containers, &before.containers)] {
        for (index, (new, old)) in new.iter().zip(old).enumerate() {
            if field == "containers" || text(&old.restart_policy) == "Always" {
                errors.extend(of_container(new, old, &path.child(field).index(index).child("resources")));
            }
        }
    }
    errors.extend(nothing_else(new, &before, &path));
    errors
}

fn of_container(new: &Container, old: &Container, path: &Path) -> ErrorList {
    let empty = ResourceRequirements::default();
    let (mine, theirs) = (new.resources.as_ref().unwrap_or(&empty), old.resources.as_ref().unwrap_or(&empty));
    let mut errors = ErrorList::new();
    let removed = |new: &List, old: &List| old.iter().flatten().any(|(name, _)| new.as_ref().is_none_or(|new| !new.contains_key(name)));
    if removed(&mine.requests, &theirs.requests) {
        errors.push(FieldError::forbidden(&path.child("requests"), "resource requests cannot be removed"));
    }
    if removed(&mine.limits, &theirs.limits) {
        errors.push(FieldError::forbidden(&path.child("limits"), "resource limits cannot be removed"));
    }
    errors
}

fn nothing_else(mut new: PodSpec, before: &PodSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let restore = |container: &mut Container, old: &Container| {
        let mut resources = container.resources.clone().unwrap_or_default();
        let theirs = old.resources.clone().unwrap_or_default();
        keep_others(&mut resources.requests, &theirs.requests);
        keep_others(&mut resources.limits, &theirs.limits);
        container.resources = Some(resources);
        container.resize_policy.clone_from(&old.resize_policy);
    };
    for (container, old) in new.containers.iter_mut().zip(&before.containers) {
        restore(container, old);
        if container != old {
            errors.push(FieldError::forbidden(path, "only cpu and memory resources are mutable"));
        }
    }
    for (container, old) in new.init_containers.iter_mut().flatten().zip(before.init_containers.iter().flatten()) {
        let sidecar = text(&old.restart_policy) == "Always";
        if sidecar {
            restore(container, old);
        }
        if container != old {
            let detail = if sidecar {
                "only cpu and memory resources for sidecar containers are mutable"
            } else {
                "resources for non-sidecar init containers are immutable"
            };
            errors.push(FieldError::forbidden(path, detail));
        }
    }
    if errors.is_empty() && new != *before {
        errors.push(FieldError::forbidden(path, "only cpu and memory resources are mutable"));
    }
    errors
}

/// Puts cpu and memory back to what they were, so that only changes of other resources remain.
fn keep_others(new: &mut List, old: &List) {
    let resizable = |name: &str| matches!(name, "cpu" | "memory");
    let mut list = new.take().unwrap_or_default();
    list.retain(|name, _| !resizable(name));
    list.extend(old.clone().unwrap_or_default().into_iter().filter(|(name, _)| resizable(name)));
    *new = if list.is_empty() && old.is_none() { None } else { Some(list) };
}
