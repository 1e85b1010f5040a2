//! Dynamic resource allocation: claims, their templates, slices, classes and taints of devices.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::resource::v1::{DeviceTaintRule, ResourceClaim, ResourceClaimSpec, ResourceClaimTemplate, ResourceSlice};

use crate::Part;
use crate::rules::{fill, immutable, label, one_of, required_one_of, subdomain, text};

const MAX_REQUESTS: usize = 32;
const MODES: &[&str] = &["All", "ExactCount"];

pub(crate) struct ResourceClaimBehaviour;

impl crate::Behaviour<ResourceClaim> for ResourceClaimBehaviour {
    fn default(&self, claim: &mut ResourceClaim) {
        default_spec(claim.spec.get_or_insert_default());
        claim.status.get_or_insert_default();
    }
    crate::parts::separate_status!(ResourceClaim);
    fn validate(&self, claim: &ResourceClaim) -> ErrorList {
        spec(&claim.spec.clone().unwrap_or_default(), &Path::new("spec"))
    }
    fn validate_update(&self, part: Part, claim: &ResourceClaim, old: &ResourceClaim) -> ErrorList {
        if part == Part::Status { ErrorList::new() } else { immutable(&claim.spec, &old.spec, &Path::new("spec")).into_iter().collect() }
    }
}

pub(crate) struct ResourceClaimTemplateBehaviour;

impl crate::Behaviour<ResourceClaimTemplate> for ResourceClaimTemplateBehaviour {
    fn default(&self, template: &mut ResourceClaimTemplate) {
        let spec = template.spec.get_or_insert_default();
        spec.metadata.get_or_insert_default();
        default_spec(spec.spec.get_or_insert_default());
    }
    fn validate(&self, template: &ResourceClaimTemplate) -> ErrorList {
        let claim = template.spec.as_ref().and_then(|spec| spec.spec.clone()).unwrap_or_default();
        spec(&claim, &Path::new("spec").child("spec"))
    }
    fn validate_update(&self, _part: Part, template: &ResourceClaimTemplate, old: &ResourceClaimTemplate) -> ErrorList {
        let mut errors: ErrorList = immutable(&template.spec, &old.spec, &Path::new("spec")).into_iter().collect();
        errors.extend(self.validate(template));
        errors
    }
}

fn default_spec(spec: &mut ResourceClaimSpec) {
    let devices = spec.devices.get_or_insert_default();
    for request in devices.requests.iter_mut().flatten() {
        if let Some(exact) = &mut request.exactly {
            fill(&mut exact.allocation_mode, "ExactCount");
            if text(&exact.allocation_mode) == "ExactCount" && exact.count.unwrap_or_default() == 0 {
                exact.count = Some(1);
            }
        }
        for alternative in request.first_available.iter_mut().flatten() {
            fill(&mut alternative.allocation_mode, "ExactCount");
            if text(&alternative.allocation_mode) == "ExactCount" && alternative.count.unwrap_or_default() == 0 {
                alternative.count = Some(1);
            }
        }
    }
}

fn spec(spec: &ResourceClaimSpec, path: &Path) -> ErrorList {
    let path = path.child("devices").child("requests");
    let requests = spec.devices.as_ref().and_then(|devices| devices.requests.clone()).unwrap_or_default();
    let mut errors = ErrorList::new();
    if requests.len() > MAX_REQUESTS {
        errors.push(FieldError::too_many(&path, requests.len(), MAX_REQUESTS));
    }
    let mut seen = BTreeSet::new();
    for (index, request) in requests.iter().enumerate() {
        let path = path.index(index);
        if request.name.is_empty() {
            errors.push(FieldError::required(&path.child("name"), ""));
        } else {
            errors.extend(label(&request.name, &path.child("name")));
            if !seen.insert(request.name.clone()) {
                errors.push(FieldError::duplicate(&path, request.name.as_str()));
            }
        }
        let alternatives = request.first_available.as_deref().unwrap_or_default();
        match &request.exactly {
            None if alternatives.is_empty() => {
                errors.push(FieldError::required(&path, "exactly one of `exactly` or `firstAvailable` is required"));
            }
            Some(_) if !alternatives.is_empty() => {
                let detail = "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set";
                errors.push(FieldError::invalid(&path, serde_json::Value::Null, detail));
            }
            Some(exact) => {
                let path = path.child("exactly");
                errors.extend(class(&exact.device_class_name, &path));
                errors.extend(count(text(&exact.allocation_mode), exact.count, &path));
            }
            None => {
                for (index, alternative) in alternatives.iter().enumerate() {
                    let path = path.child("firstAvailable").index(index);
                    errors.extend(label(&alternative.name, &path.child("name")));
                    errors.extend(class(&alternative.device_class_name, &path));
                    errors.extend(count(text(&alternative.allocation_mode), alternative.count, &path));
                }
            }
        }
    }
    errors
}

