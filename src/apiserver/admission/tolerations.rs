//! DefaultTolerationSeconds and ExtendedResourceToleration: tolerations that pods get without asking.

use std::collections::BTreeSet;

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::{PodSpec, Toleration};

use super::{Attributes, Plugin, pod};

const SECONDS: i64 = 300;
const TAINTS: &[&str] = &["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
const NO_EXECUTE: &str = "NoExecute";

/// A plugin that adds tolerations to a pod.
pub struct Tolerations {
    name: &'static str,
    tolerate: fn(&mut PodSpec),
}

impl Tolerations {
    pub const DEFAULT_SECONDS: Self = Self { name: "DefaultTolerationSeconds", tolerate: tolerate_unreachable_nodes };
    pub const EXTENDED_RESOURCES: Self = Self { name: "ExtendedResourceToleration", tolerate: tolerate_extended_resources };
}

#[async_trait]
impl Plugin for Tolerations {
    fn name(&self) -> &'static str {
        self.name
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.writes(&kinds::POD)
    }
    async fn mutate(&self, _attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        pod(object).and_then(|pod| pod.spec.as_mut()).into_iter().for_each(self.tolerate);
        Ok(())
    }
}

/// A pod stays for five minutes on a node that is not ready or can not be reached, unless it says otherwise.
fn tolerate_unreachable_nodes(spec: &mut PodSpec) {
    for taint in TAINTS {
        let tolerations = spec.tolerations.get_or_insert_default();
        if tolerations.iter().any(|toleration| covers(toleration, taint)) {
            continue;
        }
        tolerations.push(Toleration {
            key: Some((*taint).to_owned()),
            operator: Some("Exists".to_owned()),
            effect: Some(NO_EXECUTE.to_owned()),
            toleration_seconds: Some(SECONDS),
            value: None,
        });
    }
}

fn covers(toleration: &Toleration, taint: &str) -> bool {
    let empty_or = |text: Option<&String>, wanted: &str| text.is_none_or(|text| text.is_empty() || text == wanted);
    empty_or(toleration.key.as_ref(), taint) && empty_or(toleration.effect.as_ref(), NO_EXECUTE)
}

/// A pod that asks for an extended resource tolerates the taint that keeps others off its nodes.
fn tolerate_extended_resources(spec: &mut PodSpec) {
    let containers = spec.init_containers.iter().flatten().chain(&spec.containers);
    let requests = containers.flat_map(|container| container.resources.iter().flat_map(|resources| resources.requests.iter().flatten()));
    let wanted: BTreeSet<String> = requests.map(|(name, _)| name.clone()).filter(|name| kinds::pod::is_extended_resource(name)).collect();
    for key in wanted {
        let tolerations = spec.tolerations.get_or_insert_default();
        let toleration =
            Toleration { key: Some(key), operator: Some("Exists".to_owned()), effect: Some("NoSchedule".to_owned()), ..Default::default() };
        if !tolerations.contains(&toleration) {
            tolerations.push(toleration);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(requests: Value, expected: &[&str]) {
        let mut spec: PodSpec =
            serde_json::from_value(json!({"containers": [{"name": "c", "resources": {"requests": requests}}]})).unwrap();
        tolerate_extended_resources(&mut spec);
        tolerate_extended_resources(&mut spec);
        let keys: Vec<String> = spec.tolerations.iter().flatten().filter_map(|toleration| toleration.key.clone()).collect();
        assert_eq!(keys, expected);
    }

    #[test]
    fn extended_resources_are_tolerated_once() {
        check(
            json!({"cpu": "1", "example.com/gpu": "2", "example.com/a": "1", "hugepages-2Mi": "2Mi"}),
            &["example.com/a", "example.com/gpu"],
        );
        check(json!({"cpu": "1", "kubernetes.io/x": "1"}), &[]);
    }
}
