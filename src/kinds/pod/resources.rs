//! The faults of resource requests and limits.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::{PodSpec, ResourceClaim, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::requests;
use crate::rules::{amount, is_extended, is_huge_page, is_native, label, overcommits, qualified_name, resource_amount};

/// Shows every quantity of a pod's specification.
pub(crate) fn quantities(spec: &mut PodSpec, visit: &mut dyn FnMut(&mut Quantity)) {
    spec.overhead.iter_mut().flat_map(|list| list.values_mut()).for_each(&mut *visit);
    if let Some(resources) = &mut spec.resources {
        requirements(resources, visit);
    }
    for container in spec.containers.iter_mut().chain(spec.init_containers.iter_mut().flatten()) {
        if let Some(resources) = &mut container.resources {
            requirements(resources, visit);
        }
        container
            .env
            .iter_mut()
            .flatten()
            .filter_map(|variable| variable.value_from.as_mut()?.resource_field_ref.as_mut()?.divisor.as_mut())
            .for_each(&mut *visit);
    }
    for container in spec.ephemeral_containers.iter_mut().flatten() {
        if let Some(resources) = &mut container.resources {
            requirements(resources, visit);
        }
    }
    for volume in spec.volumes.iter_mut().flatten() {
        if let Some(limit) = volume.empty_dir.as_mut().and_then(|source| source.size_limit.as_mut()) {
            visit(limit);
        }
        let projected = volume.projected.iter_mut().flat_map(|source| source.sources.iter_mut().flatten());
        let projected = projected.filter_map(|source| source.downward_api.as_mut()?.items.as_mut());
        let own = volume.downward_api.iter_mut().filter_map(|source| source.items.as_mut());
        projected.chain(own).flatten().filter_map(|file| file.resource_field_ref.as_mut()?.divisor.as_mut()).for_each(&mut *visit);
        let claim = volume.ephemeral.as_mut().and_then(|source| source.volume_claim_template.as_mut());
        if let Some(resources) = claim.and_then(|claim| claim.spec.resources.as_mut()) {
            let lists = [&mut resources.requests, &mut resources.limits];
            lists.into_iter().flatten().flat_map(|list| list.values_mut()).for_each(&mut *visit);
        }
    }
}

pub(super) fn requirements(resources: &mut ResourceRequirements, visit: &mut dyn FnMut(&mut Quantity)) {
    for list in [&mut resources.requests, &mut resources.limits].into_iter().flatten() {
        list.values_mut().for_each(&mut *visit);
    }
}

/// Requests and limits of one container.
pub(super) fn of_container(resources: &ResourceRequirements, claims: &BTreeSet<&str>, path: &Path) -> ErrorList {
    lists(resources, container_resource_name, claims, path)
}

/// Requests and limits of the whole pod, against those of its containers.
pub(super) fn of_pod(spec: &PodSpec, claims: &BTreeSet<&str>, path: &Path) -> ErrorList {
    let Some(resources) = &spec.resources else { return ErrorList::new() };
    let mut errors = ErrorList::new();
    if resources.claims.is_some() {
        errors.push(FieldError::forbidden(&path.child("claims"), "claims cannot be set for Resources at pod-level"));
    }
    errors.extend(lists(resources, pod_resource_name, claims, path));
    for (name, of_containers) in requests::of_containers(spec) {
        if !matches!(name.as_str(), "cpu" | "memory") && !is_huge_page(&name) {
            continue;
        }
        let of_pod = resources.requests.as_ref().and_then(|requests| requests.get(&name));
        if of_pod.is_none_or(|of_pod| amount(of_pod) < of_containers) {
            let value = of_pod.map_or("0", |of_pod| of_pod.0.as_str());
            let detail = format!("must be greater than or equal to aggregate container requests of {of_containers}");
            errors.push(FieldError::invalid(&path.child("requests").key(&name), value, detail));
        }
    }
    for (index, container) in spec.containers.iter().enumerate() {
        for (name, limit) in container.resources.iter().flat_map(|resources| resources.limits.iter().flatten()) {
            let Some(of_pod) = resources.limits.as_ref().and_then(|limits| limits.get(name)) else { continue };
            if amount(limit) > amount(of_pod) {
                let path = path.child("containers").index(index).key(name).child("limits");
                errors.push(FieldError::invalid(
                    &path,
                    limit.0.as_str(),
                    format!("must be less than or equal to pod limits of {}", of_pod.0),
                ));
            }
        }
    }
    errors
}

