//! What is to become of a claim.

use std::sync::Arc;

use k8s_openapi::api::core::v1::{ObjectReference, PersistentVolume, PersistentVolumeClaim};
use k8s_openapi::api::storage::v1::StorageClass;
use runtime::Action;

use super::suit::{best, has_node, mismatch, names, volume_of};
use super::{BIND_COMPLETED, BOUND_BY_CONTROLLER, annotate, has_annotation, name, suit, tell};

/// Who is to make a volume, under its two names.
const PROVISIONER: [&str; 2] = ["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"];
/// Provisioners of this name were once part of Kubernetes; none of them is any more.
const BUILT_IN: &str = "kubernetes.io/";

#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) claim: Arc<PersistentVolumeClaim>,
    /// The volume that it names.
    pub(super) named: Option<Arc<PersistentVolume>>,
    pub(super) class: Option<Arc<StorageClass>>,
    /// The class that claims without any get, where there is one.
    pub(super) default_class: Option<String>,
    /// The volumes of its class, for a claim that names none.
    pub(super) candidates: Vec<Arc<PersistentVolume>>,
}

pub(super) fn plan(snapshot: &Snapshot) -> Vec<Action> {
    let Snapshot { claim, named, .. } = snapshot;
    let whole = has_annotation(&claim.metadata, BIND_COMPLETED);
    match (volume_of(claim), named) {
        (None, _) if whole => lost(claim, "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!"),
        (None, _) => choose(snapshot),
        (Some(_), None) if whole => lost(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!"),
        (Some(_), None) => phase(claim, "Pending"),
        (Some(_), Some(volume)) if names(volume, claim) => bind(claim, volume),
        (Some(_), Some(volume)) if suit::claim_of(volume).is_none() && whole => bind(claim, volume),
        (Some(_), Some(volume)) if suit::claim_of(volume).is_none() => match mismatch(volume, claim) {
            None => bind(claim, volume),
            Some(why) => {
                let message = format!("Cannot bind to requested volume {:?}: {why}", name(&volume.metadata));
                waits(claim, "Warning", "VolumeMismatch", &message)
            }
        },
        (Some(_), Some(_)) if whole => {
            lost(claim, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly")
        }
        (Some(_), Some(volume)) => {
            let message = format!("volume {:?} already bound to a different claim.", name(&volume.metadata));
            waits(claim, "Warning", "FailedBinding", &message)
        }
    }
}

/// For a claim that names no volume.
fn choose(snapshot: &Snapshot) -> Vec<Action> {
    let Snapshot { claim, class, candidates, .. } = snapshot;
    let delayed = class.as_ref().is_some_and(|class| class.volume_binding_mode.as_deref() == Some("WaitForFirstConsumer"));
    if let Some(volume) = best(claim, candidates, delayed) {
        return bind(claim, volume);
    }
    let classless = claim.spec.as_ref().is_none_or(|spec| spec.storage_class_name.is_none()) && suit::class_of_claim(claim).is_empty();
    if let Some(default) = snapshot.default_class.as_ref().filter(|_| classless) {
        // made before the class was, or it would have it
        let mut classed = (**claim).clone();
        classed.spec.get_or_insert_default().storage_class_name = Some(default.clone());
        return vec![Action::update(classed)];
    }
    if delayed && !has_node(claim) {
        return waits(claim, "Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
    }
    match (suit::class_of_claim(claim), class) {
        ("", _) => waits(claim, "Normal", "FailedBinding", "no persistent volumes available for this claim and no storage class is set"),
        (name, None) => waits(claim, "Warning", "ProvisioningFailed", &format!("storageclass.storage.k8s.io {name:?} not found")),
        (_, Some(class)) if class.provisioner.starts_with(BUILT_IN) => {
            let message = format!("no volume plugin matched name: {}", class.provisioner);
            waits(claim, "Warning", "ProvisioningFailed", &message)
        }
        (_, Some(class)) => ask(claim, &class.provisioner),
    }
}

/// Asks a provisioner for a volume.
fn ask(claim: &Arc<PersistentVolumeClaim>, provisioner: &str) -> Vec<Action> {
    let annotations = claim.metadata.annotations.as_ref();
    if PROVISIONER.iter().all(|name| annotations.and_then(|annotations| annotations.get(*name)).is_some_and(|value| value == provisioner)) {
        let message = format!(
            "Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the system administrator. \
             If volume creation is delayed, please verify that the provisioner is running and correctly registered."
        );
        return waits(claim, "Normal", "ExternalProvisioning", &message);
    }
    let mut asking = (**claim).clone();
    PROVISIONER.iter().for_each(|name| annotate(&mut asking.metadata, name, provisioner));
    vec![Action::update(asking)]
}

/// Each side gets to name the other; when both do, the claim tells so.
fn bind(claim: &Arc<PersistentVolumeClaim>, volume: &Arc<PersistentVolume>) -> Vec<Action> {
    let mut actions = Vec::new();
    if !names(volume, claim) || suit::claim_uid(volume).is_empty() {
        let mut bound = (**volume).clone();
        if !names(volume, claim) {
            annotate(&mut bound.metadata, BOUND_BY_CONTROLLER, "yes");
        }
        bound.spec.get_or_insert_default().claim_ref = Some(ObjectReference { field_path: None, ..runtime::reference(claim.as_ref()) });
        actions.push(Action::update(bound));
    }
    let chosen = volume_of(claim).is_none();
    if chosen || !has_annotation(&claim.metadata, BIND_COMPLETED) {
        let mut bound = (**claim).clone();
        if chosen {
            annotate(&mut bound.metadata, BOUND_BY_CONTROLLER, "yes");
            bound.spec.get_or_insert_default().volume_name = volume.metadata.name.clone();
        }
        annotate(&mut bound.metadata, BIND_COMPLETED, "yes");
        actions.push(Action::update(bound));
    }
    if actions.is_empty() {
        return bound(claim, volume);
    }
    actions
}

/// The status of a claim that has its volume.
fn bound(claim: &PersistentVolumeClaim, volume: &PersistentVolume) -> Vec<Action> {
    let mut told = claim.clone();
    let status = told.status.get_or_insert_default();
    let offer = volume.spec.clone().unwrap_or_default();
    status.access_modes = offer.access_modes;
    // what a volume has become since is told by those who change it
    if status.phase.as_deref() != Some("Bound") {
        status.phase = Some("Bound".to_owned());
        status.capacity = offer.capacity;
        status.current_volume_attributes_class_name = offer.volume_attributes_class_name.filter(|class| !class.is_empty());
    }
    if told == *claim { Vec::new() } else { vec![Action::update_status(told)] }
}

fn phase(claim: &PersistentVolumeClaim, phase: &str) -> Vec<Action> {
    let mut told = claim.clone();
    let status = told.status.get_or_insert_default();
    status.phase = Some(phase.to_owned());
    (status.access_modes, status.capacity) = (None, None);
    if told == *claim { Vec::new() } else { vec![Action::update_status(told)] }
}

fn waits(claim: &Arc<PersistentVolumeClaim>, kind: &'static str, reason: &'static str, message: &str) -> Vec<Action> {
    std::iter::once(tell(claim, kind, reason, message)).chain(phase(claim, "Pending")).collect()
}

/// Told once, when it is found out.
fn lost(claim: &Arc<PersistentVolumeClaim>, reason: &'static str, message: &str) -> Vec<Action> {
    let written = phase(claim, "Lost");
    if written.is_empty() { written } else { written.into_iter().chain([tell(claim, "Warning", reason, message)]).collect() }
}

#[cfg(test)]
mod tests {
    use runtime::Verb;
    use serde_json::{Value, json};

    use super::*;
    use crate::volume_binding::volume;

    fn volume(name: &str, size: &str, more: &Value) -> PersistentVolume {
        let mut value = json!({"metadata": {"name": name, "uid": name}, "status": {"phase": "Available"}, "spec": {
            "capacity": {"storage": size}, "accessModes": ["ReadWriteOnce", "ReadOnlyMany"], "storageClassName": "c", "persistentVolumeReclaimPolicy": "Retain"}});
        value["spec"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(value).unwrap()
    }
    fn claim(more: &Value) -> PersistentVolumeClaim {
        let mut value = json!({"metadata": {"name": "d", "namespace": "n", "uid": "u"}, "status": {"phase": "Pending"}, "spec": {
            "resources": {"requests": {"storage": "1Gi"}}, "accessModes": ["ReadWriteOnce"], "storageClassName": "c"}});
        value["spec"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(value).unwrap()
    }
    fn class(provisioner: &str, mode: &str) -> StorageClass {
        serde_json::from_value(json!({"metadata": {"name": "c"}, "provisioner": provisioner, "volumeBindingMode": mode})).unwrap()
    }
    fn events(actions: &[Action]) -> Vec<String> {
        let announced = actions.iter().filter(|action| matches!(action.verb, Verb::Announce)).filter_map(|action| action.success.as_ref());
        announced.map(|event| format!("{}: {}", event.reason, event.message)).collect()
    }
    /// Carries plans out until nothing is left: the claim and the volumes as they are then, and the events on the way.
    fn settled(
        mut claim: PersistentVolumeClaim,
        mut volumes: Vec<PersistentVolume>,
        class: Option<StorageClass>,
    ) -> (PersistentVolumeClaim, Vec<PersistentVolume>, Vec<String>) {
        let class = class.map(Arc::new);
        let mut told = Vec::new();
        for _ in 0..10 {
            let all: Vec<Arc<PersistentVolume>> = volumes.iter().cloned().map(Arc::new).collect();
            let named = volume_of(&claim).and_then(|name| all.iter().find(|volume| volume.metadata.name.as_deref() == Some(name)).cloned());
            let snapshot =
                Snapshot { claim: Arc::new(claim.clone()), named, class: class.clone(), default_class: None, candidates: all.clone() };
            let mut actions = plan(&snapshot);
            for volume in all {
                let own = suit::claim_of(&volume).filter(|key| key.name == "d").map(|_| Arc::new(claim.clone()));
                actions.extend(volume::plan(&volume::Snapshot { volume, claim: own }));
            }
            told.extend(events(&actions).into_iter().filter(|event| !told.contains(event)).collect::<Vec<_>>());
            for action in &actions {
                if let Some(written) = action.object::<PersistentVolumeClaim>() {
                    claim = written.clone();
                }
                if let Some(written) = action.object::<PersistentVolume>() {
                    *volumes.iter_mut().find(|volume| volume.metadata.name == written.metadata.name).unwrap() = written.clone();
                }
            }
        }
        (claim, volumes, told)
    }
    fn check(
        given: PersistentVolumeClaim,
        volumes: Vec<PersistentVolume>,
        class: Option<StorageClass>,
        expected: (&str, &[&str], &[&str]),
    ) {
        let (claim, volumes, told) = settled(given, volumes, class);
        let status = claim.status.clone().unwrap();
        let phases: Vec<String> = volumes.iter().map(|volume| format!("{} {}", name(&volume.metadata), suit::phase(volume))).collect();
        let state = format!("{} {}", status.phase.unwrap(), volume_of(&claim).unwrap_or_default());
        let borrowed = |texts: &[String]| texts.iter().map(String::as_str).collect::<Vec<_>>().join("; ");
        assert_eq!((state.trim(), borrowed(&phases), borrowed(&told)), (expected.0, expected.1.join("; "), expected.2.join("; ")));
    }

    #[test]
    fn the_smallest_volume_that_suits_is_taken() {
        let none = json!({});
        let volumes = || {
            vec![
                volume("big", "10Gi", &none),
                volume("fit", "2Gi", &none),
                volume("small", "500Mi", &none),
                volume("block", "1Gi", &json!({"volumeMode": "Block"})),
                volume("other", "1Gi", &json!({"storageClassName": "o"})),
                volume("attributes", "1Gi", &json!({"volumeAttributesClassName": "gold"})),
            ]
        };
        let others = ["big Available", "fit Bound", "small Available", "block Available", "other Available", "attributes Available"];
        check(claim(&none), volumes(), None, ("Bound fit", &others, &[]));
        let (claim, volumes, _) = settled(claim(&none), volumes(), None);
        let status = claim.status.unwrap();
        assert_eq!((status.capacity.unwrap()["storage"].0.as_str(), status.access_modes.unwrap().len()), ("2Gi", 2));
        assert!(has_annotation(&claim.metadata, BIND_COMPLETED) && has_annotation(&claim.metadata, BOUND_BY_CONTROLLER));
        assert_eq!(volumes[1].spec.clone().unwrap().claim_ref.unwrap().uid.as_deref(), Some("u"));
        assert!(has_annotation(&volumes[1].metadata, BOUND_BY_CONTROLLER));
    }

    #[test]
    fn sides_that_name_each_other_come_together() {
        let to_claim = json!({"claimRef": {"namespace": "n", "name": "d"}});
        let (bound, volumes, _) = settled(claim(&json!({"volumeName": "v"})), vec![volume("v", "1Gi", &to_claim)], None);
        assert!(!has_annotation(&bound.metadata, BOUND_BY_CONTROLLER) && !has_annotation(&volumes[0].metadata, BOUND_BY_CONTROLLER));
        check(claim(&json!({"volumeName": "v"})), vec![volume("v", "1Gi", &to_claim)], None, ("Bound v", &["v Bound"], &[]));
        check(
            claim(&json!({})),
            vec![volume("a", "1Gi", &json!({})), volume("v", "5Gi", &to_claim)],
            None,
            ("Bound v", &["a Available", "v Bound"], &[]),
        );
        let small = &["VolumeMismatch: Cannot bind to requested volume \"v\": requested PV is too small"];
        check(claim(&json!({"volumeName": "v"})), vec![volume("v", "1Mi", &json!({}))], None, ("Pending v", &["v Available"], small));
        let taken = json!({"claimRef": {"namespace": "n", "name": "x"}});
        let other = &["FailedBinding: volume \"v\" already bound to a different claim."];
        check(claim(&json!({"volumeName": "v"})), vec![volume("v", "1Gi", &taken)], None, ("Pending v", &["v Available"], other));
    }

    #[test]
    fn a_claim_without_a_volume_says_what_it_waits_for() {
        let check = |class_name: &str, class: Option<StorageClass>, expected: &str| {
            check(claim(&json!({"storageClassName": class_name})), vec![], class, ("Pending", &[], &[expected]));
        };
        check("", None, "FailedBinding: no persistent volumes available for this claim and no storage class is set");
        check("c", None, "ProvisioningFailed: storageclass.storage.k8s.io \"c\" not found");
        let first = "WaitForFirstConsumer: waiting for first consumer to be created before binding";
        check("c", Some(class("x.io/p", "WaitForFirstConsumer")), first);
        check(
            "c",
            Some(class("kubernetes.io/no-provisioner", "Immediate")),
            "ProvisioningFailed: no volume plugin matched name: kubernetes.io/no-provisioner",
        );
        let asked = "ExternalProvisioning: Waiting for a volume to be created either by the external provisioner 'x.io/p' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.";
        check("c", Some(class("x.io/p", "Immediate")), asked);
    }

    #[test]
    fn a_claim_that_was_there_before_the_default_class_gets_it() {
        let check = |class: &Value, expected: Option<&str>| {
            let mut claim = claim(&json!({}));
            claim.spec.as_mut().unwrap().storage_class_name = class.as_str().map(str::to_owned);
            let snapshot =
                Snapshot { claim: Arc::new(claim), named: None, class: None, default_class: Some("d".to_owned()), candidates: Vec::new() };
            let actions = plan(&snapshot);
            let classed =
                actions.iter().find_map(|action| action.object::<PersistentVolumeClaim>()?.spec.as_ref()?.storage_class_name.clone());
            assert_eq!(classed.as_deref(), expected);
        };
        check(&Value::Null, Some("d"));
        check(&json!(""), None);
    }

    #[test]
    fn what_was_bound_and_is_gone_is_lost_or_released() {
        let (mut bound, volumes, _) = settled(claim(&json!({})), vec![volume("v", "1Gi", &json!({}))], None);
        let gone = "ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!";
        check(bound.clone(), vec![], None, ("Lost v", &[], &[gone]));
        bound.metadata.uid = Some("another".to_owned());
        let misbound = "ClaimMisbound: Two claims are bound to the same volume, this one is bound incorrectly";
        check(bound.clone(), volumes.clone(), None, ("Lost v", &["v Released"], &[misbound]));
        let mut deleted = volumes[0].clone();
        deleted.spec.as_mut().unwrap().persistent_volume_reclaim_policy = Some("Delete".to_owned());
        let snapshot = |volume: &PersistentVolume| volume::Snapshot { volume: Arc::new(volume.clone()), claim: None };
        let released = volume::plan(&snapshot(&deleted))[0].object::<PersistentVolume>().unwrap().clone();
        assert_eq!(suit::phase(&released), "Released");
        let failed = volume::plan(&snapshot(&released));
        assert_eq!(suit::phase(failed[0].object().unwrap()), "Failed");
        assert_eq!(events(&failed), ["VolumeFailedDelete: error getting deleter volume plugin for volume \"v\": no volume plugin matched"]);
    }
}
