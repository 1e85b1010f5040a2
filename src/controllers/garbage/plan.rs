//! What is to become of one object, by its owners, its finalizers and what it owns.

use client::Resource;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use runtime::{Action, Existing, Patch, Plan, Verb};
use serde_json::{Value, json};

const ORPHAN: &str = "orphan";
const FOREGROUND: &str = "foregroundDeletion";

/// An object with everything around it.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) resource: Resource,
    pub(super) meta: ObjectMeta,
    pub(super) owners: Vec<Owner>,
    /// What names it as an owner.
    pub(super) dependents: Vec<Dependent>,
}

#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) reference: OwnerReference,
    pub(super) state: State,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum State {
    /// It is there, and stays or goes without waiting.
    Solid,
    /// It is there and goes when what it owns is gone.
    Waiting,
    /// No cache has it; the server decides.
    Missing(Existing),
    /// Of a kind that is not known here: taken as solid, but never touched.
    Unknown,
}

#[derive(Clone, Debug)]
pub(super) struct Dependent {
    pub(super) resource: Resource,
    pub(super) meta: ObjectMeta,
}

pub(super) fn is_waiting_for_dependents(meta: &ObjectMeta) -> bool {
    meta.deletion_timestamp.is_some() && has_finalizer(meta, FOREGROUND)
}

fn has_finalizer(meta: &ObjectMeta, name: &str) -> bool {
    meta.finalizers.iter().flatten().any(|finalizer| finalizer == name)
}

pub(super) fn plan(snapshot: &Snapshot) -> Plan {
    let meta = &snapshot.meta;
    let actions = if meta.deletion_timestamp.is_none() {
        collect(snapshot)
    } else if has_finalizer(meta, ORPHAN) {
        set_free(snapshot)
    } else if has_finalizer(meta, FOREGROUND) && !is_blocked(snapshot) {
        vec![without_finalizer(snapshot, FOREGROUND)]
    } else {
        Vec::new()
    };
    Plan { actions, requeue_at: None }
}

/// For an object that nobody has deleted: by the state of its owners.
fn collect(snapshot: &Snapshot) -> Vec<Action> {
    let mut missing = Vec::new();
    let (mut solid, mut waiting, mut kept) = (false, false, Vec::new());
    for Owner { reference, state } in &snapshot.owners {
        match state {
            State::Missing(existing) => missing.push(existing.clone()),
            State::Waiting => waiting = true,
            State::Solid | State::Unknown => {
                solid = true;
                kept.push(reference.clone());
            }
        }
    }
    if snapshot.owners.is_empty() || (solid && missing.is_empty() && !waiting) {
        return Vec::new();
    }
    if solid {
        // The others are let go of, or a waiting owner would wait for ever.
        return vec![with_owners(&snapshot.resource, &snapshot.meta, &kept).unless(missing)];
    }
    let mut actions = Vec::new();
    let propagation = if waiting && !snapshot.dependents.is_empty() {
        if snapshot.dependents.iter().any(|dependent| is_waiting_for_dependents(&dependent.meta)) {
            // Owners that wait for each other would never go: this one does not hold up its own.
            let mut unblocking: Vec<OwnerReference> = snapshot.owners.iter().map(|owner| owner.reference.clone()).collect();
            unblocking.iter_mut().for_each(|reference| reference.block_owner_deletion = Some(false));
            if unblocking.iter().zip(&snapshot.owners).any(|(unblocking, owner)| *unblocking != owner.reference) {
                actions.push(with_owners(&snapshot.resource, &snapshot.meta, &unblocking).unless(missing));
                return actions;
            }
        }
        "Foreground"
    } else if has_finalizer(&snapshot.meta, ORPHAN) {
        "Orphan"
    } else if has_finalizer(&snapshot.meta, FOREGROUND) {
        "Foreground"
    } else {
        "Background"
    };
    let meta = &snapshot.meta;
    let verb = Verb::Delete {
        uid: meta.uid.clone(),
        // Owners may have changed since.
        resource_version: meta.resource_version.clone(),
        propagation: Some(propagation),
        grace_seconds: None,
    };
    actions.push(Action::delete_resource(snapshot.resource.clone(), namespace(meta), name(meta), verb).unless(missing));
    actions
}

