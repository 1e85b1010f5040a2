//! Doing something inside another network namespace without the calling thread ever leaving its own.
use std::fs::File;
use std::io;
use std::path::Path;
use std::thread;

use nix::sched::{CloneFlags, setns};

use crate::netlink::Netlink;
use crate::protocol::Error;

/// Opens the namespace at `path`. `Ok(None)` when there is nothing any more.
pub(crate) fn open(path: &Path) -> Result<Option<File>, Error> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::OpenNamespace { path: path.to_owned(), source }),
    }
}

/// Runs `work` with a netlink socket of the given namespace (the caller's own for `None`), on a thread of its own that is inside that namespace.
/// Blocks until it is done; may be called with or without an asynchronous runtime around.
pub(crate) fn inside<T: Send>(namespace: Option<&File>, work: impl AsyncFnOnce(Netlink) -> Result<T, Error> + Send) -> Result<T, Error> {
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            if let Some(namespace) = namespace {
                setns(namespace, CloneFlags::CLONE_NEWNET).map_err(|errno| Error::EnterNamespace(errno.into()))?;
            }
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Socket)?;
            runtime.block_on(async { work(Netlink::connect()?).await })
        });
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
