//! What a server is made from. All of it is handed in; nothing is read from the environment.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use api::addresses::Cidr;
use store::{Opened, Snapshot};

use crate::admission::Choice;
use crate::audit::Audit;
use crate::authn::oidc::OidcConfig;
use crate::node::{NoNodes, NodeDialer};

/// Everything that [`crate::Server::new`] needs.
pub struct Config {
    /// An opened store, and what it had on disk.
    pub store: (Opened, Snapshot),
    /// Private keys that sign service-account tokens, PKCS #8 in PEM: the first signs, all of them verify.
    pub service_account_keys: Vec<String>,
    /// `iss` of tokens: `https://kubernetes.default.svc.cluster.local`.
    pub issuer: String,
    /// Audiences of this server; the issuer where there are none.
    pub audiences: Vec<String>,
    /// Addresses of services: `10.96.0.0/16`.
    pub service_cidr: Cidr,
    /// Node ports: 30000 to 32767.
    pub node_ports: (u16, u16),
    /// Where clients, and pods through the `kubernetes` service, reach this server.
    pub advertise_address: IpAddr,
    pub advertise_port: u16,
    pub security: Security,
    /// How kubelets are reached, for logs, exec and the like.
    pub dialer: Arc<dyn NodeDialer>,
    /// Serve the versions of kinds that upstream has removed, too.
    pub older_versions: bool,
    /// `gitVersion` of `/version`.
    pub git_version: String,
    /// Further facts of the build for `/version`.
    pub git_commit: String,
    pub build_date: String,
}

impl Config {
    /// A server by itself, as tests and examples want it: without kubelets, with upstream's ranges, reached at an address of the range for documentation.
    pub fn standalone(store: (Opened, Snapshot), service_account_key: String) -> Self {
        Self {
            store,
            service_account_keys: vec![service_account_key],
            issuer: "https://kubernetes.default.svc.cluster.local".to_owned(),
            audiences: Vec::new(),
            service_cidr: Cidr::parse("10.96.0.0/16").expect("a range"),
            node_ports: (30000, 32767),
            advertise_address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
            advertise_port: 6443,
            security: Security::default(),
            dialer: Arc::new(NoNodes),
            older_versions: true,
            git_version: "v1.37.1".to_owned(),
            git_commit: String::new(),
            build_date: "1970-01-01T00:00:00Z".to_owned(),
        }
    }
}

/// Who is let in beside those whom the cluster itself has made, what is refused, what is written down, and what is sealed. By default nothing is written or sealed.
#[derive(Default)]
pub struct Security {
    /// Which admission plugins run, beside upstream's choice.
    pub admission: Choice,
    /// A foreign issuer of tokens.
    pub oidc: Option<OidcConfig>,
    pub audit: Option<Audit>,
    /// Keys of what is secret in the store, of [`crate::ENCRYPTION_KEY_BYTES`] each: the first seals, all of them open.
    pub encryption_keys: Vec<Vec<u8>>,
    /// How extension API servers know that a request comes from this one.
    pub front_proxy: Option<FrontProxy>,
}

/// What this server is to extension API servers: a front proxy that tells them in headers who asks. They learn of it from a config map.
#[derive(Clone, Debug)]
pub struct FrontProxy {
    /// The authority of clients' certificates, in PEM: they may come to an extension API server themselves.
    pub client_ca_pem: String,
    /// The authority of the front proxy's own certificate, in PEM.
    pub ca_pem: String,
    /// Common names that are believed of it.
    pub allowed_names: Vec<String>,
    /// Its certificate, whichever is in use.
    pub certificate: Arc<dyn rustls::client::ResolvesClientCert>,
}

/// An address that others reach.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    pub ip: IpAddr,
    pub port: u16,
}
