//! Pods.

mod container;
mod default;
mod environment;
mod host_ports;
mod probe;
pub mod qos;
pub mod readiness;
pub mod requests;
mod resize;
mod resources;
mod scheduling;
mod security;
mod spec;
mod update;
mod volume;
mod warnings;

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::{Binding, Pod, PodStatus};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

pub(crate) use default::template as default_template;
pub use resize::{prepare_resize, validate_resize};
pub(crate) use resources::quantities as spec_quantities;
pub(crate) use scheduling::{node_selector, taint_effect, topology_selector_terms};
pub(crate) use spec::template as validate_template;
pub use update::{prepare_ephemeral_containers, validate_ephemeral_containers};
pub(crate) use volume::nfs;
pub(crate) use warnings::of_template as template_warnings;

use crate::Part;
pub use crate::rules::is_extended as is_extended_resource;
use crate::rules::text;

/// The faults of a binding of a pod to a node.
pub fn validate_binding(binding: &Binding) -> ErrorList {
    let path = Path::new("target");
    let mut errors = ErrorList::new();
    let kind = text(&binding.target.kind);
    if !matches!(kind, "" | "Node") {
        errors.push(FieldError::not_supported_in_order(&path.child("kind"), kind, &["Node", "<empty>"]));
    }
    if text(&binding.target.name).is_empty() {
        errors.push(FieldError::required(&path.child("name"), ""));
    }
    errors
}

pub(crate) struct PodBehaviour;

impl crate::Behaviour<Pod> for PodBehaviour {
    fn quantities(&self, pod: &mut Pod, visit: &mut dyn FnMut(&mut Quantity)) {
        if let Some(spec) = &mut pod.spec {
            spec_quantities(spec, visit);
        }
        let statuses = pod.status.iter_mut().flat_map(|status| {
            [&mut status.container_statuses, &mut status.init_container_statuses, &mut status.ephemeral_container_statuses]
                .into_iter()
                .flatten()
                .flatten()
        });
        for status in statuses {
            status.allocated_resources.iter_mut().flat_map(|list| list.values_mut()).for_each(&mut *visit);
            if let Some(resources) = &mut status.resources {
                resources::requirements(resources, visit);
            }
        }
    }

