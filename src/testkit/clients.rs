//! The real clients, of the releases that ours stands beside.

use std::path::PathBuf;

/// The path of a real client, `kubectl` or `helm`, or of something that belongs to a client library: in the folder that `K_REAL_CLIENTS` names, or else where
/// `tests/clients.sh` puts them. None, said on standard error, where it is missing; a client of another release that happens to be on the machine is no measure.
pub fn real_client(name: &str) -> Option<PathBuf> {
    let folders = [std::env::var_os("K_REAL_CLIENTS").map(PathBuf::from), Some(crate::cluster::repository().join("tests/.clients"))];
    let found = folders.into_iter().flatten().map(|folder| folder.join(name)).find(|path| path.exists());
    if found.is_none() {
        #[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
        {
            eprintln!("skipped: {name} is missing: tests/clients.sh fetches it");
        }
    }
    found
}
