//! A server on a loopback port for trying real clients: `cargo run -p apiserver --example dev -- DIR [PORT]` writes `DIR/kubeconfig` and serves until it is killed.
#![allow(clippy::print_stdout, reason = "an example tells where its kubeconfig is")]

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use apiserver::{Config, Server};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, SanType};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut arguments = std::env::args().skip(1);
    let dir = PathBuf::from(arguments.next().ok_or("usage: dev DIR [PORT]")?);
    let port: u16 = arguments.next().map_or(Ok(6443), |port| port.parse())?;
    std::fs::create_dir_all(&dir)?;

    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "kubernetes");
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let mut params = CertificateParams::new(vec!["localhost".to_owned(), "kubernetes.default.svc".to_owned()])?;
    params.subject_alt_names.push(SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let server_key = KeyPair::generate()?;
    let server_certificate = params.signed_by(&server_key, &ca)?;
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name.push(DnType::CommonName, "kubernetes-admin");
    params.distinguished_name.push(DnType::OrganizationName, "system:masters");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let client_key = KeyPair::generate()?;
    let client_certificate = params.signed_by(&client_key, &ca)?;

    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.pem().as_bytes())?)?;
    let verifier = rustls::server::WebPkiClientVerifier::builder(Arc::new(roots)).allow_unauthenticated().build()?;
    let tls = rustls::ServerConfig::builder()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![server_certificate.der().clone()], PrivateKeyDer::from_pem_slice(server_key.serialize_pem().as_bytes())?)?;

    let store = store::Store::open(&dir.join("store"), store::Options::default())?;
    let server = Server::new(Config {
        advertise_address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        advertise_port: port,
        ..Config::standalone(store, KeyPair::generate()?.serialize_pem())
    })
    .await?;
    let encode = |text: &str| {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(text)
    };
    let kubeconfig = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: dev\nclusters:\n- name: dev\n  cluster:\n    server: https://127.0.0.1:{port}\n    certificate-authority-data: {}\nusers:\n- name: dev\n  user:\n    client-certificate-data: {}\n    client-key-data: {}\ncontexts:\n- name: dev\n  context:\n    cluster: dev\n    user: dev\n",
        encode(&ca.pem()),
        encode(&client_certificate.pem()),
        encode(&client_key.serialize_pem()),
    );
    let path = dir.join("kubeconfig");
    std::fs::write(&path, kubeconfig)?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("export KUBECONFIG={}", path.display());
    server
        .serve(listener, tls, async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await;
    server.close().await;
    Ok(())
}
