//! The status of a definition: which of its names are its own, and whether its resources are served.

use std::collections::BTreeSet;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceDefinition, CustomResourceDefinitionCondition, CustomResourceDefinitionNames, CustomResourceDefinitionStatus,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kinds::custom::{Approval, approval_of};

/// Names that the other definitions of a group have.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// Plurals, singulars and short names.
    pub resources: BTreeSet<String>,
    /// Kinds and those of lists.
    pub kinds: BTreeSet<String>,
}

impl Taken {
    pub fn add(&mut self, names: &CustomResourceDefinitionNames) {
        let resources = [Some(&names.plural), names.singular.as_ref()].into_iter().flatten().chain(names.short_names.iter().flatten());
        self.resources.extend(resources.filter(|name| !name.is_empty()).cloned());
        let kinds = [Some(&names.kind), names.list_kind.as_ref()].into_iter().flatten();
        self.kinds.extend(kinds.filter(|name| !name.is_empty()).cloned());
    }
}

/// The status that a definition ought to have.
pub fn next(definition: &CustomResourceDefinition, taken: &Taken, now: &Time) -> CustomResourceDefinitionStatus {
    let mut status = definition.status.clone().unwrap_or_default();
    let (names, conflict) = accepted(definition, taken);
    let accepted = conflict.is_none();
    let (reason, message) = conflict.unwrap_or(("NoConflicts", "no conflicts found".to_owned()));
    status.accepted_names = Some(names);
    set(&mut status, "NamesAccepted", accepted, reason, &message, now);
    if !kinds::custom::is_true(definition, "Established") {
        if accepted {
            set(&mut status, "Established", true, "InitialNamesAccepted", "the initial names have been accepted", now);
        } else {
            set(&mut status, "Established", false, "NotAccepted", "not all names are accepted", now);
        }
    }
    let (approval, message) = approval_of(definition);
    let reason = match approval {
        Approval::NotNeeded => None,
        Approval::Missing => Some((false, "MissingAnnotation")),
        Approval::Invalid => Some((false, "InvalidAnnotation")),
        Approval::Bypassed => Some((false, "UnapprovedAnnotation")),
        Approval::Approved => Some((true, "ApprovedAnnotation")),
    };
    if let Some((approved, reason)) = reason {
        set(&mut status, "KubernetesAPIApprovalPolicyConformant", approved, reason, &message, now);
    }
    status
}

/// Says something in the conditions of a definition.
pub fn set(status: &mut CustomResourceDefinitionStatus, condition: &str, is: bool, reason: &str, message: &str, now: &Time) {
    let conditions = status.conditions.get_or_insert_default();
    let told = if is { "True" } else { "False" };
    let at = conditions.iter().position(|known| known.type_ == condition).unwrap_or_else(|| {
        conditions.push(CustomResourceDefinitionCondition { type_: condition.to_owned(), ..CustomResourceDefinitionCondition::default() });
        conditions.len() - 1
    });
    let known = &mut conditions[at];
    if known.status != told {
        told.clone_into(&mut known.status);
        known.last_transition_time = Some(now.clone());
    }
    known.reason = Some(reason.to_owned());
    known.message = Some(message.to_owned());
}

/// The names that are its own, and the last conflict about the others.
fn accepted(definition: &CustomResourceDefinition, taken: &Taken) -> (CustomResourceDefinitionNames, Option<(&'static str, String)>) {
    let wanted = &definition.spec.names;
    let mut own = definition.status.as_ref().and_then(|status| status.accepted_names.clone()).unwrap_or_default();
    let mut conflict = None;
    let in_use = |name: &str| format!("{} is already in use", api::field::quoted(name));
    let mut free = |reason: &'static str, wanted: &str, own: &str, taken: &BTreeSet<String>| {
        if wanted == own || !taken.contains(wanted) {
            return true;
        }
        conflict = Some((reason, in_use(wanted)));
        false
    };
    if free("PluralConflict", &wanted.plural, &own.plural, &taken.resources) {
        own.plural.clone_from(&wanted.plural);
    }
    let text = |name: &Option<String>| name.clone().unwrap_or_default();
    if free("SingularConflict", &text(&wanted.singular), &text(&own.singular), &taken.resources) {
        own.singular.clone_from(&wanted.singular);
    }
    let before = own.short_names.clone().unwrap_or_default();
    let mut conflicts: Vec<String> = Vec::new();
    for name in wanted.short_names.iter().flatten().filter(|name| !before.contains(name) && taken.resources.contains(*name)) {
        conflicts.push(in_use(name));
    }
    let short_names_conflict = match conflicts.len() {
        0 => {
            own.short_names.clone_from(&wanted.short_names);
            None
        }
        1 => conflicts.pop(),
        _ => Some(format!("[{}]", conflicts.join(", "))),
    };
    let free_kind = |reason: &'static str, wanted: &str, own: &str| {
        let is_free = wanted == own || !taken.kinds.contains(wanted);
        (is_free, (!is_free).then(|| (reason, in_use(wanted))))
    };
    let (kind_is_free, kind_conflict) = free_kind("KindConflict", &wanted.kind, &own.kind);
    if kind_is_free {
        own.kind.clone_from(&wanted.kind);
    }
    let (list_kind_is_free, list_kind_conflict) = free_kind("ListKindConflict", &text(&wanted.list_kind), &text(&own.list_kind));
    if list_kind_is_free {
        own.list_kind.clone_from(&wanted.list_kind);
    }
    own.categories.clone_from(&wanted.categories);
    let conflict =
        list_kind_conflict.or(kind_conflict).or(short_names_conflict.map(|message| ("ShortNamesConflict", message))).or(conflict);
    (own, conflict)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn definition(short: &str) -> CustomResourceDefinition {
        serde_json::from_value(json!({"metadata": {"name": "widgets.example.com"}, "spec": {
            "group": "example.com", "scope": "Namespaced", "versions": [],
            "names": {"plural": "widgets", "singular": "widget", "kind": "Widget", "listKind": "WidgetList", "shortNames": [short]},
        }}))
        .unwrap()
    }

    #[track_caller]
    fn check(definition: &CustomResourceDefinition, taken: &Taken, expected: &[(&str, &str, &str, &str)]) {
        let status = next(definition, taken, &crate::registry::now());
        let conditions: Vec<_> = status
            .conditions
            .iter()
            .flatten()
            .map(|found| (found.type_.as_str(), found.status.as_str(), found.reason.as_deref().unwrap(), found.message.as_deref().unwrap()))
            .collect();
        assert_eq!(conditions, expected);
    }

    /// Reasons and messages are those of upstream's controllers.
    #[test]
    fn conditions() {
        check(
            &definition("wd"),
            &Taken::default(),
            &[
                ("NamesAccepted", "True", "NoConflicts", "no conflicts found"),
                ("Established", "True", "InitialNamesAccepted", "the initial names have been accepted"),
            ],
        );
        let mut taken = Taken::default();
        taken.resources.insert("wd".to_owned());
        check(
            &definition("wd"),
            &taken,
            &[
                ("NamesAccepted", "False", "ShortNamesConflict", "\"wd\" is already in use"),
                ("Established", "False", "NotAccepted", "not all names are accepted"),
            ],
        );
        let mut established = definition("wd");
        established.status = Some(next(&established, &Taken::default(), &crate::registry::now()));
        let unchanged = next(&established, &taken, &crate::registry::now());
        assert_eq!(Some(unchanged), established.status, "what is its own stays its own");
    }
}
