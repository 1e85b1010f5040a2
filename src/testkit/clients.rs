//! The real kubectl and Helm, of the releases that ours stands beside.

use std::path::PathBuf;

/// The path of a real client, `kubectl` or `helm`: in the folder that `K_REAL_CLIENTS` names, or where `tests/clients.sh` puts them. None, said on standard error,
/// where it is missing; a client of another release that happens to be on the machine is no measure.
pub fn real_client(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("K_REAL_CLIENTS").map_or_else(|| crate::cluster::repository().join("tests/.clients"), PathBuf::from);
    let path = folder.join(name);
    let found = path.exists();
    if !found {
        #[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
        {
            eprintln!("skipped: {} is missing: tests/clients.sh fetches it", path.display());
        }
    }
    found.then_some(path)
}
