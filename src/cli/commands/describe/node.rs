//! Nodes: conditions, capacity, what runs there and how much of the node is asked for.

use std::collections::{BTreeMap, BTreeSet};

use api::quantity::Quantity;
use serde_json::Value;

use super::amounts::{Amounts, Of, add, of_pod};
use super::page::{Page, put};
use super::tree::{Tree, quantity};

const ROLE_PREFIX: &str = "node-role.kubernetes.io/";
const ROLE: &str = "kubernetes.io/role";
/// So many pools of devices are listed.
const POOLS: usize = 10;

/// What is asked for besides the node itself.
pub struct Surroundings {
    /// The pods that have not ended; `None` where the user may not see them.
    pub pods: Option<Vec<Value>>,
    /// The node's lease, or why there is none.
    pub lease: Result<Value, String>,
    pub resource_slices: Vec<Value>,
    pub events: Option<Vec<Value>>,
}

pub fn node(page: &mut Page, node: &Value, around: &Surroundings) {
    let (spec, status) = (node.at("spec"), node.at("status"));
    page.field(0, "Name", node.text("metadata.name"));
    let roles = roles(node);
    page.field(0, "Roles", &if roles.is_empty() { "<none>".to_owned() } else { roles.join(",") });
    page.labels_and_annotations(node);
    page.field(0, "CreationTimestamp", &node.time("metadata.creationTimestamp"));
    page.taints(spec.list("taints"));
    page.field(0, "Unschedulable", &spec.flag("unschedulable").to_string());
    match &around.lease {
        Ok(found) => lease(page, found),
        Err(error) => page.field(0, "Lease", &format!("Failed to get lease: {error}")),
    }
    conditions(page, status.list("conditions"));
    page.write(0, "Addresses:\n");
    for address in status.list("addresses") {
        page.field(1, address.text("type"), address.text("address"));
    }
    for (title, field) in [("Capacity", "capacity"), ("Allocatable", "allocatable")] {
        let amounts = status.members(field);
        if !amounts.is_empty() {
            put!(page, 0, "{title}:\n");
        }
        for (name, amount) in amounts {
            page.field(1, name, &quantity(amount).to_string());
        }
    }
    resource_slices(page, &around.resource_slices);
    system(page, status.at("nodeInfo"));
    if let Some(network) = spec.filled("podCIDR") {
        page.field(0, "PodCIDR", network);
    }
    let networks = spec.texts("podCIDRs");
    if !networks.is_empty() {
        page.field(0, "PodCIDRs", &networks.join(","));
    }
    if let Some(id) = spec.filled("providerID") {
        page.field(0, "ProviderID", id);
    }
    match &around.pods {
        Some(found) => {
            pods(page, node, found);
            allocated(page, node, found);
        }
        None => page.field(0, "Pods", "not authorized"),
    }
    page.events(around.events.as_deref());
}

fn roles(node: &Value) -> Vec<String> {
    let roles: BTreeSet<String> = node
        .members("metadata.labels")
        .into_iter()
        .filter_map(|(key, value)| match key.strip_prefix(ROLE_PREFIX) {
            Some(role) => Some(role.to_owned()),
            None => (key == ROLE).then(|| value.as_str().unwrap_or_default().to_owned()),
        })
        .filter(|role| !role.is_empty())
        .collect();
    roles.into_iter().collect()
}

fn lease(page: &mut Page, lease: &Value) {
    let spec = lease.at("spec");
    let time = |field: &str| if spec.has(field) { spec.time(field) } else { "<unset>".to_owned() };
    page.write(0, "Lease:\n");
    page.field(1, "HolderIdentity", spec.text_or("holderIdentity", "<unset>"));
    page.field(1, "AcquireTime", &time("acquireTime"));
    page.field(1, "RenewTime", &time("renewTime"));
}

fn conditions(page: &mut Page, conditions: &[Value]) {
    if conditions.is_empty() {
        return;
    }
    page.write(0, "Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n");
    page.write(1, "----\t------\t-----------------\t------------------\t------\t-------\n");
    for condition in conditions {
        put!(
            page,
            1,
            "{} \t{} \t{} \t{} \t{} \t{}\n",
            condition.text("type"),
            condition.text("status"),
            condition.time("lastHeartbeatTime"),
            condition.time("lastTransitionTime"),
            condition.text("reason"),
            condition.text("message")
        );
    }
}

