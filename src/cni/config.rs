//! The network's configuration: what the cluster writes into the conflist and the plugin reads back from its standard input.
use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::protocol::{CniResult, Error, VERSIONS};
use crate::subnet::Subnet;

/// The plugin's type in the conflist and therefore its file name in the plugin folder.
pub(crate) const PLUGIN: &str = "k-cni";
/// The type containerd asks for before every pod, to bring up `lo`.
pub(crate) const LOOPBACK: &str = "loopback";
/// The version written into the conflist: the newest that containerd 1.6 knows.
const CONFLIST_VERSION: &str = "1.0.0";

/// One node's pod network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Network {
    /// Name of the bridge all pods of the node are attached to; see [`crate::bridge_name`].
    pub bridge: String,
    /// The node's pod range.
    pub subnet: Subnet,
    /// The bridge's own address; the first of the range unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<Ipv4Addr>,
    /// The range of the cluster's services. The node gets a route to it through the bridge, so that its own connections to services have a way to be translated on even where it has no default
    /// route, and carry the bridge's address, which every pod can answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_subnet: Option<Subnet>,
    /// Largest packet in bytes; the kernel's default of 1500 unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtu: Option<u32>,
    /// Folder of the address leases.
    pub data_dir: PathBuf,
    /// Whether the bridge may send a packet back through the port it came from.
    #[serde(default = "enabled")]
    pub hairpin: bool,
}

impl Network {
    /// A network with the defaults for everything that has one.
    pub fn new(bridge: impl Into<String>, subnet: Subnet, data_dir: impl Into<PathBuf>) -> Network {
        Network { bridge: bridge.into(), subnet, gateway: None, service_subnet: None, mtu: None, data_dir: data_dir.into(), hairpin: true }
    }

    /// The bridge's address.
    pub fn gateway(&self) -> Ipv4Addr {
        self.gateway.unwrap_or_else(|| self.subnet.first_host())
    }

    pub(crate) fn validate(&self) -> Result<(), Error> {
        if self.bridge.is_empty() || self.bridge.len() > 15 || self.bridge.contains(['/', ':', ' ']) {
            return Err(Error::Config(format!("bridge: {:?} is no interface name", self.bridge)));
        }
        if !self.subnet.contains(self.gateway()) {
            return Err(Error::Config(format!("gateway: {} is not in {}", self.gateway(), self.subnet)));
        }
        if self.mtu.is_some_and(|mtu| !(68..=65535).contains(&mtu)) {
            return Err(Error::Config("mtu: must be between 68 and 65535".to_owned()));
        }
        Ok(())
    }
}

fn enabled() -> bool {
    true
}

/// The parts of the plugin's standard input that are the same for every type.
#[derive(Debug)]
pub(crate) struct Input {
    pub version: String,
    pub plugin: String,
    pub previous: Option<CniResult>,
    /// Ids of the sandboxes that are still there, for GC.
    pub valid_attachments: Vec<ValidAttachment>,
    rest: Value,
}

/// One entry of `cni.dev/valid-attachments`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ValidAttachment {
    #[serde(rename = "containerID")]
    pub container: String,
    #[serde(rename = "ifname")]
    pub interface: String,
}

impl Input {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Input, Error> {
        let mut rest: Value = serde_json::from_slice(bytes).map_err(Error::ParseConfig)?;
        let text = |name: &str| rest.get(name).and_then(Value::as_str).map(str::to_owned);
        // a configuration without a version is one of 0.1.0, which nobody writes any more
        let version = text("cniVersion").unwrap_or_else(|| "0.1.0".to_owned());
        if !VERSIONS.contains(&version.as_str()) {
            return Err(Error::Version { requested: version });
        }
        let plugin = text("type").unwrap_or_default();
        let previous = rest.get_mut("prevResult").map(Value::take).filter(|value| !value.is_null());
        let previous = previous.map(serde_json::from_value).transpose().map_err(Error::ParseConfig)?;
        let valid = rest.get_mut("cni.dev/valid-attachments").map(Value::take).filter(|value| !value.is_null());
        let valid_attachments = valid.map(serde_json::from_value).transpose().map_err(Error::ParseConfig)?.unwrap_or_default();
        Ok(Input { version, plugin, previous, valid_attachments, rest })
    }

