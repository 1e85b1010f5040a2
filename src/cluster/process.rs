//! The server as a background process: one a data folder (a lock says so), started detached with its progress on a pipe, ended by a signal and waited for.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use nix::fcntl::{Flock, FlockArg};
use nix::poll::{PollFd, PollFlags, PollTimeout};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::files;

/// Why a server process could not be started, found or ended.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    #[error("the cluster in {dir} is already running (pid {pid})")]
    Running { dir: PathBuf, pid: i32 },
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("the server could not be started: {0}")]
    Spawn(io::Error),
    #[error("the server ended while it started; {log} says why:\n{tail}")]
    Ended { log: PathBuf, tail: String },
    #[error("the server could not start: {0}")]
    Failed(String),
    #[error("the cluster was not ready after {seconds} s; it goes on starting: see {log}")]
    Timeout { seconds: u64, log: PathBuf },
    #[error("the server (pid {pid}) did not end within {seconds} s")]
    Stuck { pid: i32, seconds: u64 },
    #[error("signal to the server (pid {pid}): {source}")]
    Signal { pid: i32, source: nix::Error },
}

/// What a starting server tells whoever started it, a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The API server answers at this URL.
    ApiServer(String),
    /// The node is Ready.
    Node(String),
    /// It could not start.
    Failed(String),
}

impl Progress {
    fn parse(line: &str) -> Option<Self> {
        let (word, rest) = line.trim_end().split_once(' ')?;
        match word {
            "api-server" => Some(Self::ApiServer(rest.to_owned())),
            "node" => Some(Self::Node(rest.to_owned())),
            "failed" => Some(Self::Failed(rest.replace('\u{1f}', "\n"))),
            _ => None,
        }
    }
}

impl std::fmt::Display for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ApiServer(url) => write!(f, "api-server {url}"),
            Self::Node(name) => write!(f, "node {name}"),
            // One line a message: line ends travel as unit separators.
            Self::Failed(why) => write!(f, "failed {}", why.replace('\n', "\u{1f}")),
        }
    }
}

/// Held while a server runs on a data folder; the kernel lets go of it however the process ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "it is held, not read")] Flock<File>);

impl Lock {
    /// Takes the folder for this process, or says who has it.
    pub fn take(data_dir: &Path) -> Result<Self, ProcessError> {
        let path = lock_file(data_dir);
        files::create_private_dir(data_dir).map_err(|source| ProcessError::File { path: data_dir.to_owned(), source })?;
        let file = open_lock(&path)?;
        let mut lock = Flock::lock(file, FlockArg::LockExclusiveNonblock)
            .map_err(|_| ProcessError::Running { dir: data_dir.to_owned(), pid: read_pid(&path).unwrap_or_default() })?;
        let written = lock.set_len(0).and_then(|()| lock.rewind()).and_then(|()| write!(lock, "{}", std::process::id()));
        written.map_err(|source| ProcessError::File { path, source })?;
        Ok(Self(lock))
    }
}

/// The process that serves this data folder.
pub fn running(data_dir: &Path) -> Option<Pid> {
    let path = lock_file(data_dir);
    let file = OpenOptions::new().read(true).open(&path).ok()?;
    match Flock::lock(file, FlockArg::LockSharedNonblock) {
        Ok(_) => None,
        Err(_) => read_pid(&path).map(Pid::from_raw),
    }
}

/// A server that is starting in the background.
pub struct Starting {
    child: Child,
    progress: BufReader<ChildStdout>,
    log: PathBuf,
}

/// Starts `program arguments...` detached from the terminal, with standard error added to the log.
pub fn start(program: &Path, arguments: &[String], data_dir: &Path) -> Result<Starting, ProcessError> {
    let log = log_file(data_dir);
    let open = |path: &Path| OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    let stderr = open(&log).map_err(|source| ProcessError::File { path: log.clone(), source })?;
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()
        .map_err(ProcessError::Spawn)?;
    let progress = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
    Ok(Starting { child, progress, log })
}

