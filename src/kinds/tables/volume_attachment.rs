//! Attachments of volumes to nodes.

use jiff::Timestamp;
use k8s_openapi::api::storage::v1::VolumeAttachment;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, boolean, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    Column {
        format: "name",
        ..text(
            "Attacher",
            "attacher indicates the name of the volume driver that MUST handle this request. This is the name returned by GetPluginName().",
        )
    },
    text("PV", "persistentVolumeName represents the name of the persistent volume to attach."),
    text("Node", "nodeName represents the node that the volume should be attached to."),
    boolean(
        "Attached",
        "attached indicates the volume is successfully attached. This field must only be set by the entity completing the attach operation, i.e. the external-attacher.",
    ),
    AGE,
];

pub fn cells(attachment: &VolumeAttachment, now: Timestamp) -> Vec<Cell> {
    let spec = &attachment.spec;
    row![
        name(attachment),
        spec.attacher.clone(),
        spec.source.persistent_volume_name.clone().unwrap_or_default(),
        spec.node_name.clone(),
        attachment.status.as_ref().is_some_and(|status| status.attached),
        age(attachment, now),
    ]
}
