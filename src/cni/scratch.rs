//! Network namespaces for tests. They have no name and end with the threads and files that hold them, so nothing is left behind however a test ends.
use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use nix::sched::{CloneFlags, setns, unshare};

/// Puts the calling thread, and the threads it starts, into a new namespace. False, with a word about it, where that is not permitted.
pub(crate) fn enter_new_namespace() -> bool {
    let outcome = unshare(CloneFlags::CLONE_NEWNET);
    if let Err(errno) = outcome {
        let _ = writeln!(std::io::stderr(), "skipped: a network namespace cannot be made here: {errno}");
    }
    outcome.is_ok()
}

/// A namespace to be a pod's.
pub(crate) struct Namespace(File);

impl Namespace {
    pub(crate) fn new() -> Namespace {
        let open = || {
            unshare(CloneFlags::CLONE_NEWNET).unwrap();
            File::open("/proc/thread-self/ns/net").unwrap()
        };
        Namespace(std::thread::spawn(open).join().unwrap())
    }

    pub(crate) fn path(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }

    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        std::thread::scope(|scope| {
            let inside = || {
                setns(&self.0, CloneFlags::CLONE_NEWNET).unwrap();
                work()
            };
            scope.spawn(inside).join().unwrap()
        })
    }
}