    fn nulls(&self, pod: &Pod) -> &'static [&'static str] {
        let told = pod.status.as_ref().is_some_and(|status| {
            let containers = [&status.container_statuses, &status.init_container_statuses, &status.ephemeral_container_statuses];
            status.conditions.is_some() || containers.into_iter().any(Option::is_some)
        });
        if !told {
            return &[];
        }
        &[
            "status.conditions[].lastProbeTime",
            "status.conditions[].lastTransitionTime",
            "status.containerStatuses[].state.terminated.startedAt",
            "status.containerStatuses[].state.terminated.finishedAt",
            "status.containerStatuses[].lastState.terminated.startedAt",
            "status.containerStatuses[].lastState.terminated.finishedAt",
            "status.initContainerStatuses[].state.terminated.startedAt",
            "status.initContainerStatuses[].state.terminated.finishedAt",
            "status.initContainerStatuses[].lastState.terminated.startedAt",
            "status.initContainerStatuses[].lastState.terminated.finishedAt",
            "status.ephemeralContainerStatuses[].state.terminated.startedAt",
            "status.ephemeralContainerStatuses[].state.terminated.finishedAt",
            "status.ephemeralContainerStatuses[].lastState.terminated.startedAt",
            "status.ephemeralContainerStatuses[].lastState.terminated.finishedAt",
            "status.containerStatuses[].state.running.startedAt",
            "status.containerStatuses[].lastState.running.startedAt",
            "status.initContainerStatuses[].state.running.startedAt",
            "status.initContainerStatuses[].lastState.running.startedAt",
            "status.ephemeralContainerStatuses[].state.running.startedAt",
            "status.ephemeralContainerStatuses[].lastState.running.startedAt",
        ]
    }

    fn default(&self, pod: &mut Pod) {
        default::pod(pod);
    }

    fn prepare_create(&self, pod: &mut Pod) {
        let class = qos::class_of_spec(pod);
        pod.status = Some(PodStatus { phase: Some("Pending".to_owned()), qos_class: Some(class.to_owned()), ..PodStatus::default() });
        default::after_admission(pod);
        let spec = pod.spec.get_or_insert_default();
        if spec.scheduling_gates.as_ref().is_some_and(|gates| !gates.is_empty()) {
            pod.status.get_or_insert_default().conditions = Some(vec![k8s_openapi::api::core::v1::PodCondition {
                type_: "PodScheduled".to_owned(),
                status: "False".to_owned(),
                reason: Some("SchedulingGated".to_owned()),
                message: Some("Scheduling is blocked due to non-empty scheduling gates".to_owned()),
                ..Default::default()
            }]);
        }
    }

    fn prepare_update(&self, part: Part, pod: &mut Pod, old: &Pod) {
        match part {
            Part::Main => {
                pod.status.clone_from(&old.status);
                let spec = pod.spec.get_or_insert_default();
                // only its own subresource changes them
                spec.ephemeral_containers = old.spec.as_ref().and_then(|spec| spec.ephemeral_containers.clone());
                default::after_admission(pod);
            }
            Part::Status => {
                pod.spec.clone_from(&old.spec);
                pod.metadata.owner_references.clone_from(&old.metadata.owner_references);
                // what a status does not name is kept, as the class and the generation are the server's
                let status = pod.status.get_or_insert_default();
                let before = old.status.clone().unwrap_or_default();
                if text(&status.qos_class).is_empty() {
                    status.qos_class = before.qos_class;
                }
            }
        }
    }

    fn validate(&self, pod: &Pod) -> ErrorList {
        let mut errors = spec::pod(pod);
        let Some(pod_spec) = &pod.spec else { return errors };
        let path = Path::new("spec");
        if pod_spec.ephemeral_containers.as_ref().is_some_and(|list| !list.is_empty()) {
            errors.push(FieldError::forbidden(&path.child("ephemeralContainers"), "cannot be set on create"));
        }
        if !text(&pod_spec.node_name).is_empty() && pod_spec.scheduling_gates.as_ref().is_some_and(|gates| !gates.is_empty()) {
            errors.push(FieldError::forbidden(&path.child("nodeName"), "cannot be set until all schedulingGates have been cleared"));
        }
        errors
    }

    fn validate_update(&self, part: Part, pod: &Pod, old: &Pod) -> ErrorList {
        match part {
            Part::Main => update::main(pod, old),
            Part::Status => update::status(pod, old),
        }
    }

    fn has_generation(&self) -> bool {
        true
    }

    fn generation_changes(&self, pod: &Pod, old: &Pod) -> bool {
        pod.spec != old.spec
    }

    fn fields(&self, pod: &Pod) -> Vec<(&'static str, String)> {
        let spec = pod.spec.as_ref();
        let status = pod.status.as_ref();
        let of_spec = |get: fn(&k8s_openapi::api::core::v1::PodSpec) -> &Option<String>| {
            spec.map(|spec| text(get(spec)).to_owned()).unwrap_or_default()
        };
        let of_status = |get: fn(&PodStatus) -> &Option<String>| status.map(|status| text(get(status)).to_owned()).unwrap_or_default();
        let pod_ip = status
            .map(|status| status.pod_ips.iter().flatten().next().map_or_else(|| text(&status.pod_ip).to_owned(), |first| first.ip.clone()))
            .unwrap_or_default();
        let host_network = spec.is_some_and(|spec| spec.host_network == Some(true));
        vec![
            ("spec.nodeName", of_spec(|spec| &spec.node_name)),
            ("spec.restartPolicy", of_spec(|spec| &spec.restart_policy)),
            ("spec.schedulerName", of_spec(|spec| &spec.scheduler_name)),
            ("spec.serviceAccountName", of_spec(|spec| &spec.service_account_name)),
            ("spec.hostNetwork", host_network.to_string()),
            ("status.phase", of_status(|status| &status.phase)),
            ("status.podIP", pod_ip),
            ("status.nominatedNodeName", of_status(|status| &status.nominated_node_name)),
        ]
    }

    fn field_names(&self) -> &'static [&'static str] {
        &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.nominatedNodeName",
        ]
    }

    fn warnings(&self, pod: &Pod, old: Option<&Pod>) -> Vec<String> {
        if old.is_none() { warnings::of_pod(pod) } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod warnings_tests;
