//! Claims of volumes.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, PersistentVolumeClaimSpec};
use output::table::Cell;

use super::cell::{age, name, quantity, row};
use super::column::{AGE, NAME, text, wide};
use super::persistent_volume::{CLASS_ANNOTATION, access_modes};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Status", "phase represents the current phase of PersistentVolumeClaim."),
    text("Volume", "volumeName is the binding reference to the PersistentVolume backing this claim."),
    text("Capacity", "capacity represents the actual resources of the underlying volume."),
    text(
        "Access Modes",
        "accessModes contains the actual access modes the volume backing the PVC has. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes-1",
    ),
    text("StorageClass", "StorageClass of the pvc"),
    text("VolumeAttributesClass", "VolumeAttributesClass of the pvc"),
    AGE,
    wide(
        "VolumeMode",
        "volumeMode defines what type of volume is required by the claim. Value of Filesystem is implied when not included in claim spec.",
    ),
];

pub fn cells(claim: &PersistentVolumeClaim, now: Timestamp) -> Vec<Cell> {
    let nothing = PersistentVolumeClaimSpec::default();
    let (spec, status) = (claim.spec.as_ref().unwrap_or(&nothing), claim.status.as_ref());
    let volume = spec.volume_name.clone().unwrap_or_default();
    // what it got counts only with a volume
    let (capacity, modes) = if volume.is_empty() {
        (String::new(), String::new())
    } else {
        (
            quantity(status.and_then(|status| status.capacity.as_ref()), "storage"),
            access_modes(status.and_then(|status| status.access_modes.as_deref())),
        )
    };
    let phase = status.and_then(|status| status.phase.clone()).unwrap_or_default();
    let annotated = claim.metadata.annotations.as_ref().and_then(|annotations| annotations.get(CLASS_ANNOTATION).cloned());
    row![
        name(claim),
        if claim.metadata.deletion_timestamp.is_some() { "Terminating".to_owned() } else { phase },
        volume,
        capacity,
        modes,
        annotated.or(spec.storage_class_name.clone()).unwrap_or_default(),
        spec.volume_attributes_class_name.as_deref().unwrap_or("<unset>"),
        age(claim, now),
        spec.volume_mode.as_deref().unwrap_or("<unset>"),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_claim(spec: Value, status: Value, expected: &str) {
        let metadata = json!({"name": "test", "creationTimestamp": FIVE_MINUTES_AGO});
        check(&crate::PERSISTENT_VOLUME_CLAIM, json!({"metadata": metadata, "spec": spec, "status": status}), &format!("test|{expected}"));
    }

    #[test]
    fn claims() {
        let status = json!({"phase": "Bound", "accessModes": ["ReadOnlyMany"], "capacity": {"storage": "4Gi"}});
        check_claim(
            json!({"volumeName": "my-volume", "volumeMode": "Filesystem", "storageClassName": "s"}),
            status.clone(),
            "Bound|my-volume|4Gi|ROX|s|<unset>|5m|Filesystem",
        );
        check_claim(json!({}), status, "Bound|||||<unset>|5m|<unset>");
        check_claim(json!({"volumeName": "v"}), json!({"phase": "Lost"}), "Lost|v|0|||<unset>|5m|<unset>");
    }
}
