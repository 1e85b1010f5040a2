//! The faults of a pod's specification as a whole.

use std::collections::{BTreeMap, BTreeSet};

use api::{ErrorList, FieldError, Path, metadata, names};
use k8s_openapi::api::core::v1::{Container, Pod, PodDNSConfig, PodSpec, PodTemplateSpec, Volume};

use super::{container, host_ports, resources, scheduling, security, volume};
use crate::rules::{invalid, json, label, one_of, qualified_name, required_one_of, resource_amount, subdomain, text};

const MAX_NAMESERVERS: usize = 3;
const MAX_SEARCH_PATHS: usize = 32;
const MAX_SEARCH_CHARACTERS: usize = 2048;
pub(super) const WINDOWS: &str = "windows";

/// Where a specification stands: only real pods have a name for their claims, and some rules hold for them alone.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub is_pod: bool,
    pub pod_name: &'a str,
}

/// What the containers of a pod may refer to.
pub(super) struct Surroundings<'a> {
    pub volumes: BTreeMap<&'a str, &'a Volume>,
    pub claims: BTreeSet<&'a str>,
    pub grace_period_seconds: Option<i64>,
    pub restart_policy: &'a str,
    pub host_users: bool,
}

/// A real pod, beyond its metadata.
pub(super) fn pod(pod: &Pod) -> ErrorList {
    let empty = PodSpec::default();
    let spec = pod.spec.as_ref().unwrap_or(&empty);
    let path = Path::new("spec");
    let annotations = pod.metadata.annotations.clone().unwrap_or_default();
    let mut errors = security::annotations(&annotations, spec, &Path::new("metadata").child("annotations"));
    errors.extend(pod_spec(spec, Context { is_pod: true, pod_name: text(&pod.metadata.name) }, &path));
    if text(&spec.service_account_name).is_empty() {
        for (index, volume) in spec.volumes.iter().flatten().enumerate() {
            for (source_index, source) in volume.projected.iter().flat_map(|projected| projected.sources.iter().flatten()).enumerate() {
                if source.service_account_token.is_some() {
                    let path = path
                        .child("volumes")
                        .index(index)
                        .child("projected")
                        .child("sources")
                        .index(source_index)
                        .child("serviceAccountToken");
                    errors.push(FieldError::forbidden(&path, "must not be specified when serviceAccountName is not set"));
                }
            }
        }
    }
    let lists = [("containers", &spec.containers), ("initContainers", spec.init_containers.as_ref().unwrap_or(&empty.containers))];
    for (name, list) in lists {
        for (index, container) in list.iter().enumerate() {
            errors.extend(padded_image(container, &path.child(name).index(index)));
        }
    }
    errors
}

/// A template's `image` may be padded, a pod's may not.
pub(super) fn padded_image(container: &Container, path: &Path) -> Option<FieldError> {
    let image = text(&container.image);
    (image.trim() != image).then(|| FieldError::invalid(&path.child("image"), image, "must not have leading or trailing whitespace"))
}

/// A template of pods: its labels, annotations and specification.
pub(crate) fn template(template: &PodTemplateSpec, path: &Path) -> ErrorList {
    let empty = BTreeMap::new();
    let no_spec = PodSpec::default();
    let meta = template.metadata.clone().unwrap_or_default();
    let spec = template.spec.as_ref().unwrap_or(&no_spec);
    let mut errors = metadata::labels(meta.labels.as_ref().unwrap_or(&empty), &path.child("labels"));
    errors.extend(metadata::annotations(meta.annotations.as_ref().unwrap_or(&empty), &path.child("annotations")));
    errors.extend(security::annotations(meta.annotations.as_ref().unwrap_or(&empty), spec, &path.child("annotations")));
    errors.extend(pod_spec(spec, Context { is_pod: false, pod_name: "" }, &path.child("spec")));
    if spec.ephemeral_containers.as_ref().is_some_and(|list| !list.is_empty()) {
        errors.push(FieldError::forbidden(
            &path.child("spec").child("ephemeralContainers"),
            "ephemeral containers not allowed in pod template",
        ));
    }
    errors
}

