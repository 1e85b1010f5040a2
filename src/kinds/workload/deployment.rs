//! Deployments.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStatus, DeploymentStrategy, RollingUpdateDeployment};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{at_most_all, is_zero, number_or_percent, selector_of, template};
use crate::Part;
use crate::rules::{fill, immutable, json, not_negative, one_of, text};

const REVISION_HISTORY: i32 = 10;
const PROGRESS_DEADLINE_SECONDS: i32 = 600;

pub(crate) struct DeploymentBehaviour;

impl crate::Behaviour<Deployment> for DeploymentBehaviour {
    fn quantities(&self, deployment: &mut Deployment, visit: &mut dyn FnMut(&mut Quantity)) {
        if let Some(spec) = deployment.spec.template.spec.as_mut() {
            crate::pod::spec_quantities(spec, visit);
        }
    }

    fn default(&self, deployment: &mut Deployment) {
        let spec = &mut deployment.spec;
        spec.replicas.get_or_insert(1);
        let strategy = spec.strategy.get_or_insert_default();
        fill(&mut strategy.type_, "RollingUpdate");
        if text(&strategy.type_) == "RollingUpdate" {
            let rolling = strategy.rolling_update.get_or_insert_default();
            rolling.max_unavailable.get_or_insert_with(|| IntOrString::String("25%".to_owned()));
            rolling.max_surge.get_or_insert_with(|| IntOrString::String("25%".to_owned()));
        }
        spec.revision_history_limit.get_or_insert(REVISION_HISTORY);
        spec.progress_deadline_seconds.get_or_insert(PROGRESS_DEADLINE_SECONDS);
        spec.min_ready_seconds.take_if(|seconds| *seconds == 0);
        spec.paused.take_if(|paused| !*paused);
        crate::pod::default_template(&mut spec.template);
        deployment.status.get_or_insert_default();
    }

    fn prepare_create(&self, deployment: &mut Deployment) {
        deployment.status = Some(DeploymentStatus::default());
    }

    fn prepare_update(&self, part: Part, deployment: &mut Deployment, old: &Deployment) {
        match part {
            Part::Main => deployment.status.clone_from(&old.status),
            Part::Status => {
                deployment.spec.clone_from(&old.spec);
                deployment.metadata.labels.clone_from(&old.metadata.labels);
            }
        }
    }

    fn validate(&self, deployment: &Deployment) -> ErrorList {
        spec(&deployment.spec, &Path::new("spec"))
    }

    fn validate_update(&self, part: Part, deployment: &Deployment, old: &Deployment) -> ErrorList {
        if part == Part::Status {
            return status(deployment, old);
        }
        let (new, before) = (deployment.spec.clone(), old.spec.clone());
        let mut errors = spec(&new, &Path::new("spec"));
        errors.extend(immutable(&new.selector, &before.selector, &Path::new("spec").child("selector")));
        errors
    }

    fn has_generation(&self) -> bool {
        true
    }

    crate::parts::warnings_of_pods!(Deployment, named: true, |deployment| {
        crate::pod::template_warnings(&deployment.spec.template, &Path::new("spec").child("template"))
    });

    // annotations too: rollouts are annotated, and controllers must see that
    fn generation_changes(&self, deployment: &Deployment, old: &Deployment) -> bool {
        deployment.spec != old.spec || deployment.metadata.annotations != old.metadata.annotations
    }
}

fn spec(spec: &DeploymentSpec, path: &Path) -> ErrorList {
    let mut errors: ErrorList = not_negative(spec.replicas.unwrap_or_default(), &path.child("replicas")).into_iter().collect();
    errors.extend(selector_of(&spec.selector, path));
    errors.extend(template(&spec.template, &spec.selector, "ReplicaSet", &path.child("template")));
    errors.extend(strategy(spec.strategy.as_ref(), &path.child("strategy")));
    errors.extend(not_negative(spec.min_ready_seconds.unwrap_or_default(), &path.child("minReadySeconds")));
    errors.extend(spec.revision_history_limit.and_then(|limit| not_negative(limit, &path.child("revisionHistoryLimit"))));
    if let Some(seconds) = spec.progress_deadline_seconds {
        errors.extend(not_negative(seconds, &path.child("progressDeadlineSeconds")));
        if seconds <= spec.min_ready_seconds.unwrap_or_default() {
            errors.push(FieldError::invalid(&path.child("progressDeadlineSeconds"), seconds, "must be greater than minReadySeconds"));
        }
    }
    errors
}

