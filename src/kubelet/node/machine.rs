//! The machine below the node: its processors, memory, kernel, names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cri::v1::VersionResponse;
use k8s_openapi::api::core::v1::NodeSystemInfo;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use nix::sys::statvfs::statvfs;

use crate::config::Config;

/// Memory kept free by eviction, in bytes, and the share of the disk, in percent: upstream's hard thresholds.
pub const EVICTION_MEMORY: i64 = 100 << 20;
pub const EVICTION_DISK_PERCENT: u8 = 90;

/// Facts that do not change while the kubelet runs.
#[derive(Clone, Debug)]
pub struct Machine {
    pub cpu_milli: i64,
    /// Bytes.
    pub memory: i64,
    pub host_ip: String,
    pub info: NodeSystemInfo,
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

/// Bytes of a line of /proc/meminfo.
pub fn meminfo(text: &str, key: &str) -> Option<i64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse::<i64>().ok().map(|kib| kib * 1024)
}

fn os_release(text: &str) -> String {
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or("Linux".to_owned(), |name| name.trim_matches('"').to_owned())
}

/// The architecture as Go names it.
pub fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

impl Machine {
    pub fn here(config: &Config, version: &VersionResponse) -> Self {
        let processors = read("/proc/cpuinfo").lines().filter(|line| line.starts_with("processor")).count();
        let processors = if processors == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { processors };
        let info = NodeSystemInfo {
            architecture: architecture().to_owned(),
            boot_id: read("/proc/sys/kernel/random/boot_id"),
            container_runtime_version: format!("{}://{}", version.runtime_name, version.runtime_version.trim_start_matches('v')),
            kernel_version: read("/proc/sys/kernel/osrelease"),
            kube_proxy_version: String::new(),
            kubelet_version: config.version.clone(),
            machine_id: read("/etc/machine-id"),
            operating_system: "linux".to_owned(),
            os_image: os_release(&read("/etc/os-release")),
            system_uuid: Some(read("/sys/class/dmi/id/product_uuid"))
                .filter(|id| !id.is_empty())
                .unwrap_or_else(|| read("/etc/machine-id")),
            running_in_user_namespace: None,
            swap: None,
        };
        Self {
            cpu_milli: i64::try_from(processors).unwrap_or(1) * 1000,
            memory: meminfo(&read("/proc/meminfo"), "MemTotal").unwrap_or(0),
            host_ip: config.node_ips.first().map(ToString::to_string).unwrap_or_default(),
            info,
        }
    }
    /// What the machine has, and what of it pods may use.
    pub fn resources(&self, config: &Config) -> (BTreeMap<String, Quantity>, BTreeMap<String, Quantity>) {
        let disk = statvfs(&config.root_dir).map_or(0, |found| found.blocks() * found.fragment_size());
        let cpu = |milli: i64| if milli % 1000 == 0 { (milli / 1000).to_string() } else { format!("{milli}m") };
        let mut capacity = BTreeMap::from([
            ("cpu".to_owned(), Quantity(cpu(self.cpu_milli))),
            ("memory".to_owned(), Quantity(format!("{}Ki", self.memory / 1024))),
            ("ephemeral-storage".to_owned(), Quantity(format!("{}Ki", disk / 1024))),
            ("pods".to_owned(), Quantity(config.max_pods.to_string())),
        ]);
        capacity.extend(hugepages());
        let mut allocatable = capacity.clone();
        let memory = self.memory - EVICTION_MEMORY - config.reserved_memory;
        allocatable.insert("cpu".to_owned(), Quantity(cpu(self.cpu_milli - config.reserved_cpu_milli)));
        allocatable.insert("memory".to_owned(), Quantity(format!("{}Ki", memory / 1024)));
        allocatable.insert("ephemeral-storage".to_owned(), Quantity((disk / 100 * u64::from(EVICTION_DISK_PERCENT)).to_string()));
        (capacity, allocatable)
    }
}

/// `hugepages-2Mi: 0` and the like.
fn hugepages() -> Vec<(String, Quantity)> {
    let entries = fs::read_dir("/sys/kernel/mm/hugepages").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let kib: u64 = name.strip_prefix("hugepages-")?.strip_suffix("kB")?.parse().ok()?;
            let count: u64 = read(entry.path().join("nr_hugepages")).parse().ok()?;
            let size = if kib.is_multiple_of(1 << 20) { format!("{}Gi", kib >> 20) } else { format!("{}Mi", kib >> 10) };
            let total = if count == 0 { "0".to_owned() } else { format!("{}Ki", kib * count) };
            Some((format!("hugepages-{size}"), Quantity(total)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_kernel() {
        assert_eq!(meminfo("MemTotal:       24560 kB\nMemAvailable:   100 kB\n", "MemAvailable"), Some(102_400));
        assert_eq!(os_release("NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"), "Debian GNU/Linux 12 (bookworm)");
    }
}
