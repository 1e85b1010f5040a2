//! What may change in a pod that runs, each by a subresource of its own: ephemeral containers are added, resources are resized.

use api::{ApiError, FieldError, Object, Path};
use k8s_openapi::api::core::v1::Pod;

use super::typed;

/// `pods/ephemeralcontainers`: containers are added; those that are there stay as they are.
pub fn ephemeral_containers(old: &dyn Object, wanted: &dyn Object) -> Result<Box<dyn Object>, ApiError> {
    let mut pod: Pod = typed::<Pod>(old)?.clone();
    let wanted = typed::<Pod>(wanted)?.spec.as_ref().and_then(|spec| spec.ephemeral_containers.clone()).unwrap_or_default();
    let path = Path::new("spec").child("ephemeralContainers");
    let name = pod.metadata.name.clone().unwrap_or_default();
    let spec = pod.spec.get_or_insert_default();
    let mut errors = Vec::new();
    for existing in spec.ephemeral_containers.iter().flatten() {
        match wanted.iter().find(|container| container.name == existing.name) {
            None => {
                errors
                    .push(FieldError::forbidden(&path, format!("existing ephemeral containers {:?} may not be removed\n", existing.name)));
            }
            Some(container) if container != existing => {
                errors
                    .push(FieldError::forbidden(&path, format!("existing ephemeral containers {:?} may not be changed\n", existing.name)));
            }
            Some(_) => {}
        }
    }
    let taken: Vec<&str> =
        spec.containers.iter().chain(spec.init_containers.iter().flatten()).map(|container| container.name.as_str()).collect();
    for (index, container) in wanted.iter().enumerate() {
        let at = path.index(index);
        if container.name.is_empty() {
            errors.push(FieldError::required(&at.child("name"), ""));
        } else if taken.contains(&container.name.as_str()) || wanted[..index].iter().any(|other| other.name == container.name) {
            errors.push(FieldError::duplicate(&at.child("name"), container.name.as_str()));
        }
        if container.image.as_deref().unwrap_or_default().is_empty() {
            errors.push(FieldError::required(&at.child("image"), ""));
        }
    }
    if !errors.is_empty() {
        return Err(ApiError::invalid("", "Pod", &name, &errors));
    }
    spec.ephemeral_containers = Some(wanted).filter(|containers| !containers.is_empty());
    kinds::POD.behaviour.default(&mut pod);
    Ok(Box::new(pod))
}

/// `pods/resize`: requests and limits of cpu and memory.
pub fn resize(old: &dyn Object, wanted: &dyn Object) -> Result<Box<dyn Object>, ApiError> {
    let mut pod: Pod = typed::<Pod>(old)?.clone();
    let Some(wanted) = typed::<Pod>(wanted)?.spec.clone() else { return Ok(Box::new(pod)) };
    let name = pod.metadata.name.clone().unwrap_or_default();
    let spec = pod.spec.get_or_insert_default();
    let pairs = [
        ("containers", Some(&mut spec.containers), Some(wanted.containers)),
        ("initContainers", spec.init_containers.as_mut(), wanted.init_containers),
    ];
    let mut changed = false;
    for (field, own, wanted) in pairs {
        let (Some(own), Some(wanted)) = (own, wanted) else { continue };
        for (container, wanted) in own.iter_mut().zip(wanted) {
            if container.name != wanted.name {
                let fault = FieldError::forbidden(&Path::new("spec").child(field), "containers may not be renamed or reordered on resize");
                return Err(ApiError::invalid("", "Pod", &name, &vec![fault]));
            }
            changed |= container.resources != wanted.resources;
            container.resources = wanted.resources;
            container.resize_policy = wanted.resize_policy;
        }
    }
    if changed && let Some(generation) = &mut pod.metadata.generation {
        *generation += 1;
    }
    Ok(Box::new(pod))
}
