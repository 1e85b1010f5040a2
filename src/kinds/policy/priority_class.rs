//! PriorityClasses.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::scheduling::v1::PriorityClass;

use crate::Part;
use crate::rules::{drop_false, fill, immutable, required_one_of, text};

/// The highest priority that is not the system's.
const HIGHEST: i32 = 1_000_000_000;
const SYSTEM_PREFIX: &str = "system-";
/// Upstream's own classes and their values.
pub const SYSTEM_CLASSES: &[(&str, i32)] = &[("system-node-critical", 2_000_001_000), ("system-cluster-critical", 2_000_000_000)];

pub(crate) struct PriorityClassBehaviour;

impl crate::Behaviour<PriorityClass> for PriorityClassBehaviour {
    fn default(&self, class: &mut PriorityClass) {
        fill(&mut class.preemption_policy, "PreemptLowerPriority");
        class.value.get_or_insert(0);
        drop_false(&mut class.global_default);
    }

    fn validate(&self, class: &PriorityClass) -> ErrorList {
        let mut errors = ErrorList::new();
        let (name, value) = (text(&class.metadata.name), class.value.unwrap_or_default());
        if name.starts_with(SYSTEM_PREFIX) {
            let fault = match SYSTEM_CLASSES.iter().find(|(known, _)| *known == name) {
                None => Some(format!("{name} is not a known system priority class")),
                Some((_, known)) if *known != value => Some(format!("value of {name} PriorityClass must be {known}")),
                Some(_) if class.global_default == Some(true) => Some(format!("globalDefault of {name} PriorityClass must be false")),
                Some(_) => None,
            };
            if let Some(fault) = fault {
                let detail = format!("priority class names with '{SYSTEM_PREFIX}' prefix are reserved for system use only. error: {fault}");
                errors.push(FieldError::forbidden(&Path::new("metadata").child("name"), detail));
            }
        } else if value > HIGHEST {
            let detail = format!("maximum allowed value of a user defined priority is {HIGHEST}");
            errors.push(FieldError::forbidden(&Path::new("value"), detail));
        }
        let policies = &["PreemptLowerPriority", "Never"];
        errors.extend(required_one_of(text(&class.preemption_policy), policies, &Path::new("preemptionPolicy")));
        errors
    }

    fn validate_update(&self, _part: Part, class: &PriorityClass, old: &PriorityClass) -> ErrorList {
        let mut errors = ErrorList::new();
        if class.value != old.value {
            errors.push(FieldError::forbidden(&Path::new("value"), "may not be changed in an update."));
        }
        errors.extend(immutable(&class.preemption_policy, &old.preemption_policy, &Path::new("preemptionPolicy")));
        errors
    }

    // upstream counts from 1 and never further
    fn has_generation(&self) -> bool {
        true
    }
}
