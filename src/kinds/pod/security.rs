//! The faults of security contexts, namespaces of the host, and what an operating system does not have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::core::v1::{AppArmorProfile, Container, PodSecurityContext, PodSpec, SeccompProfile, SecurityContext};
use regex::Regex;

use super::spec::{WINDOWS, os_name};
use super::volume::local_descending_path;
use crate::rules::{json, one_of};

const SYSCTL_PATTERN: &str = r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
const SYSCTL_MAX_BYTES: usize = 253;
const PROFILE_MAX_BYTES: usize = 4095;
const APPARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";
static SYSCTL: LazyLock<Regex> = LazyLock::new(|| Regex::new(SYSCTL_PATTERN).expect("the pattern is fixed"));

fn ids(id: i64, path: &Path) -> impl Iterator<Item = FieldError> {
    names::user_or_group_id(id).into_iter().map(move |fault| FieldError::invalid(path, id, fault))
}

/// The security context of a pod or template.
pub(super) fn of_pod(spec: &PodSpec, path: &Path) -> ErrorList {
    let empty = PodSecurityContext::default();
    let context = spec.security_context.as_ref().unwrap_or(&empty);
    let path = path.child("securityContext");
    let mut errors = ErrorList::new();
    for (field, id) in [("fsGroup", context.fs_group), ("runAsUser", context.run_as_user), ("runAsGroup", context.run_as_group)] {
        errors.extend(id.into_iter().flat_map(|id| ids(id, &path.child(field)).collect::<Vec<_>>()));
    }
    for (index, id) in context.supplemental_groups.iter().flatten().enumerate() {
        errors.extend(ids(*id, &path.child("supplementalGroups").index(index)));
    }
    if spec.share_process_namespace == Some(true) && spec.host_pid == Some(true) {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.push(FieldError::invalid(&path.child("shareProcessNamespace"), true, detail));
    }
    errors.extend(sysctls(spec, context, &path.child("sysctls")));
    if let Some(policy) = &context.fs_group_change_policy {
        errors.extend(one_of(policy, &["Always", "OnRootMismatch"], &path.child("fsGroupChangePolicy")));
    }
    errors.extend(seccomp(context.seccomp_profile.as_ref(), &path.child("seccompProfile")));
    errors.extend(apparmor(context.app_armor_profile.as_ref(), &path.child("appArmorProfile")));
    if let Some(policy) = &context.supplemental_groups_policy {
        errors.extend(one_of(policy, &["Merge", "Strict"], &path.child("supplementalGroupsPolicy")));
    }
    if let Some(policy) = &context.se_linux_change_policy {
        errors.extend(one_of(policy, &["MountOption", "Recursive"], &path.child("seLinuxChangePolicy")));
    }
    errors
}

fn sysctls(spec: &PodSpec, context: &PodSecurityContext, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    for (index, sysctl) in context.sysctls.iter().flatten().enumerate() {
        let path = path.index(index).child("name");
        let name = sysctl.name.as_str();
        if name.is_empty() {
            errors.push(FieldError::required(&path, ""));
        } else if name.len() > SYSCTL_MAX_BYTES || !SYSCTL.is_match(name) {
            let detail = format!("must have at most {SYSCTL_MAX_BYTES} characters and match regex {SYSCTL_PATTERN}");
            errors.push(FieldError::invalid(&path, name, detail));
        } else if seen.contains(name) {
            errors.push(FieldError::duplicate(&path, name));
        }
        let dotted = name.replace('/', ".");
        if spec.host_network == Some(true) && dotted.starts_with("net.") {
            errors.push(FieldError::invalid(&path, name, "may not be specified when 'hostNetwork' is true"));
        } else if spec.host_ipc == Some(true) && is_ipc(&dotted) {
            errors.push(FieldError::invalid(&path, name, "may not be specified when 'hostIPC' is true"));
        }
        seen.insert(name);
    }
    errors
}

fn is_ipc(name: &str) -> bool {
    name == "kernel.sem" || ["kernel.shm", "kernel.msg", "fs.mqueue."].iter().any(|prefix| name.starts_with(prefix))
}

