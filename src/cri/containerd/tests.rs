//! The private containerd for real: needs root and an installed containerd, as the whole of this crate does.

use std::path::Path;
use std::time::Duration;

use super::{Containerd, Network, Settings};
use crate::v1::{
    LinuxPodSandboxConfig, LinuxSandboxSecurityContext, NamespaceMode, NamespaceOption, PodSandboxConfig, PodSandboxMetadata,
    PodSandboxState,
};
use crate::{Client, Happening, events};

fn settings(directory: &Path) -> Settings {
    let network = Network { binaries: "/usr/lib/cni".into(), configuration: directory.join("net.d") };
    Settings::new(directory, network)
}

fn sandbox(directory: &Path) -> PodSandboxConfig {
    let namespaces = NamespaceOption { network: NamespaceMode::Node.into(), ..Default::default() };
    PodSandboxConfig {
        metadata: Some(PodSandboxMetadata { name: "p".into(), uid: "u".into(), namespace: "default".into(), attempt: 0 }),
        log_directory: directory.join("logs").display().to_string(),
        linux: Some(LinuxPodSandboxConfig {
            cgroup_parent: "/cri-test".into(),
            security_context: Some(LinuxSandboxSecurityContext { namespace_options: Some(namespaces), ..Default::default() }),
            ..Default::default()
        }),
        ..Default::default()
    }
}

async fn next(events: &mut tokio::sync::mpsc::Receiver<crate::Event>, id: &str, wanted: fn(&Happening) -> bool) {
    let wait = async {
        while let Some(event) = events.recv().await {
            if event.id == id && wanted(&event.happening) {
                return;
            }
        }
        panic!("the events ended");
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.expect("the event comes");
}

async fn state(client: &Client, id: &str) -> PodSandboxState {
    PodSandboxState::try_from(client.pod_sandbox_status(id).await.unwrap().state).unwrap()
}

/// Start; a sandbox runs; the next start adopts the same process; killed, it comes back and the sandbox still runs; its end is an event.
#[tokio::test(flavor = "multi_thread")]
async fn sandboxes_outlive_handle_and_process() {
    let directory = tempfile::tempdir().unwrap();
    let first = Containerd::start(settings(directory.path())).await.unwrap();
    let client = first.client();
    let mut events = events::follow(&client);
    next(&mut events, "", |happening| *happening == Happening::Relist).await;
    let id = client.run_pod_sandbox(sandbox(directory.path()), "").await.unwrap();
    next(&mut events, &id, |happening| *happening == Happening::Started).await;
    let pid = || std::fs::read_to_string(directory.path().join("containerd.pid")).unwrap();
    let before = pid();
    drop(first);

    let second = Containerd::start(settings(directory.path())).await.unwrap();
    assert_eq!(pid(), before, "the running containerd is adopted");
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(before.parse().unwrap()), nix::sys::signal::Signal::SIGKILL).unwrap();
    next(&mut events, "", |happening| *happening == Happening::Relist).await;
    assert_ne!(pid(), before, "a killed containerd is started again");
    assert_eq!(state(&client, &id).await, PodSandboxState::SandboxReady);

    client.stop_pod_sandbox(&id).await.unwrap();
    next(&mut events, &id, |happening| matches!(happening, Happening::Exited { .. })).await;
    assert_eq!(state(&client, &id).await, PodSandboxState::SandboxNotready);
    client.remove_pod_sandbox(&id).await.unwrap();
    second.stop().await;
    assert!(!directory.path().join("containerd.pid").exists());
    assert!(client.version().await.unwrap_err().is_unavailable());
}
