//! Nothing outlives a test run: a cluster that its test drops is cleaned up there; one that is shared, or whose run was killed, is cleaned up by a guardian
//! process that waits for the end of a pipe; and what even that missed (the machine was cut off) is swept by the next run.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Names of test clusters: this, the id of the run's process, a number.
pub(crate) const PREFIX: &str = "kt-";
const SCRIPT: &str = include_str!("clean.sh");

/// Folders of test clusters. On a disk, not in memory: overlay file systems lie on it.
pub(crate) fn home() -> PathBuf {
    std::env::var_os("K_TEST_DIR").map_or_else(|| PathBuf::from("/var/tmp"), PathBuf::from)
}

fn shell(script: &str, program: &Path, name: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script, "clean.sh"]).arg(program).arg(name).arg(home().join(name)).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Removes a cluster and all that is left of it.
pub(crate) fn clean(program: &Path, name: &str) {
    let status = shell(SCRIPT, program, name).stdin(Stdio::null()).status();
    assert!(status.is_ok(), "sh is missing");
}

/// Waits beside the run for its end, however it ends.
#[derive(Debug)]
pub(crate) struct Guardian(Child);

impl Guardian {
    pub(crate) fn start(program: &Path, name: &str) -> Self {
        use std::os::unix::process::CommandExt;
        // The pipe's other end is closed by the kernel when this process ends. A line instead says that there is nothing left to do.
        let script = format!("read -r done && exit 0\n{SCRIPT}");
        let child = shell(&script, program, name).stdin(Stdio::piped()).process_group(0).spawn();
        Self(child.unwrap_or_else(|error| panic!("guardian: {error}")))
    }

    pub(crate) fn dismiss(&mut self) {
        use std::io::Write;
        if let Some(mut pipe) = self.0.stdin.take() {
            // One that has ended needs no telling.
            let _ = pipe.write_all(b"done\n");
        }
        let _ = self.0.wait();
    }
}

/// Clears what runs have left whose process is gone. Called before the first cluster of a run.
pub fn sweep(program: &Path) {
    let mut names: Vec<String> = [PathBuf::from("/run/netns"), home()]
        .iter()
        .filter_map(|dir| std::fs::read_dir(dir).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names.dedup();
    for name in names {
        let owner = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-')).and_then(|(pid, _)| pid.parse().ok());
        if owner.is_some_and(|pid| !crate::alive(pid)) {
            clean(program, &name);
        }
    }
}
