//! The CRI client: one method a call, each with its own time limit, answers unwrapped to what callers use.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tonic::transport::Channel;

use crate::connection::{MAX_MESSAGE_BYTES, channel};
use crate::error::{Error, Result};
use crate::v1::image_service_client::ImageServiceClient;
use crate::v1::runtime_service_client::RuntimeServiceClient;
use crate::v1::{
    AttachRequest, AuthConfig, Container, ContainerConfig, ContainerFilter, ContainerStats, ContainerStatsFilter, ContainerStatus,
    ContainerStatusRequest, CreateContainerRequest, ExecRequest, ExecSyncRequest, ExecSyncResponse, FilesystemUsage, Image, ImageFilter,
    ImageFsInfoRequest, ImageSpec, ImageStatusRequest, LinuxContainerResources, ListContainerStatsRequest, ListContainersRequest,
    ListImagesRequest, ListPodSandboxRequest, ListPodSandboxStatsRequest, NetworkConfig, PodSandbox, PodSandboxConfig, PodSandboxFilter,
    PodSandboxStats, PodSandboxStatus, PodSandboxStatusRequest, PortForwardRequest, PullImageRequest, RemoveContainerRequest,
    RemoveImageRequest, RemovePodSandboxRequest, ReopenContainerLogRequest, RunPodSandboxRequest, RuntimeConfig, RuntimeStatus,
    StartContainerRequest, StatusRequest, StopContainerRequest, StopPodSandboxRequest, UpdateContainerResourcesRequest,
    UpdateRuntimeConfigRequest, VersionRequest, VersionResponse,
};

/// Time limit of a call that only reads: upstream's `--runtime-request-timeout`.
const READ: Duration = Duration::from_secs(120);
/// Time limit of a call that starts or removes something: upstream doubles the one above.
const ACT: Duration = Duration::from_secs(240);
/// A pull ends when the registry ends it; this only bounds a dead one.
const PULL: Duration = Duration::from_secs(3600);
/// What an exec may take longer than its own limit before it is given up here.
const EXEC_MARGIN: Duration = Duration::from_secs(10);

/// One container runtime behind a unix socket. Clones share the connection.
#[derive(Clone, Debug)]
pub struct Client {
    socket: PathBuf,
    channel: Channel,
    runtime: RuntimeServiceClient<Channel>,
    images: ImageServiceClient<Channel>,
}

/// Runs one call with a time limit on both sides and types its failure.
macro_rules! call {
    ($self:ident . $service:ident . $method:ident ($message:expr), $limit:expr) => {{
        let act = stringify!($method);
        let limit: Duration = $limit;
        let mut request = tonic::Request::new($message);
        request.set_timeout(limit);
        let mut service = $self.$service.clone();
        match tokio::time::timeout(limit + Duration::from_secs(1), service.$method(request)).await {
            Ok(Ok(answer)) => Ok(answer.into_inner()),
            Ok(Err(status)) => Err(Error::status(act, &status)),
            Err(_) => Err(Error::Timeout { act, after: limit }),
        }
    }};
}