    pub(crate) fn network(self) -> Result<Network, Error> {
        let network: Network = serde_json::from_value(self.rest).map_err(Error::ParseConfig)?;
        network.validate()?;
        Ok(network)
    }
}

/// Writes the conflist that makes a container runtime use this network, replacing `path` in one step. The network's name is the bridge's.
pub fn write_conflist(path: &Path, network: &Network) -> Result<(), Error> {
    network.validate()?;
    let mut plugin = json!(network);
    plugin["type"] = Value::String(PLUGIN.to_owned());
    let list = json!({ "cniVersion": CONFLIST_VERSION, "name": network.bridge, "plugins": [plugin] });
    let failed = |source: io::Error| Error::WriteConfig { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    // the runtime watches the folder and reads files named .conflist only, never this one
    let temporary = path.with_extension("new");
    fs::write(&temporary, format!("{list:#}\n")).and_then(|()| fs::rename(&temporary, path)).map_err(failed)
}

/// Makes a plugin folder: links under the plugins' names to `binary`, which calls [`crate::main`] when it is started as one of them.
pub fn install(folder: &Path, binary: &Path) -> Result<(), Error> {
    let failed = |source: io::Error| Error::WriteConfig { path: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(failed)?;
    for name in [PLUGIN, LOOPBACK] {
        let (link, temporary) = (folder.join(name), folder.join(format!(".{name}.new")));
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        symlink(binary, &temporary).and_then(|()| fs::rename(&temporary, &link)).map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(config: &str, expected: Result<&str, &str>) {
        let outcome = Input::parse(config.as_bytes()).and_then(Input::network).map(|network| network.gateway().to_string());
        assert_eq!(
            outcome.as_deref().map_err(|error| error.to_json("1.0.0")["msg"].as_str().unwrap().to_owned()),
            expected.map_err(str::to_owned)
        );
    }

    #[test]
    fn configurations() {
        check(r#"{"cniVersion":"1.0.0","type":"k-cni","bridge":"k-x","subnet":"10.244.2.0/24","dataDir":"/x"}"#, Ok("10.244.2.1"));
        check(
            r#"{"cniVersion":"0.3.1","bridge":"k-x","subnet":"10.244.2.0/24","gateway":"10.244.2.9","dataDir":"/x","unknown":1}"#,
            Ok("10.244.2.9"),
        );
        check(
            r#"{"cniVersion":"1.0.0","bridge":"k-x","subnet":"10.244.2.0/24","gateway":"10.1.1.1","dataDir":"/x"}"#,
            Err("invalid network configuration: gateway: 10.1.1.1 is not in 10.244.2.0/24"),
        );
        check(
            r#"{"cniVersion":"1.0.0","bridge":"k-x","subnet":"nonsense","dataDir":"/x"}"#,
            Err("failed to parse the network configuration: invalid CIDR address: nonsense"),
        );
        check(r#"{"cniVersion":"2.0.0"}"#, Err("incompatible CNI versions"));
        check(r#"{"bridge":"k-x"}"#, Err("incompatible CNI versions"));
    }

    #[test]
    fn a_written_conflist_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net.d/10-k.conflist");
        let mut network = Network::new("k-x", "10.244.2.0/24".parse().unwrap(), "/var/lib/k/leases");
        network.mtu = Some(1450);
        network.service_subnet = Some("10.96.0.0/16".parse().unwrap());
        write_conflist(&path, &network).unwrap();
        let list: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!((&list["name"], &list["plugins"][0]["type"]), (&json!("k-x"), &json!("k-cni")));
        let mut plugin = list["plugins"][0].clone();
        plugin["cniVersion"] = list["cniVersion"].clone();
        assert_eq!(Input::parse(plugin.to_string().as_bytes()).unwrap().network().unwrap(), network);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn installing_twice_replaces_the_links() {
        let folder = tempfile::tempdir().unwrap();
        install(folder.path(), Path::new("/old/k")).unwrap();
        install(folder.path(), Path::new("/new/k")).unwrap();
        for name in ["k-cni", "loopback"] {
            assert_eq!(fs::read_link(folder.path().join(name)).unwrap(), Path::new("/new/k"));
        }
    }
}
