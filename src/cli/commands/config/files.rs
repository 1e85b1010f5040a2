//! The kubeconfig files as trees: read by kubectl's precedence, changed where an entry stands, written in kubectl's form.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::error::{CommandError, Result};
use crate::globals::{GlobalFlags, kubeconfig_paths};

/// The lists of a kubeconfig, and the key under which their entries hold what they name.
pub const SECTIONS: [(&str, &str); 3] = [("clusters", "cluster"), ("contexts", "context"), ("users", "user")];

/// The files in the order of their precedence.
pub struct Files {
    files: Vec<(String, Option<Value>)>,
}

impl Files {
    /// Reads the files that the flags or `$KUBECONFIG` name. Absent ones count as empty, but for one named by a flag.
    pub fn load(globals: &GlobalFlags) -> Result<Self> {
        let paths = match &globals.kubeconfig {
            Some(path) => vec![path.clone()],
            None => kubeconfig_paths(),
        };
        let files = paths.into_iter().map(|path| read(&path).map(|tree| (path, tree))).collect::<Result<_>>()?;
        Ok(Self { files })
    }

    /// Where new entries go: the first file that there is, else the last.
    pub fn default_file(&self) -> &str {
        let existing = self.files.iter().find(|file| Path::new(&file.0).exists());
        existing.or(self.files.last()).map_or("", |file| file.0.as_str())
    }

    /// All files as one: the first to name an entry wins.
    pub fn merged(&self) -> Value {
        self.merged_with(false)
    }

    /// As [`Self::merged`], with relative paths made absolute: they start at the file that has them.
    pub fn merged_with(&self, absolute: bool) -> Value {
        let mut merged = json!({ "apiVersion": "v1", "kind": "Config", "current-context": self.current_context() });
        for (section, key) in SECTIONS {
            let mut entries: Vec<Value> = Vec::new();
            for (path, tree) in &self.files {
                for entry in list(tree.as_ref(), section) {
                    if !entries.iter().any(|earlier| earlier["name"] == entry["name"]) {
                        let mut entry = complete(entry, key);
                        if absolute {
                            absolute_paths(&mut entry[key], path);
                        }
                        entries.push(entry);
                    }
                }
            }
            entries.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
            merged[section] = if entries.is_empty() { Value::Null } else { Value::Array(entries) };
        }
        merged
    }

    pub fn current_context(&self) -> String {
        let named = |file: &(String, Option<Value>)| {
            file.1.as_ref()?.get("current-context")?.as_str().filter(|name| !name.is_empty()).map(ToOwned::to_owned)
        };
        self.files.iter().find_map(named).unwrap_or_default()
    }

    /// The names in a section, sorted.
    pub fn names(&self, section: &str) -> Vec<String> {
        let merged = self.merged();
        list(Some(&merged), section).iter().filter_map(|entry| entry["name"].as_str().map(ToOwned::to_owned)).collect()
    }

    /// What an entry holds, as its file has it.
    pub fn get(&self, section: &str, name: &str) -> Option<Value> {
        let key = inner_key(section);
        self.files
            .iter()
            .find_map(|file| list(file.1.as_ref(), section).into_iter().find(|entry| entry["name"] == name))
            .map(|entry| entry[key].clone())
    }

    /// Sets an entry where it stands, or in the default file; `None` takes it out of every file.
    pub fn set(&mut self, section: &str, name: &str, value: Option<Value>) -> Result<()> {
        let key = inner_key(section);
        let Some(value) = value else {
            for at in 0..self.files.len() {
                if list(self.files[at].1.as_ref(), section).iter().any(|entry| entry["name"] == name) {
                    self.change(at, |tree| entries(tree, section).retain(|entry| entry["name"] != name))?;
                }
            }
            return Ok(());
        };
        let holder = self.files.iter().position(|file| list(file.1.as_ref(), section).iter().any(|entry| entry["name"] == name));
        let at = holder.unwrap_or_else(|| self.default_index());
        self.change(at, |tree| {
            let entries = entries(tree, section);
            match entries.iter_mut().find(|entry| entry["name"] == name) {
                Some(entry) => entry[key] = value,
                None => entries.push(json!({ "name": name, key: value })),
            }
        })
    }