fn resource_slices(page: &mut Page, slices: &[Value]) {
    let mut pools: BTreeMap<String, (&Value, usize, usize)> = BTreeMap::new();
    for slice in slices {
        let spec = slice.at("spec");
        let pool = pools.entry(format!("{}/{}", spec.text("driver"), spec.text("pool.name"))).or_insert((spec, 0, 0));
        pool.1 += 1;
        pool.2 += spec.list("devices").len();
    }
    if pools.is_empty() {
        return;
    }
    page.write(0, "Node-Local ResourceSlices:\n");
    page.write(1, "Driver\tPool\tSlices\tDevices\n");
    page.write(1, "------\t----\t------\t-------\n");
    for (spec, slices, devices) in pools.values().take(POOLS) {
        put!(page, 1, "{}\t{}\t{slices}\t{devices}\n", spec.text("driver"), spec.text("pool.name"));
    }
    if pools.len() > POOLS {
        put!(page, 1, "...and {} more pools\n", pools.len() - POOLS);
    }
}

fn system(page: &mut Page, info: &Value) {
    page.write(0, "System Info:\n");
    let rows = [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ];
    for (title, field) in rows {
        page.field(1, title, info.text(field));
    }
}

fn allocatable(node: &Value) -> &Value {
    let allocatable = node.at("status.allocatable");
    if allocatable.as_object().is_some_and(|map| !map.is_empty()) { allocatable } else { node.at("status.capacity") }
}

/// A part of the whole in percent, as Go turns the fraction into an integer.
fn percent(part: i64, whole: i64) -> i64 {
    let fraction = part as f64 / whole as f64 * 100.0;
    if fraction.is_finite() { fraction as i64 } else { i64::MIN }
}

/// `500m (25%)`.
fn share(name: &str, amount: &Quantity, whole: &Quantity, empty_is_zero: bool) -> String {
    let (part, all) = if name == "cpu" { (amount.milli_value(), whole.milli_value()) } else { (amount.value(), whole.value()) };
    let percent = if all == 0 && empty_is_zero { 0 } else { percent(part, all) };
    format!("{amount} ({percent}%)")
}

fn amount(amounts: &Amounts, name: &str) -> Quantity {
    amounts.get(name).cloned().unwrap_or_default()
}

fn pods(page: &mut Page, node: &Value, pods: &[Value]) {
    put!(page, 0, "Non-terminated Pods:\t({} in total)\n", pods.len());
    page.write(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n");
    page.write(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n");
    let whole = allocatable(node);
    for pod in pods {
        let (requests, limits) = (of_pod(pod, Of::Requests, true), of_pod(pod, Of::Limits, true));
        let cell = |name: &str, amounts: &Amounts| share(name, &amount(amounts, name), &whole.quantity(name), false);
        let cells = [cell("cpu", &requests), cell("cpu", &limits), cell("memory", &requests), cell("memory", &limits)];
        let age = page.since(pod.text("metadata.creationTimestamp"));
        put!(page, 1, "{}\t{}\t\t{}\t{age}\n", pod.text("metadata.namespace"), pod.text("metadata.name"), cells.join("\t"));
    }
}

fn allocated(page: &mut Page, node: &Value, pods: &[Value]) {
    page.write(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n");
    page.write(1, "Resource\tRequests\tLimits\n");
    page.write(1, "--------\t--------\t------\n");
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    for pod in pods {
        add(&mut requests, &of_pod(pod, Of::Requests, false));
        add(&mut limits, &of_pod(pod, Of::Limits, false));
    }
    let whole = allocatable(node);
    let names: Vec<&str> = whole.members("").into_iter().map(|(name, _)| name).collect();
    let huge = names.iter().copied().filter(|name| name.starts_with("hugepages-"));
    for name in ["cpu", "memory", "ephemeral-storage"].into_iter().chain(huge) {
        let share = |amounts| share(name, &amount(amounts, name), &whole.quantity(name), true);
        put!(page, 1, "{name}\t{}\t{}\n", share(&requests), share(&limits));
    }
    let others = |name: &&str| !matches!(*name, "cpu" | "memory" | "ephemeral-storage" | "pods") && !name.starts_with("hugepages-");
    for name in names.into_iter().filter(others) {
        put!(page, 1, "{name}\t{}\t{}\n", amount(&requests, name), amount(&limits, name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shares_are_cut_to_whole_percents() {
        let check = |name: &str, part: &str, whole: &str, expected: &str| {
            assert_eq!(share(name, &part.parse().unwrap(), &whole.parse().unwrap(), true), expected);
        };
        check("cpu", "250m", "2", "250m (12%)");
        check("memory", "70Mi", "1Gi", "70Mi (6%)");
        check("memory", "70Mi", "0", "70Mi (0%)");
        check("cpu", "3", "2", "3 (150%)");
    }

    #[test]
    fn roles_come_from_labels() {
        let node = json!({ "metadata": { "labels": { "node-role.kubernetes.io/b": "", "node-role.kubernetes.io/": "", "kubernetes.io/role": "a" } } });
        assert_eq!(roles(&node), ["a", "b"]);
    }
}
