//! The server process: assembles all parts of a cluster, starts them in order, tells when they are ready, and ends them in order.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use apiserver::{FrontProxy, Server, UserInfo};
use runtime::Informers;
use runtime::election::Election;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::certificates::{self, Authority};
use crate::config::{Config, Wishes};
use crate::in_process::InProcessNode;
use crate::kubeconfig::{self, Access};
use crate::process::{Lock, Progress};
use crate::{access, dns_service, files, node, tls};

/// The parts of this process share informers and an address space: a boundary between their rights would only be pretended.
const MASTERS: &[&str] = &["system:masters"];
/// Node ports, as upstream's default.
const NODE_PORTS: (u16, u16) = (30000, 32767);
/// What the server says of its own version to clients.
const KUBERNETES_VERSION: &str = "v1.37.1";

/// Runs the cluster that `wishes` describe until a signal ends it. With `progress`, steps of the start are told on standard output. `verbosity` is `-v`.
pub fn run(wishes: &Wishes, progress: bool, verbosity: i32) -> Result<()> {
    let outcome = prepare(wishes, verbosity).and_then(|(config, lock)| {
        let threads = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("k").build().context("no event loop")?;
        let result = threads.block_on(serve(config, progress));
        drop(lock);
        result
    });
    if let Err(error) = &outcome
        && progress
    {
        tell(true, &Progress::Failed(format!("{error:#}")));
    }
    outcome
}

/// Checks and takes what a server needs before anything else.
fn prepare(wishes: &Wishes, verbosity: i32) -> Result<(Config, Lock)> {
    start_log(verbosity);
    if !nix::unistd::geteuid().is_root() {
        bail!("a cluster needs root on its machine: try sudo");
    }
    // A server that was started from a terminal goes on when that is closed: it leads a session of its own. One that leads its process group already may not.
    let _ = nix::unistd::setsid();
    let data_dir = Config::data_dir(wishes)?;
    let config = Config::resolve(wishes, &Config::others(&data_dir))?;
    let lock = Lock::take(&config.data_dir)?;
    config.save()?;
    raise_file_limit();
    Ok((config, lock))
}

fn start_log(verbosity: i32) {
    let default = match verbosity {
        ..=0 => "info",
        1..=4 => "debug",
        _ => "trace",
    };
    let quiet = format!(
        "{default},h2=info,hyper=info,hyper_util=info,tower=info,rustls=info,kube_client=info,tonic=info,hickory_proto=warn,hickory_server=warn"
    );
    let filter = tracing_subscriber::EnvFilter::try_from_env("K_LOG").unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(quiet));
    // A second call in one process keeps the first log.
    drop(tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).try_init());
}

/// Many watches are many files: as many as we may have.
fn raise_file_limit() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}

async fn serve(config: Config, progress: bool) -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("no signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("no signals")?;
    // Chosen before by somebody else in this process: then that choice stands.
    drop(rustls::crypto::ring::default_provider().install_default());
    let stop = CancellationToken::new();
    let mut cluster = tokio::select! {
        started = Cluster::start(config, progress, stop.clone()) => started?,
        _ = terminate.recv() => return Ok(()),
        _ = interrupt.recv() => return Ok(()),
    };
    let ended = tokio::select! {
        _ = terminate.recv() => None,
        _ = interrupt.recv() => None,
        ended = cluster.parts.join_next() => ended,
    };
    tracing::info!("stopping");
    stop.cancel();
    while cluster.parts.join_next().await.is_some() {}
    cluster.server.close().await;
    match ended {
        None => Ok(()),
        Some(Ok((part, result))) => result.with_context(|| format!("{part} ended")).and_then(|()| bail!("{part} ended by itself")),
        Some(Err(error)) => bail!("a part of the server broke: {error}"),
    }
}

