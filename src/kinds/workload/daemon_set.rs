//! DaemonSets.

use api::{ErrorList, FieldError, Path, metadata};
use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec, DaemonSetStatus};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{at_most_all, deployment::not_decremented, is_zero, number_or_percent, template};
use crate::Part;
use crate::rules::{fill, immutable, json, not_negative, one_of, text};

/// Upstream still counts changes of the template here.
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";
const REVISION_HISTORY: i32 = 10;

pub(crate) struct DaemonSetBehaviour;

impl crate::Behaviour<DaemonSet> for DaemonSetBehaviour {
    fn quantities(&self, set: &mut DaemonSet, visit: &mut dyn FnMut(&mut Quantity)) {
        if let Some(spec) = &mut set.spec.template.spec {
            crate::pod::spec_quantities(spec, visit);
        }
    }

    fn default(&self, set: &mut DaemonSet) {
        let spec = &mut set.spec;
        let strategy = spec.update_strategy.get_or_insert_default();
        fill(&mut strategy.type_, "RollingUpdate");
        if text(&strategy.type_) == "RollingUpdate" {
            let rolling = strategy.rolling_update.get_or_insert_default();
            rolling.max_unavailable.get_or_insert(IntOrString::Int(1));
            rolling.max_surge.get_or_insert(IntOrString::Int(0));
        }
        spec.revision_history_limit.get_or_insert(REVISION_HISTORY);
        spec.min_ready_seconds.take_if(|seconds| *seconds == 0);
        crate::pod::default_template(&mut spec.template);
        set.status.get_or_insert_default();
    }

    fn prepare_create(&self, set: &mut DaemonSet) {
        set.status = Some(DaemonSetStatus::default());
        set_template_generation(set, 1);
    }

    fn prepare_update(&self, part: Part, set: &mut DaemonSet, old: &DaemonSet) {
        match part {
            Part::Main => {
                set.status.clone_from(&old.status);
                let before = template_generation(old);
                set_template_generation(set, if set.spec.template == old.spec.template { before } else { before + 1 });
            }
            Part::Status => set.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, set: &DaemonSet) -> ErrorList {
        spec(&set.spec, &Path::new("spec"))
    }

    fn validate_update(&self, part: Part, set: &DaemonSet, old: &DaemonSet) -> ErrorList {
        if part == Part::Status {
            return status(set, old);
        }
        let mut errors = self.validate(set);
        errors.extend(immutable(&set.spec.selector, &old.spec.selector, &Path::new("spec").child("selector")));
        errors
    }

    crate::parts::generation_of!(spec, DaemonSet);
    crate::parts::warnings_of_pods!(DaemonSet, named: false, |set| {
        crate::pod::template_warnings(&set.spec.template, &Path::new("spec").child("template"))
    });
}

fn template_generation(set: &DaemonSet) -> i64 {
    let annotation = set.metadata.annotations.as_ref().and_then(|annotations| annotations.get(TEMPLATE_GENERATION));
    annotation.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn set_template_generation(set: &mut DaemonSet, generation: i64) {
    set.metadata.annotations.get_or_insert_default().insert(TEMPLATE_GENERATION.to_owned(), generation.to_string());
}

fn spec(spec: &DaemonSetSpec, path: &Path) -> ErrorList {
    let mut errors = metadata::label_selector(Some(&spec.selector), &path.child("selector"));
    errors.extend(template(&spec.template, &spec.selector, "DaemonSet", &path.child("template")));
    errors.extend(not_negative(spec.min_ready_seconds.unwrap_or_default(), &path.child("minReadySeconds")));
    let strategy = spec.update_strategy.clone().unwrap_or_default();
    let path_of_strategy = path.child("updateStrategy");
    match text(&strategy.type_) {
        "OnDelete" => {}
        "RollingUpdate" => {
            let path = path_of_strategy.child("rollingUpdate");
            let Some(rolling) = &strategy.rolling_update else {
                errors.push(FieldError::required(&path, ""));
                return errors;
            };
            let zero = IntOrString::Int(0);
            let (unavailable, surge) = (rolling.max_unavailable.as_ref().unwrap_or(&zero), rolling.max_surge.as_ref().unwrap_or(&zero));
            for (field, value) in [("maxUnavailable", unavailable), ("maxSurge", surge)] {
                errors.extend(number_or_percent(value, &path.child(field)));
                errors.extend(at_most_all(value, &path.child(field)));
            }
            if !is_zero(unavailable) && !is_zero(surge) {
                errors.push(FieldError::invalid(&path.child("maxSurge"), json(surge), "may not be set when maxUnavailable is non-zero"));
            }
            if is_zero(unavailable) && is_zero(surge) {
                let detail = "cannot be 0 when maxSurge is 0";
                errors.push(FieldError::required(&path.child("maxUnavailable"), detail));
            }
        }
        other => errors.extend(one_of(other, &["RollingUpdate", "OnDelete"], &path_of_strategy.child("type"))),
    }
    errors.extend(spec.revision_history_limit.and_then(|limit| not_negative(limit, &path.child("revisionHistoryLimit"))));
    errors
}

fn status(set: &DaemonSet, old: &DaemonSet) -> ErrorList {
    let (status, before) = (set.status.clone().unwrap_or_default(), old.status.clone().unwrap_or_default());
    let path = Path::new("status");
    let counts = [
        ("currentNumberScheduled", status.current_number_scheduled),
        ("numberMisscheduled", status.number_misscheduled),
        ("desiredNumberScheduled", status.desired_number_scheduled),
        ("numberReady", status.number_ready),
        ("updatedNumberScheduled", status.updated_number_scheduled.unwrap_or_default()),
        ("numberAvailable", status.number_available.unwrap_or_default()),
        ("numberUnavailable", status.number_unavailable.unwrap_or_default()),
    ];
    let mut errors: ErrorList = counts.into_iter().filter_map(|(field, count)| not_negative(count, &path.child(field))).collect();
    errors.extend(not_negative(status.observed_generation.unwrap_or_default(), &path.child("observedGeneration")));
    errors.extend(not_decremented(status.collision_count, before.collision_count, &path.child("collisionCount")));
    errors
}
