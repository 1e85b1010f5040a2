//! Pods for tests, from a line of YAML.

use k8s_openapi::api::core::v1::{Pod, PodSpec};
use serde_json::Value;

/// Pod `p` in namespace `default` with the spec.
pub fn pod(spec: &str) -> Pod {
    let mut tree: Value = serde_yaml::from_str(spec).unwrap();
    quantities_as_text(&mut tree);
    tree.as_object_mut().unwrap().entry("containers").or_insert_with(|| Value::Array(Vec::new()));
    let spec: PodSpec = serde_json::from_value(tree).unwrap();
    let mut pod = Pod { spec: Some(spec), ..Default::default() };
    pod.metadata.name = Some("p".into());
    pod.metadata.namespace = Some("default".into());
    pod.metadata.uid = Some("uid-1".into());
    pod
}

/// `cpu: 1` as `cpu: "1"`.
fn quantities_as_text(tree: &mut Value) {
    match tree {
        Value::Array(items) => items.iter_mut().for_each(quantities_as_text),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::Number(number) if key == "cpu" || key == "memory" => *value = Value::String(number.to_string()),
                    other => quantities_as_text(other),
                }
            }
        }
        _ => {}
    }
}
