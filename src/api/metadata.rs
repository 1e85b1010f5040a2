//! Validation of `metadata` for every kind, in upstream's words (`k8s.io/apimachinery/pkg/api/validation/objectmeta.go`), and of the structured
//! label selectors inside specs.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ManagedFieldsEntry, ObjectMeta, OwnerReference};
use serde_json::{Value, json};

use crate::field::{ErrorList, FieldError, Path, quoted};
use crate::gvk::GroupVersion;
use crate::names;

/// All annotations of an object together, keys and values, in bytes.
pub const ANNOTATIONS_MAX_BYTES: usize = 256 * 1024;
const FIELD_MANAGER_MAX_BYTES: usize = 128;
const SUBRESOURCE_MAX_BYTES: usize = 256;
const IMMUTABLE: &str = "field is immutable";

/// All the faults of the metadata of a new object. `name_errors` is the kind's rule for names.
pub fn validate(meta: &ObjectMeta, namespaced: bool, name_errors: impl Fn(&str, bool) -> Vec<String>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let invalid = |field: &str, value: &str, detail: String| FieldError::invalid(&path.child(field), value, detail);
    if let Some(prefix) = meta.generate_name.as_deref().filter(|prefix| !prefix.is_empty()) {
        errors.extend(name_errors(prefix, true).into_iter().map(|detail| invalid("generateName", prefix, detail)));
    }
    match meta.name.as_deref().unwrap_or_default() {
        "" => errors.push(FieldError::required(&path.child("name"), "name or generateName is required")),
        name => errors.extend(name_errors(name, false).into_iter().map(|detail| invalid("name", name, detail))),
    }
    let namespace = meta.namespace.as_deref().unwrap_or_default();
    if !namespaced && !namespace.is_empty() {
        errors.push(FieldError::forbidden(&path.child("namespace"), "not allowed on this type"));
    } else if namespaced && namespace.is_empty() {
        errors.push(FieldError::required(&path.child("namespace"), ""));
    } else if namespaced {
        errors.extend(names::dns1123_label(namespace, false).into_iter().map(|detail| invalid("namespace", namespace, detail)));
    }
    errors.extend(generation(meta, path));
    errors.extend(maps_and_owners(meta, path));
    errors.extend(finalizers(meta.finalizers.as_deref().unwrap_or_default(), &path.child("finalizers")));
    errors.extend(managed_fields(meta.managed_fields.as_deref().unwrap_or_default(), &path.child("managedFields")));
    errors
}

/// All the faults of changed metadata.
pub fn validate_update(meta: &ObjectMeta, old: &ObjectMeta, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if old.deletion_timestamp.is_some() {
        let of = |meta: &ObjectMeta| meta.finalizers.clone().unwrap_or_default().into_iter().collect::<BTreeSet<_>>();
        let added: Vec<String> = of(meta).difference(&of(old)).map(|name| quoted(name)).collect();
        if !added.is_empty() {
            let added = added.join(", ");
            let detail = format!("no new finalizers can be added if the object is being deleted, found new finalizers []string{{{added}}}");
            errors.push(FieldError::forbidden(&path.child("finalizers"), detail));
        }
    }
    if meta.resource_version.as_deref().unwrap_or_default().is_empty() {
        errors.push(FieldError::invalid(&path.child("resourceVersion"), "", "must be specified for an update"));
    }
    errors.extend(generation(meta, path));
    if meta.generation.unwrap_or_default() < old.generation.unwrap_or_default() {
        errors.push(FieldError::invalid(&path.child("generation"), meta.generation.unwrap_or_default(), "must not be decremented"));
    }
    let texts = [("name", &meta.name, &old.name), ("namespace", &meta.namespace, &old.namespace), ("uid", &meta.uid, &old.uid)];
    for (field, new, old) in texts {
        let (new, old) = (new.as_deref().unwrap_or_default(), old.as_deref().unwrap_or_default());
        if new != old {
            errors.push(FieldError::invalid(&path.child(field), new, IMMUTABLE));
        }
    }
    let value = |time: &Option<_>| serde_json::to_value(time).unwrap_or(Value::Null);
    let times = [
        ("creationTimestamp", &meta.creation_timestamp, &old.creation_timestamp),
        ("deletionTimestamp", &meta.deletion_timestamp, &old.deletion_timestamp),
    ];
    for (field, new, old) in times {
        if new != old {
            errors.push(FieldError::invalid(&path.child(field), value(new), IMMUTABLE));
        }
    }
    if meta.deletion_grace_period_seconds != old.deletion_grace_period_seconds {
        errors.push(FieldError::invalid(&path.child("deletionGracePeriodSeconds"), json!(meta.deletion_grace_period_seconds), IMMUTABLE));
    }
    errors.extend(maps_and_owners(meta, path));
    errors.extend(managed_fields(meta.managed_fields.as_deref().unwrap_or_default(), &path.child("managedFields")));
    errors
}