/// The running parts; each is named, and the end of one before its time ends all.
pub(crate) type Parts = JoinSet<(&'static str, Result<()>)>;

struct Cluster {
    server: Server,
    parts: Parts,
}

impl Cluster {
    async fn start(config: Config, progress: bool, stop: CancellationToken) -> Result<Self> {
        let began = std::time::Instant::now();
        // The slowest part begins first: containerd starts while the API server does.
        let network = config.pod_network();
        tokio::task::spawn_blocking(move || cni::set_up(&network)).await?.context("the pod bridge")?;
        let runtime = tokio::spawn(node::start_runtime(config.clone()));
        let address = config.node_address();
        let listeners = listen(&config, address).await?;
        let authority = Arc::new(Authority::open(&config.pki_dir())?);
        let kubelet = Arc::new(InProcessNode::new(&config.node_name));
        let front_proxy = tls::front_proxy(&authority, &config)?;
        let server = api_server(&config, address, kubelet.clone(), front_proxy).await?;
        let mut parts = Parts::new();
        let tls = tls::server_config(&authority, &config, address)?;
        for listener in listeners {
            let (server, tls, stop) = (server.clone(), tls.clone(), stop.clone());
            parts.spawn(async move {
                server.serve(listener, tls, stop.cancelled_owned()).await;
                ("the API server", Ok(()))
            });
        }
        write_admin_kubeconfig(&config, &authority)?;
        tracing::info!(milliseconds = began.elapsed().as_millis(), url = access::server_url(&config), "API server ready");
        tell(progress, &Progress::ApiServer(access::server_url(&config)));

        let informers = Informers::new(client::in_process(server.service(UserInfo::new("system:k", MASTERS))));
        // each part acts under upstream's names of it, which owners of fields and the audit log show
        let acting = |user: &str, manager: &'static str| {
            informers.acting_through(client::in_process(server.service(UserInfo::new(user, MASTERS)).managed_by(manager)))
        };
        let controllers = acting("system:kube-controller-manager", "kube-controller-manager");
        let scheduler = acting("system:kube-scheduler", "kube-scheduler");
        let node_agent = acting(&format!("system:node:{}", config.node_name), "kubelet");
        let settings = controllers::Config { root_ca_pem: authority.certificate_pem.clone(), signer: authority.clone() };
        let told = controllers.clone();
        lead(&mut parts, &config, &controllers, &stop, ("the controllers", "kube-controller-manager"), move |stop| {
            controllers::run(told.clone(), settings.clone(), stop)
        });
        let told = scheduler.clone();
        lead(&mut parts, &config, &scheduler, &stop, ("the scheduler", "kube-scheduler"), move |stop| scheduler::run(told.clone(), stop));
        dns_service::publish(&informers.client(), &config).await.context("the DNS service")?;
        node::start(&mut parts, &config, &node_agent, runtime, kubelet, address, &stop);
        let (name, stopping) = (config.node_name.clone(), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = node::ready(&informers, &name) => {
                    tracing::info!(milliseconds = began.elapsed().as_millis(), node = name, "node ready");
                    tell(progress, &Progress::Node(name));
                }
                () = stopping.cancelled() => {}
            }
        });
        Ok(Self { server, parts })
    }
}

/// Runs a part of which the whole cluster has one. Alone on its store a server just runs it; of several that share an etcd, the one that holds the Lease does, and
/// another takes over when it goes.
fn lead<F: Future<Output = ()> + Send>(
    parts: &mut Parts,
    config: &Config,
    informers: &Informers,
    stop: &CancellationToken,
    (part, lease): (&'static str, &'static str),
    work: impl Fn(CancellationToken) -> F + Send + Sync + 'static,
) {
    let stop = stop.clone();
    let election =
        config.datastore.is_some().then(|| Election::new("kube-system", lease, &format!("{}_{}", config.node_name, std::process::id())));
    let client = informers.client();
    parts.spawn(async move {
        match election {
            None => work(stop).await,
            Some(election) => {
                while !stop.is_cancelled() {
                    election.lead(&client, stop.clone(), &work).await;
                }
            }
        }
        (part, Ok(()))
    });
}

