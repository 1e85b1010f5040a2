//! Mutating admission policies.

use jiff::Timestamp;
use k8s_openapi::api::admissionregistration::v1::MutatingAdmissionPolicy;
use output::table::Cell;

use super::cell::{age, count, name, param_kind, row};
use super::column::{AGE, NAME, integer, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    integer("Mutations", "Mutation indicates the number of mutations rules defined in this configuration"),
    text("ParamKind", "ParamKind specifies the kind of resources used to parameterize this policy"),
    AGE,
];

pub fn cells(policy: &MutatingAdmissionPolicy, now: Timestamp) -> Vec<Cell> {
    let spec = policy.spec.as_ref();
    row![
        name(policy),
        count(spec.map_or(0, |spec| spec.mutations.iter().flatten().count())),
        param_kind(spec.and_then(|spec| spec.param_kind.as_ref())),
        age(policy, now),
    ]
}