/// The security context of a container.
pub(super) fn of_container(context: &SecurityContext, host_users: bool, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (field, id) in [("runAsUser", context.run_as_user), ("runAsGroup", context.run_as_group)] {
        errors.extend(id.into_iter().flat_map(|id| ids(id, &path.child(field)).collect::<Vec<_>>()));
    }
    if let Some(mount) = &context.proc_mount {
        errors.extend(one_of(mount, &["Default", "Unmasked"], &path.child("procMount")));
        if host_users && mount == "Unmasked" {
            errors.push(FieldError::invalid(&path.child("procMount"), mount.as_str(), "`hostUsers` must be false to use `Unmasked`"));
        }
    }
    errors.extend(seccomp(context.seccomp_profile.as_ref(), &path.child("seccompProfile")));
    if context.allow_privilege_escalation == Some(false) {
        if context.privileged == Some(true) {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
            errors.push(FieldError::invalid(path, json(context), detail));
        }
        let added = context.capabilities.iter().flat_map(|capabilities| capabilities.add.iter().flatten());
        for _ in added.filter(|name| *name == "CAP_SYS_ADMIN") {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
            errors.push(FieldError::invalid(path, json(context), detail));
        }
    }
    errors.extend(apparmor(context.app_armor_profile.as_ref(), &path.child("appArmorProfile")));
    errors
}

fn seccomp(profile: Option<&SeccompProfile>, path: &Path) -> ErrorList {
    let Some(profile) = profile else { return ErrorList::new() };
    let mut errors = ErrorList::new();
    if profile.type_.is_empty() {
        errors.push(FieldError::required(&path.child("type"), "type is required when seccompProfile is set"));
    } else {
        errors.extend(one_of(&profile.type_, &["Localhost", "RuntimeDefault", "Unconfined"], &path.child("type")));
    }
    let path = path.child("localhostProfile");
    match (&profile.localhost_profile, profile.type_ == "Localhost") {
        (None, true) => errors.push(FieldError::required(&path, "must be set when seccomp type is Localhost")),
        (Some(file), true) => errors.extend(local_descending_path(file, &path)),
        (Some(_), false) => errors.push(FieldError::invalid(&path, json(profile), "can only be set when seccomp type is Localhost")),
        (None, false) => {}
    }
    errors
}

fn apparmor(profile: Option<&AppArmorProfile>, path: &Path) -> ErrorList {
    let Some(profile) = profile else { return ErrorList::new() };
    let at = path.child("localhostProfile");
    let mut errors = ErrorList::new();
    match (profile.type_.as_str(), &profile.localhost_profile) {
        ("Localhost", None) => errors.push(FieldError::required(&at, "must be set when AppArmor type is Localhost")),
        ("Localhost", Some(name)) => {
            if name.trim() != name {
                errors.push(FieldError::invalid(&at, name.as_str(), "must not be padded with whitespace"));
            } else if name.is_empty() {
                errors.push(FieldError::required(&at, "must be set when AppArmor type is Localhost"));
            }
            if name.len() > PROFILE_MAX_BYTES {
                errors.push(FieldError::too_long(&at, PROFILE_MAX_BYTES));
            }
        }
        ("RuntimeDefault" | "Unconfined", Some(name)) => {
            errors.push(FieldError::invalid(&at, name.as_str(), "can only be set when AppArmor type is Localhost"));
        }
        ("RuntimeDefault" | "Unconfined", None) => {}
        ("", _) => errors.push(FieldError::required(&path.child("type"), "type is required when appArmorProfile is set")),
        (other, _) => errors.extend(one_of(other, &["Localhost", "RuntimeDefault", "Unconfined"], &path.child("type"))),
    }
    errors
}

/// Annotations that have a meaning for pods.
pub(super) fn annotations(annotations: &BTreeMap<String, String>, spec: &PodSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let known: BTreeSet<&str> = every_container(spec).map(|(_, _, container)| container.name.as_str()).collect();
    for (key, profile) in annotations {
        let Some(container) = key.strip_prefix(APPARMOR_ANNOTATION) else { continue };
        if !known.contains(container) {
            errors.push(FieldError::invalid(&path.key(key), container, "container not found"));
        }
        let valid = matches!(profile.as_str(), "" | "runtime/default" | "unconfined") || profile.starts_with("localhost/");
        if !valid {
            let detail = format!("invalid AppArmor profile name: {}", api::field::quoted(profile));
            errors.push(FieldError::invalid(&path.key(key), profile.as_str(), detail));
        }
    }
    if let Some(cost) = annotations.get("controller.kubernetes.io/pod-deletion-cost")
        && cost.parse::<i32>().is_err()
    {
        let path = path.key("controller.kubernetes.io/pod-deletion-cost");
        errors.push(FieldError::invalid(&path, cost.as_str(), "must be a 32bit integer"));
    }
    errors
}

