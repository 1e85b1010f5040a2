//! The faults of containers: those of every sort, and what sets regular, init and ephemeral ones apart.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::core::v1::{Container, ContainerPort, ContainerResizePolicy, EphemeralContainer, PodSpec};

use super::spec::{Surroundings, padded_image};
use super::{environment, host_ports, probe, resources, security, volume};
use crate::rules::{PROTOCOLS, invalid, label, port_number, required_one_of, text};

const SIDECARS_ONLY: &str = "may not be set for init containers without restartPolicy=Always";
const NOT_EPHEMERAL: &str = "cannot be set for an Ephemeral Container";

/// Regular containers.
pub(super) fn containers(list: &[Container], surroundings: &Surroundings<'_>, path: &Path) -> ErrorList {
    if list.is_empty() {
        return vec![FieldError::required(path, "")];
    }
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    for (index, container) in list.iter().enumerate() {
        let path = path.index(index);
        errors.extend(every_sort(container, surroundings, &path));
        if !seen.insert(container.name.as_str()) {
            errors.push(FieldError::duplicate(&path.child("name"), container.name.as_str()));
        }
        errors.extend(probe::of_container(container, surroundings.grace_period_seconds, &path));
        let policy = text(&container.restart_policy);
        if container.restart_policy.is_some() {
            errors.extend(required_one_of(policy, &["Always", "Never", "OnFailure"], &path.child("restartPolicy")));
        }
        errors.extend(restart_rules(container, &path));
    }
    errors.extend(host_ports::conflicts(list, path));
    errors
}

/// Init containers, sidecars among them.
pub(super) fn init_containers(list: &[Container], regular: &[Container], surroundings: &Surroundings<'_>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen: BTreeSet<&str> = regular.iter().map(|container| container.name.as_str()).collect();
    for (index, container) in list.iter().enumerate() {
        let path_of_list = path;
        let path = path.index(index);
        errors.extend(every_sort(container, surroundings, &path));
        if let Some(policy) = &container.restart_policy {
            errors.extend(required_one_of(policy, &["Always", "Never", "OnFailure"], &path.child("restartPolicy")));
        }
        errors.extend(restart_rules(container, &path));
        if seen.contains(container.name.as_str()) {
            errors.push(FieldError::duplicate(&path.child("name"), container.name.as_str()));
        } else if !container.name.is_empty() {
            seen.insert(&container.name);
        }
        errors.extend(host_ports::conflicts(std::slice::from_ref(container), path_of_list));
        if text(&container.restart_policy) == "Always" {
            errors.extend(probe::of_container(container, surroundings.grace_period_seconds, &path));
            continue;
        }
        let fields = [
            ("lifecycle", container.lifecycle.is_some()),
            ("livenessProbe", container.liveness_probe.is_some()),
            ("readinessProbe", container.readiness_probe.is_some()),
            ("startupProbe", container.startup_probe.is_some()),
        ];
        errors
            .extend(fields.into_iter().filter(|(_, set)| *set).map(|(field, _)| FieldError::forbidden(&path.child(field), SIDECARS_ONLY)));
        if container.resize_policy.as_ref().is_some_and(|list| !list.is_empty()) {
            let value = crate::rules::json(&container.resize_policy);
            errors.push(FieldError::invalid(&path.child("resizePolicy"), value, "must not be set for init containers"));
        }
    }
    errors
}

