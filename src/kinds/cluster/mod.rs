//! Namespaces, nodes and leases: what a cluster is made of.

pub(crate) mod lease;
pub(crate) mod namespace;
pub(crate) mod node;

#[cfg(test)]
mod tests;
