//! Pods and pod templates.

use serde_json::Value;

use super::amounts::quality_of_service;
use super::containers::{containers, resources};
use super::page::{Page, put};
use super::tree::{Tree, controller};
use super::volumes::volumes;

/// The annotation by which a mirror pod says which static pod it stands for: the UID in its events.
pub const MIRROR: &str = "kubernetes.io/config.mirror";

pub fn pod(page: &mut Page, pod: &Value, events: Option<&[Value]>) {
    let (spec, status) = (pod.at("spec"), pod.at("status"));
    page.field(0, "Name", pod.text("metadata.name"));
    page.field(0, "Namespace", pod.text("metadata.namespace"));
    if spec.has("priority") {
        page.field(0, "Priority", &spec.integer("priority").to_string());
    }
    for (title, field) in [
        ("Priority Class Name", "priorityClassName"),
        ("Runtime Class Name", "runtimeClassName"),
        ("Service Account", "serviceAccountName"),
    ] {
        if let Some(text) = spec.filled(field) {
            page.field(0, title, text);
        }
    }
    match spec.filled("nodeName") {
        None => page.field(0, "Node", "<none>"),
        Some(node) => page.field(0, "Node", &format!("{node}/{}", status.text("hostIP"))),
    }
    if status.has("startTime") {
        page.field(0, "Start Time", &status.time("startTime"));
    }
    page.labels_and_annotations(pod);
    let phase = status.text("phase");
    match pod.filled("metadata.deletionTimestamp") {
        Some(time) if !matches!(phase, "Failed" | "Succeeded") => {
            let since = page.since(time);
            put!(page, 0, "Status:\tTerminating (lasts {since})\n");
            put!(page, 0, "Termination Grace Period:\t{}s\n", pod.integer("metadata.deletionGracePeriodSeconds"));
        }
        _ => page.field(0, "Status", phase),
    }
    for (title, field) in [("Reason", "reason"), ("Message", "message")] {
        if let Some(text) = status.filled(field) {
            page.field(0, title, text);
        }
    }
    if spec.has("securityContext.seccompProfile") {
        let profile = spec.at("securityContext.seccompProfile");
        page.field(0, "SeccompProfile", profile.text("type"));
        if profile.text("type") == "Localhost" {
            page.field(0, "LocalhostProfile", profile.text("localhostProfile"));
        }
    }
    addresses(page, status);
    if let Some(owner) = controller(pod) {
        put!(page, 0, "Controlled By:\t{}/{}\n", owner.text("kind"), owner.text("name"));
    }
    if let Some(node) = status.filled("nominatedNodeName") {
        page.field(0, "NominatedNodeName", node);
    }
    if spec.has("resources") {
        page.write(0, "Resources:\n");
        resources(page, spec.at("resources"), 1);
    }
    let lists = [
        ("Init Containers", "initContainers", "initContainerStatuses", false),
        ("Containers", "containers", "containerStatuses", true),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses", false),
    ];
    for (title, list, statuses, always) in lists {
        if always || !spec.list(list).is_empty() {
            containers(page, title, spec.list(list), status.list(statuses), Some(pod), "");
        }
    }
    conditions(page, spec, status);
    volumes(page, spec.list("volumes"), "");
    page.field(0, "QoS Class", &quality_of_service(pod));
    page.labels("", "Node-Selectors", spec.at("nodeSelector"));
    page.tolerations("Tolerations", spec.list("tolerations"));
    spreading(page, spec, "");
    scheduling_group(page, spec, "");
    page.events(events);
}

fn addresses(page: &mut Page, status: &Value) {
    page.field(0, "IP", status.text("podIP"));
    let addresses = status.list("podIPs");
    if addresses.is_empty() {
        page.field(0, "IPs", "<none>");
        return;
    }
    page.write(0, "IPs:\n");
    for address in addresses {
        page.field(1, "IP", address.text("ip"));
    }
}

fn conditions(page: &mut Page, spec: &Value, status: &Value) {
    let conditions = status.list("conditions");
    let gates = spec.list("readinessGates");
    if !gates.is_empty() {
        page.write(0, "Readiness Gates:\n  Type\tStatus\n");
        for gate in gates {
            let kind = gate.text("conditionType");
            let condition = conditions.iter().find(|condition| condition.text("type") == kind);
            put!(page, 1, "{kind} \t{} \n", condition.map_or("<none>", |condition| condition.text("status")));
        }
    }
    if !conditions.is_empty() {
        page.write(0, "Conditions:\n  Type\tStatus\n");
        for condition in conditions {
            put!(page, 1, "{} \t{} \n", condition.text("type"), condition.text("status"));
        }
    }
}

fn spreading(page: &mut Page, spec: &Value, space: &str) {
    let mut constraints: Vec<&Value> = spec.list("topologySpreadConstraints").iter().collect();
    if constraints.is_empty() {
        return;
    }
    constraints.sort_by_key(|constraint| constraint.text("topologyKey"));
    put!(page, 0, "{space}Topology Spread Constraints:\t");
    for (index, constraint) in constraints.into_iter().enumerate() {
        if index > 0 {
            page.rest(space);
            page.rest("\t");
        }
        let (key, when) = (constraint.text("topologyKey"), constraint.text("whenUnsatisfiable"));
        put!(page, 0, "{key}:{when} when max skew {} is exceeded", constraint.integer("maxSkew"));
        if constraint.has("labelSelector") {
            put!(page, 0, " for selector {}", constraint.label_selector("labelSelector"));
        }
        page.rest("\n");
    }
}

fn scheduling_group(page: &mut Page, spec: &Value, space: &str) {
    if spec.has("schedulingGroup") {
        put!(page, 0, "{space}SchedulingGroup:\n");
        page.field(1, "PodGroupName", spec.text("schedulingGroup.podGroupName"));
    }
}

/// The pod template of a workload.
pub fn template(page: &mut Page, template: &Value) {
    page.write(0, "Pod Template:\n");
    if template.is_null() {
        page.write(1, "<unset>");
        return;
    }
    page.labels("", "  Labels", template.at("metadata.labels"));
    if !template.members("metadata.annotations").is_empty() {
        page.annotations("  Annotations", template.at("metadata.annotations"));
    }
    let spec = template.at("spec");
    if let Some(account) = spec.filled("serviceAccountName") {
        page.field(1, "Service Account", account);
    }
    if !spec.list("initContainers").is_empty() {
        containers(page, "Init Containers", spec.list("initContainers"), &[], None, "  ");
    }
    containers(page, "Containers", spec.list("containers"), &[], None, "  ");
    volumes(page, spec.list("volumes"), "  ");
    spreading(page, spec, "  ");
    if let Some(class) = spec.filled("priorityClassName") {
        page.field(1, "Priority Class Name", class);
    }
    page.labels("", "  Node-Selectors", spec.at("nodeSelector"));
    page.tolerations("  Tolerations", spec.list("tolerations"));
    scheduling_group(page, spec, "  ");
}
