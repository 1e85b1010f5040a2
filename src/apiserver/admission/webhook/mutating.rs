//! MutatingAdmissionWebhook: webhooks that match are asked one after the other, each with what those before it have made of the object. What one changes after another has
//! looked may bring that one back once.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};

use api::{ApiError, Object, patch};
use async_trait::async_trait;
use serde_json::{Value, json};

use super::call::{HookError, call, is_wanted, settle};
use super::configuration::{self, Compiled, Hook};
use super::review::{self, Seen};
use crate::admission::matching::Match;
use crate::admission::{Attributes, Plugin};
use crate::authz::Authorizer;
use crate::callout::Caller;
use crate::notes;

/// What has been asked in this request, and what made it.
#[derive(Debug, Default)]
pub struct Asked {
    /// Webhooks that want to come back where something changes after them.
    before: HashSet<String>,
    /// Those of them for whom something has.
    again: HashSet<String>,
    /// The object as the last webhook left it.
    left: Option<Value>,
}

impl Asked {
    fn changed(&mut self) {
        self.again.extend(std::mem::take(&mut self.before));
    }
}

pub struct MutatingAdmissionWebhook {
    caller: Arc<Caller>,
    authorizer: Arc<Authorizer>,
    hooks: Compiled,
}

impl MutatingAdmissionWebhook {
    pub fn new(caller: Arc<Caller>, authorizer: Arc<Authorizer>) -> Self {
        Self { caller, authorizer, hooks: Compiled::default() }
    }
}

#[async_trait]
impl Plugin for MutatingAdmissionWebhook {
    fn name(&self) -> &'static str {
        "MutatingAdmissionWebhook"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        !attributes.registry.of(&kinds::MUTATING_WEBHOOK_CONFIGURATION).resource.is_empty()
    }
    async fn mutate(&self, attributes: &Attributes<'_>, mut object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        let hooks = self.hooks.current(attributes, &kinds::MUTATING_WEBHOOK_CONFIGURATION, configuration::mutating)?;
        let rounds = attributes.rounds;
        let second = rounds.is_second();
        let asked = |act: &mut dyn FnMut(&mut Asked)| act(&mut rounds.asked.lock().unwrap_or_else(PoisonError::into_inner));
        if second {
            let now = object.as_ref().map(|object| object.to_value());
            asked(&mut |asked| {
                if asked.left != now {
                    asked.changed();
                }
            });
        }
        for (index, hook) in hooks.all.iter().enumerate() {
            let matcher = hook.matcher.as_ref().map_err(ApiError::internal)?;
            let Some(matched) = matcher.matches(attributes, object.as_ref().map(|object| &***object), false)? else { continue };
            let mut due = true;
            asked(&mut |asked| due = !second || asked.again.contains(&hook.id));
            if !due {
                continue;
            }
            let seen = Seen::new(attributes, &matched, object.as_ref().map(|object| &***object)).await?;
            if !is_wanted(hook, attributes, &matched, &seen, &self.authorizer)? {
                continue;
            }
            let at = format!("round_{}_index_{index}", u8::from(second));
            let outcome = self.ask(hook, attributes, &matched, seen, object.as_deref_mut(), &at).await;
            let changed = matches!(outcome, Ok(true));
            let text = json!({"configuration": hook.configuration, "webhook": hook.name, "mutated": changed}).to_string();
            notes::annotate(format!("mutation.webhook.admission.k8s.io/{at}"), text);
            if changed {
                asked(&mut Asked::changed);
                rounds.want_second();
            }
            if hook.reinvoked_if_needed {
                asked(&mut |asked| {
                    asked.before.insert(hook.id.clone());
                });
            }
            if let Err(error) = outcome {
                settle(hook, error, format!("failed-open.mutation.webhook.admission.k8s.io/{at}"))?;
            }
        }
        let left = object.map(|object| object.to_value());
        asked(&mut |asked| asked.left.clone_from(&left));
        Ok(())
    }
}

impl MutatingAdmissionWebhook {
    /// Asks one webhook and applies its patch; whether that changed anything.
    async fn ask(
        &self,
        hook: &Hook,
        attributes: &Attributes<'_>,
        matched: &Match<'_>,
        seen: Seen,
        object: Option<&mut Box<dyn Object>>,
        at: &str,
    ) -> Result<bool, HookError> {
        let answer = call(&self.caller, hook, attributes, matched, &seen, true).await?;
        let Some(operations) = answer.patch.filter(|operations| operations.as_array().is_none_or(|all| !all.is_empty())) else {
            return Ok(false);
        };
        let (Some(before), Some(object)) = (seen.object, object) else {
            let why =
                format!("admission webhook {:?} attempted to modify the object, which is not supported for this operation", hook.name);
            return Err(ApiError::internal(why).into());
        };
        let after = patch::json::apply(before.clone(), &operations).map_err(ApiError::internal)?;
        if after == before {
            return Ok(false);
        }
        review::put_back(attributes, matched, object, after).await?;
        let text =
            json!({"configuration": hook.configuration, "webhook": hook.name, "patch": operations, "patchType": "JSONPatch"}).to_string();
        notes::annotate(format!("patch.webhook.admission.k8s.io/{at}"), text);
        Ok(true)
    }
}