/// The specification itself.
pub(crate) fn pod_spec(spec: &PodSpec, context: Context<'_>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if spec.termination_grace_period_seconds.is_none() {
        errors.push(FieldError::required(&path.child("terminationGracePeriodSeconds"), ""));
    }
    let (volumes, faults) = volume::volumes(spec.volumes.as_deref().unwrap_or_default(), context, &path.child("volumes"));
    errors.extend(faults);
    let surroundings = Surroundings {
        volumes,
        claims: spec.resource_claims.iter().flatten().map(|claim| claim.name.as_str()).filter(|name| !name.is_empty()).collect(),
        grace_period_seconds: spec.termination_grace_period_seconds,
        restart_policy: text(&spec.restart_policy),
        host_users: spec.host_users.unwrap_or(true),
    };
    errors.extend(resource_claims(spec, &path.child("resourceClaims")));
    errors.extend(container::containers(&spec.containers, &surroundings, &path.child("containers")));
    let init_containers = spec.init_containers.as_deref().unwrap_or_default();
    errors.extend(container::init_containers(init_containers, &spec.containers, &surroundings, &path.child("initContainers")));
    errors.extend(container::ephemeral_containers(spec, &surroundings, &path.child("ephemeralContainers")));
    errors.extend(resources::of_pod(spec, &surroundings.claims, &path.child("resources")));
    errors.extend(host_ports::on_host_network(spec, context.is_pod, path));
    errors.extend(required_one_of(text(&spec.restart_policy), &["Always", "OnFailure", "Never"], &path.child("restartPolicy")));
    errors.extend(required_one_of(
        text(&spec.dns_policy),
        &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
        &path.child("dnsPolicy"),
    ));
    errors.extend(metadata::labels(spec.node_selector.as_ref().unwrap_or(&BTreeMap::new()), &path.child("nodeSelector")));
    errors.extend(security::of_pod(spec, path));
    errors.extend(scheduling::affinity(spec.affinity.as_ref(), &path.child("affinity")));
    errors.extend(dns_config(spec.dns_config.as_ref(), text(&spec.dns_policy), &path.child("dnsConfig")));
    for (index, gate) in spec.readiness_gates.iter().flatten().enumerate() {
        errors.extend(qualified_name(&gate.condition_type, &path.child("readinessGates").index(index).child("conditionType")));
    }
    let mut gates = BTreeSet::new();
    for (index, gate) in spec.scheduling_gates.iter().flatten().enumerate() {
        let path = path.child("schedulingGates").index(index);
        errors.extend(qualified_name(&gate.name, &path));
        if !gates.insert(gate.name.as_str()) {
            errors.push(FieldError::duplicate(&path, gate.name.as_str()));
        }
    }
    let constraints = spec.topology_spread_constraints.as_deref().unwrap_or_default();
    errors.extend(scheduling::topology_spread(constraints, &path.child("topologySpreadConstraints")));
    errors.extend(security::host_users(spec, path));
    errors.extend(names_and_numbers(spec, path));
    errors.extend(scheduling::tolerations(spec.tolerations.as_deref().unwrap_or_default(), &path.child("tolerations")));
    for (index, alias) in spec.host_aliases.iter().flatten().enumerate() {
        let path = path.child("hostAliases").index(index);
        errors.extend(api::addresses::legacy_ip(&alias.ip, false, &path.child("ip")));
        for (index, hostname) in alias.hostnames.iter().flatten().enumerate() {
            errors.extend(subdomain(hostname, &path.child("hostnames").index(index)));
        }
    }
    for (name, quantity) in spec.overhead.iter().flatten() {
        let path = path.child("overhead").child("limits").key(name);
        errors.extend(resources::container_resource_name(name, &path));
        errors.extend(resource_amount(name, quantity, &path));
    }
    errors.extend(security::operating_system(spec, path));
    errors
}

