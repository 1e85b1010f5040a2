//! The life of a local cluster: started in the background, looked at, stopped, and deleted without leaving anything behind.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::certificates::{Authority, CertificateError};
use crate::config::{Config, ConfigError, Wishes};
use crate::kubeconfig::{self, Access, KubeconfigError};
use crate::process::{self, ProcessError, Progress};

/// How long a server may take to end once it is asked to.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// Why something could not be done with a local cluster.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    #[error("a cluster needs root on its machine: try sudo")]
    NotRoot,
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Process(#[from] ProcessError),
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error(transparent)]
    Kubeconfig(#[from] KubeconfigError),
    #[error("there is no cluster in {0}")]
    Missing(PathBuf),
    #[error("the cluster {0:?} is not running: start it with `k cluster start`")]
    Stopped(String),
    #[error("containers of the cluster could not be stopped: {0}")]
    Containers(String),
    #[error("removing {what}: {why}")]
    Remove { what: String, why: String },
}

/// What a start came to.
#[derive(Debug)]
pub struct Started {
    pub config: Config,
    /// It was running before.
    pub already: bool,
    pub pid: i32,
}

/// Starts the cluster that `wishes` describe, unless it runs, and waits until its node is Ready. `program` is this binary. Steps are told as they happen.
/// The context goes into `kubeconfig` and becomes the current one.
pub fn start(
    wishes: &Wishes,
    program: &Path,
    kubeconfig: &Path,
    limit: Duration,
    told: impl FnMut(&Progress),
) -> Result<Started, LocalError> {
    require_root()?;
    let data_dir = Config::data_dir(wishes)?;
    let config = Config::resolve(wishes, &Config::others(&data_dir))?;
    if let Some(pid) = process::running(&data_dir) {
        merge_context(&config, kubeconfig)?;
        return Ok(Started { config, already: true, pid: pid.as_raw() });
    }
    config.save()?;
    let arguments =
        ["server", "--name", &config.name, "--data-dir", &config.data_dir.display().to_string(), "--progress"].map(ToOwned::to_owned);
    let mut starting = process::start(program, &arguments, &config.data_dir)?;
    let pid = i32::try_from(starting.pid()).unwrap_or_default();
    starting.wait(limit, told)?;
    merge_context(&config, kubeconfig)?;
    Ok(Started { config, already: false, pid })
}

/// How a cluster is.
#[derive(Debug)]
pub struct Status {
    pub config: Config,
    /// The server's process; `None` where it is stopped.
    pub pid: Option<i32>,
}

pub fn status(wishes: &Wishes) -> Result<Status, LocalError> {
    let data_dir = Config::data_dir(wishes)?;
    let config = Config::load(&data_dir)?.ok_or_else(|| LocalError::Missing(data_dir.clone()))?;
    Ok(Status { config, pid: process::running(&data_dir).map(nix::unistd::Pid::as_raw) })
}

/// All clusters in the usual place.
pub fn list() -> Vec<Status> {
    let clusters = Config::others(Path::new(""));
    clusters.into_iter().map(|config| Status { pid: process::running(&config.data_dir).map(nix::unistd::Pid::as_raw), config }).collect()
}

/// Ends the server and its containers; what is in the store stays. False where nothing ran.
pub async fn stop(wishes: &Wishes) -> Result<bool, LocalError> {
    require_root()?;
    let config = status(wishes)?.config;
    let ran = process::stop(&config.data_dir, STOP_LIMIT)?;
    end_containers(&config).await?;
    remove_network(&config).await?;
    Ok(ran)
}

/// Ends the cluster and removes all of it: containers, mounts, network, cgroups, files, and the context in `kubeconfig`.
pub async fn delete(wishes: &Wishes, kubeconfig: &Path) -> Result<(), LocalError> {
    require_root()?;
    let config = status(wishes)?.config;
    process::stop(&config.data_dir, STOP_LIMIT)?;
    end_containers(&config).await?;
    remove_network(&config).await?;
    let logs = pod_logs(&config);
    unmount_below(&config.data_dir)?;
    unmount_below(&config.run_dir())?;
    remove_cgroups(&config)?;
    remove_log_links(&logs)?;
    for path in logs.into_iter().chain([config.run_dir(), config.data_dir.clone()]) {
        remove(&path)?;
    }
    kubeconfig::remove(kubeconfig, &config.context())?;
    Ok(())
}

fn require_root() -> Result<(), LocalError> {
    if nix::unistd::geteuid().is_root() { Ok(()) } else { Err(LocalError::NotRoot) }
}

/// Merges the administrator's access into a user's kubeconfig.
fn merge_context(config: &Config, path: &Path) -> Result<(), LocalError> {
    let authority = Authority::open(&config.pki_dir())?;
    let admin = authority.leaf(&crate::access::administrator(), jiff::Timestamp::now())?;
    let access = Access {
        name: &config.context(),
        server: &crate::access::server_url(config),
        authority_pem: &authority.certificate_pem,
        client: &admin,
    };
    kubeconfig::merge(path, &access)?;
    Ok(())
}

