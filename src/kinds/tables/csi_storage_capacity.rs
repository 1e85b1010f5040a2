//! Free storage of a class.

use jiff::Timestamp;
use k8s_openapi::api::storage::v1::CSIStorageCapacity;
use output::table::Cell;

use super::cell::{canonical, name, row};
use super::column::{NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "StorageClassName",
        "storageClassName represents the name of the StorageClass that the reported capacity applies to. It must meet the same requirements as the name of a StorageClass object (non-empty, DNS subdomain). If that object no longer exists, the CSIStorageCapacity object is obsolete and should be removed by its creator. This field is immutable.",
    ),
    text(
        "Capacity",
        "capacity is the value reported by the CSI driver in its GetCapacityResponse for a GetCapacityRequest with topology and parameters that match the previous fields.\n\nThe semantic is currently (CSI spec 1.2) defined as: The available capacity, in bytes, of the storage that can be used to provision volumes. If not set, that information is currently unavailable.",
    ),
];

pub fn cells(storage: &CSIStorageCapacity, _now: Timestamp) -> Vec<Cell> {
    let capacity = storage.capacity.as_ref().map_or_else(|| "<unset>".to_owned(), canonical);
    row![name(storage), storage.storage_class_name.clone(), capacity]
}
