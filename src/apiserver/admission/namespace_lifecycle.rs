//! NamespaceLifecycle: nothing is created in a namespace that is not there or is going; the first namespaces stay.

use std::time::Duration;

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::StatusCause;

use super::{Attributes, Operation, Plugin};

/// Namespaces without which a cluster is none.
const IMMORTAL: &[&str] = &["default", "kube-system", "kube-public"];

pub struct NamespaceLifecycle;

#[async_trait]
impl Plugin for NamespaceLifecycle {
    fn name(&self) -> &'static str {
        "NamespaceLifecycle"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        match attributes.operation {
            Operation::Create => attributes.kind.namespaced && !attributes.namespace.is_empty(),
            Operation::Delete => attributes.is(&kinds::NAMESPACE),
            _ => false,
        }
    }
    async fn mutate(&self, attributes: &Attributes<'_>, _object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        if attributes.operation == Operation::Create {
            return lives(attributes).await;
        }
        if IMMORTAL.contains(&attributes.name) {
            return Err(attributes.forbidden("this namespace may not be deleted"));
        }
        Ok(())
    }
}

async fn lives(attributes: &Attributes<'_>) -> Result<(), ApiError> {
    let registry = attributes.registry;
    let namespaces = registry.of(&kinds::NAMESPACE);
    let item = match registry.get(namespaces, "", attributes.namespace) {
        Ok(item) => item,
        // a namespace that is created in the same breath
        Err(_) => {
            let mut changed = namespaces.resource.subscribe();
            let _ = tokio::time::timeout(Duration::from_millis(50), changed.changed()).await;
            registry.get(namespaces, "", attributes.namespace)?
        }
    };
    let namespace = item.object(&kinds::NAMESPACE).map_err(ApiError::internal)?;
    if namespace.meta().deletion_timestamp.is_none() {
        return Ok(());
    }
    let why = format!("unable to create new content in namespace {} because it is being terminated", attributes.namespace);
    let mut error = attributes.forbidden(why);
    if let Some(details) = &mut error.0.details {
        details.causes = Some(vec![StatusCause {
            reason: Some("NamespaceTerminating".to_owned()),
            message: Some(format!("namespace {} is being terminated", attributes.namespace)),
            field: Some("metadata.namespace".to_owned()),
        }]);
    }
    Err(error)
}
