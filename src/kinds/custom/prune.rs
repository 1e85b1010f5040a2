//! What a schema does to a value: fields that it does not know go, nulls that it does not allow go, and defaults come.

use serde_json::{Map, Value};

use super::schema::{Additional, Schema};

/// Fields of every resource, which no schema has to name.
const META_FIELDS: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Removes the fields of a resource that its schema does not know; their paths go to `unknown`.
pub fn prune(resource: &mut Map<String, Value>, schema: &Schema, unknown: &mut Vec<String>) {
    let before = unknown.len();
    fields(resource, schema, true, schema.preserve_unknown, &mut Place { path: String::new(), unknown });
    unknown[before..].sort();
}

/// Whether a default of this schema has no field that would be pruned.
pub(super) fn is_pruned(value: &Value, schema: &Schema) -> bool {
    let mut unknown = Vec::new();
    any(&mut value.clone(), Some(schema), false, &mut Place { path: String::new(), unknown: &mut unknown });
    unknown.is_empty()
}

struct Place<'a> {
    path: String,
    unknown: &'a mut Vec<String>,
}

impl Place<'_> {
    fn in_field(&mut self, name: &str, act: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(if length == 0 { "" } else { "." });
        self.path.push_str(name);
        act(self);
        self.path.truncate(length);
    }
    fn in_item(&mut self, index: usize, act: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(&format!("[{index}]"));
        act(self);
        self.path.truncate(length);
    }
    fn note(&mut self, name: &str) {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.unknown.push(format!("{}{dot}{name}", self.path));
    }
}

/// `keep`: the value is in a place that preserves what it does not know.
fn any(value: &mut Value, schema: Option<&Schema>, keep: bool, place: &mut Place<'_>) {
    let keep = keep || schema.is_some_and(|schema| schema.preserve_unknown);
    match (value, schema) {
        (Value::Object(map), Some(schema)) => fields(map, schema, schema.embedded, keep, place),
        (Value::Object(map), None) if !keep => {
            map.keys().for_each(|name| place.note(name));
            map.clear();
        }
        (Value::Array(items), schema) => {
            let inner = schema.and_then(|schema| schema.items.as_deref());
            for (index, item) in items.iter_mut().enumerate() {
                place.in_item(index, |place| any(item, inner, keep, place));
            }
        }
        _ => {}
    }
}

fn fields(map: &mut Map<String, Value>, schema: &Schema, resource: bool, keep: bool, place: &mut Place<'_>) {
    let mut gone = Vec::new();
    for (name, value) in map.iter_mut() {
        if resource && META_FIELDS.contains(&name.as_str()) {
            continue;
        }
        let inner = match (schema.properties.get(name.as_str()), &schema.additional) {
            (Some(property), _) => Some(property),
            (None, Some(Additional::Of(values))) => Some(&**values),
            (None, Some(Additional::Any | Additional::None)) => None,
            (None, None) => {
                if !keep {
                    gone.push(name.clone());
                }
                continue;
            }
        };
        place.in_field(name, |place| any(value, inner, false, place));
    }
    for name in gone {
        map.remove(&name);
        place.note(&name);
    }
}

/// Removes nulls that are not allowed and have no default, and puts the defaults in.
pub fn default(value: &mut Value, schema: &Schema) {
    drop_nulls(value, Some(schema));
    fill(value, schema);
}

fn drop_nulls(value: &mut Value, schema: Option<&Schema>) {
    match value {
        Value::Object(map) => map.retain(|name, value| {
            let inner = schema.and_then(|schema| schema.field(name));
            if value.is_null() && inner.is_some_and(|inner| !inner.nullable && inner.default.is_none()) {
                return false;
            }
            drop_nulls(value, inner);
            true
        }),
        Value::Array(items) => {
            let inner = schema.and_then(|schema| schema.items.as_deref());
            items.iter_mut().for_each(|item| drop_nulls(item, inner));
        }
        _ => {}
    }
}

