//! Validating webhooks: how many.

use jiff::Timestamp;
use k8s_openapi::api::admissionregistration::v1::ValidatingWebhookConfiguration;
use output::table::Cell;

use super::cell::{age, count, name, row};
use super::column::{AGE, NAME, integer};
use crate::Column;

pub const COLUMNS: &[Column] =
    &[NAME, integer("Webhooks", "Webhooks indicates the number of webhooks registered in this configuration"), AGE];

pub fn cells(configuration: &ValidatingWebhookConfiguration, now: Timestamp) -> Vec<Cell> {
    row![name(configuration), count(configuration.webhooks.iter().flatten().count()), age(configuration, now)]
}
