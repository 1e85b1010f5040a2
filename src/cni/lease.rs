//! Which address belongs to which sandbox, kept as symbolic links in a folder under a lock.
//!
//! `10.244.0.5 -> <sandbox>@eth0` is the lease, `<sandbox>@eth0 -> 10.244.0.5` finds it again, `last -> 10.244.0.5` is where the search for the next begins, so that
//! an address is not given out again at once. A link is made whole or not at all, so a crash at any point leaves at most an address without the way back, which the same sandbox's next attempt
//! or [`Leases::retain`] frees.
use std::fs::{self, File, OpenOptions};
use std::io;
use std::net::Ipv4Addr;
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};

use nix::fcntl::{Flock, FlockArg};

use crate::protocol::{Attachment, Error};
use crate::subnet::Subnet;

const LAST: &str = "last";
const LOCK: &str = "lock";

/// The leases of one network, locked against other processes as long as the value lives.
pub(crate) struct Leases {
    folder: PathBuf,
    _lock: Flock<File>,
}

impl Leases {
    /// Opens the folder, creating it where it is missing, and waits for its lock.
    pub(crate) fn open(folder: &Path) -> Result<Leases, Error> {
        let failed = |source: io::Error| Error::Leases { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(folder.join(LOCK)).map_err(failed)?;
        let lock = Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, errno)| failed(errno.into()))?;
        Ok(Leases { folder: folder.to_owned(), _lock: lock })
    }

    /// The attachment's address: the one it already has, or the next free one of the range.
    pub(crate) fn take(&self, subnet: Subnet, gateway: Ipv4Addr, attachment: &Attachment) -> Result<Ipv4Addr, Error> {
        let owner = owner(attachment);
        if let Some(address) = self.held(&owner)? {
            if subnet.contains(address) {
                return Ok(address);
            }
            self.give_back(attachment)?;
        }
        let last = self.read(LAST)?.and_then(|address| address.parse().ok());
        for address in subnet.hosts_after(last).filter(|address| *address != gateway) {
            let name = address.to_string();
            match symlink(&owner, self.folder.join(&name)) {
                Ok(()) => {
                    self.point(&owner, &name)?;
                    self.point(LAST, &name)?;
                    return Ok(address);
                }
                // left by a crash of an earlier attempt for the same sandbox
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && self.read(&name)?.as_deref() == Some(&owner) => {
                    self.point(&owner, &name)?;
                    return Ok(address);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(self.failed(error)),
            }
        }
        Err(Error::Exhausted(subnet.to_string()))
    }

    /// The attachment's address, if it has one.
    pub(crate) fn find(&self, attachment: &Attachment) -> Result<Option<Ipv4Addr>, Error> {
        self.held(&owner(attachment))
    }

    /// Frees the attachment's address; having none is fine.
    pub(crate) fn give_back(&self, attachment: &Attachment) -> Result<(), Error> {
        let owner = owner(attachment);
        if let Some(address) = self.held(&owner)? {
            self.remove(&address.to_string())?;
        }
        self.remove(&owner)
    }

    /// Frees every lease whose sandbox and interface `keep` refuses, and answers which those were.
    pub(crate) fn retain(&self, keep: impl Fn(&str, &str) -> bool) -> Result<Vec<Attachment>, Error> {
        let mut freed: Vec<Attachment> = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(|error| self.failed(error))? {
            let name = entry.map_err(|error| self.failed(error))?.file_name();
            let Some(name) = name.to_str().filter(|name| ![LAST, LOCK].contains(name)) else { continue };
            let Some(target) = self.read(name)? else { continue };
            let owner = if name.contains('@') { name } else { &target };
            let (container, interface) = owner.split_once('@').unwrap_or((owner, ""));
            if keep(container, interface) {
                continue;
            }
            self.remove(name)?;
            let attachment = Attachment { container: container.to_owned(), namespace: None, interface: interface.to_owned() };
            if !freed.contains(&attachment) {
                freed.push(attachment);
            }
        }
        Ok(freed)
    }

    /// The address whose lease names this owner.
    fn held(&self, owner: &str) -> Result<Option<Ipv4Addr>, Error> {
        let Some(address) = self.read(owner)? else { return Ok(None) };
        let confirmed = self.read(&address)?.as_deref() == Some(owner);
        Ok(address.parse().ok().filter(|_| confirmed))
    }

    fn read(&self, name: &str) -> Result<Option<String>, Error> {
        match fs::read_link(self.folder.join(name)) {
            Ok(target) => Ok(target.to_str().map(str::to_owned)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Makes `name` a link to `target` whatever it was before.
    fn point(&self, name: &str, target: &str) -> Result<(), Error> {
        self.remove(name)?;
        symlink(target, self.folder.join(name)).map_err(|error| self.failed(error))
    }

    fn remove(&self, name: &str) -> Result<(), Error> {
        match fs::remove_file(self.folder.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(error)),
            _ => Ok(()),
        }
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Leases { path: self.folder.clone(), source }
    }
}

fn owner(attachment: &Attachment) -> String {
    format!("{}@{}", attachment.container, attachment.interface)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(container: &str) -> Attachment {
        Attachment { container: container.to_owned(), namespace: None, interface: "eth0".to_owned() }
    }

    fn take(folder: &Path, container: &str) -> Result<String, String> {
        let subnet: Subnet = "10.0.0.0/29".parse().unwrap();
        let leases = Leases::open(folder).unwrap();
        leases.take(subnet, subnet.first_host(), &pod(container)).map(|address| address.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn addresses_are_unique_stable_and_not_reused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert_eq!(take(folder, "a").unwrap(), "10.0.0.2");
        assert_eq!(take(folder, "b").unwrap(), "10.0.0.3");
        assert_eq!(take(folder, "a").unwrap(), "10.0.0.2");
        Leases::open(folder).unwrap().give_back(&pod("a")).unwrap();
        Leases::open(folder).unwrap().give_back(&pod("a")).unwrap();
        assert_eq!(take(folder, "c").unwrap(), "10.0.0.4");
        assert_eq!(take(folder, "d").unwrap(), "10.0.0.5");
        assert_eq!(take(folder, "e").unwrap(), "10.0.0.6");
        assert_eq!(take(folder, "f").unwrap(), "10.0.0.2");
        assert_eq!(take(folder, "g").unwrap_err(), "no IP addresses available in range 10.0.0.0/29");
        assert_eq!(take(folder, "b").unwrap(), "10.0.0.3");
    }

    #[test]
    fn stale_leases_are_freed() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for container in ["a", "b", "c"] {
            take(folder, container).unwrap();
        }
        // a crash between the two links leaves an address without the way back
        fs::remove_file(folder.join("c@eth0")).unwrap();
        let mut freed = Leases::open(folder).unwrap().retain(|container, _| container == "b").unwrap();
        freed.sort_by(|left, right| left.container.cmp(&right.container));
        assert_eq!(freed, [pod("a"), pod("c")]);
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["10.0.0.3", "b@eth0", "last", "lock"]);
    }

    #[test]
    fn a_crash_between_the_links_is_repaired_by_the_next_attempt() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        symlink("a@eth0", folder.join("10.0.0.2")).unwrap();
        assert_eq!(take(folder, "a").unwrap(), "10.0.0.2");
        // the way back points to an address that went to another sandbox
        symlink("10.0.0.2", folder.join("z@eth0")).unwrap();
        assert_eq!(take(folder, "z").unwrap(), "10.0.0.3");
        Leases::open(folder).unwrap().give_back(&pod("z")).unwrap();
        assert_eq!(take(folder, "a").unwrap(), "10.0.0.2");
    }
}