/// Containers that join a running pod.
pub(super) fn ephemeral_containers(spec: &PodSpec, surroundings: &Surroundings<'_>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let others: BTreeSet<&str> =
        spec.containers.iter().chain(spec.init_containers.iter().flatten()).map(|container| container.name.as_str()).collect();
    let mut seen = others.clone();
    for (index, ephemeral) in spec.ephemeral_containers.iter().flatten().enumerate() {
        let path = path.index(index);
        let container = as_container(ephemeral);
        errors.extend(every_sort(&container, surroundings, &path));
        errors.extend(padded_image(&container, &path));
        if !seen.insert(&ephemeral.name) {
            errors.push(FieldError::duplicate(&path.child("name"), ephemeral.name.as_str()));
        }
        let target = text(&ephemeral.target_container_name);
        if !target.is_empty() && !others.contains(target) {
            errors.push(FieldError::not_found(&path.child("targetContainerName"), target));
        }
        let resources = container.resources.clone().unwrap_or_default();
        let fields = [
            ("ports", container.ports.as_ref().is_some_and(|list| !list.is_empty())),
            ("resources", resources != Default::default()),
            ("resizePolicy", container.resize_policy.as_ref().is_some_and(|list| !list.is_empty())),
            ("restartPolicy", container.restart_policy.is_some()),
            ("restartPolicyRules", container.restart_policy_rules.as_ref().is_some_and(|list| !list.is_empty())),
            ("livenessProbe", container.liveness_probe.is_some()),
            ("readinessProbe", container.readiness_probe.is_some()),
            ("startupProbe", container.startup_probe.is_some()),
            ("lifecycle", container.lifecycle.is_some()),
        ];
        errors
            .extend(fields.into_iter().filter(|(_, set)| *set).map(|(field, _)| FieldError::forbidden(&path.child(field), NOT_EPHEMERAL)));
        for (at, mount) in container.volume_mounts.iter().flatten().enumerate() {
            let path = path.child("volumeMounts").index(at);
            for (field, value) in [("subPath", &mount.sub_path), ("subPathExpr", &mount.sub_path_expr)] {
                if !text(value).is_empty() {
                    errors.push(FieldError::forbidden(&path.child(field), NOT_EPHEMERAL));
                }
            }
        }
    }
    errors
}

fn every_sort(container: &Container, surroundings: &Surroundings<'_>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if container.name.is_empty() {
        errors.push(FieldError::required(&path.child("name"), ""));
    } else {
        errors.extend(label(&container.name, &path.child("name")));
    }
    if text(&container.image).is_empty() {
        errors.push(FieldError::required(&path.child("image"), ""));
    }
    let policies = &["File", "FallbackToLogsOnError"];
    errors.extend(required_one_of(text(&container.termination_message_policy), policies, &path.child("terminationMessagePolicy")));
    errors.extend(ports(container.ports.as_deref().unwrap_or_default(), &path.child("ports")));
    errors.extend(environment::variables(container.env.as_deref().unwrap_or_default(), &path.child("env")));
    errors.extend(environment::sources(container.env_from.as_deref().unwrap_or_default(), &path.child("envFrom")));
    errors.extend(volume::mounts(container, &surroundings.volumes, &path.child("volumeMounts")));
    errors.extend(volume::devices(container, &surroundings.volumes, &path.child("volumeDevices")));
    errors.extend(required_one_of(
        text(&container.image_pull_policy),
        &["Always", "IfNotPresent", "Never"],
        &path.child("imagePullPolicy"),
    ));
    if let Some(requirements) = &container.resources {
        errors.extend(resources::of_container(requirements, &surroundings.claims, &path.child("resources")));
    }
    errors.extend(resize_policies(
        container.resize_policy.as_deref().unwrap_or_default(),
        surroundings.restart_policy,
        &path.child("resizePolicy"),
    ));
    if let Some(context) = &container.security_context {
        errors.extend(security::of_container(context, surroundings.host_users, &path.child("securityContext")));
    }
    errors
}

fn ports(list: &[ContainerPort], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    for (index, port) in list.iter().enumerate() {
        let path = path.index(index);
        let name = text(&port.name);
        if !name.is_empty() {
            let faults = names::port_name(name);
            if !faults.is_empty() {
                errors.extend(invalid(&path.child("name"), name, faults));
            } else if !seen.insert(name) {
                errors.push(FieldError::duplicate(&path.child("name"), name));
            }
        }
        if port.container_port == 0 {
            errors.push(FieldError::required(&path.child("containerPort"), ""));
        } else {
            errors.extend(port_number(port.container_port, &path.child("containerPort")));
        }
        if let Some(number) = port.host_port.filter(|port| *port != 0) {
            errors.extend(port_number(number, &path.child("hostPort")));
        }
        errors.extend(required_one_of(text(&port.protocol), PROTOCOLS, &path.child("protocol")));
    }
    errors
}

