//! ReplicaSets.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::apps::v1::{ReplicaSet, ReplicaSetStatus};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::{selector_of, template};
use crate::Part;
use crate::rules::{immutable, not_negative};

pub(crate) struct ReplicaSetBehaviour;

impl crate::Behaviour<ReplicaSet> for ReplicaSetBehaviour {
    fn quantities(&self, set: &mut ReplicaSet, visit: &mut dyn FnMut(&mut Quantity)) {
        let template = set.spec.template.as_mut();
        if let Some(spec) = template.and_then(|template| template.spec.as_mut()) {
            crate::pod::spec_quantities(spec, visit);
        }
    }

    fn default(&self, set: &mut ReplicaSet) {
        let spec = &mut set.spec;
        spec.replicas.get_or_insert(1);
        spec.min_ready_seconds.take_if(|seconds| *seconds == 0);
        crate::pod::default_template(spec.template.get_or_insert_default());
        set.status.get_or_insert_default();
    }

    fn prepare_create(&self, set: &mut ReplicaSet) {
        set.status = Some(ReplicaSetStatus::default());
    }

    fn prepare_update(&self, part: Part, set: &mut ReplicaSet, old: &ReplicaSet) {
        match part {
            Part::Main => set.status.clone_from(&old.status),
            Part::Status => set.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, set: &ReplicaSet) -> ErrorList {
        let path = Path::new("spec");
        let spec = set.spec.clone();
        let mut errors: ErrorList = not_negative(spec.replicas.unwrap_or_default(), &path.child("replicas")).into_iter().collect();
        errors.extend(not_negative(spec.min_ready_seconds.unwrap_or_default(), &path.child("minReadySeconds")));
        errors.extend(selector_of(&spec.selector, &path));
        errors.extend(template(&spec.template.unwrap_or_default(), &spec.selector, "ReplicaSet", &path.child("template")));
        errors
    }

    fn validate_update(&self, part: Part, set: &ReplicaSet, old: &ReplicaSet) -> ErrorList {
        if part == Part::Status {
            let status = set.status.clone().unwrap_or_default();
            return counts(&Counts {
                replicas: status.replicas,
                fully_labeled: status.fully_labeled_replicas.unwrap_or_default(),
                ready: status.ready_replicas.unwrap_or_default(),
                available: status.available_replicas.unwrap_or_default(),
                observed_generation: status.observed_generation.unwrap_or_default(),
            });
        }
        let mut errors = self.validate(set);
        let selector = |set: &ReplicaSet| set.spec.selector.clone();
        errors.extend(immutable(&selector(set), &selector(old), &Path::new("spec").child("selector")));
        errors
    }

    crate::parts::warnings_of_pods!(ReplicaSet, named: true, |set| {
        let template = set.spec.template.as_ref();
        template.map(|template| crate::pod::template_warnings(template, &Path::new("spec").child("template"))).unwrap_or_default()
    });

    fn has_generation(&self) -> bool {
        true
    }

    fn generation_changes(&self, set: &ReplicaSet, old: &ReplicaSet) -> bool {
        set.spec != old.spec
    }

    fn fields(&self, set: &ReplicaSet) -> Vec<(&'static str, String)> {
        vec![("status.replicas", set.status.as_ref().map_or(0, |status| status.replicas).to_string())]
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["status.replicas"]
    }
}

/// Numbers of a status that must fit together.
pub(super) struct Counts {
    pub replicas: i32,
    pub fully_labeled: i32,
    pub ready: i32,
    pub available: i32,
    pub observed_generation: i64,
}

pub(super) fn counts(counts: &Counts) -> ErrorList {
    let path = Path::new("status");
    let below = [("fullyLabeledReplicas", counts.fully_labeled), ("readyReplicas", counts.ready), ("availableReplicas", counts.available)];
    let mut errors: ErrorList = not_negative(counts.replicas, &path.child("replicas")).into_iter().collect();
    errors.extend(below.iter().filter_map(|(field, count)| not_negative(*count, &path.child(field))));
    errors.extend(not_negative(counts.observed_generation, &path.child("observedGeneration")));
    let more = below.iter().filter(|(_, count)| *count > counts.replicas);
    errors.extend(more.map(|(field, count)| FieldError::invalid(&path.child(field), *count, "cannot be greater than status.replicas")));
    if counts.available > counts.ready {
        errors.push(FieldError::invalid(&path.child("availableReplicas"), counts.available, "cannot be greater than readyReplicas"));
    }
    errors
}
