//! Who may do what: RBAC, certificates.

pub(crate) mod bundle;
pub(crate) mod certificate;
pub(crate) mod rbac;
