//! Persistent volumes, claims on them, and the classes of storage.

use serde_json::Value;

use super::page::{Page, put};
use super::tree::Tree;
use super::volumes;
use super::workloads::flag_or_unset;

const BETA_STORAGE_CLASS: &str = "volume.beta.kubernetes.io/storage-class";
const DEFAULT_CLASS: [&str; 2] = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/// The class that a claim or volume names.
pub fn storage_class(object: &Value) -> &str {
    let annotation = object.at("metadata.annotations").member(BETA_STORAGE_CLASS).as_str();
    annotation.unwrap_or_else(|| object.text("spec.storageClassName"))
}

fn access_modes(modes: &[&str]) -> String {
    let known = [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
    let short: Vec<&str> = known.iter().filter(|(mode, _)| modes.contains(mode)).map(|(_, short)| *short).collect();
    short.join(",")
}

/// A whole claim, or only what the template of one has.
pub fn claim(page: &mut Page, claim: &Value, whole: bool) {
    let spec = claim.at("spec");
    if whole {
        page.field(0, "Name", claim.text("metadata.name"));
        page.field(0, "Namespace", claim.text("metadata.namespace"));
    }
    page.field(0, "StorageClass", storage_class(claim));
    if whole {
        status(page, claim);
    }
    page.field(0, "Volume", spec.text("volumeName"));
    page.labels_and_annotations(claim);
    if whole {
        page.field(0, "Finalizers", &claim.shown("metadata.finalizers", "[]"));
    }
    let bound = spec.filled("volumeName").is_some();
    let capacity = if bound { claim.at("status.capacity").quantity("storage").to_string() } else { String::new() };
    page.field(0, "Capacity", &capacity);
    page.field(0, "Access Modes", &if bound { access_modes(&claim.texts("status.accessModes")) } else { String::new() });
    if spec.has("volumeMode") {
        page.field(0, "VolumeMode", spec.text("volumeMode"));
    }
    if spec.has("dataSource") {
        let source = spec.at("dataSource");
        page.write(0, "DataSource:\n");
        if source.has("apiGroup") {
            page.field(1, "APIGroup", source.text("apiGroup"));
        }
        page.field(1, "Kind", source.text("kind"));
        page.field(1, "Name", source.text("name"));
    }
}

fn status(page: &mut Page, object: &Value) {
    match object.filled("metadata.deletionTimestamp") {
        Some(time) => {
            let since = page.since(time);
            put!(page, 0, "Status:\tTerminating (lasts {since})\n");
        }
        None => page.field(0, "Status", object.text("status.phase")),
    }
}

pub fn persistent_volume_claim(page: &mut Page, object: &Value, users: &[Value], events: Option<&[Value]>) {
    claim(page, object, true);
    page.pods("Used By", users);
    let conditions = object.list("status.conditions");
    if !conditions.is_empty() {
        page.write(0, "Conditions:\n");
        page.write(1, "Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage\n");
        page.write(1, "----\t------\t-----------------\t------------------\t------\t-------\n");
    }
    for condition in conditions {
        put!(
            page,
            1,
            "{} \t{} \t{} \t{} \t{} \t{}\n",
            condition.text("type"),
            condition.text("status"),
            condition.time("lastProbeTime"),
            condition.time("lastTransitionTime"),
            condition.text("reason"),
            condition.text("message")
        );
    }
    page.events(events);
}

/// The pods of the namespace that mount a claim or own it.
pub fn users(claim: &Value, pods: &[Value]) -> Vec<Value> {
    let name = claim.text("metadata.name");
    let mounts = |pod: &Value| {
        pod.list("spec.volumes").iter().filter(|volume| volume.at("persistentVolumeClaim.claimName").as_str() == Some(name)).count()
    };
    let mut users: Vec<Value> = pods.iter().flat_map(|pod| std::iter::repeat_n(pod, mounts(pod))).cloned().collect();
    for owner in claim.list("metadata.ownerReferences").iter().filter(|owner| owner.text("kind") == "Pod") {
        let uid = owner.text("uid");
        let is_owner = |pod: &&Value| pod.text("metadata.uid") == uid;
        if let Some(pod) = pods.iter().find(is_owner)
            && !users.iter().any(|user| is_owner(&user))
        {
            users.push(pod.clone());
        }
    }
    users
}

pub fn persistent_volume(page: &mut Page, volume: &Value, events: Option<&[Value]>) {
    let spec = volume.at("spec");
    page.field(0, "Name", volume.text("metadata.name"));
    page.labels_and_annotations(volume);
    page.field(0, "Finalizers", &volume.shown("metadata.finalizers", "[]"));
    page.field(0, "StorageClass", storage_class(volume));
    status(page, volume);
    if spec.has("claimRef") {
        put!(page, 0, "Claim:\t{}/{}\n", spec.text("claimRef.namespace"), spec.text("claimRef.name"));
    } else {
        page.field(0, "Claim", "");
    }
    page.field(0, "Reclaim Policy", spec.text("persistentVolumeReclaimPolicy"));
    page.field(0, "Access Modes", &access_modes(&spec.texts("accessModes")));
    if spec.has("volumeMode") {
        page.field(0, "VolumeMode", spec.text("volumeMode"));
    }
    page.field(0, "Capacity", &spec.at("capacity").quantity("storage").to_string());
    node_affinity(page, spec.at("nodeAffinity.required"));
    page.field(0, "Message", volume.text("status.message"));
    page.write(0, "Source:\n");
    volumes::persistent(page, spec);
    page.events(events);
}

fn node_affinity(page: &mut Page, required: &Value) {
    page.write(0, "Node Affinity:\t");
    if required.is_null() {
        page.rest("<none>\n");
        return;
    }
    page.rest("\n");
    page.write(1, "Required Terms:\t");
    let terms = required.list("nodeSelectorTerms");
    page.rest(if terms.is_empty() { "<none>\n" } else { "\n" });
    for (index, term) in terms.iter().enumerate() {
        put!(page, 2, "Term {index}:\t");
        requirements(page, 2, term.list("matchExpressions"));
    }
}

/// `key in [a, b]` a line each, under a title that stands already.
fn requirements(page: &mut Page, level: usize, requirements: &[Value]) {
    if requirements.is_empty() {
        page.rest("<none>\n");
    }
    for (index, requirement) in requirements.iter().enumerate() {
        if index > 0 {
            page.write(level, "\t");
        }
        // the requirements of topologies have no operator
        let operator = requirement.text_or("operator", "in").to_lowercase();
        let values = requirement.texts("values");
        let values = if values.is_empty() { String::new() } else { format!(" [{}]", values.join(", ")) };
        put!(page, 0, "{} {operator}{values}\n", requirement.text("key"));
    }
}

pub fn class(page: &mut Page, class: &Value, events: Option<&[Value]>) {
    let annotations = class.at("metadata.annotations");
    let default = DEFAULT_CLASS.iter().any(|key| annotations.member(key).as_str() == Some("true"));
    page.field(0, "Name", class.text("metadata.name"));
    page.field(0, "IsDefaultClass", if default { "Yes" } else { "No" });
    page.field(0, "Annotations", &class.joined_labels("metadata.annotations"));
    page.field(0, "Provisioner", class.text("provisioner"));
    page.field(0, "Parameters", &class.joined_labels("parameters"));
    page.field(0, "AllowVolumeExpansion", flag_or_unset(class.at("allowVolumeExpansion")));
    let options = class.texts("mountOptions");
    page.write(0, if options.is_empty() { "MountOptions:\t<none>\n" } else { "MountOptions:\n" });
    for option in options {
        put!(page, 1, "{option}\n");
    }
    for (title, field) in [("ReclaimPolicy", "reclaimPolicy"), ("VolumeBindingMode", "volumeBindingMode")] {
        if class.has(field) {
            page.field(0, title, class.text(field));
        }
    }
    if class.has("allowedTopologies") {
        let terms = class.list("allowedTopologies");
        page.write(0, "AllowedTopologies:\t");
        page.rest(if terms.is_empty() { "<none>\n" } else { "\n" });
        for (index, term) in terms.iter().enumerate() {
            put!(page, 1, "Term {index}:\t");
            requirements(page, 1, term.list("matchLabelExpressions"));
        }
    }
    page.events(events);
}

pub fn attributes_class(page: &mut Page, class: &Value, events: Option<&[Value]>) {
    page.field(0, "Name", class.text("metadata.name"));
    page.field(0, "Annotations", &class.joined_labels("metadata.annotations"));
    page.field(0, "DriverName", class.text("driverName"));
    page.field(0, "Parameters", &class.joined_labels("parameters"));
    page.events(events);
}

pub fn csi_node(page: &mut Page, node: &Value, events: Option<&[Value]>) {
    page.field(0, "Name", node.text("metadata.name"));
    page.labels_and_annotations(node);
    page.field(0, "CreationTimestamp", &node.time("metadata.creationTimestamp"));
    page.write(0, "Spec:\n");
    if node.has("spec.drivers") {
        page.write(1, "Drivers:\n");
    }
    for driver in node.list("spec.drivers") {
        put!(page, 2, "{}:\n", driver.text("name"));
        page.field(3, "Node ID", driver.text("nodeID"));
        if driver.has("allocatable.count") {
            page.write(3, "Allocatables:\n");
            page.field(4, "Count", &driver.integer("allocatable.count").to_string());
        }
        if driver.has("topologyKeys") {
            page.field(3, "Topology Keys", &driver.shown("topologyKeys", "[]"));
        }
    }
    page.events(events);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn access_modes_are_short() {
        assert_eq!(access_modes(&["ReadWriteMany", "ReadWriteOnce", "ReadWriteMany"]), "RWO,RWX");
    }

    #[test]
    fn users_mount_or_own() {
        let pod = |uid: &str, claim: &str| json!({ "metadata": { "uid": uid }, "spec": { "volumes": [{ "persistentVolumeClaim": { "claimName": claim } }] } });
        let claim =
            json!({ "metadata": { "name": "c", "ownerReferences": [{ "kind": "Pod", "uid": "b" }, { "kind": "Pod", "uid": "a" }] } });
        let found = users(&claim, &[pod("a", "c"), pod("b", "x"), pod("d", "x")]);
        let uids: Vec<&str> = found.iter().map(|pod| pod.text("metadata.uid")).collect();
        assert_eq!(uids, ["a", "b"]);
    }
}
