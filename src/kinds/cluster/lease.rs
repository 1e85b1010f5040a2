//! Leases.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::coordination::v1::Lease;

use crate::Part;
use crate::rules::{NOT_NEGATIVE, POSITIVE};

pub(crate) struct LeaseBehaviour;

impl crate::Behaviour<Lease> for LeaseBehaviour {
    fn default(&self, lease: &mut Lease) {
        lease.spec.get_or_insert_default();
    }

    fn validate(&self, lease: &Lease) -> ErrorList {
        let mut errors = ErrorList::new();
        let path = Path::new("spec");
        let Some(spec) = &lease.spec else { return errors };
        if let Some(seconds) = spec.lease_duration_seconds.filter(|seconds| *seconds <= 0) {
            errors.push(FieldError::invalid(&path.child("leaseDurationSeconds"), seconds, POSITIVE));
        }
        if let Some(count) = spec.lease_transitions.filter(|count| *count < 0) {
            errors.push(FieldError::invalid(&path.child("leaseTransitions"), count, NOT_NEGATIVE));
        }
        errors
    }

    fn validate_update(&self, _part: Part, lease: &Lease, _old: &Lease) -> ErrorList {
        self.validate(lease)
    }
}
