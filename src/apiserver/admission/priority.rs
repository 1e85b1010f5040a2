//! Priority: turns the name of a priority class into the number that the scheduler and the kubelet read, and keeps the default class the only one.

use api::{ApiError, Object};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::scheduling::v1::PriorityClass;

use super::{Attributes, Operation};
use crate::registry::Registry;

pub fn admit(registry: &Registry, attributes: &Attributes<'_>, object: &mut dyn Object, old: Option<&dyn Object>) -> Result<(), ApiError> {
    if attributes.is(&kinds::PRIORITY_CLASS) && attributes.operation != Operation::Delete {
        return only_default(registry, attributes, object);
    }
    if !attributes.is(&kinds::POD) {
        return Ok(());
    }
    let Some(spec) = object.downcast_mut::<Pod>().and_then(|pod| pod.spec.as_mut()) else { return Ok(()) };
    if attributes.operation == Operation::Update {
        // an update that leaves the numbers out means those that are there
        let before = old.and_then(|old| old.downcast_ref::<Pod>()).and_then(|pod| pod.spec.as_ref());
        if let Some(before) = before {
            spec.priority = spec.priority.or(before.priority);
            if spec.preemption_policy.is_none() {
                spec.preemption_policy.clone_from(&before.preemption_policy);
            }
        }
        return Ok(());
    }
    let class = match spec.priority_class_name.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => {
            Some(find(registry, name)?.ok_or_else(|| attributes.forbidden(format!("no PriorityClass with name {name} was found")))?)
        }
        None => default_class(registry)?,
    };
    let (value, policy) = class.as_ref().map_or((0, None), |class| (class.value.unwrap_or_default(), class.preemption_policy.clone()));
    let policy = policy.unwrap_or_else(|| "PreemptLowerPriority".to_owned());
    if let Some(class) = &class {
        spec.priority_class_name.clone_from(&class.metadata.name);
    }
    if let Some(given) = spec.priority.filter(|given| *given != value) {
        return Err(attributes.forbidden(format!(
            "the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {value} from the given PriorityClass name"
        )));
    }
    if let Some(given) = spec.preemption_policy.as_ref().filter(|given| **given != policy) {
        return Err(attributes.forbidden(format!(
            "the string value of PreemptionPolicy ({given}) must not be provided in pod spec; priority admission controller computed {policy} from the given PriorityClass name"
        )));
    }
    spec.priority = Some(value);
    spec.preemption_policy = Some(policy);
    Ok(())
}

fn all(registry: &Registry) -> Result<Vec<PriorityClass>, ApiError> {
    let (items, _) = registry.of(&kinds::PRIORITY_CLASS).resource.list("", || 0);
    let mut classes = Vec::with_capacity(items.len());
    for item in items {
        let object = item.object(&kinds::PRIORITY_CLASS).map_err(ApiError::internal)?;
        classes.extend(object.downcast_ref::<PriorityClass>().cloned());
    }
    Ok(classes)
}

fn find(registry: &Registry, name: &str) -> Result<Option<PriorityClass>, ApiError> {
    let Ok(item) = registry.get(registry.of(&kinds::PRIORITY_CLASS), "", name) else { return Ok(None) };
    Ok(item.object(&kinds::PRIORITY_CLASS).map_err(ApiError::internal)?.downcast_ref::<PriorityClass>().cloned())
}

/// Of several defaults the one with the lowest value counts.
fn default_class(registry: &Registry) -> Result<Option<PriorityClass>, ApiError> {
    Ok(all(registry)?.into_iter().filter(|class| class.global_default == Some(true)).min_by_key(|class| class.value))
}

fn only_default(registry: &Registry, attributes: &Attributes<'_>, object: &dyn Object) -> Result<(), ApiError> {
    let Some(class) = object.downcast_ref::<PriorityClass>().filter(|class| class.global_default == Some(true)) else { return Ok(()) };
    match default_class(registry)?.filter(|other| other.metadata.name != class.metadata.name) {
        Some(other) => {
            let name = other.metadata.name.unwrap_or_default();
            Err(attributes.forbidden(format!("PriorityClass {name} is already marked as default. Only one default can exist")))
        }
        None => Ok(()),
    }
}
