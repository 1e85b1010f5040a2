//! `-o name`, and the lines of commands that say what they did: `deployment.apps/web created`.

use serde_json::Value;

/// Why an object can not be named; the words are kubectl's.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum NameError {
    #[error("missing apiVersion or kind; try GetObjectKind().SetGroupVersionKind() if you know the type")]
    MissingKind,
}

/// `pod/web`, `deployment.apps/web`.
pub fn resource_name(kind: &str, group: &str, name: &str) -> String {
    let kind = kind.to_lowercase();
    if group.is_empty() { format!("{kind}/{name}") } else { format!("{kind}.{group}/{name}") }
}

/// One line an object, for a list one line an item; `operation` (`created`, `configured (dry run)`) stands after the name unless it is empty.
///
/// # Errors
/// Where an object has neither kind nor version.
pub fn lines(object: &Value, operation: &str) -> Result<String, NameError> {
    if let Some(items) = object.get("items").and_then(Value::as_array) {
        return items.iter().map(|item| lines(item, operation)).collect();
    }
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (version, kind) = (text("/apiVersion"), text("/kind"));
    if version.is_empty() && kind.is_empty() {
        return Err(NameError::MissingKind);
    }
    let name = Some(text("/metadata/name")).filter(|name| !name.is_empty()).unwrap_or("<unknown>");
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let blank = if operation.is_empty() { "" } else { " " };
    Ok(format!("{}{blank}{operation}\n", resource_name(kind, group, name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names() {
        let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}});
        assert_eq!(lines(&deployment, "").unwrap(), "deployment.apps/web\n");
        assert_eq!(lines(&deployment, "created").unwrap(), "deployment.apps/web created\n");
        let list = json!({"apiVersion": "v1", "kind": "List", "items": [deployment, {"apiVersion": "v1", "kind": "Pod", "metadata": {}}]});
        assert_eq!(lines(&list, "").unwrap(), "deployment.apps/web\npod/<unknown>\n");
        assert_eq!(lines(&json!({}), ""), Err(NameError::MissingKind));
    }
}
