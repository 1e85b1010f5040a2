//! Admission: what the server adds to objects and what it refuses, beyond the object's own validity. Each plugin has upstream's name and rules; they run in
//! upstream's order, first those that change an object, then those that only look.

mod ingress_class;
mod namespace_lifecycle;
mod node_restriction;
mod priority;
mod role_escalation;
mod service_account;
mod storage_class;
mod tolerations;

use api::{ApiError, Object};
use kinds::Kind;

use crate::authz::Authorizer;
use crate::context::UserInfo;
use crate::registry::Registry;
use std::sync::Arc;

/// The kind of write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Create,
    Update,
    Delete,
}

/// What a write is about.
#[derive(Clone, Copy, Debug)]
pub struct Attributes<'a> {
    pub operation: Operation,
    pub kind: &'a Kind,
    /// Empty for the main resource.
    pub subresource: &'a str,
    pub namespace: &'a str,
    pub name: &'a str,
    pub user: &'a UserInfo,
    pub dry_run: bool,
}

impl Attributes<'_> {
    /// `pods "x" is forbidden: why`.
    pub fn forbidden(&self, why: impl AsRef<str>) -> ApiError {
        ApiError::forbidden(&self.kind.group, &self.kind.plural, self.name, why.as_ref())
    }
    /// True for the main resource of a kind.
    pub fn is(&self, kind: &Kind) -> bool {
        self.subresource.is_empty() && std::ptr::eq(self.kind, kind)
    }
}

/// The chain of plugins.
pub struct Admission {
    authorizer: Arc<Authorizer>,
}

impl Admission {
    pub fn new(authorizer: Arc<Authorizer>) -> Self {
        Self { authorizer }
    }
    /// Who may do what.
    pub fn authorizer(&self) -> &Authorizer {
        &self.authorizer
    }
    /// Plugins that change the object.
    pub async fn mutate(
        &self,
        registry: &Registry,
        attributes: &Attributes<'_>,
        object: &mut dyn Object,
        old: Option<&dyn Object>,
    ) -> Result<(), ApiError> {
        namespace_lifecycle::admit(registry, attributes).await?;
        service_account::admit(registry, attributes, object).await?;
        priority::admit(registry, attributes, object, old)?;
        tolerations::admit(attributes, object);
        storage_class::admit(registry, attributes, object)?;
        ingress_class::admit(registry, attributes, object)?;
        Ok(())
    }
    /// Plugins that only look. A deletion has no `object`.
    pub async fn validate(
        &self,
        registry: &Registry,
        attributes: &Attributes<'_>,
        object: Option<&dyn Object>,
        old: Option<&dyn Object>,
    ) -> Result<(), ApiError> {
        namespace_lifecycle::validate(attributes)?;
        node_restriction::validate(registry, attributes, object, old)?;
        role_escalation::validate(&self.authorizer, attributes, object, old)?;
        Ok(())
    }
}
