//! The process of a private containerd: starting it in its own session, recognising one that an earlier server left, waiting for its end,
//! ending it.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::process::{Child, Command};

use super::{Error, Settings};

/// How long an asked containerd may take to end before it is killed.
const GRACE: Duration = Duration::from_secs(10);
/// A log longer than this, in bytes, is begun anew at the next start.
const LOG_LIMIT: u64 = 16 << 20;

/// A running containerd: our child, or one that an earlier server started.
#[derive(Debug)]
pub(super) enum Process {
    Child(Child),
    Adopted(i32),
}

impl Process {
    pub(super) fn pid(&self) -> Option<i32> {
        match self {
            Self::Child(child) => child.id().and_then(|pid| i32::try_from(pid).ok()),
            Self::Adopted(pid) => Some(*pid),
        }
    }
    /// Returns when the process has ended, with how.
    pub(super) async fn ended(&mut self) -> String {
        match self {
            Self::Child(child) => child.wait().await.map_or_else(|error| error.to_string(), |status| status.to_string()),
            Self::Adopted(pid) => {
                if let Some(handle) = handle_of(*pid) {
                    // A pidfd becomes readable when its process ends.
                    if let Err(error) = handle.readable().await {
                        tracing::warn!(%error, "waiting for containerd");
                    }
                }
                "ended".to_owned()
            }
        }
    }
    /// SIGTERM, then SIGKILL; its containers go on.
    pub(super) async fn end(&mut self) {
        let Some(pid) = self.pid() else { return };
        for signal in [Signal::SIGTERM, Signal::SIGKILL] {
            if kill(Pid::from_raw(pid), signal).is_err() {
                return;
            }
            if tokio::time::timeout(GRACE, self.ended()).await.is_ok() {
                return;
            }
        }
    }
}

#[expect(unsafe_code, reason = "tokio asks for a promise that the descriptor stays open while registered: an OwnedFd keeps it so")]
fn handle_of(pid: i32) -> Option<AsyncFd<OwnedFd>> {
    let handle = rustix::process::pidfd_open(rustix::process::Pid::from_raw(pid)?, rustix::process::PidfdFlags::empty()).ok()?;
    unsafe { AsyncFd::register_with_interest(handle, Interest::READABLE) }.ok()
}

/// The containerd that runs with our configuration file, if the pid file knows one.
pub(super) fn running(settings: &Settings) -> Option<Process> {
    let pid: i32 = std::fs::read_to_string(settings.pid_file()).ok()?.trim().parse().ok()?;
    let command = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let ours = settings.config_file();
    command.split(|byte| *byte == 0).any(|word| word == ours.as_os_str().as_encoded_bytes()).then_some(Process::Adopted(pid))
}

/// The absolute path of a program named bare, looked up in PATH and where system programs lie.
pub(super) fn find(binary: &str) -> Result<PathBuf, Error> {
    if binary.contains('/') {
        return if Path::new(binary).exists() { Ok(binary.into()) } else { Err(Error::Missing(binary.to_owned())) };
    }
    std::env::split_paths(&search_path())
        .map(|folder| folder.join(binary))
        .find(|path| path.is_file())
        .ok_or_else(|| Error::Missing(binary.to_owned()))
}

/// PATH and the folders that a user's PATH may lack: containerd looks for runc and its shim there.
fn search_path() -> std::ffi::OsString {
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    path
}

/// `containerd --version`
pub(super) async fn version(binary: &Path) -> Result<String, Error> {
    let output = Command::new(binary).arg("--version").output().await.map_err(Error::Spawn)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Starts it in a session of its own, its output going to the log file.
pub(super) fn spawn(settings: &Settings, binary: &Path) -> Result<Process, Error> {
    let path = settings.log_file();
    let failed = |source| Error::File { act: "opening", path: path.clone(), source };
    let long = std::fs::metadata(&path).is_ok_and(|meta| meta.len() > LOG_LIMIT);
    let log = if long { File::create(&path) } else { File::options().create(true).append(true).open(&path) }.map_err(failed)?;
    let errors = log.try_clone().map_err(failed)?;
    let mut command = Command::new(binary);
    command.arg("--config").arg(settings.config_file()).env("PATH", search_path()).current_dir("/");
    command.stdin(Stdio::null()).stdout(log).stderr(errors).kill_on_drop(false);
    in_own_session(&mut command);
    let child = command.spawn().map_err(Error::Spawn)?;
    let path = settings.pid_file();
    std::fs::write(&path, child.id().unwrap_or_default().to_string()).map_err(|source| Error::File { act: "writing", path, source })?;
    Ok(Process::Child(child))
}

/// Neither the terminal's signals nor our end reach it.
#[expect(
    unsafe_code,
    reason = "there is no safe way to run setsid between fork and exec; setsid is async-signal-safe and allocates nothing"
)]
fn in_own_session(command: &mut Command) {
    unsafe {
        command.pre_exec(|| nix::unistd::setsid().map(drop).map_err(std::io::Error::from));
    }
}

/// The last lines of the log, for a message to the user.
pub(super) fn end_of_log(settings: &Settings) -> String {
    let text = std::fs::read(settings.log_file()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text[text.len().saturating_sub(4096)..]).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}
