//! What a cluster is made with, checked once and remembered in its data folder so that the next start needs no flags.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::security::Security;

/// The folder under which every cluster has its own.
pub const CLUSTERS_DIR: &str = "/var/lib/k";
/// The cluster that is meant when no name is given.
pub const DEFAULT_NAME: &str = "local";
/// Names become parts of the paths of sockets, which have 107 bytes at the most, and of table and cgroup names.
const NAME_MAX: usize = 30;

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(
        "cluster name {0:?} is not valid: use 1 to {NAME_MAX} lower-case letters, digits or dashes, beginning with a letter and not ending with a dash"
    )]
    Name(String),
    #[error("{flag} {value:?} is not an IPv4 network such as {example}")]
    Network { flag: &'static str, value: String, example: &'static str },
    #[error("--pod-cidr {0} and --service-cidr {1} overlap")]
    Overlap(Network, Network),
    #[error("the configuration {path} cannot be read: {why}")]
    Read { path: PathBuf, why: String },
    #[error("the configuration {path} cannot be written: {why}")]
    Write { path: PathBuf, why: String },
    #[error(
        "{flag} was {was} when the cluster was made and cannot become {wanted}; delete the cluster first, or give the new one another --name"
    )]
    Fixed { flag: &'static str, was: String, wanted: String },
}

/// An IPv4 network in CIDR notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    pub address: Ipv4Addr,
    /// Length of the prefix in bits.
    pub prefix: u8,
}

impl Network {
    fn mask(self) -> u32 {
        u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0)
    }
    /// The address `index` places into the network.
    pub fn host(self, index: u32) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.address).wrapping_add(index))
    }
    pub fn contains(self, address: Ipv4Addr) -> bool {
        u32::from(address) & self.mask() == u32::from(self.address)
    }
    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other.address) || other.contains(self.address)
    }
    /// The network of the same size after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self {
            address: Ipv4Addr::from(u32::from(self.address).wrapping_add(1u32.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0))),
            ..self
        }
    }
    /// The first part of the network that has this prefix: the pod network of the first node.
    #[must_use]
    pub fn first_part(self, prefix: u8) -> Self {
        Self { address: self.address, prefix: prefix.max(self.prefix) }
    }
}

impl std::str::FromStr for Network {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, prefix) = text.split_once('/').ok_or(())?;
        let network = Self { address: address.parse().map_err(|_| ())?, prefix: prefix.parse().map_err(|_| ())? };
        let exact = network.prefix <= 30 && u32::from(network.address) & network.mask() == u32::from(network.address);
        if exact { Ok(network) } else { Err(()) }
    }
}
impl TryFrom<String> for Network {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|()| format!("{text:?} is not a network"))
    }
}
impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}
impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// An etcd that holds the cluster's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Datastore {
    pub endpoints: Vec<String>,
    /// In PEM, as the two below.
    pub cafile: Option<PathBuf>,
    pub certfile: Option<PathBuf>,
    pub keyfile: Option<PathBuf>,
}

/// What flags say; what they leave open is decided by [`Config::resolve`].
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    pub name: Option<String>,
    pub data_dir: Option<PathBuf>,
    pub api_port: Option<u16>,
    pub pod_cidr: Option<String>,
    pub service_cidr: Option<String>,
    pub node_name: Option<String>,
    pub node_ip: Option<IpAddr>,
    pub container_runtime_endpoint: Option<String>,
    pub datastore: Option<Datastore>,
    pub security: Security,
    pub older_versions: Option<bool>,
}

/// A cluster's configuration, complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    pub name: String,
    pub data_dir: PathBuf,
    pub api_port: u16,
    pub pod_cidr: Network,
    pub service_cidr: Network,
    pub cluster_domain: String,
    pub node_name: String,
    /// `None`: found at every start.
    pub node_ip: Option<IpAddr>,
    /// `None`: a private containerd.
    pub container_runtime_endpoint: Option<String>,
    /// `None`: a file in the data folder.
    #[serde(default)]
    pub datastore: Option<Datastore>,
    #[serde(default)]
    pub security: Security,
    /// Serve the API versions that upstream has removed, too.
    #[serde(default = "yes")]
    pub older_versions: bool,
}

fn yes() -> bool {
    true
}

impl Config {
    /// Where the configuration of the cluster that `wishes` names lies.
    pub fn data_dir(wishes: &Wishes) -> Result<PathBuf, ConfigError> {
        let name = wishes.name.as_deref().unwrap_or(DEFAULT_NAME);
        check_name(name)?;
        Ok(wishes.data_dir.clone().unwrap_or_else(|| Path::new(CLUSTERS_DIR).join(name)))
    }

