//! What authors of pods and templates may leave out.

use k8s_openapi::api::core::v1::{
    Container, ContainerPort, EmptyDirVolumeSource, EnvVar, EphemeralContainer, HTTPGetAction, Lifecycle, Pod, PodSpec, PodTemplateSpec,
    Probe, ResourceRequirements, Volume,
};

use super::{host_ports, requests};
use crate::rules::{drop_empty, drop_false, fill, text};

const FILE_MODE: i32 = 0o644;
const TOKEN_SECONDS: i64 = 3600;
const GRACE_PERIOD_SECONDS: i64 = 30;

/// A whole pod: what a template gets, and what only real pods get.
pub(super) fn pod(pod: &mut Pod) {
    let spec = pod.spec.get_or_insert_default();
    pod_spec(spec);
    for container in spec.containers.iter_mut().chain(spec.init_containers.iter_mut().flatten()) {
        requests_from_limits(container.resources.get_or_insert_default());
    }
    requests::default_pod_level(spec);
    spec.enable_service_links.get_or_insert(true);
    if spec.host_network == Some(true) {
        host_ports::default_to_container_ports(spec);
    }
    let status = pod.status.get_or_insert_default();
    let statuses = [&mut status.container_statuses, &mut status.init_container_statuses, &mut status.ephemeral_container_statuses];
    for status in statuses.into_iter().flatten().flatten() {
        status.state.get_or_insert_default();
        status.last_state.get_or_insert_default();
    }
}

/// The old name of the service account follows the new one, which admission may have set.
pub(super) fn after_admission(pod: &mut Pod) {
    let spec = pod.spec.get_or_insert_default();
    spec.service_account.clone_from(&spec.service_account_name);
}

/// A template of pods, wherever it stands.
pub(crate) fn template(template: &mut PodTemplateSpec) {
    template.metadata.get_or_insert_default();
    pod_spec(template.spec.get_or_insert_default());
}

/// The specification of a pod, in a pod or in a template.
pub(crate) fn pod_spec(spec: &mut PodSpec) {
    fill(&mut spec.dns_policy, "ClusterFirst");
    fill(&mut spec.restart_policy, "Always");
    fill(&mut spec.scheduler_name, "default-scheduler");
    spec.security_context.get_or_insert_default();
    spec.termination_grace_period_seconds.get_or_insert(GRACE_PERIOD_SECONDS);
    if text(&spec.service_account_name).is_empty() {
        spec.service_account_name.clone_from(&spec.service_account);
    }
    drop_empty(&mut spec.service_account_name);
    spec.service_account.clone_from(&spec.service_account_name);
    for flag in [&mut spec.host_network, &mut spec.host_pid, &mut spec.host_ipc] {
        drop_false(flag);
    }
    for field in [&mut spec.node_name, &mut spec.hostname, &mut spec.subdomain, &mut spec.priority_class_name] {
        drop_empty(field);
    }
    for volume_ in spec.volumes.iter_mut().flatten() {
        volume(volume_);
    }
    for container_ in spec.init_containers.iter_mut().flatten().chain(&mut spec.containers) {
        container(container_);
    }
    for container_ in spec.ephemeral_containers.iter_mut().flatten() {
        ephemeral_container(container_);
    }
    for constraint in spec.topology_spread_constraints.iter_mut().flatten() {
        constraint.node_affinity_policy.take_if(|policy| policy.is_empty());
        constraint.node_taints_policy.take_if(|policy| policy.is_empty());
    }
}

macro_rules! container_fields {
    ($container:expr) => {{
        let container = $container;
        fill(&mut container.image_pull_policy, pull_policy(text(&container.image)));
        fill(&mut container.termination_message_path, "/dev/termination-log");
        fill(&mut container.termination_message_policy, "File");
        container.resources.get_or_insert_default();
        container.ports.iter_mut().flatten().for_each(port);
        container.env.iter_mut().flatten().for_each(variable);
        for probe_ in [&mut container.liveness_probe, &mut container.readiness_probe, &mut container.startup_probe].into_iter().flatten() {
            probe(probe_);
        }
        if let Some(lifecycle_) = &mut container.lifecycle {
            lifecycle(lifecycle_);
        }
        for flag in [&mut container.stdin, &mut container.stdin_once, &mut container.tty] {
            drop_false(flag);
        }
        for mount in container.volume_mounts.iter_mut().flatten() {
            drop_false(&mut mount.read_only);
        }
    }};
}

fn container(container: &mut Container) {
    container_fields!(container);
}

fn ephemeral_container(container: &mut EphemeralContainer) {
    container_fields!(container);
}

/// `Always` for what may change under its name: no tag, or `latest`. A digest never does.
fn pull_policy(image: &str) -> &'static str {
    let name = image.rsplit('/').next().unwrap_or_default();
    if image.contains('@') {
        return "IfNotPresent";
    }
    match name.split_once(':') {
        None | Some((_, "latest")) => "Always",
        Some(_) => "IfNotPresent",
    }
}