fn resize_policies(list: &[ContainerResizePolicy], restart_policy: &str, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    for (index, policy) in list.iter().enumerate() {
        if !seen.insert(policy.resource_name.as_str()) {
            errors.push(FieldError::duplicate(&path.index(index), policy.resource_name.as_str()));
        }
        errors.extend(required_one_of(&policy.resource_name, &["cpu", "memory"], path));
        errors.extend(required_one_of(&policy.restart_policy, &["NotRequired", "RestartContainer"], path));
        if restart_policy == "Never" && policy.restart_policy != "NotRequired" {
            let detail = "must be 'NotRequired' when `restartPolicy` is 'Never'";
            errors.push(FieldError::invalid(path, policy.restart_policy.as_str(), detail));
        }
    }
    errors
}

/// Rules need a policy to fall back on, and each an action and exit codes.
fn restart_rules(container: &Container, path: &Path) -> ErrorList {
    const MAX_RULES: usize = 20;
    const MAX_CODES: usize = 255;
    let rules = container.restart_policy_rules.as_deref().unwrap_or_default();
    let path = path.child("restartPolicyRules");
    let mut errors = ErrorList::new();
    if !rules.is_empty() && container.restart_policy.is_none() {
        errors.push(FieldError::required(&path, "must specify restartPolicy when restart rules are used"));
    }
    if rules.len() > MAX_RULES {
        errors.push(FieldError::too_many(&path, rules.len(), MAX_RULES));
    }
    for (index, rule) in rules.iter().enumerate() {
        let path = path.index(index);
        errors.extend(required_one_of(&rule.action, &["Restart", "RestartAllContainers"], &path.child("action")));
        let Some(codes) = &rule.exit_codes else {
            errors.push(FieldError::required(&path.child("exitCodes"), "must be specified"));
            continue;
        };
        let path = path.child("exitCodes");
        errors.extend(required_one_of(&codes.operator, &["In", "NotIn"], &path.child("operator")));
        if codes.values.as_ref().is_some_and(|values| values.len() > MAX_CODES) {
            errors.push(FieldError::too_many(&path.child("values"), codes.values.as_ref().map_or(0, Vec::len), MAX_CODES));
        }
    }
    errors
}

/// An ephemeral container with the fields that it shares with others.
pub(super) fn as_container(ephemeral: &EphemeralContainer) -> Container {
    let ephemeral = ephemeral.clone();
    Container {
        args: ephemeral.args,
        command: ephemeral.command,
        env: ephemeral.env,
        env_from: ephemeral.env_from,
        image: ephemeral.image,
        image_pull_policy: ephemeral.image_pull_policy,
        lifecycle: ephemeral.lifecycle,
        liveness_probe: ephemeral.liveness_probe,
        name: ephemeral.name,
        ports: ephemeral.ports,
        readiness_probe: ephemeral.readiness_probe,
        resize_policy: ephemeral.resize_policy,
        resources: ephemeral.resources,
        restart_policy: ephemeral.restart_policy,
        restart_policy_rules: ephemeral.restart_policy_rules,
        security_context: ephemeral.security_context,
        startup_probe: ephemeral.startup_probe,
        stdin: ephemeral.stdin,
        stdin_once: ephemeral.stdin_once,
        termination_message_path: ephemeral.termination_message_path,
        termination_message_policy: ephemeral.termination_message_policy,
        tty: ephemeral.tty,
        volume_devices: ephemeral.volume_devices,
        volume_mounts: ephemeral.volume_mounts,
        working_dir: ephemeral.working_dir,
    }
}
