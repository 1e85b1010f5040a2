//! ExtendedResourceToleration: a pod that asks for an extended resource tolerates the taint that keeps others off its nodes.

use std::collections::BTreeSet;

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::{PodSpec, Toleration};

use super::{Attributes, Plugin, pod};

pub struct ExtendedResourceToleration;

#[async_trait]
impl Plugin for ExtendedResourceToleration {
    fn name(&self) -> &'static str {
        "ExtendedResourceToleration"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.writes(&kinds::POD)
    }
    async fn mutate(&self, _attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        pod(object).and_then(|pod| pod.spec.as_mut()).into_iter().for_each(tolerate);
        Ok(())
    }
}

fn tolerate(spec: &mut PodSpec) {
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
        tolerate(&mut spec);
        tolerate(&mut spec);
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
