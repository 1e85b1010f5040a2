//! The faults of environment variables and of references to fields of the pod.

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::core::v1::{EnvFromSource, EnvVar, EnvVarSource, ObjectFieldSelector, ResourceFieldSelector};

use crate::rules::{amount, invalid, json, qualified_name, subdomain, text};

/// Fields of a pod that variables may show.
const FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
/// Fields that exist at all, for whoever shows fewer of them.
const KNOWN_FIELDS: &[&str] = &[
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.serviceAccountName",
    "spec.schedulerName",
    "status.phase",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
const RESOURCES: &[&str] =
    &["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];
const BYTES: &[&str] = &["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

/// `env`.
pub(super) fn variables(list: &[EnvVar], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, variable) in list.iter().enumerate() {
        let path = path.index(index);
        if variable.name.is_empty() {
            errors.push(FieldError::required(&path.child("name"), ""));
        } else {
            errors.extend(invalid(&path.child("name"), &variable.name, names::relaxed_environment_variable_name(&variable.name)));
        }
        if let Some(source) = &variable.value_from {
            errors.extend(value_from(source, text(&variable.value), &path.child("valueFrom")));
        }
    }
    errors
}

fn value_from(source: &EnvVarSource, value: &str, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut sources = 0;
    if let Some(field) = &source.field_ref {
        sources += 1;
        errors.extend(field_selector(field, FIELDS, &path.child("fieldRef")));
    }
    if let Some(resource) = &source.resource_field_ref {
        sources += 1;
        errors.extend(resource_selector(resource, false, &path.child("resourceFieldRef")));
    }
    if let Some(key) = &source.config_map_key_ref {
        sources += 1;
        errors.extend(key_selector(&key.name, &key.key, &path.child("configMapKeyRef")));
    }
    if let Some(key) = &source.secret_key_ref {
        sources += 1;
        errors.extend(key_selector(&key.name, &key.key, &path.child("secretKeyRef")));
    }
    if source.file_key_ref.is_some() {
        sources += 1;
    }
    if sources == 0 {
        let detail = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
        errors.push(FieldError::invalid(path, "", detail));
    } else if !value.is_empty() {
        errors.push(FieldError::invalid(path, "", "may not be specified when `value` is not empty"));
    } else if sources > 1 {
        errors.push(FieldError::invalid(path, "", "may not have more than one field specified at a time"));
    }
    errors
}

/// `envFrom`.
pub(super) fn sources(list: &[EnvFromSource], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, source) in list.iter().enumerate() {
        let at = path.index(index);
        let prefix = text(&source.prefix);
        if !prefix.is_empty() {
            errors.extend(invalid(&at.child("prefix"), prefix, names::relaxed_environment_variable_name(prefix)));
        }
        let references = [
            ("configMapRef", source.config_map_ref.as_ref().map(|reference| &reference.name)),
            ("secretRef", source.secret_ref.as_ref().map(|reference| &reference.name)),
        ];
        let mut count = 0;
        for (field, name) in references {
            let Some(name) = name else { continue };
            count += 1;
            let path = at.child(field).child("name");
            if name.is_empty() {
                errors.push(FieldError::required(&path, ""));
            } else {
                errors.extend(invalid(&path, name, names::dns1123_subdomain(name, true)));
            }
        }
        match count {
            0 => errors.push(FieldError::invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")),
            1 => {}
            _ => errors.push(FieldError::invalid(path, "", "may not have more than one field specified at a time")),
        }
    }
    errors
}

fn key_selector(name: &str, key: &str, path: &Path) -> ErrorList {
    let mut errors = subdomain(name, &path.child("name"));
    if key.is_empty() {
        errors.push(FieldError::required(&path.child("key"), ""));
    } else {
        errors.extend(invalid(&path.child("key"), key, names::config_map_key(key)));
    }
    errors
}

/// A field of the pod, with a key where it is a map: `metadata.labels['app']`.
pub(super) fn field_selector(selector: &ObjectFieldSelector, allowed: &[&str], path: &Path) -> ErrorList {
    if text(&selector.api_version).is_empty() {
        return vec![FieldError::required(&path.child("apiVersion"), "")];
    }
    if selector.field_path.is_empty() {
        return vec![FieldError::required(&path.child("fieldPath"), "")];
    }
    let field = selector.field_path.as_str();
    let subscript = field.strip_suffix("']").and_then(|field| field.split_once("['"));
    if let Some((field, key)) = subscript {
        return match field {
            "metadata.annotations" => qualified_name(&key.to_lowercase(), path),
            "metadata.labels" => qualified_name(key, path),
            _ if KNOWN_FIELDS.contains(&field) => vec![FieldError::invalid(path, field, "does not support subscript")],
            _ => vec![unknown_field(selector, path)],
        };
    }
    if text(&selector.api_version) != "v1" || !KNOWN_FIELDS.contains(&field) {
        return vec![unknown_field(selector, path)];
    }
    if allowed.contains(&field) { ErrorList::new() } else { vec![FieldError::not_supported(&path.child("fieldPath"), field, allowed)] }
}

fn unknown_field(selector: &ObjectFieldSelector, path: &Path) -> FieldError {
    let version = text(&selector.api_version);
    let field = selector.field_path.as_str();
    let why = if version == "v1" {
        format!("error converting fieldPath: field label not supported: {field}")
    } else {
        format!("error converting fieldPath: unsupported pod version: {version}")
    };
    FieldError::invalid(&path.child("fieldPath"), field, why)
}

/// A request or limit of a container. A volume names the container.
pub(super) fn resource_selector(selector: &ResourceFieldSelector, in_volume: bool, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let resource = selector.resource.as_str();
    let huge_pages = resource.starts_with("requests.hugepages-") || resource.starts_with("limits.hugepages-");
    if in_volume && text(&selector.container_name).is_empty() {
        errors.push(FieldError::required(&path.child("containerName"), ""));
    } else if resource.is_empty() {
        errors.push(FieldError::required(&path.child("resource"), ""));
    } else if !RESOURCES.contains(&resource) && !huge_pages {
        errors.push(FieldError::not_supported(&path.child("resource"), resource, RESOURCES));
    }
    let Some(divisor) = selector.divisor.as_ref().filter(|divisor| !amount(divisor).is_zero()) else { return errors };
    let (allowed, words): (&[&str], String) = match resource {
        "limits.cpu" | "requests.cpu" => (&["1m", "1"], "1m and 1 are supported with the cpu resource".to_owned()),
        "limits.memory" | "requests.memory" => (BYTES, format!("{} are supported with the memory resource", BYTES.join(", "))),
        "limits.ephemeral-storage" | "requests.ephemeral-storage" => {
            (BYTES, format!("{} are supported with the local ephemeral storage resource", BYTES.join(", ")))
        }
        _ if huge_pages => (BYTES, format!("{} are supported with the hugepages resource", BYTES.join(", "))),
        _ => return errors,
    };
    if !allowed.contains(&divisor.0.as_str()) {
        errors.push(FieldError::invalid(&path.child("divisor"), json(&resource), format!("only divisor's values {words}")));
    }
    errors
}
