//! A pod as the checks of the Pod Security Standards see it.

use k8s_openapi::api::core::v1::{Lifecycle, PodSpec, Probe, SecurityContext};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// What is looked at of a container; ephemeral ones have a type of their own with the same fields.
macro_rules! part_of {
    ($container:expr) => {{
        let container = $container;
        Part {
            name: &container.name,
            security: container.security_context.as_ref(),
            host_ports: container.ports.iter().flatten().filter_map(|port| port.host_port).filter(|port| *port != 0).collect(),
            probes: [container.liveness_probe.as_ref(), container.readiness_probe.as_ref(), container.startup_probe.as_ref()],
            lifecycle: container.lifecycle.as_ref(),
        }
    }};
}

/// One container, whatever its kind.
pub struct Part<'a> {
    pub name: &'a str,
    pub security: Option<&'a SecurityContext>,
    pub host_ports: Vec<i32>,
    pub probes: [Option<&'a Probe>; 3],
    pub lifecycle: Option<&'a Lifecycle>,
}

/// A pod as the checks see it: init containers, containers, ephemeral containers.
pub struct Facts<'a> {
    pub meta: &'a ObjectMeta,
    pub spec: &'a PodSpec,
    pub parts: Vec<Part<'a>>,
}

impl<'a> Facts<'a> {
    pub fn new(meta: &'a ObjectMeta, spec: &'a PodSpec) -> Self {
        let first = spec.init_containers.iter().flatten().map(|container| part_of!(container));
        let later = spec.ephemeral_containers.iter().flatten().map(|container| part_of!(container));
        let parts = first.chain(spec.containers.iter().map(|container| part_of!(container))).chain(later).collect();
        Self { meta, spec, parts }
    }
    /// The names of the containers that something is true of.
    pub fn bad(&self, mut is: impl FnMut(&Part<'a>) -> bool) -> Vec<&'a str> {
        self.parts.iter().filter(|part| is(part)).map(|part| part.name).collect()
    }
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.meta.annotations.as_ref()?.get(key).map(String::as_str)
    }
}
