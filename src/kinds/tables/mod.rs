//! Printer columns and cells, a module a kind, as upstream's `pkg/printers/internalversion`; its server answers as for `-o wide`, and the client leaves out
//! what is not asked for. A kind whose printer is Name and Age, or Name and the time of creation, stands in a list below; one with columns of its own has a
//! file of its name that offers the same two items, `COLUMNS` and `cells`.

mod cell;
pub(crate) mod column;
pub mod name_and_age;
pub mod name_and_created;

macro_rules! alike {
    ($table:ident: $($kind:ident)*) => { $(pub mod $kind { pub use super::$table::{COLUMNS, cells}; })* };
}

alike! { name_and_age:
    binding
    device_class
    device_taint_rule
    resource_claim_template
    review
}

alike! { name_and_created:
    cluster_role
    custom_resource_definition
    limit_range
    role
}

pub mod api_service;
pub mod certificate_signing_request;
pub mod cluster_role_binding;
pub mod cluster_trust_bundle;
pub mod component_status;
pub mod config_map;
pub mod controller_revision;
pub mod cron_job;
pub mod csi_driver;
pub mod csi_node;
pub mod csi_storage_capacity;
pub mod daemon_set;
pub mod deployment;
pub mod endpoint_slice;
pub mod endpoints;
pub mod event;
pub mod events_event;
pub mod flow_schema;
pub mod horizontal_pod_autoscaler;
pub mod horizontal_pod_autoscaler_v1;
pub mod ingress;
pub mod ingress_class;
pub mod ip_address;
pub mod job;
pub mod lease;
pub mod mutating_admission_policy;
pub mod mutating_admission_policy_binding;
pub mod mutating_webhook_configuration;
pub mod namespace;
pub mod network_policy;
pub mod node;
pub mod persistent_volume;
pub mod persistent_volume_claim;
pub mod pod;
pub mod pod_certificate_request;
pub mod pod_disruption_budget;
pub mod pod_template;
pub mod priority_class;
pub mod priority_level_configuration;
pub mod replica_set;
pub mod replication_controller;
pub mod resource_claim;
pub mod resource_quota;
pub mod resource_slice;
pub mod role_binding;
pub mod runtime_class;
pub mod scale;
pub mod secret;
pub mod service;
pub mod service_account;
pub mod service_cidr;
pub mod stateful_set;
pub mod storage_class;
pub mod storage_version_migration;
pub mod validating_admission_policy;
pub mod validating_admission_policy_binding;
pub mod validating_webhook_configuration;
pub mod volume_attachment;
pub mod volume_attributes_class;

#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;