fn port(port: &mut ContainerPort) {
    fill(&mut port.protocol, "TCP");
    drop_empty(&mut port.name);
    port.host_port.take_if(|port| *port == 0);
}

fn variable(variable: &mut EnvVar) {
    drop_empty(&mut variable.value);
    let Some(source) = &mut variable.value_from else { return };
    if let Some(field) = &mut source.field_ref {
        fill(&mut field.api_version, "v1");
    }
    if let Some(resource) = &mut source.resource_field_ref {
        resource.divisor.get_or_insert_with(zero);
    }
    if let Some(file) = &mut source.file_key_ref {
        file.optional.get_or_insert(false);
    }
}

/// What upstream writes for an absent divisor.
fn zero() -> k8s_openapi::apimachinery::pkg::api::resource::Quantity {
    k8s_openapi::apimachinery::pkg::api::resource::Quantity("0".to_owned())
}

fn http_get(action: &mut HTTPGetAction) {
    fill(&mut action.path, "/");
    fill(&mut action.scheme, "HTTP");
    drop_empty(&mut action.host);
}

fn probe(probe: &mut Probe) {
    let numbers = [
        (&mut probe.timeout_seconds, 1),
        (&mut probe.period_seconds, 10),
        (&mut probe.success_threshold, 1),
        (&mut probe.failure_threshold, 3),
    ];
    for (field, value) in numbers {
        if field.unwrap_or_default() == 0 {
            *field = Some(value);
        }
    }
    probe.initial_delay_seconds.take_if(|seconds| *seconds == 0);
    if let Some(action) = &mut probe.http_get {
        http_get(action);
    }
    if let Some(grpc) = &mut probe.grpc {
        grpc.service.get_or_insert_default();
    }
}

fn lifecycle(lifecycle: &mut Lifecycle) {
    for handler in [&mut lifecycle.post_start, &mut lifecycle.pre_stop].into_iter().flatten() {
        if let Some(action) = &mut handler.http_get {
            http_get(action);
        }
    }
}

fn requests_from_limits(resources: &mut ResourceRequirements) {
    let Some(limits) = &resources.limits else { return };
    let requests = resources.requests.get_or_insert_default();
    for (name, limit) in limits {
        requests.entry(name.clone()).or_insert_with(|| limit.clone());
    }
}

fn has_source(volume: &Volume) -> bool {
    let named = Volume { name: volume.name.clone(), ..Volume::default() };
    *volume != named
}

fn volume(volume: &mut Volume) {
    if !has_source(volume) {
        volume.empty_dir = Some(EmptyDirVolumeSource::default());
    }
    if let Some(source) = &mut volume.secret {
        source.default_mode.get_or_insert(FILE_MODE);
    }
    if let Some(source) = &mut volume.config_map {
        source.default_mode.get_or_insert(FILE_MODE);
    }
    if let Some(source) = &mut volume.downward_api {
        source.default_mode.get_or_insert(FILE_MODE);
        for file in source.items.iter_mut().flatten() {
            downward_file(file);
        }
    }
    if let Some(source) = &mut volume.host_path {
        source.type_.get_or_insert_default();
    }
    if let Some(source) = &mut volume.projected {
        source.default_mode.get_or_insert(FILE_MODE);
        for projection in source.sources.iter_mut().flatten() {
            if let Some(token) = &mut projection.service_account_token {
                token.expiration_seconds.get_or_insert(TOKEN_SECONDS);
                drop_empty(&mut token.audience);
            }
            for file in projection.downward_api.iter_mut().flat_map(|api| api.items.iter_mut().flatten()) {
                downward_file(file);
            }
        }
    }
    if let Some(source) = &mut volume.image {
        fill(&mut source.pull_policy, pull_policy(text(&source.reference)));
    }
    if let Some(template) = volume.ephemeral.as_mut().and_then(|source| source.volume_claim_template.as_mut()) {
        template.metadata.get_or_insert_default();
        fill(&mut template.spec.volume_mode, "Filesystem");
        template.spec.resources.get_or_insert_default();
    }
    if let Some(source) = &mut volume.iscsi {
        fill(&mut source.iscsi_interface, "default");
    }
    if let Some(source) = &mut volume.rbd {
        fill(&mut source.pool, "rbd");
        fill(&mut source.user, "admin");
        fill(&mut source.keyring, "/etc/ceph/keyring");
    }
    if let Some(source) = &mut volume.azure_disk {
        fill(&mut source.caching_mode, "ReadWrite");
        fill(&mut source.fs_type, "ext4");
        fill(&mut source.kind, "Shared");
        source.read_only.get_or_insert(false);
    }
    if let Some(source) = &mut volume.scale_io {
        fill(&mut source.storage_mode, "ThinProvisioned");
        fill(&mut source.fs_type, "xfs");
    }
}

fn downward_file(file: &mut k8s_openapi::api::core::v1::DownwardAPIVolumeFile) {
    if let Some(field) = &mut file.field_ref {
        fill(&mut field.api_version, "v1");
    }
    if let Some(resource) = &mut file.resource_field_ref {
        resource.divisor.get_or_insert_with(zero);
    }
}
