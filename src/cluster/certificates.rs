//! The cluster's own certificate authority and what it signs: made at the first start, renewed at a start (and by the server while it runs) once a third of
//! their life is left. Keys are ECDSA P-256 in files with mode 0600.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, SerialNumber,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::files;

/// Life of the authority.
const AUTHORITY_YEARS: i64 = 10;
/// Life of what it signs.
const LEAF_DAYS: i64 = 365;
/// What is left of a leaf's life when it is renewed.
const RENEW_DAYS: i64 = LEAF_DAYS / 3;

/// Why there is no usable certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("{path}: {why}")]
    File { path: PathBuf, why: String },
    #[error("certificate {name} cannot be made: {source}")]
    Make { name: String, source: rcgen::Error },
    #[error("{path} is not a certificate or key that can be used ({why}); restore it, or delete the cluster and start anew")]
    Unusable { path: PathBuf, why: String },
}

/// A certificate with its key, as PEM.
#[derive(Clone)]
pub struct Pair {
    pub certificate_pem: String,
    pub key_pem: String,
}

impl Pair {
    /// For TLS: the chain (one certificate) and the key.
    pub fn der(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), rustls_pki_types::pem::Error> {
        let chain = CertificateDer::pem_slice_iter(self.certificate_pem.as_bytes()).collect::<Result<_, _>>()?;
        Ok((chain, PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes())?))
    }
}

/// Who a leaf is for.
pub struct Leaf<'a> {
    /// File name without ending.
    pub name: &'a str,
    /// Subject: the user's name.
    pub common_name: &'a str,
    /// Subject: the user's groups.
    pub organizations: &'a [&'a str],
    /// Names and addresses it serves under; none for a client.
    pub dns_names: Vec<String>,
    pub addresses: Vec<IpAddr>,
}

/// The authority, opened.
pub struct Authority {
    dir: PathBuf,
    pub certificate_pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Opens the cluster's authority in `dir`, or makes one.
    pub fn open(dir: &Path) -> Result<Self, CertificateError> {
        Self::open_as(dir, "ca", "kubernetes")
    }
    /// Opens the authority of the front proxy, or makes one: extension API servers believe what its holder says of others, so it signs nothing else.
    pub fn open_front_proxy(dir: &Path) -> Result<Self, CertificateError> {
        Self::open_as(dir, "front-proxy-ca", "front-proxy-ca")
    }
    fn open_as(dir: &Path, file: &str, common_name: &str) -> Result<Self, CertificateError> {
        files::create_private_dir(dir).map_err(|error| file_error(dir, &error))?;
        let (certificate_path, key_path) = (dir.join(format!("{file}.crt")), dir.join(format!("{file}.key")));
        if !certificate_path.exists() && !key_path.exists() {
            make_authority(&certificate_path, &key_path, common_name)?;
        }
        let certificate_pem = read(&certificate_path)?;
        let key = key_from(&key_path)?;
        let issuer = Issuer::from_ca_cert_pem(&certificate_pem, key)
            .map_err(|error| CertificateError::Unusable { path: certificate_path, why: error.to_string() })?;
        Ok(Self { dir: dir.to_owned(), certificate_pem, issuer })
    }

    /// The certificate for `leaf`: the one on disk while it is good, else a new one.
    pub fn leaf(&self, leaf: &Leaf<'_>, now: Timestamp) -> Result<Pair, CertificateError> {
        let certificate_path = self.dir.join(format!("{}.crt", leaf.name));
        let key_path = self.dir.join(format!("{}.key", leaf.name));
        if let (Ok(certificate_pem), Ok(key_pem)) = (read(&certificate_path), read(&key_path))
            && is_good(&certificate_pem, leaf, now)
        {
            return Ok(Pair { certificate_pem, key_pem });
        }
        let made = self.make_leaf(leaf, now).map_err(|source| CertificateError::Make { name: leaf.name.to_owned(), source })?;
        write(&key_path, &made.key_pem)?;
        write(&certificate_path, &made.certificate_pem)?;
        Ok(made)
    }

