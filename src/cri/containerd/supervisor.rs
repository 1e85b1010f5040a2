//! Keeps a private containerd running: adopts the one that is there, starts one where there is none or where it was configured
//! otherwise, starts it again when it dies, ends it only when asked to.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::process::{self, Process};
use super::{Error, Settings, config};
use crate::{Client, pause};

/// How long a start may take until the first answer, in seconds: a cold disk is slow.
const READY_SECONDS: u64 = 60;
/// Waits before starting again one that dies soon after its start.
const RESTART: [Duration; 5] =
    [Duration::ZERO, Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(15)];

/// A supervised private containerd. Dropping the handle ends the supervision and leaves containerd and its containers running.
#[derive(Debug)]
pub struct Containerd {
    client: Client,
    stop: mpsc::Sender<oneshot::Sender<()>>,
}

impl Containerd {
    /// Starts or adopts containerd and returns when it answers and has the pause image.
    pub async fn start(settings: Settings) -> Result<Self, Error> {
        let socket = settings.socket();
        if socket.as_os_str().len() > 107 {
            return Err(Error::SocketPath(socket));
        }
        for folder in [&settings.directory, &settings.state(), &settings.registries, &settings.network.configuration] {
            let failed = |source| Error::File { act: "creating", path: folder.clone(), source };
            tokio::fs::create_dir_all(folder).await.map_err(failed)?;
        }
        let binary = process::find(&settings.binary)?;
        let adopted = configure(&settings, &binary).await?;
        let mut running = match adopted {
            Some(running) => running,
            None => process::spawn(&settings, &binary)?,
        };
        let client = Client::new(&socket);
        await_ready(&settings, &client, &mut running).await?;
        pause::ensure(&client).await.map_err(Error::Pause)?;
        let (stop, stops) = mpsc::channel(1);
        tokio::spawn(supervise(settings, binary, running, client.clone(), stops));
        Ok(Self { client, stop })
    }
    pub fn client(&self) -> Client {
        self.client.clone()
    }
    /// Ends containerd. Containers that still run go on and are adopted at the next start; remove the sandboxes first to have none.
    pub async fn stop(self) {
        let (done, ended) = oneshot::channel();
        if self.stop.send(done).await.is_ok() && ended.await.is_err() {
            tracing::debug!("the supervisor of containerd was gone already");
        }
    }
}

/// Writes the configuration; returns the running containerd if it runs with exactly this one, and ends it if it does not.
async fn configure(settings: &Settings, binary: &std::path::Path) -> Result<Option<Process>, Error> {
    let running = process::running(settings);
    let version = process::version(binary).await?;
    let text = config::render(settings, config::inspect(settings, &version)?);
    let path = settings.config_file();
    let text = format!("# {}\n{text}", version.trim());
    if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(running);
    }
    if let Some(mut running) = running {
        tracing::info!("containerd's configuration has changed: starting it again");
        running.end().await;
    }
    std::fs::write(&path, text).map_err(|source| Error::File { act: "writing", path, source })?;
    Ok(None)
}

/// Returns when containerd answers CRI calls; an error where it ends or takes too long.
async fn await_ready(settings: &Settings, client: &Client, running: &mut Process) -> Result<(), Error> {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(READY_SECONDS);
    let mut wait = Duration::from_millis(4);
    loop {
        let message = match client.version().await {
            Ok(_) => return Ok(()),
            Err(error) => error.to_string(),
        };
        if tokio::time::Instant::now() > deadline {
            return Err(Error::NotReady { seconds: READY_SECONDS, message });
        }
        tokio::select! {
            status = running.ended() => return Err(Error::Ended { status, log: process::end_of_log(settings) }),
            () = tokio::time::sleep(wait) => {}
        }
        wait = (wait * 5 / 4).min(Duration::from_millis(50));
    }
}

async fn supervise(
    settings: Settings,
    binary: PathBuf,
    mut running: Process,
    client: Client,
    mut stops: mpsc::Receiver<oneshot::Sender<()>>,
) {
    let mut deaths = 0;
    loop {
        let born = tokio::time::Instant::now();
        let status = tokio::select! {
            status = running.ended() => status,
            request = stops.recv() => {
                // Without a request the handle was dropped: containerd is to outlive us.
                if let Some(done) = request {
                    running.end().await;
                    if let Err(error) = std::fs::remove_file(settings.pid_file()) {
                        tracing::debug!(%error, "removing containerd's pid file");
                    }
                    if done.send(()).is_err() {
                        tracing::debug!("nobody waits for containerd's end any more");
                    }
                }
                return;
            }
        };
        deaths = if born.elapsed() > Duration::from_secs(60) { 0 } else { deaths };
        tracing::warn!(status, "containerd ended; starting it again");
        loop {
            tokio::time::sleep(RESTART[usize::min(deaths, RESTART.len() - 1)]).await;
            deaths += 1;
            match process::spawn(&settings, &binary) {
                Ok(mut started) => match await_ready(&settings, &client, &mut started).await {
                    Ok(()) => {
                        running = started;
                        break;
                    }
                    Err(error) => tracing::error!(%error, "containerd"),
                },
                Err(error) => tracing::error!(%error, "containerd"),
            }
        }
    }
}
