//! Volumes of a pod: folders below `pods/UID/volumes`, made before its containers start, kept up to date while it runs, removed after it.
//!
//! Config maps, secrets, downward API and projections are written by [`atomic`]; secrets and tokens only ever to memory (tmpfs).

pub mod atomic;
mod host_path;
mod payload;
mod sub_path;
pub mod token;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use k8s_openapi::api::core::v1::{Pod, Volume};
use nix::mount::{MntFlags, MsFlags, mount, umount2};

use crate::kubelet::Shared;
use crate::{fields, pod};

pub use sub_path::resolve as sub_path;

/// Why a volume is not there. Worded as upstream's events.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("configmap \"{0}\" not found")]
    NoConfigMap(String),
    #[error("secret \"{0}\" not found")]
    NoSecret(String),
    #[error("references non-existent {what} key: {key}")]
    NoKey { what: &'static str, key: String },
    #[error("{0}")]
    Path(String),
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("mount failed: {0}")]
    Mount(String),
    #[error("failed to fetch token: {0}")]
    Token(String),
    #[error("reading {what}: {message}")]
    Read { what: String, message: String },
    #[error("no volume plugin matched")]
    Unsupported,
    #[error("{0}")]
    Claim(String),
    #[error(transparent)]
    Field(#[from] fields::Error),
}

/// A volume that could not be set up.
#[derive(Debug)]
pub struct Failure {
    pub volume: String,
    pub error: Error,
}

pub(crate) fn io_error(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { path, source }
}

/// Who owns files that are written for a pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ownership {
    pub fs_group: Option<u32>,
    /// The one user that all containers run as.
    pub user: Option<u32>,
}

impl Ownership {
    pub fn of(pod: &Pod) -> Self {
        let context = pod::spec(pod).security_context.clone().unwrap_or_default();
        let mut users = pod::containers(pod)
            .map(|(_, container)| container.security_context.as_ref().and_then(|own| own.run_as_user).or(context.run_as_user));
        let first = users.next().flatten();
        let user = first.filter(|first| users.all(|other| other == Some(*first)));
        let number = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
        Self { fs_group: number(context.fs_group), user: number(user) }
    }
}

