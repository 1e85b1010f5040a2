//! Ingresses and their classes.

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, Ingress, IngressBackend, IngressClass, IngressClassParametersReference, IngressRule, IngressSpec, IngressStatus,
};

use crate::Part;
use crate::rules::{drop_empty, immutable, invalid, json, label, port_number, subdomain, text};

const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";
/// What no path may contain, and what none may end with.
const NOT_WITHIN: &[&str] = &["//", "/./", "/../", "%2f", "%2F"];
const NOT_AT_END: &[&str] = &["/..", "/."];

pub(crate) struct IngressBehaviour;

impl crate::Behaviour<Ingress> for IngressBehaviour {
    fn default(&self, ingress: &mut Ingress) {
        let spec = ingress.spec.get_or_insert_default();
        let paths = spec.rules.iter_mut().flatten().flat_map(|rule| rule.http.iter_mut().flat_map(|http| &mut http.paths));
        for path in paths {
            drop_empty(&mut path.path);
        }
        for rule in spec.rules.iter_mut().flatten() {
            drop_empty(&mut rule.host);
        }
        ingress.status.get_or_insert_default().load_balancer.get_or_insert_default();
    }

    fn prepare_create(&self, ingress: &mut Ingress) {
        ingress.status = Some(IngressStatus { load_balancer: Some(Default::default()) });
    }

    fn prepare_update(&self, part: Part, ingress: &mut Ingress, old: &Ingress) {
        match part {
            Part::Main => ingress.status.clone_from(&old.status),
            Part::Status => ingress.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, ingress: &Ingress) -> ErrorList {
        let mut errors = spec(&ingress.spec.clone().unwrap_or_default(), &Path::new("spec"));
        let annotation = ingress.metadata.annotations.as_ref().and_then(|annotations| annotations.get(CLASS_ANNOTATION));
        if let (Some(annotation), Some(class)) = (annotation, ingress.spec.as_ref().and_then(|spec| spec.ingress_class_name.as_ref()))
            && annotation != class
        {
            let path = Path::new("annotations").child(CLASS_ANNOTATION);
            errors.push(FieldError::invalid(&path, annotation.as_str(), "must match `ingressClassName` when both are specified"));
        }
        errors
    }

    fn validate_update(&self, part: Part, ingress: &Ingress, _old: &Ingress) -> ErrorList {
        if part == Part::Main {
            return spec(&ingress.spec.clone().unwrap_or_default(), &Path::new("spec"));
        }
        let path = Path::new("status").child("loadBalancer").child("ingress");
        let mut errors = ErrorList::new();
        let entries =
            ingress.status.iter().flat_map(|status| status.load_balancer.iter().flat_map(|balancer| balancer.ingress.iter().flatten()));
        for (index, entry) in entries.enumerate() {
            if !text(&entry.ip).is_empty() {
                errors.extend(api::addresses::legacy_ip(text(&entry.ip), false, &path.index(index).child("ip")));
            }
            if !text(&entry.hostname).is_empty() {
                errors.extend(subdomain(text(&entry.hostname), &path.index(index).child("hostname")));
            }
        }
        errors
    }

    crate::parts::generation_of!(spec, Ingress);

    fn warnings(&self, ingress: &Ingress, old: Option<&Ingress>) -> Vec<String> {
        let annotated = ingress.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(CLASS_ANNOTATION));
        if annotated && old.is_none() && ingress.spec.as_ref().is_none_or(|spec| spec.ingress_class_name.is_none()) {
            return vec![format!(
                "annotation {} is deprecated, please use 'spec.ingressClassName' instead",
                api::field::quoted(CLASS_ANNOTATION)
            )];
        }
        Vec::new()
    }
}

fn spec(spec: &IngressSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let rules = spec.rules.as_deref().unwrap_or_default();
    if rules.is_empty() && spec.default_backend.is_none() {
        errors.push(FieldError::invalid(path, json(spec), "either `defaultBackend` or `rules` must be specified"));
    }
    if let Some(one) = &spec.default_backend {
        errors.extend(backend(one, &path.child("defaultBackend")));
    }
    errors.extend(rules.iter().enumerate().flat_map(|(index, one)| rule(one, &path.child("rules").index(index))));
    for (index, tls) in spec.tls.iter().flatten().enumerate() {
        let path = path.child("tls").index(index);
        for (index, host) in tls.hosts.iter().flatten().enumerate() {
            errors.extend(self::host(host, &path.child("hosts").index(index)));
        }
        if !text(&tls.secret_name).is_empty() {
            errors.extend(subdomain(text(&tls.secret_name), &path.child("secretName")));
        }
    }
    if let Some(class) = &spec.ingress_class_name {
        errors.extend(subdomain(class, &path.child("ingressClassName")));
    }
    errors
}

fn host(host: &str, path: &Path) -> ErrorList {
    let faults = if host.contains('*') { names::wildcard_dns1123_subdomain(host) } else { names::dns1123_subdomain(host, false) };
    invalid(path, host, faults).collect()
}

fn rule(rule: &IngressRule, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let name = text(&rule.host);
    if !name.is_empty() {
        if api::addresses::parse_sloppy(name).is_some() {
            errors.push(FieldError::invalid(&path.child("host"), name, "must be a DNS name, not an IP address"));
        }
        errors.extend(host(name, &path.child("host")));
    }
    if let Some(http) = &rule.http {
        let path = path.child("http").child("paths");
        if http.paths.is_empty() {
            errors.push(FieldError::required(&path, ""));
        }
        errors.extend(http.paths.iter().enumerate().flat_map(|(index, one)| http_path(one, &path.index(index))));
    }
    errors
}

