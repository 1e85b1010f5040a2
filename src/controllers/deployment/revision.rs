//! Revisions: the annotations by which a deployment and its ReplicaSets tell their history.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

pub(crate) const REVISION: &str = "deployment.kubernetes.io/revision";
const REVISION_HISTORY: &str = "deployment.kubernetes.io/revision-history";
const DESIRED_REPLICAS: &str = "deployment.kubernetes.io/desired-replicas";
const MAX_REPLICAS: &str = "deployment.kubernetes.io/max-replicas";

/// Annotations of a deployment that its ReplicaSets do not get.
const NOT_COPIED: &[&str] = &[
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    REVISION_HISTORY,
    DESIRED_REPLICAS,
    MAX_REPLICAS,
    "deprecated.deployment.rollback.to",
];

/// The longest `revision-history`.
const HISTORY_LIMIT_CHARS: usize = 2000;

fn annotation<'a>(meta: &'a ObjectMeta, name: &str) -> Option<&'a str> {
    meta.annotations.as_ref()?.get(name).map(String::as_str)
}

/// The revision of an object; 0 where it has none.
pub(super) fn revision(meta: &ObjectMeta) -> i64 {
    annotation(meta, REVISION).and_then(|text| text.parse().ok()).unwrap_or_default()
}

pub(super) fn desired_replicas(set: &ReplicaSet) -> Option<i32> {
    annotation(&set.metadata, DESIRED_REPLICAS)?.parse().ok()
}

pub(super) fn max_replicas(set: &ReplicaSet) -> Option<i32> {
    annotation(&set.metadata, MAX_REPLICAS)?.parse().ok()
}

fn set_annotation(annotations: &mut BTreeMap<String, String>, name: &str, value: &str) -> bool {
    let differs = annotations.get(name).is_none_or(|found| found != value);
    if differs {
        annotations.insert(name.to_owned(), value.to_owned());
    }
    differs
}

/// Notes on a ReplicaSet what it was sized for: proportions are computed from it. True where something changed.
pub(super) fn note_size(set: &mut ReplicaSet, desired: i32, max: i32) -> bool {
    let annotations = set.metadata.annotations.get_or_insert_default();
    let desired_changed = set_annotation(annotations, DESIRED_REPLICAS, &desired.to_string());
    set_annotation(annotations, MAX_REPLICAS, &max.to_string()) || desired_changed
}

/// Gives the new ReplicaSet the deployment's annotations and the revision; a set that comes back keeps its earlier revisions in its history. True where something
/// changed.
pub(super) fn note_revision(deployment: &Deployment, set: &mut ReplicaSet, revision: i64) -> bool {
    let annotations = set.metadata.annotations.get_or_insert_default();
    let mut changed = false;
    for (name, value) in deployment.metadata.annotations.iter().flatten() {
        if !NOT_COPIED.contains(&name.as_str()) {
            changed |= set_annotation(annotations, name, value);
        }
    }
    let old = annotations.get(REVISION).cloned();
    let old_number = match old.as_deref().map(str::parse::<i64>) {
        None => 0,
        Some(Ok(number)) => number,
        // Somebody else's text: leave it alone.
        Some(Err(_)) => return changed,
    };
    if old_number < revision {
        annotations.insert(REVISION.to_owned(), revision.to_string());
        changed = true;
        if let Some(old) = old {
            let history = annotations.get(REVISION_HISTORY).map(String::as_str).unwrap_or_default();
            if let Some(history) = longer_history(history, &old) {
                annotations.insert(REVISION_HISTORY.to_owned(), history);
            }
        }
    }
    changed
}

/// `history` with one more revision, the oldest dropped where it gets too long.
fn longer_history(history: &str, old: &str) -> Option<String> {
    if history.is_empty() {
        return Some(old.to_owned());
    }
    let mut revisions: Vec<&str> = history.split(',').collect();
    revisions.push(old);
    let length = |revisions: &[&str]| revisions.iter().map(|revision| revision.len() + 1).sum::<usize>() - 1;
    let first = (0..revisions.len()).find(|first| length(&revisions[*first..]) <= HISTORY_LIMIT_CHARS)?;
    Some(revisions[first..].join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annotated(pairs: &[(&str, &str)]) -> ObjectMeta {
        ObjectMeta {
            annotations: Some(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()),
            ..Default::default()
        }
    }

    fn check(deployment: &[(&str, &str)], set: &[(&str, &str)], number: i64, expected: &[(&str, &str)], changes: bool) {
        let deployment = Deployment { metadata: annotated(deployment), ..Default::default() };
        let mut set = ReplicaSet { metadata: annotated(set), ..Default::default() };
        assert_eq!(note_revision(&deployment, &mut set, number), changes);
        assert_eq!(set.metadata, annotated(expected));
    }

    #[test]
    fn revisions_are_noted() {
        let cause = ("kubernetes.io/change-cause", "new image");
        check(&[cause, (REVISION, "9"), (NOT_COPIED[0], "{}")], &[], 1, &[cause, (REVISION, "1")], true);
        check(&[cause], &[cause, (REVISION, "3")], 3, &[cause, (REVISION, "3")], false);
        check(&[], &[(REVISION, "1")], 3, &[(REVISION, "3"), (REVISION_HISTORY, "1")], true);
        check(&[], &[(REVISION, "3"), (REVISION_HISTORY, "1")], 5, &[(REVISION, "5"), (REVISION_HISTORY, "1,3")], true);
        check(&[], &[(REVISION, "what")], 5, &[(REVISION, "what")], false);
    }

    #[test]
    fn history_forgets_the_oldest() {
        let history = (100..599).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(history.len(), 1995);
        let longer = longer_history(&history, "599").unwrap();
        assert!(longer.starts_with("100,") && longer.ends_with(",598,599") && longer.len() == 1999);
        let longest = longer_history(&longer, "600").unwrap();
        assert!(longest.starts_with("101,") && longest.ends_with(",599,600") && longest.len() == 1999);
    }
}
