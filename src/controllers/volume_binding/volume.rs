//! What is to become of a volume.

use std::sync::Arc;

use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use runtime::Action;

use super::suit::{claim_of, claim_uid, phase, volume_of};
use super::{BOUND_BY_CONTROLLER, has_annotation, suit, tell};

/// Who has made a volume, and is to delete it.
const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";

#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) volume: Arc<PersistentVolume>,
    /// The claim of the name that it has in its reference.
    pub(super) claim: Option<Arc<PersistentVolumeClaim>>,
}

pub(super) fn plan(snapshot: &Snapshot) -> Vec<Action> {
    let Snapshot { volume, claim } = snapshot;
    let uid = claim_uid(volume);
    if claim_of(volume).is_none() || uid.is_empty() {
        return told(volume, "Available", "");
    }
    let Some(claim) = claim.as_ref().filter(|claim| claim.metadata.uid.as_deref() == Some(uid)) else { return released(volume) };
    match volume_of(claim) {
        // the claim's own turn comes
        None => match suit::mismatch(volume, claim) {
            Some("incompatible volumeMode") => {
                let name = claim.metadata.name.as_deref().unwrap_or_default();
                let message =
                    format!("Cannot bind PersistentVolume to requested PersistentVolumeClaim {name:?} due to incompatible volumeMode.");
                vec![tell(volume, "Warning", "VolumeMismatch", message)]
            }
            _ => Vec::new(),
        },
        Some(name) if Some(name) == volume.metadata.name.as_deref() => told(volume, "Bound", ""),
        // the claim has another one
        Some(_) if has_annotation(&volume.metadata, PROVISIONED_BY) && policy(volume) == "Delete" => released(volume),
        Some(_) => unbound(volume),
    }
}

fn policy(volume: &PersistentVolume) -> &str {
    let policy = volume.spec.as_ref().and_then(|spec| spec.persistent_volume_reclaim_policy.as_deref());
    policy.unwrap_or("Retain")
}

fn told(volume: &PersistentVolume, phase: &str, message: &str) -> Vec<Action> {
    let mut told = volume.clone();
    let status = told.status.get_or_insert_default();
    status.phase = Some(phase.to_owned());
    status.message = Some(message.to_owned()).filter(|message| !message.is_empty());
    if told == *volume { Vec::new() } else { vec![Action::update_status(told)] }
}

/// Its claim is gone.
fn released(volume: &Arc<PersistentVolume>) -> Vec<Action> {
    if !matches!(phase(volume), "Released" | "Failed") {
        return told(volume, "Released", "");
    }
    // nothing here can empty or delete a volume; who has made one deletes it
    let failed = |reason: &'static str, message: String| {
        let written = told(volume, "Failed", &message);
        if written.is_empty() { written } else { written.into_iter().chain([tell(volume, "Warning", reason, message)]).collect() }
    };
    let name = volume.metadata.name.as_deref().unwrap_or_default();
    match policy(volume) {
        "Delete" if !has_annotation(&volume.metadata, PROVISIONED_BY) => {
            failed("VolumeFailedDelete", format!("error getting deleter volume plugin for volume {name:?}: no volume plugin matched"))
        }
        "Recycle" => failed("VolumeFailedRecycle", "No recycler plugin found for the volume!".to_owned()),
        _ => Vec::new(),
    }
}

/// Lets go of a claim; the name stays where the volume's author has given it.
fn unbound(volume: &PersistentVolume) -> Vec<Action> {
    let mut free = volume.clone();
    let spec = free.spec.get_or_insert_default();
    if has_annotation(&volume.metadata, BOUND_BY_CONTROLLER) {
        spec.claim_ref = None;
        free.metadata.annotations.iter_mut().for_each(|annotations| {
            annotations.remove(BOUND_BY_CONTROLLER);
        });
    } else if let Some(reference) = &mut spec.claim_ref {
        reference.uid = None;
    }
    vec![Action::update(free)]
}
