//! The server's life: sockets, the caches its records follow, its end.
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use hickory_server::Server;
use k8s_openapi::api::core::v1::{Namespace, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use runtime::{Changes, Index, Informer, Informers, Key};
use tokio::net::{TcpListener, UdpSocket};
use tokio_util::sync::CancellationToken;

use crate::Config;
use crate::forward::Forwarder;
use crate::gather::{gather, service_of};
use crate::handler::Handler;
use crate::records::Records;

/// How long a TCP client may say nothing.
const TCP_IDLE: Duration = Duration::from_secs(10);
/// Answers that wait for one slow TCP client.
const TCP_ANSWERS: usize = 32;

/// Why the server could not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("failed to listen on {address} for DNS")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("the DNS server ended")]
    Serve(#[source] hickory_server::net::NetError),
}

/// Answers questions until `shutdown`. The sockets are there at once; what arrives before the caches are filled waits in them.
pub async fn run(informers: Informers, config: Config, shutdown: CancellationToken) -> Result<(), Error> {
    let failed = |source| Error::Listen { address: config.listen, source };
    let socket = UdpSocket::bind(config.listen).await.map_err(failed)?;
    let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
    let mut feed = Feed::new(&informers, &config);
    tokio::select! {
        () = shutdown.cancelled() => return Ok(()),
        () = feed.synced() => {}
    }
    let own = config.own_addresses.iter().copied().chain([config.listen.ip()]).collect();
    let handler = Handler { records: feed.records.clone(), forwarder: Forwarder::new(config.resolv_conf, own) };
    let mut server = Server::new(handler);
    server.register_socket(socket);
    server.register_listener(listener, TCP_IDLE, TCP_ANSWERS);
    let stop = server.shutdown_token().clone();
    let outcome = tokio::select! {
        () = shutdown.cancelled() => {
            stop.cancel();
            Ok(())
        }
        () = feed.follow() => Ok(()),
        outcome = server.block_until_done() => outcome.map_err(Error::Serve),
    };
    stop.cancel();
    outcome
}

/// The caches, and the records that follow them.
struct Feed {
    records: Arc<RwLock<Records>>,
    services: Informer<Service>,
    slices: Informer<EndpointSlice>,
    namespaces: Informer<Namespace>,
    slices_of: Index<EndpointSlice>,
    service_changes: Changes<Service>,
    slice_changes: Changes<EndpointSlice>,
    namespace_changes: Changes<Namespace>,
}

impl Feed {
    fn new(informers: &Informers, config: &Config) -> Feed {
        let (services, slices, namespaces) = (informers.of::<Service>(), informers.of::<EndpointSlice>(), informers.of::<Namespace>());
        let index_key =
            |slice: &EndpointSlice| service_of(slice).map(|(namespace, name)| format!("{namespace}/{name}")).into_iter().collect();
        Feed {
            records: Arc::new(RwLock::new(Records::new(&config.domain, config.listen.ip(), &config.ranges))),
            slices_of: slices.index("dns: service", index_key),
            service_changes: services.subscribe(),
            slice_changes: slices.subscribe(),
            namespace_changes: namespaces.subscribe(),
            services,
            slices,
            namespaces,
        }
    }

    /// Waits for the first lists and takes them in.
    async fn synced(&mut self) {
        tokio::join!(self.services.synced(), self.slices.synced(), self.namespaces.synced());
        while let Some(change) = self.namespace_changes.try_recv() {
            self.note_namespace(&change);
        }
        while let Some(change) = self.service_changes.try_recv() {
            self.refresh(&Key::of(&change.latest().metadata));
        }
        while let Some(change) = self.slice_changes.try_recv() {
            self.note_slice(&change);
        }
    }

    /// Follows the changes; never ends.
    async fn follow(&mut self) {
        loop {
            tokio::select! {
                change = self.service_changes.recv() => self.refresh(&Key::of(&change.latest().metadata)),
                change = self.slice_changes.recv() => self.note_slice(&change),
                change = self.namespace_changes.recv() => self.note_namespace(&change),
            }
        }
    }

    fn note_slice(&self, change: &runtime::Change<EndpointSlice>) {
        let mut keys: Vec<(String, String)> = change.both().filter_map(|slice| service_of(slice)).collect();
        keys.dedup();
        for (namespace, name) in keys {
            self.refresh(&Key::new(namespace, name));
        }
    }

    fn note_namespace(&self, change: &runtime::Change<Namespace>) {
        let name = change.latest().metadata.name.as_deref().unwrap_or_default();
        self.records.write().unwrap_or_else(PoisonError::into_inner).set_namespace(name, change.new.is_some());
    }

    /// Makes one service's records anew.
    fn refresh(&self, key: &Key) {
        let slices = self.slices_of.get(&format!("{}/{}", key.namespace, key.name));
        let service = self.services.get(&key.namespace, &key.name).and_then(|service| gather(&service, &slices));
        self.records.write().unwrap_or_else(PoisonError::into_inner).set_service(&key.namespace, &key.name, service);
    }
}
