//! Who owns which fields: `metadata.managedFields` of every write, kept with [`api::apply`].
//!
//! What a request brings is compared at the version that it speaks, after decoding and defaults and before admission: what the server decides later is nobody's.

use api::apply::{FieldFilter, FieldManager, TypeRef, Types, Versions};
use api::{ApiError, Gvk, Object};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use kinds::Kind;
use serde_json::{Value, json};

use super::{meta, reset_fields};

/// How a change is told in `managedFields`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracking<'a> {
    /// Not at all: the server's own doing.
    Server,
    /// As an update by a manager.
    Update(&'a str),
    /// The change has brought its entries: an apply.
    Told,
}

/// Entries of an object.
pub(crate) type Entries = Option<Vec<ManagedFieldsEntry>>;

/// What somebody applies.
#[derive(Clone, Debug)]
pub struct Configuration {
    pub object: Value,
    pub manager: String,
    /// Take over what others own.
    pub force: bool,
}

/// All versions of a kind.
pub(crate) struct VersionsOf<'a>(pub &'a Kind);

/// Whether an apiVersion is of a group.
fn is_of(group: &str, api_version: &str) -> bool {
    api_version.split_once('/').map_or("", |(group, _)| group) == group
}

impl<'a> VersionsOf<'a> {
    /// Versions of a custom resource are taken for one another: their entries are about the same fields.
    fn is_custom(&self) -> bool {
        self.0.behaviour.types().is_some()
    }
    fn kind(&self, api_version: &str) -> Option<&'a Kind> {
        if self.0.api_version() == api_version { Some(self.0) } else { kinds::by_api_version(api_version, &self.0.kind) }
    }
}

impl Versions for VersionsOf<'_> {
    fn schema(&self, api_version: &str) -> Option<TypeRef<'_>> {
        if self.is_custom() {
            return is_of(&self.0.group, api_version).then(|| schema_of(self.0));
        }
        self.kind(api_version).map(schema_of)
    }
    fn convert(&self, object: &Value, from: &str, to: &str) -> Option<Value> {
        if self.is_custom() {
            let mut object = object.clone();
            object.as_object_mut()?.insert("apiVersion".to_owned(), to.into());
            return is_of(&self.0.group, to).then_some(object);
        }
        let (from, to) = (self.kind(from)?, self.kind(to)?);
        if !std::ptr::eq(from.stored_as(), to.stored_as()) {
            return None;
        }
        let mut object = object.clone();
        if let Some(conversion) = &from.conversion {
            (conversion.to_stored)(&mut object);
        }
        if let Some(conversion) = &to.conversion {
            (conversion.from_stored)(&mut object);
        }
        Some(object)
    }
}

/// The type of objects of a kind. Where none is known, maps merge and lists are replaced.
pub(crate) fn schema_of(kind: &Kind) -> TypeRef<'_> {
    let built_in = |kind: &Kind| Types::of_kind(&Gvk::new(&kind.group, &kind.version, &kind.kind));
    match kind.behaviour.types() {
        Some(types) => types,
        None => {
            let today = kind.conversion.as_ref().filter(|_| kind.same_shape).map(|conversion| conversion.stored_as);
            built_in(kind).or_else(|| built_in(today?)).unwrap_or_else(Types::deduced)
        }
    }
}

/// Keeps the entries of a kind at the version and subresource of a request.
pub(crate) struct Ownership<'a> {
    pub kind: &'a Kind,
    pub subresource: &'a str,
}

impl Ownership<'_> {
    fn manage<T>(&self, work: impl FnOnce(&FieldManager<'_>) -> T) -> T {
        let (versions, api_version, now) = (VersionsOf(self.kind), self.kind.api_version(), meta::now());
        let filter: Option<FieldFilter> = reset_fields::filter(self.kind, self.subresource);
        work(&FieldManager {
            versions: &versions,
            api_version: &api_version,
            kind: &self.kind.kind,
            subresource: self.subresource,
            filter: filter.as_ref(),
            now: &now,
        })
    }
    /// An object without anything: what a new one is compared with.
    fn nothing(&self) -> Value {
        json!({"apiVersion": self.kind.api_version(), "kind": *self.kind.kind})
    }
    /// As requests see a stored object, without entries.
    fn shown(&self, object: &mut dyn Object) -> (Value, Entries) {
        let entries = object.meta_mut().managed_fields.take();
        let mut value = object.to_value();
        if let Some(conversion) = &self.kind.conversion {
            (conversion.from_stored)(&mut value);
        }
        (value, entries)
    }
    /// Tells an update by `manager` in the entries of `new`; `old` is none for a new object.
    pub fn track(&self, old: Option<&mut dyn Object>, new: &mut dyn Object, manager: &str) {
        let (wanted, given) = self.shown(new);
        new.meta_mut().managed_fields = match old {
            None => self.manage(|fields| fields.update(&self.nothing(), &wanted, given.as_deref(), None, manager)),
            Some(old) => {
                let (live, before) = self.shown(old);
                let entries = self.manage(|fields| fields.update(&live, &wanted, given.as_deref(), before.as_deref(), manager));
                old.meta_mut().managed_fields = before;
                entries
            }
        };
    }
    /// The object that comes of a configuration, as its version shows it, and its entries. `live` is that as well, or none where nothing is there yet.
    pub fn apply(
        &self,
        live: Option<Value>,
        before: Option<&[ManagedFieldsEntry]>,
        config: &Configuration,
    ) -> Result<(Value, Entries), ApiError> {
        let mut live = live.unwrap_or_else(|| self.nothing());
        if let Some(meta) = live.get_mut("metadata").and_then(Value::as_object_mut) {
            meta.remove("managedFields");
        }
        self.manage(|fields| fields.apply(&live, &config.object, before, &config.manager, config.force)).map_err(|error| error.to_status())
    }
}

/// Gives entries that differ from older ones in their times only the older times. False where they differ in more, or not at all.
pub(crate) fn keep_times(new: &mut dyn Object, old: &dyn Object) -> bool {
    let (Some(entries), Some(before)) = (&mut new.meta_mut().managed_fields, &old.meta().managed_fields) else { return false };
    let key = |entry: &ManagedFieldsEntry| {
        (entry.manager.clone(), entry.operation.clone(), entry.api_version.clone(), entry.subresource.clone(), entry.fields_type.clone())
    };
    let alike = |one: &ManagedFieldsEntry, two: &ManagedFieldsEntry| key(one) == key(two) && one.fields_v1 == two.fields_v1;
    let times_differ = entries.iter().zip(before).any(|(entry, old)| entry.time != old.time);
    if entries.len() != before.len() || !times_differ || !entries.iter().zip(before).all(|(entry, old)| alike(entry, old)) {
        return false;
    }
    entries.clone_from(before);
    true
}
