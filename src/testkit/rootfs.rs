//! Root folders of images, made from programs of this machine: the program, the libraries that it is linked with, and the applets of busybox.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A root folder in the making.
pub(crate) struct Rootfs {
    dir: PathBuf,
}

impl Rootfs {
    /// An empty one, with the folders and users that programs look for.
    pub(crate) fn new(dir: &Path) -> Self {
        let rootfs = Self { dir: dir.to_owned() };
        for folder in ["bin", "etc", "tmp", "var/log", "var/run", "root", "usr/bin"] {
            rootfs.folder(folder);
        }
        std::fs::set_permissions(dir.join("tmp"), std::fs::Permissions::from_mode(0o1777)).unwrap_or_else(|error| panic!("tmp: {error}"));
        rootfs.text(
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n",
        );
        rootfs.text("etc/group", "root:x:0:\nwww-data:x:33:\nnogroup:x:65534:\n");
        rootfs
    }

    pub(crate) fn folder(&self, path: &str) {
        let path = self.dir.join(path);
        std::fs::create_dir_all(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    pub(crate) fn text(&self, path: &str, text: &str) {
        self.parent(path);
        std::fs::write(self.dir.join(path), text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    pub(crate) fn script(&self, path: &str, text: &str) {
        self.text(path, text);
        std::fs::set_permissions(self.dir.join(path), std::fs::Permissions::from_mode(0o755))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    pub(crate) fn link(&self, path: &str, target: &str) {
        self.parent(path);
        symlink(target, self.dir.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// busybox with a link for each of its applets.
    pub(crate) fn busybox(&self) {
        self.copy(Path::new("/bin/busybox"), "bin/busybox");
        let list = Command::new("/bin/busybox").arg("--list").output().expect("busybox-static is installed");
        for applet in String::from_utf8_lossy(&list.stdout).lines().filter(|applet| *applet != "busybox") {
            self.link(&format!("bin/{applet}"), "busybox");
        }
    }

    /// A program under its own path, with the libraries that it is linked with.
    pub(crate) fn program(&self, path: &str) {
        self.copy(&real(path), path.trim_start_matches('/'));
        self.libraries(path);
    }

    /// Python with its standard library, and the libraries that its modules are linked with.
    pub(crate) fn python(&self) {
        self.program("/usr/bin/python3");
        let ask = ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"];
        let answer = Command::new("/usr/bin/python3").args(ask).output().expect("python3 is installed");
        self.tree(Path::new(String::from_utf8_lossy(&answer.stdout).trim()));
    }

    /// A folder of Python's under its own path, without what only developers of Python need.
    fn tree(&self, folder: &Path) {
        let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["__pycache__", "test", "idlelib", "ensurepip", "lib2to3", "pydoc_data"].contains(&name.as_str())
                    && !name.starts_with("config-")
                {
                    self.tree(&path);
                }
            } else if path.exists() {
                let place = path.to_string_lossy().into_owned();
                self.copy(&path, place.trim_start_matches('/'));
                if name.ends_with(".so") {
                    self.libraries(&place);
                }
            }
        }
    }

    /// The libraries of a program or library, where its loader looks for them.
    fn libraries(&self, path: &str) {
        let list = Command::new("ldd").arg(path).output().expect("ldd is installed");
        for word in String::from_utf8_lossy(&list.stdout).split_whitespace().filter(|word| word.starts_with('/')) {
            let inside = word.trim_start_matches('/');
            if !self.dir.join(inside).exists() {
                self.copy(&real(word), inside);
            }
        }
    }

    fn copy(&self, source: &Path, place: &str) {
        self.parent(place);
        std::fs::copy(source, self.dir.join(place))
            .unwrap_or_else(|error| panic!("{}: {error}: is its package installed?", source.display()));
    }

    fn parent(&self, place: &str) {
        if let Some((parent, _)) = place.rsplit_once('/') {
            self.folder(parent);
        }
    }
}

fn real(path: &str) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|error| panic!("{path}: {error}: is its package installed?"))
}