    /// Sets the current context in the default file, unless it is current already; an empty one takes it out of every file.
    pub fn set_current_context(&mut self, name: &str) -> Result<()> {
        if !name.is_empty() && self.current_context() == name {
            return Ok(());
        }
        if name.is_empty() {
            for at in 0..self.files.len() {
                if self.files[at].1.is_some() {
                    self.change(at, |tree| tree["current-context"] = Value::from(""))?;
                }
            }
            return Ok(());
        }
        let at = self.default_index();
        self.change(at, |tree| tree["current-context"] = Value::from(name))
    }

    fn default_index(&self) -> usize {
        let name = self.default_file();
        self.files.iter().position(|file| file.0 == name).unwrap_or_default()
    }

    fn change(&mut self, at: usize, change: impl FnOnce(&mut Value)) -> Result<()> {
        let Some((path, tree)) = self.files.get_mut(at) else {
            return Err(CommandError::message("no kubeconfig file is named by KUBECONFIG"));
        };
        let tree = tree.get_or_insert_with(|| json!({}));
        change(tree);
        relative_paths(tree, path);
        write(path, &normal(tree)).map_err(|error| CommandError::message(format!("open {path}: {error}")))
    }
}

pub fn inner_key(section: &str) -> &'static str {
    SECTIONS.iter().find(|known| known.0 == section).map_or("", |known| known.1)
}

fn read(path: &str) -> Result<Option<Value>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(CommandError::message(format!("open {path}: {error}"))),
    };
    let tree: Value =
        serde_yaml::from_str(&text).map_err(|error| CommandError::message(format!("error loading config file {path:?}: yaml: {error}")))?;
    Ok(Some(if tree.is_null() { json!({}) } else { tree }))
}

fn list(tree: Option<&Value>, section: &str) -> Vec<Value> {
    tree.and_then(|tree| tree.get(section)).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn entries<'a>(tree: &'a mut Value, section: &str) -> &'a mut Vec<Value> {
    if !tree[section].is_array() {
        tree[section] = json!([]);
    }
    tree[section].as_array_mut().expect("it has just been made a list")
}

/// An entry with the fields that are always written.
fn complete(mut entry: Value, key: &str) -> Value {
    if !entry[key].is_object() {
        entry[key] = json!({});
    }
    let always: &[&str] = match key {
        "cluster" => &["server"],
        "context" => &["cluster", "user"],
        _ => &[],
    };
    if let Some(inner) = entry[key].as_object_mut() {
        for field in always {
            inner.entry(*field).or_insert_with(|| Value::from(""));
        }
        inner.retain(|field, value| {
            always.contains(&field.as_str()) || !matches!(value, Value::Null | Value::Bool(false)) && value.as_str() != Some("")
        });
    }
    entry
}

/// A file's tree in the form in which it is written: sorted entries, null for empty lists.
fn normal(tree: &Value) -> Value {
    let mut normal = tree.as_object().cloned().unwrap_or_default();
    normal.insert("apiVersion".to_owned(), Value::from("v1"));
    normal.insert("kind".to_owned(), Value::from("Config"));
    normal.entry("current-context").or_insert_with(|| Value::from(""));
    if normal.get("preferences").and_then(Value::as_object).is_some_and(Map::is_empty) {
        normal.remove("preferences");
    }
    for (section, key) in SECTIONS {
        let mut entries: Vec<Value> = list(Some(tree), section).into_iter().map(|entry| complete(entry, key)).collect();
        entries.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
        normal.insert(section.to_owned(), if entries.is_empty() { Value::Null } else { Value::Array(entries) });
    }
    Value::Object(normal)
}