/// A user namespace of its own goes with no other namespace of the host.
pub(super) fn host_users(spec: &PodSpec, path: &Path) -> ErrorList {
    if spec.host_users != Some(false) {
        return ErrorList::new();
    }
    let shared = [("hostNetwork", spec.host_network), ("HostPID", spec.host_pid), ("HostIPC", spec.host_ipc)];
    let shared = shared.into_iter().filter(|(_, flag)| *flag == Some(true));
    shared.map(|(field, _)| FieldError::forbidden(&path.child(field), "when `pod.Spec.HostUsers` is false")).collect()
}

/// `os`, and what the named system does not have.
pub(super) fn operating_system(spec: &PodSpec, path: &Path) -> ErrorList {
    let Some(os) = &spec.os else { return ErrorList::new() };
    if let Some(error) = os_name(spec, path) {
        return vec![error];
    }
    let context = spec.security_context.clone().unwrap_or_default();
    let at = path.child("securityContext");
    let mut errors = ErrorList::new();
    let mut forbid = |set: bool, path: Path, why: &str| {
        if set {
            errors.push(FieldError::forbidden(&path, why));
        }
    };
    if os.name != WINDOWS {
        let why = "windows options cannot be set for a linux pod";
        forbid(context.windows_options.is_some(), at.child("windowsOptions"), why);
        for (list, index, container) in every_container(spec) {
            let set = container.security_context.as_ref().is_some_and(|context| context.windows_options.is_some());
            forbid(set, path.child(list).index(index).child("securityContext").child("windowsOptions"), why);
        }
        return errors;
    }
    let why = "cannot be set for a windows pod";
    forbid(context.app_armor_profile.is_some(), at.child("appArmorProfile"), why);
    forbid(context.se_linux_options.is_some(), at.child("seLinuxOptions"), why);
    forbid(spec.host_users.is_some(), path.child("hostUsers"), why);
    forbid(spec.host_pid == Some(true), path.child("hostPID"), why);
    forbid(spec.host_ipc == Some(true), path.child("hostIPC"), why);
    forbid(context.seccomp_profile.is_some(), at.child("seccompProfile"), why);
    forbid(context.fs_group.is_some(), at.child("fsGroup"), why);
    forbid(context.fs_group_change_policy.is_some(), at.child("fsGroupChangePolicy"), why);
    forbid(context.sysctls.as_ref().is_some_and(|list| !list.is_empty()), at.child("sysctls"), why);
    forbid(spec.share_process_namespace.is_some(), path.child("shareProcessNamespace"), why);
    forbid(context.run_as_user.is_some(), at.child("runAsUser"), why);
    forbid(context.run_as_group.is_some(), at.child("runAsGroup"), why);
    forbid(context.supplemental_groups.is_some(), at.child("supplementalGroups"), why);
    forbid(context.supplemental_groups_policy.is_some(), at.child("supplementalGroupsPolicy"), why);
    forbid(context.se_linux_change_policy.is_some(), at.child("seLinuxChangePolicy"), why);
    for (list, index, container) in every_container(spec) {
        let Some(context) = &container.security_context else { continue };
        let at = path.child(list).index(index).child("securityContext");
        forbid(context.app_armor_profile.is_some(), at.child("appArmorProfile"), why);
        forbid(context.se_linux_options.is_some(), at.child("seLinuxOptions"), why);
        forbid(context.seccomp_profile.is_some(), at.child("seccompProfile"), why);
        forbid(context.capabilities.is_some(), at.child("capabilities"), why);
        forbid(context.read_only_root_filesystem.is_some(), at.child("readOnlyRootFilesystem"), why);
        forbid(context.privileged.is_some(), at.child("privileged"), why);
        forbid(context.allow_privilege_escalation.is_some(), at.child("allowPrivilegeEscalation"), why);
        forbid(context.proc_mount.is_some(), at.child("procMount"), why);
        forbid(context.run_as_user.is_some(), at.child("runAsUser"), why);
        forbid(context.run_as_group.is_some(), at.child("runAsGroup"), why);
    }
    errors
}

/// Init containers and regular ones, with their place.
fn every_container(spec: &PodSpec) -> impl Iterator<Item = (&'static str, usize, &Container)> {
    let init = spec.init_containers.iter().flatten().enumerate().map(|(index, container)| ("initContainers", index, container));
    init.chain(spec.containers.iter().enumerate().map(|(index, container)| ("containers", index, container)))
}
