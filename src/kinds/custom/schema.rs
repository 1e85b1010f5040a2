//! A schema made ready for use: what upstream keeps twice, as a structural schema and as a validator, in one tree without what only documents.

use std::collections::BTreeMap;

use api::apply::Types;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{JSONSchemaProps, JSONSchemaPropsOrArray, JSONSchemaPropsOrBool};
use regex::Regex;
use serde_json::Value;

use super::format::Format;
use crate::rules::json;

/// All that is made of the schema of a version.
#[derive(Default)]
pub struct Compiled {
    pub schema: Schema,
    /// `x-kubernetes-validations`, where there are some.
    pub rules: Option<cel::rules::Rules>,
    /// For server-side apply.
    pub types: Option<Types>,
}

impl Compiled {
    pub fn new(props: &JSONSchemaProps) -> Self {
        let openapi = json(props);
        Self { schema: Schema::new(props), rules: cel::rules::Rules::compile(&openapi), types: Some(Types::of_structural(&openapi)) }
    }
}

/// What stands at a place of an object.
#[derive(Debug, Default)]
pub struct Schema {
    /// `object`, `array`, `string`, `integer`, `number`, `boolean`, or nothing.
    pub type_name: Box<str>,
    pub format: Option<Format>,
    pub nullable: bool,
    pub int_or_string: bool,
    pub preserve_unknown: bool,
    pub embedded: bool,
    pub default: Option<Box<Value>>,
    pub items: Option<Box<Schema>>,
    pub properties: BTreeMap<Box<str>, Schema>,
    pub additional: Option<Additional>,
    pub list_type: ListType,
    pub list_map_keys: Vec<Box<str>>,
    /// The map, or the struct, has one owner.
    pub atomic_map: bool,
    pub limits: Option<Box<Limits>>,
}

/// Values under names that are no properties.
#[derive(Debug)]
pub enum Additional {
    Any,
    None,
    Of(Box<Schema>),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListType {
    #[default]
    Atomic,
    Set,
    Map,
}

/// What a value has to keep to beyond its type.
#[derive(Debug, Default)]
pub struct Limits {
    pub maximum: Option<f64>,
    pub exclusive_maximum: bool,
    pub minimum: Option<f64>,
    pub exclusive_minimum: bool,
    pub multiple_of: Option<f64>,
    pub max_length: Option<i64>,
    pub min_length: Option<i64>,
    pub pattern: Option<Pattern>,
    pub max_items: Option<i64>,
    pub min_items: Option<i64>,
    pub max_properties: Option<i64>,
    pub min_properties: Option<i64>,
    pub required: Vec<Box<str>>,
    pub one_of_values: Option<Vec<Value>>,
    pub all_of: Vec<Schema>,
    pub any_of: Vec<Schema>,
    pub one_of: Vec<Schema>,
    pub not: Option<Box<Schema>>,
}

/// A regular expression, and how its author wrote it.
#[derive(Debug)]
pub struct Pattern {
    pub text: Box<str>,
    /// None where it is none; no value passes then.
    pub compiled: Option<Regex>,
}

/// Bytes that a compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;

impl Pattern {
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), compiled: compile(text).ok() }
    }
}

pub(super) fn compile(text: &str) -> Result<Regex, regex::Error> {
    regex::RegexBuilder::new(text).size_limit(PATTERN_BYTES).build()
}

impl Schema {
    pub fn new(props: &JSONSchemaProps) -> Self {
        let flag = |value: Option<bool>| value.unwrap_or_default();
        let type_name = props.type_.as_deref().unwrap_or_default();
        Self {
            type_name: type_name.into(),
            format: props.format.as_deref().and_then(|format| Format::of(type_name, format)),
            nullable: flag(props.nullable),
            int_or_string: flag(props.x_kubernetes_int_or_string),
            preserve_unknown: flag(props.x_kubernetes_preserve_unknown_fields),
            embedded: flag(props.x_kubernetes_embedded_resource),
            default: props.default.as_ref().map(|default| Box::new(default.0.clone())).filter(|default| !default.is_null()),
            items: match &props.items {
                Some(JSONSchemaPropsOrArray::Schema(items)) => Some(Box::new(Self::new(items))),
                _ => None,
            },
            properties: props.properties.iter().flatten().map(|(name, props)| (name.as_str().into(), Self::new(props))).collect(),
            additional: props.additional_properties.as_ref().map(|additional| match additional {
                JSONSchemaPropsOrBool::Bool(true) => Additional::Any,
                JSONSchemaPropsOrBool::Bool(false) => Additional::None,
                JSONSchemaPropsOrBool::Schema(schema) => Additional::Of(Box::new(Self::new(schema))),
            }),
            list_type: match props.x_kubernetes_list_type.as_deref() {
                Some("set") => ListType::Set,
                Some("map") => ListType::Map,
                _ => ListType::Atomic,
            },
            list_map_keys: props.x_kubernetes_list_map_keys.iter().flatten().map(|key| key.as_str().into()).collect(),
            atomic_map: props.x_kubernetes_map_type.as_deref() == Some("atomic"),
            limits: Limits::new(props).map(Box::new),
        }
    }
    /// What stands under a name of an object.
    pub fn field(&self, name: &str) -> Option<&Self> {
        self.properties.get(name).or(match &self.additional {
            Some(Additional::Of(schema)) => Some(schema),
            _ => None,
        })
    }
    /// The schema of a value at a path such as `.spec.replicas`.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |schema, name| schema.field(name))
    }
    /// The names of the types that a value may have, as messages tell them.
    pub fn types(&self) -> &str {
        if self.int_or_string { "integer,string" } else { &self.type_name }
    }
    pub fn has_type(&self, name: &str) -> bool {
        if self.int_or_string { matches!(name, "integer" | "string") } else { &*self.type_name == name }
    }
}

impl Limits {
    fn new(props: &JSONSchemaProps) -> Option<Self> {
        let all = |schemas: &Option<Vec<JSONSchemaProps>>| schemas.iter().flatten().map(Schema::new).collect::<Vec<_>>();
        let limits = Self {
            maximum: props.maximum,
            exclusive_maximum: props.exclusive_maximum.unwrap_or_default(),
            minimum: props.minimum,
            exclusive_minimum: props.exclusive_minimum.unwrap_or_default(),
            multiple_of: props.multiple_of,
            max_length: props.max_length,
            min_length: props.min_length,
            pattern: props.pattern.as_deref().filter(|pattern| !pattern.is_empty()).map(Pattern::new),
            max_items: props.max_items,
            min_items: props.min_items,
            max_properties: props.max_properties,
            min_properties: props.min_properties,
            required: props.required.iter().flatten().map(|name| name.as_str().into()).collect(),
            one_of_values: props.enum_.as_ref().map(|values| values.iter().map(|value| value.0.clone()).collect()),
            all_of: all(&props.all_of),
            any_of: all(&props.any_of),
            one_of: all(&props.one_of),
            not: props.not.as_ref().map(|schema| Box::new(Schema::new(schema))),
        };
        (!limits.is_empty()).then_some(limits)
    }
    fn is_empty(&self) -> bool {
        let numbers = [self.maximum, self.minimum, self.multiple_of].iter().all(Option::is_none);
        let counts = [self.max_length, self.min_length, self.max_items, self.min_items, self.max_properties, self.min_properties];
        numbers
            && counts.iter().all(Option::is_none)
            && self.pattern.is_none()
            && self.required.is_empty()
            && self.one_of_values.is_none()
            && self.all_of.is_empty()
            && self.any_of.is_empty()
            && self.one_of.is_empty()
            && self.not.is_none()
    }
}