    fn make_leaf(&self, leaf: &Leaf<'_>, now: Timestamp) -> Result<Pair, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(leaf.dns_names.clone())?;
        params.subject_alt_names.extend(leaf.addresses.iter().map(|address| SanType::IpAddress(*address)));
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, leaf.common_name);
        for organization in leaf.organizations {
            params.distinguished_name.push(DnType::OrganizationName, *organization);
        }
        // An hour back, for clocks that are a little behind; whole days ahead.
        (params.not_before, params.not_after) = (date(now, 0), date(now, LEAF_DAYS));
        params.serial_number = Some(SerialNumber::from_slice(uuid::Uuid::new_v4().as_bytes()));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        if !leaf.dns_names.is_empty() || !leaf.addresses.is_empty() {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
        }
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Pair { certificate_pem: certificate.pem(), key_pem: key.serialize_pem() })
    }
}

impl controllers::CertificateSigner for Authority {
    fn sign(&self, request_pem: &str, usages: &[String], life: SignedDuration, now: Timestamp) -> Result<String, String> {
        let mut request = CertificateSigningRequestParams::from_pem(request_pem).map_err(|error| error.to_string())?;
        let params = &mut request.params;
        let end = time::OffsetDateTime::from_unix_timestamp((now + life).as_second()).map_err(|error| error.to_string())?;
        (params.not_before, params.not_after) = (date(now, 0), end);
        params.serial_number = Some(SerialNumber::from_slice(uuid::Uuid::new_v4().as_bytes()));
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = usages.iter().filter_map(|usage| key_usage(usage)).collect();
        params.extended_key_usages = usages.iter().filter_map(|usage| extended_key_usage(usage)).collect();
        request.signed_by(&self.issuer).map(|certificate| certificate.pem()).map_err(|error| error.to_string())
    }
}

/// Usages as certificate requests name them.
fn key_usage(usage: &str) -> Option<KeyUsagePurpose> {
    Some(match usage {
        "digital signature" => KeyUsagePurpose::DigitalSignature,
        "key encipherment" => KeyUsagePurpose::KeyEncipherment,
        _ => return None,
    })
}
fn extended_key_usage(usage: &str) -> Option<ExtendedKeyUsagePurpose> {
    Some(match usage {
        "client auth" => ExtendedKeyUsagePurpose::ClientAuth,
        "server auth" => ExtendedKeyUsagePurpose::ServerAuth,
        _ => return None,
    })
}

/// The key that signs service-account tokens, as PKCS#8 PEM.
pub fn service_account_key(dir: &Path) -> Result<String, CertificateError> {
    let path = dir.join("service-account.key");
    if !path.exists() {
        let key = KeyPair::generate().map_err(|source| CertificateError::Make { name: "service-account".to_owned(), source })?;
        write(&path, &key.serialize_pem())?;
    }
    let pem = read(&path)?;
    KeyPair::from_pem(&pem).map_err(|error| CertificateError::Unusable { path, why: error.to_string() })?;
    Ok(pem)
}

fn make_authority(certificate_path: &Path, key_path: &Path, common_name: &str) -> Result<(), CertificateError> {
    let make = || -> Result<(String, String), rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.serial_number = Some(SerialNumber::from_slice(uuid::Uuid::new_v4().as_bytes()));
        (params.not_before, params.not_after) = (date(Timestamp::now(), 0), date(Timestamp::now(), AUTHORITY_YEARS * 365));
        Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
    };
    let (certificate, key) = make().map_err(|source| CertificateError::Make { name: common_name.to_owned(), source })?;
    write(key_path, &key)?;
    write(certificate_path, &certificate)
}

/// Midnight (UTC) of the day that is `days` from the day before `now`: certificates are valid from yesterday, for clocks that are behind.
fn date(now: Timestamp, days: i64) -> time::OffsetDateTime {
    let day: Zoned = now.to_zoned(jiff::tz::TimeZone::UTC);
    let day = day.date().saturating_add((days - 1).days());
    rcgen::date_time_ymd(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs())
}

