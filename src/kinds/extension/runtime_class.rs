//! RuntimeClasses.

use api::{ErrorList, FieldError, Path, metadata};
use k8s_openapi::api::node::v1::RuntimeClass;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::Part;
use crate::rules::{immutable, label, resource_amount};

pub(crate) struct RuntimeClassBehaviour;

impl crate::Behaviour<RuntimeClass> for RuntimeClassBehaviour {
    fn quantities(&self, class: &mut RuntimeClass, visit: &mut dyn FnMut(&mut Quantity)) {
        class.overhead.iter_mut().filter_map(|overhead| overhead.pod_fixed.as_mut()).flat_map(|list| list.values_mut()).for_each(visit);
    }
    fn validate(&self, class: &RuntimeClass) -> ErrorList {
        let mut errors = if class.handler.is_empty() {
            vec![FieldError::required(&Path::new("handler"), "")]
        } else {
            label(&class.handler, &Path::new("handler"))
        };
        let path = Path::new("overhead").child("podFixed");
        for (name, quantity) in class.overhead.iter().flat_map(|overhead| overhead.pod_fixed.iter().flatten()) {
            errors.extend(resource_amount(name, quantity, &path.key(name)));
        }
        if let Some(selector) = class.scheduling.as_ref().and_then(|scheduling| scheduling.node_selector.as_ref()) {
            errors.extend(metadata::labels(selector, &Path::new("scheduling").child("nodeSelector")));
        }
        errors
    }
    fn warnings(&self, class: &RuntimeClass, _old: Option<&RuntimeClass>) -> Vec<String> {
        let labels = class.scheduling.iter().flat_map(|scheduling| scheduling.node_selector.iter().flatten()).map(|(label, _)| label);
        let path = Path::new("scheduling").child("nodeSelector");
        labels.filter_map(|label| crate::warnings::old_node_label(label).map(|message| format!("{path}: {message}"))).collect()
    }
    fn validate_update(&self, _part: Part, class: &RuntimeClass, old: &RuntimeClass) -> ErrorList {
        immutable(&class.handler, &old.handler, &Path::new("handler")).into_iter().collect()
    }
}
