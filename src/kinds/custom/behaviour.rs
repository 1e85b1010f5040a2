//! A custom resource at one version as the request path sees it: the same steps as for a typed kind, driven by the schema.

use std::borrow::Cow;
use std::sync::LazyLock;

use api::field::FieldErrorKind;
use api::{ErrorList, FieldError, Object, Path, Untyped};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{CustomResourceColumnDefinition, CustomResourceSubresourceScale};
use output::jsonpath::JsonPath;
use output::table::Cell;
use serde::de::Error as _;
use serde_json::{Map, Value};

use super::embedded;
use super::path::{get, parts};
use super::prune::{default, prune};
use super::schema::{Compiled, Schema};
use super::values::{duplicates, validate};
use crate::rules::text;
use crate::tables::column::{CREATION_DESCRIPTION, NAME};
use crate::{Column, ErasedBehaviour, Owners, Part};

/// The name of the pair beside the selectable fields of a stored object that tells by which schema it was made.
pub const SCHEMA_MARK: &str = "";

/// A version of a custom resource.
pub struct CustomBehaviour {
    /// Made when it is first needed: most definitions of a cluster are hardly used.
    pub compiled: LazyLock<Compiled, Box<dyn FnOnce() -> Compiled + Send>>,
    /// What the definition names the type of lists.
    pub list_kind: String,
    /// The version that objects are stored as.
    pub storage_version: String,
    /// Changes with all that matters for stored objects.
    pub mark: String,
    pub has_status: bool,
    pub scale: Option<CustomResourceSubresourceScale>,
    pub columns: Vec<PrinterColumn>,
    /// Fields that selectors may name, without the dot before.
    pub selectable: Vec<String>,
    /// The definition is being deleted: there will be no new objects.
    pub terminating: bool,
}

/// A column and how its cells are found.
pub struct PrinterColumn {
    definition: CustomResourceColumnDefinition,
    description: String,
    /// None where it is no path: the cells are empty then.
    path: Option<JsonPath>,
}

