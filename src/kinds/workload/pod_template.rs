//! PodTemplates.

use api::{ErrorList, Path};
use k8s_openapi::api::core::v1::PodTemplate;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

pub(crate) struct PodTemplateBehaviour;

impl crate::Behaviour<PodTemplate> for PodTemplateBehaviour {
    fn quantities(&self, object: &mut PodTemplate, visit: &mut dyn FnMut(&mut Quantity)) {
        if let Some(spec) = object.template.as_mut().and_then(|template| template.spec.as_mut()) {
            crate::pod::spec_quantities(spec, visit);
        }
    }
    fn default(&self, object: &mut PodTemplate) {
        crate::pod::default_template(object.template.get_or_insert_default());
    }
    fn validate(&self, object: &PodTemplate) -> ErrorList {
        object.template.as_ref().map(|template| crate::pod::validate_template(template, &Path::new("template"))).unwrap_or_default()
    }
    crate::parts::validate_changes_alike!(PodTemplate);
    crate::parts::generation_of!(template, PodTemplate);
    crate::parts::warnings_of_pods!(PodTemplate, named: false, |object| {
        object.template.as_ref().map(|template| crate::pod::template_warnings(template, &Path::new("template"))).unwrap_or_default()
    });
}