fn names_and_numbers(spec: &PodSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let named = [
        ("serviceAccountName", &spec.service_account_name),
        ("nodeName", &spec.node_name),
        ("priorityClassName", &spec.priority_class_name),
        ("runtimeClassName", &spec.runtime_class_name),
    ];
    for (field, value) in named {
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty() || field == "runtimeClassName") {
            errors.extend(subdomain(value, &path.child(field)));
        }
    }
    if let Some(seconds) = spec.active_deadline_seconds.filter(|seconds| !(1..=i64::from(i32::MAX)).contains(seconds)) {
        let detail = names::out_of_range(1, i32::MAX.into());
        errors.push(FieldError::invalid(&path.child("activeDeadlineSeconds"), seconds, detail));
    }
    for (field, value) in [("hostname", &spec.hostname), ("subdomain", &spec.subdomain)] {
        if !text(value).is_empty() {
            errors.extend(label(text(value), &path.child(field)));
        }
    }
    if let Some(policy) = &spec.preemption_policy {
        errors.extend(required_one_of(policy, &["PreemptLowerPriority", "Never"], &path.child("preemptionPolicy")));
    }
    errors
}

fn resource_claims(spec: &PodSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    for (index, claim) in spec.resource_claims.iter().flatten().enumerate() {
        let path = path.index(index);
        if claim.name.is_empty() {
            errors.push(FieldError::required(&path.child("name"), ""));
        } else if !seen.insert(claim.name.as_str()) {
            errors.push(FieldError::duplicate(&path.child("name"), claim.name.as_str()));
        } else {
            errors.extend(label(&claim.name, &path.child("name")));
        }
        match (&claim.resource_claim_name, &claim.resource_claim_template_name) {
            (Some(_), Some(_)) => {
                let detail = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
                errors.push(FieldError::invalid(&path, json(claim), detail));
            }
            (None, None) => {
                errors.push(FieldError::invalid(
                    &path,
                    json(claim),
                    "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
                ));
            }
            _ => {}
        }
        for (field, name) in
            [("resourceClaimName", &claim.resource_claim_name), ("resourceClaimTemplateName", &claim.resource_claim_template_name)]
        {
            errors.extend(name.iter().flat_map(|name| subdomain(name, &path.child(field))));
        }
    }
    errors
}

fn dns_config(config: Option<&PodDNSConfig>, policy: &str, path: &Path) -> ErrorList {
    let Some(config) = config else {
        let missing = FieldError::required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
        return if policy == "None" { vec![missing] } else { ErrorList::new() };
    };
    let servers = config.nameservers.as_deref().unwrap_or_default();
    if policy == "None" && servers.is_empty() {
        let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
        return vec![FieldError::required(&path.child("nameservers"), detail)];
    }
    let mut errors = ErrorList::new();
    if servers.len() > MAX_NAMESERVERS {
        let detail = format!("must not have more than {MAX_NAMESERVERS} nameservers");
        errors.push(FieldError::invalid(&path.child("nameservers"), json(&servers), detail));
    }
    for (index, server) in servers.iter().enumerate() {
        errors.extend(api::addresses::legacy_ip(server, false, &path.child("nameservers").index(index)));
    }
    let searches = config.searches.as_deref().unwrap_or_default();
    if searches.len() > MAX_SEARCH_PATHS {
        let detail = format!("must not have more than {MAX_SEARCH_PATHS} search paths");
        errors.push(FieldError::invalid(&path.child("searches"), json(&searches), detail));
    }
    if searches.join(" ").len() > MAX_SEARCH_CHARACTERS {
        let detail = format!("must not have more than {MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list");
        errors.push(FieldError::invalid(&path.child("searches"), json(&searches), detail));
    }
    for (index, search) in searches.iter().enumerate().filter(|(_, search)| *search != ".") {
        let search = search.strip_suffix('.').unwrap_or(search);
        errors.extend(invalid(&path.child("searches").index(index), search, names::dns1123_subdomain_with_underscore(search)));
    }
    for (index, option) in config.options.iter().flatten().enumerate() {
        if text(&option.name).is_empty() {
            errors.push(FieldError::required(&path.child("options").index(index), "must not be empty"));
        }
    }
    errors
}

/// The operating system of a pod is from a fixed list.
pub(super) fn os_name(spec: &PodSpec, path: &Path) -> Option<FieldError> {
    let os = spec.os.as_ref()?;
    if os.name.is_empty() {
        return Some(FieldError::required(&path.child("os").child("name"), "cannot be empty"));
    }
    one_of(&os.name, &["linux", WINDOWS], &path.child("os"))
}
