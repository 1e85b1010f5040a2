//! containerd's configuration file: version 2 for 1.6 and 1.7, version 3 for 2.x, with everything a kubelet does not use switched off.

use std::path::{Path, PathBuf};

use super::Error;
use crate::pause;

/// Where the network plugins are and where their configuration appears.
#[derive(Clone, Debug)]
pub struct Network {
    pub binaries: PathBuf,
    pub configuration: PathBuf,
}

/// What a private containerd is to be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Everything of it lies below: `root`, `state`, `opt`, `config.toml`, the socket, the log.
    pub directory: PathBuf,
    /// Instead of `directory/run`: where the socket and the run-time state lie, for a directory with a long path or on tmpfs.
    pub run_directory: Option<PathBuf>,
    pub network: Network,
    /// Folder of `HOST/hosts.toml` files for registries.
    pub registries: PathBuf,
    /// The containerd binary; looked up in PATH when it is a bare name.
    pub binary: String,
}

impl Settings {
    pub fn new(directory: &Path, network: Network) -> Self {
        Self {
            directory: directory.to_owned(),
            run_directory: None,
            network,
            registries: directory.join("certs.d"),
            binary: "containerd".to_owned(),
        }
    }
    pub(super) fn state(&self) -> PathBuf {
        self.run_directory.clone().unwrap_or_else(|| self.directory.join("run"))
    }
    pub fn socket(&self) -> PathBuf {
        self.state().join("containerd.sock")
    }
    pub(super) fn config_file(&self) -> PathBuf {
        self.directory.join("config.toml")
    }
    pub(super) fn pid_file(&self) -> PathBuf {
        self.directory.join("containerd.pid")
    }
    pub(super) fn log_file(&self) -> PathBuf {
        self.directory.join("containerd.log")
    }
}

/// How layers become a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snapshotter {
    Overlayfs,
    /// Copies; for where overlayfs can not be used.
    Native,
}

/// What the configuration depends on besides the settings: facts of this machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Machine {
    /// containerd's major and minor version.
    pub version: (u32, u32),
    pub snapshotter: Snapshotter,
    /// CAP_SYS_RESOURCE is missing: a lower oom_score_adj would be refused and every sandbox fail.
    pub restrict_oom_score: bool,
    pub apparmor: bool,
}

/// A TOML string.
fn quoted(text: impl AsRef<Path>) -> String {
    serde_json::Value::String(text.as_ref().to_string_lossy().into_owned()).to_string()
}

/// Plugins that no CRI call uses; each costs time at the start, `restart` a timer.
const UNUSED: [&str; 8] = [
    "io.containerd.snapshotter.v1.aufs",
    "io.containerd.snapshotter.v1.btrfs",
    "io.containerd.snapshotter.v1.devmapper",
    "io.containerd.snapshotter.v1.zfs",
    "io.containerd.snapshotter.v1.blockfile",
    "io.containerd.snapshotter.v1.erofs",
    "io.containerd.internal.v1.restart",
    "io.containerd.tracing.processor.v1.otlp",
];

/// The configuration file's text.
pub(super) fn render(settings: &Settings, machine: Machine) -> String {
    let unused = UNUSED.map(quoted).join(", ");
    let head = format!(
        "# written by k at every start; changes are lost\nversion = {version}\nroot = {root}\nstate = {state}\noom_score = 0\n\
         disabled_plugins = [{unused}]\n\n[grpc]\n  address = {socket}\n\n[debug]\n  level = \"warn\"\n\n[plugins]\n",
        version = if machine.version.0 >= 2 { 3 } else { 2 },
        root = quoted(settings.directory.join("root")),
        state = quoted(settings.state()),
        socket = quoted(settings.socket()),
    );
    let body = if machine.version.0 >= 2 { version_3(settings, machine) } else { version_2(settings, machine) };
    let opt = format!("  [plugins.\"io.containerd.internal.v1.opt\"]\n    path = {}\n", quoted(settings.directory.join("opt")));
    head + &body + &opt
}

fn snapshotter(machine: Machine) -> &'static str {
    match machine.snapshotter {
        Snapshotter::Overlayfs => "overlayfs",
        Snapshotter::Native => "native",
    }
}

/// The tables of 1.6 and 1.7.
fn version_2(settings: &Settings, machine: Machine) -> String {
    format!(
        r#"  [plugins."io.containerd.grpc.v1.cri"]
    sandbox_image = {pause}
    restrict_oom_score_adj = {restrict}
    disable_apparmor = {no_apparmor}
    tolerate_missing_hugetlb_controller = true
    disable_hugetlb_controller = true
    disable_tcp_service = true
    stream_server_address = "127.0.0.1"
    stream_server_port = "0"
    enable_unprivileged_ports = true
    enable_unprivileged_icmp = true
    [plugins."io.containerd.grpc.v1.cri".containerd]
      snapshotter = "{snapshotter}"
      default_runtime_name = "runc"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
        runtime_type = "io.containerd.runc.v2"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
          SystemdCgroup = false
    [plugins."io.containerd.grpc.v1.cri".cni]
      bin_dir = {binaries}
      conf_dir = {configuration}
      max_conf_num = 1
    [plugins."io.containerd.grpc.v1.cri".registry]
      config_path = {registries}
"#,
        pause = quoted(pause::IMAGE),
        restrict = machine.restrict_oom_score,
        no_apparmor = !machine.apparmor,
        snapshotter = snapshotter(machine),
        binaries = quoted(&settings.network.binaries),
        configuration = quoted(&settings.network.configuration),
        registries = quoted(&settings.registries),
    )
}

