//! Ranges of service addresses.

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::ServiceCIDR;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "CIDRs",
        "cidrs defines the IP blocks in CIDR notation (e.g. \"192.168.0.0/24\" or \"2001:db8::/64\") from which to assign service cluster IPs. Max of two CIDRs is allowed, one of each IP family. This field is immutable.",
    ),
    AGE,
];

pub fn cells(range: &ServiceCIDR, now: Timestamp) -> Vec<Cell> {
    let ranges = range.spec.as_ref().and_then(|spec| spec.cidrs.as_deref()).unwrap_or_default();
    row![name(range), ranges.join(","), age(range, now)]
}
