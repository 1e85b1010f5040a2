//! Keeps `types.tsv` fresh: it is generated from the schemas of k8s-openapi.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::*;

macro_rules! definitions {
    ($($kind:ty),* $(,)?) => {{
        let mut generator = schemars::SchemaGenerator::default();
        $(generator.subschema_for::<$kind>();)*
        generator.take_definitions(true)
    }};
}

/// `io.k8s.api.core.v1.Pod` becomes `core.v1.Pod`.
fn short(name: &str) -> String {
    name.rsplit('.').take(3).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(".")
}

/// What a property holds, as the tables write it.
fn holds(property: &Value, definitions: &serde_json::Map<String, Value>) -> String {
    let reference = |value: &Value| value.get("$ref").and_then(Value::as_str).map(|path| path.rsplit('/').next().unwrap().to_owned());
    if let Some(name) = reference(property).or_else(|| property.get("allOf").and_then(|all| reference(&all[0]))) {
        let definition = &definitions[&name];
        return if definition.get("properties").is_some() {
            short(&name)
        } else if name.ends_with(".apiextensions.v1.JSON") {
            "d".to_owned()
        } else {
            holds(definition, definitions)
        };
    }
    let inner = |name| property.get(name).map(|inner| holds(inner, definitions));
    match property.get("type").and_then(Value::as_str) {
        Some("string") if property["format"] == "date-time" => "u".to_owned(),
        Some("string") => "s".to_owned(),
        Some("integer") => if property["format"] == "int32" { "i" } else { "l" }.to_owned(),
        Some("number") => "n".to_owned(),
        Some("boolean") => "b".to_owned(),
        Some("array") => format!("[]{}", inner("items").unwrap_or_else(|| "d".to_owned())),
        Some("object") => inner("additionalProperties").map_or_else(|| "m".to_owned(), |values| format!("{{}}{values}")),
        _ if property["x-kubernetes-int-or-string"] == true => "u".to_owned(),
        _ => "d".to_owned(),
    }
}

