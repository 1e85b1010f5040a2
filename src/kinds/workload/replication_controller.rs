//! ReplicationControllers.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::{ReplicationController, ReplicationControllerStatus};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::replica_set::{Counts, counts};
use super::runs_for_ever;
use crate::Part;
use crate::rules::{json, not_negative};

pub(crate) struct ReplicationControllerBehaviour;

impl crate::Behaviour<ReplicationController> for ReplicationControllerBehaviour {
    fn quantities(&self, controller: &mut ReplicationController, visit: &mut dyn FnMut(&mut Quantity)) {
        let template = controller.spec.as_mut().and_then(|spec| spec.template.as_mut());
        if let Some(spec) = template.and_then(|template| template.spec.as_mut()) {
            crate::pod::spec_quantities(spec, visit);
        }
    }

    fn default(&self, controller: &mut ReplicationController) {
        let spec = controller.spec.get_or_insert_default();
        spec.replicas.get_or_insert(1);
        spec.min_ready_seconds.take_if(|seconds| *seconds == 0);
        if let Some(template) = &mut spec.template {
            crate::pod::default_template(template);
            // the template's labels stand in for those that the author has left out
            if let Some(labels) = template.metadata.as_ref().and_then(|meta| meta.labels.clone()) {
                if spec.selector.as_ref().is_none_or(|selector| selector.is_empty()) {
                    spec.selector = Some(labels.clone());
                }
                if controller.metadata.labels.as_ref().is_none_or(|own| own.is_empty()) {
                    controller.metadata.labels = Some(labels);
                }
            }
        }
        controller.status.get_or_insert_default();
    }

    fn prepare_create(&self, controller: &mut ReplicationController) {
        controller.status = Some(ReplicationControllerStatus::default());
    }

    fn prepare_update(&self, part: Part, controller: &mut ReplicationController, old: &ReplicationController) {
        match part {
            Part::Main => controller.status.clone_from(&old.status),
            Part::Status => controller.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, controller: &ReplicationController) -> ErrorList {
        let path = Path::new("spec");
        let spec = controller.spec.clone().unwrap_or_default();
        let selector = spec.selector.unwrap_or_default();
        let mut errors: ErrorList =
            not_negative(spec.min_ready_seconds.unwrap_or_default(), &path.child("minReadySeconds")).into_iter().collect();
        if selector.is_empty() {
            errors.push(FieldError::required(&path.child("selector"), ""));
        }
        errors.extend(not_negative(spec.replicas.unwrap_or_default(), &path.child("replicas")));
        let path = path.child("template");
        let Some(template) = spec.template else {
            errors.push(FieldError::required(&path, ""));
            return errors;
        };
        let labels = template.metadata.as_ref().and_then(|meta| meta.labels.clone()).unwrap_or_default();
        if selector.iter().any(|(key, value)| labels.get(key) != Some(value)) {
            let path = path.child("metadata").child("labels");
            errors.push(FieldError::invalid(&path, json(&labels), "`selector` does not match template `labels`"));
        }
        errors.extend(crate::pod::validate_template(&template, &path));
        errors.extend(runs_for_ever(&template, "ReplicationController", &path));
        errors
    }

    fn validate_update(&self, part: Part, controller: &ReplicationController, _old: &ReplicationController) -> ErrorList {
        if part == Part::Main {
            return self.validate(controller);
        }
        let status = controller.status.clone().unwrap_or_default();
        counts(&Counts {
            replicas: status.replicas,
            fully_labeled: status.fully_labeled_replicas.unwrap_or_default(),
            ready: status.ready_replicas.unwrap_or_default(),
            available: status.available_replicas.unwrap_or_default(),
            observed_generation: status.observed_generation.unwrap_or_default(),
        })
    }

    crate::parts::warnings_of_pods!(ReplicationController, named: true, |controller| {
        let template = controller.spec.as_ref().and_then(|spec| spec.template.as_ref());
        template.map(|template| crate::pod::template_warnings(template, &Path::new("spec").child("template"))).unwrap_or_default()
    });

    fn has_generation(&self) -> bool {
        true
    }

    fn generation_changes(&self, controller: &ReplicationController, old: &ReplicationController) -> bool {
        controller.spec != old.spec
    }

    fn fields(&self, controller: &ReplicationController) -> Vec<(&'static str, String)> {
        vec![("status.replicas", controller.status.as_ref().map_or(0, |status| status.replicas).to_string())]
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["status.replicas"]
    }
}
