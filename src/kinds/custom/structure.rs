//! Whether a schema is structural: every field that its rules speak of is declared outside of `allOf`, `anyOf`, `oneOf` and `not`, with a type.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{JSONSchemaProps, JSONSchemaPropsOrArray, JSONSchemaPropsOrBool};

use super::schema::compile;
use crate::rules::text;

/// Where a schema stands in another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Item,
    Field,
}

/// What makes a schema not structural, sorted by its text as upstream lists it.
pub fn validate(schema: &JSONSchemaProps, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    invariants(schema, Level::Root, path, &mut errors);
    complete_combinations(schema, Some(schema), path, path, &mut errors);
    errors.sort_by_cached_key(ToString::to_string);
    errors
}

/// Whether a schema has a keyword that structural schemas know nothing of; what is wrong with it is said by the rules for OpenAPI.
pub fn has_unsupported(schema: &JSONSchemaProps) -> bool {
    let own = text(&schema.id) != ""
        || text(&schema.schema) != ""
        || schema.ref_path.is_some()
        || schema.additional_items.is_some()
        || schema.pattern_properties.as_ref().is_some_and(|patterns| !patterns.is_empty())
        || schema.definitions.as_ref().is_some_and(|definitions| !definitions.is_empty())
        || schema.dependencies.is_some()
        || matches!(schema.items, Some(JSONSchemaPropsOrArray::Schemas(_)));
    own || children(schema).any(has_unsupported)
}

/// All schemas directly inside another.
pub fn children(schema: &JSONSchemaProps) -> impl Iterator<Item = &JSONSchemaProps> {
    let lists = [&schema.all_of, &schema.any_of, &schema.one_of].into_iter().flat_map(|list| list.iter().flatten());
    schema
        .properties
        .iter()
        .flat_map(|properties| properties.values())
        .chain(items(schema))
        .chain(additional(schema))
        .chain(lists)
        .chain(schema.not.as_deref())
}

pub fn items(schema: &JSONSchemaProps) -> Option<&JSONSchemaProps> {
    match &schema.items {
        Some(JSONSchemaPropsOrArray::Schema(items)) => Some(items),
        _ => None,
    }
}

pub fn additional(schema: &JSONSchemaProps) -> Option<&JSONSchemaProps> {
    match &schema.additional_properties {
        Some(JSONSchemaPropsOrBool::Schema(values)) => Some(values),
        _ => None,
    }
}

fn on(flag: Option<bool>) -> bool {
    flag.unwrap_or_default()
}

/// `- type: integer`, `- type: string`, and nothing else.
fn is_int_or_string(any_of: &[JSONSchemaProps]) -> bool {
    let of = |name: &str| JSONSchemaProps { type_: Some(name.to_owned()), ..JSONSchemaProps::default() };
    matches!(any_of, [one, other] if *one == of("integer") && *other == of("string"))
}

fn invariants(schema: &JSONSchemaProps, level: Level, path: &Path, errors: &mut ErrorList) {
    let type_name = text(&schema.type_);
    let (embedded, preserves) = (on(schema.x_kubernetes_embedded_resource), on(schema.x_kubernetes_preserve_unknown_fields));
    let either = on(schema.x_kubernetes_int_or_string);
    match items(schema) {
        Some(items) => invariants(items, Level::Item, &path.child("items"), errors),
        None if type_name == "array" => errors.push(FieldError::required(&path.child("items"), "must be specified")),
        None => {}
    }
    for (name, property) in schema.properties.iter().flatten() {
        invariants(property, Level::Field, &path.child("properties").key(name), errors);
    }
    if schema.additional_properties.is_some() {
        let at = path.child("additionalProperties");
        if level == Level::Root {
            errors.push(FieldError::forbidden(&at, "must not be used at the root"));
        }
        if let Some(values) = additional(schema) {
            invariants(values, Level::Field, &at, errors);
        }
    }
    if either && preserves {
        let detail = "must be false if x-kubernetes-int-or-string is true";
        errors.push(FieldError::invalid(&path.child("x-kubernetes-preserve-unknown-fields"), true, detail));
    }
    if either && embedded {
        let detail = "must be false if x-kubernetes-int-or-string is true";
        errors.push(FieldError::invalid(&path.child("x-kubernetes-embedded-resource"), true, detail));
    }
    let any_of = is_int_or_string(schema.any_of.as_deref().unwrap_or_default());
    let first = schema.all_of.as_deref().and_then(<[_]>::first);
    let all_of = first.is_some_and(|first| is_int_or_string(first.any_of.as_deref().unwrap_or_default()));
    combinations(schema, any_of, all_of, path, errors);

    let at = path.child("type");
    if embedded && type_name != "object" {
        let detail = "must be object if x-kubernetes-embedded-resource is true";
        errors.push(if type_name.is_empty() { FieldError::required(&at, detail) } else { FieldError::invalid(&at, type_name, detail) });
    } else if type_name.is_empty() && !either && !preserves {
        let detail = match level {
            Level::Root => "must not be empty at the root",
            Level::Item => "must not be empty for specified array items",
            Level::Field => "must not be empty for specified object fields",
        };
        errors.push(FieldError::required(&at, detail));
    }
    if embedded && schema.additional_properties.is_some() {
        let detail = "must not be used if x-kubernetes-embedded-resource is set";
        errors.push(FieldError::forbidden(&path.child("additionalProperties"), detail));
    }
    if level == Level::Root && !type_name.is_empty() && type_name != "object" {
        errors.push(FieldError::invalid(&at, type_name, "must be object at the root"));
    }
    resource_fields(schema, level, embedded, path, errors);
    if embedded && !preserves && schema.properties.as_ref().is_none_or(|properties| properties.is_empty()) {
        let detail = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
        errors.push(FieldError::required(&path.child("properties"), detail));
    }
}

