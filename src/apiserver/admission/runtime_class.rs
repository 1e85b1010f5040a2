//! RuntimeClass: a pod takes over the overhead of its runtime class and is scheduled where that runtime is.

use std::collections::BTreeMap;

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::{Pod, Toleration};
use k8s_openapi::api::node::v1::RuntimeClass;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::{Attributes, Plugin, find, pod};

pub struct RuntimeClasses;

#[async_trait]
impl Plugin for RuntimeClasses {
    fn name(&self) -> &'static str {
        "RuntimeClass"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.creates(&kinds::POD)
    }
    async fn mutate(&self, attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        let Some(pod) = pod(object) else { return Ok(()) };
        let Some(class) = class(attributes, pod)? else { return Ok(()) };
        take_over(&class, pod).map_err(|why| attributes.forbidden(why))
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        let Some(pod) = object.and_then(|object| object.downcast_ref::<Pod>()) else { return Ok(()) };
        let class = class(attributes, pod)?;
        let given = pod.spec.as_ref().and_then(|spec| spec.overhead.as_ref());
        match class.as_ref().and_then(|class| class.overhead.as_ref()) {
            Some(overhead) if !same(overhead.pod_fixed.as_ref(), given) => Err(attributes.forbidden(DIFFERS)),
            None if given.is_some() => {
                Err(attributes.forbidden("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"))
            }
            _ => Ok(()),
        }
    }
}

const DIFFERS: &str = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

fn class(attributes: &Attributes<'_>, pod: &Pod) -> Result<Option<RuntimeClass>, ApiError> {
    let Some(name) = pod.spec.as_ref().and_then(|spec| spec.runtime_class_name.as_deref()) else { return Ok(None) };
    let missing = || attributes.forbidden(format!("pod rejected: RuntimeClass {name:?} not found"));
    find(attributes.registry, &kinds::RUNTIME_CLASS, "", name)?.ok_or_else(missing).map(Some)
}

type Amounts = BTreeMap<String, Quantity>;

/// Equal as numbers, and an empty list is none.
fn same(one: Option<&Amounts>, other: Option<&Amounts>) -> bool {
    let numbers = |amounts: Option<&Amounts>| -> BTreeMap<String, Option<api::Quantity>> {
        amounts.into_iter().flatten().map(|(name, quantity)| (name.clone(), quantity.0.parse().ok())).collect()
    };
    numbers(one) == numbers(other)
}

fn take_over(class: &RuntimeClass, pod: &mut Pod) -> Result<(), String> {
    let spec = pod.spec.get_or_insert_default();
    if let Some(overhead) = &class.overhead {
        if spec.overhead.is_some() && !same(overhead.pod_fixed.as_ref(), spec.overhead.as_ref()) {
            return Err(DIFFERS.to_owned());
        }
        spec.overhead.clone_from(&overhead.pod_fixed);
    }
    let Some(scheduling) = &class.scheduling else { return Ok(()) };
    for (key, value) in scheduling.node_selector.iter().flatten() {
        let selector = spec.node_selector.get_or_insert_default();
        if let Some(own) = selector.get(key).filter(|own| *own != value) {
            return Err(format!("conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; pod.spec.nodeSelector[{key}] = {own}"));
        }
        selector.insert(key.clone(), value.clone());
    }
    for toleration in scheduling.tolerations.iter().flatten() {
        let own = spec.tolerations.get_or_insert_default();
        // the wider of two stays
        if !own.iter().any(|other| includes(other, toleration)) {
            own.retain(|other| !includes(toleration, other));
            own.push(toleration.clone());
        }
    }
    Ok(())
}

/// Does one toleration tolerate all that the other does?
fn includes(wide: &Toleration, narrow: &Toleration) -> bool {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (wide_key, narrow_key) = (text(&wide.key), text(&narrow.key));
    let exists = |toleration: &Toleration| text(&toleration.operator) == "Exists";
    if wide == narrow {
        return true;
    }
    let keys = wide_key == narrow_key || wide_key.is_empty() && exists(wide);
    let effects = text(&wide.effect).is_empty() || wide.effect == narrow.effect;
    let lasts = wide.toleration_seconds.is_none()
        || narrow.toleration_seconds.is_some_and(|narrow| wide.toleration_seconds.is_some_and(|wide| wide >= narrow));
    let values = exists(wide) || !exists(narrow) && text(&wide.value) == text(&narrow.value);
    keys && effects && lasts && values
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(class: Value, pod: Value, expected: Result<Value, &str>) {
        let class: RuntimeClass = serde_json::from_value(class).unwrap();
        let mut spec: Pod = serde_json::from_value(json!({"spec": pod})).unwrap();
        let got = take_over(&class, &mut spec);
        match expected {
            Ok(expected) => {
                got.unwrap();
                let expected: Pod = serde_json::from_value(json!({"spec": expected})).unwrap();
                assert_eq!(spec.spec, expected.spec);
            }
            Err(why) => assert_eq!(got.unwrap_err(), why),
        }
    }

    #[test]
    fn a_pod_takes_over_what_its_class_says() {
        let class = json!({"handler": "h", "overhead": {"podFixed": {"cpu": "100m"}}, "scheduling": {"nodeSelector": {"k": "v"},
            "tolerations": [{"key": "t", "operator": "Exists"}]}});
        let containers = json!([]);
        let full = json!({"containers": containers, "overhead": {"cpu": "100m"}, "nodeSelector": {"k": "v"}, "tolerations": [{"key": "t", "operator": "Exists"}]});
        check(class.clone(), json!({"containers": containers}), Ok(full.clone()));
        check(class.clone(), full.clone(), Ok(full));
        check(class.clone(), json!({"containers": containers, "overhead": {"cpu": "1"}}), Err(DIFFERS));
        check(
            class,
            json!({"containers": containers, "nodeSelector": {"k": "w"}}),
            Err("conflict: runtimeClass.scheduling.nodeSelector[k] = v; pod.spec.nodeSelector[k] = w"),
        );
    }
}
