//! What a kind is: its names, how it is decoded, and its behaviour behind one trait, so that a single request path serves all of them.

use std::borrow::Cow;

use api::{ApiError, ErrorList, Object, Path, Typed};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use output::table::Cell;
use serde_json::Value;

use crate::shared::{Shared, Text, Texts};

/// A verb of the API on a resource or subresource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Create,
    Delete,
    DeleteCollection,
    Get,
    List,
    Patch,
    Update,
    Watch,
}

impl Verb {
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::DeleteCollection => "deletecollection",
            Self::Get => "get",
            Self::List => "list",
            Self::Patch => "patch",
            Self::Update => "update",
            Self::Watch => "watch",
        }
    }
}

/// A path below an object, such as `status`, `scale` or `log`.
#[derive(Debug)]
pub struct Subresource {
    pub name: &'static str,
    /// Group, version and kind served at it, where they differ from the parent's: `("autoscaling", "v1", "Scale")`.
    pub kind: Option<(&'static str, &'static str, &'static str)>,
    pub verbs: &'static [Verb],
}

/// A printer column, as in upstream's `TableColumnDefinition`.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    pub name: &'a str,
    /// `string`, `integer`, `number`, `boolean` or `date`.
    pub kind: &'a str,
    /// `name` for the Name column, else empty.
    pub format: &'a str,
    pub description: &'a str,
    /// 0 is always shown; 1 only with `-o wide`.
    pub priority: i32,
}

/// The field that decides who wrote it is kept apart: create and update may not set status, status may not set spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The main resource.
    Main,
    /// The `status` subresource.
    Status,
}

/// What is peculiar to a kind, typed. Every method has upstream's default behaviour of "nothing special".
pub trait Behaviour<T>: Send + Sync {
    /// Shows every quantity of the object to `visit`. Decoding brings them into canonical form with it and refuses what is none.
    fn quantities(&self, _object: &mut T, _visit: &mut dyn FnMut(&mut k8s_openapi::apimachinery::pkg::api::resource::Quantity)) {}
    /// Fills in what the author left out, as upstream's `SetDefaults_*`. Runs on every decoded object (create, update, patch).
    fn default(&self, _object: &mut T) {}
    /// Clears what the author may not set at creation (status, generation is kept generically) and fills in what the server decides from the object alone.
    fn prepare_create(&self, _object: &mut T) {}
    /// Carries over from `old` what this `part` of the resource may not change: the main resource keeps the old status, `status` keeps the old spec and all
    /// metadata but what upstream lets it change.
    fn prepare_update(&self, _part: Part, _object: &mut T, _old: &T) {}
    /// All the faults of a new object, beyond metadata (which is checked generically).
    fn validate(&self, _object: &T) -> ErrorList {
        ErrorList::new()
    }
    /// All the faults of a change: immutable fields, and whatever of [`Self::validate`] upstream checks again, which is not called for a change.
    fn validate_update(&self, _part: Part, _object: &T, _old: &T) -> ErrorList {
        ErrorList::new()
    }
    /// Checks `metadata.name`: the messages for a bad one, as upstream's `ValidateNameFunc`.
    fn name_errors(&self, name: &str, prefix: bool) -> Vec<String> {
        api::names::dns1123_subdomain(name, prefix)
    }
    /// True where `metadata.generation` counts changes of the spec: whether `object` differs from `old` in what it counts.
    fn generation_changes(&self, _object: &T, _old: &T) -> bool {
        false
    }
    /// True where the kind has `metadata.generation` at all.
    fn has_generation(&self) -> bool {
        false
    }
    /// Values of the field selectors beyond `metadata.name` and `metadata.namespace`, as (name, value): `("status.phase", "Running")`.
    fn fields(&self, _object: &T) -> Vec<(&'static str, String)> {
        Vec::new()
    }
    /// The names that [`Self::fields`] can give.
    fn field_names(&self) -> &'static [&'static str] {
        &[]
    }
    /// Of a version that is stored as another: fields that selectors may name at it, and what they are called in the store.
    fn field_aliases(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
    /// Fields that upstream's encoder writes as `null` where they are absent, as paths with `[]` after a list: `status.conditions[].lastProbeTime`.
    /// None for an object that has all of them, or nothing that they would be in: it is encoded without a detour.
    fn nulls(&self, _object: &T) -> &'static [&'static str] {
        &[]
    }
    /// Deprecation and other warnings for the author (`Warning:` headers) of a new object, or of a change of anything but its status.
    fn warnings(&self, _object: &T, _old: Option<&T>) -> Vec<String> {
        Vec::new()
    }
}

/// The behaviour of a kind that has nothing peculiar.
pub struct Plain;
impl<T: Typed> Behaviour<T> for Plain {}

/// The printer of a kind: columns, and the cells of one object, one a column. It stands in the `tables` module of the kind's name.
pub struct Table<T> {
    pub columns: &'static [Column<'static>],
    /// `now` is for ages.
    pub cells: fn(&T, jiff::Timestamp) -> Vec<Cell>,
}

/// Whether `managedFields` are decoded: as trees they take more room than all the rest of many an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owners {
    Kept,
    Omitted,
}

