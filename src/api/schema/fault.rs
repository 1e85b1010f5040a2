//! Which field of a document has a value of the wrong type, in the words of Go's decoder, which users of Kubernetes know: `json: cannot unmarshal string into Go struct field
//! ContainerPort.spec.containers.ports.containerPort of type int32`. Asked only after decoding has failed: the decoder itself keeps no track of where it is.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::{built_in_types, type_name};
use crate::gvk::Gvk;

pub(super) type Fields = HashMap<&'static str, &'static str>;

/// What the fields of every built-in type hold.
pub(super) static TYPES: LazyLock<HashMap<&'static str, Fields>> =
    LazyLock::new(|| built_in_types().map(|(name, fields)| (name, fields.into_iter().collect())).collect());

/// The first value, in the order of keys, that its field can not hold. `None` where none is found, or the kind is not built in.
pub fn type_fault(gvk: &Gvk, document: &Value) -> Option<String> {
    walk(&type_name(gvk)?, document, "")
}

fn walk(type_name: &str, value: &Value, path: &str) -> Option<String> {
    let fields = TYPES.get(type_name)?;
    value.as_object()?.iter().find_map(|(name, value)| {
        let holds = fields.get(name.as_str())?;
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        check(holds, value, &path).map(|fault| match fault {
            Fault::Here(found, wanted) => {
                let (_, structure) = type_name.rsplit_once('.').unwrap_or(("", type_name));
                format!("json: cannot unmarshal {found} into Go struct field {structure}.{path} of type {wanted}")
            }
            Fault::Below(text) => text,
        })
    })
}

enum Fault {
    /// What was found, and what the field holds.
    Here(String, String),
    Below(String),
}

fn check(holds: &str, value: &Value, path: &str) -> Option<Fault> {
    if value.is_null() {
        return None;
    }
    let here = |value: &Value| Some(Fault::Here(go_value(value, holds), go_type(holds)));
    if let Some(items) = holds.strip_prefix("[]") {
        return match value {
            Value::Array(values) => values.iter().find_map(|value| check(items, value, path)),
            other => here(other),
        };
    }
    if let Some(values) = holds.strip_prefix("{}") {
        return match value {
            Value::Object(map) => map.values().find_map(|value| check(values, value, path)),
            other => here(other),
        };
    }
    let fits = match holds {
        "d" => true,
        "s" => value.is_string(),
        "b" => value.is_boolean(),
        "i" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "l" => value.as_i64().is_some(),
        "n" => value.is_number(),
        // times, quantities and numbers with a unit have decoders, and words, of their own
        "u" => true,
        "m" => value.is_object(),
        name => {
            if value.is_object() {
                return walk(name, value, path).map(Fault::Below);
            }
            false
        }
    };
    if fits { None } else { here(value) }
}

/// `v1.PodSpec`, `[]v1.Container`, `map[string]string`.
fn go_type(holds: &str) -> String {
    if let Some(items) = holds.strip_prefix("[]") {
        return format!("[]{}", go_type(items));
    }
    if let Some(values) = holds.strip_prefix("{}") {
        return format!("map[string]{}", go_type(values));
    }
    match holds {
        "s" => "string".to_owned(),
        "b" => "bool".to_owned(),
        "i" => "int32".to_owned(),
        "l" => "int64".to_owned(),
        "n" => "float64".to_owned(),
        "m" => "map[string]interface {}".to_owned(),
        name => name.split_once('.').map_or(name, |(_, rest)| rest).to_owned(),
    }
}

fn go_value(value: &Value, holds: &str) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        // a number that the field's kind of numbers does not have
        Value::Number(number) if matches!(holds, "i" | "l") => format!("number {number}"),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "string".to_owned(),
        Value::Array(_) => "array".to_owned(),
        Value::Object(_) => "object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(kind: (&str, &str, &str), document: Value, expected: Option<&str>) {
        assert_eq!(type_fault(&Gvk::new(kind.0, kind.1, kind.2), &document).as_deref(), expected);
    }

    #[test]
    fn the_field_is_named() {
        let pod = ("", "v1", "Pod");
        check(
            pod,
            json!({"spec": {"containers": [{"name": "a", "ports": [{"containerPort": "many"}]}]}}),
            Some("json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32"),
        );
        check(
            pod,
            json!({"spec": {"containers": [{"env": [{"name": "A", "value": true}]}]}}),
            Some("json: cannot unmarshal bool into Go struct field EnvVar.spec.containers.env.value of type string"),
        );
        check(
            pod,
            json!({"spec": {"containers": {"name": "a"}}}),
            Some("json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container"),
        );
        check(
            pod,
            json!({"metadata": {"labels": {"a": 1}}, "spec": {"terminationGracePeriodSeconds": "x"}}),
            Some("json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"),
        );
        check(
            ("apps", "v1", "Deployment"),
            json!({"spec": {"replicas": 1.5}}),
            Some("json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32"),
        );
        check(
            ("apps", "v1", "Deployment"),
            json!({"spec": "x"}),
            Some("json: cannot unmarshal string into Go struct field Deployment.spec of type v1.DeploymentSpec"),
        );
        check(pod, json!({"spec": {"nodeSelector": null, "unheardOf": 1, "containers": [{"resources": {"limits": {"cpu": 1}}}]}}), None);
        check(("example.com", "v1", "Own"), json!({"spec": 1}), None);
    }
}
