//! A container in CRI's words: command, environment, mounts, limits, security.

use std::collections::HashMap;

use cri::v1::{
    Capability, ContainerConfig, ContainerMetadata, Image, ImageSpec, Int64Value, KeyValue, LinuxContainerConfig, LinuxContainerResources,
    LinuxContainerSecurityContext, Mount, SeLinuxOption, SecurityProfile, security_profile::ProfileType,
};
use k8s_openapi::api::core::v1::{Container, Pod};

use crate::expansion::expand;
use crate::resources::{self, ContainerLimits};
use crate::{labels, pod, sandbox_config};

/// Why a container must not run as it is.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    #[error("container has runAsNonRoot and image will run as root (pod: {pod:?}, container: {container})")]
    ImageRunsAsRoot { pod: String, container: String },
    #[error("container's runAsUser breaks non-root policy (pod: {pod:?}, container: {container})")]
    UserIsRoot { pod: String, container: String },
    #[error(
        "container has runAsNonRoot and image has non-numeric user ({user}), cannot verify user is non-root (pod: {pod:?}, container: {container})"
    )]
    NamedUser { user: String, pod: String, container: String },
}

/// What is hidden from containers in /proc and /sys, and what they can not write.
const MASKED: [&str; 13] = [
    "/proc/asound",
    "/proc/acpi",
    "/proc/interrupts",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/sys/firmware",
    "/sys/devices/virtual/powercap",
    "/sys/devices/system/cpu/cpu0/thermal_throttle",
];
const READ_ONLY: [&str; 5] = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/// What a container depends on besides its spec.
#[derive(Clone, Debug)]
pub struct Surroundings<'a> {
    pub attempt: u32,
    /// The image as the runtime knows it.
    pub image: &'a Image,
    pub environment: Vec<(String, String)>,
    pub mounts: Vec<Mount>,
    pub machine_memory: i64,
}

/// The whole configuration.
pub fn build(pod: &Pod, container: &Container, around: Surroundings<'_>) -> Result<ContainerConfig, Error> {
    let security_context = security_context(pod, container, around.image)?;
    let lookup = |name: &str| around.environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let expanded = |words: Option<&Vec<String>>| words.into_iter().flatten().map(|word| expand(word, lookup)).collect();
    let limits = resources::of_container(pod, container, around.machine_memory);
    Ok(ContainerConfig {
        metadata: Some(ContainerMetadata { name: container.name.clone(), attempt: around.attempt }),
        image: Some(ImageSpec {
            image: around.image.id.clone(),
            user_specified_image: container.image.clone().unwrap_or_default(),
            ..ImageSpec::default()
        }),
        command: expanded(container.command.as_ref()),
        args: expanded(container.args.as_ref()),
        working_dir: container.working_dir.clone().unwrap_or_default(),
        labels: HashMap::from([
            (labels::CONTAINER_NAME.to_owned(), container.name.clone()),
            (labels::POD_NAME.to_owned(), pod::name(pod).to_owned()),
            (labels::POD_NAMESPACE.to_owned(), pod::namespace(pod).to_owned()),
            (labels::POD_UID.to_owned(), pod::uid(pod).to_owned()),
        ]),
        annotations: annotations(pod, container, around.attempt),
        log_path: format!("{}/{}.log", container.name, around.attempt),
        stdin: container.stdin.unwrap_or(false),
        stdin_once: container.stdin_once.unwrap_or(false),
        tty: container.tty.unwrap_or(false),
        linux: Some(LinuxContainerConfig { resources: Some(kernel(limits)), security_context: Some(security_context) }),
        envs: around.environment.into_iter().map(|(key, value)| KeyValue { key, value }).collect(),
        mounts: around.mounts,
        ..ContainerConfig::default()
    })
}

fn annotations(pod: &Pod, container: &Container, attempt: u32) -> HashMap<String, String> {
    let mut all = HashMap::from([
        (labels::CONTAINER_HASH.to_owned(), pod::container_hash(container)),
        (labels::RESTART_COUNT.to_owned(), attempt.to_string()),
        (labels::TERMINATION_PATH.to_owned(), termination_path(container).to_owned()),
        (labels::TERMINATION_POLICY.to_owned(), container.termination_message_policy.clone().unwrap_or_else(|| "File".to_owned())),
    ]);
    if let Some(seconds) = pod::spec(pod).termination_grace_period_seconds {
        all.insert(labels::POD_GRACE.to_owned(), seconds.to_string());
    }
    all
}

pub fn termination_path(container: &Container) -> &str {
    container.termination_message_path.as_deref().filter(|path| !path.is_empty()).unwrap_or("/dev/termination-log")
}

fn kernel(limits: ContainerLimits) -> LinuxContainerResources {
    LinuxContainerResources {
        cpu_shares: limits.shares,
        cpu_quota: limits.quota,
        cpu_period: if limits.quota > 0 { resources::QUOTA_PERIOD } else { 0 },
        memory_limit_in_bytes: limits.memory,
        oom_score_adj: limits.oom_score_adj,
        ..LinuxContainerResources::default()
    }
}

