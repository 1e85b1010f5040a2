//! Builds an image from a Dockerfile without running anything: a base (or nothing) and files copied over it.

use std::io;
use std::path::{Component, Path, PathBuf};

use cri::content::digest_of;
use serde_json::{Map, Value, json};

use crate::dockerfile::{self, Instruction, ParseError};
use crate::layer::LayerWriter;
use crate::manifest::{Built, OCI_LAYER, Part};
use crate::name::{NameError, normalized};

/// Why an image could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error("Dockerfile line {line}: {source_path:?} is not in {context}", context = context.display())]
    NotFound { line: usize, source_path: String, context: PathBuf },
    #[error("Dockerfile line {line}: {source_path:?} lies outside of {context}", context = context.display())]
    Outside { line: usize, source_path: String, context: PathBuf },
    #[error("the base image {0} is not in the cluster: import it first")]
    NoBase(String),
    #[error(transparent)]
    Name(#[from] NameError),
}

/// What a Dockerfile asks for, read and checked.
pub struct Plan {
    context: PathBuf,
    instructions: Vec<(usize, Instruction)>,
    names: Vec<String>,
}

impl Plan {
    /// Reads `dockerfile` for a build in `context`.
    pub fn read(context: &Path, dockerfile: &Path, tags: &[String]) -> Result<Self, BuildError> {
        let text = std::fs::read_to_string(dockerfile).map_err(|source| BuildError::File { path: dockerfile.to_owned(), source })?;
        let names = tags.iter().map(|tag| normalized(tag)).collect::<Result<_, _>>()?;
        let context = context.canonicalize().map_err(|source| BuildError::File { path: context.to_owned(), source })?;
        Ok(Self { context, instructions: dockerfile::parse(&text)?, names })
    }

    /// The whole name of the base image; `None` for `scratch`.
    pub fn base(&self) -> Result<Option<String>, BuildError> {
        match self.instructions.first() {
            Some((_, Instruction::From(name))) if name != "scratch" => Ok(Some(normalized(name)?)),
            _ => Ok(None),
        }
    }

    /// Builds on `base`, which [`Self::base`] named.
    pub fn build(self, base: Option<Built>) -> Result<Built, BuildError> {
        let mut image = base.unwrap_or_else(scratch);
        image.names.clone_from(&self.names);
        for (line, instruction) in &self.instructions {
            self.apply(&mut image, *line, instruction)?;
        }
        Ok(image)
    }

    fn apply(&self, image: &mut Built, line: usize, instruction: &Instruction) -> Result<(), BuildError> {
        let config = section(&mut image.config);
        match instruction {
            Instruction::From(_) => {}
            Instruction::Env(pairs) => {
                let mut environment: Vec<Value> = config.get("Env").and_then(Value::as_array).cloned().unwrap_or_default();
                for (key, value) in pairs {
                    environment.retain(|entry| entry.as_str().and_then(|entry| entry.split('=').next()) != Some(key));
                    environment.push(json!(format!("{key}={value}")));
                }
                config.insert("Env".to_owned(), Value::Array(environment));
            }
            Instruction::Label(pairs) => {
                let labels = config.entry("Labels").or_insert_with(|| json!({}));
                pairs.iter().for_each(|(key, value)| labels[key] = json!(value));
            }
            Instruction::Expose(ports) => {
                let exposed = config.entry("ExposedPorts").or_insert_with(|| json!({}));
                for port in ports {
                    let port = if port.contains('/') { port.clone() } else { format!("{port}/tcp") };
                    exposed[port] = json!({});
                }
            }
            Instruction::User(user) => {
                config.insert("User".to_owned(), json!(user));
            }
            Instruction::Entrypoint(words) => {
                config.insert("Entrypoint".to_owned(), json!(words));
                config.remove("Cmd");
            }
            Instruction::Cmd(words) => {
                config.insert("Cmd".to_owned(), json!(words));
            }
            Instruction::Workdir(dir) => {
                let place = place(config, dir);
                config.insert("WorkingDir".to_owned(), json!(place));
                let mut layer = LayerWriter::new();
                let failed = |source| BuildError::File { path: place.clone(), source };
                layer.add_folder(&place).map_err(failed)?;
                let data = layer.finish().map_err(failed)?;
                push(image, data, &format!("WORKDIR {dir}"));
            }
            Instruction::Copy { sources, destination } => {
                let base = place(config, destination);
                let data = self.copy(line, sources, destination, &base)?;
                push(image, data, &format!("COPY {} {destination}", sources.join(" ")));
            }
        }
        Ok(())
    }

    /// The layer of a COPY: a folder's contents go into the destination; a file goes there, or becomes it.
    fn copy(&self, line: usize, sources: &[String], destination: &str, base: &Path) -> Result<Vec<u8>, BuildError> {
        let mut layer = LayerWriter::new();
        let into_folder = sources.len() > 1 || destination.ends_with('/');
        for source in sources {
            let path = self.inside(line, source)?;
            let failed = |error| BuildError::File { path: path.clone(), source: error };
            if path.is_dir() {
                let mut entries: Vec<PathBuf> = std::fs::read_dir(&path).map_err(failed)?.flatten().map(|entry| entry.path()).collect();
                entries.sort();
                layer.add_folder(base).map_err(failed)?;
                for entry in entries {
                    layer.add(&entry, &base.join(entry.file_name().unwrap_or_default())).map_err(failed)?;
                }
            } else {
                let place = if into_folder { base.join(path.file_name().unwrap_or_default()) } else { base.to_owned() };
                layer.add(&path, &place).map_err(failed)?;
            }
        }
        layer.finish().map_err(|source| BuildError::File { path: self.context.clone(), source })
    }

