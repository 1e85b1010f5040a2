//! Changes in a folder, by inotify.

use std::path::Path;
use std::sync::Arc;

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

/// Tells of every change in one folder, not below it, for as long as it is kept. Changes that nobody has waited for yet are told once.
pub(crate) struct FolderWatch {
    changed: Arc<Notify>,
    /// Held, not read: the kernel tells as long as this is there.
    _watcher: RecommendedWatcher,
}

impl FolderWatch {
    pub(crate) fn new(folder: &Path) -> notify::Result<Self> {
        let changed = Arc::new(Notify::new());
        let tell = changed.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.map_or(true, |event| is_change(event.kind)) {
                tell.notify_one();
            }
        })?;
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
        Ok(Self { changed, _watcher: watcher })
    }

    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}

/// Whether something is different afterwards. Whoever looks into the folder opens it: that is told as well, and answering it with another look would never end.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn looking_is_no_change() {
        let folder = tempfile::tempdir().unwrap();
        let watch = FolderWatch::new(folder.path()).unwrap();
        let soon = Duration::from_millis(200);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(tokio::time::timeout(soon, watch.changed()).await.is_err());
        std::fs::write(folder.path().join("a"), "text").unwrap();
        watch.changed().await;
    }
}
