//! Jobs.

use api::{ErrorList, FieldError, Path, metadata};
use k8s_openapi::api::batch::v1::{Job, JobSpec, JobStatus};
use k8s_openapi::api::core::v1::{PodSpec, PodTemplateSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::Part;
use crate::rules::{fill, immutable, json, not_negative, one_of, text};

const BACKOFF_LIMIT: i32 = 6;
const MAX_PARALLELISM: i32 = 100_000;
/// Labels of a job's pods: upstream's own and the older ones without a prefix.
const UID_LABELS: [&str; 2] = ["batch.kubernetes.io/controller-uid", "controller-uid"];
const NAME_LABELS: [&str; 2] = ["batch.kubernetes.io/job-name", "job-name"];

/// Beyond both, an indexed job may lose track of what has failed.
const UNTRACKED_COMPLETIONS: i32 = 100_000;
const UNTRACKED_PARALLELISM: i32 = 10_000;

pub(crate) struct JobBehaviour;

impl crate::Behaviour<Job> for JobBehaviour {
    fn quantities(&self, job: &mut Job, visit: &mut dyn FnMut(&mut Quantity)) {
        if let Some(spec) = job.spec.as_mut().and_then(|spec| spec.template.spec.as_mut()) {
            crate::pod::spec_quantities(spec, visit);
        }
    }

    fn default(&self, job: &mut Job) {
        let spec = job.spec.get_or_insert_default();
        if spec.completions.is_none() && spec.parallelism.is_none() {
            spec.completions = Some(1);
        }
        spec.parallelism.get_or_insert(1);
        spec.backoff_limit.get_or_insert(if spec.backoff_limit_per_index.is_some() { i32::MAX } else { BACKOFF_LIMIT });
        fill(&mut spec.completion_mode, "NonIndexed");
        spec.suspend.get_or_insert(false);
        spec.manual_selector.get_or_insert(false);
        let replacement = if spec.pod_failure_policy.is_some() { "Failed" } else { "TerminatingOrFailed" };
        spec.pod_replacement_policy.get_or_insert_with(|| replacement.to_owned());
        for rule in spec.pod_failure_policy.iter_mut().flat_map(|policy| &mut policy.rules) {
            for condition in rule.on_pod_conditions.iter_mut().flatten() {
                fill(&mut condition.status, "True");
            }
        }
        crate::pod::default_template(&mut spec.template);
        let labels = spec.template.metadata.as_ref().and_then(|meta| meta.labels.clone()).filter(|labels| !labels.is_empty());
        if job.metadata.labels.as_ref().is_none_or(|own| own.is_empty()) && labels.is_some() {
            job.metadata.labels = labels;
        }
        job.status.get_or_insert_default();
    }

    fn prepare_create(&self, job: &mut Job) {
        job.status = Some(JobStatus::default());
        generate_selector(job);
    }

    fn prepare_update(&self, part: Part, job: &mut Job, old: &Job) {
        match part {
            Part::Main => job.status.clone_from(&old.status),
            Part::Status => job.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, job: &Job) -> ErrorList {
        let spec = job.spec.clone().unwrap_or_default();
        let path = Path::new("spec");
        let mut errors = generated_selector(job);
        errors.extend(self::spec(&spec, &path));
        errors
    }

    fn validate_update(&self, part: Part, job: &Job, old: &Job) -> ErrorList {
        if part == Part::Status {
            return status(job);
        }
        change(&job.spec.clone().unwrap_or_default(), old)
    }

    crate::parts::generation_of!(spec, Job);
    crate::parts::warnings_of_pods!(Job, named: true, |job| {
        job.spec.as_ref().map(|spec| warnings(spec, &Path::new("spec"))).unwrap_or_default()
    });

    fn fields(&self, job: &Job) -> Vec<(&'static str, String)> {
        vec![("status.successful", job.status.as_ref().and_then(|status| status.succeeded).unwrap_or_default().to_string())]
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["status.successful"]
    }
}

/// Labels and selector from the job's own uid, which no other job has, unless the author sees to them.
fn generate_selector(job: &mut Job) {
    let (uid, name) = (text(&job.metadata.uid).to_owned(), text(&job.metadata.name).to_owned());
    let spec = job.spec.get_or_insert_default();
    if spec.manual_selector == Some(true) {
        return;
    }
    let labels = spec.template.metadata.get_or_insert_default().labels.get_or_insert_default();
    for (keys, value) in [(UID_LABELS, &uid), (NAME_LABELS, &name)] {
        for key in keys {
            labels.entry(key.to_owned()).or_insert_with(|| value.clone());
        }
    }
    let selector = spec.selector.get_or_insert_default();
    selector.match_labels.get_or_insert_default().entry(UID_LABELS[0].to_owned()).or_insert(uid);
}

fn generated_selector(job: &Job) -> ErrorList {
    let spec = job.spec.clone().unwrap_or_default();
    let mut errors = ErrorList::new();
    if spec.manual_selector == Some(true) {
        return errors;
    }
    let path = Path::new("spec");
    let labels = spec.template.metadata.and_then(|meta| meta.labels).unwrap_or_default();
    let at = path.child("template").child("metadata").child("labels");
    for (keys, expected) in [(NAME_LABELS, text(&job.metadata.name)), (UID_LABELS, text(&job.metadata.uid))] {
        for key in keys.iter().rev() {
            match labels.get(*key) {
                None => errors.push(FieldError::required(&at.key(key), format!("must be '{expected}'"))),
                Some(value) if value != expected => {
                    errors.push(FieldError::invalid(&at, json(&labels), format!("must be '{expected}'")));
                }
                Some(_) => {}
            }
        }
    }
    let selector = LabelSelector {
        match_labels: Some([(UID_LABELS[0].to_owned(), text(&job.metadata.uid).to_owned())].into()),
        ..LabelSelector::default()
    };
    if spec.selector.as_ref() != Some(&selector) {
        errors.push(FieldError::invalid(&path.child("selector"), json(&spec.selector), "`selector` not auto-generated"));
    }
    errors
}

/// What is said of a job's specification.
pub(super) fn warnings(spec: &JobSpec, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    let (completions, parallelism) = (spec.completions.unwrap_or_default(), spec.parallelism.unwrap_or_default());
    if text(&spec.completion_mode) == "Indexed" && completions > UNTRACKED_COMPLETIONS && parallelism > UNTRACKED_PARALLELISM {
        let why = "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes \
                   when a big number of indexes fail";
        warnings.push(format!("{path}: {why}"));
    }
    warnings.extend(crate::pod::template_warnings(&spec.template, &path.child("template")));
    warnings
}

/// The faults of a job's specification, selector included.
fn spec(spec: &JobSpec, path: &Path) -> ErrorList {
    let mut errors = numbers_and_template(spec, path);
    match &spec.selector {
        None => errors.push(FieldError::required(&path.child("selector"), "")),
        Some(selector) => {
            errors.extend(metadata::label_selector(Some(selector), &path.child("selector")));
            let labels = spec.template.metadata.as_ref().and_then(|meta| meta.labels.clone()).unwrap_or_default();
            if let Ok(parsed) = api::labels::Selector::from_label_selector(Some(selector))
                && !parsed.matches(Some(&labels))
            {
                let path = path.child("template").child("metadata").child("labels");
                errors.push(FieldError::invalid(&path, json(&labels), "`selector` does not match template `labels`"));
            }
        }
    }
    errors
}

/// All but the selector, as a CronJob's template has it.
pub(super) fn numbers_and_template(spec: &JobSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let numbers = [
        ("parallelism", spec.parallelism.map(i64::from)),
        ("completions", spec.completions.map(i64::from)),
        ("activeDeadlineSeconds", spec.active_deadline_seconds),
        ("backoffLimit", spec.backoff_limit.map(i64::from)),
        ("ttlSecondsAfterFinished", spec.ttl_seconds_after_finished.map(i64::from)),
        ("backoffLimitPerIndex", spec.backoff_limit_per_index.map(i64::from)),
        ("maxFailedIndexes", spec.max_failed_indexes.map(i64::from)),
    ];
    errors.extend(numbers.into_iter().filter_map(|(field, number)| not_negative(number?, &path.child(field))));
    let indexed = text(&spec.completion_mode) == "Indexed";
    if let Some(mode) = &spec.completion_mode {
        errors.extend(one_of(mode, &["NonIndexed", "Indexed"], &path.child("completionMode")));
    }
    if indexed && spec.completions.is_none() {
        errors.push(FieldError::required(&path.child("completions"), "when completion mode is Indexed"));
    }
    if indexed && spec.parallelism.is_some_and(|parallelism| parallelism > MAX_PARALLELISM) {
        let detail = format!("must be less than or equal to {MAX_PARALLELISM} when completion mode is Indexed");
        errors.push(FieldError::invalid(&path.child("parallelism"), spec.parallelism.unwrap_or_default(), detail));
    }
    if !indexed {
        for (field, set) in
            [("backoffLimitPerIndex", spec.backoff_limit_per_index.is_some()), ("maxFailedIndexes", spec.max_failed_indexes.is_some())]
        {
            if set {
                errors.push(FieldError::invalid(&path.child(field), 0, "requires indexed completion mode"));
            }
        }
    }
    if let Some(policy) = &spec.pod_replacement_policy {
        let allowed: &[&str] = if spec.pod_failure_policy.is_some() { &["Failed"] } else { &["Failed", "TerminatingOrFailed"] };
        errors.extend(one_of(policy, allowed, &path.child("podReplacementPolicy")));
    }
    let at = path.child("template");
    errors.extend(crate::pod::validate_template(&spec.template, &at));
    let restart = spec.template.spec.as_ref().map(|spec| text(&spec.restart_policy)).unwrap_or_default();
    if !matches!(restart, "OnFailure" | "Never") {
        errors.push(FieldError::required(&at.child("spec").child("restartPolicy"), "valid values: \"OnFailure\", \"Never\""));
    }
    if spec.pod_failure_policy.is_some() && restart != "Never" {
        let detail = "only \"Never\" is supported when podFailurePolicy is specified";
        errors.push(FieldError::invalid(&at.child("spec").child("restartPolicy"), restart, detail));
    }
    errors
}

fn change(new: &JobSpec, old: &Job) -> ErrorList {
    let before = old.spec.clone().unwrap_or_default();
    let path = Path::new("spec");
    let mut errors = spec(new, &path);
    // indexed jobs grow and shrink as long as all of them run together
    let elastic = text(&new.completion_mode) == "Indexed" && new.completions == new.parallelism && before.completions == before.parallelism;
    if !elastic {
        errors.extend(immutable(&new.completions, &before.completions, &path.child("completions")));
    }
    errors.extend(immutable(&new.selector, &before.selector, &path.child("selector")));
    let mut template = new.template.clone();
    let never_started = old.status.as_ref().is_none_or(|status| status.start_time.is_none());
    if before.suspend == Some(true) && never_started {
        take_back_scheduling(&mut template, &before.template);
    }
    errors.extend(immutable(&template, &before.template, &path.child("template")));
    errors.extend(immutable(&new.completion_mode, &before.completion_mode, &path.child("completionMode")));
    errors.extend(immutable(&new.pod_failure_policy, &before.pod_failure_policy, &path.child("podFailurePolicy")));
    errors.extend(immutable(&new.backoff_limit_per_index, &before.backoff_limit_per_index, &path.child("backoffLimitPerIndex")));
    errors.extend(immutable(&new.managed_by, &before.managed_by, &path.child("managedBy")));
    errors.extend(immutable(&new.success_policy, &before.success_policy, &path.child("successPolicy")));
    errors
}

/// Where its pods run may be decided as long as a suspended job has not begun.
fn take_back_scheduling(template: &mut PodTemplateSpec, before: &PodTemplateSpec) {
    let empty = PodSpec::default();
    let old = before.spec.as_ref().unwrap_or(&empty);
    let spec = template.spec.get_or_insert_default();
    if let (Some(affinity), Some(theirs)) = (&mut spec.affinity, &old.affinity) {
        affinity.node_affinity.clone_from(&theirs.node_affinity);
    } else {
        spec.affinity.clone_from(&old.affinity);
    }
    spec.node_selector.clone_from(&old.node_selector);
    spec.tolerations.clone_from(&old.tolerations);
    spec.scheduling_gates.clone_from(&old.scheduling_gates);
    template.metadata.clone_from(&before.metadata);
}

fn status(job: &Job) -> ErrorList {
    let status = job.status.clone().unwrap_or_default();
    let path = Path::new("status");
    let counts = [
        ("active", status.active),
        ("succeeded", status.succeeded),
        ("failed", status.failed),
        ("ready", status.ready),
        ("terminating", status.terminating),
    ];
    counts.into_iter().filter_map(|(field, count)| not_negative(count?, &path.child(field))).collect()
}