fn generated() -> (String, BTreeSet<String>) {
    let definitions = definitions!(
        k8s_openapi::api::admissionregistration::v1::MutatingAdmissionPolicy,
        k8s_openapi::api::admissionregistration::v1::MutatingAdmissionPolicyBinding,
        k8s_openapi::api::admissionregistration::v1::MutatingWebhookConfiguration,
        k8s_openapi::api::admissionregistration::v1::ValidatingAdmissionPolicy,
        k8s_openapi::api::admissionregistration::v1::ValidatingAdmissionPolicyBinding,
        k8s_openapi::api::admissionregistration::v1::ValidatingWebhookConfiguration,
        k8s_openapi::api::admissionregistration::v1alpha1::MutatingAdmissionPolicy,
        k8s_openapi::api::admissionregistration::v1alpha1::MutatingAdmissionPolicyBinding,
        k8s_openapi::api::admissionregistration::v1beta1::MutatingAdmissionPolicy,
        k8s_openapi::api::admissionregistration::v1beta1::MutatingAdmissionPolicyBinding,
        k8s_openapi::api::apiserverinternal::v1alpha1::StorageVersion,
        k8s_openapi::api::apps::v1::ControllerRevision,
        k8s_openapi::api::apps::v1::DaemonSet,
        k8s_openapi::api::apps::v1::Deployment,
        k8s_openapi::api::apps::v1::ReplicaSet,
        k8s_openapi::api::apps::v1::StatefulSet,
        k8s_openapi::api::authentication::v1::SelfSubjectReview,
        k8s_openapi::api::authentication::v1::TokenRequest,
        k8s_openapi::api::authentication::v1::TokenReview,
        k8s_openapi::api::authorization::v1::LocalSubjectAccessReview,
        k8s_openapi::api::authorization::v1::SelfSubjectAccessReview,
        k8s_openapi::api::authorization::v1::SelfSubjectRulesReview,
        k8s_openapi::api::authorization::v1::SubjectAccessReview,
        k8s_openapi::api::autoscaling::v1::HorizontalPodAutoscaler,
        k8s_openapi::api::autoscaling::v1::Scale,
        k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler,
        k8s_openapi::api::batch::v1::CronJob,
        k8s_openapi::api::batch::v1::Job,
        k8s_openapi::api::certificates::v1::CertificateSigningRequest,
        k8s_openapi::api::certificates::v1::ClusterTrustBundle,
        k8s_openapi::api::certificates::v1::PodCertificateRequest,
        k8s_openapi::api::certificates::v1beta1::ClusterTrustBundle,
        k8s_openapi::api::certificates::v1beta1::PodCertificateRequest,
        k8s_openapi::api::coordination::v1::Lease,
        k8s_openapi::api::coordination::v1alpha2::LeaseCandidate,
        k8s_openapi::api::coordination::v1beta1::LeaseCandidate,
        k8s_openapi::api::core::v1::Binding,
        k8s_openapi::api::core::v1::ComponentStatus,
        k8s_openapi::api::core::v1::ConfigMap,
        k8s_openapi::api::core::v1::Endpoints,
        k8s_openapi::api::core::v1::Event,
        k8s_openapi::api::core::v1::LimitRange,
        k8s_openapi::api::core::v1::Namespace,
        k8s_openapi::api::core::v1::Node,
        k8s_openapi::api::core::v1::PersistentVolume,
        k8s_openapi::api::core::v1::PersistentVolumeClaim,
        k8s_openapi::api::core::v1::Pod,
        k8s_openapi::api::core::v1::PodTemplate,
        k8s_openapi::api::core::v1::ReplicationController,
        k8s_openapi::api::core::v1::ResourceQuota,
        k8s_openapi::api::core::v1::Secret,
        k8s_openapi::api::core::v1::Service,
        k8s_openapi::api::core::v1::ServiceAccount,
        k8s_openapi::api::discovery::v1::EndpointSlice,
        k8s_openapi::api::events::v1::Event,
        k8s_openapi::api::flowcontrol::v1::FlowSchema,
        k8s_openapi::api::flowcontrol::v1::PriorityLevelConfiguration,
        k8s_openapi::api::lifecycle::v1alpha1::Eviction,
        k8s_openapi::api::lifecycle::v1alpha1::EvictionRequest,
        k8s_openapi::api::networking::v1::IPAddress,
        k8s_openapi::api::networking::v1::Ingress,
        k8s_openapi::api::networking::v1::IngressClass,
        k8s_openapi::api::networking::v1::NetworkPolicy,
        k8s_openapi::api::networking::v1::ServiceCIDR,
        k8s_openapi::api::node::v1::RuntimeClass,
        k8s_openapi::api::policy::v1::Eviction,
        k8s_openapi::api::policy::v1::PodDisruptionBudget,
        k8s_openapi::api::rbac::v1::ClusterRole,
        k8s_openapi::api::rbac::v1::ClusterRoleBinding,
        k8s_openapi::api::rbac::v1::Role,
        k8s_openapi::api::rbac::v1::RoleBinding,
        k8s_openapi::api::resource::v1::DeviceClass,
        k8s_openapi::api::resource::v1::DeviceTaintRule,
        k8s_openapi::api::resource::v1::ResourceClaim,
        k8s_openapi::api::resource::v1::ResourceClaimTemplate,
        k8s_openapi::api::resource::v1::ResourceSlice,
        k8s_openapi::api::resource::v1alpha3::DeviceTaintRule,
        k8s_openapi::api::resource::v1alpha3::ResourcePoolStatusRequest,
        k8s_openapi::api::resource::v1beta1::DeviceClass,
        k8s_openapi::api::resource::v1beta1::ResourceClaim,
        k8s_openapi::api::resource::v1beta1::ResourceClaimTemplate,
        k8s_openapi::api::resource::v1beta1::ResourceSlice,
        k8s_openapi::api::resource::v1beta2::DeviceClass,
        k8s_openapi::api::resource::v1beta2::DeviceTaintRule,
        k8s_openapi::api::resource::v1beta2::ResourceClaim,
        k8s_openapi::api::resource::v1beta2::ResourceClaimTemplate,
        k8s_openapi::api::resource::v1beta2::ResourceSlice,
        k8s_openapi::api::scheduling::v1::PriorityClass,
        k8s_openapi::api::scheduling::v1alpha3::CompositePodGroup,
        k8s_openapi::api::scheduling::v1alpha3::PodGroup,
        k8s_openapi::api::scheduling::v1alpha3::Workload,
        k8s_openapi::api::scheduling::v1beta1::PodGroup,
        k8s_openapi::api::scheduling::v1beta1::Workload,
        k8s_openapi::api::storage::v1::CSIDriver,
        k8s_openapi::api::storage::v1::CSINode,
        k8s_openapi::api::storage::v1::CSIStorageCapacity,
        k8s_openapi::api::storage::v1::StorageClass,
        k8s_openapi::api::storage::v1::VolumeAttachment,
        k8s_openapi::api::storage::v1::VolumeAttributesClass,
        k8s_openapi::api::storagemigration::v1::StorageVersionMigration,
        k8s_openapi::api::storagemigration::v1beta1::StorageVersionMigration,
        k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition,
        k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::APIService,
    );
    let known: BTreeSet<String> = definitions.keys().map(|name| short(name)).collect();
    let mut rows = BTreeMap::new();
    for (name, definition) in &definitions {
        if let Some(properties) = definition.get("properties").and_then(Value::as_object) {
            let fields: Vec<String> =
                properties.iter().map(|(field, property)| format!("{field}={}", holds(property, &definitions))).collect();
            rows.insert(short(name), fields.join(" "));
        }
    }
    let text = rows.iter().map(|(name, fields)| format!("{name}\t{fields}\n")).collect();
    (text, known)
}

