//! DefaultIngressClass: an ingress that names no class gets the default one.

use api::{ApiError, Object};
use k8s_openapi::api::networking::v1::Ingress;

use super::{Attributes, Operation, storage_class};
use crate::registry::Registry;

const DEFAULT: &str = "ingressclass.kubernetes.io/is-default-class";
const CLASS_BEFORE: &str = "kubernetes.io/ingress.class";

pub fn admit(registry: &Registry, attributes: &Attributes<'_>, object: &mut dyn Object) -> Result<(), ApiError> {
    if attributes.operation != Operation::Create || !attributes.is(&kinds::INGRESS) {
        return Ok(());
    }
    let Some(ingress) = object.downcast_mut::<Ingress>() else { return Ok(()) };
    let named_before = ingress.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(CLASS_BEFORE));
    let spec = ingress.spec.get_or_insert_default();
    if spec.ingress_class_name.is_none() && !named_before {
        spec.ingress_class_name = storage_class::newest_default(registry, &kinds::INGRESS_CLASS, &[DEFAULT])?;
    }
    Ok(())
}