/// Stops and removes every sandbox, then the private containerd itself.
async fn end_containers(config: &Config) -> Result<(), LocalError> {
    if config.container_runtime_endpoint.is_some() || !config.containerd_dir().exists() {
        return Ok(());
    }
    let failed = |error: &dyn std::fmt::Display| LocalError::Containers(error.to_string());
    // The one that outlived the server is adopted; one that died with the machine is started, for only it can clean up after itself.
    let containerd = cri::containerd::Containerd::start(config.containerd()).await.map_err(|error| failed(&error))?;
    let client = containerd.client();
    let sandboxes = client.list_pod_sandboxes(None).await.map_err(|error| failed(&error))?;
    let mut work = tokio::task::JoinSet::new();
    for sandbox in sandboxes {
        let client = client.clone();
        work.spawn(async move {
            client.stop_pod_sandbox(&sandbox.id).await?;
            client.remove_pod_sandbox(&sandbox.id).await
        });
    }
    while let Some(result) = work.join_next().await {
        result.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    }
    containerd.stop().await;
    Ok(())
}

async fn remove_network(config: &Config) -> Result<(), LocalError> {
    let failed = |what: String, error: &dyn std::fmt::Display| LocalError::Remove { what, why: error.to_string() };
    cni::teardown(&config.bridge()).map_err(|error| failed(format!("bridge {}", config.bridge()), &error))?;
    proxy::teardown(&config.name).await.map_err(|error| failed("service rules".to_owned(), &error))?;
    Ok(())
}

/// The log folders of the cluster's pods, told by the links that its kubelet keeps beside its pods.
fn pod_logs(config: &Config) -> Vec<PathBuf> {
    let uids: Vec<String> = std::fs::read_dir(config.kubelet_dir().join("pods"))
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    let Ok(entries) = std::fs::read_dir("/var/log/pods") else { return Vec::new() };
    let owned = |name: &str| uids.iter().any(|uid| name.ends_with(&format!("_{uid}")));
    entries.flatten().filter(|entry| owned(&entry.file_name().to_string_lossy())).map(|entry| entry.path()).collect()
}

/// Removes the links in the folder for log agents that lead into these folders.
fn remove_log_links(logs: &[PathBuf]) -> Result<(), LocalError> {
    let Ok(entries) = std::fs::read_dir("/var/log/containers") else { return Ok(()) };
    for link in entries.flatten().map(|entry| entry.path()) {
        if std::fs::read_link(&link).is_ok_and(|target| logs.iter().any(|dir| target.starts_with(dir))) {
            std::fs::remove_file(&link).map_err(|error| LocalError::Remove { what: link.display().to_string(), why: error.to_string() })?;
        }
    }
    Ok(())
}

/// Detaches every mount below a folder, the deepest first.
fn unmount_below(dir: &Path) -> Result<(), LocalError> {
    let failed = |why: String| LocalError::Remove { what: format!("mounts below {}", dir.display()), why };
    let table = std::fs::read_to_string("/proc/self/mounts").map_err(|error| failed(error.to_string()))?;
    let mut points: Vec<PathBuf> = table
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .map(|point| PathBuf::from(point.replace("\\040", " ").replace("\\134", "\\")))
        .filter(|point| point.starts_with(dir))
        .collect();
    points.sort_by_key(|point| std::cmp::Reverse(point.components().count()));
    for point in points {
        match nix::mount::umount2(&point, nix::mount::MntFlags::MNT_DETACH) {
            Ok(()) | Err(nix::Error::EINVAL | nix::Error::ENOENT) => {}
            Err(error) => return Err(failed(format!("{}: {error}", point.display()))),
        }
    }
    Ok(())
}

/// Removes the cluster's cgroups in every hierarchy, the deepest first.
fn remove_cgroups(config: &Config) -> Result<(), LocalError> {
    let root = Path::new("/sys/fs/cgroup");
    let mut tops = vec![root.join(config.cgroup())];
    if let Ok(entries) = std::fs::read_dir(root) {
        tops.extend(entries.flatten().map(|entry| entry.path().join(config.cgroup())));
    }
    for top in tops.into_iter().filter(|top| top.is_dir()) {
        remove_cgroup(&top).map_err(|error| LocalError::Remove { what: top.display().to_string(), why: error.to_string() })?;
    }
    Ok(())
}

fn remove_cgroup(path: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(path)?.flatten() {
        if entry.file_type()?.is_dir() {
            remove_cgroup(&entry.path())?;
        }
    }
    match std::fs::remove_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn remove(path: &Path) -> Result<(), LocalError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(LocalError::Remove { what: path.display().to_string(), why: error.to_string() })
        }
        _ => Ok(()),
    }
}

/// The container runtime of a running cluster.
pub struct Runtime(cri::Client);

impl Runtime {
    pub fn client(&self) -> &cri::Client {
        &self.0
    }
}

/// Connects to the container runtime of the cluster, which must be running. Must be called inside a tokio runtime.
pub fn runtime(wishes: &Wishes) -> Result<Runtime, LocalError> {
    require_root()?;
    let status = status(wishes)?;
    if status.pid.is_none() {
        return Err(LocalError::Stopped(status.config.name));
    }
    let socket = match &status.config.container_runtime_endpoint {
        Some(endpoint) => cri::connection::socket_of(endpoint).map_err(|error| LocalError::Containers(error.to_string()))?,
        None => status.config.containerd().socket(),
    };
    Ok(Runtime(cri::Client::new(&socket)))
}
