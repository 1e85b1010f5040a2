//! A cluster that cannot start, starts twice, beside another one, on broken data, or goes: clear words, the right exit code, and nothing left behind.

use std::path::Path;
use std::process::Command;

use testkit::images::{self, Contents};
use testkit::{Cluster, wait_until};

#[test]
fn a_second_start_says_that_it_runs() {
    let cluster = Cluster::start(crate::program());
    let pid = cluster.server_pid();
    let outcome = cluster.start_again();
    assert!(outcome.stdout.contains("is already running"), "{outcome}");
    assert_eq!(cluster.server_pid(), pid);
    let status = cluster.manage("status", "").ok();
    assert!(status.contains(&format!("running (pid {pid})")), "{status}");
    // Stopped and started, it has what it had.
    cluster.k("create configmap kept --from-literal=a=b").ok();
    assert!(cluster.manage("stop", "").ok().contains("stopped"));
    assert!(!testkit::alive(pid));
    assert!(cluster.manage("stop", "").ok().contains("was not running"));
    cluster.start_again();
    assert_eq!(cluster.k("get configmap kept -o jsonpath={.data.a}").ok(), "b");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(cluster.data().join("admin.conf")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn flags_that_make_no_sense() {
    let cluster = Cluster::prepare(crate::program());
    for (flags, part) in [
        ("--pod-cidr 10.0.0.1/16", "--pod-cidr"),
        ("--service-cidr nonsense", "--service-cidr"),
        ("--pod-cidr 10.96.0.0/12 --service-cidr 10.96.0.0/16", "overlap"),
    ] {
        let stderr = cluster.try_start(flags).failed(1);
        assert!(stderr.contains(part), "{flags}: {stderr}");
    }
    let stderr = cluster.k("cluster start --name Not_A_Name").failed(1);
    assert!(stderr.contains("cluster name \"Not_A_Name\" is not valid"), "{stderr}");
    let stderr = cluster.k("cluster status --name nowhere").failed(1);
    assert!(stderr.contains("there is no cluster in"), "{stderr}");
}

#[test]
fn a_port_that_is_taken() {
    let cluster = Cluster::prepare(crate::program());
    let arguments = ["nc", "-l", "-p", "6443"].map(ToOwned::to_owned);
    let mut holder = cluster.command(Path::new("/bin/busybox"), &arguments).stdin(std::process::Stdio::piped()).spawn().unwrap();
    wait_until("the port is taken", || {
        let table = cluster.inside("cat /proc/net/tcp /proc/net/tcp6").stdout;
        if table.contains(":192B ") { Ok(()) } else { Err(table) }
    });
    let outcome = cluster.try_start("");
    holder.kill().unwrap();
    holder.wait().unwrap();
    let stderr = outcome.clone().failed(1);
    assert!(stderr.contains("6443") && stderr.to_lowercase().contains("in use"), "{outcome}");
}

#[test]
fn without_root() {
    let program = crate::program().display().to_string();
    let mut command = Command::new("setpriv");
    command.args([
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        &program,
        "cluster",
        "start",
        "--name",
        "nobody",
        "--data-dir",
        "/tmp/kt-nobody",
    ]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: a cluster needs root on its machine: try sudo\n");
    assert!(!Path::new("/tmp/kt-nobody").exists());
}

#[test]
fn without_containerd() {
    let cluster = Cluster::prepare(crate::program());
    let arguments = ["cluster", "start", "--name", cluster.name(), "--data-dir", &cluster.data().display().to_string(), "--wait", "20s"];
    let arguments: Vec<String> = arguments.iter().map(|part| (*part).to_owned()).collect();
    // In a mount namespace of its own, a file that cannot be executed covers the runtime.
    let mut whole = ["--mount", "--propagation", "private", "sh", "-c"].map(ToOwned::to_owned).to_vec();
    let hide = "mount --bind /dev/null \"$(command -v containerd)\" && exec \"$@\"";
    whole.extend([hide.to_owned(), "sh".to_owned(), crate::program().display().to_string()]);
    whole.extend(arguments);
    let output = cluster.command(Path::new("unshare"), &whole).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("containerd"), "{stderr}");
}

#[test]
fn a_corrupt_data_file() {
    let cluster = Cluster::start(crate::program());
    cluster.manage("stop", "").ok();
    let file = cluster.data().join("store/state.db");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, vec![0x5a; whole.len()]).unwrap();
    let stderr = cluster.try_start("").failed(1);
    assert!(stderr.contains("state.db"), "the file is named: {stderr}");
    assert_eq!(std::fs::read(&file).unwrap()[0], 0x5a, "it is left for whoever repairs it");
    std::fs::write(&file, whole).unwrap();
    cluster.start_again();
    assert_eq!(cluster.k("get node node1 -o name").ok(), "node/node1\n");
}

#[test]
fn two_clusters_side_by_side() {
    // In one network namespace, as on one machine: all that they share must differ.
    let first = Cluster::start(crate::program());
    let second = format!("{}-b", first.name());
    let place = format!("--name {second} --data-dir {}/second", first.dir().display());
    let flags = "--api-port 6500 --pod-cidr 10.250.0.0/16 --service-cidr 10.97.0.0/16 --node-name node2 --wait 100s";
    first.k(&format!("cluster start {place} {flags}")).ok();
    assert_eq!(first.k("config current-context").ok(), format!("k-{second}\n"));
    assert_eq!(first.k("get nodes -o name").ok(), "node/node2\n");
    assert_eq!(first.k(&format!("--context k-{} get nodes -o name", first.name())).ok(), "node/node1\n");
    first.k(&format!("cluster delete {place}")).ok();
    assert_eq!(first.k(&format!("--context k-{} get nodes -o name", first.name())).ok(), "node/node1\n");
    assert!(first.inside("nft list tables").ok().contains(first.name()));
}

/// What belongs to a cluster and is seen from outside of it.
fn traces(cluster: &Cluster, namespaces: &[u64]) -> Vec<String> {
    use std::os::unix::fs::MetadataExt;
    let mut found = Vec::new();
    let dirs = [cluster.data().display().to_string(), format!("/run/k/{}", cluster.name())];
    found.extend(dirs.iter().filter(|dir| Path::new(dir).exists()).cloned());
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap();
    found
        .extend(mounts.lines().filter(|line| dirs.iter().any(|dir| line.contains(&format!("{dir}/")))).map(|line| format!("mount {line}")));
    for hierarchy in std::fs::read_dir("/sys/fs/cgroup").unwrap().flatten() {
        let group = hierarchy.path().join(format!("k-{}", cluster.name()));
        found.extend(group.exists().then(|| group.display().to_string()));
    }
    for process in std::fs::read_dir("/proc").unwrap().flatten() {
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let ours = dirs.iter().any(|dir| line.contains(&format!("{dir}/")) || line.contains(&format!("{dir} ")));
        let gone = process.file_name().to_str().and_then(|name| name.parse().ok()).is_some_and(|pid| !testkit::alive(pid));
        if ours && !gone && !line.starts_with("sh -c") {
            found.push(format!("process {line}"));
        }
    }
    for entry in std::fs::read_dir("/run/netns").unwrap().flatten() {
        if entry.metadata().is_ok_and(|metadata| namespaces.contains(&metadata.ino())) {
            found.push(entry.path().display().to_string());
        }
    }
    let links = cluster.inside("ip -o link").ok();
    found.extend(links.lines().filter(|line| !line.contains(" lo: ")).map(|line| format!("link {line}")));
    found.extend(cluster.inside("nft list tables").ok().lines().map(ToOwned::to_owned));
    found
}

#[test]
fn a_deleted_cluster_leaves_nothing_behind() {
    use std::os::unix::fs::MetadataExt;
    let cluster = Cluster::start(crate::program());
    images::add(&cluster, Contents::Busybox, &["busybox:1.28"]);
    let manifest = "
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {a: b}
---
apiVersion: v1
kind: Pod
metadata: {name: one}
spec:
  containers:
  - {name: one, image: 'busybox:1.28', command: [sleep, '3600'], volumeMounts: [{name: s, mountPath: /s}]}
  volumes: [{name: s, secret: {secretName: s}}]
---
apiVersion: v1
kind: Service
metadata: {name: one}
spec: {selector: {a: b}, ports: [{port: 80}]}
";
    cluster.k_with("apply -f -", manifest).ok();
    cluster.wait_for("get pod one -o jsonpath={.status.phase}", |phase| phase == "Running");
    let id = cluster.k("exec one -- readlink /proc/1/ns/net").ok();
    let inode: u64 = id.trim().trim_start_matches("net:[").trim_end_matches(']').parse().unwrap();
    let named =
        std::fs::read_dir("/run/netns").unwrap().flatten().any(|entry| entry.metadata().is_ok_and(|metadata| metadata.ino() == inode));
    assert!(named, "the pod's namespace has a name");
    assert!(traces(&cluster, &[inode]).len() > 6, "a running cluster has traces: {:?}", traces(&cluster, &[inode]));
    let outcome = cluster.manage("delete", "").ok();
    assert!(outcome.contains("deleted"), "{outcome}");
    assert_eq!(traces(&cluster, &[inode]), Vec::<String>::new());
    let pods = std::fs::read_dir("/var/log/pods")
        .map(|entries| entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with("default_one_")).count());
    assert_eq!(pods.unwrap_or(0), 0, "its logs are gone");
    let config = std::fs::read_to_string(cluster.dir().join("kubeconfig")).unwrap_or_default();
    assert!(!config.contains(cluster.name()), "{config}");
}

