//! Version 3 of a document of version 2, for extension API servers that know no other: lossy, as upstream's.

use serde_json::{Map, Value, json};

use super::schemas::SCHEMAS;
use super::version_2::DEFINITIONS;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// The document of version 3 that says the same.
pub fn of_version_2(document: &Value) -> Value {
    let mut components = Map::new();
    let produces = media_types(document, "produces");
    for (from, to, convert) in [
        ("definitions", "schemas", &schema as &dyn Fn(&Value) -> Value),
        ("securityDefinitions", "securitySchemes", &security_scheme),
        ("responses", "responses", &|one| response(one, &produces)),
    ] {
        if let Some(all) = document.get(from).and_then(Value::as_object) {
            components.insert(to.to_owned(), all.iter().map(|(name, one)| (name.clone(), convert(one))).collect());
        }
    }
    let paths: Map<String, Value> = entries(document, "paths")
        .map(|(path, item)| (path.clone(), if path.starts_with("x-") { item.clone() } else { path_item(item) }))
        .collect();
    let mut made = json!({"openapi": "3.0.0", "info": document["info"], "paths": paths, "components": components});
    copy(document, &mut made, &["externalDocs"]);
    made
}

fn path_item(item: &Value) -> Value {
    let mut made = extensions(item);
    copy(item, &mut made, &["$ref"]);
    for method in METHODS {
        if let Some(one) = item.get(method) {
            made[method] = operation(one);
        }
    }
    if let Some(list) = item.get("parameters").and_then(Value::as_array) {
        made["parameters"] = list.iter().map(parameter).collect();
    }
    made
}

fn operation(operation: &Value) -> Value {
    let mut made = extensions(operation);
    copy(operation, &mut made, &["tags", "summary", "description", "externalDocs", "operationId", "deprecated"]);
    let (consumes, produces) = (media_types(operation, "consumes"), media_types(operation, "produces"));
    let mut parameters = Vec::new();
    for one in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
        match one.get("schema") {
            Some(body) if one["name"] == "body" => made["requestBody"] = json!({"content": content(body, &consumes)}),
            _ => parameters.push(parameter(one)),
        }
    }
    if !parameters.is_empty() {
        made["parameters"] = parameters.into();
    }
    let responses: Map<String, Value> = entries(operation, "responses")
        .map(|(code, one)| (code.clone(), if code.starts_with("x-") { one.clone() } else { response(one, &produces) }))
        .collect();
    made["responses"] = responses.into();
    made
}

fn response(response: &Value, produces: &[&str]) -> Value {
    let mut made = extensions(response);
    if let Some(target) = response.get("$ref").and_then(Value::as_str) {
        made["$ref"] = target.replacen("#/responses/", "#/components/responses/", 1).into();
    }
    copy(response, &mut made, &["description"]);
    if let Some(body) = response.get("schema") {
        made["content"] = content(body, produces);
    }
    made
}

/// What stands in the parameter itself becomes its schema.
fn parameter(parameter: &Value) -> Value {
    let mut made = extensions(parameter);
    if let Some(target) = parameter.get("$ref").and_then(Value::as_str) {
        made["$ref"] = target.replacen("#/parameters/", "#/components/parameters/", 1).into();
    }
    copy(parameter, &mut made, &["name", "in", "description", "required", "allowEmptyValue"]);
    made["schema"] = match parameter.get("schema") {
        Some(own) => schema(own),
        None => {
            let mut own = json!({});
            copy(parameter, &mut own, &["type", "format", "uniqueItems"]);
            own
        }
    };
    made
}

fn security_scheme(scheme: &Value) -> Value {
    let mut made = extensions(scheme);
    copy(scheme, &mut made, &["description", "type", "name", "in"]);
    if let Some(flow) = scheme.get("flow").and_then(Value::as_str).filter(|flow| !flow.is_empty()) {
        let mut one = json!({});
        copy(scheme, &mut one, &["authorizationUrl", "tokenUrl", "scopes"]);
        made["flows"] = json!({flow: one});
    }
    made
}