/// Takes this owner off all that it owns, then lets it go.
fn set_free(snapshot: &Snapshot) -> Vec<Action> {
    let mut actions: Vec<Action> = snapshot
        .dependents
        .iter()
        .map(|dependent| {
            let owners = dependent.meta.owner_references.iter().flatten().filter(|owner| Some(&owner.uid) != snapshot.meta.uid.as_ref());
            with_owners(&dependent.resource, &dependent.meta, &owners.cloned().collect::<Vec<_>>())
        })
        .collect();
    actions.push(without_finalizer(snapshot, ORPHAN));
    actions
}

/// True where something that it owns has to go first.
fn is_blocked(snapshot: &Snapshot) -> bool {
    let blocks = |owner: &OwnerReference| Some(&owner.uid) == snapshot.meta.uid.as_ref() && owner.block_owner_deletion == Some(true);
    snapshot.dependents.iter().any(|dependent| dependent.meta.owner_references.iter().flatten().any(blocks))
}

fn namespace(meta: &ObjectMeta) -> &str {
    meta.namespace.as_deref().unwrap_or_default()
}

fn name(meta: &ObjectMeta) -> &str {
    meta.name.as_deref().unwrap_or_default()
}

/// An empty list is written as none at all.
fn or_none<T: serde::Serialize>(items: &[T]) -> Value {
    if items.is_empty() { Value::Null } else { json!(items) }
}

/// Writes other owners, unless the object has changed meanwhile.
fn with_owners(resource: &Resource, meta: &ObjectMeta, owners: &[OwnerReference]) -> Action {
    let patch = json!({"metadata": {"uid": meta.uid, "resourceVersion": meta.resource_version, "ownerReferences": or_none(owners)}});
    Action::patch_resource(resource.clone(), namespace(meta), name(meta), Patch::Merge(patch))
}

