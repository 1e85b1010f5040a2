//! A path below a volume, that must not lead out of it, whatever links a container has put there.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// The host path of `sub` below `volume`; a missing one is made as a folder.
pub fn resolve(volume: &Path, sub: &str) -> Result<PathBuf, String> {
    let plain = Path::new(sub).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !plain {
        return Err(format!("subPath {sub:?} must be a relative path without '..'"));
    }
    let root = volume.canonicalize().map_err(|error| format!("{}: {error}", volume.display()))?;
    // Every part is resolved before the next one is made, so that nothing is made outside.
    let mut path = root.clone();
    for part in Path::new(sub).components().filter(|part| matches!(part, Component::Normal(_))) {
        path.push(part);
        if fs::symlink_metadata(&path).is_err() {
            fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        path = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
        if !path.starts_with(&root) {
            return Err(format!("subPath {sub:?} leads out of the volume"));
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_outside() {
        let dir = tempfile::tempdir().unwrap();
        let volume = dir.path().join("v");
        fs::create_dir(&volume).unwrap();
        assert_eq!(resolve(&volume, "a/b").unwrap(), volume.canonicalize().unwrap().join("a/b"));
        assert!(resolve(&volume, "../x").is_err());
        std::os::unix::fs::symlink("/etc", volume.join("out")).unwrap();
        assert!(resolve(&volume, "out").is_err());
        assert!(resolve(&volume, "out/passwd").is_err());
        std::os::unix::fs::symlink("a", volume.join("in")).unwrap();
        assert_eq!(resolve(&volume, "in/b").unwrap(), volume.canonicalize().unwrap().join("a/b"));
    }
}
