//! What the runtime has of one pod: its sandboxes and every container that is or was.

use std::collections::HashMap;

use cri::v1::{ContainerFilter, ContainerState, ContainerStatus, PodSandboxFilter, PodSandboxState};
use jiff::Timestamp;

use crate::engine::Engine;
use crate::labels;

/// State of a container as the runtime sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Created,
    Running,
    Exited,
    Unknown,
}

/// One sandbox of the pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sandbox {
    pub id: String,
    pub attempt: u32,
    pub ready: bool,
    pub created_at: i64,
    /// Empty on the host's network.
    pub ips: Vec<String>,
}

/// One container, running or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    pub id: String,
    pub name: String,
    pub sandbox: String,
    /// How often it was started before.
    pub attempt: u32,
    pub state: State,
    /// Nanoseconds since 1970; 0 for never.
    pub created_at: i64,
    pub started_at: i64,
    pub finished_at: i64,
    pub exit_code: i32,
    pub reason: String,
    pub message: String,
    pub image: String,
    pub image_id: String,
    pub log_path: String,
    pub user: Option<(i64, i64, Vec<i64>)>,
    /// Hash of the part of the spec that it was made from; empty where it was made by others.
    pub hash: String,
}

impl Observed {
    pub fn started(&self) -> Option<Timestamp> {
        timestamp(self.started_at)
    }
    pub fn finished(&self) -> Option<Timestamp> {
        timestamp(self.finished_at)
    }
}

/// Nanoseconds since 1970 as a time; 0 is none.
pub fn timestamp(nanoseconds: i64) -> Option<Timestamp> {
    (nanoseconds > 0).then(|| Timestamp::from_nanosecond(i128::from(nanoseconds)).ok()).flatten()
}

/// All of a pod, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    pub sandboxes: Vec<Sandbox>,
    pub containers: Vec<Observed>,
}

impl Observation {
    /// The sandbox that is in use, if it is ready.
    pub fn sandbox(&self) -> Option<&Sandbox> {
        self.sandboxes.first().filter(|sandbox| sandbox.ready)
    }
    /// The last attempt of a container.
    pub fn latest(&self, name: &str) -> Option<&Observed> {
        self.containers.iter().find(|container| container.name == name)
    }
    /// The attempt before the last.
    pub fn previous(&self, name: &str) -> Option<&Observed> {
        self.containers.iter().filter(|container| container.name == name).nth(1)
    }
    pub fn running(&self) -> impl Iterator<Item = &Observed> {
        self.containers.iter().filter(|container| container.state != State::Exited)
    }
}

/// Observes one pod again and again; what can not change any more is asked once.
#[derive(Debug, Default)]
pub struct Observer {
    ended: HashMap<String, Observed>,
    sandboxes: HashMap<String, Sandbox>,
}

impl Observer {
    pub async fn observe(&mut self, engine: &dyn Engine, uid: &str) -> cri::Result<Observation> {
        let selector = HashMap::from([(labels::POD_UID.to_owned(), uid.to_owned())]);
        let filter = PodSandboxFilter { label_selector: selector.clone(), ..Default::default() };
        let listed = engine.list_pod_sandboxes(Some(filter)).await?;
        let mut sandboxes = Vec::with_capacity(listed.len());
        for item in listed {
            sandboxes.push(self.sandbox(engine, &item).await?);
        }
        sandboxes.sort_by_key(|sandbox| std::cmp::Reverse((sandbox.created_at, sandbox.attempt)));
        self.sandboxes.retain(|id, _| sandboxes.iter().any(|sandbox| &sandbox.id == id));

        let filter = ContainerFilter { label_selector: selector, ..Default::default() };
        let listed = if sandboxes.is_empty() { Vec::new() } else { engine.list_containers(Some(filter)).await? };
        let mut containers = Vec::with_capacity(listed.len());
        for item in listed {
            if let Some(known) = self.ended.get(&item.id) {
                containers.push(known.clone());
                continue;
            }
            match engine.container_status(&item.id).await {
                Ok(status) => {
                    let name = item.labels.get(labels::CONTAINER_NAME).cloned().unwrap_or_default();
                    let observed = observed(status, name, item.pod_sandbox_id);
                    if observed.state == State::Exited {
                        self.ended.insert(observed.id.clone(), observed.clone());
                    }
                    containers.push(observed);
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        containers.sort_by_key(|container| std::cmp::Reverse((container.attempt, container.created_at)));
        self.ended.retain(|id, _| containers.iter().any(|container| &container.id == id));
        Ok(Observation { sandboxes, containers })
    }

    async fn sandbox(&mut self, engine: &dyn Engine, item: &cri::v1::PodSandbox) -> cri::Result<Sandbox> {
        let ready = item.state == i32::from(PodSandboxState::SandboxReady);
        if let Some(known) = self.sandboxes.get(&item.id).filter(|known| known.ready == ready) {
            return Ok(known.clone());
        }
        let mut sandbox = Sandbox {
            id: item.id.clone(),
            attempt: item.metadata.as_ref().map_or(0, |metadata| metadata.attempt),
            ready,
            created_at: item.created_at,
            ips: self.sandboxes.get(&item.id).map(|known| known.ips.clone()).unwrap_or_default(),
        };
        if ready {
            match engine.pod_sandbox_status(&item.id).await {
                Ok(status) => {
                    let network = status.network.unwrap_or_default();
                    let ips = std::iter::once(network.ip).chain(network.additional_ips.into_iter().map(|more| more.ip));
                    sandbox.ips = ips.filter(|ip| !ip.is_empty()).collect();
                }
                Err(error) if error.is_not_found() => sandbox.ready = false,
                Err(error) => return Err(error),
            }
        }
        self.sandboxes.insert(item.id.clone(), sandbox.clone());
        Ok(sandbox)
    }
}

fn observed(status: ContainerStatus, name: String, sandbox: String) -> Observed {
    let state = match status.state() {
        ContainerState::ContainerCreated => State::Created,
        ContainerState::ContainerRunning => State::Running,
        ContainerState::ContainerExited => State::Exited,
        ContainerState::ContainerUnknown => State::Unknown,
    };
    let user = status.user.and_then(|user| user.linux).map(|user| (user.uid, user.gid, user.supplemental_groups));
    Observed {
        hash: status.annotations.get(labels::CONTAINER_HASH).cloned().unwrap_or_default(),
        id: status.id,
        name,
        sandbox,
        attempt: status.metadata.map_or(0, |metadata| metadata.attempt),
        state,
        created_at: status.created_at,
        started_at: status.started_at,
        finished_at: status.finished_at,
        exit_code: status.exit_code,
        reason: status.reason,
        message: status.message,
        image: status.image.map(|image| image.image).unwrap_or_default(),
        image_id: if status.image_ref.is_empty() { status.image_id } else { status.image_ref },
        log_path: status.log_path,
        user,
    }
}
