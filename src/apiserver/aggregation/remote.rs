//! An APIService that names a service, and what of it is told with the rest.

use std::sync::Arc;

use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::APIService;
use kinds::API_SERVICE;

use super::Told;
use crate::cache::Item;
use crate::callout::Trust;
use crate::registry::Registry;
use crate::service_reference::{DEFAULT_PORT, ServiceReference};

/// A group version that an extension API server serves.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// `v1beta1.metrics.k8s.io`.
    pub name: String,
    pub group: String,
    pub version: String,
    /// Of the group and of the version.
    pub priorities: (i32, i32),
    pub service: ServiceReference,
    pub trust: Trust,
    /// As its APIService says.
    pub available: bool,
}

/// A group version of an extension API server as discovery and OpenAPI tell it.
#[derive(Clone, Debug, PartialEq)]
pub struct Remote {
    pub group: String,
    pub version: String,
    pub priorities: (i32, i32),
    pub told: Arc<Told>,
}

impl Extension {
    /// None for a group version that this server serves itself.
    pub fn of(service: &APIService) -> Option<Self> {
        let spec = service.spec.as_ref()?;
        let reference = spec.service.as_ref()?;
        let group = spec.group.clone().filter(|group| !group.is_empty())?;
        let unverified = spec.insecure_skip_tls_verify == Some(true);
        let bundle = spec.ca_bundle.as_ref().map(|bundle| bundle.0.clone()).unwrap_or_default();
        let mut conditions = service.status.iter().flat_map(|status| status.conditions.iter().flatten());
        Some(Self {
            name: service.metadata.name.clone().unwrap_or_default(),
            group,
            version: spec.version.clone().unwrap_or_default(),
            priorities: (spec.group_priority_minimum, spec.version_priority),
            service: ServiceReference {
                namespace: reference.namespace.clone().unwrap_or_default(),
                name: reference.name.clone().unwrap_or_default(),
                port: reference.port.unwrap_or(DEFAULT_PORT),
            },
            trust: Trust { bundle, unverified, as_front_proxy: true },
            available: conditions.any(|condition| condition.type_ == "Available" && condition.status == "True"),
        })
    }
    fn of_item(item: &Item) -> Option<Self> {
        let object = item.object(&API_SERVICE).ok()?;
        Self::of(object.downcast_ref()?)
    }
    pub fn find(registry: &Registry, name: &str) -> Option<Self> {
        let resource = &registry.of(&API_SERVICE).resource;
        Self::of_item(&*resource.get(&resource.key("", name))?)
    }
    pub fn all(registry: &Registry) -> Vec<Self> {
        let (items, _) = registry.of(&API_SERVICE).resource.list("", || 0);
        items.iter().filter_map(|item| Self::of_item(item)).collect()
    }
    /// Where it is asked, by the name that its certificate is for.
    pub fn origin(&self) -> String {
        format!("https://{}:{}", self.service.host(), self.service.port)
    }
    /// The path that it must answer.
    pub fn discovery_path(&self) -> String {
        format!("/apis/{}/{}", self.group, self.version)
    }
}
