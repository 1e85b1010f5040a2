//! StorageVersionMigrations.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::storagemigration::v1::StorageVersionMigration;

use crate::Part;
use crate::rules::immutable;

pub(crate) struct MigrationBehaviour;

impl crate::Behaviour<StorageVersionMigration> for MigrationBehaviour {
    crate::parts::separate_status!(StorageVersionMigration);
    fn validate(&self, migration: &StorageVersionMigration) -> ErrorList {
        let path = Path::new("spec").child("resource").child("resource");
        let resource = migration.spec.as_ref().map(|spec| spec.resource.resource.as_str()).unwrap_or_default();
        if resource.is_empty() { vec![FieldError::required(&path, "resource is required")] } else { ErrorList::new() }
    }
    fn validate_update(&self, part: Part, migration: &StorageVersionMigration, old: &StorageVersionMigration) -> ErrorList {
        if part == Part::Status {
            ErrorList::new()
        } else {
            immutable(&migration.spec, &old.spec, &Path::new("spec")).into_iter().collect()
        }
    }
    crate::parts::generation_of!(spec, StorageVersionMigration);
}
