//! The words of the CNI specification, versions 0.3.0 to 1.1.0: parameters from the environment, results and errors as JSON.
use std::collections::HashMap;
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Versions of the specification this plugin speaks, oldest first.
pub(crate) const VERSIONS: [&str; 5] = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];

/// Why a network operation failed. [`Error::code`] is the number the specification gives it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("incompatible CNI versions")]
    Version { requested: String },
    #[error("invalid environment variables: {0}")]
    Environment(String),
    #[error("unknown CNI_COMMAND: {0}")]
    Command(String),
    #[error("failed to read the network configuration")]
    ReadConfig(#[source] io::Error),
    #[error("failed to parse the network configuration")]
    ParseConfig(#[source] serde_json::Error),
    #[error("invalid network configuration: {0}")]
    Config(String),
    #[error("failed to open netns {path:?}")]
    OpenNamespace { path: PathBuf, source: io::Error },
    #[error("failed to enter the network namespace")]
    EnterNamespace(#[source] io::Error),
    #[error("failed to open a netlink socket")]
    Socket(#[source] io::Error),
    #[error("failed to {act}")]
    Netlink { act: String, source: rtnetlink::Error },
    #[error("failed to access the address leases in {path:?}")]
    Leases { path: PathBuf, source: io::Error },
    #[error("no IP addresses available in range {0}")]
    Exhausted(String),
    #[error("failed to set {name} to {value}")]
    Setting { name: String, value: &'static str, source: io::Error },
    #[error("failed to write {path:?}")]
    WriteConfig { path: PathBuf, source: io::Error },
    #[error("{0}")]
    Check(String),
    #[error("the plugin is not ready: {0}")]
    NotReady(String),
}

impl Error {
    /// The code of the CNI specification; from 100 on they are the plugin's own.
    pub fn code(&self) -> u32 {
        match self {
            Error::Version { .. } => 1,
            Error::Environment(_) | Error::Command(_) => 4,
            Error::ReadConfig(_) => 5,
            Error::ParseConfig(_) => 6,
            Error::Config(_) => 7,
            Error::NotReady(_) => 50,
            Error::OpenNamespace { .. } | Error::EnterNamespace(_) => 100,
            Error::Socket(_) | Error::Netlink { .. } | Error::Setting { .. } => 101,
            Error::Leases { .. } => 102,
            Error::Exhausted(_) => 103,
            Error::Check(_) => 104,
            Error::WriteConfig { .. } => 105,
        }
    }

    /// The error as the specification's JSON.
    pub(crate) fn to_json(&self, version: &str) -> Value {
        let mut causes = Vec::new();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            causes.push(error.to_string());
            cause = error.source();
        }
        let details = match self {
            Error::Version { requested } => format!("config is {requested:?}, plugin supports {VERSIONS:?}"),
            _ => String::new(),
        };
        let message = std::iter::once(self.to_string()).chain(causes).collect::<Vec<_>>().join(": ");
        let mut object = json!({ "cniVersion": version, "code": self.code(), "msg": message });
        if !details.is_empty() {
            object["details"] = Value::String(details);
        }
        object
    }
}

/// One pod sandbox and one of its interfaces: what every operation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The sandbox's id as the container runtime names it.
    pub container: String,
    /// Path of the sandbox's network namespace; `None` once it is gone.
    pub namespace: Option<PathBuf>,
    /// Name of the interface inside the sandbox, `eth0`.
    pub interface: String,
}

impl Attachment {
    /// Read from CNI_CONTAINERID, CNI_NETNS and CNI_IFNAME.
    pub(crate) fn from_environment(environment: &HashMap<String, String>) -> Result<Attachment, Error> {
        let get = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
        let required = |name: &str| get(name).ok_or_else(|| Error::Environment(format!("required env variable {name} missing")));
        let attachment = Attachment {
            container: required("CNI_CONTAINERID")?,
            namespace: get("CNI_NETNS").map(PathBuf::from),
            interface: required("CNI_IFNAME")?,
        };
        attachment.validate()?;
        Ok(attachment)
    }

    /// Ids and names also become file names, so nothing else may pass.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        let mut characters = self.container.chars();
        let starts_well = characters.next().is_some_and(|first| first.is_ascii_alphanumeric());
        if !starts_well || !characters.all(|next| next.is_ascii_alphanumeric() || "_.-".contains(next)) {
            return Err(Error::Environment(format!("invalid characters in containerID {:?}", self.container)));
        }
        let name = &self.interface;
        if name.is_empty()
            || name.len() > 15
            || name == "."
            || name == ".."
            || name.contains(|one: char| one == '/' || one == ':' || one.is_whitespace())
        {
            return Err(Error::Environment(format!("invalid interface name {name:?}")));
        }
        Ok(())
    }
}

/// The result of ADD in the form of version 1.0.0; older forms are made from it on output.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CniResult {
    #[serde(default)]
    pub interfaces: Vec<Interface>,
    #[serde(default)]
    pub ips: Vec<IpConfig>,
    #[serde(default)]
    pub routes: Vec<Route>,
}