/// [`Behaviour`] with its type erased, plus decoding: what the request path calls.
pub trait ErasedBehaviour: Send + Sync {
    /// Decodes a tree into the typed object; the paths of unknown fields go to `unknown` (`spec.foo`, `spec.containers[0].bar`).
    fn decode(&self, value: Value, unknown: &mut Vec<String>) -> Result<Box<dyn Object>, serde_json::Error>;
    /// Decodes our own stored bytes.
    fn decode_stored(&self, bytes: &[u8], owners: Owners) -> Result<Box<dyn Object>, serde_json::Error>;
    fn default(&self, object: &mut dyn Object);
    fn prepare_create(&self, object: &mut dyn Object);
    fn prepare_update(&self, part: Part, object: &mut dyn Object, old: &dyn Object);
    fn validate(&self, object: &dyn Object) -> ErrorList;
    fn validate_update(&self, part: Part, object: &dyn Object, old: &dyn Object) -> ErrorList;
    fn name_errors(&self, name: &str, prefix: bool) -> Vec<String>;
    fn has_generation(&self) -> bool;
    fn generation_changes(&self, object: &dyn Object, old: &dyn Object) -> bool;
    fn fields<'a>(&'a self, object: &dyn Object) -> Vec<(&'a str, String)>;
    fn field_names(&self) -> Cow<'_, [&str]>;
    fn field_aliases(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
    fn warnings(&self, object: &dyn Object, old: Option<&dyn Object>) -> Vec<String>;
    /// What there is to know of a custom resource; none of a kind that is part of the program.
    fn custom(&self) -> Option<&crate::custom::CustomBehaviour> {
        None
    }
    /// The wire form as upstream's encoder has it, with its nulls.
    fn encode(&self, object: &dyn Object) -> Vec<u8> {
        object.to_json()
    }
    /// The types of a custom resource, for server-side apply; none of a kind that is part of the program.
    fn types(&self) -> Option<api::apply::TypeRef<'_>> {
        None
    }
    fn columns(&self) -> Cow<'_, [Column<'_>]>;
    fn cells(&self, object: &dyn Object, now: jiff::Timestamp) -> Vec<Cell>;
}

/// Ties a typed behaviour and a printer to their type; one static of it stands behind every [`Kind`].
pub struct Erased<T, B> {
    pub behaviour: B,
    pub table: Table<T>,
}

/// The one decoder of a type: another would be compiled for every kind again.
fn decode<T: Typed>(value: Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(value)
}

fn typed<T: 'static>(object: &dyn Object) -> &T {
    object.downcast_ref().expect("a kind is only handed objects that it decoded")
}
fn typed_mut<T: 'static>(object: &mut dyn Object) -> &mut T {
    object.downcast_mut().expect("a kind is only handed objects that it decoded")
}

impl<T: Typed, B: Behaviour<T>> ErasedBehaviour for Erased<T, B> {
    fn decode(&self, mut value: Value, unknown: &mut Vec<String>) -> Result<Box<dyn Object>, serde_json::Error> {
        if let Some(name) = api::schema::type_name_of::<T>() {
            api::schema::unknown_fields(&name, &value, unknown);
            api::zero_times::fill(&name, &mut value);
        }
        let mut object = decode::<T>(value)?;
        let mut canonical = crate::decode::CanonicalQuantities::default();
        self.behaviour.quantities(&mut object, &mut |quantity| canonical.visit(quantity));
        canonical.finish()?;
        Ok(Box::new(object))
    }
    fn decode_stored(&self, bytes: &[u8], owners: Owners) -> Result<Box<dyn Object>, serde_json::Error> {
        // quantities have been made canonical when the object was written
        let mut value = match owners {
            Owners::Kept => serde_json::from_slice(bytes)?,
            Owners::Omitted => api::json::decode_without(bytes, &["metadata", "managedFields"])?,
        };
        if let Some(name) = api::schema::type_name_of::<T>() {
            api::zero_times::fill(&name, &mut value);
        }
        Ok(Box::new(decode::<T>(value)?))
    }
    fn default(&self, object: &mut dyn Object) {
        self.behaviour.default(typed_mut(object));
    }
    fn prepare_create(&self, object: &mut dyn Object) {
        self.behaviour.prepare_create(typed_mut(object));
    }
    fn prepare_update(&self, part: Part, object: &mut dyn Object, old: &dyn Object) {
        self.behaviour.prepare_update(part, typed_mut(object), typed(old));
    }
    fn validate(&self, object: &dyn Object) -> ErrorList {
        self.behaviour.validate(typed(object))
    }
    fn validate_update(&self, part: Part, object: &dyn Object, old: &dyn Object) -> ErrorList {
        self.behaviour.validate_update(part, typed(object), typed(old))
    }
    fn name_errors(&self, name: &str, prefix: bool) -> Vec<String> {
        self.behaviour.name_errors(name, prefix)
    }
    fn has_generation(&self) -> bool {
        self.behaviour.has_generation()
    }
    fn generation_changes(&self, object: &dyn Object, old: &dyn Object) -> bool {
        self.behaviour.generation_changes(typed(object), typed(old))
    }
    fn fields<'a>(&'a self, object: &dyn Object) -> Vec<(&'a str, String)> {
        self.behaviour.fields(typed(object))
    }
    fn field_names(&self) -> Cow<'_, [&str]> {
        Cow::Borrowed(self.behaviour.field_names())
    }
    fn field_aliases(&self) -> &'static [(&'static str, &'static str)] {
        self.behaviour.field_aliases()
    }
    fn warnings(&self, object: &dyn Object, old: Option<&dyn Object>) -> Vec<String> {
        self.behaviour.warnings(typed(object), old.map(typed))
    }
    fn encode(&self, object: &dyn Object) -> Vec<u8> {
        let nulls = self.behaviour.nulls(typed(object));
        let timeless = api::schema::type_name_of::<T>().filter(|name| api::zero_times::concerns(name));
        if nulls.is_empty() {
            let json = object.to_json();
            if timeless.is_none() || !api::zero_times::is_in(&json) {
                return json;
            }
        }
        let mut value = object.to_value();
        for path in nulls {
            crate::decode::write_null(&mut value, path);
        }
        if let Some(name) = timeless {
            api::zero_times::clear(&name, &mut value);
        }
        serde_json::to_vec(&value).expect("a tree always serializes")
    }
    fn columns(&self) -> Cow<'_, [Column<'_>]> {
        Cow::Borrowed(self.table.columns)
    }
    fn cells(&self, object: &dyn Object, now: jiff::Timestamp) -> Vec<Cell> {
        (self.table.cells)(typed(object), now)
    }
}

