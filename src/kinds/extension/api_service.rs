//! APIServices.

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::{APIService, APIServiceStatus};

use crate::Part;
use crate::rules::text;

const PORT: i32 = 443;

pub(crate) struct ApiServiceBehaviour;

impl crate::Behaviour<APIService> for ApiServiceBehaviour {
    fn default(&self, service: &mut APIService) {
        if let Some(reference) = &mut service.spec.get_or_insert_default().service {
            reference.port.get_or_insert(PORT);
        }
        service.status.get_or_insert_default();
    }

    fn prepare_create(&self, service: &mut APIService) {
        service.status = Some(APIServiceStatus::default());
    }

    fn prepare_update(&self, part: Part, service: &mut APIService, old: &APIService) {
        match part {
            Part::Main => service.status.clone_from(&old.status),
            Part::Status => service.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, service: &APIService) -> ErrorList {
        let spec = service.spec.clone().unwrap_or_default();
        let path = Path::new("spec");
        let (group, version) = (text(&spec.group), text(&spec.version));
        let mut errors = ErrorList::new();
        let required = format!("{version}.{group}");
        if text(&service.metadata.name) != required {
            let detail = format!("must be `spec.version+\".\"+spec.group`: {}", api::field::quoted(&required));
            errors.push(FieldError::invalid(&Path::new("metadata").child("name"), text(&service.metadata.name), detail));
        }
        if !group.is_empty() {
            errors.extend(crate::rules::subdomain(group, &path.child("group")));
        }
        let faults = names::dns1035_label(version, false);
        if version.is_empty() || !faults.is_empty() {
            errors.push(FieldError::invalid(&path.child("version"), version, faults.join(",")));
        }
        for (field, value, most) in
            [("groupPriorityMinimum", spec.group_priority_minimum, 20_000), ("versionPriority", spec.version_priority, 1000)]
        {
            if !(1..=most).contains(&value) {
                let detail = format!("must be positive and less than {most}");
                errors.push(FieldError::invalid(&path.child(field), value, detail));
            }
        }
        let ca = spec.ca_bundle.as_ref().is_some_and(|bundle| !bundle.0.is_empty());
        let Some(reference) = &spec.service else {
            if ca {
                errors.push(FieldError::invalid(
                    &path.child("caBundle"),
                    format!("{} bytes", spec.ca_bundle.map_or(0, |bundle| bundle.0.len())),
                    "local APIServices may not have a caBundle",
                ));
            }
            if spec.insecure_skip_tls_verify == Some(true) {
                errors.push(FieldError::invalid(
                    &path.child("insecureSkipTLSVerify"),
                    true,
                    "local APIServices may not have insecureSkipTLSVerify",
                ));
            }
            return errors;
        };
        for (field, value) in [("namespace", &reference.namespace), ("name", &reference.name)] {
            if text(value).is_empty() {
                errors.push(FieldError::required(&path.child("service").child(field), ""));
            }
        }
        if ca && spec.insecure_skip_tls_verify == Some(true) {
            errors.push(FieldError::invalid(&path.child("insecureSkipTLSVerify"), true, "may not be true if caBundle is present"));
        }
        errors
    }

    crate::parts::validate_changes_alike!(APIService);

    fn name_errors(&self, name: &str, prefix: bool) -> Vec<String> {
        names::path_segment(name, prefix)
    }
}
