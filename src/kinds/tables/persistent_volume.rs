//! Persistent volumes.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeSpec};
use output::table::Cell;

use super::cell::{age, name, quantity, row};
use super::column::{AGE, NAME, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Capacity",
        "capacity is the description of the persistent volume's resources and capacity. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#capacity",
    ),
    text(
        "Access Modes",
        "accessModes contains all ways the volume can be mounted. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes",
    ),
    text(
        "Reclaim Policy",
        "persistentVolumeReclaimPolicy defines what happens to a persistent volume when released from its claim. Valid options are Retain (default for manually created PersistentVolumes), Delete (default for dynamically provisioned PersistentVolumes), and Recycle (deprecated). Recycle must be supported by the volume plugin underlying this PersistentVolume. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#reclaiming",
    ),
    text(
        "Status",
        "phase indicates if a volume is available, bound to a claim, or released by a claim. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#phase",
    ),
    text(
        "Claim",
        "claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim. Expected to be non-nil when bound. claim.VolumeName is the authoritative bind between PV and PVC. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#binding",
    ),
    text("StorageClass", "StorageClass of the pv"),
    text("VolumeAttributesClass", "VolumeAttributesClass of the pv"),
    text(
        "Reason",
        "reason is a brief CamelCase string that describes any failure and is meant for machine parsing and tidy display in the CLI.",
    ),
    AGE,
    wide(
        "VolumeMode",
        "volumeMode defines if a volume is intended to be used with a formatted filesystem or to remain in raw block state. Value of Filesystem is implied when not included in spec.",
    ),
];

/// Names the class of a volume or a claim; older than the field, and stronger.
pub(super) const CLASS_ANNOTATION: &str = "volume.beta.kubernetes.io/storage-class";

pub fn cells(volume: &PersistentVolume, now: Timestamp) -> Vec<Cell> {
    let nothing = PersistentVolumeSpec::default();
    let (spec, status) = (volume.spec.as_ref().unwrap_or(&nothing), volume.status.as_ref());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let phase = status.and_then(|status| status.phase.clone()).unwrap_or_default();
    let claim = spec.claim_ref.as_ref().map(|claim| format!("{}/{}", text(&claim.namespace), text(&claim.name)));
    let annotated = volume.metadata.annotations.as_ref().and_then(|annotations| annotations.get(CLASS_ANNOTATION).cloned());
    row![
        name(volume),
        quantity(spec.capacity.as_ref(), "storage"),
        access_modes(spec.access_modes.as_deref()),
        text(&spec.persistent_volume_reclaim_policy),
        if volume.metadata.deletion_timestamp.is_some() { "Terminating".to_owned() } else { phase },
        claim.unwrap_or_default(),
        annotated.or(spec.storage_class_name.clone()).unwrap_or_default(),
        spec.volume_attributes_class_name.as_deref().unwrap_or("<unset>"),
        status.and_then(|status| status.reason.clone()).unwrap_or_default(),
        age(volume, now),
        spec.volume_mode.as_deref().unwrap_or("<unset>"),
    ]
}

/// `RWO,ROX`: each mode once, in an order of upstream's own.
pub(super) fn access_modes(modes: Option<&[String]>) -> String {
    const SHORT: [(&str, &str); 4] =
        [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
    let modes = modes.unwrap_or_default();
    let short: Vec<&str> = SHORT.iter().filter(|(mode, _)| modes.iter().any(|own| own == mode)).map(|(_, short)| *short).collect();
    short.join(",")
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_volume(spec: Value, status: Value, expected: &str) {
        let metadata = json!({"name": "test", "creationTimestamp": FIVE_MINUTES_AGO});
        check(&crate::PERSISTENT_VOLUME, json!({"metadata": metadata, "spec": spec, "status": status}), &format!("test|{expected}"));
    }

    #[test]
    fn volumes() {
        check_volume(
            json!({"accessModes": ["ReadOnlyMany"], "capacity": {"storage": "4Gi"}}),
            json!({"phase": "Bound"}),
            "4Gi|ROX||Bound|||<unset>||5m|<unset>",
        );
        check_volume(
            json!({"accessModes": ["ReadWriteMany", "ReadWriteOnce"], "capacity": {"storage": "10240Mi"}, "storageClassName": "my-scn", "volumeMode": "Filesystem",
                   "claimRef": {"name": "test", "namespace": "default"}, "persistentVolumeReclaimPolicy": "Delete", "volumeAttributesClassName": "fast"}),
            json!({"phase": "Failed", "reason": "why"}),
            "10Gi|RWO,RWX|Delete|Failed|default/test|my-scn|fast|why|5m|Filesystem",
        );
        check_volume(json!({}), json!({}), "0||||||<unset>||5m|<unset>");
    }
}
