//! Request bodies as trees: JSON or YAML, with the fields that stand there twice reported as upstream's strict decoding reports them.

use serde_json::Value;

/// A document, and upstream's words for each of its duplicate fields.
#[derive(Debug)]
pub struct Document {
    pub value: Value,
    pub duplicates: Vec<String>,
}

/// Reads JSON.
pub fn json(bytes: &[u8]) -> Result<Document, serde_json::Error> {
    let mut duplicates = Vec::new();
    let value = api::json::decode(bytes, &mut duplicates)?;
    Ok(Document { value, duplicates })
}

/// Reads YAML; a key that stands there twice is an error of its parser.
pub fn yaml(bytes: &[u8]) -> Result<Document, serde_yaml::Error> {
    Ok(Document { value: serde_yaml::from_slice(bytes)?, duplicates: Vec::new() })
}
