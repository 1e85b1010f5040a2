//! Request bodies as trees: JSON or YAML, with the fields that stand there twice reported as upstream's strict decoding reports them.

use bytes::Bytes;
use serde_json::Value;

/// A document, and upstream's words for each of its duplicate fields.
#[derive(Debug)]
pub struct Document {
    pub value: Value,
    pub duplicates: Vec<String>,
    /// What it was read from, for a second look when its value does not fit a type: decoding uses the value up.
    pub source: Option<Source>,
}

/// The bytes of a body, and how they are read.
#[derive(Clone, Debug)]
pub struct Source {
    bytes: Bytes,
    read: fn(&[u8]) -> Option<Value>,
}

impl Source {
    pub fn value(&self) -> Option<Value> {
        (self.read)(&self.bytes)
    }
}

impl Document {
    /// A document that was not read from a body, or from one that carries types.
    pub fn of(value: Value) -> Self {
        Self { value, duplicates: Vec::new(), source: None }
    }
}

/// Reads JSON.
pub fn json(bytes: &Bytes) -> Result<Document, serde_json::Error> {
    let mut duplicates = Vec::new();
    let value = api::json::decode(bytes, &mut duplicates)?;
    Ok(Document { value, duplicates, source: Some(Source { bytes: bytes.clone(), read: |bytes| serde_json::from_slice(bytes).ok() }) })
}

/// Reads YAML; a key that stands there twice is an error of its parser.
pub fn yaml(bytes: &Bytes) -> Result<Document, serde_yaml::Error> {
    let value = serde_yaml::from_slice(bytes)?;
    Ok(Document {
        value,
        duplicates: Vec::new(),
        source: Some(Source { bytes: bytes.clone(), read: |bytes| serde_yaml::from_slice(bytes).ok() }),
    })
}
