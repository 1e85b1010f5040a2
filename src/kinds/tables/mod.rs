//! Printer columns and cells, a module a kind, as upstream's `pkg/printers/internalversion`; its server answers as for `-o wide`, and the client leaves out
//! what is not asked for. A kind whose printer is Name and Age, or Name and the time of creation, stands in a list below; one with columns of its own has a
//! file of its name that offers the same two items, `COLUMNS` and `cells`.

mod cell;
mod column;
pub mod name_and_age;
pub mod name_and_created;

macro_rules! alike {
    ($table:ident: $($kind:ident)*) => { $(pub mod $kind { pub use super::$table::{COLUMNS, cells}; })* };
}

alike! { name_and_age:
    api_service
    binding
    certificate_signing_request
    cluster_role_binding
    cluster_trust_bundle
    component_status
    controller_revision
    cron_job
    csi_driver
    csi_node
    csi_storage_capacity
    daemon_set
    device_class
    device_taint_rule
    endpoint_slice
    endpoints
    flow_schema
    horizontal_pod_autoscaler
    horizontal_pod_autoscaler_v1
    ingress
    ingress_class
    ip_address
    job
    lease
    mutating_admission_policy
    mutating_admission_policy_binding
    mutating_webhook_configuration
    network_policy
    persistent_volume
    persistent_volume_claim
    pod_certificate_request
    pod_disruption_budget
    pod_template
    priority_class
    priority_level_configuration
    resource_claim
    resource_claim_template
    resource_quota
    resource_slice
    review
    role_binding
    runtime_class
    scale
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

alike! { name_and_created:
    cluster_role
    custom_resource_definition
    limit_range
    role
}

pub mod config_map;
pub mod deployment;
pub mod event;
pub mod events_event;
pub mod namespace;
pub mod node;
pub mod pod;
pub mod replica_set;
pub mod replication_controller;
pub mod secret;
pub mod service;
pub mod service_account;

#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;
