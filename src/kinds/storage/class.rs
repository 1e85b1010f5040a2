//! StorageClasses and VolumeAttributesClasses.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::storage::v1::{StorageClass, VolumeAttributesClass};

use crate::Part;
use crate::rules::{fill, immutable, one_of, qualified_name, text};
use crate::warnings::old_node_label;

const MAX_PARAMETERS: usize = 512;
const MAX_PARAMETER_BYTES: usize = 256 * 1024;

pub(crate) struct StorageClassBehaviour;

impl crate::Behaviour<StorageClass> for StorageClassBehaviour {
    fn default(&self, class: &mut StorageClass) {
        fill(&mut class.reclaim_policy, "Delete");
        fill(&mut class.volume_binding_mode, "Immediate");
    }

    fn validate(&self, class: &StorageClass) -> ErrorList {
        let mut errors = provisioner(&class.provisioner, &Path::new("provisioner"));
        errors.extend(parameters(class.parameters.as_ref(), true, &Path::new("parameters")));
        errors.extend(one_of(text(&class.reclaim_policy), &["Delete", "Retain"], &Path::new("reclaimPolicy")));
        errors.extend(one_of(text(&class.volume_binding_mode), &["Immediate", "WaitForFirstConsumer"], &Path::new("volumeBindingMode")));
        let terms = class.allowed_topologies.as_deref().unwrap_or_default();
        errors.extend(crate::pod::topology_selector_terms(terms, &Path::new("allowedTopologies")));
        errors
    }

    fn warnings(&self, class: &StorageClass, _old: Option<&StorageClass>) -> Vec<String> {
        let mut warnings = Vec::new();
        for (index, term) in class.allowed_topologies.iter().flatten().enumerate() {
            let path = Path::new("allowedTopologies").index(index).child("matchLabelExpressions");
            for (index, expression) in term.match_label_expressions.iter().flatten().enumerate() {
                warnings.extend(old_node_label(&expression.key).map(|message| format!("{}: {message}", path.index(index).child("key"))));
            }
        }
        warnings
    }

    fn validate_update(&self, _part: Part, class: &StorageClass, old: &StorageClass) -> ErrorList {
        let mut errors = ErrorList::new();
        let mut fixed = |same: bool, field: &str| {
            if !same {
                errors.push(FieldError::forbidden(&Path::new(field), format!("updates to {field} are forbidden.")));
            }
        };
        fixed(class.parameters.clone().unwrap_or_default() == old.parameters.clone().unwrap_or_default(), "parameters");
        fixed(class.provisioner == old.provisioner, "provisioner");
        fixed(class.reclaim_policy == old.reclaim_policy, "reclaimPolicy");
        errors.extend(immutable(&class.volume_binding_mode, &old.volume_binding_mode, &Path::new("volumeBindingMode")));
        errors.extend(self.validate(class));
        errors
    }
}

pub(crate) struct VolumeAttributesClassBehaviour;

impl crate::Behaviour<VolumeAttributesClass> for VolumeAttributesClassBehaviour {
    fn validate(&self, class: &VolumeAttributesClass) -> ErrorList {
        let mut errors = provisioner(&class.driver_name, &Path::new("driverName"));
        errors.extend(parameters(class.parameters.as_ref(), false, &Path::new("parameters")));
        errors
    }

    fn validate_update(&self, _part: Part, class: &VolumeAttributesClass, old: &VolumeAttributesClass) -> ErrorList {
        let mut errors: ErrorList = immutable(&class.driver_name, &old.driver_name, &Path::new("driverName")).into_iter().collect();
        errors.extend(immutable(&class.parameters, &old.parameters, &Path::new("parameters")));
        errors
    }
}

fn provisioner(name: &str, path: &Path) -> ErrorList {
    if name.is_empty() { vec![FieldError::required(path, "")] } else { qualified_name(&name.to_lowercase(), path) }
}

fn parameters(parameters: Option<&std::collections::BTreeMap<String, String>>, allow_empty: bool, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let empty = std::collections::BTreeMap::new();
    let parameters = parameters.unwrap_or(&empty);
    if parameters.len() > MAX_PARAMETERS {
        errors.push(FieldError::too_long(path, MAX_PARAMETERS));
        return errors;
    }
    if parameters.keys().any(String::is_empty) {
        errors.push(FieldError::invalid(path, "", "field can not be empty."));
    }
    if parameters.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > MAX_PARAMETER_BYTES {
        errors.push(FieldError::too_long(path, MAX_PARAMETER_BYTES));
    }
    if !allow_empty && parameters.is_empty() {
        errors.push(FieldError::required(path, "must contain at least one key/value pair"));
    }
    errors
}