/// The API server over its store.
async fn api_server(config: &Config, address: IpAddr, kubelet: Arc<InProcessNode>, front_proxy: FrontProxy) -> Result<Server> {
    let store = open_store(config).await?;
    let service_cidr = api::addresses::Cidr { address: IpAddr::V4(config.service_cidr.address), prefix_bits: config.service_cidr.prefix };
    let settings = apiserver::Config {
        store,
        service_account_keys: vec![certificates::service_account_key(&config.pki_dir())?],
        issuer: format!("https://kubernetes.default.svc.{}", config.cluster_domain),
        audiences: Vec::new(),
        service_cidr,
        node_ports: NODE_PORTS,
        advertise_address: address,
        advertise_port: config.api_port,
        security: config.security.for_server(config, front_proxy)?,
        dialer: kubelet,
        older_versions: config.older_versions,
        git_version: KUBERNETES_VERSION.to_owned(),
        git_commit: option_env!("K_GIT_COMMIT").unwrap_or_default().to_owned(),
        build_date: option_env!("K_BUILD_DATE").unwrap_or("1970-01-01T00:00:00Z").to_owned(),
    };
    Ok(Server::new(settings).await?)
}

/// The cluster's state: in a file of this machine, or in an etcd that other servers may share.
async fn open_store(config: &Config) -> Result<(store::Opened, store::Snapshot)> {
    let dir = config.store_dir();
    let Some(datastore) = &config.datastore else {
        return Ok(tokio::task::spawn_blocking(move || store::Store::open(&dir, store::Options::default())).await??);
    };
    // Beside an etcd the folder only tells that the cluster has been made.
    files::create_private_dir(&dir).with_context(|| dir.display().to_string())?;
    let read = |path: &std::path::Path| std::fs::read(path).with_context(|| format!("reading {}", path.display()));
    let identity = match (&datastore.certfile, &datastore.keyfile) {
        (Some(certificate), Some(key)) => Some((read(certificate)?, read(key)?)),
        _ => None,
    };
    let tls = match (&datastore.cafile, identity) {
        (Some(authority), identity) => Some(store::EtcdTls { authority: read(authority)?, identity }),
        (None, Some(_)) => bail!("--datastore-certfile needs --datastore-cafile: without it etcd cannot be trusted"),
        (None, None) => None,
    };
    Ok(store::Store::connect(&store::EtcdOptions::new(datastore.endpoints.clone(), tls)).await?)
}

/// Listens on this machine's loopback, and on the node's address for pods.
async fn listen(config: &Config, address: IpAddr) -> Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    let mut addresses = vec![IpAddr::from([127, 0, 0, 1])];
    if !address.is_loopback() {
        addresses.push(address);
    }
    for ip in addresses {
        let address = SocketAddr::new(ip, config.api_port);
        let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                anyhow::anyhow!("port {} is in use on {ip}: end what listens there, or choose another with --api-port", config.api_port)
            }
            std::io::ErrorKind::AddrNotAvailable => anyhow::anyhow!("{ip} is no address of this machine: choose another with --node-ip"),
            _ => anyhow::anyhow!("listening on {address}: {error}"),
        })?;
        listeners.push(listener);
    }
    Ok(listeners)
}

fn write_admin_kubeconfig(config: &Config, authority: &Authority) -> Result<()> {
    let admin = authority.leaf(&access::administrator(), jiff::Timestamp::now())?;
    let text = kubeconfig::render(&Access {
        name: &config.context(),
        server: &access::server_url(config),
        authority_pem: &authority.certificate_pem,
        client: &admin,
    });
    files::write_private(&config.admin_kubeconfig(), text.as_bytes()).context("the administrator's kubeconfig")
}

/// Tells a step to whoever started this process. Nobody may listen any more.
fn tell(progress: bool, step: &Progress) {
    if progress {
        let mut out = std::io::stdout().lock();
        drop(writeln!(out, "{step}").and_then(|()| out.flush()));
    }
}
