//! A short text of what differs between two objects, for refusals of a change.

use serde::Serialize;
use serde_json::Value;

const MAX_LINES: usize = 40;

/// A pair of lines for each leaf that differs, `-` before and `+` after, with its path.
pub(crate) fn text(old: &impl Serialize, new: &impl Serialize) -> String {
    let mut lines = Vec::new();
    compare("", &crate::rules::json(old), &crate::rules::json(new), &mut lines);
    lines.truncate(MAX_LINES);
    lines.join("\n")
}

fn compare(path: &str, old: &Value, new: &Value, lines: &mut Vec<String>) {
    if old == new {
        return;
    }
    let child = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            for key in before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))) {
                let nothing = Value::Null;
                compare(&child(key), before.get(key).unwrap_or(&nothing), after.get(key).unwrap_or(&nothing), lines);
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for index in 0..before.len().max(after.len()) {
                let nothing = Value::Null;
                let at = format!("{path}[{index}]");
                compare(&at, before.get(index).unwrap_or(&nothing), after.get(index).unwrap_or(&nothing), lines);
            }
        }
        _ => {
            if !old.is_null() {
                lines.push(format!("- \t{path}: {old}"));
            }
            if !new.is_null() {
                lines.push(format!("+ \t{path}: {new}"));
            }
        }
    }
}
