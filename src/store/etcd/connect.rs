//! The way to etcd: endpoints, TLS and time limits.

use std::time::Duration;

use etcd_client::{Certificate, Client, ConnectOptions, Identity, TlsOptions};

use crate::OpenError;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// A request that etcd has not answered by then has failed: more than an election of a new leader takes.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// A connection on which nothing moves is probed this often, and is given up when the probe is not answered.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
const KEEP_ALIVE_WITHIN: Duration = Duration::from_secs(5);

/// Which etcd, and where in it.
#[derive(Clone, Debug)]
pub struct EtcdOptions {
    /// `https://10.0.0.1:2379`, one a member.
    pub endpoints: Vec<String>,
    pub tls: Option<EtcdTls>,
    /// What every key begins with: `/k`.
    pub root: String,
    /// Writes that may wait; a writer beyond that waits for room.
    pub queue: usize,
}

/// Certificates in PEM.
#[derive(Clone)]
pub struct EtcdTls {
    /// Whom to trust.
    pub authority: Vec<u8>,
    /// Who we are: certificate and key.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
}

impl std::fmt::Debug for EtcdTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EtcdTls").field("identity", &self.identity.is_some()).finish_non_exhaustive()
    }
}

impl EtcdOptions {
    pub fn new(endpoints: Vec<String>, tls: Option<EtcdTls>) -> Self {
        Self { endpoints, tls, root: "/k".to_owned(), queue: 1024 }
    }

    pub(super) fn unreachable(&self, source: etcd_client::Error) -> OpenError {
        OpenError::Etcd { endpoints: self.endpoints.join(", "), source: Box::new(source) }
    }
}

pub(super) async fn connect(options: &EtcdOptions) -> Result<Client, OpenError> {
    let mut connecting = ConnectOptions::new()
        .with_connect_timeout(CONNECT_WITHIN)
        .with_timeout(ANSWER_WITHIN)
        .with_keep_alive(KEEP_ALIVE_EVERY, KEEP_ALIVE_WITHIN)
        .with_keep_alive_while_idle(true);
    if let Some(tls) = &options.tls {
        let mut wanted = TlsOptions::new().ca_certificate(Certificate::from_pem(&tls.authority));
        if let Some((certificate, key)) = &tls.identity {
            wanted = wanted.identity(Identity::from_pem(certificate, key));
        }
        connecting = connecting.with_tls(wanted);
    }
    Client::connect(&options.endpoints, Some(connecting)).await.map_err(|source| options.unreachable(source))
}
