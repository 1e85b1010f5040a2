//! A layer: a tar archive whose bytes depend on the files alone, so that equal contents have equal digests.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Collects files under their places in the image.
pub(crate) struct LayerWriter {
    tar: tar::Builder<Vec<u8>>,
    folders: BTreeSet<PathBuf>,
}

impl LayerWriter {
    pub(crate) fn new() -> Self {
        Self { tar: tar::Builder::new(Vec::new()), folders: BTreeSet::new() }
    }

    /// Adds a file, link or folder with all that is in it. `place` is absolute in the image.
    pub(crate) fn add(&mut self, source: &Path, place: &Path) -> io::Result<()> {
        let metadata = std::fs::symlink_metadata(source)?;
        let inside = place.strip_prefix("/").unwrap_or(place);
        self.folders_above(inside)?;
        if metadata.is_dir() {
            self.folder(inside, metadata.permissions().mode())?;
            let mut entries: Vec<PathBuf> =
                std::fs::read_dir(source)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
            entries.sort();
            for entry in entries {
                let name = entry.file_name().map(PathBuf::from).unwrap_or_default();
                self.add(&entry, &Path::new("/").join(inside).join(name))?;
            }
            return Ok(());
        }
        if metadata.is_symlink() {
            let mut header = header(tar::EntryType::Symlink, 0o777, 0);
            return self.tar.append_link(&mut header, inside, std::fs::read_link(source)?);
        }
        let data = std::fs::read(source)?;
        let mut header = header(tar::EntryType::Regular, metadata.permissions().mode() & 0o7777, data.len() as u64);
        self.tar.append_data(&mut header, inside, data.as_slice())
    }

    /// Makes an empty folder, and those above it.
    pub(crate) fn add_folder(&mut self, place: &Path) -> io::Result<()> {
        let inside = place.strip_prefix("/").unwrap_or(place).to_owned();
        self.folders_above(&inside)?;
        self.folder(&inside, 0o755)
    }

    fn folders_above(&mut self, inside: &Path) -> io::Result<()> {
        let above: Vec<PathBuf> = inside.ancestors().skip(1).filter(|path| !path.as_os_str().is_empty()).map(Path::to_owned).collect();
        above.iter().rev().try_for_each(|path| self.folder(path, 0o755))
    }

    fn folder(&mut self, inside: &Path, mode: u32) -> io::Result<()> {
        if inside.as_os_str().is_empty() || !self.folders.insert(inside.to_owned()) {
            return Ok(());
        }
        let mut header = header(tar::EntryType::Directory, mode & 0o7777, 0);
        self.tar.append_data(&mut header, inside, io::empty())
    }

    pub(crate) fn finish(self) -> io::Result<Vec<u8>> {
        self.tar.into_inner()
    }
}

fn header(kind: tar::EntryType, mode: u32, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(0);
    header
}
