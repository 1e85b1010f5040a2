//! Persistent volumes and their claims, storage classes, and what drivers of volumes say of themselves.

pub(crate) mod claim;
