//! Pod templates.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::PodTemplate;
use output::table::Cell;

use super::cell::{containers, labels, name, row};
use super::column::{CONTAINERS_DESCRIPTION, IMAGES_DESCRIPTION, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Containers", CONTAINERS_DESCRIPTION),
    text("Images", IMAGES_DESCRIPTION),
    text("Pod Labels", "The labels for the pod template."),
];

pub fn cells(object: &PodTemplate, _now: Timestamp) -> Vec<Cell> {
    let template = object.template.as_ref();
    let (names, images) = containers(template);
    let pod_labels = template.and_then(|template| template.metadata.as_ref()).and_then(|metadata| metadata.labels.as_ref());
    row![name(object), names, images, labels(pod_labels)]
}
