//! MutatingWebhookConfigurations and ValidatingWebhookConfigurations.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path, metadata, names};
use cel::policy::{MatchConditions, Origin};
use k8s_openapi::api::admissionregistration::v1::{
    MatchCondition, MutatingWebhook, MutatingWebhookConfiguration, RuleWithOperations, ValidatingWebhookConfiguration, WebhookClientConfig,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::client_config::{self, ServiceReference};
use crate::Part;
use crate::rules::{fill, invalid, one_of, text};

const TIMEOUT_SECONDS: i32 = 10;
const PORT: i32 = 443;
const MAX_CONDITIONS: usize = 64;
const OPERATIONS: &[&str] = &["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const SCOPES: &[&str] = &["*", "Cluster", "Namespaced"];

macro_rules! default_webhook {
    ($webhook:expr) => {{
        let webhook = $webhook;
        fill(&mut webhook.failure_policy, "Fail");
        fill(&mut webhook.match_policy, "Equivalent");
        webhook.namespace_selector.get_or_insert_default();
        webhook.object_selector.get_or_insert_default();
        webhook.timeout_seconds.get_or_insert(TIMEOUT_SECONDS);
        for rule in webhook.rules.iter_mut().flatten() {
            fill(&mut rule.scope, "*");
        }
        if let Some(service) = &mut webhook.client_config.service {
            service.port.get_or_insert(PORT);
        }
    }};
}

/// What both kinds of webhooks have.
struct Webhook<'a> {
    name: &'a str,
    rules: &'a [RuleWithOperations],
    failure_policy: &'a str,
    match_policy: &'a str,
    side_effects: &'a str,
    timeout_seconds: Option<i32>,
    namespace_selector: Option<&'a LabelSelector>,
    object_selector: Option<&'a LabelSelector>,
    client_config: &'a WebhookClientConfig,
    review_versions: &'a [String],
    match_conditions: &'a [MatchCondition],
}

/// What was there before a change.
struct Before<'a> {
    /// Each webhook's conditions.
    conditions: Vec<&'a [MatchCondition]>,
    known: BTreeSet<String>,
}

