//! The identity in a client certificate. That it is signed by the cluster's authority and in its time has been checked by TLS.

use x509_parser::prelude::{FromDer, X509Certificate};

use crate::context::UserInfo;

/// The user of a certificate in DER: its common name, with its organizations as groups. None where it has no common name.
pub fn identity(der: &[u8]) -> Option<UserInfo> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let subject = certificate.subject();
    let name = subject.iter_common_name().next()?.as_str().ok()?;
    let groups: Vec<&str> = subject.iter_organization().filter_map(|organization| organization.as_str().ok()).collect();
    (!name.is_empty()).then(|| UserInfo::new(name, &groups))
}