/// The tables of 2.x, where CRI is three plugins.
fn version_3(settings: &Settings, machine: Machine) -> String {
    let binaries = quoted(&settings.network.binaries);
    // 2.1 renamed the key and took a list.
    let binaries = if machine.version >= (2, 1) { format!("bin_dirs = [{binaries}]") } else { format!("bin_dir = {binaries}") };
    format!(
        r#"  [plugins."io.containerd.cri.v1.runtime"]
    restrict_oom_score_adj = {restrict}
    disable_apparmor = {no_apparmor}
    tolerate_missing_hugetlb_controller = true
    disable_hugetlb_controller = true
    enable_unprivileged_ports = true
    enable_unprivileged_icmp = true
    [plugins."io.containerd.cri.v1.runtime".containerd]
      default_runtime_name = "runc"
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
        runtime_type = "io.containerd.runc.v2"
        [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
          SystemdCgroup = false
    [plugins."io.containerd.cri.v1.runtime".cni]
      {binaries}
      conf_dir = {configuration}
      max_conf_num = 1
  [plugins."io.containerd.cri.v1.images"]
    snapshotter = "{snapshotter}"
    [plugins."io.containerd.cri.v1.images".pinned_images]
      sandbox = {pause}
    [plugins."io.containerd.cri.v1.images".registry]
      config_path = {registries}
  [plugins."io.containerd.grpc.v1.cri"]
    disable_tcp_service = true
    stream_server_address = "127.0.0.1"
    stream_server_port = "0"
"#,
        restrict = machine.restrict_oom_score,
        no_apparmor = !machine.apparmor,
        configuration = quoted(&settings.network.configuration),
        snapshotter = snapshotter(machine),
        pause = quoted(pause::IMAGE),
        registries = quoted(&settings.registries),
    )
}

/// `(1, 6)` in `containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3` or `... v2.1.4 75cb2b71`.
pub(super) fn version_in(text: &str) -> Option<(u32, u32)> {
    let word = text.split_whitespace().nth(2)?;
    let mut numbers = word.trim_start_matches('v').split('.').map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// Whether `CapEff` in /proc/self/status has CAP_SYS_RESOURCE (bit 24).
pub(super) fn may_lower_oom_score(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("CapEff:")).and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & (1 << 24) != 0)
}

/// Whether an overlay can be mounted below `directory`: tried, since the file system decides.
pub(super) fn snapshotter_for(directory: &Path) -> Snapshotter {
    let probe = directory.join(".overlay-probe");
    let parts = ["lower", "upper", "work", "merged"].map(|part| probe.join(part));
    let usable = parts.iter().all(|part| std::fs::create_dir_all(part).is_ok()) && {
        let options = format!("lowerdir={},upperdir={},workdir={}", parts[0].display(), parts[1].display(), parts[2].display());
        let flags = nix::mount::MsFlags::empty();
        let mounted = nix::mount::mount(Some("overlay"), &parts[3], Some("overlay"), flags, Some(options.as_str())).is_ok();
        if mounted && let Err(error) = nix::mount::umount2(&parts[3], nix::mount::MntFlags::MNT_DETACH) {
            tracing::warn!(%error, "unmounting the overlay probe");
        }
        mounted
    };
    if let Err(error) = std::fs::remove_dir_all(&probe) {
        tracing::debug!(%error, "removing the overlay probe");
    }
    if usable { Snapshotter::Overlayfs } else { Snapshotter::Native }
}

/// Facts of this machine that the configuration depends on.
pub(super) fn inspect(settings: &Settings, version_text: &str) -> Result<Machine, Error> {
    let version = version_in(version_text).ok_or_else(|| Error::Version(version_text.trim().to_owned()))?;
    if version < (1, 6) {
        return Err(Error::TooOld(format!("{}.{}", version.0, version.1)));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let apparmor = std::fs::read_to_string("/sys/module/apparmor/parameters/enabled").is_ok_and(|text| text.starts_with('Y'))
        && Path::new("/sbin/apparmor_parser").exists();
    Ok(Machine { version, snapshotter: snapshotter_for(&settings.directory), restrict_oom_score: !may_lower_oom_score(&status), apparmor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let check = |text: &str, expected| assert_eq!(version_in(text), expected, "{text}");
        check("containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3", Some((1, 6)));
        check("containerd github.com/containerd/containerd/v2 v2.1.4 75cb2b7193e4e490e9fbdc236c0e811ccaba3376", Some((2, 1)));
        check("containerd containerd.io 1.7.27 05044ec0a9a75232cad458027ca83437aae3f4da", Some((1, 7)));
        check("nonsense", None);
    }

    #[test]
    fn capability() {
        assert!(!may_lower_oom_score("Name:\tk\nCapEff:\t000001fffeffffff\n"));
        assert!(may_lower_oom_score("CapEff:\t000001ffffffffff\n"));
    }

    #[test]
    fn plugin_names_by_version() {
        let network = Network { binaries: "/opt/cni/bin".into(), configuration: "/etc/cni/net.d".into() };
        let settings = Settings::new(Path::new("/var/lib/k/default/containerd"), network);
        let machine = |version| Machine { version, snapshotter: Snapshotter::Overlayfs, restrict_oom_score: true, apparmor: false };
        let old = render(&settings, machine((1, 6)));
        assert!(
            old.contains("version = 2\n")
                && old.contains("bin_dir = \"/opt/cni/bin\"")
                && old.contains("sandbox_image = \"k.local/pause:1\"")
        );
        let new = render(&settings, machine((2, 1)));
        assert!(
            new.contains("version = 3\n") && new.contains("bin_dirs = [\"/opt/cni/bin\"]") && new.contains("sandbox = \"k.local/pause:1\"")
        );
        assert!(render(&settings, machine((2, 0))).contains("bin_dir = \"/opt/cni/bin\""));
    }
}