impl<'a> Before<'a> {
    fn new(conditions: impl Iterator<Item = Option<&'a [MatchCondition]>>) -> Self {
        let conditions: Vec<&[MatchCondition]> = conditions.map(Option::unwrap_or_default).collect();
        let known = conditions.iter().flat_map(|list| expressions_of(Some(list))).collect();
        Self { conditions, known }
    }
    /// Conditions that have not changed are not looked at again.
    fn is_of(&self, list: &[Webhook<'_>]) -> bool {
        self.conditions.len() == list.len() && self.conditions.iter().zip(list).all(|(before, now)| *before == now.match_conditions)
    }
}

macro_rules! view {
    ($webhook:expr) => {
        Webhook {
            name: &$webhook.name,
            rules: $webhook.rules.as_deref().unwrap_or_default(),
            failure_policy: text(&$webhook.failure_policy),
            match_policy: text(&$webhook.match_policy),
            side_effects: &$webhook.side_effects,
            timeout_seconds: $webhook.timeout_seconds,
            namespace_selector: $webhook.namespace_selector.as_ref(),
            object_selector: $webhook.object_selector.as_ref(),
            client_config: &$webhook.client_config,
            review_versions: &$webhook.admission_review_versions,
            match_conditions: $webhook.match_conditions.as_deref().unwrap_or_default(),
        }
    };
}

pub(crate) struct MutatingBehaviour;

impl crate::Behaviour<MutatingWebhookConfiguration> for MutatingBehaviour {
    fn default(&self, configuration: &mut MutatingWebhookConfiguration) {
        for webhook in configuration.webhooks.iter_mut().flatten() {
            default_webhook!(&mut *webhook);
            fill(&mut webhook.reinvocation_policy, "Never");
        }
    }
    fn validate(&self, configuration: &MutatingWebhookConfiguration) -> ErrorList {
        mutating(configuration, None)
    }
    fn validate_update(&self, part: Part, configuration: &MutatingWebhookConfiguration, old: &MutatingWebhookConfiguration) -> ErrorList {
        let before = Before::new(old.webhooks.iter().flatten().map(|webhook| webhook.match_conditions.as_deref()));
        if part == Part::Main { mutating(configuration, Some(&before)) } else { ErrorList::new() }
    }
    crate::parts::generation_of!(webhooks, MutatingWebhookConfiguration);
}

fn mutating(configuration: &MutatingWebhookConfiguration, before: Option<&Before<'_>>) -> ErrorList {
    let list: &[MutatingWebhook] = configuration.webhooks.as_deref().unwrap_or_default();
    let mut errors = webhooks(&list.iter().map(|webhook| view!(webhook)).collect::<Vec<_>>(), before);
    for (index, policy) in list.iter().enumerate().filter_map(|(index, webhook)| Some((index, webhook.reinvocation_policy.as_ref()?))) {
        let path = Path::new("webhooks").index(index).child("reinvocationPolicy");
        errors.extend(one_of(policy, &["IfNeeded", "Never"], &path));
    }
    errors
}

pub(crate) struct ValidatingBehaviour;

impl crate::Behaviour<ValidatingWebhookConfiguration> for ValidatingBehaviour {
    fn default(&self, configuration: &mut ValidatingWebhookConfiguration) {
        for webhook in configuration.webhooks.iter_mut().flatten() {
            default_webhook!(webhook);
        }
    }
    fn validate(&self, configuration: &ValidatingWebhookConfiguration) -> ErrorList {
        validating(configuration, None)
    }
    fn validate_update(
        &self,
        part: Part,
        configuration: &ValidatingWebhookConfiguration,
        old: &ValidatingWebhookConfiguration,
    ) -> ErrorList {
        let before = Before::new(old.webhooks.iter().flatten().map(|webhook| webhook.match_conditions.as_deref()));
        if part == Part::Main { validating(configuration, Some(&before)) } else { ErrorList::new() }
    }
    crate::parts::generation_of!(webhooks, ValidatingWebhookConfiguration);
}

fn validating(configuration: &ValidatingWebhookConfiguration, before: Option<&Before<'_>>) -> ErrorList {
    let list = configuration.webhooks.iter().flatten();
    webhooks(&list.map(|webhook| view!(webhook)).collect::<Vec<_>>(), before)
}

fn webhooks(list: &[Webhook<'_>], before: Option<&Before<'_>>) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    let unchanged = before.is_some_and(|before| before.is_of(list));
    let origin = before.map_or(Origin::New, |before| Origin::Changed(&before.known));
    for (index, one) in list.iter().enumerate() {
        let path = Path::new("webhooks").index(index);
        errors.extend(webhook(one, &path));
        if !unchanged {
            let at = path.child("matchConditions");
            let faults = MatchConditions::webhook(&serde_json::json!({"matchConditions": one.match_conditions}), origin).check(&at);
            errors.extend(match_conditions(one.match_conditions, &faults, &at));
        }
        if !one.name.is_empty() && !seen.insert(one.name) {
            errors.push(FieldError::duplicate(&path.child("name"), one.name));
        }
    }
    errors
}

fn webhook(webhook: &Webhook<'_>, path: &Path) -> ErrorList {
    let mut errors = qualified_domain(webhook.name, &path.child("name"));
    for (index, rule) in webhook.rules.iter().enumerate() {
        errors.extend(self::rule(
            rule.operations.as_deref(),
            [rule.api_groups.as_deref(), rule.api_versions.as_deref(), rule.resources.as_deref()],
            rule.scope.as_deref(),
            &path.child("rules").index(index),
        ));
    }
    errors.extend(one_of(webhook.failure_policy, &["Fail", "Ignore"], &path.child("failurePolicy")));
    errors.extend(one_of(webhook.match_policy, &["Equivalent", "Exact"], &path.child("matchPolicy")));
    if webhook.side_effects.is_empty() {
        errors.push(FieldError::required(&path.child("sideEffects"), "must specify one of None, NoneOnDryRun"));
    } else {
        errors.extend(one_of(webhook.side_effects, &["None", "NoneOnDryRun"], &path.child("sideEffects")));
    }
    if let Some(seconds) = webhook.timeout_seconds.filter(|seconds| !(1..=30).contains(seconds)) {
        let detail = "the timeout value must be between 1 and 30 seconds";
        errors.push(FieldError::invalid(&path.child("timeoutSeconds"), seconds, detail));
    }
    errors.extend(metadata::label_selector(webhook.namespace_selector, &path.child("namespaceSelector")));
    errors.extend(metadata::label_selector(webhook.object_selector, &path.child("objectSelector")));
    errors.extend(client_config(webhook.client_config, &path.child("clientConfig")));
    let at = path.child("admissionReviewVersions");
    if webhook.review_versions.is_empty() {
        errors.push(FieldError::required(&at, "must specify one of v1, v1beta1"));
    } else if !webhook.review_versions.iter().any(|version| matches!(version.as_str(), "v1" | "v1beta1")) {
        let detail = "must include at least one of v1, v1beta1";
        errors.push(FieldError::invalid(&at, crate::rules::json(&webhook.review_versions), detail));
    }
    errors
}

/// A name with at least three segments.
fn qualified_domain(name: &str, path: &Path) -> ErrorList {
    if name.is_empty() {
        return vec![FieldError::required(path, "")];
    }
    let faults = names::dns1123_subdomain(name, false);
    if !faults.is_empty() {
        return invalid(path, name, faults).collect();
    }
    if name.split('.').count() < 3 {
        return vec![FieldError::invalid(path, name, "should be a domain with at least three segments separated by dots")];
    }
    ErrorList::new()
}

/// Operations, groups, versions, resources and scope of a rule. `lists` are groups, versions and resources.
pub(super) fn rule(operations: Option<&[String]>, lists: [Option<&[String]>; 3], scope: Option<&str>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let fields = ["apiGroups", "apiVersions", "resources"];
    for (field, list) in fields.iter().zip(lists) {
        let list = list.unwrap_or_default();
        let at = path.child(field);
        if list.is_empty() {
            errors.push(FieldError::required(&at, ""));
        }
        if list.len() > 1 && list.iter().any(|value| value == "*") {
            errors.push(FieldError::invalid(&at, crate::rules::json(&list), "if '*' is present, must not specify other values"));
        }
        for (index, _) in list.iter().enumerate().filter(|(_, value)| value.is_empty() && *field != "apiGroups") {
            errors.push(FieldError::required(&at.index(index), ""));
        }
    }
    if let Some(scope) = scope {
        errors.extend(one_of(scope, SCOPES, &path.child("scope")));
    }
    let operations = operations.unwrap_or_default();
    let at = path.child("operations");
    if operations.is_empty() {
        errors.push(FieldError::required(&at, ""));
    }
    if operations.len() > 1 && operations.iter().any(|operation| operation == "*") {
        errors.push(FieldError::invalid(&at, crate::rules::json(&operations), "if '*' is present, must not specify other operations"));
    }
    errors.extend(operations.iter().enumerate().filter_map(|(index, operation)| one_of(operation, OPERATIONS, &at.index(index))));
    errors
}

fn client_config(config: &WebhookClientConfig, path: &Path) -> ErrorList {
    match (&config.url, &config.service) {
        (Some(_), Some(_)) | (None, None) => vec![FieldError::required(path, "exactly one of url or service is required")],
        (Some(url), None) => client_config::url(url, &path.child("url")),
        (None, Some(service)) => {
            let reference = ServiceReference {
                name: &service.name,
                namespace: &service.namespace,
                path: service.path.as_deref(),
                port: service.port.unwrap_or(PORT),
            };
            client_config::service(&reference, &path.child("service"))
        }
    }
}

/// Names, each once, and expressions that say something; `faults` are those of the expressions.
pub(super) fn match_conditions(list: &[MatchCondition], faults: &ErrorList, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if list.len() > MAX_CONDITIONS {
        errors.push(FieldError::too_many(path, list.len(), MAX_CONDITIONS));
    }
    let mut seen = BTreeSet::new();
    for (index, condition) in list.iter().enumerate() {
        let path = path.index(index);
        let at = path.child("expression");
        if condition.expression.trim().is_empty() {
            errors.push(FieldError::required(&at, ""));
        }
        errors.extend(faults_at(faults, &at));
        if condition.name.is_empty() {
            errors.push(FieldError::required(&path.child("name"), ""));
        } else {
            errors.extend(crate::rules::qualified_name(&condition.name, &path.child("name")));
            if !seen.insert(&condition.name) {
                errors.push(FieldError::duplicate(&path.child("name"), condition.name.as_str()));
            }
        }
    }
    errors
}

/// What has been found out about one field.
pub(super) fn faults_at<'a>(faults: &'a ErrorList, path: &'a Path) -> impl Iterator<Item = FieldError> + 'a {
    faults.iter().filter(move |fault| fault.path == *path).cloned()
}

/// The expressions of conditions.
pub(super) fn expressions_of(list: Option<&[MatchCondition]>) -> impl Iterator<Item = String> + '_ {
    list.into_iter().flatten().map(|condition| condition.expression.clone())
}
