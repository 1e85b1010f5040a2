//! The schemas of custom resources as expressions need them: how to look at data, and the types and sizes of what is there.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::declaration::Declared;
use crate::escape::escape;
use crate::types::{ObjectType, Type};

/// The largest request, by which the sizes of unbounded values are estimated.
pub(crate) const MAX_REQUEST_BYTES: u64 = 3 * 1024 * 1024;
/// The longest name of an object. What is generated behind a prefix has at least one character.
const NAME_LENGTH: u64 = 253;
/// Schemas deeper than this have no more fields: no request has deeper data.
const DEPTH_LIMIT: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    None,
    Byte,
    Duration,
    Date,
    DateTime,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemaKind {
    IntOrString,
    Object,
    Array,
    String,
    Number,
    Integer,
    Boolean,
    /// Any other type, or none.
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    Atomic,
    Set,
    /// By the fields with these names.
    Map(Vec<String>),
}

/// A structural schema, read once from its OpenAPI form.
#[derive(Debug)]
pub struct Schema {
    pub(crate) kind: SchemaKind,
    pub(crate) nullable: bool,
    pub(crate) format: Format,
    pub(crate) preserve_unknown: bool,
    /// Fields of an object that has any declared.
    pub(crate) properties: Option<BTreeMap<String, Arc<Schema>>>,
    /// The schema of a map's values.
    pub(crate) additional: Option<Arc<Schema>>,
    pub(crate) items: Option<Arc<Schema>>,
    pub(crate) list_kind: ListKind,
    /// Every resource has it; its author did not say so.
    pub(crate) implied: bool,
    required: Vec<String>,
    has_default: bool,
    max_length: Option<u64>,
    max_items: Option<u64>,
    max_properties: Option<u64>,
    /// The length of the longest text among the allowed values.
    longest_enum: Option<u64>,
}

impl Schema {
    /// Reads an OpenAPI v3 schema. The root of a resource always has `apiVersion`, `kind` and the names in `metadata`.
    pub fn new(openapi: &Json, is_resource_root: bool) -> Self {
        Self::read(openapi, is_resource_root, DEPTH_LIMIT)
    }

    fn read(openapi: &Json, root: bool, depth: usize) -> Self {
        let flag = |name: &str| openapi.get(name).and_then(Json::as_bool).unwrap_or(false);
        let number = |name: &str| openapi.get(name).and_then(Json::as_i64).map(|number| u64::try_from(number).unwrap_or(0));
        let text = |name: &str| openapi.get(name).and_then(Json::as_str).unwrap_or("");
        let texts = |name: &str| -> Vec<String> {
            openapi.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
        };
        let embedded = flag("x-kubernetes-embedded-resource");
        let read = |schema: &Json| Self::read(schema, false, depth.saturating_sub(1));
        let known = |name: &str| openapi.get(name).filter(|_| depth > 0);
        let properties = known("properties").and_then(Json::as_object).filter(|properties| !properties.is_empty());
        let mut schema = Self {
            kind: kind(text("type"), flag("x-kubernetes-int-or-string")),
            nullable: flag("nullable"),
            format: format(text("format")),
            preserve_unknown: flag("x-kubernetes-preserve-unknown-fields"),
            properties: properties
                .map(|properties| properties.iter().map(|(name, property)| (name.clone(), Arc::new(read(property)))).collect()),
            additional: known("additionalProperties")
                .filter(|additional| additional.is_object())
                .map(|additional| Arc::new(read(additional))),
            items: known("items").filter(|items| items.is_object()).map(|items| Arc::new(read(items))),
            list_kind: match text("x-kubernetes-list-type") {
                "set" => ListKind::Set,
                "map" => ListKind::Map(texts("x-kubernetes-list-map-keys")),
                _ => ListKind::Atomic,
            },
            implied: false,
            required: texts("required"),
            has_default: openapi.get("default").is_some(),
            max_length: number("maxLength"),
            max_items: number("maxItems"),
            max_properties: number("maxProperties"),
            longest_enum: openapi.get("enum").and_then(Json::as_array).filter(|values| !values.is_empty()).map(|values| {
                values.iter().filter_map(Json::as_str).map(|text| u64::try_from(text.len()).unwrap_or(u64::MAX)).max().unwrap_or(0)
            }),
        };
        if root || embedded {
            schema.add_type_and_object_meta();
        }
        schema
    }

    fn plain(kind: SchemaKind) -> Self {
        Self {
            kind,
            nullable: false,
            format: Format::None,
            preserve_unknown: false,
            properties: None,
            additional: None,
            items: None,
            list_kind: ListKind::Atomic,
            implied: false,
            required: Vec::new(),
            has_default: false,
            max_length: None,
            max_items: None,
            max_properties: None,
            longest_enum: None,
        }
    }

