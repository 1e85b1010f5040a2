//! DefaultStorageClass: a claim that names no class gets the default one, the newest where there are several.

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::PersistentVolumeClaim;

use super::{Attributes, Plugin};
use crate::registry::Registry;

const DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";
const DEFAULT_BETA: &str = "storageclass.beta.kubernetes.io/is-default-class";
const CLASS_BETA: &str = "volume.beta.kubernetes.io/storage-class";

pub struct DefaultStorageClass;

#[async_trait]
impl Plugin for DefaultStorageClass {
    fn name(&self) -> &'static str {
        "DefaultStorageClass"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.creates(&kinds::PERSISTENT_VOLUME_CLAIM)
    }
    async fn mutate(&self, attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        let Some(claim) = object.and_then(|object| object.downcast_mut::<PersistentVolumeClaim>()) else { return Ok(()) };
        let spec = claim.spec.get_or_insert_default();
        let named_before = claim.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(CLASS_BETA));
        if spec.storage_class_name.is_none() && !named_before {
            spec.storage_class_name = newest_default(attributes.registry, &kinds::STORAGE_CLASS, &[DEFAULT, DEFAULT_BETA])?;
        }
        Ok(())
    }
}

/// The name of the newest object that an annotation marks as the default of its kind; of equally old ones the first by name.
pub(super) fn newest_default(registry: &Registry, kind: &'static kinds::Kind, annotations: &[&str]) -> Result<Option<String>, ApiError> {
    let (items, _) = registry.of(kind).resource.list("", || 0);
    let mut newest: Option<(jiff::Timestamp, String)> = None;
    for item in items {
        let object = item.object(kind).map_err(ApiError::internal)?;
        let meta = object.meta();
        let marked =
            meta.annotations.as_ref().is_some_and(|all| annotations.iter().any(|name| all.get(*name).is_some_and(|value| value == "true")));
        let created = meta.creation_timestamp.as_ref().map(|time| time.0).unwrap_or_default();
        if marked && newest.as_ref().is_none_or(|(before, _)| created > *before) {
            newest = Some((created, item.name().to_owned()));
        }
    }
    Ok(newest.map(|(_, name)| name))
}
