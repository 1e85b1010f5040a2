//! Stopping a pod: containers together, then sidecars in reverse order, then the sandbox, all within one grace period; and clearing up.

use std::fs;
use std::io;
use std::time::Duration;

use crate::observation::Observed;
use crate::pod::{self, Role};
use crate::worker::Worker;
use crate::{garbage, volume};

impl Worker {
    /// Returns when nothing of the pod runs any more. `grace` in seconds.
    pub(crate) async fn stop_all(&mut self, grace: i64) {
        self.probes.stop();
        self.pulls.stop();
        let deadline = tokio::time::Instant::now() + Duration::from_secs(u64::try_from(grace).unwrap_or(0).max(1));
        let left = || i64::try_from(deadline.saturating_duration_since(tokio::time::Instant::now()).as_secs()).unwrap_or(0);
        let stop = async |observed: &Observed, grace: i64| match pod::container(&self.pod, &observed.name) {
            Some((_, container)) => {
                self.stop_container(container, &observed.id, grace, &format!("Stopping container {}", container.name)).await;
            }
            None => {
                if let Err(error) = self.shared.engine.stop_container(&observed.id, Duration::from_secs(1)).await {
                    tracing::debug!(%error, id = observed.id, "stopping a container that the pod does not name");
                }
            }
        };
        let role = |observed: &Observed| pod::container(&self.pod, &observed.name).map_or(Role::App, |(role, _)| role);
        let running: Vec<&Observed> = self.observation.running().collect();
        let (sidecars, others): (Vec<&Observed>, Vec<&Observed>) = running.into_iter().partition(|found| role(found) == Role::Sidecar);
        futures::future::join_all(others.into_iter().map(|observed| stop(observed, grace))).await;
        // The one started last goes first.
        let order: Vec<&str> = pod::containers(&self.pod).map(|(_, container)| container.name.as_str()).collect();
        let mut sidecars = sidecars;
        sidecars.sort_by_key(|observed| std::cmp::Reverse(order.iter().position(|name| *name == observed.name)));
        for observed in sidecars {
            stop(observed, left()).await;
        }
        for sandbox in &self.observation.sandboxes {
            // One that is not ready may still hold a network.
            if let Err(error) = self.shared.engine.stop_pod_sandbox(&sandbox.id).await
                && !error.is_not_found()
            {
                self.event("Warning", "FailedKillPod", &format!("error killing pod: {error}"));
            }
        }
    }

    /// Unmounts and removes the pod's volumes and files, and its cgroup.
    pub(crate) async fn clear_files(&mut self) {
        self.volumes = None;
        self.volumes_stale = true;
        let folder = self.shared.config.pod_dir(pod::uid(&self.pod));
        let mut wait = Duration::from_millis(20);
        // A process that is just ending may hold a mount for a moment.
        for _ in 0..8 {
            let target = folder.clone();
            match tokio::task::spawn_blocking(move || volume::tear_down(&target)).await {
                Ok(Ok(())) => break,
                Ok(Err(error)) => tracing::debug!(%error, folder = %folder.display(), "removing a pod's files"),
                Err(error) => tracing::warn!(%error, "removing a pod's files"),
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        self.shared.cgroups.remove(pod::uid(&self.pod));
    }

    /// Removes the ended containers, their sandboxes and logs.
    pub(crate) async fn remove_containers(&mut self) {
        for container in &self.observation.containers {
            garbage::remove_log(&self.shared.config, &container.id, std::path::Path::new(&container.log_path));
        }
        for sandbox in &self.observation.sandboxes {
            if let Err(error) = self.shared.engine.remove_pod_sandbox(&sandbox.id).await
                && !error.is_not_found()
            {
                tracing::warn!(%error, id = sandbox.id, "removing a sandbox");
            }
        }
        let logs = self.log_dir();
        if let Err(error) = fs::remove_dir_all(&logs)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, folder = %logs.display(), "removing a pod's logs");
        }
    }
}
