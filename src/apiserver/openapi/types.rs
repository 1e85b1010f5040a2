//! The types whose schemas are published: one row a type of [`kinds::ALL`] and of the bodies of subresources.

use k8s_openapi::api::{
    admissionregistration::v1 as admissionregistration, apps::v1 as apps, authentication::v1 as authentication,
    authorization::v1 as authorization, autoscaling::v1 as autoscaling_v1, autoscaling::v2 as autoscaling_v2, batch::v1 as batch,
    certificates::v1 as certificates, coordination::v1 as coordination, core::v1 as core, discovery::v1 as discovery, events::v1 as events,
    flowcontrol::v1 as flowcontrol, networking::v1 as networking, node::v1 as node, policy::v1 as policy, rbac::v1 as rbac,
    resource::v1 as resource, scheduling::v1 as scheduling, storage::v1 as storage, storagemigration::v1 as storagemigration,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1 as apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1 as apiregistration;

use schemars::SchemaGenerator;

/// Group, version and kind of a type, and what adds its schema, with all that it refers to, to a generator.
pub struct Type {
    pub group: &'static str,
    pub version: &'static str,
    pub kind: &'static str,
    /// Its name among the schemas.
    pub name: fn() -> std::borrow::Cow<'static, str>,
    pub add: fn(&mut SchemaGenerator),
}

macro_rules! types {
    ($($type:path;)*) => {
        &[$(Type {
            group: <$type as k8s_openapi::Resource>::GROUP,
            version: <$type as k8s_openapi::Resource>::VERSION,
            kind: <$type as k8s_openapi::Resource>::KIND,
            name: <$type as schemars::JsonSchema>::schema_name,
            add: |generator| {
                generator.subschema_for::<$type>();
            },
        }),*]
    };
}

/// All of them.
pub static TYPES: &[Type] = types! {
    core::Binding;
    core::ComponentStatus;
    core::ConfigMap;
    core::Endpoints;
    core::Event;
    core::LimitRange;
    core::Namespace;
    core::Node;
    core::PersistentVolumeClaim;
    core::PersistentVolume;
    core::Pod;
    core::PodTemplate;
    core::ReplicationController;
    core::ResourceQuota;
    core::Secret;
    core::ServiceAccount;
    core::Service;
    apiregistration::APIService;
    apps::ControllerRevision;
    apps::DaemonSet;
    apps::Deployment;
    apps::ReplicaSet;
    apps::StatefulSet;
    events::Event;
    authentication::SelfSubjectReview;
    authentication::TokenReview;
    authorization::LocalSubjectAccessReview;
    authorization::SelfSubjectAccessReview;
    authorization::SelfSubjectRulesReview;
    authorization::SubjectAccessReview;
    autoscaling_v2::HorizontalPodAutoscaler;
    autoscaling_v1::HorizontalPodAutoscaler;
    batch::CronJob;
    batch::Job;
    certificates::CertificateSigningRequest;
    certificates::ClusterTrustBundle;
    certificates::PodCertificateRequest;
    networking::IngressClass;
    networking::Ingress;
    networking::IPAddress;
    networking::NetworkPolicy;
    networking::ServiceCIDR;
    policy::PodDisruptionBudget;
    rbac::ClusterRoleBinding;
    rbac::ClusterRole;
    rbac::RoleBinding;
    rbac::Role;
    storage::CSIDriver;
    storage::CSINode;
    storage::CSIStorageCapacity;
    storage::StorageClass;
    storage::VolumeAttachment;
    storage::VolumeAttributesClass;
    admissionregistration::MutatingAdmissionPolicy;
    admissionregistration::MutatingAdmissionPolicyBinding;
    admissionregistration::MutatingWebhookConfiguration;
    admissionregistration::ValidatingAdmissionPolicy;
    admissionregistration::ValidatingAdmissionPolicyBinding;
    admissionregistration::ValidatingWebhookConfiguration;
    apiextensions::CustomResourceDefinition;
    scheduling::PriorityClass;
    coordination::Lease;
    node::RuntimeClass;
    discovery::EndpointSlice;
    flowcontrol::FlowSchema;
    flowcontrol::PriorityLevelConfiguration;
    resource::DeviceClass;
    resource::DeviceTaintRule;
    resource::ResourceClaim;
    resource::ResourceClaimTemplate;
    resource::ResourceSlice;
    storagemigration::StorageVersionMigration;
    autoscaling_v1::Scale;
    policy::Eviction;
    authentication::TokenRequest;
};
