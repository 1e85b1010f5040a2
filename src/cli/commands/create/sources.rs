//! Data of config maps and secrets: `--from-literal`, `--from-file`, `--from-env-file`, in kubectl's order and words.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::error::{CommandError, Result};

/// The flags themselves.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct SourceFlags {
    /// Specify the path to a file to read lines of key=val pairs.
    #[arg(long, value_delimiter = ',')]
    from_env_file: Vec<String>,
    /// Key file can be specified using its file path, in which case file basename will be used as key, or optionally with a key and file path
    #[arg(long, value_delimiter = ',')]
    from_file: Vec<String>,
    /// Specify a key and literal value to insert (i.e. mykey=somevalue)
    #[arg(long)]
    from_literal: Vec<String>,
}

impl SourceFlags {
    pub fn check(&self) -> Result<()> {
        if !self.from_env_file.is_empty() && (!self.from_file.is_empty() || !self.from_literal.is_empty()) {
            return Err(CommandError::message("from-env-file cannot be combined with from-file or from-literal"));
        }
        Ok(())
    }

    /// All pairs; `taken` words the complaint about a key that is there twice.
    pub fn collect(&self, taken: impl Fn(&str) -> String) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut pairs = Vec::new();
        for literal in &self.from_literal {
            pairs.push(parse_literal(literal)?);
        }
        for file in &self.from_file {
            read_file(file, &mut pairs)?;
        }
        for file in &self.from_env_file {
            read_env_file(file, &mut pairs)?;
        }
        let mut data = BTreeMap::new();
        for (key, value) in pairs {
            if let Some(fault) = api::names::config_map_key(&key).first() {
                return Err(CommandError::message(format!("{key:?} is not a valid key name: {fault}")));
            }
            if data.contains_key(&key) {
                return Err(CommandError::message(taken(&key)));
            }
            data.insert(key, value);
        }
        Ok(data)
    }
}

fn parse_literal(literal: &str) -> Result<(String, Vec<u8>)> {
    match literal.split_once('=') {
        Some((key, value)) if !key.is_empty() => {
            let quoted = value.len() >= 2 && ['"', '\''].iter().any(|quote| value.starts_with(*quote) && value.ends_with(*quote));
            let value = if quoted { &value[1..value.len() - 1] } else { value };
            Ok((key.to_owned(), value.as_bytes().to_vec()))
        }
        _ => Err(CommandError::message(format!("invalid literal source {literal}, expected key=value"))),
    }
}

fn read_file(source: &str, into: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let (key, path) = match source.split_once('=') {
        None => (None, source),
        Some(("", _)) => return Err(CommandError::message(format!("key name for file path {} missing", &source[1..]))),
        Some((_, "")) => return Err(CommandError::message(format!("file path for key name {} missing", &source[..source.len() - 1]))),
        Some((_, path)) if path.contains('=') => return Err(CommandError::message("key names or file paths cannot contain '='")),
        Some((key, path)) => (Some(key.to_owned()), path),
    };
    let failed = |error: &std::io::Error| {
        let why = if error.kind() == std::io::ErrorKind::NotFound { "no such file or directory".to_owned() } else { error.to_string() };
        CommandError::message(format!("error reading {path}: {why}"))
    };
    let metadata = std::fs::metadata(path).map_err(|error| failed(&error))?;
    if !metadata.is_dir() {
        let key = key.unwrap_or_else(|| Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default());
        into.push((key, std::fs::read(path).map_err(|error| failed(&error))?));
        return Ok(());
    }
    if key.is_some() {
        return Err(CommandError::message("cannot give a key name for a directory path"));
    }
    let mut files: Vec<_> = std::fs::read_dir(path).map_err(|error| failed(&error))?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files.into_iter().filter(|file| file.is_file()) {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        into.push((name, std::fs::read(&file).map_err(|error| failed(&error))?));
    }
    Ok(())
}

fn read_env_file(path: &str, into: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let why = if error.kind() == std::io::ErrorKind::NotFound { "no such file or directory".to_owned() } else { error.to_string() };
        CommandError::message(format!("error reading {path}: {why}"))
    })?;
    for (index, line) in text.lines().enumerate() {
        let line = if index == 0 { line.trim_start_matches('\u{feff}') } else { line }.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) =
            line.split_once('=').map_or_else(|| (line, std::env::var(line).ok()), |(key, value)| (key, Some(value.to_owned())));
        if let Some(fault) = api::names::environment_variable_name(key).first() {
            return Err(CommandError::message(format!("{key:?} is not a valid key name: {fault}")));
        }
        if let Some(value) = value {
            into.push((key.to_owned(), value.into_bytes()));
        }
    }
    Ok(())
}

/// Base64 as in `data` of secrets and `binaryData` of config maps.
pub fn encoded(bytes: &[u8]) -> Value {
    Value::from(STANDARD.encode(bytes))
}

/// The ten letters that `--append-hash` adds: upstream's hash of the parts that matter.
pub fn hash(parts: Map<String, Value>) -> String {
    let json = output::json::compact(&Value::Object(parts)).unwrap_or_default();
    hex::encode(Sha256::digest(json.as_bytes()))
        .chars()
        .take(10)
        .map(|letter| match letter {
            '0' => 'g',
            '1' => 'h',
            '3' => 'k',
            'a' => 'm',
            'e' => 't',
            other => other,
        })
        .collect()
}