/// Replaces the file in one step; credentials are for their owner only.
fn write(path: &str, tree: &Value) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mode = std::fs::metadata(&target).map_or(0o600, |metadata| metadata.permissions().mode() & 0o777);
    let temporary = folder.join(format!(".{}.{}", target.file_name().unwrap_or_default().to_string_lossy(), std::process::id()));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    let written =
        file.write_all(output::yaml::document(tree).as_bytes()).and_then(|()| file.set_permissions(std::fs::Permissions::from_mode(mode)));
    match written.and_then(|()| std::fs::rename(&temporary, &target)) {
        Ok(()) => Ok(()),
        Err(error) => {
            // what is left over is of no use; the first error is the one to tell
            drop(std::fs::remove_file(&temporary));
            Err(error)
        }
    }
}

/// The fields that name files.
const PATHS: [&str; 4] = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/// Files in or below the folder of the kubeconfig are named from there.
fn relative_paths(tree: &mut Value, config: &str) {
    let folder = std::path::absolute(config).ok().and_then(|path| path.parent().map(Path::to_path_buf)).unwrap_or_default();
    for (section, key) in SECTIONS {
        for entry in tree.get_mut(section).and_then(Value::as_array_mut).into_iter().flatten() {
            for field in PATHS {
                let Some(path) = entry.get_mut(key).and_then(|inner| inner.get_mut(field)) else { continue };
                let relative =
                    path.as_str().and_then(|path| Path::new(path).strip_prefix(&folder).ok()).map(|path| path.display().to_string());
                if let Some(relative) = relative {
                    *path = Value::from(relative);
                }
            }
        }
    }
}

fn absolute_paths(inner: &mut Value, config: &str) {
    let folder = std::path::absolute(config).ok().and_then(|path| path.parent().map(Path::to_path_buf)).unwrap_or_default();
    for field in PATHS {
        if let Some(path) = inner.get(field).and_then(Value::as_str).filter(|path| !path.is_empty() && !Path::new(path).is_absolute()) {
            inner[field] = Value::from(folder.join(path).display().to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path, names: &[&str]) -> Files {
        Files {
            files: names
                .iter()
                .map(|name| folder.join(name).display().to_string())
                .map(|path| (path.clone(), read(&path).unwrap()))
                .collect(),
        }
    }

    // Expected text: what kubectl 1.37 writes.
    #[test]
    fn a_new_file_has_kubectls_form() {
        let folder = tempfile::tempdir().unwrap();
        files(folder.path(), &["new"]).set("contexts", "q", Some(json!({}))).unwrap();
        let text = std::fs::read_to_string(folder.path().join("new")).unwrap();
        assert_eq!(
            text,
            "apiVersion: v1\nclusters: null\ncontexts:\n- context:\n    cluster: \"\"\n    user: \"\"\n  name: q\ncurrent-context: \"\"\nkind: Config\nusers: null\n"
        );
    }

    #[test]
    fn entries_change_where_they_stand() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "current-context: x\ncontexts: [{name: x, context: {cluster: one}}]").unwrap();
        std::fs::write(folder.path().join("b"), "contexts: [{name: x, context: {cluster: two}}, {name: y, context: {}}]").unwrap();
        let mut both = files(folder.path(), &["a", "b"]);
        assert_eq!(both.get("contexts", "x").unwrap()["cluster"], "one");
        both.set("contexts", "y", Some(json!({"namespace": "n"}))).unwrap();
        let again = files(folder.path(), &["b"]);
        assert_eq!(again.get("contexts", "y").unwrap()["namespace"], "n");
        assert_eq!(again.get("contexts", "x").unwrap()["cluster"], "two");
        assert_eq!(both.names("contexts"), ["x", "y"]);
        assert_eq!(both.current_context(), "x");
    }
}
