//! Deployments, replica sets, replication controllers, daemon sets, stateful sets, jobs and cron jobs.

use output::duration;
use serde_json::Value;

use super::page::{Page, put};
use super::pod::template;
use super::related::PodCounts;
use super::storage::storage_class;
use super::tree::{Tree, controller, quantity};

const POD_TEMPLATE_HASH: &str = "pod-template-hash";

/// The replica sets of a deployment: the others, and the one of its template.
#[derive(Debug, Default)]
pub struct Generations {
    old: Vec<Value>,
    new: Option<Value>,
}

impl Generations {
    /// Sorts out `found`, which the deployment's selector matches.
    pub fn of(deployment: &Value, found: Vec<Value>) -> Self {
        let uid = deployment.text("metadata.uid");
        let mut own: Vec<Value> = found.into_iter().filter(|set| controller(set).is_some_and(|owner| owner.text("uid") == uid)).collect();
        own.sort_by(|one, other| {
            let key = |set: &Value| (set.text("metadata.creationTimestamp").to_owned(), set.text("metadata.name").to_owned());
            key(one).cmp(&key(other))
        });
        let wanted = comparable(deployment.at("spec.template"));
        let new = own.iter().position(|set| comparable(set.at("spec.template")) == wanted).map(|index| own.remove(index));
        Self { old: own, new }
    }
}

/// A template without what does not count when templates are compared.
fn comparable(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove(POD_TEMPLATE_HASH);
    }
    without_nothing(&mut template);
    template
}

fn without_nothing(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(without_nothing);
            map.retain(|_, value| !value.is_null() && !value.as_array().is_some_and(Vec::is_empty));
        }
        Value::Array(items) => items.iter_mut().for_each(without_nothing),
        _ => {}
    }
}

fn replica_sets<'a>(sets: impl IntoIterator<Item = &'a Value>) -> String {
    let texts: Vec<String> = sets
        .into_iter()
        .map(|set| {
            let (name, current, wanted) = (set.text("metadata.name"), set.integer("status.replicas"), set.integer("spec.replicas"));
            format!("{name} ({current}/{wanted} replicas created)")
        })
        .collect();
    if texts.is_empty() { "<none>".to_owned() } else { texts.join(", ") }
}

pub fn deployment(page: &mut Page, deployment: &Value, selector: &str, generations: &Generations, events: Option<&[Value]>) {
    let (spec, status) = (deployment.at("spec"), deployment.at("status"));
    page.field(0, "Name", deployment.text("metadata.name"));
    page.field(0, "Namespace", deployment.text("metadata.namespace"));
    page.field(0, "CreationTimestamp", &deployment.time("metadata.creationTimestamp"));
    page.labels_and_annotations(deployment);
    page.field(0, "Selector", selector);
    put!(
        page,
        0,
        "Replicas:\t{} desired | {} updated | {} total | {} available | {} unavailable\n",
        spec.integer("replicas"),
        status.integer("updatedReplicas"),
        status.integer("replicas"),
        status.integer("availableReplicas"),
        status.integer("unavailableReplicas")
    );
    page.field(0, "StrategyType", spec.text("strategy.type"));
    page.field(0, "MinReadySeconds", &spec.integer("minReadySeconds").to_string());
    if spec.has("strategy.rollingUpdate") {
        let rolling = spec.at("strategy.rollingUpdate");
        let (unavailable, surge) = (rolling.shown("maxUnavailable", "<nil>"), rolling.shown("maxSurge", "<nil>"));
        put!(page, 0, "RollingUpdateStrategy:\t{unavailable} max unavailable, {surge} max surge\n");
    }
    template(page, spec.at("template"));
    page.workload_conditions(status.list("conditions"));
    if !generations.old.is_empty() || generations.new.is_some() {
        page.field(0, "OldReplicaSets", &replica_sets(&generations.old));
        page.field(0, "NewReplicaSet", &replica_sets(&generations.new));
    }
    page.events(events);
}

/// A replica set; `counts` of its pods, or why there are none.
pub fn replica_set(page: &mut Page, set: &Value, counts: &Result<PodCounts, String>, events: Option<&[Value]>) {
    page.field(0, "Name", set.text("metadata.name"));
    page.field(0, "Namespace", set.text("metadata.namespace"));
    page.field(0, "Selector", &set.label_selector("spec.selector"));
    page.labels_and_annotations(set);
    controlled_by(page, set);
    put!(page, 0, "Replicas:\t{} current / {} desired\n", set.integer("status.replicas"), set.integer("spec.replicas"));
    match counts {
        Ok(counts) => page.field(0, "Pods Status", &counts.to_string()),
        Err(error) => page.field(0, "Pods Status", &format!("error in fetching pods: {error}")),
    }
    template(page, set.at("spec.template"));
    page.workload_conditions(set.list("status.conditions"));
    page.events(events);
}

fn controlled_by(page: &mut Page, object: &Value) {
    if let Some(owner) = controller(object) {
        put!(page, 0, "Controlled By:\t{}/{}\n", owner.text("kind"), owner.text("name"));
    }
}

