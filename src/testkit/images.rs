//! Images that manifests name, made from packages of this machine and put into a cluster with `image build`. Made once a machine and kept under `target`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Cluster;
use crate::cluster::repository;
use crate::rootfs::Rootfs;

/// What an image contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// busybox with all of its applets.
    Busybox,
    /// nginx serving on port 80, logging to its standard output, and a shell.
    Nginx,
    /// redis-server, and a shell.
    Redis,
    /// perl, and a shell.
    Perl,
    /// curl, whose resolver is the C library's own, and a shell.
    Curl,
    /// The example's server: answers on port 8080 with the pod's name.
    Hello,
    /// Writes a new page every INTERVAL seconds.
    Fortune,
    /// Python with its standard library, and a shell.
    Python,
    /// A program `/bin/command` that prints its arguments and stays.
    Command,
}

use Contents::{Busybox, Command, Curl, Fortune, Hello, Nginx, Perl, Python, Redis};

impl Contents {
    fn folder(self) -> &'static str {
        match self {
            Busybox => "busybox",
            Nginx => "nginx",
            Redis => "redis",
            Perl => "perl",
            Curl => "curl",
            Hello => "hello",
            Fortune => "fortune",
            Python => "python",
            Command => "command",
        }
    }

    fn fill(self, rootfs: &Rootfs) {
        rootfs.busybox();
        match self {
            Busybox | Hello => {}
            Nginx => nginx(rootfs),
            Redis => {
                rootfs.program("/usr/bin/redis-server");
                rootfs.folder("data");
            }
            Perl => rootfs.program("/usr/bin/perl"),
            Python => rootfs.python(),
            Curl => rootfs.program("/usr/bin/curl"),
            Fortune => rootfs.script(
                "bin/fortune",
                "#!/bin/sh\nmkdir -p /var/htdocs\nwhile :; do\n  echo \"$(date) every $INTERVAL\" | tee /var/htdocs/index.html\n  sleep \"$INTERVAL\"\ndone\n",
            ),
            Command => rootfs.script("bin/command", "#!/bin/sh\necho \"arguments: $*\"\nexec sleep 1000000\n"),
        }
    }

    fn dockerfile(self) -> &'static str {
        match self {
            Busybox | Perl | Curl | Python => "FROM scratch\nCOPY root /\nENV PATH=/usr/bin:/bin\nCMD [\"sh\"]\n",
            Nginx => "FROM scratch\nCOPY root /\nENV PATH=/usr/sbin:/usr/bin:/bin\nEXPOSE 80\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n",
            Redis => {
                "FROM scratch\nCOPY root /\nENV PATH=/usr/bin:/bin\nWORKDIR /data\nEXPOSE 6379\nENTRYPOINT [\"redis-server\", \"--protected-mode\", \"no\"]\n"
            }
            Fortune => "FROM scratch\nCOPY root /\nENV PATH=/usr/bin:/bin\nENTRYPOINT [\"fortune\"]\n",
            Command => "FROM scratch\nCOPY root /\nENV PATH=/usr/bin:/bin\nCMD [\"command\"]\n",
            Hello => include_str!("../../examples/hello/Dockerfile"),
        }
    }
}

fn nginx(rootfs: &Rootfs) {
    rootfs.program("/usr/sbin/nginx");
    for folder in ["var/lib/nginx", "var/log/nginx", "run", "usr/share/nginx/html"] {
        rootfs.folder(folder);
    }
    rootfs.text("usr/share/nginx/html/index.html", "<html><body><h1>Welcome to nginx!</h1></body></html>\n");
    rootfs.link("var/log/nginx/access.log", "/dev/stdout");
    rootfs.link("var/log/nginx/error.log", "/dev/stderr");
    rootfs.text(
        "etc/nginx/nginx.conf",
        "user www-data;\nworker_processes 1;\npid /run/nginx.pid;\nerror_log /dev/stderr;\nevents { worker_connections 64; }\nhttp {\n  access_log /dev/stdout;\n  \
         server {\n    listen 80;\n    root /usr/share/nginx/html;\n  }\n}\n",
    );
}

/// Puts an image into the cluster under these names.
#[track_caller]
pub fn add(cluster: &Cluster, contents: Contents, names: &[&str]) {
    let tags: String = names.iter().map(|name| format!("-t {name} ")).collect();
    cluster.image("build", &format!("{tags}{}", context(contents).display())).ok();
}

/// The build context of an image, made where it is not there yet.
pub fn context(contents: Contents) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from);
    let images = target.join("test-images");
    let dir = images.join(contents.folder());
    let stamp = dir.join("Dockerfile");
    if fs::read_to_string(&stamp).is_ok_and(|text| text == contents.dockerfile()) {
        return dir;
    }
    // Made aside and renamed, so that two tests may want it at once.
    let work = images.join(format!("{}.{}.{:?}", contents.folder(), std::process::id(), std::thread::current().id()));
    let failed = |error: std::io::Error| panic!("{}: {error}", work.display());
    make(contents, &work).unwrap_or_else(failed);
    if dir.exists() && !stamp.exists() {
        fs::remove_dir_all(&dir).unwrap_or_else(failed);
    }
    if fs::rename(&work, &dir).is_err() {
        let old = images.join(format!("{}.old", work.file_name().unwrap_or_default().display()));
        fs::rename(&dir, &old).and_then(|()| fs::rename(&work, &dir)).and_then(|()| fs::remove_dir_all(&old)).unwrap_or_else(failed);
    }
    dir
}

fn make(contents: Contents, work: &Path) -> std::io::Result<()> {
    fs::create_dir_all(work)?;
    let root = if contents == Hello {
        fs::copy(repository().join("examples/hello/serve"), work.join("serve"))?;
        work.join("busybox")
    } else {
        work.join("root")
    };
    let rootfs = Rootfs::new(&root);
    contents.fill(&rootfs);
    fs::write(work.join("Dockerfile"), contents.dockerfile())
}
