//! The order of Go's structs. kubectl prints what it read from a server with sorted keys, and what it holds in a struct (objects that it made itself, and those
//! that `set`, `rollout` and `taint` change) in the order of the struct's fields. The orders are upstream's `types.go` as data: one row a type, its JSON
//! fields with the types behind them.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// `core/v1.Pod<TAB>kind apiVersion metadata:meta/v1.ObjectMeta ...`
const ROWS: &str = include_str!("struct_order.tsv");

type Fields = Vec<(&'static str, Option<&'static str>)>;

static TYPES: LazyLock<HashMap<&'static str, Fields>> = LazyLock::new(|| {
    let field = |text: &'static str| text.split_once(':').map_or((text, None), |(name, of)| (name, Some(of)));
    ROWS.lines().filter_map(|row| row.split_once('\t')).map(|(name, fields)| (name, fields.split(' ').map(field).collect())).collect()
});

/// An object that serializes in the order of its Go type. Of a type without a row, and below maps, keys are sorted.
pub fn in_struct_order(object: &Value) -> impl Serialize + '_ {
    Ordered { value: object, fields: type_of(object).and_then(|name| TYPES.get(name.as_str())) }
}

/// `networking/v1.Ingress` of an object's own apiVersion and kind.
fn type_of(object: &Value) -> Option<String> {
    let (api_version, kind) = (object["apiVersion"].as_str()?, object["kind"].as_str()?);
    let (group, version) = api_version.split_once('/').unwrap_or(("core", api_version));
    let package = group.split('.').next().unwrap_or(group);
    Some(format!("{package}/{version}.{kind}"))
}

struct Ordered<'a> {
    value: &'a Value,
    fields: Option<&'static Fields>,
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.value, self.fields) {
            (Value::Object(map), Some(fields)) => {
                let mut out = serializer.serialize_map(Some(map.len()))?;
                for (name, of) in fields {
                    if let Some(value) = map.get(*name) {
                        out.serialize_entry(name, &Ordered { value, fields: of.and_then(|of| TYPES.get(of)) })?;
                    }
                }
                let unknown = map.iter().filter(|(key, _)| !fields.iter().any(|(name, _)| name == key));
                for (key, value) in unknown {
                    out.serialize_entry(key, value)?;
                }
                out.end()
            }
            (Value::Array(items), Some(_)) => serializer.collect_seq(items.iter().map(|value| Ordered { value, fields: self.fields })),
            (value, _) => value.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(object: Value, expected: &str) {
        assert_eq!(serde_json::to_string(&in_struct_order(&object)).unwrap(), expected);
    }

    #[test]
    fn structs_have_their_order_and_maps_are_sorted() {
        let template =
            json!({"spec": {"restartPolicy": "Always", "containers": [{"resources": {}, "image": "i", "name": "c"}]}, "metadata": {}});
        check(
            json!({
                "apiVersion": "apps/v1", "kind": "Deployment",
                "spec": {"template": template, "replicas": 1, "selector": {"matchLabels": {"b": "1", "a": "2"}}, "strategy": {}},
                "metadata": {"labels": {"x": "y"}, "name": "d", "unheardOf": 1}, "status": {},
            }),
            concat!(
                r#"{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"d","labels":{"x":"y"},"unheardOf":1},"#,
                r#""spec":{"replicas":1,"selector":{"matchLabels":{"a":"2","b":"1"}},"template":{"metadata":{},"#,
                r#""spec":{"containers":[{"name":"c","image":"i","resources":{}}],"restartPolicy":"Always"}},"strategy":{}},"status":{}}"#
            ),
        );
        check(json!({"kind": "Own", "apiVersion": "example.com/v1", "a": 1}), r#"{"a":1,"apiVersion":"example.com/v1","kind":"Own"}"#);
    }

    #[test]
    fn every_type_that_a_row_names_is_there_or_has_nothing_to_order() {
        for (name, fields) in TYPES.iter() {
            assert!(fields.len() > 1 || fields[0].1.is_some(), "{name} has nothing to order");
        }
        assert!(TYPES["core/v1.PodSpec"].iter().any(|field| *field == ("containers", Some("core/v1.Container"))));
    }
}