fn without_finalizer(snapshot: &Snapshot, finalizer: &str) -> Action {
    let meta = &snapshot.meta;
    let finalizers: Vec<&String> = meta.finalizers.iter().flatten().filter(|found| *found != finalizer).collect();
    let patch = json!({"metadata": {"uid": meta.uid, "resourceVersion": meta.resource_version, "finalizers": or_none(&finalizers)}});
    Action::patch_resource(snapshot.resource.clone(), namespace(meta), name(meta), Patch::Merge(patch))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PODS: Resource = Resource::new("", "v1", "Pod", "pods", true);

    fn existing(uid: &str) -> Existing {
        Existing { resource: PODS, namespace: "n".into(), name: "owner".into(), uid: uid.into() }
    }
    fn owner(uid: &str, state: State) -> Owner {
        let reference = OwnerReference {
            api_version: "v1".into(),
            kind: "Pod".into(),
            name: "owner".into(),
            uid: uid.into(),
            block_owner_deletion: Some(true),
            controller: None,
        };
        Owner { reference, state }
    }
    fn meta(value: Value) -> ObjectMeta {
        serde_json::from_value(value).unwrap()
    }
    fn snapshot(value: Value, owners: Vec<Owner>, dependents: Vec<Value>) -> Snapshot {
        let dependents = dependents.into_iter().map(|value| Dependent { resource: PODS, meta: meta(value) }).collect();
        Snapshot { resource: PODS, meta: meta(value), owners, dependents }
    }
    fn check(snapshot: &Snapshot, expected: &[&str]) {
        let told: Vec<String> = plan(snapshot)
            .actions
            .iter()
            .map(|action| match &action.verb {
                Verb::Delete { propagation, resource_version, .. } => {
                    format!(
                        "delete {} at {} {} unless {}",
                        action.name,
                        resource_version.clone().unwrap_or_default(),
                        propagation.unwrap(),
                        action.unless.len()
                    )
                }
                Verb::Patch { patch: Patch::Merge(patch), .. } => {
                    let uids = patch["metadata"]["ownerReferences"]
                        .as_array()
                        .map(|owners| owners.iter().map(|owner| owner["uid"].as_str().unwrap()).collect::<Vec<_>>());
                    format!("patch {} {:?} {}", action.name, uids, patch["metadata"]["finalizers"])
                }
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn what_lost_its_owners_goes() {
        let object = json!({"name": "a", "namespace": "n", "uid": "a", "resourceVersion": "7"});
        check(&snapshot(object.clone(), vec![], vec![]), &[]);
        check(&snapshot(object.clone(), vec![owner("o", State::Solid)], vec![]), &[]);
        check(&snapshot(object.clone(), vec![owner("o", State::Unknown)], vec![]), &[]);
        check(&snapshot(object.clone(), vec![owner("o", State::Missing(existing("o")))], vec![]), &["delete a at 7 Background unless 1"]);
        check(
            &snapshot(object.clone(), vec![owner("o", State::Missing(existing("o"))), owner("p", State::Solid)], vec![]),
            &["patch a Some([\"p\"]) null"],
        );
        check(&snapshot(object.clone(), vec![owner("o", State::Waiting)], vec![]), &["delete a at 7 Background unless 0"]);
        check(
            &snapshot(object.clone(), vec![owner("o", State::Waiting), owner("p", State::Solid)], vec![]),
            &["patch a Some([\"p\"]) null"],
        );
        let dependent = json!({"name": "b", "uid": "b"});
        check(&snapshot(object, vec![owner("o", State::Waiting)], vec![dependent]), &["delete a at 7 Foreground unless 0"]);
        let held = json!({"name": "a", "namespace": "n", "uid": "a", "resourceVersion": "7", "finalizers": ["orphan"]});
        check(&snapshot(held, vec![owner("o", State::Missing(existing("o")))], vec![]), &["delete a at 7 Orphan unless 1"]);
    }

    #[test]
    fn owners_in_a_circle_do_not_wait_for_ever() {
        let object = json!({"name": "a", "namespace": "n", "uid": "a", "resourceVersion": "7"});
        let waiting = json!({"name": "b", "uid": "b", "deletionTimestamp": "2024-01-01T00:00:00Z", "finalizers": ["foregroundDeletion"]});
        let mut circle = snapshot(object, vec![owner("b", State::Waiting)], vec![waiting]);
        check(&circle, &["patch a Some([\"b\"]) null"]);
        circle.owners[0].reference.block_owner_deletion = Some(false);
        check(&circle, &["delete a at 7 Foreground unless 0"]);
    }

    #[test]
    fn an_owner_that_is_deleted() {
        let object = |finalizers: Value| json!({"name": "a", "namespace": "n", "uid": "a", "deletionTimestamp": "2024-01-01T00:00:00Z", "finalizers": finalizers});
        let dependent = |blocks: bool| {
            json!({"name": "b", "uid": "b", "ownerReferences": [
            {"apiVersion": "v1", "kind": "Pod", "name": "a", "uid": "a", "blockOwnerDeletion": blocks}, {"apiVersion": "v1", "kind": "Pod", "name": "z", "uid": "z"}]})
        };
        check(&snapshot(object(json!(["other"])), vec![], vec![dependent(true)]), &[]);
        check(&snapshot(object(json!(["foregroundDeletion", "x"])), vec![], vec![dependent(true)]), &[]);
        check(&snapshot(object(json!(["foregroundDeletion", "x"])), vec![], vec![dependent(false)]), &["patch a None [\"x\"]"]);
        check(&snapshot(object(json!(["foregroundDeletion"])), vec![], vec![]), &["patch a None null"]);
        check(&snapshot(object(json!(["orphan"])), vec![], vec![dependent(true)]), &["patch b Some([\"z\"]) null", "patch a None null"]);
    }
}
