//! The API server's TLS: its certificates, as a server and as the front proxy of extension API servers, renewed while it serves, and the clients' certificates, signed by
//! the cluster's authority.

use std::net::IpAddr;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use anyhow::{Context, Result};
use apiserver::FrontProxy;
use rustls::client::ResolvesClientCert;
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig, SignatureScheme};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::access;
use crate::certificates::{Authority, Leaf};
use crate::config::Config;

/// How often a running server looks whether its certificate wants renewal: leaves have months left by then.
const RENEWAL_CHECK: Duration = Duration::from_secs(24 * 3600);

/// The certificate in use.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl Current {
    /// A certificate that `make` opens, or makes anew where its time comes: a task does so for as long as somebody holds it.
    fn new(what: &'static str, make: impl Fn() -> Result<CertifiedKey> + Send + 'static) -> Result<Arc<Self>> {
        let current = Arc::new(Self(RwLock::new(Arc::new(make().context(what)?))));
        let weak = Arc::downgrade(&current);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(RENEWAL_CHECK).await;
                let Some(current) = weak.upgrade() else { return };
                match (make(), current.0.write()) {
                    (Ok(renewed), Ok(mut slot)) => *slot = Arc::new(renewed),
                    (Err(error), _) => tracing::error!(%error, "{what} can not be renewed"),
                    (_, Err(_)) => return,
                }
            }
        });
        Ok(current)
    }
    fn key(&self) -> Option<Arc<CertifiedKey>> {
        self.0.read().ok().map(|key| key.clone())
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.key()
    }
}

impl ResolvesClientCert for Current {
    fn resolve(&self, _issuers: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.key()
    }
    fn has_certs(&self) -> bool {
        true
    }
}

/// TLS for the API server. Must be called inside a tokio runtime.
pub(crate) fn server_config(authority: &Authority, config: &Config, address: IpAddr) -> Result<ServerConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.certificate_pem.as_bytes())?)?;
    let clients = WebPkiClientVerifier::builder(Arc::new(roots)).allow_unauthenticated().build()?;
    let config = config.clone();
    let current = Current::new("the API server's certificate", move || {
        key_of(&Authority::open(&config.pki_dir())?, &access::api_server(&config, address))
    })?;
    Ok(ServerConfig::builder().with_client_cert_verifier(clients).with_cert_resolver(current))
}

/// What the API server is to extension API servers. Must be called inside a tokio runtime.
pub(crate) fn front_proxy(authority: &Authority, config: &Config) -> Result<FrontProxy> {
    let dir = config.pki_dir();
    let (ca_pem, leaf) = (Authority::open_front_proxy(&dir)?.certificate_pem, access::front_proxy());
    let certificate =
        Current::new("the certificate of the front proxy", move || key_of(&Authority::open_front_proxy(&dir)?, &access::front_proxy()))?;
    Ok(FrontProxy {
        client_ca_pem: authority.certificate_pem.clone(),
        ca_pem,
        allowed_names: vec![leaf.common_name.to_owned()],
        certificate,
    })
}

fn key_of(authority: &Authority, leaf: &Leaf<'_>) -> Result<CertifiedKey> {
    let (chain, key) = authority.leaf(leaf, jiff::Timestamp::now())?.der()?;
    Ok(CertifiedKey::new(chain, rustls::crypto::ring::sign::any_supported_type(&key)?))
}