    /// The remembered configuration of a cluster; `None` where there is none.
    pub fn load(data_dir: &Path) -> Result<Option<Self>, ConfigError> {
        let path = file(data_dir);
        let failed = |why: String| ConfigError::Read { path: path.clone(), why };
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| failed(error.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// The remembered configuration with what `wishes` may change, or a new one that keeps clear of the `others` on this machine where the user left the choice.
    pub fn resolve(wishes: &Wishes, others: &[Config]) -> Result<Self, ConfigError> {
        let data_dir = Self::data_dir(wishes)?;
        let pod_cidr = network("--pod-cidr", wishes.pod_cidr.as_deref(), "10.244.0.0/16")?;
        let service_cidr = network("--service-cidr", wishes.service_cidr.as_deref(), "10.96.0.0/16")?;
        if let Some(mut config) = Self::load(&data_dir)? {
            // Before it has stored anything a cluster is not made yet: its first start failed, and all of it may still change.
            if config.store_dir().exists() {
                unchanged("--pod-cidr", config.pod_cidr, pod_cidr)?;
                unchanged("--service-cidr", config.service_cidr, service_cidr)?;
                unchanged("--node-name", &config.node_name, wishes.node_name.as_ref())?;
            }
            config.pod_cidr = pod_cidr.unwrap_or(config.pod_cidr);
            config.service_cidr = service_cidr.unwrap_or(config.service_cidr);
            config.node_name = wishes.node_name.clone().unwrap_or(config.node_name);
            config.api_port = wishes.api_port.unwrap_or(config.api_port);
            config.node_ip = wishes.node_ip.or(config.node_ip);
            config.container_runtime_endpoint = wishes.container_runtime_endpoint.clone().or(config.container_runtime_endpoint);
            config.datastore = wishes.datastore.clone().or(config.datastore);
            config.security = wishes.security.clone().or(config.security);
            config.older_versions = wishes.older_versions.unwrap_or(config.older_versions);
            return Ok(config);
        }
        let free = |mut candidate: Network, taken: fn(&Config) -> [Network; 2]| {
            while others.iter().flat_map(taken).any(|other| other.overlaps(candidate)) {
                candidate = candidate.next();
            }
            candidate
        };
        let both = |config: &Config| [config.pod_cidr, config.service_cidr];
        let default = |text: &str| text.parse().expect("the default networks are well-formed");
        let config = Self {
            name: wishes.name.clone().unwrap_or_else(|| DEFAULT_NAME.to_owned()),
            data_dir,
            api_port: wishes
                .api_port
                .unwrap_or_else(|| (6443..).find(|port| others.iter().all(|other| other.api_port != *port)).unwrap_or(6443)),
            pod_cidr: pod_cidr.unwrap_or_else(|| free(default("10.244.0.0/16"), both)),
            service_cidr: service_cidr.unwrap_or_else(|| free(default("10.96.0.0/16"), both)),
            cluster_domain: "cluster.local".to_owned(),
            node_name: wishes.node_name.clone().unwrap_or_else(host_name),
            node_ip: wishes.node_ip,
            container_runtime_endpoint: wishes.container_runtime_endpoint.clone(),
            datastore: wishes.datastore.clone(),
            security: wishes.security.clone(),
            older_versions: wishes.older_versions.unwrap_or(true),
        };
        if config.pod_cidr.overlaps(config.service_cidr) {
            return Err(ConfigError::Overlap(config.pod_cidr, config.service_cidr));
        }
        Ok(config)
    }

    /// Remembers the configuration in the data folder, which only its owner may read.
    pub fn save(&self) -> Result<(), ConfigError> {
        let path = file(&self.data_dir);
        let bytes = serde_json::to_vec_pretty(self).expect("a configuration always serializes");
        crate::files::create_private_dir(&self.data_dir)
            .and_then(|()| crate::files::write_private(&path, &bytes))
            .map_err(|error| ConfigError::Write { path, why: error.to_string() })
    }

    /// The configurations of all clusters under the usual folder, but for the one at `data_dir`.
    pub fn others(data_dir: &Path) -> Vec<Config> {
        let Ok(entries) = std::fs::read_dir(CLUSTERS_DIR) else { return Vec::new() };
        entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path != data_dir)
            .filter_map(|path| Self::load(&path).ok().flatten())
            .collect()
    }

    /// The address of the `kubernetes` service: the first of the service network.
    pub fn kubernetes_service_ip(&self) -> Ipv4Addr {
        self.service_cidr.host(1)
    }
    /// The address of the DNS service: the tenth of the service network.
    pub fn dns_service_ip(&self) -> Ipv4Addr {
        self.service_cidr.host(10)
    }
    /// The pod network of this node.
    pub fn node_pod_cidr(&self) -> Network {
        self.pod_cidr.first_part(24)
    }
    /// The bridge's address in it.
    pub fn pod_gateway(&self) -> Ipv4Addr {
        self.node_pod_cidr().host(1)
    }
    /// The bridge that pods hang on.
    pub fn bridge(&self) -> String {
        cni::bridge_name(&self.name)
    }
    /// The context in a user's kubeconfig.
    pub fn context(&self) -> String {
        format!("k-{}", self.name)
    }
}

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("config.json")
}