/// The container's settings before the pod's; the image's user where neither names one.
fn security_context(pod: &Pod, container: &Container, image: &Image) -> Result<LinuxContainerSecurityContext, Error> {
    let spec = pod::spec(pod);
    let of_pod = spec.security_context.clone().unwrap_or_default();
    let own = container.security_context.clone().unwrap_or_default();
    let user = own.run_as_user.or(of_pod.run_as_user);
    let group = own.run_as_group.or(of_pod.run_as_group);
    if own.run_as_non_root.or(of_pod.run_as_non_root) == Some(true) {
        verify_non_root(pod, container, user, image)?;
    }
    let image_uid = image.uid.as_ref().map(|uid| uid.value);
    let privileged = own.privileged.unwrap_or(false);
    let mut groups = of_pod.supplemental_groups.unwrap_or_default();
    groups.extend(of_pod.fs_group);
    let unmasked = privileged || own.proc_mount.as_deref() == Some("Unmasked");
    let list = |paths: &[&str]| if unmasked { Vec::new() } else { paths.iter().map(|path| (*path).to_owned()).collect() };
    let capabilities = own.capabilities.map(|capabilities| Capability {
        add_capabilities: capabilities.add.unwrap_or_default(),
        drop_capabilities: capabilities.drop.unwrap_or_default(),
        ..Capability::default()
    });
    let selinux = own.se_linux_options.or(of_pod.se_linux_options).map(|options| SeLinuxOption {
        user: options.user.unwrap_or_default(),
        role: options.role.unwrap_or_default(),
        r#type: options.type_.unwrap_or_default(),
        level: options.level.unwrap_or_default(),
    });
    let apparmor = own.app_armor_profile.or(of_pod.app_armor_profile).map(|profile| SecurityProfile {
        profile_type: match profile.type_.as_str() {
            "Unconfined" => ProfileType::Unconfined,
            "Localhost" => ProfileType::Localhost,
            _ => ProfileType::RuntimeDefault,
        }
        .into(),
        localhost_ref: profile.localhost_profile.unwrap_or_default(),
    });
    Ok(LinuxContainerSecurityContext {
        capabilities,
        privileged,
        namespace_options: Some(sandbox_config::namespaces(pod)),
        selinux_options: selinux,
        run_as_user: user.or(image_uid).map(|value| Int64Value { value }),
        run_as_username: if user.is_none() && image_uid.is_none() { image.username.clone() } else { String::new() },
        run_as_group: group.map(|value| Int64Value { value }),
        readonly_rootfs: own.read_only_root_filesystem.unwrap_or(false),
        supplemental_groups: groups,
        no_new_privs: own.allow_privilege_escalation == Some(false),
        masked_paths: list(&MASKED),
        readonly_paths: list(&READ_ONLY),
        seccomp: Some(sandbox_config::seccomp(own.seccomp_profile.as_ref().or(of_pod.seccomp_profile.as_ref()))),
        apparmor,
        ..LinuxContainerSecurityContext::default()
    })
}

fn verify_non_root(pod: &Pod, container: &Container, user: Option<i64>, image: &Image) -> Result<(), Error> {
    let (name, pod) = (container.name.clone(), pod::full_name(pod));
    match (user, image.uid.as_ref().map(|uid| uid.value)) {
        (Some(0), _) => Err(Error::UserIsRoot { pod, container: name }),
        (None, Some(0)) => Err(Error::ImageRunsAsRoot { pod, container: name }),
        (None, None) if !image.username.is_empty() => Err(Error::NamedUser { user: image.username.clone(), pod, container: name }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn built(container: &str, environment: &[(&str, &str)]) -> Result<ContainerConfig, Error> {
        let pod = testing::pod(&format!("containers: [{container}]"));
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let image = Image { id: "sha256:1".into(), uid: Some(Int64Value { value: 0 }), ..Image::default() };
        build(
            &pod,
            &pod::spec(&pod).containers[0],
            Surroundings { attempt: 2, image: &image, environment, mounts: Vec::new(), machine_memory: 1 << 30 },
        )
    }

    #[test]
    fn commands_are_expanded() {
        let config = built("{name: a, command: [sh, -c, 'echo $(X) $$(X) $(Y)'], args: ['$(X)']}", &[("X", "1")]).unwrap();
        assert_eq!(config.command, ["sh", "-c", "echo 1 $(X) $(Y)"]);
        assert_eq!(config.args, ["1"]);
        assert_eq!(config.log_path, "a/2.log");
    }

    #[test]
    fn non_root() {
        assert_eq!(
            built("{name: a, securityContext: {runAsNonRoot: true}}", &[]).unwrap_err().to_string(),
            "container has runAsNonRoot and image will run as root (pod: \"p_default(uid-1)\", container: a)"
        );
        assert!(built("{name: a, securityContext: {runAsNonRoot: true, runAsUser: 7}}", &[]).is_ok());
        assert!(built("{name: a, securityContext: {runAsNonRoot: true, runAsUser: 0}}", &[]).is_err());
    }

    #[test]
    fn security() {
        let context = |container: &str| built(container, &[]).unwrap().linux.unwrap().security_context.unwrap();
        let plain = context("{name: a}");
        assert!(!plain.no_new_privs && plain.masked_paths.contains(&"/proc/kcore".to_owned()));
        let privileged = context("{name: a, securityContext: {privileged: true}}");
        assert!(privileged.privileged && privileged.masked_paths.is_empty());
        assert!(context("{name: a, securityContext: {allowPrivilegeEscalation: false}}").no_new_privs);
    }
}