impl Starting {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Hands each step to `told` until the node is Ready.
    pub fn wait(&mut self, limit: Duration, mut told: impl FnMut(&Progress)) -> Result<(), ProcessError> {
        let deadline = std::time::Instant::now() + limit;
        loop {
            if self.progress.buffer().is_empty() {
                let left = deadline.saturating_duration_since(std::time::Instant::now());
                let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
                let mut wanted = [PollFd::new(self.progress.get_ref().as_fd(), PollFlags::POLLIN)];
                if nix::poll::poll(&mut wanted, timeout).map_err(|error| ProcessError::Spawn(error.into()))? == 0 {
                    return Err(ProcessError::Timeout { seconds: limit.as_secs(), log: self.log.clone() });
                }
            }
            let mut line = String::new();
            if self.progress.read_line(&mut line).map_err(ProcessError::Spawn)? == 0 {
                // It is gone or going: its exit code says no more than its log.
                drop(self.child.wait());
                return Err(ProcessError::Ended { log: self.log.clone(), tail: tail(&self.log) });
            }
            let Some(step) = Progress::parse(&line) else { continue };
            told(&step);
            match step {
                Progress::Node(_) => return Ok(()),
                Progress::Failed(why) => {
                    drop(self.child.wait());
                    return Err(ProcessError::Failed(why));
                }
                Progress::ApiServer(_) => {}
            }
        }
    }
}

/// Asks a server to end and waits until it has: for at most `limit`.
pub fn stop(data_dir: &Path, limit: Duration) -> Result<bool, ProcessError> {
    let Some(pid) = running(data_dir) else { return Ok(false) };
    match kill(pid, Signal::SIGTERM) {
        Ok(()) | Err(nix::Error::ESRCH) => {}
        Err(source) => return Err(ProcessError::Signal { pid: pid.as_raw(), source }),
    }
    // The lock is free once the process is gone, whatever way it went: a blocking wait for it on a thread of its own, bounded here.
    let path = lock_file(data_dir);
    let (told, gone) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let freed = open_lock(&path).is_ok_and(|file| Flock::lock(file, FlockArg::LockShared).is_ok());
        // Nobody listens any more after the limit.
        let _ = told.send(freed);
    });
    match gone.recv_timeout(limit) {
        Ok(true) => Ok(true),
        _ => Err(ProcessError::Stuck { pid: pid.as_raw(), seconds: limit.as_secs() }),
    }
}

/// Where a background server's log goes.
pub fn log_file(data_dir: &Path) -> PathBuf {
    data_dir.join("server.log")
}

fn lock_file(data_dir: &Path) -> PathBuf {
    data_dir.join("server.pid")
}
fn open_lock(path: &Path) -> Result<File, ProcessError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|source| ProcessError::File { path: path.to_owned(), source })
}
fn read_pid(path: &Path) -> Option<i32> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The end of the log: what a person wants to see of it.
fn tail(path: &Path) -> String {
    const TAIL_BYTES: u64 = 2048;
    let read = || -> io::Result<String> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(io::SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A child that one test starts shares the other's lock until it runs its own program.
    static STARTING: std::sync::Mutex<()> = std::sync::Mutex::new(());

    #[test]
    fn one_server_a_folder() {
        let _alone = STARTING.lock().unwrap();
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(running(dir.path()), None);
        let lock = Lock::take(dir.path()).unwrap();
        assert_eq!(running(dir.path()), Some(Pid::this()));
        assert!(matches!(Lock::take(dir.path()), Err(ProcessError::Running { pid, .. }) if pid == Pid::this().as_raw()));
        drop(lock);
        assert_eq!(running(dir.path()), None);
        assert!(!stop(dir.path(), Duration::from_secs(1)).unwrap());
    }

    #[test]
    fn progress_is_told_until_the_node_is_ready() {
        let _alone = STARTING.lock().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let script = |text: &str| vec!["-c".to_owned(), text.to_owned()];
        let run = |text: &str, limit_ms: u64| {
            let mut starting = start(Path::new("/bin/sh"), &script(text), dir.path()).unwrap();
            let mut steps = Vec::new();
            let result = starting.wait(Duration::from_millis(limit_ms), |step| steps.push(step.to_string()));
            drop(starting.child.kill());
            drop(starting.child.wait());
            (steps, result)
        };
        let (steps, result) = run("echo api-server https://x; echo noise; echo node n; sleep 9", 5000);
        assert_eq!(steps, ["api-server https://x", "node n"]);
        result.unwrap();
        assert!(matches!(run("echo broken >&2", 5000).1, Err(ProcessError::Ended { tail, .. }) if tail == "broken"));
        assert!(matches!(run("printf 'failed a\\037b\\n'", 5000).1, Err(ProcessError::Failed(why)) if why == "a\nb"));
        assert!(matches!(run("exec sleep 9", 50).1, Err(ProcessError::Timeout { .. })));
    }
}
