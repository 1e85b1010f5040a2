//! One call of a webhook.

use api::ApiError;
use cel::policy::Matched;

use super::configuration::Hook;
use super::review::{self, Answer, Seen};
use crate::admission::Attributes;
use crate::admission::matching::Match;
use crate::admission::policy::facts;
use crate::authz::Authorizer;
use crate::callout::Caller;
use crate::notes;

/// Why a request does not go on.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// The call failed: the policy of the webhook decides.
    #[error("failed calling webhook {webhook:?}: {why}")]
    Call { webhook: String, why: String },
    /// The webhook, or what it did, refuses the request whatever its policy.
    #[error(transparent)]
    Refused(#[from] ApiError),
}

/// Shows a request to a webhook that matches it.
pub async fn call(
    caller: &Caller,
    hook: &Hook,
    attributes: &Attributes<'_>,
    matched: &Match<'_>,
    seen: &Seen,
    mutating: bool,
) -> Result<Answer, HookError> {
    let failed = |why: String| HookError::Call { webhook: hook.name.clone(), why };
    if attributes.dry_run && !hook.allows_dry_run() {
        return Err(ApiError::bad_request(format!("admission webhook {:?} does not support dry run", hook.name)).into());
    }
    let Some(target) = &hook.target else {
        return Err(failed("could not get REST client: webhook has neither service nor url".to_owned()));
    };
    if !hook.speaks_v1 {
        return Err(failed("could not create admission objects: no valid version in admissionReviewVersions".to_owned()));
    }
    let uid = uuid::Uuid::new_v4().to_string();
    let body = serde_json::to_vec(&review::request(attributes, matched.kind(), &uid, seen)).map_err(ApiError::internal)?;
    let answer = caller.post(target, &hook.bundle, body, hook.timeout).await;
    let answer = answer.map_err(|error| failed(format!("failed to call webhook: {error}")))?;
    let answer = review::answer(&answer, &uid, mutating).map_err(|why| failed(format!("received invalid webhook response: {why}")))?;
    for (key, value) in &answer.annotations {
        notes::annotate(format!("{}/{key}", hook.name), value);
    }
    answer.warnings.iter().for_each(notes::warn);
    if answer.allowed { Ok(answer) } else { Err(review::denied(&hook.name, answer.status).into()) }
}

/// Whether the conditions of a webhook hold for a request that its rules match; whether it is to be called, that is.
pub fn is_wanted(
    hook: &Hook,
    attributes: &Attributes<'_>,
    matched: &Match<'_>,
    seen: &Seen,
    authorizer: &Authorizer,
) -> Result<bool, ApiError> {
    if hook.conditions.is_empty() {
        return Ok(true);
    }
    let facts = facts(attributes, matched.kind(), seen, serde_json::Value::Null, authorizer)?;
    match hook.conditions.evaluate(&facts.inputs()) {
        Matched::Yes => Ok(true),
        Matched::No(_) => Ok(false),
        Matched::Failed(why) => Err(attributes.forbidden(why)),
    }
}

/// What is made of a failed call: nothing, where the webhook's policy ignores it.
pub fn settle(hook: &Hook, error: HookError, failed_open: String) -> Result<(), ApiError> {
    match error {
        HookError::Refused(error) => Err(error),
        error @ HookError::Call { .. } if hook.ignores_failure => {
            tracing::warn!(%error, "a webhook failed, and its policy ignores that");
            notes::annotate(failed_open, hook.name.clone());
            Ok(())
        }
        error @ HookError::Call { .. } => Err(ApiError::internal(error)),
    }
}
