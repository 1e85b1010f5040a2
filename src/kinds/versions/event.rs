//! `events.k8s.io/v1` and core `v1` Events: one object, some fields named differently.

use serde_json::{Map, Value};

use super::{fields, rename, set_type};

/// (core, events.k8s.io)
const NAMES: &[(&str, &str)] = &[
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
    ("reportingComponent", "reportingController"),
];

/// `events.k8s.io/v1` to core `v1`.
pub fn to_core(event: &mut Value) {
    let Some(object) = fields(event) else { return };
    set_type(object, "v1");
    for (core, events) in NAMES {
        rename(object, events, core);
    }
    always(object, "involvedObject");
}

/// Core `v1` to `events.k8s.io/v1`.
pub fn from_core(event: &mut Value) {
    let Some(object) = fields(event) else { return };
    set_type(object, "events.k8s.io/v1");
    for (core, events) in NAMES {
        rename(object, core, events);
    }
}

/// The core kind requires the field.
fn always(object: &mut Map<String, Value>, name: &str) {
    if !object.contains_key(name) {
        object.insert(name.to_owned(), Value::Object(Map::new()));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn there_and_back() {
        let core = json!({
            "apiVersion": "v1", "kind": "Event", "metadata": {"name": "a"}, "involvedObject": {"name": "p"}, "message": "m", "reason": "r", "type": "Normal",
            "source": {"component": "c"}, "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:00:01Z", "count": 2,
            "reportingComponent": "x", "reportingInstance": "y", "eventTime": null, "related": {"name": "q"}, "series": {"count": 3}
        });
        let events = json!({
            "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "a"}, "regarding": {"name": "p"}, "note": "m", "reason": "r", "type": "Normal",
            "deprecatedSource": {"component": "c"}, "deprecatedFirstTimestamp": "2026-01-01T00:00:00Z", "deprecatedLastTimestamp": "2026-01-01T00:00:01Z",
            "deprecatedCount": 2, "reportingController": "x", "reportingInstance": "y", "eventTime": null, "related": {"name": "q"}, "series": {"count": 3}
        });
        let mut value = core.clone();
        from_core(&mut value);
        assert_eq!(value, events);
        to_core(&mut value);
        assert_eq!(value, core);
    }
}
