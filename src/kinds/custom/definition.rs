//! What may stand in the schema of a custom resource: the part of OpenAPI that upstream supports, lists and maps that can be merged, valid defaults, rules with
//! their messages.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    JSONSchemaProps, JSONSchemaPropsOrArray, JSONSchemaPropsOrBool, ValidationRule,
};

use super::path::resolve;
use super::prune::is_pruned;
use super::schema::Schema;
use super::structure::{additional, children, has_unsupported, items};
use super::{structure, values};
use crate::rules::{json, text};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
const META_FIELDS: [&str; 3] = ["apiVersion", "kind", "metadata"];
const REASONS: [&str; 4] = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/// All the faults of the schema of a version; `path` is that of the schema itself. What an `unchanged` one costs has been accepted.
pub fn validate(schema: &JSONSchemaProps, has_status: bool, unchanged: bool, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if has_status {
        errors.extend(root_beside_status(schema, path));
    }
    if schema.nullable == Some(true) {
        errors.push(FieldError::forbidden(&path.child("nullable"), "nullable cannot be true at the root"));
    }
    if !has_unsupported(schema) {
        let faults = structure::validate(schema, path);
        if faults.is_empty() {
            let compiled = Schema::new(schema);
            defaults(&compiled, true, path, &mut errors);
        }
        errors.extend(faults);
    }
    supported(schema, path, &Place::default(), true, &mut errors);
    if errors.is_empty() && has_rules(schema) {
        errors.extend(cel::rules::check_definition(&json(schema), path, cel::rules::Checked { unchanged }));
    }
    errors
}

fn has_rules(schema: &JSONSchemaProps) -> bool {
    schema.x_kubernetes_validations.as_ref().is_some_and(|rules| !rules.is_empty()) || children(schema).any(has_rules)
}

/// The status is checked on its own by `properties[status]`, so the root may say only what is not lost then.
fn root_beside_status(schema: &JSONSchemaProps, path: &Path) -> Option<FieldError> {
    const ALLOWED: &str = "[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems \
                           UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]";
    if text(&schema.type_) != "object" && !text(&schema.type_).is_empty() {
        let detail = "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled";
        return Some(FieldError::invalid(&path.child("type"), text(&schema.type_), detail));
    }
    let mut allowed = JSONSchemaProps::default();
    macro_rules! keep {
        ($($field:ident)*) => { $(allowed.$field.clone_from(&schema.$field);)* };
    }
    keep!(description type_ format title maximum exclusive_maximum minimum exclusive_minimum max_length min_length pattern max_items min_items unique_items
        multiple_of required items properties external_docs example x_kubernetes_preserve_unknown_fields x_kubernetes_validations);
    (allowed != *schema).then(|| {
        let detail = format!("only {ALLOWED} fields are allowed at the root of the schema if the status subresource is enabled");
        FieldError::invalid(path, json(schema), detail)
    })
}

/// Defaults hold to the schema that they stand in.
fn defaults(schema: &Schema, resource: bool, path: &Path, errors: &mut ErrorList) {
    if let Some(default) = &schema.default {
        let at = path.child("default");
        if !resource && !is_pruned(default, schema) {
            errors.push(FieldError::invalid(&at, (**default).clone(), "must not have unknown fields"));
        }
        errors.extend(values::validate(default, None, schema, &at));
    }
    if let Some(items) = &schema.items {
        defaults(items, false, &path.child("items"), errors);
    }
    for (name, property) in &schema.properties {
        let inside_meta = (resource || schema.embedded) && META_FIELDS.contains(&&**name);
        defaults(property, inside_meta, &path.child("properties").key(name), errors);
    }
}

/// What of the surroundings matters for a schema.
#[derive(Clone, Default)]
struct Place {
    /// Why no default may stand here.
    no_default: Option<String>,
    inside_meta: bool,
}

fn supported(schema: &JSONSchemaProps, path: &Path, place: &Place, root: bool, errors: &mut ErrorList) {
    keywords(schema, path, place, errors);
    if schema.unique_items == Some(true) {
        let detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
        errors.push(FieldError::forbidden(&path.child("uniqueItems"), detail));
    }
    if let Some(given) = &schema.additional_properties {
        let has_properties = schema.properties.as_ref().is_some_and(|properties| !properties.is_empty());
        if has_properties && *given != JSONSchemaPropsOrBool::Bool(true) {
            let detail = "additionalProperties and properties are mutual exclusive";
            errors.push(FieldError::forbidden(&path.child("additionalProperties"), detail));
        }
    }
    if let Some(values) = additional(schema) {
        let mut inner = place.clone();
        if place.inside_meta {
            inner.no_default = Some("inside additionalProperties applying to object metadata".to_owned());
        }
        supported(values, &path.child("additionalProperties"), &inner, false, errors);
    }
    for (name, property) in schema.properties.iter().flatten() {
        let mut inner = place.clone();
        if (root || schema.x_kubernetes_embedded_resource == Some(true)) && META_FIELDS.contains(&name.as_str()) {
            inner.inside_meta = true;
            if root {
                inner.no_default = Some(format!("in top-level {name}"));
            }
        }
        supported(property, &path.child("properties").key(name), &inner, false, errors);
    }
    if let Some(inner) = &schema.not {
        supported(inner, &path.child("not"), place, false, errors);
    }
    for (name, list) in [("allOf", &schema.all_of), ("oneOf", &schema.one_of), ("anyOf", &schema.any_of)] {
        for (index, inner) in list.iter().flatten().enumerate() {
            supported(inner, &path.child(name).index(index), place, false, errors);
        }
    }
    if let Some(items) = items(schema) {
        supported(items, &path.child("items"), place, false, errors);
    }
    merging(schema, path, errors);
    rules(schema, path, errors);
}