fn generation(meta: &ObjectMeta, path: &Path) -> Option<FieldError> {
    let generation = meta.generation.unwrap_or_default();
    (generation < 0).then(|| FieldError::invalid(&path.child("generation"), generation, "must be greater than or equal to 0"))
}

fn maps_and_owners(meta: &ObjectMeta, path: &Path) -> ErrorList {
    let empty = BTreeMap::new();
    let mut errors = labels(meta.labels.as_ref().unwrap_or(&empty), &path.child("labels"));
    errors.extend(annotations(meta.annotations.as_ref().unwrap_or(&empty), &path.child("annotations")));
    errors.extend(owner_references(meta.owner_references.as_deref().unwrap_or_default(), &path.child("ownerReferences")));
    errors
}

/// Faults of a label's key.
pub fn label_name(name: &str, path: &Path) -> ErrorList {
    names::qualified_name(name).into_iter().map(|detail| FieldError::invalid(path, name, detail)).collect()
}

/// Faults of labels, wherever they stand.
pub fn labels(labels: &BTreeMap<String, String>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (key, value) in labels {
        errors.extend(label_name(key, path));
        errors.extend(names::label_value(value).into_iter().map(|detail| FieldError::invalid(path, value.as_str(), detail)));
    }
    errors
}

/// Faults of annotations: keys as labels have them but for case, any value, bounded in sum.
pub fn annotations(annotations: &BTreeMap<String, String>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for key in annotations.keys() {
        let faults = names::qualified_name(&key.to_lowercase());
        errors.extend(faults.into_iter().map(|detail| FieldError::invalid(path, key.as_str(), detail)));
    }
    if annotations.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > ANNOTATIONS_MAX_BYTES {
        errors.push(FieldError::too_long(path, ANNOTATIONS_MAX_BYTES));
    }
    errors
}

