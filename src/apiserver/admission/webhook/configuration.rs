//! Webhook configurations, read once for each state of theirs.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use api::ApiError;
use cel::policy::{MatchConditions, Origin};
use k8s_openapi::ByteString;
use k8s_openapi::api::admissionregistration::v1::{MutatingWebhookConfiguration, ValidatingWebhookConfiguration, WebhookClientConfig};
use kinds::Kind;
use store::Revision;

use crate::admission::matching::Matcher;
use crate::admission::{Attributes, list};
use crate::callout::Target;
use crate::registry::Registry;
use crate::service_reference::{DEFAULT_PORT, ServiceReference};

const TIMEOUT_SECONDS: i32 = 10;
const MOST_SECONDS: i32 = 30;

/// One webhook of a configuration.
pub struct Hook {
    pub configuration: String,
    pub name: String,
    /// Distinguishes it from all others.
    pub id: String,
    pub matcher: Result<Matcher, String>,
    pub conditions: MatchConditions,
    pub target: Option<Target>,
    pub bundle: Vec<u8>,
    pub timeout: Duration,
    /// A failed call lets the request pass.
    pub ignores_failure: bool,
    pub side_effects: Option<String>,
    pub reinvoked_if_needed: bool,
    pub speaks_v1: bool,
}

impl Hook {
    /// A dry run may be shown to it.
    pub fn allows_dry_run(&self) -> bool {
        matches!(self.side_effects.as_deref(), Some("None" | "NoneOnDryRun"))
    }
}

/// The webhooks of one of the two kinds of configuration, in the order in which they are called.
#[derive(Default)]
pub struct Hooks {
    made_from: Revision,
    pub all: Vec<Hook>,
}

/// What was made of the configurations last.
#[derive(Default)]
pub struct Compiled(RwLock<Arc<Hooks>>);

impl Compiled {
    /// The webhooks as they are configured now.
    pub fn current(
        &self,
        attributes: &Attributes<'_>,
        kind: &'static Kind,
        make: fn(&Registry, &'static Kind) -> Result<Vec<Hook>, ApiError>,
    ) -> Result<Arc<Hooks>, ApiError> {
        let made_from = attributes.registry.of(kind).resource.last();
        let hooks = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if hooks.made_from == made_from {
            return Ok(hooks);
        }
        let hooks = Arc::new(Hooks { made_from, all: make(attributes.registry, kind)? });
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = hooks.clone();
        Ok(hooks)
    }
}

macro_rules! hook {
    ($configuration:expr, $index:expr, $webhook:expr, $again:expr) => {{
        let (configuration, webhook) = ($configuration, $webhook);
        let matcher = Matcher::of_webhook(
            webhook.rules.as_deref().unwrap_or_default(),
            webhook.match_policy.as_deref(),
            webhook.namespace_selector.as_ref(),
            webhook.object_selector.as_ref(),
        );
        Hook {
            configuration: configuration.clone(),
            name: webhook.name.clone(),
            id: format!("{configuration}/{}/{}", webhook.name, $index),
            matcher,
            conditions: MatchConditions::webhook(&serde_json::to_value(webhook).unwrap_or_default(), Origin::Stored),
            target: target(&webhook.client_config),
            bundle: webhook.client_config.ca_bundle.clone().unwrap_or(ByteString(Vec::new())).0,
            timeout: timeout(webhook.timeout_seconds),
            ignores_failure: webhook.failure_policy.as_deref() == Some("Ignore"),
            side_effects: Some(webhook.side_effects.clone()),
            reinvoked_if_needed: $again,
            speaks_v1: webhook.admission_review_versions.iter().any(|version| version == "v1"),
        }
    }};
}

pub fn mutating(registry: &Registry, kind: &'static Kind) -> Result<Vec<Hook>, ApiError> {
    let mut hooks = Vec::new();
    for configuration in list::<MutatingWebhookConfiguration>(registry, kind, "")? {
        let name = configuration.metadata.name.unwrap_or_default();
        for (index, webhook) in configuration.webhooks.iter().flatten().enumerate() {
            hooks.push(hook!(&name, index, webhook, webhook.reinvocation_policy.as_deref() == Some("IfNeeded")));
        }
    }
    Ok(hooks)
}

pub fn validating(registry: &Registry, kind: &'static Kind) -> Result<Vec<Hook>, ApiError> {
    let mut hooks = Vec::new();
    for configuration in list::<ValidatingWebhookConfiguration>(registry, kind, "")? {
        let name = configuration.metadata.name.unwrap_or_default();
        for (index, webhook) in configuration.webhooks.iter().flatten().enumerate() {
            hooks.push(hook!(&name, index, webhook, false));
        }
    }
    Ok(hooks)
}

fn timeout(seconds: Option<i32>) -> Duration {
    let seconds = seconds.unwrap_or(TIMEOUT_SECONDS).clamp(1, MOST_SECONDS);
    Duration::from_secs(u64::from(seconds.unsigned_abs()))
}

fn target(config: &WebhookClientConfig) -> Option<Target> {
    if let Some(service) = &config.service {
        let reference = ServiceReference {
            namespace: service.namespace.clone(),
            name: service.name.clone(),
            port: service.port.unwrap_or(DEFAULT_PORT),
        };
        return Some(Target::Service(reference, service.path.clone().unwrap_or_default()));
    }
    config.url.clone().filter(|url| !url.is_empty()).map(Target::Url)
}
