//! A pod's sandbox in CRI's words.

use std::collections::HashMap;

use cri::v1::{
    DnsConfig, Int64Value, LinuxPodSandboxConfig, LinuxSandboxSecurityContext, NamespaceMode, NamespaceOption, PodSandboxConfig,
    PodSandboxMetadata, PortMapping, Protocol, SecurityProfile, security_profile::ProfileType,
};
use k8s_openapi::api::core::v1::{Pod, SeccompProfile};

use crate::{labels, pod};

/// Annotation with the folder of the kubelet that made a sandbox: several may share a runtime.
pub const OWNER: &str = "k.local/kubelet";

/// What a sandbox depends on besides the pod.
#[derive(Clone, Debug)]
pub struct Surroundings {
    pub attempt: u32,
    pub hostname: String,
    pub log_directory: String,
    pub dns: DnsConfig,
    pub cgroup_parent: String,
    /// The kubelet's folder.
    pub owner: String,
}

/// Which namespaces are the pod's, a container's own, or the node's.
pub fn namespaces(pod: &Pod) -> NamespaceOption {
    let spec = pod::spec(pod);
    let node_if = |on: Option<bool>, otherwise: NamespaceMode| i32::from(if on == Some(true) { NamespaceMode::Node } else { otherwise });
    let pid = if spec.share_process_namespace == Some(true) { NamespaceMode::Pod } else { NamespaceMode::Container };
    NamespaceOption {
        network: node_if(spec.host_network, NamespaceMode::Pod),
        pid: node_if(spec.host_pid, pid),
        ipc: node_if(spec.host_ipc, NamespaceMode::Pod),
        ..NamespaceOption::default()
    }
}

/// A seccomp profile; none is unconfined.
pub fn seccomp(profile: Option<&SeccompProfile>) -> SecurityProfile {
    let (kind, reference) = match profile {
        Some(profile) => match profile.type_.as_str() {
            "RuntimeDefault" => (ProfileType::RuntimeDefault, String::new()),
            "Localhost" => {
                let path = profile.localhost_profile.clone().unwrap_or_default();
                (ProfileType::Localhost, format!("/var/lib/kubelet/seccomp/{path}"))
            }
            _ => (ProfileType::Unconfined, String::new()),
        },
        None => (ProfileType::Unconfined, String::new()),
    };
    SecurityProfile { profile_type: kind.into(), localhost_ref: reference }
}

/// The whole configuration.
pub fn build(pod: &Pod, around: Surroundings) -> PodSandboxConfig {
    let spec = pod::spec(pod);
    let context = spec.security_context.clone().unwrap_or_default();
    let mut groups = context.supplemental_groups.unwrap_or_default();
    groups.extend(context.fs_group);
    let privileged = pod::containers(pod)
        .any(|(_, container)| container.security_context.as_ref().and_then(|context| context.privileged).unwrap_or(false));
    let security_context = LinuxSandboxSecurityContext {
        namespace_options: Some(namespaces(pod)),
        run_as_user: context.run_as_user.map(|value| Int64Value { value }),
        run_as_group: context.run_as_user.and(context.run_as_group).map(|value| Int64Value { value }),
        supplemental_groups: groups,
        privileged,
        seccomp: Some(SecurityProfile { profile_type: ProfileType::RuntimeDefault.into(), localhost_ref: String::new() }),
        ..LinuxSandboxSecurityContext::default()
    };
    let sysctls = context.sysctls.into_iter().flatten().map(|sysctl| (sysctl.name, sysctl.value)).collect();
    PodSandboxConfig {
        metadata: Some(PodSandboxMetadata {
            name: pod::name(pod).to_owned(),
            uid: pod::uid(pod).to_owned(),
            namespace: pod::namespace(pod).to_owned(),
            attempt: around.attempt,
        }),
        hostname: if pod::host_network(pod) { String::new() } else { around.hostname },
        log_directory: around.log_directory,
        dns_config: Some(around.dns),
        port_mappings: port_mappings(pod),
        labels: pod_labels(pod),
        annotations: annotations(pod, around.owner),
        linux: Some(LinuxPodSandboxConfig {
            cgroup_parent: around.cgroup_parent,
            security_context: Some(security_context),
            sysctls,
            ..LinuxPodSandboxConfig::default()
        }),
        windows: None,
    }
}

/// The pod's labels and those by which it is found again.
fn pod_labels(pod: &Pod) -> HashMap<String, String> {
    let mut all: HashMap<String, String> = pod.metadata.labels.clone().unwrap_or_default().into_iter().collect();
    all.insert(labels::POD_NAME.to_owned(), pod::name(pod).to_owned());
    all.insert(labels::POD_NAMESPACE.to_owned(), pod::namespace(pod).to_owned());
    all.insert(labels::POD_UID.to_owned(), pod::uid(pod).to_owned());
    all
}

fn annotations(pod: &Pod, owner: String) -> HashMap<String, String> {
    let mut all: HashMap<String, String> = pod.metadata.annotations.clone().unwrap_or_default().into_iter().collect();
    all.entry(pod::SOURCE.to_owned()).or_insert_with(|| "api".to_owned());
    all.insert(OWNER.to_owned(), owner);
    all
}

/// Ports of all containers; on the host's network none is mapped.
fn port_mappings(pod: &Pod) -> Vec<PortMapping> {
    if pod::host_network(pod) {
        return Vec::new();
    }
    let ports = pod::containers(pod).flat_map(|(_, container)| container.ports.iter().flatten());
    ports
        .map(|port| PortMapping {
            protocol: match port.protocol.as_deref() {
                Some("UDP") => Protocol::Udp,
                Some("SCTP") => Protocol::Sctp,
                _ => Protocol::Tcp,
            }
            .into(),
            container_port: port.container_port,
            host_port: port.host_port.unwrap_or(0),
            host_ip: port.host_ip.clone().unwrap_or_default(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::pod;

    #[test]
    fn namespaces_and_ports() {
        let check = |spec: &str, expected: (NamespaceMode, NamespaceMode)| {
            let found = namespaces(&pod(spec));
            assert_eq!((found.network, found.pid), (expected.0.into(), expected.1.into()), "{spec}");
        };
        check("{}", (NamespaceMode::Pod, NamespaceMode::Container));
        check("{hostNetwork: true, hostPID: true}", (NamespaceMode::Node, NamespaceMode::Node));
        check("shareProcessNamespace: true", (NamespaceMode::Pod, NamespaceMode::Pod));
        let mapped = port_mappings(&pod("containers: [{name: a, ports: [{containerPort: 53, hostPort: 5353, protocol: UDP}]}]"));
        assert_eq!((mapped[0].host_port, mapped[0].protocol()), (5353, Protocol::Udp));
    }
}