    fn inside(&self, line: usize, source: &str) -> Result<PathBuf, BuildError> {
        let relative = Path::new(source.trim_start_matches('/'));
        let outside = || BuildError::Outside { line, source_path: source.to_owned(), context: self.context.clone() };
        if relative.components().any(|part| part == Component::ParentDir) {
            return Err(outside());
        }
        let path = self.context.join(relative);
        let Ok(real) = path.canonicalize() else {
            return Err(BuildError::NotFound { line, source_path: source.to_owned(), context: self.context.clone() });
        };
        if real.starts_with(&self.context) { Ok(path) } else { Err(outside()) }
    }
}

/// `amd64`, `arm64`: as image configurations call this machine.
pub fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

fn scratch() -> Built {
    let config = json!({
        "architecture": architecture(),
        "os": "linux",
        "config": {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]},
        "rootfs": {"type": "layers", "diff_ids": []},
        "history": [],
    });
    Built { names: Vec::new(), layers: Vec::new(), config }
}

fn section(config: &mut Value) -> &mut Map<String, Value> {
    if !config["config"].is_object() {
        config["config"] = json!({});
    }
    config["config"].as_object_mut().expect("it was made an object above")
}

/// A path of the image: relative ones begin at the working directory.
fn place(config: &Map<String, Value>, path: &str) -> PathBuf {
    let working = config.get("WorkingDir").and_then(Value::as_str).filter(|dir| !dir.is_empty()).unwrap_or("/");
    let mut place = PathBuf::from("/");
    for part in Path::new(working).join(path).components() {
        match part {
            Component::Normal(name) => place.push(name),
            Component::ParentDir => {
                place.pop();
            }
            _ => {}
        }
    }
    place
}

/// Adds a layer and its line of history.
fn push(image: &mut Built, data: Vec<u8>, created_by: &str) {
    let digest = digest_of(&data);
    let list = |value: &mut Value, item: Value| {
        if !value.is_array() {
            *value = json!([]);
        }
        value.as_array_mut().expect("it was made a list above").push(item);
    };
    list(&mut image.config["rootfs"]["diff_ids"], json!(digest));
    list(&mut image.config["history"], json!({"created_by": created_by}));
    image.layers.push(Part { media_type: OCI_LAYER, data });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(dockerfile: &str, files: &[&str]) -> Result<Built, BuildError> {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file).unwrap();
        }
        std::fs::write(dir.path().join("Dockerfile"), dockerfile).unwrap();
        Plan::read(dir.path(), &dir.path().join("Dockerfile"), &["x:1".to_owned()])?.build(None)
    }

    fn paths(layer: &Part) -> Vec<String> {
        let mut archive = tar::Archive::new(layer.data.as_slice());
        archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().display().to_string()).collect()
    }

    #[test]
    fn files_go_where_they_should() {
        let image = build("FROM scratch\nWORKDIR /srv\nCOPY a b/ sub/\nCOPY b /b2\nCOPY a renamed\n", &["a", "b/c", "b/d/e"]).unwrap();
        assert_eq!(paths(&image.layers[0]), ["srv"]);
        assert_eq!(paths(&image.layers[1]), ["srv", "srv/sub", "srv/sub/a", "srv/sub/c", "srv/sub/d", "srv/sub/d/e"]);
        assert_eq!(paths(&image.layers[2]), ["b2", "b2/c", "b2/d", "b2/d/e"]);
        assert_eq!(paths(&image.layers[3]), ["srv", "srv/renamed"]);
        assert_eq!(image.config["rootfs"]["diff_ids"].as_array().unwrap().len(), 4);
        assert_eq!(image.names, ["docker.io/library/x:1"]);
    }

    #[test]
    fn the_configuration_is_what_was_asked_for() {
        let image = build(
            "FROM scratch\nENV A=1\nENV A=2 B=3\nLABEL l=v\nEXPOSE 80 53/udp\nUSER 1000\nCMD [\"x\"]\nENTRYPOINT [\"/a\"]\nCMD [\"b\"]",
            &[],
        )
        .unwrap();
        let config = &image.config["config"];
        assert_eq!(config["Env"].as_array().unwrap()[1..], [json!("A=2"), json!("B=3")]);
        assert_eq!((&config["Labels"], &config["ExposedPorts"]), (&json!({"l": "v"}), &json!({"80/tcp": {}, "53/udp": {}})));
        assert_eq!((&config["Entrypoint"], &config["Cmd"], &config["User"]), (&json!(["/a"]), &json!(["b"]), &json!("1000")));
    }

    #[test]
    fn equal_files_are_equal_layers() {
        let digest = || digest_of(&build("FROM scratch\nCOPY a /", &["a"]).unwrap().layers[0].data);
        assert_eq!(digest(), digest());
    }

    #[test]
    fn sources_stay_in_the_context() {
        assert!(matches!(build("FROM scratch\nCOPY ../x /", &[]), Err(BuildError::Outside { line: 2, .. })));
        assert!(matches!(build("FROM scratch\nCOPY x /", &[]), Err(BuildError::NotFound { line: 2, .. })));
    }
}
