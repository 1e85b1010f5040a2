//! Kubeconfig files: the administrator's in the data folder, and the context in a user's own file, added and removed without touching the rest of it.

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_yaml::{Mapping, Value};

use crate::certificates::Pair;
use crate::files;

/// Why a kubeconfig could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum KubeconfigError {
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} is not a kubeconfig that can be changed: {why}")]
    Malformed { path: PathBuf, why: String },
}

/// How to reach a cluster as somebody.
pub struct Access<'a> {
    /// Name of the context, the cluster and the user.
    pub name: &'a str,
    /// `https://127.0.0.1:6443`.
    pub server: &'a str,
    pub authority_pem: &'a str,
    pub client: &'a Pair,
}

/// A kubeconfig with this access alone.
pub fn render(access: &Access<'_>) -> String {
    let mut config = Value::Mapping(Mapping::new());
    add(&mut config, access);
    serde_yaml::to_string(&config).expect("a tree of strings always serializes")
}

/// Adds the access to the file (made where it is missing) and makes it the current context. Everything else in the file stays.
pub fn merge(path: &Path, access: &Access<'_>) -> Result<(), KubeconfigError> {
    change(path, |config| add(config, access))
}

/// Takes context, cluster and user of this name out of the file; the current context becomes none if it was this one. A missing file is fine.
pub fn remove(path: &Path, name: &str) -> Result<(), KubeconfigError> {
    if !path.exists() {
        return Ok(());
    }
    change(path, |config| {
        for list in ["clusters", "contexts", "users"] {
            if let Some(entries) = config.get_mut(list).and_then(Value::as_sequence_mut) {
                entries.retain(|entry| entry.get("name").and_then(Value::as_str) != Some(name));
            }
        }
        if config.get("current-context").and_then(Value::as_str) == Some(name) {
            set(config, "current-context", Value::from(""));
        }
    })
}

fn change(path: &Path, edit: impl FnOnce(&mut Value)) -> Result<(), KubeconfigError> {
    let file_error = |source| KubeconfigError::File { path: path.to_owned(), source };
    let malformed = |why: String| KubeconfigError::Malformed { path: path.to_owned(), why };
    // A link is followed, so that the file it points to changes and not the link.
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut config = match std::fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => Value::Mapping(Mapping::new()),
        Ok(text) => serde_yaml::from_str(&text).map_err(|error| malformed(error.to_string()))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Value::Mapping(Mapping::new()),
        Err(error) => return Err(file_error(error)),
    };
    if !config.is_mapping() {
        return Err(malformed("it is no mapping".to_owned()));
    }
    edit(&mut config);
    let text = serde_yaml::to_string(&config).map_err(|error| malformed(error.to_string()))?;
    if let Some(dir) = path.parent() {
        files::create_private_dir(dir).map_err(file_error)?;
    }
    files::write_private(path, text.as_bytes()).map_err(file_error)
}

fn add(config: &mut Value, access: &Access<'_>) {
    let text = |text: &str| Value::from(text);
    let map = |entries: Vec<(&str, Value)>| Value::Mapping(entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect());
    let base64 = |pem: &str| Value::from(STANDARD.encode(pem));
    for (key, value) in [("apiVersion", "v1"), ("kind", "Config")] {
        if config.get(key).is_none() {
            set(config, key, text(value));
        }
    }
    let cluster = map(vec![("certificate-authority-data", base64(access.authority_pem)), ("server", text(access.server))]);
    let context = map(vec![("cluster", text(access.name)), ("user", text(access.name))]);
    let user =
        map(vec![("client-certificate-data", base64(&access.client.certificate_pem)), ("client-key-data", base64(&access.client.key_pem))]);
    put(config, "clusters", access.name, "cluster", cluster);
    put(config, "contexts", access.name, "context", context);
    put(config, "users", access.name, "user", user);
    set(config, "current-context", text(access.name));
}

/// Replaces or appends the entry of this name in a list.
fn put(config: &mut Value, list: &str, name: &str, key: &str, value: Value) {
    if !config.get(list).is_some_and(Value::is_sequence) {
        set(config, list, Value::Sequence(Vec::new()));
    }
    let Some(entries) = config.get_mut(list).and_then(Value::as_sequence_mut) else { return };
    entries.retain(|entry| entry.get("name").and_then(Value::as_str) != Some(name));
    let mut entry = Mapping::new();
    entry.insert(Value::from(key), value);
    entry.insert(Value::from("name"), Value::from(name));
    entries.push(Value::Mapping(entry));
}

fn set(config: &mut Value, key: &str, value: Value) {
    if let Some(config) = config.as_mapping_mut() {
        config.insert(Value::from(key), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_the_file_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sub/config");
        let pair = Pair { certificate_pem: "C".to_owned(), key_pem: "K".to_owned() };
        let access = |name, server| Access { name, server, authority_pem: "A", client: &pair };
        merge(&path, &access("k-a", "https://1")).unwrap();
        let mut config: Value = serde_yaml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        set(&mut config, "preferences", Value::from("mine"));
        std::fs::write(&path, serde_yaml::to_string(&config).unwrap()).unwrap();
        merge(&path, &access("k-b", "https://2")).unwrap();
        merge(&path, &access("k-a", "https://3")).unwrap();
        remove(&path, "k-b").unwrap();
        let config: Value = serde_yaml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(config["preferences"], Value::from("mine"));
        assert_eq!(config["clusters"].as_sequence().unwrap().len(), 1);
        assert_eq!(config["clusters"][0]["cluster"]["server"], Value::from("https://3"));
        assert_eq!(config["current-context"], Value::from("k-a"));
    }

    #[test]
    fn a_broken_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config");
        std::fs::write(&path, "- not\n- a mapping\n").unwrap();
        assert!(matches!(remove(&path, "x"), Err(KubeconfigError::Malformed { .. })));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "- not\n- a mapping\n");
    }
}