/// Faults of a structured label selector; an absent one has none.
pub fn label_selector(selector: Option<&LabelSelector>, path: &Path) -> ErrorList {
    let Some(selector) = selector else { return ErrorList::new() };
    let mut errors = labels(selector.match_labels.as_ref().unwrap_or(&BTreeMap::new()), &path.child("matchLabels"));
    for (index, expression) in selector.match_expressions.iter().flatten().enumerate() {
        let path = path.child("matchExpressions").index(index);
        let values = expression.values.as_deref().unwrap_or_default();
        match expression.operator.as_str() {
            "In" | "NotIn" => {
                if values.is_empty() {
                    errors.push(FieldError::required(&path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"));
                }
            }
            "Exists" | "DoesNotExist" => {
                if !values.is_empty() {
                    let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                    errors.push(FieldError::forbidden(&path.child("values"), detail));
                }
            }
            other => errors.push(FieldError::invalid(&path.child("operator"), other, "not a valid selector operator")),
        }
        errors.extend(label_name(&expression.key, &path.child("key")));
        for (index, value) in values.iter().enumerate() {
            let path = path.child("values").index(index);
            errors.extend(names::label_value(value).into_iter().map(|detail| FieldError::invalid(&path, value.as_str(), detail)));
        }
    }
    errors
}

fn owner_references(references: &[OwnerReference], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut controller: Option<String> = None;
    for (index, reference) in references.iter().enumerate() {
        errors.extend(owner_reference(reference, &path.index(index)));
        if reference.controller != Some(true) {
            continue;
        }
        let name = format!("{}/{}", reference.kind, reference.name);
        match &controller {
            None => controller = Some(name),
            Some(first) => {
                let detail =
                    format!("Only one reference can have Controller set to true. Found \"true\" in references for {first} and {name}");
                errors.push(FieldError::invalid(path, json!(references), detail));
            }
        }
    }
    errors
}

fn owner_reference(reference: &OwnerReference, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let version = GroupVersion::parse(&reference.api_version).ok().filter(|version| !version.version.is_empty());
    if reference.api_version.is_empty() {
        errors.push(FieldError::required(&path.child("apiVersion"), "must not be empty"));
    } else if version.is_none() {
        let detail = "must be <group>/<version> or <version>";
        errors.push(FieldError::invalid(&path.child("apiVersion"), reference.api_version.as_str(), detail));
    }
    for (field, value) in [("kind", &reference.kind), ("name", &reference.name), ("uid", &reference.uid)] {
        if value.is_empty() {
            errors.push(FieldError::required(&path.child(field), "must not be empty"));
        }
    }
    if reference.api_version == "v1" && reference.kind == "Event" {
        errors.push(FieldError::invalid(path, json!(reference), "/v1, Kind=Event is disallowed from being an owner"));
    }
    errors
}

/// Faults of one finalizer's name.
pub fn finalizer_name(name: &str, path: &Path) -> ErrorList {
    label_name(name, path)
}

fn finalizers(finalizers: &[String], path: &Path) -> ErrorList {
    let mut errors: ErrorList = finalizers.iter().flat_map(|name| finalizer_name(name, path)).collect();
    let has = |name: &str| finalizers.iter().any(|finalizer| finalizer == name);
    if has("orphan") && has("foregroundDeletion") {
        errors.push(FieldError::invalid(path, json!(finalizers), "finalizer orphan and foregroundDeletion cannot be both set"));
    }
    errors
}

/// Faults of the name of a field manager, also of the request's `fieldManager` parameter.
pub fn field_manager(manager: &str, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if manager.len() > FIELD_MANAGER_MAX_BYTES {
        errors.push(FieldError::too_long(path, FIELD_MANAGER_MAX_BYTES));
    }
    for (index, character) in manager.char_indices().filter(|(_, character)| character.is_control()) {
        let detail = format!("invalid character U+{:04X} (at position {index})", u32::from(character));
        errors.push(FieldError::invalid(path, manager, detail));
    }
    errors
}

fn managed_fields(entries: &[ManagedFieldsEntry], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, entry) in entries.iter().enumerate() {
        let path = path.index(index);
        match entry.operation.as_deref().unwrap_or_default() {
            "Apply" | "Update" => {}
            "" => errors.push(FieldError::required(&path.child("operation"), "must not be empty")),
            other => errors.push(FieldError::not_supported(&path.child("operation"), other, &["Apply", "Update"])),
        }
        if let Some(kind) = entry.fields_type.as_deref().filter(|kind| !kind.is_empty() && *kind != "FieldsV1") {
            errors.push(FieldError::invalid(&path.child("fieldsType"), kind, "must be `FieldsV1`"));
        }
        errors.extend(field_manager(entry.manager.as_deref().unwrap_or_default(), &path.child("manager")));
        if entry.subresource.as_deref().unwrap_or_default().len() > SUBRESOURCE_MAX_BYTES {
            errors.push(FieldError::too_long(&path.child("subresource"), SUBRESOURCE_MAX_BYTES));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(value: Value) -> ObjectMeta {
        serde_json::from_value(value).unwrap()
    }
    fn texts(errors: &ErrorList) -> Vec<String> {
        errors.iter().map(ToString::to_string).collect()
    }
    fn check(value: Value, namespaced: bool, expected: &[&str]) {
        assert_eq!(texts(&validate(&meta(value), namespaced, names::dns1123_label, &Path::new("metadata"))), expected);
    }

    #[test]
    fn new_objects() {
        check(json!({"name": "a", "namespace": "b", "labels": {"x": "y"}, "annotations": {"Ex.com/A": "any thing"}}), true, &[]);
        check(
            json!({"generateName": "a-"}),
            true,
            &["metadata.name: Required value: name or generateName is required", "metadata.namespace: Required value"],
        );
        check(
            json!({"name": "a.b", "namespace": "c", "generation": -1}),
            false,
            &[
                r#"metadata.name: Invalid value: "a.b": must not contain dots"#,
                "metadata.namespace: Forbidden: not allowed on this type",
                "metadata.generation: Invalid value: -1: must be greater than or equal to 0",
            ],
        );
        let owner = |name: &str| json!({"apiVersion": "v1", "kind": "Pod", "name": name, "uid": "u", "controller": true});
        check(
            json!({"name": "a", "ownerReferences": [owner("x"), owner("y"), {"apiVersion": "a/b/c", "kind": "", "name": "n", "uid": "u"}]}),
            false,
            &[
                r#"metadata.ownerReferences: Invalid value: [{"apiVersion":"v1","controller":true,"kind":"Pod","name":"x","uid":"u"},{"apiVersion":"v1","controller":true,"kind":"Pod","name":"y","uid":"u"},{"apiVersion":"a/b/c","kind":"","name":"n","uid":"u"}]: Only one reference can have Controller set to true. Found "true" in references for Pod/x and Pod/y"#,
                r#"metadata.ownerReferences[2].apiVersion: Invalid value: "a/b/c": must be <group>/<version> or <version>"#,
                "metadata.ownerReferences[2].kind: Required value: must not be empty",
            ],
        );
        let long = "x".repeat(ANNOTATIONS_MAX_BYTES);
        check(
            json!({"name": "a", "annotations": {"k": long}, "finalizers": ["orphan", "foregroundDeletion"]}),
            false,
            &[
                "metadata.annotations: Too long: may not be more than 262144 bytes",
                r#"metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set"#,
            ],
        );
    }

    #[test]
    fn changes() {
        let old =
            meta(json!({"name": "a", "uid": "1", "generation": 3, "deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": ["a.b/c"]}));
        let mut new = old.clone();
        new.resource_version = Some("1".to_owned());
        assert_eq!(texts(&validate_update(&new, &old, &Path::new("metadata"))), [""; 0]);
        new = meta(json!({"name": "b", "uid": "1", "generation": 2, "finalizers": ["a.b/c", "a.b/d"]}));
        assert_eq!(
            texts(&validate_update(&new, &old, &Path::new("metadata"))),
            [
                r#"metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a.b/d"}"#,
                r#"metadata.resourceVersion: Invalid value: "": must be specified for an update"#,
                "metadata.generation: Invalid value: 2: must not be decremented",
                r#"metadata.name: Invalid value: "b": field is immutable"#,
                "metadata.deletionTimestamp: Invalid value: null: field is immutable",
            ]
        );
    }

    #[test]
    fn selectors() {
        let selector = serde_json::from_value(
            json!({"matchLabels": {"a": "b c"}, "matchExpressions": [{"key": "k", "operator": "In"}, {"key": "k", "operator": "in"}]}),
        )
        .unwrap();
        let errors = texts(&label_selector(Some(&selector), &Path::new("spec").child("selector")));
        assert!(errors[0].starts_with("spec.selector.matchLabels: Invalid value: \"b c\": a valid label must be"));
        assert_eq!(
            errors[1..],
            [
                "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
                r#"spec.selector.matchExpressions[1].operator: Invalid value: "in": not a valid selector operator"#,
            ]
        );
    }
}
