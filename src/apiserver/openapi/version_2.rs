//! Version 2: one document for everything, made of those of version 3. Current clients only fall back to it, for `explain --output plaintext-openapiv2` and for
//! validation against older servers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::schemas::SCHEMAS;

const KINDS: &str = "x-kubernetes-group-version-kind";
pub const DEFINITIONS: &str = "#/definitions/";
const EMBEDDED: &str = "x-kubernetes-embedded-resource";
/// What an embedded resource must have, where it does not leave open what it has.
const TYPE_META: [&str; 2] = ["kind", "apiVersion"];

/// The document of the documents of version 3. `free` are the schemas that leave open what their objects hold.
pub fn document(git_version: &str, documents: impl Iterator<Item = Value>, free: &BTreeSet<String>) -> Value {
    let (mut paths, mut definitions) = (Map::new(), Map::new());
    for mut document in documents {
        if let Some(Value::Object(own)) = document.get_mut("paths").map(Value::take) {
            paths.extend(own.into_iter().map(|(path, item)| (path, path_item(item))));
        }
        if let Some(Value::Object(own)) = document.pointer_mut("/components/schemas").map(Value::take) {
            for (name, mut definition) in own {
                // a kind that leaves open what it holds has nothing to tell of how its lists merge
                if free.contains(&name)
                    && let Some(map) = definition.as_object_mut()
                {
                    map.remove(KINDS);
                }
                schema(&name, &mut definition);
                merge(&mut definitions, name, definition);
            }
        }
    }
    json!({"swagger": "2.0", "info": {"title": "Kubernetes", "version": git_version}, "paths": paths, "definitions": definitions})
}

/// What of another server's document is about paths below a prefix: these paths, and the definitions that they need.
pub fn part(mut document: Value, prefix: &str) -> Value {
    let mut paths = document.get_mut("paths").map(Value::take).unwrap_or_default();
    let mut definitions = document.get_mut("definitions").map(Value::take).unwrap_or_default();
    if let Some(paths) = paths.as_object_mut() {
        paths.retain(|path, _| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    }
    let mut needed = BTreeSet::new();
    let mut due: Vec<String> = targets(&paths);
    while let Some(name) = due.pop() {
        if let Some(definition) = definitions.get(&name)
            && needed.insert(name)
        {
            due.extend(targets(definition));
        }
    }
    if let Some(definitions) = definitions.as_object_mut() {
        definitions.retain(|name, _| needed.contains(name));
    }
    json!({"paths": paths, "definitions": definitions})
}

/// The definitions that a value refers to.
fn targets(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix(DEFINITIONS)).map(str::to_owned);
            own.into_iter().chain(map.values().flat_map(targets)).collect()
        }
        Value::Array(items) => items.iter().flat_map(targets).collect(),
        _ => Vec::new(),
    }
}

/// Takes the part of another server's document in. A definition that is there already, and another, comes under a name of its own.
pub fn join(document: &mut Value, part: &Value) {
    let map = |value: &Value, field: &str| value.get(field).and_then(Value::as_object).cloned().unwrap_or_default();
    let (mut paths, mut definitions) = (map(part, "paths"), map(part, "definitions"));
    let there = map(document, "definitions");
    let clashes = definitions.iter().filter(|(name, definition)| there.get(*name).is_some_and(|there| there != *definition));
    let free = |name: &str| (2..).map(|number| format!("{name}_v{number}")).find(|name| !there.contains_key(name)).unwrap_or_default();
    let renamed: BTreeMap<String, String> = clashes.map(|(name, _)| (name.clone(), free(name))).collect();
    paths.values_mut().chain(definitions.values_mut()).for_each(|value| rename(value, &renamed));
    for (field, more) in [("paths", paths), ("definitions", definitions)] {
        let Some(all) = document.get_mut(field).and_then(Value::as_object_mut) else { continue };
        for (name, value) in more {
            let name = renamed.get(&name).filter(|_| field == "definitions").cloned().unwrap_or(name);
            all.entry(name).or_insert(value);
        }
    }
}

fn rename(value: &mut Value, renamed: &BTreeMap<String, String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(target)) = map.get_mut("$ref")
                && let Some(name) = target.strip_prefix(DEFINITIONS).and_then(|name| renamed.get(name))
            {
                *target = format!("{DEFINITIONS}{name}");
            }
            map.values_mut().for_each(|value| rename(value, renamed));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| rename(value, renamed)),
        _ => {}
    }
}

