//! Ports on the node's own address: defaults on the host's network, and collisions within a pod.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::{Container, PodSpec};

use crate::rules::text;

/// On the host's network a container's port is the host's.
pub(super) fn default_to_container_ports(spec: &mut PodSpec) {
    let containers = spec.containers.iter_mut().chain(spec.init_containers.iter_mut().flatten());
    for port in containers.flat_map(|container| container.ports.iter_mut().flatten()) {
        if port.host_port.unwrap_or_default() == 0 {
            port.host_port = Some(port.container_port);
        }
    }
}

/// Ports that two of the containers claim. `path` is that of the list.
pub(super) fn conflicts(containers: &[Container], path: &Path) -> ErrorList {
    let mut seen = BTreeSet::new();
    let mut errors = ErrorList::new();
    for (index, container) in containers.iter().enumerate() {
        for (port_index, port) in container.ports.iter().flatten().enumerate() {
            let Some(number) = port.host_port.filter(|port| *port != 0) else { continue };
            let name = format!("{}/{}/{number}", text(&port.protocol), text(&port.host_ip));
            if !seen.insert(name.clone()) {
                errors.push(FieldError::duplicate(&path.index(index).child("ports").index(port_index).child("hostPort"), name));
            }
        }
    }
    errors
}

/// On the host's network both ports are one. A template may leave the host's open.
pub(super) fn on_host_network(spec: &PodSpec, is_pod: bool, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if spec.host_network != Some(true) {
        return errors;
    }
    for (index, container) in spec.containers.iter().enumerate() {
        for (port_index, port) in container.ports.iter().flatten().enumerate() {
            let host_port = port.host_port.unwrap_or_default();
            if (is_pod || host_port != 0) && host_port != port.container_port {
                let path = path.child("containers").index(index).child("ports").index(port_index).child("hostPort");
                errors.push(FieldError::invalid(&path, host_port, "must match `containerPort` when `hostNetwork` is true"));
            }
        }
    }
    errors
}
