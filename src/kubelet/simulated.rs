//! A runtime that pretends: sandboxes and containers are entries in a table. For control-plane tests and for scale, without root and
//! without containerd. Every image is present; containers run until they are stopped, but for the commands `true`, `false`, `exit N` and
//! `sleep SECONDS`, which end as their names say.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use cri::v1::{
    AttachRequest, AuthConfig, Container, ContainerConfig, ContainerFilter, ContainerState, ContainerStats, ContainerStatus, ExecRequest,
    ExecSyncResponse, FilesystemUsage, Image, ImageSpec, Int64Value, PodSandbox, PodSandboxConfig, PodSandboxFilter,
    PodSandboxNetworkStatus, PodSandboxState, PodSandboxStatus, RuntimeCondition, RuntimeStatus, VersionResponse,
};
use cri::{Code, Error, Event, Happening, Result};
use tokio::sync::mpsc;

/// Events not yet taken by one listener; more are dropped, as a relist would find them.
const QUEUE: usize = 4096;
/// Addresses of pretended pods: 10.128.0.0/9.
const FIRST_ADDRESS: u32 = 0x0a80_0001;

#[derive(Debug)]
struct Sandbox {
    config: PodSandboxConfig,
    ready: bool,
    created_at: i64,
    ip: String,
}

#[derive(Debug)]
struct Entry {
    sandbox: String,
    config: ContainerConfig,
    state: ContainerState,
    created_at: i64,
    started_at: i64,
    finished_at: i64,
    exit_code: i32,
    log_path: String,
}

#[derive(Debug, Default)]
struct Tables {
    sandboxes: BTreeMap<String, Sandbox>,
    containers: BTreeMap<String, Entry>,
    listeners: Vec<mpsc::Sender<Event>>,
    count: u64,
    last_time: i64,
}

/// The pretended runtime; clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Simulated(Arc<Mutex<Tables>>);

fn not_found(act: &'static str, id: &str) -> Error {
    Error::Status { act, code: Code::NotFound, message: format!("{id}: not found") }
}
fn unsupported(act: &'static str) -> Error {
    Error::Status { act, code: Code::Unimplemented, message: format!("{act} is not possible with the simulated runtime") }
}

impl Tables {
    fn id(&mut self) -> String {
        self.count += 1;
        format!("{:064x}", self.count)
    }
    /// Nanoseconds since 1970, never the same twice.
    fn now(&mut self) -> i64 {
        let now = i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX);
        self.last_time = now.max(self.last_time + 1);
        self.last_time
    }
    fn tell(&mut self, id: &str, happening: &Happening) {
        self.listeners.retain(|listener| !listener.is_closed());
        for listener in &self.listeners {
            if listener.try_send(Event { id: id.to_owned(), happening: happening.clone() }).is_err() {
                tracing::warn!(id, "too many simulated events wait, one is dropped");
            }
        }
    }
    fn end(&mut self, id: &str, exit_code: i32) {
        let now = self.now();
        let Some(entry) = self.containers.get_mut(id) else { return };
        if matches!(entry.state, ContainerState::ContainerRunning | ContainerState::ContainerCreated) {
            entry.state = ContainerState::ContainerExited;
            entry.exit_code = exit_code;
            entry.finished_at = now;
            self.tell(id, &Happening::Exited { exit_code });
        }
    }
}

/// After how long a container ends by itself, and with what.
fn fate(config: &ContainerConfig) -> Option<(Duration, i32)> {
    let mut words = config.command.iter().chain(&config.args).map(String::as_str);
    let name = words.next()?.rsplit('/').next()?;
    let number = words.next().and_then(|word| word.parse::<f64>().ok());
    match name {
        "true" => Some((Duration::ZERO, 0)),
        "false" => Some((Duration::ZERO, 1)),
        "exit" => Some((Duration::ZERO, number.map_or(0, |code| code as i32))),
        "sleep" => number.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).map(|wait| (wait, 0)),
        _ => None,
    }
}