/// Types that several documents have belong to the kinds of all of them.
fn merge(definitions: &mut Map<String, Value>, name: String, definition: Value) {
    let Some(there) = definitions.get_mut(&name) else {
        definitions.insert(name, definition);
        return;
    };
    let Some(more) = definition.get(KINDS).and_then(Value::as_array) else { return };
    match there.get_mut(KINDS).and_then(Value::as_array_mut) {
        Some(kinds) => more.iter().for_each(|kind| {
            if !kinds.contains(kind) {
                kinds.push(kind.clone());
            }
        }),
        None => there[KINDS] = more.clone().into(),
    }
}

fn schema(name: &str, value: &mut Value) {
    match name {
        "io.k8s.apimachinery.pkg.api.resource.Quantity" => value["type"] = "string".into(),
        "io.k8s.apimachinery.pkg.util.intstr.IntOrString" => value["type"] = "string".into(),
        _ => {}
    }
    if keeps_unknown(value) {
        // whoever validates with it would refuse whatever is not named, so nothing is
        if let Some(map) = value.as_object_mut() {
            map.retain(|key, _| matches!(key.as_str(), KINDS | "x-kubernetes-selectable-fields"));
            map.insert("type".to_owned(), "object".into());
        }
    }
    simplify(value);
    references(value);
}

fn flag(schema: &Value, name: &str) -> bool {
    schema.get(name) == Some(&Value::Bool(true))
}
fn keeps_unknown(schema: &Value) -> bool {
    flag(schema, "x-kubernetes-preserve-unknown-fields")
}

/// Leaves out what version 2 can not say, and what clients that validate with it do not cope with.
fn simplify(schema: &mut Value) {
    let open = keeps_unknown(schema);
    let Some(map) = schema.as_object_mut() else { return };
    let nullable = map.remove("nullable") == Some(Value::Bool(true));
    for junctor in ["oneOf", "anyOf", "not"] {
        map.remove(junctor);
    }
    // one that stands alone is how version 3 describes a reference
    if map.get("allOf").is_some_and(|all| all.pointer("/0/$ref").is_none()) {
        map.remove("allOf");
    }
    if nullable || open {
        map.remove("items");
        map.remove("properties");
    }
    let of_type = |map: &Map<String, Value>, name: &str| map.get("type").is_some_and(|of_type| of_type == name);
    if nullable || open && of_type(map, "object") || of_type(map, "array") && !map.contains_key("items") {
        map.remove("type");
    }
    let optional = |name: &Value| {
        let property = name.as_str().and_then(|name| map.get("properties")?.get(name));
        property.is_some_and(|property| flag(property, "nullable"))
            || open && map.contains_key(EMBEDDED) && TYPE_META.iter().any(|known| name == *known)
    };
    let required: Vec<Value> =
        map.get("required").and_then(Value::as_array).into_iter().flatten().filter(|name| !optional(name)).cloned().collect();
    if required.is_empty() || map.get("additionalProperties").is_some_and(|values| flag(values, "nullable")) {
        map.remove("required");
    } else {
        map.insert("required".to_owned(), required.into());
    }
    map.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut).for_each(simplify);
    for below in ["items", "additionalProperties"] {
        map.get_mut(below).into_iter().for_each(simplify);
    }
}

/// References stand beside other keys, and name definitions.
fn references(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Array(mut all)) = map.remove("allOf")
                && let Some(Value::Object(reference)) = all.pop()
            {
                map.extend(reference);
            }
            if let Some(Value::String(target)) = map.get_mut("$ref")
                && let Some(name) = target.strip_prefix(SCHEMAS)
            {
                *target = format!("{DEFINITIONS}{name}");
            }
            map.values_mut().for_each(references);
        }
        Value::Array(items) => items.iter_mut().for_each(references),
        _ => {}
    }
}

fn path_item(mut item: Value) -> Value {
    for (method, operation) in item.as_object_mut().into_iter().flatten() {
        if method == "parameters" {
            parameters(operation);
        } else {
            self::operation(operation);
        }
    }
    item
}

