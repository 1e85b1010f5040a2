//! What the kubelet asks of a container runtime, behind a trait, so that one can be pretended. The words are CRI's.

use std::time::Duration;

use async_trait::async_trait;
use cri::v1::{
    AttachRequest, AuthConfig, Container, ContainerConfig, ContainerFilter, ContainerStats, ContainerStatus, ExecRequest, ExecSyncResponse,
    FilesystemUsage, Image, PodSandbox, PodSandboxConfig, PodSandboxFilter, PodSandboxStatus, RuntimeStatus, VersionResponse,
};
use cri::{Event, Result};
use tokio::sync::mpsc;

/// A container runtime: [`cri::Client`], or [`crate::simulated::Simulated`].
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    async fn version(&self) -> Result<VersionResponse>;
    async fn status(&self) -> Result<RuntimeStatus>;
    /// Starts and exits as they happen; see [`cri::events`].
    fn events(&self) -> mpsc::Receiver<Event>;
    async fn run_pod_sandbox(&self, config: PodSandboxConfig, runtime_handler: &str) -> Result<String>;
    async fn stop_pod_sandbox(&self, id: &str) -> Result<()>;
    async fn remove_pod_sandbox(&self, id: &str) -> Result<()>;
    async fn pod_sandbox_status(&self, id: &str) -> Result<PodSandboxStatus>;
    async fn list_pod_sandboxes(&self, filter: Option<PodSandboxFilter>) -> Result<Vec<PodSandbox>>;
    async fn create_container(&self, sandbox: &str, config: ContainerConfig, sandbox_config: PodSandboxConfig) -> Result<String>;
    async fn start_container(&self, id: &str) -> Result<()>;
    async fn stop_container(&self, id: &str, grace: Duration) -> Result<()>;
    async fn remove_container(&self, id: &str) -> Result<()>;
    async fn list_containers(&self, filter: Option<ContainerFilter>) -> Result<Vec<Container>>;
    async fn container_status(&self, id: &str) -> Result<ContainerStatus>;
    async fn reopen_container_log(&self, id: &str) -> Result<()>;
    async fn exec_sync(&self, id: &str, command: Vec<String>, limit: Duration) -> Result<ExecSyncResponse>;
    async fn exec(&self, request: ExecRequest) -> Result<String>;
    async fn attach(&self, request: AttachRequest) -> Result<String>;
    async fn port_forward(&self, sandbox: &str, ports: Vec<i32>) -> Result<String>;
    async fn container_stats(&self) -> Result<Vec<ContainerStats>>;
    async fn image_status(&self, image: &str) -> Result<Option<Image>>;
    async fn list_images(&self) -> Result<Vec<Image>>;
    async fn pull_image(&self, image: &str, auth: Option<AuthConfig>, sandbox: Option<PodSandboxConfig>) -> Result<String>;
    async fn remove_image(&self, image: &str) -> Result<()>;
    async fn image_filesystems(&self) -> Result<Vec<FilesystemUsage>>;
}

#[async_trait]
impl Engine for cri::Client {
    async fn version(&self) -> Result<VersionResponse> {
        self.version().await
    }
    async fn status(&self) -> Result<RuntimeStatus> {
        self.status().await
    }
    fn events(&self) -> mpsc::Receiver<Event> {
        cri::events::follow(self)
    }
    async fn run_pod_sandbox(&self, config: PodSandboxConfig, runtime_handler: &str) -> Result<String> {
        self.run_pod_sandbox(config, runtime_handler).await
    }
    async fn stop_pod_sandbox(&self, id: &str) -> Result<()> {
        self.stop_pod_sandbox(id).await
    }
    async fn remove_pod_sandbox(&self, id: &str) -> Result<()> {
        self.remove_pod_sandbox(id).await
    }
    async fn pod_sandbox_status(&self, id: &str) -> Result<PodSandboxStatus> {
        self.pod_sandbox_status(id).await
    }
    async fn list_pod_sandboxes(&self, filter: Option<PodSandboxFilter>) -> Result<Vec<PodSandbox>> {
        self.list_pod_sandboxes(filter).await
    }
    async fn create_container(&self, sandbox: &str, config: ContainerConfig, sandbox_config: PodSandboxConfig) -> Result<String> {
        Box::pin(self.create_container(sandbox, config, sandbox_config)).await
    }
    async fn start_container(&self, id: &str) -> Result<()> {
        self.start_container(id).await
    }
    async fn stop_container(&self, id: &str, grace: Duration) -> Result<()> {
        self.stop_container(id, grace).await
    }
    async fn remove_container(&self, id: &str) -> Result<()> {
        self.remove_container(id).await
    }
    async fn list_containers(&self, filter: Option<ContainerFilter>) -> Result<Vec<Container>> {
        self.list_containers(filter).await
    }
    async fn container_status(&self, id: &str) -> Result<ContainerStatus> {
        self.container_status(id).await
    }
    async fn reopen_container_log(&self, id: &str) -> Result<()> {
        self.reopen_container_log(id).await
    }
    async fn exec_sync(&self, id: &str, command: Vec<String>, limit: Duration) -> Result<ExecSyncResponse> {
        self.exec_sync(id, command, limit).await
    }
    async fn exec(&self, request: ExecRequest) -> Result<String> {
        self.exec(request).await
    }
    async fn attach(&self, request: AttachRequest) -> Result<String> {
        self.attach(request).await
    }
    async fn port_forward(&self, sandbox: &str, ports: Vec<i32>) -> Result<String> {
        self.port_forward(sandbox, ports).await
    }
    async fn container_stats(&self) -> Result<Vec<ContainerStats>> {
        self.container_stats(None).await
    }
    async fn image_status(&self, image: &str) -> Result<Option<Image>> {
        self.image_status(image).await
    }
    async fn list_images(&self) -> Result<Vec<Image>> {
        self.list_images().await
    }
    async fn pull_image(&self, image: &str, auth: Option<AuthConfig>, sandbox: Option<PodSandboxConfig>) -> Result<String> {
        self.pull_image(image, auth, sandbox).await
    }
    async fn remove_image(&self, image: &str) -> Result<()> {
        self.remove_image(image).await
    }
    async fn image_filesystems(&self) -> Result<Vec<FilesystemUsage>> {
        self.image_filesystems().await
    }
}
