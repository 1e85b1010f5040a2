//! Version 2: one document for everything, made of those of version 3. Current clients only fall back to it, for `explain --output plaintext-openapiv2` and for
//! validation against older servers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::schemas::SCHEMAS;

const KINDS: &str = "x-kubernetes-group-version-kind";
const DEFINITIONS: &str = "#/definitions/";

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
    if let Some(map) = value.as_object_mut() {
        map.remove("oneOf");
    }
    references(value);
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
