//! Clearing up: sandboxes and files of pods that are gone, found once at the start; images that nobody uses when the disk fills up.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use nix::sys::statvfs::statvfs;

use crate::config::Config;
use crate::kubelet::Shared;
use crate::{labels, pod, sandbox_config, volume};

const PERIOD: Duration = Duration::from_secs(300);

/// Runs for ever.
pub async fn keep(shared: &Shared) {
    shared.pods.synced().await;
    // Static pods are read from files at the same time.
    tokio::time::sleep(Duration::from_secs(2)).await;
    orphans(shared).await;
    loop {
        tokio::time::sleep(PERIOD).await;
        if let Err(error) = images(shared).await {
            tracing::warn!(%error, "removing unused images");
        }
    }
}

/// Removes what belongs to no pod of this node any more.
async fn orphans(shared: &Shared) {
    let known: HashSet<String> = shared.known_pods().iter().map(|found| pod::uid(found).to_owned()).collect();
    let sandboxes = match shared.engine.list_pod_sandboxes(None).await {
        Ok(sandboxes) => sandboxes,
        Err(error) => {
            tracing::warn!(%error, "listing sandboxes");
            return;
        }
    };
    // Another kubelet may use the same runtime: only our own are ours to remove.
    let owner = shared.config.root_dir.display().to_string();
    for sandbox in sandboxes.into_iter().filter(|sandbox| sandbox.annotations.get(sandbox_config::OWNER) == Some(&owner)) {
        let label = |name: &str| sandbox.labels.get(name).cloned().unwrap_or_default();
        let uid = label(labels::POD_UID);
        if known.contains(&uid) || shared.mailbox(&uid).is_some() {
            continue;
        }
        tracing::info!(sandbox = sandbox.id, pod = label(labels::POD_NAME), "removing the sandbox of a pod that is gone");
        for outcome in [shared.engine.stop_pod_sandbox(&sandbox.id).await, shared.engine.remove_pod_sandbox(&sandbox.id).await] {
            if let Err(error) = outcome {
                tracing::warn!(%error, sandbox = sandbox.id, "removing a sandbox");
            }
        }
        let logs = shared.config.pod_log_dir(&label(labels::POD_NAMESPACE), &label(labels::POD_NAME), &uid);
        if let Err(error) = fs::remove_dir_all(&logs) {
            tracing::debug!(%error, folder = %logs.display(), "removing the logs of a pod that is gone");
        }
    }
    let folders = fs::read_dir(shared.config.root_dir.join("pods")).into_iter().flatten().flatten();
    for folder in folders {
        let uid = folder.file_name().to_string_lossy().into_owned();
        if known.contains(&uid) || shared.mailbox(&uid).is_some() {
            continue;
        }
        if let Err(error) = volume::tear_down(&folder.path()) {
            tracing::warn!(%error, folder = %folder.path().display(), "removing the files of a pod that is gone");
        }
        shared.cgroups.remove(&uid);
    }
    let links = fs::read_dir(shared.config.log_dir.join("containers")).into_iter().flatten().flatten();
    for link in links.filter(|link| !link.path().exists()) {
        if let Err(error) = fs::remove_file(link.path()) {
            tracing::debug!(%error, link = %link.path().display(), "removing a link to a log that is gone");
        }
    }
}

/// Removes a container's log, its rotated ones and the link to it.
pub fn remove_log(config: &Config, id: &str, log: &Path) {
    let suffix = format!("-{id}.log");
    let links = fs::read_dir(config.log_dir.join("containers")).into_iter().flatten().flatten();
    let links = links.filter(|link| link.file_name().to_string_lossy().ends_with(&suffix)).map(|link| link.path());
    let name = log.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = log.parent().filter(|_| !name.is_empty());
    let files = folder.map(fs::read_dir).into_iter().flatten().flatten().flatten();
    let files = files.filter(|file| file.file_name().to_string_lossy().starts_with(&name)).map(|file| file.path());
    for path in links.chain(files) {
        if let Err(error) = fs::remove_file(&path) {
            tracing::debug!(%error, path = %path.display(), "removing a log");
        }
    }
}

/// How full the file system of a folder is, in percent, as `df` counts: of what may be used.
pub fn fullness(folder: &Path) -> Option<u8> {
    let found = statvfs(folder).ok()?;
    let used = found.blocks().saturating_sub(found.blocks_free());
    let usable = used + found.blocks_available();
    (usable > 0).then(|| u8::try_from(used * 100 / usable).unwrap_or(100))
}

/// Removes images that no container uses while the disk is too full, the largest first. What was imported by hand, which no registry would
/// give again, stays.
async fn images(shared: &Shared) -> cri::Result<()> {
    let full = |limit: u8| fullness(&shared.config.root_dir).is_some_and(|percent| percent > limit);
    if !full(shared.config.image_gc_high_percent) {
        return Ok(());
    }
    let used: HashSet<String> = shared
        .engine
        .list_containers(None)
        .await?
        .into_iter()
        .flat_map(|container| [container.image_ref, container.image_id, container.image.map(|image| image.image).unwrap_or_default()])
        .collect();
    let mut unused: Vec<_> = shared.engine.list_images().await?;
    unused.retain(|image| {
        let names = image.repo_tags.iter().chain(&image.repo_digests).chain([&image.id]);
        let pulled = !image.repo_digests.is_empty();
        pulled
            && !image.pinned
            && !image.repo_tags.iter().any(|tag| tag == cri::pause::IMAGE)
            && !names.into_iter().any(|name| used.contains(name))
    });
    unused.sort_by_key(|image| std::cmp::Reverse(image.size));
    for image in unused {
        if !full(shared.config.image_gc_low_percent) {
            break;
        }
        tracing::info!(image = image.id, tags = ?image.repo_tags, "removing an unused image: the disk is full");
        shared.engine.remove_image(&image.id).await?;
    }
    Ok(())
}
