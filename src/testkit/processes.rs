//! Processes by their id.

use std::path::Path;

use nix::sys::signal::Signal;
use nix::unistd::Pid;

/// Whether a process runs; one that has ended and waits to be collected does not. Its first thread may have ended before the others, which keep its files and
/// sockets open.
pub fn alive(pid: i32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    // The state follows the name, which is in parentheses and may hold some itself.
    let ended = matches!(stat.rsplit(") ").next().and_then(|rest| rest.chars().next()), None | Some('Z' | 'X'));
    !ended || std::fs::read_dir(format!("/proc/{pid}/task")).is_ok_and(|threads| threads.count() > 1)
}

/// Ends a process with SIGKILL and waits until it is gone.
#[track_caller]
pub fn kill(pid: i32) {
    assert!(pid > 1, "no process to kill: {pid}");
    nix::sys::signal::kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap_or_else(|error| panic!("kill {pid}: {error}"));
    crate::wait_until("the killed process is gone", || if alive(pid) { Err(format!("{pid} is there")) } else { Ok(()) });
}

/// The process whose id is in a file.
pub(crate) fn of_file(path: &Path) -> Option<i32> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}
