//! PersistentVolumeClaimResize: only a bound claim of a class that allows it may grow.

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use k8s_openapi::api::storage::v1::StorageClass;

use super::{Attributes, Operation, Plugin, find};

pub struct PersistentVolumeClaimResize;

#[async_trait]
impl Plugin for PersistentVolumeClaimResize {
    fn name(&self) -> &'static str {
        "PersistentVolumeClaimResize"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.operation == Operation::Update && attributes.is(&kinds::PERSISTENT_VOLUME_CLAIM)
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        let new = object.and_then(|object| object.downcast_ref::<PersistentVolumeClaim>());
        let (Some(old), Some(new)) = (attributes.old_as::<PersistentVolumeClaim>(), new) else { return Ok(()) };
        if size(new) <= size(old) {
            return Ok(());
        }
        if old.status.as_ref().and_then(|status| status.phase.as_deref()) != Some("Bound") {
            return Err(attributes.forbidden("Only bound persistent volume claims can be expanded"));
        }
        let class_name = class(new);
        let named = (!class_name.is_empty() && class_name == class(old)).then_some(class_name);
        let class: Option<StorageClass> = match named {
            Some(name) => find(attributes.registry, &kinds::STORAGE_CLASS, "", name)?,
            None => None,
        };
        if class.and_then(|class| class.allow_volume_expansion) == Some(true) {
            return Ok(());
        }
        Err(attributes
            .forbidden("only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"))
    }
}

fn size(claim: &PersistentVolumeClaim) -> Option<api::Quantity> {
    claim.spec.as_ref()?.resources.as_ref()?.requests.as_ref()?.get("storage")?.0.parse().ok()
}

/// The class, by the annotation that was there before the field, too.
pub(super) fn class(claim: &PersistentVolumeClaim) -> &str {
    let before = claim.metadata.annotations.as_ref().and_then(|annotations| annotations.get("volume.beta.kubernetes.io/storage-class"));
    let named = claim.spec.as_ref().and_then(|spec| spec.storage_class_name.as_deref());
    before.map(String::as_str).or(named).unwrap_or_default()
}
