//! What claims ask for and what volumes offer.

use std::cmp::Ordering;

use api::Quantity;
use api::labels::Selector;
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use runtime::Key;

use super::{has_annotation, name};

/// The class before there was a field for it.
const CLASS: &str = "volume.beta.kubernetes.io/storage-class";

pub(super) fn phase(volume: &PersistentVolume) -> &str {
    volume.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or_default()
}

pub(super) fn class_of_claim(claim: &PersistentVolumeClaim) -> &str {
    let before = claim.metadata.annotations.as_ref().and_then(|annotations| annotations.get(CLASS));
    let named = claim.spec.as_ref().and_then(|spec| spec.storage_class_name.as_deref());
    before.map(String::as_str).or(named).unwrap_or_default()
}

pub(super) fn class_of_volume(volume: &PersistentVolume) -> &str {
    let before = volume.metadata.annotations.as_ref().and_then(|annotations| annotations.get(CLASS));
    let named = volume.spec.as_ref().and_then(|spec| spec.storage_class_name.as_deref());
    before.map(String::as_str).or(named).unwrap_or_default()
}

/// The volume that a claim names.
pub(super) fn volume_of(claim: &PersistentVolumeClaim) -> Option<&str> {
    claim.spec.as_ref()?.volume_name.as_deref().filter(|name| !name.is_empty())
}

/// The claim that a volume names.
pub(super) fn claim_of(volume: &PersistentVolume) -> Option<Key> {
    let reference = volume.spec.as_ref()?.claim_ref.as_ref()?;
    Some(Key::new(reference.namespace.clone().unwrap_or_default(), reference.name.clone().unwrap_or_default()))
}

/// The uid of the claim that a volume names; empty where its author has named a claim that has not come yet.
pub(super) fn claim_uid(volume: &PersistentVolume) -> &str {
    let reference = volume.spec.as_ref().and_then(|spec| spec.claim_ref.as_ref());
    reference.and_then(|reference| reference.uid.as_deref()).unwrap_or_default()
}

/// Whether a volume names this very claim.
pub(super) fn names(volume: &PersistentVolume, claim: &PersistentVolumeClaim) -> bool {
    let uid = claim_uid(volume);
    claim_of(volume).as_ref() == Some(&Key::of(&claim.metadata)) && (uid.is_empty() || claim.metadata.uid.as_deref() == Some(uid))
}

fn asked(claim: &PersistentVolumeClaim) -> Quantity {
    let requests = claim.spec.as_ref().and_then(|spec| spec.resources.as_ref()?.requests.as_ref());
    requests.and_then(|requests| requests.get("storage")?.0.parse().ok()).unwrap_or_else(none)
}

fn offered(volume: &PersistentVolume) -> Quantity {
    let capacity = volume.spec.as_ref().and_then(|spec| spec.capacity.as_ref());
    capacity.and_then(|capacity| capacity.get("storage")?.0.parse().ok()).unwrap_or_else(none)
}

fn none() -> Quantity {
    Quantity::new(0, api::quantity::Format::DecimalSi)
}

/// Why a claim can not have a volume, in upstream's words.
pub(super) fn mismatch(volume: &PersistentVolume, claim: &PersistentVolumeClaim) -> Option<&'static str> {
    let (Some(offer), Some(wish)) = (&volume.spec, &claim.spec) else { return Some("requested PV is too small") };
    let mode = |mode: &Option<String>| mode.clone().unwrap_or_else(|| "Filesystem".to_owned());
    if offered(volume) < asked(claim) {
        Some("requested PV is too small")
    } else if class_of_volume(volume) != class_of_claim(claim) {
        Some("storageClassName does not match")
    } else if offer.volume_attributes_class_name.as_deref().unwrap_or_default()
        != wish.volume_attributes_class_name.as_deref().unwrap_or_default()
    {
        Some("volumeAttributesClassName does not match")
    } else if mode(&offer.volume_mode) != mode(&wish.volume_mode) {
        Some("incompatible volumeMode")
    } else if wish.access_modes.iter().flatten().any(|mode| !offer.access_modes.iter().flatten().any(|offered| offered == mode)) {
        Some("incompatible accessMode")
    } else {
        None
    }
}

/// The volume that a claim is to have: the one that names it, or else the smallest that is free. `delayed` where the scheduler chooses among the latter.
pub(super) fn best<'a, V: AsRef<PersistentVolume>>(claim: &PersistentVolumeClaim, candidates: &'a [V], delayed: bool) -> Option<&'a V> {
    let selector = claim.spec.as_ref().and_then(|spec| spec.selector.as_ref());
    let selector = selector.map(|selector| Selector::from_label_selector(Some(selector)));
    let suits = |volume: &PersistentVolume| volume.metadata.deletion_timestamp.is_none() && mismatch(volume, claim).is_none();
    let is_free = |volume: &PersistentVolume| {
        let selected = match &selector {
            None => true,
            Some(Ok(selector)) => selector.matches(volume.metadata.labels.as_ref()),
            Some(Err(_)) => false,
        };
        !delayed && claim_of(volume).is_none() && phase(volume) == "Available" && selected
    };
    let own = candidates.iter().find(|volume| suits(volume.as_ref()) && names(volume.as_ref(), claim));
    let smaller = |one: &&V, other: &&V| {
        let order = offered(one.as_ref()).partial_cmp(&offered(other.as_ref())).unwrap_or(Ordering::Equal);
        order.then_with(|| name(&one.as_ref().metadata).cmp(&name(&other.as_ref().metadata)))
    };
    own.or_else(|| candidates.iter().filter(|volume| suits(volume.as_ref()) && is_free(volume.as_ref())).min_by(smaller))
}

/// Whether the scheduler has chosen a node for what uses the claim.
pub(super) fn has_node(claim: &PersistentVolumeClaim) -> bool {
    has_annotation(&claim.metadata, "volume.kubernetes.io/selected-node")
}
