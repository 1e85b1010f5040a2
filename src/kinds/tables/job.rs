//! Jobs: state, completions and how long they take.

use jiff::Timestamp;
use k8s_openapi::api::batch::v1::{Job, JobSpec, JobStatus};
use output::table::Cell;

use super::cell::{age, containers, name, row};
use super::column::{AGE, CONTAINERS, IMAGES, NAME, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Status", "Status of the job."),
    text(
        "Completions",
        "The number of pods which reached phase Succeeded. The value increases monotonically for a given spec. However, it may decrease in reaction to scale down of elastic indexed jobs.",
    ),
    text("Duration", "Time required to complete the job."),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(
        "Selector",
        "A label query over pods that should match the pod count. Normally, the system sets this field for you. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
    ),
];

pub fn cells(job: &Job, now: Timestamp) -> Vec<Cell> {
    let (no_spec, no_status) = (JobSpec::default(), JobStatus::default());
    let (spec, status) = (job.spec.as_ref().unwrap_or(&no_spec), job.status.as_ref().unwrap_or(&no_status));
    let (names, images) = containers(Some(&spec.template));
    row![
        name(job),
        state(job, status),
        completions(spec, status),
        duration(status, now),
        age(job, now),
        names,
        images,
        api::labels::format_label_selector(spec.selector.as_ref()),
    ]
}

fn state(job: &Job, status: &JobStatus) -> &'static str {
    let has = |kind: &str| {
        status.conditions.iter().flatten().find(|condition| condition.type_ == kind).is_some_and(|condition| condition.status == "True")
    };
    if has("Complete") {
        "Complete"
    } else if has("Failed") {
        "Failed"
    } else if job.metadata.deletion_timestamp.is_some() {
        "Terminating"
    } else if has("Suspended") {
        "Suspended"
    } else if has("FailureTarget") {
        "FailureTarget"
    } else {
        "Running"
    }
}

fn completions(spec: &JobSpec, status: &JobStatus) -> String {
    let succeeded = status.succeeded.unwrap_or(0);
    match (spec.completions, spec.parallelism.unwrap_or(0)) {
        (Some(completions), _) => format!("{succeeded}/{completions}"),
        (None, parallelism) if parallelism > 1 => format!("{succeeded}/1 of {parallelism}"),
        (None, _) => format!("{succeeded}/1"),
    }
}

fn duration(status: &JobStatus, now: Timestamp) -> String {
    let Some(start) = &status.start_time else { return String::new() };
    let end = status.completion_time.as_ref().map_or(now, |end| end.0);
    output::duration::human(end.duration_since(start.0))
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_job(spec: Value, status: Value, expected: &str) {
        let metadata = json!({"name": "job1", "creationTimestamp": FIVE_MINUTES_AGO});
        check(&crate::JOB, json!({"metadata": metadata, "spec": spec, "status": status}), &format!("job1|{expected}"));
    }

    #[test]
    fn jobs() {
        let containers = json!({"spec": {"containers": [{"name": "c", "image": "i"}]}});
        check_job(
            json!({"completions": 2, "template": containers, "selector": {"matchLabels": {"a1": "b1"}}}),
            json!({"succeeded": 1}),
            "Running|1/2||5m|c|i|a1=b1",
        );
        let of = |condition: &str| json!({"conditions": [{"type": condition, "status": "True"}]});
        check_job(json!({}), of("Complete"), "Complete|0/1||5m|||<none>");
        check_job(json!({"parallelism": 20}), of("Failed"), "Failed|0/1 of 20||5m|||<none>");
        check_job(json!({}), of("Suspended"), "Suspended|0/1||5m|||<none>");
        check_job(json!({}), of("FailureTarget"), "FailureTarget|0/1||5m|||<none>");
        let times = json!({"startTime": "2025-01-01T00:58:40Z", "completionTime": "2025-01-01T00:59:11Z", "conditions": [{"type": "Complete", "status": "True"}]});
        check_job(json!({}), times, "Complete|0/1|31s|5m|||<none>");
        check_job(json!({}), json!({"startTime": "2025-01-01T00:40:00Z"}), "Running|0/1|20m|5m|||<none>");
    }
}
