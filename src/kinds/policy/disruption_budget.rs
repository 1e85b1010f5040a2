//! PodDisruptionBudgets.

use api::{ErrorList, FieldError, Path, metadata};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetStatus};

use crate::Part;
use crate::rules::{json, not_negative, one_of};
use crate::workload::{at_most_all, number_or_percent};

pub(crate) struct DisruptionBudgetBehaviour;

/// Upstream always writes the numbers.
fn zero_counts(status: &mut PodDisruptionBudgetStatus) {
    for count in [&mut status.current_healthy, &mut status.desired_healthy, &mut status.disruptions_allowed, &mut status.expected_pods] {
        count.get_or_insert(0);
    }
}

impl crate::Behaviour<PodDisruptionBudget> for DisruptionBudgetBehaviour {
    fn default(&self, budget: &mut PodDisruptionBudget) {
        budget.spec.get_or_insert_default();
        zero_counts(budget.status.get_or_insert_default());
    }

    fn prepare_create(&self, budget: &mut PodDisruptionBudget) {
        let mut status = PodDisruptionBudgetStatus::default();
        zero_counts(&mut status);
        budget.status = Some(status);
    }

    fn prepare_update(&self, part: Part, budget: &mut PodDisruptionBudget, old: &PodDisruptionBudget) {
        match part {
            Part::Main => budget.status.clone_from(&old.status),
            Part::Status => budget.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, budget: &PodDisruptionBudget) -> ErrorList {
        let spec = budget.spec.clone().unwrap_or_default();
        let path = Path::new("spec");
        let mut errors = ErrorList::new();
        if spec.min_available.is_some() && spec.max_unavailable.is_some() {
            errors.push(FieldError::invalid(&path, json(&spec), "minAvailable and maxUnavailable cannot be both set"));
        }
        for (field, value) in [("minAvailable", &spec.min_available), ("maxUnavailable", &spec.max_unavailable)] {
            let Some(value) = value else { continue };
            errors.extend(number_or_percent(value, &path.child(field)));
            errors.extend(at_most_all(value, &path.child(field)));
        }
        errors.extend(metadata::label_selector(spec.selector.as_ref(), &path.child("selector")));
        if let Some(policy) = &spec.unhealthy_pod_eviction_policy {
            errors.extend(one_of(policy, &["AlwaysAllow", "IfHealthyBudget"], &path.child("unhealthyPodEvictionPolicy")));
        }
        errors
    }

    fn validate_update(&self, part: Part, budget: &PodDisruptionBudget, _old: &PodDisruptionBudget) -> ErrorList {
        if part == Part::Main {
            return self.validate(budget);
        }
        let status = budget.status.clone().unwrap_or_default();
        let path = Path::new("status");
        let counts = [
            ("podDisruptionsAllowed", status.disruptions_allowed),
            ("currentHealthy", status.current_healthy),
            ("desiredHealthy", status.desired_healthy),
            ("expectedPods", status.expected_pods),
        ];
        counts.into_iter().filter_map(|(field, count)| not_negative(count.unwrap_or_default(), &path.child(field))).collect()
    }

    crate::parts::generation_of!(spec, PodDisruptionBudget);
}