/// Signed for the same names and with enough life left.
fn is_good(certificate_pem: &str, leaf: &Leaf<'_>, now: Timestamp) -> bool {
    use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};
    let Ok(der) = CertificateDer::from_pem_slice(certificate_pem.as_bytes()) else { return false };
    let Ok((_, certificate)) = X509Certificate::from_der(&der) else { return false };
    let life_left_s = certificate.validity().not_after.timestamp() - now.as_second();
    let names: Vec<String> = match certificate.subject_alternative_name() {
        Ok(Some(extension)) => extension
            .value
            .general_names
            .iter()
            .filter_map(|name| match name {
                GeneralName::DNSName(name) => Some((*name).to_owned()),
                GeneralName::IPAddress(bytes) => match bytes.len() {
                    4 => <[u8; 4]>::try_from(*bytes).ok().map(|bytes| IpAddr::from(bytes).to_string()),
                    _ => <[u8; 16]>::try_from(*bytes).ok().map(|bytes| IpAddr::from(bytes).to_string()),
                },
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let wanted: Vec<String> = leaf.dns_names.iter().cloned().chain(leaf.addresses.iter().map(ToString::to_string)).collect();
    life_left_s > RENEW_DAYS * 24 * 3600 && wanted.iter().all(|name| names.contains(name))
}

fn key_from(path: &Path) -> Result<KeyPair, CertificateError> {
    KeyPair::from_pem(&read(path)?).map_err(|error| CertificateError::Unusable { path: path.to_owned(), why: error.to_string() })
}
fn read(path: &Path) -> Result<String, CertificateError> {
    fs::read_to_string(path).map_err(|error| file_error(path, &error))
}
fn write(path: &Path, text: &str) -> Result<(), CertificateError> {
    files::write_private(path, text.as_bytes()).map_err(|error| file_error(path, &error))
}
fn file_error(path: &Path, error: &std::io::Error) -> CertificateError {
    CertificateError::File { path: path.to_owned(), why: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(addresses: Vec<IpAddr>) -> Leaf<'static> {
        Leaf { name: "apiserver", common_name: "kube-apiserver", organizations: &[], dns_names: vec!["localhost".to_owned()], addresses }
    }

    #[test]
    fn leaves_are_kept_while_they_are_good() {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let address = vec!["127.0.0.1".parse().unwrap()];
        let first = Authority::open(dir.path()).unwrap().leaf(&server(address.clone()), now).unwrap();
        let authority = Authority::open(dir.path()).unwrap();
        assert_eq!(authority.leaf(&server(address.clone()), now).unwrap().certificate_pem, first.certificate_pem);
        // A new address needs a new certificate, and so does the end of its life.
        let second = authority.leaf(&server(vec!["127.0.0.1".parse().unwrap(), "10.96.0.1".parse().unwrap()]), now).unwrap();
        assert_ne!(second.certificate_pem, first.certificate_pem);
        let later = now.checked_add((LEAF_DAYS * 3 / 4 * 24).hours()).unwrap();
        assert_ne!(authority.leaf(&server(address), later).unwrap().certificate_pem, second.certificate_pem);
    }

    #[test]
    fn keys_are_private_and_a_broken_authority_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        Authority::open(dir.path()).unwrap();
        assert_eq!(fs::metadata(dir.path().join("ca.key")).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(dir.path().join("ca.key"), "nonsense").unwrap();
        assert!(matches!(Authority::open(dir.path()), Err(CertificateError::Unusable { .. })));
    }

    #[test]
    fn an_approved_request_is_signed_for_what_it_asks() {
        use controllers::CertificateSigner;
        use x509_parser::prelude::{FromDer, X509Certificate};
        let dir = tempfile::tempdir().unwrap();
        let authority = Authority::open(dir.path()).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "jane");
        let request = params.serialize_request(&KeyPair::generate().unwrap()).unwrap().pem().unwrap();
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let pem = authority.sign(&request, &["client auth".to_owned()], SignedDuration::from_hours(2), now).unwrap();
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        let (_, certificate) = X509Certificate::from_der(&der).unwrap();
        assert_eq!(certificate.subject().to_string(), "CN=jane");
        assert_eq!(certificate.validity().not_after.timestamp(), now.as_second() + 7200);
        let usages = certificate.extended_key_usage().unwrap().unwrap().value;
        assert!(usages.client_auth && !usages.server_auth);
        assert!(authority.sign("nothing", &[], SignedDuration::from_hours(2), now).is_err());
    }
}
