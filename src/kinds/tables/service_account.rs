//! Service accounts: how many secrets they refer to.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::ServiceAccount;
use output::table::Cell;

use super::cell::{age, count, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Secrets",
        "Secrets is a list of the secrets in the same namespace that pods running using this ServiceAccount are allowed to use. Pods are only limited to this list if this service account has a \"kubernetes.io/enforce-mountable-secrets\" annotation set to \"true\". The \"kubernetes.io/enforce-mountable-secrets\" annotation is deprecated since v1.32. Prefer separate namespaces to isolate access to mounted secrets. This field should not be used to find auto-generated service account token secrets for use outside of pods. Instead, tokens can be requested directly using the TokenRequest API, or service account token secrets can be manually created. More info: https://kubernetes.io/docs/concepts/configuration/secret",
    ),
    AGE,
];

pub fn cells(account: &ServiceAccount, now: Timestamp) -> Vec<Cell> {
    row![name(account), count(account.secrets.iter().flatten().count()), age(account, now)]
}