/// To refresh the file after a change of k8s-openapi: `UPDATE_TYPES=1 cargo test -p api types_are_fresh`.
#[test]
fn types_are_fresh() {
    let (text, known) = generated();
    if std::env::var_os("UPDATE_TYPES").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/types.tsv"), &text).unwrap();
        return;
    }
    assert!(text == TYPES, "types.tsv is stale");
    let missing: BTreeSet<&str> =
        FACTS.lines().skip(1).map(|row| row.split('\t').next().unwrap()).filter(|name| !known.contains(*name)).collect();
    assert_eq!(missing, BTreeSet::from(NOT_REACHED), "types of merge_keys.tsv that no kind leads to");
}

/// In the table of facts, but part of no kind that is stored.
const NOT_REACHED: [&str; 6] = [
    "meta.v1.APIResource",
    "meta.v1.APIResourceList",
    "meta.v1.StatusDetails",
    "networking.v1beta1.ServiceCIDRSpec",
    "networking.v1beta1.ServiceCIDRStatus",
    "scheduling.v1alpha1.WorkloadSpec",
];

#[test]
fn zero_values_are_of_fields_that_exist() {
    let types: BTreeMap<&str, Vec<(&str, &str)>> = built_in_types().collect();
    for (name, fields) in zero_values() {
        for (field, value) in fields {
            assert!(types[name].iter().any(|(known, _)| *known == field), "{name} {field}");
            assert!(serde_json::from_str::<Value>(value).is_ok(), "{name} {field} {value}");
        }
    }
}

fn check(kind: (&str, &str, &str), path: &str, expected: (Strategy, Option<&str>)) {
    let mut schema = Schema::of(&Gvk::new(kind.0, kind.1, kind.2));
    let mut facts = &*NO_FACTS;
    for name in path.split('.') {
        (schema, facts) = schema.field(name);
    }
    assert_eq!((facts.strategy, facts.merge_key), expected, "{kind:?} {path}");
}

#[test]
fn lookups() {
    let pod = ("", "v1", "Pod");
    check(pod, "spec.containers", (Strategy::Merge, Some("name")));
    check(pod, "spec.containers.ports", (Strategy::Merge, Some("containerPort")));
    check(pod, "spec.containers.args", (Strategy::None, None));
    check(pod, "metadata.ownerReferences", (Strategy::Merge, Some("uid")));
    check(("", "v1", "Service"), "spec.ports", (Strategy::Merge, Some("port")));
    check(("apps", "v1", "Deployment"), "spec.template.spec.volumes", (Strategy::Merge, Some("name")));
    check(("batch", "v1", "CronJob"), "spec.jobTemplate.spec.template.spec.containers.env", (Strategy::Merge, Some("name")));
    check(("policy", "v1", "PodDisruptionBudget"), "spec.selector", (Strategy::Replace, None));
    check(("apps.example.com", "v1", "Deployment"), "spec.template.spec.containers", (Strategy::None, None));
    let crd = ("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
    check(
        crd,
        "spec.versions.schema.openAPIV3Schema.properties.spec.properties.a.x-kubernetes-validations",
        (Strategy::Merge, Some("rule")),
    );
    let deployment = Schema::of(&Gvk::new("apps", "v1", "Deployment")).field("spec").0;
    assert!(deployment.field("strategy").1.retain_keys);
    let ports = Schema::named("core.v1.Container").field("ports").1;
    assert_eq!((ports.list_type, &ports.list_map_keys[..]), (ListType::Map, &["containerPort", "protocol"][..]));
}