/// `apiVersion`, `kind` and `metadata` of a resource have their own schema.
fn resource_fields(schema: &JSONSchemaProps, level: Level, embedded: bool, path: &Path, errors: &mut ErrorList) {
    let Some(properties) = &schema.properties else { return };
    let is_resource = level == Level::Root || embedded;
    for name in ["kind", "apiVersion"] {
        let given = properties.get(name).map(|property| text(&property.type_));
        if let Some(given) = given.filter(|given| is_resource && *given != "string") {
            errors.push(FieldError::invalid(&path.child("properties").key(name).child("type"), given, "must be string"));
        }
    }
    let Some(metadata) = properties.get("metadata") else { return };
    let at = path.child("properties").key("metadata");
    if is_resource && text(&metadata.type_) != "object" {
        errors.push(FieldError::invalid(&at.child("type"), text(&metadata.type_), "must be object"));
    }
    if level == Level::Root {
        let mut rest = metadata.clone();
        rest.type_ = None;
        rest.default = None;
        if rest.properties.as_ref().is_some_and(|properties| properties.keys().all(|name| name == "name" || name == "generateName")) {
            rest.properties = None;
        }
        if rest != JSONSchemaProps::default() {
            let detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
            errors.push(FieldError::forbidden(&at, detail));
        }
    }
}

/// What stands below `allOf`, `anyOf`, `oneOf` and `not`, and the pattern beside them.
fn combinations(schema: &JSONSchemaProps, skip_any_of: bool, skip_first_all_of: bool, path: &Path, errors: &mut ErrorList) {
    if !skip_any_of {
        for (index, inner) in schema.any_of.iter().flatten().enumerate() {
            nested(inner, false, &path.child("anyOf").index(index), errors);
        }
    }
    for (index, inner) in schema.all_of.iter().flatten().enumerate() {
        nested(inner, skip_first_all_of && index == 0, &path.child("allOf").index(index), errors);
    }
    for (index, inner) in schema.one_of.iter().flatten().enumerate() {
        nested(inner, false, &path.child("oneOf").index(index), errors);
    }
    if let Some(inner) = &schema.not {
        nested(inner, false, &path.child("not"), errors);
    }
    let pattern = text(&schema.pattern);
    if let Err(error) = compile(pattern) {
        let why = error.to_string();
        let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
        let detail = format!("must be a valid regular expression, but isn't: error parsing regexp: {why}");
        errors.push(FieldError::invalid(&path.child("pattern"), pattern, detail));
    }
}