impl Client {
    /// A client of the runtime at `socket`; connects on first use.
    pub fn new(socket: &Path) -> Self {
        let channel = channel(socket);
        Self {
            socket: socket.to_owned(),
            runtime: RuntimeServiceClient::new(channel.clone())
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_MESSAGE_BYTES),
            images: ImageServiceClient::new(channel.clone())
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_MESSAGE_BYTES),
            channel,
        }
    }
    pub fn socket(&self) -> &Path {
        &self.socket
    }
    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    pub async fn version(&self) -> Result<VersionResponse> {
        call!(self.runtime.version(VersionRequest { version: "v1".to_owned() }), Duration::from_secs(10))
    }
    /// The conditions RuntimeReady and NetworkReady.
    pub async fn status(&self) -> Result<RuntimeStatus> {
        let answer = call!(self.runtime.status(StatusRequest { verbose: false }), READ)?;
        answer.status.ok_or(Error::Incomplete { act: "status", field: "status" })
    }
    /// Tells the runtime the node's pod range, for runtimes that write their own network configuration.
    pub async fn set_pod_cidr(&self, pod_cidr: &str) -> Result<()> {
        let runtime_config = Some(RuntimeConfig { network_config: Some(NetworkConfig { pod_cidr: pod_cidr.to_owned() }) });
        call!(self.runtime.update_runtime_config(UpdateRuntimeConfigRequest { runtime_config }), READ).map(drop)
    }

    /// Creates and starts a sandbox, its network included; returns its id.
    pub async fn run_pod_sandbox(&self, config: PodSandboxConfig, runtime_handler: &str) -> Result<String> {
        let message = RunPodSandboxRequest { config: Some(config), runtime_handler: runtime_handler.to_owned() };
        call!(self.runtime.run_pod_sandbox(message), ACT).map(|answer| answer.pod_sandbox_id)
    }
    /// Kills what runs in the sandbox and takes its network down. Idempotent.
    pub async fn stop_pod_sandbox(&self, id: &str) -> Result<()> {
        call!(self.runtime.stop_pod_sandbox(StopPodSandboxRequest { pod_sandbox_id: id.to_owned() }), ACT).map(drop)
    }
    /// Removes a sandbox and its containers. Idempotent.
    pub async fn remove_pod_sandbox(&self, id: &str) -> Result<()> {
        call!(self.runtime.remove_pod_sandbox(RemovePodSandboxRequest { pod_sandbox_id: id.to_owned() }), ACT).map(drop)
    }
    pub async fn pod_sandbox_status(&self, id: &str) -> Result<PodSandboxStatus> {
        let message = PodSandboxStatusRequest { pod_sandbox_id: id.to_owned(), verbose: false };
        let answer = call!(self.runtime.pod_sandbox_status(message), READ)?;
        answer.status.ok_or(Error::Incomplete { act: "pod_sandbox_status", field: "status" })
    }
    pub async fn list_pod_sandboxes(&self, filter: Option<PodSandboxFilter>) -> Result<Vec<PodSandbox>> {
        call!(self.runtime.list_pod_sandbox(ListPodSandboxRequest { filter }), READ).map(|answer| answer.items)
    }
    pub async fn pod_sandbox_stats(&self) -> Result<Vec<PodSandboxStats>> {
        call!(self.runtime.list_pod_sandbox_stats(ListPodSandboxStatsRequest { filter: None }), READ).map(|answer| answer.stats)
    }

    /// Creates a container in a sandbox; returns its id.
    pub async fn create_container(&self, sandbox: &str, config: ContainerConfig, sandbox_config: PodSandboxConfig) -> Result<String> {
        let message =
            CreateContainerRequest { pod_sandbox_id: sandbox.to_owned(), config: Some(config), sandbox_config: Some(sandbox_config) };
        call!(self.runtime.create_container(message), ACT).map(|answer| answer.container_id)
    }
    pub async fn start_container(&self, id: &str) -> Result<()> {
        call!(self.runtime.start_container(StartContainerRequest { container_id: id.to_owned() }), ACT).map(drop)
    }
    /// SIGTERM (or the image's stop signal), then SIGKILL after `grace`. Returns when the container has stopped. Idempotent.
    pub async fn stop_container(&self, id: &str, grace: Duration) -> Result<()> {
        let timeout = i64::try_from(grace.as_secs()).unwrap_or(i64::MAX);
        call!(self.runtime.stop_container(StopContainerRequest { container_id: id.to_owned(), timeout }), ACT.saturating_add(grace))
            .map(drop)
    }
    pub async fn remove_container(&self, id: &str) -> Result<()> {
        call!(self.runtime.remove_container(RemoveContainerRequest { container_id: id.to_owned() }), ACT).map(drop)
    }
    pub async fn list_containers(&self, filter: Option<ContainerFilter>) -> Result<Vec<Container>> {
        call!(self.runtime.list_containers(ListContainersRequest { filter }), READ).map(|answer| answer.containers)
    }
    pub async fn container_status(&self, id: &str) -> Result<ContainerStatus> {
        let message = ContainerStatusRequest { container_id: id.to_owned(), verbose: false };
        let answer = call!(self.runtime.container_status(message), READ)?;
        answer.status.ok_or(Error::Incomplete { act: "container_status", field: "status" })
    }
    pub async fn update_container_resources(&self, id: &str, resources: LinuxContainerResources) -> Result<()> {
        let message = UpdateContainerResourcesRequest { container_id: id.to_owned(), linux: Some(resources), ..Default::default() };
        call!(self.runtime.update_container_resources(message), READ).map(drop)
    }
    /// After the log file was renamed: the runtime opens a new one.
    pub async fn reopen_container_log(&self, id: &str) -> Result<()> {
        call!(self.runtime.reopen_container_log(ReopenContainerLogRequest { container_id: id.to_owned() }), READ).map(drop)
    }

    /// Runs a command to its end. `limit` of zero is no limit.
    pub async fn exec_sync(&self, id: &str, command: Vec<String>, limit: Duration) -> Result<ExecSyncResponse> {
        let timeout = i64::try_from(limit.as_secs()).unwrap_or(i64::MAX);
        let ours = if limit.is_zero() { PULL } else { limit + EXEC_MARGIN };
        call!(self.runtime.exec_sync(ExecSyncRequest { container_id: id.to_owned(), cmd: command, timeout }), ours)
    }
    /// The URL of a streaming exec.
    pub async fn exec(&self, request: ExecRequest) -> Result<String> {
        call!(self.runtime.exec(request), READ).map(|answer| answer.url)
    }
    /// The URL of a streaming attach.
    pub async fn attach(&self, request: AttachRequest) -> Result<String> {
        call!(self.runtime.attach(request), READ).map(|answer| answer.url)
    }
    /// The URL of a streaming port-forward.
    pub async fn port_forward(&self, sandbox: &str, ports: Vec<i32>) -> Result<String> {
        let message = PortForwardRequest { pod_sandbox_id: sandbox.to_owned(), port: ports };
        call!(self.runtime.port_forward(message), READ).map(|answer| answer.url)
    }
    pub async fn container_stats(&self, filter: Option<ContainerStatsFilter>) -> Result<Vec<ContainerStats>> {
        call!(self.runtime.list_container_stats(ListContainerStatsRequest { filter }), READ).map(|answer| answer.stats)
    }

    /// The image by name or id; `None` where it is not present.
    pub async fn image_status(&self, image: &str) -> Result<Option<Image>> {
        let message = ImageStatusRequest { image: Some(spec(image)), verbose: false };
        call!(self.images.image_status(message), READ).map(|answer| answer.image)
    }
    pub async fn list_images(&self) -> Result<Vec<Image>> {
        call!(self.images.list_images(ListImagesRequest { filter: None::<ImageFilter> }), READ).map(|answer| answer.images)
    }
    /// Pulls an image; returns its id.
    pub async fn pull_image(&self, image: &str, auth: Option<AuthConfig>, sandbox: Option<PodSandboxConfig>) -> Result<String> {
        let message = PullImageRequest { image: Some(spec(image)), auth, sandbox_config: sandbox };
        call!(self.images.pull_image(message), PULL).map(|answer| answer.image_ref)
    }
    pub async fn remove_image(&self, image: &str) -> Result<()> {
        call!(self.images.remove_image(RemoveImageRequest { image: Some(spec(image)) }), ACT).map(drop)
    }
    pub async fn image_filesystems(&self) -> Result<Vec<FilesystemUsage>> {
        call!(self.images.image_fs_info(ImageFsInfoRequest {}), READ).map(|answer| answer.image_filesystems)
    }
}

fn spec(image: &str) -> ImageSpec {
    ImageSpec { image: image.to_owned(), ..Default::default() }
}