fn check_name(name: &str) -> Result<(), ConfigError> {
    let ok = (1..=NAME_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && name.as_bytes()[0].is_ascii_lowercase()
        && !name.ends_with('-');
    if ok { Ok(()) } else { Err(ConfigError::Name(name.to_owned())) }
}

fn network(flag: &'static str, value: Option<&str>, example: &'static str) -> Result<Option<Network>, ConfigError> {
    value.map(|value| value.parse().map_err(|()| ConfigError::Network { flag, value: value.to_owned(), example })).transpose()
}

fn unchanged<T: PartialEq + ToString>(flag: &'static str, was: T, wanted: Option<T>) -> Result<(), ConfigError> {
    match wanted {
        Some(wanted) if wanted != was => Err(ConfigError::Fixed { flag, was: was.to_string(), wanted: wanted.to_string() }),
        _ => Ok(()),
    }
}

/// The machine's name, as a node may be called: lower case, without what DNS names lack.
fn host_name() -> String {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok()).unwrap_or_default();
    let name: String =
        name.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' }).collect();
    let name = name.trim_matches(['-', '.']).to_owned();
    if name.is_empty() { "node".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(name: &str, dir: &Path) -> Wishes {
        Wishes { name: Some(name.to_owned()), data_dir: Some(dir.join(name)), ..Default::default() }
    }

    #[test]
    fn a_second_cluster_keeps_clear_of_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let first = Config::resolve(&wishes("a", dir.path()), &[]).unwrap();
        assert_eq!(
            (first.pod_cidr.to_string(), first.service_cidr.to_string(), first.api_port),
            ("10.244.0.0/16".into(), "10.96.0.0/16".into(), 6443)
        );
        assert_eq!(first.kubernetes_service_ip().to_string(), "10.96.0.1");
        assert_eq!(first.dns_service_ip().to_string(), "10.96.0.10");
        let second = Config::resolve(&wishes("b", dir.path()), &[first]).unwrap();
        assert_eq!(
            (second.pod_cidr.to_string(), second.service_cidr.to_string(), second.api_port),
            ("10.245.0.0/16".into(), "10.97.0.0/16".into(), 6444)
        );
    }

    #[test]
    fn what_a_cluster_was_made_with_stays() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::resolve(&wishes("a", dir.path()), &[]).unwrap();
        config.save().unwrap();
        let later = Wishes { pod_cidr: Some("10.1.0.0/16".to_owned()), ..wishes("a", dir.path()) };
        assert_eq!(Config::resolve(&later, &[]).unwrap().pod_cidr.to_string(), "10.1.0.0/16");
        std::fs::create_dir_all(config.store_dir()).unwrap();
        assert_eq!(Config::resolve(&wishes("a", dir.path()), &[]).unwrap(), config);
        let other = Wishes { pod_cidr: Some("10.1.0.0/16".to_owned()), ..wishes("a", dir.path()) };
        assert!(matches!(Config::resolve(&other, &[]), Err(ConfigError::Fixed { flag: "--pod-cidr", .. })));
    }

    #[test]
    fn bad_wishes_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["", "A", "a_b", "-a", "a-", "a123456789012345678901234567890", "0a"] {
            assert!(matches!(Config::resolve(&wishes(name, dir.path()), &[]), Err(ConfigError::Name(_))), "{name}");
        }
        for cidr in ["10.0.0.1/16", "10.0.0.0", "10.0.0.0/33", "x/8"] {
            let wishes = Wishes { pod_cidr: Some(cidr.to_owned()), ..wishes("a", dir.path()) };
            assert!(matches!(Config::resolve(&wishes, &[]), Err(ConfigError::Network { .. })), "{cidr}");
        }
        let same =
            Wishes { pod_cidr: Some("10.96.0.0/12".to_owned()), service_cidr: Some("10.96.0.0/16".to_owned()), ..wishes("a", dir.path()) };
        assert!(matches!(Config::resolve(&same, &[]), Err(ConfigError::Overlap(..))));
    }
}
