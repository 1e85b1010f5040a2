//! Leases.

use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::Lease;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Holder",
        "holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field.",
    ),
    AGE,
];

pub fn cells(lease: &Lease, now: Timestamp) -> Vec<Cell> {
    let holder = lease.spec.as_ref().and_then(|spec| spec.holder_identity.clone()).unwrap_or_default();
    row![name(lease), holder, age(lease, now)]
}
