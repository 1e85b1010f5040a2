//! The cgroup folders of pods: `ROOT/kubepods[/burstable|/besteffort]/podUID` with the pod's own limits, on cgroup v1 and v2, plain files.
//! The runtime makes a folder a container below.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use k8s_openapi::api::core::v1::Pod;

use crate::pod;
use crate::resources::{self, PodLimits, QUOTA_PERIOD};

/// The controllers that pods' limits use.
const CONTROLLERS: &str = "+cpu +memory +pids +cpuset +io";

/// Where the kernel's cgroup trees are mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hierarchy {
    /// One tree a controller (or a few): mount point and its controllers.
    V1(Vec<(PathBuf, Vec<String>)>),
    /// One tree.
    V2(PathBuf),
}

/// The cgroups of one kubelet.
#[derive(Clone, Debug)]
pub struct Cgroups {
    hierarchy: Hierarchy,
    root: String,
}

/// The hierarchy in `/proc/self/mountinfo`: v1 where a memory or cpu controller is mounted as v1, else v2.
pub fn hierarchy_in(mountinfo: &str) -> Hierarchy {
    let mut v1 = Vec::new();
    let mut v2 = None;
    for line in mountinfo.lines() {
        let Some((left, right)) = line.split_once(" - ") else { continue };
        let Some(point) = left.split(' ').nth(4) else { continue };
        let mut right = right.split(' ');
        match right.next() {
            Some("cgroup") => {
                let controllers = right.nth(1).unwrap_or_default().split(',').map(str::to_owned).collect();
                v1.push((PathBuf::from(point), controllers));
            }
            Some("cgroup2") => v2 = Some(PathBuf::from(point)),
            _ => {}
        }
    }
    let limits = v1.iter().any(|(_, controllers): &(_, Vec<String>)| controllers.iter().any(|name| name == "memory" || name == "cpu"));
    match v2 {
        Some(point) if !limits => Hierarchy::V2(point),
        // Beside v1 it limits nothing, but the runtime makes its folders there too.
        Some(point) => {
            v1.push((point, Vec::new()));
            Hierarchy::V1(v1)
        }
        None => Hierarchy::V1(v1),
    }
}

impl Cgroups {
    /// The cgroups below `root` of this machine.
    pub fn of_machine(root: &str) -> Self {
        let mountinfo = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        Self { hierarchy: hierarchy_in(&mountinfo), root: root.trim_matches('/').to_owned() }
    }
    /// `/ROOT/kubepods/burstable/podUID`: what CRI calls the sandbox's cgroup parent.
    pub fn pod_parent(&self, class: &str, uid: &str) -> String {
        let class = match class {
            "Guaranteed" => String::new(),
            other => format!("/{}", other.to_lowercase()),
        };
        format!("{}/kubepods{class}/pod{uid}", self.prefix())
    }
    fn prefix(&self) -> String {
        if self.root.is_empty() { String::new() } else { format!("/{}", self.root) }
    }
    /// The folder of a cgroup in the tree that has the controller.
    pub fn folder(&self, controller: &str, cgroup: &str) -> Option<PathBuf> {
        let below = cgroup.trim_start_matches('/');
        match &self.hierarchy {
            Hierarchy::V2(mount) => Some(mount.join(below)),
            Hierarchy::V1(mounts) => {
                mounts.iter().find(|(_, names)| names.iter().any(|name| name == controller)).map(|(mount, _)| mount.join(below))
            }
        }
    }

    /// Makes the pod's folder and writes its limits. Idempotent.
    pub fn create(&self, pod: &Pod) -> io::Result<()> {
        let cgroup = self.pod_parent(pod::qos_class(pod), pod::uid(pod));
        let limits = resources::of_pod(pod);
        match &self.hierarchy {
            Hierarchy::V2(mount) => {
                make_v2(mount, &cgroup)?;
                write_all(&mount.join(&cgroup[1..]), &v2_files(limits))
            }
            Hierarchy::V1(_) => {
                for (controller, files) in v1_files(limits) {
                    if let Some(folder) = self.folder(controller, &cgroup) {
                        fs::create_dir_all(&folder)?;
                        write_all(&folder, &files)?;
                    }
                }
                // A class without requests gets next to nothing when others want the CPU.
                if let Some(folder) = self.folder("cpu", &format!("{}/kubepods/besteffort", self.prefix()))
                    && folder.exists()
                {
                    write_all(&folder, &[("cpu.shares", "2".to_owned())])?;
                }
                Ok(())
            }
        }
    }
    /// Removes the pod's folder and what is left below it in every tree.
    pub fn remove(&self, uid: &str) {
        for class in ["Guaranteed", "Burstable", "BestEffort"] {
            let cgroup = self.pod_parent(class, uid);
            for mount in self.mounts() {
                remove_tree(&mount.join(&cgroup[1..]));
            }
        }
    }
    /// Removes everything of this kubelet, once no container runs any more.
    pub fn remove_all(&self) {
        let top = if self.root.is_empty() { "kubepods" } else { self.root.as_str() };
        for mount in self.mounts() {
            remove_tree(&mount.join(top));
        }
    }
    fn mounts(&self) -> Vec<&Path> {
        match &self.hierarchy {
            Hierarchy::V1(mounts) => mounts.iter().map(|(mount, _)| mount.as_path()).collect(),
            Hierarchy::V2(mount) => vec![mount],
        }
    }
}

