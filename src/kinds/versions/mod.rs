//! Translation between versions of a kind that share storage: pure functions over trees, in both directions.

pub mod autoscaler;
pub mod event;

use serde_json::{Map, Value};

fn fields(value: &mut Value) -> Option<&mut Map<String, Value>> {
    value.as_object_mut()
}

fn set_type(object: &mut Map<String, Value>, api_version: &str) {
    object.insert("apiVersion".to_owned(), api_version.into());
}

pub fn rename(object: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = object.remove(from) {
        object.insert(to.to_owned(), value);
    }
}
