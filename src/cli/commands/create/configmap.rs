//! `create configmap`.

use serde_json::{Map, Value, json};

use super::sources::{SourceFlags, encoded, hash};
use super::{CommonFlags, one_name};
use crate::error::Result;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    name: Vec<String>,
    #[command(flatten)]
    sources: SourceFlags,
    /// Append a hash of the configmap to its name.
    #[arg(long)]
    append_hash: bool,
    #[command(flatten)]
    common: CommonFlags,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let name = one_name(session, &self.name, "configmap")?;
        self.sources.check()?;
        let pairs = self
            .sources
            .collect(|key| format!("cannot add key {key:?}, another key by that name already exists in Data for ConfigMap {name:?}"))?;
        let (mut data, mut binary) = (Map::new(), Map::new());
        for (key, value) in pairs {
            match String::from_utf8(value) {
                Ok(text) => data.insert(key, Value::from(text)),
                Err(error) => binary.insert(key, encoded(error.as_bytes())),
            };
        }
        let name = if self.append_hash { format!("{name}-{}", digest(&name, &data, &binary)) } else { name };
        let mut object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
        for (field, map) in [("data", data), ("binaryData", binary)] {
            if !map.is_empty() {
                object[field] = Value::Object(map);
            }
        }
        self.common.create_described(session, object).await
    }
}

fn digest(name: &str, data: &Map<String, Value>, binary: &Map<String, Value>) -> String {
    let mut parts = Map::new();
    parts.insert("kind".to_owned(), json!("ConfigMap"));
    parts.insert("name".to_owned(), json!(name));
    parts.insert("data".to_owned(), if data.is_empty() { json!("") } else { json!(data) });
    if !binary.is_empty() {
        parts.insert("binaryData".to_owned(), json!(binary));
    }
    hash(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_kubectls() {
        let data = Map::from_iter([("a".to_owned(), json!("b"))]);
        assert_eq!(digest("c", &data, &Map::new()), "m4h6ctkgb2");
    }
}
