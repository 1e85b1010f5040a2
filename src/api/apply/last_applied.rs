//! The annotation of `kubectl apply` on the client's side, for objects that go over to server-side apply and back.

use serde_json::Value;

use super::TypedValue;
use super::field_set::FieldSet;
use super::types::TypeRef;

pub const LAST_APPLIED_ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// All annotations of an object together may have this many bytes.
const ANNOTATION_BYTES: usize = 256 << 10;

fn annotation(object: &Value) -> Option<&str> {
    object.get("metadata")?.get("annotations")?.get(LAST_APPLIED_ANNOTATION)?.as_str().filter(|text| !text.is_empty())
}

/// The fields that were applied on the client's side and still are as they were applied: they may be taken over without asking.
pub(super) fn takeable(live: &Value, schema: TypeRef<'_>, api_version: &str) -> Option<FieldSet> {
    let applied: Value = serde_json::from_str(annotation(live)?).ok()?;
    if applied.get("apiVersion").and_then(Value::as_str) != Some(api_version) {
        return None;
    }
    let typed = TypedValue::new(&applied, schema);
    typed.validate(false).ok()?;
    let set = typed.to_field_set().ok()?;
    let changes = typed.compare(live).ok()?;
    Some(set.difference(&changes.modified).difference(&changes.added).difference(&changes.removed))
}

/// Where an object has the annotation, it gets what has been applied now, so that the client's side can go on from there.
pub(super) fn refresh(object: &mut Value, applied: &Value) {
    if annotation(object).is_none() {
        return;
    }
    let mut applied = applied.clone();
    if let Some(annotations) = applied.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        annotations.remove(LAST_APPLIED_ANNOTATION);
    }
    let Some(annotations) = object.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) else { return };
    annotations.insert(LAST_APPLIED_ANNOTATION.to_owned(), format!("{applied}\n").into());
    let size: usize = annotations.iter().map(|(name, value)| name.len() + value.as_str().map_or(0, str::len)).sum();
    if size > ANNOTATION_BYTES {
        annotations.remove(LAST_APPLIED_ANNOTATION);
    }
}