pub fn replication_controller(page: &mut Page, object: &Value, counts: PodCounts, events: Option<&[Value]>) {
    page.field(0, "Name", object.text("metadata.name"));
    page.field(0, "Namespace", object.text("metadata.namespace"));
    page.field(0, "Selector", &object.joined_labels("spec.selector"));
    page.labels_and_annotations(object);
    put!(page, 0, "Replicas:\t{} current / {} desired\n", object.integer("status.replicas"), object.integer("spec.replicas"));
    page.field(0, "Pods Status", &counts.to_string());
    template(page, object.at("spec.template"));
    page.workload_conditions(object.list("status.conditions"));
    page.events(events);
}

pub fn daemon_set(page: &mut Page, set: &Value, selector: &str, counts: PodCounts, events: Option<&[Value]>) {
    page.field(0, "Name", set.text("metadata.name"));
    page.field(0, "Namespace", set.text("metadata.namespace"));
    page.field(0, "Selector", selector);
    page.field(0, "Node-Selector", &set.joined_labels("spec.template.spec.nodeSelector"));
    page.labels_and_annotations(set);
    let numbers = [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ];
    for (title, field) in numbers {
        put!(page, 0, "{title}: {}\n", set.at("status").integer(field));
    }
    page.field(0, "Pods Status", &counts.to_string());
    template(page, set.at("spec.template"));
    page.events(events);
}

pub fn stateful_set(page: &mut Page, set: &Value, selector: &str, counts: PodCounts, events: Option<&[Value]>) {
    let spec = set.at("spec");
    page.field(0, "Name", set.text("metadata.name"));
    page.field(0, "Namespace", set.text("metadata.namespace"));
    page.field(0, "CreationTimestamp", &set.time("metadata.creationTimestamp"));
    page.field(0, "Selector", selector);
    page.labels_and_annotations(set);
    for (title, field) in [("Service Name", "serviceName"), ("Pod Management Policy", "podManagementPolicy")] {
        if let Some(text) = spec.filled(field) {
            page.field(0, title, text);
        }
    }
    put!(page, 0, "Replicas:\t{} desired | {} total\n", spec.integer("replicas"), set.integer("status.replicas"));
    page.field(0, "Update Strategy", spec.text("updateStrategy.type"));
    let rolling = spec.at("updateStrategy.rollingUpdate");
    if rolling.has("partition") {
        page.field(1, "Partition", &rolling.integer("partition").to_string());
        if rolling.has("maxUnavailable") {
            page.field(1, "MaxUnavailable", &rolling.shown("maxUnavailable", ""));
        }
    }
    if spec.has("persistentVolumeClaimRetentionPolicy") {
        let policy = spec.at("persistentVolumeClaimRetentionPolicy");
        page.write(0, "Persistent Volume Claim Retention Policy:\n");
        page.field(1, "WhenDeleted", policy.text("whenDeleted"));
        page.field(1, "WhenScaled", policy.text("whenScaled"));
    }
    page.field(0, "Pods Status", &counts.to_string());
    template(page, spec.at("template"));
    claim_templates(page, spec.list("volumeClaimTemplates"));
    page.events(events);
}

fn claim_templates(page: &mut Page, claims: &[Value]) {
    if claims.is_empty() {
        page.field(0, "Volume Claims", "<none>");
        return;
    }
    page.write(0, "Volume Claims:\n");
    for claim in claims {
        page.field(1, "Name", claim.text("metadata.name"));
        page.field(1, "StorageClass", storage_class(claim));
        page.labels("  ", "Labels", claim.at("metadata.labels"));
        page.labels("  ", "Annotations", claim.at("metadata.annotations"));
        match claim.at("spec.resources.requests.storage") {
            Value::Null => page.field(1, "Capacity", "<default>"),
            capacity => page.field(1, "Capacity", &quantity(capacity).to_string()),
        }
        page.field(1, "Access Modes", &claim.shown("spec.accessModes", "[]"));
    }
}

pub fn job(page: &mut Page, job: &Value, events: Option<&[Value]>) {
    let (spec, status) = (job.at("spec"), job.at("status"));
    page.field(0, "Name", job.text("metadata.name"));
    page.field(0, "Namespace", job.text("metadata.namespace"));
    selector(page, spec);
    page.labels_and_annotations(job);
    controlled_by(page, job);
    if spec.has("parallelism") {
        page.field(0, "Parallelism", &spec.integer("parallelism").to_string());
    }
    page.field(0, "Completions", &spec.shown("completions", "<unset>"));
    let optional = [
        ("Completion Mode", "completionMode"),
        ("Suspend", "suspend"),
        ("Backoff Limit", "backoffLimit"),
        ("TTL Seconds After Finished", "ttlSecondsAfterFinished"),
    ];
    for (title, field) in optional {
        if spec.has(field) {
            page.field(0, title, &spec.shown(field, ""));
        }
    }
    for (title, field) in [("Start Time", "startTime"), ("Completed At", "completionTime")] {
        if status.has(field) {
            page.field(0, title, &status.time(field));
        }
    }
    let time = |field| status.text(field).parse::<jiff::Timestamp>().ok();
    if let (Some(from), Some(to)) = (time("startTime"), time("completionTime")) {
        page.field(0, "Duration", &duration::human(to.duration_since(from)));
    }
    if spec.has("activeDeadlineSeconds") {
        put!(page, 0, "Active Deadline Seconds:\t{}s\n", spec.integer("activeDeadlineSeconds"));
    }
    let ready = if status.has("ready") { format!(" ({} Ready)", status.integer("ready")) } else { String::new() };
    put!(
        page,
        0,
        "Pods Statuses:\t{} Active{ready} / {} Succeeded / {} Failed\n",
        status.integer("active"),
        status.integer("succeeded"),
        status.integer("failed")
    );
    if spec.text("completionMode") == "Indexed" {
        page.field(0, "Completed Indexes", &indexes(status.text("completedIndexes")));
    }
    template(page, spec.at("template"));
    page.events(events);
}

