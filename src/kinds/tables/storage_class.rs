//! Storage classes.

use jiff::Timestamp;
use k8s_openapi::api::storage::v1::StorageClass;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Provisioner", "provisioner indicates the type of the provisioner."),
    text(
        "ReclaimPolicy",
        "reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class. Defaults to Delete.",
    ),
    text(
        "VolumeBindingMode",
        "volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound.  When unset, VolumeBindingImmediate is used. This field is only honored by servers that enable the VolumeScheduling feature.",
    ),
    text("AllowVolumeExpansion", "allowVolumeExpansion shows whether the storage class allow volume expand."),
    AGE,
];

/// Either makes a class the default one.
const DEFAULT_ANNOTATIONS: [&str; 2] = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

pub fn cells(class: &StorageClass, now: Timestamp) -> Vec<Cell> {
    let annotation = |key: &str| class.metadata.annotations.as_ref().and_then(|annotations| annotations.get(key));
    let default = DEFAULT_ANNOTATIONS.iter().any(|key| annotation(key).is_some_and(|value| value == "true"));
    row![
        format!("{}{}", name(class), if default { " (default)" } else { "" }),
        class.provisioner.clone(),
        class.reclaim_policy.as_deref().unwrap_or("Delete"),
        class.volume_binding_mode.as_deref().unwrap_or("Immediate"),
        class.allow_volume_expansion.unwrap_or(false),
        age(class, now),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn classes() {
        let mut class =
            json!({"metadata": {"name": "sc1", "creationTimestamp": FIVE_MINUTES_AGO}, "provisioner": "kubernetes.io/glusterfs"});
        check(&crate::STORAGE_CLASS, class.clone(), "sc1|kubernetes.io/glusterfs|Delete|Immediate|false|5m");
        class["metadata"]["annotations"] = json!({"storageclass.kubernetes.io/is-default-class": "true"});
        class["reclaimPolicy"] = json!("Retain");
        class["volumeBindingMode"] = json!("WaitForFirstConsumer");
        class["allowVolumeExpansion"] = json!(true);
        check(&crate::STORAGE_CLASS, class, "sc1 (default)|kubernetes.io/glusterfs|Retain|WaitForFirstConsumer|true|5m");
    }
}
