//! ControllerRevisions.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::apps::v1::ControllerRevision;

use crate::Part;
use crate::rules::{immutable, not_negative};

pub(crate) struct ControllerRevisionBehaviour;

impl crate::Behaviour<ControllerRevision> for ControllerRevisionBehaviour {
    fn default(&self, revision: &mut ControllerRevision) {
        // upstream always writes the number
        revision.revision.get_or_insert(0);
    }
    fn validate(&self, revision: &ControllerRevision) -> ErrorList {
        let path = Path::new("data");
        let mut errors = ErrorList::new();
        if revision.data.0.is_null() {
            errors.push(FieldError::required(&path, "data is mandatory"));
        } else if !revision.data.0.is_object() {
            errors.push(FieldError::invalid(&path, revision.data.0.to_string(), "data must be a valid JSON object"));
        }
        errors.extend(not_negative(revision.revision.unwrap_or_default(), &Path::new("revision")));
        errors
    }
    fn validate_update(&self, _part: Part, revision: &ControllerRevision, old: &ControllerRevision) -> ErrorList {
        let mut errors = self.validate(revision);
        errors.extend(immutable(&revision.data, &old.data, &Path::new("data")));
        errors
    }
}
