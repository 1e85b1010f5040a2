//! Owners of the replicas of an object, as its `scale` subresource shows them, and back.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;

use super::field_set::FieldSet;
use super::managers::{ManagedFieldsError, ManagerId, Managers, Operation, Owned};
use super::path::PathElement;

const SCALE_VERSION: &str = "autoscaling/v1";

fn replicas_of_scale() -> [PathElement; 2] {
    [PathElement::field("spec"), PathElement::field("replicas")]
}

/// The manager as the other side names it.
fn renamed(id: &ManagerId, api_version: &str) -> ManagerId {
    ManagerId::new(&id.manager, id.operation, api_version, &id.subresource)
}

/// The entries of a scale: of all who own the replicas. `replicas` says where these are in a version of the object; versions without any are left out.
pub fn entries_of_scale(
    entries: &[ManagedFieldsEntry],
    replicas: impl Fn(&str) -> Option<Vec<PathElement>>,
) -> Result<Option<Vec<ManagedFieldsEntry>>, ManagedFieldsError> {
    let mut scale = Managers::default();
    for (id, owned) in Managers::decode(entries)?.0 {
        if replicas(&owned.api_version).is_some_and(|path| owned.set.has(&path)) {
            let mut set = FieldSet::new();
            set.insert(&replicas_of_scale());
            scale.0.insert(renamed(&id, SCALE_VERSION), Owned { set, api_version: SCALE_VERSION.to_owned(), time: owned.time });
        }
    }
    Ok(scale.encode())
}

/// The entries of an object after its scale has been written: who lost the replicas there loses them here, who got them gets them in `api_version`.
/// Upstream gives new owners no time.
pub fn entries_after_scale(
    entries: &[ManagedFieldsEntry],
    scale: &[ManagedFieldsEntry],
    api_version: &str,
    replicas: impl Fn(&str) -> Option<Vec<PathElement>>,
) -> Result<Option<Vec<ManagedFieldsEntry>>, ManagedFieldsError> {
    let mut scale = Managers::decode(scale)?;
    let mut after = Managers::default();
    for (id, mut owned) in Managers::decode(entries)?.0 {
        let Some(path) = replicas(&owned.api_version) else { continue };
        if owned.set.has(&path) && scale.0.remove(&renamed(&id, SCALE_VERSION)).is_none() {
            let mut lost = FieldSet::new();
            lost.insert(&path);
            owned.set = std::mem::take(&mut owned.set).difference(&lost);
        }
        if !owned.set.is_empty() {
            after.0.insert(id, owned);
        }
    }
    let Some(path) = replicas(api_version) else { return Ok(after.encode()) };
    for (id, owned) in scale.0 {
        if owned.set.has(&replicas_of_scale()) {
            let time = if id.operation == Operation::Apply { owned.time } else { None };
            let entry = after.0.entry(renamed(&id, api_version));
            let owned = entry.or_insert_with(|| Owned { set: FieldSet::new(), api_version: api_version.to_owned(), time });
            owned.set.insert(&path);
        }
    }
    Ok(after.encode())
}
