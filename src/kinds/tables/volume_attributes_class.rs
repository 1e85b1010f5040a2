//! Classes of volume attributes.

use jiff::Timestamp;
use k8s_openapi::api::storage::v1::VolumeAttributesClass;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[NAME, text("DriverName", "driverName is the name of the CSI driver This field is immutable."), AGE];

/// Makes a class the default one.
const DEFAULT_ANNOTATION: &str = "volumeattributesclass.alpha.kubernetes.io/is-default-class";

pub fn cells(class: &VolumeAttributesClass, now: Timestamp) -> Vec<Cell> {
    let annotation = class.metadata.annotations.as_ref().and_then(|annotations| annotations.get(DEFAULT_ANNOTATION));
    let default = annotation.is_some_and(|value| value == "true");
    row![format!("{}{}", name(class), if default { " (default)" } else { "" }), class.driver_name.clone(), age(class, now)]
}
