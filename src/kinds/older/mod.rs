//! Versions of built-in kinds that upstream has served and no longer prefers, most of them removed. Manifests written for them are still accepted: the tree is
//! translated to today's version, with the defaults that the old version had, and back for the answer. One row a kind and version; what upstream's release notes
//! say of it becomes the deprecation warning.
//!
//! PodSecurityPolicy and `resource.k8s.io/v1beta1` are left out: the first has no successor, the second was never on by default.

mod autoscaler;
mod behaviour;
mod custom_resource;
mod extension;
mod network;
mod workload;

use std::sync::{Arc, LazyLock};

use serde_json::Value;

use crate::kind::{Conversion, Kind, Subresource};
use crate::shared::{Shared, Texts, text};
use crate::{
    API_SERVICE, CERTIFICATE_SIGNING_REQUEST, CLUSTER_ROLE, CLUSTER_ROLE_BINDING, CLUSTER_TRUST_BUNDLE, CONTROLLER_REVISION, CRON_JOB,
    CSI_DRIVER, CSI_NODE, CSI_STORAGE_CAPACITY, CUSTOM_RESOURCE_DEFINITION, DAEMON_SET, DEPLOYMENT, ENDPOINT_SLICE, EVENT, FLOW_SCHEMA,
    HORIZONTAL_POD_AUTOSCALER, INGRESS, INGRESS_CLASS, IP_ADDRESS, LEASE, LOCAL_SUBJECT_ACCESS_REVIEW, MUTATING_ADMISSION_POLICY,
    MUTATING_ADMISSION_POLICY_BINDING, MUTATING_WEBHOOK_CONFIGURATION, NETWORK_POLICY, POD_DISRUPTION_BUDGET, PRIORITY_CLASS,
    PRIORITY_LEVEL_CONFIGURATION, REPLICA_SET, ROLE, ROLE_BINDING, RUNTIME_CLASS, SELF_SUBJECT_ACCESS_REVIEW, SELF_SUBJECT_REVIEW,
    SELF_SUBJECT_RULES_REVIEW, SERVICE_CIDR, STATEFUL_SET, STORAGE_CLASS, STORAGE_VERSION_MIGRATION, SUBJECT_ACCESS_REVIEW, TOKEN_REVIEW,
    VALIDATING_ADMISSION_POLICY, VALIDATING_ADMISSION_POLICY_BINDING, VALIDATING_WEBHOOK_CONFIGURATION, VOLUME_ATTACHMENT,
    VOLUME_ATTRIBUTES_CLASS, versions,
};

/// All of them, in the order of discovery: after the kinds of [`crate::ALL`], groups of their own last.
pub fn older() -> &'static [Kind] {
    &OLDER
}

/// A row of the table.
struct Row {
    api_version: &'static str,
    /// The kind at the version of today, as which it is stored.
    of: &'static Kind,
    /// Upstream's releases in which it was deprecated and removed.
    deprecated: &'static str,
    removed: &'static str,
    /// What the warning recommends.
    replacement: Replacement,
    to_stored: fn(&mut Value),
    from_stored: fn(&mut Value),
    same_shape: bool,
}