fn http_path(one: &HTTPIngressPath, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let file = text(&one.path);
    let at = path.child("path");
    match one.path_type.as_str() {
        "Exact" | "Prefix" => {
            if !file.starts_with('/') {
                errors.push(FieldError::invalid(&at, file, "must be an absolute path"));
            }
            for part in NOT_WITHIN.iter().filter(|part| file.contains(**part)) {
                errors.push(FieldError::invalid(&at, file, format!("must not contain '{part}'")));
            }
            for end in NOT_AT_END.iter().filter(|end| file.ends_with(**end)) {
                errors.push(FieldError::invalid(&at, file, format!("cannot end with '{end}'")));
            }
        }
        "ImplementationSpecific" => {
            if !file.is_empty() && !file.starts_with('/') {
                errors.push(FieldError::invalid(&at, file, "must be an absolute path"));
            }
        }
        "" => errors.push(FieldError::required(&path.child("pathType"), "pathType must be specified")),
        other => errors.push(FieldError::not_supported(&path.child("pathType"), other, &["Exact", "ImplementationSpecific", "Prefix"])),
    }
    errors.extend(backend(&one.backend, &path.child("backend")));
    errors
}

fn backend(backend: &IngressBackend, path: &Path) -> ErrorList {
    let service = match (&backend.resource, &backend.service) {
        (Some(_), Some(_)) => return vec![FieldError::invalid(path, "", "cannot set both resource and service backends")],
        (Some(resource), None) => {
            let at = path.child("resource");
            let required = |field: &str, value: &str| value.is_empty().then(|| FieldError::required(&at.child(field), ""));
            return [required("kind", &resource.kind), required("name", &resource.name)].into_iter().flatten().collect();
        }
        (None, None) => return vec![FieldError::required(path, "resource or service backend is required")],
        (None, Some(service)) => service,
    };
    let at = path.child("service");
    let mut errors = ErrorList::new();
    if service.name.is_empty() {
        errors.push(FieldError::required(&at.child("name"), ""));
    } else {
        errors.extend(invalid(&at.child("name"), &service.name, names::dns1035_label(&service.name, false)));
    }
    let port = service.port.clone().unwrap_or_default();
    match (text(&port.name), port.number.unwrap_or_default()) {
        ("", 0) => errors.push(FieldError::required(path, "port name or number is required")),
        (_, number) if !text(&port.name).is_empty() && number != 0 => {
            errors.push(FieldError::invalid(path, "", "cannot set both port name & port number"));
        }
        ("", number) => errors.extend(port_number(number, &at.child("port").child("number"))),
        (name, _) => errors.extend(invalid(&at.child("port").child("name"), name, names::port_name(name))),
    }
    errors
}

pub(crate) struct IngressClassBehaviour;

impl crate::Behaviour<IngressClass> for IngressClassBehaviour {
    fn default(&self, class: &mut IngressClass) {
        let parameters = class.spec.get_or_insert_default().parameters.as_mut();
        if let Some(parameters) = parameters {
            crate::rules::fill(&mut parameters.scope, "Cluster");
        }
    }

    fn validate(&self, class: &IngressClass) -> ErrorList {
        let spec = class.spec.clone().unwrap_or_default();
        let path = Path::new("spec");
        let mut errors = controller(text(&spec.controller), &path.child("controller"));
        errors.extend(spec.parameters.iter().flat_map(|parameters| self::parameters(parameters, &path.child("parameters"))));
        errors
    }

    fn validate_update(&self, _part: Part, class: &IngressClass, old: &IngressClass) -> ErrorList {
        let of = |class: &IngressClass| class.spec.as_ref().and_then(|spec| spec.controller.clone());
        let mut errors: ErrorList = immutable(&of(class), &of(old), &Path::new("spec").child("controller")).into_iter().collect();
        errors.extend(self.validate(class));
        errors
    }

    crate::parts::generation_of!(spec, IngressClass);
}

fn controller(controller: &str, path: &Path) -> ErrorList {
    const MAX_BYTES: usize = 250;
    if controller.len() > MAX_BYTES {
        return vec![FieldError::too_long(path, MAX_BYTES)];
    }
    if controller.is_empty() {
        return vec![FieldError::required(path, "must not be empty")];
    }
    match controller.split_once('/') {
        Some((domain, name)) if !name.is_empty() && names::dns1123_subdomain(domain, false).is_empty() => ErrorList::new(),
        _ => vec![FieldError::invalid(path, controller, "must be a domain-prefixed path (such as \"acme.io/foo\")")],
    }
}

fn parameters(parameters: &IngressClassParametersReference, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (field, value) in [("kind", &parameters.kind), ("name", &parameters.name)] {
        if value.is_empty() {
            errors.push(FieldError::required(&path.child(field), format!("{field} is required")));
        }
    }
    let namespace = text(&parameters.namespace);
    match text(&parameters.scope) {
        "Cluster" => {
            if !namespace.is_empty() {
                errors.push(FieldError::forbidden(&path.child("namespace"), "parameters.scope is set to 'Cluster'"));
            }
        }
        "Namespace" => {
            if namespace.is_empty() {
                errors.push(FieldError::required(&path.child("namespace"), "parameters.scope is set to 'Namespace'"));
            } else {
                errors.extend(label(namespace, &path.child("namespace")));
            }
        }
        "" => errors.push(FieldError::required(&path.child("scope"), "")),
        other => errors.push(FieldError::not_supported(&path.child("scope"), other, &["Cluster", "Namespace"])),
    }
    errors
}
