//! Whom the API server believes that they are who they say, and what it shows of itself.

use std::sync::Arc;

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::CallError;

/// Whom to believe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Trust {
    /// Authorities in PEM; the host's own where it is empty.
    pub bundle: Vec<u8>,
    /// Everybody is believed: `insecureSkipTLSVerify` of an API service.
    pub unverified: bool,
    /// The other end is an extension API server: it is shown that this is the front proxy.
    pub as_front_proxy: bool,
}

pub fn client_config(trust: &Trust, identity: Option<&Arc<dyn ResolvesClientCert>>) -> Result<ClientConfig, CallError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().map_err(|_| CallError::Bundle)?;
    let builder = if trust.unverified {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Everybody(provider)))
    } else {
        builder.with_root_certificates(roots(&trust.bundle)?)
    };
    Ok(match identity.filter(|_| trust.as_front_proxy) {
        Some(identity) => builder.with_client_cert_resolver(identity.clone()),
        None => builder.with_no_client_auth(),
    })
}

fn roots(bundle: &[u8]) -> Result<rustls::RootCertStore, CallError> {
    let mut roots = rustls::RootCertStore::empty();
    if bundle.is_empty() {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    }
    for certificate in CertificateDer::pem_slice_iter(bundle) {
        roots.add(certificate.map_err(|_| CallError::Bundle)?).map_err(|_| CallError::Bundle)?;
    }
    if roots.is_empty() { Err(CallError::Bundle) } else { Ok(roots) }
}

/// Takes any certificate; that the other end holds its key is still checked.
#[derive(Debug)]
struct Everybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Everybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
