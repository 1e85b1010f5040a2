//! Priority: turns the name of a priority class into the number that the scheduler and the kubelet read, and keeps the default class the only one.

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::scheduling::v1::PriorityClass;

use super::{Attributes, Operation, Plugin, find, list};

pub struct Priority;

#[async_trait]
impl Plugin for Priority {
    fn name(&self) -> &'static str {
        "Priority"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.writes(&kinds::POD) || attributes.writes(&kinds::PRIORITY_CLASS)
    }
    async fn mutate(&self, attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        object.and_then(|object| object.downcast_mut::<Pod>()).map_or(Ok(()), |pod| number(attributes, pod))
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        object.and_then(|object| object.downcast_ref::<PriorityClass>()).map_or(Ok(()), |class| only_default(attributes, class))
    }
}

fn number(attributes: &Attributes<'_>, pod: &mut Pod) -> Result<(), ApiError> {
    let Some(spec) = pod.spec.as_mut() else { return Ok(()) };
    if attributes.operation == Operation::Update {
        // an update that leaves the numbers out means those that are there
        let before = attributes.old_as::<Pod>().and_then(|pod| pod.spec.as_ref());
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
            Some(class_of(attributes, name)?.ok_or_else(|| attributes.forbidden(format!("no PriorityClass with name {name} was found")))?)
        }
        None => default_class(attributes)?,
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

fn class_of(attributes: &Attributes<'_>, name: &str) -> Result<Option<PriorityClass>, ApiError> {
    find(attributes.registry, &kinds::PRIORITY_CLASS, "", name)
}

/// Of several defaults the one with the lowest value counts.
fn default_class(attributes: &Attributes<'_>) -> Result<Option<PriorityClass>, ApiError> {
    let classes: Vec<PriorityClass> = list(attributes.registry, &kinds::PRIORITY_CLASS, "")?;
    Ok(classes.into_iter().filter(|class| class.global_default == Some(true)).min_by_key(|class| class.value))
}

fn only_default(attributes: &Attributes<'_>, class: &PriorityClass) -> Result<(), ApiError> {
    if class.global_default != Some(true) {
        return Ok(());
    }
    match default_class(attributes)?.filter(|other| other.metadata.name != class.metadata.name) {
        Some(other) => {
            let name = other.metadata.name.unwrap_or_default();
            Err(attributes.forbidden(format!("PriorityClass {name} is already marked as default. Only one default can exist")))
        }
        None => Ok(()),
    }
}