    /// What every resource has, declared or not.
    fn add_type_and_object_meta(&mut self) {
        let properties = self.properties.get_or_insert_default();
        let is = |schema: Option<&Arc<Schema>>, kind: &SchemaKind| schema.is_some_and(|schema| schema.kind == *kind);
        let named =
            |schema: &Schema, name: &str| is(schema.properties.as_ref().and_then(|properties| properties.get(name)), &SchemaKind::String);
        let whole = is(properties.get("kind"), &SchemaKind::String)
            && is(properties.get("apiVersion"), &SchemaKind::String)
            && properties
                .get("metadata")
                .is_some_and(|metadata| metadata.kind == SchemaKind::Object && named(metadata, "name") && named(metadata, "generateName"));
        if whole {
            return;
        }
        let limits = [("name", NAME_LENGTH), ("generateName", NAME_LENGTH - 1)].map(|(name, limit)| {
            let declared = properties.get("metadata").and_then(|metadata| metadata.property(name));
            let length = declared.and_then(|declared| declared.max_length).map_or(limit, |declared| declared.min(limit));
            let text = Self { max_length: Some(length), implied: declared.is_none(), ..Self::plain(SchemaKind::String) };
            (name.to_owned(), Arc::new(text))
        });
        for name in ["kind", "apiVersion"] {
            let implied = !properties.contains_key(name);
            properties.insert(name.to_owned(), Arc::new(Self { implied, ..Self::plain(SchemaKind::String) }));
        }
        let implied = !properties.contains_key("metadata");
        let metadata = Self { implied, properties: Some(BTreeMap::from(limits)), ..Self::plain(SchemaKind::Object) };
        properties.insert("metadata".to_owned(), Arc::new(metadata));
    }

    /// The schema of a property, of a map's values (`additionalProperties`) or of a list's items.
    pub fn property(&self, name: &str) -> Option<&Schema> {
        self.properties.as_ref()?.get(name).map(Arc::as_ref)
    }

    pub fn additional_properties(&self) -> Option<&Schema> {
        self.additional.as_deref()
    }

    pub fn items(&self) -> Option<&Schema> {
        self.items.as_deref()
    }

    /// The type and sizes that expressions know, or nothing where the schema says too little to be seen by them. `name` is that of an object type.
    pub fn declared(&self, name: &str) -> Option<Declared> {
        let text_limit = || self.max_length.map_or(self.max_text(), |length| length.saturating_mul(4));
        match &self.kind {
            SchemaKind::IntOrString => Some(Declared::new(Type::Dyn, text_limit(), 1)),
            SchemaKind::Array => {
                let items = self.items.as_ref()?.declared(&format!("{name}.@idx"))?;
                let limit = self.max_items.unwrap_or((MAX_REQUEST_BYTES - 2) / (items.min_serialized_size + 1));
                Some(Declared::list(items, limit))
            }
            SchemaKind::Object => match &self.additional {
                Some(additional) => {
                    let values = additional.declared(&format!("{name}.@elem"))?;
                    let limit = self.max_properties.unwrap_or((MAX_REQUEST_BYTES - 2) / (values.min_serialized_size + 6));
                    Some(Declared::map(values, limit))
                }
                None => Some(self.object(name)),
            },
            SchemaKind::String => Some(match self.format {
                Format::Byte => Declared::new(Type::Bytes, self.max_length.unwrap_or(self.max_text()), 2),
                Format::Duration => Declared::new(Type::Duration, self.max_text(), 3),
                Format::Date => Declared::new(Type::Timestamp, self.max_text(), 12),
                Format::DateTime => Declared::new(Type::Timestamp, self.max_text(), 21),
                Format::None => {
                    let limit = match (self.max_length, self.longest_enum) {
                        (None, Some(longest)) => longest,
                        _ => text_limit(),
                    };
                    Declared::new(Type::String, limit, 2)
                }
            }),
            SchemaKind::Boolean => Some(Declared::new(Type::Bool, 0, 4)),
            SchemaKind::Number => Some(Declared::new(Type::Double, 0, 1)),
            SchemaKind::Integer => Some(Declared::new(Type::Int, 0, 1)),
            SchemaKind::Other(_) => None,
        }
    }

    fn object(&self, name: &str) -> Declared {
        let mut fields = BTreeMap::new();
        let mut min_serialized_size = 2;
        for (property, schema) in self.properties.iter().flatten() {
            let escaped = escape(property);
            let declared = schema.declared(&format!("{name}.{}", escaped.as_deref().unwrap_or(property)));
            let Some(declared) = declared else { continue };
            if self.required.contains(property) && !schema.has_default {
                min_serialized_size += u64::try_from(property.len()).unwrap_or(u64::MAX).saturating_add(declared.min_serialized_size + 4);
            }
            if let Some(escaped) = escaped {
                fields.insert(escaped, declared);
            }
        }
        let object = Type::Object(Arc::new(ObjectType { name: name.to_owned(), fields, open: false }));
        Declared::new(object, 0, min_serialized_size)
    }

    /// The longest text of the format that a request can hold.
    fn max_text(&self) -> u64 {
        match self.format {
            _ if self.kind == SchemaKind::IntOrString => MAX_REQUEST_BYTES - 2,
            Format::Duration | Format::DateTime => 32,
            Format::Date => 12,
            Format::None | Format::Byte => MAX_REQUEST_BYTES - 2,
        }
    }
}

/// How often a value can occur in a request whose JSON is at least this large: how often a rule may run that is below an unbounded list or map.
pub fn max_cardinality(min_serialized_size: u64) -> u64 {
    MAX_REQUEST_BYTES / (min_serialized_size + 1)
}

fn kind(name: &str, int_or_string: bool) -> SchemaKind {
    match name {
        _ if int_or_string => SchemaKind::IntOrString,
        "object" => SchemaKind::Object,
        "array" => SchemaKind::Array,
        "string" => SchemaKind::String,
        "number" => SchemaKind::Number,
        "integer" => SchemaKind::Integer,
        "boolean" => SchemaKind::Boolean,
        other => SchemaKind::Other(other.to_owned()),
    }
}

fn format(name: &str) -> Format {
    match name {
        "byte" => Format::Byte,
        "duration" => Format::Duration,
        "date" => Format::Date,
        "date-time" => Format::DateTime,
        _ => Format::None,
    }
}
