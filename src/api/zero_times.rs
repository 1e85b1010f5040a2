//! Times that nobody has set, in types that demand one. Upstream writes `null` for them and reads it again; the typed decoder knows only times, and is given the one that
//! stands for none: the first second of the first year, as in Go.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use crate::schema::{FieldType, built_in_types};

/// What stands for no time.
const ZERO: &str = "0001-01-01T00:00:00Z";
const CONDITION: &str = "meta.v1.Condition";
const FIELD: &str = "lastTransitionTime";
/// As our own encoder writes a missing time, and as the decoder reads it.
const TEXTS: (&str, &str) = ("\"lastTransitionTime\":null", "\"lastTransitionTime\":\"0001-01-01T00:00:00Z\"");

/// A field through which conditions are reached, the type it leads to, and whether that is of the values of a map.
type Step = (&'static str, &'static str, bool);

/// The types that hold conditions, somewhere, and where to go on from them.
static LEADS: LazyLock<HashMap<&'static str, Vec<Step>>> = LazyLock::new(|| {
    let types: Vec<(&'static str, Vec<Step>)> = built_in_types()
        .map(|(name, fields)| {
            let step = |(field, holds)| FieldType::parse(holds).leads_to().map(|(next, map)| (field, next, map));
            (name, fields.into_iter().filter_map(step).collect())
        })
        .collect();
    let mut leads: HashMap<&'static str, Vec<Step>> = HashMap::from([(CONDITION, Vec::new())]);
    loop {
        let before: usize = leads.values().map(Vec::len).sum();
        for (name, steps) in &types {
            let found: Vec<Step> = steps.iter().filter(|(_, next, _)| leads.contains_key(next)).copied().collect();
            if !found.is_empty() {
                leads.insert(name, found);
            }
        }
        if leads.values().map(Vec::len).sum::<usize>() == before {
            return leads;
        }
    }
});

/// Calls `change` with each condition in a tree of a type.
fn visit(type_name: &str, value: &mut Value, change: fn(&mut serde_json::Map<String, Value>)) {
    let Some(steps) = LEADS.get(type_name) else { return };
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(type_name, item, change)),
        Value::Object(map) => {
            if type_name == CONDITION {
                change(map);
            }
            for (field, next, is_map) in steps {
                match map.get_mut(*field) {
                    Some(Value::Object(values)) if *is_map => values.values_mut().for_each(|value| visit(next, value, change)),
                    Some(value) => visit(next, value, change),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// Whether objects of a type have conditions of this form.
pub fn concerns(type_name: &str) -> bool {
    LEADS.contains_key(type_name)
}

/// Before decoding: puts the time that stands for none where there is none.
pub fn fill(type_name: &str, value: &mut Value) {
    visit(type_name, value, |condition| {
        if condition.get(FIELD).is_none_or(Value::is_null) {
            condition.insert(FIELD.to_owned(), ZERO.into());
        }
    });
}

/// After encoding: writes `null` for it.
pub fn clear(type_name: &str, value: &mut Value) {
    visit(type_name, value, |condition| {
        if condition.get(FIELD).and_then(Value::as_str) == Some(ZERO) {
            condition.insert(FIELD.to_owned(), Value::Null);
        }
    });
}

/// Whether an encoded object may have any.
pub fn is_in(json: &[u8]) -> bool {
    memchr::memmem::find(json, ZERO.as_bytes()).is_some()
}

/// An encoded object as the typed decoder reads it; none where that would change nothing.
pub fn filled(json: &str) -> Option<String> {
    let (null, zero) = TEXTS;
    json.contains(null).then(|| json.replace(null, zero))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_are_found_where_types_have_them() {
        assert!(["core.v1.Service", "policy.v1.PodDisruptionBudget", "resource.v1.ResourceClaim"].into_iter().all(concerns));
        assert!(!["core.v1.Pod", "apps.v1.Deployment", "core.v1.ConfigMap"].into_iter().any(concerns));
        let mut value = json!({"status": {"conditions": [{"type": "a"}, {"type": "b", "lastTransitionTime": null}, {"lastTransitionTime": "2026-01-01T00:00:00Z"}], "other": null}});
        fill("core.v1.Service", &mut value);
        let times = |value: &Value| {
            let conditions = value["status"]["conditions"].as_array().unwrap();
            conditions.iter().map(|condition| condition["lastTransitionTime"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(times(&value), [json!(ZERO), json!(ZERO), json!("2026-01-01T00:00:00Z")]);
        clear("core.v1.Service", &mut value);
        assert_eq!(times(&value), [Value::Null, Value::Null, json!("2026-01-01T00:00:00Z")]);
        let mut devices = json!({"status": {"devices": [{"conditions": [{}]}]}});
        fill("resource.v1.ResourceClaim", &mut devices);
        assert_eq!(devices["status"]["devices"][0]["conditions"][0]["lastTransitionTime"], ZERO);
    }

    #[test]
    fn the_time_that_stands_for_none_survives_the_decoder() {
        let condition: k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition =
            serde_json::from_str(&filled(r#"{"lastTransitionTime":null,"message":"","reason":"","status":"","type":""}"#).unwrap())
                .unwrap();
        assert_eq!(serde_json::to_value(&condition).unwrap()["lastTransitionTime"], ZERO);
    }
}
