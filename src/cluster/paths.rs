//! Where the parts of a cluster lie: everything below its data folder, but for the sockets, whose paths must be short.

use std::path::PathBuf;

use crate::config::Config;

impl Config {
    /// Certificates and keys.
    pub fn pki_dir(&self) -> PathBuf {
        self.data_dir.join("pki")
    }
    /// The store.
    pub fn store_dir(&self) -> PathBuf {
        self.data_dir.join("store")
    }
    /// The administrator's kubeconfig, mode 0600.
    pub fn admin_kubeconfig(&self) -> PathBuf {
        self.data_dir.join("admin.conf")
    }
    /// Volumes and other files of pods.
    pub fn kubelet_dir(&self) -> PathBuf {
        self.data_dir.join("kubelet")
    }
    /// Manifests of pods that run without the API server's help.
    pub fn manifests_dir(&self) -> PathBuf {
        self.data_dir.join("manifests")
    }
    /// The private containerd's files.
    pub fn containerd_dir(&self) -> PathBuf {
        self.data_dir.join("containerd")
    }
    /// Sockets and run-time state.
    pub fn run_dir(&self) -> PathBuf {
        PathBuf::from("/run/k").join(&self.name)
    }
    /// The plugin's binary and its configuration.
    pub fn cni_bin_dir(&self) -> PathBuf {
        self.data_dir.join("cni/bin")
    }
    pub fn cni_conf_dir(&self) -> PathBuf {
        self.data_dir.join("cni/net.d")
    }
    /// Addresses that pods hold.
    pub fn cni_leases_dir(&self) -> PathBuf {
        self.data_dir.join("cni/leases")
    }
    /// The cgroup that all pods of the cluster live under.
    pub fn cgroup(&self) -> String {
        format!("k-{}", self.name)
    }
}