/// A small file system under a cluster's store, so that it can fill up without anything else being hurt. It goes with the mount namespace of whoever made it, and
/// with the value.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn under(cluster: &Cluster, size: &str) -> Self {
        let disk = Self(cluster.data().join("store"));
        std::fs::create_dir_all(&disk.0).unwrap();
        disk.mount(&format!("-t tmpfs -o mode=0700,size={size} tmpfs"));
        disk
    }
    fn remount(&self, options: &str) {
        self.mount(&format!("-o remount,{options}"));
    }
    fn mount(&self, arguments: &str) {
        let status = Command::new("mount").args(arguments.split(' ')).arg(&self.0).status().unwrap();
        assert!(status.success(), "mount {arguments}: {status}");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a server that still runs keeps its files until it ends.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_disk_that_fills_up() {
    let cluster = Cluster::prepare(crate::program());
    let disk = SmallDisk::under(&cluster, "6m");
    cluster.start_again();
    let file = cluster.dir().join("half-a-mebibyte");
    std::fs::write(&file, "x".repeat(1 << 19)).unwrap();
    let mut kept = 0;
    let refused = loop {
        let outcome = cluster.k(&format!("create configmap big-{kept} --from-file=data={}", file.display()));
        if outcome.code != 0 {
            break outcome.failed(1);
        }
        kept += 1;
        assert!(kept < 30, "the disk has 6 MiB");
    };
    assert!(refused.contains("database or disk is full"), "it says why: {refused}");
    assert!(kept > 2, "some fitted: {kept}");
    // What was acknowledged is there, reading goes on, and the server has not gone away.
    let pid = cluster.server_pid();
    let count = |cluster: &Cluster| cluster.k("get configmaps -o name").ok().matches("/big-").count();
    assert_eq!(count(&cluster), kept);
    // As soon as there is room, writes succeed again.
    disk.remount("size=64m");
    cluster.k("create configmap later --from-literal=a=b").ok();
    assert_eq!(cluster.server_pid(), pid);
    cluster.kill_server();
    cluster.start_again();
    assert_eq!(count(&cluster), kept);
    assert_eq!(cluster.k("get configmap later -o jsonpath={.data.a}").ok(), "b");
}

#[test]
fn a_disk_that_cannot_be_written() {
    let cluster = Cluster::prepare(crate::program());
    let disk = SmallDisk::under(&cluster, "32m");
    cluster.start_again();
    cluster.k("create configmap kept --from-literal=a=b").ok();
    cluster.manage("stop", "").ok();
    disk.remount("ro");
    let stderr = cluster.try_start("").failed(1);
    assert!(stderr.to_lowercase().contains("read-only"), "it says why: {stderr}");
    assert!(stderr.contains("store"), "it says where: {stderr}");
    disk.remount("rw");
    cluster.start_again();
    assert_eq!(cluster.k("get configmap kept -o jsonpath={.data.a}").ok(), "b");
}
