//! ValidatingAdmissionWebhook: all webhooks that match are asked at once, and one that says no is enough.

use std::sync::Arc;

use api::{ApiError, Object};
use async_trait::async_trait;

use super::call::{call, is_wanted, settle};
use super::configuration::{self, Compiled};
use super::review::Seen;
use crate::admission::{Attributes, Plugin};
use crate::authz::Authorizer;
use crate::callout::Caller;

pub struct ValidatingAdmissionWebhook {
    caller: Arc<Caller>,
    authorizer: Arc<Authorizer>,
    hooks: Compiled,
}

impl ValidatingAdmissionWebhook {
    pub fn new(caller: Arc<Caller>, authorizer: Arc<Authorizer>) -> Self {
        Self { caller, authorizer, hooks: Compiled::default() }
    }
}

#[async_trait]
impl Plugin for ValidatingAdmissionWebhook {
    fn name(&self) -> &'static str {
        "ValidatingAdmissionWebhook"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        !attributes.registry.of(&kinds::VALIDATING_WEBHOOK_CONFIGURATION).resource.is_empty()
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        let hooks = self.hooks.current(attributes, &kinds::VALIDATING_WEBHOOK_CONFIGURATION, configuration::validating)?;
        let mut calls = Vec::new();
        for (index, hook) in hooks.all.iter().enumerate() {
            let matcher = hook.matcher.as_ref().map_err(ApiError::internal)?;
            let Some(matched) = matcher.matches(attributes, object, false)? else { continue };
            let seen = Seen::new(attributes, &matched, object).await?;
            if !is_wanted(hook, attributes, &matched, &seen, &self.authorizer)? {
                continue;
            }
            calls.push(async move {
                let failed_open = format!("failed-open.validating.webhook.admission.k8s.io/round_0_index_{index}");
                match call(&self.caller, hook, attributes, &matched, &seen, false).await {
                    Ok(_) => Ok(()),
                    Err(error) => settle(hook, error, failed_open),
                }
            });
        }
        futures::future::join_all(calls).await.into_iter().collect()
    }
}