impl PrinterColumn {
    pub fn new(definition: &CustomResourceColumnDefinition) -> Self {
        let path = JsonPath::parse(&format!("{{{}}}", definition.json_path)).ok().map(|path| path.allow_missing_keys(true));
        let description = match text(&definition.description) {
            "" => format!("Custom resource definition column (in JSONPath format): {}", definition.json_path),
            given => given.to_owned(),
        };
        Self { definition: definition.clone(), description, path }
    }
    /// The column that stands where a definition has none.
    pub fn age() -> Self {
        let definition = CustomResourceColumnDefinition {
            name: "Age".to_owned(),
            type_: "date".to_owned(),
            json_path: ".metadata.creationTimestamp".to_owned(),
            description: Some(CREATION_DESCRIPTION.to_owned()),
            ..CustomResourceColumnDefinition::default()
        };
        Self::new(&definition)
    }
    fn cell(&self, object: &Value, now: jiff::Timestamp) -> Cell {
        let Some(path) = &self.path else { return Cell::None };
        let Ok(found) = path.find(object) else { return Cell::None };
        let Some(item) = found.first().and_then(|found| found.first()) else { return Cell::None };
        match (self.definition.type_.as_str(), item.value()) {
            ("string", Value::String(text)) => Cell::Text(text.clone()),
            ("string", Value::Null) => Cell::Text("<nil>".to_owned()),
            ("string", other) => Cell::Text(other.to_string()),
            ("integer", Value::Number(number)) => number.as_i64().or_else(|| truncated(number.as_f64()?)).map_or(Cell::None, Cell::Int),
            ("number", Value::Number(number)) => number.as_f64().map_or(Cell::None, Cell::Number),
            ("boolean", Value::Bool(flag)) => Cell::Bool(*flag),
            ("date", Value::String(time)) => match time.parse::<jiff::Timestamp>() {
                Ok(time) => Cell::Text(output::duration::since(Some(time), now)),
                Err(_) => Cell::Text("<invalid>".to_owned()),
            },
            _ => Cell::None,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what Go's conversion does")]
fn truncated(number: f64) -> Option<i64> {
    number.is_finite().then_some(number as i64)
}

fn untyped(object: &dyn Object) -> &Untyped {
    object.downcast_ref().expect("a custom resource is only handed objects that it decoded")
}
fn untyped_mut(object: &mut dyn Object) -> &mut Untyped {
    object.downcast_mut().expect("a custom resource is only handed objects that it decoded")
}

impl CustomBehaviour {
    fn schema(&self) -> &Schema {
        &self.compiled.schema
    }
    /// What the rules of the schema have against an object.
    fn against_rules(&self, object: &Value, old: Option<&Value>, known: &ErrorList) -> ErrorList {
        use FieldErrorKind::{NotSupported, Required, TooLong, TooMany, TypeInvalid};
        let Some(rules) = &self.compiled.rules else { return ErrorList::new() };
        if known.iter().any(|fault| matches!(fault.kind, NotSupported | Required | TooLong | TooMany | TypeInvalid)) {
            let detail =
                "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
            return vec![FieldError::invalid(&Path::default(), Value::Null, detail)];
        }
        rules.validate(&Path::default(), object, old, cel::rules::Ratcheting::Warnings, cel::RUNTIME_BUDGET).errors
    }
    /// Removes what the schema does not know and puts its defaults in, as upstream does with objects out of the store.
    pub fn refresh(&self, object: &mut Map<String, Value>) {
        self.prune(object);
        self.fill(object);
    }
    /// Removes what the schema does not know.
    pub fn prune(&self, object: &mut Map<String, Value>) {
        prune(object, self.schema(), &mut Vec::new());
    }
    fn fill(&self, object: &mut Map<String, Value>) {
        let mut value = Value::Object(std::mem::take(object));
        default(&mut value, self.schema());
        if let Value::Object(map) = value {
            *object = map;
        }
    }
    /// The faults of an object that do not depend on what is being done with it.
    fn faults(&self, object: &Value, old: Option<&Value>) -> ErrorList {
        let root = Path::default();
        let mut errors = validate(object, old, self.schema(), &root);
        errors.extend(self.scale_errors(object, true));
        errors.extend(embedded::validate(object, self.schema()));
        if old.is_none_or(|old| duplicates(old, self.schema(), &root).is_empty()) {
            errors.extend(duplicates(object, self.schema(), &root));
        }
        let against = self.against_rules(object, old, &errors);
        errors.extend(against);
        errors
    }
    fn scale_errors(&self, object: &Value, whole: bool) -> ErrorList {
        let Some(scale) = &self.scale else { return ErrorList::new() };
        let number = |path: &str| {
            let at = Path::new(path);
            match get(object, path) {
                None => None,
                Some(value) => match value.as_i64() {
                    None => {
                        let dotted = format!(".{}", parts(path).join("."));
                        let detail = format!("{dotted} accessor error: {value} is of the type {}, expected int64", go_type(value));
                        Some(FieldError::invalid(&at, 0, detail))
                    }
                    Some(number) if number < 0 => Some(FieldError::invalid(&at, number, "should be a non-negative integer")),
                    Some(number) if number > i64::from(i32::MAX) => {
                        Some(FieldError::invalid(&at, number, format!("should be less than or equal to {}", i32::MAX)))
                    }
                    Some(_) => None,
                },
            }
        };
        let mut errors: ErrorList = whole.then(|| number(&scale.spec_replicas_path)).flatten().into_iter().collect();
        errors.extend(number(&scale.status_replicas_path));
        if let Some(path) = scale.label_selector_path.as_deref()
            && let Some(value) = get(object, path).filter(|value| !value.is_string())
        {
            let dotted = format!(".{}", parts(path).join("."));
            let detail = format!("{dotted} accessor error: {value} is of the type {}, expected string", go_type(value));
            errors.push(FieldError::invalid(&Path::new(path), "", detail));
        }
        errors
    }
}

/// As Go names the type of a decoded value.
pub fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_i64() => "int64",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

impl ErasedBehaviour for CustomBehaviour {
    fn decode(&self, mut value: Value, unknown: &mut Vec<String>) -> Result<Box<dyn Object>, serde_json::Error> {
        if let Value::Object(map) = &mut value {
            prune(map, self.schema(), unknown);
        }
        let mut in_metadata = Vec::new();
        let object = Untyped::from_value(value, &mut in_metadata).map_err(serde_json::Error::custom)?;
        unknown.splice(0..0, in_metadata);
        Ok(Box::new(object))
    }
    /// Whole: a column can show any field.
    fn decode_stored(&self, bytes: &[u8], _owners: Owners) -> Result<Box<dyn Object>, serde_json::Error> {
        let value: Value = serde_json::from_slice(bytes)?;
        Ok(Box::new(Untyped::from_value(value, &mut Vec::new()).map_err(serde_json::Error::custom)?))
    }
    fn default(&self, object: &mut dyn Object) {
        self.fill(&mut untyped_mut(object).rest);
    }
    fn prepare_create(&self, object: &mut dyn Object) {
        if self.has_status {
            untyped_mut(object).rest.remove("status");
        }
    }
    fn prepare_update(&self, part: Part, object: &mut dyn Object, old: &dyn Object) {
        let (object, old) = (untyped_mut(object), untyped(old));
        if !self.has_status {
            return;
        }
        match part {
            Part::Main => match old.rest.get("status") {
                Some(status) => {
                    object.rest.insert("status".to_owned(), status.clone());
                }
                None => {
                    object.rest.remove("status");
                }
            },
            Part::Status => {
                let status = object.rest.remove("status");
                let managed_fields = object.metadata.managed_fields.take();
                object.rest.clone_from(&old.rest);
                object.metadata.clone_from(&old.metadata);
                object.metadata.managed_fields = managed_fields;
                match status {
                    Some(status) => {
                        object.rest.insert("status".to_owned(), status);
                    }
                    None => {
                        object.rest.remove("status");
                    }
                }
            }
        }
    }
    fn validate(&self, object: &dyn Object) -> ErrorList {
        self.faults(&object.to_value(), None)
    }
    fn validate_update(&self, part: Part, object: &dyn Object, old: &dyn Object) -> ErrorList {
        let (object, old) = (object.to_value(), old.to_value());
        if part == Part::Main {
            return self.faults(&object, Some(&old));
        }
        let mut errors = ErrorList::new();
        if let (Some(status), Some(schema)) = (object.get("status"), self.schema().properties.get("status")) {
            errors.extend(validate(status, old.get("status"), schema, &Path::new("status")));
        }
        errors.extend(self.scale_errors(&object, false));
        errors.extend(embedded::validate(&object, self.schema()));
        if duplicates(&old, self.schema(), &Path::default()).is_empty() {
            errors.extend(duplicates(&object, self.schema(), &Path::default()));
        }
        let against = self.against_rules(&object, Some(&old), &errors);
        errors.extend(against);
        errors
    }
    fn name_errors(&self, name: &str, prefix: bool) -> Vec<String> {
        api::names::dns1123_subdomain(name, prefix)
    }
    fn has_generation(&self) -> bool {
        true
    }
    fn generation_changes(&self, object: &dyn Object, old: &dyn Object) -> bool {
        let counted = |object: &Untyped| -> Vec<(String, Value)> {
            let counts = |(name, _): &(&String, &Value)| !(self.has_status && *name == "status");
            object.rest.iter().filter(counts).map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        counted(untyped(object)) != counted(untyped(old))
    }
    fn fields<'a>(&'a self, object: &dyn Object) -> Vec<(&'a str, String)> {
        let object = untyped(object);
        let value = |path: &str| {
            let mut names = parts(path).into_iter();
            let first = object.rest.get(names.next()?)?;
            names.try_fold(first, |value, name| value.get(name))
        };
        let shown = |value: Option<&Value>| match value {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let mut fields: Vec<(&str, String)> = vec![(SCHEMA_MARK, self.mark.clone())];
        fields.extend(self.selectable.iter().map(|name| (name.as_str(), shown(value(name)))));
        fields
    }
    fn field_names(&self) -> Cow<'_, [&str]> {
        Cow::Owned(self.selectable.iter().map(String::as_str).collect())
    }
    fn warnings(&self, object: &dyn Object, old: Option<&dyn Object>) -> Vec<String> {
        let before = old.and_then(|old| old.meta().finalizers.as_deref()).unwrap_or_default();
        let mut added: Vec<&String> = object.meta().finalizers.iter().flatten().filter(|finalizer| !before.contains(finalizer)).collect();
        added.sort();
        added.into_iter().flat_map(|finalizer| finalizer_warnings(finalizer)).collect()
    }
    fn columns(&self) -> Cow<'_, [Column<'_>]> {
        let own = self.columns.iter().map(|column| Column {
            name: &column.definition.name,
            kind: &column.definition.type_,
            format: text(&column.definition.format),
            description: &column.description,
            priority: column.definition.priority.unwrap_or_default(),
        });
        Cow::Owned(std::iter::once(NAME).chain(own).collect())
    }
    fn cells(&self, object: &dyn Object, now: jiff::Timestamp) -> Vec<Cell> {
        let name = object.meta().name.clone().unwrap_or_default();
        let value = object.to_value();
        std::iter::once(Cell::Text(name)).chain(self.columns.iter().map(|column| column.cell(&value, now))).collect()
    }
    fn types(&self) -> Option<api::apply::TypeRef<'_>> {
        let own = self.compiled.types.as_ref().and_then(|types| types.root());
        Some(match own {
            Some(own) => own,
            None => api::apply::Types::deduced(),
        })
    }
    fn custom(&self) -> Option<&CustomBehaviour> {
        Some(self)
    }
}

/// What upstream says of a finalizer that another may use, too.
fn finalizer_warnings(finalizer: &str) -> Vec<String> {
    let quoted = api::field::quoted(finalizer);
    let mut warnings: Vec<String> =
        api::names::qualified_name(finalizer).into_iter().map(|message| format!("metadata.finalizers: {quoted}: {message}")).collect();
    if !finalizer.contains('/') && !["orphan", "foregroundDeletion", "kubernetes"].contains(&finalizer) {
        let path = if finalizer.contains('.') { " including a path (/)" } else { "" };
        warnings.push(format!(
            "metadata.finalizers: {quoted}: prefer a domain-qualified finalizer name{path} to avoid accidental conflicts with other finalizer writers"
        ));
    }
    warnings
}
