//! Keeps containers' logs small: one that is too long is renamed, the runtime opens a new one, the oldest go.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cri::v1::ContainerFilter;

use crate::kubelet::Shared;
use crate::{labels, pod};

const PERIOD: Duration = Duration::from_secs(10);

/// Runs for ever.
pub async fn keep(shared: &Shared) {
    loop {
        tokio::time::sleep(PERIOD).await;
        for known in shared.known_pods() {
            let folder = shared.config.pod_log_dir(pod::namespace(&known), pod::name(&known), pod::uid(&known));
            for (_, container) in pod::containers(&known) {
                if let Some(log) = current(&folder.join(&container.name))
                    && fs::metadata(&log).is_ok_and(|meta| meta.len() > shared.config.log_max_bytes)
                    && let Err(error) = rotate(shared, pod::uid(&known), &container.name, &log).await
                {
                    tracing::warn!(%error, log = %log.display(), "rotating a log");
                }
            }
        }
    }
}

/// `N.log` with the highest number.
fn current(folder: &Path) -> Option<PathBuf> {
    let numbers = fs::read_dir(folder).ok()?.flatten().filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.strip_suffix(".log")?.parse::<u32>().ok()
    });
    numbers.max().map(|number| folder.join(format!("{number}.log")))
}

async fn rotate(shared: &Shared, uid: &str, container: &str, log: &Path) -> Result<(), String> {
    let selector = [(labels::POD_UID, uid), (labels::CONTAINER_NAME, container)];
    let label_selector = selector.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let state = cri::v1::ContainerStateValue { state: cri::v1::ContainerState::ContainerRunning.into() };
    let filter = ContainerFilter { label_selector, state: Some(state), ..ContainerFilter::default() };
    let found = shared.engine.list_containers(Some(filter)).await.map_err(|error| error.to_string())?;
    let Some(running) = found.first() else { return Ok(()) };
    let stamp = jiff::Timestamp::now().strftime("%Y%m%d-%H%M%S").to_string();
    let rotated = PathBuf::from(format!("{}.{stamp}", log.display()));
    fs::rename(log, &rotated).map_err(|error| error.to_string())?;
    if let Err(error) = shared.engine.reopen_container_log(&running.id).await {
        // The runtime still writes to the old file: it keeps its name.
        fs::rename(&rotated, log).map_err(|error| error.to_string())?;
        return Err(error.to_string());
    }
    remove_oldest(log, shared.config.log_max_files.saturating_sub(1)).map_err(|error| error.to_string())
}

/// Of the rotated files of a log only so many stay.
fn remove_oldest(log: &Path, keep: usize) -> std::io::Result<()> {
    let (Some(folder), Some(name)) = (log.parent(), log.file_name()) else { return Ok(()) };
    let prefix = format!("{}.", name.to_string_lossy());
    let mut rotated: Vec<PathBuf> = fs::read_dir(folder)?
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path())
        .collect();
    rotated.sort();
    let surplus = rotated.len().saturating_sub(keep);
    rotated.iter().take(surplus).try_for_each(fs::remove_file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stay() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["0.log", "1.log", "1.log.20240101-000000", "1.log.20240102-000000", "1.log.20240103-000000"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let log = current(dir.path()).unwrap();
        assert_eq!(log, dir.path().join("1.log"));
        remove_oldest(&log, 1).unwrap();
        let mut names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["0.log", "1.log", "1.log.20240103-000000"]);
    }
}
