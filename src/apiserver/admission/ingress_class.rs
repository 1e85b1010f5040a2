//! DefaultIngressClass: an ingress that names no class gets the default one.

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::networking::v1::Ingress;

use super::{Attributes, Plugin, storage_class};

const DEFAULT: &str = "ingressclass.kubernetes.io/is-default-class";
const CLASS_BEFORE: &str = "kubernetes.io/ingress.class";

pub struct DefaultIngressClass;

#[async_trait]
impl Plugin for DefaultIngressClass {
    fn name(&self) -> &'static str {
        "DefaultIngressClass"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.creates(&kinds::INGRESS)
    }
    async fn mutate(&self, attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        let Some(ingress) = object.and_then(|object| object.downcast_mut::<Ingress>()) else { return Ok(()) };
        let named_before = ingress.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(CLASS_BEFORE));
        let spec = ingress.spec.get_or_insert_default();
        if spec.ingress_class_name.is_none() && !named_before {
            spec.ingress_class_name = storage_class::newest_default(attributes.registry, &kinds::INGRESS_CLASS, &[DEFAULT])?;
        }
        Ok(())
    }
}