fn class(name: &str, path: &Path) -> ErrorList {
    let path = path.child("deviceClassName");
    if name.is_empty() { vec![FieldError::required(&path, "")] } else { subdomain(name, &path) }
}

fn count(mode: &str, count: Option<i64>, path: &Path) -> Option<FieldError> {
    let count = count.unwrap_or_default();
    match mode {
        "All" if count != 0 => Some(FieldError::invalid(&path.child("count"), count, "must not be specified when allocationMode is 'All'")),
        "ExactCount" if count <= 0 => Some(FieldError::invalid(&path.child("count"), count, "must be greater than zero")),
        "All" | "ExactCount" => None,
        other => one_of(other, MODES, &path.child("allocationMode")),
    }
}

pub(crate) struct ResourceSliceBehaviour;

impl crate::Behaviour<ResourceSlice> for ResourceSliceBehaviour {
    fn validate(&self, slice: &ResourceSlice) -> ErrorList {
        let (spec, path) = (&slice.spec, Path::new("spec"));
        let mut errors = ErrorList::new();
        if spec.driver.is_empty() {
            errors.push(FieldError::required(&path.child("driver"), ""));
        } else {
            errors.extend(subdomain(&spec.driver, &path.child("driver")));
        }
        if spec.pool.name.is_empty() {
            errors.push(FieldError::required(&path.child("pool").child("name"), ""));
        }
        let mut seen = BTreeSet::new();
        for (index, device) in spec.devices.iter().flatten().enumerate() {
            let path = path.child("devices").index(index);
            errors.extend(label(&device.name, &path.child("name")));
            if !seen.insert(&device.name) {
                errors.push(FieldError::duplicate(&path.child("name"), device.name.as_str()));
            }
        }
        errors
    }
    fn validate_update(&self, _part: Part, slice: &ResourceSlice, old: &ResourceSlice) -> ErrorList {
        let path = Path::new("spec");
        let mut errors = self.validate(slice);
        errors.extend(immutable(&slice.spec.driver, &old.spec.driver, &path.child("driver")));
        errors.extend(immutable(&slice.spec.pool.name, &old.spec.pool.name, &path.child("pool").child("name")));
        errors.extend(immutable(&slice.spec.node_name, &old.spec.node_name, &path.child("nodeName")));
        errors
    }
    crate::parts::generation_of!(spec, ResourceSlice);
    fn fields(&self, slice: &ResourceSlice) -> Vec<(&'static str, String)> {
        vec![("spec.nodeName", text(&slice.spec.node_name).to_owned()), ("spec.driver", slice.spec.driver.clone())]
    }
    fn field_names(&self) -> &'static [&'static str] {
        &["spec.nodeName", "spec.driver"]
    }
}

pub(crate) struct DeviceTaintRuleBehaviour;

impl crate::Behaviour<DeviceTaintRule> for DeviceTaintRuleBehaviour {
    crate::parts::separate_status!(DeviceTaintRule);
    fn validate(&self, rule: &DeviceTaintRule) -> ErrorList {
        let path = Path::new("spec").child("taint");
        let mut errors = api::metadata::label_name(&rule.spec.taint.key, &path.child("key"));
        errors.extend(required_one_of(&rule.spec.taint.effect, &["NoExecute", "NoSchedule", "None"], &path.child("effect")));
        errors
    }
    crate::parts::validate_changes_alike!(DeviceTaintRule);
    crate::parts::generation_of!(spec, DeviceTaintRule);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{check_create, check_default};
    use crate::{RESOURCE_CLAIM, RESOURCE_SLICE};

    #[test]
    fn claims_and_slices() {
        let claim = |request| json!({"metadata": {"name": "c"}, "spec": {"devices": {"requests": [request]}}});
        check_default(
            &RESOURCE_CLAIM,
            claim(json!({"name": "r", "exactly": {"deviceClassName": "gpu"}})),
            json!({"devices": {"requests": [{"name": "r", "exactly": {"deviceClassName": "gpu", "allocationMode": "ExactCount", "count": 1}}]}}),
        );
        check_create(
            &RESOURCE_CLAIM,
            claim(json!({"name": "r", "exactly": {"deviceClassName": "", "allocationMode": "All", "count": 2}})),
            &[
                "spec.devices.requests[0].exactly.deviceClassName: Required value",
                "spec.devices.requests[0].exactly.count: Invalid value: 2: must not be specified when allocationMode is 'All'",
            ],
        );
        check_create(
            &RESOURCE_SLICE,
            json!({"metadata": {"name": "s"}, "spec": {"driver": "", "pool": {"name": "", "generation": 0, "resourceSliceCount": 1}}}),
            &["spec.driver: Required value", "spec.pool.name: Required value"],
        );
    }
}
