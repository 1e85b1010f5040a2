//! What a hostPath's type demands of the path.

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;

use super::{Error, io_error};

/// Checks the path, or makes it where the type says so; words as upstream's.
pub fn check(path: &Path, kind: &str) -> Result<(), Error> {
    let found = fs::metadata(path).ok().map(|meta| meta.file_type());
    let shown = path.display();
    let must = |fits: bool, what: &str| {
        if fits { Ok(()) } else { Err(Error::Path(format!("hostPath type check failed: {shown} is not a {what}"))) }
    };
    match kind {
        "" => Ok(()),
        "DirectoryOrCreate" => {
            if found.is_none() {
                fs::create_dir_all(path).map_err(io_error(path))?;
                return fs::set_permissions(path, fs::Permissions::from_mode(0o755)).map_err(io_error(path));
            }
            must(found.is_some_and(|found| found.is_dir()), "directory")
        }
        "Directory" => must(found.is_some_and(|found| found.is_dir()), "directory"),
        "FileOrCreate" => {
            if found.is_none() {
                fs::write(path, "").map_err(io_error(path))?;
                return fs::set_permissions(path, fs::Permissions::from_mode(0o644)).map_err(io_error(path));
            }
            must(found.is_some_and(|found| found.is_file()), "file")
        }
        "File" => must(found.is_some_and(|found| found.is_file()), "file"),
        "Socket" => must(found.is_some_and(|found| found.is_socket()), "socket file"),
        "CharDevice" => must(found.is_some_and(|found| found.is_char_device()), "character device"),
        "BlockDevice" => must(found.is_some_and(|found| found.is_block_device()), "block device"),
        other => Err(Error::Path(format!("{other} is an invalid volume type"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types() {
        let dir = tempfile::tempdir().unwrap();
        let missing = dir.path().join("a/b");
        assert_eq!(
            check(&missing, "Directory").unwrap_err().to_string(),
            format!("hostPath type check failed: {} is not a directory", missing.display())
        );
        check(&missing, "").unwrap();
        check(&missing, "DirectoryOrCreate").unwrap();
        check(&missing, "Directory").unwrap();
        assert!(check(&missing, "File").is_err());
        check(&missing.join("f"), "FileOrCreate").unwrap();
        check(&missing.join("f"), "File").unwrap();
        check(Path::new("/dev/null"), "CharDevice").unwrap();
    }
}
