//! The table of kinds: one row a kind and version, in the order of discovery (groups by upstream's priority, the preferred version of a group first, resources
//! by name). A row names the type, the singular, the scope, short names, categories, how it is stored, subresources, the behaviour and the printer.

use k8s_openapi::Resource;
use k8s_openapi::api::{
    admissionregistration::v1 as admissionregistration, apps::v1 as apps, authentication::v1 as authentication,
    authorization::v1 as authorization, autoscaling::v1 as autoscaling_v1, autoscaling::v2 as autoscaling_v2, batch::v1 as batch,
    certificates::v1 as certificates, coordination::v1 as coordination, core::v1 as core, discovery::v1 as discovery, events::v1 as events,
    flowcontrol::v1 as flowcontrol, networking::v1 as networking, node::v1 as node, policy::v1 as policy, rbac::v1 as rbac,
    resource::v1 as resource, scheduling::v1 as scheduling, storage::v1 as storage, storagemigration::v1 as storagemigration,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1 as apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1 as apiregistration;

use crate::cluster::{lease, namespace, node as node_kind};
use crate::configuration::{config_map, secret, service_account};
use crate::event::{EventBehaviour, EventsEventBehaviour};
use crate::kind::{Conversion, Erased, Kind, Plain, Storage, Subresource, Table, Verb};
use crate::pod::PodBehaviour;
use crate::service::{ServiceBehaviour, endpoint_slice, endpoints};
use crate::shared::{Shared, Texts, text};
use crate::storage::claim::ClaimBehaviour;
use crate::workload::{
    controller_revision, cron_job, daemon_set, deployment, job, pod_template, replica_set, replication_controller, stateful_set,
};
use crate::{access, device, extension, networking as networking_kind, policy as policy_kind, storage as storage_kind};
use crate::{tables, versions};

const ALL_VERBS: &[Verb] =
    &[Verb::Create, Verb::Delete, Verb::DeleteCollection, Verb::Get, Verb::List, Verb::Patch, Verb::Update, Verb::Watch];

/// How a row is stored, and with which verbs.
type Stored = (Storage, &'static [Verb]);
const STORED: Stored = (Storage::Stored, ALL_VERBS);
/// A namespace's collection can not be deleted.
const STORED_ONE_BY_ONE: Stored =
    (Storage::Stored, &[Verb::Create, Verb::Delete, Verb::Get, Verb::List, Verb::Patch, Verb::Update, Verb::Watch]);
const CREATED_ONLY: Stored = (Storage::Virtual, &[Verb::Create]);
const READ_ONLY: Stored = (Storage::Virtual, &[Verb::Get, Verb::List]);

const READ_AND_WRITE: &[Verb] = &[Verb::Get, Verb::Patch, Verb::Update];
const CONNECT: &[Verb] = &[Verb::Create, Verb::Get];
const PROXY: &[Verb] = &[Verb::Create, Verb::Delete, Verb::Get, Verb::Patch, Verb::Update];

const fn subresource(name: &'static str, verbs: &'static [Verb]) -> Subresource {
    Subresource { name, kind: None, verbs }
}
const fn of_kind(
    name: &'static str,
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    verbs: &'static [Verb],
) -> Subresource {
    Subresource { name, kind: Some((group, version, kind)), verbs }
}
const STATUS: Subresource = subresource("status", READ_AND_WRITE);
const SCALE: Subresource = of_kind("scale", "autoscaling", "v1", "Scale", READ_AND_WRITE);

macro_rules! rows {
    ($(#[$doc:meta])* $list:ident = $($name:ident $type:path: $singular:literal $scope:ident [$($short:literal)*] [$($category:literal)*] $stored:ident [$($subresource:expr),*] $behaviour:expr, $table:ident $(, $conversion:expr)? $(=> $deprecation:literal)?;)*) => {
        $(
            #[doc = concat!("The kind of `", stringify!($type), "`.")]
            pub static $name: Kind = Kind {
                group: text(<$type as Resource>::GROUP),
                version: text(<$type as Resource>::VERSION),
                kind: text(<$type as Resource>::KIND),
                plural: text(<$type as Resource>::URL_PATH_SEGMENT),
                singular: text($singular),
                short_names: Texts::Borrowed(const { &[$(text($short)),*] }),
                categories: Texts::Borrowed(const { &[$(text($category)),*] }),
                namespaced: rows!(@scope $scope),
                verbs: $stored.1,
                subresources: &[$($subresource),*],
                storage: $stored.0,
                conversion: rows!(@conversion $($conversion)?),
                deprecation: rows!(@deprecation $($deprecation)?),
                same_shape: false,
                behaviour: Shared::Static(&Erased::<$type, _> {
                    behaviour: $behaviour,
                    table: Table { columns: tables::$table::COLUMNS, cells: tables::$table::cells },
                }),
            };
        )*
        $(#[$doc])*
        pub static $list: &[&Kind] = &[$(&$name),*];
    };
    (@scope cluster) => { false };
    (@scope namespaced) => { true };
    (@conversion) => { None };
    (@conversion $conversion:expr) => { Some($conversion) };
    (@deprecation) => { None };
    (@deprecation $text:literal) => { Some(std::borrow::Cow::Borrowed($text)) };
}

rows! {
/// Every kind that is served, in the order of discovery.
ALL =
// core
BINDING core::Binding: "binding" namespaced [] [] CREATED_ONLY [] Plain, binding;
COMPONENT_STATUS core::ComponentStatus: "componentstatus" cluster ["cs"] [] READ_ONLY [] Plain, component_status => "v1 ComponentStatus is deprecated in v1.19+";
CONFIG_MAP core::ConfigMap: "configmap" namespaced ["cm"] [] STORED [] config_map::ConfigMapBehaviour, config_map;
ENDPOINTS core::Endpoints: "endpoints" namespaced ["ep"] [] STORED [] endpoints::EndpointsBehaviour, endpoints => "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
EVENT core::Event: "event" namespaced ["ev"] [] STORED [] EventBehaviour, event;
LIMIT_RANGE core::LimitRange: "limitrange" namespaced ["limits"] [] STORED [] policy_kind::limit_range::LimitRangeBehaviour, limit_range;
NAMESPACE core::Namespace: "namespace" cluster ["ns"] [] STORED_ONE_BY_ONE [subresource("finalize", &[Verb::Update]), STATUS] namespace::NamespaceBehaviour, namespace;
NODE core::Node: "node" cluster ["no"] [] STORED [of_kind("proxy", "", "v1", "NodeProxyOptions", PROXY), STATUS] node_kind::NodeBehaviour, node;
PERSISTENT_VOLUME_CLAIM core::PersistentVolumeClaim: "persistentvolumeclaim" namespaced ["pvc"] [] STORED [STATUS] ClaimBehaviour, persistent_volume_claim;
PERSISTENT_VOLUME core::PersistentVolume: "persistentvolume" cluster ["pv"] [] STORED [STATUS] storage_kind::volume::VolumeBehaviour, persistent_volume;
POD core::Pod: "pod" namespaced ["po"] ["all"] STORED [
    of_kind("attach", "", "v1", "PodAttachOptions", CONNECT),
    of_kind("binding", "", "v1", "Binding", &[Verb::Create]),
    subresource("ephemeralcontainers", READ_AND_WRITE),
    of_kind("eviction", "policy", "v1", "Eviction", &[Verb::Create]),
    of_kind("exec", "", "v1", "PodExecOptions", CONNECT),
    subresource("log", &[Verb::Get]),
    of_kind("portforward", "", "v1", "PodPortForwardOptions", CONNECT),
    of_kind("proxy", "", "v1", "PodProxyOptions", PROXY),
    subresource("resize", READ_AND_WRITE),
    STATUS
] PodBehaviour, pod;
POD_TEMPLATE core::PodTemplate: "podtemplate" namespaced [] [] STORED [] pod_template::PodTemplateBehaviour, pod_template;
REPLICATION_CONTROLLER core::ReplicationController: "replicationcontroller" namespaced ["rc"] ["all"] STORED [SCALE, STATUS] replication_controller::ReplicationControllerBehaviour, replication_controller;
RESOURCE_QUOTA core::ResourceQuota: "resourcequota" namespaced ["quota"] [] STORED [STATUS] policy_kind::resource_quota::ResourceQuotaBehaviour, resource_quota;
SECRET core::Secret: "secret" namespaced [] [] STORED [] secret::SecretBehaviour, secret;
SERVICE_ACCOUNT core::ServiceAccount: "serviceaccount" namespaced ["sa"] [] STORED [of_kind("token", "authentication.k8s.io", "v1", "TokenRequest", &[Verb::Create])] service_account::ServiceAccountBehaviour, service_account;
SERVICE core::Service: "service" namespaced ["svc"] ["all"] STORED [of_kind("proxy", "", "v1", "ServiceProxyOptions", PROXY), STATUS] ServiceBehaviour, service;
// 20000
API_SERVICE apiregistration::APIService: "apiservice" cluster [] ["api-extensions"] STORED [STATUS] extension::api_service::ApiServiceBehaviour, api_service;
// 17800
CONTROLLER_REVISION apps::ControllerRevision: "controllerrevision" namespaced [] [] STORED [] controller_revision::ControllerRevisionBehaviour, controller_revision;
DAEMON_SET apps::DaemonSet: "daemonset" namespaced ["ds"] ["all"] STORED [STATUS] daemon_set::DaemonSetBehaviour, daemon_set;
DEPLOYMENT apps::Deployment: "deployment" namespaced ["deploy"] ["all"] STORED [SCALE, STATUS] deployment::DeploymentBehaviour, deployment;
REPLICA_SET apps::ReplicaSet: "replicaset" namespaced ["rs"] ["all"] STORED [SCALE, STATUS] replica_set::ReplicaSetBehaviour, replica_set;
STATEFUL_SET apps::StatefulSet: "statefulset" namespaced ["sts"] ["all"] STORED [SCALE, STATUS] stateful_set::StatefulSetBehaviour, stateful_set;
// 17750
EVENTS_EVENT events::Event: "event" namespaced ["ev"] [] STORED [] EventsEventBehaviour, events_event,
    Conversion { stored_as: &EVENT, to_stored: versions::event::to_core, from_stored: versions::event::from_core };
// 17700
SELF_SUBJECT_REVIEW authentication::SelfSubjectReview: "selfsubjectreview" cluster [] [] CREATED_ONLY [] Plain, review;
TOKEN_REVIEW authentication::TokenReview: "tokenreview" cluster [] [] CREATED_ONLY [] Plain, review;
// 17600
LOCAL_SUBJECT_ACCESS_REVIEW authorization::LocalSubjectAccessReview: "localsubjectaccessreview" namespaced [] [] CREATED_ONLY [] Plain, review;
SELF_SUBJECT_ACCESS_REVIEW authorization::SelfSubjectAccessReview: "selfsubjectaccessreview" cluster [] [] CREATED_ONLY [] Plain, review;
SELF_SUBJECT_RULES_REVIEW authorization::SelfSubjectRulesReview: "selfsubjectrulesreview" cluster [] [] CREATED_ONLY [] Plain, review;
SUBJECT_ACCESS_REVIEW authorization::SubjectAccessReview: "subjectaccessreview" cluster [] [] CREATED_ONLY [] Plain, review;
// 17500
HORIZONTAL_POD_AUTOSCALER autoscaling_v2::HorizontalPodAutoscaler: "horizontalpodautoscaler" namespaced ["hpa"] ["all"] STORED [STATUS] policy_kind::autoscaler::AutoscalerBehaviour, horizontal_pod_autoscaler;
HORIZONTAL_POD_AUTOSCALER_V1 autoscaling_v1::HorizontalPodAutoscaler: "horizontalpodautoscaler" namespaced ["hpa"] ["all"] STORED [STATUS] policy_kind::autoscaler::AutoscalerV1Behaviour, horizontal_pod_autoscaler_v1,
    Conversion { stored_as: &HORIZONTAL_POD_AUTOSCALER, to_stored: versions::autoscaler::to_v2, from_stored: versions::autoscaler::to_v1 };
// 17400
CRON_JOB batch::CronJob: "cronjob" namespaced ["cj"] ["all"] STORED [STATUS] cron_job::CronJobBehaviour, cron_job;
JOB batch::Job: "job" namespaced [] ["all"] STORED [STATUS] job::JobBehaviour, job;
// 17300
CERTIFICATE_SIGNING_REQUEST certificates::CertificateSigningRequest: "certificatesigningrequest" cluster ["csr"] [] STORED [subresource("approval", READ_AND_WRITE), STATUS] access::certificate::CertificateBehaviour, certificate_signing_request;
CLUSTER_TRUST_BUNDLE certificates::ClusterTrustBundle: "clustertrustbundle" cluster [] [] STORED [] access::bundle::ClusterTrustBundleBehaviour, cluster_trust_bundle;
POD_CERTIFICATE_REQUEST certificates::PodCertificateRequest: "podcertificaterequest" namespaced [] [] STORED [STATUS] access::bundle::PodCertificateRequestBehaviour, pod_certificate_request;
// 17200
INGRESS_CLASS networking::IngressClass: "ingressclass" cluster [] [] STORED [] networking_kind::ingress::IngressClassBehaviour, ingress_class;
INGRESS networking::Ingress: "ingress" namespaced ["ing"] [] STORED [STATUS] networking_kind::ingress::IngressBehaviour, ingress;
IP_ADDRESS networking::IPAddress: "ipaddress" cluster ["ip"] [] STORED [] networking_kind::address::IpAddressBehaviour, ip_address;
NETWORK_POLICY networking::NetworkPolicy: "networkpolicy" namespaced ["netpol"] [] STORED [] networking_kind::network_policy::NetworkPolicyBehaviour, network_policy;
SERVICE_CIDR networking::ServiceCIDR: "servicecidr" cluster [] [] STORED [STATUS] networking_kind::address::ServiceCidrBehaviour, service_cidr;
// 17100
POD_DISRUPTION_BUDGET policy::PodDisruptionBudget: "poddisruptionbudget" namespaced ["pdb"] [] STORED [STATUS] policy_kind::disruption_budget::DisruptionBudgetBehaviour, pod_disruption_budget;
// 17000
CLUSTER_ROLE_BINDING rbac::ClusterRoleBinding: "clusterrolebinding" cluster [] [] STORED [] access::rbac::ClusterRoleBindingBehaviour, cluster_role_binding;
CLUSTER_ROLE rbac::ClusterRole: "clusterrole" cluster [] [] STORED [] access::rbac::ClusterRoleBehaviour, cluster_role;
ROLE_BINDING rbac::RoleBinding: "rolebinding" namespaced [] [] STORED [] access::rbac::RoleBindingBehaviour, role_binding;
ROLE rbac::Role: "role" namespaced [] [] STORED [] access::rbac::RoleBehaviour, role;
// 16800
CSI_DRIVER storage::CSIDriver: "csidriver" cluster [] [] STORED [] storage_kind::driver::CsiDriverBehaviour, csi_driver;
CSI_NODE storage::CSINode: "csinode" cluster [] [] STORED [] storage_kind::driver::CsiNodeBehaviour, csi_node;
CSI_STORAGE_CAPACITY storage::CSIStorageCapacity: "csistoragecapacity" namespaced [] [] STORED [] storage_kind::driver::CsiStorageCapacityBehaviour, csi_storage_capacity;
STORAGE_CLASS storage::StorageClass: "storageclass" cluster ["sc"] [] STORED [] storage_kind::class::StorageClassBehaviour, storage_class;
VOLUME_ATTACHMENT storage::VolumeAttachment: "volumeattachment" cluster [] [] STORED [STATUS] storage_kind::driver::VolumeAttachmentBehaviour, volume_attachment;
VOLUME_ATTRIBUTES_CLASS storage::VolumeAttributesClass: "volumeattributesclass" cluster ["vac"] [] STORED [] storage_kind::class::VolumeAttributesClassBehaviour, volume_attributes_class;
// 16700
MUTATING_ADMISSION_POLICY admissionregistration::MutatingAdmissionPolicy: "mutatingadmissionpolicy" cluster [] ["api-extensions"] STORED [] extension::admission_policy::MutatingPolicyBehaviour, mutating_admission_policy;
MUTATING_ADMISSION_POLICY_BINDING admissionregistration::MutatingAdmissionPolicyBinding: "mutatingadmissionpolicybinding" cluster [] ["api-extensions"] STORED [] extension::admission_policy::MutatingBindingBehaviour, mutating_admission_policy_binding;
MUTATING_WEBHOOK_CONFIGURATION admissionregistration::MutatingWebhookConfiguration: "mutatingwebhookconfiguration" cluster [] ["api-extensions"] STORED [] extension::webhook::MutatingBehaviour, mutating_webhook_configuration;
VALIDATING_ADMISSION_POLICY admissionregistration::ValidatingAdmissionPolicy: "validatingadmissionpolicy" cluster [] ["api-extensions"] STORED [STATUS] extension::admission_policy::ValidatingPolicyBehaviour, validating_admission_policy;
VALIDATING_ADMISSION_POLICY_BINDING admissionregistration::ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybinding" cluster [] ["api-extensions"] STORED [] extension::admission_policy::ValidatingBindingBehaviour, validating_admission_policy_binding;
VALIDATING_WEBHOOK_CONFIGURATION admissionregistration::ValidatingWebhookConfiguration: "validatingwebhookconfiguration" cluster [] ["api-extensions"] STORED [] extension::webhook::ValidatingBehaviour, validating_webhook_configuration;
CUSTOM_RESOURCE_DEFINITION apiextensions::CustomResourceDefinition: "customresourcedefinition" cluster ["crd" "crds"] ["api-extensions"] STORED [STATUS] extension::custom_resource::CustomResourceBehaviour, custom_resource_definition;
// 16600
PRIORITY_CLASS scheduling::PriorityClass: "priorityclass" cluster ["pc"] [] STORED [] policy_kind::priority_class::PriorityClassBehaviour, priority_class;
// 16500
LEASE coordination::Lease: "lease" namespaced [] [] STORED [] lease::LeaseBehaviour, lease;
// 16300
RUNTIME_CLASS node::RuntimeClass: "runtimeclass" cluster [] [] STORED [] extension::runtime_class::RuntimeClassBehaviour, runtime_class;
// 16200
ENDPOINT_SLICE discovery::EndpointSlice: "endpointslice" namespaced [] [] STORED [] endpoint_slice::EndpointSliceBehaviour, endpoint_slice;
// 16100
FLOW_SCHEMA flowcontrol::FlowSchema: "flowschema" cluster [] [] STORED [STATUS] extension::flow_control::FlowSchemaBehaviour, flow_schema;
PRIORITY_LEVEL_CONFIGURATION flowcontrol::PriorityLevelConfiguration: "prioritylevelconfiguration" cluster [] [] STORED [STATUS] extension::flow_control::PriorityLevelBehaviour, priority_level_configuration;
// 15900
DEVICE_CLASS resource::DeviceClass: "deviceclass" cluster [] [] STORED [] Plain, device_class;
DEVICE_TAINT_RULE resource::DeviceTaintRule: "devicetaintrule" cluster [] [] STORED [STATUS] device::DeviceTaintRuleBehaviour, device_taint_rule;
RESOURCE_CLAIM resource::ResourceClaim: "resourceclaim" namespaced [] [] STORED [STATUS] device::ResourceClaimBehaviour, resource_claim;
RESOURCE_CLAIM_TEMPLATE resource::ResourceClaimTemplate: "resourceclaimtemplate" namespaced [] [] STORED [] device::ResourceClaimTemplateBehaviour, resource_claim_template;
RESOURCE_SLICE resource::ResourceSlice: "resourceslice" cluster [] [] STORED [] device::ResourceSliceBehaviour, resource_slice;
// 15800
STORAGE_VERSION_MIGRATION storagemigration::StorageVersionMigration: "storageversionmigration" cluster [] [] STORED [STATUS] storage_kind::migration::MigrationBehaviour, storage_version_migration;
}

rows! {
/// The kinds that are served only below others: bodies of `scale`, `eviction` and `token`.
BODIES =
SCALE_BODY autoscaling_v1::Scale: "scale" namespaced [] [] CREATED_ONLY [] Plain, scale;
EVICTION policy::Eviction: "eviction" namespaced [] [] CREATED_ONLY [] Plain, binding;
TOKEN_REQUEST authentication::TokenRequest: "tokenrequest" namespaced [] [] CREATED_ONLY [] Plain, review;
}
