//! Writes a set of files so that a reader sees all old or all new: a new folder, then `..data` swapped to it by a rename; names link through
//! `..data`. Unchanged contents change nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use super::Ownership;

const DATA: &str = "..data";
const NEW_DATA: &str = "..data_tmp";

/// One file: contents, and permission bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub data: Vec<u8>,
    pub mode: u32,
}

/// Files by relative path.
pub type Files = BTreeMap<String, File>;

/// Makes the folder hold exactly these files.
pub fn write(folder: &Path, files: &Files, ownership: Ownership) -> io::Result<()> {
    for path in files.keys() {
        check_path(path)?;
    }
    let current = fs::read_link(folder.join(DATA)).ok();
    if let Some(current) = &current
        && holds(&folder.join(current), files)?
    {
        return Ok(());
    }
    let fresh = fresh_folder(folder)?;
    for (path, file) in files {
        let target = fresh.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&target, &file.data)?;
        own(&target, file.mode, ownership)?;
    }
    own_folders(&fresh, ownership)?;
    let name = fresh.file_name().ok_or_else(|| io::Error::other("a folder without a name"))?;
    let new_data = folder.join(NEW_DATA);
    remove_link(&new_data)?;
    symlink(name, &new_data)?;
    fs::rename(&new_data, folder.join(DATA))?;

    let wanted: BTreeSet<&str> = files.keys().filter_map(|path| path.split('/').next()).collect();
    for name in &wanted {
        let link = folder.join(name);
        if fs::symlink_metadata(&link).is_err() {
            symlink(Path::new(DATA).join(name), &link)?;
        }
    }
    for entry in fs::read_dir(folder)?.flatten() {
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if !text.starts_with("..") && !wanted.contains(text.as_ref()) {
            remove_link(&entry.path())?;
        }
    }
    match current {
        Some(old) => fs::remove_dir_all(folder.join(old)),
        None => Ok(()),
    }
}

/// Relative, without `..`, not named like our own links.
fn check_path(path: &str) -> io::Result<()> {
    let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if plain && !path.is_empty() && !path.starts_with("..") {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, format!("invalid path: {path:?}")))
    }
}

fn holds(folder: &Path, files: &Files) -> io::Result<bool> {
    let mut found = Vec::new();
    walk(folder, folder, &mut found)?;
    if found.len() != files.len() {
        return Ok(false);
    }
    for (path, file) in files {
        match fs::read(folder.join(path)) {
            Ok(data) if data == file.data => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            walk(root, &path, found)?;
        } else if let Ok(relative) = path.strip_prefix(root) {
            found.push(relative.to_owned());
        }
    }
    Ok(())
}

/// `..2024_01_02_03_04_05.123456789`
fn fresh_folder(folder: &Path) -> io::Result<PathBuf> {
    loop {
        let stamp = jiff::Timestamp::now().strftime("..%Y_%m_%d_%H_%M_%S.%9f").to_string();
        let path = folder.join(stamp);
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(()) => {
                fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
                return Ok(path);
            }
        }
    }
}

/// With an fsGroup the group owns the file and reads it.
fn own(path: &Path, mode: u32, ownership: Ownership) -> io::Result<()> {
    let mode = if ownership.fs_group.is_some() { mode | 0o440 } else { mode };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    match ownership.fs_group {
        Some(group) => std::os::unix::fs::chown(path, None, Some(group)),
        None => Ok(()),
    }
}

fn own_folders(folder: &Path, ownership: Ownership) -> io::Result<()> {
    let Some(group) = ownership.fs_group else { return Ok(()) };
    std::os::unix::fs::chown(folder, None, Some(group))?;
    for entry in fs::read_dir(folder)?.flatten() {
        if entry.file_type()?.is_dir() {
            own_folders(&entry.path(), ownership)?;
        }
    }
    Ok(())
}

fn remove_link(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(path, data)| ((*path).to_owned(), File { data: data.as_bytes().to_vec(), mode: 0o644 })).collect()
    }
    fn listed(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with("..2"))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_follow_and_old_ones_go() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        write(folder, &files(&[("a", "1"), ("sub/b", "2")]), Ownership::default()).unwrap();
        assert_eq!(listed(folder), ["..data", "a", "sub"]);
        assert_eq!(fs::read_to_string(folder.join("sub/b")).unwrap(), "2");
        let before = fs::read_link(folder.join("..data")).unwrap();
        write(folder, &files(&[("a", "1"), ("sub/b", "2")]), Ownership::default()).unwrap();
        assert_eq!(fs::read_link(folder.join("..data")).unwrap(), before, "the same files change nothing");
        write(folder, &files(&[("a", "3"), ("c", "4")]), Ownership::default()).unwrap();
        assert_eq!(listed(folder), ["..data", "a", "c"]);
        assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), "3");
        assert!(!folder.join(before).exists(), "the old folder is removed");
    }

    #[test]
    fn no_file_outside() {
        let dir = tempfile::tempdir().unwrap();
        for path in ["../x", "/x", "a/../../x", "", "..data"] {
            assert!(write(dir.path(), &files(&[(path, "1")]), Ownership::default()).is_err(), "{path}");
        }
    }
}