fn selector(page: &mut Page, spec: &Value) {
    match spec.selector_query("selector") {
        Ok(selector) => page.field(0, "Selector", &selector),
        Err(error) => page.field(0, "Selector", &format!("Failed to get selector: {error}")),
    }
}

/// A long list of indexes ends at the first comma after its fiftieth letter.
fn indexes(text: &str) -> String {
    if text.is_empty() {
        return "<none>".to_owned();
    }
    match text.get(50..).and_then(|rest| rest.find(',')) {
        Some(comma) => format!("{}...", &text[..=50 + comma]),
        None => text.to_owned(),
    }
}

pub fn cron_job(page: &mut Page, object: &Value, events: Option<&[Value]>) {
    let (spec, status) = (object.at("spec"), object.at("status"));
    page.header(object);
    page.field(0, "Schedule", spec.text("schedule"));
    page.field(0, "Concurrency Policy", spec.text("concurrencyPolicy"));
    page.field(0, "Suspend", flag_or_unset(spec.at("suspend")));
    page.field(0, "Time Zone", spec.text_or("timeZone", "<unset>"));
    page.field(0, "Successful Job History Limit", &spec.shown("successfulJobsHistoryLimit", "<unset>"));
    page.field(0, "Failed Job History Limit", &spec.shown("failedJobsHistoryLimit", "<unset>"));
    match spec.at("startingDeadlineSeconds").as_i64() {
        Some(seconds) => page.field(0, "Starting Deadline Seconds", &format!("{seconds}s")),
        None => page.field(0, "Starting Deadline Seconds", "<unset>"),
    }
    let jobs = spec.at("jobTemplate.spec");
    if jobs.has("selector") {
        selector(page, jobs);
    } else {
        page.field(0, "Selector", "<unset>");
    }
    page.field(0, "Parallelism", &jobs.shown("parallelism", "<unset>"));
    page.field(0, "Completions", &jobs.shown("completions", "<unset>"));
    if jobs.has("activeDeadlineSeconds") {
        put!(page, 0, "Active Deadline Seconds:\t{}s\n", jobs.integer("activeDeadlineSeconds"));
    }
    template(page, jobs.at("template"));
    if status.has("lastScheduleTime") {
        page.field(0, "Last Schedule Time", &status.time("lastScheduleTime"));
    } else {
        page.field(0, "Last Schedule Time", "<unset>");
    }
    let active: Vec<&str> = status.list("active").iter().map(|job| job.text("name")).collect();
    page.field(0, "Active Jobs", &if active.is_empty() { "<none>".to_owned() } else { active.join(", ") });
    page.events(events);
}

/// `True`, `False`, `<unset>`.
pub fn flag_or_unset(value: &Value) -> &'static str {
    match value.as_bool() {
        Some(true) => "True",
        Some(false) => "False",
        None => "<unset>",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_new_replica_set_has_the_template() {
        let set = |name: &str, created: &str, image: &str| {
            json!({
                "metadata": { "name": name, "creationTimestamp": created, "ownerReferences": [{ "controller": true, "uid": "d" }] },
                "spec": { "replicas": 1, "template": { "metadata": { "labels": { "a": "b", "pod-template-hash": name } }, "spec": { "image": image } } },
                "status": { "replicas": 2 },
            })
        };
        let deployment = json!({
            "metadata": { "uid": "d" },
            "spec": { "template": { "metadata": { "labels": { "a": "b" }, "creationTimestamp": null }, "spec": { "image": "new" } } },
        });
        let found = Generations::of(&deployment, vec![set("c", "3", "new"), set("b", "2", "old"), set("a", "1", "older"), json!({})]);
        assert_eq!(replica_sets(&found.new), "c (2/1 replicas created)");
        assert_eq!(replica_sets(&found.old), "a (2/1 replicas created), b (2/1 replicas created)");
    }

    #[test]
    fn long_lists_of_indexes_are_cut() {
        assert_eq!(indexes(""), "<none>");
        assert_eq!(indexes("0-3"), "0-3");
        let long: Vec<String> = (10..40).map(|index| index.to_string()).collect();
        assert_eq!(indexes(&long.join(",")), "10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,...");
    }
}