enum Replacement {
    /// The kind of today.
    Today,
    /// Upstream's warning names none.
    Unsaid,
    /// Other words.
    Said(&'static str),
}
use Replacement::{Said, Today, Unsaid};

macro_rules! rows {
    ($($api_version:literal $of:ident $deprecated:literal $removed:literal $replacement:expr $(, $to:path, $from:path)? $(=> $shape:ident)?;)*) => {
        [$(Row {
            api_version: $api_version,
            of: &$of,
            deprecated: $deprecated,
            removed: $removed,
            replacement: $replacement,
            to_stored: |value| {
                $($to(value);)?
                set_type(value, &$of.api_version());
            },
            from_stored: |value| {
                $($from(value);)?
                set_type(value, $api_version);
            },
            same_shape: rows!(@same $($to)? $(=> $shape)?),
        }),*]
    };
    (@same) => { true };
    (@same $to:path) => { false };
    // translated for its defaults, or for fields that are gone
    (@same $to:path => alike) => { true };
}

static OLDER: LazyLock<Vec<Kind>> = LazyLock::new(|| rows().into_iter().map(Row::kind).collect());

fn rows() -> impl IntoIterator<Item = Row> {
    rows! {
        "apiregistration.k8s.io/v1beta1" API_SERVICE "1.19" "1.22" Today;
        "apps/v1beta2" CONTROLLER_REVISION "1.9" "1.16" Today;
        "apps/v1beta2" DAEMON_SET "1.9" "1.16" Today;
        "apps/v1beta2" DEPLOYMENT "1.9" "1.16" Today;
        "apps/v1beta2" REPLICA_SET "1.9" "1.16" Today;
        "apps/v1beta2" STATEFUL_SET "1.9" "1.16" Today;
        "apps/v1beta1" CONTROLLER_REVISION "1.8" "1.16" Today;
        "apps/v1beta1" DEPLOYMENT "1.8" "1.16" Today, workload::deployment_of_apps, workload::deployment_back => alike;
        "apps/v1beta1" STATEFUL_SET "1.8" "1.16" Today, workload::stateful_set, workload::unchanged => alike;
        "events.k8s.io/v1beta1" EVENT "1.22" "1.25" Unsaid, versions::event::to_core, versions::event::from_core;
        "authentication.k8s.io/v1beta1" SELF_SUBJECT_REVIEW "1.30" "1.33" Unsaid;
        "authentication.k8s.io/v1beta1" TOKEN_REVIEW "1.19" "1.22" Today;
        "authorization.k8s.io/v1beta1" LOCAL_SUBJECT_ACCESS_REVIEW "1.19" "1.22" Today, extension::review, extension::review_back;
        "authorization.k8s.io/v1beta1" SELF_SUBJECT_ACCESS_REVIEW "1.19" "1.22" Today;
        "authorization.k8s.io/v1beta1" SELF_SUBJECT_RULES_REVIEW "1.19" "1.22" Today;
        "authorization.k8s.io/v1beta1" SUBJECT_ACCESS_REVIEW "1.19" "1.22" Today, extension::review, extension::review_back;
        "autoscaling/v2beta2" HORIZONTAL_POD_AUTOSCALER "1.23" "1.26" Today;
        "autoscaling/v2beta1" HORIZONTAL_POD_AUTOSCALER "1.22" "1.25" Today, autoscaler::to_v2, autoscaler::from_v2;
        "batch/v1beta1" CRON_JOB "1.21" "1.25" Today;
        "batch/v2alpha1" CRON_JOB "1.8" "1.21" Today;
        "certificates.k8s.io/v1beta1" CERTIFICATE_SIGNING_REQUEST "1.19" "1.22" Today, extension::signing_request, extension::unchanged => alike;
        "certificates.k8s.io/v1beta1" CLUSTER_TRUST_BUNDLE "1.37" "1.40" Today;
        "networking.k8s.io/v1beta1" INGRESS_CLASS "1.19" "1.22" Said("networking.k8s.io/v1 IngressClassList");
        "networking.k8s.io/v1beta1" INGRESS "1.19" "1.22" Today, network::ingress, network::ingress_back;
        "networking.k8s.io/v1beta1" IP_ADDRESS "1.34" "1.37" Unsaid;
        "networking.k8s.io/v1beta1" SERVICE_CIDR "1.34" "1.37" Unsaid;
        "policy/v1beta1" POD_DISRUPTION_BUDGET "1.21" "1.25" Today, workload::budget, workload::budget_back => alike;
        "rbac.authorization.k8s.io/v1beta1" CLUSTER_ROLE_BINDING "1.17" "1.22" Today;
        "rbac.authorization.k8s.io/v1beta1" CLUSTER_ROLE "1.17" "1.22" Today;
        "rbac.authorization.k8s.io/v1beta1" ROLE_BINDING "1.17" "1.22" Today;
        "rbac.authorization.k8s.io/v1beta1" ROLE "1.17" "1.22" Today;
        "rbac.authorization.k8s.io/v1alpha1" CLUSTER_ROLE_BINDING "1.17" "1.22" Today, extension::subjects, extension::subjects_back;
        "rbac.authorization.k8s.io/v1alpha1" CLUSTER_ROLE "1.17" "1.22" Today;
        "rbac.authorization.k8s.io/v1alpha1" ROLE_BINDING "1.17" "1.22" Today, extension::subjects, extension::subjects_back;
        "rbac.authorization.k8s.io/v1alpha1" ROLE "1.17" "1.22" Today;
        "storage.k8s.io/v1beta1" CSI_DRIVER "1.19" "1.22" Today;
        "storage.k8s.io/v1beta1" CSI_NODE "1.17" "1.22" Today;
        "storage.k8s.io/v1beta1" CSI_STORAGE_CAPACITY "1.24" "1.27" Today;
        "storage.k8s.io/v1beta1" STORAGE_CLASS "1.19" "1.22" Today;
        "storage.k8s.io/v1beta1" VOLUME_ATTACHMENT "1.19" "1.22" Today;
        "storage.k8s.io/v1beta1" VOLUME_ATTRIBUTES_CLASS "1.34" "1.37" Today;
        "admissionregistration.k8s.io/v1beta1" MUTATING_ADMISSION_POLICY "1.37" "1.40" Today;
        "admissionregistration.k8s.io/v1beta1" MUTATING_ADMISSION_POLICY_BINDING "1.37" "1.40" Today;
        "admissionregistration.k8s.io/v1beta1" MUTATING_WEBHOOK_CONFIGURATION "1.16" "1.22" Today, extension::webhooks, extension::unchanged => alike;
        "admissionregistration.k8s.io/v1beta1" VALIDATING_ADMISSION_POLICY "1.31" "1.34" Unsaid;
        "admissionregistration.k8s.io/v1beta1" VALIDATING_ADMISSION_POLICY_BINDING "1.31" "1.34" Unsaid;
        "admissionregistration.k8s.io/v1beta1" VALIDATING_WEBHOOK_CONFIGURATION "1.16" "1.22" Today, extension::webhooks, extension::unchanged => alike;
        "apiextensions.k8s.io/v1beta1" CUSTOM_RESOURCE_DEFINITION "1.16" "1.22" Today, custom_resource::to_v1, custom_resource::from_v1;
        "scheduling.k8s.io/v1beta1" PRIORITY_CLASS "1.14" "1.22" Today;
        "scheduling.k8s.io/v1alpha1" PRIORITY_CLASS "1.14" "1.22" Today;
        "coordination.k8s.io/v1beta1" LEASE "1.19" "1.22" Today;
        "node.k8s.io/v1beta1" RUNTIME_CLASS "1.22" "1.25" Unsaid;
        "discovery.k8s.io/v1beta1" ENDPOINT_SLICE "1.21" "1.25" Today, network::endpoint_slice, network::endpoint_slice_back;
        "flowcontrol.apiserver.k8s.io/v1beta3" FLOW_SCHEMA "1.29" "1.32" Today;
        "flowcontrol.apiserver.k8s.io/v1beta3" PRIORITY_LEVEL_CONFIGURATION "1.29" "1.32" Today;
        "flowcontrol.apiserver.k8s.io/v1beta2" FLOW_SCHEMA "1.26" "1.29" Said("flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema");
        "flowcontrol.apiserver.k8s.io/v1beta2" PRIORITY_LEVEL_CONFIGURATION "1.26" "1.29" Said("flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration"), extension::shares, extension::shares_back;
        "flowcontrol.apiserver.k8s.io/v1beta1" FLOW_SCHEMA "1.23" "1.26" Said("flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema");
        "flowcontrol.apiserver.k8s.io/v1beta1" PRIORITY_LEVEL_CONFIGURATION "1.23" "1.26" Said("flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration"), extension::shares, extension::shares_back;
        "storagemigration.k8s.io/v1beta1" STORAGE_VERSION_MIGRATION "1.37" "1.40" Today;
        "extensions/v1beta1" DAEMON_SET "1.8" "1.16" Today, workload::daemon_set, workload::daemon_set_back => alike;
        "extensions/v1beta1" DEPLOYMENT "1.8" "1.16" Today, workload::deployment_of_extensions, workload::deployment_back => alike;
        "extensions/v1beta1" INGRESS "1.14" "1.22" Today, network::ingress, network::ingress_back;
        "extensions/v1beta1" NETWORK_POLICY "1.9" "1.16" Today;
        "extensions/v1beta1" REPLICA_SET "1.8" "1.16" Today, workload::selector, workload::unchanged => alike;
    }
}

impl Row {
    fn kind(self) -> Kind {
        let of = self.of;
        let (group, version) = self.api_version.split_once('/').unwrap_or(("", self.api_version));
        // a name that two groups share belongs to the group of today
        let own_group = group == of.group;
        let subresources: Vec<Subresource> = of
            .subresources
            .iter()
            .filter(|below| matches!(below.name, "status" | "scale"))
            .map(|below| Subresource { name: below.name, kind: below.kind, verbs: below.verbs })
            .collect();
        let replacement = match self.replacement {
            Today => format!("; use {} {}", of.api_version(), of.kind),
            Said(words) => format!("; use {words}"),
            Unsaid => String::new(),
        };
        let warning = format!(
            "{} {} is deprecated in v{}+, unavailable in v{}+{replacement}",
            self.api_version, of.kind, self.deprecated, self.removed
        );
        let behaviour = behaviour::Older { of, to_stored: self.to_stored };
        Kind {
            group: text(group),
            version: text(version),
            kind: of.kind.clone(),
            plural: of.plural.clone(),
            singular: of.singular.clone(),
            short_names: if own_group { of.short_names.clone() } else { Texts::default() },
            categories: if own_group { of.categories.clone() } else { Texts::default() },
            namespaced: of.namespaced,
            verbs: of.verbs,
            subresources: subresources.leak(),
            storage: of.storage,
            conversion: Some(Conversion { stored_as: of, to_stored: self.to_stored, from_stored: self.from_stored }),
            deprecation: Some(warning.into()),
            same_shape: self.same_shape,
            behaviour: Shared::Counted(Arc::new(behaviour)),
        }
    }
}

fn set_type(value: &mut Value, api_version: &str) {
    if let Some(object) = value.as_object_mut() {
        object.insert("apiVersion".to_owned(), api_version.into());
    }
}

/// A map below another, where it is there.
fn map<'a>(value: &'a mut Value, pointer: &str) -> Option<&'a mut serde_json::Map<String, Value>> {
    value.pointer_mut(pointer)?.as_object_mut()
}

/// Fills in what is missing or null.
fn default(map: &mut serde_json::Map<String, Value>, name: &str, value: impl Into<Value>) {
    if map.get(name).is_none_or(Value::is_null) {
        map.insert(name.to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests;
