//! All that is peculiar to one kind, pure: names, defaults, validation, what create, update and status may change, table columns. One static slice, [`ALL`],
//! drives routes, discovery, tables, short names and completion. Without IO, HTTP or a store.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "tests build their objects in place"))]

mod access;
mod all;
mod cluster;
mod configuration;
pub mod custom;
mod decode;
mod device;
mod difference;
mod event;
mod extension;
mod kind;
pub mod lookup;
mod networking;
mod older;
mod parts;
pub mod pod;
mod policy;
pub mod quota;
mod rules;
pub mod scale;
pub mod service;
mod shared;
mod storage;
pub mod tables;
mod versions;
mod warnings;
pub mod workload;

pub use access::certificate::approval_errors;
pub use all::*;
pub use cluster::namespace::finalizer as validate_finalizer;
pub use kind::{Behaviour, Column, Conversion, Erased, ErasedBehaviour, Kind, Owners, Part, Plain, Storage, Subresource, Table, Verb};
pub use lookup::{by_api_version, by_category, by_kind, by_resource, by_user_name, group_versions};
pub use older::older;
pub use policy::priority_class::SYSTEM_CLASSES;
pub use shared::{Shared, Text, Texts};

#[cfg(test)]
mod surface_test;
#[cfg(test)]
mod test_support;
