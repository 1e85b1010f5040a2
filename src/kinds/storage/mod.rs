//! Persistent volumes and their claims, storage classes, and what drivers of volumes say of themselves.

pub(crate) mod claim;
pub(crate) mod class;
pub(crate) mod driver;
pub(crate) mod migration;
pub(crate) mod volume;

#[cfg(test)]
mod tests;