/// Whether objects of a kind are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In the store, with the usual verbs.
    Stored,
    /// Computed from the request, or from what runs: reviews, bindings, component statuses.
    Virtual,
}

/// Two kinds that show the same stored objects: the one that is not stored knows the one that is, and how to translate both ways. The functions are pure
/// and change a tree, `apiVersion` and `kind` included, which has been decoded and defaulted at the version that they start from.
pub struct Conversion {
    /// The kind at the version that is stored. Its resource names the place in the store.
    pub stored_as: &'static Kind,
    pub to_stored: fn(&mut Value),
    pub from_stored: fn(&mut Value),
}

/// One kind at one version: a row of [`crate::ALL`], or a version of a custom resource.
pub struct Kind {
    /// Empty for the core group.
    pub group: Text,
    pub version: Text,
    pub kind: Text,
    /// The resource: lower-case plural, as in paths.
    pub plural: Text,
    pub singular: Text,
    pub short_names: Texts,
    pub categories: Texts,
    pub namespaced: bool,
    pub verbs: &'static [Verb],
    pub subresources: &'static [Subresource],
    pub storage: Storage,
    /// Where objects of this kind are stored as another: see [`Conversion`]. `None`: as they are.
    pub conversion: Option<Conversion>,
    /// What upstream warns everybody of who uses it: `v1 ComponentStatus is deprecated in v1.19+`.
    pub deprecation: Option<std::borrow::Cow<'static, str>>,
    /// Has the fields of the kind that it is stored as: what is told of that one's schema holds for this one.
    pub same_shape: bool,
    pub behaviour: Shared<dyn ErasedBehaviour>,
}

impl Kind {
    /// `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_string() } else { format!("{}/{}", self.group, self.version) }
    }
    /// The kind that objects of this one are stored as, mostly itself.
    pub fn stored_as(&self) -> &Kind {
        self.conversion.as_ref().map_or(self, |conversion| conversion.stored_as)
    }
    /// Whether this is one of [`crate::older`]: a version that was given up for another.
    pub fn is_older(&self) -> bool {
        self.deprecation.is_some() && self.conversion.is_some()
    }
    /// The type whose merge keys hold for this one: that of today for an older version.
    pub fn merges_as(&self) -> api::Gvk {
        let of = if self.is_older() { self.stored_as() } else { self };
        api::Gvk::new(&of.group, &of.version, &of.kind)
    }
    /// `1.22`: the release of upstream that no longer served it. Empty where its deprecation names none.
    pub fn removed_in(&self) -> &str {
        let text = self.deprecation.as_deref().unwrap_or_default();
        text.split_once("unavailable in v").and_then(|(_, rest)| rest.split_once('+')).map_or("", |(release, _)| release)
    }
    pub fn subresource(&self, name: &str) -> Option<&'static Subresource> {
        self.subresources.iter().find(|subresource| subresource.name == name)
    }
    /// The faults of the metadata of a new object of this kind, name included.
    pub fn metadata_errors(&self, meta: &ObjectMeta) -> ErrorList {
        api::metadata::validate(meta, self.namespaced, |name, prefix| self.behaviour.name_errors(name, prefix), &Path::new("metadata"))
    }
    /// The faults of changed metadata.
    pub fn metadata_update_errors(&self, meta: &ObjectMeta, old: &ObjectMeta) -> ErrorList {
        api::metadata::validate_update(meta, old, &Path::new("metadata"))
    }
    pub fn not_found(&self, name: &str) -> ApiError {
        ApiError::not_found(&self.group, &self.plural, name)
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.api_version(), self.kind)
    }
}
