//! Which fields of a document its type does not have. The decoders drop them; whoever wrote them wants to know, or wants them refused.

use serde_json::Value;

use super::fault::TYPES;

/// A schema inside a schema of a custom resource may stand beside something else: a list of schemas, a switch, names.
const SCHEMA: &str = "apiextensions.v1.JSONSchemaProps";
const SCHEMA_OR_ELSE: [&str; 4] = ["additionalItems", "additionalProperties", "dependencies", "items"];

/// Paths of unknown fields, as upstream's strict decoding writes them (`spec.containers[0].foo`), in the order of the document. A type is named as the tables name
/// it: `core.v1.Pod`. False where there is no such type.
pub fn unknown_fields(type_name: &str, document: &Value, unknown: &mut Vec<String>) -> bool {
    let known = TYPES.contains_key(type_name);
    if known {
        walk(type_name, document, &mut String::new(), unknown);
    }
    known
}

/// `path` is as it was when this returns.
fn walk(type_name: &str, value: &Value, path: &mut String, unknown: &mut Vec<String>) {
    let (Some(fields), Some(object)) = (TYPES.get(type_name), value.as_object()) else { return };
    for (name, value) in object {
        below(path, name, |path| match fields.get(name.as_str()) {
            None => unknown.push(path.clone()),
            Some(_) if type_name == SCHEMA && SCHEMA_OR_ELSE.contains(&name.as_str()) => match value {
                Value::Array(_) => check("[]apiextensions.v1.JSONSchemaProps", value, path, unknown),
                Value::Object(_) if name == "dependencies" => check("{}apiextensions.v1.JSONSchemaProps", value, path, unknown),
                _ => check(SCHEMA, value, path, unknown),
            },
            Some(holds) => check(holds, value, path, unknown),
        });
    }
}

fn check(holds: &str, value: &Value, path: &mut String, unknown: &mut Vec<String>) {
    match (holds.get(..2), value) {
        (Some("[]"), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                let length = path.len();
                path.push_str(&format!("[{index}]"));
                check(&holds[2..], item, path, unknown);
                path.truncate(length);
            }
        }
        (Some("{}"), Value::Object(entries)) => {
            for (name, value) in entries {
                below(path, name, |path| check(&holds[2..], value, path, unknown));
            }
        }
        // one letter is a scalar, or whatever there is
        (Some(_), Value::Object(_)) => walk(holds, value, path, unknown),
        _ => {}
    }
}

fn below(path: &mut String, name: &str, work: impl FnOnce(&mut String)) {
    let length = path.len();
    if length > 0 {
        path.push('.');
    }
    path.push_str(name);
    work(path);
    path.truncate(length);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(type_name: &str, document: &Value, expected: &[&str]) {
        let mut unknown = Vec::new();
        assert!(unknown_fields(type_name, document, &mut unknown));
        assert_eq!(unknown, expected);
    }

    #[test]
    fn paths() {
        let pod = json!({"foo": 1, "metadata": {"labels": {"any": "thing"}, "bar": {}}, "spec": {"containers": [{"name": "a"}, {"baz": 1, "resources": {"limits": {"x": "1"}, "wrong": {}}}],
            "volumes": [{"emptyDir": {"size": 1}}, null], "nodeSelector": null}, "status": {"phase": {"odd": 1}}});
        check(
            "core.v1.Pod",
            &pod,
            &["foo", "metadata.bar", "spec.containers[1].baz", "spec.containers[1].resources.wrong", "spec.volumes[0].emptyDir.size"],
        );
        check("core.v1.ConfigMap", &json!({"data": {"a": "b"}, "Data": {}}), &["Data"]);
    }

    #[test]
    fn schemas_in_schemas() {
        let schema = json!({"type": "object", "properties": {"a": {"items": {"typo": 1}}, "b": {"items": [{"typo": 1}], "additionalProperties": false}},
            "additionalProperties": {"typo": 1}, "dependencies": {"a": ["b"], "c": {"typo": 1}}, "default": {"any": 1}, "$ref": "x", "x-kubernetes-int-or-string": true});
        let version = json!({"spec": {"versions": [{"schema": {"openAPIV3Schema": schema}}]}});
        let at = "spec.versions[0].schema.openAPIV3Schema";
        let expected = ["additionalProperties.typo", "dependencies.c.typo", "properties.a.items.typo", "properties.b.items[0].typo"]
            .map(|path| format!("{at}.{path}"));
        check("apiextensions.v1.CustomResourceDefinition", &version, &expected.each_ref().map(String::as_str));
    }

    #[test]
    fn types_that_are_not_built_in() {
        assert!(!unknown_fields("example.v1.Own", &json!({"a": 1}), &mut Vec::new()));
    }
}
