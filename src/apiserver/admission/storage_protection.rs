//! StorageObjectInUseProtection: claims, volumes and classes of attributes get a finalizer, which a controller takes off once nobody uses them.

use api::{ApiError, Object};
use async_trait::async_trait;
use kinds::Kind;

use super::{Attributes, Plugin};

const FINALIZERS: [(&Kind, &str); 3] = [
    (&kinds::PERSISTENT_VOLUME_CLAIM, "kubernetes.io/pvc-protection"),
    (&kinds::PERSISTENT_VOLUME, "kubernetes.io/pv-protection"),
    (&kinds::VOLUME_ATTRIBUTES_CLASS, "kubernetes.io/vac-protection"),
];

pub struct StorageObjectInUseProtection;

fn finalizer(attributes: &Attributes<'_>) -> Option<&'static str> {
    FINALIZERS.iter().find(|(kind, _)| attributes.creates(kind)).map(|(_, finalizer)| *finalizer)
}

#[async_trait]
impl Plugin for StorageObjectInUseProtection {
    fn name(&self) -> &'static str {
        "StorageObjectInUseProtection"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        finalizer(attributes).is_some()
    }
    async fn mutate(&self, attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        let (Some(finalizer), Some(object)) = (finalizer(attributes), object) else { return Ok(()) };
        let finalizers = object.meta_mut().finalizers.get_or_insert_default();
        if !finalizers.iter().any(|there| there == finalizer) {
            finalizers.push(finalizer.to_owned());
        }
        Ok(())
    }
}
