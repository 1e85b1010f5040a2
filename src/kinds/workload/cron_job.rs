//! CronJobs.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::batch::v1::{CronJob, CronJobSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::job::numbers_and_template;
use super::schedule::Schedule;
use crate::Part;
use crate::rules::{fill, json, not_negative, one_of, text};

/// Names of jobs are 11 characters longer.
const MAX_NAME: usize = 52;
const SUCCESSFUL_HISTORY: i32 = 3;
const FAILED_HISTORY: i32 = 1;

pub(crate) struct CronJobBehaviour;

impl crate::Behaviour<CronJob> for CronJobBehaviour {
    fn quantities(&self, cron_job: &mut CronJob, visit: &mut dyn FnMut(&mut Quantity)) {
        if let Some(spec) = cron_job.spec.job_template.spec.as_mut().and_then(|spec| spec.template.spec.as_mut()) {
            crate::pod::spec_quantities(spec, visit);
        }
    }

    fn default(&self, cron_job: &mut CronJob) {
        let spec = &mut cron_job.spec;
        fill(&mut spec.concurrency_policy, "Allow");
        spec.suspend.get_or_insert(false);
        spec.successful_jobs_history_limit.get_or_insert(SUCCESSFUL_HISTORY);
        spec.failed_jobs_history_limit.get_or_insert(FAILED_HISTORY);
        spec.job_template.metadata.get_or_insert_default();
        crate::pod::default_template(&mut spec.job_template.spec.get_or_insert_default().template);
        cron_job.status.get_or_insert_default();
    }

    crate::parts::separate_status!(CronJob);

    fn validate(&self, cron_job: &CronJob) -> ErrorList {
        let mut errors = ErrorList::new();
        let name = text(&cron_job.metadata.name);
        if name.len() > MAX_NAME {
            let detail = format!("must be no more than {MAX_NAME} characters");
            errors.push(FieldError::invalid(&Path::new("metadata").child("name"), name, detail));
        }
        errors.extend(spec(&cron_job.spec, &Path::new("spec")));
        errors
    }

    fn validate_update(&self, part: Part, cron_job: &CronJob, _old: &CronJob) -> ErrorList {
        if part == Part::Main { spec(&cron_job.spec, &Path::new("spec")) } else { ErrorList::new() }
    }

    crate::parts::generation_of!(spec, CronJob);
    crate::parts::warnings_of_pods!(CronJob, named: true, |cron_job| {
        let path = Path::new("spec").child("jobTemplate").child("spec");
        cron_job.spec.job_template.spec.as_ref().map(|spec| super::job::warnings(spec, &path)).unwrap_or_default()
    });
}

fn spec(spec: &CronJobSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let at = path.child("schedule");
    if spec.schedule.is_empty() {
        errors.push(FieldError::required(&at, ""));
    } else {
        errors.extend(Schedule::parse(&spec.schedule).err().map(|fault| FieldError::invalid(&at, spec.schedule.as_str(), fault)));
        if spec.schedule.contains("TZ") {
            let detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
            errors.push(FieldError::invalid(&at, spec.schedule.as_str(), detail));
        }
    }
    errors.extend(spec.starting_deadline_seconds.and_then(|seconds| not_negative(seconds, &path.child("startingDeadlineSeconds"))));
    if let Some(zone) = &spec.time_zone {
        errors.extend(time_zone(zone, &path.child("timeZone")));
    }
    let policy = text(&spec.concurrency_policy);
    if policy.is_empty() {
        errors.push(FieldError::required(&path.child("concurrencyPolicy"), ""));
    } else {
        errors.extend(one_of(policy, &["Allow", "Forbid", "Replace"], &path.child("concurrencyPolicy")));
    }
    let limits =
        [("successfulJobsHistoryLimit", spec.successful_jobs_history_limit), ("failedJobsHistoryLimit", spec.failed_jobs_history_limit)];
    errors.extend(limits.into_iter().filter_map(|(field, limit)| not_negative(limit?, &path.child(field))));
    let job = spec.job_template.spec.clone().unwrap_or_default();
    let at = path.child("jobTemplate").child("spec");
    errors.extend(numbers_and_template(&job, &at));
    if job.manual_selector == Some(true) {
        errors.push(FieldError::not_supported_in_order(&at.child("manualSelector"), json(&true), &["nil", "false"]));
    }
    errors
}

fn time_zone(zone: &str, path: &Path) -> Option<FieldError> {
    if zone.is_empty() {
        return Some(FieldError::invalid(path, zone, "timeZone must be nil or non-empty string"));
    }
    if zone.eq_ignore_ascii_case("local") {
        return Some(FieldError::invalid(
            path,
            zone,
            "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones",
        ));
    }
    jiff::tz::TimeZone::get(zone).err().map(|_| FieldError::invalid(path, zone, format!("unknown time zone {zone}")))
}