/// One interface that belongs to the attachment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    pub name: String,
    #[serde(default)]
    pub mac: String,
    /// The namespace it lies in; `None` for the node's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<String>,
}

/// One address of the attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpConfig {
    /// Address and prefix length, `10.244.0.5/24`.
    pub address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<Ipv4Addr>,
    /// Index into the interfaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<usize>,
}

/// One route inside the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    pub dst: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gw: Option<Ipv4Addr>,
}

impl CniResult {
    /// The result in the form of one version: before 1.0.0 every address says its family.
    pub(crate) fn to_json(&self, version: &str) -> Value {
        let mut ips = json!(self.ips);
        if version.starts_with("0.") {
            for ip in ips.as_array_mut().into_iter().flatten() {
                ip["version"] = Value::String("4".to_owned());
            }
        }
        json!({ "cniVersion": version, "interfaces": self.interfaces, "ips": ips, "routes": self.routes, "dns": {} })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(container: &str, interface: &str, expected: Result<(), &str>) {
        let variables = [("CNI_CONTAINERID", container), ("CNI_IFNAME", interface), ("CNI_NETNS", "/run/netns/x")];
        let environment = variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let outcome = Attachment::from_environment(&environment).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(outcome, expected.map_err(|message| format!("invalid environment variables: {message}")));
    }

    #[test]
    fn environment_is_validated() {
        check("0a_b.c-d", "eth0", Ok(()));
        check("", "eth0", Err("required env variable CNI_CONTAINERID missing"));
        check("abc", "", Err("required env variable CNI_IFNAME missing"));
        check("../x", "eth0", Err("invalid characters in containerID \"../x\""));
        check("a/b", "eth0", Err("invalid characters in containerID \"a/b\""));
        check("abc", "eth/0", Err("invalid interface name \"eth/0\""));
        check("abc", "sixteen-letters-", Err("invalid interface name \"sixteen-letters-\""));
    }

    #[test]
    fn older_results_say_the_family() {
        let ip = IpConfig { address: "10.0.0.2/24".to_owned(), gateway: Some(Ipv4Addr::new(10, 0, 0, 1)), interface: Some(0) };
        let result =
            CniResult { interfaces: vec![Interface { name: "eth0".into(), ..Interface::default() }], ips: vec![ip], routes: Vec::new() };
        let address = json!({ "address": "10.0.0.2/24", "gateway": "10.0.0.1", "interface": 0 });
        assert_eq!(result.to_json("1.1.0")["ips"][0], address);
        assert_eq!(result.to_json("0.4.0")["ips"][0]["version"], "4");
    }

    #[test]
    fn errors_carry_code_and_causes() {
        let error = Error::ReadConfig(io::Error::other("pipe closed"));
        assert_eq!(
            error.to_json("1.0.0"),
            json!({ "cniVersion": "1.0.0", "code": 5, "msg": "failed to read the network configuration: pipe closed" })
        );
        let error = Error::Version { requested: "9.0".to_owned() }.to_json("1.0.0");
        assert_eq!((&error["code"], &error["msg"]), (&json!(1), &json!("incompatible CNI versions")));
    }
}