fn fits(selector: &HashMap<String, String>, labels: &HashMap<String, String>) -> bool {
    selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

impl Simulated {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Ends a container as if it had ended by itself: for tests.
    pub fn end_container(&self, id: &str, exit_code: i32) {
        self.tables().end(id, exit_code);
    }
}

#[async_trait]
impl crate::Engine for Simulated {
    async fn version(&self) -> Result<VersionResponse> {
        Ok(VersionResponse {
            version: "0.1.0".to_owned(),
            runtime_name: "simulated".to_owned(),
            runtime_version: "1".to_owned(),
            runtime_api_version: "v1".to_owned(),
        })
    }
    async fn status(&self) -> Result<RuntimeStatus> {
        let condition = |kind: &str| RuntimeCondition { r#type: kind.to_owned(), status: true, ..RuntimeCondition::default() };
        Ok(RuntimeStatus { conditions: vec![condition("RuntimeReady"), condition("NetworkReady")] })
    }
    fn events(&self) -> mpsc::Receiver<Event> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        self.tables().listeners.push(sender);
        receiver
    }
    async fn run_pod_sandbox(&self, config: PodSandboxConfig, _runtime_handler: &str) -> Result<String> {
        let mut tables = self.tables();
        let (id, created_at) = (tables.id(), tables.now());
        let number = u32::try_from(tables.count & 0x7f_ffff).unwrap_or(0);
        let ip = std::net::Ipv4Addr::from(FIRST_ADDRESS + number).to_string();
        tables.sandboxes.insert(id.clone(), Sandbox { config, ready: true, created_at, ip });
        Ok(id)
    }
    async fn stop_pod_sandbox(&self, id: &str) -> Result<()> {
        let mut tables = self.tables();
        let inside: Vec<String> =
            tables.containers.iter().filter(|(_, entry)| entry.sandbox == id).map(|(container, _)| container.clone()).collect();
        for container in inside {
            tables.end(&container, 137);
        }
        if let Some(sandbox) = tables.sandboxes.get_mut(id).filter(|sandbox| sandbox.ready) {
            sandbox.ready = false;
            tables.tell(id, &Happening::Exited { exit_code: 137 });
        }
        Ok(())
    }
    async fn remove_pod_sandbox(&self, id: &str) -> Result<()> {
        self.stop_pod_sandbox(id).await?;
        let mut tables = self.tables();
        tables.sandboxes.remove(id);
        tables.containers.retain(|_, entry| entry.sandbox != id);
        Ok(())
    }
    async fn pod_sandbox_status(&self, id: &str) -> Result<PodSandboxStatus> {
        let tables = self.tables();
        let sandbox = tables.sandboxes.get(id).ok_or_else(|| not_found("pod_sandbox_status", id))?;
        Ok(PodSandboxStatus {
            id: id.to_owned(),
            metadata: sandbox.config.metadata.clone(),
            state: state_of(sandbox).into(),
            created_at: sandbox.created_at,
            network: Some(PodSandboxNetworkStatus { ip: sandbox.ip.clone(), additional_ips: Vec::new() }),
            labels: sandbox.config.labels.clone(),
            annotations: sandbox.config.annotations.clone(),
            ..PodSandboxStatus::default()
        })
    }
    async fn list_pod_sandboxes(&self, filter: Option<PodSandboxFilter>) -> Result<Vec<PodSandbox>> {
        let selector = filter.unwrap_or_default().label_selector;
        let tables = self.tables();
        let found = tables.sandboxes.iter().filter(|(_, sandbox)| fits(&selector, &sandbox.config.labels));
        let item = |(id, sandbox): (&String, &Sandbox)| PodSandbox {
            id: id.clone(),
            metadata: sandbox.config.metadata.clone(),
            state: state_of(sandbox).into(),
            created_at: sandbox.created_at,
            labels: sandbox.config.labels.clone(),
            annotations: sandbox.config.annotations.clone(),
            runtime_handler: String::new(),
        };
        Ok(found.map(item).collect())
    }
    async fn create_container(&self, sandbox: &str, config: ContainerConfig, sandbox_config: PodSandboxConfig) -> Result<String> {
        let mut tables = self.tables();
        if !tables.sandboxes.contains_key(sandbox) {
            return Err(not_found("create_container", sandbox));
        }
        let (id, created_at) = (tables.id(), tables.now());
        let entry = Entry {
            sandbox: sandbox.to_owned(),
            log_path: format!("{}/{}", sandbox_config.log_directory, config.log_path),
            config,
            state: ContainerState::ContainerCreated,
            created_at,
            started_at: 0,
            finished_at: 0,
            exit_code: 0,
        };
        tables.containers.insert(id.clone(), entry);
        Ok(id)
    }
    async fn start_container(&self, id: &str) -> Result<()> {
        let mut tables = self.tables();
        let now = tables.now();
        let entry = tables.containers.get_mut(id).ok_or_else(|| not_found("start_container", id))?;
        entry.state = ContainerState::ContainerRunning;
        entry.started_at = now;
        let fate = fate(&entry.config);
        if !entry.log_path.is_empty() && std::fs::File::create(&entry.log_path).is_err() {
            tracing::debug!(log = entry.log_path, "making a simulated log");
        }
        tables.tell(id, &Happening::Started);
        drop(tables);
        if let Some((wait, exit_code)) = fate {
            let (simulated, id) = (self.clone(), id.to_owned());
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                simulated.end_container(&id, exit_code);
            });
        }
        Ok(())
    }
    async fn stop_container(&self, id: &str, _grace: Duration) -> Result<()> {
        self.tables().end(id, 143);
        Ok(())
    }
    async fn remove_container(&self, id: &str) -> Result<()> {
        self.tables().containers.remove(id);
        Ok(())
    }
    async fn list_containers(&self, filter: Option<ContainerFilter>) -> Result<Vec<Container>> {
        let filter = filter.unwrap_or_default();
        let tables = self.tables();
        let found = tables.containers.iter().filter(|(_, entry)| {
            fits(&filter.label_selector, &entry.config.labels)
                && filter.state.as_ref().is_none_or(|state| state.state == i32::from(entry.state))
        });
        let item = |(id, entry): (&String, &Entry)| Container {
            id: id.clone(),
            pod_sandbox_id: entry.sandbox.clone(),
            metadata: entry.config.metadata.clone(),
            image: entry.config.image.clone(),
            state: entry.state.into(),
            created_at: entry.created_at,
            labels: entry.config.labels.clone(),
            annotations: entry.config.annotations.clone(),
            ..Container::default()
        };
        Ok(found.map(item).collect())
    }
    async fn container_status(&self, id: &str) -> Result<ContainerStatus> {
        let tables = self.tables();
        let entry = tables.containers.get(id).ok_or_else(|| not_found("container_status", id))?;
        let image = entry.config.image.clone().unwrap_or_default();
        Ok(ContainerStatus {
            id: id.to_owned(),
            metadata: entry.config.metadata.clone(),
            state: entry.state.into(),
            created_at: entry.created_at,
            started_at: entry.started_at,
            finished_at: entry.finished_at,
            exit_code: entry.exit_code,
            image_ref: image.image.clone(),
            image: Some(ImageSpec { image: image.user_specified_image, ..ImageSpec::default() }),
            labels: entry.config.labels.clone(),
            annotations: entry.config.annotations.clone(),
            log_path: entry.log_path.clone(),
            ..ContainerStatus::default()
        })
    }
    async fn reopen_container_log(&self, _id: &str) -> Result<()> {
        Ok(())
    }
    async fn exec_sync(&self, _id: &str, _command: Vec<String>, _limit: Duration) -> Result<ExecSyncResponse> {
        Ok(ExecSyncResponse::default())
    }
    async fn exec(&self, _request: ExecRequest) -> Result<String> {
        Err(unsupported("exec"))
    }
    async fn attach(&self, _request: AttachRequest) -> Result<String> {
        Err(unsupported("attach"))
    }
    async fn port_forward(&self, _sandbox: &str, _ports: Vec<i32>) -> Result<String> {
        Err(unsupported("port-forward"))
    }
    async fn container_stats(&self) -> Result<Vec<ContainerStats>> {
        Ok(Vec::new())
    }
    async fn image_status(&self, image: &str) -> Result<Option<Image>> {
        Ok(Some(Image { id: image.to_owned(), repo_tags: vec![image.to_owned()], uid: Some(Int64Value { value: 0 }), ..Image::default() }))
    }
    async fn list_images(&self) -> Result<Vec<Image>> {
        Ok(Vec::new())
    }
    async fn pull_image(&self, image: &str, _auth: Option<AuthConfig>, _sandbox: Option<PodSandboxConfig>) -> Result<String> {
        Ok(image.to_owned())
    }
    async fn remove_image(&self, _image: &str) -> Result<()> {
        Ok(())
    }
    async fn image_filesystems(&self) -> Result<Vec<FilesystemUsage>> {
        Ok(Vec::new())
    }
}

fn state_of(sandbox: &Sandbox) -> PodSandboxState {
    if sandbox.ready { PodSandboxState::SandboxReady } else { PodSandboxState::SandboxNotready }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    #[tokio::test]
    async fn a_container_ends_as_its_command_says() {
        let simulated = Simulated::default();
        let mut events = simulated.events();
        let sandbox = simulated.run_pod_sandbox(PodSandboxConfig::default(), "").await.unwrap();
        let config = ContainerConfig { command: vec!["exit".into(), "3".into()], ..ContainerConfig::default() };
        let id = simulated.create_container(&sandbox, config, PodSandboxConfig::default()).await.unwrap();
        simulated.start_container(&id).await.unwrap();
        let mut happenings = Vec::new();
        while happenings.len() < 2 {
            happenings.push(events.recv().await.unwrap().happening);
        }
        assert_eq!(happenings, [Happening::Started, Happening::Exited { exit_code: 3 }]);
        assert_eq!(simulated.container_status(&id).await.unwrap().state(), ContainerState::ContainerExited);
    }
}