fn operation(operation: &mut Value) {
    let body = operation.as_object_mut().and_then(|map| map.remove("requestBody"));
    if let Some(list) = operation.get_mut("parameters") {
        parameters(list);
    }
    if let Some(mut body) = body {
        let consumes: Vec<Value> = body["content"].as_object().into_iter().flatten().map(|(media, _)| media.as_str().into()).collect();
        let mut schema = first_schema(&mut body);
        references(&mut schema);
        let parameter = json!({"in": "body", "name": "body", "required": body["required"], "schema": schema});
        match operation.get_mut("parameters").and_then(Value::as_array_mut) {
            Some(list) => list.insert(0, parameter),
            None => operation["parameters"] = json!([parameter]),
        }
        operation["consumes"] = consumes.into();
    } else {
        operation["consumes"] = json!(["*/*"]);
    }
    let mut produces = Vec::new();
    for response in operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        let media: Vec<Value> = response["content"].as_object().into_iter().flatten().map(|(media, _)| media.as_str().into()).collect();
        let mut schema = first_schema(response);
        if let Some(map) = response.as_object_mut() {
            map.remove("content");
            if !schema.is_null() {
                references(&mut schema);
                map.insert("schema".to_owned(), schema);
            }
        }
        if produces.is_empty() {
            produces = media;
        }
    }
    operation["produces"] = produces.into();
    operation["schemes"] = json!(["https"]);
}

fn first_schema(of: &mut Value) -> Value {
    of.get_mut("content")
        .and_then(Value::as_object_mut)
        .and_then(|content| content.values_mut().next())
        .and_then(|media| media.get_mut("schema"))
        .map(Value::take)
        .unwrap_or_default()
}

/// The type of a parameter stands in the parameter itself.
fn parameters(list: &mut Value) {
    for parameter in list.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        if let Some(Value::Object(schema)) = parameter.remove("schema") {
            parameter.extend(schema);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_version_2_can_not_say_is_left_out() {
        let check = |mut value: Value, expected: Value| {
            schema("x", &mut value);
            assert_eq!(value, expected);
        };
        let open = "x-kubernetes-preserve-unknown-fields";
        check(
            json!({"type": "object", "description": "d", open: true, "properties": {"a": {}}, KINDS: []}),
            json!({"type": "object", KINDS: []}),
        );
        check(
            json!({"type": "object", "required": ["a", "b"], "properties": {
                "a": {"type": "object", open: true, "properties": {"x": {"type": "string"}}},
                "b": {"type": "array", "nullable": true, "items": {"type": "string"}},
                "c": {"type": "array", open: true, "items": {"type": "string"}},
                "d": {"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": true},
                "e": {"allOf": [{"$ref": "#/components/schemas/E"}], "description": "e"},
                "f": {"type": "object", "required": ["g"], "additionalProperties": {"type": "string", "nullable": true}},
            }}),
            json!({"type": "object", "required": ["a"], "properties": {
                "a": {open: true},
                "b": {},
                "c": {open: true},
                "d": {"x-kubernetes-int-or-string": true},
                "e": {"$ref": "#/definitions/E", "description": "e"},
                "f": {"type": "object", "additionalProperties": {}},
            }}),
        );
    }

    #[test]
    fn the_document_of_another_server_joins() {
        let reference = |name: &str| json!({"$ref": format!("#/definitions/{name}")});
        let theirs = json!({
            "paths": {"/apis/a/v1/xs": {"get": reference("X")}, "/apis/a/v1beta1/ys": {"get": reference("Y")}, "/version": {}},
            "definitions": {"X": {"p": reference("Meta"), "q": reference("Same")}, "Y": {}, "Meta": {"theirs": true}, "Same": {}},
        });
        let part = part(theirs, "/apis/a/v1");
        assert_eq!(part["paths"].as_object().map(Map::len), Some(1));
        let mut document = json!({"paths": {"/api": {}}, "definitions": {"Meta": {"ours": true}, "Same": {}}});
        join(&mut document, &part);
        let expected = json!({
            "paths": {"/api": {}, "/apis/a/v1/xs": {"get": reference("X")}},
            "definitions": {
                "Meta": {"ours": true}, "Meta_v2": {"theirs": true}, "Same": {}, "X": {"p": reference("Meta_v2"), "q": reference("Same")},
            },
        });
        assert_eq!(document, expected);
    }
}