/// Every folder on the way passes the controllers on to the next.
fn make_v2(mount: &Path, cgroup: &str) -> io::Result<()> {
    let mut folder = mount.to_owned();
    for part in cgroup[1..].split('/') {
        for controller in CONTROLLERS.split(' ') {
            // One that the kernel lacks is refused alone.
            if let Err(error) = fs::write(folder.join("cgroup.subtree_control"), controller) {
                tracing::debug!(%error, controller, folder = %folder.display(), "passing a cgroup controller on");
            }
        }
        folder.push(part);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn v2_files(limits: PodLimits) -> Vec<(&'static str, String)> {
    let quota = limits.quota.filter(|quota| *quota > 0).map_or("max".to_owned(), |quota| quota.to_string());
    let memory = limits.memory.map_or("max".to_owned(), |bytes| bytes.to_string());
    vec![
        ("cpu.weight", resources::weight(limits.shares).to_string()),
        ("cpu.max", format!("{quota} {QUOTA_PERIOD}")),
        ("memory.max", memory),
    ]
}

fn v1_files(limits: PodLimits) -> [(&'static str, Vec<(&'static str, String)>); 3] {
    let mut cpu = vec![("cpu.shares", limits.shares.to_string())];
    if let Some(quota) = limits.quota {
        cpu.push(("cpu.cfs_period_us", QUOTA_PERIOD.to_string()));
        cpu.push(("cpu.cfs_quota_us", quota.to_string()));
    }
    let memory = limits.memory.map(|bytes| ("memory.limit_in_bytes", bytes.to_string())).into_iter().collect();
    [("cpu", cpu), ("memory", memory), ("pids", Vec::new())]
}

/// A file that this kernel lacks is passed over; another failure counts.
fn write_all(folder: &Path, files: &[(&'static str, String)]) -> io::Result<()> {
    for (file, text) in files {
        let path = folder.join(file);
        if path.exists() {
            fs::write(&path, text).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        }
    }
    Ok(())
}

/// Folders of cgroups are removed from the inside; the files go with them.
fn remove_tree(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_tree(&entry.path());
        }
    }
    if let Err(error) = fs::remove_dir(folder) {
        tracing::debug!(%error, folder = %folder.display(), "removing a cgroup");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const V1: &str = "30 25 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n\
        31 30 0:27 / /sys/fs/cgroup/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n\
        32 30 0:28 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n\
        33 30 0:29 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw";

    #[test]
    fn which_hierarchy() {
        let Hierarchy::V1(mounts) = hierarchy_in(V1) else { panic!("v1") };
        assert_eq!(mounts.len(), 3);
        assert!(mounts[0].1.contains(&"cpu".to_owned()) && mounts[0].0 == Path::new("/sys/fs/cgroup/cpu"));
        let v2 = "30 25 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";
        assert_eq!(hierarchy_in(v2), Hierarchy::V2("/sys/fs/cgroup".into()));
    }

    #[test]
    fn folders_by_class() {
        let cgroups = Cgroups { hierarchy: hierarchy_in(V1), root: "k-dev".into() };
        assert_eq!(cgroups.pod_parent("Guaranteed", "u"), "/k-dev/kubepods/podu");
        assert_eq!(cgroups.pod_parent("BestEffort", "u"), "/k-dev/kubepods/besteffort/podu");
        assert_eq!(cgroups.folder("memory", "/x").unwrap(), Path::new("/sys/fs/cgroup/memory/x"));
    }

    #[test]
    fn files_of_v2() {
        let files = v2_files(PodLimits { shares: 1024, quota: Some(50_000), memory: None });
        assert_eq!(files, [("cpu.weight", "39".to_owned()), ("cpu.max", "50000 100000".to_owned()), ("memory.max", "max".to_owned())]);
    }
}