fn fill(value: &mut Value, schema: &Schema) {
    let replace = |value: &mut Value, schema: &Schema| {
        if let (Value::Null, false, Some(default)) = (&*value, schema.nullable, &schema.default) {
            *value = (**default).clone();
        }
    };
    match value {
        Value::Object(map) => {
            for (name, property) in &schema.properties {
                let Some(default) = &property.default else { continue };
                match map.get_mut(&**name) {
                    None => {
                        map.insert(name.to_string(), (**default).clone());
                    }
                    Some(value) => replace(value, property),
                }
            }
            for (name, value) in map.iter_mut() {
                if let Some(inner) = schema.field(name) {
                    replace(value, inner);
                    fill(value, inner);
                }
            }
        }
        Value::Array(items) => {
            if let Some(inner) = &schema.items {
                for item in items {
                    replace(item, inner);
                    fill(item, inner);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema(value: Value) -> Schema {
        Schema::new(&serde_json::from_value(value).unwrap())
    }

    #[track_caller]
    fn check_prune(properties: Value, given: Value, expected: Value, unknown: &[&str]) {
        let schema = schema(json!({"type": "object", "properties": properties}));
        let Value::Object(mut map) = given else { panic!("an object is pruned") };
        let mut found = Vec::new();
        prune(&mut map, &schema, &mut found);
        assert_eq!((Value::Object(map), found.iter().map(String::as_str).collect::<Vec<_>>()), (expected, unknown.to_vec()));
    }

    #[test]
    fn unknown_fields_go() {
        let spec = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let given = json!({"apiVersion": "v", "kind": "k", "metadata": {"x": 1}, "spec": {"a": "1", "b": 2}, "other": {}});
        let expected = json!({"apiVersion": "v", "kind": "k", "metadata": {"x": 1}, "spec": {"a": "1"}});
        check_prune(json!({"spec": spec}), given, expected, &["other", "spec.b"]);
        let list = json!({"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}});
        check_prune(json!({"l": list}), json!({"l": [{"a": "x"}, {"b": 1}]}), json!({"l": [{"a": "x"}, {}]}), &["l[1].b"]);
        let map = json!({"type": "object", "additionalProperties": {"type": "object", "properties": {"a": {"type": "string"}}}});
        check_prune(json!({"m": map}), json!({"m": {"x": {"a": "1", "b": 1}}}), json!({"m": {"x": {"a": "1"}}}), &["m.x.b"]);
    }

    #[test]
    fn what_is_to_be_preserved_stays() {
        let open = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"closed": {"type": "object"}}});
        let given = json!({"o": {"x": {"y": 1}, "closed": {"z": 1}}});
        check_prune(json!({"o": open}), given, json!({"o": {"x": {"y": 1}, "closed": {}}}), &["o.closed.z"]);
        let embedded = json!({"type": "object", "x-kubernetes-embedded-resource": true, "properties": {"spec": {"type": "object"}}});
        let given = json!({"e": {"apiVersion": "v1", "kind": "K", "metadata": {"name": "n"}, "spec": {"a": 1}, "b": 1}});
        let expected = json!({"e": {"apiVersion": "v1", "kind": "K", "metadata": {"name": "n"}, "spec": {}}});
        check_prune(json!({"e": embedded}), given, expected, &["e.b", "e.spec.a"]);
    }

    #[track_caller]
    fn check_default(properties: Value, given: Value, expected: Value) {
        let schema = schema(json!({"type": "object", "properties": properties}));
        let mut value = given;
        default(&mut value, &schema);
        assert_eq!(value, expected);
    }

    #[test]
    fn defaults_come() {
        let spec =
            json!({"type": "object", "default": {}, "properties": {"a": {"type": "string", "default": "x"}, "n": {"type": "integer"}}});
        check_default(json!({"spec": spec}), json!({}), json!({"spec": {"a": "x"}}));
        check_default(json!({"spec": spec}), json!({"spec": {"a": null, "n": null}}), json!({"spec": {"a": "x"}}));
        let nullable = json!({"type": "string", "nullable": true, "default": "x"});
        check_default(json!({"a": nullable}), json!({"a": null}), json!({"a": null}));
        let list = json!({"type": "array", "items": {"type": "object", "properties": {"p": {"type": "integer", "default": 1}}}});
        check_default(json!({"l": list}), json!({"l": [{}, {"p": 2}]}), json!({"l": [{"p": 1}, {"p": 2}]}));
        let map =
            json!({"type": "object", "additionalProperties": {"type": "object", "properties": {"p": {"type": "integer", "default": 1}}}});
        check_default(json!({"m": map}), json!({"m": {"x": {}}}), json!({"m": {"x": {"p": 1}}}));
    }
}