fn strategy(strategy: Option<&DeploymentStrategy>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let Some(strategy) = strategy else { return errors };
    match (text(&strategy.type_), &strategy.rolling_update) {
        ("Recreate", Some(_)) => {
            let detail = "may not be specified when strategy `type` is 'Recreate'";
            errors.push(FieldError::forbidden(&path.child("rollingUpdate"), detail));
        }
        ("Recreate", None) => {}
        ("RollingUpdate", None) => {
            errors.push(FieldError::required(&path.child("rollingUpdate"), "this should be defaulted and never be nil"));
        }
        ("RollingUpdate", Some(rolling)) => errors.extend(rolling_update(rolling, &path.child("rollingUpdate"))),
        (other, _) => errors.extend(one_of(other, &["Recreate", "RollingUpdate"], path)),
    }
    errors
}

fn rolling_update(rolling: &RollingUpdateDeployment, path: &Path) -> ErrorList {
    let zero = IntOrString::Int(0);
    let unavailable = rolling.max_unavailable.as_ref().unwrap_or(&zero);
    let surge = rolling.max_surge.as_ref().unwrap_or(&zero);
    let mut errors = number_or_percent(unavailable, &path.child("maxUnavailable"));
    errors.extend(number_or_percent(surge, &path.child("maxSurge")));
    if is_zero(unavailable) && is_zero(surge) {
        errors.push(FieldError::invalid(&path.child("maxUnavailable"), json(unavailable), "may not be 0 when `maxSurge` is 0"));
    }
    errors.extend(at_most_all(unavailable, &path.child("maxUnavailable")));
    errors
}

fn status(deployment: &Deployment, old: &Deployment) -> ErrorList {
    let (status, before) = (deployment.status.clone().unwrap_or_default(), old.status.clone().unwrap_or_default());
    let path = Path::new("status");
    let number = |value: Option<i32>| value.unwrap_or_default();
    let replicas = number(status.replicas);
    let mut errors: ErrorList =
        not_negative(status.observed_generation.unwrap_or_default(), &path.child("observedGeneration")).into_iter().collect();
    let counts = [
        ("replicas", replicas),
        ("updatedReplicas", number(status.updated_replicas)),
        ("readyReplicas", number(status.ready_replicas)),
        ("availableReplicas", number(status.available_replicas)),
        ("unavailableReplicas", number(status.unavailable_replicas)),
    ];
    errors.extend(counts.into_iter().filter_map(|(field, count)| not_negative(count, &path.child(field))));
    if let Some(count) = status.collision_count {
        errors.extend(not_negative(count, &path.child("collisionCount")));
    }
    let more = counts[1..4].iter().filter(|(_, count)| *count > replicas);
    errors.extend(more.map(|(field, count)| FieldError::invalid(&path.child(field), *count, "cannot be greater than status.replicas")));
    if number(status.available_replicas) > number(status.ready_replicas) {
        let detail = "cannot be greater than readyReplicas";
        errors.push(FieldError::invalid(&path.child("availableReplicas"), number(status.available_replicas), detail));
    }
    errors.extend(not_decremented(status.collision_count, before.collision_count, &path.child("collisionCount")));
    errors
}

/// Collisions are only ever counted up.
pub(super) fn not_decremented(new: Option<i32>, old: Option<i32>, path: &Path) -> Option<FieldError> {
    let old = old?;
    match new {
        Some(new) if new >= old => None,
        new => Some(FieldError::invalid(path, json(&new), "cannot be decremented")),
    }
}