fn lists(resources: &ResourceRequirements, name_rule: fn(&str, &Path) -> ErrorList, claims: &BTreeSet<&str>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let (limits_path, requests_path) = (path.child("limits"), path.child("requests"));
    let (mut computes, mut huge_pages) = (false, false);
    let mut note = |name: &str| {
        computes |= matches!(name, "cpu" | "memory");
        huge_pages |= is_huge_page(name);
    };
    for (name, limit) in resources.limits.iter().flatten() {
        let path = limits_path.key(name);
        errors.extend(name_rule(name, &path));
        errors.extend(resource_amount(name, limit, &path));
        errors.extend(huge_page_amount(name, limit, &path));
        note(name);
    }
    for (name, request) in resources.requests.iter().flatten() {
        let path = requests_path.key(name);
        errors.extend(name_rule(name, &path));
        errors.extend(resource_amount(name, request, &path));
        match resources.limits.as_ref().and_then(|limits| limits.get(name)) {
            Some(limit) if !overcommits(name) && amount(request) != amount(limit) => {
                let detail = format!("must be equal to {name} limit of {}", limit.0);
                errors.push(FieldError::invalid(&requests_path, request.0.as_str(), detail));
            }
            Some(limit) if amount(request) > amount(limit) => {
                let detail = format!("must be less than or equal to {name} limit of {}", limit.0);
                errors.push(FieldError::invalid(&requests_path, request.0.as_str(), detail));
            }
            None if !overcommits(name) => {
                errors.push(FieldError::required(&limits_path, "Limit must be set for non overcommitable resources"));
            }
            _ => {}
        }
        errors.extend(huge_page_amount(name, request, &path));
        note(name);
    }
    if huge_pages && !computes {
        errors.push(FieldError::forbidden(path, "HugePages require cpu or memory"));
    }
    errors.extend(claim_names(resources.claims.as_deref().unwrap_or_default(), claims, &path.child("claims")));
    errors
}

fn claim_names(list: &[ResourceClaim], known: &BTreeSet<&str>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for (index, claim) in list.iter().enumerate() {
        let path = path.index(index);
        if claim.name.is_empty() {
            errors.push(FieldError::required(&path, ""));
            continue;
        }
        let request = claim.request.as_deref().filter(|request| !request.is_empty());
        let key = request.map_or_else(|| claim.name.clone(), |request| format!("{}/{request}", claim.name));
        errors.extend(request.iter().flat_map(|request| label(request, &path.child("request"))));
        let whole = format!("{}/", claim.name);
        if seen.contains(&claim.name) {
            errors.push(FieldError::duplicate(&path, claim.name.as_str()));
        } else if seen.contains(&key) {
            errors.push(FieldError::duplicate(&path, key.as_str()));
        } else if request.is_none() && seen.iter().any(|other| other.starts_with(&whole)) {
            errors.push(FieldError::duplicate(&path, claim.name.as_str()));
        }
        seen.insert(key);
        if !known.contains(claim.name.as_str()) {
            let mut error = FieldError::not_found(&path, claim.name.as_str());
            let names: Vec<&str> = known.iter().copied().collect();
            let list = if names.is_empty() { " which is empty".to_owned() } else { format!(": {}", names.join(", ")) };
            error.detail = format!("must be one of the names in pod.spec.resourceClaims{list}");
            errors.push(error);
        }
    }
    errors
}

fn huge_page_amount(name: &str, quantity: &Quantity, path: &Path) -> Option<FieldError> {
    let size: api::Quantity = name.strip_prefix("hugepages-")?.parse().ok()?;
    let (value, size) = (amount(quantity).value(), size.value());
    let divides = size > 0 && value >= 0 && value % size == 0;
    (!divides).then(|| FieldError::invalid(path, quantity.0.as_str(), format!("{} is not positive integer multiple of {name}", quantity.0)))
}

fn resource_name(name: &str, path: &Path) -> ErrorList {
    let mut errors = qualified_name(name, path);
    const STANDARD: &[&str] = &["cpu", "memory", "ephemeral-storage", "storage"];
    let standard = STANDARD.contains(&name) || is_huge_page(name) || name.starts_with("requests.") || name.starts_with("limits.");
    if errors.is_empty() && !name.contains('/') && !standard && !crate::rules::counts_things(name) {
        errors.push(FieldError::invalid(path, name, "must be a standard resource type or fully qualified"));
    }
    errors
}

/// The name of a resource that a container may ask for.
pub(super) fn container_resource_name(name: &str, path: &Path) -> ErrorList {
    let mut errors = resource_name(name, path);
    if !name.contains('/') {
        if !matches!(name, "cpu" | "memory" | "ephemeral-storage") && !is_huge_page(name) {
            errors.push(FieldError::invalid(path, name, "must be a standard resource for containers"));
        }
    } else if !is_native(name) && !is_extended(name) {
        errors.push(FieldError::invalid(path, name, "doesn't follow extended resource name standard"));
    }
    errors
}

fn pod_resource_name(name: &str, path: &Path) -> ErrorList {
    let mut errors = resource_name(name, path);
    if errors.is_empty() && !matches!(name, "cpu" | "memory") && !is_huge_page(name) {
        errors.push(FieldError::not_supported(path, name, &["cpu", "hugepages-", "memory"]));
    }
    errors
}