/// A schema for each of the media types.
fn content(body: &Value, media_types: &[&str]) -> Value {
    media_types.iter().map(|media_type| ((*media_type).to_owned(), json!({"schema": schema(body)}))).collect()
}

/// References name schemas; one with other keys beside it goes into an `allOf`.
fn schema(value: &Value) -> Value {
    let Value::Object(map) = value else { return value.clone() };
    let mut made = Map::new();
    for (key, value) in map {
        let below = match key.as_str() {
            "properties" => value.as_object().into_iter().flatten().map(|(name, property)| (name.clone(), schema(property))).collect(),
            "items" | "additionalProperties" | "additionalItems" => match value {
                Value::Array(all) => all.iter().map(schema).collect(),
                one => schema(one),
            },
            _ => value.clone(),
        };
        made.insert(key.clone(), below);
    }
    if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|target| target.split_once(DEFINITIONS)).map(|(_, name)| name) {
        let target = format!("{SCHEMAS}{name}");
        if made.len() == 1 {
            made.insert("$ref".to_owned(), target.into());
        } else {
            made.remove("$ref");
            made.insert("allOf".to_owned(), json!([{"$ref": target}]));
        }
    }
    Value::Object(made)
}

fn entries<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(field).and_then(Value::as_object).into_iter().flatten()
}

fn media_types<'a>(value: &'a Value, field: &str) -> Vec<&'a str> {
    value.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What vendors have added.
fn extensions(value: &Value) -> Value {
    let own = value.as_object().into_iter().flatten().filter(|(key, _)| key.starts_with("x-"));
    own.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn copy(from: &Value, to: &mut Value, fields: &[&str]) {
    for field in fields {
        if let Some(value) = from.get(field) {
            to[field] = value.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version_2: &Value, pointer: &str, expected: &Value) {
        assert_eq!(of_version_2(version_2).pointer(pointer), Some(expected), "{pointer}");
    }

    #[test]
    fn documents_say_the_same_in_version_3() {
        let document = json!({
            "swagger": "2.0",
            "info": {"title": "Old", "version": "v1"},
            "paths": {"/x": {"put": {
                "consumes": ["application/json"],
                "produces": ["application/json", "application/yaml"],
                "operationId": "putX",
                "parameters": [
                    {"in": "body", "name": "body", "required": true, "schema": {"$ref": "#/definitions/X"}},
                    {"in": "query", "name": "dryRun", "type": "string", "uniqueItems": true},
                ],
                "responses": {"200": {"description": "OK", "schema": {"$ref": "#/definitions/X"}}, "401": {"description": "Unauthorized"}},
                "x-kubernetes-action": "put",
            }}},
            "definitions": {"X": {"type": "object", "properties": {
                "y": {"description": "why", "$ref": "#/definitions/Y"},
                "all": {"type": "array", "items": {"$ref": "#/definitions/Y"}},
                "map": {"additionalProperties": {"$ref": "#/definitions/Y"}},
            }}},
            "securityDefinitions": {"BearerToken": {"type": "apiKey", "name": "authorization", "in": "header"}},
        });
        let x = json!({"$ref": "#/components/schemas/X"});
        check(&document, "/openapi", &json!("3.0.0"));
        check(&document, "/info/title", &json!("Old"));
        let put = json!({
            "operationId": "putX",
            "requestBody": {"content": {"application/json": {"schema": x}}},
            "parameters": [{"in": "query", "name": "dryRun", "schema": {"type": "string", "uniqueItems": true}}],
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": x}, "application/yaml": {"schema": x}}},
                "401": {"description": "Unauthorized"},
            },
            "x-kubernetes-action": "put",
        });
        check(&document, "/paths/~1x/put", &put);
        let y = json!({"$ref": "#/components/schemas/Y"});
        let properties = json!({
            "y": {"description": "why", "allOf": [y]},
            "all": {"type": "array", "items": y},
            "map": {"additionalProperties": y},
        });
        check(&document, "/components/schemas/X/properties", &properties);
        check(&document, "/components/securitySchemes/BearerToken/in", &json!("header"));
    }
}
