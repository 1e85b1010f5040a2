//! Ingresses, network policies and the addresses of services.

pub(crate) mod address;
pub(crate) mod ingress;
pub(crate) mod network_policy;

#[cfg(test)]
mod tests;
