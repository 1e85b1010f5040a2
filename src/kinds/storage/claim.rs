//! PersistentVolumeClaims.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path, metadata};
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, PersistentVolumeClaimSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::Part;
use crate::rules::{amount, fill, immutable, one_of, resource_amount, subdomain, text};

pub(crate) const ACCESS_MODES: &[&str] = &["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
pub(crate) const VOLUME_MODES: &[&str] = &["Block", "Filesystem"];
const OWN_GROUPS: &[&str] = &["", "core"];

pub(crate) struct ClaimBehaviour;

impl crate::Behaviour<PersistentVolumeClaim> for ClaimBehaviour {
    fn quantities(&self, claim: &mut PersistentVolumeClaim, visit: &mut dyn FnMut(&mut Quantity)) {
        if let Some(spec) = &mut claim.spec {
            quantities(spec, visit);
        }
        if let Some(status) = &mut claim.status {
            let lists = [&mut status.capacity, &mut status.allocated_resources];
            lists.into_iter().flatten().flat_map(|list| list.values_mut()).for_each(visit);
        }
    }

    fn nulls(&self, claim: &PersistentVolumeClaim) -> &'static [&'static str] {
        let conditions = claim.status.as_ref().and_then(|status| status.conditions.as_deref()).unwrap_or_default();
        let lacks = conditions.iter().any(|condition| condition.last_probe_time.is_none() || condition.last_transition_time.is_none());
        if lacks { &["status.conditions[].lastProbeTime", "status.conditions[].lastTransitionTime"] } else { &[] }
    }

    fn default(&self, claim: &mut PersistentVolumeClaim) {
        default_spec(claim.spec.get_or_insert_default());
        fill(&mut claim.status.get_or_insert_default().phase, "Pending");
    }

    fn prepare_create(&self, claim: &mut PersistentVolumeClaim) {
        claim.status =
            Some(k8s_openapi::api::core::v1::PersistentVolumeClaimStatus { phase: Some("Pending".to_owned()), ..Default::default() });
        normalize_sources(claim.spec.get_or_insert_default());
    }

    fn prepare_update(&self, part: Part, claim: &mut PersistentVolumeClaim, old: &PersistentVolumeClaim) {
        match part {
            Part::Main => {
                claim.status.clone_from(&old.status);
                normalize_sources(claim.spec.get_or_insert_default());
            }
            Part::Status => claim.spec.clone_from(&old.spec),
        }
    }

    fn warnings(&self, claim: &PersistentVolumeClaim, _old: Option<&PersistentVolumeClaim>) -> Vec<String> {
        let mut warnings = Vec::from_iter(crate::warnings::old_storage_class(&claim.metadata));
        warnings.extend(claim.spec.iter().flat_map(|spec| crate::warnings::claim(spec, &Path::new("spec"))));
        warnings
    }

    fn validate(&self, claim: &PersistentVolumeClaim) -> ErrorList {
        claim.spec.as_ref().map(|claim| spec(claim, &Path::new("spec"))).unwrap_or_default()
    }

    fn validate_update(&self, part: Part, claim: &PersistentVolumeClaim, old: &PersistentVolumeClaim) -> ErrorList {
        match part {
            Part::Main => change(claim, old),
            Part::Status => {
                let path = Path::new("status").child("capacity");
                let capacity = claim.status.iter().flat_map(|status| status.capacity.iter().flatten());
                capacity
                    .filter(|(_, quantity)| amount(quantity).sign() < 0)
                    .map(|(name, quantity)| {
                        FieldError::invalid(&path.key(name), amount(quantity).value(), "must be a valid resource quantity")
                    })
                    .collect()
            }
        }
    }
}

pub(crate) fn quantities(spec: &mut PersistentVolumeClaimSpec, visit: &mut dyn FnMut(&mut Quantity)) {
    let Some(resources) = &mut spec.resources else { return };
    [&mut resources.requests, &mut resources.limits].into_iter().flatten().flat_map(|list| list.values_mut()).for_each(visit);
}

/// Also of templates of claims.
pub(crate) fn default_spec(spec: &mut PersistentVolumeClaimSpec) {
    fill(&mut spec.volume_mode, "Filesystem");
    spec.resources.get_or_insert_default();
}

/// `dataSource` and `dataSourceRef` say the same where either can.
fn normalize_sources(spec: &mut PersistentVolumeClaimSpec) {
    use k8s_openapi::api::core::v1::{TypedLocalObjectReference, TypedObjectReference};
    match (&spec.data_source, &spec.data_source_ref) {
        (Some(source), None) => {
            let source = source.clone();
            spec.data_source_ref =
                Some(TypedObjectReference { api_group: source.api_group, kind: source.kind, name: source.name, namespace: None });
        }
        (None, Some(reference)) if text(&reference.namespace).is_empty() => {
            let reference = reference.clone();
            spec.data_source =
                Some(TypedLocalObjectReference { api_group: reference.api_group, kind: reference.kind, name: reference.name });
        }
        _ => {}
    }
}

