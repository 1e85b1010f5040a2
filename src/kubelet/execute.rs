//! Carrying out a plan: sandboxes, kills, and starts of containers.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cri::v1::{Image, Mount, MountPropagation, PodSandboxConfig};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, VolumeMount};

use crate::backoff::go_duration;
use crate::container_config::{self, termination_path};
use crate::environment;
use crate::expansion::expand;
use crate::observation::Sandbox;
use crate::plan::{Kill, Plan, Start};
use crate::pull::{Need, Pulled};
use crate::worker::{RETRY, StartError, Worker};
use crate::{dns, hooks, hosts_file, pod, sandbox_config, termination_message, volume};

/// How a start of a container came to nothing.
enum Stop {
    /// Its image is being pulled; the pull wakes the worker.
    Later,
    Failed(StartError),
    Runtime(cri::Error),
}

impl From<cri::Error> for Stop {
    fn from(error: cri::Error) -> Self {
        Self::Runtime(error)
    }
}

impl Worker {
    /// Carries the plan out; says whether anything was done to containers or sandboxes.
    pub(crate) async fn execute(&mut self, plan: &Plan, now: Timestamp) -> cri::Result<bool> {
        let mut acted = false;
        if plan.stop_all {
            if plan.create_sandbox.is_some() && self.observation.sandboxes.first().is_some_and(|sandbox| !sandbox.ready) {
                self.event("Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
            }
            self.stop_all(pod::grace_seconds(&self.pod)).await;
            acted = true;
        }
        if !plan.kill.is_empty() {
            futures::future::join_all(plan.kill.iter().map(|kill| self.kill(kill))).await;
            acted = true;
        }
        if plan.create_sandbox.is_none() && plan.start.is_empty() {
            return Ok(acted);
        }
        if !self.prepare(now).await {
            return Ok(acted);
        }
        if let Some(attempt) = plan.create_sandbox {
            if !self.create_sandbox(attempt, now).await {
                return Ok(acted);
            }
            acted = true;
        }
        // Volumes with the pod's address are written once there is one.
        let Some(sandbox) = self.observation.sandbox().cloned() else { return Ok(acted) };
        for start in &plan.start {
            if self.mailbox.is_ending() {
                break;
            }
            if self.errors.get(&start.name).is_some_and(|error| error.retry_at > now && error.reason != "CrashLoopBackOff") {
                continue;
            }
            let outcome = self.start(start, &sandbox, now).await;
            if let (Some(failed_at), false) = (start.failed_at, matches!(outcome, Err(Stop::Later))) {
                self.backoffs.next(&start.name, failed_at, now);
            }
            match outcome {
                Ok(()) => {
                    self.errors.remove(&start.name);
                    acted = true;
                }
                Err(Stop::Later) => {}
                Err(Stop::Failed(error)) => {
                    self.errors.insert(start.name.clone(), error);
                }
                Err(Stop::Runtime(error)) => return Err(error),
            }
        }
        Ok(acted)
    }

    /// Folders, cgroup and volumes; false where one is not there yet.
    async fn prepare(&mut self, now: Timestamp) -> bool {
        if self.volumes.is_some() && !self.volumes_stale && self.volume_refresh.is_none_or(|at| at > now) {
            return true;
        }
        if self.volume_retry.is_some_and(|at| at > now) {
            return self.volumes.is_some();
        }
        if let Err(error) = self.shared.cgroups.create(&self.pod) {
            self.event("Warning", "FailedCreatePodContainer", &format!("unable to ensure pod container exists: {error}"));
        }
        let ips = self.observation.sandbox().map(|sandbox| sandbox.ips.clone()).unwrap_or_default();
        match volume::set_up(&self.shared, &self.pod, &ips).await {
            Ok((paths, refresh_at)) => {
                self.volumes = Some(paths);
                self.volumes_stale = false;
                self.volume_failures = 0;
                self.volume_retry = None;
                self.volume_refresh = refresh_at;
                true
            }
            Err(failure) => {
                let message = format!("MountVolume.SetUp failed for volume \"{}\" : {}", failure.volume, failure.error);
                self.event("Warning", "FailedMount", &message);
                // A claim is bound at any moment; what else is missing takes longer.
                let limit = if matches!(failure.error, volume::Error::Claim(_)) { 1 } else { 122 };
                let wait = Duration::from_millis(500 << self.volume_failures.min(8)).min(Duration::from_secs(limit));
                self.volume_failures += 1;
                self.volume_retry = Some(now + wait);
                self.volumes.is_some()
            }
        }
    }

    /// Makes volumes current for a pod that runs: a config map was written, or a token grows old.
    pub(crate) async fn refresh_volumes(&mut self, now: Timestamp) {
        if self.observation.running().next().is_some() {
            self.prepare(now).await;
        }
    }

    fn sandbox_config(&self, attempt: u32) -> PodSandboxConfig {
        let config = &self.shared.config;
        let host = dns::parse(&fs::read_to_string(&config.resolv_conf).unwrap_or_default());
        let cluster = dns::Cluster { servers: &config.cluster_dns, domain: &config.cluster_domain };
        let (hostname, _) = hosts_file::names(&self.pod, &config.node_name, &config.cluster_domain);
        let logs = config.pod_log_dir(pod::namespace(&self.pod), pod::name(&self.pod), pod::uid(&self.pod));
        sandbox_config::build(
            &self.pod,
            sandbox_config::Surroundings {
                attempt,
                hostname,
                log_directory: logs.display().to_string(),
                dns: dns::for_pod(&self.pod, &host, &cluster),
                owner: config.root_dir.display().to_string(),
                cgroup_parent: self.shared.cgroups.pod_parent(pod::qos_class(&self.pod), pod::uid(&self.pod)),
            },
        )
    }

    async fn create_sandbox(&mut self, attempt: u32, now: Timestamp) -> bool {
        if self.sandbox_retry.is_some_and(|at| at > now) {
            return false;
        }
        let config = self.sandbox_config(attempt);
        if let Err(error) = fs::create_dir_all(&config.log_directory) {
            self.event("Warning", "FailedCreatePodSandBox", &format!("Failed to create pod sandbox: {}: {error}", config.log_directory));
        }
        match self.run_sandbox(config, attempt).await {
            Ok(sandbox) => {
                self.shared.own(&sandbox.id, pod::uid(&self.pod));
                self.sandbox_retry = None;
                self.probes.resume();
                self.observation.sandboxes.insert(0, sandbox);
                if self.needs_address() {
                    self.volumes_stale = true;
                    self.prepare(now).await;
                }
                true
            }
            Err(error) => {
                self.event("Warning", "FailedCreatePodSandBox", &format!("Failed to create pod sandbox: {error}"));
                self.sandbox_retry = Some(now + RETRY);
                false
            }
        }
    }
    async fn run_sandbox(&self, config: PodSandboxConfig, attempt: u32) -> cri::Result<Sandbox> {
        let id = self.shared.engine.run_pod_sandbox(config, "").await?;
        let status = self.shared.engine.pod_sandbox_status(&id).await?;
        let network = status.network.unwrap_or_default();
        let ips = std::iter::once(network.ip).chain(network.additional_ips.into_iter().map(|more| more.ip));
        Ok(Sandbox { id, attempt, ready: true, created_at: status.created_at, ips: ips.filter(|ip| !ip.is_empty()).collect() })
    }
    /// Whether a volume shows the pod's address.
    fn needs_address(&self) -> bool {
        let text = serde_json::to_string(&pod::spec(&self.pod).volumes).unwrap_or_default();
        text.contains("status.podIP")
    }

    /// Stops one container because of its probes, its image or its state.
    async fn kill(&self, kill: &Kill) {
        use crate::plan::Cause;
        let Some((_, container)) = pod::container(&self.pod, &kill.name) else { return };
        let probe = match kill.cause {
            Cause::Liveness => container.liveness_probe.as_ref(),
            Cause::Startup => container.startup_probe.as_ref(),
            Cause::Changed | Cause::Lost => None,
        };
        let grace = probe
            .and_then(|probe| probe.termination_grace_period_seconds)
            .or(pod::spec(&self.pod).termination_grace_period_seconds)
            .unwrap_or(30);
        self.stop_container(container, &kill.id, grace, &kill.message).await;
    }

    /// Event, preStop hook, then the runtime's stop with what is left of the grace. `grace` in seconds.
    pub(crate) async fn stop_container(&self, container: &Container, id: &str, grace: i64, message: &str) {
        self.container_event(&container.name, "Normal", "Killing", message);
        let begun = tokio::time::Instant::now();
        let grace = Duration::from_secs(u64::try_from(grace).unwrap_or(0).max(1));
        if let Some(hook) = container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.pre_stop.as_ref()) {
            match tokio::time::timeout(grace, hooks::run(&self.shared, &self.pod, &self.observation, container, id, hook)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(pod = pod::name(&self.pod), container = container.name, error, "a hook failed before the end");
                    self.container_event(&container.name, "Warning", "FailedPreStopHook", "PreStopHook failed");
                }
                Err(_) => tracing::debug!(pod = pod::full_name(&self.pod), "the preStop hook used up the grace period"),
            }
        }
        // A short while is always left, so that a container is not killed without warning.
        let least = if grace <= Duration::from_secs(1) { grace } else { Duration::from_secs(2) };
        let rest = grace.saturating_sub(begun.elapsed()).max(least);
        if let Err(error) = self.shared.engine.stop_container(id, rest).await
            && !error.is_not_found()
        {
            self.container_event(&container.name, "Warning", "FailedKillPod", &format!("error killing pod: {error}"));
        }
    }

    /// Starts one container from its image to its postStart hook.
    async fn start(&mut self, start: &Start, sandbox: &Sandbox, now: Timestamp) -> Result<(), Stop> {
        let pod = self.pod.clone();
        let Some((_, container)) = pod::container(&pod, &start.name) else { return Ok(()) };
        let image = self.image(container, now).await?;
        let failed = |reason: &str, message: String| {
            self.container_event(&container.name, "Warning", "Failed", &format!("Error: {message}"));
            Stop::Failed(StartError { reason: reason.to_owned(), message, retry_at: now + RETRY })
        };
        let invalid = |message: String| failed("CreateContainerConfigError", message);

        let sources = self.shared.objects.sources(&pod).await.map_err(|error| invalid(error.to_string()))?;
        let ips = self.pod_ips(sandbox);
        let facts = environment::Facts { fields: self.shared.facts(&ips), sources: &sources };
        let environment = environment::of_container(&pod, container, facts).map_err(|error| invalid(error.to_string()))?;
        let mounts = self.mounts(container, start.attempt, &ips, &environment).map_err(invalid)?;
        let around = container_config::Surroundings {
            attempt: start.attempt,
            image: &image,
            environment,
            mounts,
            machine_memory: self.shared.machine.memory,
        };
        let config = container_config::build(&pod, container, around).map_err(|error| invalid(error.to_string()))?;
        let log = Path::new(&self.log_dir()).join(&config.log_path);
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder).map_err(|error| failed("CreateContainerError", format!("{}: {error}", folder.display())))?;
        }
        let engine = self.shared.engine.clone();
        let id = match engine.create_container(&sandbox.id, config, self.sandbox_config(sandbox.attempt)).await {
            Ok(id) => id,
            Err(error) => return Err(failed("CreateContainerError", error.description())),
        };
        self.shared.own(&id, pod::uid(&pod));
        self.container_event(&container.name, "Normal", "Created", "Container created");
        if let Err(error) = engine.start_container(&id).await {
            return Err(failed("RunContainerError", error.description()));
        }
        self.container_event(&container.name, "Normal", "Started", "Container started");
        self.link_log(&log, &container.name, &id);
        self.remove_old_attempts(&container.name, start.attempt).await;
        self.post_start(container, &id)
            .await
            .map_err(|message| Stop::Failed(StartError { reason: "PostStartHookError".to_owned(), message, retry_at: now }))
    }

    /// The image, present; or why not.
    async fn image(&mut self, container: &Container, now: Timestamp) -> Result<Image, Stop> {
        let need = Need { pod: self.pod.clone(), container: container.clone() };
        match self.pulls.image(&self.shared, &self.mailbox, need, now).await? {
            Pulled::Present(image) => Ok(image),
            Pulled::Pulling => {
                self.errors.remove(&container.name);
                Err(Stop::Later)
            }
            Pulled::Failed { reason, message, retry_at, news } => {
                if news {
                    self.container_event(&container.name, "Warning", "Failed", &format!("Error: {reason}"));
                }
                Err(Stop::Failed(StartError { reason: reason.to_owned(), message, retry_at }))
            }
        }
    }

    /// Runs the hook; a failure kills the container. The end of the pod cuts it short.
    async fn post_start(&mut self, container: &Container, id: &str) -> Result<(), String> {
        let Some(hook) = container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.post_start.as_ref()) else { return Ok(()) };
        let outcome = tokio::select! {
            outcome = hooks::run(&self.shared, &self.pod, &self.observation, container, id, hook) => outcome,
            () = self.mailbox.ending() => Ok(()),
        };
        let Err(error) = outcome else { return Ok(()) };
        // What the hook said may be a secret: the log has it, the event does not.
        tracing::warn!(pod = pod::name(&self.pod), container = container.name, error, "a hook failed after the start");
        self.container_event(&container.name, "Warning", "FailedPostStartHook", "PostStartHook failed");
        let grace = pod::spec(&self.pod).termination_grace_period_seconds.unwrap_or(30);
        self.stop_container(container, id, grace, "FailedPostStartHook").await;
        Err(error)
    }

    fn pod_ips(&self, sandbox: &Sandbox) -> Vec<String> {
        if pod::host_network(&self.pod) {
            self.shared.config.node_ips.iter().map(ToString::to_string).collect()
        } else {
            sandbox.ips.clone()
        }
    }
    pub(crate) fn log_dir(&self) -> PathBuf {
        self.shared.config.pod_log_dir(pod::namespace(&self.pod), pod::name(&self.pod), pod::uid(&self.pod))
    }

    /// The container's volumes, its `/etc/hosts`, its termination log.
    fn mounts(&self, container: &Container, attempt: u32, ips: &[String], environment: &[(String, String)]) -> Result<Vec<Mount>, String> {
        let config = &self.shared.config;
        let mut mounts = Vec::new();
        for wanted in container.volume_mounts.iter().flatten() {
            mounts.push(self.volume_mount(wanted, environment)?);
        }
        let pod_dir = config.pod_dir(pod::uid(&self.pod));
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |error: std::io::Error| format!("{path}: {error}")
        };
        if !mounts.iter().any(|mount| mount.container_path == "/etc/hosts") {
            let path = pod_dir.join("etc-hosts");
            let (hostname, domain) = hosts_file::names(&self.pod, &config.node_name, &config.cluster_domain);
            let host_file = if pod::host_network(&self.pod) { fs::read_to_string("/etc/hosts").unwrap_or_default() } else { String::new() };
            let text = hosts_file::render(&self.pod, ips, &hostname, domain.as_deref(), &host_file);
            fs::create_dir_all(&pod_dir).map_err(failed(&pod_dir))?;
            fs::write(&path, text).map_err(failed(&path))?;
            mounts.push(bind(&path, "/etc/hosts", false));
        }
        let log = termination_message::host_path(config, &self.pod, &container.name, attempt);
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder).map_err(failed(folder))?;
        }
        fs::write(&log, "").map_err(failed(&log))?;
        // Whatever user the container runs as may write it.
        fs::set_permissions(&log, fs::Permissions::from_mode(0o666)).map_err(failed(&log))?;
        mounts.push(bind(&log, termination_path(container), false));
        Ok(mounts)
    }

    fn volume_mount(&self, wanted: &VolumeMount, environment: &[(String, String)]) -> Result<Mount, String> {
        let volumes = self.volumes.as_ref();
        let volume = volumes.and_then(|volumes| volumes.get(&wanted.name));
        let volume = volume.ok_or_else(|| format!("cannot find volume \"{}\" to mount into container", wanted.name))?;
        let lookup = |name: &str| environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let sub = match (&wanted.sub_path_expr, &wanted.sub_path) {
            (Some(expression), _) if !expression.is_empty() => Some(expand(expression, lookup)),
            (_, sub) => sub.clone().filter(|sub| !sub.is_empty()),
        };
        let path = match sub {
            Some(sub) => volume::sub_path(volume, &sub)?,
            None => volume.clone(),
        };
        let inside = if wanted.mount_path.starts_with('/') { wanted.mount_path.clone() } else { format!("/{}", wanted.mount_path) };
        let mut mount = bind(&path, &inside, wanted.read_only.unwrap_or(false));
        mount.propagation = match wanted.mount_propagation.as_deref() {
            Some("Bidirectional") => MountPropagation::PropagationBidirectional,
            Some("HostToContainer") => MountPropagation::PropagationHostToContainer,
            _ => MountPropagation::PropagationPrivate,
        }
        .into();
        Ok(mount)
    }

    /// `/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log`, where log agents look.
    fn link_log(&self, log: &Path, container: &str, id: &str) {
        let (name, namespace) = (pod::name(&self.pod), pod::namespace(&self.pod));
        let link = self.shared.config.log_dir.join("containers").join(format!("{name}_{namespace}_{container}-{id}.log"));
        if let Err(error) = symlink(log, &link) {
            tracing::debug!(%error, link = %link.display(), "linking a container's log");
        }
    }

    /// Only the last attempt and the one before are kept.
    async fn remove_old_attempts(&mut self, name: &str, attempt: u32) {
        let old: Vec<_> = self
            .observation
            .containers
            .iter()
            .filter(|container| container.name == name && container.attempt + 1 < attempt)
            .map(|container| (container.id.clone(), container.log_path.clone()))
            .collect();
        for (id, log) in old {
            match self.shared.engine.remove_container(&id).await {
                Ok(()) => crate::garbage::remove_log(&self.shared.config, &id, Path::new(&log)),
                Err(error) => tracing::debug!(%error, id, "removing an old container"),
            }
        }
        let sandboxes: Vec<String> =
            self.observation.sandboxes.iter().skip(2).filter(|sandbox| !sandbox.ready).map(|sandbox| sandbox.id.clone()).collect();
        for id in sandboxes {
            if let Err(error) = self.shared.engine.remove_pod_sandbox(&id).await {
                tracing::debug!(%error, id, "removing an old sandbox");
            }
        }
    }
}

fn bind(host: &Path, inside: &str, readonly: bool) -> Mount {
    Mount { host_path: host.display().to_string(), container_path: inside.to_owned(), readonly, ..Mount::default() }
}

/// A wait as it appears in messages.
pub(crate) fn words_of(wait: Duration) -> String {
    if wait < Duration::from_secs(60) {
        let milliseconds = wait.as_millis();
        return if milliseconds < 1000 {
            format!("{milliseconds}ms")
        } else {
            let text = format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
            format!("{}s", text.trim_end_matches('0').trim_end_matches('.'))
        };
    }
    go_duration(jiff::SignedDuration::from_secs(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (milliseconds, expected) in [(7, "7ms"), (1000, "1s"), (1230, "1.23s"), (61_000, "1m1s")] {
            assert_eq!(words_of(Duration::from_millis(milliseconds)), expected);
        }
    }
}
