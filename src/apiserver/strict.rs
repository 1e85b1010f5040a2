//! Request bodies as trees: JSON or YAML, with the fields that stand there twice reported as upstream's strict decoding reports them.

mod yaml;

use bytes::Bytes;
use serde_json::Value;

/// A document, and its duplicate fields.
#[derive(Debug)]
pub struct Document {
    pub value: Value,
    pub duplicates: Duplicates,
    /// What it was read from, for a second look when its value does not fit a type: decoding uses the value up.
    pub source: Option<Source>,
}

/// Upstream's words for each field that stands in a document twice.
#[derive(Clone, Debug, Default)]
pub struct Duplicates {
    faults: Vec<String>,
    yaml: bool,
}

impl Duplicates {
    pub fn json(faults: Vec<String>) -> Self {
        Self { faults, yaml: false }
    }
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }
    /// Each by itself, as warnings tell them.
    pub fn each(self) -> Vec<String> {
        self.faults
    }
    /// As failures tell them: those of YAML are one.
    pub fn failures(self) -> Vec<String> {
        if self.yaml && !self.faults.is_empty() {
            return vec![format!("yaml: unmarshal errors:\n  {}", self.faults.join("\n  "))];
        }
        self.faults
    }
}

/// The bytes of a body, and how they are read.
#[derive(Clone, Debug)]
pub struct Source {
    bytes: Bytes,
    yaml: bool,
}

impl Source {
    pub fn value(&self) -> Option<Value> {
        if self.yaml { serde_yaml::from_slice(&self.bytes).ok() } else { serde_json::from_slice(&self.bytes).ok() }
    }
    /// Duplicate and unknown fields in the order in which they stand there; none for YAML, which upstream sorts on its way.
    pub fn faults(&self, unknown: &[String]) -> Option<Vec<String>> {
        if self.yaml { None } else { api::json::faults(&self.bytes, unknown).ok() }
    }
}

impl Document {
    /// A document that was not read from a body, or from one that carries types.
    pub fn of(value: Value) -> Self {
        Self { value, duplicates: Duplicates::default(), source: None }
    }
}

/// Reads JSON.
pub fn json(bytes: &Bytes) -> Result<Document, serde_json::Error> {
    let mut faults = Vec::new();
    let value = api::json::decode(bytes, &mut faults)?;
    Ok(Document { value, duplicates: Duplicates::json(faults), source: Some(Source { bytes: bytes.clone(), yaml: false }) })
}

/// Reads YAML.
pub fn yaml(bytes: &Bytes) -> Result<Document, serde_yaml::Error> {
    let mut faults = Vec::new();
    let text = std::str::from_utf8(bytes).map_err(<serde_yaml::Error as serde::de::Error>::custom)?;
    let value = yaml::decode(text, &mut faults)?;
    Ok(Document { value, duplicates: Duplicates { faults, yaml: true }, source: Some(Source { bytes: bytes.clone(), yaml: true }) })
}
