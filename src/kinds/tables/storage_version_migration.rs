//! Migrations of stored objects.

use jiff::Timestamp;
use k8s_openapi::api::storagemigration::v1::StorageVersionMigration;
use output::table::Cell;

use super::cell::{name, row};
use super::column::{NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[Column { format: "", ..NAME }, text("Resource", "Fully qualified resource to migrate")];

pub fn cells(migration: &StorageVersionMigration, _now: Timestamp) -> Vec<Cell> {
    let resource = migration.spec.as_ref().map(|spec| match spec.resource.group.as_str() {
        "" => spec.resource.resource.clone(),
        group => format!("{}.{group}", spec.resource.resource),
    });
    row![name(migration), resource.unwrap_or_default()]
}
