//! What a kubelet is told at its start.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use k8s_openapi::api::core::v1::Taint;

/// Settings of one node's kubelet. [`Config::new`] has upstream's defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// Name of the Node object.
    pub node_name: String,
    /// Addresses of the node, the first one in `status.hostIP`.
    pub node_ips: Vec<IpAddr>,
    /// Where pods' volumes and files live, such as `/var/lib/k/default/kubelet`.
    pub root_dir: PathBuf,
    /// Parent of `pods` and `containers`, the logs: `/var/log`.
    pub log_dir: PathBuf,
    /// Addresses of the cluster's DNS; empty where there is none.
    pub cluster_dns: Vec<IpAddr>,
    pub cluster_domain: String,
    /// The host's resolver configuration.
    pub resolv_conf: PathBuf,
    /// Most pods that the node takes.
    pub max_pods: u32,
    /// Folder with static pods.
    pub manifests_dir: Option<PathBuf>,
    /// Folder of cgroups that `kubepods` lies in: `k-NAME`, or empty for the root.
    pub cgroup_root: String,
    /// Port of the kubelet's API, told in the Node's status; 0 tells none.
    pub port: u16,
    /// Labels of the Node besides those of its machine.
    pub labels: BTreeMap<String, String>,
    /// Taints of the Node at its registration.
    pub taints: Vec<Taint>,
    /// Version told in the Node's status.
    pub version: String,
    /// Whether this kubelet shares its process with the API server, so that whole caches are there anyway; else it watches only its own pods.
    pub in_process: bool,
    /// CPU (millicores) and memory (bytes) kept for the machine.
    pub reserved_cpu_milli: i64,
    pub reserved_memory: i64,
    /// How often the Node's status is written without a change, and how often its Lease is renewed.
    pub status_period: Duration,
    pub lease_period: Duration,
    pub lease_duration_seconds: i32,
    /// A container's log is rotated beyond this size, in bytes; so many files are kept.
    pub log_max_bytes: u64,
    pub log_max_files: usize,
    /// Images are removed when the disk is fuller than the first, until it is emptier than the second, in percent.
    pub image_gc_high_percent: u8,
    pub image_gc_low_percent: u8,
}

impl Config {
    pub fn new(node_name: &str, root_dir: impl Into<PathBuf>) -> Self {
        Self {
            node_name: node_name.to_owned(),
            node_ips: vec![IpAddr::from([127, 0, 0, 1])],
            root_dir: root_dir.into(),
            log_dir: PathBuf::from("/var/log"),
            cluster_dns: Vec::new(),
            cluster_domain: "cluster.local".to_owned(),
            resolv_conf: PathBuf::from("/etc/resolv.conf"),
            max_pods: 110,
            manifests_dir: None,
            cgroup_root: String::new(),
            port: 10250,
            labels: BTreeMap::new(),
            taints: Vec::new(),
            version: "v1.37.1".to_owned(),
            in_process: true,
            reserved_cpu_milli: 0,
            reserved_memory: 0,
            status_period: Duration::from_secs(300),
            lease_period: Duration::from_secs(10),
            lease_duration_seconds: 40,
            log_max_bytes: 10 << 20,
            log_max_files: 5,
            image_gc_high_percent: 85,
            image_gc_low_percent: 80,
        }
    }
    /// The folder of a pod.
    pub fn pod_dir(&self, uid: &str) -> PathBuf {
        self.root_dir.join("pods").join(uid)
    }
    /// The folder of a pod's logs.
    pub fn pod_log_dir(&self, namespace: &str, name: &str, uid: &str) -> PathBuf {
        self.log_dir.join("pods").join(format!("{namespace}_{name}_{uid}"))
    }
}