/// The faults of a claim's specification.
pub(crate) fn spec(spec: &PersistentVolumeClaimSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let modes = spec.access_modes.as_deref().unwrap_or_default();
    let at = path.child("accessModes");
    if modes.is_empty() {
        errors.push(FieldError::required(&at, "at least 1 access mode is required"));
    }
    errors.extend(metadata::label_selector(spec.selector.as_ref(), &path.child("selector")));
    errors.extend(access_modes(modes, &at));
    match spec.resources.as_ref().and_then(|resources| resources.requests.as_ref()?.get("storage")) {
        None => errors.push(FieldError::required(&path.child("resources").child("storage"), "")),
        Some(storage) => {
            let at = path.child("resources").child("storage");
            errors.extend(resource_amount("storage", storage, &at));
            if amount(storage).sign() <= 0 {
                errors.push(FieldError::invalid(&at, storage.0.as_str(), "must be greater than zero"));
            }
        }
    }
    if !text(&spec.storage_class_name).is_empty() {
        errors.extend(subdomain(text(&spec.storage_class_name), &path.child("storageClassName")));
    }
    if let Some(mode) = &spec.volume_mode {
        errors.extend(one_of(mode, VOLUME_MODES, &path.child("volumeMode")));
    }
    if let Some(source) = &spec.data_source {
        let at = path.child("dataSource");
        for (field, value) in [("name", &source.name), ("kind", &source.kind)] {
            if value.is_empty() {
                errors.push(FieldError::required(&at.child(field), ""));
            }
        }
        if OWN_GROUPS.contains(&text(&source.api_group)) && source.kind != "PersistentVolumeClaim" {
            errors.push(FieldError::invalid(&at, source.kind.as_str(), ""));
        }
    }
    if !text(&spec.volume_attributes_class_name).is_empty() {
        errors.extend(subdomain(text(&spec.volume_attributes_class_name), &path.child("volumeAttributesClassName")));
    }
    errors
}

/// Modes from the list; `ReadWriteOncePod` stands alone.
pub(crate) fn access_modes(modes: &[String], path: &Path) -> ErrorList {
    let mut errors: ErrorList = modes.iter().filter_map(|mode| one_of(mode, ACCESS_MODES, path)).collect();
    let distinct: BTreeSet<&String> = modes.iter().collect();
    if distinct.len() > 1 && modes.iter().any(|mode| mode == "ReadWriteOncePod") {
        errors.push(FieldError::forbidden(path, "may not use ReadWriteOncePod with other access modes"));
    }
    errors
}

fn change(claim: &PersistentVolumeClaim, old: &PersistentVolumeClaim) -> ErrorList {
    let (new, before) = (claim.spec.clone().unwrap_or_default(), old.spec.clone().unwrap_or_default());
    let path = Path::new("spec");
    let mut errors = spec(&new, &path);
    let bound = claim.status.as_ref().is_some_and(|status| text(&status.phase) == "Bound");
    let mut rest = new.clone();
    let mut kept = before.clone();
    if text(&kept.volume_name).is_empty() {
        kept.volume_name.clone_from(&rest.volume_name);
    }
    if before.storage_class_name.is_none() {
        rest.storage_class_name = None;
    }
    let storage = |spec: &PersistentVolumeClaimSpec| {
        spec.resources.as_ref().and_then(|resources| resources.requests.as_ref()?.get("storage").cloned())
    };
    if bound {
        if let (Some(requests), Some(size)) = (rest.resources.as_mut().and_then(|resources| resources.requests.as_mut()), storage(&before))
        {
            requests.insert("storage".to_owned(), size);
        }
        if rest.volume_attributes_class_name.is_some() {
            rest.volume_attributes_class_name.clone_from(&kept.volume_attributes_class_name);
        }
    }
    if rest != kept {
        let difference = crate::difference::text(&kept, &rest);
        let detail = format!(
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n{difference}"
        );
        errors.push(FieldError::forbidden(&path, detail));
    }
    if let (Some(new), Some(before)) = (storage(&new), storage(&before))
        && amount(&new) < amount(&before)
    {
        let capacity = old.status.as_ref().and_then(|status| status.capacity.as_ref()?.get("storage").cloned());
        let floor = capacity.as_ref().map_or_else(|| api::Quantity::new(0, api::quantity::Format::BinarySi), amount);
        if amount(&new) <= floor {
            let path = path.child("resources").child("requests").child("storage");
            errors.push(FieldError::forbidden(&path, "field can not be less than status.capacity"));
        }
    }
    errors.extend(immutable(&new.volume_mode, &before.volume_mode, &Path::new("volumeMode")));
    let (mine, theirs) = (&new.volume_attributes_class_name, &before.volume_attributes_class_name);
    if theirs.is_some() && mine != theirs {
        let path = path.child("volumeAttributesClassName");
        match mine.as_deref() {
            None => errors.push(FieldError::forbidden(&path, "update from non-nil value to nil is forbidden")),
            Some("") => errors.push(FieldError::forbidden(&path, "update from non-nil value to an empty string is forbidden")),
            Some(_) => {}
        }
    }
    errors
}
