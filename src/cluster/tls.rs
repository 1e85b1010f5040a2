//! The API server's TLS: its certificate, renewed while it serves, and the clients' certificates, signed by the cluster's authority.

use std::net::IpAddr;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use anyhow::{Context, Result};
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::access;
use crate::certificates::Authority;
use crate::config::Config;

/// How often a running server looks whether its certificate wants renewal: leaves have months left by then.
const RENEWAL_CHECK: Duration = Duration::from_secs(24 * 3600);

/// The certificate in use.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.read().ok().map(|key| key.clone())
    }
}

/// TLS for the API server. A task renews the certificate for as long as somebody holds the configuration. Must be called inside a tokio runtime.
pub(crate) fn server_config(authority: &Authority, config: &Config, address: IpAddr) -> Result<ServerConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.certificate_pem.as_bytes())?)?;
    let clients = WebPkiClientVerifier::builder(Arc::new(roots)).allow_unauthenticated().build()?;
    let current = Arc::new(Current(RwLock::new(Arc::new(certificate(authority, config, address)?))));
    tokio::spawn(renew(Arc::downgrade(&current), config.clone(), address));
    Ok(ServerConfig::builder().with_client_cert_verifier(clients).with_cert_resolver(current))
}

fn certificate(authority: &Authority, config: &Config, address: IpAddr) -> Result<CertifiedKey> {
    let pair = authority.leaf(&access::api_server(config, address), jiff::Timestamp::now())?;
    let (chain, key) = pair.der().context("the API server's certificate")?;
    Ok(CertifiedKey::new(chain, rustls::crypto::ring::sign::any_supported_type(&key)?))
}

async fn renew(current: std::sync::Weak<Current>, config: Config, address: IpAddr) {
    loop {
        tokio::time::sleep(RENEWAL_CHECK).await;
        let Some(current) = current.upgrade() else { return };
        let renewed =
            Authority::open(&config.pki_dir()).map_err(Into::into).and_then(|authority| certificate(&authority, &config, address));
        match (renewed, current.0.write()) {
            (Ok(renewed), Ok(mut slot)) => *slot = Arc::new(renewed),
            (Err(error), _) => tracing::error!(%error, "the API server's certificate can not be renewed"),
            (_, Err(_)) => return,
        }
    }
}
