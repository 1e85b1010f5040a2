//! What a command works on: types as users write them (`po`, `deployments.apps`), objects by name, by selector or from files. kubectl's resource builder in
//! the order of its decisions and the words of its complaints.

pub mod discovery;
mod documents;
mod mapping;
mod selection;

pub use documents::{load, load_validated, parse_documents};
pub use mapping::{Mapping, for_kind, for_type};
pub use selection::{MISSING, Selection, Target};

use serde_json::Value;

/// One object that a command works on.
#[derive(Clone, Debug)]
pub struct Info {
    pub mapping: Mapping,
    /// Empty for cluster-scoped objects.
    pub namespace: String,
    pub name: String,
    /// The file, URL or `STDIN` it came from; empty where it came from the server.
    pub source: String,
    /// As the file or the server had it.
    pub object: Value,
}

impl Info {
    /// `pod/x`, `deployment.apps/x`: how kubectl names an object in its messages.
    pub fn printed(&self) -> String {
        format!("{}/{}", self.mapping.printed(), self.name)
    }
    /// The path of the object on the server.
    pub fn path(&self) -> String {
        self.mapping.path(&self.namespace, &self.name)
    }
}

/// A string deep in a tree; empty where there is none.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Whether the object's labels are what the selector wants.
pub fn selected(selector: &api::labels::Selector, object: &Value) -> bool {
    let labels: std::collections::BTreeMap<String, String> = object
        .pointer("/metadata/labels")
        .and_then(Value::as_object)
        .map(|labels| labels.iter().map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect())
        .unwrap_or_default();
    selector.matches(&labels)
}