/// Makes or refreshes every volume of the pod. Gives the host path by volume name, and when tokens are to be refreshed.
pub async fn set_up(
    shared: &Shared,
    pod: &Pod,
    pod_ips: &[String],
) -> Result<(BTreeMap<String, PathBuf>, Option<jiff::Timestamp>), Failure> {
    let mut paths = BTreeMap::new();
    let mut refresh_at: Option<jiff::Timestamp> = None;
    for volume in pod::spec(pod).volumes.iter().flatten() {
        let (path, refresh) =
            set_up_one(shared, pod, volume, pod_ips).await.map_err(|error| Failure { volume: volume.name.clone(), error })?;
        paths.insert(volume.name.clone(), path);
        refresh_at = match (refresh_at, refresh) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    Ok((paths, refresh_at))
}

type Made = (PathBuf, Option<jiff::Timestamp>);

async fn set_up_one(shared: &Shared, pod: &Pod, volume: &Volume, pod_ips: &[String]) -> Result<Made, Error> {
    let dir = |plugin: &str| shared.config.pod_dir(pod::uid(pod)).join("volumes").join(plugin).join(&volume.name);
    if let Some(source) = &volume.host_path {
        let path = PathBuf::from(&source.path);
        host_path::check(&path, source.type_.as_deref().unwrap_or_default())?;
        return Ok((path, None));
    }
    if let Some(source) = &volume.empty_dir {
        let path = dir("kubernetes.io~empty-dir");
        let memory = source.medium.as_deref() == Some("Memory");
        let limit = source.size_limit.as_ref().and_then(|limit| limit.0.parse::<api::quantity::Quantity>().ok()).map(|limit| limit.value());
        make_empty_dir(&path, memory, limit, Ownership::of(pod))?;
        return Ok((path, None));
    }
    if let Some(source) = &volume.persistent_volume_claim {
        return Ok((claim(shared, pod, &source.claim_name).await?, None));
    }
    let (plugin, in_memory) = if volume.config_map.is_some() {
        ("kubernetes.io~configmap", false)
    } else if volume.downward_api.is_some() {
        ("kubernetes.io~downward-api", false)
    } else if volume.secret.is_some() {
        ("kubernetes.io~secret", true)
    } else if volume.projected.is_some() {
        ("kubernetes.io~projected", true)
    } else {
        return Err(Error::Unsupported);
    };
    let made = payload::of(shared, pod, volume, pod_ips).await?;
    let path = dir(plugin);
    let ownership = Ownership::of(pod);
    let target = path.clone();
    let written = tokio::task::spawn_blocking(move || {
        fs::create_dir_all(&target).map_err(io_error(&target))?;
        if in_memory {
            mount_tmpfs(&target, None)?;
        }
        atomic::write(&target, &made.files, ownership).map_err(io_error(&target))
    });
    written.await.map_err(|error| Error::Mount(error.to_string()))??;
    Ok((path, made.refresh_at))
}

/// World-writable, or the group's with its id inherited.
fn make_empty_dir(path: &Path, memory: bool, limit: Option<i64>, ownership: Ownership) -> Result<(), Error> {
    let fresh = !path.exists();
    fs::create_dir_all(path).map_err(io_error(path))?;
    if memory {
        mount_tmpfs(path, limit)?;
    }
    if fresh {
        let mode = if ownership.fs_group.is_some() { 0o2777 } else { 0o777 };
        if let Some(group) = ownership.fs_group {
            std::os::unix::fs::chown(path, None, Some(group)).map_err(io_error(path))?;
        }
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(io_error(path))?;
    }
    Ok(())
}

/// The path of the volume behind a bound claim: local folders and host paths.
async fn claim(shared: &Shared, pod: &Pod, name: &str) -> Result<PathBuf, Error> {
    let namespace = pod::namespace(pod);
    let found = shared.objects.claim(namespace, name).await.map_err(|error| Error::Claim(error.to_string()))?;
    let claim = found.ok_or_else(|| Error::Claim(format!("persistentvolumeclaim \"{name}\" not found")))?;
    let bound = claim.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Bound");
    let volume = claim.spec.as_ref().and_then(|spec| spec.volume_name.clone()).filter(|_| bound);
    let volume = volume.ok_or_else(|| Error::Claim(format!("PVC {namespace}/{name} is not bound")))?;
    let found = shared.objects.volume(&volume).await.map_err(|error| Error::Claim(error.to_string()))?;
    let spec = found.and_then(|volume| volume.spec).ok_or_else(|| Error::Claim(format!("persistentvolume \"{volume}\" not found")))?;
    if let Some(local) = spec.local {
        let path = PathBuf::from(local.path);
        return if path.exists() { Ok(path) } else { Err(Error::Path(format!("path \"{}\" does not exist", path.display()))) };
    }
    let Some(source) = spec.host_path else { return Err(Error::Unsupported) };
    let path = PathBuf::from(&source.path);
    // Upstream makes a missing folder for a claim's host path whose type is not said.
    host_path::check(&path, source.type_.as_deref().filter(|kind| !kind.is_empty()).unwrap_or("DirectoryOrCreate"))?;
    Ok(path)
}

/// A tmpfs on the folder, unless one is there. `limit` in bytes.
fn mount_tmpfs(path: &Path, limit: Option<i64>) -> Result<(), Error> {
    if is_mount(path) {
        return Ok(());
    }
    let options = limit.map(|bytes| format!("size={bytes}"));
    mount(Some("tmpfs"), path, Some("tmpfs"), MsFlags::empty(), options.as_deref())
        .map_err(|error| Error::Mount(format!("tmpfs on {}: {error}", path.display())))
}

fn is_mount(path: &Path) -> bool {
    mounts_below(path).iter().any(|mount| mount == path)
}

/// Mount points at and below a folder, the deepest first.
pub fn mounts_below(folder: &Path) -> Vec<PathBuf> {
    let table = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let mut found: Vec<PathBuf> = table
        .lines()
        .filter_map(|line| line.split(' ').nth(4))
        .map(|point| PathBuf::from(unescape(point)))
        .filter(|point| point.starts_with(folder))
        .collect();
    found.sort_by_key(|point| std::cmp::Reverse(point.as_os_str().len()));
    found
}

/// mountinfo's `\040` for a space.
fn unescape(text: &str) -> String {
    text.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
}

/// Unmounts and removes everything of a pod on the disk.
pub fn tear_down(pod_dir: &Path) -> io::Result<()> {
    for point in mounts_below(pod_dir) {
        if let Err(error) = umount2(&point, MntFlags::MNT_DETACH) {
            tracing::warn!(%error, mount = %point.display(), "unmounting a volume");
        }
    }
    if !mounts_below(pod_dir).is_empty() {
        return Err(io::Error::other(format!("{} still has mounts", pod_dir.display())));
    }
    match fs::remove_dir_all(pod_dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
