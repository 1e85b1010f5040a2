//! Printer columns and cells, a module a kind, as upstream's `pkg/printers/internalversion`. A kind whose printer is Name and Age stands in the list below;
//! one with columns of its own has a file of its name that offers the same two items, `COLUMNS` and `cells`.

pub mod name_and_age;

macro_rules! name_and_age {
    ($($kind:ident)*) => { $(pub mod $kind { pub use super::name_and_age::{COLUMNS, cells}; })* };
}

name_and_age! {
    api_service
    binding
    certificate_signing_request
    cluster_role
    cluster_role_binding
    cluster_trust_bundle
    component_status
    config_map
    controller_revision
    cron_job
    csi_driver
    csi_node
    csi_storage_capacity
    custom_resource_definition
    daemon_set
    deployment
    device_class
    device_taint_rule
    endpoint_slice
    endpoints
    event
    events_event
    flow_schema
    horizontal_pod_autoscaler
    horizontal_pod_autoscaler_v1
    ingress
    ingress_class
    ip_address
    job
    lease
    limit_range
    mutating_admission_policy
    mutating_admission_policy_binding
    mutating_webhook_configuration
    namespace
    network_policy
    node
    persistent_volume
    persistent_volume_claim
    pod
    pod_certificate_request
    pod_disruption_budget
    pod_template
    priority_class
    priority_level_configuration
    replica_set
    replication_controller
    resource_claim
    resource_claim_template
    resource_quota
    resource_slice
    review
    role
    role_binding
    runtime_class
    scale
    secret
    service
    service_account
    service_cidr
    stateful_set
    storage_class
    storage_version_migration
    validating_admission_policy
    validating_admission_policy_binding
    validating_webhook_configuration
    volume_attachment
    volume_attributes_class
}
