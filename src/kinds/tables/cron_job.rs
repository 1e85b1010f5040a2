//! Cron jobs.

use jiff::Timestamp;
use k8s_openapi::api::batch::v1::CronJob;
use output::table::Cell;

use super::cell::{age, containers, count, name, row, since};
use super::column::{AGE, CONTAINERS, IMAGES, NAME, boolean, integer, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Schedule", "The schedule in Cron format, see https://en.wikipedia.org/wiki/Cron."),
    text(
        "Timezone",
        "The time zone name for the given schedule, see https://en.wikipedia.org/wiki/List_of_tz_database_time_zones. If not specified, this will default to the time zone of the kube-controller-manager process. The set of valid time zone names and the time zone offset is loaded from the system-wide time zone database by the API server during CronJob validation and the controller manager during execution. If no system-wide time zone database can be found a bundled version of the database is used instead. If the time zone name becomes invalid during the lifetime of a CronJob or due to a change in host configuration, the controller will stop creating new new Jobs and will create a system event with the reason UnknownTimeZone. More information can be found in https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones",
    ),
    boolean(
        "Suspend",
        "This flag tells the controller to suspend subsequent executions, it does not apply to already started executions.  Defaults to false.",
    ),
    integer("Active", "A list of pointers to currently running jobs."),
    text("Last Schedule", "Information when was the last time the job was successfully scheduled."),
    AGE,
    CONTAINERS,
    IMAGES,
    wide(
        "Selector",
        "A label query over pods that should match the pod count. Normally, the system sets this field for you. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
    ),
];

pub fn cells(cron_job: &CronJob, now: Timestamp) -> Vec<Cell> {
    let (spec, status) = (&cron_job.spec, cron_job.status.as_ref());
    let job = spec.job_template.spec.as_ref();
    let (names, images) = containers(job.map(|job| &job.template));
    let suspended = match spec.suspend {
        Some(true) => "True",
        Some(false) => "False",
        None => "<unset>",
    };
    let last = status.and_then(|status| status.last_schedule_time.as_ref());
    row![
        name(cron_job),
        spec.schedule.clone(),
        spec.time_zone.as_deref().unwrap_or("<none>"),
        suspended,
        count(status.map_or(0, |status| status.active.iter().flatten().count())),
        last.map_or_else(|| "<none>".to_owned(), |time| since(Some(time), now)),
        age(cron_job, now),
        names,
        images,
        api::labels::format_label_selector(job.and_then(|job| job.selector.as_ref())),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn cron_jobs() {
        let metadata = json!({"name": "cronjob1", "creationTimestamp": FIVE_MINUTES_AGO});
        let template =
            json!({"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "i"}]}}, "selector": {"matchLabels": {"a": "b"}}}});
        check(
            &crate::CRON_JOB,
            json!({"metadata": metadata, "spec": {"schedule": "0/5 * * * ?", "suspend": false, "timeZone": "Europe/London", "jobTemplate": template},
                   "status": {"lastScheduleTime": "2025-01-01T00:59:30Z", "active": [{"name": "x"}]}}),
            "cronjob1|0/5 * * * ?|Europe/London|False|1|30s|5m|c|i|a=b",
        );
        check(
            &crate::CRON_JOB,
            json!({"metadata": metadata, "spec": {"schedule": "@daily"}}),
            "cronjob1|@daily|<none>|<unset>|0|<none>|5m|||<none>",
        );
    }
}
