//! Services that the API server itself calls, for webhooks and extension API servers: from a reference to an address of one of its ready endpoints.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use k8s_openapi::api::core::v1::{Service, ServicePort};
use k8s_openapi::api::discovery::v1::EndpointSlice;

use crate::cache::{Cache, Resource};

/// The port of a reference that names none.
pub const DEFAULT_PORT: i32 = 443;

/// A service and one of its ports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServiceReference {
    pub namespace: String,
    pub name: String,
    pub port: i32,
}

/// Where the service is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    Address(SocketAddr),
    /// An `ExternalName`, to be resolved.
    Name(String, u16),
}

/// Why there is no address. The words are upstream's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    #[error("service {0:?} not found")]
    Missing(String),
    #[error("no service port {port} found for service {name:?}")]
    Port { name: String, port: i32 },
    #[error("no endpoints available for service {0:?}")]
    NoEndpoints(String),
}

impl ServiceReference {
    /// What its certificate is for.
    pub fn host(&self) -> String {
        format!("{}.{}.svc", self.name, self.namespace)
    }
}

/// Finds services in the watch cache.
#[derive(Clone)]
pub struct ServiceResolver {
    services: Arc<Resource>,
    slices: Arc<Resource>,
}

impl ServiceResolver {
    pub fn new(cache: &Cache) -> Self {
        Self { services: cache.resource("", "services"), slices: cache.resource("discovery.k8s.io", "endpointslices") }
    }
    /// One of the ready endpoints behind the port of a service, another one each time.
    pub fn resolve(&self, reference: &ServiceReference) -> Result<Backend, ServiceError> {
        let ServiceReference { namespace, name, port } = reference;
        let missing = || ServiceError::Missing(name.clone());
        let item = self.services.get(&self.services.key(namespace, name)).ok_or_else(missing)?;
        let object = item.object(&kinds::SERVICE).map_err(|_| missing())?;
        let spec = object.downcast_ref::<Service>().and_then(|service| service.spec.clone()).ok_or_else(missing)?;
        let wrong_port = || ServiceError::Port { name: name.clone(), port: *port };
        if spec.type_.as_deref() == Some("ExternalName") {
            let port = u16::try_from(*port).map_err(|_| wrong_port())?;
            return Ok(Backend::Name(spec.external_name.unwrap_or_default(), port));
        }
        let service_port = spec.ports.iter().flatten().find(|candidate| candidate.port == *port).ok_or_else(wrong_port)?;
        let found = self.endpoints(namespace, name, service_port);
        let pick = usize::from(uuid::Uuid::new_v4().as_bytes()[0]);
        let (address, port) = found.get(pick % found.len().max(1)).ok_or_else(|| ServiceError::NoEndpoints(name.clone()))?;
        Ok(Backend::Address(SocketAddr::new(*address, *port)))
    }
    /// The ready endpoints behind a port of a service.
    pub fn endpoints(&self, namespace: &str, name: &str, service_port: &ServicePort) -> Vec<(IpAddr, u16)> {
        let (items, _) = self.slices.list(namespace, || 0);
        let mut found = Vec::new();
        for item in items.iter().filter(|item| item.label("kubernetes.io/service-name") == Some(name)) {
            let Ok(object) = item.object(&kinds::ENDPOINT_SLICE) else { continue };
            let Some(slice) = object.downcast_ref::<EndpointSlice>() else { continue };
            let wanted = service_port.name.as_deref().unwrap_or_default();
            let number = slice.ports.iter().flatten().find(|port| port.name.as_deref().unwrap_or_default() == wanted);
            let Some(number) = number.and_then(|port| port.port).and_then(|port| u16::try_from(port).ok()) else { continue };
            let ready = slice
                .endpoints
                .iter()
                .flatten()
                .filter(|endpoint| endpoint.conditions.as_ref().and_then(|conditions| conditions.ready) != Some(false));
            found.extend(ready.flat_map(|endpoint| &endpoint.addresses).filter_map(|address| Some((address.parse().ok()?, number))));
        }
        found
    }
}
