//! ConfigMaps, Secrets and ServiceAccounts: what pods are configured with.

pub(crate) mod config_map;
pub(crate) mod secret;
pub(crate) mod service_account;

/// Bytes of all values of a ConfigMap or Secret together.
pub(crate) const MAX_BYTES: usize = 1024 * 1024;
const IMMUTABLE_SET: &str = "field is immutable when `immutable` is set";

#[cfg(test)]
mod tests;
