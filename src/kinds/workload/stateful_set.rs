//! StatefulSets.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::apps::v1::{StatefulSet, StatefulSetSpec, StatefulSetStatus};
use k8s_openapi::api::core::v1::{PersistentVolumeClaimVolumeSource, PodTemplateSpec, Volume};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{number_or_percent, selector_of, template};
use crate::Part;
use crate::rules::{drop_empty, fill, not_negative, required_one_of, text};

const REVISION_HISTORY: i32 = 10;
const FIXED: &str = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

pub(crate) struct StatefulSetBehaviour;

impl crate::Behaviour<StatefulSet> for StatefulSetBehaviour {
    fn quantities(&self, set: &mut StatefulSet, visit: &mut dyn FnMut(&mut Quantity)) {
        if let Some(spec) = &mut set.spec.template.spec {
            crate::pod::spec_quantities(spec, visit);
        }
        for claim in set.spec.volume_claim_templates.iter_mut().flatten().filter_map(|claim| claim.spec.as_mut()) {
            crate::storage::claim::quantities(claim, visit);
        }
    }

    fn default(&self, set: &mut StatefulSet) {
        let spec = &mut set.spec;
        fill(&mut spec.pod_management_policy, "OrderedReady");
        let strategy = spec.update_strategy.get_or_insert_default();
        if text(&strategy.type_).is_empty() {
            strategy.type_ = Some("RollingUpdate".to_owned());
            strategy.rolling_update.get_or_insert_default();
        }
        if text(&strategy.type_) == "RollingUpdate"
            && let Some(rolling) = &mut strategy.rolling_update
        {
            rolling.partition.get_or_insert(0);
            rolling.max_unavailable.get_or_insert(IntOrString::Int(1));
        }
        let retention = spec.persistent_volume_claim_retention_policy.get_or_insert_default();
        fill(&mut retention.when_deleted, "Retain");
        fill(&mut retention.when_scaled, "Retain");
        spec.replicas.get_or_insert(1);
        spec.revision_history_limit.get_or_insert(REVISION_HISTORY);
        spec.min_ready_seconds.take_if(|seconds| *seconds == 0);
        drop_empty(&mut spec.service_name);
        crate::pod::default_template(&mut spec.template);
        for claim in spec.volume_claim_templates.iter_mut().flatten() {
            crate::storage::claim::default_spec(claim.spec.get_or_insert_default());
            fill(&mut claim.status.get_or_insert_default().phase, "Pending");
        }
        set.status.get_or_insert_default().available_replicas.get_or_insert(0);
    }

    fn prepare_create(&self, set: &mut StatefulSet) {
        set.status = Some(StatefulSetStatus { available_replicas: Some(0), ..StatefulSetStatus::default() });
    }