fn nested(schema: &JSONSchemaProps, skip_any_of: bool, path: &Path, errors: &mut ErrorList) {
    combinations(schema, skip_any_of, false, path, errors);
    if let Some(items) = items(schema) {
        nested(items, false, &path.child("items"), errors);
    }
    for (name, property) in schema.properties.iter().flatten() {
        nested(property, false, &path.child("properties").key(name), errors);
    }
    let flag = |flag: Option<bool>| flag.unwrap_or_default();
    let some = |list: Option<usize>| list.is_some_and(|count| count > 0);
    let forbidden = [
        ("type", !text(&schema.type_).is_empty(), "must be empty to be structural"),
        ("additionalProperties", schema.additional_properties.is_some(), "must be undefined to be structural"),
        ("default", schema.default.is_some(), "must be undefined to be structural"),
        ("title", !text(&schema.title).is_empty(), "must be empty to be structural"),
        ("description", !text(&schema.description).is_empty(), "must be empty to be structural"),
        ("nullable", flag(schema.nullable), "must be false to be structural"),
        ("x-kubernetes-preserve-unknown-fields", flag(schema.x_kubernetes_preserve_unknown_fields), "must be false to be structural"),
        ("x-kubernetes-embedded-resource", flag(schema.x_kubernetes_embedded_resource), "must be false to be structural"),
        ("x-kubernetes-int-or-string", flag(schema.x_kubernetes_int_or_string), "must be false to be structural"),
        ("x-kubernetes-list-map-keys", some(schema.x_kubernetes_list_map_keys.as_ref().map(Vec::len)), "must be empty to be structural"),
        ("x-kubernetes-list-type", schema.x_kubernetes_list_type.is_some(), "must be undefined to be structural"),
        ("x-kubernetes-map-type", schema.x_kubernetes_map_type.is_some(), "must be undefined to be structural"),
        ("x-kubernetes-validations", some(schema.x_kubernetes_validations.as_ref().map(Vec::len)), "must be empty to be structural"),
    ];
    errors.extend(
        forbidden.into_iter().filter(|(_, given, _)| *given).map(|(name, _, detail)| FieldError::forbidden(&path.child(name), detail)),
    );
    if schema.properties.as_ref().is_some_and(|properties| properties.contains_key("metadata")) {
        errors.push(FieldError::forbidden(&path.child("properties").key("metadata"), "must not be specified in a nested context"));
    }
}

/// That what is spoken of inside combinations is declared outside of them.
fn complete_combinations(rules: &JSONSchemaProps, structure: Option<&JSONSchemaProps>, at: &Path, from: &Path, errors: &mut ErrorList) {
    if let Some(inner) = &rules.not {
        complete(inner, structure, at, &from.child("not"), errors);
    }
    for (name, list) in [("allOf", &rules.all_of), ("anyOf", &rules.any_of), ("oneOf", &rules.one_of)] {
        for (index, inner) in list.iter().flatten().enumerate() {
            complete(inner, structure, at, &from.child(name).index(index), errors);
        }
    }
}

fn complete(rules: &JSONSchemaProps, structure: Option<&JSONSchemaProps>, at: &Path, from: &Path, errors: &mut ErrorList) {
    let Some(structure) = structure else {
        errors.push(FieldError::required(at, format!("because it is defined in {from}")));
        return;
    };
    complete_combinations(rules, Some(structure), at, from, errors);
    if let Some(inner) = items(rules) {
        complete(inner, items(structure), &at.child("items"), &from.child("items"), errors);
    }
    for (name, inner) in rules.properties.iter().flatten() {
        let declared = structure.properties.as_ref().and_then(|properties| properties.get(name));
        let (at, from) = (at.child("properties").key(name), from.child("properties").key(name));
        complete(inner, declared, &at, &from, errors);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn check(schema: Value, expected: &[&str]) {
        let found: Vec<String> =
            validate(&serde_json::from_value(schema).unwrap(), &Path::new("s")).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    /// The details are those of upstream's API server.
    #[test]
    fn structural() {
        check(json!({"type": "object", "properties": {"spec": {"type": "object"}}}), &[]);
        check(json!({}), &["s.type: Required value: must not be empty at the root"]);
        check(
            json!({"type": "object", "properties": {"a": {}, "l": {"type": "array"}, "i": {"type": "array", "items": {}}}}),
            &[
                "s.properties[a].type: Required value: must not be empty for specified object fields",
                "s.properties[i].items.type: Required value: must not be empty for specified array items",
                "s.properties[l].items: Required value: must be specified",
            ],
        );
        check(
            json!({"type": "object", "properties": {"a": {"type": "integer", "anyOf": [{"type": "integer"}]}}}),
            &["s.properties[a].anyOf[0].type: Forbidden: must be empty to be structural"],
        );
        check(
            json!({"type": "object", "properties": {"a": {"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]}}}),
            &[],
        );
        check(
            json!({"type": "object", "properties": {"a": {"type": "object"}}, "oneOf": [{"properties": {"b": {"minimum": 1}}}]}),
            &["s.properties[b]: Required value: because it is defined in s.oneOf[0].properties[b]"],
        );
        check(
            json!({"type": "object", "properties": {"metadata": {"type": "object", "properties": {"labels": {"type": "object"}}}}}),
            &[
                "s.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified",
            ],
        );
        check(
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            &["s.additionalProperties: Forbidden: must not be used at the root"],
        );
    }
}