/// Keywords that are not supported, or not here.
fn keywords(schema: &JSONSchemaProps, path: &Path, place: &Place, errors: &mut ErrorList) {
    let type_name = text(&schema.type_);
    if !type_name.is_empty() && !TYPES.contains(&type_name) {
        errors.push(FieldError::not_supported(&path.child("type"), type_name, &TYPES));
    }
    if let (Some(_), Some(why)) = (&schema.default, &place.no_default) {
        errors.push(FieldError::forbidden(&path.child("default"), format!("must not be set {why}")));
    }
    let filled = |map: Option<usize>| map.is_some_and(|count| count > 0);
    let forbidden = [
        ("id", !text(&schema.id).is_empty(), "id is not supported"),
        ("additionalItems", schema.additional_items.is_some(), "additionalItems is not supported"),
        (
            "patternProperties",
            filled(schema.pattern_properties.as_ref().map(std::collections::BTreeMap::len)),
            "patternProperties is not supported",
        ),
        ("definitions", filled(schema.definitions.as_ref().map(std::collections::BTreeMap::len)), "definitions is not supported"),
        ("dependencies", schema.dependencies.is_some(), "dependencies is not supported"),
        ("$ref", schema.ref_path.is_some(), "$ref is not supported"),
        ("type", type_name == "null", "type cannot be set to null, use nullable as an alternative"),
        ("items", matches!(schema.items, Some(JSONSchemaPropsOrArray::Schemas(_))), "items must be a schema object and not an array"),
        (
            "x-kubernetes-embedded-resource",
            place.inside_meta && schema.x_kubernetes_embedded_resource == Some(true),
            "must not be used inside of resource meta",
        ),
    ];
    errors.extend(
        forbidden.into_iter().filter(|(_, given, _)| *given).map(|(name, _, detail)| FieldError::forbidden(&path.child(name), detail)),
    );
    if schema.x_kubernetes_preserve_unknown_fields == Some(false) {
        errors.push(FieldError::invalid(&path.child("x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined"));
    }
}

/// How lists and maps merge.
fn merging(schema: &JSONSchemaProps, path: &Path, errors: &mut ErrorList) {
    let type_name = text(&schema.type_);
    if let Some(map_type) = &schema.x_kubernetes_map_type {
        has_type(type_name, "object", "x-kubernetes-map-type", path, errors);
        if !["atomic", "granular"].contains(&map_type.as_str()) {
            errors.push(FieldError::not_supported(&path.child("x-kubernetes-map-type"), map_type.as_str(), &["atomic", "granular"]));
        }
    }
    let keys = schema.x_kubernetes_list_map_keys.as_deref().unwrap_or_default();
    let list_type = schema.x_kubernetes_list_type.as_deref();
    let at = path.child("x-kubernetes-list-type");
    if let Some(list_type) = list_type {
        has_type(type_name, "array", "x-kubernetes-list-type", path, errors);
        if let Some(items) = items(schema).filter(|_| list_type == "set" && type_name == "array") {
            atomic_item(items, path, errors);
        }
        if !["atomic", "set", "map"].contains(&list_type) {
            errors.push(FieldError::not_supported_in_order(&at, list_type, &["atomic", "set", "map"]));
        }
    }
    if !keys.is_empty() && list_type != Some("map") {
        let detail = "must be map if x-kubernetes-list-map-keys is non-empty";
        errors.push(list_type.map_or_else(|| FieldError::required(&at, detail), |list_type| FieldError::invalid(&at, list_type, detail)));
    }
    if list_type == Some("map") {
        keyed_list(schema, keys, path, errors);
    }
    let Some(items) = items(schema) else { return };
    if let Some(list_type @ ("set" | "map")) = list_type
        && items.nullable == Some(true)
    {
        let detail = format!("cannot be nullable when x-kubernetes-list-type is {list_type}");
        errors.push(FieldError::forbidden(&path.child("items").child("nullable"), detail));
    }
    for key in keys.iter().filter(|_| list_type == Some("map")) {
        let Some(property) = items.properties.as_ref().and_then(|properties| properties.get(key)) else { continue };
        let at = path.child("items").child("properties").key(key);
        if property.default.is_none() && !items.required.iter().flatten().any(|required| required == key) {
            let detail = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
            errors.push(FieldError::required(&at.child("default"), detail));
        }
        if property.nullable == Some(true) {
            let detail = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
            errors.push(FieldError::forbidden(&at.child("nullable"), detail));
        }
    }
}

fn has_type(given: &str, wanted: &str, keyword: &str, path: &Path, errors: &mut ErrorList) {
    let detail = format!("must be {wanted} if {keyword} is specified");
    if given.is_empty() {
        errors.push(FieldError::required(&path.child("type"), detail));
    } else if given != wanted {
        errors.push(FieldError::invalid(&path.child("type"), given, detail));
    }
}

/// Items of a set have one owner each.
fn atomic_item(items: &JSONSchemaProps, path: &Path, errors: &mut ErrorList) {
    let detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
    let (list_type, map_type) = (items.x_kubernetes_list_type.as_deref(), items.x_kubernetes_map_type.as_deref());
    match text(&items.type_) {
        "array" if list_type.is_some_and(|list_type| list_type != "atomic") => {
            errors.push(FieldError::invalid(&path.child("items").child("x-kubernetes-list-type"), json(&list_type), detail));
        }
        "object" if map_type != Some("atomic") => {
            errors.push(FieldError::invalid(&path.child("items").child("x-kubernetes-map-type"), json(&list_type), detail));
        }
        _ => {}
    }
}

fn keyed_list(schema: &JSONSchemaProps, keys: &[String], path: &Path, errors: &mut ErrorList) {
    let at = path.child("x-kubernetes-list-map-keys");
    if keys.is_empty() {
        errors.push(FieldError::required(&at, "must not be empty if x-kubernetes-list-type is map"));
    }
    let Some(items) = items(schema) else {
        errors.push(match &schema.items {
            None => FieldError::required(&path.child("items"), "must have a schema if x-kubernetes-list-type is map"),
            Some(items) => {
                FieldError::invalid(&path.child("items"), json(items), "must only have a single schema if x-kubernetes-list-type is map")
            }
        });
        return;
    };
    if text(&items.type_) != "object" {
        let detail = "must be object if parent array's x-kubernetes-list-type is map";
        errors.push(FieldError::invalid(&path.child("items").child("type"), text(&items.type_), detail));
        return;
    }
    let mut seen = BTreeSet::new();
    for key in keys {
        match items.properties.as_ref().and_then(|properties| properties.get(key)) {
            Some(property) if matches!(text(&property.type_), "array" | "object") => {
                let at = path.child("items").child("properties").key(key).child("type");
                let detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
                errors.push(FieldError::invalid(&at, text(&items.type_), detail));
            }
            Some(_) => {}
            None => errors.push(FieldError::invalid(&at, json(&keys), "entries must all be names of item properties")),
        }
        if !seen.insert(key) {
            errors.push(FieldError::invalid(&at, json(&keys), "must not contain duplicate entries"));
        }
    }
}

/// The form of rules; whether they compile is another matter.
fn rules(schema: &JSONSchemaProps, path: &Path, errors: &mut ErrorList) {
    for (index, rule) in schema.x_kubernetes_validations.iter().flatten().enumerate() {
        self::rule(rule, schema, &path.child("x-kubernetes-validations").index(index), errors);
    }
}

fn rule(rule: &ValidationRule, schema: &JSONSchemaProps, path: &Path, errors: &mut ErrorList) {
    let breaks = |text: &str| text.contains(['\n', '\r']);
    let (expression, message) = (rule.rule.trim(), text(&rule.message).trim());
    let at = path.child("message");
    if expression.is_empty() {
        errors.push(FieldError::required(&path.child("rule"), "rule is not specified"));
    } else if !text(&rule.message).is_empty() && message.is_empty() {
        errors.push(FieldError::invalid(&at, text(&rule.message), "must be non-empty if specified"));
    } else if breaks(message) {
        errors.push(FieldError::invalid(&at, text(&rule.message), "must not contain line breaks"));
    } else if breaks(expression) && message.is_empty() {
        errors.push(FieldError::required(&at, "message must be specified if rule contains line breaks"));
    }
    if !text(&rule.message_expression).is_empty() && text(&rule.message_expression).trim().is_empty() {
        errors.push(FieldError::required(&path.child("messageExpression"), "messageExpression must be non-empty if specified"));
    }
    if let Some(reason) = rule.reason.as_deref().filter(|reason| !REASONS.contains(reason)) {
        errors.push(FieldError::not_supported(&path.child("reason"), reason, &REASONS));
    }
    let field_path = text(&rule.field_path);
    if field_path.is_empty() {
        return;
    }
    let at = path.child("fieldPath");
    if field_path.trim().is_empty() {
        errors.push(FieldError::invalid(&at, field_path, "must be non-empty if specified"));
    }
    if breaks(field_path) {
        errors.push(FieldError::invalid(&at, field_path, "must not contain line breaks"));
    }
    if resolve(schema, field_path, true).is_err() {
        errors.push(FieldError::invalid(&at, field_path, "must be a valid path"));
    }
}