    fn prepare_update(&self, part: Part, set: &mut StatefulSet, old: &StatefulSet) {
        match part {
            Part::Main => set.status.clone_from(&old.status),
            Part::Status => set.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, set: &StatefulSet) -> ErrorList {
        spec(&set.spec, &Path::new("spec"))
    }

    fn validate_update(&self, part: Part, set: &StatefulSet, old: &StatefulSet) -> ErrorList {
        if part == Part::Status {
            return status(set);
        }
        let mut errors = self.validate(set);
        let (new, before) = (&set.spec, &old.spec);
        let fixed = |spec: &StatefulSetSpec| {
            (spec.selector.clone(), spec.service_name.clone(), spec.pod_management_policy.clone(), spec.volume_claim_templates.clone())
        };
        if fixed(new) != fixed(before) {
            errors.push(FieldError::forbidden(&Path::new("spec"), FIXED));
        }
        errors
    }

    crate::parts::generation_of!(spec, StatefulSet);
    crate::parts::warnings_of_pods!(StatefulSet, named: false, |set| warnings(set));
}

fn warnings(set: &StatefulSet) -> Vec<String> {
    let path = Path::new("spec");
    let mut warnings = crate::pod::template_warnings(&set.spec.template, &path.child("template"));
    for (index, claim) in set.spec.volume_claim_templates.iter().flatten().enumerate() {
        let spec = claim.spec.as_ref();
        warnings.extend(spec.into_iter().flat_map(|spec| crate::warnings::claim(spec, &path.child("volumeClaimTemplates").index(index))));
    }
    if set.spec.revision_history_limit.is_some_and(|limit| limit < 0) {
        let why = "a negative value retains all historical revisions; a value >= 0 is recommended";
        warnings.push(format!("{}: {why}", path.child("revisionHistoryLimit")));
    }
    warnings
}

fn spec(spec: &StatefulSetSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let policies = &["OrderedReady", "Parallel"];
    match text(&spec.pod_management_policy) {
        "" => errors.push(FieldError::required(&path.child("podManagementPolicy"), "")),
        policy if !policies.contains(&policy) => {
            let detail = "must be 'OrderedReady' or 'Parallel'";
            errors.push(FieldError::invalid(&path.child("podManagementPolicy"), policy, detail));
        }
        _ => {}
    }
    let strategy = spec.update_strategy.clone().unwrap_or_default();
    let at = path.child("updateStrategy");
    match (text(&strategy.type_), &strategy.rolling_update) {
        ("", _) => errors.push(FieldError::required(&at, "")),
        ("OnDelete", Some(_)) => {
            let detail = "only allowed for updateStrategy 'RollingUpdate'";
            errors.push(FieldError::invalid(&at.child("rollingUpdate"), crate::rules::json(&strategy.rolling_update), detail));
        }
        ("RollingUpdate", Some(rolling)) => {
            errors.extend(not_negative(rolling.partition.unwrap_or_default(), &at.child("rollingUpdate").child("partition")));
            if let Some(unavailable) = &rolling.max_unavailable {
                let path = at.child("rollingUpdate").child("maxUnavailable");
                errors.extend(number_or_percent(unavailable, &path));
                if super::is_zero(unavailable) {
                    errors.push(FieldError::invalid(&path, crate::rules::json(unavailable), "cannot be 0"));
                }
                errors.extend(super::at_most_all(unavailable, &path));
            }
        }
        ("OnDelete" | "RollingUpdate", None) => {}
        _ => errors.push(FieldError::invalid(&at, crate::rules::json(&strategy), "must be 'RollingUpdate' or 'OnDelete'")),
    }
    if let Some(retention) = &spec.persistent_volume_claim_retention_policy {
        let at = path.child("persistentVolumeClaimRetentionPolicy");
        for (field, value) in [("whenDeleted", &retention.when_deleted), ("whenScaled", &retention.when_scaled)] {
            errors.extend(required_one_of(text(value), &["Retain", "Delete"], &at.child(field)));
        }
    }
    errors.extend(not_negative(spec.replicas.unwrap_or_default(), &path.child("replicas")));
    errors.extend(not_negative(spec.min_ready_seconds.unwrap_or_default(), &path.child("minReadySeconds")));
    if let Some(ordinals) = &spec.ordinals {
        errors.extend(not_negative(ordinals.start.unwrap_or_default(), &path.child("ordinals").child("start")));
    }
    errors.extend(selector_of(&spec.selector, path));
    errors.extend(template(&with_claims(spec), &spec.selector, "StatefulSet", &path.child("template")));
    errors
}

/// The template as its pods will be: every claim template gives a volume of its name, which containers may mount.
fn with_claims(spec: &StatefulSetSpec) -> PodTemplateSpec {
    let mut template = spec.template.clone();
    let claims: Vec<String> = spec.volume_claim_templates.iter().flatten().filter_map(|claim| claim.metadata.name.clone()).collect();
    if let Some(pod) = template.spec.as_mut().filter(|_| !claims.is_empty()) {
        let volumes = pod.volumes.get_or_insert_default();
        volumes.retain(|volume| !claims.contains(&volume.name));
        volumes.extend(claims.into_iter().map(|name| Volume {
            persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource { claim_name: name.clone(), ..Default::default() }),
            name,
            ..Volume::default()
        }));
    }
    template
}

fn status(set: &StatefulSet) -> ErrorList {
    let status = set.status.clone().unwrap_or_default();
    let path = Path::new("status");
    let number = |value: Option<i32>| value.unwrap_or_default();
    let mut errors: ErrorList = not_negative(status.replicas, &path.child("replicas")).into_iter().collect();
    let below = [
        ("readyReplicas", number(status.ready_replicas)),
        ("currentReplicas", number(status.current_replicas)),
        ("updatedReplicas", number(status.updated_replicas)),
        ("availableReplicas", number(status.available_replicas)),
    ];
    errors.extend(below.iter().filter_map(|(field, count)| not_negative(*count, &path.child(field))));
    let more = below.iter().filter(|(_, count)| *count > status.replicas);
    errors.extend(more.map(|(field, count)| FieldError::invalid(&path.child(field), *count, "cannot be greater than status.replicas")));
    if number(status.available_replicas) > number(status.ready_replicas) {
        let detail = "cannot be greater than status.readyReplicas";
        errors.push(FieldError::invalid(&path.child("availableReplicas"), number(status.available_replicas), detail));
    }
    errors
}
